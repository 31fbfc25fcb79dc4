package main

import (
	"fmt"
	"slices"
	"strings"

	"rollcall/jobs/config"
	"rollcall/matchers/locale"
	"rollcall/pipeline/tables"
)

// rosterTable tells what a file of the roster is, and drafts its fields.
func (f found) rosterTable() (string, []config.DraftColumn) {
	named := f.of("", "given") != "" || f.of("", "full") != "" || f.of("", "family") != ""
	member, programme := f.headed("member", "person", "beneficiary"), f.headed("programme", "program", "scheme")
	switch {
	case !named && f.headed("amount") != "" && f.headed("enrolment", "enrollment") != "":
		return "payments", f.payment()
	case !named && programme != "" && member != "":
		return "enrolments", f.enrolment(member, programme)
	case !named && f.headed("name") != "" && f.headed("value") != "":
		return "attributes", f.attribute()
	case named:
		return "members", f.member()
	case f.of("", "household") != "" || strings.Contains(strings.ToLower(f.plainKey()), "household"):
		return "households", f.household()
	}
	return "", nil
}

func (f found) member() []config.DraftColumn {
	var fields []config.DraftColumn
	fields = take(fields, "member.household", f.householdColumn(), "")
	fields = f.mention(fields, "member", "", "")
	if status := f.headed("status"); status != "" && f.onlyHas(status, "active", "left", "dead") {
		fields = take(fields, "member.status", status, "active, left or dead")
	}
	return take(fields, "member.recorded_on", f.headed("registered", "enumerated", "interview", "recorded", "updated"), "")
}

// householdColumn is the column with the household's number.
func (f found) householdColumn() string {
	for _, g := range f.guesses {
		if g.Meaning == "household" {
			return g.Column
		}
	}
	for _, c := range f.table.Columns {
		lower := strings.ToLower(c.Name)
		if strings.Contains(lower, "household") || strings.HasPrefix(lower, "hh_") || lower == "hhid" {
			return c.Name
		}
	}
	return ""
}

// onlyHas tells whether a column has no other values.
func (f found) onlyHas(column string, values ...string) bool {
	for _, v := range f.values(column) {
		if !slices.Contains(values, strings.ToLower(v)) {
			return false
		}
	}
	return true
}

func (f found) household() []config.DraftColumn {
	var fields []config.DraftColumn
	fields = take(fields, "household.area_code", f.area(), "")
	if address := f.address(); address != "" {
		fields = append(fields, config.DraftColumn{Field: "household.address", Expression: address})
	}
	fields = take(fields, "household.phone", f.of("", "phone"), "")
	return take(fields, "household.enumerated_on", f.headed("enumerated", "interview", "visited", "registered"), "")
}

func (f found) enrolment(member, programme string) []config.DraftColumn {
	var fields []config.DraftColumn
	fields = take(fields, "enrolment.programme", programme, "")
	fields = take(fields, "enrolment.member", member, "")
	fields = take(fields, "enrolment.household", f.householdColumn(), "")
	if caregiver := f.headed("caregiver", "guardian"); caregiver != member {
		fields = take(fields, "enrolment.caregiver", caregiver, "")
	}
	if status := f.headed("status"); status != "" {
		fields = take(fields, "enrolment.status", status, "active, suspended or closed")
	} else {
		fields = append(fields, config.DraftColumn{Field: "enrolment.status", Expression: "'active'"})
	}
	fields = take(fields, "enrolment.from", f.headed("start", "from", "enrolled"), "")
	return take(fields, "enrolment.to", f.headed("end", "to", "closed"), "")
}

func (f found) payment() []config.DraftColumn {
	var fields []config.DraftColumn
	fields = take(fields, "payment.enrolment", f.headed("enrolment", "enrollment"), "")
	fields = take(fields, "payment.cycle", f.headed("cycle", "period", "month", "paid"), "")
	fields = take(fields, "payment.amount", f.headed("amount"), "")
	fields = take(fields, "payment.currency", f.headed("currency"), "")
	fields = take(fields, "payment.channel", f.headed("channel"), "in_person is evidence of life; anything else is not")
	return take(fields, "payment.paid_on", f.headed("paid", "payment"), "")
}

