package ledger

import (
	"database/sql"
	"fmt"
	"time"
)

// Times are text of fixed width in UTC, so that SQLite orders them as time does.
const (
	instantLayout = "2006-01-02T15:04:05.000Z"
	dayLayout     = time.DateOnly
)

func instant(t time.Time) string { return t.UTC().Format(instantLayout) }

// optionalInstant is NULL for the zero time.
func optionalInstant(t time.Time) sql.NullString {
	return sql.NullString{String: instant(t), Valid: !t.IsZero()}
}

func readInstant(s sql.NullString) (time.Time, error) {
	if !s.Valid {
		return time.Time{}, nil
	}
	t, err := time.Parse(instantLayout, s.String)
	if err != nil {
		return time.Time{}, fmt.Errorf("read time: %w", err)
	}
	return t, nil
}

func day(t time.Time) string { return t.Format(dayLayout) }

func readDay(s string) (time.Time, error) {
	t, err := time.Parse(dayLayout, s)
	if err != nil {
		return time.Time{}, fmt.Errorf("read day: %w", err)
	}
	return t, nil
}

// optionalDay is NULL for the zero time.
func optionalDay(t time.Time) sql.NullString {
	if t.IsZero() {
		return sql.NullString{}
	}
	return sql.NullString{String: day(t), Valid: true}
}

func readOptionalDay(s sql.NullString) (time.Time, error) {
	if !s.Valid {
		return time.Time{}, nil
	}
	return readDay(s.String)
}
