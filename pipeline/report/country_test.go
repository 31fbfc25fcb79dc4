package report_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"rollcall/matchers/locale"
	"rollcall/pipeline/gate"
	"rollcall/pipeline/report"
	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// size is how large an invented country is.
type size struct{ members, lines, evaluations int }

// small is a country whose reports are made in half a second.
var small = size{members: 1000, lines: 900, evaluations: 1500}

func open(t testing.TB, folder string, threads int) *store.Session {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Folder: folder, Threads: threads})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func execute(t testing.TB, s *store.Session, query string) {
	t.Helper()
	if err := s.Exec(context.Background(), query); err != nil {
		t.Fatalf("%v\nin %s", err, query)
	}
}

// fill inserts a query's columns into a canonical table by name; the others are NULL.
func fill(t testing.TB, s *store.Session, table tables.Table, query string) {
	t.Helper()
	execute(t, s, fmt.Sprintf("INSERT INTO %s BY NAME %s", table.Name, query))
}

// empty makes all canonical tables without rows.
func empty(t testing.TB, s *store.Session) {
	t.Helper()
	for _, table := range tables.All() {
		execute(t, s, table.CreateSQL(table.Name))
	}
}

// pick is SQL for a choice that depends on a number and a salt alone.
func pick(n, salt string, values ...string) string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = tables.Literal(v)
	}
	return fmt.Sprintf("([%s])[1 + CAST(hash(%s, '%s') %% %d AS INTEGER)]", strings.Join(list, ", "), n, salt, len(values))
}

// chance is SQL for a share that depends on a number and a salt alone.
func chance(n, salt string) string {
	return fmt.Sprintf("((hash(%s, '%s') %% 10000) / 10000)", n, salt)
}

