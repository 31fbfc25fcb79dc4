package family

import (
	"cmp"
	"context"
	"slices"
)

// couples are the roles of one event whose bearers are a couple.
var couples = [][2]string{{"father", "mother"}, {"groom", "bride"}, {"deceased", "spouse"}}

// descents are the roles of one event whose bearer is the child of its father and mother.
var descents = []string{"child", "deceased"}

// role is one mention of a person in an event.
type role struct{ event, role, person string }

// families reads the families in which the given persons of the register stand, and who
// belongs to them with the events that name them.
func (r *Reader) families(ctx context.Context, s *Sheet, persons []string) error {
	s.Families, s.Persons = []Family{}, []Person{}
	// Their events name parents and partners, whose events name the other children.
	near, err := r.around(ctx, persons)
	if err != nil {
		return err
	}
	grown, err := r.around(ctx, named(near))
	if err != nil {
		return err
	}
	families := nuclear(grown, persons)
	ids := []string{}
	for _, f := range families {
		ids = append(ids, slices.Concat(f.Parents, f.Children)...)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if s.Persons, err = r.persons(ctx, ids); err != nil {
		return err
	}
	events, err := r.events(ctx, ids)
	if err != nil {
		return err
	}
	for i := range s.Persons {
		s.Persons[i].Events = append(s.Persons[i].Events, events[s.Persons[i].ID]...)
	}
	s.Families = families
	return nil
}

// around are all roles of the events that name the given persons.
func (r *Reader) around(ctx context.Context, persons []string) ([]role, error) {
	rows, err := r.rows(ctx, `
SELECT DISTINCT m.event_id, m.role, c.person_id FROM mention m JOIN cluster c USING (mention_id)
WHERE m.event_id IN (SELECT event_id FROM mention JOIN cluster USING (mention_id) WHERE event_id IS NOT NULL AND person_id IN `+in(persons)+`)
ORDER BY ALL`)
	out := make([]role, len(rows))
	for i, v := range rows {
		out[i] = role{v[0], v[1], v[2]}
	}
	return out, err
}

// named are the persons who bear roles, each once.
func named(roles []role) []string {
	var out []string
	for _, r := range roles {
		out = append(out, r.person)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// persons reads who they are.
func (r *Reader) persons(ctx context.Context, ids []string) ([]Person, error) {
	columns := append([]string{"m.person_id", written, "m.native_name", "m.sex"}, dayColumns("m", "birth")...)
	rows, err := r.rows(ctx, "SELECT "+texts(columns...)+" FROM person m WHERE m.person_id IN "+in(ids)+" ORDER BY m.person_id")
	out := make([]Person, len(rows))
	for i, v := range rows {
		out[i] = Person{ID: v[0], Name: v[1], Native: another(v[2], v[1]), Sex: v[3], Born: day(v[4:]), Events: []Event{}}
	}
	return out, err
}

// events reads the events of each person, by day.
func (r *Reader) events(ctx context.Context, persons []string) (map[string][]Event, error) {
	columns := append([]string{"c.person_id", "e.event_id", "e.event_type", "m.role", "e.registration_number", "e.status", "e.plural"}, dayColumns("e", "occurred")...)
	rows, err := r.rows(ctx, "SELECT DISTINCT "+texts(columns...)+` FROM mention m JOIN cluster c USING (mention_id) JOIN event e USING (event_id)
WHERE c.person_id IN `+in(persons)+" ORDER BY ALL")
	out := map[string][]Event{}
	for _, v := range rows {
		out[v[0]] = append(out[v[0]], Event{ID: v[1], Type: v[2], Role: v[3], Number: v[4], Status: v[5], Plural: v[6] == "true", On: day(v[7:])})
	}
	for _, events := range out {
		slices.SortFunc(events, func(a, b Event) int {
			return cmp.Or(cmp.Compare(a.On.Earliest, b.On.Earliest), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Role, b.Role))
		})
	}
	return out, err
}

// nuclear makes families of the roles of events: one of each couple, or of one parent,
// with their children. Those of which none is of the given persons are left out.
func nuclear(roles []role, of []string) []Family {
	byEvent := map[string]map[string]string{}
	for _, r := range roles {
		if byEvent[r.event] == nil {
			byEvent[r.event] = map[string]string{}
		}
		byEvent[r.event][r.role] = r.person
	}
	found := map[[2]string]*Family{}
	family := func(a, b string) *Family {
		parents := [2]string{min(a, b), max(a, b)}
		if found[parents] == nil {
			found[parents] = &Family{Parents: []string{}, Children: []string{}, Union: []Event{}}
			for _, p := range []string{a, b} {
				if p != "" {
					found[parents].Parents = append(found[parents].Parents, p)
				}
			}
		}
		return found[parents]
	}
	for _, event := range sortedEvents(byEvent) {
		in := byEvent[event]
		for _, c := range couples {
			if in[c[0]] != "" && in[c[1]] != "" && in[c[0]] != in[c[1]] {
				family(in[c[0]], in[c[1]])
			}
		}
		for _, d := range descents {
			child := in[d]
			if child == "" || in["father"] == "" && in["mother"] == "" {
				continue
			}
			f := family(in["father"], in["mother"])
			if !slices.Contains(f.Children, child) && !slices.Contains(f.Parents, child) {
				f.Children = append(f.Children, child)
			}
		}
	}
	return kept(found, of)
}

func sortedEvents(events map[string]map[string]string) []string {
	out := make([]string, 0, len(events))
	for e := range events {
		out = append(out, e)
	}
	slices.Sort(out)
	return out
}

// kept are the families with somebody of the given persons, and one of each of those
// who stands in none.
func kept(found map[[2]string]*Family, of []string) []Family {
	var out []Family
	stands := map[string]bool{}
	for _, f := range found {
		people := slices.Concat(f.Parents, f.Children)
		if !slices.ContainsFunc(people, func(p string) bool { return slices.Contains(of, p) }) {
			continue
		}
		for _, p := range people {
			stands[p] = true
		}
		f.ID = slices.Min(people)
		out = append(out, *f)
	}
	for _, p := range slices.Compact(slices.Sorted(slices.Values(of))) {
		if !stands[p] {
			out = append(out, Family{ID: p, Parents: []string{p}, Children: []string{}, Union: []Event{}})
		}
	}
	slices.SortFunc(out, func(a, b Family) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), slices.Compare(a.Parents, b.Parents), slices.Compare(a.Children, b.Children))
	})
	return out
}
