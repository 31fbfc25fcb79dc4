package decide

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// expressionAt is one SQL expression of a programme file.
type expressionAt struct {
	sql  string // as written
	kind string // SQL type of its value
	what string // for messages
	path string // in the programme file
}

// expressions lists every expression of the programme.
func (p Programme) expressions() []expressionAt {
	var list []expressionAt
	for _, c := range p.Criteria {
		list = append(list, expressionAt{c.Expression, "BOOLEAN", "criterion " + c.Name, c.Path})
	}
	for _, c := range p.Amount.Cases {
		list = append(list, expressionAt{c.When, "BOOLEAN", "condition of an amount", c.Path})
	}
	if p.Amount.Expression != "" {
		list = append(list, expressionAt{p.Amount.Expression, "DECIMAL(18, 2)", "amount", p.Amount.Path})
	}
	for _, c := range []Cap{p.PerHousehold, p.PerCaregiver} {
		if c.Only != "" {
			list = append(list, expressionAt{c.Only, "BOOLEAN", "condition of a bound", c.Path})
		}
	}
	return list
}

// bind has DuckDB look at the expression without computing it.
func (x expressionAt) bind(ctx context.Context, s *store.Session) error {
	rows, err := s.Query(ctx, fmt.Sprintf("SELECT CAST((%s) AS %s) FROM subject LIMIT 0", expression(x.sql), x.kind))
	if err != nil {
		return err
	}
	defer rows.Close()
	return rows.Err()
}

// checkExpressions binds every expression, so that a wrong one is told by its
// place in the programme file and not by a query that nobody wrote.
func checkExpressions(ctx context.Context, s *store.Session, programmes []Programme) error {
	for _, p := range programmes {
		for _, x := range p.expressions() {
			if err := x.bind(ctx, s); err != nil {
				return fmt.Errorf("%s: %s of programme %s: %w", x.path, x.what, p.Code, err)
			}
		}
	}
	return nil
}

// evaluation is the query of the table evaluation: every programme in force for
// everybody whom it concerns. It concerns the enrolled, and of the others those
// whose sex and age do not exclude them and of whom some record speaks where the
// programme rests on an event: of most women no record says that the husband
// died, and to write each of them down as unknown would bury the few of whom one
// perhaps does.
func evaluation(programmes []Programme) string {
	if len(programmes) == 0 {
		return "SELECT NULL AS subject_id, NULL AS programme, NULL AS outcome, NULL AS enrolled, NULL AS enrolment_id, " +
			"NULL AS area_code, NULL AS criteria, NULL AS presumed, NULL AS missing, NULL AS since, NULL AS amount WHERE FALSE"
	}
	parts := make([]string, len(programmes))
	for i, p := range programmes {
		parts[i] = p.evaluation(programmes)
	}
	return strings.Join(parts, "\nUNION ALL\n")
}

func (p Programme) evaluation(all []Programme) string {
	code := tables.Literal(p.Code)
	var results, outcomes lists
	for i, c := range p.Criteria {
		results.add("%s AS c%d", c.result(), i)
		outcomes.add("coalesce(c%d, %s)", i, c.presumption())
	}
	var criteria, presumed, missing lists
	for i, c := range p.Criteria {
		criteria.add("CASE WHEN c%[1]d THEN %[2]s WHEN NOT c%[1]d THEN %[3]s ELSE %[4]s END", i,
			tables.Literal(c.Name+"=TRUE"), tables.Literal(c.Name+"=FALSE"), tables.Literal(c.Name+"=UNKNOWN"))
		if c.presumption() == "NULL" {
			missing.add("CASE WHEN c%d IS NULL THEN %s END", i, tables.Literal(told(c.Name, c.Where)))
		} else {
			presumed.add("CASE WHEN c%d IS NULL THEN %s END", i, tables.Literal(told(c.Name+" presumed "+c.Presume, c.Source)))
		}
	}
	if len(p.Excludes) > 0 {
		// Whoever draws both has a line among the duplicates.
		n := len(p.Criteria)
		results.add("list_contains(programmes, %s) OR NOT (%s) AS c%d", code, p.excluded(all), n)
		outcomes.add("c%d", n)
		criteria.add("CASE WHEN NOT c%d THEN %s END", n, tables.Literal(exclusion+"=FALSE"))
	}
	unconcerned := lists{}
	for i, c := range p.Criteria {
		if c.bare() {
			unconcerned.add("coalesce(NOT c%d, FALSE)", i)
		} else if silence := c.silence(); silence != "" && c.presumption() == "NULL" {
			results.add("%s AS s%d", silence, i)
			unconcerned.add("(c%d IS NULL AND s%[1]d)", i)
		}
	}
	who := map[string]string{Child: "TRUE", Deceased: "on_roster AND reported_dead"}[p.Subjects]
	if who == "" {
		who = "on_roster"
	}
	return fmt.Sprintf(`SELECT j.subject_id, %[1]s AS programme,
  CASE WHEN NOT (%[2]s) THEN 'not_eligible' WHEN (%[2]s) THEN 'eligible' ELSE 'unknown' END AS outcome,
  e.enrolment_id IS NOT NULL AS enrolled, e.enrolment_id, j.area_code,
  %[3]s AS criteria, %[4]s AS presumed, %[5]s AS missing,
  CASE WHEN (%[2]s) THEN greatest(%[6]s) END AS since, CASE WHEN (%[2]s) THEN amount END AS amount
FROM (SELECT subject_id, area_code, widowed_on, orphaned_on, died_latest, %[10]s AS amount, %[7]s FROM subject WHERE %[8]s) j
LEFT JOIN (SELECT person_id, min(enrolment_id) AS enrolment_id FROM active WHERE status = 'active' AND programme = %[1]s GROUP BY person_id) e
  ON e.person_id = j.subject_id
WHERE e.enrolment_id IS NOT NULL OR NOT (%[9]s)`,
		code, outcomes.joined(" AND ", "TRUE"), criteria.present(), presumed.present(), missing.present(),
		p.since(), results.joined(", ", "TRUE AS c"), who, unconcerned.joined(" OR ", "FALSE"), p.Amount.sql())
}

