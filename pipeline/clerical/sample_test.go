package clerical

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// registers has 4,000 scored pairs in the given order of rows: links, pairs that lost
// to another, pairs that are kept apart, and pairs below the threshold.
func registers(t *testing.T, order string) (*store.Session, *store.Stage) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Folder: t.TempDir(), Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	for _, table := range tables.All() {
		exec(t, s, table.CreateSQL(table.Name))
	}
	exec(t, s, fmt.Sprintf(`INSERT INTO link BY NAME SELECT CASE WHEN i %% 2 = 0 THEN 'across' ELSE 'register' END AS kind, 'd' || i AS left_id, 'm' || i AS right_id,
		i < 2000 AS accepted, CASE WHEN i < 2000 THEN 1 - i / 40000 ELSE 0.05 END AS match_probability,
		CASE WHEN i BETWEEN 2000 AND 2199 THEN 14 WHEN i < 2000 THEN 20 ELSE 3 END AS match_weight_bits, CASE WHEN i BETWEEN 2200 AND 2299 THEN 'time' END AS apart
		FROM range(4000) r(i) ORDER BY %s`, order))
	exec(t, s, `INSERT INTO mention BY NAME SELECT unnest([left_id, right_id]) AS mention_id, 'A''da =1' AS full_name, '1950-01-01' AS birth_written, 'deceased' AS role, left_id AS event_id FROM link`)
	exec(t, s, `INSERT INTO cluster BY NAME SELECT mention_id, mention_id AS person_id FROM mention`)
	exec(t, s, `INSERT INTO person BY NAME SELECT mention_id AS person_id, full_name, birth_written FROM mention`)
	exec(t, s, `INSERT INTO identifier BY NAME SELECT 'm' || i AS mention_id, 'national_id' AS identifier_type, '00' || i AS written FROM range(4000) r(i)`)
	for _, table := range []tables.Table{tables.Stratum(), tables.Sample()} {
		exec(t, s, "DROP TABLE "+table.Name)
	}
	st, _, err := s.Begin(t.Context(), "sample", "0123456789abcdef")
	if err != nil {
		t.Fatal(err)
	}
	return s, st
}

func exec(t *testing.T, s *store.Session, query string) {
	t.Helper()
	if err := s.Exec(t.Context(), query); err != nil {
		t.Fatalf("%v in %s", err, query)
	}
}

func steps() []Step {
	return []Step{{Kind: "across", ThresholdBits: 10, Share: 2}, {Kind: "register", ThresholdBits: math.NaN(), Share: 1}}
}

// drawnFrom is the lines of a sample.
func drawnFrom(t *testing.T, order, seed string) [][]string {
	t.Helper()
	s, st := registers(t, order)
	if err := Make(t.Context(), s, st, Config{Pairs: 90, Seed: seed, Steps: steps()}); err != nil {
		t.Fatal(err)
	}
	sheet, err := Sheet(t.Context(), s, "run-1")
	if err != nil {
		t.Fatal(err)
	}
	if len(sheet.Lines) < 80 || len(sheet.Lines) > 100 {
		t.Errorf("%d lines, 90 were asked for", len(sheet.Lines))
	}
	return sheet.Lines
}

func TestTheSameInputsGiveTheSameSample(t *testing.T) {
	first := drawnFrom(t, "i", "run-1")
	if !slices.EqualFunc(first, drawnFrom(t, "hash(i)", "run-1"), slices.Equal) {
		t.Error("another order of rows gives another sample")
	}
	if slices.EqualFunc(first, drawnFrom(t, "i", "run-2"), slices.Equal) {
		t.Error("another seed gives the same sample")
	}
}

// Every sort of pair is drawn, so many of each as was shared out, and no line tells
// which sort it is.
func TestAcceptedRejectedAndOthersAreDrawn(t *testing.T) {
	s, st := registers(t, "i")
	if err := Make(t.Context(), s, st, Config{Pairs: 90, Seed: "a", Steps: steps()}); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]int{
		// Without a known threshold only what keeps records apart rejects them.
		"SELECT sum(pairs) FROM stratum WHERE kind = 'across' AND fate = 'rejected'":   150,
		"SELECT sum(pairs) FROM stratum WHERE kind = 'register' AND fate = 'rejected'": 50,
		"SELECT sum(pairs) FROM stratum WHERE fate = 'accepted'":                       2000,
		"SELECT count(*) FROM stratum WHERE drawn = 0":                                 0,
		"SELECT count(*) FROM (FROM (SELECT kind, fate, probability_from, count(*) AS n FROM sample GROUP BY ALL) FULL JOIN stratum USING (kind, fate, probability_from) WHERE n IS DISTINCT FROM drawn)": 0,
		"SELECT count(*) FROM sample p JOIN link l USING (kind, left_id, right_id) WHERE l.accepted <> (p.fate = 'accepted')":                                                                             0,
		"SELECT count(*) FROM sample WHERE left_shown IS NULL OR right_shown IS NULL":                                                                                                                     0,
	} {
		got := 0
		if err := s.Row(t.Context(), query, &got); err != nil || got != want {
			t.Errorf("%s: %d (%v), want %d", query, got, err, want)
		}
	}
	sheet, err := Sheet(t.Context(), s, "run-1")
	if err != nil {
		t.Fatal(err)
	}
	at := slices.Index(sheet.Head, "right identifiers")
	for _, line := range sheet.Lines {
		for _, said := range []string{"accepted", "rejected", "below"} {
			if slices.Contains(line, said) {
				t.Errorf("line %s says %q", line[0], said)
			}
		}
		if line[at] == "" || line[slices.Index(sheet.Head, "left name")] != "A'da =1" {
			t.Errorf("line %s does not show the records: %q", line[0], line)
		}
	}
}

func TestNothingIsDrawnWhereNothingIsAskedFor(t *testing.T) {
	s, st := registers(t, "i")
	if err := Make(t.Context(), s, st, Config{Seed: "a", Steps: steps()}); err != nil {
		t.Fatal(err)
	}
	if sheet, err := Sheet(t.Context(), s, "run-1"); err != nil || len(sheet.Lines) > 0 {
		t.Errorf("%d lines, %v", len(sheet.Lines), err)
	}
}
