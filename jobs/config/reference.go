package config

import (
	"fmt"
	"slices"
	"strings"

	"rollcall/connectors"
	"rollcall/pipeline/decide"
)

// Reference is the Markdown page of every field of every file, made from the
// declarations that check them.
func Reference(registry connectors.Registry) string {
	var w strings.Builder
	w.WriteString(referenceHead)
	w.WriteString("## The job file\n\n")
	writeRecord(&w, "", jobShape(registry), "###")
	w.WriteString("### Settings of the connectors\n\nThey stand beside `connector` in a source.\n\n")
	for _, c := range registry {
		fmt.Fprintf(&w, "#### `%s`\n\n%s.\n\n", c.Name, strings.TrimSuffix(c.Doc, "."))
		writeTable(&w, settingFields(c))
	}
	w.WriteString("## Expressions\n\n" + expressionText)
	writeFunctions(&w)
	w.WriteString("## Programme files\n\nOne file has one programme's rules: one version of them, or several under `versions`. Several files of one programme may stand beside each other when no day is in two of their versions. `rollcall programmes list` lists the files that come with the program.\n\n")
	writeRecord(&w, "", programmeShape(), "###")
	writeSubject(&w)
	w.WriteString("## Comparison specifications\n\n`rollcall link` and `rollcall dedupe` write one as `spec.yaml`. It is read again with `--spec`, and it may stand in a job under `link`.\n\n")
	writeRecord(&w, "", specShape(), "###")
	w.WriteString("## Locale packs\n\nA pack says how one country writes names, dates, numbers and places; see [locales.md](locales.md).\n\n")
	writeRecord(&w, "", localeShape(), "###")
	w.WriteString("## The site file\n\n`rollcall.yaml` beside the job files says who may decide. Without it, nobody can decide on a case, and whoever releases a run is believed.\n\n")
	writeRecord(&w, "", siteShape(), "###")
	return strings.TrimRight(w.String(), "\n") + "\n"
}

const referenceHead = `# The files of a job

<!-- Made from the declarations in jobs/config by go test ./jobs/config -update. -->

A job is one YAML file. It names code directories, programme files and, where one
wants it, a comparison specification. ` + "`rollcall check JOB.yaml`" + ` reads them all and
prints every mistake with its line. Nothing else is read: no anchors, no aliases, no
unknown field.

` + "```yaml" + `
rollcall: 1
name: monthly
schedule: {cron: "0 6 5 * *", time_zone: Asia/Dhaka, catch_up: latest}
data: .
output: out
codes:
  area: codes/area.csv
sources:
  deaths:
    side: crvs
    connector: files
    path: crvs/deaths-*.csv
    key: registration_no
    received: received_on
    map:
      event:
        type: death
        occurred: date_of_death
        registered: registered_on
        area_code: code('area', area_code)
      mentions:
        deceased:
          given_name: deceased_given_name
          family_name: deceased_family_name
          birth: date_of_birth
          identifiers:
            national_id: deceased_national_id
  members:
    side: sp
    connector: files
    path: sp/{date:2006-01}/members.csv
    key: member_id
    map:
      member:
        household: household_id
        given_name: given_name
        family_name: family_name
        birth: date_of_birth
        identifiers:
          national_id: {value: national_id, verified: id_verified = 'yes'}
programmes: [programmes/*.yaml]
` + "```" + `

`

const expressionText = `Mapping fields and criteria are SQL expressions of DuckDB over one row. In a source,
its columns are there by their names, all as text (` + "`\"birth date\"`" + ` in double quotes when a
name is no plain word). A missing value is NULL. Text stands in single quotes.

An expression sees its row and nothing else: no sub-query, no aggregate, no window, no
file, no clock. ` + "`code('area', area_code)`" + ` looks a value up in a code directory of the job,
as it was in force on the run's day. A value that cannot be converted must give NULL and
not end the run: it is ` + "`TRY_CAST(x AS DATE)`, `try_strptime(x, '%d/%m/%Y')`" + ` and not CAST or
strptime.

`