func (f found) attribute() []config.DraftColumn {
	var fields []config.DraftColumn
	subject, kind := f.headed("subject", "member"), ""
	for _, c := range f.table.Columns {
		lower := strings.ToLower(c.Name)
		switch {
		case lower == "subject_type":
			kind = c.Name
		case lower == "subject_id", lower == "member_id":
			subject = c.Name
		}
	}
	if kind != "" {
		for _, who := range []string{"member", "household"} {
			fields = append(fields, config.DraftColumn{
				Name: subject, Field: "attribute." + who,
				Expression: fmt.Sprintf("CASE WHEN %s = '%s' THEN %s END", config.ColumnSQL(kind), who, config.ColumnSQL(subject)),
			})
		}
	} else {
		fields = take(fields, "attribute.member", subject, "")
	}
	fields = take(fields, "attribute.name", f.headed("name"), "")
	fields = take(fields, "attribute.value", f.headed("value"), "")
	return take(fields, "attribute.as_of", f.headed("of", "date", "on"), "")
}

// relationshipWords are words and codes for a member's relationship to the head,
// by the canonical one. What matches none is left for people.
var relationshipWords = []struct{ canonical, words string }{
	{"head", "head self reference householder jefe chef kepala"},
	{"in_law", "law inlaw suegro suegra nuera yerno"},
	{"grandchild", "grandchild grandson granddaughter nieto nieta"},
	{"grandparent", "grandparent grandmother grandfather abuelo abuela"},
	{"spouse", "spouse wife husband partner conyuge esposo esposa conjoint"},
	{"child", "child son daughter hijo hija enfant fils fille stepchild"},
	{"sibling", "sibling brother sister hermano hermana frere soeur"},
	{"parent", "parent mother father madre padre mere pere"},
	{"none", "none nonrelative roommate lodger employee roomer housemate"},
	{"other", "other relative otro autre"},
}

// relationships writes a code directory for the relationship to the head, with
// the guesses that can be made.
func (d *drafting) relationships(s *config.DraftSource, f found) {
	column := f.of("", "relationship")
	values := f.values(column)
	if column == "" || len(values) == 0 {
		return
	}
	const file = "codes/relationship.csv"
	var b strings.Builder
	b.WriteString("source_code,canonical_code,valid_from,valid_to\n")
	for _, v := range values {
		fmt.Fprintf(&b, "%s,%s,,\n", csvField(v), relationship(v))
	}
	if d.codes == nil {
		d.codes = map[string]string{}
	}
	d.codes[file] = b.String()
	d.directories = append(d.directories, config.DraftDirectory{Name: "relationship", File: file})
	s.Columns = slices.DeleteFunc(s.Columns, func(c config.DraftColumn) bool { return c.Field == "" && c.Name == column })
	s.Columns = slices.Insert(s.Columns, 0, config.DraftColumn{
		Name: column, Field: "member.relationship_to_head",
		Expression: fmt.Sprintf("code('relationship', %s)", config.ColumnSQL(column)), Note: "look through " + file,
	})
}

// namedProgrammes finds the programmes that a source of enrolments names. Where it
// writes their titles, a code directory gives each a code.
func (d *drafting) namedProgrammes(s *config.DraftSource, f found) {
	at := slices.IndexFunc(s.Columns, func(c config.DraftColumn) bool { return c.Field == "enrolment.programme" })
	if at < 0 {
		return
	}
	const file = "codes/programme.csv"
	var b strings.Builder
	b.WriteString("source_code,canonical_code,valid_from,valid_to\n")
	same := true
	for _, v := range f.values(s.Columns[at].Name) {
		p := programme{sourceName(v), v}
		if !slices.ContainsFunc(d.programmes, func(o programme) bool { return o.code == p.code }) {
			d.programmes = append(d.programmes, p)
		}
		same = same && p.code == v
		fmt.Fprintf(&b, "%s,%s,,\n", csvField(v), p.code)
	}
	if same {
		return
	}
	if d.codes == nil {
		d.codes = map[string]string{}
	}
	d.codes[file] = b.String()
	d.directories = append(d.directories, config.DraftDirectory{Name: "programme", File: file})
	s.Columns[at].Expression = fmt.Sprintf("code('programme', %s)", config.ColumnSQL(s.Columns[at].Name))
	s.Columns[at].Note = "look through " + file
}

