package profile

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"path/filepath"
	"slices"
	"time"

	"rollcall/pipeline/pair"
)

//go:embed profile.html
var profilePage string

// view is what profile.html shows.
type view struct {
	Title  string
	AsOf   string
	Values bool
	Files  []fileView
}

type fileView struct {
	Name, Rows, Columns string
	Rejects             []string
	Findings, More      []findingView
	Counts              [3]int // findings by level
	Of                  []columnView
}

type findingView struct {
	Level, Column, ID, What, Next string
}

type columnView struct {
	Name, ID, Holds       string
	Filled, Distinct, Top string
	Width                 float64 // percent, of the bar of completeness
	Lengths               string
	Worst                 string // level of the worst finding, "" without any
	Findings              []findingView
	Details               []string
	Figures               []figure
	Commonest             []pair.Count
	FilledRows            string
}

// figure is a drawing with what it means.
type figure struct {
	Title   string
	Says    string
	Key     [][2]string // colour and what it stands for
	Drawing template.HTML
}

// shownOnTop is how many findings the page shows before it folds the rest.
const shownOnTop = 12

// Page writes reports as one page that stands alone; with values, the commonest of
// each column, which are personal data.
func Page(w io.Writer, reports []*Report, values bool) error {
	v := view{Title: "What is in the columns", Values: values}
	if len(reports) == 1 {
		v.Title = "What is in " + filepath.Base(reports[0].Name)
	}
	for i, r := range reports {
		v.AsOf = r.AsOf.Format(time.DateOnly)
		v.Files = append(v.Files, r.view(fmt.Sprintf("f%d", i+1), values))
	}
	if err := pair.Render(w, profilePage, v); err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	return nil
}

// view is a report as the page shows it; id begins the anchors of its columns.
func (r *Report) view(id string, values bool) fileView {
	v := fileView{Name: filepath.Base(r.Name), Rows: grouped(r.Rows), Columns: grouped(len(r.Columns)), Rejects: r.Rejects}
	places := map[string][]findingView{}
	for i, f := range r.Findings {
		shown := findingView{Level: f.Level.String(), Column: f.Column, What: f.What, Next: f.Next}
		if f.place >= 0 {
			shown.ID = fmt.Sprintf("%s-%d", id, f.place+1)
			places[shown.ID] = append(places[shown.ID], shown)
		}
		v.Counts[f.Level]++
		if i < shownOnTop {
			v.Findings = append(v.Findings, shown)
		} else {
			v.More = append(v.More, shown)
		}
	}
	for i, c := range r.Columns {
		column := c.view(r.Rows, values)
		column.ID = fmt.Sprintf("%s-%d", id, i+1)
		column.Findings = places[column.ID]
		if len(column.Findings) > 0 {
			column.Worst = column.Findings[0].Level
		}
		v.Of = append(v.Of, column)
	}
	return v
}

func (c Column) view(all int, values bool) columnView {
	v := columnView{
		Name: c.Name, Holds: c.Holds, Filled: percent(c.Filled, all), Distinct: grouped(c.Distinct), Top: percent(c.Top, c.Filled),
		Details: c.details(), FilledRows: grouped(c.Filled),
	}
	if v.Name == "" {
		v.Name = "(without a name)"
	}
	if all > 0 {
		v.Width = 100 * float64(c.Filled) / float64(all)
	}
	switch {
	case c.Filled == 0:
	case c.Shortest == c.Longest:
		v.Lengths = grouped(c.Longest)
	default:
		v.Lengths = fmt.Sprintf("%s to %s", grouped(c.Shortest), grouped(c.Longest))
	}
	v.Figures = c.figures()
	if values {
		for _, n := range c.Commonest {
			v.Commonest = append(v.Commonest, pair.Count{Value: clip(n.Value, shownCharacters), Rows: n.Rows})
		}
	}
	return v
}

// figures are the drawings of a column that fit what it holds.
func (c Column) figures() []figure {
	var out []figure
	switch {
	case c.Filled == 0:
		return nil
	case c.Dates != nil:
		out = c.Dates.figures()
	case c.Ages != nil:
		out = c.Ages.figures()
	case c.Names != nil:
		out = c.Names.figures(c.Filled)
	case c.Identifiers != nil:
		out = c.Identifiers.figures(c.Filled)
	case c.Phones != nil:
		out = c.Phones.figures(c.Filled)
	}
	return append(out, c.shapes())
}

