package synth

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestCalendarAgreesWithTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := day(rapid.IntRange(-60_000, 60_000).Draw(t, "day"))
		want := time.Unix(int64(d)*86400, 0).UTC()
		y, m, dd := d.civil()
		if y != want.Year() || m != int(want.Month()) || dd != want.Day() {
			t.Fatalf("day %d is %d-%d-%d, want %s", d, y, m, dd, want.Format(time.DateOnly))
		}
		if back := dayOf(y, m, dd); back != d {
			t.Fatalf("day %d comes back as %d", d, back)
		}
		if got := string(appendISO(nil, d)); got != want.Format(time.DateOnly) {
			t.Fatalf("written %s, want %s", got, want.Format(time.DateOnly))
		}
		years := rapid.IntRange(0, 110).Draw(t, "years")
		birthday := birthdayOf(d, years)
		if ageOn(d, birthday) != years || ageOn(d, birthday-1) != years-1 {
			t.Fatalf("born %s: %d years are completed on day %d and age there is %d", want.Format(time.DateOnly), years, birthday, ageOn(d, birthday))
		}
	})
}

func TestLeapDayBirthday(t *testing.T) {
	born := dayOf(2004, 2, 29)
	if got := string(appendISO(nil, birthdayOf(born, 6))); got != "2010-03-01" {
		t.Errorf("six years are completed on %s", got)
	}
}

func TestKnownCheckDigits(t *testing.T) {
	schemes := idSchemes()
	for _, c := range []struct {
		scheme, id string
		valid      bool
	}{
		{"aadhaar", "999941057058", true}, // the issuing authority's published test number
		{"aadhaar", "999941057085", false},
		{"aadhaar", "99994105705", false},
		{"aadhaar", "234123412346", true}, // python-stdnum's example
		{"rut", "12345678-5", true},
		{"rut", "12531909-2", true}, // python-stdnum's examples
		{"rut", "76086428-5", true},
		{"rut", "12531909-3", false},
		{"rut", "20347878-K", true}, // sum 166, rest 1
		{"rut", "11111111-1", true},
		{"rut", "12345678-6", false},
		{"cccd", "012345678901", false},
		{"cccd", "012345678905", true}, // weights 3 and 1 from the right: 85
		{"cccd", "112345678902", false},
		{"nid", "1000000009", false},
		{"nid", "1000000007", true}, // 1 counts thrice: check digit 10-3
	} {
		if got := schemes[c.scheme].check([]byte(c.id)); got != c.valid {
			t.Errorf("%s %s is valid: %v, want %v", c.scheme, c.id, got, c.valid)
		}
	}
}

// The check digit of birth registration numbers is that of any length of article
// number: a published EAN-13 has it.
func TestCheckDigitOfArticleNumbers(t *testing.T) {
	if got := eanDigit([]byte("400638133393")); got != '1' {
		t.Errorf("check digit of 400638133393 is %c, want 1", got)
	}
}

func TestIdentifiersAreWellFormedAndDistinct(t *testing.T) {
	for name, scheme := range idSchemes() {
		t.Run(name, func(t *testing.T) {
			seen := map[string]uint64{}
			r := newRandom(1, 1)
			for n := range uint64(60_000) {
				id := scheme.format(nil, n*31, day(r.between(-10_000, 20_000)))
				if !scheme.check(id) {
					t.Fatalf("%s is not well formed", id)
				}
				if other, ok := seen[string(id)]; ok {
					t.Fatalf("%d and %d share %s", other, n, id)
				}
				seen[string(id)] = n
				if spoilt := scheme.spoil(&r, nil, id); scheme.check(spoilt) {
					t.Fatalf("%s spoilt from %s is well formed", spoilt, id)
				}
			}
		})
	}
}

func TestPoolDrawsByWeight(t *testing.T) {
	p := newPool(5, 30, 1, 0.4)
	r := newRandom(2, 3)
	count := map[uint16]int{}
	const draws = 200_000
	for range draws {
		count[p.draw(&r)]++
	}
	if share := float64(count[5]) / draws; share < 0.395 || share > 0.405 {
		t.Errorf("the first word is drawn in %.3f of the cases, want 0.400", share)
	}
	for i := uint16(7); i < 34; i += 5 {
		want := float64(count[6]) * (1 + 2.7) / (float64(i-5) + 2.7)
		if got := float64(count[i]); got < want*0.85 || got > want*1.15 {
			t.Errorf("word %d is drawn %v times, Zipf's law says %.0f", i, got, want)
		}
	}
}

func TestLexiconsAreLargeAndVaried(t *testing.T) {
	for _, p := range Presets() {
		c, err := newCountry(Config{Dir: "x", Preset: p, Households: 1})
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range c.namings {
			for sex, pool := range n.given {
				forms := 0
				for i := range pool.accept {
					forms += len(c.lexicon.words[pool.first+i].forms) - 1
				}
				if len(pool.accept) < 140 || forms < len(pool.accept)/2 {
					t.Errorf("%s, %s, sex %d: %d given names, %d other spellings", p, n.system.file, sex, len(pool.accept), forms)
				}
			}
		}
	}
}

func TestRomanisations(t *testing.T) {
	rules := [][2]string{{"Md.", "Mohammad"}, {"ee", "i"}, {"sh", "s"}, {"q", "k"}}
	for name, want := range map[string]string{
		"Md.":    "[Md. Mohammad]",
		"Shareq": "[Shareq Sareq Sharek Sarek]",
		"Neela":  "[Neela Nila]",
		"Abul":   "[Abul]",
	} {
		if got := fmt.Sprint(romanisations(name, rules)); got != want {
			t.Errorf("%s is written %s, want %s", name, got, want)
		}
	}
}

func TestSystemsNameChildrenAsTheyDo(t *testing.T) {
	c, err := newCountry(Config{Dir: "x", Preset: "mixed", Households: 1})
	if err != nil {
		t.Fatal(err)
	}
	r := newRandom(4, 4)
	for _, n := range c.namings {
		for range 200 {
			father, mother := n.compose(&r, male, nil, nil, 0), n.compose(&r, female, nil, nil, 0)
			child := n.compose(&r, male, &father, &mother, 0)
			switch n.system.file {
			case "spanish":
				if child.family(0) != father.family(0) || child.family(1) != mother.family(0) {
					t.Fatal("a Spanish child does not bear the first surnames of father and mother")
				}
			case "vietnamese":
				if child.family(0) != father.family(0) {
					t.Fatal("a Vietnamese child does not bear the father's family name")
				}
			case "tamil":
				if child.family(0) != father.firstGiven() || child.kinds[child.given] != patronymicWord {
					t.Fatal("a Tamil child does not bear the father's given name")
				}
			case "javanese":
				if child.count != child.given {
					t.Fatal("a Javanese child bears a family name")
				}
			}
		}
	}
}
