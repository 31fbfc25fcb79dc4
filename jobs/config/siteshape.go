package config

import (
	"fmt"
	"strings"

	"rollcall/jobs/cases"
	"rollcall/jobs/envelope"
	"rollcall/pipeline/audit"
)

// siteShape declares rollcall.yaml: who may decide, in what time, and how long files
// are kept.
func siteShape() shape {
	person := shape{kind: record, fields: []field{
		{name: "id", required: true, doc: "short name by which the person is called on the command line", value: nameShape},
		{name: "name", required: true, doc: "name as people know it", value: textShape},
		{name: "role", required: true, doc: "officer (verifies and decides on cases), approver (also ends enrolments as the second person, releases runs) or auditor (reads)", value: shape{kind: words, oneOf: []string{"officer", "approver", "auditor"}}},
		{name: "districts", doc: "beginnings of the area codes whose cases the person decides on", fallback: "everywhere", value: shape{kind: list, single: true, item: &textShape}},
		{name: "account", doc: "name of the person's account of this machine's operating system: decisions made under it are the person's", value: textShape},
		{name: "key", doc: "public key of the person, as `rollcall cases key` prints it: decisions signed with it are the person's", value: shape{kind: words, check: cases.CheckKey}},
		{name: "age_key", doc: "public key of age (`age-keygen`), for files that are encrypted for the person: `review export --to`, `runs export --to`", value: shape{kind: words, check: envelope.CheckKey}},
	}}
	office := shape{kind: record, fields: []field{
		{name: "name", required: true, doc: "short name by which the office is called on the command line", value: nameShape},
		{name: "age_key", required: true, doc: "its public key of age", value: shape{kind: words, check: envelope.CheckKey}},
	}}
	wait := shape{kind: record, fields: []field{
		{name: "area", required: true, doc: "beginning of area codes", value: textShape},
		{name: "days", required: true, doc: "days that a notice gives there", value: shape{kind: integer, least: 1, most: 3660}},
	}}
	basis := shape{kind: record, fields: []field{
		{name: "reason", required: true, doc: "code of the closed list (`rollcall cases reasons`)", value: shape{kind: words, oneOf: reasonCodes()}},
		{name: "law", required: true, doc: "act and section by which it is a reason here", value: textShape},
	}}
	keep := shape{kind: record, fields: []field{
		{name: "class", required: true, doc: classDocs(), value: shape{kind: words, oneOf: classes()}},
		{name: "days", required: true, doc: "days after the end of a run; 0 until nothing rests on them", value: shape{kind: integer, least: 0, most: 36600}},
		{name: "law", required: true, doc: "act and section, or order, by which they are deleted then; the log and who looks for them has it", value: textShape},
	}}
	held := shape{kind: record, fields: []field{
		{name: "order", required: true, doc: "who ordered it, and where that is written", value: textShape},
		{name: "runs", doc: "beginnings of run ids", fallback: "every run", value: shape{kind: list, single: true, item: &textShape}},
	}}
	return shape{kind: record, fields: []field{
		{name: "rollcall_site", doc: "version of this format", value: shape{kind: words, oneOf: []string{"1"}}},
		{name: "locale", doc: "locale pack of the jobs beside it that name none", fallback: "ZZ, for any country", value: textShape},
		{name: "row_key", doc: "file with the secret key under which rows are sealed, made at the first run; keep it with the owner of the data", fallback: "row.key in the output folder", value: textShape},
		{name: "people", required: true, doc: "who may decide and release", value: shape{kind: list, atLeastOne: true, item: &person}},
		{name: "wait_days", doc: "days that a notice gives a household to answer", fallback: "30", value: shape{kind: integer, least: 1, most: 3660}},
		{name: "waits", doc: "areas whose law gives another time; the longest beginning of a code counts", value: shape{kind: list, item: &wait}},
		{name: "expire_days", doc: "days after which a case on which nobody acted begins anew", fallback: "365", value: shape{kind: integer, least: 1, most: 3660}},
		{name: "legal_basis", doc: "the law here, by reason", fallback: "the law that the list was modelled on", value: shape{kind: list, item: &basis}},
		{name: "recipients", doc: "offices and districts for which files can be encrypted", value: shape{kind: list, item: &office}},
		{name: "retention", doc: "how long the files of a run are kept, by class; `rollcall runs prune` deletes what is past its time", fallback: "all are kept", value: shape{kind: list, item: &keep}},
		{name: "legal_holds", doc: "orders to keep files whose time is over", value: shape{kind: list, item: &held}},
	}}
}

func classes() []string {
	var names []string
	for _, c := range audit.Classes() {
		names = append(names, string(c.Class))
	}
	return names
}

func classDocs() string {
	var docs []string
	for _, c := range audit.Classes() {
		docs = append(docs, fmt.Sprintf("%s (%s)", c.Class, c.Doc))
	}
	return strings.Join(docs, "; ")
}

func reasonCodes() []string {
	var codes []string
	for _, r := range cases.Reasons() {
		codes = append(codes, r.Code)
	}
	return codes
}
