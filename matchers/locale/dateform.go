package locale

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"rollcall/matchers/locale/calendar"
	"rollcall/matchers/text"
)

// tokens are the words and numbers of a written date, folded, without its time of
// day.
type tokens struct {
	words []string
	timed bool
	about bool // a sign said so
}

// tokensOf takes a written date apart at its signs.
func tokensOf(s string) tokens {
	if !text.ASCII(s) {
		s = strings.Map(visible, Digits(norm.NFKC.String(s)))
	}
	s = strings.TrimSpace(s)
	var t tokens
	if before, ok := cutTime(s); ok {
		s, t.timed = before, true
	}
	t.about = strings.HasPrefix(s, "~")
	for _, w := range strings.FieldsFunc(joinAbbreviations(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) }) {
		t.words = append(t.words, breakApart(w)...)
	}
	for i, w := range t.words {
		if !isNumber(w) {
			t.words[i] = foldMonth(w)
		}
	}
	return t
}

// threeNumbers takes apart what most dates are: three numbers of at most four digits
// with a stop, a dash or a slash between them, and nothing else.
func threeNumbers(s string) (first, second, third string, ok bool) {
	const longest = len("31-12-1984")
	if len(s) > longest+2 {
		return "", "", "", false
	}
	var ends [2]int // of the first two
	found, start := 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
		case (c == '-' || c == '/' || c == '.') && found < len(ends) && i > start:
			ends[found] = i
			found, start = found+1, i+1
		default:
			return "", "", "", false
		}
	}
	if found < len(ends) || start == len(s) {
		return "", "", "", false
	}
	return s[:ends[0]], s[ends[0]+1 : ends[1]], s[start:], true
}

// joinAbbreviations drops the stops inside มี.ค. and B.S., not those of 5.Feb.1984.
func joinAbbreviations(s string) string {
	if !strings.Contains(s, ".") {
		return s
	}
	runes := []rune(s)
	letter := func(i int) bool {
		return i >= 0 && i < len(runes) && (unicode.IsLetter(runes[i]) || unicode.IsMark(runes[i]))
	}
	out := make([]rune, 0, len(runes))
	for i, r := range runes {
		if r != '.' || !letter(i-1) || !letter(i+1) {
			out = append(out, r)
		}
	}
	return string(out)
}

// cutTime cuts 2024-05-01T10:00:00Z and 2024-05-01 10:00 at the time of day.
func cutTime(s string) (string, bool) {
	colon := strings.IndexByte(s, ':')
	if colon < 0 {
		return s, false
	}
	start := strings.LastIndexAny(s[:colon], "T ,")
	if start < 0 {
		return s, false
	}
	return s[:start], true
}

// breakApart separates letters from digits: 29Feb1984, 1st.
func breakApart(w string) []string {
	var out []string
	start := 0
	var was bool
	for i, r := range w {
		is := r >= '0' && r <= '9'
		if i > 0 && is != was {
			out = append(out, w[start:i])
			start = i
		}
		was = is
	}
	return append(out, w[start:])
}

func isNumber(word string) bool { return word != "" && word[0] >= '0' && word[0] <= '9' }

// foldMonth is the form in which words of dates are looked up: small letters
// without accents, apostrophes and the marks that Arabic may leave out.
func foldMonth(word string) string {
	word = foldLatin(strings.ToLower(word))
	if text.ASCII(word) {
		return word
	}
	return strings.Map(func(r rune) rune {
		const firstHarakah, lastHarakah = '\u064b', '\u0652'
		switch {
		case r >= firstHarakah && r <= lastHarakah, strings.ContainsRune(apostrophes, r):
			return -1
		}
		if plain, ok := arabicForms[r]; ok {
			return plain
		}
		return visible(r)
	}, word)
}

