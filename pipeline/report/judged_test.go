package report_test

import (
	"testing"

	"rollcall/pipeline/tables"
)

// TestOverturnsAreHeldAgainstEachOther: of 600 men's lines a tenth is overturned, of 400
// women's a quarter; ten cases are of a person who is in the roster no more.
func TestOverturnsAreHeldAgainstEachOther(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, 2)
	empty(t, s)
	fill(t, s, tables.Person(), "SELECT 'members/' || i AS person_id, 'sp' AS side, CASE WHEN i < 600 THEN 'male' ELSE 'female' END AS sex FROM range(1000) r(i)")
	fill(t, s, tables.Cluster(), "SELECT person_id AS mention_id, person_id, side FROM person")
	fill(t, s, tables.Reviewed(), `SELECT 'c' || i AS case_id, 'exit' AS kind, 'T2' AS tier, 'old_age' AS programme, 'members/' || i AS mention_id,
		i % CASE WHEN i < 600 THEN 10 ELSE 4 END = 0 AS overturned, i % 9 AS days, CAST(i < 100 AS INTEGER) AS twice, CAST(i < 90 AS INTEGER) AS alike FROM range(1010) r(i)`)
	dir, _ := reports(t, s, folder, monthly())
	says(t, page(t, dir, "quality.html"),
		"People judged 1,010 cases before this run and overturned 163 of them, 16.1%",
		"Half of the cases stood 4 days or less before the first judgement.",
		"A second person judged 100 times after another, and agreed 90 times, 90.0% (82.6–94.5%).",
		"rollcall cases reviewers",
		"Sex female 400 100 25.0% 21.0–29.5% 2.50 1.86–3.35 overturned more",
		"Sex male 600 60 10.0%",
		"Sex not known 10 3 30.0%")
}

// TestWhereModelAndPeopleDisagreeIsSaid: the model calls nearly all links right, and
// people a half of those that they judged.
func TestWhereModelAndPeopleDisagreeIsSaid(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, 2)
	empty(t, s)
	fill(t, s, tables.Judgement(), `SELECT 'across' AS kind, 'accepted' AS fate, 0.9 AS probability_from, 0.99 AS probability_to, 'june' AS run_id, 1000 AS pairs, 50 AS drawn,
		0.97 AS mean_probability, 0.95 AS precision_low, 0.97 AS precision, 0.98 AS precision_high, 0.8 AS recall_low, 0.9 AS recall, 0.95 AS recall_high,
		25 AS same, 25 AS different, 0 AS unsure, 0 AS twice, 0 AS alike
		UNION ALL BY NAME SELECT 'across' AS kind, 'below' AS fate, 0 AS probability_from, 0.1 AS probability_to, 'june' AS run_id, 100 AS pairs, 5 AS drawn,
		0.01 AS mean_probability, 0.95 AS precision_low, 0.97 AS precision, 0.98 AS precision_high, 0.8 AS recall_low, 0.9 AS recall, 0.95 AS recall_high,
		0 AS same, 4 AS different, 1 AS unsure, 0 AS twice, 0 AS alike`)
	dir, _ := reports(t, s, folder, monthly())
	says(t, page(t, dir, "quality.html"),
		"Of the pairs that run june drew, 55 were judged.",
		"People judged the precision of the links (Register persons with roster persons) at 50.0% (37.0–63.0%), the model says 97.0% (95.0–98.0%): the intervals do not meet",
		"Register persons with roster persons accepted 0.9 to 0.99 1,000 25 25 0 50.0% 37.0–63.0% 97.0% lower than the model says",
		"Register persons with roster persons below the threshold 0 to 0.1 100 0 4 1 0.0%")
}
