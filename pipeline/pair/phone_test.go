package pair

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
)

// Many people give the telephone of one shop. To agree on it says much less than to
// agree on a number of one's own, however the numbers are written, and links nobody
// to another of the shop's customers.
func TestSharedTelephonesSayLittle(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 5))
	syllables := strings.Fields("ra hi ma ka lo ti na su be da go pi ru fa jo le mi no sa tu")
	name := func() string { return syllables[rng.IntN(20)] + syllables[rng.IntN(20)] + syllables[rng.IntN(20)] }
	const people, customers = 500, 60
	left, right := [][]string{{"no", "given_name", "family_name", "dob", "phone"}}, [][]string{{"id", "given_name", "family_name", "birth_date", "mobile"}}
	for i := range people {
		phone := fmt.Sprintf("171%07d", 1+i*7919)
		if i < customers {
			phone = "1812345670"
		}
		given, family, born := name(), name(), fmt.Sprintf("%d-%02d-%02d", 1940+rng.IntN(60), 1+rng.IntN(12), 1+rng.IntN(28))
		left = append(left, []string{fmt.Sprintf("L%03d", i), given, family, born, "0" + phone[:4] + "-" + phone[4:]})
		right = append(right, []string{fmt.Sprintf("R%03d", (i*7)%people), given, family, born, "+880 " + phone})
	}
	folder := t.TempDir()
	write(t, filepath.Join(folder, "left.csv"), left)
	write(t, filepath.Join(folder, "right.csv"), right)
	l, r := load(t, folder, "left.csv"), load(t, folder, "right.csv")
	o, err := Link(context.Background(), l, r, Options{})
	if err != nil {
		t.Fatal(err)
	}
	bits := map[bool][]float64{} // of agreeing on a telephone, by whether it is the shop's
	for _, p := range o.Result.Pairs {
		if !p.Accepted {
			continue
		}
		if rightOf := fmt.Sprintf("R%03d", int(p.Left)*7%people); o.Right.ids.at(p.Right) != rightOf {
			t.Errorf("%s is linked to %s", o.Left.ids.at(p.Left), o.Right.ids.at(p.Right))
		}
		e, err := Explain(l, r, int(p.Left), int(p.Right), o.Result.Specification, Locale{})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range e.Steps {
			if s.Comparison == "phone" && strings.HasPrefix(s.Level, "equal") {
				bits[p.Left < customers] = append(bits[p.Left < customers], s.Bits)
			}
		}
	}
	if len(bits[true]) < customers/2 || len(bits[false]) < people/2 {
		t.Fatalf("%d customers and %d others agree on a telephone", len(bits[true]), len(bits[false]))
	}
	if shop, own := bits[true][0], bits[false][0]; shop > own-4 {
		t.Errorf("the shop's telephone says %.1f bits, one's own %.1f", shop, own)
	}
}
