package cases

import (
	"strings"
	"time"
)

// Person is somebody who may decide.
type Person struct {
	ID   string // as on the command line
	Name string
	Role Role
	// Districts are beginnings of area codes; none is everywhere.
	Districts []string
	// Account is the name of the person's account on this machine, and Key the
	// public key by which decisions made elsewhere are known to be the person's.
	Account, Key string
	// AgeKey is the public key of age for which files for the person are encrypted.
	AgeKey string
}

// Recipient is a person or an office for whom files are encrypted.
type Recipient struct {
	Name string
	Key  string // public, of age
}

func (p Person) covers(area string) bool {
	for _, d := range p.Districts {
		if strings.HasPrefix(area, d) {
			return true
		}
	}
	return len(p.Districts) == 0
}

// Wait is how many days a notice gives in an area.
type Wait struct {
	Area string // beginning of area codes
	Days int
}

// The defaults of Site: 30 days to answer (5 U.S.C. 552a(p)(1)(C)), and 12 months
// within which something has to be done (New Zealand, Privacy Act 2020, s 181).
const (
	DefaultWaitDays   = 30
	DefaultExpireDays = 365
)

// Site says who may decide, in what time, and how long files are kept.
type Site struct {
	People     []Person
	WaitDays   int // 0 is the default
	Waits      []Wait
	ExpireDays int // 0 is the default
	// Bases are the site's own legal bases, by reason code.
	Bases map[string]string
	// Offices get encrypted files, as people with a key of age do: districts, other
	// agencies.
	Offices []Recipient
	// Keeps say how long the files of runs are kept, one a class; a class of which
	// none says it is kept for ever.
	Keeps []Keep
	// LegalHolds keep files whose time is over.
	LegalHolds []LegalHold
}

// Keep is how long the files of one class are kept after their run ended.
type Keep struct {
	Class string // audit.Class
	Days  int    // 0: until nothing rests on them
	Law   string // or order, under which
}

// LegalHold is an order to keep files, such as a court's.
type LegalHold struct {
	Order string
	Runs  []string // beginnings of run ids; none is every run
}

// Holds tells whether the order is about a run.
func (h LegalHold) Holds(runID string) bool {
	for _, r := range h.Runs {
		if strings.HasPrefix(runID, r) {
			return true
		}
	}
	return len(h.Runs) == 0
}

// Person finds somebody by id.
func (s Site) Person(id string) (Person, bool) {
	for _, p := range s.People {
		if p.ID == id && id != "" {
			return p, true
		}
	}
	return Person{}, false
}

// Recipients are all for whom files can be encrypted, people first.
func (s Site) Recipients() (out []Recipient) {
	for _, p := range s.People {
		if p.AgeKey != "" {
			out = append(out, Recipient{p.ID, p.AgeKey})
		}
	}
	return append(out, s.Offices...)
}

// waitDays are those of the longest beginning of the area's code.
func (s Site) waitDays(area string) int {
	days, longest := s.WaitDays, -1
	if days == 0 {
		days = DefaultWaitDays
	}
	for _, w := range s.Waits {
		if strings.HasPrefix(area, w.Area) && len(w.Area) > longest {
			days, longest = w.Days, len(w.Area)
		}
	}
	return days
}

// Expired tells whether an open case grew too old to be acted on.
func (s Site) Expired(c Case, today time.Time) bool {
	days := s.ExpireDays
	if days == 0 {
		days = DefaultExpireDays
	}
	return c.State.Open() && c.OpenedOn.AddDate(0, 0, days).Before(today)
}

// Basis is the legal basis of a reason: the site's own, or the one that the list
// was modelled on.
func (s Site) Basis(r Reason) string {
	if own := s.Bases[r.Code]; own != "" {
		return own
	}
	return r.Basis
}
