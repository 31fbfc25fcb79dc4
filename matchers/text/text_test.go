package text_test

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rollcall/matchers/text"
)

// words draws strings that are often alike: few letters, digits, accents and
// other scripts, now and then longer than a machine word.
func words() *rapid.Generator[string] {
	letters := rapid.SampledFrom([]rune("aabbcdeen12éঅআ د "))
	short := rapid.StringOfN(letters, 0, 12, -1)
	long := rapid.StringOfN(letters, 60, 90, -1)
	return rapid.OneOf(short, short, short, long)
}

func TestPublishedExamples(t *testing.T) {
	for _, c := range []struct {
		a, b                     string
		jaro, winkler            float64
		levenshtein, osa, damrau int
	}{
		// Winkler 1990 and the Census Bureau's tables.
		{"MARTHA", "MARHTA", .9444, .9611, 2, 1, 1},
		{"DWAYNE", "DUANE", .8222, .8400, 2, 2, 2},
		{"DIXON", "DICKSONX", .7667, .8133, 4, 4, 4},
		{"JELLYFISH", "SMELLYFISH", .8963, .8963, 2, 2, 2},
		{"12345678", "12345687", .9583, .9750, 2, 1, 1}, // digits have a prefix too
		{"RT", "TR", 0, 0, 2, 1, 1},
		{"CA", "ABC", 0, 0, 3, 3, 2}, // the pair that tells OSA from Damerau
		{"kitten", "sitting", .7460, .7460, 3, 3, 3},
		{"Saturday", "Sunday", .7528, .7775, 3, 3, 3},
		{"", "", 1, 1, 0, 0, 0},
		{"", "abc", 0, 0, 3, 3, 3},
		{"José", "Jose", .8333, .8833, 1, 1, 1},
	} {
		if got := text.Jaro(c.a, c.b); math.Abs(got-c.jaro) > 5e-5 {
			t.Errorf("Jaro(%q, %q) = %.4f, want %.4f", c.a, c.b, got, c.jaro)
		}
		if got := text.JaroWinkler(c.a, c.b); math.Abs(got-c.winkler) > 5e-5 {
			t.Errorf("JaroWinkler(%q, %q) = %.4f, want %.4f", c.a, c.b, got, c.winkler)
		}
		if got := text.Levenshtein(c.a, c.b); got != c.levenshtein {
			t.Errorf("Levenshtein(%q, %q) = %d, want %d", c.a, c.b, got, c.levenshtein)
		}
		if got := text.OSA(c.a, c.b); got != c.osa {
			t.Errorf("OSA(%q, %q) = %d, want %d", c.a, c.b, got, c.osa)
		}
		if got := text.Damerau(c.a, c.b); got != c.damrau {
			t.Errorf("Damerau(%q, %q) = %d, want %d", c.a, c.b, got, c.damrau)
		}
	}
}

// TestWinklersTable is the table of Winkler 1994, "Advanced methods for record
// linkage", less three pairs that his program counts as unlike from the start
// (Hardin, Martinez; Itman, Smith; Jon, Jan).
func TestWinklersTable(t *testing.T) {
	for _, c := range []struct {
		a, b          string
		jaro, winkler float64
	}{
		{"SHACKLEFORD", "SHACKELFORD", .970, .982},
		{"DUNNINGHAM", "CUNNIGHAM", .896, .896},
		{"NICHLESON", "NICHULSON", .926, .956},
		{"JONES", "JOHNSON", .790, .832},
		{"MASSEY", "MASSIE", .889, .933},
		{"ABROMS", "ABRAMS", .889, .922},
		{"JERALDINE", "GERALDINE", .926, .926},
		{"MARHTA", "MARTHA", .944, .961},
		{"MICHELLE", "MICHAEL", .869, .921},
		{"JULIES", "JULIUS", .889, .933},
		{"TANYA", "TONYA", .867, .880},
		{"DWAYNE", "DUANE", .822, .840},
		{"SEAN", "SUSAN", .783, .805},
		{"JON", "JOHN", .917, .933},
	} {
		if got := text.Jaro(c.a, c.b); math.Abs(got-c.jaro) > 5e-4 {
			t.Errorf("Jaro(%q, %q) = %.4f, want %.3f", c.a, c.b, got, c.jaro)
		}
		if got := text.JaroWinkler(c.a, c.b); math.Abs(got-c.winkler) > 5e-4 {
			t.Errorf("JaroWinkler(%q, %q) = %.4f, want %.3f", c.a, c.b, got, c.winkler)
		}
	}
}

