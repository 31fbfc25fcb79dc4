package link_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rollcall/matchers"
	"rollcall/matchers/block"
	"rollcall/matchers/locale"
	"rollcall/matchers/model"
	"rollcall/pipeline/facts/scenario"
	"rollcall/pipeline/link"
	"rollcall/pipeline/standardise"
	"rollcall/pipeline/store"
)

const (
	registerColumns   = "mention_id side event_id role full_name full_norm sex birth"
	rosterColumns     = "mention_id side household_id role full_name full_norm sex birth"
	identifierColumns = "mention_id identifier_type value"
)

// trained is a specification whose weights are known, so that a village of ten is
// linked as a nation would be: name, birth and identity numbers give 6 bits each
// where they agree, and two of them make a match.
func trained(t *testing.T, identifiers ...string) *model.Specification {
	t.Helper()
	spec := &model.Specification{Threshold: 0.5}
	compare := func(name string, kind model.Kind) {
		spec.Comparisons = append(spec.Comparisons, model.Comparison{Name: name, Left: name, Right: name, Kind: kind})
		if kind != model.Category {
			spec.Blocking = append(spec.Blocking, block.Rule{{Column: name}})
		}
	}
	compare("full_name", model.FullName)
	compare("sex", model.Category)
	compare("birth", model.Date)
	for _, name := range identifiers {
		compare("id_"+name, model.Identifier)
	}
	ladders, err := model.Ladders(spec.Comparisons)
	if err != nil {
		t.Fatal(err)
	}
	spec.Parameters = &model.Parameters{Prior: 0.02}
	for _, l := range ladders {
		levels := make([]model.Level, len(l.Names))
		agreeing, m, u := float64(len(l.Names)-l.Alike), 0.9, 0.015
		if l.Kind == model.Category {
			m, u = 0.99, 0.5
		}
		for i, name := range l.Names {
			levels[i] = model.Level{Name: name, M: m / agreeing, U: u / agreeing}
			if i < l.Alike {
				levels[i].M, levels[i].U = (1-m)/float64(l.Alike), (1-u)/float64(l.Alike)
			}
		}
		spec.Parameters.Levels = append(spec.Parameters.Levels, levels)
	}
	return spec
}

// linked links what the world holds, by the known weights, and returns the report
// with the stage's folder.
func linked(t *testing.T, w *scenario.World, identifiers ...string) (report link.Report, files []string) {
	t.Helper()
	spec := trained(t, identifiers...)
	return linkedBy(t, w, link.Config{Register: spec, Roster: spec, Across: spec}, "")
}

func linkedBy(t *testing.T, w *scenario.World, cfg link.Config, truth string) (report link.Report, files []string) {
	t.Helper()
	w.Without("cluster", "entity", "entity_change", "person", "link", "family", "family_link")
	withForms(t, w)
	w.Stage("link", func(ctx context.Context, s *store.Session, st *store.Stage) (err error) {
		report, err = link.Make(ctx, s, st, cfg, link.Work{Options: matchers.Options{Threads: 2}, TrueLinks: truth})
		left, e := os.ReadDir(st.Work())
		if e != nil {
			t.Fatal(e)
		}
		for _, f := range left {
			files = append(files, f.Name())
		}
		if err == nil && truth == "" {
			written, e := link.ReadReport(filepath.Join(st.Work(), link.ReportName))
			if diff := cmp.Diff(report.Across.Specification, written.Across.Specification); e != nil || diff != "" {
				t.Errorf("the report as written differs: %v %s", e, diff)
			}
		}
		return err
	})
	return report, files
}

// withForms gives the world the functions of normal forms.
func withForms(t *testing.T, w *scenario.World) {
	t.Helper()
	for _, f := range standardise.NewForms(nil, nil, time.Time{}).Functions() {
		if err := w.Session.Define(f); err != nil {
			t.Fatal(err)
		}
	}
}

func clusters(w *scenario.World) []string {
	return w.Lines("SELECT person_id, string_agg(mention_id, ' ' ORDER BY mention_id) FROM cluster GROUP BY person_id HAVING count(*) > 1 ORDER BY person_id")
}

