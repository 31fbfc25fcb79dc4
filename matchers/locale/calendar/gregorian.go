package calendar

// daysFrom1March counts the days before a month of a year that starts in March, so
// that the leap day is its last: 0 for March, 306 for January.
func daysFrom1March(month int) int { return (153*((month+9)%12) + 2) / 5 }

// gregorianDay is the day of a date of the proleptic Gregorian calendar; days beyond
// the month's end run on. The era of 400 years has 146097 days, and 0000-03-01 is
// 719468 days before 1970-01-01 (H. Hinnant, chrono-compatible low-level date
// algorithms).
func gregorianDay(year, month, day int) int {
	if month <= 2 {
		year--
	}
	const eraYears, eraDays, toEpoch = 400, 146097, 719468
	era := floorDivide(year, eraYears)
	inEra := year - era*eraYears
	return era*eraDays + inEra*365 + inEra/4 - inEra/100 + daysFrom1March(month) + day - 1 - toEpoch
}

func floorDivide(a, b int) int {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

func gregorianMonth(year, month int) (first, days int) {
	first = gregorianDay(year, month, 1)
	if month == 12 {
		return first, 31
	}
	return first, gregorianDay(year, month+1, 1) - first
}

func leapGregorian(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

// buddhistYears is how far the Buddhist era is ahead.
const buddhistYears = 543

func buddhistMonth(year, month int) (first, days int) {
	return gregorianMonth(year-buddhistYears, month)
}

// Siam had its new year on 1 April from 1889 (2432) on. The act of 6 September 1940
// (Royal Gazette, volume 57) let 2483 end on 31 December: it has nine months.
const (
	firstThaiYear      = 2432
	lastThaiAprilYear  = 2483
	thaiMonthsOfWinter = 3 // January to March, which ended the year
)

func thaiMonth(year, month int) (first, days int) {
	switch {
	case year > lastThaiAprilYear || month > thaiMonthsOfWinter:
		return buddhistMonth(year, month)
	case year == lastThaiAprilYear:
		return 0, 0
	}
	return buddhistMonth(year+1, month)
}

// sakaYears is how far the Saka era is behind.
const sakaYears = 78

// sakaMonth follows the Calendar Reform Committee (Government of India, 1955):
// Chaitra starts on 22 March, on 21 March and with 31 days in Gregorian leap years;
// five months of 31 days and six of 30 follow.
func sakaMonth(year, month int) (first, days int) {
	start, chaitra := gregorianDay(year+sakaYears, 3, 22), 30
	if leapGregorian(year + sakaYears) {
		start, chaitra = start-1, 31
	}
	switch {
	case month == 1:
		return start, chaitra
	case month <= 6:
		return start + chaitra + 31*(month-2), 31
	}
	return start + chaitra + 31*5 + 30*(month-7), 30
}
