package files_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rollcall/connectors"
	"rollcall/connectors/conformance"
	"rollcall/connectors/files"
)

// outcome is what a user sees of one reading.
type outcome struct {
	Rows    []string // values joined with |, NULL for a missing one
	Rejects []string // file:line column reason: detail
	Err     string
}

// take reads a source to its end or failure, and holds that rows read are rows
// used and rejected.
func take(t testing.TB, env connectors.Environment, settings connectors.Settings, q connectors.Query) outcome {
	t.Helper()
	var got outcome
	source, err := files.Connector().New(env, settings)
	if err != nil {
		return outcome{Err: err.Error()}
	}
	if q.AsOf.IsZero() {
		q.AsOf = time.Date(2025, 7, 31, 0, 0, 0, 0, time.UTC)
	}
	snap, err := source.Open(t.Context(), q)
	if err != nil {
		return outcome{Err: err.Error()}
	}
	defer snap.Close()
	for {
		var b *connectors.Batch
		if b, err = snap.Next(t.Context()); err != nil {
			break
		}
		for i := range b.Rows {
			var values []string
			for _, c := range b.Columns {
				if c.Null != nil && c.Null[i] {
					values = append(values, "NULL")
				} else {
					values = append(values, c.Values[i])
				}
			}
			got.Rows = append(got.Rows, strings.Join(values, "|"))
		}
		for _, r := range b.Rejects {
			got.Rejects = append(got.Rejects, fmt.Sprintf("%s:%d %s %s: %s", r.File, r.Line, r.Column, r.Reason, r.Detail))
		}
	}
	var read int64
	for _, o := range snap.Origins() {
		read += o.Rows
	}
	if used := int64(len(got.Rows) + len(got.Rejects)); read != used && (errors.Is(err, io.EOF) || errors.Is(err, connectors.ErrPartial)) {
		t.Errorf("rows read %d, rows used and rejected %d", read, used)
	}
	if !errors.Is(err, io.EOF) {
		got.Err = err.Error()
	}
	return got
}

func text(s string) map[string][]byte { return map[string][]byte{"t.csv": []byte(s)} }

