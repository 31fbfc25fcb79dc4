// Package synth makes a country that exists only in the program: people with
// lives, the civil registers and the roster that would hold them, with the errors
// that such registers have, and the truth.
package synth

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Version stands beside every figure that rests on a country: another version
// makes another country from the same seed.
const Version = "2"

// Config says which country to make.
type Config struct {
	Dir        string
	Preset     string // bangladesh, india, chile, vietnam or mixed; "" is mixed
	Households int    // about so many live in the country at its end
	Seed       uint64
	Start      time.Time               // any day of the first month; zero is August 2026
	Months     int                     // 0 is 3
	Years      int                     // of events in the registers before the first month; 0 is 10
	Threads    int                     // 0 is all; never changes what is made
	Progress   func(done, total int64) // of shards; may be nil
}

// ConfigError says what is wrong with a configuration.
type ConfigError struct{ Message string }

func (e *ConfigError) Error() string { return e.Message }

// Counts says how much was made.
type Counts struct {
	Persons        int64   `json:"persons"` // alive at the end
	Households     int64   `json:"households"`
	Births         int64   `json:"births"`
	Deaths         int64   `json:"deaths"`
	Marriages      int64   `json:"marriages"`
	Members        int64   `json:"members"` // in the last snapshot
	RosterHomes    int64   `json:"roster_households"`
	Enrolments     int64   `json:"enrolments"`
	Payments       int64   `json:"payments"`
	WrongDeaths    int64   `json:"wrong_deaths"`
	RevokedInMonth []int64 `json:"death_registrations_revoked_by_month"`
}

func (c *Counts) add(o Counts) {
	c.Persons += o.Persons
	c.Households += o.Households
	c.Births += o.Births
	c.Deaths += o.Deaths
	c.Marriages += o.Marriages
	c.Members += o.Members
	c.RosterHomes += o.RosterHomes
	c.Enrolments += o.Enrolments
	c.Payments += o.Payments
	c.WrongDeaths += o.WrongDeaths
	for len(c.RevokedInMonth) < len(o.RevokedInMonth) {
		c.RevokedInMonth = append(c.RevokedInMonth, 0)
	}
	for i, n := range o.RevokedInMonth {
		c.RevokedInMonth[i] += n
	}
}

// Summary describes the country that was made; it is what synth.json holds.
type Summary struct {
	Version    string             `json:"version"`
	Complete   bool               `json:"complete"` // false while it is being made, and after a crash
	Preset     string             `json:"preset"`
	Seed       uint64             `json:"seed"`
	Households int                `json:"households_asked"`
	Months     []string           `json:"months"`
	Counts     Counts             `json:"counts"`
	Registered map[string]float64 `json:"completeness"`
	Rates      []Rate             `json:"rates"`
	Notes      []string           `json:"notes"`
}

// Name says which country a figure rests on: the version of this package, which
// another one makes differently, the preset, the seed and the size.
func (s Summary) Name() string {
	return fmt.Sprintf("synth version %s, preset %s, seed %d, %d households", s.Version, s.Preset, s.Seed, s.Households)
}

// Generate writes the country to cfg.Dir. The same configuration gives the same
// bytes at any number of threads.
func Generate(ctx context.Context, cfg Config) (Summary, error) {
	c, err := newCountry(cfg)
	if err != nil {
		return Summary{}, err
	}
	if err := c.prepare(cfg); err != nil {
		return Summary{}, err
	}
	f, err := c.create(cfg.Dir)
	if err != nil {
		return Summary{}, errors.Join(err, f.close())
	}
	counts, err := c.populate(ctx, f, cfg.Threads, cfg.Progress)
	if err = errors.Join(err, f.close()); err != nil {
		return Summary{}, err
	}
	summary := c.summary(cfg)
	summary.Complete, summary.Counts = true, counts
	return summary, c.writeSmallFiles(cfg.Dir, summary)
}
