// Package conformance holds what every connector must do. A connector's own tests
// run the suite over a source that they fill with the suite's tables.
package conformance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rollcall/connectors"
)

// Table is what a source is filled with. A nil value is missing.
type Table struct {
	Columns []string
	Rows    [][]*string
}

// Suite is one kind of source under test.
type Suite struct {
	Connector connectors.Connector
	// Fill puts a table where the connector reads it, and gives the settings.
	Fill func(t *testing.T, table Table) (connectors.Environment, connectors.Settings)
	// EmptyIsMissing says that the source cannot tell empty text from a missing value.
	EmptyIsMissing bool
}

// Run runs the suite.
func (s Suite) Run(t *testing.T) {
	t.Helper()
	for _, test := range []struct {
		name string
		run  func(*testing.T)
	}{
		{"declares its settings", s.declares},
		{"keeps every value as it stands", s.keepsValues},
		{"gives the columns asked for", s.givesColumns},
		{"names the nearest of a missing column", s.namesNearest},
		{"turns bad values away and counts them", s.rejects},
		{"streams many rows", s.streams},
		{"stops when it is told to", s.stops},
		{"reads an empty table", s.readsEmpty},
	} {
		t.Run(test.name, test.run)
	}
}

// Text makes a row; NULL stands for a missing value.
func Text(values ...string) []*string {
	row := make([]*string, len(values))
	for i := range values {
		if values[i] != "NULL" {
			row[i] = &values[i]
		}
	}
	return row
}

var asOf = time.Date(2025, 7, 31, 0, 0, 0, 0, time.UTC)

func (s Suite) open(t *testing.T, table Table, q connectors.Query) (connectors.Snapshot, error) {
	t.Helper()
	env, settings := s.Fill(t, table)
	source, err := s.Connector.New(env, settings)
	if err != nil {
		t.Fatalf("new source: %v", err)
	}
	q.AsOf = asOf
	return source.Open(t.Context(), q)
}

// reading is everything that a snapshot gave.
type reading struct {
	Rows    [][]string
	Rejects []connectors.Reject
	Batches int
}

// read reads a snapshot to its end and checks each batch's shape.
func read(t *testing.T, snap connectors.Snapshot) reading {
	t.Helper()
	var r reading
	for {
		b, err := snap.Next(t.Context())
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("next: %v", err)
		}
		r.Batches++
		r.Rejects = append(r.Rejects, b.Rejects...)
		r.Rows = append(r.Rows, rowsOf(t, snap, b)...)
	}
	if b, err := snap.Next(t.Context()); !errors.Is(err, io.EOF) {
		t.Errorf("next after the end: got %v, %v; want io.EOF", b, err)
	}
	var counted int64
	for _, o := range snap.Origins() {
		counted += o.Rows
		if o.Name == "" {
			t.Error("an origin has no name")
		}
	}
	if used := int64(len(r.Rows) + len(r.Rejects)); counted != used {
		t.Errorf("rows read: %d; rows used and rejected: %d", counted, used)
	}
	return r
}

func rowsOf(t *testing.T, snap connectors.Snapshot, b *connectors.Batch) [][]string {
	t.Helper()
	if len(b.Columns) != len(snap.Columns()) {
		t.Fatalf("batch of %d columns; the snapshot has %d", len(b.Columns), len(snap.Columns()))
	}
	for i, c := range b.Columns {
		if len(c.Values) != b.Rows || c.Null != nil && len(c.Null) != b.Rows {
			t.Fatalf("column %d has %d values and %d null flags for %d rows", i, len(c.Values), len(c.Null), b.Rows)
		}
	}
	rows := make([][]string, b.Rows)
	for i := range rows {
		for _, c := range b.Columns {
			if c.Null != nil && c.Null[i] {
				rows[i] = append(rows[i], "NULL")
			} else {
				rows[i] = append(rows[i], strings.Clone(c.Values[i]))
			}
		}
	}
	return rows
}

func (s Suite) declares(t *testing.T) {
	if s.Connector.Name == "" || s.Connector.Doc == "" {
		t.Error("the connector lacks a name or a description")
	}
	seen := map[string]bool{}
	for _, setting := range s.Connector.Settings {
		if setting.Name == "" || setting.Doc == "" || seen[setting.Name] {
			t.Errorf("setting %q is repeated or lacks a description", setting.Name)
		}
		seen[setting.Name] = true
	}
	_, settings := s.Fill(t, Table{Columns: []string{"id"}, Rows: [][]*string{Text("1")}})
	for name := range settings {
		if !seen[name] {
			t.Errorf("setting %q is used and not declared", name)
		}
	}
}

