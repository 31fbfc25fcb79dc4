package report

import (
	"context"
	"fmt"
)

// note is one line of the sheet "Read me": a heading with a text or a count.
type note struct {
	head, text string
	count      *int64
}

// listTotals counts the lines of a list that ask for action, by tier.
func (m *maker) listTotals(ctx context.Context, l list) ([]counted, error) {
	by := "programme_title"
	if l.tiered {
		by = "tier"
	}
	return collect(ctx, m.session, fmt.Sprintf("SELECT coalesce(%[1]s, ''), count(*) FROM %[2]s WHERE %[3]s GROUP BY 1 ORDER BY 1",
		by, l.table(), asksForAction), scanCounted)
}

// readMe says what the workbook is, how much of it there is and how to read it.
func (m *maker) readMe(l list, totals []counted) []note {
	notes := []note{
		{head: l.title, text: m.cfg.JobTitle},
		{head: "What it lists", text: l.about + "."},
		{head: "As of", text: m.asOf()},
		{head: "Run", text: m.cfg.RunID},
		{head: "Program", text: "rollcall " + m.cfg.ProgramVersion},
		{head: "What it is not", text: nothingStops},
	}
	if m.cfg.LegalBasis != "" {
		notes = append(notes, note{head: "By what right", text: m.cfg.LegalBasis})
	}
	all := int64(0)
	for _, t := range totals {
		all += t.N
	}
	notes = append(notes, note{head: "Lines", count: &all})
	for _, t := range totals {
		title := t.Label
		if l.tiered {
			title = tierTitle(t.Label)
		}
		notes = append(notes, note{head: "   " + title, count: &t.N})
	}
	if l.tiered {
		for _, t := range tiers {
			notes = append(notes, note{head: t.code + " " + t.title, text: t.means})
		}
	}
	if l.kind == "exit" {
		notes = append(notes, note{head: "Potential overpayment", text: "subject to verification; never a debt. It is split by cause:"})
		for _, c := range causes {
			notes = append(notes, note{head: "   " + c.title, text: c.means})
		}
	}
	return append(notes,
		note{head: "Before anything changes", text: "Do what stands under \"Ask first\". A line whose record of death was wrong is as possible as one whose match was wrong."},
		note{head: "Columns", text: "dictionary.json beside this file explains every column. The CSV and Parquet files of the same name have all columns and all lines."},
		note{head: "Text cells", text: "Text is stored as text, so that a name that begins with = + - or @ stays a name. In the CSV file such text begins with an apostrophe."},
	)
}

// nothingStops stands on every report.
const nothingStops = "Nothing here stops a payment. Each line is a proposal, with its evidence, to a person who verifies it, hears the beneficiary and decides."
