package report

import (
	"context"
	"database/sql"
	"fmt"

	"rollcall/pipeline/store"
)

// collect reads a whole small result.
func collect[T any](ctx context.Context, s *store.Session, query string, scan func(*sql.Rows) (T, error)) ([]T, error) {
	rows, err := s.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("read result: %w", err)
		}
		out = append(out, v)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read result: %w", err)
	}
	return out, nil
}

func scanText(r *sql.Rows) (string, error) {
	var s string
	return s, r.Scan(&s)
}

// counted is a labelled count.
type counted struct {
	Label string
	N     int64
}

func scanCounted(r *sql.Rows) (counted, error) {
	var c counted
	return c, r.Scan(&c.Label, &c.N)
}
