package report

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"time"

	"rollcall/pipeline/tables"
)

// DeathRate is how many people live in an area and how many of them die in a year,
// by a census and a life table or a survey.
type DeathRate struct {
	Area       string  // code; those of areas within it belong to it; "" is everywhere
	Sex        string  // female, male, or "" for both
	AgeFrom    int     // youngest age in years of a band, or AllAges
	Population float64 // people
	Per1000    float64 // deaths in a year per 1,000 people
}

// AllAges is the age of a crude death rate.
const AllAges = -1

// window are the days of which deaths are counted: the year that ends with the
// as-of day, or what the register has of it.
type window struct{ from, to time.Time }

// yearDays is the length of a year with its share of leap days.
const yearDays = 365.25

func (w window) years() float64 { return (w.to.Sub(w.from).Hours()/24 + 1) / yearDays }

// complete is how many of the deaths to be expected in an area are registered.
type complete struct {
	area, sex  string
	population float64
	registered int64
	expected   float64
}

// poisson is the 95% interval of an expected number of events of which n happened,
// by Byar's approximation (Breslow and Day 1987, volume II, page 69).
func poisson(n int64) (low, high float64) {
	f, g := float64(n), float64(n)+1
	if n > 0 {
		low = f * math.Pow(1-1/(9*f)-z/(3*math.Sqrt(f)), 3)
	}
	return low, g * math.Pow(1-1/(9*g)+z/(3*math.Sqrt(g)), 3)
}

// yield is how many of the enrolled are known to have died, against how many were
// to be expected.
type yield struct {
	people   int64   // enrolled at any time of the window whose age, sex and area have a rate
	expected float64 // deaths among them
	visible  float64 // of these, what such a register has
	found    int64
}

// far is the factor from which on a yield is far off.
const far = 2

// off says whether chance leaves a yield far below or above what was expected.
func (y yield) off() (below, above bool) {
	low, high := poisson(y.found)
	return high < y.visible/far, low > y.visible*far
}

// mortality is what the rates of the job say of the register and of the lists.
type mortality struct {
	window window
	areas  []complete
	byAge  bool // there are rates by age, without which nothing is expected of the enrolled
	yield  yield
}

// lived counts people, or deaths, by area, sex and age.
type lived struct {
	area, sex string
	age, n    int64 // age in years; -1 when not known
	found     int64
}

func scanLived(r *sql.Rows) (lived, error) {
	var l lived
	return l, r.Scan(&l.area, &l.sex, &l.age, &l.n, &l.found)
}

// registeredSQL is one row a registered death: when it was registered, who died.
const registeredSQL = `SELECT n.mention_id, coalesce(n.area_code, v.area_code, '') AS area_code, coalesce(n.sex, '') AS sex,
	coalesce(v.registered_on, v.received_on, v.occurred_latest) AS on_day
	FROM mention n JOIN event v ON v.event_id = n.event_id
	WHERE n.role = 'deceased' AND v.event_type = 'death' AND v.status IS DISTINCT FROM 'revoked'`

