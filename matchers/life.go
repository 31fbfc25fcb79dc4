package matchers

// Life is what a record says of when its person lived, in days of any one count; 0 is
// unknown.
type Life struct {
	BornFrom, BornTo int32 // born not before, and not after
	Alive            int32 // acted on that day
	Died             int32
	Twin             bool // born with others
}

// DeathSlackDays is by how much a day of death or of an event may be wrong.
const DeathSlackDays = 31

// apart says that one person cannot have had both lives.
func (a Life) apart(b Life) bool {
	return a.before(b) || b.before(a)
}

// before says that a was born after b must have been, or acted after b died.
func (a Life) before(b Life) bool {
	return a.BornFrom != 0 && b.BornTo != 0 && a.BornFrom > b.BornTo || a.Alive != 0 && b.Died != 0 && a.Alive > b.Died+DeathSlackDays
}
