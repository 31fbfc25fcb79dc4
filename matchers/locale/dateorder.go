package locale

import (
	"iter"
	"strings"
)

// Order says in which order a column's dates have day, month and year, as bits:
// what is read so differs by where the year stands.
type Order int

// The bits of an order.
const (
	MonthFirst   Order = 1 << iota // 03/04/1984 is 4 March
	YearDayMonth                   // 1984/03/04 is 3 April
	YearFirst                      // 84/03/04 starts with the year

	// DayFirst is 3 April for 03/04/1984, and 4 March for 1984/03/04.
	DayFirst Order = 0
)

// orderWords are how an order is written, the first word always.
var orderWords = []struct {
	order Order
	word  string
}{{YearDayMonth, "year day month"}, {YearFirst, "two-digit year first"}}

// String names the order.
func (o Order) String() string {
	name := "day first"
	if o&MonthFirst != 0 {
		name = "month first"
	}
	for _, w := range orderWords {
		if o&w.order != 0 {
			name += ", " + w.word
		}
	}
	return name
}

// orderOf reads what String writes; what it does not know is day first.
func orderOf(name string) Order {
	var o Order
	for word := range strings.SplitSeq(name, ", ") {
		if word == MonthFirst.String() {
			o |= MonthFirst
		}
		for _, w := range orderWords {
			if word == w.word {
				o |= w.order
			}
		}
	}
	return o
}

// LearnOrder finds the order from a column's values: those of which one part can be
// no month, or no day, decide. Day first when nothing does, since most countries
// write so.
func LearnOrder(values iter.Seq[string]) Order { return learnOrder(values, DayFirst, monthsOfYear) }

// monthsOfYear is how many months a year of most calendars has.
const monthsOfYear = 12

// learnOrder is LearnOrder with the order of what nothing decides, and the months that
// a year has.
func learnOrder(values iter.Seq[string], otherwise Order, months int) Order {
	votes := orderVotes{months: months}
	for v := range values {
		if len(v) > longestDate {
			continue
		}
		if a, b, c, ok := threeNumbers(v); ok {
			votes.count(a, b, c)
			continue
		}
		if f := fieldsOf(tokensOf(v)); !f.extra && f.word < 0 && len(f.parts) == 3 {
			votes.count(f.parts[0].digits, f.parts[1].digits, f.parts[2].digits)
		}
	}
	return votes.order(otherwise)
}

// orderVotes counts the values that decide.
type orderVotes struct {
	months                   int // of a year
	dayFirst, monthFirst     int // of those with the year last
	yearMonthDay, yearDayMon int // of those with four digits of the year first
	yearFirst, yearLast      int // of those with two digits of it
	shortDayFirst, shortMDY  int // of those if the year is last
	shortYMD, shortYDM       int // of those if it is first
}

func (v *orderVotes) count(first, second, third string) {
	a, b, c := number(first), number(second), number(third)
	day := func(n, other int) bool {
		return n > v.months && n <= longestDay || n > monthsOfYear && n == v.months && other > daysOfThirteenth
	}
	month := func(n int) bool { return n <= v.months }
	vote := func(ab, ba *int, a, b int) {
		switch {
		case day(a, b) && month(b):
			*ab++
		case day(b, a) && month(a):
			*ba++
		}
	}
	switch {
	case len(first) == 4 && len(second) <= 2 && len(third) <= 2:
		vote(&v.yearDayMon, &v.yearMonthDay, b, c)
	case len(first) > 2 || len(second) > 2:
	case len(third) == 4:
		vote(&v.dayFirst, &v.monthFirst, a, b)
	case len(third) == 2:
		vote(&v.shortDayFirst, &v.shortMDY, a, b)
		vote(&v.shortYDM, &v.shortYMD, b, c)
		switch {
		case len(first) == 2 && (a > longestDay || a == 0) && c >= 1 && c <= longestDay:
			v.yearFirst++
		case (c > longestDay || c == 0) && a >= 1 && a <= longestDay:
			v.yearLast++
		}
	}
}

// daysOfThirteenth is how many days the thirteenth month has, at most: in 7/13 it is no
// month.
const daysOfThirteenth = 6

// longestDay is the highest day of a month, in Bikram Sambat.
const longestDay = 32

// slipsYearFirst is how many dates with the day before the month may be slips where
// the year is first: nearly all who write so follow ISO 8601.
const slipsYearFirst = 2

func (v *orderVotes) order(otherwise Order) Order {
	var o Order
	decide := func(bit Order, yes, no int) {
		if yes > no || yes == no && otherwise&bit != 0 {
			o |= bit
		}
	}
	decide(YearFirst, v.yearFirst, v.yearLast)
	if o&YearFirst != 0 {
		v.yearMonthDay, v.yearDayMon = v.yearMonthDay+v.shortYMD, v.yearDayMon+v.shortYDM
	} else {
		v.dayFirst, v.monthFirst = v.dayFirst+v.shortDayFirst, v.monthFirst+v.shortMDY
	}
	decide(MonthFirst, v.monthFirst, v.dayFirst)
	decide(YearDayMonth, v.yearDayMon, v.yearMonthDay+slipsYearFirst)
	return o
}
