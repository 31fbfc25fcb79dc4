package oracle_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"testing"

	"github.com/duckdb/duckdb-go/v2"
)

// database is DuckDB in memory with a table for pairs.
type database struct{ *sql.DB }

// judgement is what DuckDB says of a pair.
type judgement struct {
	levenshtein, damerau       int
	jaro, jaroWinkler, jaccard float64
}

func open(t *testing.T) database {
	t.Helper()
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		t.Fatal(err)
	}
	db := database{sql.OpenDB(connector)}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(t.Context(), "CREATE TABLE pairs (number INTEGER, a VARCHAR, b VARCHAR)"); err != nil {
		t.Fatal(err)
	}
	return db
}

// compare has DuckDB judge the plain forms of the pairs.
func (db database) compare(t *testing.T, pairs []pair) []judgement {
	t.Helper()
	ctx := t.Context()
	if err := db.fill(ctx, pairs); err != nil {
		t.Fatal(err)
	}
	rows, err := db.QueryContext(ctx, `SELECT levenshtein(a, b), damerau_levenshtein(a, b), jaro_similarity(a, b), jaro_winkler_similarity(a, b),
		CASE WHEN a = '' OR b = '' THEN 0 ELSE jaccard(a, b) END FROM pairs ORDER BY number`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := make([]judgement, 0, len(pairs))
	for rows.Next() {
		var j judgement
		if err := rows.Scan(&j.levenshtein, &j.damerau, &j.jaro, &j.jaroWinkler, &j.jaccard); err != nil {
			t.Fatal(err)
		}
		out = append(out, j)
	}
	if err := rows.Err(); err != nil || len(out) != len(pairs) {
		t.Fatalf("%d judgements of %d pairs: %v", len(out), len(pairs), err)
	}
	return out
}

func (db database) fill(ctx context.Context, pairs []pair) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "DELETE FROM pairs"); err != nil {
		return err
	}
	return conn.Raw(func(raw any) error {
		appender, err := duckdb.NewAppenderFromConn(raw.(driver.Conn), "", "pairs")
		if err != nil {
			return err
		}
		for i, p := range pairs {
			if err := appender.AppendRow(int32(i), p.plainA, p.plainB); err != nil {
				return err
			}
		}
		return appender.Close()
	})
}
