package decide

import (
	"fmt"

	"rollcall/pipeline/facts"
)

// A cap lowers a line to a tier. T1, identity corroborated, is what no cap lowers:
// one valid identifier on both records that nobody else bears, the name agreeing,
// and two of birth, area, relative and sex with birth or a relative among them. It follows the rule of the Australian Social Security Guide 2.2.6,
// full name and two of last address, date of birth, number and partner's name;
// sex is not in it and proves little alone.
//
// An identifier that no issuing register has checked is a claim (OpenCRVS does not
// trust one either): the number on a son's record may be his father's. The
// registrar's copy of it corroborates the claim only together with what tells
// father from son, so that it takes the date of birth, and the area or a relative
// besides. A placeholder for the date of birth keeps a line at T2 however much
// else agrees: whole villages were born on 1 January, and a clerk must look.
type tierCap struct {
	code string
	// when is a condition over a row of exit_candidate with its namesakes.
	when string
	text string
}

// capsT3 make a line merely possible: for verification in the field only.
func capsT3() []tierCap {
	return []tierCap{
		{"not_the_best_match", "NOT accepted", "another pair of records fits better, or the pair lies below the threshold"},
		{"improbable", "probability < getvariable('t2')", "the probability lies below that of the tier"},
		{"runner_up_close", "margin_bits < getvariable('margin_bits') AND NOT (identifier_level = 'exact' AND unshared)", "another candidate fits almost as well, and no identifier tells the two apart"},
		{"name_differs", "name_level = 'differs' AND NOT (identifier_level = 'exact' AND birth_level = 'exact')", "the names differ"},
		{"identifier_differs", "identifier_level = 'differs' AND NOT (birth_level = 'exact' AND relative_agrees)", "both records carry a valid identifier, and they differ"},
		{"birth_differs", "birth_level = 'differs' AND evidence < 2", "the dates of birth differ, and little else agrees"},
		{"nothing_but_the_name", "evidence = 0", "no field beside name and sex agrees"},
		{"birth_weak", "birth_level IN ('default', 'near', 'missing') AND evidence < 2", "a date of birth is missing, a placeholder or an age, and little else agrees"},
		{"many_namesakes", "namesakes >= getvariable('namesakes') AND evidence < 2", "many people bear the name, and little else agrees"},
	}
}

// capsT2 make a line probable: a clerk compares the records before anything else.
func capsT2() []tierCap {
	return []tierCap{
		{"not_certain", "probability < getvariable('t1')", "the probability lies below that of the tier"},
		{"no_shared_identifier", "identifier_level <> 'exact'", "the records share no valid identifier"},
		{"identifier_shared", "identifier_level = 'exact' AND NOT unshared", "other people bear the identifier too"},
		{"identifier_not_verified", "identifier_level = 'exact' AND NOT verified AND NOT (birth_agrees AND (area_agrees OR relative_agrees))", "nobody verified the identifier, and birth and another field do not both agree"},
		{"name_not_agreeing", "name_level NOT IN ('exact', 'close')", "the names do not agree"},
		{"few_fields_agree", "fields < 2 OR NOT (birth_agrees OR relative_agrees)", "fewer than two of birth, area, relative and sex agree, or neither birth nor a relative does"},
		{"birth_not_agreeing", "birth_level = 'differs'", "the dates of birth differ"},
		{"birth_placeholder", "birth_default", "a date of birth is a placeholder such as 1 January"},
		{"twin_of_another_name", "has_twin AND name_level <> 'exact'", "another member of the household was born on the same day"},
		{"namesakes_near", "namesakes >= getvariable('namesakes') AND birth_level <> 'exact'", "many people bear the name and the birth is not exact"},
		{"not_a_registration", "event_status = 'notified'", "the death was notified and is not registered"},
	}
}

