package config

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rollcall/pipeline/decide"
)

func testParser(t *testing.T) *sqlParser {
	t.Helper()
	p, err := newParser(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.close)
	return p
}

// TestColumns: the columns that an expression uses are found wherever they stand,
// each once, as they are written.
func TestColumns(t *testing.T) {
	p := testParser(t)
	for text, want := range map[string][]string{
		`a`:                             {"a"},
		`"birth date"`:                  {"birth date"},
		`'a'`:                           nil,
		`a || '/' || b || '/' || a`:     {"a", "b"},
		`code('area', upper(District))`: {"District"},
		`CASE WHEN a = 'x' THEN b WHEN c IS NULL THEN d ELSE e END`:          {"a", "b", "c", "d", "e"},
		`a BETWEEN b AND c OR d IN (e, f) AND NOT g LIKE h`:                  {"a", "b", "c", "d", "e", "f", "g", "h"},
		`try_cast(a AS DATE) + INTERVAL 3 DAY > try_strptime(b, '%d/%m/%Y')`: {"a", "b"},
		`coalesce(nullif(trim(a), ''), b)`:                                   {"a", "b"},
		`string_split_x`:                                                     {"string_split_x"},
	} {
		got, problems, err := p.check(t.Context(), text, scope{codes: []string{"area"}, bind: true})
		if err != nil || len(problems) > 0 {
			t.Errorf("%s: %v, %v", text, problems, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

// TestReach: nothing that reads more than the row, or is not the same every day,
// goes through, however it is written.
func TestReach(t *testing.T) {
	p := testParser(t)
	for _, text := range []string{
		"read_text('/etc/passwd')", "READ_TEXT('/etc/passwd')", `"read_text"('/etc/passwd')`, "main.read_text('x')", "system.main.read_text('x')",
		"(SELECT 1)", "a IN (SELECT 1)", "EXISTS (SELECT 1)", "ARRAY(SELECT 1)", "(FROM read_csv('x'))", "(TABLE x)", "(VALUES (1))",
		"a FROM b", "a; SELECT 1", "a UNION SELECT 1", "a WHERE b", "a ORDER BY 1", "a LIMIT 1", "DISTINCT a", "a AS b", "a b", "*", "COLUMNS('x')", "t.*",
		"now()", "CURRENT_DATE", "current_timestamp", "today()", "random()", "uuid()", "gen_random_uuid()", "age(DATE '2000-01-01')", "getenv('HOME')",
		"nextval('x')", "current_setting('threads')", "version()", "query('SELECT 1')", "query_table('x')", "glob('*')", "sum(a)", "list(a)", "first(a)",
		"count(*)", "row_number() OVER ()", "a OVER ()", "unnest([1])", "$1", "?", "#1", "a -- b", "a /* b", "txid_current()", "pg_sleep(1)", "eval('1')",
		"a COLLATE nocase", "list_transform([a], x -> x)", "[x FOR x IN [a]]", "getvariable('x')", "parse_filename(a)", "write_log(a)", "in_search_path('a', 'b')",
	} {
		_, problems, err := p.check(t.Context(), text, scope{bind: true})
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if len(problems) == 0 {
			t.Errorf("%s goes through", text)
		}
	}
}

// TestAllowedFunctions: every function that the page lists is one of DuckDB, and
// none of them is an aggregate or reads a clock.
func TestAllowedFunctions(t *testing.T) {
	p := testParser(t)
	rows, err := p.session.Query(t.Context(), "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type IN ('scalar', 'macro') AND coalesce(stability, 'CONSISTENT') = 'CONSISTENT'")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	there := []string{"coalesce", "position", "ifnull"} // grammar, not functions
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		there = append(there, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for _, name := range allowedFunctions {
		if !slices.Contains(there, name) {
			t.Errorf("%s() is no function of one row that is the same every day", name)
		}
		if slices.Contains(aggregates, name) || slices.Contains(clocks, name) {
			t.Errorf("%s() is allowed and refused", name)
		}
	}
}

// TestCriterionNames: what decide offers to a criterion can be used in one.
func TestCriterionNames(t *testing.T) {
	p := testParser(t)
	examples := map[string]string{"integer": "6", "date": "as_of", "attribute": "'income'", "programme": "'old_age'", "area": "'10'"}
	for _, c := range decide.Columns() {
		if _, problems, err := p.check(t.Context(), c.Name+" IS NULL", criterionScope()); err != nil || len(problems) > 0 {
			t.Errorf("%s: %v, %v", c.Name, problems, err)
		}
	}
	for _, f := range decide.Functions() {
		var all []string
		for i, parameter := range f.Parameters {
			all = append(all, examples[parameter.Type])
			if i+1 < len(f.Parameters) && !f.Parameters[i+1].Optional {
				continue
			}
			call := f.Name + "(" + strings.Join(all, ", ") + ")"
			if _, problems, err := p.check(t.Context(), call+" IS NULL", criterionScope()); err != nil || len(problems) > 0 {
				t.Errorf("%s: %v, %v", call, problems, err)
			}
		}
	}
}

// TestAnyExpression: whatever stands in an expression, the check ends, and what it
// finds lies inside the expression.
func TestAnyExpression(t *testing.T) {
	p := testParser(t)
	ctx := t.Context()
	piece := rapid.SampledFrom(strings.Fields(`a "b 'c' 'd " é 生年 ( ) , . + || = <> AND OR NOT CASE WHEN THEN ELSE END IS NULL IN CAST AS DATE :: lower( code( SELECT FROM ; -- /* */ [ ] { } $1 ? # * 1 1e9 0x ->  BETWEEN LIKE INTERVAL \ %`))
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(piece, 1, 8).Draw(t, "pieces"), rapid.SampledFrom([]string{" ", "", "\n"}).Draw(t, "between"))
		_, problems, err := p.check(ctx, text, scope{codes: []string{"area"}, bind: true, boolean: true})
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		for _, f := range problems {
			if f.offset < 0 || f.offset > len(text) || f.message == "" {
				t.Fatalf("%q: a mistake at byte %d: %q", text, f.offset, f.message)
			}
		}
	})
}