// arabicForms are letters that are written one for the other.
var arabicForms = map[rune]rune{'أ': 'ا', 'إ': 'ا', 'آ': 'ا', 'ٱ': 'ا', 'ى': 'ي', 'ی': 'ي', 'ئ': 'ي', 'ة': 'ه', 'ۃ': 'ه', 'ہ': 'ه', 'ھ': 'ه', 'ۀ': 'ه', 'ک': 'ك'}

// role is what a number of a date is.
type role int

const (
	anyRole role = iota
	dayRole
	monthRole
	yearRole
)

// part is a number of a date.
type part struct {
	digits string
	role   role
}

// fields are the pieces of a written date.
type fields struct {
	parts []part // at most three; that of a named month is empty
	word  int    // place of the month's name among the parts, or -1
	month int    // that month
	// fromBaisakh says that it was counted from Baisakh on, which is the second month of
	// the Saka era.
	fromBaisakh bool
	calendars   []string // those that a word allows, nil for all
	extra       bool     // something is left over: no date
	timed       bool
	about       bool
}

// longestName, in words, of a month: ربيع الآخر, dhu al qadah.
const longestName = 3

func fieldsOf(t tokens) fields {
	f := fields{word: -1, timed: t.timed, about: t.about}
	next := anyRole
	for i := 0; i < len(t.words); {
		if isNumber(t.words[i]) {
			if len(f.parts) == 3 {
				f.extra = true
				return f
			}
			f.parts = append(f.parts, part{t.words[i], next})
			next, i = anyRole, i+1
			continue
		}
		read := 0
		for n := min(longestName, len(t.words)-i); n > 0 && read == 0; n-- {
			if f.word1(strings.Join(t.words[i:i+n], ""), &next) {
				read = n
			}
		}
		f.extra = f.extra || read == 0
		i += max(read, 1)
	}
	f.settleSaka()
	return f
}

// settleSaka counts the months of India's national calendar from Chaitra on, where a word
// says that the year is of the Saka era; without it the months that others have too are
// theirs.
func (f *fields) settleSaka() {
	at := slices.Index(f.calendars, calendar.Saka)
	switch {
	case at < 0:
	case len(f.calendars) > 1:
		f.calendars = slices.Delete(slices.Clone(f.calendars), at, at+1)
	case f.fromBaisakh:
		const months = 12
		f.month = f.month%months + 1
	}
}

// word1 takes in one word, or several that are one name; false when it is not known.
func (f *fields) word1(word string, next *role) bool {
	if m, ok := monthNames()[word]; ok && f.word < 0 && len(f.parts) < 3 {
		f.word, f.month, f.fromBaisakh = len(f.parts), m.month, len(m.calendars) == len(hinduYear)
		f.parts = append(f.parts, part{})
		f.allow(m.calendars)
		return true
	}
	w, ok := dateWords()[word]
	switch {
	case !ok:
		return false
	case w.calendars != nil:
		f.allow(w.calendars)
	case w.about:
		f.about = true
	case w.before != anyRole:
		*next = w.before
	case w.after != anyRole && len(f.parts) > 0:
		f.parts[len(f.parts)-1].role = w.after
	}
	return true
}

// allow narrows the calendars to those that a word tells; two words that exclude
// each other are no date.
func (f *fields) allow(calendars []string) {
	if f.calendars == nil {
		f.calendars = calendars
		return
	}
	var both []string
	for _, c := range f.calendars {
		if slices.Contains(calendars, c) {
			both = append(both, c)
		}
	}
	f.calendars, f.extra = both, f.extra || len(both) == 0
}

