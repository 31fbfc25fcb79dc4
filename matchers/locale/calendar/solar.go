package calendar

import (
	"math"
	"sync"
)

// The Bangla calendar of India is sidereal: a month starts on the day after the one
// in which the sun enters a sign, midnight to midnight (the Bengal rule). Almanacs
// that go by the modern place of the sun, not that of the Surya Siddhanta, start one
// month in four a day earlier or later.
const (
	firstSolarYear = 1200
	lastSolarYear  = 1600
)

// solarStarts are the first days of the months from 1 Boishakh firstSolarYear on,
// and of the one after the last.
var solarStarts = sync.OnceValue(func() []int {
	const shortestMonth = 29
	var starts []int
	day := gregorianDay(firstSolarYear+banglaYears, 4, 8)
	for n := 0; n <= 12*(lastSolarYear-firstSolarYear+1); n++ {
		for sign(day) != n%12 {
			day++
		}
		starts = append(starts, day)
		day += shortestMonth
	}
	return starts
})

func solarMonth(year, month int) (first, days int) {
	starts := solarStarts()
	n := 12*(year-firstSolarYear) + month - 1
	return starts[n], starts[n+1] - starts[n]
}

// sign is the zodiac sign, 0 to 11, in which the sun stands at the midnight that
// starts a day in Ujjain.
func sign(day int) int { return int(hinduSolarLongitude(float64(day)) / 30) }

// The true sun of the Surya Siddhanta, as E. M. Reingold and N. Dershowitz give it
// (Calendrical Calculations, 4th edition, chapter 20); angles in degrees, times in days.
const (
	hinduSiderealYear    = 365 + 279457.0/1080000
	hinduAnomalisticYear = 1577917828000.0 / (4320000000 - 387)
	hinduEpoch           = -1132959 - 719163 // 18 February 3102 BCE, Julian, as a day since 1970
	hinduCreation        = hinduEpoch - 1955880000*hinduSiderealYear
	hinduEpicycle        = 14.0 / 360
	hinduEpicycleChange  = 1.0 / 42
)

func hinduSolarLongitude(t float64) float64 {
	offset := hinduSine(hinduMean(t, hinduAnomalisticYear))
	equation := hinduArcsine(offset * (hinduEpicycle - math.Abs(offset)*hinduEpicycleChange*hinduEpicycle))
	return modulo(hinduMean(t, hinduSiderealYear)-equation, 360)
}

// hinduMean is the place of what goes round in so many days.
func hinduMean(t, period float64) float64 {
	return 360 * modulo((t-hinduCreation)/period, 1)
}

func modulo(x, y float64) float64 { return x - y*math.Floor(x/y) }

// hinduStep is that of the table of sines, in degrees.
const hinduStep = 3.75

// hinduTable is the table of sines of the Surya Siddhanta, which is off by one in
// its last place for sines beyond one half.
func hinduTable(entry float64) float64 {
	const radius, half = 3438, 1716
	exact := radius * math.Sin(entry*hinduStep*math.Pi/180)
	off := 0.215 * math.Copysign(1, exact) * math.Copysign(1, math.Abs(exact)-half)
	return math.Floor(exact+off+0.5) / radius
}

func hinduSine(angle float64) float64 {
	entry := angle / hinduStep
	part := modulo(entry, 1)
	return part*hinduTable(math.Ceil(entry)) + (1-part)*hinduTable(math.Floor(entry))
}

func hinduArcsine(amplitude float64) float64 {
	if amplitude < 0 {
		return -hinduArcsine(-amplitude)
	}
	entry := 0.0
	for hinduTable(entry) < amplitude {
		entry++
	}
	below := hinduTable(entry - 1)
	return hinduStep * (entry - 1 + (amplitude-below)/(hinduTable(entry)-below))
}