// result is the criterion as SQL over a subject; what cannot be computed is unknown.
func (c Criterion) result() string {
	return fmt.Sprintf("TRY(CAST((%s) AS BOOLEAN))", expression(c.Expression))
}

// met is SQL over a subject: all criteria with what is presumed.
func (p Programme) met() string {
	all := make(lists, 0, len(p.Criteria))
	for _, c := range p.Criteria {
		all.add("coalesce(%s, %s)", c.result(), c.presumption())
	}
	return all.joined(" AND ", "TRUE")
}

// excluded is SQL over a subject: a programme that he draws excludes this one. One
// that hands over to this one does so only as long as its own criteria are met.
func (p Programme) excluded(all []Programme) string {
	var excluding lists
	for _, other := range p.Excludes {
		draws := fmt.Sprintf("list_contains(held, %s)", tables.Literal(other))
		for _, o := range all {
			if o.Code == other && o.HandsOverTo == p.Code {
				draws = fmt.Sprintf("(%s AND (%s) IS DISTINCT FROM FALSE)", draws, o.met())
			}
		}
		excluding.add("%s", draws)
	}
	return excluding.joined(" OR ", "FALSE")
}

// sql is what is paid, as a number over a subject; NULL where a fact for it is missing.
func (a Amount) sql() string {
	last := "CAST(NULL AS DECIMAL(18, 2))"
	switch {
	case a.Expression != "":
		last = fmt.Sprintf("TRY(CAST((%s) AS DECIMAL(18, 2)))", expression(a.Expression))
	case a.Value != "":
		last = fmt.Sprintf("CAST(%s AS DECIMAL(18, 2))", tables.Literal(a.Value))
	}
	for _, c := range slices.Backward(a.Cases) {
		last = fmt.Sprintf("CASE TRY(CAST((%s) AS BOOLEAN)) WHEN TRUE THEN CAST(%s AS DECIMAL(18, 2)) WHEN FALSE THEN %s END",
			expression(c.When), tables.Literal(c.Value), last)
	}
	return last
}

// since is the day from which the facts that the programme uses tell.
func (p Programme) since() string {
	days := []string{"CAST(NULL AS DATE)"}
	uses := func(word string) bool {
		return slices.ContainsFunc(p.Criteria, func(c Criterion) bool { return usesAny(c.Expression, word) })
	}
	if uses("widowed") {
		days = append(days, "widowed_on")
	}
	if uses("orphan_both") {
		days = append(days, "orphaned_on")
	}
	if p.Subjects == Deceased {
		days = append(days, "died_latest")
	}
	return strings.Join(days, ", ")
}

