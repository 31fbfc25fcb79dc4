package kernel

import "rollcall/matchers/model"

// Lacks says which of two rows has no value in a comparison.
func (t *Table) Lacks(left, right int32, comparison int) (inLeft, inRight bool) {
	return t.Left.record(left)[comparison] == 0, t.Right.record(right)[comparison] == 0
}

// MarkMissing tells, among the levels of two rows, values that both lack from those
// that one lacks, where that weighs something. Patterns of a scan have no such
// levels: a scan is the same whatever missing values weigh.
func (t *Table) MarkMissing(p *model.Parameters, left, right int32, levels []uint8) {
	t.MarkNicknames(left, right, levels)
	for c, level := range levels {
		if level != model.Missing || !p.Weighs(c) {
			continue
		}
		switch a, b := t.Lacks(left, right, c); {
		case a && b:
			levels[c] = model.BothMissing
		case a || b:
			levels[c] = model.OneMissing
		}
	}
}

// MarkMissing does so for rows of the judge's files.
func (j *Judge) MarkMissing(p *model.Parameters, left, right int32, levels []uint8) {
	j.table.MarkMissing(p, left, right, levels)
}

// MarkMissing does so for rows of the plan.
func (p *Plan) MarkMissing(of *model.Parameters, left, right int32, levels []uint8) {
	p.table.MarkMissing(of, left, right, levels)
}
