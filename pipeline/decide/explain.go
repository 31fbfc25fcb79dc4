package decide

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// ErrNobody says that an id names nobody whom a programme can concern.
var ErrNobody = errors.New("no person of the roster, and no child that only the register knows")

// ExplainTables are the tables of a run that Explain reads.
func ExplainTables() []string {
	return []string{"evaluation", "proposal", "fact", "mention", "event", "attribute", "enrolment", "cluster", "link"}
}

// Account is what a programme says of one person, and why.
type Account struct {
	Programme string             `json:"programme"`
	Title     string             `json:"title"`
	Version   string             `json:"version"`
	Source    string             `json:"source"`
	Person    string             `json:"person_id"`
	AsOf      string             `json:"as_of"`
	Outcome   string             `json:"outcome"` // eligible, not_eligible, unknown; not_concerned where the run has no evaluation
	Enrolment string             `json:"enrolment_id,omitempty"`
	Amount    string             `json:"amount,omitempty"`
	Since     string             `json:"since,omitempty"`
	Reasons   []string           `json:"reason_codes,omitempty"` // of the lines that the lists have of it
	Criteria  []AccountCriterion `json:"criteria"`
}

// AccountCriterion is one criterion, what it came to, and what it rests on.
type AccountCriterion struct {
	Name       string     `json:"name"`
	Result     string     `json:"result"` // TRUE, FALSE or UNKNOWN
	Expression string     `json:"expression,omitempty"`
	Source     string     `json:"source,omitempty"`
	Presumed   string     `json:"presumed,omitempty"`  // met or not_met, where it was
	Available  string     `json:"available,omitempty"` // where what is missing could be had
	Evidence   []Evidence `json:"evidence"`
	Missing    []string   `json:"missing,omitempty"` // facts of which nothing is on record
}

// Evidence is one statement on record and the records that make it.
type Evidence struct {
	Fact        string   `json:"fact"`
	Value       string   `json:"value"`
	Records     []string `json:"records"`
	Links       []string `json:"links,omitempty"` // left_id=right_id of the links that it rests on
	Probability string   `json:"probability,omitempty"`
}

// Explain gathers what a run says of a person, given by a record or a person id, in
// one programme, from the tables ExplainTables. The programme is the version by
// which the run decided.
func Explain(ctx context.Context, s *store.Session, p Programme, asOf time.Time, id string) (*Account, error) {
	x := explanation{session: s, asOf: asOf}
	if err := x.find(ctx, id); err != nil {
		return nil, fmt.Errorf("%s: %w", id, err)
	}
	a := &Account{Programme: p.Code, Title: p.Title, Version: p.Version, Source: p.Source, Person: x.person, AsOf: asOf.Format(time.DateOnly), Outcome: "not_concerned"}
	results, err := x.evaluation(ctx, a)
	if err != nil {
		return nil, err
	}
	if err := x.gather(ctx); err != nil {
		return nil, err
	}
	for _, c := range p.Criteria {
		one := AccountCriterion{Name: c.Name, Result: "UNKNOWN", Expression: c.Expression, Source: c.Source}
		if r, ok := results[c.Name]; ok {
			one.Result = r
		} else if a.Outcome == "not_concerned" {
			one.Result = ""
		}
		if one.Result == "UNKNOWN" && c.presumption() != "NULL" {
			one.Presumed = c.Presume
		}
		if one.Result == "UNKNOWN" || one.Result == "" {
			one.Available = c.Where
		}
		one.Evidence, one.Missing = x.uses(c.Expression)
		a.Criteria = append(a.Criteria, one)
	}
	if results[exclusion] != "" {
		a.Criteria = append(a.Criteria, AccountCriterion{
			Name: exclusion, Result: results[exclusion], Evidence: x.evidence["enrolments"],
			Source: "excludes " + strings.Join(p.Excludes, ", "),
		})
	}
	return a, nil
}

// explanation is what is on record of one person, by topic.
type explanation struct {
	session  *store.Session
	asOf     time.Time
	person   string
	listed   string // SQL list of the person's roster records and households
	evidence map[string][]Evidence
}

