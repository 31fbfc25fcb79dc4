package script_test

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rollcall/matchers/locale"
	"rollcall/matchers/text"
)

// near is the Jaro-Winkler similarity at which two spellings of a name meet.
const near = 0.85

// pair is a name in its own script and in Latin letters.
type pair struct{ native, latin string }

// unseen tells whether a pair is of the half that no rule was fitted to.
func (p pair) unseen() bool {
	h := fnv.New32a()
	_, _ = h.Write([]byte(p.native))
	return h.Sum32()>>7%2 == 1
}

// words parts two full names with as many words into pairs of words: a given name
// and a surname are to meet each by itself.
func (p pair) words() []pair {
	native, latin := strings.Fields(p.native), strings.Fields(p.latin)
	if len(native) != len(latin) {
		return []pair{p}
	}
	out := make([]pair, len(native))
	for i := range native {
		out[i] = pair{native[i], latin[i]}
	}
	return out
}

// similarity of a reading to what is expected, both in normal form, with or without
// the spaces between the parts of a name.
func similarity(reading, latin string) float64 {
	a, _ := locale.Name(reading)
	b, _ := locale.Name(latin)
	a, b = strings.TrimPrefix(a, "al "), strings.TrimPrefix(b, "al ") // the article is a word, which is left out at will
	joined := text.JaroWinkler(strings.ReplaceAll(a, " ", ""), strings.ReplaceAll(b, " ", ""))
	return max(text.JaroWinkler(a, b), joined)
}

// linked are the readings of a name as linking compares them.
func linked(native string) []string { return text.Readings(locale.Neutral().Readings(native)) }

// share counts the pairs of a list that meet, by the first reading and by any.
type share struct{ n, latin, readings int }

func (s *share) add(p pair) {
	readings := linked(p.native)
	s.n++
	if similarity(readings[0], p.latin) >= near {
		s.latin++
	}
	if slices.ContainsFunc(readings, func(r string) bool { return similarity(r, p.latin) >= near }) {
		s.readings++
	}
}

func percent(part, whole int) float64 { return 100 * float64(part) / float64(max(whole, 1)) }

// measured prints a list's shares and returns that of the unseen half by any reading.
func measured(t *testing.T, name string, pairs []pair) float64 {
	var tuning, unseen share
	seen := map[pair]bool{}
	for _, whole := range pairs {
		for _, p := range whole.words() {
			switch {
			case seen[p]:
			case p.unseen():
				unseen.add(p)
			default:
				tuning.add(p)
			}
			seen[p] = true
		}
	}
	t.Logf("%-20s tuning %4d %5.1f%% %5.1f%%  unseen %4d %5.1f%% %5.1f%%", name,
		tuning.n, percent(tuning.latin, tuning.n), percent(tuning.readings, tuning.n),
		unseen.n, percent(unseen.latin, unseen.n), percent(unseen.readings, unseen.n))
	return percent(unseen.readings, unseen.n)
}

func readPairs(t *testing.T, path string) []pair {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []pair
	for lines := bufio.NewScanner(f); lines.Scan(); {
		native, latin, ok := strings.Cut(lines.Text(), " | ")
		if ok && !strings.HasPrefix(native, "#") {
			out = append(out, pair{native, latin})
		}
	}
	return out
}

// Names and their usual romanisation meet. The lists are in testdata with their
// sources; the least share of each is what is reached, less a little.
func TestNativeAndLatinMeet(t *testing.T) {
	least := map[string]float64{
		"persons-arabic": 88, "persons-khmer": 86, "persons-burmese": 85, "places-burmese": 85, "persons-malayalam": 88,
		"rarer-arabic": 88, "rarer-persian": 93,
	}
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no lists in testdata: %v", err)
	}
	for _, path := range files {
		name := strings.TrimSuffix(filepath.Base(path), ".txt")
		if got, want := measured(t, name, readPairs(t, path)), cmp.Or(least[name], 95); got < want {
			t.Errorf("%s: %.1f%% of the unseen names meet, want %.0f%%", name, got, want)
		}
	}
}

