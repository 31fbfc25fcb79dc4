package report_test

import (
	"fmt"
	"testing"

	"rollcall/pipeline/report"
	"rollcall/pipeline/tables"
)

// mourned is a country in which 100 women and 100 men of 70 years or more die in a
// year, of whom the register has 40 and 80. A thousand women of 75 are enrolled: 50
// of them die, and found are as many as are given.
func mourned(t *testing.T, found int) (dir string) {
	t.Helper()
	folder := t.TempDir()
	s := open(t, folder, 2)
	empty(t, s)
	fill(t, s, tables.Event(), `SELECT 'deaths/' || i AS event_id, 'death' AS event_type, CASE WHEN i < 120 THEN 'registered' ELSE 'revoked' END AS status,
		DATE '2024-07-05' + CAST(i AS INTEGER) AS registered_on FROM range(130) r(i)
		UNION ALL BY NAME SELECT 'old' AS event_id, 'death' AS event_type, DATE '2020-01-01' AS registered_on`)
	fill(t, s, tables.Mention(), `SELECT 'deaths/' || i || '/deceased' AS mention_id, 'crvs' AS side, 'deaths' AS source, 'deaths/' || i AS event_id, 'deceased' AS role,
		CASE WHEN i < 40 THEN 'female' ELSE 'male' END AS sex, 'A-01-1' AS area_code FROM range(130) r(i)
		UNION ALL BY NAME SELECT 'old' AS mention_id, 'crvs' AS side, 'deaths' AS source, 'old' AS event_id, 'deceased' AS role, 'female' AS sex, 'A-01-1' AS area_code`)
	fill(t, s, tables.Mention(), `SELECT 'members/' || i AS mention_id, 'sp' AS side, 'members' AS source, 'member' AS role FROM range(1000) r(i)`)
	fill(t, s, tables.Cluster(), "SELECT mention_id, mention_id AS person_id, side FROM mention")
	fill(t, s, tables.Person(), `SELECT 'members/' || i AS person_id, 'sp' AS side, 'female' AS sex, 'A-01-2' AS area_code,
		DATE '1950-01-01' AS birth_earliest, DATE '1950-01-01' AS birth_latest FROM range(1000) r(i)`)
	fill(t, s, tables.Enrolment(), `SELECT 'e/' || i AS enrolment_id, 'old_age' AS programme, 'members/' || i AS mention_id,
		CASE WHEN i < 990 THEN 'active' ELSE 'closed' END AS status, CASE WHEN i >= 990 THEN DATE '2025-05-01' END AS to_on FROM range(1000) r(i)`)
	fill(t, s, tables.Link(), fmt.Sprintf("SELECT 'across' AS kind, 'deaths/' || i || '/deceased' AS left_id, 'members/' || i AS right_id, true AS accepted FROM range(%d) r(i)", found))
	cfg := monthly()
	cfg.Mortality = []report.DeathRate{
		{Area: "A-01", Sex: "female", AgeFrom: 0, Population: 9000},
		{Area: "A-01", Sex: "female", AgeFrom: 70, Population: 2000, Per1000: 50},
		{Area: "A-01", Sex: "male", AgeFrom: 70, Population: 2000, Per1000: 50},
		{Area: "A-02", AgeFrom: report.AllAges, Population: 1000, Per1000: 8},
	}
	dir, _ = reports(t, s, folder, cfg)
	return dir
}

func TestTheQualityPageSaysHowCompleteTheRegisterIs(t *testing.T) {
	says(t, page(t, mourned(t, 20), "quality.html"),
		"Deaths registered from 2024-07-01 to 2025-06-30",
		"Bogura female 11,000 99.9 40 40.0%", "Bogura male 2,000 99.9 80 80.1%", "Chandpur both 1,000 8.0 0 0.0%",
		"Of 1,000 people enrolled in the 365 days up to the as-of day, 50.0 deaths are to be expected by their age and sex, and 20.0 of them in a register as complete as this one. 20 were found (12.2 to 30.9 by chance).")
}

func TestFarTooFewOrTooManyFoundAreSaidOnTop(t *testing.T) {
	for found, want := range map[int]string{2: "2 were found (0.2 to 7.2 by chance). That is far fewer", 118: "118 were found (97.7 to 141.3 by chance). That is far more"} {
		dir := mourned(t, found)
		for _, name := range []string{"index.html", "quality.html"} {
			says(t, page(t, dir, name), want)
		}
	}
}