// writeRecord writes the table of a record and then those of the records in it.
func writeRecord(w *strings.Builder, path string, s shape, level string) {
	if path != "" {
		fmt.Fprintf(w, "%s `%s`\n\n", level, path)
	}
	fields := s.fields
	if path == "link" {
		w.WriteString("A specification stands here as [below](#comparison-specifications), or:\n\n")
		fields = slices.DeleteFunc(slices.Clone(fields), func(f field) bool {
			_, ok := find(specFields(), f.name)
			return ok
		})
	}
	if path == "comparisons[].levels[]" {
		w.WriteString(levelsText)
	}
	writeTable(w, fields)
	for _, f := range fields {
		inner, below := f.value, join(path, f.name)
		for inner.item != nil {
			if inner.kind == dictionary {
				below += "." + strings.ToUpper(strings.ReplaceAll(inner.named, " ", "_"))
			} else {
				below += "[]"
			}
			inner = *inner.item
		}
		if inner.kind == record && (inner.fields != nil || inner.more == nil) && !repeated(path, f.name) {
			writeRecord(w, below, inner, level)
		}
	}
}

// repeated tells the records that are written once for several places.
func repeated(path, name string) bool {
	mentions := strings.HasSuffix(path, ".mentions") && name != roles[0].name
	link := path == "link" || strings.HasPrefix(path, "link.")
	return mentions || link || name == "versions" // which has the fields of a programme file
}

func writeTable(w *strings.Builder, fields []field) {
	w.WriteString("| Field | Value | Without it | What it says |\n|---|---|---|---|\n")
	for _, f := range fields {
		without := f.fallback
		if f.required {
			without = "**needed**"
		}
		fmt.Fprintf(w, "| `%s` | %s | %s | %s |\n", f.name, f.value.describe(), cell(without), cell(f.doc))
	}
	w.WriteString("\n")
}

func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

// describe tells how a value is written.
func (s shape) describe() string {
	switch {
	case s.kind == list && s.single:
		return s.item.describe() + ", or a list"
	case s.kind == list:
		return "list of " + s.item.describe()
	case s.kind == dictionary:
		return s.item.describe() + ", by " + s.named
	case s.kind == record && s.bare != "":
		bare, _ := find(s.fields, s.bare)
		return "fields, or only the " + s.bare + " (" + bare.value.describe() + ")"
	case s.kind == record && s.word != "":
		return "fields, or `" + s.word + "`"
	case len(s.oneOf) > 0:
		values := make([]string, len(s.oneOf))
		for i, v := range s.oneOf {
			values[i] = "`" + v + "`"
		}
		return either(values)
	case s.most != 0 && s.most < 1<<40:
		return fmt.Sprintf("%s, %v to %v", kindNames[s.kind], s.least, s.most)
	}
	return kindNames[s.kind]
}

func writeFunctions(w *strings.Builder) {
	names := slices.Clone(allowedFunctions)
	slices.Sort(names)
	w.WriteString("The functions are `" + strings.Join(names, "`, `") + "`, beside `CASE`, `CAST`, `TRY_CAST`, `IN`, `LIKE`, `BETWEEN`, `IS NULL` and the operators of SQL. They are described in DuckDB's documentation.\n\n")
}

func writeSubject(w *strings.Builder) {
	w.WriteString("### What a criterion can use\n\nA criterion is TRUE, FALSE or NULL, which is unknown. Beside the functions above it has these columns and functions of the person who is judged.\n\nAn unknown part must leave the whole unknown, unless the other parts settle it: write `age_at_least(65) OR (sex = 'female' AND age_at_least(62))`. `CASE WHEN sex = 'female' THEN 62 ELSE 65 END` takes its ELSE for whose sex is not known, and calls a woman of 63 not eligible.\n\n| Name | Type | What it says |\n|---|---|---|\n")
	for _, c := range decide.Columns() {
		fmt.Fprintf(w, "| `%s` | %s | %s |\n", c.Name, c.Type, cell(c.Doc))
	}
	for _, f := range decide.Functions() {
		fmt.Fprintf(w, "| `%s` | %s | %s |\n", f.Signature(), f.Type, cell(f.Doc))
	}
	w.WriteString("\n")
}
