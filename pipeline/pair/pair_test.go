package pair

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"html"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/connectors"
	"rollcall/connectors/files"
	"rollcall/matchers"
	"rollcall/matchers/dictionary"
	"rollcall/matchers/locale"
	"rollcall/matchers/model"
)

// village writes two files about the same people, one of two in both, with
// errors in the second, and tells who is who.
func village(t *testing.T) (folder string, truth *Truth) {
	t.Helper()
	rng := rand.New(rand.NewPCG(7, 11))
	syllables := strings.Fields("ra hi ma ka lo ti na su be da go pi ru fa jo le mi no sa tu")
	name := func() string {
		n := ""
		for range 2 + rng.IntN(2) {
			n += syllables[rng.IntN(len(syllables))]
		}
		return strings.ToUpper(n[:1]) + n[1:]
	}
	folder, truth = t.TempDir(), NewTruth(false)
	left := [][]string{{"death_no", "first_name", "last_name", "sex", "date_of_birth", "nid", "date_of_death"}}
	right := [][]string{{"member_no", "name", "gender", "dob", "national_id", "village"}}
	for i := range 900 {
		given, family, sex := name(), name(), []string{"M", "F"}[rng.IntN(2)]
		y, m, d := 1930+rng.IntN(70), 1+rng.IntN(12), 1+rng.IntN(28)
		nid := fmt.Sprintf("%010d", 1e9+rng.Int64N(8e9))
		l, r := fmt.Sprintf("D%04d", i), fmt.Sprintf("M%04d", (i*577)%900)
		if i < 600 {
			left = append(left, []string{l, given, family, sex, fmt.Sprintf("%d-%02d-%02d", y, m, d), nid, fmt.Sprintf("2024-%02d-10", 1+i%12)})
		}
		if i < 300 || i >= 600 {
			if i%5 == 0 {
				given = given[:len(given)-1] + "e"
			}
			if i%3 == 0 {
				nid = ""
			}
			right = append(right, []string{r, given + " " + family, map[string]string{"M": "male", "F": "female"}[sex], fmt.Sprintf("%02d/%02d/%d", d, m, y), nid, "Sadar"})
		}
		if i < 300 {
			truth.Add(l, r)
		}
	}
	write(t, filepath.Join(folder, "deaths.csv"), left)
	write(t, filepath.Join(folder, "roster.csv"), right)
	return folder, truth
}

