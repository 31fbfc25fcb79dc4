package synth

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// made is a country read back.
type made struct {
	*testing.T
	dir     string
	country *country
}

func generate(t *testing.T, preset string, households int, seed uint64, threads int) made {
	t.Helper()
	cfg := Config{Dir: t.TempDir(), Preset: preset, Households: households, Seed: seed, Threads: threads, Months: 3}
	if _, err := Generate(context.Background(), cfg); err != nil {
		t.Fatal(err)
	}
	c, err := newCountry(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return made{t, cfg.Dir, c}
}

// record is a line of a file by column.
type record map[string]string

// read reads the files that a pattern names, as one.
func (m made) read(pattern string) []record {
	m.Helper()
	paths, err := filepath.Glob(filepath.Join(m.dir, filepath.FromSlash(pattern)))
	if err != nil || len(paths) == 0 {
		m.Fatalf("no file %s (%v)", pattern, err)
	}
	var out []record
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			m.Fatal(err)
		}
		lines, err := csv.NewReader(f).ReadAll()
		f.Close()
		if err != nil {
			m.Fatalf("%s: %v", pattern, err)
		}
		for _, line := range lines[1:] {
			r := record{}
			for i, name := range lines[0] {
				r[name] = line[i]
			}
			out = append(out, r)
		}
	}
	return out
}

// on reads an ISO or a slashed date; never when there is none.
func on(text string) day {
	number := func(s string) int {
		n := 0
		for _, c := range s {
			n = n*10 + int(c-'0')
		}
		return n
	}
	switch {
	case text == "":
		return never
	case text[4] == '-':
		return dayOf(number(text[:4]), number(text[5:7]), number(text[8:]))
	}
	return dayOf(number(text[6:]), number(text[3:5]), number(text[:2]))
}

func (m made) content() map[string]string {
	out := map[string]string{}
	err := filepath.WalkDir(m.dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		out[strings.TrimPrefix(path, m.dir)] = string(text)
		return err
	})
	if err != nil {
		m.Fatal(err)
	}
	return out
}

func TestSameCountryAtAnyNumberOfThreads(t *testing.T) {
	one := generate(t, "mixed", 2600, 7, 1).content()
	four := generate(t, "mixed", 2600, 7, 4).content()
	if len(one) < 30 {
		t.Fatalf("only %d files", len(one))
	}
	for name := range one {
		if one[name] != four[name] {
			t.Errorf("%s differs between 1 and 4 threads", name)
		}
	}
	if other := generate(t, "mixed", 2600, 8, 4).content(); other["/sp/2026-08/members.csv"] == four["/sp/2026-08/members.csv"] {
		t.Error("another seed made the same members")
	}
}

func TestConfigIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		cfg  Config
		want string
	}{
		"preset":     {Config{Dir: "x", Preset: "utopia", Households: 1}, `preset "utopia" is none of bangladesh, india, chile, vietnam, mixed`},
		"folder":     {Config{Households: 1}, "no folder for the country"},
		"households": {Config{Dir: "x"}, "households: 0 is not between 1 and 2000000"},
		"months":     {Config{Dir: "x", Households: 1, Months: -1}, "months: -1 is not between 1 and 120"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Generate(context.Background(), c.cfg)
			if err == nil || err.Error() != c.want {
				t.Errorf("error %v, want %s", err, c.want)
			}
		})
	}
}

