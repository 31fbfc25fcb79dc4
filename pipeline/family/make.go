package family

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"rollcall/pipeline/tables"
)

// Sheet makes the sheet of a household, or of the household with which a family, a
// person or a mention has most links. The families of the given persons of the register
// stand on it whether they are linked or not.
func (r *Reader) Sheet(ctx context.Context, id string, register ...string) (*Sheet, error) {
	s := &Sheet{Asked: id}
	household, person, err := r.find(ctx, id)
	if err != nil {
		return nil, err
	}
	if person != "" {
		register = append(register, person)
		if household, err = r.householdOf(ctx, person); err != nil {
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
	s.bound()
	s.order()
	s.mean()
	s.tellMissing()
	return s, nil
}

// Between makes the sheet of a person of the register and the household of a person or
// mention of the roster. It is nil where the two are not that.
func (r *Reader) Between(ctx context.Context, person, member string) (*Sheet, error) {
	_, left, err := r.find(ctx, person)
	if err != nil && !errors.Is(err, ErrNobody) {
		return nil, err
	}
	_, right, err := r.find(ctx, member)
	if errors.Is(err, ErrNobody) || left == "" || right != "" {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return r.Sheet(ctx, member, left)
}

// find tells whose sheet is asked for: a household, or a person of the register.
func (r *Reader) find(ctx context.Context, id string) (household, person string, err error) {
	of := tables.Literal(id)
	rows, err := r.rows(ctx, fmt.Sprintf(`
SELECT 1 AS place, household_id, NULL FROM household WHERE household_id = %[1]s
UNION ALL SELECT 2, household_id, NULL FROM mention WHERE household_id = %[1]s
UNION ALL SELECT 3, m.household_id, CASE WHEN m.side = %[2]s THEN c.person_id END FROM mention m JOIN cluster c USING (mention_id) WHERE m.mention_id = %[1]s
UNION ALL SELECT 4, m.household_id, CASE WHEN m.side = %[2]s THEN c.person_id END FROM mention m JOIN cluster c USING (mention_id) WHERE c.person_id = %[1]s
ORDER BY ALL LIMIT 1`, of, tables.Literal(tables.Register)))
	if err != nil {
		return "", "", err
	}
	switch {
	case len(rows) == 0:
		return "", "", fmt.Errorf("%w %s", ErrNobody, id)
	case rows[0][1] == "" && rows[0][2] == "":
		return "", "", fmt.Errorf("%w: the roster lists %s in none", ErrNobody, id)
	}
	return rows[0][1], rows[0][2], nil
}

// householdOf is the household that lists most of those with whom a person of the
// register shares events, and the person rather than the relatives; "" for none.
func (r *Reader) householdOf(ctx context.Context, person string) (string, error) {
	rows, err := r.rows(ctx, fmt.Sprintf(`
WITH event_of AS (SELECT DISTINCT event_id FROM mention JOIN cluster USING (mention_id) WHERE person_id = %[1]s),
kin AS (SELECT DISTINCT person_id FROM mention JOIN cluster USING (mention_id) WHERE event_id IN (SELECT event_id FROM event_of))
SELECT m.household_id FROM kin k JOIN link l ON l.kind = 'across' AND l.accepted AND l.left_id = k.person_id
JOIN cluster c ON c.person_id = l.right_id JOIN mention m ON m.mention_id = c.mention_id
WHERE m.household_id IS NOT NULL
GROUP BY m.household_id
ORDER BY bool_or(k.person_id = %[1]s) DESC, count(DISTINCT k.person_id) DESC, m.household_id LIMIT 1`, tables.Literal(person)))
	if err != nil || len(rows) == 0 {
		return "", err
	}
	return rows[0][0], nil
}

// household reads a household and its members.
func (r *Reader) household(ctx context.Context, id string) (*Household, error) {
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
func (r *Reader) alsoListed(ctx context.Context, members []Member) error {
	persons := []string{}
	for _, m := range members {
		persons = append(persons, m.Person)
	}
	rows, err := r.rows(ctx, "SELECT c.person_id, c.mention_id FROM cluster c WHERE c.person_id IN "+in(persons)+" ORDER BY c.person_id, c.mention_id")
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

// linked are the persons of the register whom members are linked to.
func (r *Reader) linked(ctx context.Context, members []Member) ([]string, error) {
	persons := []string{}
	for _, m := range members {
		persons = append(persons, m.Person)
	}
	rows, err := r.rows(ctx, "SELECT DISTINCT left_id FROM link WHERE kind = 'across' AND accepted AND right_id IN "+in(persons)+" ORDER BY left_id")
	return firsts(rows), err
}

// lines reads the links between those who stand on the sheet, and who of the register
// is linked to a member of another household.
func (r *Reader) lines(ctx context.Context, s *Sheet) error {
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
func (r *Reader) elsewhere(ctx context.Context, s *Sheet, linked map[string]string) error {
	rows, err := r.rows(ctx, "SELECT c.person_id, min(m.household_id) FROM cluster c JOIN mention m USING (mention_id) WHERE c.person_id IN "+
		in(slices.Sorted(maps.Keys(linked)))+" GROUP BY c.person_id ORDER BY c.person_id")
	for _, v := range rows {
		s.person(linked[v[0]]).Elsewhere = v[1]
	}
	return err
}
