package alignment_test

import (
	"fmt"
	"testing"

	"rollcall/pipeline/alignment"
	"rollcall/pipeline/facts/scenario"
	"rollcall/pipeline/tables"
)

// village is a run of four households and the families that live there.
func village(t *testing.T) *scenario.World {
	t.Helper()
	w := scenario.New(t)
	w.Add("mention", "mention_id side household_id full_name", `
		m1 | sp | h1 | Ama Badu
		m2 | sp | h1 | Kofi Badu
		m3 | sp | h1 | Esi Badu
		m4 | sp | h2 | Yaw Osei
		m5 | sp | h2 | Abena Osei
		m6 | sp | h3 | Kojo Osei
		p1 | crvs | | Ama Badu
		p2 | crvs | | Kofi Badu
		p3 | crvs | | Kwesi Badu`)
	w.Settle()
	w.Exec(tables.Fact().CreateSQL("fact"))
	// Grandparents, their daughter and her child; a family that shares nobody with them; and
	// one in two households.
	w.Add("family", "family_id person_id role", `
		f1 | p1 | mother
		f1 | p2 | child
		f2 | p2 | mother
		f2 | p3 | child
		f3 | p4 | mother
		f3 | p5 | child
		f4 | p6 | alone
		f5 | p1 | spouse
		f5 | p7 | spouse`)
	w.Add("family_link", "family_id household_id accepted match_probability persons members matched", `
		f1 | h1 | true  | 0.6  | 2 | 3 | [p1=m1]
		f2 | h1 | true  | 0.99 | 2 | 3 | [p2=m2]
		f5 | h1 | true  | 0.99 | 2 | 3 | [p1=m1]
		f3 | h2 | true  | 1    | 2 | 2 | []
		f3 | h3 | true  | 1    | 2 | 1 | []
		f4 | h3 | true  | 0.5  | 1 | 1 | []
		f1 | h2 | false | 0.02 | 2 | 2 | []`)
	w.Add("link", "kind left_id right_id accepted match_probability", `
		across | p1 | m1 | true  | 0.98
		across | p2 | m2 | false | 0.6
		across | p2 | m3 | false | 0.35
		across | p2 | m4 | false | 0.5`)
	return w
}

// TestPairs: the least sure come first, with who is matched, who is alone, and the link
// between the two that is most in doubt; families of one are left out.
func TestPairs(t *testing.T) {
	w := village(t)
	pairs, all, err := alignment.Pairs(t.Context(), w.Session, alignment.Choice{Most: 2, Names: true})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range pairs {
		got = append(got, fmt.Sprintf("%s %s %t %g %v %v %v %s %g", p.Household, p.Family, p.Accepted, p.Probability, p.Matched, p.Members, p.Persons, p.Doubted, p.DoubtedProbability))
	}
	scenario.Same(t, "the first of all", []string{
		"h1 f1 true 0.6 [p1=m1] [m2 m3] [p2] p2=m2 0.6",
		"h2 f1 false 0.02 [] [m4 m5] [p1 p2] p2=m4 0.5",
	}, got)
	scenario.Same(t, "all", 6, all)
	scenario.Same(t, "names", map[string]string{"m1": "Ama Badu", "m2": "Kofi Badu", "m3": "Esi Badu", "p1": "Ama Badu", "p2": "Kofi Badu"}, pairs[0].Names)

	unsure, all, err := alignment.Pairs(t.Context(), w.Session, alignment.Choice{Unsure: true})
	if err != nil {
		t.Fatal(err)
	}
	if all != 1 || len(unsure) != 1 || unsure[0].Family != "f1" || unsure[0].Names != nil {
		t.Errorf("%d unsure: %+v", all, unsure)
	}
}

// TestFindings: three generations in one household are one line, by whoever is between
// them; families with nobody in common are told, and one that lives in two households.
func TestFindings(t *testing.T) {
	w := village(t)
	find := func() []string {
		found, _, err := alignment.Findings(t.Context(), w.Session, 0)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range found {
			got = append(got, fmt.Sprint(f.Kind, " ", f.ID, " ", f.With))
		}
		return got
	}
	apart := "family_in_several_households f3 [h2 h3]"
	scenario.Same(t, "three generations", []string{apart}, find())
	w.Exec("DELETE FROM family_link WHERE family_id = 'f1'") // f2 and f5 have nobody in common
	scenario.Same(t, "without the one between", []string{"household_of_several_families h1 [f2 f5]", apart}, find())
	// A man who is named as mother and father: he is the father still; two who are each
	// other's spouse and child are told of once.
	w.Add("fact", "subject_id predicate object_id value records contradictions", `
		m1 | mother_of | m2 | UNKNOWN | [b1, b2] | [sex]
		m1 | father_of | m2 | TRUE    | [b1, b2] | []
		m4 | spouse_of | m5 | UNKNOWN | [b3, w1] | [kin_spouse]
		m5 | spouse_of | m4 | UNKNOWN | [b3, w1] | [kin_spouse]
		m4 | child_of  | m5 | UNKNOWN | [b3, w1] | [kin_spouse]
		m5 | mother_of | m4 | UNKNOWN | [b3, w1] | [kin_spouse]
		m6 | child_of  | m5 | TRUE    | [b4, b5] | []`)
	found, all, err := alignment.Findings(t.Context(), w.Session, 0)
	if err != nil {
		t.Fatal(err)
	}
	scenario.Same(t, "how many", 4, all)
	scenario.Same(t, "in doubt", []alignment.Finding{
		{Kind: "parent_in_doubt", ID: "m2", With: []string{"m1"}, Because: []string{"sex"}, Records: []string{"b1", "b2"}},
		{Kind: "parent_in_doubt", ID: "m4", With: []string{"m5"}, Because: []string{"kin_spouse"}, Records: []string{"b3", "w1"}},
	}, found[:2])
	counts, err := alignment.Count(t.Context(), w.Session)
	if err != nil {
		t.Fatal(err)
	}
	scenario.Same(t, "counts", alignment.Counts{Families: 4, FamiliesLinked: 3, Households: 3, HouseholdsLinked: 3, SeveralFamilies: 1, SeveralHouseholds: 1, Doubted: 2}, counts)
}
