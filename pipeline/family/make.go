package family

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// Make makes the sheet of a household or a member of it, or of the household where a
// family, a person or a mention of the register most likely lives. The families of the
// given persons of the register stand on it whether they are linked or not. The session
// has the Tables. It is ErrNobody where the run has nobody of the id.
func Make(ctx context.Context, session *store.Session, id string, register ...string) (*Sheet, error) {
	r := reader{session}
	s := &Sheet{Asked: id}
	of, err := r.find(ctx, id)
	if err != nil {
		return nil, err
	}
	household := of.household
	if household == "" {
		register = append(register, of.persons...)
		if household, err = r.householdOf(ctx, id, of.persons); err != nil {
			return nil, err
		}
	}
	if household != "" {
		if s.Household, err = r.household(ctx, household); err != nil {
			return nil, err
		}
		linked, err := r.linked(ctx, s.members())
		if err != nil {
			return nil, err
		}
		register = append(register, linked...)
	}
	if err := r.families(ctx, s, register); err != nil {
		return nil, err
	}
	if err := r.lines(ctx, s); err != nil {
		return nil, err
	}
	if err := r.doubts(ctx, s); err != nil {
		return nil, err
	}
	s.bound()
	s.order()
	s.mean()
	s.tellMissing()
	return s, nil
}

// Between makes the sheet of a person of the register and the household of a person or
// mention of the roster. It is nil where the two are not that.
func Between(ctx context.Context, session *store.Session, person, member string) (*Sheet, error) {
	r := reader{session}
	left, err := r.find(ctx, person)
	if err == nil && left.household == "" {
		var right found
		if right, err = r.find(ctx, member); err == nil && right.household != "" {
			return Make(ctx, session, member, left.persons...)
		}
	}
	if errors.Is(err, ErrNobody) {
		err = nil
	}
	return nil, err
}

// found is whose sheet is asked for: a household, or persons of the register.
type found struct {
	household string
	persons   []string
}

// find finds a household, a family, or a person or mention of either side.
func (r reader) find(ctx context.Context, id string) (found, error) {
	rows, err := r.rows(ctx, fmt.Sprintf(`
SELECT * FROM (
	SELECT 1 AS place, household_id, NULL AS person_id FROM household WHERE household_id = %[1]s
	UNION SELECT 1, household_id, NULL FROM mention WHERE household_id = %[1]s
	UNION SELECT CASE WHEN m.mention_id = %[1]s THEN 2 ELSE 3 END, m.household_id, CASE WHEN m.side = %[2]s THEN c.person_id END
		FROM mention m JOIN cluster c USING (mention_id) WHERE m.mention_id = %[1]s OR c.person_id = %[1]s
	UNION SELECT 4, NULL, person_id FROM family WHERE family_id = %[1]s
) QUALIFY place = min(place) OVER ()
ORDER BY ALL`, tables.Literal(id), tables.Literal(tables.Register)))
	if err != nil {
		return found{}, err
	}
	if len(rows) == 0 {
		return found{}, fmt.Errorf("%w %s", ErrNobody, id)
	}
	f := found{household: rows[0][1]}
	for _, v := range rows {
		if v[2] != "" {
			f.persons = append(f.persons, v[2])
		}
	}
	if f.household == "" && len(f.persons) == 0 {
		return f, fmt.Errorf("%w: the roster lists %s in no household", ErrNobody, id)
	}
	return f, nil
}

// householdOf is the household that lists a person of the register, or else where the
// person's families, or the family of the id, most likely live; "" for none.
func (r reader) householdOf(ctx context.Context, id string, persons []string) (string, error) {
	rows, err := r.rows(ctx, fmt.Sprintf(`
WITH home AS (
	SELECT 2 AS place, l.match_probability, m.household_id FROM link l JOIN cluster c ON c.person_id = l.right_id JOIN mention m ON m.mention_id = c.mention_id
	WHERE l.kind = 'across' AND l.accepted AND l.left_id IN %[1]s
	UNION ALL SELECT CASE WHEN family_id = %[2]s THEN 1 ELSE 3 END, match_probability, household_id FROM family_link
	WHERE len(matched) > 0 AND family_id IN (SELECT family_id FROM family WHERE person_id IN %[1]s)
)
SELECT household_id FROM home WHERE household_id IS NOT NULL ORDER BY place, match_probability DESC, household_id LIMIT 1`, in(persons), tables.Literal(id)))
	if err != nil || len(rows) == 0 {
		return "", err
	}
	return rows[0][0], nil
}