// country fills the session with an invented country.
func country(t testing.TB, s *store.Session, z size) {
	t.Helper()
	empty(t, s)
	born := "DATE '1935-01-01' + CAST(hash(i, 'born') % 28000 AS INTEGER)"
	person := fmt.Sprintf(`%s AS given_name, %s AS family_name, %s AS sex, %s AS area_code,
		CAST(%s AS VARCHAR) AS birth_written, %[5]s AS birth_earliest, %[5]s + CASE WHEN %[6]s < 0.3 THEN 364 ELSE 0 END AS birth_latest,
		CASE WHEN %[6]s < 0.3 THEN 'default' ELSE 'exact' END AS birth_precision, 'Latin' AS script`,
		pick("i", "given", "Rahima", "Abdul", "Fatema", "Karim", "Ayesha", "Jamal", "Salma", "Nurul"),
		pick("i", "family", "Khatun", "Begum", "Miah", "Sarkar", "Hossain"),
		pick("i", "sex", "female", "female", "male"),
		pick("i", "area", "A-01-1", "A-01-2", "A-02-1", "A-03-1", "A-03-2", "A-04-1"), born, chance("i", "precision"))
	fill(t, s, tables.Mention(), fmt.Sprintf(`SELECT *, given_name || ' ' || family_name AS full_name FROM (
		SELECT printf('members/M%%07d/member', i) AS mention_id, 'sp' AS side, 'members' AS source, printf('M%%07d', i) AS native_key,
		printf('households/H%%06d', i // 4) AS household_id, 'member' AS role, 'active' AS status, DATE '2024-03-01' AS recorded_on,
		CASE WHEN %s < 0.7 THEN 'House ' || i || ', Station Road' END AS address, %s FROM range(%d) t(i))`, chance("i", "address"), person, z.members))
	deaths := z.members / 4
	fill(t, s, tables.Event(), fmt.Sprintf(`SELECT printf('deaths/D-%%06d', i) AS event_id, 'deaths' AS source, 'death' AS event_type,
		printf('2025%%06d', i) AS registration_number, DATE '2025-01-01' + CAST(i %% 150 AS INTEGER) AS occurred_earliest,
		occurred_earliest AS occurred_latest, 'exact' AS occurred_precision, occurred_latest + CAST(hash(i, 'late') %% 60 AS INTEGER) AS registered_on,
		registered_on + 9 AS received_on, 1 AS version, CASE WHEN i %% 200 = 7 THEN 'revoked' ELSE 'registered' END AS status,
		'Office ' || (i %% 9) AS office FROM range(%d) t(i)`, deaths))
	fill(t, s, tables.Mention(), fmt.Sprintf(`SELECT *, given_name || ' ' || family_name AS full_name FROM (
		SELECT printf('deaths/D-%%06d/deceased', i) AS mention_id, 'crvs' AS side, 'deaths' AS source, printf('D-%%06d', i) AS native_key,
		printf('deaths/D-%%06d', i) AS event_id, 'deceased' AS role, %s FROM range(%d) t(i))`, person, deaths))
	fill(t, s, tables.Identifier(), fmt.Sprintf(`SELECT mention_id, 'national_id' AS identifier_type, printf('19%%08d', hash(native_key) %% 100000000) AS written,
		written AS value, %s > 0.5 AS verified, %s > 0.05 AS well_formed, 1 AS bearers, CASE WHEN NOT well_formed THEN 'check_digit' END AS problem
		FROM mention WHERE %s < 0.8`, chance("mention_id", "verified"), chance("mention_id", "good"), chance("mention_id", "has")))
	fill(t, s, tables.Cluster(), "SELECT mention_id, mention_id AS person_id, side, 1 AS match_probability FROM mention")
	fill(t, s, tables.Person(), "SELECT mention_id AS person_id, side, 1 AS mentions, * EXCLUDE (mention_id, side, source, native_key, event_id, household_id, role, relationship_to_head, status, recorded_on, area_written, rules) FROM mention")
	fill(t, s, tables.Household(), fmt.Sprintf(`SELECT printf('households/H%%06d', i) AS household_id, 'households' AS source, 'A-01-1' AS area_code,
		'+880171' || i AS phone FROM range(%d) t(i)`, z.members/4+1))
	fill(t, s, tables.Enrolment(), fmt.Sprintf(`SELECT printf('enrolments/E%%07d', i) AS enrolment_id, 'enrolments' AS source,
		%s AS programme, printf('members/M%%07d/member', i) AS mention_id, printf('households/H%%06d', i // 4) AS household_id,
		'active' AS status, DATE '2022-07-01' AS from_on FROM range(%d) t(i)`, pick("i", "programme", "old_age", "old_age", "widow", "child_grant"), z.members/2))
	fill(t, s, tables.Payment(), `SELECT enrolment_id || '/' || k AS payment_id, 'payments' AS source, enrolment_id, '2025-0' || (k + 1) AS cycle,
		CAST(600 AS DECIMAL(18, 2)) AS amount, 'BDT' AS currency, 'remote' AS channel, DATE '2025-01-28' + CAST(k * 30 AS INTEGER) AS paid_on FROM enrolment, range(5) t(k)`)
	fill(t, s, tables.Link(), fmt.Sprintf(`SELECT 'across' AS kind, printf('deaths/D-%%06d/deceased', i) AS left_id, printf('members/M%%07d/member', i + k * 3) AS right_id,
		k = 0 AND i %% 3 > 0 AS accepted, CASE WHEN k = 0 THEN 22 - %s * 12 ELSE -4 - %s * 14 END AS match_weight_bits, 0.5 AS family_weight_bits,
		CASE WHEN accepted THEN 0.999 - %s * 0.2 ELSE %s * 0.3 END AS match_probability
		FROM range(%d) t(i), range(3) u(k)`, chance("i", "w"), chance("i + k", "w"), chance("i", "p"), chance("i + k", "p"), deaths))
	proposals(t, s, z)
	fill(t, s, tables.Evaluation(), fmt.Sprintf(`SELECT printf('members/M%%07d/member', i // 3) AS subject_id, ['child_grant', 'old_age', 'widow'][1 + i %% 3] AS programme,
		%s AS outcome, i %% 4 = 0 AS enrolled, 'A-01-1' AS area_code, ['alive=TRUE', 'age=UNKNOWN'] AS criteria,
		CASE WHEN i %% 5 = 0 THEN ['alive: Circular 12, section 3'] END AS presumed, CASE WHEN i %% 6 = 0 THEN ['date of birth: national ID card'] END AS missing
		FROM range(%d) t(i)`, pick("i", "outcome", "eligible", "not_eligible", "not_eligible", "unknown"), z.evaluations))
}

