package synth

// roster is what the roster of a shard holds.
type roster struct {
	homes      []rosterHome
	rows       []row
	enrolments []enrolment
	arena      []byte // the fixed parts of rows, one after the other
	payments   int
}

func (r *roster) reset() {
	r.homes, r.rows, r.enrolments, r.arena, r.payments = r.homes[:0], r.rows[:0], r.enrolments[:0], r.arena[:0], 0
}

// rosterHome is a household as the interviewer found it.
type rosterHome struct {
	home       int32 // the household that it was
	rows       []int32
	head       int32 // row
	enumerated day
	village    uint8
	fixed      [2]int32 // household's columns in the arena
	phone      [2]int32
}

// rowStatus is what the roster itself says of a member.
type rowStatus uint8

const (
	active rowStatus = iota
	left
	dead
)

// row is one member as written down once; only the status changes.
type row struct {
	person     int32
	home       int32    // in roster.homes
	fixed      [2]int32 // columns up to the status in the arena
	born       day      // as written
	registered day
	status     rowStatus
	twin       int32             // the row that this one repeats, or none
	enrolled   [programmes]int32 // enrolments, or none
}

// The codes of the relationship to the head, as in codes/relationship.csv.
const (
	relHead = iota + 1
	relSpouse
	relChild
	relParent
	relSibling
	relGrandchild
	relGrandparent
	relInLaw
	relOther
	relNone
)

// interviewMonth draws when a household is visited: three in four are, between
// the first and the last month of the interviews; of those founded later, few.
func (s *shard) interviewMonth() int32 {
	if s.month > lastInterview {
		if s.chance(0.1) {
			return s.month + 1 + int32(s.below(6))
		}
		return unlisted
	}
	if s.chance(0.25) {
		return unlisted
	}
	return int32(s.between(int(max(s.month, firstInterview)), lastInterview))
}

// keepRoster does a month's work of the roster's office: interviews, visits,
// deaths heard of, enrolments, payments.
func (s *shard) keepRoster() {
	if s.month == firstInterview {
		for h := range s.homes {
			s.homes[h].interview = s.interviewMonth()
		}
	}
	if s.month < firstInterview {
		return
	}
	known := len(s.roster.homes)
	for h := range s.homes {
		if s.homes[h].interview == s.month && len(s.homes[h].members) > 0 {
			s.interview(int32(h))
		}
	}
	for k := range known {
		if s.chance(0.01) {
			s.revisit(int32(k))
		}
	}
	s.hearOfDeaths()
	s.enrolMonthly()
	if s.month >= firstPayment {
		s.pay()
	}
}

// interview enters a household and its members.
func (s *shard) interview(h int32) {
	home := &s.homes[h]
	r := &s.roster
	k := int32(len(r.homes))
	home.roster = k
	r.homes = append(r.homes, rosterHome{home: h, head: none, enumerated: s.now - day(s.between(1, 27)), village: home.village})
	rh := &r.homes[k]
	rh.phone = s.keep(func(b []byte) []byte { return s.appendPhone(b, k) })
	rh.head = int32(len(r.rows)) // the head is written down first
	s.enterMember(home.head, k, relHead, rh.enumerated)
	for _, i := range s.homes[h].members {
		if i != s.homes[h].head {
			s.enterMember(i, k, s.relation(s.homes[h].head, i), s.roster.homes[k].enumerated)
		}
	}
	rh = &s.roster.homes[k]
	rh.fixed = s.keep(func(b []byte) []byte { return s.appendRosterHome(b, k) })
	for _, i := range rh.rows {
		s.enrolAtInterview(i)
	}
}

// keep appends to the arena and says where.
func (s *shard) keep(write func([]byte) []byte) [2]int32 {
	from := int32(len(s.roster.arena))
	s.roster.arena = write(s.roster.arena)
	return [2]int32{from, int32(len(s.roster.arena))}
}

func (s *shard) kept(at [2]int32) []byte { return s.roster.arena[at[0]:at[1]] }

// appendPhone writes a household's number: none, the form's example, or its own.
func (s *shard) appendPhone(dst []byte, home int32) []byte {
	switch u := s.unit(); {
	case u < rateMissingPhone:
		return dst
	case u < rateMissingPhone+rateDefaultPhone:
		return append(dst, "01700000000"...)
	}
	return appendDigits(append(dst, "01"...), 300_000_000+scatter(uint64(s.index)*4096+uint64(home)+1, 699_999_999), 9)
}

