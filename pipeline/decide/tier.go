package decide

import (
	"slices"

	"rollcall/pipeline/facts"
)

// A cap is a check over a row of exit_candidate with its namesakes, or over a pair
// of duplicates, that lowers a line to a tier. T1, identity corroborated, is what no
// cap lowers: one valid identifier on both records that nobody else bears, the name
// agreeing, and two of birth, area, relative and sex with birth or a relative among
// them. It follows the rule of the Australian Social Security Guide 2.2.6, full name
// and two of last address, date of birth, number and partner's name; sex is not in
// it and proves little alone.
//
// An identifier that no issuing register has checked is a claim (OpenCRVS does not
// trust one either): the number on a son's record may be his father's. The
// registrar's copy of it corroborates the claim only together with what tells
// father from son, so that it takes the date of birth, and the area or a relative
// besides. A placeholder for the date of birth keeps a line at T2 however much
// else agrees: whole villages were born on 1 January, and a clerk must look.

// ownNumber says that the death's own record bears the number and the birth: which
// other records of the register are the same person's does not matter then.
const ownNumber = "(link_probability >= getvariable('t1') AND identifier_level = 'exact' AND unshared AND birth_agrees)"

// sureOtherwise says that a pair is certain and two of birth to the day, area and
// a relative agree: what is amiss is a name used at home, or a number that somebody
// else bears, which the linkage has weighed. A clerk looks at both.
const sureOtherwise = "(probability >= getvariable('t1') AND CAST(birth_level = 'exact' AS INTEGER) + CAST(relative_agrees AS INTEGER) + CAST(area_agrees AS INTEGER) >= 2)"

// capsT3 make a line merely possible: for verification in the field only.
func capsT3() []facts.Check {
	return []facts.Check{
		{Code: "not_the_best_match", When: "NOT accepted", Text: "another pair of records fits better, or the pair lies below the threshold"},
		{Code: "improbable", When: "probability < getvariable('t2') AND NOT " + ownNumber, Text: "the probability lies below that of the tier"},
		{Code: "runner_up_close", When: "margin_bits < getvariable('margin_bits') AND NOT (identifier_level = 'exact' AND unshared)", Text: "another candidate fits almost as well, and no identifier tells the two apart"},
		{Code: "name_differs", When: "name_level = 'differs' AND NOT (identifier_level = 'exact' AND birth_level = 'exact') AND (has_twin OR NOT " + sureOtherwise + ")", Text: "the names differ, and the pair is not certain by two other fields"},
		{Code: "identifier_differs", When: "identifier_level = 'differs' AND NOT (birth_level = 'exact' AND relative_agrees) AND (verified_otherwise OR NOT " + sureOtherwise + ")", Text: "both records carry a valid identifier, they differ, and one was verified or the pair is not certain by two other fields"},
		{Code: "birth_differs", When: "birth_level = 'differs' AND evidence < 2", Text: "the dates of birth differ, and little else agrees"},
		{Code: "nothing_but_the_name", When: "evidence = 0", Text: "no field beside name and sex agrees"},
		{Code: "birth_weak", When: "birth_level IN ('default', 'near', 'missing') AND evidence < 2", Text: "a date of birth is missing, a placeholder or an age, and little else agrees"},
		{Code: "many_namesakes", When: "namesakes >= getvariable('namesakes') AND evidence < 2", Text: "many people bear the name, and little else agrees"},
	}
}

// capsT2 make a line probable: a clerk compares the records before anything else.
func capsT2() []facts.Check {
	return slices.Concat([]facts.Check{
		{Code: "not_certain", When: "probability < getvariable('t1') AND NOT " + ownNumber, Text: "the probability lies below that of the tier"},
		noSharedIdentifier(),
		{Code: "identifier_shared", When: "identifier_level = 'exact' AND NOT unshared", Text: "other people bear the identifier too"},
		{Code: "identifier_not_verified", When: "identifier_level = 'exact' AND NOT verified AND NOT (birth_agrees AND (area_agrees OR relative_agrees))", Text: "nobody verified the identifier, and birth and another field do not both agree"},
	}, littleAgreement(), []facts.Check{
		{Code: "twin_of_another_name", When: "has_twin AND name_level <> 'exact'", Text: "another member of the household was born on the same day"},
		{Code: "namesakes_near", When: "namesakes >= getvariable('namesakes') AND birth_level <> 'exact'", Text: "many people bear the name and the birth is not exact"},
		{Code: "not_a_registration", When: "event_status = 'notified'", Text: "the death was notified and is not registered"},
	})
}

