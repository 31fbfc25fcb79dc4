package config

import (
	"fmt"
	"slices"
	"strings"

	"rollcall/connectors"
	"rollcall/pipeline/clerical"
	"rollcall/pipeline/decide"
	"rollcall/pipeline/facts"
	"rollcall/pipeline/mapping"
	"rollcall/pipeline/report"
	"rollcall/pipeline/tables"
)

var (
	textShape       = shape{kind: words}
	nameShape       = shape{kind: words, check: checkName}
	integerShape    = shape{kind: integer, least: 0, most: 1 << 40}
	shareShape      = shape{kind: number, least: 0, most: 1}
	dayShape        = shape{kind: day}
	expressionShape = shape{kind: expression}
)

// eventTypes may stand in a mapping as they are; anything else there is an
// expression.
var eventTypes = []string{"birth", "death", "marriage", "divorce"}

// roles of the people whom an event names.
var roles = []struct{ name, doc string }{
	{"child", "the child of a birth"},
	{"mother", "the mother of a birth"},
	{"father", "the father of a birth"},
	{"deceased", "the person who died"},
	{"spouse", "the spouse whom a death names"},
	{"informant", "the person who declared the event"},
	{"groom", "the husband of a marriage or divorce"},
	{"bride", "the wife of a marriage or divorce"},
}

// jobShape declares the job file.
func jobShape(registry connectors.Registry) shape {
	return shape{kind: record, fields: []field{
		{name: "rollcall", required: true, doc: "version of this format", value: shape{kind: words, oneOf: []string{"1"}}},
		{name: "name", required: true, doc: "name of the job, part of its runs' ids", value: nameShape},
		{name: "title", doc: "title of the reports", fallback: "the name", value: textShape},
		{name: "legal_basis", doc: "by what right the two sides may be matched; after its last day no run is made", value: legalShape()},
		{name: "schedule", doc: "when `rollcall schedule` runs the job", fallback: "never by itself", value: scheduleShape()},
		{name: "data", required: true, doc: "folder of the inputs, relative to the job file; nothing outside it is read", value: textShape},
		{name: "output", required: true, doc: "folder of snapshots, runs and the ledger, relative to the job file", value: textShape},
		{name: "locale", doc: "locale pack of the country: its code, or a file relative to the job file", fallback: "the site file's, or ZZ, for any country", value: textShape},
		{name: "memory", doc: "most memory; changes speed; where pairs need more, the least likely are left out, with a warning", fallback: "a share of the machine's", value: shape{kind: size, check: checkMemory}},
		{name: "threads", doc: "most threads; changes speed, never results", fallback: "all processors", value: shape{kind: integer, least: 1, most: 1024}},
		{name: "notify", doc: "command and its arguments, called when a run ends, is held or fails", value: shape{kind: list, single: true, atLeastOne: true, item: &textShape}},
		{name: "codes", doc: "code directories: CSV files with source_code, canonical_code and, where codes change, valid_from, valid_to; relative to the job file", value: shape{kind: dictionary, named: "directory", item: &textShape}},
		{name: "areas", doc: "area tree: a CSV file with area_code, parent_code, level and name, relative to the job file, and, where areas were renumbered, merged or split, valid_from, valid_to, successors (codes, with ; between) and other_names: records of either vintage are compared as of one place. Where `area_code` is none of its codes, it is read as the name of an area, with those of the areas around it, as in `concat_ws(', ', village, upazila, district)`. Totals are given by the areas of level `district`", fallback: "totals by area code", value: textShape},
		{name: "mortality", doc: "population and deaths in a year per 1,000 people: a CSV file with area_code, sex, age_from, population and deaths_per_1000, relative to the job file. An empty area_code is everywhere, an empty sex both, an empty age_from all ages. The quality page holds the registered deaths against them, and, where there are rates by age, those found among the enrolled", fallback: "the completeness of the register is not known", value: textShape},
		{name: "least_cell", doc: "smallest count that `totals_public.csv` shows; smaller ones are hidden, and those from which they could be had", fallback: fmt.Sprint(report.DefaultLeastCell), value: shape{kind: integer, least: 2, most: 1000}},
		{name: "sample_pairs", doc: "about how many pairs each run draws for people to judge, into `sample.xlsx`; 0 draws none", fallback: fmt.Sprint(clerical.DefaultPairs), value: shape{kind: integer, least: 0, most: 10_000}},
		{name: "sources", required: true, doc: "what is read, by name", value: sourcesShape(registry)},
		{name: "link", doc: "how records are compared: `threshold`, or a specification as `rollcall link` writes it, or one each for `register`, `roster` and `across`", fallback: "made from what both sides know", value: linkShape()},
		{name: "gate", doc: "what holds a run", value: gateShape()},
		{name: "tiers", doc: "what a line of the lists needs to be in a tier", value: tiersShape()},
		{name: "facts", doc: "what a record needs to be believed", value: factsShape()},
		{name: "programmes", doc: "programme files, relative to the job file; * and ? match within a name", value: shape{kind: list, single: true, item: &textShape}},
	}}
}

