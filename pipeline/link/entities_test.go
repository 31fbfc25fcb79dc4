package link_test

import (
	"fmt"
	"testing"

	"rollcall/pipeline/facts/scenario"
	"rollcall/pipeline/link"
	"rollcall/pipeline/tables"
)

// TestPersonsKeepTheirIDs: a person has the id that most of his mentions had in an
// earlier run, whoever has come and gone since; what was merged or split is told.
func TestPersonsKeepTheirIDs(t *testing.T) {
	const columns = "mention_id person_id side seen_on"
	for _, c := range []struct {
		name, earlier string
		persons       []string
		changes       []string
		counts        []link.Entities
	}{
		{
			"a first run", "",
			[]string{"m/1/member|m/1/member m/4/member", "m/2/member|m/2/member", "m/3/member|m/3/member"},
			[]string{},
			nil,
		},
		{
			"all as it was, under an id that is no mention's any more", "m/4/member | m/0/member | sp | 2025-06-01 \n m/0/member | m/0/member | sp | 2025-05-01 \n m/2/member | m/2/member | sp | 2025-06-01",
			[]string{"m/0/member|m/1/member m/4/member", "m/2/member|m/2/member", "m/3/member|m/3/member"},
			[]string{},
			[]link.Entities{{Side: "crvs", New: 2}, {Side: "sp", Kept: 2, New: 1}},
		},
		{
			"two merged", "m/1/member | m/1/member | sp | 2025-06-01 \n m/4/member | a/9/member | sp | 2025-06-01 \n a/9/member | a/9/member | sp | 2025-06-01",
			[]string{"a/9/member|m/1/member m/4/member", "m/2/member|m/2/member", "m/3/member|m/3/member"},
			[]string{"m/1/member|a/9/member|sp|1|merged"},
			[]link.Entities{{Side: "crvs", New: 2}, {Side: "sp", Kept: 1, New: 2, Merged: 1}},
		},
		{
			"one split, and one gone", "m/2/member | m/1/member | sp | 2025-06-01 \n m/1/member | m/1/member | sp | 2025-06-01 \n m/4/member | m/1/member | sp | 2025-06-01 \n m/8/member | m/8/member | sp | 2025-06-01 \n m/7/member | m/7/member | sp | 2025-05-01",
			[]string{"m/1/member|m/1/member m/4/member", "m/2/member|m/2/member", "m/3/member|m/3/member"},
			[]string{"m/1/member|m/2/member|sp|1|split", "m/8/member||sp|1|gone"},
			[]link.Entities{{Side: "crvs", New: 2}, {Side: "sp", Kept: 1, New: 2, Split: 1, Gone: 1}},
		},
		{
			"a part moved, and ids that others have", "m/1/member | m/2/member | sp | 2025-06-01 \n m/3/member | m/2/member | sp | 2025-06-01 \n m/4/member | m/3/member | sp | 2025-06-01",
			[]string{"m/2/member|m/1/member m/4/member", "m/2/member~2|m/2/member", "m/3/member~2|m/3/member"},
			[]string{"m/2/member|m/3/member~2|sp|1|split", "m/3/member|m/2/member|sp|1|merged"},
			[]link.Entities{{Side: "crvs", New: 2}, {Side: "sp", Kept: 1, New: 2, Merged: 1, Split: 1}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := judgedVillage(t)
			w.Add(tables.EarlierEntity, columns, c.earlier)
			report, _ := linked(t, w)
			scenario.Same(t, "persons", c.persons, w.Lines("SELECT person_id, string_agg(mention_id, ' ' ORDER BY mention_id) FROM cluster WHERE side = 'sp' GROUP BY person_id ORDER BY person_id"))
			scenario.Same(t, "changes", c.changes, w.Lines("SELECT previous_id, person_id, side, mentions, change FROM entity_change ORDER BY ALL"))
			scenario.Same(t, "counts", c.counts, report.Entities)
			scenario.Same(t, "persons without a row", []string{"0"}, w.Lines("SELECT count(*) FROM cluster ANTI JOIN person USING (person_id)"))
			scenario.Same(t, "mentions that are here, for the next run", []string{"6"}, w.Lines("SELECT count(*) FROM cluster JOIN entity USING (mention_id, person_id, side)"))
			scenario.Same(t, "mentions that are not", w.Lines("SELECT mention_id, person_id FROM earlier_entity ANTI JOIN mention USING (mention_id) ORDER BY ALL"),
				w.Lines("SELECT mention_id, person_id FROM entity ANTI JOIN mention USING (mention_id) ORDER BY ALL"))
			scenario.Same(t, "the link across", []string{fmt.Sprintf("d/1/deceased|%s", person(w, "m/1/member"))}, accepted(w, "across"))
		})
	}
}

func person(w *scenario.World, mention string) string {
	return w.Lines("SELECT person_id FROM cluster WHERE mention_id = '" + mention + "'")[0]
}