// littleAgreement keeps exits and duplicates alike from T1.
func littleAgreement() []facts.Check {
	return []facts.Check{
		{Code: "name_not_agreeing", When: "name_level NOT IN ('exact', 'close')", Text: "the names do not agree"},
		{Code: "few_fields_agree", When: "fields < 2 OR NOT (birth_agrees OR relative_agrees)", Text: "fewer than two of birth, area, relative and sex agree, or neither birth nor a relative does"},
		{Code: "birth_not_agreeing", When: "birth_level = 'differs'", Text: "the dates of birth differ"},
		{Code: "birth_placeholder", When: "birth_default", Text: "a date of birth is a placeholder such as 1 January"},
	}
}

func noSharedIdentifier() facts.Check {
	return facts.Check{Code: "no_shared_identifier", When: "identifier_level <> 'exact'", Text: "the records share no valid identifier"}
}

// duplicateCapsT3 make a duplicate merely possible. A name learnt by ear, a
// nickname, may differ where the exact birth agrees or the pair is certain, and of
// a certain pair nothing but the name needs to agree; births may not differ without
// an identifier, for brothers and sisters share all but those, nor in one household,
// which lists nobody twice.
func duplicateCapsT3() []facts.Check {
	return []facts.Check{
		{Code: "improbable", When: "match_probability < getvariable('t2')", Text: "the probability lies below that of the tier"},
		{Code: "nothing_but_the_name", When: "match_probability < getvariable('t1') AND evidence = 0", Text: "the pair is not certain, and no field beside name and sex agrees"},
		{Code: "little_agrees", When: "match_probability < getvariable('t1') AND evidence < 2 AND (name_level NOT IN ('exact', 'close') OR fields < 2 OR NOT (birth_agrees OR relative_agrees))", Text: "the pair is not certain, and little agrees"},
		{Code: "name_differs", When: "name_level = 'differs' AND NOT (birth_level = 'exact' OR match_probability >= getvariable('t1'))", Text: "the names differ, and the pair is not certain"},
		{Code: "birth_differs", When: "birth_level = 'differs' AND NOT (match_probability >= getvariable('t1') AND identifier_level = 'exact' AND name_level <> 'differs')", Text: "the dates of birth differ, and the records share no identifier"},
		{Code: "birth_weak", When: "match_probability < getvariable('t1') AND birth_level = 'near'", Text: "a date of birth is a placeholder or an age and years away from the other, and the pair is not certain"},
		{Code: "one_household", When: "one_household AND birth_level NOT IN ('exact', 'close') AND identifier_level <> 'exact'", Text: "both stand in one household, and the dates of birth do not agree"},
	}
}

// duplicateCapsT2 make a duplicate probable: a clerk compares the records.
func duplicateCapsT2() []facts.Check {
	return append([]facts.Check{
		{Code: "not_certain", When: "match_probability < getvariable('t1')", Text: "the probability lies below that of the tier"},
		noSharedIdentifier(),
	}, littleAgreement()...)
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
		caps       []facts.Check
	}{
		{"exit", "T3", capsT3()}, {"exit", "T2", capsT2()}, {"duplicate", "T3", duplicateCapsT3()}, {"duplicate", "T2", duplicateCapsT2()},
	} {
		for _, c := range of.caps {
			list = append(list, TierReason{c.Code, of.kind, of.tier, c.Text})
		}
	}
	return list
}

// DuplicateContradictions are the checks that speak against two records being one
// person's. One of them is enough: the line goes to the people who keep the data.
func DuplicateContradictions() []facts.Check {
	return []facts.Check{
		{Code: "sex_differs", When: "sex_level = 'differs'", Text: "the two records differ in sex"},
		{Code: "verified_identifiers_differ", When: "verified_differ", Text: "each record bears a verified identifier of one kind, and they differ"},
		{
			Code: "perhaps_twins",
			When: "(one_household AND name_level <> 'exact' OR two_births AND name_level = 'differs') AND birth_level IN ('exact', 'default') AND identifier_level <> 'exact'",
			Text: "one household, or two registered births, one birthday and two names: they may be twins",
		},
	}
}
