package mapping_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"rollcall/matchers/locale"
	"rollcall/pipeline/facts/scenario"
	"rollcall/pipeline/mapping"
	"rollcall/pipeline/standardise"
	"rollcall/pipeline/store"
)

var asOf = time.Date(2026, 7, 31, 0, 0, 0, 0, time.UTC)

// written are the tables that the stage writes.
var written = []string{"event", "household", "mention", "identifier", "enrolment", "payment", "attribute"}

// mapped maps snapshots and returns what became of the rows of each source.
func mapped(t *testing.T, w *scenario.World, cfg mapping.Config, files map[string]string) []mapping.Counts {
	t.Helper()
	counts, err := try(t, w, cfg, files)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range counts {
		sum := c.Used + c.Superseded
		for _, n := range c.Rejected {
			sum += n
		}
		if sum != c.Read {
			t.Errorf("%s: %d rows read, %d accounted for", c.Source, c.Read, sum)
		}
	}
	return counts
}

func try(t *testing.T, w *scenario.World, cfg mapping.Config, files map[string]string) (counts []mapping.Counts, err error) {
	t.Helper()
	forms := standardise.NewForms(nil, tree(), asOf)
	for _, f := range forms.Functions() {
		if err := w.Session.Define(f); err != nil {
			t.Fatal(err)
		}
	}
	w.Without(written...)
	var raws []mapping.Raw
	for source, file := range files {
		raws = append(raws, mapping.Raw{Source: source, File: file})
	}
	w.Stage("mapping", func(ctx context.Context, s *store.Session, st *store.Stage) error {
		counts, err = mapping.New(s, cfg, asOf, standardise.NewForms(nil, nil, asOf).Reading).Run(ctx, st, raws)
		return nil
	})
	return counts, err
}

// deaths is a source of deaths with versions and days of receipt.
func deaths() mapping.Source {
	return mapping.Source{
		Name: "deaths", Side: "crvs", Key: "no", Received: "received", Version: "version",
		Outputs: []mapping.Output{
			{Table: "event", Fields: []mapping.Field{
				{Name: "type", Expression: "'death'"},
				{Name: "registration_number", Expression: "no"},
				{Name: "occurred", Expression: "died"},
				{Name: "registered", Expression: "registered"},
			}},
			{
				Table: "mention", Role: "deceased",
				Fields:      []mapping.Field{{Name: "full_name", Expression: "name"}, {Name: "birth", Expression: "born"}},
				Identifiers: []mapping.Field{{Name: "national_id", Expression: "nid", Verified: "seen = 'yes'"}},
			},
			{
				Table: "mention", Role: "informant", When: "informant <> 'hospital'",
				Fields: []mapping.Field{{Name: "full_name", Expression: "informant"}},
			},
		},
	}
}

const deathColumns = "no version received registered died name born nid seen informant"

