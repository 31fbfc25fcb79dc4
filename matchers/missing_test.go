package matchers_test

import (
	"hash/fnv"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/matchers"
	"rollcall/matchers/model"
)

// motherless takes the mothers' names of one record in three out of a file: by the
// person, so that both of his records lack it, or by the record.
func motherless(f *matchers.File, byPerson bool) *matchers.File {
	out := *f
	out.Columns = nil
	for _, c := range f.Columns {
		if c.Name == "mother_name" {
			var values []string
			for row, id := range f.IDs {
				value := c.Values.At(c.Codes[row])
				if byPerson {
					id = id[1:] // what comes first tells the file
				}
				h := fnv.New32a()
				h.Write([]byte(id))
				if h.Sum32()%3 == 0 {
					value = ""
				}
				values = append(values, value)
			}
			c = column(c.Name, values)
		}
		out.Columns = append(out.Columns, c)
	}
	return &out
}

// TestMissingValuesWeighWhereShown: where both records of a person lack a value
// together that speaks for a match and one without the other against; where records
// lack it by chance it says nothing. A trained model keeps it, and a pair can be
// explained by it.
func TestMissingValuesWeighWhereShown(t *testing.T) {
	spec := personSpecification()
	const mother = 6
	for _, byPerson := range []bool{false, true} {
		left, right := newPopulation(31, 3000).pair()
		left, right = motherless(left, byPerson), motherless(right, byPerson)
		result := mustLink(t, left, right, spec, 0)
		trained := result.Specification
		if !byPerson {
			if trained.Parameters.Missing != nil {
				t.Errorf("values lack by chance and weigh %v", trained.Parameters.Missing)
			}
			continue
		}
		if trained.Parameters.Missing == nil {
			t.Fatalf("values lack together and weigh nothing: %+v", result.Lacking)
		}
		for c, w := range trained.Parameters.Missing {
			if (c == mother) != (w.Both > .5 && w.One < -.5) {
				t.Errorf("missing values of %s weigh %+v", spec.Comparisons[c].Name, w)
			}
		}
		seen := map[uint8]bool{}
		for _, p := range result.Pairs {
			seen[p.Levels[mother]] = true
		}
		if !seen[model.BothMissing] || !seen[model.OneMissing] || seen[model.Missing] {
			t.Errorf("pairs have the levels %v", seen)
		}
		again := mustLink(t, left, right, trained, 1)
		if diff := cmp.Diff(tell(result, left, right), tell(again, left, right)); diff != "" {
			t.Errorf("the trained model on the same files differs:\n%s", diff)
		}
		explained(t, trained, mother)
	}
}

// explained holds that missing values are among the terms of a pair, and that these
// make its weight.
func explained(t *testing.T, spec model.Specification, mother int) {
	one := []string{"rahima", "khatun", "female", "1951-03-02", "P00001", "d01", "", ""}
	e, err := matchers.Explain(spec, one, one, nil)
	if err != nil {
		t.Fatal(err)
	}
	if term := e.Terms[mother]; term.Level != model.MissingName(model.BothMissing) || term.Bits != spec.Parameters.Missing[mother].Both {
		t.Errorf("the mothers' names are explained as %+v", term)
	}
	sum := e.OtherBits
	for _, term := range e.Terms {
		sum += term.Bits
	}
	if math.Abs(sum-e.WeightBits) > 1e-9 {
		t.Errorf("terms add up to %.4f bits, the weight is %.4f", sum, e.WeightBits)
	}
}
