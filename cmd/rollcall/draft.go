package main

import (
	"fmt"
	"slices"
	"strings"

	"rollcall/jobs/config"
	"rollcall/matchers/locale"
	"rollcall/matchers/model"
	"rollcall/matchers/recognise"
	"rollcall/pipeline/pair"
	"rollcall/pipeline/tables"
)

// draft makes a source of one file, by what its columns hold.
func (d *drafting) draft(side string, g fileGroup, t *pair.Table) {
	f := found{table: t, guesses: t.Recognise(locale.Neutral()), column: map[string]string{}}
	s := config.DraftSource{Name: d.unusedName(g.name), Side: side, Path: g.pattern, Rows: int64(t.Rows)}
	s.Key = f.key()
	var fields []config.DraftColumn
	var what string
	switch {
	case side == tables.Register:
		s.Event, fields = f.event(g.name)
		what = s.Event + "s"
		s.Received = sqlName(f.headed("received"))
		s.Version = sqlName(f.headed("version"))
	default:
		what, fields = f.rosterTable()
	}
	if len(fields) == 0 {
		d.notes = append(d.notes, fmt.Sprintf("%s: left out, its columns do not tell what it is; add it to job.yaml by hand", g.pattern))
		return
	}
	s.Columns = f.withUnused(fields)
	for _, c := range s.Columns {
		if c.Field == "" && c.Note != "" {
			d.notes = append(d.notes, fmt.Sprintf("%s: %s is not used: %s", g.pattern, c.Name, c.Note))
		}
	}
	d.notes = append(d.notes, fmt.Sprintf("%s: %s, %d rows, %d of %d columns used", g.pattern, what, t.Rows, len(t.Columns)-unused(s.Columns), len(t.Columns)))
	switch what {
	case "members":
		if d.members != nil {
			d.notes = append(d.notes, fmt.Sprintf("%s: left out, %s lists the people of the roster already", g.pattern, d.members.source.Path))
			return
		}
		d.relationships(&s, f)
		d.members = &memberFile{s, t}
	case "enrolments":
		d.enrolled = true
		d.namedProgrammes(&s, f)
	}
	d.sources = append(d.sources, s)
}

func unused(columns []config.DraftColumn) int {
	n := 0
	for _, c := range columns {
		if c.Field == "" {
			n++
		}
	}
	return n
}

// found is a file with what its columns seem to hold.
type found struct {
	table   *pair.Table
	guesses []recognise.Guess
	column  map[string]string // field that a column was given to
}

// key is the expression that identifies a row.
func (f found) key() string {
	if column := f.plainKey(); column != "" {
		return config.ColumnSQL(column)
	}
	var parts []string
	for _, c := range f.table.Columns {
		parts = append(parts, config.ColumnSQL(c.Name))
	}
	return "md5(concat_ws('|', " + strings.Join(parts, ", ") + "))"
}

// of finds the column of a subject and meaning; "" when there is none.
func (f found) of(subject, meaning string) string {
	for _, g := range f.guesses {
		if g.Subject == subject && g.Meaning == meaning && g.Kind != recognise.Key && !strings.HasPrefix(g.Why, "it repeats") {
			return g.Column
		}
	}
	return ""
}

// headed finds the first column whose header has one of the words, in their order.
func (f found) headed(words ...string) string {
	for _, w := range words {
		for _, c := range f.table.Columns {
			if slices.Contains(headerWords(c.Name), w) {
				return c.Name
			}
		}
	}
	return ""
}

// dated finds the first column of dates whose header has one of the words, in
// their order: "Registration No" is none.
func (f found) dated(words ...string) string {
	for _, w := range words {
		for _, g := range f.guesses {
			if slices.Contains(headerWords(g.Column), w) && (g.Kind == model.Date || g.Meaning == "other date") {
				return g.Column
			}
		}
	}
	return ""
}

func headerWords(header string) []string {
	return strings.FieldsFunc(strings.ToLower(header), func(r rune) bool { return r == '_' || r == ' ' || r == '-' || r == '.' })
}

func sqlName(column string) string {
	if column == "" {
		return ""
	}
	return config.ColumnSQL(column)
}

// values are the different values of a column, in order, few of them.
func (f found) values(column string) []string {
	const few = 50
	at := f.table.Column(column)
	if at < 0 || f.table.Columns[at].Values.Len() > few {
		return nil
	}
	out := slices.Collect(f.table.Columns[at].Values.Each())[1:]
	slices.Sort(out)
	return out
}

