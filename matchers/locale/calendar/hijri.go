package calendar

var tabularEpoch = julianDay(622, 7, 16)

// tabularMonth is of the arithmetic calendar with the civil epoch, Friday 16 July
// 622 Julian: months of 30 and 29 days in turn, and a 30th day at the end of the
// years 2, 5, 7, 10, 13, 16, 18, 21, 24, 26 and 29 of each 30.
func tabularMonth(year, month int) (first, days int) {
	leapBefore := (11*year + 3) / 30
	first = tabularEpoch + 354*(year-1) + leapBefore + 29*(month-1) + month/2
	leap := (11*year+14)%30 < 11
	if month%2 == 1 || month == 12 && leap {
		return first, 30
	}
	return first, 29
}

// ummAlQuraStarts are the first days of the months from 1 Muharram 1300 on, 12
// November 1882.
var ummAlQuraStarts = starts(gregorianDay(1882, 11, 12), ummAlQuraLengths)

func ummAlQuraMonth(year, month int) (first, days int) {
	n := 12*(year-firstHijriYear) + month - 1
	return ummAlQuraStarts[n], ummAlQuraStarts[n+1] - ummAlQuraStarts[n]
}