// shapes draws the commonest patterns.
func (c Column) shapes() figure {
	const shown = 6
	var bars []bar
	rest := c.Filled
	for _, p := range c.Patterns[:min(shown, len(c.Patterns))] {
		bars = append(bars, bar{p.Value, p.Rows, plainColour})
		rest -= p.Rows
	}
	n := len(c.Patterns)
	if n == 1 {
		return figure{Title: "Shapes", Says: "All values are built alike: " + c.Patterns[0].Value}
	}
	if n > shown {
		bars = append(bars, bar{fmt.Sprintf("%s other shapes", grouped(n-shown)), rest, absentColour})
	}
	return figure{
		Title: "Shapes", Says: fmt.Sprintf("%s different shapes. A is a letter, 9 a digit, + more of the same.", grouped(n)),
		Drawing: barChart("The commonest shapes of "+c.Name, bars, c.Filled, true),
	}
}

func (d *Dates) figures() []figure {
	if d.Read() == 0 {
		return nil
	}
	var out []figure
	first, last := d.FirstYear, d.LastYear
	counts := make([]int, last-first+1)
	for year, rows := range d.Years {
		if year >= first && year <= last {
			counts[year-first] += rows
		}
	}
	if last > first {
		key := [][2]string{{plainColour, "dates of a year"}, {wrongColour, "far more than the years around it"}}
		told := 0
		if d.Told.Heaped() && d.Told.People >= leastPeople {
			told = d.Told.Year
			key = append(key, [2]string{doubtColour, "years of rounded ages"})
		}
		out = append(out, figure{
			Title: "Years", Says: d.yearsMean(), Key: key,
			Drawing: histogram(fmt.Sprintf("Dates by year, %d to %d", first, last), first, counts, told),
		})
	}
	if d.Exact > 0 {
		out = append(out, figure{
			Title: "Days of the year", Says: d.daysMean(),
			Key:     [][2]string{{"#cfe1ee", "about its share"}, {"#9cc3df", "more"}, {doubtColour, "a day of the month that stands out"}, {wrongColour, "a day of the year that stands out, with its share of all"}},
			Drawing: yearMap(d),
		})
	}
	return out
}

// yearsMean says what the chart of years shows.
func (d *Dates) yearsMean() string {
	switch t := d.Told; {
	case d.Of != "birth":
		return fmt.Sprintf("Nearly all dates are of %d to %d.", d.FirstYear, d.LastYear)
	case t.People < leastPeople:
		return fmt.Sprintf("Nearly all births are of %d to %d; there are too few people to say whether years are heaped.", d.FirstYear, d.LastYear)
	case t.Heaped():
		return fmt.Sprintf("Every fifth year has more births than those around it, as if rounded ages had been told in %d or %d. Whipple's index is %.0f, where 100 is no rounding, 500 nothing else, and up to %.0f comes by chance; Myers' index says that at least %.1f%% told another last digit than their own. Years of birth that rest on rounded ages are some years wrong.",
			t.Year-5, t.Year, t.Index, t.ByChance, t.Myers.Index)
	default:
		return fmt.Sprintf("Years of birth are not heaped: Whipple's index is at most %.0f, where 100 is no rounding and up to %.0f comes by chance.", t.Index, t.ByChance)
	}
}

// daysMean says what the map of days shows.
func (d *Dates) daysMean() string {
	switch {
	case len(d.Defaults) > 0:
		first := d.Defaults[0]
		says := fmt.Sprintf("%s of the dates are %s, %.0f times its share.", percent(first.Rows, d.Read()), first, float64(first.Rows)/first.Expected)
		if more := d.Defaults[1:]; len(more) > 0 {
			says += " So stand out " + d.daysInWords(more) + "."
		}
		if d.Of != "birth" {
			return says + " Offices may work on some days more than on others; a default day of the form looks the same."
		}
		return says + " Who does not know the day is given one: " + d.readAs() + "."
	case len(d.DaysOfMonth) > 0:
		return "No single day of the year stands out, but " + d.daysInWords(d.DaysOfMonth) + ": the month may be known where the day is not."
	}
	return "No day of the year stands out."
}

func (a *Ages) figures() []figure {
	last := len(a.Ages) - 1
	for last > 0 && a.Ages[last] == 0 {
		last--
	}
	if a.Known == 0 || last == 0 {
		return nil
	}
	says := fmt.Sprintf("Too few people of %d to %d years to say whether ages are rounded.", a.Whipple.Span.First, a.Whipple.Span.Last)
	switch w := a.Whipple; {
	case w.People < leastPeople:
	case w.Heaped():
		says = fmt.Sprintf("Ages are rounded: Whipple's index is %.0f (%s), where 100 is no rounding, 500 nothing else, and up to %.0f comes by chance. At least %.1f%% of the people told another last digit than their own (Myers). An age that rests on a guess is some years wrong.", w.Index, w.Words(), w.ByChance, a.Myers.Index)
	default:
		says = fmt.Sprintf("Ages are not rounded: Whipple's index is %.0f, where 100 is no rounding and up to %.0f comes by chance.", w.Index, w.ByChance)
	}
	return []figure{{
		Title: "Ages", Says: says, Key: [][2]string{{plainColour, "people of an age"}, {wrongColour, "far more than the ages around it"}},
		Drawing: histogram("People by age", 0, a.Ages[:last+1], 0),
	}}
}

