package decide_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"rollcall/pipeline/decide"
	"rollcall/pipeline/facts"
	"rollcall/pipeline/facts/scenario"
	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// crowd fills a world with households of four, a quarter as many births with
// their parents, deaths of two in a hundred, and twelve payments an enrolment.
func crowd(w *scenario.World, persons int) {
	insert := func(table, query string) {
		w.Exec("INSERT INTO " + table + " BY NAME " + strings.ReplaceAll(query, "$n", fmt.Sprint(persons)))
	}
	const person = `lpad(CAST(hash(i) % 1000 AS VARCHAR), 3, 'x') || ' ' || CAST(hash(i + 1) % 3000 AS VARCHAR) || 'uddin' AS full_norm,
		CASE WHEN i % 2 = 0 THEN 'male' ELSE 'female' END AS sex,
		DATE '1935-01-01' + CAST((i % 4 < 2) AS INTEGER) * CAST(hash(i) % 12000 AS INTEGER) + CAST((i % 4 >= 2) AS INTEGER) * (27000 + CAST(hash(i) % 6000 AS INTEGER)) AS birth_earliest,
		birth_earliest AS birth_latest, 'exact' AS birth_precision, CAST(birth_earliest AS VARCHAR) AS birth_written,
		CAST(10101 + (i // 400) % 80 AS VARCHAR) AS area_code`
	insert("mention", `SELECT 'members/M' || i || '/member' AS mention_id, 'sp' AS side, 'members' AS source, 'H' || i // 4 AS household_id, 'member' AS role,
		CASE i % 4 WHEN 0 THEN 'head' WHEN 1 THEN 'spouse' ELSE 'child' END AS relationship_to_head, 'active' AS status,
		DATE '2020-01-01' + CAST(i % 900 AS INTEGER) AS recorded_on, `+person+` FROM range($n) t(i)`)
	insert("household", "SELECT 'H' || i AS household_id, CAST(10101 + (i // 100) % 80 AS VARCHAR) AS area_code FROM range($n // 4) t(i)")
	insert("event", `SELECT 'births/B' || i AS event_id, 'birth' AS event_type, DATE '2005-01-01' + CAST(i % 7000 AS INTEGER) AS occurred_earliest,
		occurred_earliest AS occurred_latest, occurred_earliest + 30 AS registered_on, occurred_earliest + 60 AS received_on, 'registered' AS status FROM range($n // 4) t(i)`)
	insert("event", `SELECT 'deaths/D' || i AS event_id, 'death' AS event_type, DATE '2024-01-01' + CAST(i % 500 AS INTEGER) AS occurred_earliest,
		occurred_earliest AS occurred_latest, occurred_earliest + 30 AS registered_on, occurred_earliest + 60 AS received_on, 'registered' AS status FROM range($n // 4) t(i)`)
	for k, role := range []string{"father", "mother", "child"} {
		insert("mention", fmt.Sprintf(`SELECT 'births/B' || (i // 4) || '/%s' AS mention_id, 'crvs' AS side, 'births' AS source, 'births/B' || (i // 4) AS event_id, '%[1]s' AS role, %s
			FROM range($n) t(i) WHERE i %% 4 = %d`, role, person, k))
		insert("link", fmt.Sprintf(`SELECT 'across' AS kind, 'births/B' || (i // 4) || '/%s' AS left_id, 'members/M' || i || '/member' AS right_id, TRUE AS accepted,
			18 AS match_weight_bits, 0.97 AS match_probability FROM range($n) t(i) WHERE i %% 4 = %d AND (i // 4) %% 10 < 8`, role, k))
	}
	insert("mention", `SELECT 'deaths/D' || (i // 4) || '/deceased' AS mention_id, 'crvs' AS side, 'deaths' AS source, 'deaths/D' || (i // 4) AS event_id, 'deceased' AS role, `+person+`
		FROM range($n) t(i) WHERE i % 4 = 0`)
	insert("link", `SELECT 'across' AS kind, 'deaths/D' || (i // 4) || '/deceased' AS left_id, 'members/M' || i || '/member' AS right_id, TRUE AS accepted,
		18 AS match_weight_bits, 0.97 AS match_probability FROM range($n) t(i) WHERE i % 4 = 0 AND (i // 4) % 12 = 9`)
	insert("link", `SELECT 'across' AS kind, 'deaths/D' || (i // 4) || '/deceased' AS left_id, 'members/M' || (i + k) || '/member' AS right_id, FALSE AS accepted,
		2 AS match_weight_bits, 0.02 AS match_probability FROM range($n) t(i), range(5, 15) u(k) WHERE i % 4 = 0 AND i + k < $n`)
	insert("enrolment", `SELECT 'enrolments/E' || i AS enrolment_id, CASE WHEN i % 4 < 2 THEN 'old_age' ELSE 'child_grant' END AS programme,
		'members/M' || i || '/member' AS mention_id, 'H' || i // 4 AS household_id, 'active' AS status, DATE '2022-01-01' AS from_on FROM range($n) t(i) WHERE i % 3 = 0 AND (i % 4 > 1 OR hash(i) % 12000 < 9000) AND (i % 4 < 2 OR hash(i) % 6000 > 3800)`)
	insert("payment", `SELECT 'payments/P' || i || '-' || k AS payment_id, 'enrolments/E' || i AS enrolment_id, strftime(DATE '2024-07-01' + to_months(CAST(k AS INTEGER)), '%Y-%m') AS cycle,
		600 AS amount, 'BDT' AS currency, CASE WHEN i % 5 = 0 THEN 'in_person' ELSE 'remote' END AS channel,
		CAST(DATE '2024-08-03' + to_months(CAST(k AS INTEGER)) AS DATE) AS paid_on FROM range($n) t(i), range(12) u(k) WHERE i % 3 = 0 AND (i % 4 > 1 OR hash(i) % 12000 < 9000) AND (i % 4 < 2 OR hash(i) % 6000 > 3800)`)
	insert("attribute", "SELECT 'H' || i AS subject_id, 'poverty_score' AS name, 'attributes' AS source, CAST(i % 100 AS VARCHAR) AS value, DATE '2024-01-01' AS as_of FROM range($n // 4) t(i)")
	w.Settle()
	// Stages read Parquet, not tables in memory.
	for _, t := range tables.All() {
		w.Store(t.Name)
	}
}