// proposals makes lines of all four kinds.
func proposals(t testing.TB, s *store.Session, z size) {
	t.Helper()
	common := fmt.Sprintf(`printf('members/M%%07d/member', i) AS subject_id, subject_id AS mention_id, printf('households/H%%06d', i // 4) AS household_id,
		%s AS programme, printf('enrolments/E%%07d', i) AS enrolment_id, %s AS area_code`,
		pick("i", "programme", "old_age", "old_age", "widow", "child_grant"), pick("i", "area", "A-01-1", "A-01-2", "A-02-1", "A-03-1", "A-03-2", "A-04-1"))
	fill(t, s, tables.Proposal(), fmt.Sprintf(`SELECT printf('exit-%%06d', i) AS case_id, 'exit' AS kind, %s AS tier, %s,
		'deceased' AS reason_code, 'The register has a death of this person.' AS reason, 'verify and decide' AS proposed_action,
		'Ask the family or the ward officer whether the person is alive.' AS ask, printf('deaths/D-%%06d/deceased', i) AS other_mention_id,
		printf('deaths/D-%%06d', i) AS event_id, printf('2025%%06d', i) AS registration_number, DATE '2025-01-01' + CAST(i %% 150 AS INTEGER) AS event_earliest,
		event_earliest AS event_latest, event_latest + 20 AS registered_on, registered_on + 9 AS received_on, 'registered' AS event_status,
		0.97 - %s * 0.1 AS match_probability, 14.5 AS match_weight_bits, i %% 4 AS namesakes,
		['given_name=exact', 'family_name=close', 'birth=missing'] AS agreement,
		CASE WHEN tier = 'X' THEN ['life_after_death', 'sex_differs'] END AS contradictions, event_latest AS entitlement_ended_on, 'BDT' AS currency,
		(i %% 5) * 600.00 AS paid_after, (i %% 2) * 100.50 AS paid_unavoidable, (i %% 5) * 300.00 AS paid_late_registration,
		(i %% 3) * 50.00 AS paid_late_extract, 0 AS paid_late_action, ['widow: %s'] AS household_effects FROM range(%d) t(i)`,
		pick("i", "tier", "T1", "T1", "T1", "T2", "T2", "T3", "X"), common, chance("i", "p"), "may be entitled to the allowance", z.lines/3))
	fill(t, s, tables.Proposal(), fmt.Sprintf(`SELECT printf('duplicate-%%06d', i) AS case_id, 'duplicate' AS kind, %s AS tier, %s,
		'same_person' AS reason_code, 'Two records seem to be one person.' AS reason, 'compare the records' AS proposed_action, 'Compare the two files.' AS ask,
		printf('members/M%%07d/member', i + 1) AS other_mention_id, 0.95 AS match_probability, ['given_name=exact'] AS agreement FROM range(%d) t(i)`,
		pick("i", "tier", "T1", "T2"), common, z.lines/6))
	for kind, share := range map[string]int{"eligibility": 3, "registration": 6} {
		fill(t, s, tables.Proposal(), fmt.Sprintf(`SELECT printf('%s-%%06d', i) AS case_id, '%[1]s' AS kind, %[2]s, 'remarried' AS reason_code,
			'The register has a later marriage.' AS reason, 'look at the enrolment' AS proposed_action, 'Ask the person.' AS ask, ['alive=TRUE', 'widowed=FALSE'] AS criteria,
			CASE WHEN i %% 3 = 0 THEN ['not remarried (Circular 12, section 3)'] END AS presumed,
			CASE WHEN i %% 4 = 0 THEN ['date of birth: national ID card or birth certificate'] END AS missing FROM range(%[3]d) t(i)`, kind, common, z.lines/share))
	}
}

