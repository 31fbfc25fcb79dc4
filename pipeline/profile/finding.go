package profile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"rollcall/matchers/locale"
	"rollcall/matchers/locale/calendar"
	"rollcall/matchers/locale/identifier"
	"rollcall/matchers/model"
	"rollcall/matchers/recognise"
	"rollcall/pipeline/pair"
)

// Level says how much a finding matters.
type Level int

// The levels, the worst first.
const (
	Act  Level = iota // wrong in the data: mend it or ask for it again before linking
	Look              // see whether it is meant
	Know              // the linkage allows for it
)

// String names the level.
func (l Level) String() string { return [...]string{"act", "look", "know"}[l] }

// Finding is something that deserves attention.
type Finding struct {
	Level  Level
	Column string // "" for the whole file
	Rows   int
	What   string // in a sentence, without values
	Next   string // what to do about it

	place int // of the column
}

// findings collects those of the file and of its columns, worst first.
func (r *Report) findings() []Finding {
	var all []Finding
	if r.Rows == 0 {
		all = append(all, Finding{Level: Act, place: -1, What: "there are no rows", Next: "ask the sender for the file again: an empty one reads as if nobody were in it"})
	}
	if r.Headless != "" {
		what, next, _ := strings.Cut(r.Headless, "; ")
		all = append(all, Finding{Level: Act, Rows: r.Rows, place: -1, What: what, Next: next})
	}
	if r.Repeated > 0 {
		all = append(all, Finding{
			Level: Act, Rows: r.Repeated, place: -1,
			What: fmt.Sprintf("%s: like an earlier one in all but their number", rows(r.Repeated)),
			Next: "a person counted twice in one file is paid twice: see who they are with rollcall dedupe",
		})
	}
	empty := r.emptyColumns()
	const apart = 3 // empty columns that are told one by one
	if len(empty) > apart {
		all = append(all, Finding{
			Level: Look, Rows: r.Rows, place: -1,
			What: fmt.Sprintf("%d columns are empty: %s and %d more", len(empty), strings.Join(empty[:apart], ", "), len(empty)-apart), Next: askOfEmpty,
		})
	}
	for i, c := range r.Columns {
		if c.Filled == 0 && len(empty) > apart {
			continue
		}
		for _, f := range c.findings(r.Rows) {
			f.Column, f.place = c.Name, i
			all = append(all, f)
		}
	}
	slices.SortStableFunc(all, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Level, b.Level), cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.place, b.place))
	})
	return all
}

// emptyColumns are the names of those without a value, in a file that has rows.
func (r *Report) emptyColumns() []string {
	var names []string
	for _, c := range r.Columns {
		if c.Filled == 0 && r.Rows > 0 {
			names = append(names, clip(c.Name, 40))
		}
	}
	return names
}

const askOfEmpty = "ask the sender whether it was left out by mistake; a mapping does not need it"

// list collects the findings of a column.
type list struct {
	filled   int
	findings []Finding
}

// add adds a finding of so many rows; none where there are none. In what, %s is
// the rows with their share.
func (l *list) add(level Level, rows int, what, next string) {
	if rows > 0 {
		l.findings = append(l.findings, Finding{Level: level, Rows: rows, What: strings.Replace(what, "%s", l.of(rows), 1), Next: next})
	}
}

func (l *list) of(n int) string { return fmt.Sprintf("%s (%s)", rows(n), percent(n, l.filled)) }

// share tells whether so many rows are at least a share of the filled ones.
func (l *list) share(rows int, least float64) bool {
	return float64(rows) >= least*float64(l.filled)
}

// level is worse where rows are a share of the filled ones.
func (l *list) level(rows int, share float64, from, otherwise Level) Level {
	if l.share(rows, share) {
		return from
	}
	return otherwise
}

