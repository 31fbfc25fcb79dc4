package identifier

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"rollcall/matchers/locale"
)

// mongolian reads two Cyrillic letters and eight digits. Latin letters that look
// like Cyrillic ones were typed on the wrong keyboard; where one does not, both are
// romanised.
func mongolian(written string) (string, bool) {
	signs := []rune(locale.Code(written))
	const letters, length = 2, 10
	if len(signs) != length {
		return "", false
	}
	latin, cyrillic := "ABCEHKMOPTXY", []rune("АВСЕНКМОРТХУ")
	if strings.Trim(string(signs[:letters]), latin) != "" {
		latin, cyrillic = "ABVGDEJZIKLMNOPRSTUFHC", []rune("АБВГДЕЖЗИКЛМНОПРСТУФХЦ") // MNS 5217:2012
	}
	for i, r := range signs[:letters] {
		if like := strings.IndexRune(latin, r); like >= 0 {
			signs[i] = cyrillic[like]
		} else if !unicode.Is(unicode.Cyrillic, r) {
			return "", false
		}
	}
	v := string(signs)
	return v, len(v) == len("ЖЖ")+length-letters && digits(v[len("ЖЖ"):])
}

// card of Myanmar: 12/OUKAMA(N)123456, with the township in Latin or in Burmese
// letters, and N for naing (citizen), E for ei (guest), P for pyu (naturalised), T or
// Th for thathana (clergy).
var registrationCard = regexp.MustCompile(`^([1-9]|1[0-4])/?([A-Z]{3,12}|[က-ဧ]{2,4})\(?(NAING|N|E|P|TH|T|S|Y|နိုင်|ဧည့်|ပြု|သာသနာ|သီ|စ|သ)\)?([0-9]{6})$`)

var citizenship = map[string]string{
	"NAING": "N", "နိုင်": "N", "ဧည့်": "E", "ပြု": "P", "TH": "T", "သာသနာ": "T", "သ": "T", "သီ": "T", "စ": "S",
}

// burmeseLetters are the letters of townships as registration cards romanise them.
var burmeseLetters = map[rune]string{
	'က': "KA", 'ခ': "KHA", 'ဂ': "GA", 'ဃ': "GA", 'င': "NGA", 'စ': "SA", 'ဆ': "SA", 'ဇ': "ZA", 'ဈ': "ZA", 'ည': "NYA", 'ဉ': "NYA",
	'ဋ': "TA", 'ဌ': "HTA", 'ဍ': "DA", 'ဎ': "DA", 'ဏ': "NA", 'တ': "TA", 'ထ': "HTA", 'ဒ': "DA", 'ဓ': "DA", 'န': "NA", 'ပ': "PA", 'ဖ': "PHA",
	'ဗ': "BA", 'ဘ': "BA", 'မ': "MA", 'ယ': "YA", 'ရ': "YA", 'လ': "LA", 'ဝ': "WA", 'သ': "THA", 'ဟ': "HA", 'ဠ': "LA", 'အ': "AH", 'ဥ': "OU", 'ဧ': "AY",
}

// townshipSyllables are the syllables of townships in Latin letters, with the spelling
// that is kept: lists of townships write one letter in several ways.
var townshipSyllables = strings.NewReplacer(
	"HSA", "SA", "BHA", "BA", "GHA", "GA", "DHA", "DA", "RA", "YA", "AA", "AH", "KHA", "KHA", "PHA", "PHA", "THA", "THA", "HTA", "HTA", "NGA", "NGA", "NYA", "NYA",
	"OU", "OU", "U", "OU", "AH", "AH", "KA", "KA", "GA", "GA", "SA", "SA", "ZA", "ZA", "TA", "TA", "DA", "DA", "NA", "NA", "PA", "PA", "BA", "BA", "MA", "MA",
	"YA", "YA", "LA", "LA", "WA", "WA", "HA", "HA",
)

// oneRomanisation is a township of three syllables in one spelling; initials stay.
func oneRomanisation(township string) string {
	const initials = 4
	if len(township) < initials {
		return township
	}
	return townshipSyllables.Replace(township)
}

// burmese reads the number of a registration card, 12/OUKAMA(N)123456.
func burmese(written string) (string, bool) {
	s := strings.ToUpper(strings.Join(strings.Fields(norm.NFC.String(written)), ""))
	s = locale.Digits(s)
	m := registrationCard.FindStringSubmatch(s)
	if m == nil {
		return "", false
	}
	township := m[2]
	if township[0] >= 0x80 {
		var b strings.Builder
		for _, r := range township {
			b.WriteString(burmeseLetters[r])
		}
		township = b.String()
	}
	township = oneRomanisation(township)
	kind := m[3]
	if k, ok := citizenship[kind]; ok {
		kind = k
	}
	return m[1] + "/" + township + "(" + kind + ")" + m[4], true
}