// arrange says which piece is the year, the month and the day.
func (d Dates) arrange(f fields, t *trail) (parts, bool) {
	switch {
	case f.extra || len(f.parts) == 0:
		return parts{}, false
	case slices.ContainsFunc(f.parts, func(p part) bool { return p.role != anyRole }):
		t.add(RuleDateForm)
		return d.arrangeTold(f, t)
	case f.word >= 0:
		t.add(RuleDateForm)
		return d.arrangeNamed(f, t)
	}
	switch len(f.parts) {
	case 1:
		return d.arrangeRun(f.parts[0].digits, t)
	case 2:
		a, b := f.parts[0].digits, f.parts[1].digits
		if len(a) == 4 {
			return parts{year: number(a), month: number(b)}, len(b) <= 2
		}
		t.add(RuleDateForm)
		return parts{year: number(b), month: number(a)}, len(a) <= 2 && len(b) == 4
	}
	return d.arrangeThree(f.parts[0].digits, f.parts[1].digits, f.parts[2].digits, t)
}

// arrangeThree places three numbers by their lengths and the column's order.
func (d Dates) arrangeThree(a, b, c string, t *trail) (parts, bool) {
	if len(a) == 4 || d.Order&YearFirst != 0 && len(a) == 2 && len(c) <= 2 {
		p := parts{month: number(b), day: number(c)}
		if d.Order&YearDayMonth != 0 {
			p.month, p.day = p.day, p.month
		}
		p.settled = len(a) == 4 // the month is hardly ever last
		t.note(RuleDateForm, len(a) != 4 || d.Order&YearDayMonth != 0)
		return p, p.setYear(a, t) && len(b) <= 2 && len(c) <= 2
	}
	if len(a) > 2 || len(b) > 2 || len(c) != 4 && len(c) != 2 {
		return parts{}, false
	}
	t.add(RuleDateForm)
	p := parts{month: number(b), day: number(a)}
	if d.Order&MonthFirst != 0 {
		p.month, p.day = p.day, p.month
	}
	return p, p.setYear(c, t)
}

// setYear reads a year of four or two digits.
func (p *parts) setYear(s string, t *trail) bool {
	p.year, p.short = number(s), len(s) == 2
	t.note(RuleTwoDigitYear, p.short)
	return len(s) == 4 || p.short
}

// arrangeNamed places 29 February 1984, February 29 1984, 1984 February and so on.
func (d Dates) arrangeNamed(f fields, t *trail) (parts, bool) {
	p := parts{month: f.month}
	var rest []string
	for i, part := range f.parts {
		if i != f.word {
			rest = append(rest, part.digits)
		}
	}
	if len(rest) == 0 {
		return p, false
	}
	year, day := rest[len(rest)-1], ""
	if len(rest) == 2 {
		day = rest[0]
		if len(day) == 4 {
			year, day = day, year
		}
	}
	p.day = number(day)
	return p, p.setYear(year, t) && len(day) <= 2
}

// arrangeTold places numbers beside which words say what they are: ngày 5 tháng 3
// năm 2024, 2024 оны 3-р сарын 5. One without a word is what the others are not.
func (d Dates) arrangeTold(f fields, t *trail) (parts, bool) {
	var places [yearRole + 1]string
	if f.word >= 0 {
		places[monthRole] = "name"
	}
	var untold []string
	for i, p := range f.parts {
		switch {
		case i == f.word:
		case p.role == anyRole:
			untold = append(untold, p.digits)
		case places[p.role] != "":
			return parts{}, false
		default:
			places[p.role] = p.digits
		}
	}
	for _, digits := range untold {
		at := yearRole
		if len(digits) <= 2 {
			at = dayRole
		}
		if places[at] != "" && at == dayRole {
			at = monthRole
		}
		if places[at] != "" {
			return parts{}, false
		}
		places[at] = digits
	}
	p := parts{month: f.month, day: number(places[dayRole]), settled: places[dayRole] != "" && places[monthRole] != ""}
	if f.word < 0 {
		p.month = number(places[monthRole])
	}
	return p, p.setYear(places[yearRole], t) && len(places[dayRole]) <= 2
}