// findings of one column in a file of so many rows.
func (c Column) findings(all int) []Finding {
	l := &list{filled: c.Filled}
	if c.Filled == 0 {
		if all > 0 {
			l.findings = append(l.findings, Finding{Level: Look, Rows: all, What: "the column is empty", Next: askOfEmpty})
		}
		return l.findings
	}
	c.completeness(l, all)
	for _, o := range c.Oddities {
		what := "%s: " + o.What
		if len(o.Words) > 0 {
			const shown = 4
			what += " (" + strings.Join(o.Words[:min(shown, len(o.Words))], ", ") + ")"
		}
		l.add(o.level, o.Rows, what, o.Next)
	}
	if c.Cut.Length > 0 {
		l.add(Look, c.Cut.Rows, fmt.Sprintf("%%s: exactly %d characters, the most of all, where far fewer have a little less; they were cut off", c.Cut.Length),
			"ask for the field in full; until then the ends of long values disagree")
	}
	switch {
	case c.Dates != nil:
		c.Dates.findings(l)
	case c.Ages != nil:
		c.Ages.findings(l)
	case c.Names != nil:
		c.Names.findings(l)
	case c.Identifiers != nil:
		c.Identifiers.findings(l)
	case c.Phones != nil:
		c.Phones.findings(l)
	}
	return l.findings
}

// completeness says what lacks, and what is the same throughout.
func (c Column) completeness(l *list, all int) {
	const half, most, dominant = 0.5, 0.9, 0.1
	compared := c.Kind != recognise.Ignore && c.Kind != recognise.Key
	if lacking := all - c.Filled; compared && float64(lacking) > half*float64(all) {
		l.findings = append(l.findings, Finding{
			Level: Look, Rows: lacking,
			What: fmt.Sprintf("%s (%s): no value", rows(lacking), percent(lacking, all)),
			Next: "ask the sender whether it is known and was left out; the linkage has to do without it there",
		})
	}
	switch {
	case c.Distinct == 1 && c.Filled > 1:
		l.add(Know, c.Filled, "all that are filled have one value", "it tells nobody apart and is left out")
	case c.Names != nil && l.share(c.Top, dominant) && c.Filled >= 50:
		l.add(Look, c.Top, "%s: one and the same value", "see with --show-values whether it is a name or stands for something else; a name so common says little")
	case c.Kind != model.Category && c.Dates == nil && compared && c.Distinct > 10 && l.share(c.Top, most):
		l.add(Look, c.Top, "%s: one and the same value", "see with --show-values whether it stands for something that is not known")
	}
}

func (d *Dates) findings(l *list) {
	const shift = "move it to the right year, or ask what the sender's system writes for it"
	l.add(l.level(d.Unreadable, 0.02, Act, Look), d.Unreadable, "%s: no date that can be read", "their shapes are listed: ask the sender what they mean, or mend them in the mapping")
	l.add(Look, d.Impossible, "%s: a day that does not exist, such as 31 February; the month is kept", "ask for them to be looked up")
	l.add(Look, d.Implausible, "%s: a year that no register has", shift)
	switch d.Of {
	case "birth":
		l.add(Act, d.Future, "%s: born after the day of this profile", "a wrong century or a typing error: ask for them to be looked up")
		const most = 0.5
		if l.share(d.Old, most) {
			l.add(Know, d.Old, "%s: born more than 120 years ago", "nothing in a historical file: with --as-of a day of its time the others are held against that")
		} else {
			l.add(Act, d.Old, "%s: born more than 120 years ago", "a wrong century or a day that stands for “not known”: the age rules of a programme would go by it")
		}
	case "other date":
		l.add(Know, d.Future, "%s: after the day of this profile", "nothing, where the column is of something planned")
	default:
		l.add(Act, d.Future, "%s: after the day of this profile", "a typing error: ask for them to be looked up")
	}
	l.add(Know, d.Placeholder, "%s: a day that stands for “not known”, such as 1900-01-01 or 9999-12-31", "nothing: they are read as empty")
	d.orderFindings(l)
	switch n := sum(d.Calendars); {
	case n < d.Read():
		l.add(Look, n, "%s: of another calendar than the others, which are Gregorian ("+d.calendarsInWords()+")", "nothing where the year makes it plain; see with rollcall standardise that each was read by its own")
	default:
		l.add(Know, n, "%s: of another calendar than the Gregorian ("+d.calendarsInWords()+")", "nothing: they are read by it")
	}
	l.add(Know, d.Ages, "%s: an age and no date", "nothing: the years of birth that it leaves open are reckoned")
	l.add(Look, d.TwoDigitYears, "%s: a year of two digits; the century is the latest that does not lie in the future", "ask for years in full; those of the old are read a hundred years late")
	d.defaultFindings(l)
	if d.Told.Heaped() && d.Told.People >= leastPeople {
		level := Know
		if d.Told.Index >= 125 {
			level = Look
		}
		l.findings = append(l.findings, Finding{
			Level: level, Rows: d.Told.People,
			What: fmt.Sprintf("years of birth are heaped as if rounded ages had been told in %d or %d: Whipple's index is %.0f (%s; by chance up to %.0f)", d.Told.Year-5, d.Told.Year, d.Told.Index, d.Told.Words(), d.Told.ByChance),
			Next: "the years are estimates: do not let a rule hang on a birthday of a single year, and let the linkage allow for some years' difference",
		})
	}
}

