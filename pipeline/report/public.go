package report

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"os"
	"strings"

	"rollcall/matchers/disclosure"
)

// DefaultLeastCell is the smallest count that may leave the office where the job
// says none.
const DefaultLeastCell = 5

// publicName is the file of totals for readers outside the office.
const publicName = "totals_public.csv"

// hiddenCell stands for a count that is small or would give a small one away.
const hiddenCell = "hidden"

// publicMeasures are the counts of the public totals. None is the sum or
// difference of others, and there are no rates, from which counts can be had.
var publicMeasures = []struct {
	column string
	of     func(group) int64
}{
	{"active_enrolments", func(g group) int64 { return g.Enrolled }},
	{"exits_to_verify", func(g group) int64 { return g.T1 + g.T2 }},
	{"exits_not_proposed", func(g group) int64 { return g.T3 + g.X }},
	{"duplicates", func(g group) int64 { return g.Duplicates }},
	{"enrolments_to_look_at", func(g group) int64 { return g.Eligibility }},
	{"entitled_not_enrolled", func(g group) int64 { return g.Registrable }},
	{"to_reinstate", func(g group) int64 { return g.Reinstatements }},
}

// leastCell is the smallest count that is shown.
func (m *maker) leastCell() int64 { return cmp.Or(m.cfg.LeastCell, DefaultLeastCell) }

// writePublic writes totals in which nobody can be found: by one thing at a time,
// with small counts hidden.
func (m *maker) writePublic(f figures) error {
	head := []string{"run_id", "as_of", "by", "group"}
	for _, p := range publicMeasures {
		head = append(head, p.column)
	}
	all := []string{m.cfg.RunID, m.asOf(), "all", "all"}
	rows := [][]string{head, nil}
	totals := make([]bool, len(publicMeasures)) // that have to be hidden
	for _, by := range []struct {
		name   string
		groups []group
	}{{"district", f.districts}, {"programme", f.programmes}, {"sex", f.sexes}} {
		shown := make([][]string, len(by.groups))
		for i, g := range by.groups {
			shown[i] = []string{m.cfg.RunID, m.asOf(), by.name, harmless(g.Label)}
		}
		for i, p := range publicMeasures {
			counts := make([]int64, len(by.groups))
			for k, g := range by.groups {
				counts[k] = p.of(g)
			}
			column := disclosure.Hide(counts, m.leastCell())
			totals[i] = totals[i] || column.TotalHidden
			for k, n := range counts {
				shown[k] = append(shown[k], cell(n, column.Hidden[k]))
			}
		}
		rows = append(rows, shown...)
	}
	for i, p := range publicMeasures {
		all = append(all, cell(p.of(f.all), totals[i]))
	}
	rows[1] = all
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	if err := w.WriteAll(rows); err != nil {
		return fmt.Errorf("write %s: %w", publicName, err)
	}
	if err := os.WriteFile(m.part(publicName), out.Bytes(), 0o600); err != nil {
		return fmt.Errorf("write %s: %w", publicName, err)
	}
	return m.publish(File{Name: publicName, Rows: int64(len(rows) - 1), About: fmt.Sprintf("totals that may leave the office: counts under %d, and those that would give them away, are hidden", m.leastCell())})
}

// harmless keeps a spreadsheet from running a group's name as a formula.
func harmless(label string) string {
	if label != "" && strings.ContainsRune("=+-@\t\r", rune(label[0])) {
		return "'" + label
	}
	return label
}

func cell(n int64, hidden bool) string {
	if hidden {
		return hiddenCell
	}
	return fmt.Sprint(n)
}
