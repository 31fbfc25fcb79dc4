package calendar

// bikramStarts are the first days of the months from 1 Baisakh 1970 on, 13 April
// 1913.
var bikramStarts = starts(gregorianDay(1913, 4, 13), bikramLengths)

func bikramMonth(year, month int) (first, days int) {
	n := 12*(year-firstBikramYear) + month - 1
	return bikramStarts[n], bikramStarts[n+1] - bikramStarts[n]
}