// calendarNames are calendars in words, where they do not speak for themselves.
var calendarNames = map[string]string{
	calendar.Gregorian: "the Gregorian",
	calendar.Buddhist:  "the Buddhist era", calendar.Thai: "the Thai calendar", calendar.BikramSambat: "Bikram Sambat", calendar.Hijri: "the Hijri calendar",
	calendar.HijriTabular: "the Hijri calendar", calendar.Ethiopian: "the Ethiopian calendar", calendar.Coptic: "the Coptic calendar", calendar.Saka: "the Saka calendar",
	calendar.Bangla: "the Bangla calendar", calendar.BanglaIndia: "the Bangla calendar of India",
}

func (d *Dates) calendarsInWords() string {
	var out []string
	for _, c := range d.Calendars {
		out = append(out, fmt.Sprintf("%s %s", cmp.Or(calendarNames[c.Value], c.Value), grouped(c.Rows)))
	}
	return inWords(out)
}

func sum(counts []pair.Count) int {
	n := 0
	for _, c := range counts {
		n += c.Rows
	}
	return n
}

// orderFindings says how sure the order of day and month is.
func (d *Dates) orderFindings(l *list) {
	switch {
	case d.DayFirst > 0 && d.MonthFirst > 0:
		n := min(d.DayFirst, d.MonthFirst)
		level := Act
		if float64(n) < 0.02*float64(d.DayFirst+d.MonthFirst) {
			level = Look
		}
		l.add(level, n+d.Either, fmt.Sprintf("%d dates can only have the day first, and %d only the month first; %d more can be read both ways and are read %s", d.DayFirst, d.MonthFirst, d.Either, d.Order),
			"two systems have written into one column: ask which rows are whose, and for dates as YYYY-MM-DD")
	case d.Either > 0 && d.DayFirst+d.MonthFirst == 0:
		l.add(Act, d.Either, "%s: the day or the month may come first, and no date of the column tells which; the day is taken to be first", "ask the sender which it is")
	}
}

// defaultFindings tells of days that bear more dates than they can.
func (d *Dates) defaultFindings(l *list) {
	if len(d.Defaults) == 0 && len(d.DaysOfMonth) == 0 {
		return
	}
	l.filled = d.Read()
	next := "nothing: days so frequent say little, and the linkage weighs them by it"
	level := Know
	switch {
	case d.Of == "birth" && l.share(d.OnDefaults(), 0.1):
		level = Look
		next = "the day was not known when these were registered: " + d.readAs() + "; let no rule hang on the exact birthday"
	case d.Of == "birth":
		next = "the day was often not known: " + d.readAs()
	}
	if len(d.Defaults) > 0 {
		l.add(level, d.OnDefaults(), "%s: on "+d.onDays(d.Defaults), next)
	}
	if len(d.DaysOfMonth) > 0 {
		n := 0
		for _, day := range d.DaysOfMonth {
			n += day.Rows
		}
		l.add(Know, n, "%s: on "+d.onDays(d.DaysOfMonth), "the month may be known and the day not: nothing, the linkage weighs frequent days by it")
	}
}

// readAs says how the default days are read.
func (d *Dates) readAs() string {
	switch {
	case d.AsYear == 0:
		return "the column has too few dates to be sure, and they are read as they stand"
	case d.AsYear < d.OnDefaults():
		return fmt.Sprintf("%s of the dates are read as the year alone, and the others as they stand", percent(d.AsYear, d.Read()))
	}
	return "they are read as the year alone"
}