func TestBadInput(t *testing.T) {
	people := conformance.Table{Columns: []string{"id", "name"}, Rows: [][]*string{conformance.Text("1", "Rahim"), conformance.Text("2", "Karim")}}
	truncated := func(data []byte) []byte { return data[:len(data)*2/3] }
	wide := "id,name\n1," + strings.Repeat("x", 10<<20) + "\n2,good\n"
	wideQuoted := "id,name\n1,\"" + strings.Repeat("x\n", 5<<20) + "\"\n2,good\n"
	endless := "id,name\n1," + strings.Repeat("x", 20<<20) + "\n2,good\n"
	stored := storedGzip(t, "id,name\n1,a\n2,b\n3,c\n")
	bomb := "id\n" + strings.Repeat(strings.Repeat("1", 8191)+"\n", 10<<10)
	for _, test := range []struct {
		name     string
		files    map[string][]byte
		settings connectors.Settings
		query    connectors.Query
		want     outcome
	}{
		{"ragged rows", text("id,name\n1,a\n2\n3,c,x\n4,d\n"), nil, connectors.Query{}, outcome{
			Rows: []string{"1|a", "4|d"},
			Rejects: []string{
				"t.csv:3  ragged_row: 1 fields; the header has 2",
				"t.csv:4  ragged_row: 3 fields; the header has 2",
			},
		}},
		{"text after a quote", text("id,name\n1,\"a\"b\n2,b\n"), nil, connectors.Query{}, outcome{
			Rows: []string{"2|b"}, Rejects: []string{"t.csv:2 name bad_quote: text after a closing quote"},
		}},
		{"a quote that swallows lines", text("id,name\n1,\"a\n2,b\n3,\"c\"\n4,d\n"), nil, connectors.Query{}, outcome{
			Rows: []string{"2|b", "3|c", "4|d"}, Rejects: []string{"t.csv:2 name bad_quote: text after a closing quote"},
		}},
		{"a quote that never ends", text("id,name\n1,\"a\n2,b\n3,c\n"), nil, connectors.Query{}, outcome{
			Rows: []string{"2|b", "3|c"}, Rejects: []string{"t.csv:2 name bad_quote: a quoted field that does not end"},
		}},
		{"the end inside a quote", text("id,name\n1,a\n2,\"b"), nil, connectors.Query{}, outcome{
			Rows: []string{"1|a"}, Rejects: []string{"t.csv:3 name truncated: the file ends inside a quoted field"},
		}},
		{"the end in mid-row", text("id,name,sex\n1,a,male\n2,b"), nil, connectors.Query{}, outcome{
			Rows: []string{"1|a|male"}, Rejects: []string{"t.csv:3  truncated: the file ends in mid-row: 2 fields; the header has 3"},
		}},
		{"a NUL byte", text("id,name\n1,a\x00b\n2,b\n"), nil, connectors.Query{}, outcome{
			Rows: []string{"2|b"}, Rejects: []string{"t.csv:2 name nul_byte: a NUL byte in the value"},
		}},
		{"a NUL byte in a column that is not asked for", text("id,name\n1,a\x00b\n2,b\n"), nil, connectors.Query{Columns: []string{"id"}}, outcome{
			Rows: []string{"1", "2"},
		}},
		{"a field of 10 MB", text(wide), nil, connectors.Query{}, outcome{
			Rows: []string{"2|good"}, Rejects: []string{"t.csv:2 name field_too_long: 10485760 bytes; at most 1048576 are read"},
		}},
		{"a quoted field of 10 MB", text(wideQuoted), nil, connectors.Query{}, outcome{
			Rows: []string{"2|good"}, Rejects: []string{"t.csv:2 name field_too_long: 10485760 bytes; at most 1048576 are read"},
		}},
		{"a line without end", text(endless), nil, connectors.Query{}, outcome{
			Rows: []string{"2|good"}, Rejects: []string{"t.csv:2  field_too_long: a row of more than 16777216 bytes"},
		}},
		{"a mangled number", text("id,name\n4.49E+35,a\n12E5,4.49E+35\n"), nil, connectors.Query{IDColumns: []string{"id"}}, outcome{
			Rows: []string{"12E5|4.49E+35"}, Rejects: []string{"t.csv:2 id mangled_by_sheet: a number in scientific notation: a spreadsheet has lost digits of it"},
		}},
		{"Latin-1 bytes in UTF-8", text("id,name\n1,Jos\xE9\n2,Ana\n"), nil, connectors.Query{}, outcome{
			Rows: []string{"2|Ana"}, Rejects: []string{"t.csv:2 name bad_encoding: bytes that the file's character set does not have"},
		}},
		{"a byte that windows-1252 does not have", text("id,name\n1,Jos\xE9\n2,\x81\n"), connectors.Settings{"encoding": {"windows-1252"}}, connectors.Query{}, outcome{
			Rows: []string{"1|José"}, Rejects: []string{"t.csv:3 name bad_encoding: bytes that the file's character set does not have"},
		}},
		{"UTF-16 without a mark", text("i\x00d\x00,\x00n\x00\n\x001\x00,\x00a\x00\n\x00"), nil, connectors.Query{}, outcome{
			Err: "t.csv: line 1: a NUL byte in the header: is the file UTF-16? set encoding: utf-16le for the source in the job file",
		}},
		{"a header of another encoding", text("id,pr\xE9nom\n1,a\n"), nil, connectors.Query{}, outcome{
			Err: "t.csv: line 1: the header has bytes that its character set does not have: set encoding for the source in the job file, such as windows-1252",
		}},
		{"an empty file", text(""), nil, connectors.Query{}, outcome{Err: "t.csv: the file is empty: it has not even a header"}},
		{"an empty NDJSON file", map[string][]byte{"t.ndjson": nil}, nil, connectors.Query{Columns: []string{"id"}}, outcome{Err: "t.ndjson: the file is empty"}},
		{"an empty Parquet file", map[string][]byte{"t.parquet": nil}, nil, connectors.Query{}, outcome{Err: "t.parquet: the file is empty"}},
		{"an empty workbook", map[string][]byte{"t.xlsx": writeXLSX(t, conformance.Table{})}, nil, connectors.Query{}, outcome{Err: "t.xlsx: the sheet is empty: it has not even a header"}},
		{"an empty gzip file", map[string][]byte{"t.csv.gz": nil}, nil, connectors.Query{}, outcome{Err: "t.csv.gz: the file is empty"}},
		{"a missing column", text("id,date_of_birth,sex\n1,1960-01-01,male\n"), nil, connectors.Query{Columns: []string{"id", "dateofbirth"}}, outcome{
			Err: `t.csv: no column "dateofbirth"; nearest: "date_of_birth", "id", "sex"`,
		}},
		{"a missing key of objects", map[string][]byte{"t.ndjson": []byte(`{"id":1,"birth":"1960"}`)}, nil, connectors.Query{Columns: []string{"id", "brith"}}, outcome{
			Rows: []string{"1|NULL"}, Err: `t.ndjson: no column "brith"; nearest: "birth", "id"`,
		}},
		{"two columns of one name", text("id,name,ID\n1,a,2\n"), nil, connectors.Query{}, outcome{
			Err: `t.csv: two columns are called "ID" (upper and lower case are one)`,
		}},
		{"a truncated gzip file", map[string][]byte{"t.csv.gz": stored[:len(stored)-21]}, nil, connectors.Query{}, outcome{
			Rows: []string{"1|a", "2|b"}, Rejects: []string{"t.csv.gz:4  truncated: the file ends in mid-row: 1 fields; the header has 2"},
			Err: "t.csv.gz: truncated: source ended before its end",
		}},
		{"a damaged gzip file", map[string][]byte{"t.csv.gz": append(bytes.Clone(stored[:len(stored)-8]), "12345678"...)}, nil, connectors.Query{}, outcome{
			Rows: []string{"1|a", "2|b", "3|c"}, Err: "t.csv.gz: damaged: gzip: invalid checksum",
		}},
		{"no gzip file", map[string][]byte{"t.csv.gz": []byte("id,name\n1,a\n")}, nil, connectors.Query{}, outcome{Err: "t.csv.gz: damaged: gzip: invalid header"}},
		{"a truncated Parquet file", map[string][]byte{"t.parquet": truncated(writeParquet(t, people))}, nil, connectors.Query{}, outcome{
			Err: "t.parquet: truncated: it does not end with PAR1, as a whole Parquet file does",
		}},
		{"CSV that is called Parquet", map[string][]byte{"t.parquet": []byte("id,name\n1,a\n")}, nil, connectors.Query{}, outcome{
			Err: "t.parquet: no Parquet file: it does not begin with PAR1",
		}},
		{"a truncated workbook", map[string][]byte{"t.xlsx": truncated(writeXLSX(t, people))}, nil, connectors.Query{}, outcome{
			Err: "t.xlsx: truncated, or no XLSX workbook: zip: not a valid zip file",
		}},
		{"a truncated zip archive", map[string][]byte{"t.zip": truncated(zipped(t, text("id\n1\n")))}, nil, connectors.Query{}, outcome{
			Err: "t.zip: truncated, or no zip archive: zip: not a valid zip file",
		}},
		{"a truncated JSON array", map[string][]byte{"t.json": []byte(`[{"id":1},{"id":2},{"i`)}, nil, connectors.Query{}, outcome{
			Rows: []string{"1", "2"}, Rejects: []string{"t.json:1  truncated: the file ends inside a value"},
			Err: "t.json: truncated: source ended before its end",
		}},
		{"objects that are none", map[string][]byte{"t.ndjson": []byte("{\"id\":1}\n[2]\n{\"id\":}\n{\"id\":4,\"ID\":5}\n{\"id\":\"\\ud800\"}\n{\"id\":\"a\\u0000\"}\n{\"id\":{\"a\": [1, 2]}}\n\n{\"id\":1e3}")}, nil, connectors.Query{Columns: []string{"id"}}, outcome{
			Rows: []string{"1", `{"a":[1,2]}`, "1e3"},
			Rejects: []string{
				"t.ndjson:2  not_an_object: a JSON value that is no object",
				"t.ndjson:3  not_an_object: not valid JSON",
				"t.ndjson:4 id not_an_object: the key stands twice in the object",
				"t.ndjson:5 id bad_encoding: bytes that the file's character set does not have",
				"t.ndjson:6 id nul_byte: a NUL byte in the value",
			},
		}},
		{"NDJSON that is called JSON", map[string][]byte{"t.json": []byte("{\"id\":1}\n{\"id\":2}\n")}, nil, connectors.Query{Columns: []string{"id"}}, outcome{
			Err: "t.json: the file does not begin with [: of one object a line, set format: ndjson",
		}},
		{"a name in an archive that leads outside", map[string][]byte{"t.zip": zipped(t, map[string][]byte{"../../t.csv": []byte("id\n1\n")})}, nil, connectors.Query{}, outcome{
			Err: `t.zip: the archive holds a file whose name leads outside: "../../t.csv"`,
		}},
		{"an absolute name in an archive", map[string][]byte{"t.zip": zipped(t, map[string][]byte{"/etc/t.csv": []byte("id\n1\n")})}, nil, connectors.Query{}, outcome{
			Err: `t.zip: the archive holds a file whose name leads outside: "/etc/t.csv"`,
		}},
		{"a zip bomb", map[string][]byte{"t.zip": zipped(t, text(bomb))}, nil, connectors.Query{Columns: []string{"id"}, MaxFieldBytes: 100}, outcome{
			Err: "t.zip/t.csv: unpacks to more than 200 times its size: taken for a zip bomb",
		}},
		{"a workbook that unpacks to too much", map[string][]byte{"t.xlsx": zipped(t, map[string][]byte{"xl/workbook.xml": []byte("<workbook>" + strings.Repeat(" ", 2<<20))})}, connectors.Settings{"max_bytes": {"1000000"}}, connectors.Query{}, outcome{
			Err: "t.xlsx: more than 1000000 bytes; max_bytes allows no more",
		}},
		{"more than max_bytes", text("id\n" + strings.Repeat("1\n", 100)), connectors.Settings{"max_bytes": {"50"}}, connectors.Query{}, outcome{
			Err: "t.csv: more than 50 bytes; max_bytes allows no more",
		}},
		{"a sheet that is not there", map[string][]byte{"t.xlsx": writeXLSX(t, people)}, connectors.Settings{"sheet": {"Members"}}, connectors.Query{}, outcome{
			Err: `sheet: the workbook has no sheet "Members"; it has "Sheet1"`,
		}},
		{"a name without a format", map[string][]byte{"t.dat": []byte("id\n1\n")}, nil, connectors.Query{}, outcome{
			Err: `format: the name "t.dat" does not tell the format: set it to one of csv, tsv, ndjson, json, parquet, xlsx`,
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			settings := connectors.Settings{"path": {"t.*"}}
			for name, value := range test.settings {
				settings[name] = value
			}
			got := take(t, dataFolder(t, test.files), settings, test.query)
			if strings.Contains(test.name, "zip bomb") {
				got.Rows, got.Rejects = nil, nil // how many come before the end is not promised
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// storedGzip packs without compression, so that a cut falls on a known byte.
func storedGzip(t testing.TB, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.NoCompression)
	check(t, err)
	_, err = w.Write([]byte(text))
	check(t, err)
	check(t, w.Flush())
	check(t, w.Close())
	return out.Bytes()
}

func TestSettingErrors(t *testing.T) {
	env := dataFolder(t, map[string][]byte{"t.csv": []byte("id\n1\n"), "sub/u.csv": []byte("id\n2\n")})
	outside := filepath.Join(t.TempDir(), "o.csv")
	check(t, os.WriteFile(outside, []byte("id\n3\n"), 0o600))
	check(t, os.Symlink(outside, filepath.Join(env.DataFolder, "link.csv")))
	check(t, os.Symlink(filepath.Dir(outside), filepath.Join(env.DataFolder, "out")))
	for _, test := range []struct {
		settings connectors.Settings
		want     string
	}{
		{connectors.Settings{}, "path: no file is named"},
		{connectors.Settings{"path": {"../o.csv"}}, `path: "../o.csv" lies outside the data folder`},
		{connectors.Settings{"path": {"sub/../../o.csv"}}, `path: "sub/../../o.csv" lies outside the data folder`},
		{connectors.Settings{"path": {"/etc/passwd"}}, `path: "/etc/passwd" lies outside the data folder`},
		{connectors.Settings{"path": {"link.csv"}}, `path: "link.csv" leads outside the data folder through a symbolic link`},
		{connectors.Settings{"path": {"out/o.csv"}}, `path: "out/o.csv" leads outside the data folder through a symbolic link`},
		{connectors.Settings{"path": {"sub"}}, `path: "sub" is a folder, not a file`},
		{connectors.Settings{"path": {"m-*.csv"}}, `path: no file "m-*.csv" in the data folder`},
		{connectors.Settings{"path": {"sp/{date:2006-01}/m.csv"}}, `path: no file "sp/2025-07/m.csv" in the data folder (from sp/{date:2006-01}/m.csv)`},
		{connectors.Settings{"path": {"t[.csv"}}, `path: "t[.csv" is not a valid pattern`},
		{connectors.Settings{"path": {"t.csv"}, "format": {"xls"}}, `format: "xls" is none of csv, tsv, ndjson, json, parquet, xlsx`},
		{connectors.Settings{"path": {"t.csv"}, "encoding": {"utf-9"}}, `encoding: unknown character set "utf-9"; known are utf-8, utf-16le, utf-16be, windows-1250 to windows-1258, iso-8859-1 to iso-8859-16 and others of the IANA list`},
		{connectors.Settings{"path": {"t.csv"}, "delimiter": {"::"}}, `delimiter: "::" is not one ASCII character or tab`},
		{connectors.Settings{"path": {"t.csv"}, "max_bytes": {"2GB"}}, `max_bytes: "2GB" is not a positive number of bytes`},
	} {
		t.Run(test.want, func(t *testing.T) {
			source, err := files.Connector().New(env, test.settings)
			if err == nil {
				_, err = source.Open(t.Context(), connectors.Query{AsOf: time.Date(2025, 7, 31, 0, 0, 0, 0, time.UTC)})
			}
			var setting *connectors.SettingError
			if !errors.As(err, &setting) {
				t.Fatalf("got %v, want a setting error", err)
			}
			if diff := cmp.Diff(test.want, setting.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A file that grows while it is read is not a snapshot.
func TestFileThatChanges(t *testing.T) {
	env := dataFolder(t, text("id\n1\n"))
	source, err := files.Connector().New(env, connectors.Settings{"path": {"t.csv"}})
	check(t, err)
	snap, err := source.Open(t.Context(), connectors.Query{})
	check(t, err)
	defer snap.Close()
	check(t, snapRead(snap))
	source, err = files.Connector().New(env, connectors.Settings{"path": {"t.csv"}})
	check(t, err)
	big := "id\n" + strings.Repeat("12345678\n", 100_000)
	check(t, os.WriteFile(filepath.Join(env.DataFolder, "t.csv"), []byte(big), 0o600))
	second, err := source.Open(t.Context(), connectors.Query{})
	check(t, err)
	defer second.Close()
	_, err = second.Next(t.Context())
	check(t, err)
	check(t, os.WriteFile(filepath.Join(env.DataFolder, "t.csv"), []byte(big+"9\n"), 0o600))
	for err == nil {
		_, err = second.Next(t.Context())
	}
	if want := "t.csv: changed while it was read; run again when it is complete"; err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
}

func snapRead(snap connectors.Snapshot) error {
	for {
		if _, err := snap.Next(context.Background()); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}
