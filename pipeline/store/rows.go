package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"

	"github.com/duckdb/duckdb-go/v2"
)

// rowFunctionName is the SQL function that hands whole rows, as texts, to the
// Hasher of the statement's context. It gives NULL.
const rowFunctionName = "hash_row"

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
		if err := output.SetNull(row); err != nil {
			return err
		}
	}
	return h.addRows(sums)
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
