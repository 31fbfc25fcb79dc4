package decide

import (
	"context"
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"rollcall/matchers/locale"
	"rollcall/pipeline/facts"
	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

var (
	//go:embed subject.sql
	subjectSQL string
	//go:embed pairs.sql
	pairsSQL string
	//go:embed compare.sql
	compareSQL string
	//go:embed exits.sql
	exitsSQL string
	//go:embed window.sql
	windowSQL string
	//go:embed household.sql
	householdSQL string
	//go:embed duplicates.sql
	duplicatesSQL string
	//go:embed outreach.sql
	outreachSQL string
	//go:embed proposals.sql
	proposalsSQL string
)

// laterLife lists the records of life after each exit's death.
const laterLife = `
CREATE OR REPLACE TEMP TABLE later_life AS
SELECT e.enrolment_id, list(v.day || ' ' || v.how || ' ' || v.record ORDER BY v.day, v.how, v.record) AS lines
FROM exit_line e
JOIN life v ON v.subject_id = e.subject_id AND v.day > e.latest
WHERE list_contains(e.contradictions, 'life_after_death')
GROUP BY e.enrolment_id;
CREATE OR REPLACE TEMP TABLE decided AS
SELECT case_id, list(left_values ORDER BY left_values) FILTER (WHERE kind = 'rejected') AS rejected_values
FROM decision
GROUP BY case_id;`

// temporary are the tables that Make leaves and drops.
const temporary = "roster_birth active known of_parents register_child subject fit roster_apart roster_pair register_pair to_compare compared_number compared_record compared " +
	"exit_candidate namesake runner_up twin exit_line exit_window household_effect caregiver_line pair_probability judged_pair " +
	"enrolled_twice duplicate_line household_place household_counted eligibility_line registration_line reinstatement_line later_life decided " +
	"too_young area_unit area_above offspring programme_rule programme_pay_day programme_exclusion programme_handover reason_text"

// Make writes the tables evaluation and proposal from the facts, the links, the
// enrolments and the programmes.
func Make(ctx context.Context, s *store.Session, st *store.Stage, cfg Config) error {
	cfg = cfg.withDefaults()
	programmes := cfg.InForce()
	if err := facts.Prepare(ctx, s, cfg.Facts); err != nil {
		return err
	}
	if err := run(ctx, s,
		step{"settings of the decisions", cfg.variables()},
		step{"functions of criteria", macros},
		step{"areas", tables.AreaUnits(cfg.Areas)},
		step{"programmes", programmeTables(programmes)},
		step{"reasons", reasonTable()},
		step{"areas above areas", areasAbove(cfg.Areas, used(programmes, "in_area"))},
		step{"subjects", attributes(programmes).Replace(subjectSQL)},
	); err != nil {
		return err
	}
	if err := checkExpressions(ctx, s, programmes); err != nil {
		return err
	}
	if err := st.Table(ctx, tables.Evaluation(), evaluation(programmes)); err != nil {
		return fmt.Errorf("evaluate programmes: %w", err)
	}
	caps := strings.NewReplacer("{caps_t3}", facts.ChecksSQL(capsT3()), "{caps_t2}", facts.ChecksSQL(capsT2()),
		"{duplicate_contradictions}", facts.ChecksSQL(DuplicateContradictions()),
		"{duplicate_caps_t3}", facts.ChecksSQL(duplicateCapsT3()), "{duplicate_caps_t2}", facts.ChecksSQL(duplicateCapsT2()))
	values := strings.NewReplacer("{written_numbers}", tables.WrittenNumbers, "{mention_values}", tables.MentionValues)
	if err := run(ctx, s,
		step{"pairs of records", pairsSQL},
		step{"comparisons", values.Replace(compareSQL)},
		step{"exits", caps.Replace(exitsSQL)},
		step{"payments after death", windowSQL},
		step{"effects on households", householdSQL},
		step{"records of life after death", laterLife},
		step{"duplicates", caps.Replace(duplicatesSQL)},
		step{"birthdays", "CREATE OR REPLACE TEMP TABLE too_young AS " + tooYoung(programmes)},
		step{"places in households", places(programmes)},
		step{"eligibility and registrations", outreachSQL},
	); err != nil {
		return err
	}
	if err := st.Table(ctx, tables.Proposal(), proposalsSQL); err != nil {
		return fmt.Errorf("make proposals: %w", err)
	}
	for _, table := range strings.Fields(temporary) {
		if err := s.Exec(ctx, "DROP TABLE "+table); err != nil {
			return fmt.Errorf("release decisions: %w", err)
		}
	}
	return facts.Release(ctx, s)
}

// step is a piece of SQL with what it makes.
type step struct{ what, query string }

func run(ctx context.Context, s *store.Session, steps ...step) error {
	for _, step := range steps {
		if err := s.Exec(ctx, step.query); err != nil {
			return fmt.Errorf("make %s: %w", step.what, err)
		}
	}
	return nil
}

func (c Config) variables() string {
	var q strings.Builder
	for _, v := range []struct {
		name  string
		value float64
	}{
		{"t1", c.ThresholdT1},
		{"t2", c.ThresholdT2},
		{"margin_bits", c.MarginBits},
		{"namesakes", float64(c.Namesakes)},
	} {
		fmt.Fprintf(&q, "SET VARIABLE %s = CAST(%s AS DECIMAL(12, 6));\n", v.name, strconv.FormatFloat(v.value, 'f', 6, 64))
	}
	fmt.Fprintf(&q, "SET VARIABLE area_prefix = %d;", c.AreaPrefix)
	return q.String()
}

// programmeTables are what the SQL needs of the programmes, as tables.
func programmeTables(programmes []Programme) string {
	var q strings.Builder
	q.WriteString(`CREATE OR REPLACE TEMP TABLE programme_rule (programme VARCHAR, currency VARCHAR, ends VARCHAR, bereavement_days INTEGER,
  timing VARCHAR, months INTEGER, cutoff_day INTEGER, per_household INTEGER, first VARCHAR, subjects VARCHAR, once BOOLEAN);
CREATE OR REPLACE TEMP TABLE programme_pay_day (programme VARCHAR, month INTEGER, day INTEGER);
CREATE OR REPLACE TEMP TABLE programme_exclusion (programme VARCHAR, other VARCHAR);
CREATE OR REPLACE TEMP TABLE programme_handover (programme VARCHAR, other VARCHAR);
`)
	for _, p := range programmes {
		code, months := tables.Literal(p.Code), 1
		if p.Calendar == "quarterly" {
			months = 3
		}
		fmt.Fprintf(&q, "INSERT INTO programme_rule VALUES (%s, nullif(%s, ''), %s, %d, %s, %d, %d, %d, %s, %s, %t);\n", code,
			tables.Literal(p.Amount.Currency), tables.Literal(p.Ends), p.BereavementDays, tables.Literal(p.Timing), months, p.CutoffDay,
			p.PerHousehold.Most, tables.Literal(p.PerHousehold.First), tables.Literal(p.Subjects), p.Amount.Per == Once)
		for i, day := range p.PayDays {
			if day > 0 {
				fmt.Fprintf(&q, "INSERT INTO programme_pay_day VALUES (%s, %d, %d);\n", code, i+1, day)
			}
		}
		for _, other := range p.Excludes {
			fmt.Fprintf(&q, "INSERT INTO programme_exclusion VALUES (%s, %s), (%[2]s, %[1]s);\n", code, tables.Literal(other))
		}
		if p.HandsOverTo != "" {
			fmt.Fprintf(&q, "INSERT INTO programme_handover VALUES (%s, %s);\n", code, tables.Literal(p.HandsOverTo))
		}
	}
	return q.String()
}

func reasonTable() string {
	var rows lists
	for _, r := range Reasons() {
		rows.add("(%s, %s, %s, %s)", tables.Literal(r.Code), tables.Literal(r.Text), tables.Literal(r.Action), tables.Literal(r.Ask))
	}
	return "CREATE OR REPLACE TEMP TABLE reason_text AS SELECT * FROM (VALUES " + strings.Join(rows, ",\n") +
		") t(reason_code, reason, proposed_action, ask)"
}

// AttributesRead are the names that the programmes' expressions may read attributes by:
// whatever attribute one reads is named by one of its literals.
func AttributesRead(programmes []Programme) []string {
	var names []string
	for _, p := range programmes {
		for _, x := range p.expressions() {
			if usesAny(x.sql, "attribute", "number", "yes", "day_of") {
				names = append(names, literals(x.sql)...)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// attributes fills in what the criteria read. An attribute has one place in the lists
// of members and households; the member's value comes before the household's.
func attributes(programmes []Programme) *strings.Replacer {
	names := AttributesRead(programmes)
	var named, latest, values lists
	for i, n := range names {
		named.add("%s", tables.Literal(n))
		latest.add("max(value) FILTER (WHERE name = %s)", tables.Literal(n))
		values.add("coalesce(m.attributes[%d], h.attributes[%[1]d])", i+1)
	}
	truth := func(names ...string) string { return strings.ToUpper(strconv.FormatBool(used(programmes, names...))) }
	return strings.NewReplacer("{attributes}", named.joined(", ", ""), "{latest}", latest.joined(", ", "count(*)"), "{values}", values.joined(", ", ""),
		"{uses_children}", truth("children_known", "children_at_least", "births_at_least", "nth_birth", "nth_sex", "birth_order_at_least"),
		"{uses_birth}", truth("birth_registered"), "{uses_caregivers}", truth("caregiver_is_parent"))
}

// used tells whether some expression of the programmes uses one of the names.
func used(programmes []Programme, names ...string) bool {
	for _, p := range programmes {
		for _, x := range p.expressions() {
			if usesAny(x.sql, names...) {
				return true
			}
		}
	}
	return false
}

// areasAbove is each area with those that it lies in, itself first.
func areasAbove(areas []locale.Area, wanted bool) string {
	rows := lists{"(CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR[]))"}
	if wanted {
		above := map[string]string{}
		for _, a := range areas {
			above[a.Code] = a.Parent
		}
		for _, code := range slices.Sorted(maps.Keys(above)) {
			var chain lists
			for at := code; at != "" && !slices.Contains(chain, tables.Literal(at)); at = above[at] {
				chain.add("%s", tables.Literal(at))
			}
			rows.add("(%s, [%s])", tables.Literal(code), chain.joined(", ", ""))
		}
	}
	return "CREATE OR REPLACE TEMP TABLE area_above AS SELECT * FROM (VALUES " + rows.joined(", ", "") + ") t(area_code, areas) WHERE area_code IS NOT NULL"
}
