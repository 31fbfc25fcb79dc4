package recognise

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"

	"rollcall/matchers/locale"
)

// profile is what the values of a column look like. Shares are of the filled
// values.
type profile struct {
	rows, filled, distinct int
	topShare               float64 // of the ten commonest values together
	maxShare               float64 // of the commonest value

	email   float64 // one @ with a domain behind
	date    float64 // the shape of a date
	digits  float64 // nothing but digits
	letters float64 // letters, spaces, hyphens, apostrophes, stops
	code    float64 // no space, and at least one digit
	withNum float64 // a digit somewhere
	phone   float64 // seven to fifteen digits with signs of telephone numbers
	dialled float64 // of those, what begins with a 0 or a +, or is written in groups
	sex     float64 // a word or code for a sex
	single  float64 // one letter
	decimal float64 // a number with a fraction

	words   float64 // mean number of words
	letter  float64 // mean number of characters
	longest int     // characters
	sameLen float64 // share of the commonest length
	years   int     // between the 5th and the 95th percentile of the dates
	sexes   int     // different sexes met
	counts  bool    // whole numbers that lie close together, as those of rows do

	values map[string]float64 // in lower case with their shares, for the overlap of two columns
}

func (p profile) fill() float64 { return float64(p.filled) / float64(max(1, p.rows)) }
func (p profile) distinctShare() float64 {
	return float64(p.distinct) / float64(max(1, p.filled))
}
func (p profile) unique() bool { return p.filled == p.rows && p.distinct == p.rows && p.rows > 0 }

// profileOf reads a sample of a column.
func profileOf(sample []string) profile {
	counts := map[string]int{}
	p := profile{rows: len(sample)}
	for _, v := range sample {
		if v = strings.TrimSpace(v); v != "" {
			p.filled++
			counts[strings.ToLower(v)]++
		}
	}
	p.distinct = len(counts)
	if p.filled == 0 {
		return p
	}
	p.values = make(map[string]float64, len(counts))
	lengths := map[int]int{}
	var years, tallies []int
	seen := map[bool]bool{}
	for v, n := range counts {
		p.values[v] = float64(n) / float64(p.filled)
		tallies = append(tallies, n)
		p.add(v, float64(n))
		length := len([]rune(v))
		lengths[length] += n
		p.longest = max(p.longest, length)
		p.letter += float64(n * length)
		if y := dateYear(v); y > 0 {
			years = append(years, y)
		}
		if female, ok := sexCodes[v]; ok {
			seen[female] = true
		}
	}
	p.sexes = len(seen)
	p.counts = countUp(counts)
	p.scale(1 / float64(p.filled))
	slices.SortFunc(tallies, func(a, b int) int { return cmp.Compare(b, a) })
	p.maxShare = float64(tallies[0]) / float64(p.filled)
	for _, n := range tallies[:min(10, len(tallies))] {
		p.topShare += float64(n) / float64(p.filled)
	}
	p.sameLen = float64(slices.Max(slices.Collect(maps.Values(lengths)))) / float64(p.filled)
	if len(years) > 0 {
		slices.Sort(years)
		p.years = years[len(years)*95/100] - years[len(years)*5/100]
	}
	return p
}

// countUp tells numbers of rows: whole, and half of all between the least and the
// greatest.
func countUp(values map[string]int) bool {
	const most = 1 << 40
	least, greatest := most, -1
	for v := range values {
		v = strings.TrimLeftFunc(v, unicode.IsLetter)
		if !allDigits(v) || v == "" || len(v) > 12 {
			return false
		}
		n := atoi(v)
		least, greatest = min(least, n), max(greatest, n)
	}
	return greatest-least < 2*len(values)
}

// add counts what one value looks like, n times.
func (p *profile) add(v string, n float64) {
	s := shapeOf(v)
	phone := s.digits >= 7 && s.digits <= 15 && s.letters == 0 && s.signs == 0 && dateYear(v) == 0
	for _, t := range []struct {
		into *float64
		is   bool
	}{
		{&p.email, s.at == 1 && strings.Contains(v[strings.IndexByte(v, '@')+1:], ".")},
		{&p.date, dateYear(v) > 0},
		{&p.digits, s.digits == s.all},
		{&p.letters, s.digits == 0 && s.signs == 0},
		{&p.code, s.spaces == 0 && s.digits > 0},
		{&p.withNum, s.digits > 0},
		{&p.phone, phone},
		{&p.dialled, phone && (s.digits < s.all || v[0] == '0')},
		{&p.single, s.letters == 1 && s.all == 1},
		{&p.decimal, s.points == 1 && s.digits == s.all-1 && s.digits > 0},
	} {
		if t.is {
			*t.into += n
		}
	}
	if _, ok := sexCodes[v]; ok {
		p.sex += n
	}
	p.words += n * float64(len(strings.Fields(v)))
}

func (p *profile) scale(by float64) {
	for _, f := range []*float64{&p.email, &p.date, &p.digits, &p.letters, &p.code, &p.withNum, &p.phone, &p.dialled, &p.single, &p.decimal, &p.sex, &p.words, &p.letter} {
		*f *= by
	}
}

// shape counts the characters of a value by what they are.
type shape struct{ all, letters, digits, spaces, points, at, signs int }

