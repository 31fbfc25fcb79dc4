package synth

// programme is one of the three that the roster pays.
type programme uint8

const (
	childGrant programme = iota
	widowAllowance
	oldAge
	programmes
)

var programmeCodes = [programmes]string{"child_grant", "widow", "old_age"}

const (
	childGrantAge = 6  // the grant ends on this birthday
	adultAge      = 18 // a widow must have completed it
)

// old is the age from which the old-age allowance is paid.
func old(sex uint8) int { return [2]int{65, 62}[sex] }

// enrolment is one beneficiary in one programme.
type enrolment struct {
	row, caregiver int32
	start, end     day
	programme      programme
	suspended      bool
	inPerson       bool
	bank           bool
	genuine        bool
	forgotten      bool  // nobody notices when the entitlement ends
	repeats        int32 // the enrolment that this one repeats, or none
}

// entitled says by the truth whether and since when a living person is entitled
// at the end of the month, and why or why not.
func (s *shard) entitled(i int32, pr programme) (yes bool, why string, since day) {
	p := &s.people[i]
	today := s.now - 1
	if p.died <= today {
		return false, "dead", p.died
	}
	switch pr {
	case childGrant:
		if limit := birthdayOf(p.born, childGrantAge); limit <= today {
			return false, "over_age", limit
		}
		return true, "age", p.born
	case widowAllowance:
		return s.entitledWidow(p, today)
	default:
		from := birthdayOf(p.born, old(p.sex))
		if from > today {
			return false, "under_age", from
		}
		if n := p.row; n != none && s.drawsWidow(i) {
			return false, "in_widow", from
		}
		return true, "age", from
	}
}

func (s *shard) entitledWidow(p *person, today day) (bool, string, day) {
	if p.sex == male {
		return false, "man", p.born
	}
	adult := birthdayOf(p.born, adultAge)
	if p.union == none {
		return false, "never_married", p.born
	}
	u := &s.unions[p.union]
	switch {
	case p.partner && s.widowedBefore(p):
		return false, "remarried", u.from
	case p.partner:
		return false, "husband_alive", u.from
	case u.end == endedByDivorce:
		return false, "divorced", u.to
	case adult > today:
		return false, "under_age", adult
	}
	return true, "husband_died", max(u.to, adult)
}

// widowedBefore says whether a woman in a union lost an earlier husband.
func (s *shard) widowedBefore(p *person) bool {
	wife := s.unions[p.union].wife
	for k := range s.unions {
		if s.unions[k].wife == wife && s.unions[k].end == endedByDeath {
			return true
		}
	}
	return false
}

// drawsWidow says whether somebody has an open widow's allowance.
func (s *shard) drawsWidow(i int32) bool {
	for k := range s.roster.enrolments {
		e := &s.roster.enrolments[k]
		if e.programme == widowAllowance && e.end == never && s.roster.rows[e.row].person == i {
			return true
		}
	}
	return false
}

// claims says whether a row meets a programme's conditions by what is written.
func (s *shard) claims(n int32, pr programme) bool {
	me := &s.roster.rows[n]
	p := &s.people[me.person]
	switch pr {
	case childGrant:
		return birthdayOf(me.born, childGrantAge) > s.now
	case widowAllowance:
		yes, why, _ := s.entitledWidow(p, s.now-1)
		return yes || (why == "divorced" || why == "husband_alive") && unitOf(s.country.seed, s.personNumber(me.person), 19) < rateFalseWidow
	}
	return birthdayOf(me.born, old(p.sex)) <= s.now && !(me.enrolled[widowAllowance] != none && unitOf(s.country.seed, s.personNumber(me.person), 20) > 0.02)
}

// enrolAtInterview enrols a member who claims, for most with a start before the
// interview, and now and then once more under another number.
func (s *shard) enrolAtInterview(n int32) {
	for pr := range programmes {
		if s.roster.rows[n].status != active || !s.claims(n, pr) || !s.chance(0.7) {
			continue
		}
		if before := s.enrolledBefore(n, pr); before != none {
			if s.chance(0.15) { // moved, and enrolled anew in the new household
				s.enrol(n, pr, s.now-day(s.between(1, 20)), before)
			}
			continue
		}
		start := s.now - day(s.between(10, 1500))
		k := s.enrol(n, pr, max(start, s.earliest(n, pr)), none)
		if s.chance(rateDoubleRoster) && s.roster.rows[n].twin == none {
			s.enrolTwice(k)
		}
	}
}

// enrolledBefore is the open enrolment that a member has under an earlier number.
func (s *shard) enrolledBefore(n int32, pr programme) int32 {
	first := s.roster.rows[n].twin
	if first == none {
		return none
	}
	return s.roster.rows[first].enrolled[pr]
}

// earliest is the first day from which a row can have been enrolled.
func (s *shard) earliest(n int32, pr programme) day {
	me := &s.roster.rows[n]
	switch pr {
	case childGrant:
		return min(me.born+30, s.now-1)
	case widowAllowance:
		return min(s.people[me.person].born+18*366, s.now-1)
	}
	return min(birthdayOf(me.born, old(s.people[me.person].sex)), s.now-1)
}