// arrangeRun reads a run of digits: 1984, 198402, 19840229, 29021984.
func (d Dates) arrangeRun(s string, t *trail) (parts, bool) {
	switch len(s) {
	case 4:
		return parts{year: number(s)}, true
	case 6:
		t.add(RuleDateForm)
		p := parts{year: number(s[:4]), month: number(s[4:])}
		return p, d.hasYear(p.year) && p.month <= 12
	case 8:
		t.add(RuleDateForm)
		if p := (parts{year: number(s[:4]), month: number(s[4:6]), day: number(s[6:])}); d.hasYear(p.year) && (p.month <= 12 || p.month == unknownPart) && (p.day <= longestMonth || p.day == unknownPart) {
			return p, true
		}
		p := parts{year: number(s[4:]), month: number(s[2:4]), day: number(s[:2])}
		if d.Order&MonthFirst != 0 {
			p.month, p.day = p.day, p.month
		}
		return p, d.hasYear(p.year)
	}
	return parts{}, false
}

// hasYear tells a year that a calendar of the column may have.
func (d Dates) hasYear(year int) bool {
	if plausible(year) {
		return true
	}
	_, _, ok := d.choose(parts{year: year}, nil)
	return ok
}

// age is how old somebody is said to be: least to most so many years, or months or days
// where smaller says so.
type age struct {
	least, most int
	smaller     ageUnit
	about       bool
	named       bool   // a word says that it is an age, or its unit
	rest        tokens // the words that say when
}

// ageUnit is the unit of an age.
type ageUnit uint8

const (
	inYears ageUnit = iota
	inMonths
	inWeeks
	inDays
)

// age reads how old somebody is, and leaves the words that say when: about 65 in
// 2019, 65 yrs, aged 65 on 2019-03-01, 8 months in 2019, ৬৫ বছর.
func (t tokens) age() (a age, ok bool) {
	a = age{rest: tokens{timed: t.timed}, about: t.about}
	told, at := false, -1
	for i, w := range t.words {
		word := dateWords()[w]
		a.about = a.about || word.about
		switch {
		case isNumber(w) && at < 0 && len(w) <= 3 && number(w) <= oldest:
			at = i
		case word.smaller != inYears && at >= 0 && i-1 == at && t.tellsAge(i):
			a.smaller, a.named = word.smaller, true
		case word.age, word.unit && i > 0 && (i-1 == at || dateWords()[t.words[i-1]].isUnit()):
			a.named = true
		case word.on && at >= 0 && i-1 == at:
			told = true
		case word.about, word.on:
		default:
			a.rest.words = append(a.rest.words, w)
		}
	}
	if at < 0 || !told && !a.named && !(a.about && isAge(t.words[at], a.rest.words)) {
		return age{}, false
	}
	a.least = number(t.words[at])
	a.most = a.least
	return a, true
}

// tellsAge tells that months or days in front of a place among the words are those of an
// age, not of a date: a word before them says age, or one behind them old, in or on.
func (t tokens) tellsAge(unit int) bool {
	if unit+1 < len(t.words) {
		if next := dateWords()[t.words[unit+1]]; next.on || next.unit {
			return true
		}
	}
	return slices.ContainsFunc(t.words[:unit], func(w string) bool { return dateWords()[w].age })
}

// ageRange cuts the second of two ages with a dash between them out of a text: 60-65 in
// 2019.
func ageRange(s string) (shorter string, most int, ok bool) {
	at := strings.IndexAny(s, "-–")
	if at < 1 {
		return "", 0, false
	}
	s = Digits(s)
	at = strings.IndexAny(s, "-–")
	before := strings.TrimRight(s[:at], " ")
	after := strings.TrimLeft(s[at:], "-– ")
	first := before[len(strings.TrimRight(before, "0123456789")):]
	second := after[:len(after)-len(strings.TrimLeft(after, "0123456789"))]
	behind := after[len(second):]
	if len(first) < 1 || len(first) > 3 || len(second) < 1 || len(second) > 3 || number(first) >= number(second) || number(second) > oldest ||
		strings.HasSuffix(strings.TrimSuffix(before, first), "-") || behind != "" && strings.ContainsRune("-/.–", rune(behind[0])) {
		return "", 0, false
	}
	return before + behind, number(second), true
}