func (s *shard) appendRosterHome(dst []byte, k int32) []byte {
	rh := &s.roster.homes[k]
	dst = append(s.appendHomeID(dst, k), ',')
	dst = append(append(dst, s.country.areas.village(s.villageNumber(rh.village))...), ',')
	dst = append(s.appendAddress(dst, rh.village, s.homes[rh.home].number), ',')
	dst = append(append(dst, s.kept(rh.phone)...), ',')
	dst = append(s.appendMemberID(dst, rh.head), ',')
	return append(appendISO(dst, rh.enumerated), '\n')
}

func (s *shard) appendHomeID(dst []byte, k int32) []byte {
	return appendDigits(append(dst, 'H'), s.serial(int(k)+1), 10)
}

func (s *shard) appendMemberID(dst []byte, row int32) []byte {
	if row == none {
		return dst
	}
	return appendDigits(append(dst, 'M'), s.serial(int(row)+1), 10)
}

// enterMember writes a person down in a roster household.
func (s *shard) enterMember(i, k int32, relation int, on day) int32 {
	r := &s.roster
	n := int32(len(r.rows))
	r.rows = append(r.rows, row{person: i, home: k, registered: on, twin: none, enrolled: [programmes]int32{none, none, none}})
	r.homes[k].rows = append(r.homes[k].rows, n)
	me := &r.rows[n]
	me.born = s.writtenBirth(i)
	me.registered = max(on, me.born)
	me.fixed = s.keep(func(b []byte) []byte { return s.appendMember(b, n, relation) })
	p := &s.people[i]
	if p.row == none {
		p.row = n
	} else {
		me.twin = p.row
		if first := &r.rows[p.row]; s.homes[r.homes[first.home].home].members != nil && p.household != r.homes[first.home].home && s.chance(0.6) {
			first.status = left // the move was noticed
		}
		b := s.out.at(truthDuplicates, 0)
		*b = append(s.appendMemberID(append(*b, "roster,members/"...), n), "/member,members/"...)
		*b = append(s.appendMemberID(*b, p.row), "/member\n"...)
	}
	b := s.out.at(truthRecords, 0)
	*b = append(s.appendPersonID(append(s.appendMemberID(append(*b, "members/"...), n), "/member,"...), i), '\n')
	return n
}

// appendMember writes the columns before the status.
func (s *shard) appendMember(dst []byte, n int32, relation int) []byte {
	habits := s.country.rosterHabits()
	me := &s.roster.rows[n]
	p := &s.people[me.person]
	dst = append(s.appendMemberID(dst, n), ',')
	dst = append(s.appendHomeID(dst, me.home), ',')
	dst = s.appendName(dst, &p.name, p.nickname, &habits)
	dst = append(append(dst, [2]byte{'1', '2'}[p.sex]), ',')
	dst = append(appendISO(dst, me.born), ',')
	dst = append(appendDigits(dst, uint64(relation), 2), ',')
	dst = append(s.appendRosterID(dst, me), ',')
	dst = append(append(dst, s.kept(s.roster.homes[me.home].phone)...), ',')
	for _, parent := range []int32{p.mother, p.father} {
		if parent != none && !s.chance(rateNoParentRoster) {
			dst = s.appendFullName(dst, &s.people[parent].name, &habits)
		}
		dst = append(dst, ',')
	}
	if p.union != none && !s.chance(rateNoSpouseRoster) {
		spouse := s.unions[p.union].husband + s.unions[p.union].wife - me.person
		if p.partner || p.sex == female {
			dst = s.appendFullName(dst, &s.people[spouse].name, &habits)
		}
	}
	dst = append(append(append(dst, ','), s.country.areas.village(s.villageNumber(s.roster.homes[me.home].village))...), ',')
	return append(appendISO(dst, me.registered), ',')
}

