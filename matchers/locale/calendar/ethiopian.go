package calendar

// The Ethiopian and the Coptic year have twelve months of thirty days and a
// thirteenth of five, or of six in the year before one that four divides. Their
// eras start on 29 August of the year 8 and of 284, Julian (E. M. Reingold and N.
// Dershowitz, Calendrical Calculations, 4th edition, chapter 4).
var (
	ethiopianEpoch = julianDay(8, 8, 29)
	copticEpoch    = julianDay(284, 8, 29)
)

func ethiopianMonth(year, month int) (first, days int) {
	return thirteenMonths(ethiopianEpoch, year, month)
}

func copticMonth(year, month int) (first, days int) {
	return thirteenMonths(copticEpoch, year, month)
}

func thirteenMonths(epoch, year, month int) (first, days int) {
	first = epoch + 365*(year-1) + year/4 + 30*(month-1)
	switch {
	case month <= 12:
		return first, 30
	case year%4 == 3:
		return first, 6
	}
	return first, 5
}

// julianDay is the day of a date of the Julian calendar.
func julianDay(year, month, day int) int {
	if month <= 2 {
		year--
	}
	const toEpoch = 719470 // days from 0000-03-01, Julian, to 1970-01-01, Gregorian
	return 365*year + floorDivide(year, 4) + daysFrom1March(month) + day - 1 - toEpoch
}
