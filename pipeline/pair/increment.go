package pair

import (
	"fmt"
	"slices"
	"strconv"

	"rollcall/matchers"
	"rollcall/matchers/dictionary"
	"rollcall/matchers/model"
)

// AddTo takes up the pairs of an earlier linkage by the same frozen model, as its
// pairs.parquet has them, and decides anew on all: as one linkage of the records
// of both would. A pair whose two records are here again counts as it is here.
// from names the earlier linkage to people.
func (o *Outcome) AddTo(earlier *Table, from string, decisions []Decision) error {
	for _, s := range o.sides() {
		if s.ID == "" {
			return refuse("%s has no ids, so that its records cannot be told from those of %s: name their column", s.Table.Name, from)
		}
		if s.repeats > 0 {
			return refuse("%d rows of %s have an id in %s that another row has too, or none: links cannot be added to %s by it", s.repeats, s.Table.Name, s.ID, from)
		}
	}
	rows, err := o.earlier(earlier)
	if err != nil {
		return err
	}
	known := func(s *Side) map[string]bool {
		ids := map[string]bool{}
		for _, id := range s.ids.all() {
			ids[id] = true
		}
		return ids
	}
	hereLeft, hereRight := known(o.Left), known(o.Right)
	rows = slices.DeleteFunc(rows, func(e earlierPair) bool { return hereLeft[e.left] && hereRight[e.right] })
	left, right := o.Left.ids.all(), o.Right.ids.all()
	for _, e := range rows {
		left, right = append(left, e.left), append(right, e.right)
	}
	left, right = sortedIDs(left), sortedIDs(right)
	leftRow, rightRow := rowsByID(left), rowsByID(right)
	pairs := make([]matchers.Pair, 0, len(rows)+len(o.Result.Pairs))
	for _, p := range o.Result.Pairs {
		p.Left, p.Right = leftRow[o.Left.ids.at(p.Left)], rightRow[o.Right.ids.at(p.Right)]
		pairs = append(pairs, p)
	}
	for _, e := range rows {
		e.pair.Left, e.pair.Right = leftRow[e.left], rightRow[e.right]
		pairs = append(pairs, e.pair)
	}
	verdicts, _ := judged(decisions, left, right)
	union, err := matchers.Union(o.Result.Specification, len(left), len(right), pairs, verdicts)
	if err != nil {
		return fmt.Errorf("add to %s: %w", from, err)
	}
	// The estimates are of the increment alone.
	result := *o.Result
	result.Pairs = union.Pairs
	result.ExpectedPrecision, result.ExpectedRecall = [3]float64{}, [3]float64{}
	o.Result = &result
	o.Left.ids, o.Right.ids = ids{texts: dictionary.Of(left...)}, ids{texts: dictionary.Of(right...)}
	o.Warnings = append(o.Warnings, fmt.Sprintf("%d pairs of %s were taken up, and all links decided anew together with them", len(rows), from))
	return nil
}

func sortedIDs(ids []string) []string {
	slices.Sort(ids)
	return slices.Compact(ids)
}

// earlierPair is a pair of an earlier linkage.
type earlierPair struct {
	left, right string
	pair        matchers.Pair
}

// earlier reads the pairs of an earlier linkage: who, which rule, which levels.
func (o *Outcome) earlier(t *Table) ([]earlierPair, error) {
	spec := o.Result.Specification
	rules := map[string]int16{"": -1}
	for i, r := range spec.Blocking {
		rules[r.String()] = int16(i)
	}
	at := func(name string) (Column, error) {
		i := t.Column(name)
		if i < 0 {
			return Column{}, refuse("%s has no column %q: it is no list of pairs by this model", t.Name, name)
		}
		return t.Columns[i], nil
	}
	var columns []Column
	names := []string{"left_id", "right_id", "blocking_rule"}
	for _, c := range spec.Comparisons {
		names = append(names, levelColumn(c.Name))
	}
	for _, name := range names {
		c, err := at(name)
		if err != nil {
			return nil, err
		}
		columns = append(columns, c)
	}
	out := make([]earlierPair, t.Rows)
	for row := range out {
		rule, known := rules[columns[2].At(row)]
		if !known {
			return nil, refuse("%s, pair %d: the model has no blocking rule %q", t.Name, row+1, columns[2].At(row))
		}
		e := earlierPair{left: columns[0].At(row), right: columns[1].At(row), pair: matchers.Pair{Rule: rule}}
		for i := range spec.Comparisons {
			level, ok := levelOf(spec.Parameters, i, columns[3+i].At(row))
			if !ok {
				return nil, refuse("%s, pair %d: the model has no level %q of %s", t.Name, row+1, columns[3+i].At(row), spec.Comparisons[i].Name)
			}
			e.pair.Levels = append(e.pair.Levels, level)
		}
		out[row] = e
	}
	return out, nil
}

// levelOf is the level of that name; it takes back levelName.
func levelOf(params *model.Parameters, comparison int, name string) (uint8, bool) {
	if name == "" {
		return model.Missing, true
	}
	if level, ok := model.MissingLevel(name); ok {
		return level, true
	}
	for i, l := range params.Levels[comparison] {
		if l.Name == name {
			return uint8(i), true
		}
	}
	n, err := strconv.Atoi(name)
	return uint8(n), err == nil && n >= 0 && n < model.Nickname
}