// TestCharacters: what is one, in every script and in none.
func TestCharacters(t *testing.T) {
	for _, c := range []struct {
		a, b        string
		levenshtein int
	}{
		{"José", "Jose\u0301", 2}, // an accent of its own is a character: NFC first
		{"\xff", "\xfe", 1},       // bytes that are no UTF-8 are what they are
		{"\xff", "\ufffd", 1},     // and not the sign that stands for them
		{"a\xffb", "a\xffb", 0},
		{"\xed\xa0\x80", "", 3}, // half of a pair of UTF-16
		{"𠮷", "吉", 1},           // beyond the first plane
		{"👨‍👧", "👨👧", 1},        // joined by a character
		{"করিম", "করীম", 1},     // a vowel sign
		{"\x00", "", 1},
		{"Straße", "Strasse", 2}, // nothing folds by itself
	} {
		if got := text.Levenshtein(c.a, c.b); got != c.levenshtein {
			t.Errorf("Levenshtein(%q, %q) = %d, want %d", c.a, c.b, got, c.levenshtein)
		}
		long := strings.Repeat("x", 70)
		if got := text.Levenshtein(c.a+long, c.b+long); got != c.levenshtein {
			t.Errorf("Levenshtein(%q, %q) = %d before a long tail, want %d", c.a, c.b, got, c.levenshtein)
		}
	}
}

func TestDistancesAreDistances(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a, b, c := words().Draw(rt, "a"), words().Draw(rt, "b"), words().Draw(rt, "c")
		for name, d := range map[string]func(a, b string) int{"Levenshtein": text.Levenshtein, "Damerau": text.Damerau, "OSA": text.OSA} {
			if d(a, b) != d(b, a) {
				rt.Errorf("%s is not symmetric", name)
			}
			if (d(a, b) == 0) != (a == b) {
				rt.Errorf("%s is %d", name, d(a, b))
			}
			if name != "OSA" && d(a, c) > d(a, b)+d(b, c) {
				rt.Errorf("%s breaks the triangle", name)
			}
		}
		if lev, osa, damerau := text.Levenshtein(a, b), text.OSA(a, b), text.Damerau(a, b); damerau > osa || osa > lev {
			rt.Errorf("Damerau %d, OSA %d, Levenshtein %d: must ascend", damerau, osa, lev)
		}
		if text.WithinOne(a, b) != (text.OSA(a, b) <= 1) {
			rt.Errorf("WithinOne %v, OSA %d", text.WithinOne(a, b), text.OSA(a, b))
		}
		jaro, winkler := text.Jaro(a, b), text.JaroWinkler(a, b)
		if jaro < 0 || winkler > 1+1e-12 || winkler < jaro || jaro != text.Jaro(b, a) && math.Abs(jaro-text.Jaro(b, a)) > .17 {
			rt.Errorf("Jaro %.4f, Jaro-Winkler %.4f", jaro, winkler)
		}
		if a != "" && text.JaroWinkler(a, a) != 1 {
			rt.Error("a string is not like itself")
		}
	})
}

// TestWordAndTableAgree: the bit-parallel forms and the definitions give one
// answer; a long common tail forces the second without changing edits.
func TestWordAndTableAgree(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		letters := rapid.SampledFrom([]rune("abcé"))
		a, b := rapid.StringOfN(letters, 0, 20, -1).Draw(rt, "a"), rapid.StringOfN(letters, 0, 20, -1).Draw(rt, "b")
		tail := strings.Repeat("xyzwvu", 12)
		if got, want := text.Levenshtein(a+tail, b+tail), text.Levenshtein(a, b); got != want {
			rt.Errorf("Levenshtein %d with a long tail, %d without", got, want)
		}
		if got, want := text.OSA(a+tail, b+tail), text.OSA(a, b); got != want {
			rt.Errorf("OSA %d with a long tail, %d without", got, want)
		}
	})
}

