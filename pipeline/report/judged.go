package report

import (
	"context"
	"fmt"

	judging "rollcall/matchers/quality"
	"rollcall/pipeline/clerical"
)

// fates of scored pairs in words.
var fates = map[judging.Fate]string{
	judging.Accepted: "accepted", judging.Rejected: "rejected: lost to another, or kept apart", judging.Below: "below the threshold",
}

// judgedSection holds what people judged of an earlier run's sample against what the
// model said of it. The banners say where the two disagree.
func (m *maker) judgedSection(ctx context.Context) (s section, banners []string, err error) {
	j, err := clerical.ReadJudged(ctx, m.session)
	if err != nil {
		return s, nil, err
	}
	s = section{
		ID: "judged", Title: "What people judged of the links",
		About: "No judged sheet came back yet: every estimate of precision and recall here is the model's own. Have sample.xlsx filled in, and take it back with rollcall review import.",
	}
	if j.RunID == "" {
		return s, nil, nil
	}
	whole := table{
		Caption: "Precision and recall", Head: heads("Linkage", "#Pairs judged", "What", "As judged (95% interval)", "By the model (95% interval)", "Note"),
		Note: "Each judgement stands for the pairs of its stratum; intervals are recovered from Wilson's of the strata (Zou and Donner 2008), and allow for either where the judge could not tell. Few judgements of many pairs make wide ones. " +
			"Recall counts the true pairs that were never scored, of which people see none, as the model estimates them. Judgements measure; they change no link.",
	}
	by := table{
		Caption: "By stratum", Head: heads("Linkage", "Pairs", "#Probability", "#There are", "#Same", "#Different", "#Cannot tell", "#Share of one person", "#95% interval", "#By the model", "Note"),
	}
	judged, twice, alike := 0, 0, 0
	for _, e := range j.Estimates() {
		judged += e.Judged
		for _, x := range []struct {
			what     string
			judged   judging.Interval
			expected [3]float64
		}{{"precision", e.Judgement.Precision, e.Precision}, {"recall", e.Judgement.Recall, e.Recall}} {
			of, model := Range{x.judged[0], x.judged[1], x.judged[2]}, Range{x.expected[0], x.expected[1], x.expected[2]}
			class, note := "", ""
			if side := apart(of, model); side != "" {
				class, note = "warn", "people and model disagree: "+side
				banners = append(banners, fmt.Sprintf("People judged the %s of the links (%s) at %s, the model says %s: the intervals do not meet, and people are to be believed. They judged pairs of run %s.",
					x.what, stepTitles[e.Kind], judgedAt(of), model, j.RunID))
			}
			whole.Rows = append(whole.Rows, row{Class: class, Cells: []string{stepTitles[e.Kind], grouped(int64(e.Judged)), x.what, judgedAt(of), model.String(), note}})
		}
		for h, c := range e.Counts {
			by.Rows = append(by.Rows, stratumRow(e.Strata[h], c))
			twice, alike = twice+c.Twice, alike+c.Alike
		}
	}
	s.Tables = []table{whole, by}
	s.About = fmt.Sprintf("Of the pairs that run %s drew, %s were judged.", j.RunID, grouped(int64(judged)))
	if twice > 0 {
		s.About += fmt.Sprintf(" Two people judged %s of them, and said the same of %s (%s); the later judgement counts.", grouped(int64(twice)), grouped(int64(alike)), percent(float64(alike)/float64(twice)))
	}
	return s, banners, nil
}

// judgedAt writes an estimate of people, of which 0 is one too.
func judgedAt(r Range) string {
	return fmt.Sprintf("%s (%s)", percent(r.Estimate), percentRange(r.Low, r.High))
}

// apart says which of two estimates is the higher, where their intervals do not meet.
func apart(judged, model Range) string {
	switch {
	case !model.known():
		return ""
	case judged.High < model.Low:
		return "lower than the model says"
	case judged.Low > model.High:
		return "higher than the model says"
	}
	return ""
}

