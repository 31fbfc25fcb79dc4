package synth

// Rates of errors in what the registers hold. Each is a share; Rates documents
// them with their source, and a test measures each in the output.
const (
	// Identifiers.
	rateMissingID    = 0.40
	rateInvalidID    = 0.04
	rateRepeatedID   = 0.07 // most often the head's
	rateUnmatchedID  = 0.17
	rateMissingRegID = 0.40
	rateInvalidRegID = 0.01

	// Dates of birth.
	rateDefaultDateLow  = 0.05
	rateDefaultDateHigh = 0.60
	rateWrongDigit      = 0.42
	rateSwappedDate     = 0.02
	rateWrongYear       = 0.02
	rateMistypedDay     = 0.02
	rateMadeOlder       = 0.03
	rateOtherDay        = 0.02
	rateNoBirthDate     = 0.25
	rateRoundedAge      = 0.30

	// Names as clerks write them.
	rateVariantRoster        = 0.30
	rateVariantRegister      = 0.18
	rateTypoRoster           = 0.05
	rateTypoRegister         = 0.03
	rateNickname             = 0.06
	rateSwappedNamesRoster   = 0.02
	rateSwappedNamesRegister = 0.01
	rateJoinedRoster         = 0.08
	rateJoinedRegister       = 0.04
	rateFamilyLeftRoster     = 0.10
	rateFamilyLeftRegister   = 0.06
	ratePrefixLeftRoster     = 0.50
	ratePrefixLeftRegister   = 0.30
	rateSecondLeftRoster     = 0.35
	rateSecondLeftRegister   = 0.12
	rateInitialRoster        = 0.70
	rateInitialRegister      = 0.50
	ratePlainRoster          = 0.70
	ratePlainRegister        = 0.20
	rateNoParentRoster       = 0.20
	rateNoSpouseRoster       = 0.10
	rateNoParentDeath        = 0.30

	// Families.
	rateTwins       = 0.010
	rateFathersName = 0.02
	rateReusedName  = 0.25

	// What the registry office does.
	rateLateDeathMen     = 0.36
	rateLateDeathWomen   = 0.46
	lateChildDeathFactor = 1.25 // times that for deaths under 5
	rateLateBirth        = 0.50
	rateLateMarriage     = 0.40
	rateDoubleBirth      = 0.012
	rateDoubleDeath      = 0.015
	rateDoubleRevoked    = 0.20
	rateWrongDeath       = 0.008
	rateCorrected        = 0.025
	rateSubdistrictOnly  = 0.10

	// What the roster's office does.
	rateDefaultPhone   = 0.08
	rateMissingPhone   = 0.25
	rateDoubleRoster   = 0.04
	rateFalseWidow     = 0.006
	rateSuspended      = 0.015
	rateOverlookedEnd  = 0.10
	ratePaidForTheDead = 0.05
)

// Rate is one documented share.
type Rate struct {
	Name   string  `json:"name"`
	Value  float64 `json:"value"`
	Of     string  `json:"of"`
	Means  string  `json:"means"`
	Source string  `json:"source"`
}

