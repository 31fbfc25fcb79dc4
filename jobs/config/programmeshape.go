package config

import (
	"errors"
	"regexp"
	"time"

	"rollcall/pipeline/decide"
)

var (
	decimal      = regexp.MustCompile(`^[0-9]{1,16}(\.[0-9]{1,2})?$`)
	currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)
)

func checkAmount(text string) error {
	if !decimal.MatchString(text) {
		return errors.New(`a decimal with at most two places is expected, such as "600.00"`)
	}
	return nil
}

func checkCurrency(text string) error {
	if !currencyCode.MatchString(text) {
		return errors.New("the three letters of ISO 4217 are expected, such as BDT")
	}
	return nil
}

// readDayOfYear reads a day of every year: MM-DD. 29 February has a place in it.
func readDayOfYear(text string) (month, day int, err error) {
	t, err := time.Parse("2006-01-02", "2004-"+text)
	if err != nil {
		return 0, 0, errors.New("a month and a day as MM-DD are expected")
	}
	return int(t.Month()), t.Day(), nil
}

func checkDayOfYear(text string) error {
	_, _, err := readDayOfYear(text)
	return err
}

// programmeShape declares a programme file: one programme's rules, in one version
// or several.
func programmeShape() shape {
	fields := []field{
		{name: "rollcall_programme", required: true, doc: "version of this format", value: shape{kind: words, oneOf: []string{"1"}}},
		{name: "code", required: true, doc: "code of the programme, as enrolments name it", value: nameShape},
		{name: "title", doc: "title for people", fallback: "the code", value: textShape},
	}
	fields = append(fields, rulesFields()...)
	return shape{kind: record, fields: append(fields, field{
		name: "versions", doc: "versions of the rules, where the file has several, each with the fields above from version on. A field that a version leaves out is as above; a criterion takes the place of the one above of the same name, or is added. Without valid_to a version holds until the next begins",
		value: shape{kind: list, atLeastOne: true, item: &shape{kind: record, fields: rulesFields()}},
	})}
}

// rulesFields are those of one version.
func rulesFields() []field {
	criterion := shape{kind: record, fields: []field{
		{name: "name", required: true, doc: "name of the criterion, as the reports show it", value: nameShape},
		{name: "expression", required: true, doc: "TRUE, FALSE or NULL, which is unknown", value: expressionShape},
		{name: "presume", doc: "what is done when it is unknown; met and not_met need a source", fallback: "ask", value: shape{kind: words, oneOf: []string{"met", "not_met", "ask"}}},
		{name: "source", doc: "law that sets the criterion or allows the presumption", value: textShape},
		{name: "where", doc: "where a missing fact could be had", value: textShape},
	}}
	decimalShape := shape{kind: words, check: checkAmount}
	bound := func(of string) shape {
		return shape{kind: record, bare: "most", fields: []field{
			{name: "most", required: true, doc: "most enrolments of one " + of + "; 0 is no bound", value: shape{kind: integer, least: 0, most: 1000}},
			{name: "first", doc: "who counts first: the earliest enrolled, the oldest or the youngest", fallback: "enrolled", value: shape{kind: words, oneOf: []string{"enrolled", "oldest", "youngest"}}},
			{name: "only", doc: "who is counted at all: TRUE for those", fallback: "everybody", value: expressionShape},
		}}
	}
	return []field{
		{name: "version", doc: "name of this version of the rules; needed", value: textShape},
		{name: "valid_from", doc: "first day on which this version holds; needed", value: dayShape},
		{name: "valid_to", doc: "last day on which it holds", fallback: "in force", value: dayShape},
		{name: "source", doc: "law or circular; needed", value: textShape},
		{name: "subjects", doc: "member (people of the roster), child (children too whom only the register knows) or deceased (people of the roster whose death is on record: a benefit that arises from it)", fallback: decide.Member, value: shape{kind: words, oneOf: []string{decide.Member, decide.Child, decide.Deceased}}},
		{name: "criteria", doc: "conditions that must all be met; needed", value: shape{kind: list, atLeastOne: true, item: &criterion}},
		{name: "amount", doc: "what is paid; needed", value: shape{kind: record, fields: []field{
			{name: "cases", doc: "amounts of particular people: the first case whose condition is TRUE gives it; while one before is unknown, so is the amount", value: shape{kind: list, item: &shape{kind: record, fields: []field{
				{name: "when", required: true, doc: "condition over the person, as a criterion", value: expressionShape},
				{name: "value", required: true, doc: "amount as a decimal", value: decimalShape},
			}}}},
			{name: "value", doc: "amount of everybody else as a decimal", value: decimalShape},
			{name: "expression", doc: "in place of value, a number that depends on the person", value: expressionShape},
			{name: "currency", required: true, doc: "ISO 4217 code", value: shape{kind: words, check: checkCurrency}},
			{name: "per", doc: "period of the amount; once is a lump sum", fallback: "month", value: shape{kind: words, oneOf: []string{"month", "quarter", "year", decide.Once}}},
		}}},
		{name: "ends", doc: "when the entitlement ends after a death", value: shape{kind: record, fields: []field{
			{name: "when", doc: "on the day of the death, at the end of its month, or at the end of the month before, so that the month of the death is not paid", fallback: "day", value: shape{kind: words, oneOf: []string{"day", "month_end", "month_before"}}},
			{name: "bereavement_days", doc: "days after that for which it is still paid", fallback: "0", value: shape{kind: integer, least: 0, most: 3660}},
		}}},
		{name: "payment", doc: "how it is paid", value: shape{kind: record, fields: []field{
			{name: "calendar", doc: "every month or every quarter of the calendar", fallback: "monthly", value: shape{kind: words, oneOf: []string{"monthly", "quarterly"}}},
			{name: "timing", doc: "before or after the month or quarter", fallback: "arrears", value: shape{kind: words, oneOf: []string{"arrears", "advance"}}},
			{name: "dates", doc: "days of payment, at most one a month, as MM-DD: when a payment was made whose day no record tells", fallback: "the first of the month", value: shape{kind: list, item: &shape{kind: words, check: checkDayOfYear}}},
			{name: "cutoff_day", doc: "day of the month on which the payment file is cut", fallback: "the last", value: shape{kind: integer, least: 1, most: 31}},
		}}},
		{name: "excludes", doc: "programmes beside which nobody can draw this one: who draws one of them is not entitled to this, and who draws both is a duplicate", value: shape{kind: list, single: true, item: &nameShape}},
		{name: "hands_over_to", doc: "programme to which a beneficiary changes who no longer meets this one's criteria and meets those of the other; it may exclude this one, which keeps nobody from changing", value: nameShape},
		{name: "per_household", doc: "most enrolments in one household", fallback: "no bound", value: bound("household")},
		{name: "per_caregiver", doc: "most enrolments for which one person collects", fallback: "no bound", value: bound("caregiver")},
		{name: "caregiver", doc: "paid to a caregiver", fallback: "false", value: shape{kind: truth}},
	}
}
