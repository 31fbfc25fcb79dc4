package pair

import (
	"fmt"
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
		return fmt.Sprintf("%v to %d", locale.LearnOrder(column.Values.Each()), latestYear(column, opposite))
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

// learnedDates reads the words of learn for dates.
func learnedDates(reading string) locale.Dates {
	d := locale.Dates{}
	order, year, _ := strings.Cut(reading, " to ")
	if order == locale.MonthFirst.String() {
		d.Order = locale.MonthFirst
	}
	if _, err := fmt.Sscanf(year, "%d", &d.LatestYear); err != nil {
		d.LatestYear = 0 // not said: as when no date writes its year in full
	}
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
