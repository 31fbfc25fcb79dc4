package report

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// tiers in the order of the strength of their evidence.
var tiers = []struct{ code, title, means string }{
	{"T1", "corroborated", "an identity number and the name agree, and at least two of date of birth, area, a relative's name and sex (where nobody verified the number, the date of birth and area or relative); one-to-one; nothing speaks against it"},
	{"T2", "probable", "strong evidence short of T1, or a placeholder date of birth, or many namesakes: a person must compare the records"},
	{"T3", "possible", "for verification in the field only; never leaves as an exit"},
	{"X", "conflict", "records speak against each other, such as a sign of life after the death: to the data-quality queue"},
}

// group is one row of the totals: a programme, a district or everything. The
// first four counts are exits by tier.
type group struct {
	Label                                         string
	Enrolled, People                              int64
	T1, T2, T3, X                                 int64
	Duplicates, Eligibility, Unknown, Registrable int64
	Reinstatements                                int64
	Paid                                          string // amounts by currency, exact
}

func (g group) exits() int64 { return g.T1 + g.T2 + g.T3 + g.X }

// groupsBy counts lines and enrolments by a column that report_line and
// report_enrolled share, or by a constant for everything.
func (m *maker) groupsBy(ctx context.Context, column string) ([]group, error) {
	q := fmt.Sprintf(`
WITH lines AS (SELECT %[1]s AS label,
   count(*) FILTER (kind = 'exit' AND tier = 'T1') AS t1, count(*) FILTER (kind = 'exit' AND tier = 'T2') AS t2,
   count(*) FILTER (kind = 'exit' AND tier = 'T3') AS t3, count(*) FILTER (kind = 'exit' AND tier = 'X') AS x,
   count(*) FILTER (kind = 'duplicate') AS duplicates,
   count(*) FILTER (kind = 'eligibility') AS eligibility,
   count(*) FILTER (kind = 'eligibility' AND outcome = 'unknown') AS unknown,
   count(*) FILTER (kind = 'registration') AS registrable,
   count(*) FILTER (kind = 'reinstatement') AS reinstatements
  FROM report_line GROUP BY ALL),
 enrolled AS (SELECT %[1]s AS label, count(*) AS n, count(DISTINCT person_id) AS people FROM report_enrolled GROUP BY ALL),
 paid AS (SELECT label, string_agg(currency || ' ' || amount, ', ' ORDER BY currency) AS amounts FROM (
   SELECT %[1]s AS label, currency, CAST(sum(paid_after) AS VARCHAR) AS amount FROM report_line
   WHERE kind = 'exit' AND tier IN ('T1', 'T2') AND paid_after > 0 AND currency IS NOT NULL GROUP BY ALL) GROUP BY label),
 labels AS (SELECT label FROM lines UNION SELECT label FROM enrolled)
SELECT label, coalesce(n, 0), coalesce(people, 0), coalesce(t1, 0), coalesce(t2, 0), coalesce(t3, 0), coalesce(x, 0),
 coalesce(duplicates, 0), coalesce(eligibility, 0), coalesce(unknown, 0), coalesce(registrable, 0), coalesce(reinstatements, 0), coalesce(amounts, '')
FROM labels LEFT JOIN lines USING (label) LEFT JOIN enrolled USING (label) LEFT JOIN paid USING (label) ORDER BY label`, column)
	return collect(ctx, m.session, q, func(r *sql.Rows) (group, error) {
		var g group
		return g, r.Scan(&g.Label, &g.Enrolled, &g.People, &g.T1, &g.T2, &g.T3, &g.X,
			&g.Duplicates, &g.Eligibility, &g.Unknown, &g.Registrable, &g.Reinstatements, &g.Paid)
	})
}

// everything is the one group of all lines.
func (m *maker) everything(ctx context.Context) (group, error) {
	all, err := m.groupsBy(ctx, "'all'")
	if err != nil || len(all) == 0 {
		return group{Label: "all"}, err
	}
	return all[0], nil
}

// causes are the parts of a potential overpayment, in the order of the calendar.
var causes = []struct{ column, title, means string }{
	{"paid_unavoidable", "Unavoidable", "the payment file was cut before anybody could know"},
	{"paid_late_registration", "Late registration", "between the death and its registration"},
	{"paid_late_extract", "Late extract", "between registration and its arrival here"},
	{"paid_late_action", "Late action", "after it had arrived here"},
}

// overpaid is the potential overpayment of one programme in one currency, in
// hundredths of the currency unit, in the order of causes.
type overpaid struct {
	Programme, Currency string
	Cents               [4]int64
	Total               string
}

