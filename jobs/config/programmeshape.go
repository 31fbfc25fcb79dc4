package config

import (
	"errors"
	"regexp"
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

// programmeShape declares a programme file: one version of one programme's rules.
func programmeShape() shape {
	criterion := shape{kind: record, fields: []field{
		{name: "name", required: true, doc: "name of the criterion, as the reports show it", value: nameShape},
		{name: "expression", required: true, doc: "TRUE, FALSE or NULL, which is unknown", value: expressionShape},
		{name: "presume", doc: "what is done when it is unknown; met and not_met need a source", fallback: "ask", value: shape{kind: words, oneOf: []string{"met", "not_met", "ask"}}},
		{name: "source", doc: "law that sets the criterion or allows the presumption", value: textShape},
		{name: "where", doc: "where a missing fact could be had", value: textShape},
	}}
	return shape{kind: record, fields: []field{
		{name: "rollcall_programme", required: true, doc: "version of this format", value: shape{kind: words, oneOf: []string{"1"}}},
		{name: "code", required: true, doc: "code of the programme, as enrolments name it", value: nameShape},
		{name: "title", doc: "title for people", fallback: "the code", value: textShape},
		{name: "version", required: true, doc: "name of this version of the rules", value: textShape},
		{name: "valid_from", required: true, doc: "first day on which this version holds", value: dayShape},
		{name: "valid_to", doc: "last day on which it holds", fallback: "in force", value: dayShape},
		{name: "source", required: true, doc: "law or circular", value: textShape},
		{name: "subjects", doc: "member (people of the roster) or child (children too whom only the register knows)", fallback: "member", value: shape{kind: words, oneOf: []string{"member", "child"}}},
		{name: "criteria", required: true, doc: "conditions that must all be met", value: shape{kind: list, atLeastOne: true, item: &criterion}},
		{name: "amount", required: true, doc: "what is paid", value: shape{kind: record, fields: []field{
			{name: "value", required: true, doc: "amount as a decimal", value: shape{kind: words, check: checkAmount}},
			{name: "currency", required: true, doc: "ISO 4217 code", value: shape{kind: words, check: checkCurrency}},
			{name: "per", doc: "period of the amount", fallback: "month", value: shape{kind: words, oneOf: []string{"month"}}},
		}}},
		{name: "ends", doc: "when the entitlement ends after a death", value: shape{kind: record, fields: []field{
			{name: "when", doc: "on the day of the death, or at the end of its month", fallback: "day", value: shape{kind: words, oneOf: []string{"day", "month_end"}}},
			{name: "bereavement_days", doc: "days after that for which it is still paid", fallback: "0", value: shape{kind: integer, least: 0, most: 3660}},
		}}},
		{name: "payment", doc: "how it is paid", value: shape{kind: record, fields: []field{
			{name: "timing", doc: "before or after the month", fallback: "arrears", value: shape{kind: words, oneOf: []string{"arrears", "advance"}}},
			{name: "cutoff_day", doc: "day of the month on which the payment file is cut", fallback: "the last", value: shape{kind: integer, least: 1, most: 31}},
		}}},
		{name: "excludes", doc: "programmes beside which nobody can draw this one: who draws one of them is not entitled to this, and who draws both is a duplicate", value: shape{kind: list, single: true, item: &nameShape}},
		{name: "per_household", doc: "most enrolments in one household", fallback: "0, no bound", value: shape{kind: integer, least: 0, most: 1000}},
		{name: "caregiver", doc: "paid to a caregiver", fallback: "false", value: shape{kind: truth}},
	}}
}
