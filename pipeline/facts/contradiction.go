package facts

import "fmt"

// Check is one condition over two records that are held to be one person's.
type Check struct {
	Code string
	When string // SQL
	Text string // for the officer, without names
}

// Contradictions lists the checks that speak against a death being the roster
// person's, over a row of death_match: the deceased as registered and one roster
// record. One of them is enough to keep the line out of the exits: it goes to the
// people who keep the data. Each stands for an error that auditors found in
// published death matches. A registration that was revoked is no row of
// death_match at all.
func Contradictions() []Check {
	return []Check{
		{"death_before_birth", "latest < birth_after", "the death lies before the birth"},
		{"death_after_registration", "earliest > registered_on", "the death lies after its registration"},
		{"death_after_as_of", "earliest > getvariable('as_of')", "the death lies after the day of the run"},
		{"age_over_110", "earliest > birth_before + INTERVAL 110 YEAR", "the person would have died at over 110 years of age"},
		{"sex_differs", "deceased_sex IN ('male', 'female') AND roster_sex IN ('male', 'female') AND deceased_sex <> roster_sex", "the two records differ in sex"},
		{"death_of_several_persons", "persons_of_death > 1", "the death matches several different persons of the roster"},
		{"several_deaths", "deaths_of_person > 1", "the person matches the deaths of several different persons"},
		{"death_dates_differ", "days_differ", "two registrations of the death give different days"},
		{"life_after_death", "life_day > latest", "the person gave evidence of life in person after the day of death"},
		{"placeholder_identifier", "shares_placeholder", "the two records share an identifier that is a placeholder or that too many people bear"},
	}
}

// ChecksSQL is the list of the codes that hold, in the order of the checks.
func ChecksSQL(checks []Check) string {
	cases := ""
	for i, c := range checks {
		if i > 0 {
			cases += ",\n    "
		}
		cases += fmt.Sprintf("CASE WHEN %s THEN '%s' END", c.When, c.Code)
	}
	return "list_filter([" + cases + "], lambda x: x IS NOT NULL)"
}
