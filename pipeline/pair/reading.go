package pair

import (
	"math"
	"slices"
	"strings"
	"time"

	"rollcall/matchers/locale"
	"rollcall/matchers/locale/identifier"
	"rollcall/matchers/model"
	"rollcall/matchers/recognise"
)

// The ways in which a category is read.
const (
	readSex     = "sex"
	readInitial = "initial"
	readWord    = "word"
)

// noSystem stands for an identity number of no known system.
const noSystem = "any"

// learn tells in a few words how the values of a column are read, where the column
// and the one that it is compared with teach it: the order of day and month, the
// systems of identity numbers, sexes. "" where the kind alone decides.
func learn(pack *locale.Pack, kind model.Kind, column, opposite Column) string {
	switch kind {
	case model.Date:
		return learnDates(pack, column, opposite).String()
	case model.Identifier:
		// What one side follows holds for both, so that one number has one form.
		names := slices.Concat(column.systems(pack).Names(), opposite.systems(pack).Names())
		if len(names) == 0 {
			return noSystem
		}
		return strings.Join(identifier.Named(names).Names(), " ")
	case model.Phone:
		if pack.HasNumbers() {
			return ""
		}
		return locale.LearnRegion(column.taught(), opposite.taught())
	case model.Category:
		return learnCategory(column, opposite)
	}
	return ""
}

// systems are those that the identity numbers of a column follow.
func (c Column) systems(pack *locale.Pack) identifier.Types {
	return identifier.Learn(pack, c.called(), c.taught())
}

// called is the header as it is written and in English.
func (c Column) called() string { return c.Name + " " + recognise.Words(c.Name) }

// learnDates finds how the dates of a column are read: their order, their calendar,
// the days that stand for a whole year and the century of years of two digits, for
// which both columns speak.
func learnDates(pack *locale.Pack, column, opposite Column) locale.Dates {
	d, other := agree(
		dated{column, locale.LearnDates(column.counted(), pack)},
		dated{opposite, locale.LearnDates(opposite.counted(), pack)},
	)
	d.LatestYear = latestYear(dated{column, d}, dated{opposite, other})
	found := d.Defaults
	d = d.WithDefaults(pack.DefaultDays)
	// 1 January stays a day where it is no heap.
	d.Defaults = slices.DeleteFunc(d.Defaults, func(md locale.MonthDay) bool {
		return md == locale.NewYear()[0] && !slices.Contains(found, md)
	})
	return d
}

// agree picks the calendars of two columns. Where their years are possible in several
// and one column by itself does not tell, the two together do: in the right ones they
// have more days in common, as they have people in common.
func agree(a, b dated) (locale.Dates, locale.Dates) {
	first, second := a.dates, b.dates
	if len(first.Calendars) < 2 || len(second.Calendars) < 2 {
		return first, second
	}
	days := func(c dated) []map[time.Time]bool {
		all := make([]map[time.Time]bool, len(c.dates.Calendars))
		for i, name := range c.dates.Calendars {
			all[i] = dated{c.Column, c.dates.Mostly(name)}.days()
		}
		return all
	}
	inA, inB := days(a), days(b)
	learnt := common(inA[0], inB[0])
	most := learnt
	for i, x := range inA {
		for j, y := range inB {
			// Not by chance: three deviations, and more than a day or two.
			if n := common(x, y); n > most && float64(n-learnt) > 2+3*math.Sqrt(float64(n+learnt)) {
				most, first, second = n, a.dates.Mostly(a.dates.Calendars[i]), b.dates.Mostly(b.dates.Calendars[j])
			}
		}
	}
	return first, second
}

// days are the different days of a column.
func (c dated) days() map[time.Time]bool {
	days := map[time.Time]bool{}
	for v := range c.Values.Each() {
		if iv, _ := c.dates.Read(v); iv.Precision == locale.Exact {
			days[iv.Earliest] = true
		}
	}
	return days
}

func common(a, b map[time.Time]bool) int {
	n := 0
	for day := range a {
		if b[day] {
			n++
		}
	}
	return n
}

// learnedDates reads the words of learn for dates. An impossible day leaves its
// month: most of it is right.
func learnedDates(reading string) locale.Dates {
	d := locale.ReadingOf(reading)
	d.KeepMonth = true
	return d
}

// freezeReadings writes down how both files were read, for a model that is used
// again.
func (o *Outcome) freezeReadings() {
	frozen := o.Result.Specification.Frozen
	if frozen == nil {
		return
	}
	for i := range frozen.Comparisons {
		frozen.Comparisons[i].Left, frozen.Comparisons[i].Right = o.Left.readings[i], o.Right.readings[i]
	}
}