// csvField quotes a value as CSV does.
func csvField(v string) string { return `"` + strings.ReplaceAll(v, `"`, `""`) + `"` }

func relationship(value string) string {
	words := strings.FieldsFunc(strings.ToLower(value), func(r rune) bool { return r < 'a' || r > 'z' })
	for _, r := range relationshipWords {
		for w := range strings.FieldsSeq(r.words) {
			if slices.Contains(words, w) {
				return r.canonical
			}
		}
	}
	return "other"
}

// plainCode is the programme of a roster that names none.
const plainCode = "benefit"

// enrol makes enrolments of the roster's people where no file has them, and
// settles the programmes.
func (d *drafting) enrol() error {
	if d.members == nil {
		return usage(fmt.Errorf("no file of the roster was recognised as one of people: it needs a name and, better, a date of birth"))
	}
	hasRegister := slices.ContainsFunc(d.sources, func(s config.DraftSource) bool { return s.Side == tables.Register })
	if !hasRegister {
		return usage(fmt.Errorf("no file of the register was recognised as births, deaths or marriages: it needs the day of the event"))
	}
	if d.enrolled {
		return nil
	}
	m := d.members
	f := found{table: m.table, guesses: m.table.Recognise(locale.Neutral())}
	s := config.DraftSource{Name: d.unusedName("enrolments"), Side: tables.Roster, Path: m.source.Path, Rows: m.source.Rows, Key: m.source.Key}
	s.Columns = take(s.Columns, "enrolment.programme", f.headed("programme", "program", "scheme"), "")
	d.namedProgrammes(&s, f)
	if len(d.programmes) == 0 {
		d.programmes = []programme{{plainCode, "the programme's title"}}
		s.Columns = []config.DraftColumn{{Field: "enrolment.programme", Expression: "'" + plainCode + "'", Note: "the roster names no programme"}}
	}
	s.Columns = append(s.Columns,
		config.DraftColumn{Field: "enrolment.member", Expression: m.source.Key, Note: "everybody on the roster is taken to be enrolled"},
		config.DraftColumn{Field: "enrolment.status", Expression: "'active'"})
	s.Columns = take(s.Columns, "enrolment.household", f.householdColumn(), "")
	s.Columns = take(s.Columns, "enrolment.from", f.dated("enrolment", "enrollment", "enrolled", "start", "from"), "")
	d.sources = append(d.sources, s)
	d.usedElsewhere(m.source.Name, s.Columns)
	return nil
}

// usedElsewhere takes out of what a source leaves unused the columns that another
// source reads from the same file, and says which they are.
func (d *drafting) usedElsewhere(source string, columns []config.DraftColumn) {
	at := slices.IndexFunc(d.sources, func(s config.DraftSource) bool { return s.Name == source })
	var used []string
	d.sources[at].Columns = slices.DeleteFunc(slices.Clone(d.sources[at].Columns), func(c config.DraftColumn) bool {
		is := c.Field == "" && slices.ContainsFunc(columns, func(o config.DraftColumn) bool { return o.Name == c.Name })
		if is {
			used = append(used, c.Name)
		}
		return is
	})
	if len(used) > 0 {
		d.notes = append(d.notes, fmt.Sprintf("%s: enrolments too, with %s", d.sources[at].Path, strings.Join(used, ", ")))
	}
}
