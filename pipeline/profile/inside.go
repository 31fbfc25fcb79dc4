package profile

import (
	"fmt"

	"rollcall/matchers/locale"
	"rollcall/matchers/locale/identifier"
	"rollcall/matchers/recognise"
	"rollcall/pipeline/pair"
)

// Inside is what identity numbers say of their bearers, held against other columns
// of the same record. Counts are of rows.
type Inside struct {
	Birth, Sex          string // the columns; "" without one
	Births, OtherBirths int    // where both tell a birth, and where it is another
	Sexes, OtherSexes   int
}

// holdAgainst holds numbers that say a birth or a sex against the columns of the
// same person that do.
func (r *Report) holdAgainst(t *pair.Table, guesses []recognise.Guess) {
	for i, c := range r.Columns {
		if c.Identifiers == nil || len(c.Identifiers.types) == 0 {
			continue
		}
		said := sayings(t.Columns[i], c.Identifiers.types)
		for j := range guesses {
			if said == nil || guesses[j].Subject != guesses[i].Subject {
				continue
			}
			switch d := r.Columns[j].Dates; {
			case d != nil && d.Of == "birth" && c.Identifiers.Inside.Birth == "":
				c.Identifiers.Inside.holdBirth(t.Columns[i], said, t.Columns[j], d)
			case guesses[j].Meaning == "sex" && c.Identifiers.Inside.Sex == "":
				c.Identifiers.Inside.holdSex(t.Columns[i], said, t.Columns[j])
			}
		}
	}
}

// saying is what a number says of its bearer.
type saying struct {
	birth identifier.Birth
	sex   string
}

// sayings are what the numbers of a column say, by code; nil where none says
// anything.
func sayings(numbers pair.Column, types identifier.Types) []saying {
	var said []saying
	for code, v := range numbers.Values.All() {
		n := types.Read(v)
		if !n.WellFormed() || !n.Birth.Known && n.Sex == "" {
			continue
		}
		if said == nil {
			said = make([]saying, numbers.Values.Len())
		}
		said[code] = saying{n.Birth, n.Sex}
	}
	return said
}

func (in *Inside) holdBirth(numbers pair.Column, said []saying, dates pair.Column, d *Dates) {
	in.Birth = dates.Name
	born := make([]locale.Interval, dates.Values.Len())
	for code, v := range dates.Values.All() {
		born[code], _ = d.reading.Read(v)
	}
	for row, code := range numbers.Codes {
		if b, day := said[code].birth, born[dates.Codes[row]]; b.Known && day.Known() {
			in.Births++
			if b.Contradicts(day) {
				in.OtherBirths++
			}
		}
	}
}

func (in *Inside) holdSex(numbers pair.Column, said []saying, sexes pair.Column) {
	in.Sex = sexes.Name
	sex := make([]string, sexes.Values.Len())
	for code, v := range sexes.Values.All() {
		sex[code], _ = locale.Sex(v)
	}
	for row, code := range numbers.Codes {
		if says, is := said[code].sex, sex[sexes.Codes[row]]; says != "" && (is == locale.Male || is == locale.Female) {
			in.Sexes++
			if says != is {
				in.OtherSexes++
			}
		}
	}
}

// findings tells of numbers that say something else than their record.
func (in Inside) findings(l *list) {
	const few, next = 0.01, "one of the two is mistyped, or the number is another person's: ask for them to be looked up"
	births := &list{filled: in.Births}
	births.add(births.level(in.OtherBirths, few, Act, Look), in.OtherBirths, "%s: the number says another birth than "+in.Birth, next)
	sexes := &list{filled: in.Sexes}
	sexes.add(sexes.level(in.OtherSexes, few, Act, Look), in.OtherSexes, "%s: the number says another sex than "+in.Sex, next)
	l.findings = append(append(l.findings, births.findings...), sexes.findings...)
}

// details says how often numbers and records agree.
func (in Inside) details() []string {
	var out []string
	if in.Births > 0 {
		out = append(out, fmt.Sprintf("the birth that the number says is that of %s in %s of %s", in.Birth, percent(in.Births-in.OtherBirths, in.Births), rows(in.Births)))
	}
	if in.Sexes > 0 {
		out = append(out, fmt.Sprintf("the sex that the number says is that of %s in %s of %s", in.Sex, percent(in.Sexes-in.OtherSexes, in.Sexes), rows(in.Sexes)))
	}
	return out
}
