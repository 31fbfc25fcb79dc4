package review_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"rollcall/jobs/cases"
	"rollcall/jobs/ledger"
	"rollcall/jobs/review"
	"rollcall/pipeline/clerical"
)

// The cases of the tests. The second is one that spreadsheets take for a number,
// the last of another district.
const (
	first  = "3f2a9c0e11d4b7a8"
	second = "0000123456789012"
	third  = "9b00c1d2e3f40516"
	other  = "c0ffee00c0ffee00"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func day(text string) time.Time {
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return d
}

func office() cases.Site {
	return cases.Site{People: []cases.Person{
		{ID: "amina", Name: "Amina Begum", Role: cases.Officer, Account: "amina"},
		{ID: "karim", Name: "Karim Ali", Role: cases.Approver},
		{ID: "rahim", Name: "Rahim Mia", Role: cases.Officer, Districts: []string{"30"}, Account: "rahim"},
		{ID: "nila", Name: "Nila Das", Role: cases.Officer, Account: "nila"},
		{ID: "audit", Name: "Auditor", Role: cases.Auditor},
	}}
}

// given opens a ledger with four cases and makes the sheet in which they are given
// out.
func given(t *testing.T) (*ledger.Ledger, review.Sheet) {
	t.Helper()
	ctx := context.Background()
	l, err := ledger.Open(ctx, t.TempDir(), func() time.Time { return day("2026-12-01") })
	must(t, err)
	t.Cleanup(func() { must(t, l.Close()) })
	var proposals []cases.Proposal
	for i, id := range []string{first, second, third, other} {
		area := "3002"
		if id == other {
			area = "1001"
		}
		proposals = append(proposals, cases.Proposal{CaseID: id, Kind: "exit", Programme: "old_age", AreaCode: area, Grounds: cases.Grounds{
			Tier: "T1", ReasonCode: "death_corroborated", EventID: fmt.Sprint("d", i), LeftValues: "l", RightValues: "r",
		}})
	}
	run, err := l.Begin(ctx, ledger.Start{Job: "monthly", AsOf: day("2026-08-31"), ConfigSHA256: "c0ffee"})
	must(t, err)
	must(t, l.Finish(ctx, run.Attempt, ledger.End{Status: ledger.Done, RunID: "run-1", Casework: &ledger.Casework{Site: office(), Proposals: proposals}}))
	s := review.Sheet{Job: "monthly", Title: "Monthly", RunID: "run-1", Site: office()}
	for i, id := range []string{first, second, third, other} {
		c, err := l.Case(ctx, "monthly", id)
		must(t, err)
		s.Lines = append(s.Lines, review.Line{Case: c, Evidence: map[string]string{
			"record: name": fmt.Sprintf("মোছাঃ রহিমা বেগম %d", i), "other: name": fmt.Sprintf("Mst Rahima Begum %d", i), "record: phone": "01712345678", "other: phone": "01712345678",
			"record: birth": "1948-01-0" + fmt.Sprint(i+1), "other: birth": "1950-01-01", "event from": "2026-06-15", "agreement": "name is close; village agrees", "ask first": "=who collects?",
		}})
	}
	return l, s
}

// csvOf are the rows of the sheet as CSV.
func csvOf(t *testing.T, s review.Sheet) [][]string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "review.csv")
	must(t, s.Write(file))
	data, err := os.ReadFile(file)
	must(t, err)
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff")))).ReadAll()
	must(t, err)
	return rows
}

// fill fills cells in: pairs of a column and its text.
func fill(rows [][]string, row int, pairs ...string) {
	for i := 0; i < len(pairs); i += 2 {
		rows[row][slices.Index(rows[0], pairs[i])] = pairs[i+1]
	}
}

// verified fills a row in as one should.
func verified(rows [][]string, row int, more ...string) {
	fill(rows, row, append([]string{"decision", "verify", "reason", "home_visit", "day", "2026-09-10", "reviewer", "karim"}, more...)...)
}

