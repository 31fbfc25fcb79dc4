package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"rollcall/pipeline/tables"
)

// rowFunctionName is the SQL function that hands whole rows, as texts, to the
// Hasher of the statement's context. It gives the first of the texts.
const rowFunctionName = "hash_row"

// hashCall hands the row of the given columns to the Hasher.
func hashCall(columns []string) string {
	text := make([]string, len(columns))
	for i, c := range columns {
		text[i] = fmt.Sprintf("CAST(%s AS VARCHAR)", tables.Quote(c))
	}
	return fmt.Sprintf("%s(%s)", rowFunctionName, strings.Join(text, ", "))
}

// hashedList is a SELECT list of a table's columns that hands each row to the
// Hasher. The call stands in the place of the first column, so that nothing can
// leave it out.
func hashedList(t tables.Table) string {
	names := t.Names()
	list := []string{fmt.Sprintf("CAST(%s AS %s) AS %s", hashCall(names), t.Columns[0].Type.SQL(), tables.Quote(names[0]))}
	for _, n := range names[1:] {
		list = append(list, tables.Quote(n))
	}
	return strings.Join(list, ", ")
}

// hash runs a statement that writes rows of which each is handed to the Hasher.
func (s *Session) hash(ctx context.Context, h *Hasher, statement string) error {
	result, err := s.conn.ExecContext(context.WithValue(ctx, hasherKey{}, h), statement)
	if err != nil {
		return fmt.Errorf("SQL: %w", err)
	}
	written, err := result.RowsAffected()
	if err == nil && written != h.rows {
		err = fmt.Errorf("%d of %d rows were hashed", h.rows, written)
	}
	return err
}

// hasherKey finds the Hasher in a statement's context.
type hasherKey struct{}

var errNoHasher = errors.New(rowFunctionName + " has no table to hash")

func registerRows(conn *sql.Conn) error {
	text, err := duckdb.NewTypeInfo(duckdb.TYPE_VARCHAR)
	if err != nil {
		return fmt.Errorf("register %s: %w", rowFunctionName, err)
	}
	if err := duckdb.RegisterScalarUDF(conn, rowFunctionName, &rowFunction{text}); err != nil {
		return fmt.Errorf("register %s: %w", rowFunctionName, err)
	}
	return nil
}

type rowFunction struct{ text duckdb.TypeInfo }

// Config tells DuckDB the signature. A volatile function is called for each row.
func (f *rowFunction) Config() duckdb.ScalarFuncConfig {
	return duckdb.ScalarFuncConfig{VariadicTypeInfo: f.text, ResultTypeInfo: f.text, Volatile: true, SpecialNullHandling: true}
}

// Executor hashes a chunk at a time, on whichever thread reads it.
func (f *rowFunction) Executor() duckdb.ScalarFuncExecutor {
	return duckdb.ScalarFuncExecutor{ChunkContextExecutor: hashRows}
}

func hashRows(ctx context.Context, state *duckdb.ChunkIteratorState) error {
	h, ok := ctx.Value(hasherKey{}).(*Hasher)
	if !ok {
		return errNoHasher
	}
	chunk := state.GetInputChunk()
	columns := make([]duckdb.VectorView[string], len(h.columns))
	for i := range columns {
		vector, err := chunk.GetVector(i)
		if err != nil {
			return err
		}
		if columns[i], err = duckdb.GetVectorView[string](vector); err != nil {
			return err
		}
	}
	output, err := duckdb.GetVectorWriter[string](state.GetResultVector())
	if err != nil {
		return err
	}
	var text []byte
	sums := make([][sha256.Size]byte, chunk.GetSize())
	for row := range sums {
		if text, err = rowText(text[:0], columns, row); err != nil {
			return err
		}
		sums[row] = sha256.Sum256(text)
		if err := giveBack(output, row, columns[0]); err != nil {
			return err
		}
	}
	return h.addRows(sums)
}

func giveBack(output duckdb.VectorWriter[string], row int, column duckdb.VectorView[string]) error {
	value, valid, err := column.GetValueBorrowed(row)
	switch {
	case err != nil:
		return err
	case valid:
		return output.Set(row, value)
	}
	return output.SetNull(row)
}

func rowText(text []byte, columns []duckdb.VectorView[string], row int) ([]byte, error) {
	for i := range columns {
		value, valid, err := columns[i].GetValueBorrowed(row)
		switch {
		case err != nil:
			return nil, err
		case valid:
			text = appendValue(text, value)
		default:
			text = append(text, '-')
		}
	}
	return text, nil
}