// names reads the columns of a CSV file of the shared data sets, skipping the test
// where they are not.
func names(t *testing.T, file string, columns ...string) [][]string {
	t.Helper()
	shared := os.Getenv("ROLLCALL_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "..", "shared")
	}
	f, err := os.Open(filepath.Join(shared, "datasets", "names", file))
	if err != nil {
		t.Skipf("left out: labelled files that lie beside the project (or in ROLLCALL_SHARED) are not there: %v", err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rows[0][0] = strings.TrimPrefix(rows[0][0], "\ufeff")
	out := make([][]string, 0, len(rows))
	for _, row := range rows[1:] {
		var picked []string
		for _, column := range columns {
			at := slices.Index(rows[0], column)
			if at < 0 {
				t.Fatalf("%s has no column %s", file, column)
			}
			picked = append(picked, strings.TrimSpace(row[at]))
		}
		out = append(out, picked)
	}
	return out
}

// The popular names of countries with both spellings, by script. Chinese characters
// are read in Mandarin alone: those of China and Taiwan count.
func TestPopularNamesMeet(t *testing.T) {
	lists := map[string][]pair{}
	for _, file := range []string{"popular_forenames_by_country.csv", "popular_surnames_by_country.csv"} {
		for _, row := range names(t, file, "Country", "Localized Name", "Romanized Name") {
			which := locale.Script(row[1])
			if which == "" || which == "Latin" || row[2] == "" || which == "Han" && row[0] != "CN" && row[0] != "TW" {
				continue
			}
			lists[which] = append(lists[which], pair{row[1], row[2]})
		}
	}
	least := map[string]float64{"Khmer": 82, "Hangul": 90, "Hebrew": 85}
	for _, which := range slices.Sorted(maps.Keys(lists)) {
		if got, want := measured(t, which, lists[which]), cmp.Or(least[which], 95); got < want && len(lists[which]) >= 20 {
			t.Errorf("%s: %.1f%% of the unseen names meet, want %.0f%%", which, got, want)
		}
	}
}

// Two different names drawn at random, as often as they occur where that is known,
// seldom look alike in Latin letters.
func TestDifferentNamesStayApart(t *testing.T) {
	lists := map[string]map[string]float64{}
	for _, file := range []string{"faker_py_person_names.csv", "faker_php_person_names.csv", "faker_js_person_names.csv"} {
		columns := []string{"locale", "kind", "name"}
		if strings.Contains(file, "_py_") {
			columns = append(columns, "weight")
		}
		for _, row := range names(t, file, columns...) {
			kind := "given"
			if strings.HasPrefix(row[1], "last") {
				kind = "surname"
			}
			if !strings.HasPrefix(row[1], "first") && kind == "given" {
				continue
			}
			which := locale.Script(row[2])
			if which == "" || which == "Latin" {
				continue
			}
			weight := 1.0
			if len(row) > 3 && row[3] != "" {
				if _, err := fmt.Sscan(row[3], &weight); err != nil {
					t.Fatal(err)
				}
			}
			key := which + " " + kind
			if lists[key] == nil {
				lists[key] = map[string]float64{}
			}
			lists[key][row[2]] = max(lists[key][row[2]], weight)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(lists)) {
		if len(lists[key]) < 40 {
			continue
		}
		latin, any := collisions(lists[key])
		t.Logf("%-20s %5d names, alike %.2f%% by the first readings, %.2f%% by any of one", key, len(lists[key]), latin, any)
		most := map[string]float64{"Hangul given": 3.2, "Hangul surname": 2.6, "Han surname": 2.9} // short, and of few syllables
		if any > cmp.Or(most[key], 2) {
			t.Errorf("%s: %.2f%% of different names look alike", key, any)
		}
	}
}

// collisions draws pairs of different names and tells the shares, in percent, that
// are near each other by their first readings, as names of one script are compared,
// and by any of the one and the first of the other, as with a name in Latin letters.
func collisions(weights map[string]float64) (latin, any float64) {
	const draws = 20_000
	list := slices.Sorted(maps.Keys(weights))
	var sums []float64
	total := 0.0
	readings := make([][]string, len(list))
	for i, name := range list {
		total += weights[name]
		sums = append(sums, total)
		readings[i] = linked(name)
	}
	random := rand.New(rand.NewPCG(1, 2))
	draw := func() int {
		at, _ := slices.BinarySearch(sums, random.Float64()*total)
		return min(at, len(list)-1)
	}
	first, either := 0, 0
	for range draws {
		a, b := draw(), draw()
		for list[a] == list[b] {
			b = draw()
		}
		if text.JaroWinkler(readings[a][0], readings[b][0]) >= near {
			first++
		}
		if slices.ContainsFunc(readings[a], func(r string) bool { return text.JaroWinkler(r, readings[b][0]) >= near }) {
			either++
		}
	}
	return percent(first, draws), percent(either, draws)
}