func (s Suite) keepsValues(t *testing.T) {
	table := Table{Columns: []string{"id", "name", "note"}, Rows: [][]*string{
		Text("0071", "Åsa Öström", "NULL"),
		Text("12345678901234567890", `says "hi", twice`, "two\nlines"),
		Text("1.10", "মোহাম্মদ", " spaces "),
		Text("-5", "O'Brien; \\ | tab\there", "NULL"),
		Text("NULL", "𠮷野家", "true"),
		Text("2024-02-29", "=1+1", "1E5"),
	}}
	if !s.EmptyIsMissing {
		table.Rows = append(table.Rows, Text("8", "", "x"))
	}
	snap, err := s.open(t, table, connectors.Query{})
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	if diff := cmp.Diff(expect(table), read(t, snap).Rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func expect(table Table) [][]string {
	rows := make([][]string, len(table.Rows))
	for i, row := range table.Rows {
		for _, v := range row {
			if v == nil {
				rows[i] = append(rows[i], "NULL")
			} else {
				rows[i] = append(rows[i], *v)
			}
		}
	}
	return rows
}

func (s Suite) givesColumns(t *testing.T) {
	table := Table{Columns: []string{"id", "name", "sex"}, Rows: [][]*string{Text("1", "Rahim", "male")}}
	snap, err := s.open(t, table, connectors.Query{Columns: []string{"SEX", "id"}})
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	if diff := cmp.Diff([]string{"SEX", "id"}, snap.Columns()); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([][]string{{"male", "1"}}, read(t, snap).Rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func (s Suite) namesNearest(t *testing.T) {
	table := Table{Columns: []string{"id", "date_of_birth", "date_of_death", "sex"}, Rows: [][]*string{Text("1", "1960-01-01", "NULL", "male")}}
	snap, err := s.open(t, table, connectors.Query{Columns: []string{"id", "date_of_brith"}})
	if err == nil { // known at the end only, for sources without a header
		defer snap.Close()
		for err == nil {
			_, err = snap.Next(t.Context())
		}
	}
	var missing *connectors.MissingColumnError
	if !errors.As(err, &missing) {
		t.Fatalf("got %v, want a missing column", err)
	}
	if missing.Column != "date_of_brith" || len(missing.Nearest) == 0 || missing.Nearest[0] != "date_of_birth" {
		t.Errorf("got column %q, nearest %q", missing.Column, missing.Nearest)
	}
}

func (s Suite) rejects(t *testing.T) {
	long := strings.Repeat("x", 101)
	table := Table{Columns: []string{"id", "name"}, Rows: [][]*string{
		Text("1", "good"), Text("4.49E+35", "mangled"), Text("3", long), Text("4", "4.49E+35"), Text("5", "good"),
	}}
	snap, err := s.open(t, table, connectors.Query{IDColumns: []string{"id"}, MaxFieldBytes: 100})
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	got := read(t, snap)
	if diff := cmp.Diff([][]string{{"1", "good"}, {"4", "4.49E+35"}, {"5", "good"}}, got.Rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	var reasons []string
	for _, r := range got.Rejects {
		if strings.Contains(r.Detail, "4.49") || strings.Contains(r.Detail, "xxx") {
			t.Errorf("the detail %q repeats the value", r.Detail)
		}
		reasons = append(reasons, r.Column+" "+r.Reason)
	}
	if diff := cmp.Diff([]string{"id " + connectors.ReasonMangled, "name " + connectors.ReasonTooLong}, reasons); diff != "" {
		t.Errorf("rejects (-want +got):\n%s", diff)
	}
}

// manyRows is more than any connector puts into one batch.
const manyRows = 20_000

func many() Table {
	table := Table{Columns: []string{"id", "name"}}
	for i := range manyRows {
		table.Rows = append(table.Rows, Text(fmt.Sprintf("%06d", i), fmt.Sprintf("person of number %d", i)))
	}
	return table
}

func (s Suite) streams(t *testing.T) {
	snap, err := s.open(t, many(), connectors.Query{})
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	got := read(t, snap)
	if got.Batches < 2 {
		t.Errorf("%d rows came in %d batches", manyRows, got.Batches)
	}
	if diff := cmp.Diff(expect(many()), got.Rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func (s Suite) stops(t *testing.T) {
	snap, err := s.open(t, many(), connectors.Query{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := snap.Next(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for err == nil {
		_, err = snap.Next(ctx)
	}
	if !errors.Is(err, context.Canceled) {
		t.Errorf("next after cancel: got %v", err)
	}
	if err := snap.Close(); err != nil {
		t.Errorf("close in mid-read: %v", err)
	}
}

func (s Suite) readsEmpty(t *testing.T) {
	snap, err := s.open(t, Table{Columns: []string{"id", "name"}}, connectors.Query{Columns: []string{"id"}})
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	if got := read(t, snap); len(got.Rows) > 0 || len(got.Rejects) > 0 {
		t.Errorf("got %d rows and %d rejects from an empty table", len(got.Rows), len(got.Rejects))
	}
}
