package programmes_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"rollcall/jobs/config"
	"rollcall/jobs/programmes"
	"rollcall/matchers/locale"
	"rollcall/pipeline/decide"
	"rollcall/pipeline/facts"
	"rollcall/pipeline/facts/scenario"
	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// goldenCase is one line of testdata/cases: a person with what is on record, a
// day, and what the programme must say of him then.
//
//	as-of day | sex, birth, area | records; records | outcome amount | what decides | reason of the line
//
// A birth is read as the country's registers write it, by its locale pack. The line
// "given:" is on record for everybody. What decides is, of a person who is not
// eligible, the criteria that are FALSE; of an unknown one what is missing; of an
// eligible one what was presumed.
type goldenCase struct {
	file      string
	line      int
	programme string
	asOf      time.Time
	sex, area string
	birth     string
	interval  locale.Interval
	records   []string
	want      string
}

// id names the person's records.
func (c goldenCase) id() string { return fmt.Sprintf("%s-%03d", c.programme, c.line) }

// readCases reads the cases of one programme.
func readCases(t *testing.T, file string) []goldenCase {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	code := strings.TrimSuffix(filepath.Base(file), ".txt")
	var given []string
	var cases []goldenCase
	for i, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		if rest, ok := strings.CutPrefix(line, "given:"); ok {
			given = fields(rest, ";")
			continue
		}
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(line, "|")
		if len(cells) < 5 {
			t.Fatalf("%s:%d: %d cells, at least 5 are needed", file, i+1, len(cells))
		}
		for j := range cells {
			cells[j] = strings.TrimSpace(cells[j])
		}
		who := strings.Fields(cells[1])
		c := goldenCase{file: file, line: i + 1, programme: code, sex: who[0], area: "10101", records: slices.Concat(given, fields(cells[2], ";"))}
		if c.sex == "-" {
			c.sex = ""
		}
		if len(who) > 1 {
			c.birth = who[1]
		}
		if len(who) > 2 {
			c.area = who[2]
		}
		if c.asOf, err = time.Parse(time.DateOnly, cells[0]); err != nil {
			t.Fatalf("%s:%d: %v", file, i+1, err)
		}
		c.want = strings.Join(cells[3:], " | ")
		cases = append(cases, c)
	}
	country, _, _ := strings.Cut(code, "_")
	pack, err := config.LoadLocale(strings.ToUpper(country))
	if err != nil {
		t.Fatal(err)
	}
	dates := locale.LearnDates(func(yield func(string, int) bool) {
		for _, c := range cases {
			if c.birth != "" && !yield(c.birth, 1) {
				return
			}
		}
	}, pack.Pack).WithDefaults(slices.Concat(locale.NewYear(), pack.DefaultDays))
	for i, c := range cases {
		if c.birth == "" {
			continue
		}
		if cases[i].interval, _ = dates.Read(c.birth); cases[i].interval.Earliest.IsZero() {
			t.Fatalf("%s:%d: the birth %q is none", file, c.line, c.birth)
		}
	}
	return cases
}

func fields(text, by string) []string {
	var list []string
	for _, f := range strings.Split(text, by) {
		if f = strings.TrimSpace(f); f != "" {
			list = append(list, f)
		}
	}
	return list
}

// allProgrammes are all versions of all files that come with the program.
func allProgrammes(t *testing.T) []decide.Programme {
	t.Helper()
	var all []decide.Programme
	for _, name := range programmes.Names() {
		text, err := programmes.Template(name)
		if err != nil {
			t.Fatal(err)
		}
		versions, err := config.ParseProgramme(t.Context(), name, text)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, versions...)
	}
	return all
}

