package pair

import (
	"fmt"
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
func learn(kind model.Kind, column, opposite Column) string {
	switch kind {
	case model.Date:
		return fmt.Sprintf("%v to %d", locale.LearnOrder(column.Values.Each()), latestYear(column, opposite))
	case model.Identifier:
		systems := identifier.Learn(column.Values.Each())
		if len(systems) == 0 {
			return noSystem
		}
		return strings.Join(systems.Names(), " ")
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
