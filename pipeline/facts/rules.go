package facts

// Rule says what makes a predicate TRUE and what makes it FALSE. Everything
// else, and above all no record, is UNKNOWN: registration is incomplete, and
// least complete for women, the old and the poor.
type Rule struct {
	Predicate string
	Object    string // whom or what object_id names; "" when the predicate has none
	True      string
	False     string // "" when no record makes it FALSE
	Interval  string // what from_on and to_on mean
}

// Rules is the table of the predicates.
func Rules() []Rule {
	return []Rule{
		{
			"deceased", "",
			"a death registration that is not revoked, of a register person linked to the subject, at a probability of 0.5 or more and without contradiction; or every roster record of the subject says dead",
			"",
			"from_on to from_latest: the days on which the death can have happened",
		},
		{
			"alive", "",
			"a record of life given in person within the days allowed before the as-of day, or after the day of a death: an interview, a payment collected in person by the subject, a birth as the mother, a marriage; a record of the register at a probability of 0.5 or more, which is the fact's",
			"deceased is TRUE at the solid probability, without contradiction",
			"to_on: the day of the last record of life",
		},
		{
			"mother_of", "child",
			"mother and child of one birth registration, each linked or known to the register alone; or child of the head in the roster, where the head is a woman; " +
				"unless neither record can be right, by sex, age or death of the parent: then UNKNOWN, with contradictions",
			"",
			"from_on: the birth",
		},
		{"father_of", "child", "as mother_of, for the father", "", "from_on: the birth"},
		{"child_of", "parent", "mother_of or father_of seen from the child", "", "from_on: the birth"},
		{
			"spouse_of", "spouse",
			"groom and bride of one marriage; head and spouse of one roster household; the spouse whom a death registration names, linked, or each naming the other in one village and no other couple there",
			"",
			"from_on: the marriage or the interview; to_on: the spouse's death or a divorce",
		},
		{
			"household_member", "household",
			"a roster record of the household that does not say that the subject left or died, or none later that does",
			"the roster's last record of the subject in the household says left or dead",
			"from_on: the first interview that lists the subject; to_on: the subject's death; of FALSE: the interview at which it was said",
		},
		{
			"widowed", "spouse", // the relation widow_of, under the name that programmes use
			"a spouse, or the other parent of a common child, died, by a death registration or by every roster record, and no divorce came before, or the registration names the subject as the spouse",
			"the spouse by marriage or roster, not divorced and not reported dead, gave a record of life in person at the solid probability within the days allowed before the as-of day",
			"from_on to from_latest: the death; to_on of FALSE: the record of life",
		},
		{
			"remarried", "",
			"a marriage after the last death of a spouse or divorce, at the solid probability",
			"",
			"from_on to from_latest: the marriage",
		},
		{"divorced", "", "a divorce registration", "", "from_on: the divorce"},
		{"orphan_one", "", "the mother or the father of a child under 18 died, by a death registration or by every roster record", "", "from_on: the first death; empty where the day of a death is not known"},
		{
			"orphan_both", "",
			"the mother and the father of a child under 18 died, by a death registration or by every roster record",
			"a parent by birth registration gave a record of life in person, both at the solid probability, within the days allowed before the as-of day",
			"from_on: the second death; empty where the day of a death is not known",
		},
		{"caregiver_of", "beneficiary", "the caregiver of an active or suspended enrolment of another person", "", "from_on, to_on: of the enrolment"},
	}
}
