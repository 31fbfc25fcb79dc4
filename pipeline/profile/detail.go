package profile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"rollcall/matchers/locale"
	"rollcall/matchers/quality"
	"rollcall/pipeline/pair"
)

// details says in a few lines what is known of a column by its kind.
func (c Column) details() []string {
	switch {
	case c.Dates != nil:
		return c.Dates.details(c.Filled)
	case c.Ages != nil:
		return c.Ages.details()
	case c.Names != nil:
		return c.Names.details(c.Filled)
	case c.Identifiers != nil:
		return c.Identifiers.details(c.Filled)
	case c.Phones != nil:
		return c.Phones.details(c.Filled)
	case c.Scripts != nil:
		return []string{"script: " + scriptShares(c.Filled, c.Scripts)}
	}
	return nil
}

func (d *Dates) details(filled int) []string {
	if d.Read() == 0 {
		return []string{"no date can be read"}
	}
	read := shares(filled, []pair.Count{
		{Value: "to the day", Rows: d.Exact},
		{Value: "the month", Rows: d.Month},
		{Value: "the year alone", Rows: d.Year},
		{Value: "stand for not known", Rows: d.Placeholder},
		{Value: "not read", Rows: d.Unreadable + d.Implausible},
	}, false)
	lines := []string{fmt.Sprintf("years %d to %d; %s", d.FirstYear, d.LastYear, read)}
	if reading := d.readingInWords(); reading != "" {
		lines = append(lines, reading)
	}
	if len(d.Calendars) > 0 {
		lines = append(lines, "calendars besides the Gregorian: "+d.calendarsInWords())
	}
	if order := d.orderInWords(); order != "" {
		lines = append(lines, order)
	}
	if len(d.Defaults)+len(d.DaysOfMonth) > 0 {
		lines = append(lines, "days that stand out: "+d.daysInWords(slices.Concat(d.Defaults, d.DaysOfMonth))+"; "+percent(d.AsYear, d.Read())+" read as the year alone")
	}
	switch {
	case d.Told.People >= leastPeople:
		lines = append(lines, fmt.Sprintf("%s, with ages told in %d or %d", heaping(d.Told.Whipple, d.Told.Myers), d.Told.Year-5, d.Told.Year))
	case d.Of == "birth":
		lines = append(lines, heaping(d.Told.Whipple, d.Told.Myers))
	}
	return lines
}

// readingInWords says by which calendars the column is read, the first of its most
// dates, and which days stand for a whole year; "" where both are as everywhere.
func (d *Dates) readingInWords() string {
	var parts []string
	if len(d.reading.Calendars) > 0 {
		names := make([]string, len(d.reading.Calendars))
		for i, name := range d.reading.Calendars {
			names[i] = cmp.Or(calendarNames[name], name)
		}
		first := "read by " + names[0]
		if len(names) > 1 {
			first += ", years that it cannot have by " + inWords(names[1:])
		}
		parts = append(parts, first)
	}
	if len(d.standing) > 0 {
		days := make([]string, len(d.standing))
		for i, md := range d.standing {
			days[i] = md.String()
		}
		parts = append(parts, "standing for the whole year: "+inWords(days))
	}
	return strings.Join(parts, "; ")
}

// orderInWords says how day and month are read and what that stands on; "" where no
// date leaves it open.
func (d *Dates) orderInWords() string {
	if d.DayFirst+d.MonthFirst+d.Either == 0 {
		return ""
	}
	surely, otherwise := d.DayFirst, d.MonthFirst
	if d.Order == locale.MonthFirst {
		surely, otherwise = otherwise, surely
	}
	return fmt.Sprintf("%s: %s can be nothing else, %s must be the other way round, %s could be either", d.Order, rows(surely), grouped(otherwise), grouped(d.Either))
}

func (a *Ages) details() []string {
	if a.Known == 0 {
		return []string{"no age can be read"}
	}
	return []string{heaping(a.Whipple, a.Myers)}
}

// leastPeople is how many people an index of heaping needs to say anything.
const leastPeople = 100

