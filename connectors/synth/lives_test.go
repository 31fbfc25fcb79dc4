package synth

import (
	"math"
	"testing"
)

// lives runs the shards of a small country and looks at each.
func lives(t *testing.T, preset string, each func(*shard)) {
	t.Helper()
	c, err := newCountry(Config{Dir: "x", Preset: preset, Households: 1500, Seed: 9})
	if err != nil {
		t.Fatal(err)
	}
	s := &shard{country: c}
	for i := range c.shards {
		if err := s.run(i, newBuffers(c.months)); err != nil {
			t.Fatal(err)
		}
		each(s)
	}
}

func TestLivesAreConsistent(t *testing.T) {
	for _, preset := range Presets() {
		t.Run(preset, func(t *testing.T) {
			lives(t, preset, func(s *shard) {
				s.checkPeople(t)
				s.checkUnions(t)
				s.checkHouseholds(t)
				died := map[int32]bool{}
				for _, e := range s.events {
					if e.kind == death && died[e.first] {
						t.Errorf("person %d dies twice", e.first)
					}
					died[e.first] = died[e.first] || e.kind == death
				}
			})
		})
	}
}

func (s *shard) checkPeople(t *testing.T) {
	for i := range s.people {
		p := &s.people[i]
		if p.died < p.born || p.died >= s.country.end && p.died != never {
			t.Errorf("person %d lives from %d to %d", i, p.born, p.died)
		}
		if p.born < s.beginning || p.mother == none {
			continue
		}
		m := &s.people[p.mother]
		if age := ageOn(m.born, p.born); m.sex != female || age < 14 || age > 50 || m.died < p.born {
			t.Errorf("person %d is born to a mother of %d who died on %d", i, age, m.died)
		}
		if p.father != none && (s.people[p.father].sex != male || s.people[p.father].died < p.born-366) {
			t.Errorf("person %d is born long after the father's death", i)
		}
	}
}

func (s *shard) checkUnions(t *testing.T) {
	present := map[int32]int{}
	for _, u := range s.unions {
		h, w := &s.people[u.husband], &s.people[u.wife]
		if h.sex != male || w.sex != female || u.from > u.to {
			t.Errorf("a union of %d and %d from %d to %d", u.husband, u.wife, u.from, u.to)
		}
		first := min(h.died, w.died)
		if u.end == lasting && first != never || u.end == endedByDeath && u.to != first || u.end == endedByDivorce && u.to >= first {
			t.Errorf("a union ends %d on day %d and the first to die did on %d", u.end, u.to, first)
		}
		if u.end == lasting {
			present[u.wife]++
			if present[u.wife] > 1 {
				t.Errorf("woman %d has two husbands", u.wife)
			}
		}
	}
}

func (s *shard) checkHouseholds(t *testing.T) {
	at := map[int32]int{}
	for h := range s.homes {
		home := &s.homes[h]
		for _, m := range home.members {
			at[m]++
			if s.people[m].household != int32(h) || s.people[m].died != never {
				t.Errorf("person %d is listed in household %d", m, h)
			}
		}
		if len(home.members) > 0 && s.people[home.head].household != int32(h) {
			t.Errorf("the head of household %d does not live there", h)
		}
	}
	if len(at) != len(s.alive) {
		t.Errorf("%d people live in households and %d are alive", len(at), len(s.alive))
	}
	for i, n := range at {
		if n != 1 {
			t.Errorf("person %d lives in %d households", i, n)
		}
	}
}

// All that a country needs happens: what the reports are to find.
func TestEverythingHappens(t *testing.T) {
	seen := map[string]int{}
	m := generate(t, "mixed", 6000, 2, 2)
	for _, u := range m.read("truth/unions.csv") {
		seen["union ended by "+u["end"]]++
	}
	for _, e := range m.read("truth/entitlements.csv") {
		seen[e["programme"]+" "+e["entitled"]+" "+e["why"]]++
	}
	for _, d := range m.read("truth/duplicates.csv") {
		seen["duplicate in the "+d["kind"]]++
	}
	for _, r := range m.read("sp/2026-10/members.csv") {
		seen["member "+r["status"]]++
		seen["relationship "+r["relationship"]]++
	}
	for _, r := range m.read("sp/2026-10/enrolments.csv") {
		seen["enrolment "+r["status"]]++
	}
	for _, r := range m.read("crvs/*.csv") {
		seen["registration "+r["status"]]++
		seen["kind "+r["kind"]]++
	}
	m.deadHeadsPaid(seen)
	for _, what := range []string{
		"union ended by ", "union ended by death", "union ended by divorce",
		"child_grant yes age", "child_grant no dead", "child_grant no over_age", "widow yes husband_died", "widow no dead", "widow no remarried",
		"widow no husband_alive", "old_age yes age", "old_age no dead", "old_age no in_widow", "old_age no under_age",
		"duplicate in the roster", "duplicate in the register", "member left", "member dead",
		"relationship 01", "relationship 02", "relationship 03", "relationship 04", "relationship 05", "relationship 06", "relationship 08", "relationship 09",
		"enrolment suspended", "enrolment closed", "registration corrected", "registration revoked", "kind divorce", "head dead and listed", "paid after death",
	} {
		if seen[what] == 0 {
			t.Errorf("nowhere: %s", what)
		}
	}
}

