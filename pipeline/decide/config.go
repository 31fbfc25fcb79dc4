// Package decide turns facts, enrolments and programme rules into proposals for
// people: exits with tiers and contradictions, duplicates, eligibility,
// registrations. Nothing here stops a payment.
package decide

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"rollcall/matchers/locale"
	"rollcall/pipeline/facts"
)

// Criterion is one named condition: an SQL expression over the columns and
// functions of a subject (see Columns and Functions) whose result is TRUE, FALSE or NULL, unknown.
type Criterion struct {
	Name       string
	Expression string
	Presume    string // met, not_met or ask; "" is ask
	Source     string // legal source of the presumption or of the criterion
	Where      string // where a missing fact could be had
	Path       string // of the expression in the programme file, for errors
}

// Programme is one version of one programme's rules.
type Programme struct {
	Code, Title     string
	Version         string
	ValidFrom       time.Time
	ValidTo         time.Time // zero while in force
	Source          string    // law or circular
	Subjects        string    // member, child or deceased: see Subjects
	Criteria        []Criterion
	Amount          Amount
	Ends            string // day, month_end or month_before: when the entitlement ends after the death
	BereavementDays int
	Timing          string   // arrears or advance
	Calendar        string   // monthly or quarterly
	PayDays         [12]int  // day of each month on which it is paid; all 0 where no calendar says
	CutoffDay       int      // day of the month on which the payment file is cut
	Excludes        []string // programmes beside which nobody can draw this one
	HandsOverTo     string   // programme to which a beneficiary changes when this one's criteria are no longer met; "" for none
	PerHousehold    Cap      // most enrolments in one household
	PerCaregiver    Cap      // most enrolments for which one person collects
	Caregiver       bool     // paid to a caregiver
}

// Whom a programme can concern.
const (
	Member   = "member"   // persons of the roster
	Child    = "child"    // these, and children that only the register knows
	Deceased = "deceased" // persons of the roster whose death is on record: their death gives rise to the entitlement
)

// Amount is what a programme pays. The first case whose condition is TRUE gives
// it, else Value or Expression; while an earlier condition is unknown the amount
// is unknown.
type Amount struct {
	Cases      []AmountCase
	Value      string // decimal
	Expression string // SQL number over the subject, in place of Value
	Currency   string // ISO 4217
	Per        string // month, quarter, year, or once for a lump sum
	Path       string // of the field in the programme file, for errors
}

// AmountCase is one row of a table of amounts.
type AmountCase struct {
	When  string // SQL condition over the subject
	Value string // decimal
	Path  string // of the condition
}

// Once says that the programme is a lump sum.
const Once = "once"

// Cap bounds the enrolments of one household or caregiver. The zero Cap bounds
// nothing.
type Cap struct {
	Most  int
	First string // enrolled, oldest or youngest: who counts first
	Only  string // SQL condition over the subject; who does not meet it is not counted
	Path  string // of the condition
}

// Config is what decide needs beside the tables. A zero field means its default.
type Config struct {
	AsOf       time.Time
	Programmes []Programme
	// Thresholds are match probabilities for each tier.
	ThresholdT1, ThresholdT2, ThresholdT3 float64
	// MarginBits is how far a match must lie above the runner-up to be probable.
	MarginBits float64
	// Namesakes is the number of namesakes from which a name proves little.
	Namesakes int
	// AreaPrefix is how many characters of an area code name its top level.
	AreaPrefix int
	// Areas is the area tree; optional.
	Areas []locale.Area
	// Facts are the settings that made the facts; AsOf is taken from above.
	Facts facts.Config
}

// The defaults of Config. A margin of 3 bits is odds of 8 to 1 between the two
// best candidates.
const (
	DefaultThresholdT1 = 0.9
	DefaultThresholdT2 = 0.5
	DefaultThresholdT3 = 0.1
	DefaultMarginBits  = 3
	DefaultNamesakes   = 5
	DefaultAreaPrefix  = 2
)

func (c Config) withDefaults() Config {
	for _, d := range []struct {
		field *float64
		value float64
	}{
		{&c.ThresholdT1, DefaultThresholdT1},
		{&c.ThresholdT2, DefaultThresholdT2},
		{&c.ThresholdT3, DefaultThresholdT3},
		{&c.MarginBits, DefaultMarginBits},
	} {
		if *d.field == 0 {
			*d.field = d.value
		}
	}
	if c.Namesakes == 0 {
		c.Namesakes = DefaultNamesakes
	}
	if c.AreaPrefix == 0 {
		c.AreaPrefix = DefaultAreaPrefix
	}
	c.Facts.AsOf, c.Facts.Floor = c.AsOf, c.ThresholdT3
	return c
}

// InForce lists the versions of the programmes that are in force on the as-of
// day, one a programme: the latest that has begun.
func (c Config) InForce() []Programme {
	best := map[string]Programme{}
	for _, p := range c.Programmes {
		if p.ValidFrom.After(c.AsOf) || (!p.ValidTo.IsZero() && p.ValidTo.Before(c.AsOf)) {
			continue
		}
		if b, ok := best[p.Code]; !ok || p.ValidFrom.After(b.ValidFrom) {
			best[p.Code] = p
		}
	}
	out := make([]Programme, 0, len(best))
	for _, code := range slices.Sorted(maps.Keys(best)) {
		out = append(out, best[code])
	}
	return out
}

// String is the amount in words: BDT 600.00 a month.
func (a Amount) String() string {
	values := []string{}
	for _, c := range a.Cases {
		values = append(values, c.Value)
	}
	if a.Value != "" {
		values = append(values, a.Value)
	}
	if a.Expression != "" {
		values = append(values, "as computed for the person,")
	}
	text := a.Currency + " " + strings.Join(values, " or ")
	if a.Per == Once {
		return text + " once"
	}
	return text + " a " + cmp.Or(a.Per, "month")
}
