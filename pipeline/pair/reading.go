package pair

import (
	"slices"
	"strings"

	"rollcall/matchers/locale"
	"rollcall/matchers/locale/identifier"
	"rollcall/matchers/model"
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
		names := slices.Concat(identifier.Learn(pack, column.Values.Each()).Names(), identifier.Learn(pack, opposite.Values.Each()).Names())
		if len(names) == 0 {
			return noSystem
		}
		return strings.Join(identifier.Named(names).Names(), " ")
	case model.Phone:
		if pack.HasNumbers() {
			return ""
		}
		return locale.LearnRegion(column.Values.Each(), opposite.Values.Each())
	case model.Category:
		return learnCategory(column, opposite)
	}
	return ""
}

// learnDates finds how the dates of a column are read: their order, their calendar,
// the days that stand for a whole year and the century of years of two digits, for
// which both columns speak.
func learnDates(pack *locale.Pack, column, opposite Column) locale.Dates {
	d, other := locale.LearnDates(column.counted(), pack), locale.LearnDates(opposite.counted(), pack)
	d.LatestYear = latestYear(dated{column, d}, dated{opposite, other})
	d = d.WithDefaults(pack.DefaultDays)
	// 1 January stays a day: matchers know it for one that may be any of its year, and
	// its frequency tells the model how little agreement on it is worth.
	d.Defaults = slices.DeleteFunc(d.Defaults, func(md locale.MonthDay) bool { return md == locale.NewYear()[0] })
	return d
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
