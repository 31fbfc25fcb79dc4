package store

import (
	"context"
	"database/sql"
	"fmt"
	"unsafe"

	"github.com/duckdb/duckdb-go/v2"
)

// Function is a pure Go function that SQL can call: texts in, text or NULL out.
// NULL in any argument gives NULL.
type Function struct {
	Name      string
	Arguments int
	// Call appends the result of one row to out, which is empty; false is NULL. It keeps
	// neither out nor the arguments, which are lent. Several threads call it.
	Call func(out []byte, args []string) ([]byte, bool)
}

// register makes a function known to the connection's database.
func register(conn *sql.Conn, f Function) error {
	text, err := duckdb.NewTypeInfo(duckdb.TYPE_VARCHAR)
	if err != nil {
		return fmt.Errorf("register %s: %w", f.Name, err)
	}
	if err := duckdb.RegisterScalarUDF(conn, f.Name, &textFunction{f, text}); err != nil {
		return fmt.Errorf("register %s: %w", f.Name, err)
	}
	return nil
}

type textFunction struct {
	Function
	text duckdb.TypeInfo
}

// Config tells DuckDB the signature.
func (f *textFunction) Config() duckdb.ScalarFuncConfig {
	in := make([]duckdb.TypeInfo, f.Arguments)
	for i := range in {
		in[i] = f.text
	}
	return duckdb.ScalarFuncConfig{InputTypeInfos: in, ResultTypeInfo: f.text}
}

// Executor runs the function over a chunk at a time: borrowed strings in, one
// copy out. The context is bound with the query: left to itself the driver looks
// it up when the threads of the query run, each of them.
func (f *textFunction) Executor() duckdb.ScalarFuncExecutor {
	return duckdb.ScalarFuncExecutor{
		ChunkContextExecutor: f.chunk,
		ScalarBinder:         func(ctx context.Context, _ []duckdb.ScalarUDFArg) (context.Context, error) { return ctx, nil },
	}
}

func (f *textFunction) chunk(_ context.Context, state *duckdb.ChunkIteratorState) error {
	chunk := state.GetInputChunk()
	inputs := make([]duckdb.VectorView[string], f.Arguments)
	for i := range inputs {
		vector, err := chunk.GetVector(i)
		if err != nil {
			return err
		}
		if inputs[i], err = duckdb.GetVectorView[string](vector); err != nil {
			return err
		}
	}
	output, err := duckdb.GetVectorWriter[string](state.GetResultVector())
	if err != nil {
		return err
	}
	args := make([]string, f.Arguments)
	var out []byte
	for row := range chunk.GetSize() {
		known := true
		for i := range inputs {
			value, valid, err := inputs[i].GetValueBorrowed(row)
			if err != nil {
				return err
			}
			args[i], known = value, known && valid
		}
		if known {
			out, known = f.Call(out[:0], args)
		}
		if !known {
			err = output.SetNull(row)
		} else {
			err = output.Set(row, unsafe.String(unsafe.SliceData(out), len(out))) // DuckDB copies it
		}
		if err != nil {
			return err
		}
	}
	return nil
}
