package synth

// Rates of errors in what the registers hold. Each is a share; Rates documents
// them with their source, and a test measures each in the output.
const (
	// Identifiers in the roster.
	rateMissingID   = 0.40 // of members: no number
	rateInvalidID   = 0.04 // of numbers given: not well formed
	rateRepeatedID  = 0.07 // of numbers given: another member's, most often the head's
	rateUnmatchedID = 0.17 // of numbers given: well formed, nobody's

	// Dates of birth in the roster.
	rateDefaultDateLow  = 0.05 // of members in the best area: 1 January
	rateDefaultDateHigh = 0.60 // of members in the worst area
	rateWrongDigit      = 0.42 // of adults with a default date in it: wrong final digit of the age
	rateSwappedDate     = 0.02 // of exact dates whose day is at most 12: day and month exchanged
	rateWrongYear       = 0.02 // of exact dates: a year more or less
	rateMistypedDay     = 0.02 // of exact dates: another day of the month

	// Names as clerks write them.
	rateVariantRoster   = 0.30 // of words: another romanisation
	rateVariantRegister = 0.18
	rateTypoRoster      = 0.05 // of words: a letter lost, doubled, changed or exchanged
	rateTypoRegister    = 0.03
	rateNickname        = 0.06 // of roster members: the name used at home
	rateSwappedNames    = 0.02 // of records: given and family name exchanged

	// Families.
	rateTwins            = 0.010 // of confinements
	rateFathersName      = 0.02  // of sons: the father's given name
	rateReusedName       = 0.25  // of children born after a sibling of their sex died young: that sibling's name
	rateDefaultPhone     = 0.08  // of roster households: the number that the form shows as its example
	rateMissingPhone     = 0.25  // of roster households: no telephone
	rateDoubleRoster     = 0.04  // of newly enrolled members: enrolled again under another member number
	rateDoubleBirth      = 0.012 // of births registered: registered again
	rateDoubleDeath      = 0.015 // of deaths registered: registered again
	rateWrongDeath       = 0.008 // of deaths registered: the person lives
	rateLateDeathMen     = 0.36  // of men's deaths registered: later than inTime days
	rateLateDeathWomen   = 0.46
	lateChildDeathFactor = 1.25 // times that for deaths under 5
	rateLateBirth        = 0.50
	rateLateMarriage     = 0.40
	rateCorrected        = 0.025 // of registrations: corrected later
	rateNoBirthDate      = 0.25  // of death registrations: no date of birth, only an age
	rateMissingRegID     = 0.40  // of persons in registrations: no number
)

// Rate is one documented share.
type Rate struct {
	Name   string  `json:"name"`
	Value  float64 `json:"value"`
	Of     string  `json:"of"`
	Source string  `json:"source"`
}

// Rates lists every rate with its source.
func Rates() []Rate {
	const own = "own choice; no published rate was found"
	return []Rate{
		{"missing_id", rateMissingID, "roster members", own + "; a hard setting"},
		{"invalid_id", rateInvalidID, "identifiers in the roster", "Haryana (India), about 91,000 invalid of 24.5 lakh pensioners, 3.7 % (NIC Informatics)"},
		{"repeated_id", rateRepeatedID, "identifiers in the roster", "Haryana (India), about 1.8 lakh repeated of 24.5 lakh, 7.3 % (NIC Informatics)"},
		{"unmatched_id", rateUnmatchedID, "identifiers in the roster", "Indonesia, 16.8 of about 97 million of the social registry not matched to the population register (KPK 2020)"},
		{"default_date_lowest_area", rateDefaultDateLow, "roster members", own},
		{"default_date_highest_area", rateDefaultDateHigh, "roster members", own + "; whole villages with one birthday are reported (UIDAI practice)"},
		{"wrong_last_digit_of_age", rateWrongDigit, "adult members with a default date", "Yavatmal (India) survey: Whipple 382.7, Myers 41.99"},
		{"day_month_swapped", rateSwappedDate, "exact dates in the roster whose day is at most 12", own},
		{"wrong_year", rateWrongYear, "exact dates in the roster", own},
		{"mistyped_day", rateMistypedDay, "exact dates in the roster", own},
		{"romanised_otherwise_roster", rateVariantRoster, "words of names in the roster", own},
		{"romanised_otherwise_register", rateVariantRegister, "words of names in the register", own},
		{"typing_error_roster", rateTypoRoster, "words of names in the roster", own},
		{"typing_error_register", rateTypoRegister, "words of names in the register", own},
		{"nickname", rateNickname, "roster members", own},
		{"given_and_family_exchanged", rateSwappedNames, "records with both", own},
		{"twins", rateTwins, "confinements", "about 1 in 100, the usual order of magnitude"},
		{"fathers_given_name", rateFathersName, "sons", own},
		{"dead_siblings_name", rateReusedName, "children born after a sibling of their sex died under 5", own},
		{"default_phone", rateDefaultPhone, "roster households", own},
		{"missing_phone", rateMissingPhone, "roster households", own},
		{"enrolled_twice", rateDoubleRoster, "members enrolled at an interview", own},
		{"birth_registered_twice", rateDoubleBirth, "births registered", own},
		{"death_registered_twice", rateDoubleDeath, "deaths registered", own},
		{"death_of_a_living_person", rateWrongDeath, "deaths registered", "below 1 %: GAO HEHS-94-211, of about 365,000 death records"},
		{"corrected", rateCorrected, "registrations", own},
		{"death_without_birth_date", rateNoBirthDate, "deaths registered", own},
		{"missing_id_register", rateMissingRegID, "persons in registrations", own},
	}
}
