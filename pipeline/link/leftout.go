package link

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"rollcall/matchers"
	"rollcall/matchers/family"
)

// LeftOut counts what records say of families and households and was not used, or not as
// it stands.
type LeftOut struct {
	Reason string // a family.Reason, unweighed_ and a matchers.Unweighed, or one of the following
	Count  int
}

// What else is not used as it stands.
const (
	Nobody            = "nobody"             // events that name nobody
	Institution       = "institution"        // households of more than family.MostMembers
	SeveralHouseholds = "several_households" // roster persons
	NoRelationship    = "no_relationship"    // members without a relationship to the head

	unweighed = "unweighed_"
)

// What says what is counted, in words.
func (l LeftOut) What() string { return cmp.Or(leftOut[l.Reason].what, l.Reason) }

// Look says what was done, and what a person who keeps the data looks at.
func (l LeftOut) Look() string { return leftOut[l.Reason].look }

// leftOut are the reasons in words.
var leftOut = map[string]struct{ what, look string }{
	string(family.Oneself): {
		"records or households that name a person as her own mother or father",
		"The two are taken for people who have nothing to do with each other. Look whether the form was filled in with one name twice.",
	},
	string(family.OtherSex): {
		"records with a mother who is a man or a father who is a woman",
		"The two are not taken for relatives. Look whether mother and father, or the sex, were exchanged.",
	},
	string(family.TooYoung): {
		"records or households with a mother or father of less than 12 years at the birth",
		"The two are not taken for relatives. Look at the dates of birth of both: one of them may be another person's.",
	},
	string(family.TooOld): {
		"records or households with a mother of more than 60 or a father of more than 90 years at the birth",
		"The two are not taken for relatives. Look whether a grandparent was written down, or at the dates of birth.",
	},
	string(family.KinAndSpouse): {
		"records by which two people are both parent and child and husband and wife",
		"None of them is used for families. Look whether two people of one name were taken for one.",
	},
	string(family.Circle): {
		"records by which somebody would be her own grandmother or grandfather",
		"None of them is used for families. Look whether two people of one name were taken for one, or a parent and a child exchanged.",
	},
	string(family.ManyChildren): {
		fmt.Sprintf("mothers or fathers with more than %d children", family.MostChildren),
		"Their children are not taken for brothers and sisters. Look whether several people of one name were taken for one.",
	},
	Nobody: {
		"events that name nobody",
		"They are kept, and link nobody. Look whether the columns of the names are mapped, or the names are missing.",
	},
	Institution: {
		fmt.Sprintf("households of more than %d members", family.MostMembers),
		"Those who live in an institution are linked one by one: who else lives there says nothing. Look whether a household number stands for many.",
	},
	SeveralHouseholds: {
		"people of the roster who are in more than one household",
		"Their relatives are looked for in all of them. Look at the list of duplicates: they may be enrolled twice.",
	},
	NoRelationship: {
		"members of households without a relationship to the head",
		"They count as members; nobody is their child or parent by the roster. Look whether relationship_to_head is mapped.",
	},
	unweighed + string(matchers.ManyMembers): {
		"pairs whose relatives were not looked for in a household of too many members",
		"They are judged by the person's own record. Look at the column family_unweighed of the links.",
	},
	unweighed + string(matchers.ManyRelatives): {
		fmt.Sprintf("pairs of a person with more than %d relatives", family.MostRelatives),
		"They are judged by the person's own record. Look whether several people of one name were taken for one.",
	},
	unweighed + string(matchers.ManyPairs): {
		"pairs whose relatives were not weighed, as the record has too many pairs",
		"They are judged by the person's own record. Look whether one name without date or number is borne by thousands.",
	},
}

// countHouseholds counts what is odd in households and events.
func (m *maker) countHouseholds(ctx context.Context) error {
	if m.config.PersonsAlone {
		return nil
	}
	for reason, query := range map[string]string{
		Nobody: "SELECT count(*) FROM event e ANTI JOIN mention m ON m.event_id = e.event_id",
		Institution: fmt.Sprintf(`SELECT count(*) FROM (SELECT household_id FROM mention JOIN cluster USING (mention_id)
WHERE household_id IS NOT NULL GROUP BY household_id HAVING count(DISTINCT person_id) > %d)`, family.MostMembers),
		SeveralHouseholds: `SELECT count(*) FROM (SELECT person_id FROM mention JOIN cluster USING (mention_id)
WHERE household_id IS NOT NULL GROUP BY person_id HAVING min(household_id) <> max(household_id))`,
		NoRelationship: "SELECT count(*) FROM mention WHERE household_id IS NOT NULL AND relationship_to_head IS NULL",
	} {
		n := 0
		if err := m.session.Row(ctx, query, &n); err != nil {
			return fmt.Errorf("count households: %w", err)
		}
		m.leftOut[reason] = n
	}
	return nil
}

// allLeftOut is what was not used, by reason.
func (m *maker) allLeftOut() []LeftOut {
	var out []LeftOut
	all := maps.Clone(m.leftOut)
	for reason, n := range m.leftOutAtHome {
		all[reason] += n
	}
	for _, reason := range slices.Sorted(maps.Keys(all)) {
		if n := all[reason]; n > 0 {
			out = append(out, LeftOut{reason, n})
		}
	}
	return out
}