func stratumRow(s judging.Stratum, c clerical.Count) row {
	share, within, note, class := "–", "–", "", ""
	if s.Yes+s.No > 0 {
		low, middle, high := s.Share()
		share, within = percent(middle), percentRange(low, high)
		if side := apart(Range{low, middle, high}, Range{s.Mean, s.Mean, s.Mean}); side != "" {
			note, class = side, "warn"
		}
	} else if s.Unsure == 0 {
		note = "none judged"
	}
	return row{Class: class, Cells: []string{
		stepTitles[c.Kind], fates[c.Fate], fmt.Sprintf("%g to %g", s.From, s.To), grouped(int64(s.Pairs)),
		grouped(int64(s.Yes)), grouped(int64(s.No)), grouped(int64(s.Unsure)), share, within, percent(s.Mean), note,
	}}
}

// sampleSection says what this run draws.
func (m *maker) sampleSection(ctx context.Context) (section, error) {
	strata, err := clerical.Strata(ctx, m.session)
	t := table{Caption: "Drawn to be judged", Head: heads("Linkage", "Pairs", "#Probability", "#There are", "#Drawn", "#One person, by the model")}
	drawn := 0
	for _, s := range strata {
		drawn += s.Drawn
		t.Rows = append(t.Rows, row{Cells: []string{
			stepTitles[s.Kind], fates[s.Fate], fmt.Sprintf("%g to %g", s.From, s.To), grouped(int64(s.Pairs)), grouped(int64(s.Drawn)), percent(s.Mean),
		}})
	}
	return section{
		ID: "sample", Title: "Pairs to be judged by people", Tables: []table{t},
		About: fmt.Sprintf("sample.xlsx and sample.csv have %s pairs of this run, drawn by the run's name: the same run draws the same pairs. They do not say what the program thinks of them.", grouped(int64(drawn))),
	}, err
}

var overturns = population{
	ID: "overturns", Title: "Lines that people overturned, by group",
	Counted: "#Cases judged", Having: "#Overturned", Exceeding: "overturned more",
	rows: `SELECT c.person_id, v.kind || coalesce(' ' || nullif(v.tier, ''), '') AS tier, coalesce(g.title, v.programme) AS title, v.overturned AS has
		FROM reviewed v LEFT JOIN cluster c ON c.mention_id = v.mention_id LEFT JOIN report_programme g ON g.programme = v.programme`,
	programmes: "SELECT title, has, tier FROM report_people",
	sorts:      "SELECT tier AS label, has, tier FROM report_people",
}

// overturnSection says how often people overturned what runs proposed, and of whom.
func (m *maker) overturnSection(ctx context.Context) (section, error) {
	var all rate
	var days, twice, alike int64
	err := m.session.Row(ctx, `SELECT count(*), count(*) FILTER (overturned), coalesce(quantile_disc(days, 0.5), 0), CAST(coalesce(sum(twice), 0) AS BIGINT), CAST(coalesce(sum(alike), 0) AS BIGINT) FROM reviewed`,
		&all.of, &all.hits, &days, &twice, &alike)
	if err != nil {
		return section{}, err
	}
	if all.of == 0 {
		return section{ID: overturns.ID, Title: overturns.Title, About: "Nobody has judged a case of this job yet."}, nil
	}
	s, err := m.disparitySection(ctx, overturns)
	low, high := all.wilson()
	s.About = fmt.Sprintf("People judged %s cases before this run and overturned %s of them, %s (%s): withdrew the line, or reinstated the person. Half of the cases stood %s days or less before the first judgement.",
		grouped(all.of), grouped(all.hits), percent(all.share()), percentRange(low, high), grouped(days))
	if twice > 0 {
		both := rate{alike, twice}
		low, high := both.wilson()
		s.About += fmt.Sprintf(" A second person judged %s times after another, and agreed %s times, %s (%s).", grouped(twice), grouped(alike), percent(both.share()), percentRange(low, high))
	}
	s.About += " rollcall cases reviewers says who judged how, how long after and at what pace. Where a group's lines are overturned more, the links err more about it."
	return s, err
}
