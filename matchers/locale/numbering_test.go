package locale

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
)

// countries are those with a pack.
var countries = strings.Fields("BD IN NP LK TH VN PH CL KE ZA ID PK MM KH LA MY MN ET EG UG")

// The shorter ways to the international form end where the library does, for mobiles
// and landlines, with and without what is dialled before them.
func TestNumbersAreThoseOfTheLibrary(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, country := range countries {
		p := &Pack{Country: country}
		n := p.numbersOf()
		if n == nil {
			t.Fatalf("%s has no numbers", country)
		}
		valid := 0
		for range 300 {
			s := ""
			for range 7 + rng.IntN(6) {
				s += fmt.Sprint(rng.IntN(10))
			}
			switch rng.IntN(4) { // near the numbers that there are
			case 0:
				s = n.trunk + s[len(n.trunk):]
			case 1:
				s = n.code + s[len(n.code):]
			case 2:
				e := phonenumbers.GetExampleNumberForType(country, []phonenumbers.PhoneNumberType{phonenumbers.MOBILE, phonenumbers.FIXED_LINE}[rng.IntN(2)])
				if e == nil {
					continue
				}
				national := phonenumbers.GetNationalSignificantNumber(e)
				s = n.trunk + national[:len(national)-5] + s[:5]
			}
			international := rng.IntN(3) == 0
			written := s
			if international {
				written = "+" + s
			}
			want := ""
			if number, err := phonenumbers.Parse(written, country); err == nil && phonenumbers.IsValidNumber(number) {
				want = phonenumbers.Format(number, phonenumbers.E164)
				valid++
			}
			if got := n.e164(s, international); got != want {
				t.Errorf("%s: %s is %q, by the library %q", country, written, got, want)
			}
		}
		if valid < 20 {
			t.Errorf("%s: only %d numbers tried are numbers", country, valid)
		}
	}
}

func TestPhoneOfACountry(t *testing.T) {
	for _, c := range []struct{ country, in, want, rules string }{
		{"BD", "01712-345678", "+8801712345678", "signs e164"},
		{"BD", "+880 1712 345678", "+8801712345678", "signs e164"},
		{"BD", "008801712345678", "+8801712345678", "e164"},
		{"BD", "8801712345678", "+8801712345678", "e164"},
		{"BD", "1712345678", "+8801712345678", "e164"},
		{"BD", "০১৭১২৩৪৫৬৭৮", "+8801712345678", "native_digits e164"},
		{"BD", "01712345678 / 01812345678", "+8801712345678", "first_of_many signs e164"},
		{"BD", "+91 98765 43210", "+919876543210", "signs e164"},
		{"BD", "01012345678", "1012345678", "no_such_number trunk_prefix"},
		{"BD", "00000000", "", "placeholder"},
		{"BD", "12345", "", "too_short"},
		{"ZZ", "+880 1712 345678", "1712345678", "signs calling_code"},
		{"IN", "098765 43210", "+919876543210", "signs e164"},
	} {
		got, rules := (&Pack{Country: c.country}).Phone(c.in)
		if got != c.want || strings.Join(rules, " ") != c.rules {
			t.Errorf("%s: Phone(%q) = %q by %v, want %q by %s", c.country, c.in, got, rules, c.want, c.rules)
		}
	}
}

func TestLearnRegion(t *testing.T) {
	var local, mixed, abroad []string
	for i := range 60 {
		local = append(local, fmt.Sprintf("0171%07d", i*7919))
		mixed = append(mixed, fmt.Sprintf("0171%07d", i*7919), fmt.Sprintf("+880181%07d", i*7919))
		abroad = append(abroad, fmt.Sprintf("+880181%07d", i*7919), fmt.Sprintf("+9198765%05d", i*79))
	}
	if got := LearnRegion(slices.Values(local)); got != "" {
		t.Errorf("learnt %s from numbers without a calling code", got)
	}
	if got := LearnRegion(slices.Values(mixed)); got != "BD" {
		t.Errorf("learnt %q from numbers of Bangladesh", got)
	}
	if got := LearnRegion(slices.Values(local), slices.Values(mixed)); got != "BD" {
		t.Errorf("learnt %q from two columns", got)
	}
	if got := LearnRegion(slices.Values(abroad)); got != "" {
		t.Errorf("learnt %s from numbers of two countries", got)
	}
}

func BenchmarkPhone(b *testing.B) {
	p := &Pack{Country: "BD"}
	for _, c := range []struct{ name, form string }{{"mobile", "0171%07d"}, {"landline", "02%08d"}, {"international", "+880 171%07d"}} {
		b.Run(c.name, func(b *testing.B) {
			i := 0
			for b.Loop() {
				p.NormalPhone(fmt.Sprintf(c.form, i*7919%10000000))
				i++
			}
		})
	}
}
