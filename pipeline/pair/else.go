package pair

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/matchers/locale"
	"rollcall/matchers/model"
	"rollcall/matchers/recognise"
)

// withElse lets another column stand in where a compared one is empty: a whole
// name for its parts, and for a date of birth an age where the day that the ages
// are told for can be found out, or an identity number that says a birth inside.
func (o *Outcome) withElse(comparisons []model.Comparison) {
	for i := range comparisons {
		c := &comparisons[i]
		c.Left, c.Right = o.Left.withElse(o.locale.pack(), c.Left), o.Right.withElse(o.locale.pack(), c.Right)
	}
}

// withElse is a column with the one that stands in for it, or by itself.
func (s *Side) withElse(pack *locale.Pack, column string) string {
	g := slices.IndexFunc(s.Guesses, func(g recognise.Guess) bool { return g.Column == column })
	if g >= 0 && s.Guesses[g].Else == "" && s.Guesses[g].Kind == model.Date && s.Guesses[g].Meaning == "birth" && s.Guesses[g].Subject == "" {
		if numbers, ok := s.birthIn(pack, column); ok {
			return withBirth(column, numbers)
		}
	}
	if g < 0 || s.Guesses[g].Else == "" {
		return column
	}
	if s.Guesses[g].Kind != model.Date {
		return column + recognise.Else + s.Guesses[g].Else
	}
	ages := s.Guesses[g].Else
	on, ok := toldOn(pack, s.Table.Columns[s.Table.Column(column)], s.Table.Columns[s.Table.Column(ages)])
	if !ok {
		return column
	}
	return column + recognise.Else + ages + recognise.On + on.Format(time.DateOnly)
}

// toldShare is the share of records with both whose age and date must agree on
// the day that the ages are told for.
const toldShare = 0.7

// toldOn finds the day that ages are told for: that on which most people were as
// old as they say. Each date and age allow the days of one year.
func toldOn(pack *locale.Pack, dates, ages Column) (time.Time, bool) {
	read := locale.LearnDates(dates.counted(), pack)
	type bound struct {
		day   time.Time
		opens int // people whose age fits from this day on; negative: no longer
	}
	fits := map[[2]uint32]int{}
	for row, date := range dates.Codes {
		if age := ages.Codes[row]; date != 0 && age != 0 {
			fits[[2]uint32{date, age}]++
		}
	}
	var bounds []bound
	known := 0
	for codes, people := range fits {
		born, _ := read.Read(dates.Values.At(codes[0]))
		years, ok := wholeYears(ages.Values.At(codes[1]))
		if !ok || born.Precision != locale.Exact {
			continue
		}
		known += people
		bounds = append(bounds, bound{born.Earliest.AddDate(years, 0, 0), people}, bound{born.Earliest.AddDate(years+1, 0, 0), -people})
	}
	slices.SortFunc(bounds, func(a, b bound) int { return cmp.Or(a.day.Compare(b.day), cmp.Compare(a.opens, b.opens)) })
	best, most, now := time.Time{}, 0, 0
	for _, b := range bounds {
		if now += b.opens; now > most {
			best, most = b.day, now
		}
	}
	return best, known > 0 && float64(most) >= toldShare*float64(known)
}

// wholeYears reads an age.
func wholeYears(s string) (int, bool) {
	const oldest = 130
	years, err := strconv.Atoi(strings.TrimSpace(s))
	return years, err == nil && years >= 0 && years <= oldest
}

// orElse is a column, and where it is empty what another one says. Ages on a day
// are intervals of birth: 1950-04-02/1951-04-01.
func (t *Table) orElse(column, other string) (Column, error) {
	if numbers, ok := strings.CutPrefix(other, recognise.BirthIn); ok && t.Column(other) < 0 {
		return t.birthsIn(column, numbers)
	}
	ages, day, told := strings.Cut(other, recognise.On)
	if !told || t.Column(other) >= 0 {
		return t.either(column, other, func(s string) string { return s })
	}
	on, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return Column{}, fmt.Errorf("%q: write the day that the ages are told for as 2020-04-01", other)
	}
	return t.either(column, ages, func(age string) string {
		if years, ok := wholeYears(age); ok {
			return locale.Age(years, on).String()
		}
		return ""
	})
}

// either is a column, and where it is empty what another one says, put so; ""
// stays empty.
func (t *Table) either(column, other string, put func(string) string) (Column, error) {
	first, err := t.written(column)
	if err != nil {
		return Column{}, err
	}
	second, err := t.written(other)
	if err != nil {
		return Column{}, err
	}
	out := Column{Codes: slices.Clone(first.Codes)}
	var added []string
	codes := make([]uint32, second.Values.Len())
	for code, v := range second.Values.All() {
		if v = put(v); v != "" && code > 0 {
			codes[code] = uint32(first.Values.Len() + len(added))
			added = append(added, v)
		}
	}
	out.Values = first.Values.With(added...)
	for row, code := range first.Codes {
		if missing(first.Values.At(code)) {
			out.Codes[row] = codes[second.Codes[row]]
		}
	}
	return out, nil
}