// TestOneVersionOfARecordIsUsed: of the versions of a record the highest that was
// received by the as-of day is used, though a higher one came later; every row
// that was read is accounted for.
func TestOneVersionOfARecordIsUsed(t *testing.T) {
	w := scenario.New(t)
	file := w.Snapshot("deaths", deathColumns, `
		1 | 1 | 2026-05-02 | 2026-05-01 | 2026-04-30 | Rahim Udin
		1 | 2 | 2026-06-02 | 2026-06-01 | 2026-04-30 | Rahim Uddin
		1 | 3 | 2026-08-01 | 2026-07-31 | 2026-04-30 | Karim Uddin
		2 | 1 | 2026-07-31 | 2026-07-30 | 2026-07-29 | Salma Begum
		3 | 1 | 2026-08-01 | 2026-07-30 | 2026-07-29 | Amina Begum
		  | 1 | 2026-07-01 | 2026-07-01 | 2026-07-01 | Nobody Knows
		4 | x | 2026-07-01 | 2026-07-01 | 2026-07-01 | Jamal Ali
		4 |   | 2026-07-09 | 2026-07-01 | 2026-07-01 | Jamal Ali Khan`)
	counts := mapped(t, w, mapping.Config{Sources: []mapping.Source{deaths()}}, map[string]string{"deaths": file})
	scenario.Same(t, "counts", []mapping.Counts{{
		Source: "deaths", Read: 8, Used: 3, Superseded: 2,
		Rejected: map[string]int64{"received_after": 2, "missing_key": 1}, Unknown: map[string]int64{}, Unreadable: map[string]int64{},
		Newest: asOf,
	}}, counts)
	const nobody = "{'no': NULL, 'version': 1, 'received': 2026-07-01, 'registered': 2026-07-01, 'died': 2026-07-01, 'name': Nobody Knows, 'born': NULL, 'nid': NULL, 'seen': NULL, 'informant': NULL}"
	scenario.Same(t, "rejects", []string{"deaths||missing_key|" + nobody + "|1"}, w.Lines("FROM reject"))
	scenario.Same(t, "events", []string{"deaths/1|2|2026-06-02|2026-06-01", "deaths/2|1|2026-07-31|2026-07-30", "deaths/4|0|2026-07-09|2026-07-01"},
		w.Lines("SELECT event_id, version, received_on, registered_on FROM event ORDER BY event_id"))
	scenario.Same(t, "mentions", []string{"deaths/1/deceased|deaths/1|Rahim Uddin|2026-06-01", "deaths/2/deceased|deaths/2|Salma Begum|2026-07-30", "deaths/4/deceased|deaths/4|Jamal Ali Khan|2026-07-01"},
		w.Lines("SELECT mention_id, event_id, full_name, recorded_on FROM mention ORDER BY mention_id"))
}

// TestDatesThatAreNone: a row is used without a date that is none, and that is
// counted; what says that nothing is known is not.
func TestDatesThatAreNone(t *testing.T) {
	w := scenario.New(t)
	file := w.Snapshot("deaths", deathColumns, `
		1 | 1 | 2026-05-02 | 2026-13-45 | 2026-04-30 | Rahim Uddin
		2 | 1 | 2026-05-02 | 41/24/2026 | 2026-04-30 | Salma Begum
		3 | 1 | 2026-05-02 | 0000-00-00 | 2026-04-30 | Amina Begum
		4 | 1 | 2026-05-02 | 2026-02-30 | 2026-04-30 | Jamal Ali
		5 | 1 | 2026-05-02 | 1900-01-01 | 2026-04-30 | Karim Ali
		6 | 1 | 2026-05-02 |            | 2026-04-30 | Rupa Akter`)
	counts := mapped(t, w, mapping.Config{Sources: []mapping.Source{deaths()}}, map[string]string{"deaths": file})
	scenario.Same(t, "counts", []mapping.Counts{{
		Source: "deaths", Read: 6, Used: 6, Rejected: map[string]int64{}, Unknown: map[string]int64{},
		Unreadable: map[string]int64{"registered": 3}, Newest: time.Date(2026, 5, 2, 0, 0, 0, 0, time.UTC),
	}}, counts)
}

// TestDuplicateKeys: of rows with one key and no version one is used and the
// others are rejected, the same one for any order of the rows.
func TestDuplicateKeys(t *testing.T) {
	const first, second, third = "1 | | | | 2026-04-30 | Rahim Uddin\n", "1 | | | | 2026-04-30 | Karim Uddin\n", "1 | | | | 2026-04-29 | Rahim Uddin\n"
	var chosen []string
	for _, rows := range []string{first + second + third, third + second + first, second + third + first} {
		w := scenario.New(t)
		src := deaths()
		src.Version, src.Received = "", ""
		counts := mapped(t, w, mapping.Config{Sources: []mapping.Source{src}}, map[string]string{"deaths": w.Snapshot("deaths", deathColumns, rows)})
		scenario.Same(t, "counts", []mapping.Counts{{
			Source: "deaths", Read: 3, Used: 1, Rejected: map[string]int64{"duplicate_key": 2}, Unknown: map[string]int64{}, Unreadable: map[string]int64{},
		}}, counts)
		scenario.Same(t, "rejects", []string{"deaths|1|duplicate_key|1", "deaths|1|duplicate_key|1"},
			w.Lines("SELECT source, native_key, reason, ordinal FROM reject"))
		chosen = append(chosen, w.Lines("SELECT row_written FROM reject")...)
		chosen = append(chosen, w.Lines("SELECT full_name, occurred_written FROM mention JOIN event USING (event_id)")...)
	}
	if len(chosen) != 9 || !slices.Equal(chosen[:3], chosen[3:6]) || !slices.Equal(chosen[:3], chosen[6:]) {
		t.Errorf("the row that is used depends on the order of the rows: %q", chosen)
	}
}

