package facts

import (
	"context"
	"strings"

	"rollcall/matchers/family"
	"rollcall/pipeline/parentage"
	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// inFamilies fills in what speaks against relations.
func inFamilies(query string) string {
	mother, father := "a.kind = 'mother'", "a.kind = 'father'"
	code := func(r family.Reason) string { return tables.Literal(string(r)) }
	return strings.NewReplacer(
		"{contradiction}", parentage.First(parentage.Reasons(mother, father)),
		"{death}", parentage.First([]parentage.Reason{parentage.Death(mother, father)}),
		"{kin_spouse}", code(family.KinAndSpouse), "{circle}", code(family.Circle),
	).Replace(query)
}

// mostRounds bounds the search for circles; nobody has so many forebears in one line.
const mostRounds = 64

// circles makes the table circle: the parents by whom somebody would be an own forebear,
// and those on a way between two such circles. It is what is left where those who have
// no parents, and those who have no children, are taken away again and again.
func circles(ctx context.Context, s *store.Session) error {
	if err := s.Exec(ctx, "CREATE OR REPLACE TEMP TABLE circle AS SELECT child_id, parent_id, records, links FROM parent"); err != nil {
		return err
	}
	before := -1
	for range mostRounds {
		left := 0
		if err := s.Row(ctx, "SELECT count(*) FROM circle", &left); err != nil {
			return err
		}
		if left == before {
			break
		}
		before = left
		if err := s.Exec(ctx, `CREATE OR REPLACE TEMP TABLE circle AS FROM circle
SEMI JOIN (SELECT child_id AS parent_id FROM circle) USING (parent_id)
SEMI JOIN (SELECT parent_id AS child_id FROM circle) USING (child_id)`); err != nil {
			return err
		}
	}
	return nil
}
