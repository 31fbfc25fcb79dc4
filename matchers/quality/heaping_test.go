package quality

import (
	"math"
	"math/rand/v2"
	"testing"
)

// agesOf makes people of each age from 0 to 99.
func agesOf(people func(age int) int) Ages {
	ages := make(Ages, 100)
	for age := range ages {
		ages[age] = people(age)
	}
	return ages
}

// What both indices are for populations whose heaping is known by definition.
func TestHeapingByDefinition(t *testing.T) {
	even := func(int) int { return 100 }
	for _, c := range []struct {
		name           string
		people         func(age int) int
		whipple, myers float64
	}{
		{"the same number at every age", even, 100, 0},
		{"fewer at every age by the same number", func(age int) int { return 1000 - 9*age }, 100, 0},
		{"ages that end in 0 or 5 alone", func(age int) int {
			if age%5 == 0 {
				return 50
			}
			return 0
		}, 500, 80},
		{"ages that end in 0 alone", func(age int) int {
			if age%10 == 0 {
				return 50
			}
			return 0
		}, 500, 90},
		{"nobody with an age that ends in 0 or 5", func(age int) int {
			if age%5 == 0 {
				return 0
			}
			return 50
		}, 0, 20},
		{"half of all round to a multiple of five", func(age int) int {
			if age%5 == 0 {
				return 300
			}
			return 50
		}, 300, 40},
	} {
		ages := agesOf(c.people)
		if w := NewWhipple(ages, Adults); math.Abs(w.Index-c.whipple) > 1e-9 {
			t.Errorf("%s: Whipple %v, want %v", c.name, w.Index, c.whipple)
		}
		if c.whipple == 100 {
			if w := NewWhipple(ages, Old); math.Abs(w.Index-100) > 1e-9 {
				t.Errorf("%s: Whipple of old people %v, want 100", c.name, w.Index)
			}
		}
		if m := NewMyers(ages); math.Abs(m.Index-c.myers) > 1e-9 {
			t.Errorf("%s: Myers %v, want %v", c.name, m.Index, c.myers)
		}
	}
	if w, m := NewWhipple(nil, Adults), NewMyers(nil); w.Index != 0 || m.Index != 0 || w.Heaped() {
		t.Errorf("without people: %v, %v", w, m)
	}
}

// An independent reckoning of a population that is neither even nor linear, in
// Python:
//
//	P = [round(1000*0.98**x) * (3 if x%10==0 else 2 if x%5==0 else 1) for x in range(100)]
//	W = 500*sum(P[25:61:5])/sum(P[23:63])
//	T1 = [sum(P[10+a:80:10]) for a in range(10)]
//	T2 = [sum(P[20+a:90:10]) for a in range(10)]
//	B = [(a+1)*T1[a]+(9-a)*T2[a] for a in range(10)]
//	M = sum(abs(100*b/sum(B)-10) for b in B)/2
func TestHeapingAgainstPython(t *testing.T) {
	ages := agesOf(func(age int) int {
		n := int(math.RoundToEven(1000 * math.Pow(0.98, float64(age))))
		switch {
		case age%10 == 0:
			return 3 * n
		case age%5 == 0:
			return 2 * n
		}
		return n
	})
	const pythonWhipple, pythonMyers = 191.01148507826704, 18.457793311664467
	w, m := NewWhipple(ages, Adults), NewMyers(ages)
	if math.Abs(w.Index-pythonWhipple) > 1e-9 || math.Abs(m.Index-pythonMyers) > 1e-9 {
		t.Errorf("Whipple %.10f, Myers %.10f", w.Index, m.Index)
	}
	if w.Words() != "very rough" || !w.Heaped() {
		t.Errorf("an index of %.1f is called %s, heaped: %v", w.Index, w.Words(), w.Heaped())
	}
}

// Where nobody rounds, one index of twenty passes what is said to be by chance:
// for the ages of some people, and for the strongest of five years.
func TestHeapingByChance(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const trials, people = 2000, 400
	whipple, myers, told := 0, 0, 0
	for range trials {
		ages, births := make(Ages, 100), map[int]int{}
		for range people {
			age := 10 + random.IntN(80)
			ages[age]++
			births[2020-age]++
		}
		if w := NewWhipple(ages, Adults); w.Index > w.ByChance {
			whipple++
		}
		if m := NewMyers(ages); m.Index > m.ByChance {
			myers++
		}
		if told5 := ToldIn(births, 2024); told5.Index > told5.ByChance {
			told++
		}
	}
	for name, passed := range map[string]int{"Whipple": whipple, "Myers": myers, "the strongest of five years": told} {
		if share := float64(passed) / trials; share < 0.025 || share > 0.08 {
			t.Errorf("%s passes its chance in %.1f%% of populations without heaping, want about 5%%", name, 100*share)
		}
	}
}

// The year in which ages were told is found up to five years.
func TestToldIn(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for told := 2015; told < 2020; told++ {
		births := map[int]int{}
		for range 3000 {
			age := 18 + random.IntN(60)
			if random.IntN(4) == 0 {
				age = (age + 2) / 5 * 5
			}
			births[told-age]++
		}
		got := ToldIn(births, 2024)
		if got.Year%5 != told%5 || got.Year <= 2019 || !got.Heaped() {
			t.Errorf("ages told in %d: found %d, index %.0f, by chance up to %.0f", told, got.Year, got.Index, got.ByChance)
		}
	}
	old := map[int]int{}
	for range 1000 {
		old[2021-(65+random.IntN(5)*5)]++
	}
	if got := ToldIn(old, 2024); got.Year != 2021 || got.Span != Old {
		t.Errorf("a roster of old people: %d by ages %v, want 2021 by those from 63 on", got.Year, got.Span)
	}
	if got := ToldIn(nil, 2024); got.Index != 0 || got.Year != 0 {
		t.Errorf("no births: %+v", got)
	}
}
