package calendar

// ruledBangla is a Bangla calendar of twelve months whose year starts on 14 April,
// with a leap day in one of them when the Gregorian year in which it ends is a leap
// year.
type ruledBangla struct {
	days [12]int
	leap int // the month of the leap day
}

// The calendars of Bangladesh. That of 1987 has five months of 31 days and seven of
// 30; that in force since 16 October 2019 six of 31 days and Falgun of 29, so that
// 21 February is 8 Falgun, 26 March 12 Choitro and 16 December 1 Poush (bdnews24, 17
// October 2019). The committee of 1966 had the leap day in Choitro; its years
// differ from those of 1987 in that month alone.
var (
	bangla1966 = ruledBangla{[12]int{31, 31, 31, 31, 31, 30, 30, 30, 30, 30, 30, 30}, 12}
	bangla1987 = ruledBangla{[12]int{31, 31, 31, 31, 31, 30, 30, 30, 30, 30, 30, 30}, 11}
	bangla2019 = ruledBangla{[12]int{31, 31, 31, 31, 31, 31, 30, 30, 30, 30, 29, 30}, 11}
)

// banglaYears is how far the Bangla year is behind the Gregorian one in which it
// starts; firstRevisedYear started on 14 April 2019.
const (
	banglaYears      = 593
	firstRevisedYear = 1426
)

func (b ruledBangla) month(year, month int) (first, days int) {
	first = gregorianDay(year+banglaYears, 4, 14)
	leap := leapGregorian(year + banglaYears + 1)
	for m, n := range b.days {
		if leap && m+1 == b.leap {
			n++
		}
		if m+1 == month {
			return first, n
		}
		first += n
	}
	return 0, 0
}

func banglaMonth(year, month int) (first, days int) {
	if year < firstRevisedYear {
		return bangla1987.month(year, month)
	}
	return bangla2019.month(year, month)
}