// TestGoldenCases holds what the files that come with the program say of people
// against what the law says of them, through the real stages.
func TestGoldenCases(t *testing.T) {
	all := allProgrammes(t)
	byDay := map[string][]goldenCase{}
	for _, name := range programmes.Names() {
		code := strings.TrimSuffix(name, ".yaml")
		if !strings.Contains(code, "_") || slices.Contains([]string{"old_age", "child_grant"}, code) {
			continue // a template of no country
		}
		cases := readCases(t, filepath.Join("testdata", "cases", code+".txt"))
		if len(cases) < 5 {
			t.Errorf("%s has %d golden cases, at least 5 are needed", code, len(cases))
		}
		for _, c := range cases {
			day := c.asOf.Format(time.DateOnly)
			byDay[day] = append(byDay[day], c)
		}
	}
	told := make(chan []string, len(byDay))
	t.Run("days", func(t *testing.T) {
		for _, day := range slices.Sorted(maps.Keys(byDay)) {
			t.Run(day, func(t *testing.T) {
				t.Parallel()
				told <- judgeDay(t, all, byDay[day])
			})
		}
	})
	close(told)
	// A threshold that can be changed without a case noticing is not held by any.
	noticed := map[string]bool{}
	for list := range told {
		for _, m := range list {
			name, seen := strings.CutPrefix(m, "+")
			noticed[name] = noticed[name] || seen
		}
	}
	for _, name := range slices.Sorted(maps.Keys(noticed)) {
		if !noticed[name] {
			t.Errorf("no case notices when the threshold is changed: %s", name)
		}
	}
}

// judgeDay decides on the cases of one day, beside the programmes with each of their
// thresholds changed, and tells of each change whether a case noticed it (+) or not.
func judgeDay(t *testing.T, all []decide.Programme, cases []goldenCase) []string {
	asOf := cases[0].asOf
	w := scenario.New(t)
	var concerned []decide.Programme
	for _, p := range (decide.Config{AsOf: asOf, Programmes: all}).InForce() {
		country, _, _ := strings.Cut(p.Code, "_")
		if slices.ContainsFunc(cases, func(c goldenCase) bool { return strings.HasPrefix(c.programme, country+"_") }) {
			concerned = append(concerned, p)
		}
	}
	var changed []decide.Programme
	for _, p := range concerned {
		if slices.ContainsFunc(cases, func(c goldenCase) bool { return c.programme == p.Code }) {
			changed = append(changed, mutants(p)...)
		}
	}
	for _, c := range cases {
		c.record(t, w)
	}
	w.Settle()
	w.Stage("facts", func(ctx context.Context, s *store.Session, st *store.Stage) error {
		return facts.Make(ctx, s, st, facts.Config{AsOf: asOf})
	})
	w.Stage("decide", func(ctx context.Context, s *store.Session, st *store.Stage) error {
		return decide.Make(ctx, s, st, decide.Config{AsOf: asOf, Programmes: slices.Concat(concerned, changed)})
	})
	results := map[string]string{} // by programme and person
	for _, line := range w.Lines(`SELECT v.programme, v.subject_id, v.outcome, v.amount,
		coalesce((SELECT string_agg(split_part(x, '=', 1), ' ') FROM unnest(v.criteria) u(x) WHERE x LIKE '%=FALSE'), '') AS refused,
		coalesce((SELECT string_agg(split_part(x, ':', 1), ' ') FROM unnest(v.missing) u(x)), '') AS missing,
		coalesce((SELECT string_agg(split_part(x, ' ', 1), ' ') FROM unnest(v.presumed) u(x)), '') AS presumed,
		coalesce((SELECT string_agg(p.reason_code, ' ' ORDER BY p.reason_code) FROM proposal p
			WHERE p.subject_id = v.subject_id AND p.programme = v.programme AND p.kind IN ('eligibility', 'registration')), '') AS lines
		FROM evaluation v ORDER BY ALL`) {
		f := strings.Split(line, "|")
		outcome, amount, refused, missing, presumed, lines := f[2], f[3], f[4], f[5], f[6], f[7]
		what := strings.TrimSpace(outcome + " " + amount)
		why := map[string]string{"not_eligible": refused, "unknown": missing, "eligible": presumed}[outcome]
		results[f[0]+"|"+f[1]] = fmt.Sprintf("%s | %s | %s", what, why, lines)
	}
	for _, c := range cases {
		got := results[c.programme+"|"+c.subject()]
		if strings.Count(c.want, "|") < 2 { // the case says nothing of the line
			got = got[:max(0, strings.LastIndex(got, " | "))]
		}
		if strings.TrimRight(got, " |") != strings.TrimRight(c.want, " |") {
			t.Errorf("%s:%d:\n got %s\nwant %s", c.file, c.line, got, c.want)
		}
	}
	var told []string
	for _, m := range changed {
		code, _, _ := strings.Cut(m.Code, "~")
		mark := ""
		for _, c := range cases {
			if c.programme == code && results[m.Code+"|"+c.subject()] != results[code+"|"+c.subject()] {
				mark = "+"
			}
		}
		told = append(told, mark+m.Title)
	}
	return told
}