func accepted(w *scenario.World, kind string) []string {
	return w.Lines("SELECT left_id, right_id FROM link WHERE accepted AND kind = '" + kind + "' ORDER BY left_id, right_id")
}

// TestEnrolledTwiceDiedOnce: the roster's two members are one person, and it is
// the person that the death is linked to, once; a namesake of another age is not.
func TestEnrolledTwiceDiedOnce(t *testing.T) {
	w := scenario.New(t)
	w.Add("mention", rosterColumns, `
		m/1/member | sp | h/1 | member | Rahim Uddin | rahim uddin | male   | 1950-04-05
		m/2/member | sp | h/1 | member | Salma Begum | salma begum | female | 1958-06-07
		m/3/member | sp | h/2 | member | Rahim Uddin | rahim uddin | male   | 1981-11-12
		m/7/member | sp | h/3 | member | Rahim Uddin | rahim uddin | male   | 1950-04-05`)
	w.Add("mention", registerColumns, "d/1/deceased | crvs | d/1 | deceased | Rahim Uddin | rahim uddin | male | 1950-04-05")
	report, files := linked(t, w)
	scenario.Same(t, "persons of several mentions", []string{"m/1/member|m/1/member m/7/member"}, clusters(w))
	scenario.Same(t, "links inside the roster", []string{"m/1/member|m/7/member"}, accepted(w, "roster"))
	scenario.Same(t, "links across", []string{"d/1/deceased|m/1/member"}, accepted(w, "across"))
	scenario.Same(t, "persons", []string{"d/1/deceased|crvs|1", "m/1/member|sp|2", "m/2/member|sp|1", "m/3/member|sp|1"},
		w.Lines("SELECT person_id, side, mentions FROM person ORDER BY person_id"))
	// First each side within itself, then persons with persons.
	scenario.Same(t, "compared", [][2]int{{1, 1}, {4, 4}, {1, 3}},
		[][2]int{{report.Register.Left, report.Register.Right}, {report.Roster.Left, report.Roster.Right}, {report.Across.Left, report.Across.Right}})
	scenario.Same(t, "left in the stage's folder", []string{"cluster.parquet", "entity.parquet", "entity_change.parquet", "family.parquet", "family_link.parquet", "link.parquet", "linkage.json", "person.parquet"}, files)
	scenario.Same(t, "agreement", []string{"[full_name=equal, very common, sex=equal, very common, birth=equal, very common]"},
		w.Lines("SELECT agreement FROM link WHERE kind = 'across' AND accepted"))
}

// TestOneDeathOfTwoPersons: two different persons of the roster cannot both be the
// one who died. The better one is linked; where none is better neither is, and
// both are kept for people to see.
func TestOneDeathOfTwoPersons(t *testing.T) {
	for _, c := range []struct {
		name, bearers string
		want          []string
	}{
		{"one has the number", "d/1/deceased | national_id | 123456 \n m/1/member | national_id | 123456", []string{"d/1/deceased|m/1/member|true", "d/1/deceased|m/2/member|false"}},
		{"none has a number", "d/1/deceased | national_id | 123456 \n m/3/member | national_id | 777777", []string{"d/1/deceased|m/1/member|false", "d/1/deceased|m/2/member|false"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := scenario.New(t)
			w.Add("mention", rosterColumns, `
				m/1/member | sp | h/1 | member | Rahim Uddin | rahim uddin | male   | 1950-04-05
				m/2/member | sp | h/2 | member | Rahim Uddin | rahim uddin | female | 1950-04-05
				m/3/member | sp | h/3 | member | Jamal Ali   | jamal ali   | male   | 1970-04-05`)
			w.Add("mention", registerColumns, "d/1/deceased | crvs | d/1 | deceased | Rahim Uddin | rahim uddin | | 1950-04-05")
			w.Add("identifier", identifierColumns, c.bearers)
			linked(t, w, "national_id")
			scenario.Same(t, "persons of several mentions", []string{}, clusters(w)) // of opposite sex
			scenario.Same(t, "links across", c.want, w.Lines("SELECT left_id, right_id, accepted FROM link WHERE kind = 'across' ORDER BY right_id"))
		})
	}
}

