package report_test

import (
	"bytes"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"rollcall/pipeline/report"
	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

var listNames = []string{"exits", "duplicates", "eligibility", "registrations", "reinstatements"}

// reports makes the reports of a filled session and returns their folder.
func reports(t testing.TB, s *store.Session, folder string, cfg report.Config) (dir string, sum report.Summary) {
	t.Helper()
	dir = filepath.Join(folder, "reports")
	sum, err := report.Make(t.Context(), s, dir, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return dir, sum
}

func ofCountry(t testing.TB) (s *store.Session, dir string, sum report.Summary) {
	t.Helper()
	folder := t.TempDir()
	s = open(t, folder, 2)
	country(t, s, small)
	dir, sum = reports(t, s, folder, monthly())
	return s, dir, sum
}

func readCSV(t testing.TB, path string) (header []string, rows [][]string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(bytes.NewReader(data))
	records, err := r.ReadAll()
	if err != nil {
		t.Fatalf("%s is not CSV: %v", filepath.Base(path), err)
	}
	return records[0], records[1:]
}

// cell is the value of a column in the row of a case.
func cell(t testing.TB, header []string, rows [][]string, caseID, column string) string {
	t.Helper()
	at := func(name string) int {
		for i, h := range header {
			if h == name {
				return i
			}
		}
		t.Fatalf("no column %q in %q", name, header)
		return 0
	}
	for _, r := range rows {
		if r[at("case_id")] == caseID {
			return r[at(column)]
		}
	}
	t.Fatalf("no case %s", caseID)
	return ""
}

func query(t testing.TB, s *store.Session, q string) [][]string {
	t.Helper()
	rows, err := s.Query(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for rows.Next() {
		values := make([]sql.NullString, len(names))
		into := make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		row := make([]string, len(names))
		for i, v := range values {
			row[i] = v.String
		}
		out = append(out, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// hostile is a person whose every text is a formula or breaks a line, with a
// negative weight, as a line of each list.
func hostile(t testing.TB, s *store.Session) {
	t.Helper()
	empty(t, s)
	fill(t, s, tables.Mention(), `SELECT * FROM (VALUES
		('members/1/member', 'sp', 'members', '=cmd|''/c calc''!A1', '+8801711', '-1 House', '@SUM(A1)', 'male', DATE '1950-01-01', DATE '1950-12-31', 'default'),
		('deaths/1/deceased', 'crvs', 'deaths', 'Abdul "Babu" Karim, Sheikh', NULL, 'House 1
Road 2', chr(9) || 'tab', 'male', DATE '1950-05-07', DATE '1950-05-07', 'exact'))
		AS t(mention_id, side, source, full_name, phone, address, mother_name, sex, birth_earliest, birth_latest, birth_precision)`)
	fill(t, s, tables.Identifier(), `SELECT * FROM (VALUES ('members/1/member', 'national_id', '1234567890', true, true, NULL),
		('deaths/1/deceased', 'national_id', '0000000000', NULL, false, 'placeholder')) AS t(mention_id, identifier_type, written, verified, well_formed, problem)`)
	fill(t, s, tables.Event(), `SELECT 'deaths/1' AS event_id, 'deaths' AS source, 'death' AS event_type, '=2025' AS registration_number,
		DATE '2025-02-03' AS occurred_earliest, DATE '2025-02-03' AS occurred_latest, 'registered' AS status, chr(13) || 'Office' AS office`)
	for i, kind := range []string{"exit", "duplicate", "eligibility", "registration", "reinstatement"} {
		fill(t, s, tables.Proposal(), fmt.Sprintf(`SELECT 'case-%d' AS case_id, '%s' AS kind, 'T2' AS tier, 'old_age' AS programme, 'members/1/member' AS subject_id,
			'members/1/member' AS mention_id, 'deaths/1/deceased' AS other_mention_id, 'deaths/1' AS event_id, '=2025' AS registration_number,
			DATE '2025-02-03' AS event_earliest, 'verify' AS proposed_action, -3.25 AS match_weight_bits, 0.75 AS match_probability, -12.50 AS paid_after, 'BDT' AS currency,
			['full_name=close', 'birth=differs', 'phone=unheard_of'] AS agreement, ['life_after_death', 'new_check'] AS contradictions, ['=visit/1'] AS life_evidence,
			['widow:m/2:a', 'new_effect:h/1'] AS household_effects`, i, kind))
	}
}

func TestFormulasInSourceTextAreNeutralisedInCSVOnly(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, 1)
	hostile(t, s)
	dir, _ := reports(t, s, folder, monthly())
	header, rows := readCSV(t, filepath.Join(dir, "exits.csv"))
	for column, want := range map[string]string{
		"beneficiary_full_name":   `'=cmd|'/c calc'!A1`,
		"beneficiary_phone":       "'+8801711",
		"beneficiary_address":     "'-1 House",
		"beneficiary_mother_name": "'@SUM(A1)",
		"register_mother_name":    "'\ttab",
		"event_office":            "'\rOffice",
		"registration_number":     "'=2025",
		"life_evidence":           "'=visit/1",
		"register_full_name":      `Abdul "Babu" Karim, Sheikh`,
		"register_address":        "House 1\nRoad 2",
		"match_weight_bits":       "-3.250",
		"paid_after":              "-12.50",
		"register_identifiers":    "national_id 0000000000 (not valid: placeholder)",
		"beneficiary_identifiers": "national_id 1234567890 (verified)",
	} {
		if got := cell(t, header, rows, "case-0", column); got != want {
			t.Errorf("CSV column %s is %q, want %q", column, got, want)
		}
	}
	raw := query(t, s, "SELECT beneficiary_full_name, registration_number FROM read_parquet("+tables.Literal(filepath.Join(dir, "exits.parquet"))+")")
	if diff := cmp.Diff([][]string{{"=cmd|'/c calc'!A1", "=2025"}}, raw); diff != "" {
		t.Errorf("Parquet holds another text than the source (-want +got):\n%s", diff)
	}
	book, at := openSheet(t, dir, "exits.xlsx", "Deceased exits")
	name := at("Beneficiary: name", 2)
	if kind, err := book.GetCellType("Deceased exits", name); err != nil || kind != excelize.CellTypeInlineString {
		t.Errorf("the cell of a name that looks like a formula has type %v, want text (%v)", kind, err)
	}
	if formula, _ := book.GetCellFormula("Deceased exits", name); formula != "" {
		t.Errorf("the cell of a name has the formula %q", formula)
	}
}

func TestCodesAreInWords(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, 1)
	hostile(t, s)
	dir, _ := reports(t, s, folder, monthly())
	header, rows := readCSV(t, filepath.Join(dir, "exits.csv"))
	if got, want := cell(t, header, rows, "case-0", "evidence"), "full name is close; birth DIFFERS; phone: unheard_of"; got != want {
		t.Errorf("evidence is %q, want %q", got, want)
	}
	if got, want := cell(t, header, rows, "case-0", "against"), "the person gave evidence of life in person after the day of death; new_check"; got != want {
		t.Errorf("against is %q, want %q", got, want)
	}
	const effects = "leaves a widow: m/2:a; new_effect: h/1"
	if got := cell(t, header, rows, "case-0", "for_household"); got != effects {
		t.Errorf("for the household is %q, want %q", got, effects)
	}
	book, at := openSheet(t, dir, "exits.xlsx", "Deceased exits")
	if got, err := book.GetCellValue("Deceased exits", at("For the household", 2)); got != effects || err != nil {
		t.Errorf("the sheet has %q, want %q (%v)", got, effects, err)
	}
	if got := cell(t, header, rows, "case-0", "household_effects"); got != "widow:m/2:a; new_effect:h/1" {
		t.Errorf("the codes are %q", got)
	}
}

func TestCSVRecordsEndAsRFC4180Wants(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, 1)
	hostile(t, s)
	dir, _ := reports(t, s, folder, monthly())
	data, err := os.ReadFile(filepath.Join(dir, "exits.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(data, []byte("\r\n")); n != 2 { // header and one line
		t.Errorf("%d records end in CR LF, want 2", n)
	}
	if n := bytes.Count(data, []byte("\n")); n != 3 {
		t.Errorf("%d line feeds, want that of the address kept as it was", n)
	}
}

// One country's reports, looked at by each of their readers.
func TestACountrysReports(t *testing.T) {
	s, dir, sum := ofCountry(t)
	for _, c := range []struct {
		name  string
		check func(*testing.T, *store.Session, string, report.Summary)
	}{
		{"nothing unfinished is left", nothingUnfinished},
		{"the formats agree", formatsAgree},
		{"the sheet Read me has the totals", readMeTotals},
		{"the totals are those of the lists", totalsOfLists},
		{"the pages are well formed and need nothing else", pagesWellFormed},
		{"the pages name nobody", pagesNameNobody},
		{"a browser finds no fault", browserFindsNoFault},
	} {
		t.Run(c.name, func(t *testing.T) { c.check(t, s, dir, sum) })
	}
}

// The three formats hold the same lines, and the dictionary describes them.
func formatsAgree(t *testing.T, s *store.Session, dir string, sum report.Summary) {
	var dictionary struct {
		Files []struct {
			Name    string
			Formats []string
			Columns []struct {
				Name, About string
				SQLType     string `json:"sql_type"`
			}
		}
	}
	data, err := os.ReadFile(filepath.Join(dir, "dictionary.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &dictionary); err != nil {
		t.Fatal(err)
	}
	if len(dictionary.Files) != len(listNames)+1 {
		t.Fatalf("the dictionary describes %d files, want the lists and the evaluations", len(dictionary.Files))
	}
	for _, f := range dictionary.Files {
		parquet := "read_parquet(" + tables.Literal(filepath.Join(dir, f.Name+".parquet")) + ")"
		want := [][]string{}
		names := []string{}
		for _, c := range f.Columns {
			want = append(want, []string{c.Name, c.SQLType})
			names = append(names, c.Name)
			if c.About == "" {
				t.Errorf("%s.%s is not explained", f.Name, c.Name)
			}
		}
		if diff := cmp.Diff(want, query(t, s, "SELECT column_name, column_type FROM (DESCRIBE FROM "+parquet+")")); diff != "" {
			t.Errorf("%s.parquet and the dictionary disagree (-dictionary +file):\n%s", f.Name, diff)
		}
		header, rows := readCSV(t, filepath.Join(dir, f.Name+".csv"))
		if diff := cmp.Diff(names, header); diff != "" {
			t.Errorf("%s.csv and the dictionary disagree (-dictionary +file):\n%s", f.Name, diff)
		}
		if got := query(t, s, "SELECT count(*) FROM "+parquet)[0][0]; got != fmt.Sprint(len(rows)) {
			t.Errorf("%s: %s lines in Parquet, %d in CSV", f.Name, got, len(rows))
		}
		if len(f.Formats) == 3 {
			book, _ := openSheet(t, dir, f.Name+".xlsx", "Read me")
			sheet, err := book.GetRows(book.GetSheetList()[1])
			if err != nil {
				t.Fatal(err)
			}
			if len(sheet)-1 != len(rows) {
				t.Errorf("%s: %d lines in XLSX, %d in CSV, and all ask for action", f.Name, len(sheet)-1, len(rows))
			}
		}
	}
}

// An analyst reads the lists of several runs as one table.
func TestRunsCanBeReadTogether(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, 1)
	hostile(t, s)
	for _, id := range []string{"may", "june"} {
		cfg := monthly()
		cfg.RunID = id
		if _, err := report.Make(t.Context(), s, filepath.Join(folder, "runs", id, "reports"), cfg); err != nil {
			t.Fatal(err)
		}
	}
	got := query(t, s, "SELECT run_id, CAST(as_of AS VARCHAR), case_id FROM read_parquet("+tables.Literal(filepath.Join(folder, "runs", "*", "reports", "exits.parquet"))+") ORDER BY ALL")
	want := [][]string{{"june", "2025-06-30", "case-0"}, {"may", "2025-06-30", "case-0"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("two runs read together (-want +got):\n%s", diff)
	}
}

// Threads and the order of the tables' rows change no byte of any report.
func TestTheSameTablesGiveTheSameBytes(t *testing.T) {
	make := func(threads int, reversed bool) map[string]string {
		folder := t.TempDir()
		s := open(t, folder, threads)
		country(t, s, small)
		if reversed {
			for _, table := range tables.All() {
				if len(table.Key()) > 0 {
					order := strings.ReplaceAll(table.OrderBy(), ",", " DESC,") + " DESC"
					execute(t, s, fmt.Sprintf("CREATE OR REPLACE TABLE %[1]s AS FROM %[1]s ORDER BY %[2]s", table.Name, order))
				}
			}
		}
		dir, sum := reports(t, s, folder, monthly())
		hashes := map[string]string{}
		for _, f := range sum.Files {
			h, err := store.FileHash(filepath.Join(dir, f.Name))
			if err != nil {
				t.Fatal(err)
			}
			hashes[f.Name] = h
		}
		return hashes
	}
	first := make(1, false)
	if len(first) != 5*3+2+2+4 {
		t.Errorf("%d files were written, want the lists in 3 formats, the evaluations and the sample in 2, two pages, the public totals and the dictionary", len(first))
	}
	if diff := cmp.Diff(first, make(4, true)); diff != "" {
		t.Errorf("file hashes of one thread and of four with other row order (-one +four):\n%s", diff)
	}
}

func nothingUnfinished(t *testing.T, s *store.Session, dir string, sum report.Summary) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(sum.Files) {
		t.Errorf("%d files lie in the folder, %d were reported", len(entries), len(sum.Files))
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s may be read by others: %v", e.Name(), info.Mode())
		}
	}
}