// TestMentions: a mention has the id source/key/role, the days of its record, and
// its identity numbers; where its condition does not hold, or nothing names it,
// there is none.
func TestMentions(t *testing.T) {
	w := scenario.New(t)
	file := w.Snapshot("deaths", deathColumns, `
		1 | 1 | 02/05/2026 | 13/04/2026 | 30/04/2026 | Rahim Uddin | 01/01/1950 | 123 | yes | Karim Uddin
		2 | 1 | 03/05/2026 | 02/04/2026 | 30/04/2026 |             | 01/01/1950 | 456 | no  | hospital
		3 | 1 | 03/05/2026 | 02/04/2026 | 30/04/2026 |             | 01/01/1950 |     |     | Amina Begum`)
	mapped(t, w, mapping.Config{Sources: []mapping.Source{deaths()}}, map[string]string{"deaths": file})
	scenario.Same(t, "mentions", []string{
		"deaths/1/deceased|crvs|deceased|1|Rahim Uddin|01/01/1950|2026-04-13",
		"deaths/1/informant|crvs|informant|1|Karim Uddin||2026-04-13",
		"deaths/2/deceased|crvs|deceased|2||01/01/1950|2026-04-02",
		"deaths/3/informant|crvs|informant|3|Amina Begum||2026-04-02",
	}, w.Lines("SELECT mention_id, side, role, native_key, full_name, birth_written, recorded_on FROM mention ORDER BY mention_id"))
	scenario.Same(t, "identifiers", []string{"deaths/1/deceased|national_id|123|true", "deaths/2/deceased|national_id|456|false"},
		w.Lines("SELECT mention_id, identifier_type, written, verified FROM identifier ORDER BY mention_id"))
}

// tree is an area tree with a name that two areas have.
func tree() []locale.Area {
	return []locale.Area{
		{Code: "1", Level: "district", Name: "Rampur"},
		{Code: "2", Level: "district", Name: "Cumilla"},
		{Code: "11", Parent: "1", Level: "village", Name: "Sonapur"},
		{Code: "21", Parent: "2", Level: "village", Name: "Sonapur"},
	}
}

// TestAreasByTheirNames: what is no code of the area tree is read as names of its areas;
// what names none, or several, stays as written, is counted and keeps its rule. A
// member without an area of his own has his household's.
func TestAreasByTheirNames(t *testing.T) {
	w := scenario.New(t)
	cfg := mapping.Config{AreaTree: true, Sources: []mapping.Source{{
		Name: "home", Side: "sp", Key: "no", Outputs: []mapping.Output{
			{Table: "household", Fields: []mapping.Field{{Name: "area_code", Expression: "concat_ws(', ', village, district)"}}},
			{Table: "mention", Role: "member", Fields: []mapping.Field{{Name: "full_name", Expression: "name"}, {Name: "household", Expression: "no"}}},
		},
	}}}
	file := w.Snapshot("home", "no name village district", `
		1 | Rahim | 11      |
		2 | Karim | Sonapur | District Cumilla
		3 | Amina | Sonapur |
		4 | Salma | Nowhere |
		5 | Jamal | Nowhere | Rampr
		6 | Rupa  |         |`)
	counts := mapped(t, w, cfg, map[string]string{"home": file})
	scenario.Same(t, "households", []string{"home/1|11|11", "home/2|21|Sonapur, District Cumilla", "home/3|Sonapur|Sonapur", "home/4|Nowhere|Nowhere", "home/5|1|Nowhere, Rampr", "home/6||"},
		w.Lines("SELECT household_id, area_code, area_written FROM household ORDER BY household_id"))
	scenario.Same(t, "counted", map[string]int64{"area_name": 1, "area_sound": 1, "area_around": 1, "area_ambiguous": 1, "area_unknown": 1}, counts[0].Placed)
	w.Stage("standardise", func(ctx context.Context, s *store.Session, st *store.Stage) error {
		return standardise.Make(ctx, s, st, standardise.NewForms(nil, tree(), asOf))
	})
	scenario.Same(t, "members", []string{
		"11|11|[case]", "21|Sonapur, District Cumilla|[case, area_name]", "Sonapur|Sonapur|[case, area_ambiguous]",
		"Nowhere|Nowhere|[case, area_unknown]", "1|Nowhere, Rampr|[case, area_sound, area_around]", "||[case]",
	}, w.Lines("SELECT area_code, area_written, rules FROM mention ORDER BY mention_id"))
}

