package oracle_test

import (
	"bufio"
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/antzucaro/matchr"

	"rollcall/matchers/text"
)

// keys are the phonetic keys that are held beside each other. Double Metaphone has
// two for a name; they meet when any of them does.
var keys = []struct {
	name string
	meet func(a, b string) bool
}{
	{"Soundex", func(a, b string) bool { return text.Soundex(a) == text.Soundex(b) }},
	{"Double Metaphone", func(a, b string) bool {
		a1, a2 := matchr.DoubleMetaphone(a)
		b1, b2 := matchr.DoubleMetaphone(b)
		return a1 == b1 || a1 == b2 || a2 == b1 || a2 == b2
	}},
	{"Romanised", func(a, b string) bool { return text.Romanised(a) == text.Romanised(b) }},
	{"Heard", func(a, b string) bool { return text.Heard(a) == text.Heard(b) }},
}

// variants reads the spellings of names by region.
func variants(t *testing.T) map[string][][]string {
	t.Helper()
	f, err := os.Open("testdata/variants.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := map[string][][]string{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		region, spellings, ok := strings.Cut(lines.Text(), " | ")
		if ok && !strings.HasPrefix(region, "#") {
			out[region] = append(out[region], strings.Fields(spellings))
		}
	}
	return out
}

// unseen tells whether a name is of the half that no rule was fitted to.
func unseen(spellings []string) bool {
	h := fnv.New32a()
	_, _ = h.Write([]byte(spellings[0]))
	return h.Sum32()>>7%2 == 1
}

// Spellings of one name meet by Romanised more often than by the keys that were made
// for English, and different names less often. Heard, which keeps the vowels, is a
// spelling to compare rather than a key.
func TestSpellingsMeetAndNamesDoNot(t *testing.T) {
	lists := variants(t)
	all := map[string][2]int{} // by key: pairs that meet of all, in the unseen half
	for _, region := range slices.Sorted(maps.Keys(lists)) {
		for _, half := range []string{"tuning", "unseen"} {
			met, n := make([]int, len(keys)), 0
			for _, spellings := range lists[region] {
				if unseen(spellings) != (half == "unseen") {
					continue
				}
				for i, a := range spellings {
					for _, b := range spellings[:i] {
						n++
						for k := range keys {
							if keys[k].meet(a, b) {
								met[k]++
							}
						}
					}
				}
			}
			line := ""
			for k := range keys {
				line += "  " + keys[k].name + " " + percent(met[k], n)
				if half == "unseen" {
					sum := all[keys[k].name]
					all[keys[k].name] = [2]int{sum[0] + met[k], sum[1] + n}
				}
			}
			t.Logf("%-16s %s %4d pairs%s", region, half, n, line)
		}
	}
	for _, english := range []string{"Soundex", "Double Metaphone"} {
		if all["Romanised"][0] <= all[english][0] {
			t.Errorf("of %d pairs of spellings %d meet by Romanised, %d by %s", all["Romanised"][1], all["Romanised"][0], all[english][0], english)
		}
	}
	t.Logf("unseen in all: %v", all)
	var names []string
	for _, region := range slices.Sorted(maps.Keys(lists)) {
		for _, spellings := range lists[region] {
			names = append(names, spellings[0])
		}
	}
	const draws = 50_000
	random := rand.New(rand.NewPCG(3, 4))
	alike := make([]int, len(keys))
	for range draws {
		a, b := names[random.IntN(len(names))], names[random.IntN(len(names))]
		for k := range keys {
			if a != b && keys[k].meet(a, b) {
				alike[k]++
			}
		}
	}
	for k := range keys {
		t.Logf("different names: %-16s %.3f%%", keys[k].name, 100*float64(alike[k])/draws)
	}
	if alike[2] >= alike[0] || alike[2] >= alike[1] {
		t.Errorf("of %d pairs of different names %d meet by Romanised, %d by Soundex, %d by Double Metaphone", draws, alike[2], alike[0], alike[1])
	}
}

func percent(part, whole int) string {
	return fmt.Sprintf("%.1f%%", 100*float64(part)/float64(max(whole, 1)))
}
