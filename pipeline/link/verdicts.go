package link

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"rollcall/matchers"
	"rollcall/pipeline/tables"
)

// mostBearers is how many pairs of records one verdict that two are different
// people may speak of. People look at two records; values that more than this
// share, such as a name alone, were not what they judged.
const mostBearers = 100

// verdict is what people decided about two mentions.
type verdict struct {
	left, right string
	same        bool
}

// Verdicts counts what people decided before about who is who.
type Verdicts struct {
	Given        int // whose kind says so: same, different, or a confirmed line
	Used         int
	Changed      int // whose values no record has any more
	Unclear      int // whose values several records have, so that it is not known which were meant
	Contradicted int // that others contradict
}

// Told says in words which decisions count for nothing.
func (v Verdicts) Told() []string {
	var out []string
	for _, line := range []struct {
		n    int
		text string
	}{
		{v.Changed, "decisions of people about who is who are about values that no record has any more, and count no longer"},
		{v.Unclear, "decisions of people about who is who are about values that several records have; which they meant is not known, and they do not count"},
		{v.Contradicted, "decisions that two records are one person contradict others, and do not count"},
	} {
		if line.n > 0 {
			out = append(out, fmt.Sprintf("%d of %d %s", line.n, v.Given, line.text))
		}
	}
	return out
}

// givenVerdicts are the decisions that say who is who. A confirmed line says that
// its two records are one person. A rejected one says only that nothing is to be
// done: the register may be wrong, and a double enrolment right.
const givenVerdicts = `CREATE OR REPLACE TEMP TABLE given_verdict AS
SELECT case_id, kind <> 'different' AS same, left_values, right_values FROM decision
WHERE kind IN ('same', 'confirmed', 'different') AND left_values IS NOT NULL AND right_values IS NOT NULL`

// judgedMentions holds the mentions that have the values of a verdict.
const judgedMentions = `CREATE OR REPLACE TEMP TABLE judged_mention AS
WITH numbers AS (SELECT mention_id, ` + tables.WrittenNumbers + ` AS numbers FROM identifier GROUP BY mention_id),
valued AS (SELECT m.mention_id, ` + tables.MentionValues + ` AS hash FROM mention m LEFT JOIN numbers n ON n.mention_id = m.mention_id)
SELECT * FROM valued WHERE hash IN (SELECT left_values FROM given_verdict UNION SELECT right_values FROM given_verdict)`

// judgedPairs counts the pairs of mentions that each verdict is about, and lists
// those of the verdicts that are clear.
const judgedPairs = `CREATE OR REPLACE TEMP TABLE judged_count AS
WITH bearers AS (SELECT hash, count(*) AS n FROM judged_mention GROUP BY hash)
SELECT v.*, coalesce(CASE WHEN v.left_values = v.right_values THEN a.n * (a.n - 1) // 2 ELSE a.n * b.n END, 0) AS pairs
FROM given_verdict v
LEFT JOIN bearers a ON a.hash = v.left_values
LEFT JOIN bearers b ON b.hash = v.right_values`

// readVerdicts reads what people decided about mentions that are here: all that follows
// from it too, as who is one person with two others makes them one.
func (m *maker) readVerdicts(ctx context.Context) (found []verdict, sum Verdicts, err error) {
	if err := m.session.Exec(ctx, givenVerdicts); err != nil {
		return nil, sum, err
	}
	if err := m.session.Row(ctx, "SELECT count(*) FROM given_verdict", &sum.Given); err != nil {
		return nil, sum, err
	}
	if sum.Given == 0 {
		return nil, sum, m.session.Exec(ctx, "DROP TABLE given_verdict")
	}
	for _, q := range []string{judgedMentions, judgedPairs} {
		if err := m.session.Exec(ctx, q); err != nil {
			return nil, sum, fmt.Errorf("find what people decided: %w", err)
		}
	}
	counts := fmt.Sprintf("pairs > 0 AND pairs <= CASE WHEN same THEN 1 ELSE %d END", mostBearers)
	err = m.session.Row(ctx, fmt.Sprintf("SELECT count(*) FILTER (pairs = 0), count(*) FILTER (pairs > 0 AND NOT (%s)), count(*) FILTER (%[1]s) FROM judged_count", counts),
		&sum.Changed, &sum.Unclear, &sum.Used)
	if err != nil {
		return nil, sum, err
	}
	rows, err := m.session.Query(ctx, fmt.Sprintf(`SELECT DISTINCT least(a.mention_id, b.mention_id), greatest(a.mention_id, b.mention_id), same
FROM judged_count c
JOIN judged_mention a ON a.hash = c.left_values
JOIN judged_mention b ON b.hash = c.right_values AND b.mention_id <> a.mention_id
WHERE %s ORDER BY ALL`, counts))
	if err != nil {
		return nil, sum, err
	}
	defer rows.Close()
	for rows.Next() {
		var v verdict
		if err := rows.Scan(&v.left, &v.right, &v.same); err != nil {
			return nil, sum, fmt.Errorf("read what people decided: %w", err)
		}
		found = append(found, v)
	}
	if err := rows.Err(); err != nil {
		return nil, sum, fmt.Errorf("read what people decided: %w", err)
	}
	found, sum.Contradicted = closed(found)
	sum.Used -= sum.Contradicted
	return found, sum, m.session.Exec(ctx, "DROP TABLE given_verdict; DROP TABLE judged_mention; DROP TABLE judged_count")
}

