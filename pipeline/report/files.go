package report

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"rollcall/pipeline/tables"
)

// writeList writes a list in its three formats.
func (m *maker) writeList(ctx context.Context, l list) error {
	if err := m.writeTable(ctx, l, l.selectSQL()); err != nil {
		return err
	}
	if err := m.writeWorkbook(ctx, l); err != nil {
		return fmt.Errorf("write %s.xlsx: %w", l.name, err)
	}
	return m.session.Exec(ctx, "DROP VIEW "+l.table())
}

// writeEvaluations writes every evaluation, not only those that ask for action.
func (m *maker) writeEvaluations(ctx context.Context) error {
	l := m.evaluations()
	names := make([]string, len(l.columns))
	for i, c := range l.columns {
		names[i] = fmt.Sprintf("%s AS %s", c.expr, tables.Quote(c.Name))
	}
	if err := m.writeTable(ctx, l, fmt.Sprintf("SELECT %s FROM evaluation x", strings.Join(names, ", "))); err != nil {
		return err
	}
	return m.session.Exec(ctx, "DROP VIEW "+l.table())
}

// evaluations is the evaluation table as a list, without sheet.
func (m *maker) evaluations() list {
	t := tables.Evaluation()
	cols := []column{
		text("run_id", tables.Literal(m.cfg.RunID), "run that wrote the line").key(),
		typed("as_of", tables.Date, "DATE "+tables.Literal(m.asOf()), "day up to which the run knew the registers"),
	}
	for _, c := range t.Columns {
		col := column{Column: c, expr: "x." + tables.Quote(c.Name)}
		col.foreign = c.Type == tables.Text && c.Name != "outcome"
		cols = append(cols, col)
	}
	return list{
		name: "evaluations", title: "Evaluations", about: "the result of every programme for every person it could concern",
		order: t.Key(), columns: cols,
	}
}

// writeTable writes the rows of a query as Parquet, which becomes the list's view
// in the session, and from there as CSV.
func (m *maker) writeTable(ctx context.Context, l list, query string) error {
	parquet := File{Name: l.parquet(), Table: true, About: l.about}
	err := m.session.Exec(ctx, fmt.Sprintf("COPY (FROM (%s) ORDER BY %s) TO %s (FORMAT parquet, COMPRESSION zstd)",
		query, l.orderBy(), tables.Literal(m.part(parquet.Name))))
	if err != nil {
		return fmt.Errorf("write %s: %w", parquet.Name, err)
	}
	if err := m.session.Row(ctx, fmt.Sprintf("SELECT count(*) FROM read_parquet(%s)", tables.Literal(m.part(parquet.Name))), &parquet.Rows); err != nil {
		return fmt.Errorf("count %s: %w", l.name, err)
	}
	if err := m.publish(parquet); err != nil {
		return err
	}
	err = m.session.Exec(ctx, fmt.Sprintf("CREATE OR REPLACE TEMP VIEW %s AS FROM read_parquet(%s)",
		l.table(), tables.Literal(filepath.Join(m.dir, parquet.Name))))
	if err != nil {
		return fmt.Errorf("prepare %s: %w", l.name, err)
	}
	return m.writeCSV(ctx, l, File{Name: l.name + ".csv", Rows: parquet.Rows, About: l.about})
}

// writeCSV has DuckDB quote the fields and ends the records as RFC 4180 wants.
func (m *maker) writeCSV(ctx context.Context, l list, f File) error {
	exprs := make([]string, len(l.columns))
	for i, c := range l.columns {
		exprs[i] = c.csvExpr()
	}
	raw := m.part(f.Name + ".lf")
	defer os.Remove(raw)
	err := m.session.Exec(ctx, fmt.Sprintf("COPY (SELECT %s FROM (FROM %s ORDER BY %s)) TO %s (FORMAT csv, HEADER true)",
		strings.Join(exprs, ", "), l.table(), l.orderBy(), tables.Literal(raw)))
	if err != nil {
		return fmt.Errorf("write %s: %w", f.Name, err)
	}
	if err := endRecords(raw, m.part(f.Name)); err != nil {
		return fmt.Errorf("write %s: %w", f.Name, err)
	}
	return m.publish(f)
}

// endRecords copies a CSV file, ending each record with CR LF (RFC 4180, 2.1);
// a line break inside quotes belongs to the value and stays.
func endRecords(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if e := out.Close(); err == nil {
			err = e
		}
	}()
	chunk, ended := make([]byte, 1<<20), make([]byte, 0, 2<<20)
	quoted := false
	for {
		n, err := in.Read(chunk)
		ended = ended[:0]
		for _, b := range chunk[:n] {
			switch {
			case b == '"':
				quoted = !quoted
			case b == '\n' && !quoted:
				ended = append(ended, '\r')
			}
			ended = append(ended, b)
		}
		if _, err := out.Write(ended); err != nil {
			return err
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