// duplicateCapsT3 make a duplicate merely possible. A name learnt by ear, a
// nickname, may differ where the exact birth agrees or the pair is certain, and of
// a certain pair nothing but the name needs to agree; births may not differ without
// an identifier, for brothers and sisters share all but those, nor in one household,
// which lists nobody twice.
func duplicateCapsT3() []tierCap {
	return []tierCap{
		{"improbable", "match_probability < getvariable('t2')", "the probability lies below that of the tier"},
		{"nothing_but_the_name", "match_probability < getvariable('t1') AND evidence = 0", "the pair is not certain, and no field beside name and sex agrees"},
		{"little_agrees", "match_probability < getvariable('t1') AND evidence < 2 AND (name_level NOT IN ('exact', 'close') OR fields < 2 OR NOT (birth_agrees OR relative_agrees))", "the pair is not certain, and little agrees"},
		{"name_differs", "name_level = 'differs' AND NOT (birth_level = 'exact' OR match_probability >= getvariable('t1'))", "the names differ, and the pair is not certain"},
		{"birth_differs", "birth_level = 'differs' AND NOT (match_probability >= getvariable('t1') AND identifier_level = 'exact' AND name_level <> 'differs')", "the dates of birth differ, and the records share no identifier"},
		{"one_household", "one_household AND birth_level NOT IN ('exact', 'close') AND identifier_level <> 'exact'", "both stand in one household, and the dates of birth do not agree"},
	}
}

// duplicateCapsT2 make a duplicate probable: a clerk compares the records.
func duplicateCapsT2() []tierCap {
	return []tierCap{
		{"not_certain", "match_probability < getvariable('t1')", "the probability lies below that of the tier"},
		{"no_shared_identifier", "identifier_level <> 'exact'", "the records share no valid identifier"},
		{"name_not_agreeing", "name_level NOT IN ('exact', 'close')", "the names do not agree"},
		{"few_fields_agree", "fields < 2 OR NOT (birth_agrees OR relative_agrees)", "fewer than two of birth, area, relative and sex agree, or neither birth nor a relative does"},
		{"birth_not_agreeing", "birth_level = 'differs'", "the dates of birth differ"},
		{"birth_placeholder", "birth_default", "a date of birth is a placeholder such as 1 January"},
	}
}

// TierReason says why a line is not in a higher tier.
type TierReason struct {
	Code string
	Kind string // of the proposal
	Tier string // no higher than this
	Text string
}

// TierReasons is the closed list of the codes that tier_reasons can hold.
func TierReasons() []TierReason {
	var list []TierReason
	for _, of := range []struct {
		kind, tier string
		caps       []tierCap
	}{
		{"exit", "T3", capsT3()}, {"exit", "T2", capsT2()}, {"duplicate", "T3", duplicateCapsT3()}, {"duplicate", "T2", duplicateCapsT2()},
	} {
		for _, c := range of.caps {
			list = append(list, TierReason{c.code, of.kind, of.tier, c.text})
		}
	}
	return list
}

// DuplicateContradictions are the checks that speak against two records being one
// person's. One of them is enough: the line goes to the people who keep the data.
func DuplicateContradictions() []facts.Contradiction {
	return []facts.Contradiction{
		{Code: "sex_differs", When: "sex_level = 'differs'", Text: "the two records differ in sex"},
		{Code: "verified_identifiers_differ", When: "verified_differ", Text: "each record bears a verified identifier of one kind, and they differ"},
		{
			Code: "perhaps_twins", When: "one_household AND birth_level IN ('exact', 'default') AND name_level <> 'exact' AND identifier_level <> 'exact'",
			Text: "one household, one birthday and two names: they may be twins",
		},
	}
}

// contradictionsSQL is the list of the codes that hold, in the order of the table.
func contradictionsSQL(checks []facts.Contradiction) string {
	caps := make([]tierCap, len(checks))
	for i, c := range checks {
		caps[i] = tierCap{c.Code, c.When, c.Text}
	}
	return capsSQL(caps)
}

// capsSQL is the list of the codes that apply, in the order of the table.
func capsSQL(caps []tierCap) string {
	cases := ""
	for i, c := range caps {
		if i > 0 {
			cases += ",\n    "
		}
		cases += fmt.Sprintf("CASE WHEN %s THEN '%s' END", c.when, c.code)
	}
	return "list_filter([" + cases + "], lambda x: x IS NOT NULL)"
}
