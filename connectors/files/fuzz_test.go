package files_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"rollcall/connectors"
	"rollcall/connectors/conformance"
)

// FuzzCSV holds the reader against the standard library's where that one accepts
// the text, and against its own promises everywhere.
func FuzzCSV(f *testing.F) {
	for _, seed := range []string{
		"id,name\n1,a\n", "id,name\n1,\"a\nb\"\n2", "a;b\n\"\"\"\";\r\n", "a,b\n\"x,y\n1,2\n", "a\n\x00\n\xff\n", "\xEF\xBB\xBFa,b\n1,2", "\xFF\xFEa\x00\n\x00b\x00",
		"a,b\n1,2,3\n\n\"x\"y,1\n", "a,a\n", "\"", "a,b\r\n\"1\"\r\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, content string) {
		got := take(t, dataFolder(t, text(content)), connectors.Settings{"path": {"t.csv"}, "delimiter": {","}, "nulls": {"no such text"}}, connectors.Query{})
		want, ok := standardCSV(content)
		if !ok {
			return
		}
		if got.Err != "" {
			t.Fatalf("error %q for a text that the standard library reads", got.Err)
		}
		if len(got.Rejects) == 0 && !slices.Equal(got.Rows, want) {
			t.Fatalf("got %q, want %q", got.Rows, want)
		}
		for _, r := range got.Rejects {
			if !strings.Contains(r, connectors.ReasonTruncated) {
				t.Fatalf("reject %q of a text that the standard library reads", r)
			}
		}
	})
}

// standardCSV reads a text in which every reader should find the same rows.
func standardCSV(content string) (rows []string, ok bool) {
	if !utf8.ValidString(content) || strings.ContainsAny(content, "\x00\ufeff") || strings.ContainsRune(strings.ReplaceAll(content, "\r\n", "\n"), '\r') {
		return nil, false
	}
	// The standard library turns \r\n inside quotes into \n.
	if strings.Contains(content, "\r") && strings.Contains(content, `"`) {
		return nil, false
	}
	r := csv.NewReader(strings.NewReader(content))
	header, err := r.Read()
	if err != nil {
		return nil, false
	}
	names := make([]string, len(header))
	for i, h := range header {
		names[i] = strings.ToLower(strings.TrimSpace(h))
		if names[i] == "" || slices.Contains(names[:i], names[i]) {
			return nil, false
		}
	}
	if _, repeated := connectors.Repeated(header); repeated {
		return nil, false
	}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, true
		}
		if err != nil {
			return nil, false
		}
		rows = append(rows, strings.Join(row, "|"))
	}
}

// FuzzNDJSON holds the reader against the standard library's, object by object.
func FuzzNDJSON(f *testing.F) {
	for _, seed := range []string{
		`{"id":"1"}`, `{"id": 12345678901234567890 , "x":{"a":[1,{"b":"}"}]}}`, `{"id":"\u00e9\ud83d\ude00\n\"\\"}`, `{"id":"\ud800"}`, `[]`, `{"id":nul}`, `{"id":1}x`, `{"\u0069d":1}`, ` {"id":[ 1 ]} `, `{"":1,"id":true}`, "{}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if strings.ContainsAny(line, "\n\x00") || !utf8.ValidString(line) || strings.TrimSpace(line) == "" || strings.HasPrefix(line, "\ufeff") {
			t.Skip("more than one line, or not text")
		}
		env := dataFolder(t, map[string][]byte{"t.ndjson": []byte(line + "\n{\"id\":\"end\"}\n")})
		got := take(t, env, connectors.Settings{"path": {"t.ndjson"}, "nulls": {"no such text"}}, connectors.Query{Columns: []string{"id"}})
		if n := len(got.Rows) + len(got.Rejects); n != 2 || got.Err != "" || got.Rows[len(got.Rows)-1] != "end" {
			t.Fatalf("%d rows and rejects, error %q", n, got.Err)
		}
		var object map[string]json.RawMessage
		if json.Unmarshal([]byte(line), &object) != nil || object == nil {
			if len(got.Rejects) != 1 {
				t.Fatalf("no object, but read: %q", got.Rows)
			}
			return
		}
		if len(got.Rejects) > 0 {
			return // a key that stands twice, or text that is no character
		}
		want := "NULL"
		for key, raw := range object {
			if strings.EqualFold(key, "id") && string(raw) != "null" {
				want = string(raw)
			}
		}
		var unquoted string
		if json.Unmarshal([]byte(want), &unquoted) == nil {
			want = unquoted
		}
		if got.Rows[0] != want && !strings.ContainsAny(want, "{[") {
			t.Fatalf("got %q, want %q", got.Rows[0], want)
		}
	})
}

// FuzzPacked: whatever bytes a Parquet file, a workbook or an archive has, its
// reading ends with rows or with an error that names the file.
func FuzzPacked(f *testing.F) {
	people := conformance.Table{Columns: []string{"id", "name"}, Rows: [][]*string{conformance.Text("1", "Rahim"), conformance.Text("NULL", "Karim")}}
	names := []string{"t.parquet", "t.xlsx", "t.zip", "t.csv.gz"}
	for kind, seed := range [][]byte{
		writeParquet(f, people), writeXLSX(f, people), zipped(f, text("id,name\n1,a\n")), storedGzip(f, "id,name\n1,a\n"),
	} {
		f.Add(kind, seed)
	}
	f.Fuzz(func(t *testing.T, kind int, data []byte) {
		if kind < 0 || kind >= len(names) {
			t.Skip("no such kind of file")
		}
		got := take(t, dataFolder(t, map[string][]byte{names[kind]: data}), connectors.Settings{"path": {names[kind]}, "max_bytes": {"10000000"}}, connectors.Query{})
		if got.Err != "" && !strings.HasPrefix(got.Err, names[kind]) && !strings.HasPrefix(got.Err, "format: ") {
			t.Errorf("error %q does not name the file", got.Err)
		}
	})
}
