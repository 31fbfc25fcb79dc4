package gate

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"rollcall/matchers/locale"
	"rollcall/matchers/quality"
	"rollcall/pipeline/decide"
	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// Districts say in which district an area code lies: by the area tree, or else by
// its first characters.
type Districts struct {
	Areas  []locale.Area
	Prefix int // 0 is decide.DefaultAreaPrefix
}

// size is how long a list is, in all or in one district.
type size struct {
	kind, programme, district string
	lines                     int64
	endings                   int64 // lines that could end an enrolment
	enrolments                int64 // active ones
}

// Lists holds the size of every list against the enrolments and against what the
// last good runs had (the baseline has their medians), in all and by district. A
// list that grew out of all proportion is more often a fault than a finding:
// Telangana and Haryana were mass events (domain 3.2).
func Lists(ctx context.Context, s *store.Session, cfg Config, d Districts, base Baseline) (Report, []Measure, error) {
	c := &check{cfg: cfg.withDefaults(), base: base}
	if err := s.Exec(ctx, tables.AreaUnits(d.Areas)); err != nil {
		return Report{}, nil, fmt.Errorf("gate lists: %w", err)
	}
	sizes, err := listSizes(ctx, s, cmp.Or(d.Prefix, decide.DefaultAreaPrefix))
	if err != nil {
		return Report{}, nil, fmt.Errorf("gate lists: %w", err)
	}
	for _, z := range whole(sizes) {
		c.list(z)
		c.endings(z)
	}
	for _, z := range sizes {
		if z.district != "" {
			c.endings(z)
		}
	}
	return c.report(), c.measures, s.Exec(ctx, "DROP TABLE area_unit")
}

// listSizes are the sizes by kind, programme and district, in that order.
func listSizes(ctx context.Context, s *store.Session, prefix int) ([]size, error) {
	endings := make([]string, len(decide.Endings()))
	for i, code := range decide.Endings() {
		endings[i] = tables.Literal(code)
	}
	rows, err := s.Query(ctx, fmt.Sprintf(`
WITH listed AS (
	SELECT p.kind, coalesce(p.programme, '') AS programme, coalesce(u.district, left(p.area_code, %[1]d), '') AS district, count(*) AS lines,
		count(*) FILTER (WHERE p.reason_code IN (%[2]s) AND coalesce(p.tier, '') NOT IN ('T3', 'X')) AS endings
	FROM proposal p LEFT JOIN area_unit u ON u.area_code = p.area_code
	GROUP BY ALL
), active AS (
	SELECT n.programme, coalesce(u.district, left(m.area_code, %[1]d), '') AS district, count(*) AS enrolments
	FROM enrolment n LEFT JOIN mention m ON m.mention_id = n.mention_id LEFT JOIN area_unit u ON u.area_code = m.area_code
	WHERE n.status = 'active'
	GROUP BY ALL
), kinds AS (
	SELECT DISTINCT kind, programme FROM listed
)
SELECT k.kind, k.programme, coalesce(l.district, a.district, ''), coalesce(l.lines, 0), coalesce(l.endings, 0), coalesce(a.enrolments, 0)
FROM kinds k
LEFT JOIN (SELECT programme, district FROM active UNION SELECT programme, district FROM listed) d ON d.programme = k.programme
LEFT JOIN listed l ON l.kind = k.kind AND l.programme = k.programme AND l.district = d.district
LEFT JOIN active a ON a.programme = k.programme AND a.district = d.district
ORDER BY 1, 2, 3`, prefix, strings.Join(endings, ", ")))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []size
	for rows.Next() {
		var z size
		if err := rows.Scan(&z.kind, &z.programme, &z.district, &z.lines, &z.endings, &z.enrolments); err != nil {
			return nil, err
		}
		out = append(out, z)
	}
	return out, rows.Err()
}

// whole adds up the districts of each list.
func whole(sizes []size) []size {
	var out []size
	for _, z := range sizes {
		if n := len(out); n == 0 || out[n-1].kind != z.kind || out[n-1].programme != z.programme {
			out = append(out, size{kind: z.kind, programme: z.programme})
		}
		all := &out[len(out)-1]
		all.lines, all.endings, all.enrolments = all.lines+z.lines, all.endings+z.endings, all.enrolments+z.enrolments
	}
	return slices.Clip(out)
}