func (s *shard) enrol(n int32, pr programme, start day, repeats int32) int32 {
	me := &s.roster.rows[n]
	genuine, _, since := s.entitled(me.person, pr)
	channel := s.unit()
	e := enrolment{
		row: n, caregiver: none, start: start, end: never, programme: pr, repeats: repeats, genuine: genuine && repeats == none,
		suspended: s.chance(rateSuspended), inPerson: channel < 0.25, bank: channel > 0.6, forgotten: s.chance(rateOverlookedEnd),
	}
	if genuine && since > start {
		e.start = min(since+30, s.now-1)
	}
	if pr == childGrant {
		e.caregiver = s.caregiverOf(n)
	}
	s.roster.enrolments = append(s.roster.enrolments, e)
	me.enrolled[pr] = int32(len(s.roster.enrolments) - 1)
	return me.enrolled[pr]
}

// caregiverOf is the row of the mother, else of the father, else of the head.
func (s *shard) caregiverOf(n int32) int32 {
	me := &s.roster.rows[n]
	p := &s.people[me.person]
	rh := &s.roster.homes[me.home]
	for _, parent := range []int32{p.mother, p.father} {
		for _, k := range rh.rows {
			if parent != none && s.roster.rows[k].person == parent {
				return k
			}
		}
	}
	return rh.head
}

// enrolTwice writes the beneficiary down once more, in another household of the
// shard, and enrols him there.
func (s *shard) enrolTwice(k int32) {
	e := &s.roster.enrolments[k]
	me := s.roster.rows[e.row]
	other := int32(s.below(len(s.roster.homes)))
	if other == me.home {
		return
	}
	pr, start := e.programme, e.start
	n := s.enterMember(me.person, other, relOther, s.now-day(s.between(1, 27)))
	s.enrol(n, pr, min(start+day(s.between(30, 300)), s.now-1), k)
}

// enrolMonthly enrols some of those who claim and are not enrolled yet, and
// closes what the office knows to have ended.
func (s *shard) enrolMonthly() {
	for n := range s.roster.rows {
		me := &s.roster.rows[n]
		if me.status != active || me.twin != none || !s.chance(0.03) || s.people[me.person].died < s.now {
			continue
		}
		for pr := range programmes {
			if me.enrolled[pr] == none && s.claims(int32(n), pr) {
				s.enrol(int32(n), pr, s.now-day(s.between(1, 20)), none)
				break
			}
		}
	}
	for k := range s.roster.enrolments {
		e := &s.roster.enrolments[k]
		if e.end != never {
			continue
		}
		me := &s.roster.rows[e.row]
		agedOut := e.programme == childGrant && birthdayOf(me.born, childGrantAge) <= s.now && !e.forgotten && s.chance(0.6)
		if me.status == dead || agedOut {
			e.end = s.now - 1
			me.enrolled[e.programme] = none
		}
	}
}

// hearOfDeaths is how the office learns of a beneficiary's death without a visit.
func (s *shard) hearOfDeaths() {
	for k := range s.roster.enrolments {
		me := &s.roster.rows[s.roster.enrolments[k].row]
		if me.status == active && s.people[me.person].died < s.now && s.chance(0.03) {
			me.status = dead
		}
	}
}

// pay writes the month's payments, for the month before. Who has died is paid on
// until the office knows, unless the money is handed out to the person.
func (s *shard) pay() {
	month := max(int(s.month), 0)
	first := firstOf(s.country.year, s.country.month, int(s.month))
	b := s.out.at(paymentsSheet, month)
	for k := range s.roster.enrolments {
		e := &s.roster.enrolments[k]
		on := first + 4 + day((s.index+int(s.roster.rows[e.row].home))%12)
		if e.start >= first || e.end < on || e.suspended {
			continue
		}
		if s.people[s.roster.rows[e.row].person].died < on && e.inPerson && !s.chance(ratePaidForTheDead) {
			continue
		}
		s.roster.payments++
		s.counts.Payments++
		*b = append(appendDigits(append(*b, 'Y'), uint64(s.index)*1_000_000+uint64(s.roster.payments), 12), ',')
		*b = append(s.appendEnrolmentID(*b, int32(k)), ',')
		*b = append(appendYearMonth(*b, first-1), ',')
		*b = append(append(*b, s.country.preset.amounts[e.programme]...), ',')
		*b = append(append(*b, s.country.preset.currency...), ',')
		channel := "mobile,"
		if e.inPerson {
			channel = "in_person,"
		} else if e.bank {
			channel = "bank,"
		}
		*b = append(appendISO(append(*b, channel...), on), '\n')
	}
}

func (s *shard) appendEnrolmentID(dst []byte, k int32) []byte {
	if k == none {
		return dst
	}
	return appendDigits(append(dst, 'E'), s.serial(int(k)+1), 10)
}

// writeEnrolments writes the month's snapshot.
func (s *shard) writeEnrolments(month int) {
	b := s.out.at(enrolmentsSheet, month)
	for k := range s.roster.enrolments {
		e := &s.roster.enrolments[k]
		*b = append(s.appendEnrolmentID(*b, int32(k)), ',')
		*b = append(append(*b, programmeCodes[e.programme]...), ',')
		*b = append(s.appendMemberID(*b, e.row), ',')
		*b = append(s.appendHomeID(*b, s.roster.rows[e.row].home), ',')
		*b = append(s.appendMemberID(*b, e.caregiver), ',')
		status := "active,"
		if e.end != never {
			status = "closed,"
		} else if e.suspended {
			status = "suspended,"
		}
		*b = append(appendISO(append(*b, status...), e.start), ',')
		*b = append(appendISO(*b, e.end), '\n')
	}
}