func BenchmarkMake(b *testing.B) {
	grant := decide.Programme{
		Code: "child_grant", ValidFrom: day("2025-01-01"), Subjects: "child", PerHousehold: decide.Cap{Most: 2},
		Criteria: []decide.Criterion{{Name: "alive", Expression: "alive", Presume: "met"}, {Name: "age", Expression: "age_under(6)"}, {Name: "poor", Expression: "number('poverty_score') < 95"}},
	}
	widow := decide.Programme{
		Code: "widow", ValidFrom: day("2025-01-01"), Subjects: "member",
		Criteria: []decide.Criterion{{Name: "sex", Expression: "sex = 'female'"}, {Name: "widowed", Expression: "widowed", Presume: "ask"}, {Name: "remarried", Expression: "NOT remarried", Presume: "met"}},
	}
	for _, persons := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("persons=%d", persons), func(b *testing.B) {
			w := scenario.New(b)
			crowd(w, persons)
			b.ResetTimer()
			for i := range b.N {
				start := time.Now()
				w.Stage(fmt.Sprintf("facts%d", i), func(ctx context.Context, s *store.Session, st *store.Stage) error {
					return facts.Make(ctx, s, st, facts.Config{AsOf: asOf})
				})
				b.ReportMetric(time.Since(start).Seconds(), "facts-s")
				start = time.Now()
				w.Stage(fmt.Sprintf("decide%d", i), func(ctx context.Context, s *store.Session, st *store.Stage) error {
					return decide.Make(ctx, s, st, decide.Config{AsOf: asOf, Programmes: []decide.Programme{oldAge(), grant, widow}})
				})
				b.ReportMetric(time.Since(start).Seconds(), "decide-s")
			}
			for _, n := range w.Lines("SELECT (SELECT count(*) FROM fact), (SELECT count(*) FROM evaluation), (SELECT count(*) FROM proposal)") {
				b.Log("facts, evaluations, proposals: " + n)
			}
		})
	}
}