// The sizes under which a list says nothing, of those enrolled and of the past: its
// lines are looked at one by one. In a first run the lines of years come at once.
const (
	fewOfEnrolled = 30
	fewOfPast     = 10
)

// bounded is how a list stands to what it is held against: the figure, in words with
// its lower bound, the limit and what follows from the bound.
type bounded struct {
	figure, expected string
	verdict          Verdict
}

const nothingToCompare = "no bound: too few lines or no enrolments to compare with"

// list judges the length of one list. It warns at most: only what could end an
// enrolment holds a run.
func (c *check) list(z size) {
	measure := "list:" + z.kind + ":" + z.programme
	c.measure("list", measure, z.lines)
	b := bounded{expected: nothingToCompare, verdict: Pass}
	if before, known := c.before("list", measure); known && z.lines >= fewOfPast {
		b = c.growth(z.lines, before)
	}
	if b.verdict == Hold {
		b.verdict = Warn
	}
	c.addList(Finding{Check: "list_size", Source: z.kind, Subject: z.programme, Observed: counted(z.lines, "line")}, b)
}

// endings is the breaker against mass events: it judges how many lines could end
// an enrolment, against the past or, as long as that is short, against those enrolled.
func (c *check) endings(z size) {
	measure := "ending:" + z.kind + ":" + z.programme
	subject := z.programme
	if z.district != "" {
		measure, subject = measure+":"+z.district, strings.TrimSpace(z.programme+" in "+z.district)
	}
	c.measure("list", measure, z.endings)
	b := bounded{expected: nothingToCompare, verdict: Pass}
	before, known := c.before("list", measure)
	if z.endings >= fewOfEnrolled && z.enrolments > 0 && before < fewOfEnrolled {
		b = c.share(z.endings, z.enrolments)
	}
	if z.endings >= fewOfPast && known {
		if g := c.growth(z.endings, before); severity[g.verdict] >= severity[b.verdict] {
			b = g
		}
	}
	if z.district == "" && z.endings == 0 || z.district != "" && b.verdict == Pass {
		return // nothing can end, or a district as usual
	}
	c.addList(Finding{Check: "mass_change", Source: z.kind, Subject: subject, Observed: counted(z.endings, "line") + " that could end an enrolment"}, b)
}

// share holds lines against the active enrolments. In a small district a few make a
// large share by chance: what counts is the lower bound of the share.
func (c *check) share(lines, enrolments int64) bounded {
	share := float64(lines) / float64(enrolments)
	low, _ := quality.Wilson(min(share, 1), float64(enrolments))
	return bounded{
		figure:   fmt.Sprintf("%s of them (chance allowed for, at least %s)", percent(share), percent(low)),
		expected: fmt.Sprintf("at most %s of %s active enrolments", percent(c.cfg.ListShare), count(enrolments)),
		verdict:  graded(low, c.cfg.ListShare/2, c.cfg.ListShare),
	}
}

// growth holds lines against the median of the last good runs. The lower bound of the
// ratio takes both for counts that vary by chance (Poisson): given their sum, this
// run's part of it is binomial (Przyborowski and Wilenski 1940,
// doi 10.1093/biomet/31.3-4.313), and its bound is that of a share. A median of
// several runs varies less than one count: the bound is on the safe side.
func (c *check) growth(lines int64, before float64) bounded {
	now := float64(lines)
	low, _ := quality.Wilson(now/(now+before), now+before)
	ratio := low / (1 - low)
	figure := "none in the median"
	if before > 0 {
		figure = fmt.Sprintf("%.1f times as many", now/before)
	}
	return bounded{
		figure:   fmt.Sprintf("%s (chance allowed for, at least %.1f times)", figure, ratio),
		expected: fmt.Sprintf("%s, the median of the last good runs, and at most %.1f times as many", count(int64(before)), c.cfg.ListGrowth),
		verdict:  graded(ratio, c.cfg.ListGrowth/2, c.cfg.ListGrowth),
	}
}

func (c *check) addList(f Finding, b bounded) {
	f.Expected, f.Verdict = b.expected, b.verdict
	if f.Verdict != Pass {
		f.Observed += ", " + b.figure
		f.Advice = "look at quality.html for what changed in the inputs before anybody acts on the list"
	}
	c.add(f)
}