// tooYoung is the query of those who met no age criterion a year ago: whoever is
// entitled today and stands in it has reached a birthday since.
func tooYoung(programmes []Programme) string {
	parts := []string{"SELECT CAST(NULL AS VARCHAR) AS subject_id, CAST(NULL AS VARCHAR) AS programme WHERE FALSE"}
	for _, p := range programmes {
		var ages lists
		for _, c := range p.Criteria {
			scan(c.Expression, func(t token) {
				if t.called && strings.EqualFold(t.text, "age_at_least") {
					ages.add("TRY(CAST((%s) AS BOOLEAN)) IS FALSE", expression(c.Expression))
				}
			})
		}
		if len(ages) > 0 {
			parts = append(parts, fmt.Sprintf(`SELECT subject_id, %s
FROM (SELECT * REPLACE (CAST(as_of - INTERVAL 1 YEAR AS DATE) AS as_of, CAST(month_start - INTERVAL 1 YEAR AS DATE) AS month_start,
  last_day(month_start - INTERVAL 1 YEAR) AS month_end) FROM subject)
SEMI JOIN (SELECT subject_id AS id FROM evaluation WHERE programme = %[1]s AND outcome = 'eligible' AND NOT enrolled) v ON v.id = subject_id
WHERE %[2]s`, tables.Literal(p.Code), ages.joined(" OR ", "FALSE")))
		}
	}
	return strings.Join(parts, "\nUNION ALL\n")
}

// bareNames are what rests on sex and age alone.
var bareNames = []string{"sex", "birth_earliest", "birth_latest", "as_of", "month_start", "month_end", "is_child", "age_at_least", "age_under", "age_under_months"}

// bare says that a criterion rests on sex and age alone. Whoever fails one of
// these and is not enrolled is not concerned by the programme.
func (c Criterion) bare() bool {
	return !slices.ContainsFunc(c.names(), func(name string) bool { return !slices.Contains(bareNames, name) })
}

// eventPredicates are the facts that a column of a subject is made of, where an
// event makes it.
var eventPredicates = map[string][]string{
	"widowed": {"widowed"}, "widowed_on": {"widowed"}, "divorced": {"divorced"}, "divorced_on": {"divorced"},
	"remarried": {"remarried"}, "remarried_on": {"remarried"}, "married": {"remarried", "widowed"},
	"orphan_one": {"orphan_one"}, "orphan_both": {"orphan_both"}, "orphaned_on": {"orphan_both"},
}

// silence is SQL over a subject, where a criterion rests on events, beside sex, age
// and what is stated of people: no record speaks of the events, and nothing is
// stated. It is "" for any other criterion.
func (c Criterion) silence() string {
	var events []string
	for _, name := range c.names() {
		of, ok := eventPredicates[name]
		if !ok && !slices.Contains(bareNames, name) && !slices.Contains(attributeReaders, name) && name != "years_passed" {
			return ""
		}
		for _, predicate := range of {
			events = append(events, tables.Literal(predicate))
		}
	}
	if len(events) == 0 {
		return ""
	}
	slices.Sort(events)
	silence := lists{fmt.Sprintf("NOT list_has_any(told, [%s])", strings.Join(slices.Compact(events), ", "))}
	for _, name := range attributeCalls(c.Expression) {
		silence.add("attributes[%s] IS NULL", tables.Literal(name))
	}
	return silence.joined(" AND ", "")
}

// names are the columns and functions of the subject that a criterion uses, in
// lower case.
func (c Criterion) names() []string { return subjectNames(c.Expression) }

func subjectNames(sql string) []string {
	var names []string
	scan(sql, func(t token) {
		if slices.ContainsFunc(Columns(), func(k Column) bool { return !t.called && strings.EqualFold(k.Name, t.text) }) ||
			slices.ContainsFunc(Functions(), func(f Function) bool { return t.called && strings.EqualFold(f.Name, t.text) }) {
			names = append(names, strings.ToLower(t.text))
		}
	})
	return names
}

// usesAny tells whether an expression uses one of the columns or functions.
func usesAny(sql string, names ...string) bool {
	return slices.ContainsFunc(subjectNames(sql), func(used string) bool { return slices.Contains(names, used) })
}

// presumption is what stands in for an unknown result: TRUE, FALSE or NULL.
func (c Criterion) presumption() string {
	switch c.Presume {
	case "met":
		return "TRUE"
	case "not_met":
		return "FALSE"
	}
	return "NULL"
}

func told(what, more string) string {
	if more == "" {
		return what
	}
	return what + ": " + more
}

// lists collects pieces of SQL.
type lists []string

func (l *lists) add(format string, args ...any) { *l = append(*l, fmt.Sprintf(format, args...)) }

func (l lists) joined(by, empty string) string {
	if len(l) == 0 {
		return empty
	}
	return strings.Join(l, by)
}

// present is a list value of those pieces that are not NULL.
func (l lists) present() string {
	if len(l) == 0 {
		return "CAST([] AS VARCHAR[])"
	}
	return "list_filter([" + strings.Join(l, ", ") + "], lambda x: x IS NOT NULL)"
}
