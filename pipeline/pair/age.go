package pair

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/matchers/model"
	"rollcall/matchers/recognise"
	"rollcall/pipeline/standardise"
)

// withAges lets a date of birth that lacks be reckoned from the age that another
// column tells, where the day that the ages are told for can be found out.
func (o *Outcome) withAges(comparisons []model.Comparison) {
	for i := range comparisons {
		c := &comparisons[i]
		if c.Kind != model.Date {
			continue
		}
		left, right := o.Left.elseAge(c.Left), o.Right.elseAge(c.Right)
		c.Left, c.Right = left, right
	}
}

// elseAge is a column of dates with its column of ages, or by itself.
func (s *Side) elseAge(column string) string {
	g := slices.IndexFunc(s.Guesses, func(g recognise.Guess) bool { return g.Column == column })
	if g < 0 || s.Guesses[g].Else == "" {
		return column
	}
	ages := s.Guesses[g].Else
	on, ok := toldOn(s.Table.Columns[s.Table.Column(column)], s.Table.Columns[s.Table.Column(ages)])
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
func toldOn(dates, ages Column) (time.Time, bool) {
	read := standardise.Dates{Order: standardise.LearnOrder(slices.Values(dates.Values))}
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
		born, _ := read.Read(dates.Values[codes[0]])
		years, ok := wholeYears(ages.Values[codes[1]])
		if !ok || born.Precision != standardise.Exact {
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

// datesElseAges is a column of dates, those that lack reckoned from ages: as
// intervals, 1950-04-02/1951-04-01.
func (t *Table) datesElseAges(dates, agesOnDay string) (Column, error) {
	ages, day, _ := strings.Cut(agesOnDay, recognise.On)
	on, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return Column{}, fmt.Errorf("%q: write the day that the ages are told for as 2020-04-01", agesOnDay)
	}
	first, err := t.written(dates)
	if err != nil {
		return Column{}, err
	}
	second, err := t.written(ages)
	if err != nil {
		return Column{}, err
	}
	out := Column{Name: dates + recognise.Else + agesOnDay, Codes: slices.Clone(first.Codes), Values: slices.Clip(first.Values)}
	reckoned := make([]uint32, len(second.Values))
	for code, v := range second.Values {
		if years, ok := wholeYears(v); ok && code > 0 {
			reckoned[code] = uint32(len(out.Values))
			out.Values = append(out.Values, standardise.Age(years, on).String())
		}
	}
	for row, code := range first.Codes {
		if missing(first.Values[code]) {
			out.Codes[row] = reckoned[second.Codes[row]]
		}
	}
	return out, nil
}