// Rates lists every rate with its source. The country's completeness of
// registration, which is another in each preset, stands in its Summary.
func Rates() []Rate {
	const own = "own choice; no published rate was found"
	return []Rate{
		{"missing_id", rateMissingID, "roster members", "no number", own + "; a hard setting"},
		{"invalid_id", rateInvalidID, "numbers in the roster", "a digit changed, lost or doubled; the check digit tells", "Haryana (India): about 91,000 invalid of 24.5 lakh pensioners, 3.7 % (NIC Informatics)"},
		{"repeated_id", rateRepeatedID, "numbers in the roster", "another member's, mostly the head's", "Haryana (India): about 1.8 lakh repeated of 24.5 lakh, 7.3 % (NIC Informatics)"},
		{"unmatched_id", rateUnmatchedID, "numbers in the roster", "well formed and nobody's", "Indonesia: 16.8 of about 97 million in the social registry not matched to the population register (KPK 2020)"},
		{"missing_id_register", rateMissingRegID, "persons in registrations", "no number", own},
		{"invalid_id_register", rateInvalidRegID, "numbers in registrations", "a digit changed, lost or doubled", own},

		{"default_date_lowest_area", rateDefaultDateLow, "adult roster members of the best sub-district", "1 January of the year; a third as often for those under 15", own},
		{"default_date_highest_area", rateDefaultDateHigh, "adult roster members of the worst sub-district", "1 January of the year", own + "; whole villages with one birthday are reported (UIDAI practice)"},
		{"wrong_last_digit_of_age", rateWrongDigit, "adult members with a default date", "an age that ends in 0 or 5, and is not theirs", "Yavatmal (India) survey: Whipple 382.7, Myers 41.99"},
		{"day_month_swapped", rateSwappedDate, "exact dates in the roster whose day is at most 12", "day and month exchanged", own},
		{"wrong_year", rateWrongYear, "exact dates in the roster", "a year more or less", own},
		{"mistyped_day", rateMistypedDay, "exact dates in the roster", "another day of the month", own},
		{"made_older", rateMadeOlder, "members with an exact date, up to five years below the pension age", "old enough for the allowance", own},
		{"other_day_register", rateOtherDay, "exact dates of adults in registrations", "up to nine days off", own},
		{"death_without_birth_date", rateNoBirthDate, "deaths registered", "an age only", own},
		{"age_at_death_rounded", rateRoundedAge, "deaths registered of people over 30", "to a multiple of five", own},

		{"romanised_otherwise_roster", rateVariantRoster, "words of names that have several forms", "another romanisation", own},
		{"romanised_otherwise_register", rateVariantRegister, "words of names that have several forms", "another romanisation", own},
		{"typing_error_roster", rateTypoRoster, "words of names", "a letter lost, doubled, changed or exchanged with its neighbour", own},
		{"typing_error_register", rateTypoRegister, "words of names", "a letter lost, doubled, changed or exchanged with its neighbour", own},
		{"nickname", rateNickname, "roster members", "the name used at home", own},
		{"exchanged_roster", rateSwappedNamesRoster, "records with given and family name", "one in the other's column", own},
		{"exchanged_register", rateSwappedNamesRegister, "records with given and family name", "one in the other's column", own},
		{"joined_roster", rateJoinedRoster, "records with given and family name", "both in the column of the given name", own},
		{"joined_register", rateJoinedRegister, "records with given and family name", "both in the column of the given name", own},
		{"family_name_left_out_roster", rateFamilyLeftRoster, "records of people with a family name", "left out", own},
		{"family_name_left_out_register", rateFamilyLeftRegister, "records of people with a family name", "left out", own},
		{"prefix_left_out_roster", ratePrefixLeftRoster, "names with Md., Mst.", "left out", own},
		{"prefix_left_out_register", ratePrefixLeftRegister, "names with Md., Mst.", "left out", own},
		{"second_word_left_out_roster", rateSecondLeftRoster, "second given words, and second family words", "left out", own},
		{"second_word_left_out_register", rateSecondLeftRegister, "second given words, and second family words", "left out", own},
		{"father_as_initial_roster", rateInitialRoster, "patronymics", "the initial only", own},
		{"father_as_initial_register", rateInitialRegister, "patronymics", "the initial only", own},
		{"accents_left_out_roster", ratePlainRoster, "names with accents", "written without", own},
		{"accents_left_out_register", ratePlainRegister, "names with accents", "written without", own},
		{"parent_not_named_roster", rateNoParentRoster, "mothers and fathers of roster members", "not named", own},
		{"spouse_not_named_roster", rateNoSpouseRoster, "husbands and wives of roster members", "not named", own},
		{"parent_not_named_death", rateNoParentDeath, "mothers and fathers of the deceased", "not named", own},

		{"twins", rateTwins, "confinements", "two children", "about 1 in 100, the usual order of magnitude"},
		{"fathers_given_name", rateFathersName, "sons", "the father's given name", own},
		{"dead_siblings_name", rateReusedName, "children born after a sibling of their sex died under 5", "that sibling's given name", own},

		{"death_late_men", rateLateDeathMen, "deaths registered of men from 5 years", "more than 45 days after", own + "; later where and of whom fewer are registered at all"},
		{"death_late_women", rateLateDeathWomen, "deaths registered of women from 5 years", "more than 45 days after", own},
		{"death_late_children_factor", lateChildDeathFactor, "the rate of their sex, under 5 years", "times as many", own},
		{"birth_late", rateLateBirth, "births registered", "more than 45 days after", own},
		{"marriage_late", rateLateMarriage, "marriages and divorces registered", "more than 45 days after", own},
		{"birth_registered_twice", rateDoubleBirth, "births registered", "again, under another number", own},
		{"death_registered_twice", rateDoubleDeath, "deaths registered", "again, under another number", own},
		{"second_registration_revoked", rateDoubleRevoked, "second registrations", "revoked later", own},
		{"death_of_a_living_person", rateWrongDeath, "deaths registered", "the person lives; revoked later", "below 1 %: GAO HEHS-94-211, of about 365,000 death records"},
		{"corrected", rateCorrected, "registrations", "corrected later", own},
		{"sub_district_only", rateSubdistrictOnly, "registrations with a code of today", "the village is not told", own},

		{"missing_phone", rateMissingPhone, "roster households", "no telephone", own},
		{"default_phone", rateDefaultPhone, "roster households", "the number that the form shows as its example", own},
		{"enrolled_twice", rateDoubleRoster, "members enrolled at an interview", "again, under another member number", own},
		{"widow_of_a_living_man", rateFalseWidow, "roster women who are married or divorced", "ready to claim the widow's allowance", own},
		{"suspended", rateSuspended, "enrolments", "not paid for the time being", own},
		{"end_overlooked", rateOverlookedEnd, "child grants", "paid on after the sixth birthday", own},
		{"paid_in_person_after_death", ratePaidForTheDead, "months of dead people paid in person", "somebody collects the money", own},
	}
}
