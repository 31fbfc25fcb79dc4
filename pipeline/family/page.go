package family

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"

	"rollcall/pipeline/pair"
)

//go:embed sheet.html
var sheetPage string

// sheetView is what the page of a sheet shows.
type sheetView struct {
	*Sheet
	Picture template.HTML
	Summary string
	Of      []lineView
	Absent  []absent
}

// lineView is a line in words.
type lineView struct {
	Line
	Number, Person, Member, Chance, Own, Relatives, Total string
}

// Page writes a sheet as a page that stands alone.
func (s *Sheet) Page(w io.Writer) error {
	v := sheetView{Sheet: s, Picture: s.Draw(), Summary: s.summary(), Absent: s.absences()}
	for i, l := range s.Lines {
		of := lineView{
			Line: l, Person: s.person(l.Person).called(), Member: s.member(l.Member).called(), Chance: chance(l.Probability),
			Own: bits(l.WeightBits), Relatives: bits(l.FamilyBits), Total: bits(l.WeightBits + l.FamilyBits),
		}
		if l.Accepted {
			of.Number = fmt.Sprint(i + 1)
		}
		v.Of = append(v.Of, of)
	}
	return pair.Render(w, sheetPage, v)
}

// summary says how far the two sides meet.
func (s *Sheet) summary() string {
	lines := len(s.accepted())
	if s.Household == nil {
		return fmt.Sprintf("No household of the roster is linked to %s of the register.", counted(len(s.Persons), "person", "people"))
	}
	members := len(s.members()) + s.MembersLeftOut
	if lines == 0 {
		return fmt.Sprintf("None of %s is linked to anybody of the register.", counted(members, "member", "members"))
	}
	return fmt.Sprintf("%d of %s are linked to the register, where their records name %s in %s.", lines,
		counted(members, "member", "members"), counted(len(s.Persons), "person", "people"), counted(len(s.Families)+s.FamiliesLeftOut, "family", "families"))
}
