// Package review is the file in which cases go to a district without a network and
// come back decided: the evidence first, then cells to fill in, one row a case.
// Whatever people do to such a file, each row is taken for what it was given out
// as, or refused by itself.
package review

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"rollcall/jobs/cases"
)

// The columns that are read again; the others are evidence. They are found by these
// names, wherever they stand.
const (
	caseName     = "case"
	kindName     = "kind"
	decisionName = "decision"
	reasonName   = "reason"
	dayName      = "day"
	noteName     = "note"
	arrearsName  = "arrears"
	reviewerName = "reviewer"
	versionName  = "version"
	checkName    = "check"
)

// column is one column of a review file.
type column struct {
	name  string
	width float64  // characters
	fill  bool     // a person fills it in
	from  []string // columns of a run's lists: the first of them that a list has
	show  func(cases.Case) string
}

// evidence tells whether the column is shown to be read only.
func (c column) evidence() bool { return len(c.from) > 0 || c.show != nil }

// columns are those of a review file, in the order in which a reviewer needs them.
func columns() []column {
	return slices.Concat(
		[]column{
			{name: caseName, width: 19},
			{name: kindName, width: 11, show: func(c cases.Case) string { return c.Kind }},
			{name: "tier", width: 5, from: []string{"tier"}},
			{name: "state", width: 10, show: func(c cases.Case) string { return string(c.State) }},
			{name: "answer until", width: 11, show: func(c cases.Case) string { return cases.OptionalDay(c.AnswerBy) }},
			{name: "programme", width: 18, from: []string{"programme_title"}},
			{name: "area", width: 16, from: []string{"area_name"}},
			{name: "what was found", width: 40, from: []string{"reason"}},
			{name: "ask first", width: 36, from: []string{"ask"}},
		},
		sides(),
		[]column{
			{name: "agreement", width: 42, from: []string{"evidence"}},
			{name: "speaks against it", width: 34, from: []string{"against"}},
			{name: "signs of life afterwards", width: 34, from: []string{"life_evidence"}},
			{name: "why no higher tier", width: 30, from: []string{"tier_because"}},
			{name: "namesakes", width: 10, from: []string{"namesakes"}},
			{name: "criteria", width: 34, from: []string{"criteria"}},
			{name: "missing, and where to get it", width: 30, from: []string{"missing"}},
			{name: "for the household", width: 34, from: []string{"for_household"}},
			{name: "registration no.", width: 17, from: []string{"registration_number"}},
			{name: "registry office", width: 16, from: []string{"event_office"}},
			{name: "event from", width: 11, from: []string{"event_earliest"}},
			{name: "event to", width: 11, from: []string{"event_latest"}},
			{name: "registered", width: 11, from: []string{"registered_on"}},
			{name: "status of the registration", width: 12, from: []string{"event_status"}},
			{name: "enrolment", width: 18, from: []string{"enrolment_id"}},
			{name: "enrolment status", width: 11, from: []string{"enrolment_status"}},
			{name: "last paid", width: 11, from: []string{"last_paid_on"}},
			{name: "can be decided", width: 44, show: choices},
			{name: decisionName, width: 12, fill: true},
			{name: reasonName, width: 22, fill: true},
			{name: dayName, width: 12, fill: true},
			{name: noteName, width: 36, fill: true},
			{name: arrearsName, width: 14, fill: true},
			{name: reviewerName, width: 12, fill: true},
			{name: versionName, width: 8},
			{name: checkName, width: 14},
		},
	)
}

// sides sets the two records beside each other. The first is the one that the case
// is about: the beneficiary's, or the one in question; the other is the register's,
// or the one that would be kept.
func sides() []column {
	var out []column
	for _, f := range []struct {
		name, field string
		width       float64
	}{
		{"name", "full_name", 24},
		{"native name", "native_name", 18},
		{"sex", "sex", 7},
		{"birth", "birth_written", 13},
		{"identifiers", "identifiers", 24},
		{"mother", "mother_name", 18},
		{"father", "father_name", 18},
		{"spouse", "spouse_name", 18},
		{"address", "address", 26},
		{"phone", "phone", 15},
		{"id", "mention_id", 22},
	} {
		out = append(out,
			column{name: "record: " + f.name, width: f.width, from: []string{"beneficiary_" + f.field, "record_" + f.field, "person_" + f.field}},
			column{name: "other: " + f.name, width: f.width, from: []string{"register_" + f.field, "other_" + f.field}})
	}
	return out
}

// choices are the decisions that a case can have, each with its reasons.
func choices(c cases.Case) string {
	var out []string
	for _, act := range acts(c) {
		var codes []string
		for _, r := range cases.ReasonsFor(act, c.Kind) {
			codes = append(codes, r.Code)
		}
		out = append(out, string(act)+": "+strings.Join(codes, ", "))
	}
	return strings.Join(out, "; ")
}

// acts are the decisions that a review file takes. Who else was told of an exit is
// no decision, and is entered one by one.
func acts(c cases.Case) []cases.Act {
	return slices.DeleteFunc(cases.Possible(c.Path(), c.State), func(a cases.Act) bool { return a == cases.Tell })
}

// check vouches for a row: its case, that case's version and each cell of evidence
// belong together. It is against mishap, such as columns that were sorted apart;
// against malice there are the signature and the process.
func check(job, caseID, version string, cell func(name string) string) string {
	var sums strings.Builder
	for _, c := range columns() {
		if c.evidence() {
			sum := sha256.Sum256([]byte(strings.Join([]string{job, caseID, version, c.name, essence(cell(c.name))}, "\n")))
			sums.WriteString(hex.EncodeToString(sum[:1]))
		}
	}
	whole := sha256.Sum256([]byte(strings.Join([]string{job, caseID, version, sums.String()}, "\n")))
	// The letter keeps spreadsheets from taking it for a number.
	return "r" + hex.EncodeToString(whole[:4]) + "-" + sums.String()
}

// altered names the cells of evidence that a row's check does not vouch for.
func altered(given, found string) []string {
	var out []string
	const head = len("r") + 8 + len("-")
	i := head
	for _, c := range columns() {
		if c.evidence() {
			if i+2 > len(given) || given[i:i+2] != found[i:i+2] {
				out = append(out, strconv.Quote(c.name))
			}
			i += 2
		}
	}
	return out
}

// essence is what stays of a text when a spreadsheet has opened and saved it: its
// words and numbers in any order, without leading zeros and zeros of decimals, so
// that 2026-08-31 is 31/08/2026.
func essence(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.In(r, unicode.L, unicode.M, unicode.N) })
	for i, w := range words {
		if strings.Trim(w, "0123456789") == "" {
			words[i] = strings.Trim(w, "0")
		}
	}
	words = slices.DeleteFunc(words, func(w string) bool { return w == "" })
	slices.Sort(words)
	return strings.Join(words, " ")
}
