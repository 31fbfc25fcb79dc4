package matchers_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"rollcall/matchers"
	"rollcall/matchers/model"
)

// twice adds copies of a share of a file's rows, each with a slip in one value of
// three.
func twice(f *matchers.File, share float64, seed uint64) *matchers.File {
	random := rand.New(rand.NewPCG(seed, 9))
	p := &population{random: random}
	var rows []int
	for row := range f.IDs {
		if random.Float64() < share {
			rows = append(rows, row)
		}
	}
	copies := part(f, rows)
	for i, c := range copies.Columns {
		var values []string
		for _, code := range c.Codes {
			value := c.Values.At(code)
			if random.IntN(3) == 0 && c.Name != "sex" && c.Name != "district" {
				value = p.typo(value)
			}
			values = append(values, value)
		}
		copies.Columns[i] = column(c.Name, values)
	}
	return merged(f, copies)
}

// measured is the precision and recall of links whose ids' numbers are people.
func measured(result *matchers.Result, left, right *matchers.File) (precision, recall float64) {
	people := map[string]int{}
	for _, id := range right.IDs {
		people[id[1:]]++
	}
	all, said, good := 0, 0, 0
	for _, id := range left.IDs {
		all += people[id[1:]]
	}
	for _, p := range result.Pairs {
		if p.Accepted {
			said++
			if left.IDs[p.Left][1:] == right.IDs[p.Right][1:] {
				good++
			}
		}
	}
	return float64(good) / float64(max(said, 1)), float64(good) / float64(max(all, 1))
}

// TestRelationIsFoundOut: whether a file has people twice is told by the files, and
// where it has, every true partner is linked.
func TestRelationIsFoundOut(t *testing.T) {
	left, right := newPopulation(43, 4000).pair()
	many := func(f *matchers.File) *matchers.File { return twice(f, .06, 8) }
	for _, c := range []struct {
		want        model.Relation
		left, right *matchers.File
	}{
		{model.OneToOne, left, right},
		{model.OneToMany, left, many(right)},
		{model.ManyToOne, many(left), right},
		{model.ManyToMany, many(left), many(right)},
	} {
		t.Run(string(c.want), func(t *testing.T) {
			spec := personSpecification()
			spec.Relation = ""
			result := mustLink(t, c.left, c.right, spec, 0)
			if got := result.Specification.Relation; got != c.want {
				t.Errorf("found %s: %s", got, result.Specification.RelationWhy)
			}
			precision, recall := measured(result, c.left, c.right)
			if precision < .99 || recall < .98 {
				t.Errorf("precision %.4f recall %.4f, want .99 and .98", precision, recall)
			}
			sums := map[string]float64{}
			for _, p := range result.Pairs {
				if c.want.LeftOnce() {
					sums[fmt.Sprint("left ", p.Left)] += p.Probability
				}
				if c.want.RightOnce() {
					sums[fmt.Sprint("right ", p.Right)] += p.Probability
				}
			}
			for record, sum := range sums {
				if sum > 1+1e-9 {
					t.Errorf("the partners of %s have probability %g together", record, sum)
				}
			}
		})
	}
}

// without is a file that lacks some columns, and comparing without them.
func without(f *matchers.File, spec model.Specification, names ...string) (*matchers.File, model.Specification) {
	less := *f
	less.Columns = slices.DeleteFunc(slices.Clone(f.Columns), func(c matchers.Column) bool { return slices.Contains(names, c.Name) })
	spec.Comparisons = slices.DeleteFunc(slices.Clone(spec.Comparisons), func(c model.Comparison) bool { return slices.Contains(names, c.Name) })
	return &less, spec
}

// TestRelationOfFewColumns: where columns are few and namesakes fit as well as
// anybody, a record has one partner; where one file has a tenth of its people twice
// and the other shows how rare namesakes are, it has several. Where columns are many, files of any size show it.
func TestRelationOfFewColumns(t *testing.T) {
	names := []string{"birth", "postcode", "district", "mother_name", "national_id"}
	some := []string{"mother_name", "national_id", "postcode"}
	for _, c := range []struct {
		name        string
		people      int
		lacks       []string
		right, left bool // has a tenth twice
		want        model.Relation
	}{
		{"names and sex", 4000, names, false, false, model.OneToOne},
		{"names and sex, large", 20000, names, false, false, model.OneToOne},
		{"few people", 200, some, false, false, model.OneToOne},
		{"names and birth", 4000, some, false, false, model.OneToOne},
		{"names and birth, right doubled", 4000, some, true, false, model.OneToMany},
		{"names and birth, left doubled", 4000, some, false, true, model.ManyToOne},
		{"names and birth, both doubled", 4000, some, true, true, model.ManyToMany},
		{"all, few people", 200, nil, false, false, model.OneToOne},
		{"all, few people, both doubled", 200, nil, true, true, model.ManyToMany},
		{"all, many people", 20000, nil, false, false, model.OneToOne},
		{"all, many people, both doubled", 20000, nil, true, true, model.ManyToMany},
	} {
		t.Run(c.name, func(t *testing.T) {
			left, right := newPopulation(44, c.people).pair()
			if c.left {
				left = twice(left, .1, 8)
			}
			if c.right {
				right = twice(right, .1, 9)
			}
			left, spec := without(left, personSpecification(), c.lacks...)
			right, _ = without(right, spec, c.lacks...)
			spec.Relation = ""
			result := mustLink(t, left, right, spec, 0)
			precision, recall := measured(result, left, right)
			t.Logf("precision %.4f recall %.4f %s: %s", precision, recall, result.Specification.Relation, result.Specification.RelationWhy)
			if got := result.Specification.Relation; got != c.want {
				t.Errorf("found %s, want %s: %s", got, c.want, result.Specification.RelationWhy)
			}
		})
	}
}

// TestRelationOfLabelledFiles: a file split in two by record has people in both
// halves several times; registers against a roster have not.
func TestRelationOfLabelledFiles(t *testing.T) {
	datasets := filepath.Join(sharedFolder(), "datasets")
	if _, err := os.Stat(datasets); err != nil {
		t.Skipf("left out: labelled files that lie beside the project (or in ROLLCALL_SHARED) are not there: %v", err)
	}
	for name, want := range map[string]model.Relation{"febrl2": model.ManyToMany, "opencr_uganda": model.OneToOne} {
		t.Run(name, func(t *testing.T) {
			all := readFile(t, filepath.Join(datasets, name, "records.csv"), "rec_id")
			halves := split(rand.New(rand.NewPCG(1, 1)), len(all.IDs), 2)
			left, right := part(all, halves[0]), part(all, halves[1])
			result := mustLink(t, left, right, handWritten([]*matchers.File{left, right}, false), 0)
			if got := result.Specification.Relation; got != want {
				t.Errorf("found %s: %s", got, result.Specification.RelationWhy)
			}
			good, said := 0, 0
			truth := readTruth(t, filepath.Join(datasets, name, "truth.csv"))
			for _, p := range result.Pairs {
				if p.Accepted {
					said++
					if truth[[2]string{left.IDs[p.Left], right.IDs[p.Right]}] {
						good++
					}
				}
			}
			wanted := 0
			for _, a := range left.IDs {
				for _, b := range right.IDs {
					if truth[[2]string{a, b}] {
						wanted++
					}
				}
			}
			if precision, recall := float64(good)/float64(said), float64(good)/float64(wanted); precision < .99 || recall < .95 {
				t.Errorf("precision %.4f recall %.4f, want .99 and .95", precision, recall)
			}
		})
	}
}