func (m *maker) overpayments(ctx context.Context) ([]overpaid, error) {
	sums := ""
	for _, c := range causes {
		sums += fmt.Sprintf("CAST(sum(coalesce(%s, 0)) * 100 AS BIGINT), ", c.column)
	}
	q := fmt.Sprintf(`SELECT title, currency, %s CAST(sum(paid_after) AS VARCHAR) FROM report_line
		WHERE kind = 'exit' AND tier IN ('T1', 'T2') AND paid_after > 0 AND currency IS NOT NULL
		GROUP BY title, currency ORDER BY title, currency`, sums)
	return collect(ctx, m.session, q, func(r *sql.Rows) (overpaid, error) {
		var o overpaid
		return o, r.Scan(&o.Programme, &o.Currency, &o.Cents[0], &o.Cents[1], &o.Cents[2], &o.Cents[3], &o.Total)
	})
}

// tierTotal is what the lines of one kind and tier amount to.
type tierTotal struct {
	Kind, Tier string
	Lines      int64
	People     int64
	Expected   int64 // tenths of lines expected to be about two people: sum of 1 - probability
	Scored     int64 // lines that have a probability
	Paid       string
}

func (m *maker) tierTotals(ctx context.Context) ([]tierTotal, error) {
	q := `WITH t AS (SELECT kind, tier, count(*) AS lines, count(DISTINCT subject_id) AS people,
	   CAST(round(coalesce(sum(1 - match_probability), 0) * 10) AS BIGINT) AS expected, count(match_probability) AS scored
	  FROM report_line WHERE kind IN ('exit', 'duplicate') GROUP BY kind, tier),
	 paid AS (SELECT kind, tier, string_agg(currency || ' ' || amount, ', ' ORDER BY currency) AS amounts FROM (
	   SELECT kind, tier, currency, CAST(sum(paid_after) AS VARCHAR) AS amount FROM report_line
	   WHERE kind = 'exit' AND paid_after > 0 AND currency IS NOT NULL GROUP BY ALL) GROUP BY kind, tier)
	SELECT kind, tier, lines, people, expected, scored, coalesce(amounts, '') FROM t LEFT JOIN paid USING (kind, tier)
	ORDER BY kind DESC, tier`
	return collect(ctx, m.session, q, func(r *sql.Rows) (tierTotal, error) {
		var t tierTotal
		return t, r.Scan(&t.Kind, &t.Tier, &t.Lines, &t.People, &t.Expected, &t.Scored, &t.Paid)
	})
}

// crossed counts exits of T1 and T2 by district and programme.
func (m *maker) crossed(ctx context.Context) (map[[2]string]int64, error) {
	type cell struct {
		at [2]string
		n  int64
	}
	cells, err := collect(ctx, m.session, `SELECT district, title, count(*) FROM report_line
		WHERE kind = 'exit' AND tier IN ('T1', 'T2') GROUP BY ALL ORDER BY ALL`, func(r *sql.Rows) (cell, error) {
		var c cell
		return c, r.Scan(&c.at[0], &c.at[1], &c.n)
	})
	out := make(map[[2]string]int64, len(cells))
	for _, c := range cells {
		out[c.at] = c.n
	}
	return out, err
}

// agedSex counts people by sex and age band.
type agedSex struct {
	Sex, Band string
	N         int64
}

func (m *maker) exitsByAge(ctx context.Context) ([]agedSex, error) {
	return collect(ctx, m.session, `SELECT sex, age_band, count(DISTINCT subject_id) FROM report_line
		WHERE kind = 'exit' AND tier IN ('T1', 'T2') GROUP BY ALL ORDER BY ALL`, func(r *sql.Rows) (agedSex, error) {
		var a agedSex
		return a, r.Scan(&a.Sex, &a.Band, &a.N)
	})
}

// funnel follows the registered deaths to the lines.
func (m *maker) funnel(ctx context.Context) ([]counted, error) {
	return collect(ctx, m.session, `
WITH deceased AS (SELECT DISTINCT c.person_id FROM mention n JOIN event v ON v.event_id = n.event_id JOIN cluster c ON c.mention_id = n.mention_id
   WHERE n.role = 'deceased' AND v.event_type = 'death' AND v.status IS DISTINCT FROM 'revoked'),
 found AS (SELECT DISTINCT d.person_id, l.right_id FROM deceased d JOIN link l ON l.left_id = d.person_id AND l.kind = 'across' AND l.accepted),
 enrolled AS (SELECT DISTINCT f.right_id FROM found f JOIN report_enrolled e ON e.person_id = f.right_id)
SELECT label, n FROM (
 SELECT 1 AS o, 'Deaths in the register' AS label, count(*) AS n FROM event WHERE event_type = 'death' AND status IS DISTINCT FROM 'revoked' UNION ALL
 SELECT 2, 'People who died, by the register', count(*) FROM deceased UNION ALL
 SELECT 3, 'of them found in the roster', count(DISTINCT person_id) FROM found UNION ALL
 SELECT 4, 'of them with an active enrolment', count(*) FROM enrolled UNION ALL
 SELECT 5, 'people on the exit list (all tiers)', count(DISTINCT subject_id) FROM report_line WHERE kind = 'exit' UNION ALL
 SELECT 6, 'of them in T1 or T2', count(DISTINCT subject_id) FROM report_line WHERE kind = 'exit' AND tier IN ('T1', 'T2') UNION ALL
 SELECT 7, 'of them in T1', count(DISTINCT subject_id) FROM report_line WHERE kind = 'exit' AND tier = 'T1')
ORDER BY o`, scanCounted)
}

