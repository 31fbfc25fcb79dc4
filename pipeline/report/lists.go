package report

import (
	"maps"
	"slices"

	"rollcall/pipeline/decide"
	"rollcall/pipeline/facts"
	"rollcall/pipeline/tables"
)

// listSQL joins a proposal with everything that the officer needs beside it.
// mention_id is empty for a child that only the register knows; the other mention
// is then its own.
const listSQL = `FROM proposal p
LEFT JOIN report_mention a ON a.mention_id = coalesce(p.mention_id, p.other_mention_id)
LEFT JOIN report_mention o ON o.mention_id = p.other_mention_id
LEFT JOIN report_identifiers ai ON ai.mention_id = a.mention_id
LEFT JOIN report_identifiers oi ON oi.mention_id = o.mention_id
LEFT JOIN report_enrolment e ON e.enrolment_id = p.enrolment_id
LEFT JOIN report_mention cg ON cg.mention_id = e.caregiver_mention_id
LEFT JOIN report_household h ON h.household_id = p.household_id
LEFT JOIN report_event v ON v.event_id = p.event_id
LEFT JOIN report_paid y ON y.enrolment_id = p.enrolment_id
LEFT JOIN report_area r ON r.area_code = p.area_code
LEFT JOIN report_programme g ON g.programme = p.programme`

// Lists are the names of the lists of action, by the kind of proposal.
func Lists() map[string]string {
	names := map[string]string{}
	for _, l := range (&maker{}).lists() {
		names[l.kind] = l.name
	}
	return names
}

// lists are the lists of action, in the order in which people read them.
func (m *maker) lists() []list {
	tiered := []string{"tier", "district", "area_code", "programme", "case_id"}
	plain := []string{"programme", "district", "area_code", "reason_code", "case_id"}
	return []list{
		{
			kind: "exit", name: "exits", title: "Deceased exits", tiered: true, order: tiered,
			about: "beneficiaries who, by the civil register, seem to have died while their enrolment is open",
			columns: slices.Concat(m.head(true), sides("beneficiary", "Beneficiary", "register", "Register"),
				enrolmentColumns(), eventColumns("Death"), matchColumns(), tierColumns("exit"), doubtColumns(), effectColumns(), tail()),
		},
		{
			kind: "duplicate", name: "duplicates", title: "Duplicates", tiered: true, order: tiered,
			about: "two records that seem to be one person: in the roster, across programmes, or in the register",
			columns: slices.Concat(m.head(true), sides("record", "Record", "other", "Other record"),
				enrolmentColumns(), []column{
					from(tables.Proposal(), "p", "other_enrolment_id").written().sheet("Enrolment that would be kept", 22),
				}, matchColumns(), tierColumns("duplicate"), doubtColumns(), tail()),
		},
		{
			kind: "eligibility", name: "eligibility", title: "Eligibility", order: plain,
			about: "people who are enrolled and whose entitlement is no longer supported by the records, or unknown",
			columns: slices.Concat(m.head(false), onePerson("beneficiary", "Beneficiary"),
				enrolmentColumns(), eventColumns("Event"), criteriaColumns(), doubtColumns(), tail()),
		},
		{
			kind: "registration", name: "registrations", title: "Registrations", order: plain,
			about: "people who by the records are entitled and are not enrolled",
			columns: slices.Concat(m.head(false), onePerson("person", "Person"),
				eventColumns("Event"), criteriaColumns(), doubtColumns(), tail()),
		},
		{
			kind: "reinstatement", name: "reinstatements", title: "Reinstatements", order: plain,
			about: "enrolments that were closed or suspended after a death which the register has since revoked",
			columns: slices.Concat(m.head(false), sides("beneficiary", "Beneficiary", "register", "Register"),
				enrolmentColumns(), eventColumns("Death"), matchColumns(), doubtColumns(), tail()),
		},
	}
}

// head opens every list.
func (m *maker) head(tiered bool) []column {
	p := tables.Proposal()
	cols := []column{
		text("run_id", tables.Literal(m.cfg.RunID), "run that wrote the line").key(),
		typed("as_of", tables.Date, tables.Literal(m.asOf()), "day up to which the run knew the registers"),
		from(p, "p", "case_id").key().sheet("Case", 20),
	}
	if tiered {
		cols = append(cols, from(p, "p", "tier").sheet("Tier", 6))
	}
	return append(cols,
		from(p, "p", "programme").written(),
		text("programme_title", "coalesce(g.title, p.programme)", "title of the programme").sheet("Programme", 22),
		text("programme_version", "g.version", "version of the programme's rules that were applied"),
		text("district", districtSQL, "name of the district, or the area's code when its name is not known").written().sheet("District", 16),
		from(p, "p", "area_code").written(),
		text("area_name", areaSQL, "name of the area").written().sheet("Area", 18),
		from(p, "p", "reason_code"),
		from(p, "p", "reason").sheet("Reason", 44),
		from(p, "p", "proposed_action").sheet("What is proposed", 30),
		from(p, "p", "ask").sheet("Ask first", 40),
		from(p, "p", "subject_id").written(),
		from(p, "p", "household_id").written().sheet("Household", 20),
	)
}