// legalShape declares what a matching agreement says (5 U.S.C. 552a(o): purpose
// and legal authority, records matched, at most 18 months).
func legalShape() shape {
	return shape{kind: record, fields: []field{
		{name: "purpose", required: true, doc: "what the lists may be used for", value: textShape},
		{name: "agreement", required: true, doc: "act, agreement or decision that allows it", value: textShape},
		{name: "expires", required: true, doc: "last day on which it allows it", value: dayShape},
	}}
}

func scheduleShape() shape {
	return shape{kind: record, fields: []field{
		{name: "cron", required: true, doc: "minute hour day month weekday", value: shape{kind: words, check: checkCron}},
		{name: "time_zone", doc: "time zone of the cron expression (IANA)", fallback: "UTC", value: shape{kind: words, check: checkTimeZone}},
		{name: "catch_up", doc: "which missed runs are made up for", fallback: "latest", value: shape{kind: words, oneOf: []string{"none", "latest", "all"}}},
	}}
}

func gateShape() shape {
	return shape{kind: record, fields: []field{
		{name: "row_change", doc: "largest change of a source's rows against the last good run, as a share; half of it warns", fallback: "0.3", value: shape{kind: number, least: 0, most: 100}},
		{name: "list_share", doc: "largest share of the active enrolments of a programme, or of it in one district, that lines could end in a first run", fallback: "0.15", value: shareShape},
		{name: "list_growth", doc: "largest ratio of a list, or of what of it could end enrolments, to the median of the last good runs", fallback: "3", value: shape{kind: number, least: 1, most: 1000}},
		{name: "null_rate_change", doc: "largest change of the share of missing values of a column", fallback: "0.1", value: shareShape},
	}}
}

func tiersShape() shape {
	return shape{kind: record, fields: []field{
		{name: "t1", doc: "least match probability of a corroborated line", fallback: fmt.Sprint(decide.DefaultThresholdT1), value: shareShape},
		{name: "t2", doc: "least match probability of a probable line", fallback: fmt.Sprint(decide.DefaultThresholdT2), value: shareShape},
		{name: "t3", doc: "least match probability of a possible line", fallback: fmt.Sprint(decide.DefaultThresholdT3), value: shareShape},
		{name: "margin_bits", doc: "how far a match must lie above the runner-up to be probable", fallback: fmt.Sprint(decide.DefaultMarginBits), value: shape{kind: number, least: 0, most: 100}},
		{name: "namesakes", doc: "namesakes from which a name proves little", fallback: fmt.Sprint(decide.DefaultNamesakes), value: shape{kind: integer, least: 1, most: 1e6}},
		{name: "area_prefix", doc: "characters of an area code that name its top level", fallback: fmt.Sprint(decide.DefaultAreaPrefix), value: shape{kind: integer, least: 1, most: 20}},
	}}
}

func factsShape() shape {
	return shape{kind: record, fields: []field{
		{name: "solid_probability", doc: "least match probability of a record that takes something away from somebody, such as a death", fallback: fmt.Sprint(facts.DefaultSolidProbability), value: shareShape},
		{name: "life_evidence_days", doc: "days for which a record of life still speaks", fallback: fmt.Sprint(facts.DefaultLifeEvidenceDays), value: shape{kind: integer, least: 1, most: 3660}},
	}}
}

func sourcesShape(registry connectors.Registry) shape {
	source := shape{
		kind: record,
		fields: []field{
			{name: "side", required: true, doc: "crvs (civil register) or sp (social protection)", value: shape{kind: words, oneOf: []string{tables.Register, tables.Roster}}},
			{name: "connector", required: true, doc: "kind of source; its own settings stand beside it", value: shape{kind: words, oneOf: registry.Names()}},
			{name: "expect", doc: "what the source promises; the gate holds the run when it is not so", value: expectShape()},
			{name: "key", required: true, doc: "native key of the record", value: expressionShape},
			{name: "received", doc: "day on which the record reached us; later ones than the as-of day are cut", value: expressionShape},
			{name: "version", doc: "version of the record; the highest received counts", value: expressionShape},
			{name: "map", required: true, doc: "what each row becomes", value: mapShape()},
		},
		more: func(n *node) ([]field, bool) {
			c, ok := registry.Lookup(n.textOf("connector"))
			if !ok {
				return nil, false
			}
			return settingFields(c), true
		},
	}
	return shape{kind: dictionary, named: "source", atLeastOne: true, item: &source}
}

