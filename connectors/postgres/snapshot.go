package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"rollcall/connectors"
)

const (
	// A batch ends at either bound, so that memory does not grow with the values.
	batchRows  = 2048
	batchBytes = 4 << 20
)

// snapshot streams the rows of the query.
type snapshot struct {
	source   *source
	conn     *pgx.Conn
	end      context.CancelFunc // of the query
	rows     pgx.Rows
	columns  []string
	id       []bool
	maxField int
	origin   connectors.Origin
	batch    connectors.Batch
	text     []byte // values of the batch, one after the other
	ends     []int  // of each value in text; missing for NULL
	lost     bool   // the connection
	failure  error
}

// missing stands for the end of a NULL.
const missing = -1

func (s *snapshot) Columns() []string { return s.columns }

func (s *snapshot) Origins() []connectors.Origin { return []connectors.Origin{s.origin} }

// Next reads the next rows. What was read before a failure is given first.
func (s *snapshot) Next(ctx context.Context) (*connectors.Batch, error) {
	if s.failure != nil {
		return nil, s.failure
	}
	stop := context.AfterFunc(ctx, s.end)
	defer stop()
	s.text, s.ends = s.text[:0], s.ends[:0]
	rows := 0
	for rows < batchRows && len(s.text) < batchBytes {
		if !s.rows.Next() {
			s.failure = s.ended(ctx)
			break
		}
		for c, raw := range s.rows.RawValues() {
			if raw == nil {
				s.ends = append(s.ends, missing)
				continue
			}
			if s.rows.FieldDescriptions()[c].DataTypeOID == pgtype.BoolOID {
				raw = boolText(raw)
			}
			s.text = append(s.text, raw...)
			s.ends = append(s.ends, len(s.text))
		}
		rows++
	}
	if rows == 0 {
		return nil, s.failure
	}
	s.fill(rows)
	return &s.batch, nil
}

// boolText writes t and f as other sources write them.
func boolText(raw []byte) []byte {
	if raw[0] == 't' {
		return []byte("true")
	}
	return []byte("false")
}

// fill cuts the text of the batch into values and rows.
func (s *snapshot) fill(rows int) {
	width := len(s.columns)
	s.batch = connectors.Batch{Columns: slices.Grow(s.batch.Columns[:0], width)[:width]}
	for i := range s.batch.Columns {
		c := &s.batch.Columns[i]
		c.Values, c.Null = c.Values[:0], c.Null[:0]
	}
	text := string(s.text)
	start := 0
	values := make([]string, width)
	null := make([]bool, width)
	for row := range rows {
		for c := range width {
			end := s.ends[row*width+c]
			if null[c] = end == missing; null[c] {
				values[c] = ""
				continue
			}
			values[c], start = text[start:end], end
		}
		s.origin.Rows++
		s.add(values, null)
	}
	s.origin.Bytes += int64(len(text))
}

// add takes one row, or turns it away for a value.
func (s *snapshot) add(values []string, null []bool) {
	for c, value := range values {
		if reason, detail := connectors.Fault(value, s.maxField, s.id[c]); reason != "" {
			s.batch.Rejects = append(s.batch.Rejects, connectors.Reject{
				File: s.source.name, Line: s.origin.Rows, Column: s.columns[c], Reason: reason, Detail: detail,
			})
			return
		}
	}
	for c := range values {
		column := &s.batch.Columns[c]
		column.Values = append(column.Values, values[c])
		column.Null = append(column.Null, null[c])
	}
	s.batch.Rows++
}

// ended says why there are no more rows.
func (s *snapshot) ended(ctx context.Context) error {
	err := s.rows.Err()
	if err == nil {
		return io.EOF
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", s.source.name, ctx.Err())
	}
	if wentAway(err) {
		s.lost = true
		return fmt.Errorf("%s: the database went away after %d rows: %w", s.source.name, s.origin.Rows+int64(s.pending()), connectors.ErrPartial)
	}
	return s.tell(err)
}

// pending counts the rows that are read but not yet given.
func (s *snapshot) pending() int { return len(s.ends) / max(1, len(s.columns)) }

// wentAway tells a database that ended the session from one that found a fault in
// the query: class 57P is an operator's intervention, 08 a broken connection, XX
// a crash (PostgreSQL manual, appendix A).
func wentAway(err error) bool {
	var told *pgconn.PgError
	if !errors.As(err, &told) {
		return true
	}
	for _, class := range []string{"57P", "08", "XX"} {
		if strings.HasPrefix(told.Code, class) {
			return true
		}
	}
	return false
}

// tell names the source in an error. The database's message is repeated only for
// a wrong query (class 42) or a forbidden write (25); others may quote data.
func (s *snapshot) tell(err error) error {
	var told *pgconn.PgError
	if !errors.As(err, &told) {
		return fmt.Errorf("%s: %w", s.source.name, err)
	}
	if strings.HasPrefix(told.Code, "42") || strings.HasPrefix(told.Code, "25") {
		return fmt.Errorf("%s: PostgreSQL error %s: %s", s.source.name, told.Code, told.Message)
	}
	return fmt.Errorf("%s: PostgreSQL error %s (its message is left out, since it may show data)", s.source.name, told.Code)
}