// appendRosterID writes national_id and id_verified.
func (s *shard) appendRosterID(dst []byte, me *row) []byte {
	if s.chance(rateMissingID) {
		return append(dst, ',')
	}
	p := &s.people[me.person]
	verified := "yes"
	switch u := s.unit(); {
	case u < rateInvalidID:
		s.pen.scratch = s.appendID(s.pen.scratch[:0], me.person)
		dst = s.country.ids.spoil(&s.random, dst, s.pen.scratch)
		verified = "no"
	case u < rateInvalidID+rateRepeatedID:
		dst = s.appendID(dst, s.otherBearer(me))
		verified = ""
	case u < rateInvalidID+rateRepeatedID+rateUnmatchedID:
		dst = s.appendForeignID(dst, p.born)
		verified = ""
	default:
		dst = s.appendID(dst, me.person)
		if s.chance(0.4) {
			verified = [2]string{"", "no"}[s.below(2)]
		}
	}
	return append(append(dst, ','), verified...)
}

// otherBearer is whose number stands by mistake: the head's, or for a head the
// member's written down before.
func (s *shard) otherBearer(me *row) int32 {
	head := s.roster.rows[s.roster.homes[me.home].head].person
	if head != me.person {
		return head
	}
	for k := len(s.roster.rows) - 1; k >= 0; k-- {
		if other := s.roster.rows[k].person; other != me.person {
			return other
		}
	}
	return s.people[me.person].mother
}

// defaultDateRate is the share of people of an area whose date of birth is a
// placeholder; people who are children now mostly have their paper.
func (s *shard) defaultDateRate(i int32) float64 {
	p := &s.people[i]
	village := uint8(0)
	if p.household != none {
		village = s.homes[p.household].village
	}
	rate := s.country.defaultDateRate(s.villageNumber(village) / villagesInSubdistrict)
	if s.country.start-p.born < 15*365 {
		rate /= 3
	}
	return rate
}

func (c *country) defaultDateRate(subdistrict uint64) float64 {
	return rateDefaultDateLow + (rateDefaultDateHigh-rateDefaultDateLow)*unitOf(c.seed, subdistrict, 15)
}

// writtenBirth is the date of birth that the interviewer writes down: for most
// the one that the family told before.
func (s *shard) writtenBirth(i int32) day {
	p := &s.people[i]
	if p.stated == never || s.chance(0.2) {
		p.stated = s.statedBirth(i)
	}
	return p.stated
}

func (s *shard) statedBirth(i int32) day {
	p := &s.people[i]
	year, month, dd := p.born.civil()
	age := ageOn(p.born, s.now)
	if float64(p.unsure) < s.defaultDateRate(i) {
		if age >= 15 && s.chance(rateWrongDigit) {
			year -= heaped(age) - age
		}
		return dayOf(year, 1, 1)
	}
	before := old(p.sex) - age
	if before > 0 && before <= 5 && s.chance(rateMadeOlder) {
		return dayOf(year-before-1, month, min(dd, 28)) // made older for the allowance
	}
	switch u := s.unit(); {
	case dd <= 12 && dd != month && u < rateSwappedDate:
		if moved := dayOf(year, dd, month); moved < s.now {
			return moved
		}
	case u < rateSwappedDate+rateWrongYear && u >= rateSwappedDate:
		moved := dayOf(year+1-2*s.below(2), month, min(dd, 28))
		if moved < s.now {
			return moved
		}
	case u < rateSwappedDate+rateWrongYear+rateMistypedDay && u >= rateSwappedDate:
		if moved := dayOf(year, month, 1+s.below(28)); moved < s.now {
			return moved
		}
	}
	return p.born
}

// heaped is the age ending in 0 or 5 nearest to an age, and another than the age.
func heaped(age int) int {
	if h := (age + 2) / 5 * 5; h != age {
		return h
	}
	return age + 5
}

