// Package parentage says of a child and of somebody whom records name as its mother or
// father why that cannot be, in SQL.
package parentage

import (
	"fmt"
	"slices"

	"rollcall/matchers"
	"rollcall/matchers/family"
	"rollcall/pipeline/tables"
)

// Reason is why somebody cannot be a parent.
type Reason struct {
	Code family.Reason
	When string // SQL
	Text string // for people
}

// Reasons are those that two records tell: a, of the child, and b, of the parent, each
// with sex, full_norm, and born_from and born_to; mother and father are SQL of what
// is told. A mother gives birth from 12 to 60, a father at 12 to 90: the bounds leave
// room for ages that are guessed, and no more.
func Reasons(mother, father string) []Reason {
	parent := fmt.Sprintf("(%s OR %s)", mother, father)
	return []Reason{
		{
			family.Oneself, parent + " AND b.full_norm = a.full_norm AND b.born_from = b.born_to AND b.born_from = a.born_from AND b.born_to = a.born_to",
			"parent and child have one name and one date of birth",
		},
		{
			family.OtherSex, fmt.Sprintf("%s AND b.sex = 'male' OR %s AND b.sex = 'female'", mother, father),
			"the mother is a man, or the father a woman",
		},
		{
			family.TooYoung, parent + " AND a.born_to < b.born_from + INTERVAL 12 YEAR",
			"the parent was less than 12 years old at the birth, or not born",
		},
		{
			family.TooOld, fmt.Sprintf("%s AND a.born_from > b.born_to + INTERVAL 60 YEAR OR %s AND a.born_from > b.born_to + INTERVAL 90 YEAR", mother, father),
			"the mother was more than 60 years old at the birth, or the father more than 90",
		},
	}
}

// Dead is the reason of a parent who died before.
const Dead family.Reason = "dead"

// Death is the reason that the death d of the parent tells, with latest, its last day.
func Death(mother, father string) Reason {
	after := fmt.Sprintf("a.born_from > d.latest + %d", matchers.DeathSlackDays)
	return Reason{
		Dead, fmt.Sprintf("%s AND %s OR %s AND %s + INTERVAL 9 MONTH", mother, after, father, after),
		"the mother died before the birth, or the father more than nine months before",
	}
}

// First is SQL of the first reason that holds, NULL where none does.
func First(reasons []Reason) string {
	cases := ""
	for _, r := range reasons {
		cases += fmt.Sprintf(" WHEN %s THEN %s", r.When, tables.Literal(string(r.Code)))
	}
	return "CASE" + cases + " END"
}

// All are all reasons, those among them that only several relations together tell.
func All() []Reason {
	return append(append(Reasons("", ""), Death("", "")),
		Reason{Code: family.KinAndSpouse, Text: "the two are parent and child, and husband and wife as well"},
		Reason{Code: family.Circle, Text: "the child would be an own grandparent"})
}

// Words are what a code says.
func Words(code string) string {
	all := All()
	if at := slices.IndexFunc(all, func(r Reason) bool { return string(r.Code) == code }); at >= 0 {
		return all[at].Text
	}
	return code
}
