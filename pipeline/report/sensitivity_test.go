package report_test

import (
	"testing"

	"rollcall/pipeline/tables"
)

// Lines by the links that they rest on: their own, or that of the person with the
// register.
func TestTheQualityPageSaysWhatAHigherThresholdWouldLeave(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, 2)
	empty(t, s)
	fill(t, s, tables.Person(), "SELECT 'members/' || i AS person_id, 'sp' AS side FROM range(6) r(i)")
	fill(t, s, tables.Link(), `SELECT 'across' AS kind, 'births/' || i AS left_id, 'members/' || i AS right_id, i < 4 AS accepted, 0.6 + i / 10 AS match_probability FROM range(6) r(i)`)
	fill(t, s, tables.Proposal(), `SELECT 'E' || i AS case_id, 'exit' AS kind, 'T1' AS tier, 'old_age' AS programme, 'members/' || i AS subject_id, 0.92 + i / 50 AS match_probability FROM range(3) r(i)
		UNION ALL BY NAME SELECT 'R' || i AS case_id, 'registration' AS kind, 'old_age' AS programme, 'members/' || i AS subject_id FROM range(6) r(i)`)
	dir, _ := reports(t, s, folder, monthly())
	says(t, page(t, dir, "quality.html"),
		// 0.92, 0.94, 0.96.
		"Exits T1 3 0 3 3 3 3 3 3 1 0 0",
		// Linked at 0.6, 0.7, 0.8, 0.9; two are not linked.
		"Registrations 6 2 6 6 6 5 4 3 2 2 2")
}