// take notes that a column gives a field, when there is such a column.
func take(fields []config.DraftColumn, field, column, note string) []config.DraftColumn {
	if column == "" || slices.ContainsFunc(fields, func(c config.DraftColumn) bool { return c.Field == field }) {
		return fields
	}
	return append(fields, config.DraftColumn{Name: column, Field: field, Note: note})
}

// withUnused adds the columns that give nothing.
func (f found) withUnused(fields []config.DraftColumn) []config.DraftColumn {
	for _, c := range f.table.Columns {
		mentioned := func(d config.DraftColumn) bool {
			return d.Name == c.Name || strings.Contains(d.Expression, config.ColumnSQL(c.Name))
		}
		if !slices.ContainsFunc(fields, mentioned) && config.ColumnSQL(c.Name) != f.key() {
			fields = append(fields, config.DraftColumn{Name: c.Name, Note: f.whyNot(c.Name)})
		}
	}
	return fields
}

// whyNot says why a column that was recognised is not used all the same.
func (f found) whyNot(column string) string {
	i := slices.IndexFunc(f.guesses, func(g recognise.Guess) bool { return g.Column == column && g.Subject == recognise.FatherOrSpouse })
	if i < 0 {
		return ""
	}
	return "it names the father of some and the husband of others. Where another column tells which, such as sex and marital status, " +
		"map it to father_name or spouse_name by a CASE"
}

// eventWords tell an event from a file's name, where its columns do not.
var eventWords = []struct{ event, words string }{
	{"death", "death dead deces defuncion defunciones muerte obito kematian"},
	{"birth", "birth naissance nacimiento nascimento kelahiran"},
	{"marriage", "marriage matrimonio mariage casamento pernikahan"},
	{"divorce", "divorce divorcio"},
}

// event drafts a source of vital events.
func (f found) event(name string) (string, []config.DraftColumn) {
	kind := f.eventKind(name)
	var fields []config.DraftColumn
	add := func(field, column, note string) { fields = take(fields, field, column, note) }
	occurred := map[string]string{"death": f.of("", "death"), "birth": f.of("", "birth")}[kind]
	if occurred == "" {
		occurred = f.headed("event", "marriage", "occurred", "date")
	}
	if kind == "" || occurred == "" {
		return "", nil
	}
	add("event.registration_number", strings.Trim(f.plainKey(), `"`), "")
	add("event.occurred", occurred, "")
	add("event.registered", f.dated("registered", "registration", "inscription"), "")
	add("event.status", f.headed("status"), "registered, corrected or revoked")
	add("event.office", f.headed("office"), "")
	add("event.area_code", f.area(), "")
	registered := f.dated("registered", "registration", "inscription")
	for _, role := range rolesOf[kind] {
		fields = f.mention(fields, "mentions."+role.name, role.subject, kind)
		if registered != "" && slices.ContainsFunc(fields, func(c config.DraftColumn) bool { return strings.HasPrefix(c.Field, "mentions."+role.name+".") }) {
			fields = append(fields, config.DraftColumn{Name: registered, Field: "mentions." + role.name + ".recorded_on"})
		}
	}
	return kind, fields
}

// plainKey is the key when it is one column: one without repeats, or, where
// records come in versions, a number that most rows have to themselves.
func (f found) plainKey() string {
	for _, g := range f.guesses {
		if g.Kind == recognise.Key {
			return g.Column
		}
	}
	number := f.headed("registration", "id", "no", "number")
	if f.headed("version") == "" || number == "" {
		return ""
	}
	const own = 0.8
	if s := f.table.Columns[f.table.Column(number)].Statistics(); float64(s.Distinct) < own*float64(f.table.Rows) {
		return ""
	}
	return number
}

// rolesOf are the people of an event, by whom the columns are about.
var rolesOf = map[string][]struct{ name, subject string }{
	"birth":    {{"child", ""}, {"mother", "mother"}, {"father", "father"}},
	"death":    {{"deceased", ""}, {"spouse", "spouse"}},
	"marriage": {{"groom", "groom"}, {"bride", "bride"}},
	"divorce":  {{"groom", "groom"}, {"bride", "bride"}},
}

