package gate

import (
	"context"
	"fmt"

	"rollcall/pipeline/store"
)

// Lists holds the size of every list against the enrolments and the baseline: a
// list that grew out of all proportion is more often a fault than a finding
// (Telangana and Haryana were mass events, domain 3.2).
func Lists(ctx context.Context, s *store.Session, cfg Config, base Baseline) (Report, []Measure, error) {
	c := &check{cfg: cfg.withDefaults(), base: base}
	rows, err := s.Query(ctx, `
WITH sizes AS (
	SELECT kind, coalesce(programme, '') AS programme, count(*) AS lines FROM proposal GROUP BY ALL
), active AS (
	SELECT programme, count(*) AS enrolments FROM enrolment WHERE status = 'active' GROUP BY programme
)
SELECT s.kind, s.programme, s.lines, coalesce(a.enrolments, 0)
FROM sizes s LEFT JOIN active a USING (programme) ORDER BY s.kind, s.programme`)
	if err != nil {
		return Report{}, nil, fmt.Errorf("gate lists: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var kind, programme string
		var lines, enrolments int64
		if err := rows.Scan(&kind, &programme, &lines, &enrolments); err != nil {
			return Report{}, nil, fmt.Errorf("gate lists: %w", err)
		}
		c.list(kind, programme, lines, enrolments)
	}
	if err := rows.Err(); err != nil {
		return Report{}, nil, fmt.Errorf("gate lists: %w", err)
	}
	return c.report(), c.measures, nil
}

// fewLines is the size under which a list's growth says nothing.
const fewLines = 30

// list judges one list. Only lists that ask to take something away can hold a run.
func (c *check) list(kind, programme string, lines, enrolments int64) {
	measure := "list:" + kind + ":" + programme
	c.measure("list", measure, lines)
	finding := Finding{Check: "list_size", Source: kind, Subject: programme, Verdict: Pass, Observed: count(lines) + " lines"}
	before, known := c.before("list", measure)
	share := float64(lines) / float64(max(enrolments, 1))
	takesAway := kind == "exit"
	switch {
	case known && before >= fewLines:
		finding.Expected = fmt.Sprintf("%s in the last good run, at most %.1f times as many", count(int64(before)), c.cfg.ListGrowth)
		finding.Verdict = graded(float64(lines)/before, c.cfg.ListGrowth/2, c.cfg.ListGrowth)
	case takesAway && enrolments > 0 && lines >= fewLines:
		finding.Expected = fmt.Sprintf("at most %s of %s active enrolments", percent(c.cfg.ListShare), count(enrolments))
		finding.Verdict = graded(share, c.cfg.ListShare/2, c.cfg.ListShare)
	default:
		finding.Expected = "no bound: too few lines or no enrolments to compare with"
	}
	if finding.Verdict == Hold && !takesAway {
		finding.Verdict = Warn
	}
	if finding.Verdict != Pass {
		finding.Advice = "look at quality.html for what changed in the inputs before anybody acts on the list"
	}
	c.add(finding)
}
