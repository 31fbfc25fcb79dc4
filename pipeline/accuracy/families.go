// Package accuracy holds what a run found against the truth, where that is known: pairs
// as the run has them, and as they are.
package accuracy

import (
	"context"
	_ "embed" // SQL
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"rollcall/matchers/family"
	"rollcall/pipeline"
	"rollcall/pipeline/pair"
	"rollcall/pipeline/tables"
)

// What can be measured of families.
const (
	Families     = "family"       // links of the register's families with households
	Siblings     = "sibling"      // pairs of children of one mother
	FullSiblings = "full_sibling" // pairs of children of one mother and one father
)

// query gives the pairs that a run found, with their probability and whether they are
// accepted, and the true ones.
type query struct{ found, truth string }

var queries = map[string]query{
	Families: {
		`SELECT s.family, l.household_id, CAST(max(l.match_probability) AS DOUBLE), bool_or(l.accepted)
FROM family_link l JOIN same_family s ON s.found = l.family_id GROUP BY ALL ORDER BY ALL`,
		"SELECT family, household_id FROM true_link ORDER BY ALL",
	},
	Siblings:     siblings("mother"),
	FullSiblings: siblings("mother", "father"),
}

// siblings are pairs of births of two children who have these parents in common, of
// those whose true parents are known.
func siblings(parents ...string) query {
	found, truth, known := "a.mention_id < b.mention_id AND a.person_id <> b.person_id", "a.mention_id < b.mention_id AND a.who <> b.who", "true"
	for _, p := range parents {
		found += fmt.Sprintf(" AND a.found_%s = b.found_%[1]s", p)
		truth += fmt.Sprintf(" AND a.%s = b.%[1]s", p)
		known += fmt.Sprintf(" AND a.%s_known AND b.%[1]s_known", p)
	}
	return query{
		fmt.Sprintf("SELECT a.mention_id, b.mention_id, 1.0::DOUBLE, true FROM child a JOIN child b ON %s WHERE %s ORDER BY ALL", found, known),
		fmt.Sprintf("SELECT a.mention_id, b.mention_id FROM child a JOIN child b ON %s WHERE %s ORDER BY ALL", truth, known),
	}
}

// Known tells whether what is so called can be measured of families.
func Known(what string) bool { return queries[what] != query{} }

//go:embed families.sql
var familiesSQL string

// personsName is the file beside the truth that tells of the parents of persons.
const personsName = "persons.csv"

// OfFamilies are the pairs of a kind that a run has, and the true ones. truth is a CSV
// file that says whose mention each is (mention_id, person_id), or the folder of its
// records.csv; persons.csv beside it may tell of the parents of these persons
// (person_id, mother_id, father_id).
func OfFamilies(ctx context.Context, run, truth, what string) ([]pair.Scored, *pair.Truth, error) {
	if info, err := os.Stat(truth); err == nil && info.IsDir() {
		truth = filepath.Join(truth, "records.csv")
	}
	truth, err := filepath.Abs(truth)
	if err != nil {
		return nil, nil, fmt.Errorf("find %s: %w", truth, err)
	}
	r, err := pipeline.Read(ctx, run, []string{filepath.Dir(truth)}, "mention", "cluster", "family", "family_link")
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	if err := readTruth(ctx, r, truth); err != nil {
		return nil, nil, err
	}
	if err := r.Exec(ctx, strings.ReplaceAll(familiesSQL, "$most_members", strconv.Itoa(family.MostMembers))); err != nil {
		return nil, nil, fmt.Errorf("find true families: %w", err)
	}
	pairs, err := found(ctx, r, queries[what].found)
	if err != nil {
		return nil, nil, fmt.Errorf("read what the run found: %w", err)
	}
	are, err := known(ctx, r, queries[what].truth, what)
	if err != nil {
		return nil, nil, fmt.Errorf("read what is true: %w", err)
	}
	return pairs, are, nil
}

// readTruth lays out who is who and, where that is told, whose child.
func readTruth(ctx context.Context, r *pipeline.Reader, truth string) error {
	err := r.Exec(ctx, fmt.Sprintf("CREATE TEMP TABLE known AS SELECT mention_id, min(person_id) AS who FROM read_csv(%s, header = true, all_varchar = true) GROUP BY mention_id", tables.Literal(truth)))
	if err != nil {
		return fmt.Errorf("read %s, which should have the columns mention_id and person_id: %w", truth, err)
	}
	persons := filepath.Join(filepath.Dir(truth), personsName)
	from := "(SELECT '' AS person_id, '' AS mother_id, '' AS father_id WHERE false)"
	if _, err := os.Stat(persons); err == nil {
		from = fmt.Sprintf("read_csv(%s, header = true, all_varchar = true)", tables.Literal(persons))
	} else if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("find persons of the truth: %w", err)
	}
	err = r.Exec(ctx, "CREATE TEMP TABLE true_parents AS SELECT person_id AS who, min(mother_id) AS mother_id, min(father_id) AS father_id FROM "+from+" GROUP BY person_id")
	if err != nil {
		return fmt.Errorf("read %s, which should have the columns person_id, mother_id and father_id: %w", persons, err)
	}
	return nil
}

func found(ctx context.Context, r *pipeline.Reader, query string) ([]pair.Scored, error) {
	rows, err := r.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var pairs []pair.Scored
	for rows.Next() {
		var p pair.Scored
		if err := rows.Scan(&p.Left, &p.Right, &p.Probability, &p.Accepted); err != nil {
			return nil, err
		}
		pairs = append(pairs, p)
	}
	return pairs, rows.Err()
}

func known(ctx context.Context, r *pipeline.Reader, query, what string) (*pair.Truth, error) {
	rows, err := r.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	truth := pair.NewTruth(what != Families)
	for rows.Next() {
		var left, right string
		if err := rows.Scan(&left, &right); err != nil {
			return nil, err
		}
		truth.Add(left, right)
	}
	return truth, rows.Err()
}
