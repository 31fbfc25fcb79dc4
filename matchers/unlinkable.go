package matchers

import (
	"cmp"
	"slices"

	"rollcall/matchers/kernel"
	"rollcall/matchers/model"
)

// Unlinkable tells of the records of one file that could reach no partner, since
// not even an exact copy of them would be accepted.
type Unlinkable struct {
	Records int      // that were looked at: all of a small file
	Weak    int      // whose own copy would weigh too little
	Unfound int      // whose own copy would weigh enough, and that lack a value in every blocking rule
	Reasons []Reason // the commonest first
}

// Reason is a set of values that records lack.
type Reason struct {
	Missing []string // comparisons; none where the values are all there and too common
	Records int
}

// unlinkableRows is how many records of a file are looked at; of more, as many
// spread over the file.
const unlinkableRows = 100_000

// unlinkable looks for records that no partner could be found for.
func (r *run) unlinkable(right bool) Unlinkable {
	rows := r.table.Left.Rows
	if right {
		rows = r.table.Right.Rows
	}
	step := (rows + unlinkableRows - 1) / unlinkableRows
	u := Unlinkable{}
	weak, unfound := map[string]int{}, 0
	judge := r.table.Copies(right)
	levels := make([]uint8, len(r.spec.Comparisons))
	known := map[string]bool{} // by levels, whether the copy would be accepted
	for row := 0; row < rows; row += max(step, 1) {
		u.Records++
		judge.Levels(int32(row), int32(row), levels)
		judge.MarkMissing(r.spec.Parameters, int32(row), int32(row), levels)
		enough, ok := known[string(levels)]
		if !ok {
			enough = r.scorer.LogOdds(levels) >= logit(r.spec.Threshold)
			known[string(levels)] = enough
		}
		switch {
		case !enough:
			u.Weak++
			weak[r.lacking(judge, int32(row))]++
		case !r.findable(judge, int32(row)):
			unfound++
		}
	}
	u.Unfound = unfound
	for lacks, records := range weak {
		reason := Reason{Records: records}
		for i, c := range r.spec.Comparisons {
			if lacks[i] == 1 {
				reason.Missing = append(reason.Missing, c.Name)
			}
		}
		u.Reasons = append(u.Reasons, reason)
	}
	slices.SortFunc(u.Reasons, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(b.Records, a.Records), slices.Compare(a.Missing, b.Missing))
	})
	return u
}

// lacking has for each comparison 1 where a record lacks its value.
func (r *run) lacking(judge *kernel.Judge, row int32) string {
	lacks := make([]byte, len(r.spec.Comparisons))
	for i := range lacks {
		if !judge.Has(row, i) {
			lacks[i] = 1
		}
	}
	return string(lacks)
}

// findable tells whether a record has the values of some rule.
func (r *run) findable(judge *kernel.Judge, row int32) bool {
	for _, rule := range r.spec.Blocking {
		all := true
		for _, key := range rule {
			field := slices.IndexFunc(r.spec.Comparisons, func(c model.Comparison) bool { return c.Name == key.Column })
			all = all && judge.Has(row, field)
		}
		if all {
			return true
		}
	}
	return false
}
