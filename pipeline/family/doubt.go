package family

import (
	"context"
	"fmt"
	"strings"

	"rollcall/pipeline/parentage"
)

// Doubt is a mother or father whom records name and who cannot be one.
type Doubt struct {
	Child      string   `json:"child_id"` // person_id
	ChildName  string   `json:"child_name"`
	Parent     string   `json:"parent_id"` // person_id
	ParentName string   `json:"parent_name"`
	Because    []string `json:"because"` // codes of package parentage
	Records    []string `json:"records"` // that say so
}

// doubts reads those of whom a member is the child or the parent.
func (r reader) doubts(ctx context.Context, s *Sheet) error {
	s.Doubts = []Doubt{}
	var members []string
	for _, m := range s.members() {
		members = append(members, m.Person)
	}
	rows, err := r.rows(ctx, fmt.Sprintf(`
WITH doubted AS (
	SELECT DISTINCT CASE predicate WHEN 'child_of' THEN subject_id ELSE object_id END AS child_id, CASE predicate WHEN 'child_of' THEN object_id ELSE subject_id END AS parent_id,
		array_to_string(contradictions, ' ') AS because, array_to_string(records, ' ') AS records
	FROM fact WHERE len(contradictions) > 0 AND predicate IN ('child_of', 'mother_of', 'father_of') AND (subject_id IN %[1]s OR object_id IN %[1]s)
), named AS (
	SELECT person_id, %[2]s AS name FROM person m
)
SELECT child_id, c.name, parent_id, p.name, because, records
FROM doubted JOIN named c ON c.person_id = child_id JOIN named p ON p.person_id = parent_id
ORDER BY ALL`, in(members), written))
	for _, v := range rows {
		s.Doubts = append(s.Doubts, Doubt{v[0], v[1], v[2], v[3], strings.Fields(v[4]), strings.Fields(v[5])})
	}
	return err
}

// doubtful parents, and why they cannot be.
func (s *Sheet) doubtful() {
	for _, d := range s.Doubts {
		because := make([]string, len(d.Because))
		for i, code := range d.Because {
			because[i] = parentage.Words(code)
		}
		s.say("Records name %s as the mother or father of %s, which cannot be: %s. See which is wrong: %s.",
			isolated(nameOr(d.ParentName)), isolated(nameOr(d.ChildName)), strings.Join(because, "; "), strings.Join(d.Records, ", "))
	}
}