const (
	districtSQL = "coalesce(r.district, p.area_code, 'not known')"
	areaSQL     = "coalesce(r.name, p.area_code)"
)

// field is one thing that two records say about a person.
type field struct {
	name, heading string
	width         float64 // 0: not in the sheet
}

var compared = []field{
	{"mention_id", "record", 24},
	{"full_name", "name", 26},
	{"given_name", "", 0},
	{"family_name", "", 0},
	{"native_name", "native name", 20},
	{"sex", "sex", 8},
	{"birth_written", "birth as written", 14},
	{"birth_earliest", "born from", 12},
	{"birth_latest", "born to", 12},
	{"birth_precision", "birth precision", 10},
	{"identifiers", "identifiers", 26},
	{"mother_name", "mother", 20},
	{"father_name", "father", 20},
	{"spouse_name", "spouse", 20},
	{"address", "address", 28},
	{"phone", "phone", 16},
}

// comparedColumns are the columns of a mention that lists and totals show.
func comparedColumns() []string {
	var names []string
	for _, f := range compared {
		if f.name != "identifiers" {
			names = append(names, f.name)
		}
	}
	return names
}

const identifiersDoc = "identity numbers as written, with what is wrong about them"

func describe(f field, prefix, heading, alias, identifiers string) column {
	c := text(prefix+"_identifiers", identifiers+".identifiers", identifiersDoc)
	if f.name != "identifiers" {
		c = from(tables.Mention(), alias, f.name)
		c.Name = prefix + "_" + f.name
	}
	c.foreign = c.Type == tables.Text && f.name != "sex" && f.name != "birth_precision"
	if f.width > 0 {
		c = c.sheet(heading+": "+f.heading, f.width)
	}
	return c
}

// sides sets what the two records say beside each other, field by field.
func sides(left, leftHeading, right, rightHeading string) []column {
	var cols []column
	for _, f := range compared {
		l := describe(f, left, leftHeading, "a", "ai")
		l.Doc = leftHeading + ": " + l.Doc
		r := describe(f, right, rightHeading, "o", "oi")
		r.Doc = rightHeading + ": " + r.Doc
		cols = append(cols, l, r)
	}
	return cols
}

func onePerson(prefix, heading string) []column {
	var cols []column
	for _, f := range compared {
		cols = append(cols, describe(f, prefix, heading, "a", "ai"))
	}
	return cols
}

func enrolmentColumns() []column {
	return []column{
		from(tables.Proposal(), "p", "enrolment_id").written().sheet("Enrolment", 20),
		text("enrolment_status", "e.status", "active, suspended or closed").sheet("Enrolment status", 12),
		typed("enrolled_on", tables.Date, "e.from_on", "first day of the enrolment").sheet("Enrolled on", 12),
		text("caregiver_name", "cg.full_name", "who collects on behalf of the beneficiary, as written").written().sheet("Collected by", 22),
		text("household_address", "h.address", "address of the household as written").written(),
		text("household_phone", "h.phone", "telephone number of the household as written").written().sheet("Household: phone", 16),
		text("last_paid_cycle", "y.last_cycle", "latest month that was paid for, YYYY-MM").written().sheet("Last month paid", 10),
		typed("last_paid_on", tables.Date, "y.last_paid_on", "day of the latest payment").sheet("Last paid on", 12),
	}
}

func eventColumns(heading string) []column {
	p := tables.Proposal()
	return []column{
		from(p, "p", "event_id").written(),
		from(p, "p", "registration_number").written().sheet(heading+": registration no.", 18),
		text("event_office", "v.office", "registry office").written().sheet(heading+": office", 16),
		text("event_written", "v.occurred_written", "day of the event as the source wrote it").written(),
		from(p, "p", "event_earliest").sheet(heading+": from", 12),
		from(p, "p", "event_latest").sheet(heading+": to", 12),
		from(p, "p", "registered_on").sheet(heading+": registered", 12),
		from(p, "p", "received_on").sheet(heading+": received", 12),
		from(p, "p", "event_status").sheet(heading+": status", 11),
	}
}

