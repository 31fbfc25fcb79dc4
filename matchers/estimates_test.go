package matchers_test

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rollcall/matchers"
	"rollcall/matchers/model"
)

// known is a linkage whose answer is known.
type known struct {
	name        string
	left, right *matchers.File // the same file where duplicates are looked for
	spec        model.Specification
	truth       map[[2]string]bool // both ways round in one file
}

// outcome is what a linkage said of itself, and what was so.
type outcome struct {
	name              string
	trues             int
	precision, recall float64
	said              *matchers.Result
}

// run links and holds the result against the truth.
func (k known) run(t *testing.T) outcome {
	t.Helper()
	link := func() (*matchers.Result, error) {
		if k.left == k.right {
			return matchers.Dedupe(context.Background(), k.left, k.spec, matchers.Options{})
		}
		return matchers.Link(context.Background(), k.left, k.right, k.spec, matchers.Options{})
	}
	result, err := link()
	if err != nil {
		t.Fatalf("%s: %v", k.name, err)
	}
	o := outcome{name: k.name, trues: k.trues(), said: result}
	accepted, right := 0, 0
	for _, p := range result.Pairs {
		if p.Accepted {
			accepted++
			if k.is(p) {
				right++
			}
		}
	}
	o.precision, o.recall = float64(right)/float64(max(accepted, 1)), float64(right)/float64(max(o.trues, 1))
	return o
}

// is tells whether a pair is one person.
func (k known) is(p matchers.Pair) bool {
	return k.truth[[2]string{k.left.IDs[p.Left], k.right.IDs[p.Right]}]
}

// trues is the number of true pairs among the records that there are.
func (k known) trues() int {
	left, right := map[string]bool{}, map[string]bool{}
	for _, id := range k.left.IDs {
		left[id] = true
	}
	for _, id := range k.right.IDs {
		right[id] = true
	}
	n := 0
	for pair := range k.truth {
		if left[pair[0]] && right[pair[1]] {
			n++
		}
	}
	if k.left == k.right {
		n /= 2
	}
	return n
}

// fewest is how many comparisons always stay.
const fewest = 4

// of takes a share of the records, and leaves out some of the comparisons.
func (k known) of(share float64, leave int, seed uint64) known {
	h := fnv.New64a()
	fmt.Fprint(h, k.name)
	random := rand.New(rand.NewPCG(seed+uint64(1000*share), h.Sum64()))
	some := known{truth: k.truth, spec: k.spec, left: thin(k.left, share, random)}
	some.right = some.left
	if k.left != k.right {
		some.right = thin(k.right, share, random)
	}
	some.spec.Comparisons = slices.Clone(k.spec.Comparisons)
	var left []string
	for range leave {
		at := random.IntN(len(some.spec.Comparisons))
		left = append(left, some.spec.Comparisons[at].Name)
		some.spec.Comparisons = slices.Delete(some.spec.Comparisons, at, at+1)
	}
	some.name = fmt.Sprintf("%s, %.0f%%", k.name, 100*share)
	if len(left) > 0 {
		some.name += " without " + strings.Join(left, ", ")
	}
	return some
}

// thin keeps a share of the rows of a file.
func thin(file *matchers.File, share float64, random *rand.Rand) *matchers.File {
	var rows []int
	for row := range file.IDs {
		if random.Float64() < share {
			rows = append(rows, row)
		}
	}
	out := &matchers.File{}
	for _, row := range rows {
		out.IDs = append(out.IDs, file.IDs[row])
	}
	for _, c := range file.Columns {
		values := make([]string, len(rows))
		for i, row := range rows {
			values[i] = c.Values.At(c.Codes[row])
		}
		out.Columns = append(out.Columns, column(c.Name, values))
	}
	return out
}