// relation is what somebody is to the head.
func (s *shard) relation(head, i int32) int {
	h, p := &s.people[head], &s.people[i]
	of := func(a *person, b int32) bool { return b != none && (a.mother == b || a.father == b) }
	wedTo := func(a *person, b int32) bool {
		return a.partner && (s.unions[a.union].husband == b || s.unions[a.union].wife == b)
	}
	spouseOf := func(a *person, self int32) int32 {
		if !a.partner {
			return none
		}
		return s.unions[a.union].husband + s.unions[a.union].wife - self
	}
	spouse, own := spouseOf(h, head), spouseOf(p, i)
	parent := func(j int32) *person {
		if j == none {
			return &person{mother: none, father: none}
		}
		return &s.people[j]
	}
	switch {
	case wedTo(p, head) || wedTo(h, i):
		return relSpouse
	case of(p, head) || of(p, spouse):
		return relChild
	case of(h, i):
		return relParent
	case p.mother != none && p.mother == h.mother || p.father != none && p.father == h.father:
		return relSibling
	case of(parent(p.mother), head) || of(parent(p.father), head) || of(parent(p.mother), spouse) || of(parent(p.father), spouse):
		return relGrandchild
	case of(parent(h.mother), i) || of(parent(h.father), i):
		return relGrandparent
	case own != none && (of(&s.people[own], head) || of(&s.people[own], spouse)) || spouse != none && of(&s.people[spouse], i):
		return relInLaw
	}
	return relOther
}

// revisit writes down what changed in a household since the last visit.
func (s *shard) revisit(k int32) {
	rh := &s.roster.homes[k]
	for _, n := range rh.rows {
		me := &s.roster.rows[n]
		p := &s.people[me.person]
		switch {
		case p.died < s.now:
			me.status = dead
		case p.household != rh.home && me.twin == none:
			me.status = left
		}
	}
	for _, i := range s.homes[rh.home].members {
		if p := &s.people[i]; p.row != none && s.roster.rows[p.row].home == k {
			continue
		}
		n := s.enterMember(i, k, s.relation(max(s.homes[rh.home].head, 0), i), s.now-day(s.between(1, 27)))
		s.enrolAtInterview(n)
		rh = &s.roster.homes[k]
	}
}

// writeRoster writes the month's snapshot.
func (s *shard) writeRoster(month int) {
	last := month == s.country.months-1
	homes := s.out.at(householdsSheet, month)
	for k := range s.roster.homes {
		*homes = append(*homes, s.kept(s.roster.homes[k].fixed)...)
	}
	members := s.out.at(membersSheet, month)
	for n := range s.roster.rows {
		me := &s.roster.rows[n]
		*members = append(append(*members, s.kept(me.fixed)...), [...]string{"active\n", "left\n", "dead\n"}[me.status]...)
	}
	s.writeEnrolments(month)
	s.writeAttributes(month)
	if last {
		s.counts.Members += int64(len(s.roster.rows))
		s.counts.RosterHomes += int64(len(s.roster.homes))
		s.counts.Enrolments += int64(len(s.roster.enrolments))
	}
}

// writeAttributes writes income and poverty of households, disability and
// residence of members.
func (s *shard) writeAttributes(month int) {
	b := s.out.at(attributesSheet, month)
	for k := range s.roster.homes {
		rh := &s.roster.homes[k]
		score := unitOf(s.country.seed, uint64(s.index), uint64(k), 16)
		*b = append(s.appendHomeID(append(*b, "household,"...), int32(k)), ",income_band,"...)
		*b = append(*b, [...]string{"very_low,", "low,", "middle,", "high,"}[min(3, int(score*4.5))]...)
		*b = append(appendISO(*b, rh.enumerated), '\n')
		*b = append(s.appendHomeID(append(*b, "household,"...), int32(k)), ",poverty_score,"...)
		*b = append(appendInt(*b, uint64(100*(1-score))), ',')
		*b = append(appendISO(*b, rh.enumerated), '\n')
	}
	for n := range s.roster.rows {
		me := &s.roster.rows[n]
		if s.now-me.born > 60*365 {
			*b = append(s.appendMemberID(append(*b, "member,"...), int32(n)), ",residence_years,"...)
			*b = append(appendInt(*b, uint64(5+55*unitOf(s.country.seed, uint64(s.index), uint64(n), 17))), ',')
			*b = append(appendISO(*b, me.registered), '\n')
		}
		if unitOf(s.country.seed, uint64(s.index), uint64(n), 18) < 0.04 {
			*b = append(s.appendMemberID(append(*b, "member,"...), int32(n)), ",disability,"...)
			*b = append(append(*b, [...]string{"mild,", "moderate,", "severe,"}[n%3]...), appendISO(nil, me.registered)...)
			*b = append(*b, '\n')
		}
	}
}