func matchColumns() []column {
	p := tables.Proposal()
	return []column{
		from(p, "p", "agreement"),
		text("evidence", evidenceSQL, "the agreement of the two records in words").sheet("Evidence", 48),
		from(p, "p", "match_probability").sheet("Match probability", 11),
		from(p, "p", "match_weight_bits").sheet("Evidence in bits", 10),
		from(p, "p", "margin_bits").sheet("Margin in bits", 10),
		from(p, "p", "runner_up_id").written(),
		from(p, "p", "namesakes").sheet("Namesakes", 10),
	}
}

// evidenceSQL words the agreement; a level that it does not know stays as it is.
const evidenceSQL = `array_to_string(list_transform(p.agreement, lambda x:
 replace(split_part(x, '=', 1), '_', ' ') || CASE split_part(x, '=', 2)
  WHEN 'exact' THEN ' agrees' WHEN 'close' THEN ' is close' WHEN 'differs' THEN ' DIFFERS'
  WHEN 'missing' THEN ' is not on both' ELSE ': ' || split_part(x, '=', 2) END), '; ')`

func doubtColumns() []column {
	p := tables.Proposal()
	return []column{
		from(p, "p", "contradictions"),
		text("against", inWords("p.contradictions", contradictions()), "the contradictions in words").sheet("Speaks against it", 36),
		from(p, "p", "life_evidence").written().sheet("Signs of life afterwards", 36),
		from(p, "p", "household_effects").written(),
		text("for_household", effectsInWords(), "what follows for the rest of the household, in words").written().sheet("For the household", 36),
	}
}

// tierColumns say why a line of a kind is in no higher tier.
func tierColumns(kind string) []column {
	words := map[string]string{}
	for _, r := range decide.TierReasons() {
		if r.Kind == kind {
			words[r.Code] = r.Text
		}
	}
	return []column{
		from(tables.Proposal(), "p", "tier_reasons"),
		text("tier_because", inWords("p.tier_reasons", words), "what keeps the line from a higher tier, in words").sheet("Why no higher tier", 36),
	}
}

// contradictions are those of exits and of duplicates, in words, by code.
func contradictions() map[string]string {
	words := map[string]string{}
	for _, c := range slices.Concat(facts.Contradictions(), decide.DuplicateContradictions()) {
		words[c.Code] = c.Text
	}
	return words
}

// inWords is the SQL that words a list of codes; a code without words stays as it
// is.
func inWords(codes string, words map[string]string) string {
	return "array_to_string(list_transform(" + codes + ", lambda x: " + worded("x", words) + "), '; ')"
}

// worded is the SQL that words one code.
func worded(code string, words map[string]string) string {
	cases := ""
	for _, c := range slices.Sorted(maps.Keys(words)) {
		cases += " WHEN " + tables.Literal(c) + " THEN " + tables.Literal(words[c])
	}
	return "CASE " + code + cases + " ELSE " + code + " END"
}

// effectsInWords words the code of each effect and leaves whom it is about.
func effectsInWords() string {
	words := map[string]string{}
	for _, e := range decide.HouseholdEffects() {
		words[e.Code] = e.Text
	}
	code := worded("split_part(x, ':', 1)", words)
	return "array_to_string(list_transform(p.household_effects, lambda x: " + code + " || ': ' || substr(x, strpos(x, ':') + 1)), '; ')"
}

func effectColumns() []column {
	p := tables.Proposal()
	return []column{
		from(p, "p", "entitlement_ended_on").sheet("Entitlement would end", 12),
		from(p, "p", "currency").sheet("Currency", 9),
		from(p, "p", "paid_after").sheet("Potential overpayment", 14),
		from(p, "p", "paid_unavoidable").sheet("of it: unavoidable", 13),
		from(p, "p", "paid_late_registration").sheet("of it: late registration", 13),
		from(p, "p", "paid_late_extract").sheet("of it: late extract", 13),
		from(p, "p", "paid_late_action").sheet("of it: late action", 13),
	}
}

func criteriaColumns() []column {
	p := tables.Proposal()
	return []column{
		from(p, "p", "criteria").sheet("Criteria", 40),
		from(p, "p", "presumed").sheet("Presumed", 32),
		from(p, "p", "missing").sheet("Missing, and where to get it", 36),
	}
}

func tail() []column {
	return []column{from(tables.Proposal(), "p", "supersedes").sheet("Changed since", 14)}
}