// onDays names the days behind the number of all their rows.
func (d *Dates) onDays(days []Default) string {
	if len(days) == 1 {
		return fmt.Sprintf("%s, %.0f times its share", days[0], float64(days[0].Rows)/days[0].Expected)
	}
	return d.daysInWords(days)
}

// daysInWords lists days with how often each comes.
func (d *Dates) daysInWords(days []Default) string {
	const shown = 4
	var out []string
	for _, day := range days[:min(shown, len(days))] {
		out = append(out, fmt.Sprintf("%s (%s, %.0f times its share)", day, percent(day.Rows, d.Read()), float64(day.Rows)/day.Expected))
	}
	if more := len(days) - shown; more > 0 {
		out = append(out, fmt.Sprintf("%d more", more))
	}
	return inWords(out)
}

// String writes the day: 1 January, or the 15th of a month.
func (d Default) String() string {
	if d.Month > 0 {
		return fmt.Sprintf("%d %v", d.Day, d.Month)
	}
	return fmt.Sprintf("day %d of a month", d.Day)
}

func (a *Ages) findings(l *list) {
	l.add(Look, a.Other, "%s: no age in whole years", "see what they mean; they are not compared as ages")
	l.add(Act, a.Negative, "%s: less than nothing", "reckoned from a date that was wrong: ask for the dates")
	l.add(Act, a.Impossible, "%s: more than 120 years", "a typing error, or a year of birth: ask for them to be looked up")
	if a.Whipple.Heaped() && a.Whipple.People >= leastPeople {
		level := Know
		if a.Whipple.Index >= 125 {
			level = Look
		}
		l.add(level, a.Whipple.People, fmt.Sprintf("ages are rounded to 0 and 5: Whipple's index is %.0f (%s; by chance up to %.0f)", a.Whipple.Index, a.Whipple.Words(), a.Whipple.ByChance),
			"they are estimates: let no rule hang on a single year of age")
	}
}

func (n *Names) findings(l *list) {
	l.add(Look, n.Digits, "%s: digits in a name", "a typing error, a number of a twin, or another field that has slipped in: see which")
	l.add(Look, n.Numbers, "%s: a number and no name", "another field has slipped in: see whether columns are shifted in these rows")
	l.add(Look, n.Letter, "%s: one letter", "an initial says little: ask for names in full")
	if l.share(n.Initials, 0.05) {
		l.add(Know, n.Initials, "%s: an initial beside other words", "nothing: an initial agrees with each name that it may stand for")
	}
	if n.Whole && l.share(n.Single, 0.05) && !l.share(n.Single, 0.95) {
		l.add(Know, n.Single, "%s: one word", "where people have one name it is right; elsewhere the family name lacks")
	}
	if other := n.otherScripts(); other > 0 {
		next, level := "names in two scripts meet only where both are written in Latin letters: "+n.inOneScript()+", or use a column of its own for each script", Look
		if n.Country != "" {
			next, level = "nothing: they are written in Latin letters as "+n.Country+" does; a column of its own for each script keeps more", Know
		}
		l.add(l.level(other, 0.02, level, Know), other, "%s: not in "+inScript(n.Scripts[0].Value)+" as the others, but in "+n.scriptsInWords(), next)
	}
	l.add(Look, n.Mixed, "%s: words in two scripts", "see whether they are one name twice: they belong into two columns")
	for _, r := range n.Rules {
		if next := toldRules[r.Value]; next != "" {
			l.add(Know, r.Rows, "%s: "+r.Value, next)
		}
	}
}

// toldRules are the rules of names whose firing says something of the file, with
// what to do about it.
var toldRules = map[string]string{
	shownRules[locale.RuleInvisible]:    "nothing here; other programs see two different names",
	shownRules[locale.RuleLookAlike]:    "nothing here; other programs see two different names",
	shownRules[locale.RuleDigitLetters]: "nothing here; other programs see two different names",
	shownRules[locale.RuleRelation]:     "nothing here; another person's name belongs into a column of its own, without the relation",
}

func inScript(s string) string {
	switch s {
	case "":
		return "letters"
	case "other":
		return "known letters"
	}
	return s + " letters"
}

