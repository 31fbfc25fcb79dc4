package family

import (
	"cmp"
	"context"
	"slices"

	"rollcall/pipeline/tables"
)

// families reads the families in which the given persons of the register stand, and who
// belongs to them with the events that name them.
func (r reader) families(ctx context.Context, s *Sheet, persons []string) error {
	rows, err := r.rows(ctx, `
SELECT family_id, person_id, role FROM family
WHERE family_id IN (SELECT family_id FROM family WHERE person_id IN `+in(persons)+`)
ORDER BY ALL`)
	if err != nil {
		return err
	}
	s.Families = []Family{}
	for _, v := range rows {
		if last := len(s.Families) - 1; last < 0 || s.Families[last].ID != v[0] {
			s.Families = append(s.Families, Family{ID: v[0], Parents: []string{}, Children: []string{}, Union: []Event{}})
		}
		f := &s.Families[len(s.Families)-1]
		if v[2] == "child" {
			f.Children = append(f.Children, v[1])
		} else {
			f.Parents = append(f.Parents, v[1])
		}
	}
	ids := firsts(rows)
	for i, v := range rows {
		ids[i] = v[1]
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
	return r.homes(ctx, s)
}

// homes reads how likely each family is the household.
func (r reader) homes(ctx context.Context, s *Sheet) error {
	if s.Household == nil {
		return nil
	}
	rows, err := r.rows(ctx, "SELECT family_id, "+texts("match_probability", "match_weight_bits", "accepted")+
		" FROM family_link WHERE household_id = "+tables.Literal(s.Household.ID)+" ORDER BY family_id")
	for _, v := range rows {
		if at := slices.IndexFunc(s.Families, func(f Family) bool { return f.ID == v[0] }); at >= 0 {
			s.Families[at].Home = &Home{Probability: number(v[1]), WeightBits: number(v[2]), Accepted: v[3] == "true"}
		}
	}
	return err
}

// persons reads who they are.
func (r reader) persons(ctx context.Context, ids []string) ([]Person, error) {
	columns := append([]string{"m.person_id", written, "m.native_name", "m.sex"}, dayColumns("m", "birth")...)
	rows, err := r.rows(ctx, "SELECT "+texts(columns...)+" FROM person m WHERE m.person_id IN "+in(ids)+" ORDER BY m.person_id")
	out := make([]Person, len(rows))
	for i, v := range rows {
		out[i] = Person{ID: v[0], Name: v[1], Native: another(v[2], v[1]), Sex: v[3], Born: day(v[4:]), Events: []Event{}}
	}
	return out, err
}

// events reads the events of each person, by day.
func (r reader) events(ctx context.Context, persons []string) (map[string][]Event, error) {
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
