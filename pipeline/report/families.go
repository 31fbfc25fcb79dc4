package report

import (
	"context"

	"rollcall/pipeline/alignment"
)

// familySection tells how the families of the register and the households of the roster
// fit each other.
func (m *maker) familySection(ctx context.Context) (section, error) {
	c, err := alignment.Count(ctx, m.session)
	if err != nil {
		return section{}, err
	}
	t := table{
		Caption: "Families of the register of two persons or more, and households of the roster",
		Head:    heads("What", "#Number", "#Share", "What to do"),
		Note: "A family is parents with their children, or a couple; a household is its own if two persons are in both, or the only one of either. " +
			"A family without a household says nothing against either: not everybody is in the roster, and not all births are registered. " +
			"Pairs of more than 5 and less than 95 percent are unsure. rollcall families lists all of these.",
	}
	add := func(what string, n, of int64, todo string) {
		class, share := "", ""
		if todo != "" && n > 0 {
			class = "warn"
		}
		if of > 0 {
			share = percent(rate{n, of}.share())
		}
		t.Rows = append(t.Rows, row{Class: class, Cells: []string{what, grouped(n), share, todo}})
	}
	add("Families", c.Families, 0, "")
	add("Families with a household", c.FamiliesLinked, c.Families, "")
	add("Households", c.Households, 0, "")
	add("Households with a family", c.HouseholdsLinked, c.Households, "")
	add("Pairs of a family and a household that are unsure", c.Unsure, 0, "rollcall families RUN --unsure")
	add("Households that the register shows as several families, who have nobody in common", c.SeveralFamilies, c.Households,
		"ask whether they are one household: rollcall families RUN --findings")
	add("Families that the roster shows as several households", c.SeveralHouseholds, c.Families,
		"ask whether they live apart, or one is enrolled twice: rollcall families RUN --findings")
	add("Parents whom records name and who cannot be one", c.Doubted, 0, "see which record or link is wrong: rollcall families RUN --findings")
	return section{ID: "alignment", Title: "Which household is whose family", Tables: []table{t}}, nil
}