// number is a threshold in an expression: no part of a date, of a name in quotes, or
// of the nth child.
var number = regexp.MustCompile(`\b[0-9]{1,7}\b`)

// quoted is a text or a date in quotes.
var quoted = regexp.MustCompile(`'[^']*'`)

// mutants are the programme with each number of its criteria one greater and one
// less, under codes of their own.
func mutants(p decide.Programme) []decide.Programme {
	var list []decide.Programme
	for i, c := range p.Criteria {
		inQuotes := quoted.FindAllStringIndex(c.Expression, -1)
		for _, at := range number.FindAllStringIndex(c.Expression, -1) {
			if slices.ContainsFunc(inQuotes, func(q []int) bool { return q[0] <= at[0] && at[1] <= q[1] }) {
				continue
			}
			n, _ := strconv.Atoi(c.Expression[at[0]:at[1]])
			for _, by := range []int{-1, 1} {
				m := p
				m.Criteria = slices.Clone(p.Criteria)
				m.Criteria[i].Expression = fmt.Sprintf("%s%d%s", c.Expression[:at[0]], n+by, c.Expression[at[1]:])
				m.Code = fmt.Sprintf("%s~%d-%d%+d", p.Code, i, at[0], by)
				m.Title = fmt.Sprintf("%s %s, %s: %s instead of %s", p.Code, p.Version, c.Name, m.Criteria[i].Expression, c.Expression)
				m.HandsOverTo, m.PerHousehold, m.PerCaregiver = "", decide.Cap{}, decide.Cap{}
				list = append(list, m)
			}
		}
	}
	return list
}

// subject is the person who is judged: a member of the roster, or a child that only
// the register knows.
func (c goldenCase) subject() string {
	if slices.Contains(c.records, "not listed") {
		return c.id() + "/b/child"
	}
	return c.id() + "/member"
}

// record writes what is on record of the person.
func (c goldenCase) record(t *testing.T, w *scenario.World) {
	t.Helper()
	id, house := c.id(), "h/"+c.id()
	w.Exec(fmt.Sprintf("INSERT INTO household (household_id, area_code) VALUES (%s, %s)", tables.Literal(house), tables.Literal(c.area)))
	if !slices.Contains(c.records, "not listed") {
		birth := ""
		if iv := c.interval; !iv.Earliest.IsZero() {
			birth = iv.Earliest.Format(time.DateOnly)
			switch {
			case iv.Precision == locale.Default:
				birth = "~" + iv.Earliest.Format("2006")
			case iv.Precision != locale.Exact:
				birth += ".." + iv.Latest.Format(time.DateOnly)
			}
		}
		seen := c.asOf.AddDate(0, 0, -10).Format(time.DateOnly)
		if slices.ContainsFunc(c.records, func(r string) bool { return r == "not seen" || strings.HasPrefix(r, "died ") }) {
			seen = "2000-01-01"
		}
		w.Add("mention", "mention_id side household_id role relationship_to_head full_name sex birth area_code status recorded_on",
			strings.Join([]string{c.subject(), "sp", house, "member", "other", "Subject " + id, c.sex, birth, c.area, "active", seen}, " | "))
	}
	stated := map[string]string{}
	var names []string
	events := 0
	for _, r := range c.records {
		if name, value, ok := strings.Cut(r, "="); ok {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
			stated[name] = value
			continue
		}
		events++
		c.event(t, w, fmt.Sprintf("%s/e%d", id, events), strings.Fields(r))
	}
	for _, name := range names {
		if stated[name] != "" {
			w.Exec(fmt.Sprintf("INSERT INTO attribute (subject_id, name, source, value) VALUES (%s, %s, 'survey', %s)",
				tables.Literal(c.subject()), tables.Literal(name), tables.Literal(stated[name])))
		}
	}
	if !slices.Contains(c.records, "not enrolled") && !slices.Contains(c.records, "not listed") {
		caregiver := ""
		if i := slices.IndexFunc(c.records, func(r string) bool { return strings.HasPrefix(r, "caregiver") }); i >= 0 {
			caregiver = id + "/g/member"
		}
		w.Add("enrolment", "enrolment_id programme mention_id household_id caregiver_mention_id status from_on",
			strings.Join([]string{"e/" + id, c.programme, c.subject(), house, caregiver, "active", "2015-01-01"}, " | "))
	}
}