// TestListedAfterTheDeath: of two who are equally like the one who died, the roster listed
// one years after the death, and the other before it: he is the one. The link says so.
func TestListedAfterTheDeath(t *testing.T) {
	w := scenario.New(t)
	w.Add("mention", rosterColumns, `
		m/1/member | sp | h/1 | member | Rahim Uddin | rahim uddin | male   | 1950-04-05
		m/2/member | sp | h/2 | member | Rahim Uddin | rahim uddin | female | 1950-04-05
		m/3/member | sp | h/3 | member | Jamal Ali   | jamal ali   | male   | 1970-04-05`)
	w.Add("mention", registerColumns, "d/1/deceased | crvs | d/1 | deceased | Rahim Uddin | rahim uddin | | 1950-04-05")
	w.Add("event", "event_id event_type occurred_earliest occurred_latest", "d/1 | death | 2020-03-01 | 2020-03-01")
	w.Add("household", "household_id enumerated_on", `
		h/1 | 2024-06-01
		h/2 | 2019-06-01
		h/3 | 2019-06-01`)
	linked(t, w)
	scenario.Same(t, "links across", []string{"d/1/deceased|m/2/member"}, accepted(w, "across"))
	scenario.Same(t, "when they were listed", []string{"m/1/member|years after the death|true", "m/2/member|before the death|false"},
		w.Lines(`SELECT right_id, regexp_extract(said, 'listed=(.*) \(.* bits\)', 1), said LIKE '%(-%' FROM (
			SELECT right_id, agreement[-1] AS said FROM link WHERE kind = 'across') ORDER BY right_id`))
}

// TestOnce: who is named twice in one event is two people, and nobody is born or
// dies twice; one who was born may have died, and may be a mother before.
func TestOnce(t *testing.T) {
	w := scenario.New(t)
	w.Add("mention", registerColumns, `
		b/1/child    | crvs | b/1 | child    | Karim Uddin | karim uddin | male   | 2010-08-09
		b/2/child    | crvs | b/2 | child    | Karim Uddin | karim uddin | male   | 2010-08-09
		d/1/deceased | crvs | d/1 | deceased | Amina Begum | amina begum | female | 1980-03-04
		d/2/deceased | crvs | d/2 | deceased | Amina Begum | amina begum | female | 1980-03-04
		b/3/child    | crvs | b/3 | child    | Jamal Ali   | jamal ali   | male   | 2011-02-03
		d/3/deceased | crvs | d/3 | deceased | Jamal Ali   | jamal ali   | male   | 2011-02-03
		b/4/mother   | crvs | b/4 | mother   | Rupa Akter  | rupa akter  | female | 1985-06-07
		b/5/mother   | crvs | b/5 | mother   | Rupa Akter  | rupa akter  | female | 1985-06-07
		d/4/deceased | crvs | d/4 | deceased | Rupa Akter  | rupa akter  | female | 1985-06-07
		x/1/groom    | crvs | x/1 | groom    | Nur Islam   | nur islam   |        | 1990-09-10
		x/1/bride    | crvs | x/1 | bride    | Nur Islam   | nur islam   |        | 1990-09-10`)
	linked(t, w)
	scenario.Same(t, "persons of several mentions", []string{
		"b/3/child|b/3/child d/3/deceased",
		"b/4/mother|b/4/mother b/5/mother d/4/deceased",
	}, clusters(w))
	scenario.Same(t, "persons", []string{"8"}, w.Lines("SELECT count(*) FROM person"))
}

