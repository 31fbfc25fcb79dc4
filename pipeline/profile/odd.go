package profile

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"rollcall/matchers/model"
)

// Oddity is a kind of value that is hardly what the column is for.
type Oddity struct {
	What string // for people
	Next string // what to do about it
	Rows int
	// Words are those that stand for nothing, which are the program's own list and
	// nobody's data.
	Words []string
	level Level
}

// oddKinds are the kinds of odd values. Each value counts for the first that it is.
var oddKinds = []struct {
	what, next string
	level      Level
	named      bool // looked for in names alone
	listed     bool // its words may be told, as they are the program's
	is         func(string) bool
}{
	{
		what: "characters were lost or garbled", level: Act,
		next: "the file was read in the wrong encoding before it came here: ask for it again as UTF-8",
		is:   garbled,
	},
	{
		what: "errors of a spreadsheet", level: Act,
		next: "ask for the cells to be mended and the file to be exported again",
		is:   func(s string) bool { return strings.HasPrefix(s, "#") && spreadsheetErrors[strings.ToUpper(s)] },
	},
	{
		what: "words that stand for nothing", level: Look, listed: true,
		next: "make them empty in the mapping: what stands for nothing agrees with nothing",
		is:   func(s string) bool { return standsForNothing(s) != "" },
	},
	{
		what: "a child without a name yet", level: Look, named: true,
		next: "make them empty: “baby of” a mother is her name and not the child's",
		is:   isUnnamedChild,
	},
	{
		what: "one letter over and over", level: Look,
		next: "make them empty: they stand for nothing",
		is:   repeatedCharacter,
	},
	{
		what: "signs and nothing else", level: Look,
		next: "make them empty: they stand for nothing",
		is:   func(s string) bool { return !strings.ContainsFunc(s, letterOrDigit) },
	},
	{
		what: "longer than 500 characters", level: Look,
		next: "such values are not compared; see whether a column has slipped or rows run together",
		is:   func(s string) bool { return len(s) > longestValue && utf8.RuneCountInString(s) > longestValue },
	},
	{
		what: "control characters or line breaks", level: Know,
		next: "they are removed; many of them mean that rows were cut or joined on the way",
		is:   func(s string) bool { return strings.ContainsFunc(s, unicode.IsControl) },
	},
}

// longestValue, in characters, is that of what is compared.
const longestValue = 500

var spreadsheetErrors = map[string]bool{"#N/A": true, "#REF!": true, "#VALUE!": true, "#NAME?": true, "#DIV/0!": true, "#NULL!": true, "#NUM!": true, "#####": true}

// nothing are words that forms have where nothing is known, in lower case.
var nothing = func() map[string]bool {
	words := map[string]bool{}
	for _, w := range strings.FieldsFunc(nothingWords, func(r rune) bool { return r == '|' || r == '\n' }) {
		words[w] = true
	}
	return words
}()

const nothingWords = `unknown|unknow|not known|notknown|unk|n/a|n.a.|not applicable|not available|not stated|not given|none|nil|null|(null)|missing|no data|nodata|
no name|noname|not named|unnamed|test|testing|test test|dummy|sample|example|xxx|xx|xxxx|abc|abcd|asdf|qwerty|to be confirmed|tbc|tbd|same|ditto|as above|deceased|undefined|nan|blank|empty|
desconocido|desconocida|sin nombre|no sabe|ignorado|nn|n.n.|sin dato|s/d|inconnu|inconnue|tidak ada|tidak diketahui|không rõ|không có|ไม่ทราบ|অজানা|अज्ञात|नाम नहीं|مجهول|hindi alam`

// standsForNothing is the word of the list that a value is, or "".
func standsForNothing(s string) string {
	const longest = 32 // bytes
	if len(s) > longest {
		return ""
	}
	s = strings.ToLower(strings.Join(strings.Fields(s), " "))
	if nothing[s] {
		return s
	}
	return ""
}

var unnamedChild = regexp.MustCompile(`^(baby|babe|new ?born|infant)\b( (of|boy|girl|son|daughter)\b.*)?$|^b/o\b|^(twin|triplet)s?( ([0-9]|i+|one|two|a|b))?( of\b.*)?$|^(recien nacido|recién nacido|rn) (de|hijo|hija)\b`)

// isUnnamedChild looks at the first word before it looks closer: few values have one
// of these.
func isUnnamedChild(s string) bool {
	word, _, _ := strings.Cut(s, " ")
	const longest = 12 // bytes
	return len(word) <= longest && childWords[strings.ToLower(word)] && unnamedChild.MatchString(strings.ToLower(s))
}

var childWords = map[string]bool{
	"baby": true, "babe": true, "newborn": true, "new": true, "infant": true, "b/o": true, "twin": true, "twins": true,
	"triplet": true, "triplets": true, "recien": true, "recién": true, "rn": true,
}

// garbled tells the sign for a lost character, and UTF-8 that was read as Latin-1.
func garbled(s string) bool {
	if strings.ContainsRune(s, utf8.RuneError) || !utf8.ValidString(s) {
		return true
	}
	return len(s) > utf8.RuneCountInString(s) && strings.ContainsAny(s, "ÃÂàâ") && readAsLatin.MatchString(s)
}

// readAsLatin are bytes of UTF-8 as letters of Latin-1 or Windows-1252: Ã© for é, à¦ for
// the first bytes of Bengali.
var readAsLatin = regexp.MustCompile(`[ÃÂ][\x{0080}-\x{00BF}ƒ‚„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œŸ]|à[¤¥¦§¨©ª«¬]|â€`)

// repeatedCharacter tells aaaa; 1111 may be a number.
func repeatedCharacter(s string) bool {
	const least = 3
	first, size := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(first) && len(s) >= least*size && strings.Trim(s, string(first)) == ""
}

func letterOrDigit(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// oddities counts the odd values of a column. Numbers and dates have their own
// account of what they cannot be.
func oddities(values tally, c Column) []Oddity {
	if c.Kind == model.Category || c.Identifiers != nil || c.Dates != nil || c.Phones != nil {
		return nil
	}
	rows := make([]int, len(oddKinds))
	words := map[string]int{}
	for v, n := range values.all() {
		v = strings.TrimSpace(v)
		for i, kind := range oddKinds {
			if (kind.named && c.Names == nil) || !kind.is(v) {
				continue
			}
			rows[i] += n
			if kind.listed {
				words[standsForNothing(v)] += n
			}
			break
		}
	}
	var out []Oddity
	for i, kind := range oddKinds {
		if rows[i] == 0 {
			continue
		}
		o := Oddity{What: kind.what, Next: kind.next, Rows: rows[i], level: kind.level}
		if kind.listed {
			for _, w := range byRows(words) {
				o.Words = append(o.Words, w.Value)
			}
		}
		out = append(out, o)
	}
	return out
}
