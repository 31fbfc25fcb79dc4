package kernel

import (
	"rollcall/matchers/dictionary"
	"rollcall/matchers/model"
)

// SetNicknames says which names of each comparison are nicknames; nil: none.
func (t *Table) SetNicknames(names [][]string) {
	t.nicknames = make([][]bool, len(names))
	for c, of := range names {
		if len(of) == 0 {
			continue
		}
		known := map[string]bool{}
		for _, name := range of {
			known[name] = true
		}
		values := t.Fields[c].values
		t.nicknames[c] = make([]bool, values.Len())
		for code, value := range values.All() {
			t.nicknames[c][code] = known[value]
		}
	}
}

// Nickname says that one of two rows has a nickname in a comparison.
func (t *Table) Nickname(left, right int32, comparison int) bool {
	if t.nicknames == nil || t.nicknames[comparison] == nil {
		return false
	}
	of := t.nicknames[comparison]
	return of[t.Left.record(left)[comparison]] || of[t.Right.record(right)[comparison]]
}

// MarkNicknames tells, among the levels of two rows, names that differ of which one is a
// nickname. Patterns of a scan have no such level.
func (t *Table) MarkNicknames(left, right int32, levels []uint8) {
	for c := range t.nicknames {
		if levels[c] == 0 && t.Nickname(left, right, c) {
			levels[c] = model.Nickname
		}
	}
}

// Values are those of a comparison, by code.
func (t *Table) Values(comparison int) dictionary.Texts { return t.Fields[comparison].values }
