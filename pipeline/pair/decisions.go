package pair

import (
	"fmt"
	"slices"

	"rollcall/matchers"
)

// Decision is what a person decided about two records, by their ids.
type Decision struct {
	LeftID, RightID string
	Same            bool // one person; else two
}

// The words of a decision.
const (
	decidedSame      = "same"
	decidedDifferent = "different"
)

// decisionName is the column of links.csv and pairs.parquet that has the word.
const decisionName = "decision"

// decisionColumns are those of a file of decisions.
var decisionColumns = []string{"left_id", "right_id", decisionName}

// Decisions reads a file with the columns left_id, right_id and decision, which is
// same or different.
func Decisions(t *Table) ([]Decision, error) {
	var at [3]int
	for i, name := range decisionColumns {
		if at[i] = t.Column(name); at[i] < 0 {
			return nil, refuse("%s has no column %q: a file of decisions has left_id, right_id and decision", t.Name, name)
		}
	}
	out := make([]Decision, t.Rows)
	for row := range out {
		word := t.Columns[at[2]].At(row)
		if word != decidedSame && word != decidedDifferent {
			return nil, refuse("%s, record %d: a decision is %s or %s", t.Name, row+1, decidedSame, decidedDifferent)
		}
		out[row] = Decision{t.Columns[at[0]].At(row), t.Columns[at[1]].At(row), word == decidedSame}
	}
	return out, nil
}

// judge tells the linker what was decided about pairs of records that are here.
func (o *Outcome) judge(decisions []Decision) {
	if len(decisions) == 0 {
		return
	}
	o.decisions = true
	var absent int
	o.Left.File.Judged, absent = judged(decisions, o.Left.File.IDs, o.Right.File.IDs)
	if absent > 0 {
		o.Warnings = append(o.Warnings, fmt.Sprintf("%d of %d decisions are about records that are not in these files", absent, len(decisions)))
	}
}

// judged finds the rows of decisions, and counts those about other records.
func judged(decisions []Decision, left, right []string) (found []matchers.Judged, absent int) {
	leftRow, rightRow := rowsByID(left), rowsByID(right)
	for _, d := range decisions {
		l, hasLeft := leftRow[d.LeftID]
		r, hasRight := rightRow[d.RightID]
		if !hasLeft || !hasRight {
			absent++
			continue
		}
		found = append(found, matchers.Judged{Left: l, Right: r, Same: d.Same})
	}
	return found, absent
}

func rowsByID(ids []string) map[string]int32 {
	rows := make(map[string]int32, len(ids))
	for row, id := range slices.Backward(ids) {
		rows[id] = int32(row)
	}
	return rows
}

// decisionWords are what a person may have decided on a pair; "" is nothing.
var decisionWords = []string{"", decidedSame, decidedDifferent}

// decisionOf is the number of the word that was decided on a pair.
func decisionOf(p *matchers.Pair) int {
	switch {
	case !p.Judged:
		return 0
	case p.Accepted:
		return 1
	}
	return 2
}