// listed counts the elements of a list column over a table, largest first.
func (m *maker) listed(ctx context.Context, table, column, where string) ([]counted, error) {
	q := fmt.Sprintf(`SELECT item, count(*) AS n FROM (SELECT unnest(%s) AS item FROM %s WHERE %s)
		WHERE item IS NOT NULL GROUP BY item ORDER BY n DESC, item LIMIT 20`, column, table, where)
	return collect(ctx, m.session, q, scanCounted)
}

// outcome counts evaluations.
type outcome struct {
	Programme, Outcome string
	Enrolled           bool
	N, Presumed        int64
}

func (m *maker) outcomes(ctx context.Context) ([]outcome, error) {
	return collect(ctx, m.session, `SELECT coalesce(g.title, x.programme), x.outcome, coalesce(x.enrolled, false) AS enrolled, count(*),
		count(*) FILTER (len(x.presumed) > 0)
		FROM evaluation x LEFT JOIN report_programme g USING (programme)
		GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`, func(r *sql.Rows) (outcome, error) {
		var o outcome
		return o, r.Scan(&o.Programme, &o.Outcome, &o.Enrolled, &o.N, &o.Presumed)
	})
}

// delay is the distribution of days between two dates of the deaths.
type delay struct {
	Name        string
	N, P50, P90 int64
}

func (m *maker) delays(ctx context.Context) ([]delay, error) {
	return collect(ctx, m.session, `
WITH d AS (SELECT CAST(registered_on - occurred_latest AS BIGINT) AS a, CAST(received_on - registered_on AS BIGINT) AS b
   FROM event WHERE event_type = 'death' AND status IS DISTINCT FROM 'revoked')
SELECT name, n, p50, p90 FROM (
 SELECT 1 AS o, 'from death to registration' AS name, count(a) AS n, coalesce(quantile_disc(a, 0.5), 0) AS p50, coalesce(quantile_disc(a, 0.9), 0) AS p90 FROM d UNION ALL
 SELECT 2, 'from registration to arrival here', count(b), coalesce(quantile_disc(b, 0.5), 0), coalesce(quantile_disc(b, 0.9), 0) FROM d)
WHERE n > 0 ORDER BY o`, func(r *sql.Rows) (delay, error) {
		var d delay
		return d, r.Scan(&d.Name, &d.N, &d.P50, &d.P90)
	})
}

// summary counts what was written.
func (m *maker) summary(ctx context.Context) (Summary, error) {
	sum := Summary{Files: m.files}
	for _, l := range m.lists() {
		counts, err := collect(ctx, m.session, fmt.Sprintf("SELECT tier, count(*) FROM report_line WHERE kind = '%s' GROUP BY tier ORDER BY tier", l.kind), scanCounted)
		if err != nil {
			return Summary{}, err
		}
		for _, c := range counts {
			sum.Lines = append(sum.Lines, LineCount{List: l.name, Tier: c.Label, Lines: c.N})
		}
	}
	var err error
	sum.Money, err = collect(ctx, m.session, `SELECT currency, CAST(sum(paid_after) AS VARCHAR) FROM report_line
		WHERE kind = 'exit' AND tier IN ('T1', 'T2') AND paid_after > 0 AND currency IS NOT NULL GROUP BY currency ORDER BY currency`,
		func(r *sql.Rows) (Money, error) {
			var p Money
			return p, r.Scan(&p.Currency, &p.PaidAfter)
		})
	return sum, err
}

// grouped writes an integer with thousands separated.
func grouped(n int64) string {
	s := fmt.Sprint(n)
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// money writes "BDT 1234567.50, USD 3.00" with thousands separated.
func money(amounts string) string {
	if amounts == "" {
		return "0"
	}
	parts := strings.Split(amounts, ", ")
	for i, p := range parts {
		currency, amount, _ := strings.Cut(p, " ")
		whole, cents, _ := strings.Cut(amount, ".")
		n := int64(0)
		if _, err := fmt.Sscan(whole, &n); err != nil {
			continue // not a number that fits: leave it as it is
		}
		parts[i] = currency + " " + grouped(n)
		if cents != "" && cents != "00" {
			parts[i] += "." + cents
		}
	}
	return strings.Join(parts, ", ")
}
