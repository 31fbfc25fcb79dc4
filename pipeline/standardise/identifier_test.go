package standardise_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"rollcall/matchers/locale"
	"rollcall/pipeline/facts/scenario"
	"rollcall/pipeline/standardise"
	"rollcall/pipeline/store"
)

// standardised makes mentions and identifiers of a world as the stage does.
func standardised(t *testing.T, w *scenario.World) {
	t.Helper()
	standardisedBy(t, w, nil)
}

func standardisedBy(t *testing.T, w *scenario.World, pack *locale.Pack) {
	t.Helper()
	forms := standardise.NewForms(pack, nil, time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC))
	for _, f := range forms.Functions() {
		if err := w.Session.Define(f); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"mention", "identifier", "event"} {
		w.Exec(fmt.Sprintf("ALTER TABLE %s RENAME TO mapped_%[1]s", name))
	}
	w.Exec("CREATE VIEW event AS FROM mapped_event")
	w.Exec("CREATE VIEW mention AS FROM mapped_mention")
	w.Exec("CREATE VIEW identifier AS SELECT i.*, m.side, m.role FROM mapped_identifier i JOIN mapped_mention m USING (mention_id)")
	w.Stage("standardise", func(ctx context.Context, s *store.Session, st *store.Stage) error {
		return standardise.Make(ctx, s, st, forms)
	})
}

// What a number says of birth and sex is held against the record: one difference is
// told, two make it another person's number.
func TestNumbersAreHeldAgainstTheirRecords(t *testing.T) {
	w := scenario.New(t)
	w.Add("mention", "mention_id source side role sex birth_written full_name", `
		p/1 | p | sp | member | M | 17/08/1945 | A
		p/2 | p | sp | member | F | 17/08/1945 | B
		p/3 | p | sp | member | F | 1945       | C
		p/4 | p | sp | member | F | 18/09/1950 | D
		p/5 | p | sp | member | M | 05/12/1985 | E
		p/6 | p | sp | member | F |            | F
		p/7 | p | sp | member |   | 03/04/1960 | G
		p/8 | p | sp | member | M | 03/04/1960 | H`)
	w.Add("identifier", "mention_id identifier_type written", `
		p/1 | nik | 3171011708450001
		p/2 | nik | 3171015708450002
		p/3 | nik | 3171015708450003
		p/4 | nik | 3171010512850004
		p/5 | nik | 3171010512840005
		p/6 | nik | 3171014304600006
		p/7 | nik | 3171010304600007
		p/8 | nik | 3171010304600008`)
	standardised(t, w)
	scenario.Same(t, "numbers", []string{
		"p/1|3171011708450001||[]",
		"p/2|3171015708450002||[]",
		"p/3|3171015708450003||[]", // only the year is known
		"p/4||another_person|[number_contradicts_birth, number_contradicts_sex]",
		"p/5|3171010512840005||[number_contradicts_birth]",
		"p/6|3171014304600006||[]",
		"p/7|3171010304600007||[]",
		"p/8|3171010304600008||[]",
	}, w.Lines("SELECT mention_id, value, problem, rules FROM identifier ORDER BY mention_id"))
}

// A column whose numbers mostly say something else than its records was taken for
// what it is not, and contradicts nothing.
func TestAColumnOfAnotherSystemContradictsNothing(t *testing.T) {
	w := scenario.New(t)
	for i := range 9 {
		w.Add("mention", "mention_id source side role sex birth_written full_name", fmt.Sprintf("p/%d | p | sp | member | F | 0%[1]d/02/1990 | A", i+1))
		w.Add("identifier", "mention_id identifier_type written", fmt.Sprintf("p/%d | nik | 317101170815000%[1]d", i+1))
	}
	standardised(t, w)
	scenario.Same(t, "numbers", []string{"9|0|9"},
		w.Lines("SELECT count(*), count(*) FILTER (len(rules) > 0), count(value) FROM identifier"))
}

// Placeholders, and what is left of masked numbers, are nobody's.
func TestNumbersOfNobody(t *testing.T) {
	w := scenario.New(t)
	w.Add("mention", "mention_id source side role full_name", "p/1 | p | sp | member | A \n p/2 | p | sp | member | B \n p/3 | p | sp | member | C \n p/4 | p | sp | member | D")
	w.Add("identifier", "mention_id identifier_type written", `
		p/1 | aadhaar | XXXX XXXX 2346
		p/2 | aadhaar | 2341 2341 2346
		p/3 | aadhaar | 2341 2341 2364
		p/4 | aadhaar | 0000 0000 0000`)
	standardised(t, w)
	scenario.Same(t, "numbers", []string{
		"p/1||masked|false", "p/2|234123412346||true", "p/3|234123412364|check_digit|false", "p/4||placeholder|false",
	}, w.Lines("SELECT mention_id, value, problem, well_formed FROM identifier ORDER BY mention_id"))
}