// deadHeadsPaid counts heads of household who are dead and stand in the last
// snapshot as active, and payments for the dead.
func (m made) deadHeadsPaid(seen map[string]int) {
	died, person := map[string]day{}, map[string]string{}
	for _, p := range m.read("truth/persons.csv") {
		died[p["person_id"]] = on(p["died_on"])
	}
	for _, r := range m.read("truth/records.csv") {
		person[r["mention_id"]] = r["person_id"]
	}
	member := map[string]string{}
	for _, e := range m.read("sp/2026-10/enrolments.csv") {
		member[e["enrolment_id"]] = e["member_id"]
	}
	for _, r := range m.read("sp/2026-10/members.csv") {
		if r["relationship"] == "01" && r["status"] == "active" && died[person["members/"+r["member_id"]+"/member"]] != never {
			seen["head dead and listed"]++
		}
	}
	for _, p := range m.read("sp/payments/payments-*.csv") {
		if died[person["members/"+member[p["enrolment_id"]]+"/member"]] < on(p["paid_on"]) {
			seen["paid after death"]++
		}
	}
}

// The entitlements agree with what truth/persons.csv and truth/unions.csv say,
// reckoned another way.
func TestEntitlementsFollowFromTheLives(t *testing.T) {
	m := generate(t, "bangladesh", 1500, 4, 2)
	husband := map[string][]record{}
	for _, u := range m.read("truth/unions.csv") {
		husband[u["wife_id"]] = append(husband[u["wife_id"]], u)
	}
	entitled := map[string]record{}
	for _, e := range m.read("truth/entitlements.csv") {
		if e["month"] == "2026-10" && (entitled[e["person_id"]+e["programme"]] == nil || e["entitled"] == "yes") {
			entitled[e["person_id"]+e["programme"]] = e
		}
	}
	person, drawsWidow := map[string]string{}, map[string]bool{}
	for _, r := range m.read("truth/records.csv") {
		person[r["mention_id"]] = r["person_id"]
	}
	for _, e := range m.read("sp/2026-10/enrolments.csv") {
		if e["programme"] == "widow" && e["status"] != "closed" {
			drawsWidow[person["members/"+e["member_id"]+"/member"]] = true
		}
	}
	today := dayOf(2026, 10, 31)
	compared := 0
	for _, p := range m.read("truth/persons.csv") {
		born, died := on(p["born_on"]), on(p["died_on"])
		alive := died > today
		old := ageOn(born, today) >= 65 || p["sex"] == "female" && ageOn(born, today) >= 62
		widow, last := false, record(nil)
		for _, u := range husband[p["person_id"]] {
			if last == nil || on(u["from_on"]) > on(last["from_on"]) {
				last = u
			}
		}
		if last != nil {
			widow = last["end"] == "death" && ageOn(born, today) >= 18
		}
		for programme, want := range map[string]bool{
			"child_grant": alive && ageOn(born, today) < 6, "widow": alive && widow, "old_age": alive && old && !drawsWidow[p["person_id"]],
		} {
			if got := entitled[p["person_id"]+programme]["entitled"] == "yes"; got != want {
				t.Errorf("%s of %s born %s died %s: entitled %v, want %v", programme, p["person_id"], p["born_on"], p["died_on"], got, want)
			}
			compared += btoi(want)
		}
	}
	if compared < 500 {
		t.Errorf("only %d entitlements were compared", compared)
	}
}

// Women's deaths are late more often than men's, and children's than adults': too
// few children die for the files of a small country to show the difference.
func TestWhoIsRegisteredLate(t *testing.T) {
	seen := 0
	lives(t, "mixed", func(s *shard) {
		for _, e := range s.events {
			if e.kind != death {
				continue
			}
			seen++
			p := &s.people[e.first]
			late := func(sex uint8, years day) float64 {
				p.sex, p.born = sex, e.on-years*365
				return s.lateDeath(&e)
			}
			if ratio := late(male, 2) / late(male, 40); math.Abs(ratio-lateChildDeathFactor) > 1e-9 {
				t.Fatalf("a boy's death is late %.3f times as often as a man's, documented %.2f", ratio, lateChildDeathFactor)
			}
			if ratio := late(female, 40) / late(male, 40); math.Abs(ratio-rateLateDeathWomen/rateLateDeathMen) > 1e-9 {
				t.Fatalf("a woman's death is late %.3f times as often as a man's", ratio)
			}
		}
	})
	if seen < 100 {
		t.Errorf("only %d deaths were looked at", seen)
	}
}