func (n *Names) figures(filled int) []figure {
	var scripts []bar
	for i, s := range n.Scripts {
		colour := doubtColour
		if i == 0 {
			colour = plainColour
		}
		scripts = append(scripts, bar{scriptName(s.Value), s.Rows, colour})
	}
	script := figure{Title: "Scripts"}
	if len(scripts) == 1 {
		script.Says = "All names are in " + inScript(n.Scripts[0].Value) + "."
	} else {
		script.Says = "Names in several scripts meet only where they are written in one: " + n.inOneScript() + ", and Latin forms are made of them."
		if n.Country != "" {
			script.Says = "Names in several scripts meet where they are written in one: for linking, all are written in Latin letters as " + n.Country + " does."
		}
		script.Drawing = barChart("Names by script", scripts, filled, false)
	}
	out := []figure{script}
	if bars := someBars(n.writing(), doubtColour); len(bars) > 0 {
		out = append(out, figure{
			Title: "How they are written", Says: "What most names are not: see whether it is meant. A name may count more than once.",
			Drawing: barChart("How names are written", bars, filled, false),
		})
	}
	if bars := someBars(n.Rules, plainColour); len(bars) > 0 {
		out = append(out, figure{
			Title: "What the program changes", Says: "Before names are compared, these rules bring spellings together. rollcall standardise shows each name with its rules.",
			Drawing: barChart("Rules by the rows that they change", bars, filled, false),
		})
	}
	return out
}

// someBars are the counts that are not none, the most first.
func someBars(counts []pair.Count, colour string) []bar {
	var out []bar
	for _, c := range counts {
		if c.Rows > 0 {
			out = append(out, bar{c.Value, c.Rows, colour})
		}
	}
	slices.SortStableFunc(out, func(a, b bar) int { return b.rows - a.rows })
	return out
}

func (ids *Identifiers) figures(filled int) []figure {
	var bars []bar
	for _, s := range ids.Systems {
		bars = append(bars, bar{s.Value, s.Rows, rightColour})
	}
	bars = append(bars, bar{"nothing wrong, of no known system", ids.Unknown, plainColour})
	bars = append(bars, someBars(ids.Problems, wrongColour)...)
	says := "The numbers follow no system that the program knows: it cannot tell wrong ones by a check digit."
	if len(ids.Systems) > 0 {
		says = fmt.Sprintf("%s of the numbers have the form of a known system, and nothing is wrong with them.", percent(ids.Right, filled))
	}
	if wrong := ids.Wrong(); wrong > 0 {
		says += fmt.Sprintf(" %s are wrong: with a slip of the pen they still count as nearly right, others are left out.", percent(wrong, filled))
	}
	return []figure{
		{Title: "Validity", Says: says, Drawing: barChart("Numbers by whether they are right", bars, filled, false), Key: [][2]string{{rightColour, "right"}, {plainColour, "not to be held against anything"}, {wrongColour, "wrong"}}},
		ids.Shared.figure("numbers", filled, plausibleBearers),
	}
}

func (p *Phones) figures(filled int) []figure {
	var bars []bar
	for i, c := range p.outcomes() {
		colour := wrongColour
		if i == 0 {
			colour = rightColour
		}
		bars = append(bars, bar{c.Value, c.Rows, colour})
	}
	says := fmt.Sprintf("%s are telephone numbers of %s, or of another country that they name.", percent(p.Right, filled), p.Country)
	if p.Country == "" {
		says = fmt.Sprintf("%s can be read as a telephone number. Nothing tells the country, so that it is not known whether there can be such numbers: state it with --locale.", percent(p.Right, filled))
	}
	return []figure{
		{Title: "Validity", Says: says, Drawing: barChart("Telephone numbers by whether they can be read", bars, filled, false)},
		p.Shared.figure("telephones", filled, plausiblePhones),
	}
}

// figure draws how many rows share a number with others.
func (b bearers) figure(of string, filled, plausible int) figure {
	bars := []bar{
		{"borne by one row", filled - b.Rows, plainColour},
		{fmt.Sprintf("by 2 to %d rows", plausible), b.Rows - b.Within, doubtColour},
		{fmt.Sprintf("by more than %d", plausible), b.Within, wrongColour},
	}
	says := "No number is borne by two rows."
	switch {
	case b.Frequent > 0:
		says = fmt.Sprintf("The commonest is borne by %s: what so many bear is nobody's own. %s of the rows have such a number.", rows(b.Most), percent(b.Within, filled))
	case b.Values > 0:
		says = fmt.Sprintf("%s of the rows share their number; %s bear the commonest.", percent(b.Rows, filled), rows(b.Most))
	}
	return figure{Title: "Shared " + of, Says: says, Drawing: barChart("Rows by how many bear the same number", bars, filled, false)}
}