// otherScripts is how many rows are in another script than the most.
func (n *Names) otherScripts() int {
	other := 0
	for i, s := range n.Scripts {
		if i > 0 && s.Value != "" {
			other += s.Rows
		}
	}
	return other
}

// scriptsInWords lists the scripts but the first.
func (n *Names) scriptsInWords() string {
	var out []string
	for i, s := range n.Scripts {
		if i > 0 && s.Value != "" {
			out = append(out, fmt.Sprintf("%s %s", scriptName(s.Value), grouped(s.Rows)))
		}
	}
	return inWords(out)
}

func (ids *Identifiers) findings(l *list) {
	next := map[string]string{
		problemWords[identifier.ProblemMangled]:     "opened and saved in a spreadsheet, which kept about 12 digits: ask for the export again, with the column as text",
		problemWords[identifier.ProblemCheckDigit]:  "a typing error in most: ask for them to be looked up; the linkage takes them for nearly right",
		problemWords[identifier.ProblemMasked]:      "ask for the numbers in full where the law allows it: what is left identifies nobody",
		problemWords[identifier.ProblemPlaceholder]: "make them empty in the mapping; the linkage leaves them out",
		problemWords[identifier.ProblemLength]:      "a digit lost, or leading zeros cut off by a spreadsheet: ask for the column as text",
	}
	for _, p := range ids.Problems {
		level := l.level(p.Rows, 0.01, Act, Look)
		if p.Value == problemWords[identifier.ProblemPlaceholder] || p.Value == problemWords[identifier.ProblemMasked] {
			level = Look
		}
		l.add(level, p.Rows, "%s: "+p.Value, cmp.Or(next[p.Value], "ask for them to be looked up; the linkage leaves them out"))
	}
	ids.Inside.findings(l)
	if ids.Shared.Frequent > 0 {
		l.add(Act, ids.Shared.Within, "%s: "+ids.Shared.often("bear", plausibleBearers),
			"stand-ins for a number that is not known, or an officer's own: make them empty; whose number it is cannot be said")
	}
	if others := ids.Shared.Rows - ids.Shared.Within; others > 0 {
		l.add(l.level(others, 0.01, Look, Know), others, "%s: a number shared with "+othersInWords(min(plausibleBearers, ids.Shared.Most)-1),
			"one person several times in the file, or one number given to two: see which with rollcall dedupe")
	}
}

func othersInWords(n int) string {
	if n == 1 {
		return "one other"
	}
	return fmt.Sprintf("up to %d others", n)
}

func (p *Phones) findings(l *list) {
	l.add(Look, p.Placeholder, "%s: it stands for a number that is not known", "make them empty in the mapping; the linkage leaves them out")
	l.add(l.level(p.None, 0.02, Look, Know), p.None, "%s: a number that "+p.Country+" does not have", "a digit lost or mistyped, or a number of another country without its +: ask for them again")
	l.add(Look, p.Short, "%s: too short for a telephone number", "ask for the column as text: spreadsheets cut leading zeros and round long numbers")
	l.add(Look, p.Other, "%s: no number", "see what they mean; the linkage leaves them out")
	l.add(Know, p.Several, "%s: more than one number; the first is taken", "give each a column of its own where the others matter")
	if p.Shared.Frequent > 0 {
		l.add(Look, p.Shared.Within, "%s: "+p.Shared.often("have", plausiblePhones),
			"of an office, an agent or a leader: they say nothing of who somebody is, and money sent to them goes through one hand")
	}
}

func rows(n int) string {
	if n == 1 {
		return "1 row"
	}
	return grouped(n) + " rows"
}

// inWords joins parts with commas and an and.
func inWords(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " and " + parts[len(parts)-1]
}

// percent writes a share; what is not quite none or all does not read so.
func percent(part, whole int) string {
	if whole == 0 {
		return "-"
	}
	p := 100 * float64(part) / float64(whole)
	switch {
	case part > 0 && p < 0.05:
		return "<0.1%"
	case part < whole && p >= 99.95:
		return ">99.9%"
	}
	return fmt.Sprintf("%.1f%%", p)
}

// grouped writes a number with its thousands apart.
func grouped(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