// topics are what columns and functions of a subject rest on: predicates of facts,
// or what records say themselves.
var topics = map[string][]string{
	"sex": {"sex"}, "birth_earliest": {"birth"}, "birth_latest": {"birth"}, "is_child": {"birth"},
	"age_at_least": {"birth"}, "age_under": {"birth"}, "age_under_months": {"birth"},
	"area_code": {"area"}, "in_area": {"area"}, "birth_registered": {"birth registration"},
	"alive": {"alive", "deceased"}, "deceased": {"deceased", "alive"}, "died_earliest": {"deceased"}, "died_latest": {"deceased"},
	"widowed": {"widowed"}, "widowed_on": {"widowed"}, "remarried": {"remarried"}, "remarried_on": {"remarried"},
	"divorced": {"divorced"}, "divorced_on": {"divorced"}, "married": {"spouse_of", "widowed", "remarried"},
	"orphan_one": {"orphan_one"}, "orphan_both": {"orphan_both"}, "orphaned_on": {"orphan_both"},
	"mother_alive": {"child_of"}, "father_alive": {"child_of"}, "birth_order_at_least": {"child_of"},
	"caregiver_known": {"caregiver_of", "child_of"}, "caregiver_is_parent": {"caregiver_of", "child_of"},
	"children_known": {"mother_of", "father_of"}, "children_at_least": {"mother_of", "father_of"}, "births_at_least": {"mother_of", "father_of"},
	"nth_birth": {"mother_of", "father_of"}, "nth_sex": {"mother_of", "father_of"},
	"enrolled_in": {"enrolments"},
}

// attributeReaders are the functions whose argument names an attribute.
var attributeReaders = []string{"attribute", "number", "yes", "day_of"}

// uses is what is on record of what an expression reads, and of what nothing is.
func (x *explanation) uses(sql string) (used []Evidence, missing []string) {
	var wanted []string
	for _, name := range subjectNames(sql) {
		wanted = append(wanted, topics[name]...)
	}
	if usesAny(sql, attributeReaders...) {
		for _, call := range attributeCalls(sql) {
			wanted = append(wanted, "attribute "+call)
		}
	}
	seen := map[string]bool{}
	for _, topic := range wanted {
		if seen[topic] {
			continue
		}
		seen[topic] = true
		if found := x.evidence[topic]; len(found) > 0 {
			used = append(used, found...)
		} else {
			missing = append(missing, topic)
		}
	}
	return used, missing
}

// attributeCalls are the names of the attributes that an expression reads.
func attributeCalls(expression string) []string {
	var names []string
	reading := false
	scan(expression, func(t token) {
		switch {
		case t.called && slices.Contains(attributeReaders, strings.ToLower(t.text)):
			reading = true
		case reading && strings.HasPrefix(t.text, "'"):
			names = append(names, literals(t.text)...)
			reading = false
		}
	})
	return names
}

// find finds the person of an id: of a register record the roster person to whom it
// is linked.
func (x *explanation) find(ctx context.Context, id string) error {
	q := fmt.Sprintf(`WITH named AS (
  SELECT person_id, side FROM cluster WHERE mention_id = %[1]s
  UNION ALL SELECT person_id, side FROM cluster WHERE person_id = %[1]s
), linked AS (
  SELECT coalesce(l.right_id, n.person_id) AS person_id, n.side = 'sp' OR l.right_id IS NOT NULL AS on_roster
  FROM named n
  LEFT JOIN link l ON l.kind = 'across' AND l.accepted AND l.left_id = n.person_id AND n.side = 'crvs'
)
SELECT person_id FROM linked
WHERE on_roster OR person_id IN (SELECT subject_id FROM evaluation) OR person_id IN (SELECT subject_id FROM fact)
ORDER BY on_roster DESC, person_id LIMIT 1`, tables.Literal(id))
	switch err := x.session.Row(ctx, q, &x.person); {
	case errors.Is(err, sql.ErrNoRows):
		return ErrNobody
	case err != nil:
		return err
	}
	x.listed = fmt.Sprintf("(SELECT mention_id FROM cluster WHERE side = 'sp' AND person_id = %s)", tables.Literal(x.person))
	return nil
}

