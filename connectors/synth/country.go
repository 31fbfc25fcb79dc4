package synth

import (
	"fmt"
	"time"
)

// country is what all shards share; nothing in it changes while they live.
type country struct {
	preset         preset
	seed           uint64
	households     int
	shards         int
	months         int
	year, month    int   // of the first month
	start          day   // first day of the first month
	end            day   // first day after the last month
	registerBegins day   // first day of which the registers hold events
	monthEnds      []day // first day after each month
	lexicon        lexicon
	namings        []*naming
	ids            *idScheme
	mortality      [2][121]float64
	areas          areas
}

const (
	firstInterview = -36 // months: interviews for the roster begin and end
	lastInterview  = -12
	firstPayment   = -12 // month from which payments are kept

	// The shortest identity number has 96 million values: half of them for people.
	numberOfNobody = 48_000_000
	maxHouseholds  = numberOfNobody / peopleInShard * householdsInShard / 1_000_000 * 1_000_000
	maxMonths      = 120
	maxYears       = 60 // that lives go back
)

func newCountry(cfg Config) (*country, error) {
	if cfg.Preset == "" {
		cfg.Preset = "mixed"
	}
	if cfg.Months == 0 {
		cfg.Months = 3
	}
	if cfg.Years == 0 {
		cfg.Years = 10
	}
	if cfg.Start.IsZero() {
		cfg.Start = time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)
	}
	p, err := presetNamed(cfg.Preset)
	switch {
	case err != nil:
		return nil, err
	case cfg.Dir == "":
		return nil, &ConfigError{"no folder for the country"}
	case cfg.Households < 1 || cfg.Households > maxHouseholds:
		return nil, &ConfigError{fmt.Sprintf("households: %d is not between 1 and %d", cfg.Households, maxHouseholds)}
	case cfg.Months < 1 || cfg.Months > maxMonths:
		return nil, &ConfigError{fmt.Sprintf("months: %d is not between 1 and %d", cfg.Months, maxMonths)}
	case cfg.Years < 1 || cfg.Years > maxYears:
		return nil, &ConfigError{fmt.Sprintf("years: %d is not between 1 and %d", cfg.Years, maxYears)}
	}
	c := &country{
		preset: p, seed: cfg.Seed, households: cfg.Households, months: cfg.Months,
		shards: (cfg.Households + householdsInShard - 1) / householdsInShard,
		year:   cfg.Start.Year(), month: int(cfg.Start.Month()),
		mortality: lifeTable(p.mortality), ids: idSchemes()[p.ids],
	}
	c.start = dayOf(c.year, c.month, 1)
	c.end = firstOf(c.year, c.month, c.months)
	c.registerBegins = firstOf(c.year, c.month, -12*cfg.Years)
	for m := range c.months {
		c.monthEnds = append(c.monthEnds, firstOf(c.year, c.month, m+1))
	}
	c.lexicon.words = make([]word, 1) // index 0 is no word
	systems := nameSystems()
	for i, share := range p.systems {
		n, err := newNaming(systems[share.system], i, &c.lexicon)
		if err != nil {
			return nil, err
		}
		c.namings = append(c.namings, n)
	}
	c.areas = newAreas(c)
	return c, nil
}

// monthName is the m-th month as 2026-08.
func (c *country) monthName(m int) string {
	y, mo := addMonths(c.year, c.month, m)
	return fmt.Sprintf("%04d-%02d", y, mo)
}

// fileMonth is the month whose file holds what is received on a day: the first
// file holds all that went before. Later than the last month is false.
func (c *country) fileMonth(received day) (int, bool) {
	for m, end := range c.monthEnds {
		if received < end {
			return m, true
		}
	}
	return 0, false
}

// namingOf is the name system of a village: whole sub-districts speak one tongue.
func (c *country) namingOf(village uint64) *naming {
	u := unitOf(c.seed, village/villagesInSubdistrict, 11)
	for i, s := range c.preset.systems {
		if u -= s.part; u < 0 {
			return c.namings[i]
		}
	}
	return c.namings[0]
}