// TestCodes: a code stands for what it means by the as-of day; a retired one
// still finds its successor; one that is in no directory is counted and NULL.
func TestCodes(t *testing.T) {
	areas := filepath.Join(t.TempDir(), "areas.csv")
	lines := "source_code,canonical_code,valid_from,valid_to\n" +
		"10,BD10,2000-01-01,2019-12-31\n" + // split in 2020
		"10,BD10-A,2020-01-01,\n" +
		"10,BD10-B,2026-08-01,\n" + // not yet
		"20,BD20,2000-01-01,2024-12-31\n" + // retired, no line took its place
		"30,BD30,,\n"
	if err := os.WriteFile(areas, []byte("\ufeff"+lines), 0o600); err != nil {
		t.Fatal(err)
	}
	w := scenario.New(t)
	households := mapping.Source{
		Name: "household", Side: "sp", Key: "no",
		Outputs: []mapping.Output{{Table: "household", Fields: []mapping.Field{{Name: "area_code", Expression: "code('area', upper(area))"}}}},
	}
	file := w.Snapshot("household", "no area", "1 | 10 \n 2 | 20 \n 3 | 30 \n 4 | 40 \n 5 | 40 \n 6 | x \n 7 |")
	cfg := mapping.Config{Sources: []mapping.Source{households}, Directories: []mapping.Directory{{Name: "area", File: areas}}}
	counts := mapped(t, w, cfg, map[string]string{"household": file})
	scenario.Same(t, "areas", []string{"household/1|BD10-A", "household/2|BD20", "household/3|BD30", "household/4|", "household/5|", "household/6|", "household/7|"},
		w.Lines("SELECT household_id, area_code FROM household ORDER BY household_id"))
	scenario.Same(t, "unknown codes", map[string]int64{"area": 3}, counts[0].Unknown)
}