// exclusion is the criterion that a programme which excludes others has beside its own.
const exclusion = "draws_no_excluding_programme"

// evaluation reads what the run decided, and each criterion's result.
func (x *explanation) evaluation(ctx context.Context, a *Account) (map[string]string, error) {
	results := map[string]string{}
	q := fmt.Sprintf(`SELECT outcome, coalesce(enrolment_id, ''), coalesce(CAST(amount AS VARCHAR), ''), coalesce(CAST(since AS VARCHAR), ''), array_to_string(criteria, chr(10))
FROM evaluation WHERE subject_id = %s AND programme = %s`, tables.Literal(x.person), tables.Literal(a.Programme))
	var criteria string
	switch err := x.session.Row(ctx, q, &a.Outcome, &a.Enrolment, &a.Amount, &a.Since, &criteria); {
	case errors.Is(err, sql.ErrNoRows):
		return results, nil
	case err != nil:
		return nil, err
	}
	for line := range strings.SplitSeq(criteria, "\n") {
		if name, result, ok := strings.Cut(line, "="); ok {
			results[name] = result
		}
	}
	var reasons string
	err := x.session.Row(ctx, fmt.Sprintf(`SELECT coalesce(string_agg(DISTINCT reason_code, chr(10) ORDER BY reason_code), '')
FROM proposal WHERE subject_id = %s AND programme = %s`, tables.Literal(x.person), tables.Literal(a.Programme)), &reasons)
	if reasons != "" {
		a.Reasons = strings.Split(reasons, "\n")
	}
	return results, err
}