// TestFacets: what speaks for a person is what most of his mentions bear, of
// equals the least; of births a sure one, were it borne by fewer.
func TestFacets(t *testing.T) {
	w := scenario.New(t)
	w.Add("mention", rosterColumns+" address address_norm phone phone_norm area_code mother_name mother_norm", `
		m/1/member | sp | h/1 | member | Raheem Uddin | raheem uddin |      | ~1950      | 9 Hill  | 9 hill  |       |      | 20 | Zohra  | zohra
		m/2/member | sp | h/2 | member | RAHIM UDDIN  | rahim uddin  | male | 1950-04-05 | 3 Mill  | 3 mill  | 01712 | 1712 | 10 | Amina  | amina
		m/3/member | sp | h/3 | member | Rahim Uddin  | rahim uddin  |      | ~1950      | 9 Hill  | 9 hill  |       |      |    |        |`)
	w.Add("identifier", identifierColumns, `
		m/1/member | national_id | 123456
		m/2/member | national_id | 123456
		m/3/member | national_id | 123456`)
	linked(t, w, "national_id")
	scenario.Same(t, "person", []string{"m/1/member|3|RAHIM UDDIN|rahim uddin|male|1950-04-05|1950-04-05|exact|9 Hill|01712|10|Amina"},
		w.Lines(`SELECT person_id, mentions, full_name, full_norm, sex, birth_earliest, birth_latest, birth_precision, address, phone, area_code, mother_name FROM person`))
}

// TestTruthReplacesOurs: links that are given are taken as they are, whatever the
// records say; who is in none is alone.
func TestTruthReplacesOurs(t *testing.T) {
	w := scenario.New(t)
	w.Add("mention", rosterColumns, `
		m/1/member | sp | h/1 | member | Rahim Uddin | rahim uddin | male | 1950-04-05
		m/2/member | sp | h/2 | member | Karim Ali   | karim ali   | male | 1960-01-02
		m/3/member | sp | h/3 | member | Jamal Khan  | jamal khan  | male | 1970-01-02`)
	w.Add("mention", registerColumns, `
		d/1/deceased | crvs | d/1 | deceased | Rahim Uddin | rahim uddin | male | 1950-04-05
		d/2/deceased | crvs | d/2 | deceased | Jamal Khan  | jamal khan  | male | 1970-01-02`)
	truth := w.File("truth.csv", "mention_id,person_id\nm/1/member,9\nm/2/member,9\nd/2/deceased,9\n")
	linkedBy(t, w, link.Config{}, truth)
	scenario.Same(t, "persons of several mentions", []string{"m/1/member|m/1/member m/2/member"}, clusters(w))
	scenario.Same(t, "links", []string{"across|d/2/deceased|m/1/member|true", "roster|m/1/member|m/2/member|true"},
		w.Lines("SELECT kind, left_id, right_id, accepted FROM link ORDER BY kind"))
	scenario.Same(t, "persons", []string{"d/1/deceased|crvs|1", "d/2/deceased|crvs|1", "m/1/member|sp|2", "m/3/member|sp|1"},
		w.Lines("SELECT person_id, side, mentions FROM person ORDER BY person_id"))
}

// TestOneSideOnly: without a roster there are persons of the register, and nothing
// to link them with.
func TestOneSideOnly(t *testing.T) {
	w := scenario.New(t)
	w.Add("mention", registerColumns, "d/1/deceased | crvs | d/1 | deceased | Rahim Uddin | rahim uddin | male | 1950-04-05")
	report, _ := linked(t, w)
	scenario.Same(t, "persons", []string{"d/1/deceased"}, w.Lines("SELECT person_id FROM person"))
	scenario.Same(t, "links", []string{}, w.Lines("SELECT left_id FROM link"))
	if report.Across.Left != 1 || report.Across.Right != 0 {
		t.Errorf("across %d and %d persons", report.Across.Left, report.Across.Right)
	}
}