// settingFields are a connector's settings as fields of a source.
func settingFields(c connectors.Connector) []field {
	fields := make([]field, len(c.Settings))
	for i, s := range c.Settings {
		value := shape{kind: words, oneOf: s.OneOf}
		if s.List {
			value = shape{kind: list, single: true, atLeastOne: s.Required, item: &shape{kind: words, oneOf: s.OneOf}}
		}
		fields[i] = field{name: s.Name, doc: s.Doc, fallback: s.Default, required: s.Required, secret: s.Secret, value: value}
	}
	return fields
}

func expectShape() shape {
	return shape{kind: record, fields: []field{
		{name: "rows", doc: "least and most rows, as [least, most]; for the first run", value: shape{kind: list, item: &integerShape}},
		{name: "age_days", doc: "most days between the newest record received and the as-of day", value: shape{kind: integer, least: 0, most: 36500}},
		{name: "null_rates", doc: "largest share of missing values, by column of the source", value: shape{kind: dictionary, named: "column", item: &shareShape}},
		{name: "reject_rate", doc: "largest share of rows that cannot be read", fallback: "0.05", value: shareShape},
	}}
}

// mapShape has one field for each table that a row may give.
func mapShape() shape {
	fields := []field{{name: "event", doc: "a vital event", value: outputShape("event", "")}}
	mentions := make([]field, len(roles))
	for i, r := range roles {
		mentions[i] = field{name: r.name, doc: r.doc, value: outputShape("mention", r.name)}
	}
	fields = append(fields, field{name: "mentions", doc: "the people whom the event names, by role", value: shape{kind: record, fields: mentions}},
		field{name: "member", doc: "a member of the roster", value: outputShape("mention", member)})
	for _, t := range []tables.Table{tables.Household(), tables.Enrolment(), tables.Payment(), tables.Attribute()} {
		fields = append(fields, field{name: t.Name, doc: t.Doc, value: outputShape(t.Name, "")})
	}
	return shape{kind: record, fields: fields}
}

// needed are the fields without which a row of a table says nothing.
var needed = map[string][]string{
	"event":     {"type", "occurred"},
	"enrolment": {"programme", "member", "status"},
	"payment":   {"enrolment", "cycle", "amount"},
	"attribute": {"name", "value"},
}

// member is the role of the people of a roster.
const member = "member"

// ofRoster are the fields of a mention that only a roster has.
var ofRoster = []string{"household", "relationship_to_head", "status"}

// outputShape declares the fields that a row of a table may be given.
func outputShape(table, role string) shape {
	fields := []field{{name: "when", doc: "the row gives one only where this holds", fallback: "always", value: expressionShape}}
	for _, name := range fieldNames(table, role) {
		fields = append(fields, field{name: name, doc: fieldDoc(table, name), required: slices.Contains(needed[table], name), value: expressionShape})
	}
	if table == "mention" {
		fields = append(fields, field{name: "identifiers", doc: "identity numbers by type: national_id, birth_registration, …", value: shape{
			kind: dictionary, named: "identifier type", item: &shape{kind: record, bare: "value", fields: []field{
				{name: "value", required: true, doc: "the number", value: expressionShape},
				{name: "verified", doc: "true where it was checked against the issuing register", value: expressionShape},
			}},
		}})
	}
	return shape{kind: record, fields: fields}
}

// fieldNames lists the fields of a table that an expression can fill: those that
// mapping has, and the part of an attribute's key that the source gives.
func fieldNames(table, role string) []string {
	names := add(mapping.Names(table), needed[table])
	slices.Sort(names)
	if table != "mention" || role == member {
		return names
	}
	return slices.DeleteFunc(names, func(name string) bool { return slices.Contains(ofRoster, name) })
}

// fieldDocs say what a field holds where the canonical column does not tell.
var fieldDocs = map[string]string{
	"event.type":          "birth, death, marriage or divorce as it stands, or an expression that gives one of them",
	"mention.age":         "age in completed years, used where there is no birth",
	"mention.age_on":      "day on which the age was so, also one that stands in place of the birth (about 65 years); default: the day of the event, or the day received",
	"attribute.member":    "native key of the member that it is about",
	"attribute.household": "native key of the household that it is about",
	"enrolment.member":    "native key of the member who is the beneficiary",
	"enrolment.caregiver": "native key of the member who collects on behalf of the beneficiary",
	"enrolment.household": "native key of the household",
	"mention.household":   "native key of the household that lists the member",
	"payment.enrolment":   "native key of the enrolment that it pays",
}

// fieldDoc is what the canonical column says of itself.
func fieldDoc(table, name string) string {
	if doc, ok := fieldDocs[table+"."+name]; ok {
		return doc
	}
	for _, t := range tables.All() {
		if t.Name != table {
			continue
		}
		for _, column := range []string{name, name + "_on", name + "_written"} {
			if c, ok := t.Column(column); ok {
				return strings.TrimSuffix(c.Doc, ", as the source wrote it")
			}
		}
	}
	return ""
}