func shapeOf(v string) shape {
	var s shape
	letter := false // before this one
	for _, r := range v {
		s.all++
		switch {
		case unicode.IsDigit(r):
			s.digits++
		case unicode.IsLetter(r), unicode.IsMark(r):
			s.letters++
		case unicode.IsSpace(r):
			s.spaces++
		case r == '.':
			s.points++
		case r == '@':
			s.at++
		case strings.ContainsRune("-'’`()+", r), r == '/' && letter: // s/o, ወ/ሮ
		default:
			s.signs++
		}
		letter = unicode.IsLetter(r) || unicode.IsMark(r)
	}
	return s
}

// dateYear is the year of a value that has the shape of a date, or that reads as a day
// in words; 0 for others.
func dateYear(v string) int {
	if y := shapeYear(locale.Digits(v)); y > 0 {
		return y
	}
	if !strings.ContainsFunc(v, unicode.IsDigit) || !strings.ContainsFunc(v, unicode.IsLetter) {
		return 0
	}
	switch iv, _ := locale.Date(v, locale.DayFirst); iv.Precision {
	case locale.Exact, locale.Near, locale.Default, locale.ByAge:
		return iv.Latest.Year()
	}
	return 0
}

// shapeYear is the year of a value that has the shape of a date, or 0: three
// groups of digits or a month's name between signs, or eight digits that can be
// year, month and day. A year alone is no date here: too many numbers look so.
func shapeYear(v string) int {
	if i := strings.IndexByte(v, ':'); i > 2 {
		if j := strings.LastIndexAny(v[:i], "t "); j > 0 {
			v = v[:j]
		}
	}
	var groups []string
	named := false
	for _, w := range strings.FieldsFunc(v, func(r rune) bool { return strings.ContainsRune("-/., ", r) }) {
		switch {
		case allDigits(w):
			groups = append(groups, w)
		case len(w) >= 3 && len(groups) <= 1 && !named && isMonth(w):
			named = true
		default:
			return 0
		}
	}
	if len(groups) == 1 && !named && len(groups[0]) == 8 {
		g := groups[0]
		if y := plausibleYear(g[:4], g[4:6], g[6:]); y > 0 {
			return y
		}
		return plausibleYear(g[4:], g[2:4], g[:2])
	}
	if named && len(groups) == 2 {
		groups = slices.Insert(groups, 1, "1")
	}
	if len(groups) != 3 {
		return 0
	}
	if len(groups[0]) == 4 {
		return plausibleYear(groups[0], groups[1], groups[2])
	}
	return plausibleYear(groups[2], groups[1], groups[0])
}

// months are beginnings of month names in the languages of the header words.
var months = strings.Fields("jan feb mar apr may jun jul aug sep oct nov dec ene abr ago dic fev avr mai aou juin juil mei okt des out set")

func isMonth(w string) bool {
	return slices.ContainsFunc(months, func(m string) bool { return strings.HasPrefix(w, m) })
}

func allDigits(w string) bool {
	return strings.IndexFunc(w, func(r rune) bool { return !unicode.IsDigit(r) }) < 0
}

// plausibleYear reads year, month and day, the last two in either order; 0 when
// they can be no date. Digits that are not ASCII are taken on trust.
func plausibleYear(year, a, b string) int {
	if len(a) > 2 || len(b) > 2 {
		return 0
	}
	y, m, d := atoi(year), atoi(a), atoi(b)
	const longestMonth = 32 // of Bikram Sambat
	if min(m, d) > 12 || max(m, d) > longestMonth {
		return 0
	}
	switch {
	case len(year) == 2:
		return 1900 + y
	case y >= 1300 && y <= 2700: // Hijri to the Buddhist era
		return y
	case len(year) > 4 && y == 0: // digits of another script
		return 1
	}
	return 0
}

func atoi(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// sexCodes are codes and words for a sex, true for female. Digits are left out:
// only a header can tell that 1 and 2 are sexes.
var sexCodes = map[string]bool{
	"m": false, "male": false, "man": false, "masculino": false, "masculin": false, "hombre": false, "homme": false,
	"laki-laki": false, "pria": false, "homem": false, "পুরুষ": false, "पुरुष": false, "ذكر": false, "ชาย": false, "nam": false, "boy": false, "varon": false, "varón": false,
	"f": true, "female": true, "woman": true, "femenino": true, "feminino": true, "féminin": true, "feminin": true, "mujer": true, "femme": true,
	"perempuan": true, "wanita": true, "mulher": true, "মহিলা": true, "নারী": true, "महिला": true, "स्त्री": true, "أنثى": true, "หญิง": true, "nữ": true, "girl": true,
	"lalaki": false, "lelaki": false, "manlik": false, "эрэгтэй": false, "эр": false, "مرد": false, "ຊາຍ": false, "ប្រុស": false, "ကျား": false, "ወንድ": false,
	"ஆண்": false, "పురుషుడు": false, "પુરુષ": false, "mwanaume": false, "mume": false,
	"babae": true, "vroulik": true, "эмэгтэй": true, "эм": true, "عورت": true, "انثى": true, "ຍິງ": true, "ស្រី": true, "မ": true, "ሴት": true,
	"பெண்": true, "స్త్రీ": true, "સ્ત્રી": true, "mwanamke": true, "mke": true,
}