// monthly is the configuration of the invented country's run.
func monthly() report.Config {
	level := func(name string, m, u, bits float64) report.Level {
		return report.Level{Name: name, M: m, U: u, Bits: bits}
	}
	comparisons := []report.Comparison{
		{Name: "given_name", Levels: []report.Level{level("exact", 0.72, 0.011, 6.03), level("close", 0.21, 0.03, 2.81), level("differs", 0.07, 0.959, -3.78)}},
		{Name: "family_name", Levels: []report.Level{level("exact", 0.81, 0.09, 3.17), level("differs", 0.19, 0.91, -2.26)}},
		{Name: "birth", Levels: []report.Level{level("exact", 0.55, 0.0001, 12.43), level("same year", 0.3, 0.02, 3.91), level("differs", 0.15, 0.98, -2.71)}},
		{Name: "sex", Levels: []report.Level{level("exact", 0.99, 0.5, 0.99), level("differs", 0.01, 0.5, -5.64)}},
		{Name: "national_id", Levels: []report.Level{level("exact", 0.93, 0.000001, 19.83), level("differs", 0.07, 0.999999, -3.84)}},
	}
	rules := []report.BlockingRule{{Name: "national_id", Pairs: 1820}, {Name: "family_name, birth year", Pairs: 40311}, {Name: "given_name, area", Pairs: 91204}}
	return report.Config{
		RunID: "monthly-2025-06-30-4f1c2a90", JobTitle: "Monthly reconciliation", AsOf: time.Date(2025, 6, 30, 0, 0, 0, 0, time.UTC),
		ProgramVersion: "0.1.0", DuckDBVersion: "v1.5.6", ConfigSHA256: strings.Repeat("ab", 32),
		Gates: []gate.Report{{Verdict: gate.Warn, Findings: []gate.Finding{
			{Check: "rows", Source: "deaths", Verdict: gate.Pass, Observed: "1,000", Expected: "700 to 1,300"},
			{Check: "null_rate", Source: "members", Subject: "date_of_birth", Verdict: gate.Warn, Observed: "14.2%", Expected: "at most 10.0%", Advice: "ask the roster's keeper why dates of birth are missing"},
		}}},
		Snapshots: []report.Snapshot{
			{Source: "deaths", Side: tables.Register, Rows: 1000, Rejected: 3, ContentSHA256: strings.Repeat("1f", 32), Newest: time.Date(2025, 6, 28, 0, 0, 0, 0, time.UTC)},
			{Source: "members", Side: tables.Roster, Rows: 4000, ContentSHA256: strings.Repeat("c3", 32)},
		},
		Linkage: report.Linkage{
			Warnings: []string{"The family name of 40% of the roster is one of five: it is weak evidence here."},
			Steps: []report.LinkStep{{
				Kind: "across", Left: 1000, Right: 4000, Comparisons: comparisons, Rules: rules, Prior: 0.0002, ThresholdProbability: 0.5,
				Precision: report.Range{Low: 0.962, Estimate: 0.974, High: 0.983}, Recall: report.Range{Low: 0.88, Estimate: 0.913, High: 0.94},
			}},
		},
		Areas: []locale.Area{
			{Code: "A", Level: "country", Name: "Country"},
			{Code: "A-01", Parent: "A", Level: "district", Name: "Bogura"},
			{Code: "A-02", Parent: "A", Level: "district", Name: "Chandpur"},
			{Code: "A-03", Parent: "A", Level: "district", Name: "Kushtia"},
			{Code: "A-01-1", Parent: "A-01", Level: "upazila", Name: "Adamdighi"},
			{Code: "A-01-2", Parent: "A-01", Level: "upazila", Name: "Sherpur"},
			{Code: "A-02-1", Parent: "A-02", Level: "upazila", Name: "Haimchar"},
			{Code: "A-03-1", Parent: "A-03", Level: "upazila", Name: "Mirpur"},
			{Code: "A-03-2", Parent: "A-03", Level: "upazila", Name: "Khoksa"},
		},
		Programmes: []report.Programme{{Code: "child_grant", Title: "Child grant", Version: "2025-01"}, {Code: "old_age", Title: "Old-age allowance", Version: "2025-07"}, {Code: "widow", Title: "Widow's allowance", Version: "2024-07"}},
	}
}