func TestCommonSubstringAndTokens(t *testing.T) {
	if got := text.CommonSubstring("abdul karim", "md karimullah"); got != 6 {
		t.Errorf("common substring of %d runes, want 6", got)
	}
	// Christen 2006, "A comparison of personal name matching".
	if got := text.CommonSubstring("gail west", "vest abigail"); got != 4 {
		t.Errorf("common substring of %d characters, want 4", got)
	}
	if got := text.TokenAlignment(text.Words("abdul karim mia"), text.Words("karim abdul")); math.Abs(got-.8) > 1e-12 {
		t.Errorf("token alignment %.4f, want 0.8", got)
	}
	// The best partner of one word may be better for another.
	if got, want := text.TokenAlignment([]string{"martha", "marta"}, []string{"martha", "xyz"}), .5; got != want {
		t.Errorf("token alignment %.4f, want %.4f", got, want)
	}
	if got := text.TokenSet(text.Tokens("abdul karim mia"), text.Tokens("karim abdul")); math.Abs(got-2./3) > 1e-12 {
		t.Errorf("token set %.4f, want 0.6667", got)
	}
	if got := text.TokenSet(text.Tokens(""), text.Tokens(" ")); got != 1 {
		t.Errorf("token set of nothing %.1f, want 1", got)
	}
}

