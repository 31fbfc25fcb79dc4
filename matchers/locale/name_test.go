package locale

import (
	"strings"
	"testing"
)

// ofRules is a pack with one of each kind of term.
func ofRules() *Pack {
	return &Pack{
		Titles: []Term{
			{Written: []string{"dr", "tun sri"}},
			{Written: []string{"u", "ko", "ma", "ဦး"}, Where: First, Once: true},
			{Written: []string{"esq"}, Where: Last},
			{Written: []string{"นาย", "นางสาว", "นาง"}, Where: Prefix},
			{Written: []string{"ben", "bhai"}, Where: Suffix},
			{Written: []string{"sri"}},
		},
		Kept: []Term{{Written: []string{"sri", "ng"}}},
		Particles: []Term{
			{Becomes: "mohammad", Written: []string{"md", "মোঃ"}},
			{Becomes: "maria", Written: []string{"mar de"}},
			{Becomes: "junior", Written: []string{"jr"}},
		},
		Nicknames: []Term{{Becomes: "robert", Written: []string{"bob"}}},
		Relations: []Relation{
			{Of: "father", Written: []string{"s/o", "son of"}},
			{Of: "father", Written: []string{"bin"}, Joins: true},
			{Of: "husband", Written: []string{"w/o"}},
		},
		Initials:        []Term{{Becomes: "a k m", Written: []string{"akm"}}},
		SplitConsonants: true,
		MendDigits:      true,
	}
}

func TestTermsOfNames(t *testing.T) {
	p := ofRules()
	for _, c := range []struct{ in, want, rules string }{
		{"Dr Karim", "karim", "case honorific"},
		{"Tun Sri Karim", "karim", "case honorific"},
		{"Sri Mulyani", "sri mulyani", "case"}, // kept
		{"U Ko Ko", "ko ko", "case honorific"}, // once
		{"Ko Ma", "ma", "case honorific"},
		{"Ma", "ma", "case"},
		{"John Esq", "john", "case honorific"},
		{"Esq John", "esq john", "case"},
		{"นายสมชาย ใจดี", "สมชาย ใจดี", "honorific"},
		{"นางสาวสมหญิง", "สมหญิง", "honorific"},
		{"นาย", "นาย", ""},
		{"Hansaben Patel", "hansa patel", "case honorific"},
		{"Reuben", "reuben", "case"}, // too little would remain
		{"মোঃ করিম", "mohammad করিম", "variant"},
		{"Mar. de Luz", "maria luz", "case punctuation spaces variant"},
		{"Bob Lee Jr", "robert lee junior", "case variant nickname"},
		{"AKM Karim", "a k m karim", "case initials"},
		{"A.K.M. Karim", "a k m karim", "case punctuation spaces"},
		{"KR Ramesh", "k r ramesh", "case initials"},
		{"Ng Lee", "ng lee", "case"}, // kept
		{"Ahmad bin Abdullah", "ahmad abdullah", "case relation"},
		{"Bin Abdullah", "bin abdullah", "case"},
		{"Karim son of Rahim", "karim", "case relation"},
		{"Ali son of Nur w/o Rahim", "ali", "case relation"},
		{"Karim S/O: Rahim", "karim", "case relation"},
		{"Karim s/o.Rahim", "karim", "case relation"},
		{"K0rim Sa1im Kar1m 0mar", "korim salim karim omar", "case digit_letters"},
		{"Karim 2", "karim 2", "case"},
		{"Karim2", "karim2", "case"},
		{"Baby 1 of Rina", "baby 1 of rina", "case"},
		{"2nd Lt", "2nd l t", "case initials"},
		{"Rаhim", "rahim", "look_alike case"},   // Cyrillic а
		{"Cараа", "сараа", "look_alike case"},   // Latin C
		{"Жорж Smith", "жорж smith", "case"},    // words of one script each
		{"Δelta", "δelta", "case"},              // no double
		{"Ρetros", "petros", "look_alike case"}, // Greek Rho
		{"Ahmad bin Abdullah bin Ali", "ahmad abdullah ali", "case relation"},
	} {
		got, rules := p.Words(c.in)
		if got != c.want || strings.Join(rules, " ") != c.rules {
			t.Errorf("%q becomes %q by %q, want %q by %q", c.in, got, rules, c.want, c.rules)
		}
		if quiet := p.Normal(c.in); quiet != got {
			t.Errorf("%q becomes %q with rules and %q without", c.in, got, quiet)
		}
	}
}

func TestRelation(t *testing.T) {
	p := ofRules()
	for _, c := range []struct{ in, of, name string }{
		{"Karim s/o Md. Rahim", "father", "mohammad rahim"},
		{"Karim s/o", "", ""},
		{"Karim", "", ""},
		{"Ahmad bin Abdullah", "father", "abdullah"},
		{"Rina W/O: Dr. Salim", "husband", "salim"},
		{"Karim son of Rahim", "father", "rahim"},
	} {
		if of, name := p.Relation(c.in); of != c.of || name != c.name {
			t.Errorf("in %q stands the %s %q, want the %s %q", c.in, of, name, c.of, c.name)
		}
	}
}