func bytesOf(t *testing.T, rows [][]string, separator rune) []byte {
	t.Helper()
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.Comma = separator
	must(t, w.WriteAll(rows))
	return out.Bytes()
}

// imported are the results of an import that amina enters.
func imported(t *testing.T, l *ledger.Ledger, data []byte) (*review.File, []string) {
	t.Helper()
	f, err := review.Read(data)
	must(t, err)
	return f, resultsOf(t, importOf(l, f))
}

func importOf(l *ledger.Ledger, f *review.File) review.Import {
	return review.Import{Ledger: l, Job: "monthly", Site: office(), File: f, Today: day("2026-12-01"), Person: "amina", Proof: cases.Proof{Account: "amina"}}
}

func resultsOf(t *testing.T, i review.Import) []string {
	t.Helper()
	results, err := i.Rows(context.Background())
	must(t, err)
	var out []string
	for _, r := range results {
		out = append(out, fmt.Sprintf("%d %s: %s", r.Row.Number, r.Outcome, r.Says))
	}
	return out
}

// TestRowsAreTakenOneByOne: each row that somebody spoilt is refused with what to
// do, and the row after it counts.
func TestRowsAreTakenOneByOne(t *testing.T) {
	for name, c := range map[string]struct {
		edit func(rows [][]string)
		says string // of row 2; "" is that it is recorded
	}{
		"as it should be": {func([][]string) {}, ""},
		"spaces": {func(r [][]string) {
			fill(r, 1, "decision", " verify\u00a0", "reason", "home_visit ", "reviewer", "karim\u200b")
		}, ""},
		"capitals":                {func(r [][]string) { fill(r, 1, "decision", "VERIFY", "reason", "Home visit", "reviewer", "Karim") }, ""},
		"day of a spreadsheet":    {func(r [][]string) { fill(r, 1, "day", "46275") }, ""},
		"day first":               {func(r [][]string) { fill(r, 1, "day", "25/09/2026") }, ""},
		"midnight":                {func(r [][]string) { fill(r, 1, "day", "2026-09-10T00:00:00Z") }, ""},
		"days of evidence":        {func(r [][]string) { fill(r, 1, "event from", "15/06/2026", "record: phone", "1712345678") }, ""},
		"day that can be two":     {func(r [][]string) { fill(r, 1, "day", "09/10/2026") }, `"09/10/2026" can be 2026-10-09 or 2026-09-10: write one of them`},
		"impossible day":          {func(r [][]string) { fill(r, 1, "day", "2026-02-30") }, `there is no day "2026-02-30": write it as 2026-08-31`},
		"day in words":            {func(r [][]string) { fill(r, 1, "day", "yesterday") }, `"yesterday" is no day: write it as 2026-08-31`},
		"number that is no day":   {func(r [][]string) { fill(r, 1, "day", "10") }, `"10" is no day: write it as 2026-08-31`},
		"day to come":             {func(r [][]string) { fill(r, 1, "day", "2027-01-01") }, "2027-01-01 has not come yet"},
		"day before the case":     {func(r [][]string) { fill(r, 1, "day", "2026-08-01") }, "2026-08-01 is before the case was proposed, on 2026-08-31"},
		"no day":                  {func(r [][]string) { fill(r, 1, "day", "") }, "the day on which it was done is missing"},
		"no reason":               {func(r [][]string) { fill(r, 1, "reason", "") }, "a reason is missing: registry_extract, "},
		"reason in own words":     {func(r [][]string) { fill(r, 1, "reason", "seems dead") }, `"seems_dead" is no reason to verify this case: registry_extract, `},
		"no decision":             {func(r [][]string) { fill(r, 1, "decision", "") }, "the decision is missing: verify or withdraw, or empty the row to leave the case open"},
		"yes":                     {func(r [][]string) { fill(r, 1, "decision", "হ্যাঁ") }, `"হ্যাঁ" is no decision: write verify or withdraw`},
		"a step is skipped":       {func(r [][]string) { fill(r, 1, "decision", "approve", "reason", "no_answer") }, "the case is proposed, and can be followed by verify or withdraw"},
		"no reviewer":             {func(r [][]string) { fill(r, 1, "reviewer", "") }, "the reviewer is missing: write the id of who decided"},
		"unknown reviewer":        {func(r [][]string) { fill(r, 1, "reviewer", "zoe") }, `the site file names no person "zoe"`},
		"name for the id":         {func(r [][]string) { fill(r, 1, "reviewer", "karim ali") }, `the site file names no person "karim ali": write the id, karim`},
		"auditor":                 {func(r [][]string) { fill(r, 1, "reviewer", "audit") }, "audit is an auditor, who reads and does not decide"},
		"arrears of no exit":      {func(r [][]string) { fill(r, 1, "arrears", "100 BDT") }, "arrears belong to reinstate alone: empty the cell"},
		"several things":          {func(r [][]string) { fill(r, 1, "reviewer", "", "day", "soon") }, `the reviewer is missing: write the id of who decided; "soon" is no day`},
		"formula":                 {func(r [][]string) { fill(r, 1, "day", "=TODAY()") }, `the cell "day" holds a formula: write its value`},
		"formula in the evidence": {func(r [][]string) { fill(r, 1, "other: name", "=B2") }, `the cell "other: name" holds a formula: write its value`},
		"no case":                 {func(r [][]string) { fill(r, 1, "case", "") }, "the case is missing: put it back as it was given out, or empty the row"},
		"unknown case":            {func(r [][]string) { fill(r, 1, "case", "ffffffffffffffff") }, `"ffffffffffffffff" is no case of this job: put it back as it was given out`},
		"case as a number":        {func(r [][]string) { fill(r, 1, "case", "3.12E+15") }, `"3.12e+15" is no case of this job; a spreadsheet has made a number of it: write it as it was given out`},
		"case of another row":     {func(r [][]string) { fill(r, 1, "case", third) }, "case, version and evidence do not belong together"},
		"evidence sorted apart":   {func(r [][]string) { at := slices.Index(r[0], "other: name"); r[1][at], r[2][at] = r[2][at], r[1][at] }, `evidence was altered, in "other: name": put it back`},
		"version":                 {func(r [][]string) { fill(r, 1, "version", "2") }, "case, version and evidence do not belong together"},
		"no check":                {func(r [][]string) { fill(r, 1, "check", "") }, "the check is not as it was given out: put it back"},
	} {
		t.Run(name, func(t *testing.T) {
			l, s := given(t)
			rows := csvOf(t, s)
			verified(rows, 1)
			verified(rows, 3)
			c.edit(rows)
			_, got := imported(t, l, bytesOf(t, rows, ','))
			want := []string{"2 refused: " + c.says, "4 recorded: the case is verified"}
			if c.says == "" {
				want[0] = "2 recorded: the case is verified"
			}
			if len(got) != 2 || !strings.HasPrefix(got[0], want[0]) || got[1] != want[1] {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

// TestZerosThatASpreadsheetAte names the case that was probably meant.
func TestZerosThatASpreadsheetAte(t *testing.T) {
	l, s := given(t)
	rows := csvOf(t, s)
	verified(rows, 2, "case", strings.TrimLeft(second, "0"))
	if _, got := imported(t, l, bytesOf(t, rows, ',')); len(got) != 1 || !strings.Contains(got[0], "write "+second+" into a cell that is text") {
		t.Errorf("got %q", got)
	}
}

// TestOtherDistrict: who decides for some districts decides for no other.
func TestOtherDistrict(t *testing.T) {
	l, s := given(t)
	rows := csvOf(t, s)
	verified(rows, 1, "reviewer", "rahim")
	verified(rows, 4, "reviewer", "rahim")
	_, got := imported(t, l, bytesOf(t, rows, ','))
	want := []string{"2 recorded: the case is verified", "5 refused: rahim decides for 30, and the case is of area 1001"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestSameCaseTwice: of two rows for one case neither counts; a row that took
// another's case by mistake does not spoil that one.
func TestSameCaseTwice(t *testing.T) {
	l, s := given(t)
	rows := csvOf(t, s)
	verified(rows, 1)
	verified(rows, 2, "case", third)
	verified(rows, 3)
	rows = append(rows, slices.Clone(rows[1]))
	fill(rows, 5, "decision", "withdraw", "reason", "alive")
	_, got := imported(t, l, bytesOf(t, rows, ','))
	want := []string{
		"2 refused: row 6 decides the same case: keep one of them",
		"3 refused: case, version and evidence do not belong together",
		"4 recorded: the case is verified",
		"6 refused: row 2 decides the same case: keep one of them",
	}
	if !slices.EqualFunc(got, want, strings.HasPrefix) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestDecidedElsewhere: a row is of the version that was given out; what the same
// import recorded before is not refused and not recorded again.
func TestDecidedElsewhere(t *testing.T) {
	l, s := given(t)
	ctx := context.Background()
	rows := csvOf(t, s)
	verified(rows, 1)
	verified(rows, 3, "note", "- seen by \"two\" people\nof the village")
	_, err := l.Do(ctx, "monthly", office(), cases.Request{
		CaseID: first, Act: cases.Verify, On: day("2026-09-10"), Person: "amina", ReasonCode: "home_visit", Proof: cases.Proof{Account: "amina"},
	}, day("2026-12-01"))
	must(t, err)
	stale := "2 refused: the case changed since it was given out: it is verified since 2026-09-10: export it again and decide it as it stands now"
	data := bytesOf(t, rows, ',')
	f, err := review.Read(data)
	must(t, err)
	dry := importOf(l, f)
	dry.DryRun = true
	if got, want := resultsOf(t, dry), []string{stale, "4 recorded: the case is verified"}; !slices.Equal(got, want) {
		t.Errorf("dry: got %q, want %q", got, want)
	}
	for _, outcome := range []string{"recorded", "recorded before", "recorded before"} {
		_, got := imported(t, l, data)
		if want := []string{stale, "4 " + outcome + ": the case is verified"}; !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	c, err := l.Case(ctx, "monthly", third)
	must(t, err)
	d := c.History[len(c.History)-1]
	if len(c.History) != 2 || d.Person != "amina" || d.For != "karim" || d.File != f.SHA256 || d.Proof.Account != "amina" || !strings.HasPrefix(d.Note, "- seen") {
		t.Errorf("the ledger has %+v", d)
	}
	if _, err := l.Verify(ctx, ledger.Head{}); err != nil {
		t.Error(err)
	}
}

// TestSavedByASpreadsheet: what people add and what programs make of a file does
// not lose a row.
func TestSavedByASpreadsheet(t *testing.T) {
	encoded := func(e interface{ Bytes([]byte) ([]byte, error) }, data []byte) []byte {
		out, err := e.Bytes(data)
		must(t, err)
		return out
	}
	for name, save := range map[string]func(rows [][]string) []byte{
		"semicolons": func(r [][]string) []byte { return bytesOf(t, r, ';') },
		"sep":        func(r [][]string) []byte { return append([]byte("sep=;\r\n"), bytesOf(t, r, ';')...) },
		"tabs in UTF-16": func(r [][]string) []byte {
			return encoded(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder(), bytesOf(t, r, '\t'))
		},
		"UTF-16, no mark": func(r [][]string) []byte {
			return encoded(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder(), bytesOf(t, r, '\t'))
		},
		"big-endian": func(r [][]string) []byte {
			return encoded(unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder(), bytesOf(t, r, ','))
		},
		"mark":             func(r [][]string) []byte { return append([]byte("\ufeff"), bytesOf(t, r, ',')...) },
		"columns reversed": func(r [][]string) []byte { return bytesOf(t, edited(r, slices.Reverse[[]string]), ',') },
		"more columns": func(r [][]string) []byte {
			for i := range r {
				r[i] = append([]string{"", fmt.Sprint("mine ", i)}, r[i]...)
			}
			return bytesOf(t, r, ',')
		},
		"more rows": func(r [][]string) []byte {
			empty := make([]string, len(r[0]))
			return bytesOf(t, slices.Concat([][]string{{"Cases of the block"}, empty}, r, [][]string{empty, {"Total", "4"}}), ',')
		},
		"rows sorted": func(r [][]string) []byte { slices.Reverse(r[1:]); return bytesOf(t, r, ',') },
	} {
		t.Run(name, func(t *testing.T) {
			l, s := given(t)
			rows := csvOf(t, s)
			verified(rows, 2)
			f, got := imported(t, l, save(rows))
			if len(got) != 1 || !strings.HasSuffix(got[0], "recorded: the case is verified") || f.Open != 3 {
				t.Errorf("got %q, %d open", got, f.Open)
			}
		})
	}
}

func edited(rows [][]string, edit func([]string)) [][]string {
	for _, r := range rows {
		edit(r)
	}
	return rows
}

// TestFilesThatAreNone says of a whole file what is wrong.
func TestFilesThatAreNone(t *testing.T) {
	_, s := given(t)
	rows := csvOf(t, s)
	book := excelize.NewFile()
	var other bytes.Buffer
	must(t, book.Write(&other))
	for name, c := range map[string]struct {
		data []byte
		says string
	}{
		"empty":            {nil, "it is empty"},
		"white":            {[]byte(" \r\n"), "it is empty"},
		"another program":  {[]byte("id,name\n1,Rahima\n"), "it is not what rollcall review export wrote"},
		"another workbook": {other.Bytes(), "it is not what rollcall review export wrote"},
		"cut workbook":     {other.Bytes()[:other.Len()/2], "the workbook is damaged"},
		"old workbook":     {[]byte("\xD0\xCF\x11\xE0 and so on"), "save it as .xlsx without a password"},
		"column deleted":   {bytesOf(t, edited(csvOf(t, s), func(r []string) { r[0] = "" }), ','), `row 1 is the header and lacks "case"`},
		"column twice":     {bytesOf(t, [][]string{append(slices.Clone(rows[0]), "decision")}, ','), `has the column "decision" twice`},
		"no header":        {bytesOf(t, [][]string{{"c1", "83, South Para", "1651.20"}}, ','), "it is not what rollcall review export wrote"},
		"quote":            {append(bytesOf(t, rows, ','), `"no end`...), "mend that line"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := review.Read(c.data); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want %q", err, c.says)
			}
		})
	}
}

// TestSampleWithQuotes: an address with a comma stands in quotes, over which the
// separators that the file does not have stumble.
func TestSampleWithQuotes(t *testing.T) {
	head := clerical.Blank().Head
	row := slices.Repeat([]string{"x"}, len(head))
	row[slices.Index(head, "left address")] = "83, South Para; by the well"
	f, err := review.Read(bytesOf(t, [][]string{head, row}, ','))
	if err != nil {
		t.Fatal(err)
	}
	if !f.Sample || len(f.Rows) != 1 {
		t.Errorf("read %d pairs, as a sample: %v", len(f.Rows), f.Sample)
	}
}

// TestLettersThatWereLost: a file saved in a character set without them is refused
// row by row, by the evidence that it spoilt.
func TestLettersThatWereLost(t *testing.T) {
	l, s := given(t)
	rows := csvOf(t, s)
	verified(rows, 1)
	at := slices.Index(rows[0], "record: name")
	rows[1][at] = "????? ????? ????? 0"
	fill(rows, 1, "note", "été")
	data, err := charmap.Windows1252.NewEncoder().Bytes(bytesOf(t, rows[:2], ';'))
	must(t, err)
	if _, got := imported(t, l, data); len(got) != 1 || !strings.HasPrefix(got[0], `2 refused: evidence was altered, in "record: name"`) {
		t.Errorf("got %q", got)
	}
}

// TestRefusedRowsAreReadyToBeMended: the file of refused rows is one to import.
func TestRefusedRowsAreReadyToBeMended(t *testing.T) {
	l, s := given(t)
	rows := csvOf(t, s)
	verified(rows, 1, "reason", "", "note", "=not a formula")
	verified(rows, 2, "reason", "")
	verified(rows, 3)
	f, err := review.Read(bytesOf(t, rows, ','))
	must(t, err)
	results, err := importOf(l, f).Rows(context.Background())
	must(t, err)
	var data bytes.Buffer
	must(t, f.WriteRefused(&data, results))
	refused, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data.Bytes(), []byte("\ufeff")))).ReadAll()
	must(t, err)
	if len(refused) != 3 || refused[2][0] != "3" || !strings.HasPrefix(refused[2][1], "a reason is missing") {
		t.Fatalf("the refused rows are %q", refused)
	}
	for i := range refused[1:] {
		fill(refused, i+1, "reason", "home_visit")
	}
	f, got := imported(t, l, bytesOf(t, refused, ','))
	if want := []string{"2 recorded: the case is verified", "3 recorded: the case is verified"}; !slices.Equal(got, want) || f.Open != 0 {
		t.Errorf("mended: got %q, want %q", got, want)
	}
}

// TestSignedFile: the rows are the signer's own, and the file is the one that was
// signed.
func TestSignedFile(t *testing.T) {
	l, s := given(t)
	private, public, err := cases.NewKey("karim")
	must(t, err)
	site := office()
	site.People[1].Key = public
	rows := csvOf(t, s)
	verified(rows, 1)
	verified(rows, 2, "reviewer", "")
	verified(rows, 3, "reviewer", "rahim")
	f, err := review.Read(bytesOf(t, rows, ','))
	must(t, err)
	if _, err := f.Sign("amina", private); err == nil || err.Error() != "it is not the key of amina" {
		t.Errorf("amina signs with karim's key: %v", err)
	}
	signature, err := f.Sign("karim", private)
	must(t, err)
	person, proof, err := f.Signer(signature, site)
	must(t, err)
	i := review.Import{Ledger: l, Job: "monthly", Site: site, File: f, Today: day("2026-12-01"), Person: person.ID, Signed: true, Proof: proof}
	want := []string{"2 recorded: the case is verified", "3 recorded: the case is verified", "4 refused: the file is signed by karim, and the row is decided by rahim"}
	if got := resultsOf(t, i); !slices.EqualFunc(got, want, strings.HasPrefix) {
		t.Errorf("got %q, want %q", got, want)
	}
	c, err := l.Case(context.Background(), "monthly", second)
	must(t, err)
	if d := c.History[1]; d.Person != "karim" || d.For != "" || d.File != f.SHA256 || d.Proof.Statement != cases.FileStatement(f.SHA256) {
		t.Errorf("the ledger has %+v", d)
	}
	if _, err := l.Verify(context.Background(), ledger.Head{}); err != nil {
		t.Error(err)
	}
	changed, err := review.Read(bytesOf(t, rows[:3], ','))
	must(t, err)
	if _, _, err := changed.Signer(signature, site); err == nil || !strings.Contains(err.Error(), "it was changed after it was signed") {
		t.Errorf("a changed file: %v", err)
	}
	if _, _, err := f.Signer(signature, office()); err == nil || !strings.Contains(err.Error(), "nobody whom the site file names has signed it") {
		t.Errorf("a stranger's file: %v", err)
	}
	again, _ := given(t)
	i.Ledger, i.File = again, changed
	if got := resultsOf(t, i); len(got) != 2 || got[0] != "2 refused: the signature is of another decision" {
		t.Errorf("under the signature of another file: %q", got)
	}
}

// TestWorkbook: a person with a spreadsheet chooses from lists, cannot touch the
// evidence, and what it makes of days and formulas is understood.
func TestWorkbook(t *testing.T) {
	l, s := given(t)
	file := filepath.Join(t.TempDir(), "review.xlsx")
	must(t, s.Write(file))
	book, err := excelize.OpenFile(file)
	must(t, err)
	defer book.Close()
	head, err := book.GetRows("Cases")
	must(t, err)
	cell := func(name string, row int) string {
		at, err := excelize.CoordinatesToCellName(slices.Index(head[0], name)+1, row)
		must(t, err)
		return at
	}
	validations, err := book.GetDataValidations("Cases")
	must(t, err)
	var lists []string
	for _, v := range validations {
		lists = append(lists, v.Sqref+" "+v.Formula1)
	}
	kind, decision := cell("kind", 2), cell("decision", 2)
	wanted := []string{
		decision + ":" + cell("decision", 5) + " acts_ending_proposed",
		cell("reason", 2) + ":" + cell("reason", 5) + ` INDIRECT($` + kind + `&"_"&$` + decision + `)`,
	}
	if !slices.Equal(lists, wanted) {
		t.Errorf("lists to choose from: %q, want %q", lists, wanted)
	}
	defined := map[string]string{}
	for _, d := range book.GetDefinedName() {
		defined[d.Name] = d.RefersTo
	}
	if got, err := book.GetRows("Lists"); err != nil || defined["acts_ending_proposed"] == "" || !slices.Contains(got[0], "registry_extract") || defined["exit_withdraw"] == "" {
		t.Errorf("lists %v: %q, %v", defined, got, err)
	}
	if p, err := book.GetSheetProtection("Cases"); err != nil || p.FormatCells {
		t.Errorf("the evidence is not protected: %+v, %v", p, err)
	}
	for name, locked := range map[string]bool{"other: name": true, "case": true, "decision": false, "note": false} {
		id, err := book.GetCellStyle("Cases", cell(name, 2))
		must(t, err)
		style, err := book.GetStyle(id)
		must(t, err)
		if got := style.Protection == nil || style.Protection.Locked; got != locked {
			t.Errorf("column %s is locked: %v", name, got)
		}
	}

	must(t, book.SetCellStr("Cases", cell("decision", 2), "verify"))
	must(t, book.SetCellStr("Cases", cell("reason", 2), "home_visit"))
	must(t, book.SetCellValue("Cases", cell("day", 2), day("2026-09-10")))
	must(t, book.SetCellStr("Cases", cell("reviewer", 2), "karim"))
	must(t, book.SetCellFormula("Cases", cell("decision", 3), "="+decision))
	must(t, book.SetSheetName("Cases", "Fälle"))
	must(t, book.Save())
	f, err := review.Open(file, nil)
	must(t, err)
	want := []string{"2 recorded: the case is verified", `3 refused: the cell "decision" holds a formula: write its value`}
	if got := resultsOf(t, importOf(l, f)); !slices.Equal(got, want) || f.Open != 2 {
		t.Errorf("got %q, want %q; %d open", got, want, f.Open)
	}
	c, err := l.Case(context.Background(), "monthly", first)
	must(t, err)
	if got := c.History[1].On; !got.Equal(day("2026-09-10")) {
		t.Errorf("it was done on %s", got)
	}
}

// TestDaysFrom1904: a workbook of an old Mac counts its days from there.
func TestDaysFrom1904(t *testing.T) {
	l, s := given(t)
	file := filepath.Join(t.TempDir(), "review.xlsx")
	must(t, s.Write(file))
	book, err := excelize.OpenFile(file)
	must(t, err)
	defer book.Close()
	from1904 := true
	must(t, book.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &from1904}))
	rows, err := book.GetRows("Cases")
	must(t, err)
	for name, value := range map[string]any{"decision": "verify", "reason": "home_visit", "day": 44813, "reviewer": "karim"} {
		cell, err := excelize.CoordinatesToCellName(slices.Index(rows[0], name)+1, 2)
		must(t, err)
		must(t, book.SetCellValue("Cases", cell, value))
	}
	must(t, book.Save())
	f, err := review.Open(file, nil)
	must(t, err)
	if got := resultsOf(t, importOf(l, f)); !slices.Equal(got, []string{"2 recorded: the case is verified"}) {
		t.Errorf("got %q", got)
	}
	c, err := l.Case(context.Background(), "monthly", first)
	must(t, err)
	if got := c.History[1].On; !got.Equal(day("2026-09-10")) {
		t.Errorf("it was done on %s", got)
	}

	// A sheet that somebody copied: which of the two counts, nobody knows.
	_, err = book.NewSheet("Copy")
	must(t, err)
	at, err := book.GetSheetIndex("Cases")
	must(t, err)
	to, err := book.GetSheetIndex("Copy")
	must(t, err)
	must(t, book.CopySheet(at, to))
	must(t, book.Save())
	if _, err := review.Open(file, nil); err == nil || !strings.Contains(err.Error(), "2 sheets of it have cases") {
		t.Errorf("two sheets: %v", err)
	}
}

// TestAWholeWay takes a case by files from its proposal to an exit and back; who
// entered the first steps cannot enter the last for somebody else.
func TestAWholeWay(t *testing.T) {
	l, s := given(t)
	ctx := context.Background()
	for _, g := range []ledger.Signature{{Part: ledger.Author, Person: "sita"}, {Part: ledger.Approver, Person: "tom"}} {
		must(t, l.Sign(ctx, "monthly", "c0ffee", g))
	}
	for _, step := range []struct{ by, decision, reason, day, arrears, reviewer, says string }{
		{"amina", "verify", "home_visit", "2026-09-10", "", "rahim", "2 recorded: the case is verified"},
		{"amina", "notice", "read_out", "2026-09-12", "", "rahim", "2 recorded: the case is noticed"},
		{"rahim", "approve", "no_answer", "2026-10-12", "", "karim", "2 refused: the household has until 2026-10-12 to answer"},
		{"rahim", "approve", "no_answer", "2026-10-13", "", "karim", "2 refused: rahim did verify on 2026-09-10; a second person has to approve"},
		{"nila", "approve", "no_answer", "2026-10-13", "", "karim", "2 recorded: the case is exited"},
		{"amina", "reinstate", "false_match", "2026-11-02", "1650", "rahim", `2 refused: the arrears are "1650"; an amount and its currency are needed`},
		{"amina", "reinstate", "false_match", "2026-11-02", "1650.00 bdt", "rahim", "2 recorded: the case is reinstated"},
	} {
		c, err := l.Case(ctx, "monthly", first)
		must(t, err)
		s.Lines = s.Lines[:1]
		s.Lines[0].Case = c
		rows := csvOf(t, s)
		fill(rows, 1, "decision", step.decision, "reason", step.reason, "day", step.day, "arrears", step.arrears, "reviewer", step.reviewer)
		f, err := review.Read(bytesOf(t, rows, ';'))
		must(t, err)
		i := importOf(l, f)
		i.Person, i.Proof.Account = step.by, step.by
		if got := resultsOf(t, i); len(got) != 1 || !strings.HasPrefix(got[0], step.says) {
			t.Fatalf("%s of %s: got %q, want %q", step.decision, step.day, got, step.says)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("case,decision\n"))
	f.Add([]byte("\xFF\xFEc\x00a\x00s\x00e\x00"))
	f.Add([]byte(strings.Join(clerical.Blank().Head, ",") + "\n1,yes\n"))
	for _, name := range []string{"seed.csv", "seed.xlsx"} {
		file := filepath.Join(f.TempDir(), name)
		if err := (review.Sheet{Job: "monthly", Lines: []review.Line{{Case: cases.Case{Proposal: cases.Proposal{CaseID: first, Kind: "exit"}, Version: 1}}}}).Write(file); err != nil {
			f.Fatal(err)
		}
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := review.Read(data)
		if err != nil {
			return
		}
		last := 0
		for _, r := range file.Rows {
			if r.Number <= last {
				t.Fatalf("row %d comes after row %d", r.Number, last)
			}
			last = r.Number
		}
	})
}