// isAge tells that what is about so much is an age, where no word says it: "about 65,
// 2019" has no month that it could be.
func isAge(n string, rest []string) bool {
	const months, yearDigits = 12, 4
	return number(n) > months && len(rest) > 0 && slices.ContainsFunc(rest, func(w string) bool { return isNumber(w) && len(w) == yearDigits }) &&
		!slices.ContainsFunc(rest, func(w string) bool { return isNumber(w) && len(w) != yearDigits || monthNames()[w].month > 0 })
}

// oldest is the highest age that anybody has, in years, with room for errors.
const oldest = 130

// dateWord is what a word beside the parts of a date says; the zero dateWord is
// nothing.
type dateWord struct {
	before, after role     // of the number that follows it, that it follows
	calendars     []string // its era
	age, unit     bool     // what is told is an age; the unit of one, behind its number
	about, on     bool
	smaller       ageUnit // of the ages of small children
}

func (w dateWord) isUnit() bool { return w.unit || w.smaller != inYears }

// dateWords are by folded word.
var dateWords = sync.OnceValue(func() map[string]dateWord {
	words := map[string]dateWord{}
	for _, group := range []struct {
		word  dateWord
		words string
	}{
		{dateWord{}, "st nd rd th de del of o er el la le du the a ng ika noong taong wa mnamo ya tarehe pada dia tanggal tgl hari jour"},
		{dateWord{}, "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun senin selasa rabu kamis jumat sabtu minggu даваа мягмар лхагва пүрэв баасан бямба ням гараг гарагт សុក្រ ថ្ងៃសុក្រ ទី"},
		{dateWord{}, "born b birth birthdate dob nacido nacida nacimiento nasc nascido nascida lahir kelahiran sinh sn gebore ipinanganak isinilang alizaliwa kuzaliwa জন্ম জন্মঃ জন্মতারিখ जन्म जन्मः जन्मदिन जन्मतिथि जन्ममिति तिथि मिति เกิด ເກີດ កើត កំណើត မွေး မွေးသက္ကရာဇ် төрсөн مواليد ميلاد تولد پیدائش பிறந்த பிறப்பு උපන් ተወለደ የተወለደው የተወለደችው"},
		{dateWord{}, "ที่ ថ្ងៃ နေ့ তারিখ সন ই লা রা ঠা শে এর तारीख सन् सन साल সাল महिना महीना р дугаар дүгээр ны ний нд нд سنه عام يوم شهر سن تاريخ تاریخ বার දින වන දිනය ቀን தேதி திகதி ஆம் ம் ஆண்டு"},
		{dateWord{before: dayRole}, "วันที่ เกิดวันที่ ວັນທີ ເກີດວັນທີ ថ្ងៃទី ngay mung mong"},
		{dateWord{before: monthRole}, "เดือน ເດືອນ ខែ thang bulan bln mes mwezi buwan"},
		{dateWord{before: yearRole}, "ปี เกิดปี ในปี เมื่อปี ປີ ໃນປີ ເກີດປີ ឆ្នាំ ក្នុងឆ្នាំ nam tahun mwaka ano anno"},
		{dateWord{after: dayRole}, "日 ရက် ရက်နေ့ гате गते өдөр өдрийн"},
		{dateWord{after: monthRole}, "月 сар сарын сард လ"},
		{dateWord{after: yearRole}, "年 он оны онд ခုနှစ် ခုနှစ်တွင် နှစ်"},
		{dateWord{calendars: westernYear[:1]}, "ad ce cs m masehi คศ ຄស គស খ্রিস্টাব্দ খ্রিষ্টাব্দ খ্রিঃ ইং ইংরেজি इसं ईसं ई इस्वी ईस्वी م ميلادي ميلاديه ء عيسوي እኤአ gc"},
		{dateWord{calendars: []string{calendar.Thai, calendar.Buddhist}}, "be พศ พุทธศักราช ພສ ពស"},
		{dateWord{calendars: hinduYear[:1]}, "bs vs विसं वि विक्रम संवत् संवत सम्वत् सम्वत विक्रमसंवत् विक्रमसम्वत्"},
		{dateWord{calendars: []string{calendar.Saka}}, "saka shaka shake sakaera sakayear sakasamvat shakasamvat शक शके शाके साक शकसंवत् शकसंवत शकसम्वत् शकाब्द শকাব্দ શક శక ಶಕ ശക ਸਾਕਾ ساکا ସାକା"},
		{dateWord{calendars: hinduYear[1:6]}, "bangabda bongabdo bangla বঙ্গাব্দ বাংলা বাংলাসন"},
		{dateWord{calendars: hijriYear}, "ah hijri hijriyah hijriah h ه هجري هجريه ہجری হিজরি হিজরী ฮศ"},
		{dateWord{calendars: []string{calendar.Ethiopian}}, "ec ዓም"},
		{dateWord{age: true}, "age aged edad umur usia umri tuoi อายุ বয়স उम्र आयु उमेर عمر العمر வயது වයස အသက် អាយុ ອາຍຸ idade gulang miaka อายุประมาณ ອາຍຸປະມານ අවුරුදු عمره عمرها ዕድሜ ዕድሜው"},
		{dateWord{unit: true}, "yrs yr years year y yo old anos anios anyos tahun ปี ປີ ឆ្នាំ နှစ် বছর বৎসর वर्ष वर्षीय साल سنه سنوات سال taong အနှစ် வருடம் අවුරුදු нас настай ዓመት"},
		{dateWord{smaller: inMonths}, "months month mos mth mths meses mes bulan bln buwan miezi mwezi thang เดือน ເດືອນ ខែ মাস মাসের महीने महीना महिना माह माहको महिने ماه مهينے شهر اشهر مہینے сар сартай மாதம் மாதங்கள் මාස ወር လ"},
		{dateWord{smaller: inWeeks}, "weeks week wks semanas semana minggu linggo wiki tuan สัปดาห์ সপ্তাহ हफ्ते हप्ता සති ሳምንት"},
		{dateWord{smaller: inDays}, "days day dias dia hari araw siku ngay วัน ມື້ ថ្ងៃ দিন दिन يوم ايام دن өдөр хоног хоногтой நாள் නாள් දින ቀን ရက်"},
		{dateWord{about: true}, "about approx approximately circa ca c around roughly abt aprox aproximadamente alrededor sekitar kira প্রায় लगभग करिब अन्दाजी ประมาณ อายุประมาณ khoang تقريبا humigit kumulang mga ប្រហែល ປະມານ ອາຍຸປະມານ unos takriban lebih kurang орчим ойролцоогоор حوالي نحو தோராயமாக சுமார் දළ ආසන්න ገደማ ያህል ወደ"},
		{dateWord{on: true}, "on in at as en em noong pada সালে में मा सालमा ใน เมื่อ ในปี เมื่อปี ໃນ ໃນປີ ក្នុង ក្នុងឆ្នាំ တွင် ခုနှစ်တွင် في میں දී දි இல் በ"},
	} {
		for word := range strings.FieldsSeq(group.words) {
			word = foldMonth(word)
			words[word] = words[word].with(group.word)
		}
	}
	delete(words, "")
	return words
})

// with is a word that says both.
func (w dateWord) with(other dateWord) dateWord {
	return dateWord{
		before: max(w.before, other.before), after: max(w.after, other.after),
		calendars: append(slices.Clone(w.calendars), other.calendars...),
		age:       w.age || other.age, unit: w.unit || other.unit,
		about: w.about || other.about, on: w.on || other.on, smaller: max(w.smaller, other.smaller),
	}
}