// TestWhatIsCompared: what both sides know is compared, names in the parts in
// which both keep them; a job may say less, and another threshold.
func TestWhatIsCompared(t *testing.T) {
	compared := func(l link.Linkage) (names []string) {
		for _, c := range l.Specification.Comparisons {
			names = append(names, c.Name)
		}
		return names
	}
	const columns = "mention_id side role full_norm given_norm family_norm sex birth phone_norm spouse_norm"
	for _, c := range []struct {
		name, register, roster string
		across                 []string
	}{
		{
			"names kept apart by both", "d/1/deceased | crvs | deceased | rahim uddin | rahim | uddin | male | 1950-04-05 | | salma",
			"m/1/member | sp | member | rahim uddin | rahim | uddin | male | 1950-04-05 | 1712 |",
			[]string{"given_name", "family_name", "sex", "birth"},
		},
		{
			"names kept apart by one", "d/1/deceased | crvs | deceased | rahim uddin | rahim | uddin | male | 1950-04-05 | | salma",
			"m/1/member | sp | member | rahim uddin | rahim | | | 1950-04-05 | 1712 | salma",
			[]string{"full_name", "birth", "spouse_name"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := scenario.New(t)
			w.Add("mention", columns, c.register)
			w.Add("mention", columns, c.roster)
			report, _ := linkedBy(t, w, link.Config{}, "")
			scenario.Same(t, "across", c.across, compared(report.Across))
		})
	}
	w := scenario.New(t)
	w.Add("mention", columns, "d/1/deceased | crvs | deceased | rahim uddin | | | male | 1950-04-05")
	w.Add("mention", columns, "m/1/member | sp | member | rahim uddin | | | male | 1950-04-05")
	strict := trained(t)
	strict.Threshold = 0.999
	report, _ := linkedBy(t, w, link.Config{Register: strict, Roster: strict, Across: strict}, "")
	if len(accepted(w, "across")) > 0 || report.Across.Specification.Threshold != 0.999 {
		t.Errorf("the job's threshold is not kept: %v", report.Across)
	}
	scenario.Same(t, "below the threshold", []string{"d/1/deceased|m/1/member|false"}, w.Lines("SELECT left_id, right_id, accepted FROM link"))
}

// TestTwoNumbers: no one person bears two identity numbers that are sure: those
// checked against the issuing register, and those that several records bear. One
// number of its own may be a slip of the pen, or the head's.
func TestTwoNumbers(t *testing.T) {
	const alike = `
		m/1/member | sp | h/1 | member | Rahim Uddin | rahim uddin | male | 1950-04-05
		m/2/member | sp | h/2 | member | Rahim Uddin | rahim uddin | male | 1950-04-05
		m/3/member | sp | h/3 | member | Rahim Uddin | rahim uddin | male | 1950-04-05
		m/4/member | sp | h/4 | member | Rahim Uddin | rahim uddin | male | 1950-04-05
		m/5/member | sp | h/5 | member | Rahim Uddin | rahim uddin | male | 1950-04-05`
	const all = "m/1/member|m/1/member m/2/member m/3/member m/4/member m/5/member"
	for _, c := range []struct {
		name, numbers string
		want          []string
		apart         int
	}{
		{"one number, once", "m/1/member | national_id | 123456 | |", []string{all}, 0},
		{"two numbers, one of them once", "m/1/member | national_id | 123456 | | \n m/2/member | national_id | 123456 | | \n m/3/member | national_id | 987654 | | ", []string{all}, 0},
		{
			"two numbers, each twice", "m/1/member | national_id | 123456 | | \n m/2/member | national_id | 123456 | | \n m/3/member | national_id | 987650 | | \n m/4/member | national_id | 987650 | | ",
			[]string{"m/1/member|m/1/member m/2/member m/5/member", "m/3/member|m/3/member m/4/member"},
			6,
		},
		{
			"two numbers, each twice, a slip apart", "m/1/member | national_id | 123456 | | \n m/2/member | national_id | 123456 | | \n m/3/member | national_id | 123457 | | \n m/4/member | national_id | 123457 | | ",
			[]string{all},
			0,
		},
		{
			"two numbers of two systems, each twice", "m/1/member | national_id | 123456 | | \n m/2/member | national_id | 123456 | | \n m/3/member | national_id | 98765043 | | \n m/4/member | national_id | 98765043 | | ",
			[]string{all},
			0,
		},
		{
			"two numbers that were checked", "m/1/member | national_id | 123456 | true | true \n m/3/member | national_id | 123457 | true | true",
			[]string{"m/1/member|m/1/member m/2/member m/4/member m/5/member"},
			4,
		},
		{"two numbers, one of them checked", "m/1/member | national_id | 123456 | true | true \n m/3/member | national_id | 987650 | false | true", []string{all}, 0},
		{"two numbers that were checked, one of them malformed", "m/1/member | national_id | 123456 | true | true \n m/3/member | national_id | 987650 | true | false", []string{all}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := scenario.New(t)
			w.Add("mention", rosterColumns, alike)
			w.Add("identifier", identifierColumns+" verified well_formed", c.numbers)
			linked(t, w, "national_id")
			scenario.Same(t, "persons of several mentions", c.want, clusters(w))
			if got := w.Lines("SELECT left_id FROM link WHERE apart = 'number'"); len(got) != c.apart {
				t.Errorf("%d pairs are told to be kept apart by their numbers, want %d", len(got), c.apart)
			}
		})
	}
}

