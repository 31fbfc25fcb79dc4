package locales_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"rollcall/jobs/config"
	"rollcall/jobs/locales"
	"rollcall/jobs/locales/cases"
	"rollcall/matchers/locale"
)

func pack(t testing.TB, name string) *locale.Pack {
	t.Helper()
	l, err := config.LoadLocale(name)
	if err != nil {
		t.Fatal(err)
	}
	return l.Pack
}

// TestNames holds the names of each country against its pack.
func TestNames(t *testing.T) {
	cases.Each(t, "../..", "names", 20, func(t *testing.T, country, table string, all []cases.Case) {
		p := pack(t, country)
		seen := map[string]bool{}
		for _, c := range all {
			if seen[c.Written] {
				t.Errorf("%s:%d: %q stands twice", table, c.Line, c.Written)
			}
			seen[c.Written] = true
			got, rules := p.Words(c.Written)
			if got != c.Normal || c.Rules != "" && strings.Join(rules, " ") != c.Rules {
				t.Errorf("%s:%d: %q becomes %q by %q, want %q by %q (%s)", table, c.Line, c.Written, got, rules, c.Normal, c.Rules, c.Source)
			}
		}
	})
}

// TestPlaces looks the places of each country up in the tree of all areas that its
// table names.
func TestPlaces(t *testing.T) {
	cases.Each(t, "../..", "places", 20, func(t *testing.T, country, table string, all []cases.Case) {
		var tree []locale.Area
		for _, c := range all {
			known := slices.ContainsFunc(tree, func(a locale.Area) bool { return a.Name == c.Normal })
			if c.Normal != "" && !known {
				tree = append(tree, locale.Area{Code: codeOf(c.Normal), Name: c.Normal})
			}
		}
		areas := locale.NewGazetteer(tree, pack(t, country))
		for _, c := range all {
			if got, rules := areas.Find(c.Written); got != codeOf(c.Normal) || strings.Join(rules, " ") != c.Rules {
				t.Errorf("%s:%d: %q is %q by %q, want %q by %q (%s)", table, c.Line, c.Written, got, rules, c.Normal, c.Rules, c.Source)
			}
		}
	})
}

// codeOf makes a code of an area's name; none of no name.
func codeOf(name string) string {
	if name == "" {
		return ""
	}
	return "code of " + name
}

// TestEveryCountryHasNames: a pack of a country comes with a table.
func TestEveryCountryHasNames(t *testing.T) {
	for _, name := range locales.Names() {
		if strings.ToUpper(name) != name || name == "ZZ" {
			continue // what countries share
		}
		if _, err := os.Stat(filepath.Join("../../testdata/locale", name+"-names.txt")); err != nil {
			t.Errorf("%s has no table of names: %v", name, err)
		}
	}
}

// BenchmarkNames is a full pass over the names of a register: each different value of
// every table under its pack.
func BenchmarkNames(b *testing.B) {
	for _, country := range []string{"BD", "IN", "TH", "PH", "VN", "ZZ"} {
		p := pack(b, country)
		names := []string{"Md. Abdul Karim", "Rahima Khatun", "Nguyen Thi Lan", "Ma. Cristina dela Cruz", "Ramesh Kumar Patel", "Somchai Jaidee", "SITA DEVI", "Daniel arap Moi"}
		b.Run(country, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				p.Normal(names[i%len(names)])
			}
		})
	}
}

// FuzzNames: under no pack does a name panic, become invalid text or vanish where it
// has letters.
func FuzzNames(f *testing.F) {
	var packs []*locale.Pack
	for _, name := range locales.Names() {
		l, err := config.LoadLocale(name)
		if err != nil {
			f.Fatal(err)
		}
		packs = append(packs, l.Pack)
	}
	for _, s := range []string{"Md. A. K. M. Karim s/o Rahim", "นางสาวสมหญิง", "ဦးမောင်", "W/ro Amarech bin", "Hansaben", "মোঃ", "Kар1m 2", "\xff/o s/o", "a/l a/p a/l"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, p := range packs {
			normal, _ := p.Words(s)
			if !utf8.ValidString(normal) || normal != strings.TrimSpace(normal) || strings.Contains(normal, "  ") {
				t.Errorf("%s makes %q of %q, which is not clean", p.Country, normal, s)
			}
			if quiet := p.Normal(s); quiet != normal {
				t.Errorf("%s makes %q of %q with rules and %q without", p.Country, normal, s, quiet)
			}
			p.Relation(s)
		}
	})
}