// gather reads what is on record.
func (x *explanation) gather(ctx context.Context) error {
	x.evidence = map[string][]Evidence{}
	person := tables.Literal(x.person)
	const described = `CASE WHEN m.side = 'crvs' THEN coalesce(e.event_type || ' registration ' || e.registration_number || ' ', '') ELSE 'roster record ' END || m.mention_id`
	records := fmt.Sprintf(`WITH own AS (
  SELECT mention_id FROM cluster WHERE person_id = %[1]s
  UNION SELECT c.mention_id FROM link l JOIN cluster c ON c.person_id = l.left_id AND c.side = 'crvs' WHERE l.kind = 'across' AND l.accepted AND l.right_id = %[1]s
)`, person)
	for _, q := range []string{
		// What records say of the person. topic, fact, value, records, links, probability
		records + `
SELECT 'birth', 'born', coalesce(m.birth_written, '') || CASE
    WHEN m.birth_precision = 'default' THEN ', a placeholder for the year ' || year(m.birth_latest)
    WHEN m.birth_earliest = m.birth_latest THEN CASE WHEN m.birth_written = CAST(m.birth_latest AS VARCHAR) THEN '' ELSE ', that is ' || m.birth_latest END
    ELSE ', that is between ' || m.birth_earliest || ' and ' || m.birth_latest END,
  ` + described + `, '', ''
FROM own JOIN mention m USING (mention_id) LEFT JOIN event e ON e.event_id = m.event_id
WHERE m.birth_earliest IS NOT NULL AND (m.side = 'sp' OR m.role = 'child') ORDER BY m.side DESC, m.mention_id`,
		records + `
SELECT 'birth registration', 'birth registered', coalesce(e.registration_number, e.event_id), ` + described + `, '', ''
FROM own JOIN mention m USING (mention_id) JOIN event e ON e.event_id = m.event_id
WHERE m.side = 'crvs' AND m.role = 'child' AND e.event_type = 'birth' ORDER BY m.mention_id`,
		records + `
SELECT 'sex', 'sex', m.sex, ` + described + `, '', ''
FROM own JOIN mention m USING (mention_id) LEFT JOIN event e ON e.event_id = m.event_id
WHERE m.sex IS NOT NULL AND m.side = 'sp' ORDER BY m.mention_id`,
		records + `
SELECT 'area', 'lives in', m.area_code, ` + described + `, '', ''
FROM own JOIN mention m USING (mention_id) LEFT JOIN event e ON e.event_id = m.event_id
WHERE m.area_code IS NOT NULL AND m.side = 'sp' ORDER BY m.mention_id`,
		fmt.Sprintf(`SELECT 'enrolments', 'enrolled in ' || n.programme, n.status || coalesce(' from ' || n.from_on, '') || coalesce(' to ' || n.to_on, ''), n.enrolment_id, '', ''
FROM enrolment n WHERE n.mention_id IN %s ORDER BY n.programme, n.enrolment_id`, x.listed),
		fmt.Sprintf(`SELECT 'attribute ' || name, name, value, 'statement of ' || source || ' on ' || subject_id || coalesce(' of ' || as_of, ''), '', ''
FROM attribute
WHERE value IS NOT NULL AND (as_of IS NULL OR as_of <= DATE '%s')
  AND (subject_id IN %s OR subject_id IN (SELECT household_id FROM mention WHERE mention_id IN %[2]s))
QUALIFY row_number() OVER (PARTITION BY subject_id, name ORDER BY as_of DESC NULLS LAST, source) = 1
ORDER BY name, subject_id IN %[2]s DESC, subject_id`, x.asOf.Format(time.DateOnly), x.listed),
		// Facts, with the registrations behind their records.
		fmt.Sprintf(`WITH said AS (
  SELECT * FROM fact WHERE subject_id = %[1]s
  UNION ALL SELECT * FROM fact WHERE object_id = %[1]s AND predicate = 'caregiver_of'
), record AS (
  SELECT predicate, subject_id, object_id, unnest(records) AS record, generate_subscripts(records, 1) AS place FROM said
), named AS (
  SELECT r.predicate, r.subject_id, r.object_id, string_agg(CASE WHEN e.event_id IS NULL THEN r.record
    ELSE e.event_type || ' registration ' || coalesce(e.registration_number || ' ', '') || '(' || r.record || ')' END, chr(10) ORDER BY r.place) AS records
  FROM record r
  LEFT JOIN mention m ON m.mention_id = r.record
  LEFT JOIN event e ON e.event_id = m.event_id
  GROUP BY ALL
)
SELECT s.predicate, CASE WHEN s.predicate = 'caregiver_of' AND s.object_id = %[1]s THEN 'cared for by ' || s.subject_id
    ELSE s.predicate || CASE WHEN s.object_id = '' THEN '' ELSE ' ' || s.object_id END END,
  s.value || CASE WHEN s.from_on IS NULL AND s.from_latest IS NULL THEN ''
    WHEN s.from_on = s.from_latest OR s.from_latest IS NULL THEN ' from ' || s.from_on
    ELSE ' from between ' || coalesce(CAST(s.from_on AS VARCHAR), '?') || ' and ' || s.from_latest END || coalesce(' to ' || s.to_on, '')
    || coalesce(', doubted for ' || nullif(array_to_string(s.contradictions, ', '), ''), ''),
  n.records, array_to_string(s.links, chr(10)), CASE WHEN s.probability < 1 THEN CAST(s.probability AS VARCHAR) ELSE '' END
FROM said s
LEFT JOIN named n USING (predicate, subject_id, object_id)
ORDER BY s.predicate, s.from_on NULLS LAST, s.object_id, s.subject_id`, person),
	} {
		if err := x.read(ctx, q); err != nil {
			return fmt.Errorf("read what is on record: %w", err)
		}
	}
	return nil
}

func (x *explanation) read(ctx context.Context, query string) error {
	rows, err := x.session.Query(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var topic, records, links sql.NullString
		var e Evidence
		if err := rows.Scan(&topic, &e.Fact, &e.Value, &records, &links, &e.Probability); err != nil {
			return err
		}
		e.Records, e.Links = lines(records.String), lines(links.String)
		x.evidence[topic.String] = append(x.evidence[topic.String], e)
	}
	return rows.Err()
}

func lines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}
