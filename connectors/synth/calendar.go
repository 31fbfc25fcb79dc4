package synth

// day counts days since 1970-01-01.
type day int32

// never is the day of what has not happened.
const never day = 1 << 30

const daysPerYear = 365.25

// civil gives year, month and day of the month (Hinnant, "chrono-compatible
// low-level date algorithms").
func (d day) civil() (year, month, dayOfMonth int) {
	z := int(d) + 719468
	era := z / 146097
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	dayOfMonth = doy - (153*mp+2)/5 + 1
	month = mp + 3
	if month > 12 {
		month -= 12
	}
	year = yoe + era*400
	if month <= 2 {
		year++
	}
	return year, month, dayOfMonth
}

// dayOf is the inverse of civil.
func dayOf(year, month, dayOfMonth int) day {
	if month <= 2 {
		year--
	}
	era := year / 400
	yoe := year - era*400
	mp := month - 3
	if month <= 2 {
		mp = month + 9
	}
	doy := (153*mp+2)/5 + dayOfMonth - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return day(era*146097 + doe - 719468)
}

// addMonths moves the first day of a month by months.
func addMonths(year, month, months int) (int, int) {
	m := year*12 + month - 1 + months
	return m / 12, m%12 + 1
}

// firstOf is the first day of the month that lies months after year and month.
func firstOf(year, month, months int) day {
	y, m := addMonths(year, month, months)
	return dayOf(y, m, 1)
}

// ageOn is the age in completed years; who is born on 29 February completes a
// year on 1 March of a common year.
func ageOn(born, on day) int {
	by, bm, bd := born.civil()
	y, m, d := on.civil()
	age := y - by
	if m < bm || m == bm && d < bd {
		age--
	}
	return age
}

// birthdayOf is the day on which somebody completes age years.
func birthdayOf(born day, age int) day {
	y, m, d := born.civil()
	if m == 2 && d == 29 && !leap(y+age) {
		return dayOf(y+age, 3, 1)
	}
	return dayOf(y+age, m, d)
}

func leap(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

// appendISO writes 2026-08-31; never is written as nothing.
func appendISO(dst []byte, d day) []byte {
	if d == never {
		return dst
	}
	y, m, dd := d.civil()
	return append(appendYear(dst, y), '-', byte('0'+m/10), byte('0'+m%10), '-', byte('0'+dd/10), byte('0'+dd%10))
}

// appendSlashed writes 31/08/2026.
func appendSlashed(dst []byte, d day) []byte {
	if d == never {
		return dst
	}
	y, m, dd := d.civil()
	dst = append(dst, byte('0'+dd/10), byte('0'+dd%10), '/', byte('0'+m/10), byte('0'+m%10), '/')
	return appendYear(dst, y)
}

// appendYearMonth writes 2026-08.
func appendYearMonth(dst []byte, d day) []byte {
	y, m, _ := d.civil()
	return append(appendYear(dst, y), '-', byte('0'+m/10), byte('0'+m%10))
}

func appendYear(dst []byte, y int) []byte {
	return append(dst, byte('0'+y/1000), byte('0'+y/100%10), byte('0'+y/10%10), byte('0'+y%10))
}