// knownSets are the labelled data, two large files where somebody made them, and
// countries made for these tests; each with the shares of its records to take.
func knownSets(t *testing.T, yield func(k known, shares []float64)) {
	datasets := filepath.Join(sharedFolder(), "datasets")
	sets := slices.Clone(labelledSets)
	if folder := os.Getenv("ROLLCALL_SCALE"); folder != "" {
		sets = append(sets, labelled{name: "large files", folder: folder, files: []string{"a.csv", "b.csv"}, ids: []string{"id", "id"}, long: true})
	} else {
		t.Log("left out: two large files with their truth.csv (set ROLLCALL_SCALE to the folder of a.csv and b.csv)")
	}
	for _, set := range sets {
		folder := cmp.Or(set.folder, set.name)
		if !filepath.IsAbs(folder) {
			folder = filepath.Join(datasets, folder)
		}
		if _, err := os.Stat(folder); err != nil {
			t.Logf("left out: labelled files that lie beside the project (or in ROLLCALL_SHARED) are not there: %v", err)
			continue
		}
		if !chosen(set.name) {
			continue
		}
		var files []*matchers.File
		for i, file := range set.files {
			files = append(files, readFile(t, filepath.Join(folder, file), set.ids[i]))
		}
		k := known{
			name: set.name, left: files[0], right: files[len(files)-1], spec: handWritten(files, set.without),
			truth: readTruth(t, filepath.Join(folder, cmp.Or(set.truth, "truth.csv"))),
		}
		if set.without {
			k.name += " without identifiers"
		}
		shares := []float64{1, .6, .3}
		if set.long {
			shares = []float64{.3, .2, .1}
		}
		yield(k, shares)
	}
	for _, size := range []int{3_000, 30_000} {
		name := fmt.Sprintf("made country of %d", size)
		if !chosen(name) {
			continue
		}
		left, right := newPopulation(5, size).pair()
		k := known{name: name, left: left, right: right, spec: personSpecification(), truth: map[[2]string]bool{}}
		for _, id := range left.IDs {
			k.truth[[2]string{id, "b" + id[1:]}] = true
		}
		yield(k, []float64{1, .6, .3})
	}
}

// chosen says whether to take a set: all, or those whose name has what
// ROLLCALL_SETS says.
func chosen(name string) bool { return strings.Contains(name, os.Getenv("ROLLCALL_SETS")) }

// TestEstimatesAgainstTruth holds the precision and recall that linkages expect
// of themselves against what they are: parts of each known set, with comparisons
// left out.
func TestEstimatesAgainstTruth(t *testing.T) {
	if os.Getenv("ROLLCALL_LONG") == "" {
		t.Skip("left to make test-long: hundreds of linkages")
	}
	var all []outcome
	knownSets(t, func(k known, shares []float64) {
		var of []outcome
		for seed := range uint64(2) {
			for i, share := range shares {
				for leave := range 3 {
					if seed > 0 && i == 0 && leave == 0 {
						continue
					}
					if leave > 0 && len(k.spec.Comparisons)-leave < fewest {
						continue
					}
					o := k.of(share, leave, 2*seed+1).run(t)
					t.Logf("%-90s %6d pairs  P %.4f in %.4f %.4f %.4f  R %.4f in %.4f %.4f %.4f", o.name, o.trues,
						o.precision, o.said.ExpectedPrecision[0], o.said.ExpectedPrecision[1], o.said.ExpectedPrecision[2],
						o.recall, o.said.ExpectedRecall[0], o.said.ExpectedRecall[1], o.said.ExpectedRecall[2])
					of = append(of, o)
				}
			}
		}
		t.Log(coverage(k.name, of))
		all = append(all, of...)
	})
	t.Log(coverage("all", all))
	if len(all) < 200 {
		t.Skipf("only %d linkages: no judgement on so few", len(all))
	}
	precisionIn, recallIn := covered(all)
	if least := .9 * float64(len(all)); float64(precisionIn) < least || float64(recallIn) < least {
		t.Errorf("of %d intervals %d hold the precision and %d the recall, want %.0f", len(all), precisionIn, recallIn, least)
	}
}

// covered counts the truths that lie in their intervals.
func covered(of []outcome) (precision, recall int) {
	for _, o := range of {
		if within(o.precision, o.said.ExpectedPrecision) {
			precision++
		}
		if within(o.recall, o.said.ExpectedRecall) {
			recall++
		}
	}
	return precision, recall
}

// coverage says how many truths lie in their intervals, and how wide those are.
func coverage(name string, of []outcome) string {
	var precisionWidth, recallWidth []float64
	for _, o := range of {
		if o.trues >= 1000 {
			precisionWidth = append(precisionWidth, o.said.ExpectedPrecision[2]-o.said.ExpectedPrecision[0])
		}
		recallWidth = append(recallWidth, o.said.ExpectedRecall[2]-o.said.ExpectedRecall[0])
	}
	precisionIn, recallIn := covered(of)
	return fmt.Sprintf("coverage of %-40s: %3d trials, precision in %3d (%.3f), width %.4f; recall in %3d (%.3f), width %.4f",
		name, len(of), precisionIn, float64(precisionIn)/float64(max(1, len(of))), median(precisionWidth),
		recallIn, float64(recallIn)/float64(max(1, len(of))), median(recallWidth))
}

func within(x float64, interval [3]float64) bool {
	const rounding = 1e-9
	return x >= interval[0]-rounding && x <= interval[2]+rounding
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	return values[len(values)/2]
}