// TestEitherVintageOfAnAreaIsOnePlace: the register has the commune of today, the
// roster one of the two that became it; one record tells the district alone.
func TestEitherVintageOfAnAreaIsOnePlace(t *testing.T) {
	w := scenario.New(t)
	const columns = "mention_id side role full_norm sex birth area_code"
	for i, area := range []string{"C3", "C3", "D1", "C4"} {
		w.Add("mention", columns, fmt.Sprintf("d/%d/deceased | crvs | deceased | rahim%d uddin%d | male | 19%d0-04-05 | %s", i, i, i, 3+i, area))
	}
	for i, area := range []string{"C1", "C2", "C1", "C1"} {
		w.Add("mention", columns, fmt.Sprintf("m/%d/member | sp | member | rahim%d uddin%d | male | 19%d0-04-05 | %s", i, i, i, 3+i, area))
	}
	areas := []locale.Area{
		{Code: "D1", Level: "district"},
		{Code: "D2", Level: "district"},
		{Code: "C1", Parent: "D1", Level: "commune", Successors: []string{"C3"}},
		{Code: "C2", Parent: "D1", Level: "commune", Successors: []string{"C3"}},
		{Code: "C3", Parent: "D1", Level: "commune"},
		{Code: "C4", Parent: "D2", Level: "commune"},
	}
	var report link.Report
	w.Without("cluster", "entity", "entity_change", "person", "link", "family", "family_link")
	withForms(t, w)
	w.Stage("link", func(ctx context.Context, s *store.Session, st *store.Stage) (err error) {
		report, err = link.Make(ctx, s, st, link.Config{}, link.Work{Areas: areas, Options: matchers.Options{Threads: 2}})
		return err
	})
	if report.Across.Left != 4 || report.Across.Right != 4 {
		t.Fatalf("across %d and %d persons", report.Across.Left, report.Across.Right)
	}
	level := func(name string) []string {
		return w.Lines(fmt.Sprintf("SELECT left_id, list_filter(agreement, x -> starts_with(x, '%s='))[1] FROM link WHERE kind = 'across' AND left_id[3:3] = right_id[3:3] ORDER BY left_id", name))
	}
	scenario.Same(t, "areas", []string{
		"d/0/deceased|area=equal, very common", "d/1/deceased|area=equal, very common", "d/2/deceased|area=district equal", "d/3/deceased|area=differs",
	}, level("area"))
	scenario.Same(t, "districts, which are judged within the areas", []string{
		"d/0/deceased|district=missing", "d/1/deceased|district=missing", "d/2/deceased|district=missing", "d/3/deceased|district=missing",
	}, level("district"))
}

// TestNamesMeetByAnyReading: a name in native script is compared as any of its readings,
// of which the normal form is one.
func TestNamesMeetByAnyReading(t *testing.T) {
	w := scenario.New(t)
	w.Add("mention", registerColumns, "d/1/deceased | crvs | d/1 | deceased | 유선영 | yu seonyeong | female | 1950-04-05")
	w.Add("mention", rosterColumns, `
		m/1/member | sp | h/1 | member | Yoo Sunyoung | yoo sunyoung | female | 1950-04-05
		m/2/member | sp | h/2 | member | Kim Hana     | kim hana     | female | 1950-04-05`)
	linked(t, w)
	scenario.Same(t, "links", []string{"d/1/deceased|m/1/member|full_name=alike, very common"},
		w.Lines("SELECT left_id, right_id, agreement[1] FROM link WHERE kind = 'across' AND accepted"))
}