// heaping tells both indices with what they may be by chance.
func heaping(w quality.Whipple, m quality.Myers) string {
	if w.People < leastPeople {
		return fmt.Sprintf("heaping: too few people (%d) to say", w.People)
	}
	return fmt.Sprintf("heaping: Whipple's index %.0f (%s; by chance up to %.0f; ages %d to %d), Myers' %.1f (by chance up to %.1f)",
		w.Index, w.Words(), w.ByChance, w.Span.First, w.Span.Last, m.Index, m.ByChance)
}

// scriptShares writes the shares of scripts.
func scriptShares(filled int, counts []pair.Count) string {
	scripts := make([]pair.Count, len(counts))
	for i, s := range counts {
		scripts[i] = pair.Count{Value: scriptName(s.Value), Rows: s.Rows}
	}
	return shares(filled, scripts, false)
}

func (n *Names) details(filled int) []string {
	lines := []string{"script: " + scriptShares(filled, n.Scripts)}
	if how := shares(filled, n.writing(), true); how != "" {
		lines = append(lines, "written: "+how)
	}
	if rules := shares(filled, n.Rules, true); rules != "" {
		lines = append(lines, "rules: "+rules)
	}
	return lines
}

// writing is how the names are written, where it is not as usual.
func (n *Names) writing() []pair.Count {
	out := []pair.Count{
		{Value: "all capitals", Rows: n.Capitals},
		{Value: "no capitals", Rows: n.Small},
		{Value: "with an initial", Rows: n.Initials},
		{Value: "one letter", Rows: n.Letter},
		{Value: "with digits", Rows: n.Digits},
		{Value: "a number", Rows: n.Numbers},
		{Value: "in two scripts", Rows: n.Mixed},
	}
	if n.Whole {
		out = append([]pair.Count{{Value: "one word", Rows: n.Single}}, out...)
	}
	return out
}

func scriptName(s string) string {
	switch s {
	case "":
		return "no letters"
	case "other":
		return "another script"
	}
	return s
}

func (ids *Identifiers) details(filled int) []string {
	var lines []string
	for _, s := range ids.Systems {
		lines = append(lines, fmt.Sprintf("%s: %s right", s.Value, percent(s.Rows, filled)))
	}
	if len(ids.Systems) > 0 && ids.Unknown > 0 {
		lines = append(lines, "of no system of these: "+percent(ids.Unknown, filled))
	}
	if len(ids.Systems) == 0 {
		lines = append(lines, "of no system that the program knows: a check digit cannot be held against them")
	}
	if wrong := shares(filled, ids.Problems, true); wrong != "" {
		lines = append(lines, "wrong: "+wrong)
	}
	lines = append(lines, ids.Inside.details()...)
	if ids.Shared.Values > 0 {
		lines = append(lines, ids.Shared.inWords("bear"))
	}
	return lines
}

func (p *Phones) details(filled int) []string {
	of := "country not known: "
	if p.Country != "" {
		of = p.Country + ": "
	}
	lines := []string{of + shares(filled, p.outcomes(), false)}
	if p.Shared.Values > 0 {
		lines = append(lines, p.Shared.inWords("have"))
	}
	return lines
}

// outcomes are what the numbers turn out to be.
func (p *Phones) outcomes() []pair.Count {
	return []pair.Count{
		{Value: "a number", Rows: p.Right}, {Value: "no number of the country", Rows: p.None}, {Value: "stand for not known", Rows: p.Placeholder}, {Value: "too short", Rows: p.Short}, {Value: "no number", Rows: p.Other},
	}
}

// shares lists what came about with its share. With some, what concerns hardly
// anything is left out.
func shares(all int, counts []pair.Count, some bool) string {
	const least = 0.001
	var out []string
	for _, c := range counts {
		if c.Rows > 0 && (!some || float64(c.Rows) >= least*float64(all)) {
			out = append(out, c.Value+" "+percent(c.Rows, all))
		}
	}
	return strings.Join(out, ", ")
}