// event writes one record of a person's life.
func (c goldenCase) event(t *testing.T, w *scenario.World, event string, words []string) {
	t.Helper()
	subject := c.subject()
	add := func(kind, day string, mentions ...[3]string) { // role, sex, what the register knows the person by
		w.Add("event", "event_id event_type occurred registered_on received_on status registration_number",
			strings.Join([]string{event, kind, day, "", "", "registered", event}, " | "))
		for _, m := range mentions {
			id := event + "/" + m[0]
			w.Add("mention", "mention_id side event_id role full_name sex area_code",
				strings.Join([]string{id, "crvs", event, m[0], m[0] + " of " + event, m[1], c.area}, " | "))
			switch m[2] {
			case "":
			case subject:
				w.Exec(fmt.Sprintf("INSERT INTO link (kind, left_id, right_id, accepted, match_weight_bits, match_probability) VALUES ('across', %s, %s, TRUE, 20, 0.99)",
					tables.Literal(id), tables.Literal(subject)))
			default:
				w.Exec(fmt.Sprintf("INSERT INTO cluster VALUES (%s, %s, 'crvs', 1)", tables.Literal(id), tables.Literal(c.id()+"/"+m[2])))
			}
		}
	}
	day := ""
	if len(words) > 1 {
		day = words[len(words)-1]
	}
	other := map[string]string{"female": "male", "male": "female"}[c.sex]
	switch words[0] {
	case "not": // listed, enrolled, seen
	case "died":
		add("death", day, [3]string{"deceased", c.sex, subject})
	case "spouse": // died DAY
		add("death", day, [3]string{"deceased", other, "spouse"}, [3]string{"spouse", c.sex, subject})
	case "married":
		add("marriage", day, [3]string{"bride", "female", map[bool]string{true: subject}[c.sex != "male"]}, [3]string{"groom", "male", map[bool]string{true: subject}[c.sex == "male"]})
	case "divorced":
		add("divorce", day, [3]string{"bride", "female", map[bool]string{true: subject}[c.sex != "male"]}, [3]string{"groom", "male", map[bool]string{true: subject}[c.sex == "male"]})
	case "birth": // registered
		if subject == c.id()+"/b/child" {
			event = c.id() + "/b" // of a child that only the register knows, of the member that is the mother
			w.Add("mention", "mention_id side household_id role relationship_to_head full_name sex birth area_code status recorded_on",
				strings.Join([]string{c.id() + "/m/member", "sp", "h/" + c.id(), "member", "head", "Mother " + c.id(), "female", "1990-02-03", c.area, "active", "2020-01-01"}, " | "))
			add("birth", c.interval.Earliest.Format(time.DateOnly), [3]string{"child", c.sex, ""}, [3]string{"mother", "female", ""})
			w.Exec(fmt.Sprintf("UPDATE mention SET birth_earliest = '%[1]s', birth_latest = '%[1]s' WHERE mention_id = %[2]s", c.interval.Earliest.Format(time.DateOnly), tables.Literal(subject)))
			w.Exec(fmt.Sprintf("INSERT INTO link (kind, left_id, right_id, accepted, match_weight_bits, match_probability) VALUES ('across', %s, %s, TRUE, 20, 0.99)",
				tables.Literal(event+"/mother"), tables.Literal(c.id()+"/m/member")))
			return
		}
		add("birth", c.interval.Earliest.Format(time.DateOnly), [3]string{"child", c.sex, subject}, [3]string{"mother", "female", "mother"}, [3]string{"father", "male", "father"})
	case "mother", "father": // died DAY
		add("death", day, [3]string{"deceased", map[string]string{"mother": "female", "father": "male"}[words[0]], words[0]})
	case "child": // of this sex, born DAY
		add("birth", day, [3]string{"child", words[1], ""}, [3]string{"mother", "female", subject})
	case "draws":
		w.Add("enrolment", "enrolment_id programme mention_id household_id status from_on",
			strings.Join([]string{"e/" + event, words[1], subject, "h/" + c.id(), "active", "2014-01-01"}, " | "))
	case "caregiver":
		w.Add("mention", "mention_id side household_id role relationship_to_head full_name sex birth area_code status recorded_on",
			strings.Join([]string{c.id() + "/g/member", "sp", "h/" + c.id(), "member", "head", "Caregiver " + c.id(), "female", "1970-02-03", c.area, "active", "2020-01-01"}, " | "))
	default:
		t.Fatalf("%s:%d: no record begins with %q", c.file, c.line, words[0])
	}
}