// household reads a household and its members.
func (r reader) household(ctx context.Context, id string) (*Household, error) {
	h := &Household{ID: id, Members: []Member{}}
	rows, err := r.rows(ctx, "SELECT "+texts("area_code", "address", "enumerated_on")+" FROM household WHERE household_id = "+tables.Literal(id))
	if err != nil {
		return nil, err
	}
	if len(rows) > 0 {
		h.Area, h.Address, h.Enumerated = rows[0][0], rows[0][1], rows[0][2]
	}
	columns := append([]string{"m.mention_id", "c.person_id", written, "m.native_name", "m.sex", "m.relationship_to_head", "m.status", "m.recorded_on"}, dayColumns("m", "birth")...)
	rows, err = r.rows(ctx, "SELECT "+texts(columns...)+" FROM mention m JOIN cluster c USING (mention_id) WHERE m.household_id = "+tables.Literal(id)+" ORDER BY m.mention_id")
	if err != nil {
		return nil, err
	}
	for _, v := range rows {
		h.Members = append(h.Members, Member{ID: v[0], Person: v[1], Name: v[2], Native: another(v[3], v[2]), Sex: v[4], Relation: v[5], Status: v[6], Recorded: v[7], Born: day(v[8:]), Also: []string{}})
	}
	return h, r.alsoListed(ctx, h.Members)
}

// written is the name of a mention or person m as written.
const written = "coalesce(m.full_name, nullif(concat_ws(' ', m.given_name, m.family_name), ''), m.native_name)"

// another is a name in its own script, "" where that is the name itself.
func another(native, name string) string {
	if native == name {
		return ""
	}
	return native
}

// alsoListed finds the other lines of the roster that are about a member.
func (r reader) alsoListed(ctx context.Context, members []Member) error {
	rows, err := r.rows(ctx, "SELECT c.person_id, c.mention_id FROM cluster c WHERE c.person_id IN "+in(personsOf(members))+" ORDER BY c.person_id, c.mention_id")
	if err != nil {
		return err
	}
	for _, v := range rows {
		for i := range members {
			if m := &members[i]; m.Person == v[0] && m.ID != v[1] {
				m.Also = append(m.Also, v[1])
			}
		}
	}
	return nil
}

// personsOf are who the members are.
func personsOf(members []Member) []string {
	persons := make([]string, len(members))
	for i, m := range members {
		persons[i] = m.Person
	}
	return persons
}

// linked are the persons of the register whom members are linked to.
func (r reader) linked(ctx context.Context, members []Member) ([]string, error) {
	rows, err := r.rows(ctx, "SELECT DISTINCT left_id FROM link WHERE kind = 'across' AND accepted AND right_id IN "+in(personsOf(members))+" ORDER BY left_id")
	return firsts(rows), err
}

// lines reads the links between those who stand on the sheet, and who of the register
// is linked to a member of another household.
func (r reader) lines(ctx context.Context, s *Sheet) error {
	s.Lines = []Line{}
	ids := []string{}
	for _, p := range s.Persons {
		ids = append(ids, p.ID)
	}
	rows, err := r.rows(ctx, "SELECT left_id, right_id, "+texts("accepted", "match_weight_bits", "family_weight_bits", "match_probability", "decision")+
		" FROM link WHERE kind = 'across' AND left_id IN "+in(ids)+" ORDER BY left_id, right_id")
	if err != nil {
		return err
	}
	elsewhere := map[string]string{}
	for _, v := range rows {
		here := slices.IndexFunc(s.members(), func(m Member) bool { return m.Person == v[1] })
		if here < 0 {
			if v[2] == "true" {
				elsewhere[v[1]] = v[0]
			}
			continue
		}
		s.Lines = append(s.Lines, Line{
			Person: v[0], Member: s.members()[here].ID, Accepted: v[2] == "true",
			WeightBits: number(v[3]), FamilyBits: number(v[4]), Probability: number(v[5]), Decision: v[6],
		})
	}
	return r.elsewhere(ctx, s, elsewhere)
}

func number(text string) float64 {
	x, _ := strconv.ParseFloat(text, 64)
	return x
}

// elsewhere tells the persons of the register, by the roster person whom they are
// linked to, which household lists that one.
func (r reader) elsewhere(ctx context.Context, s *Sheet, linked map[string]string) error {
	rows, err := r.rows(ctx, "SELECT c.person_id, min(m.household_id) FROM cluster c JOIN mention m USING (mention_id) WHERE c.person_id IN "+
		in(slices.Sorted(maps.Keys(linked)))+" GROUP BY c.person_id ORDER BY c.person_id")
	for _, v := range rows {
		s.person(linked[v[0]]).Elsewhere = v[1]
	}
	return err
}