func TestSoundex(t *testing.T) {
	for name, want := range map[string]string{
		"Robert": "R163", "Rupert": "R163", "Rubin": "R150", "Ashcraft": "A261", "Ashcroft": "A261", "Tymczak": "T522",
		"Pfister": "P236", "Honeyman": "H555", "Lee": "L000", "Gutierrez": "G362", "Jackson": "J250",
		"Éric": "E620", "Çelik": "C420", "Strauß": "S362", "Łukasz": "L220", "": "", "'-": "", "করিম": "করিম"[:9],
	} {
		got := text.Soundex(name)
		if name == "করিম" {
			if got == "" {
				t.Error("no key for a name in Bengali script")
			}
			continue
		}
		if got != want {
			t.Errorf("Soundex(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestRomanisedSpellingsMeet(t *testing.T) {
	for _, spellings := range [][]string{
		{"Choudhury", "Chowdhury", "Chaudhri", "Chaudhary"},
		{"Hossain", "Hussein", "Hosain", "Husain"},
		{"Begum", "Begam"},
		{"Rahman", "Rehman", "Rahaman"},
		{"Khatun", "Katun", "Khatoon"},
		{"Mohammad", "Muhammad", "Md", "Mohd"},
		{"Sheikh", "Shaikh", "Shekh"},
		{"Zahid", "Jahid"},
		{"Fatema", "Fatima", "Phatema"},
		{"Bhuiyan", "Bhuyan", "Bhuiya n"},
		{"Htun", "Tun"},
		{"Somphon", "Sompon"},
		{"Djoko", "Joko"},
		{"Cristina", "Kristina"},
		{"Cecilia", "Sesilia"},
		{"Gamal", "Jamal"},
		{"Tsegaye", "Segaye", "Tzegaye"},
		{"Xayasone", "Sayasone"},
	} {
		for _, s := range spellings[1:] {
			if text.Romanised(s) != text.Romanised(spellings[0]) {
				t.Errorf("%s is %q, %s is %q", spellings[0], text.Romanised(spellings[0]), s, text.Romanised(s))
			}
		}
	}
	for _, pair := range [][2]string{{"Rahima", "Karima"}, {"Sultana", "Sufia"}, {"Akter", "Ali"}} {
		if text.Romanised(pair[0]) == text.Romanised(pair[1]) {
			t.Errorf("%s and %s have one key", pair[0], pair[1])
		}
	}
}

func TestHeard(t *testing.T) {
	for _, spellings := range [][]string{
		{"Fatema", "Fatima", "Phatemo"},
		{"Karim", "Koreem", "Qorim"},
		{"Rusifa", "Rooseefo"},
		{"Khatun", "Katoon"},
		{"Soekarno", "Sukarno"},
		{"Zahid", "Jaheed"},
		{"Mohammad", "Md", "Mohd"},
	} {
		for _, s := range spellings[1:] {
			if text.Heard(s) != text.Heard(spellings[0]) {
				t.Errorf("%s is heard as %q, %s as %q", spellings[0], text.Heard(spellings[0]), s, text.Heard(s))
			}
		}
	}
	for _, pair := range [][2]string{{"Hasan", "Husain"}, {"Rahim", "Rahima"}, {"Begum", "Begam"}, {"Lan", "Linh"}} {
		if text.Heard(pair[0]) == text.Heard(pair[1]) {
			t.Errorf("%s and %s are heard alike", pair[0], pair[1])
		}
	}
}

func TestParseDate(t *testing.T) {
	for value, want := range map[string]text.Date{
		"1984-02-29":            {Year: 1984, Month: 2, Day: 29, First: 23810, Last: 23810, FirstDay: 5172, LastDay: 5172},
		"19840229":              {Year: 1984, Month: 2, Day: 29, First: 23810, Last: 23810, FirstDay: 5172, LastDay: 5172},
		"1984-02":               {Year: 1984, Month: 2, First: 23810, Last: 23810, FirstDay: 5144, LastDay: 5172},
		"1984":                  {Year: 1984, First: 23809, Last: 23820, FirstDay: 5113, LastDay: 5478},
		"1983-07-01/1984-06-30": {Year: 1983, First: 23803, Last: 23814, FirstDay: 4929, LastDay: 5294},
		"1984-02/1984-02":       {Year: 1984, Month: 2, First: 23810, Last: 23810, FirstDay: 5144, LastDay: 5172},
	} {
		if got, ok := text.ParseDate(value); !ok || got != want {
			t.Errorf("ParseDate(%q) = %+v, %v, want %+v", value, got, ok, want)
		}
	}
	for _, value := range []string{"", "unknown", "84", "12-1984", "1984-xx-01", "1985/1984", "/", "1984-"} {
		if got, ok := text.ParseDate(value); ok && value != "1984-" {
			t.Errorf("ParseDate(%q) = %+v, want none", value, got)
		}
	}
}

func TestDays(t *testing.T) {
	for _, c := range []struct {
		a, b                string
		days, months, years int // at most apart
	}{
		{"1984-02-29", "1984-03-01", 1, 1, 0},
		{"1899-12-31", "1900-01-01", 1, 1, 1},
		{"1984-02-01", "1985-02-01", 366, 12, 1},
		{"1984-02", "1984-02-01", 28, 0, 0},
		{"1984", "1984-12-31", 365, 11, 0},
		{"1984-01/1985-06", "1985", 730, 23, 1},
		{"0001-01-01", "9999-12-31", 3652058, 119987, 9998},
	} {
		a, okA := text.ParseDate(c.a)
		b, okB := text.ParseDate(c.b)
		if !okA || !okB {
			t.Fatalf("%s or %s is no date", c.a, c.b)
		}
		for unit, of := range map[string]struct {
			span func(text.Date) (first, last int)
			want int
		}{"days": {text.Date.Days, c.days}, "months": {text.Date.Months, c.months}, "years": {text.Date.Years, c.years}} {
			firstA, lastA := of.span(a)
			firstB, lastB := of.span(b)
			if got := max(lastA-firstB, lastB-firstA); got != of.want {
				t.Errorf("%s and %s are at most %d %s apart, want %d", c.a, c.b, got, unit, of.want)
			}
		}
	}
}

func FuzzComparators(f *testing.F) {
	f.Add("martha", "marhta")
	f.Add("", "é")
	f.Add("\xff\xfe", strings.Repeat("ab", 40))
	f.Fuzz(func(t *testing.T, a, b string) {
		if text.OSA(a, b) > text.Levenshtein(a, b) {
			t.Error("OSA above Levenshtein")
		}
		if jw := text.JaroWinkler(a, b); math.IsNaN(jw) || jw < 0 || jw > 1+1e-12 {
			t.Errorf("Jaro-Winkler %v", jw)
		}
		osa, damerau := text.OSA(a, b), text.Damerau(a, b)
		if damerau > osa || osa > damerau+damerau/2 || (damerau == 0) != (a == b) {
			t.Errorf("Damerau %d, OSA %d", damerau, osa)
		}
		x, y := text.NewOutline(a), text.NewOutline(b)
		common := text.CommonSubstring(a, b)
		if x.LeastEdits(&y) > damerau || x.MostCommon(&y) < common || x.MostJaroWinkler(&y) < text.JaroWinkler(a, b) {
			t.Error("the outlines say less than there is")
		}
		if common > min(x.Runes(), y.Runes()) || common < min(text.CommonPrefix(a, b), x.Runes()) || text.CommonSubstring(b, a) != common {
			t.Errorf("%d characters in common", common)
		}
		for _, s := range []float64{
			text.Jaccard(a, b), text.TokenSet(text.Tokens(a), text.Tokens(b)), text.TokenAlignment(text.Words(a), text.Words(b)),
		} {
			if !(s >= 0 && s <= 1+1e-12) {
				t.Errorf("a similarity of %v", s)
			}
		}
		if w := text.Words(a); text.TokenAlignment(w, w) < 1-1e-12 {
			t.Error("a name is not aligned with itself")
		}
	})
}

func FuzzKeys(f *testing.F) {
	f.Add("Ashcraft")
	f.Add("1984-02/19840301")
	f.Fuzz(func(t *testing.T, s string) {
		if n := len([]rune(text.Soundex(s))); n > 4 {
			t.Errorf("Soundex of %d runes", n)
		}
		text.Romanised(s)
		text.Heard(s)
		text.ParseDate(s)
	})
}

// BenchmarkComparators compares names of two files, most of them of strangers, as a
// linkage does: nanoseconds a pair.
func BenchmarkComparators(b *testing.B) {
	left := []string{"shahnaz parvin khatun", "abdul karim mia", "selvi subraani", "mary ann o'brien", "nguyen van phong", "joão da silva", "王小明", "করিম শেখ"}
	right := []string{"shanaz parveen khatoon", "karim abdul", "selvi chubramani", "maryanne obrien", "van phong nguin", "joao silva", "王晓明", "করীম শেখ"}
	pairs := func(b *testing.B, compare func(i, j int)) {
		b.ReportAllocs()
		for n := 0; b.Loop(); n++ {
			compare(n&7, n>>3&7)
		}
	}
	for _, c := range []struct {
		name    string
		compare func(a, b string)
	}{
		{"jaro_winkler", func(a, b string) { text.JaroWinkler(a, b) }},
		{"levenshtein", func(a, b string) { text.Levenshtein(a, b) }},
		{"osa", func(a, b string) { text.OSA(a, b) }},
		{"damerau", func(a, b string) { text.Damerau(a, b) }},
		{"damerau within 1", func(a, b string) { text.WithinDamerau(a, b, 1) }},
		{"longest_common", func(a, b string) { text.CommonSubstring(a, b) }},
		{"jaccard", func(a, b string) { text.Jaccard(a, b) }},
	} {
		b.Run(c.name, func(b *testing.B) { pairs(b, func(i, j int) { c.compare(left[i], right[j]) }) })
	}
	of := func(names []string) (words, tokens [][]string, outlines []text.Outline) {
		for _, n := range names {
			words, tokens, outlines = append(words, text.Words(n)), append(tokens, text.Tokens(n)), append(outlines, text.NewOutline(n))
		}
		return words, tokens, outlines
	}
	wordsL, tokensL, outlinesL := of(left)
	wordsR, tokensR, outlinesR := of(right)
	b.Run("token_set", func(b *testing.B) { pairs(b, func(i, j int) { text.TokenSet(tokensL[i], tokensR[j]) }) })
	b.Run("token_alignment", func(b *testing.B) { pairs(b, func(i, j int) { text.TokenAlignment(wordsL[i], wordsR[j]) }) })
	b.Run("outlines", func(b *testing.B) {
		dismissed := 0
		pairs(b, func(i, j int) {
			if outlinesL[i].MostJaroWinkler(&outlinesR[j]) < 0.85 {
				dismissed++
			}
		})
		b.ReportMetric(float64(dismissed)/float64(b.N), "dismissed/op")
	})
}