func (f found) eventKind(name string) string {
	about := func(subject string) bool {
		return slices.ContainsFunc(f.guesses, func(g recognise.Guess) bool { return g.Compared() && g.Subject == subject })
	}
	switch {
	case about("groom") && about("bride"):
		if strings.Contains(name, "divor") {
			return "divorce"
		}
		return "marriage"
	case f.of("", "death") != "":
		return "death"
	}
	for _, e := range eventWords {
		for w := range strings.FieldsSeq(e.words) {
			if strings.Contains(name, w) {
				return e.event
			}
		}
	}
	if about("mother") && f.of("", "birth") != "" {
		return "birth"
	}
	return ""
}

// area is the column with the code or name of the smallest area.
func (f found) area() string {
	return f.headed("area", "village", "ward", "mouza", "locality", "union", "parish", "commune", "comuna", "municipality",
		"upazila", "thana", "taluk", "tehsil", "mandal", "block", "subdistrict", "county", "district", "province", "region")
}

// mention drafts the fields of one person. Names come first: without any there
// is no mention.
func (f found) mention(fields []config.DraftColumn, under, subject, event string) []config.DraftColumn {
	given, family, full := f.of(subject, "given"), f.of(subject, "family"), f.of(subject, "full")
	if given == "" && family == "" && full == "" {
		return fields
	}
	add := func(field, column, note string) {
		if column != "" {
			fields = append(fields, config.DraftColumn{Name: column, Field: under + "." + field, Note: note})
		}
	}
	compute := func(field, expression, note string) {
		fields = append(fields, config.DraftColumn{Field: under + "." + field, Expression: expression, Note: note})
	}
	if subject != "" {
		var names []string
		for _, c := range []string{given, family, full} {
			if c != "" {
				names = append(names, config.ColumnSQL(c))
			}
		}
		when := names[0] + " IS NOT NULL"
		if len(names) > 1 {
			when = "coalesce(" + strings.Join(names, ", ") + ") IS NOT NULL"
		}
		compute("when", when, "")
	}
	if given != "" || family != "" {
		add("given_name", given, "")
		add("family_name", family, "")
	} else {
		add("full_name", full, "")
	}
	add("native_name", f.of(subject, "native"), "")
	if sex := sexOf[under]; sex != "" {
		compute("sex", "'"+sex+"'", "")
	} else {
		add("sex", f.of(subject, "sex"), "")
	}
	birth := f.of(subject, "birth")
	add("birth", birth, "")
	if birth == "" || event == "death" {
		add("age", f.of(subject, "age"), "used where the date of birth is missing")
	}
	if subject == "" {
		add("area_code", f.area(), "")
		if address := f.address(); address != "" {
			compute("address", address, "")
		}
		add("phone", f.of("", "phone"), "")
		for _, relative := range []string{"mother", "father", "spouse"} {
			if name := f.wholeName(relative); name != "" {
				compute(relative+"_name", name, "")
			}
		}
	}
	for _, g := range f.guesses {
		if g.Kind == model.Identifier && g.Subject == subject {
			add("identifiers."+identifierType(g.Meaning), g.Column, g.Why)
		}
	}
	return fields
}

// address is the expression of the address: house number and street where they
// stand apart.
func (f found) address() string {
	var parts []string
	for _, meaning := range []string{"house number", "address", "address1", "address2"} {
		if c := f.of("", meaning); c != "" {
			parts = append(parts, config.ColumnSQL(c))
		}
	}
	switch len(parts) {
	case 0:
		return ""
	case 1:
		return parts[0]
	}
	return fmt.Sprintf("nullif(concat_ws(' ', %s), '')", strings.Join(parts, ", "))
}

// sexOf is what a role alone says.
var sexOf = map[string]string{"mentions.mother": "female", "mentions.father": "male", "mentions.groom": "male", "mentions.bride": "female"}

// wholeName is the expression of a relative's name.
func (f found) wholeName(subject string) string {
	if full := f.of(subject, "full"); full != "" {
		return config.ColumnSQL(full)
	}
	given, family := f.of(subject, "given"), f.of(subject, "family")
	switch {
	case given != "" && family != "":
		return fmt.Sprintf("nullif(concat_ws(' ', %s, %s), '')", config.ColumnSQL(given), config.ColumnSQL(family))
	case given+family != "":
		return config.ColumnSQL(given + family)
	}
	return ""
}

// identifierType names an identity number: what a header calls national is one
// thing on both sides.
func identifierType(words string) string {
	for w := range strings.FieldsSeq(words) {
		if slices.Contains([]string{"national", "nid", "nin", "nic", "identity", "nik"}, w) {
			return "national_id"
		}
	}
	return sourceName(words)
}