// closed adds what follows from verdicts: those who are one person with a third are
// one, and whoever is another than one of them is another than all. Where that
// makes two of whom people said that they are different one person, the verdicts
// that would join them do not count; it counts those.
func closed(given []verdict) (all []verdict, contradicted int) {
	group := groups(given)
	broken := map[string]bool{}
	for _, v := range given {
		if !v.same && group[v.left] == group[v.right] {
			broken[group[v.left]] = true
		}
	}
	members := map[string][]string{}
	for _, id := range slices.Sorted(maps.Keys(group)) {
		if of := group[id]; !broken[of] {
			members[of] = append(members[of], id)
		}
	}
	bearers := func(id string) []string {
		if broken[group[id]] {
			return []string{id}
		}
		return members[group[id]]
	}
	add := func(a, b string, same bool) { all = append(all, verdict{min(a, b), max(a, b), same}) }
	for _, v := range given {
		switch {
		case v.same && broken[group[v.left]]:
			contradicted++
		case !v.same:
			for _, a := range bearers(v.left) {
				for _, b := range bearers(v.right) {
					add(a, b, false)
				}
			}
		}
	}
	for _, ids := range members {
		for i, a := range ids {
			for _, b := range ids[i+1:] {
				add(a, b, true)
			}
		}
	}
	slices.SortFunc(all, func(a, b verdict) int { return cmp.Or(cmp.Compare(a.left, b.left), cmp.Compare(a.right, b.right)) })
	return slices.Compact(all), contradicted
}

// groups gives each mention of a verdict the least of those that are one person
// with it.
func groups(given []verdict) map[string]string {
	parent := map[string]string{}
	var root func(id string) string
	root = func(id string) string {
		if p, known := parent[id]; !known {
			parent[id] = id
		} else if p != id {
			parent[id] = root(p)
		}
		return parent[id]
	}
	for _, v := range given {
		a, b := root(v.left), root(v.right)
		if v.same {
			parent[max(a, b)] = min(a, b)
		}
	}
	for id := range parent {
		parent[id] = root(id)
	}
	return parent
}

// judged are the verdicts on records of two files, or of one, by row. name gives
// the id that a mention has there. Ids are in order.
func judged(verdicts []verdict, left, right []string, name func(mention string) string) []matchers.Judged {
	var out []matchers.Judged
	for _, v := range verdicts {
		a, b := name(v.left), name(v.right)
		for _, pair := range [][2]string{{a, b}, {b, a}} {
			l, hasLeft := slices.BinarySearch(left, pair[0])
			r, hasRight := slices.BinarySearch(right, pair[1])
			if hasLeft && hasRight && a != b {
				out = append(out, matchers.Judged{Left: int32(l), Right: int32(r), Same: v.same})
				break
			}
		}
	}
	return out
}

// personsOf names the persons of the mentions that verdicts are about.
func (m *maker) personsOf(ctx context.Context, person map[string]string) error {
	if len(person) == 0 {
		return nil
	}
	rows, err := m.session.Query(ctx, "SELECT mention_id, person_id FROM cluster")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var mention, id string
		if err := rows.Scan(&mention, &id); err != nil {
			return fmt.Errorf("read persons: %w", err)
		}
		if _, asked := person[mention]; asked {
			person[mention] = id
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read persons: %w", err)
	}
	return nil
}

// judgedPersons are the persons of the mentions that people decided about.
func (m *maker) judgedPersons(ctx context.Context) (map[string]string, error) {
	person := map[string]string{}
	for _, v := range m.verdicts {
		person[v.left], person[v.right] = "", ""
	}
	return person, m.personsOf(ctx, person)
}