// ofMortality counts what the rates are held against.
func (m *maker) ofMortality(ctx context.Context) (mortality, error) {
	out := mortality{window: window{from: m.cfg.AsOf.AddDate(-1, 0, 1), to: m.cfg.AsOf}}
	var first sql.NullTime
	if err := m.session.Row(ctx, "SELECT min(on_day) FROM ("+registeredSQL+")", &first); err != nil {
		return out, fmt.Errorf("find the first registered death: %w", err)
	}
	if first.Valid && first.Time.After(out.window.from) && !first.Time.After(out.window.to) {
		out.window.from = first.Time
	}
	within := fmt.Sprintf("BETWEEN DATE %s AND DATE %s", tables.Literal(out.window.from.Format(time.DateOnly)), tables.Literal(out.window.to.Format(time.DateOnly)))
	deaths, err := collect(ctx, m.session, "SELECT area_code, sex, -1, count(*), 0 FROM ("+registeredSQL+") WHERE on_day "+within+" GROUP BY ALL ORDER BY ALL", scanLived)
	if err != nil {
		return out, fmt.Errorf("count registered deaths: %w", err)
	}
	rates := newRates(m.cfg.Mortality, m.parents())
	out.areas, out.byAge = rates.completeness(deaths, out.window.years()), rates.byAge
	if !out.byAge {
		return out, nil
	}
	people, err := collect(ctx, m.session, fmt.Sprintf(`
WITH enrolled AS (SELECT DISTINCT coalesce(c.person_id, e.mention_id) AS person_id FROM enrolment e LEFT JOIN cluster c ON c.mention_id = e.mention_id
   WHERE coalesce(e.from_on, DATE '0001-01-01') <= DATE %[2]s AND CASE WHEN e.status = 'closed' THEN e.to_on ELSE coalesce(e.to_on, DATE %[2]s) END >= DATE %[3]s),
 died AS (SELECT DISTINCT l.right_id FROM (%[1]s) d JOIN cluster c ON c.mention_id = d.mention_id
   JOIN link l ON l.left_id = c.person_id AND l.kind = 'across' AND l.accepted WHERE d.on_day %[4]s)
SELECT coalesce(q.area_code, ''), coalesce(q.sex, ''),
 coalesce(date_diff('day', q.birth_earliest + CAST((q.birth_latest - q.birth_earliest) // 2 AS INTEGER), DATE %[2]s) * 100 // 36525, -1) AS age,
 count(*), count(d.right_id) FROM enrolled e JOIN person q USING (person_id) LEFT JOIN died d ON d.right_id = e.person_id GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
		registeredSQL, tables.Literal(m.asOf()), tables.Literal(out.window.from.Format(time.DateOnly)), within), scanLived)
	if err != nil {
		return out, fmt.Errorf("count the enrolled: %w", err)
	}
	out.yield = rates.yield(people, out.areas, out.window.years())
	return out, nil
}

// parents is the area in which each area lies.
func (m *maker) parents() map[string]string {
	out := map[string]string{}
	for _, a := range m.cfg.Areas {
		out[a.Code] = a.Parent
	}
	return out
}

// place is what rates are given for.
type place struct{ area, sex string }

// rates finds those that hold for somebody.
type rates struct {
	of      map[place][]DeathRate // by age
	order   []place
	parents map[string]string
	byAge   bool
}

func newRates(given []DeathRate, parents map[string]string) rates {
	r := rates{of: map[place][]DeathRate{}, parents: parents}
	for _, d := range given {
		p := place{d.Area, d.Sex}
		if r.of[p] == nil {
			r.order = append(r.order, p)
		}
		r.of[p] = append(r.of[p], d)
		r.byAge = r.byAge || d.AgeFrom != AllAges
	}
	for _, bands := range r.of {
		slices.SortFunc(bands, func(a, b DeathRate) int { return cmp.Compare(a.AgeFrom, b.AgeFrom) })
	}
	slices.SortFunc(r.order, func(a, b place) int { return cmp.Or(cmp.Compare(a.area, b.area), cmp.Compare(a.sex, b.sex)) })
	return r
}

// around are an area and those that it lies in, the smallest first and everywhere
// last: by the tree, and without one by the beginnings of its code.
func (r rates) around(area string) []string {
	out := []string{}
	if _, known := r.parents[area]; !known {
		for n := len(area); n > 0; n-- {
			out = append(out, area[:n])
		}
		return append(out, "")
	}
	for a := area; a != "" && !slices.Contains(out, a); a = r.parents[a] {
		out = append(out, a)
	}
	return append(out, "")
}

// annual are the deaths to be expected in a year. A crude rate counts only where
// there are none by age: both speak of the same people.
func annual(bands []DeathRate) (population, deaths float64) {
	for _, b := range bands {
		if b.AgeFrom == AllAges && len(bands) > 1 {
			continue
		}
		population, deaths = population+b.Population, deaths+b.Population*b.Per1000/1000
	}
	return population, deaths
}

// completeness holds the registered deaths against those to be expected.
func (r rates) completeness(deaths []lived, years float64) []complete {
	registered := map[place]int64{}
	for _, d := range deaths {
		for _, a := range r.around(d.area) {
			registered[place{a, ""}] += d.n
			if d.sex != "" {
				registered[place{a, d.sex}] += d.n
			}
		}
	}
	out := make([]complete, len(r.order))
	for i, p := range r.order {
		population, expected := annual(r.of[p])
		out[i] = complete{area: p.area, sex: p.sex, population: population, registered: registered[p], expected: expected * years}
	}
	return out
}

// rate is the one by age that holds for somebody: that of the smallest area, of
// the sex rather than of both.
func (r rates) rate(area, sex string, age int64) (DeathRate, place, bool) {
	for _, a := range r.around(area) {
		for _, p := range []place{{a, sex}, {a, ""}} {
			bands := r.of[p]
			for i := len(bands) - 1; i >= 0; i-- {
				if from := bands[i].AgeFrom; from != AllAges && int64(from) <= age {
					return bands[i], p, true
				}
			}
		}
	}
	return DeathRate{}, place{}, false
}

// yield adds up what was to be expected of the enrolled: of their deaths, as many
// as the register has where they live.
func (r rates) yield(people []lived, areas []complete, years float64) yield {
	registered := map[place]float64{}
	for _, c := range areas {
		if c.expected > 0 {
			registered[place{c.area, c.sex}] = min(1, float64(c.registered)/c.expected)
		}
	}
	var y yield
	for _, l := range people {
		d, p, ok := r.rate(l.area, l.sex, l.age)
		if !ok || l.age < 0 {
			continue
		}
		deaths := float64(l.n) * d.Per1000 / 1000 * years
		y.people, y.found = y.people+l.n, y.found+l.found
		y.expected, y.visible = y.expected+deaths, y.visible+deaths*registered[p]
	}
	return y
}

// says is the yield in a sentence.
func (d mortality) says() string {
	y := d.yield
	if !d.byAge {
		return "The file of death rates has none by age, and those who are enrolled are not of the age of everybody: nothing is expected of them."
	}
	low, high := poisson(y.found)
	said := fmt.Sprintf("Of %s people enrolled in the %.0f days up to the as-of day, %.1f deaths are to be expected by their age and sex, and %.1f of them in a register as complete as this one. %s were found (%.1f to %.1f by chance).",
		grouped(y.people), d.window.years()*yearDays, y.expected, y.visible, grouped(y.found), low, high)
	switch below, above := y.off(); {
	case below:
		return said + " That is far fewer: deaths are missed by the linkage, or enrolments that ended are no longer in the roster."
	case above:
		return said + " That is far more: living people may be matched with other people's deaths. Look at a sample before anybody acts."
	default:
		return said
	}
}

// completenessSection says what the register lacks, by area and sex.
func (m *maker) completenessSection(d mortality) section {
	names := map[string]string{"": "everywhere"}
	for _, a := range m.cfg.Areas {
		names[a.Code] = a.Name
	}
	sexes := map[string]string{"": "both"}
	t := table{
		Caption: fmt.Sprintf("Deaths registered from %s to %s", d.window.from.Format(time.DateOnly), d.window.to.Format(time.DateOnly)),
		Head:    heads("Area", "Sex", "#People", "#Deaths expected", "#Registered and received", "#Completeness", "#95% interval", "Note"),
		Note: "Expected is the population times the death rate of the job's file; the interval is that of the count alone (Byar), as if the rates were exact. What is registered late or has not arrived yet lowers the last months. " +
			"The empirical method of Adair and Lopez (2018) is not applied.",
	}
	for _, c := range d.areas {
		share, within, note, class := "–", "–", "", ""
		if c.expected > 0 {
			low, high := poisson(c.registered)
			share, within = percent(float64(c.registered)/c.expected), percentRange(low/c.expected, high/c.expected)
			if low > c.expected {
				note, class = "more than expected: the rates or the areas do not fit", "warn"
			}
		}
		t.Rows = append(t.Rows, row{Class: class, Cells: []string{
			cmp.Or(names[c.area], c.area), cmp.Or(sexes[c.sex], c.sex), grouped(int64(math.Round(c.population))), fmt.Sprintf("%.1f", c.expected), grouped(c.registered), share, within, note,
		}})
	}
	found := table{Caption: "Deaths found among the enrolled", Head: heads("What the run found against what was to be expected"), Rows: []row{{Cells: []string{d.says()}}}}
	if below, above := d.yield.off(); d.byAge && (below || above) {
		found.Rows[0].Class = "warn"
	}
	return section{
		ID: "completeness", Title: "How complete the register is", Tables: []table{t, found},
		About: "Who is not registered cannot be found: rank areas by what was found against what was to be expected, never by the number of lines.",
	}
}