func write(t *testing.T, path string, rows [][]string) {
	t.Helper()
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

func load(t *testing.T, folder, name string, ignore ...string) *Table {
	t.Helper()
	source, err := files.Connector().New(connectors.Environment{DataFolder: folder}, connectors.Settings{"path": {name}})
	if err != nil {
		t.Fatal(err)
	}
	table, err := Load(context.Background(), name, source, connectors.Query{}, ignore, nil)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func linkVillage(t *testing.T, folder string, opt Options) *Outcome {
	t.Helper()
	left, right := villageTables(t, folder)
	o, err := Link(context.Background(), left, right, opt)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func villageTables(t *testing.T, folder string) (left, right *Table) {
	t.Helper()
	return load(t, folder, "deaths.csv"), load(t, folder, "roster.csv")
}

func scoredPairs(o *Outcome) []Scored {
	var out []Scored
	for _, p := range o.Result.Pairs {
		out = append(out, Scored{o.Left.ids.at(p.Left), o.Right.ids.at(p.Right), p.Probability, p.Accepted})
	}
	return out
}

func TestLinkWithoutSettings(t *testing.T) {
	folder, truth := village(t)
	o := linkVillage(t, folder, Options{})
	e := Evaluate(scoredPairs(o), truth, 0.5)
	if e.AtRun.Precision < 0.98 || e.AtRun.Recall < 0.95 {
		t.Errorf("precision %.3f, recall %.3f", e.AtRun.Precision, e.AtRun.Recall)
	}
	var got []string
	for _, c := range o.Result.Specification.Comparisons {
		got = append(got, c.Left+" = "+c.Right)
	}
	want := []string{"first_name + last_name = name", "sex = gender", "date_of_birth = dob", "nid = national_id"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("compared (-want +got):\n%s", diff)
	}
}

func TestWrite(t *testing.T) {
	folder, _ := village(t)
	o := linkVillage(t, folder, Options{})
	out := filepath.Join(folder, "out")
	if err := o.Write(out, o.Summary("rollcall test"), []byte("rollcall_spec: 1\n"), []byte("{}\n")); err != nil {
		t.Fatal(err)
	}
	links := load(t, out, LinksName)
	if got, want := links.Rows, len(o.Accepted()); got != want {
		t.Errorf("links.csv has %d rows, want %d", got, want)
	}
	head := strings.Join(links.names(), ",")
	want := "left_id,right_id,match_probability,match_weight_bits,margin_bits,blocking_rule,level_full_name,level_sex,level_birth,level_nid"
	if head != want {
		t.Errorf("links.csv has the columns\n%s\nwant\n%s", head, want)
	}
	last := math.Inf(1)
	for row := range links.Rows {
		var p float64
		if _, err := fmt.Sscan(links.Columns[2].At(row), &p); err != nil || p > last {
			t.Fatalf("row %d: probability %q after %g", row, links.Columns[2].At(row), last)
		}
		last = p
	}
	pairs := load(t, out, PairsName)
	if pairs.Rows != len(o.Result.Pairs) || pairs.Column("accepted") < 0 {
		t.Errorf("pairs.parquet has %d rows and the columns %v", pairs.Rows, pairs.names())
	}
	page, err := os.ReadFile(filepath.Join(out, QualityName))
	if err != nil {
		t.Fatal(err)
	}
	page = []byte(html.UnescapeString(string(page)))
	for _, s := range []string{"first_name + last_name", "national_id", "<svg", "date of birth"} {
		if !bytes.Contains(page, []byte(s)) {
			t.Errorf("quality.html does not have %q", s)
		}
	}
	for _, s := range []string{"http://", "https://", "<script"} {
		if bytes.Contains(bytes.ReplaceAll(page, []byte("http://www.w3.org/2000/svg"), nil), []byte(s)) {
			t.Errorf("quality.html has %q: it must stand alone", s)
		}
	}
	for _, name := range []string{LinksName, PairsName, SpecName, QualityName, SummaryName} {
		info, err := os.Stat(filepath.Join(out, name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v; want a file that its owner alone reads", name, info, err)
		}
	}
}

// The order of rows and the number of threads change nothing in the files.
func TestSameFilesForAnyOrderAndThreads(t *testing.T) {
	folder, _ := village(t)
	produce := func(opt Options) string {
		o := linkVillage(t, folder, opt)
		var b bytes.Buffer
		if err := o.writeLinks(&b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	first := produce(Options{Matching: matchers.Options{Threads: 1}})
	if again := produce(Options{Matching: matchers.Options{Threads: 3}}); again != first {
		t.Error("three threads give other links than one")
	}
	data, err := os.ReadFile(filepath.Join(folder, "roster.csv"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	rng := rand.New(rand.NewPCG(1, 2))
	rng.Shuffle(len(lines)-1, func(i, j int) { lines[i+1], lines[j+1] = lines[j+1], lines[i+1] })
	if err := os.WriteFile(filepath.Join(folder, "roster.csv"), []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if again := produce(Options{Matching: matchers.Options{Threads: 2}}); again != first {
		t.Error("rows in another order give other links")
	}
}

func TestExplainAgreesWithLink(t *testing.T) {
	folder, _ := village(t)
	o := linkVillage(t, folder, Options{})
	left, right := villageTables(t, folder)
	for _, p := range o.Result.Pairs[:20] {
		e, err := Explain(left, right, int(p.Left), int(p.Right), o.Result.Specification, Locale{})
		if err != nil {
			t.Fatal(err)
		}
		sum := e.OtherBits
		for i, s := range e.Steps {
			sum += s.Bits
			if want := o.level(p, i); s.Level != want {
				t.Errorf("%s: level %q, and linked at %q", s.Comparison, s.Level, want)
			}
		}
		if math.Abs(e.WeightBits-p.WeightBits) > 1e-6 || math.Abs(sum-e.WeightBits) > 1e-6 {
			t.Errorf("explained with %.3f bits whose steps add up to %.3f, linked with %.3f", e.WeightBits, sum, p.WeightBits)
		}
	}
	first := o.Result.Pairs[0]
	e, err := Explain(left, right, int(first.Left), int(first.Right), o.Result.Specification, Locale{})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(e.Steps[2].Right, "/") {
		t.Errorf("the date of birth is shown as %q, not as written", e.Steps[2].Right)
	}
}

func TestIDs(t *testing.T) {
	folder, _ := village(t)
	left, right := load(t, folder, "deaths.csv"), load(t, folder, "roster.csv", "member_no", "national_id")
	o, err := Link(context.Background(), left, right, Options{LeftID: "nid"})
	if err != nil {
		t.Fatal(err)
	}
	if o.Left.ID != "nid" || o.Right.ID != "" || o.Right.ids.at(0) != "1" {
		t.Errorf("ids of %q and %q, the first right one %q; want nid, row numbers, 1", o.Left.ID, o.Right.ID, o.Right.ids.at(0))
	}
	if len(o.Warnings) == 0 || !strings.Contains(o.Warnings[0], "row numbers") {
		t.Errorf("row numbers as ids are not told: %q", o.Warnings)
	}
	if _, err := Link(context.Background(), left, right, Options{LeftID: "nosuch"}); err == nil || !strings.Contains(err.Error(), `deaths.csv has no column "nosuch"`) {
		t.Errorf("an id column that is not there: %v", err)
	}
}

func TestNothingInCommon(t *testing.T) {
	folder := t.TempDir()
	write(t, filepath.Join(folder, "a.csv"), [][]string{{"id", "given_name"}, {"1", "Rahima"}, {"2", "Karim"}})
	write(t, filepath.Join(folder, "b.csv"), [][]string{{"id", "date_of_birth"}, {"1", "1984-02-01"}, {"2", "1985-03-04"}})
	_, err := Link(context.Background(), load(t, folder, "a.csv"), load(t, folder, "b.csv"), Options{})
	if err == nil || !strings.Contains(err.Error(), "no column of a.csv holds the same as a column of b.csv") {
		t.Errorf("two files without a common column: %v", err)
	}
	write(t, filepath.Join(folder, "empty.csv"), [][]string{{"id", "given_name"}})
	_, err = Link(context.Background(), load(t, folder, "empty.csv"), load(t, folder, "b.csv"), Options{})
	if err == nil || !strings.Contains(err.Error(), "empty.csv has no rows") {
		t.Errorf("a file without rows: %v", err)
	}
}

func TestNormalForms(t *testing.T) {
	column := func(values ...string) Column { return columnOf("c", values...) }
	for _, c := range []struct {
		kind          model.Kind
		column, other Column
		want          []string
	}{
		{model.GivenName, column("Md. Karim", "MOHAMMAD KARIM", "unknown"), column(), []string{"mohammad karim", "mohammad karim", ""}},
		{model.Date, column("13/02/1984", "03/04/1984", "1984-01-01"), column(), []string{"1984-02-13", "1984-04-03", "1984-01-01"}},
		{model.Date, column("02/13/1984", "03/04/1984"), column(), []string{"1984-02-13", "1984-03-04"}},
		{model.Identifier, column("12-34-5679", "0000000", "4.49E+35"), column(), []string{"12345679", "", ""}},
		{model.Category, column("M", "f", "x"), column("male", "female"), []string{"male", "female", "other"}},
		{model.Category, column("Justin", "Ann Mary"), column("J", "A"), []string{"j", "a"}},
		{model.Category, column("North", "SOUTH"), column("north"), []string{"north", "south"}},
		{model.Postcode, column("TQ13 8DF"), column(), []string{"tq138df"}},
		{model.Phone, column("+880 1712-345678", "0000000"), column(), []string{"1712345678", ""}},
		{model.Number, column("1250", "1,250.00", "1 250", "12,5", "-0", "1e3", "a few"), column(), []string{"1250", "1250", "1250", "12.5", "0", "1000", "a few"}},
		{model.Email, column(" A@Example.ORG "), column(), []string{"a@example.org"}},
	} {
		got := normal(c.column, normaliser(locale.Neutral(), c.kind, learn(locale.Neutral(), c.kind, c.column, c.other)))
		var values []string
		for _, code := range got.Codes {
			values = append(values, got.Values.At(code))
		}
		if diff := cmp.Diff(c.want, values); diff != "" {
			t.Errorf("%s of %q (-want +got):\n%s", c.kind, slices.Collect(c.column.Values.Each())[1:], diff)
		}
	}
}

func TestEvaluate(t *testing.T) {
	truth := NewTruth(false)
	for _, p := range [][2]string{{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}} {
		truth.Add(p[0], p[1])
	}
	pairs := []Scored{{"a", "1", 0.99, true}, {"b", "2", 0.8, true}, {"x", "9", 0.8, true}, {"c", "3", 0.3, false}, {"y", "8", 0.2, false}}
	e := Evaluate(pairs, truth, 0.5)
	want := Score{Threshold: 0.5, Right: 2, Wrong: 1, Lost: 2, Precision: 2. / 3, Recall: 0.5, F1: 4. / 7}
	close := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-12 })
	if diff := cmp.Diff(want, e.AtRun, close); diff != "" {
		t.Errorf("at the run's threshold (-want +got):\n%s", diff)
	}
	if e.Best.Threshold != 0.3 || e.Best.Right != 3 || e.Unseen != 1 {
		t.Errorf("best %+v with %d unseen; want 3 right from 0.3 on and 1 unseen", e.Best, e.Unseen)
	}
	if n := len(e.Curve); n != len(steps) || e.Curve[0].Right != 3 || e.Curve[n-1].Right != 0 {
		t.Errorf("curve %+v", e.Curve)
	}
	both := NewTruth(true)
	both.Add("a", "b")
	if e := Evaluate([]Scored{{"b", "a", 1, true}}, both, 0.5); e.AtRun.Right != 1 {
		t.Error("in one file a pair and its reverse are two things")
	}
}

func TestStatistics(t *testing.T) {
	c := Column{Values: dictionary.Of("", "M-01", "M-1", "x"), Codes: []uint32{1, 1, 2, 3, 0}}
	s := c.Statistics()
	want := Statistics{
		Filled: 4, Distinct: 3, Top: 2, Top10: 4, Shortest: 1, Longest: 4,
		Patterns:  []Count{{"A-9+", 2}, {"A", 1}, {"A-9", 1}},
		Commonest: []Count{{"M-01", 2}, {"M-1", 1}, {"x", 1}},
	}
	if diff := cmp.Diff(want, s); diff != "" {
		t.Errorf("statistics (-want +got):\n%s", diff)
	}
}