// A folder that was made before is made anew, without a trace of its months;
// anybody else's is left alone.
func TestFolderOfAnEarlierCountry(t *testing.T) {
	dir := t.TempDir()
	cfg := Config{Dir: dir, Households: 50, Threads: 1, Months: 3}
	if _, err := Generate(context.Background(), cfg); err != nil {
		t.Fatal(err)
	}
	cfg.Months = 1
	if _, err := Generate(context.Background(), cfg); err != nil {
		t.Fatal(err)
	}
	if files, err := filepath.Glob(filepath.Join(dir, "crvs", "*.csv")); err != nil || len(files) != 3 {
		t.Errorf("after a country of one month the registers are %v (%v)", files, err)
	}
	own := t.TempDir()
	if err := os.WriteFile(filepath.Join(own, "births.csv"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg.Dir = own
	want := own + " is not empty and holds no earlier country: name a new folder, or empty this one"
	if _, err := Generate(context.Background(), cfg); err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// A country that was not finished says so and can be made again.
func TestUnfinishedCountrySaysSo(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cfg := Config{Dir: t.TempDir(), Households: 50_000, Threads: 2, Progress: func(int64, int64) { cancel() }}
	if _, err := Generate(ctx, cfg); err == nil {
		t.Fatal("a canceled country was made")
	}
	read := func() (s Summary) {
		text, err := os.ReadFile(filepath.Join(cfg.Dir, "synth.json"))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &s); err != nil {
			t.Fatal(err)
		}
		return s
	}
	if read().Complete {
		t.Error("a canceled country calls itself complete")
	}
	cfg.Households, cfg.Progress = 50, nil
	if _, err := Generate(context.Background(), cfg); err != nil {
		t.Fatal(err)
	}
	if s := read(); !s.Complete || s.Version != Version || s.Counts.Persons == 0 {
		t.Errorf("synth.json of a finished country holds complete %v, version %q, %d persons", s.Complete, s.Version, s.Counts.Persons)
	}
}

func TestStopsWhenCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cfg := Config{Dir: t.TempDir(), Households: 50_000, Threads: 2, Progress: func(int64, int64) { cancel() }}
	if _, err := Generate(ctx, cfg); err == nil || ctx.Err() == nil {
		t.Errorf("error %v after the context was canceled", err)
	}
}

func TestFilesBelongTogether(t *testing.T) {
	for _, preset := range Presets() {
		t.Run(preset, func(t *testing.T) {
			m := generate(t, preset, 1500, 3, 2)
			persons := set(m.read("truth/persons.csv"), "person_id")
			mentions := map[string]string{}
			for _, r := range m.read("truth/records.csv") {
				if mentions[r["mention_id"]] != "" {
					t.Fatalf("mention %s stands twice", r["mention_id"])
				}
				mentions[r["mention_id"]] = r["person_id"]
				if !persons[r["person_id"]] {
					t.Fatalf("mention %s is nobody", r["mention_id"])
				}
			}
			m.checkRegister(mentions)
			m.checkRoster(mentions)
		})
	}
}

func set(records []record, column string) map[string]bool {
	out := map[string]bool{}
	for _, r := range records {
		out[r[column]] = true
	}
	return out
}

// checkRegister holds each row of the registers against the truth and its month.
func (m made) checkRegister(mentions map[string]string) {
	m.Helper()
	for source, roles := range map[string]map[string]string{
		"births":    {"child": "child_given_name", "mother": "mother_given_name", "father": "father_given_name"},
		"deaths":    {"deceased": "deceased_given_name", "spouse": "spouse_name"},
		"marriages": {"groom": "groom_given_name", "bride": "bride_given_name"},
	} {
		for month := range m.country.months {
			for _, r := range m.read("crvs/" + source + "-" + m.country.monthName(month) + ".csv") {
				received := on(r["received_on"])
				if at, ok := m.country.fileMonth(received); !ok || at != month {
					m.Errorf("%s %s received on %s stands in month %d", source, r["registration_no"], r["received_on"], month)
				}
				if on(r["registered_on"]) >= received {
					m.Errorf("%s %s is received before it is registered", source, r["registration_no"])
				}
				for role, column := range roles {
					if r[column] != "" && mentions[source+"/"+r["registration_no"]+"/"+role] == "" {
						m.Errorf("%s %s: %s is nobody in the truth", source, r["registration_no"], role)
					}
				}
			}
		}
	}
}

// checkRoster holds the references between the roster's files.
func (m made) checkRoster(mentions map[string]string) {
	m.Helper()
	for month := range m.country.months {
		at := "sp/" + m.country.monthName(month) + "/"
		members := set(m.read(at+"members.csv"), "member_id")
		homes := set(m.read(at+"households.csv"), "household_id")
		for _, r := range m.read(at + "members.csv") {
			if !homes[r["household_id"]] || mentions["members/"+r["member_id"]+"/member"] == "" {
				m.Errorf("member %s has no household or is nobody", r["member_id"])
			}
			if on(r["date_of_birth"]) > on(r["registered_on"]) {
				m.Errorf("member %s is born on %s after being entered on %s", r["member_id"], r["date_of_birth"], r["registered_on"])
			}
		}
		for _, r := range m.read(at + "households.csv") {
			if !members[r["head_member_id"]] {
				m.Errorf("household %s has the head %q", r["household_id"], r["head_member_id"])
			}
		}
		enrolments := m.read(at + "enrolments.csv")
		for _, r := range enrolments {
			if !members[r["member_id"]] || r["caregiver_member_id"] != "" && !members[r["caregiver_member_id"]] {
				m.Errorf("enrolment %s refers to no member", r["enrolment_id"])
			}
			if (r["status"] == "closed") != (r["end_date"] != "") || on(r["start_date"]) > on(r["end_date"]) {
				m.Errorf("enrolment %s is %s from %s to %s", r["enrolment_id"], r["status"], r["start_date"], r["end_date"])
			}
		}
		known := set(enrolments, "enrolment_id")
		for _, r := range m.read("sp/payments/payments-" + m.country.monthName(month) + ".csv") {
			if !known[r["enrolment_id"]] {
				m.Errorf("payment %s pays no enrolment", r["payment_id"])
			}
		}
	}
}

// The demo's second month must show a revocation at 20,000 households.
func TestRevocationInTheSecondMonth(t *testing.T) {
	for _, preset := range Presets() {
		m := generate(t, preset, 2000, 1, 2)
		n := 0
		for _, r := range m.read("crvs/deaths-2026-09.csv") {
			n += btoi(r["status"] == "revoked")
		}
		if n == 0 {
			t.Errorf("%s: no death registration is revoked in September", preset)
		}
	}
}

func TestHeadersAreThoseOfTheContract(t *testing.T) {
	m := generate(t, "chile", 100, 1, 1)
	for _, l := range layouts() {
		path := strings.Replace(l.path, "MONTH", "2026-10", 1)
		text, err := os.ReadFile(filepath.Join(m.dir, filepath.FromSlash(path)))
		if err != nil {
			t.Fatal(err)
		}
		if first, _, _ := strings.Cut(string(text), "\n"); first != l.header {
			t.Errorf("%s begins with %q", path, first)
		}
	}
	var small []string
	for _, name := range []string{
		"job.yaml", "synth.json", "codes/area.csv", "codes/area_tree.csv", "codes/sex.csv", "codes/relationship.csv", "codes/channel.csv",
		"programmes/child_grant.yaml", "programmes/widow.yaml", "programmes/old_age.yaml",
	} {
		if text, err := os.ReadFile(filepath.Join(m.dir, name)); err != nil || len(text) < 50 || strings.Contains(string(text), "<no value>") {
			small = append(small, name)
		}
	}
	if diff := cmp.Diff([]string(nil), small); diff != "" {
		t.Errorf("missing or empty: %s", diff)
	}
}

// Codes in the registers lead to villages or sub-districts of the tree.
func TestAreaCodesLeadToTheTree(t *testing.T) {
	m := generate(t, "bangladesh", 3000, 5, 2)
	tree := map[string]string{}
	for _, r := range m.read("codes/area_tree.csv") {
		tree[r["area_code"]] = r["parent_code"]
	}
	canonical := map[string]string{}
	for _, r := range m.read("codes/area.csv") {
		canonical[r["source_code"]] = r["canonical_code"]
	}
	old := 0
	for _, r := range slices.Concat(m.read("crvs/births-*.csv"), m.read("crvs/deaths-*.csv"), m.read("sp/2026-10/members.csv")) {
		code := canonical[r["area_code"]]
		old += btoi(code != r["area_code"])
		levels := 0
		for at := code; at != ""; at = tree[at] {
			levels++
		}
		if levels < 3 || levels > 4 {
			t.Fatalf("area code %q leads to %q, %d levels deep", r["area_code"], code, levels)
		}
	}
	if old == 0 {
		t.Error("no record bears a code of before the reform")
	}
}
