package pair

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
)

// A number that a clerk wrote for everybody who had none says the less the more bear
// it, and links nobody to another of its bearers; those of one's own lose nothing by it.
func TestSharedIdentityNumbersSayLittle(t *testing.T) {
	for _, bearers := range []int{2, 5, 50} {
		rng := rand.New(rand.NewPCG(3, 5))
		syllables := strings.Fields("ra hi ma ka lo ti na su be da go pi ru fa jo le mi no sa tu")
		name := func() string { return syllables[rng.IntN(20)] + syllables[rng.IntN(20)] + syllables[rng.IntN(20)] }
		const people = 500
		left, right := [][]string{{"no", "given_name", "family_name", "dob", "national_id"}}, [][]string{{"id", "given_name", "family_name", "birth_date", "national_id"}}
		for i := range people {
			number := fmt.Sprintf("19%08d", 17+i*7919)
			if i < bearers {
				number = "1900000417"
			}
			given, family, born := name(), name(), fmt.Sprintf("%d-%02d-%02d", 1940+rng.IntN(60), 1+rng.IntN(12), 1+rng.IntN(28))
			left = append(left, []string{fmt.Sprintf("L%03d", i), given, family, born, number})
			if i%2 == 0 && i < bearers {
				given, family, born = name(), name(), "1990-01-01" // not there: another of the bearers is no partner
			}
			right = append(right, []string{fmt.Sprintf("R%03d", (i*7)%people), given, family, born, number})
		}
		folder := t.TempDir()
		write(t, filepath.Join(folder, "left.csv"), left)
		write(t, filepath.Join(folder, "right.csv"), right)
		l, r := load(t, folder, "left.csv"), load(t, folder, "right.csv")
		o, err := Link(context.Background(), l, r, Options{})
		if err != nil {
			t.Fatal(err)
		}
		bits := map[bool][]float64{} // of agreeing on a number, by whether it is the clerk's
		wrong, found := 0, 0
		for _, p := range o.Result.Pairs {
			if !p.Accepted {
				continue
			}
			found++
			if rightOf := fmt.Sprintf("R%03d", int(p.Left)*7%people); o.Right.ids.at(p.Right) != rightOf || int(p.Left) < bearers && p.Left%2 == 0 {
				wrong++
			}
			e, err := Explain(l, r, int(p.Left), int(p.Right), o.Result.Specification, Locale{})
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range e.Steps {
				if s.Comparison == "national_id" && strings.HasPrefix(s.Level, "equal") {
					bits[int(p.Left) < bearers] = append(bits[int(p.Left) < bearers], s.Bits)
				}
			}
		}
		if wrong > 0 || len(bits[true]) == 0 || len(bits[false]) < people/2 {
			t.Fatalf("%d of %d links are wrong; %d bearers and %d others agree on a number", wrong, found, len(bits[true]), len(bits[false]))
		}
		shared, own := bits[true][0], bits[false][0]
		if bearers >= 5 && shared > own-math.Log2(float64(bearers)) {
			t.Errorf("a number that %d bear says %.1f bits, one's own %.1f", bearers, shared, own)
		}
	}
}