func TestCodeDirectoryWithoutItsColumns(t *testing.T) {
	areas := filepath.Join(t.TempDir(), "areas.csv")
	if err := os.WriteFile(areas, []byte("code,canonical_code\n1,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := try(t, scenario.New(t), mapping.Config{Directories: []mapping.Directory{{Name: "area", File: areas}}}, nil)
	want := `code directory area: column "source_code" is missing; the header must be source_code,canonical_code,valid_from,valid_to`
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// roster is a source of households, one of members and one of their enrolments.
func roster() mapping.Config {
	field := func(name, expression string) mapping.Field {
		return mapping.Field{Name: name, Expression: expression}
	}
	return mapping.Config{Sources: []mapping.Source{
		{Name: "homes", Side: "sp", Key: "no", Outputs: []mapping.Output{
			{Table: "household", Fields: []mapping.Field{field("area_code", "area"), field("address", "road"), field("phone", "phone"), field("enumerated_on", "seen")}},
			{Table: "attribute", Fields: []mapping.Field{field("household", "no"), field("name", "'score'"), field("value", "score"), field("as_of", "seen")}},
		}},
		{Name: "people", Side: "sp", Key: "no", Outputs: []mapping.Output{
			{Table: "mention", Role: "member", Fields: []mapping.Field{
				field("household", "home"), field("full_name", "name"), field("birth", "born"), field("age", "years"), field("age_on", "asked"),
				field("address", "road"), field("recorded_on", "asked"),
			}},
		}},
		{Name: "lists", Side: "sp", Key: "no", Outputs: []mapping.Output{
			{Table: "enrolment", Fields: []mapping.Field{
				field("programme", "'old_age'"), field("member", "person"), field("caregiver", "carer"), field("household", "home"), field("from", "since"),
			}},
		}},
		{Name: "pay", Side: "sp", Key: "no", Outputs: []mapping.Output{
			{Table: "payment", Fields: []mapping.Field{field("enrolment", "list"), field("amount", "amount"), field("paid_on", "day")}},
		}},
	}}
}

func rosterFiles(w *scenario.World) map[string]string {
	return map[string]string{
		"homes": w.Snapshot("homes", "no area road phone seen score", `
			1 | 10101 | 3 Mill Road | 01711 | 13/02/2020 | 27.5
			2 | 10102 |             |       | 14/02/2020 |`),
		"people": w.Snapshot("people", "no home name born years asked road", `
			1 | 1 | Rahim Uddin | 1950-01-01 | 70 | 13/02/2020 |
			2 | 1 | Salma Begum |            | 67 | 13/02/2020 | 5 Bazaar
			3 | 2 | Karim Ali   |            |    | 14/02/2020 |
			4 | 9 | Amina Begum |            | 12 | 15/02/2020 |`),
		"lists": w.Snapshot("lists", "no person carer home since", "7 | 1 | 2 | 1 | 2019-01-01"),
		"pay":   w.Snapshot("pay", "no list amount day", "8 | 7 | 500.50 | 2026-07-03 \n 9 | 7 | five | 2026-08-03"),
	}
}

// TestMembersAtHome: a member without an area, address or telephone of his own
// has those of his household; his own address stays his.
func TestMembersAtHome(t *testing.T) {
	w := scenario.New(t)
	mapped(t, w, roster(), rosterFiles(w))
	scenario.Same(t, "members", []string{
		"people/1/member|homes/1|10101|3 Mill Road|01711",
		"people/2/member|homes/1|10101|5 Bazaar|01711",
		"people/3/member|homes/2|10102||",
		"people/4/member|homes/9|||", // his household is not listed
	}, w.Lines("SELECT mention_id, household_id, area_code, address, phone FROM mention ORDER BY mention_id"))
}

// TestAges: an age on a day stands for a birth that is missing or says that it is,
// and never for a date, were it the first of a year; standardise makes intervals of
// both. An age that nobody reaches says nothing. One that stands in place of the birth
// is told for the same day.
func TestAges(t *testing.T) {
	w := scenario.New(t)
	files := rosterFiles(w)
	files["people"] = w.Snapshot("elders", "no home name born years asked road", `
		1 | 1 | Rahim Uddin | 1950-01-01 | 70  | 13/02/2020 |
		2 | 1 | Salma Begum |            | 67  | 13/02/2020 |
		3 | 2 | Karim Ali   |            |     | 14/02/2020 |
		4 | 9 | Amina Begum | 0000-00-00 | 12  | 15/02/2020 |
		5 | 9 | Jamal Ali   | 00/00/0000 |     | 15/02/2020 |
		6 | 9 | Rupa Akter  |            | 999 | 15/02/2020 |
		7 | 9 | Asma Khatun | about 65 years |  | 15/02/2020 |
		8 | 9 | Selim Reza  | aged 40 in 2019 |  | 15/02/2020 |
		9 | 9 | Nur Jahan   | বয়স ৩০    | 12  |            |`)
	mapped(t, w, roster(), files)
	scenario.Same(t, "births", []string{
		"1950-01-01", "age 67 on 2020-02-13", "", "age 12 on 2020-02-15", "00/00/0000", "age 999 on 2020-02-15",
		"age about 65 on 2020-02-15", "aged 40 in 2019", "বয়স ৩০",
	},
		w.Lines("SELECT birth_written FROM mention ORDER BY mention_id"))
	w.Stage("standardise", func(ctx context.Context, s *store.Session, st *store.Stage) error {
		return standardise.Make(ctx, s, st, standardise.NewForms(nil, nil, asOf))
	})
	scenario.Same(t, "intervals", []string{
		"1950-01-01|1950-12-31|default", "1952-02-14|1953-02-13|age", "||", "2007-02-16|2008-02-15|age", "||", "||",
		"1952-02-16|1957-02-15|age", "1978-01-02|1979-12-31|age", "||",
	},
		w.Lines("SELECT birth_earliest, birth_latest, birth_precision FROM mention ORDER BY mention_id"))
}

// TestAnAttemptThatGoesOnHasTheSameRows: the rows that standardise completes are
// the same when an earlier attempt has mapped.
func TestAnAttemptThatGoesOnHasTheSameRows(t *testing.T) {
	w := scenario.New(t)
	files := rosterFiles(w)
	mapped(t, w, roster(), files)
	const mentions = "SELECT * FROM mention ORDER BY mention_id"
	want := w.Lines(mentions)
	w.Exec("DROP VIEW mention")
	w.Exec("DROP VIEW " + `"used:people"`)
	var raws []mapping.Raw
	for source, file := range files {
		raws = append(raws, mapping.Raw{Source: source, File: file})
	}
	if err := mapping.New(w.Session, roster(), asOf, standardise.NewForms(nil, nil, asOf).Reading).Views(t.Context(), raws); err != nil {
		t.Fatal(err)
	}
	scenario.Same(t, "mentions", want, w.Lines(mentions))
	if len(want) == 0 {
		t.Error("there is no mention")
	}
}

// TestReferences: rows refer to rows of other sources by their ids.
func TestReferences(t *testing.T) {
	w := scenario.New(t)
	mapped(t, w, roster(), rosterFiles(w))
	scenario.Same(t, "enrolments", []string{"lists/7|old_age|people/1/member|people/2/member|homes/1|2019-01-01"},
		w.Lines("SELECT enrolment_id, programme, mention_id, caregiver_mention_id, household_id, from_on FROM enrolment"))
	scenario.Same(t, "payments", []string{"pay/8|lists/7|500.50|2026-07-03", "pay/9|lists/7||2026-08-03"},
		w.Lines("SELECT payment_id, enrolment_id, amount, paid_on FROM payment ORDER BY payment_id"))
	scenario.Same(t, "attributes", []string{"homes/1|score|homes|27.5|2020-02-13", "homes/2|score|homes||2020-02-14"},
		w.Lines("SELECT subject_id, name, source, value, as_of FROM attribute ORDER BY subject_id"))
}

// TestMistakesAreTold: what cannot be mapped is an error at its place in the job.
func TestMistakesAreTold(t *testing.T) {
	for _, c := range []struct {
		change func(*mapping.Config)
		want   string
	}{
		{func(cfg *mapping.Config) { cfg.Sources[1].Outputs[0].Fields[4].Name = "sex" }, "age needs the day on which it was so: add age_on"},
		{func(cfg *mapping.Config) { cfg.Sources[1].Outputs[0].Fields[1].Name = "fullname" }, `table mention has no field "fullname"`},
		{func(cfg *mapping.Config) { cfg.Sources = append(cfg.Sources[:1], cfg.Sources[2:]...) }, "no source maps to mention"},
	} {
		w := scenario.New(t)
		cfg := roster()
		files := rosterFiles(w)
		for s := range cfg.Sources {
			for o := range cfg.Sources[s].Outputs {
				cfg.Sources[s].Outputs[o].Path = "somewhere"
			}
		}
		c.change(&cfg)
		_, err := try(t, w, cfg, files)
		var at *mapping.FieldError
		if !errors.As(err, &at) || at.Path != "somewhere" {
			t.Errorf("%v is told at no place of the job", err)
			continue
		}
		cause := err
		for errors.Unwrap(cause) != nil {
			cause = errors.Unwrap(cause)
		}
		if cause.Error() != c.want {
			t.Errorf("error %q, want %q", cause, c.want)
		}
	}
	w := scenario.New(t)
	if _, err := try(t, w, roster(), nil); err == nil || err.Error() != "map homes: no snapshot of this source" {
		t.Errorf("without snapshots: %v", err)
	}
}
