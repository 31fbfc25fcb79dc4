package synth

import "math"

// none is the index of nobody and nothing.
const none int32 = -1

// person is one life.
type person struct {
	born, died     day
	mother, father int32
	union          int32 // the current or last union
	household      int32
	lastBirth      day   // of a woman's last child
	stated         day   // date of birth as the family tells it; never until somebody asked
	row            int32 // the person's first row in the roster
	name, maiden   name
	lost           [2]uint16 // given word of the last son and daughter who died young
	nickname       uint16
	unsure         float32 // in an area whose default rate is above it, nobody knows the date of birth
	sex            uint8
	naming         uint8
	twin           bool
	partner        bool // in a union now
	renamed        reuse
}

// reuse says why a child bears another's given name.
type reuse uint8

const (
	ownName reuse = iota
	fathersName
	deadSiblingsName
)

// unionEnd says how a union ended.
type unionEnd uint8

const (
	lasting unionEnd = iota
	endedByDeath
	endedByDivorce
)

type union struct {
	husband, wife int32
	from, to      day
	end           unionEnd
}

// household is people who live together, as they do at the moment.
type household struct {
	head      int32
	members   []int32
	number    int32 // of its house in the village
	village   uint8
	interview int32 // month of the interview, relative to the first month; unlisted when there is none
	roster    int32 // its household in the roster
}

// unlisted is the interview of a household that the roster never visits.
const unlisted int32 = 1 << 20

// eventKind is what a register records.
type eventKind uint8

const (
	birth eventKind = iota
	death
	marriage
	divorce
)

// event is something that happened, as it stood on its day.
type event struct {
	kind       eventKind
	village    uint8
	first      int32 // child, deceased, groom
	second     int32 // spouse of the deceased, bride
	house      int32
	on         day
	motherName name // of a birth, as she was called then
	brideName  name
}

const (
	villagesInShard       = 6
	villagesInSubdistrict = 3
	householdsInShard     = 500
	yearsSimulated        = 62
	monthlyMonths         = 48 // months before the first one that are lived month by month
	peopleInShard         = 8192
)

// founder makes somebody whose parents lived before the country's first day.
func (s *shard) founder(sex uint8, born day, village uint8) int32 {
	n := s.country.namingOf(s.villageNumber(village))
	father := s.ancestor(n, male, born-day(s.between(7300, 14000)))
	mother := s.ancestor(n, female, born-day(s.between(6300, 12500)))
	return s.add(person{
		born: born, died: never, mother: mother, father: father, sex: sex, naming: n.index,
		name: n.compose(&s.random, sex, &s.people[father].name, &s.people[mother].name, 0),
	})
}

// ancestor is dead before the first day: a name to be somebody's parent.
func (s *shard) ancestor(n *naming, sex uint8, born day) int32 {
	a := s.add(person{born: born, mother: none, father: none, sex: sex, naming: n.index, name: n.compose(&s.random, sex, nil, nil, 0)})
	s.people[a].died = s.beginning - 1
	return a
}

// add enters a person; household, union and row are none until they are known.
func (s *shard) add(p person) int32 {
	n := s.country.namings[p.naming]
	p.household, p.union, p.row = none, none, none
	p.lastBirth, p.stated = p.born, never
	p.unsure = float32(s.unit())
	if !n.nickname.empty() {
		p.nickname = n.nickname.draw(&s.random)
	}
	p.maiden = p.name
	s.people = append(s.people, p)
	return int32(len(s.people) - 1)
}

// settle puts the founding couples and their children into the villages.
func (s *shard) settle() {
	couples := s.count(float64(s.households) * s.country.preset.foundersPerHousehold)
	for c := range couples {
		village := uint8(c % villagesInShard)
		wifeAge := 17 + int(41*math.Pow(s.unit(), 1.6)) // a young country
		wife := s.founder(female, s.beginning-s.daysAt(wifeAge), village)
		husband := s.founder(male, s.beginning-s.daysAt(wifeAge+s.between(0, 8)), village)
		home := s.house(village)
		s.join(husband, home)
		s.join(wife, home)
		wed := s.people[wife].born + s.daysAt(17)
		s.unite(husband, wife, min(wed, s.beginning-1))
		for age := min(wifeAge-18, 17); age > 0; age-- {
			if wifeAge-age <= 42 && s.chance(0.27) {
				s.bear(wife, s.beginning-s.daysAt(age-1)-1, false)
			}
		}
	}
}

// daysAt is the age of somebody aged years, in days.
func (s *shard) daysAt(years int) day { return day(float64(years)*daysPerYear) + day(s.below(365)) }

// house founds an empty household.
func (s *shard) house(village uint8) int32 {
	s.houses[village]++
	s.homes = append(s.homes, household{head: none, number: s.houses[village], village: village, interview: unlisted, roster: none})
	h := int32(len(s.homes) - 1)
	if s.month >= firstInterview {
		s.homes[h].interview = s.interviewMonth()
	}
	return h
}

// live passes the time between two days: deaths are drawn first, so that nobody
// marries or bears a child after dying.
func (s *shard) live(from, to day) {
	years := float64(to-from) / daysPerYear
	ago := float64(s.country.end-from) / daysPerYear
	s.drawDeaths(from, to, years, ago)
	s.drawMarriages(from, to, years)
	s.drawBirths(from, to, years, ago)
	s.drawDivorces(from, to, years)
	s.bury(to)
	s.drawSplits(years)
	s.drawMoves(years)
	s.drawHandovers(years)
}

func (s *shard) drawDeaths(from, to day, years, ago float64) {
	table := &s.country.mortality
	for _, i := range s.alive {
		p := &s.people[i]
		age := min(int(float64(from-p.born)/daysPerYear), 120)
		if s.chance(min(0.9, table[p.sex][max(age, 0)]*mortalityThen(age, ago)*years)) {
			p.died = s.dayIn(max(from, p.born), to)
		}
	}
}

// dayIn is a day in from … to-1.
func (s *shard) dayIn(from, to day) day { return from + day(s.below(max(1, int(to-from)))) }

func (s *shard) drawBirths(from, to day, years, ago float64) {
	p := &s.country.preset
	children := p.fertilityNow + (p.fertilityThen-p.fertilityNow)*math.Pow(min(1, ago/yearsSimulated), 1.3)
	for k := range s.alive { // children are appended while this goes on and bear none themselves
		i := s.alive[k]
		woman := &s.people[i]
		if woman.sex != female {
			continue
		}
		age := int(float64(from-woman.born) / daysPerYear)
		if age < 15 || age > 49 {
			continue
		}
		rate := fertilityShape[(age-15)/5] * children * 1.15 * years
		if !woman.partner {
			rate *= p.unmarriedBirths
		}
		if !s.chance(rate) {
			continue
		}
		on := s.dayIn(from, to)
		if on >= woman.died || on-woman.lastBirth < 300 {
			continue
		}
		s.bear(i, on, s.chance(rateTwins))
	}
}

// bear gives a woman a child, or two.
func (s *shard) bear(mother int32, on day, twins bool) {
	father := none
	m := &s.people[mother]
	if m.partner {
		father = s.unions[m.union].husband
	} else if s.chance(s.country.preset.fatherNamed) {
		father = s.manOf(m.naming, m.born)
	}
	m.lastBirth = on
	for range 1 + btoi(twins) {
		sex := uint8(btoi(!s.chance(0.512)))
		child := s.add(s.newborn(mother, father, sex, on, twins))
		s.alive = append(s.alive, child)
		if home := s.people[mother].household; home != none {
			s.join(child, home)
		}
		s.record(event{kind: birth, first: child, second: none, on: on, motherName: s.people[mother].name})
	}
}

func (s *shard) newborn(mother, father int32, sex uint8, on day, twins bool) person {
	m := &s.people[mother]
	child := person{born: on, died: never, mother: mother, father: father, sex: sex, naming: m.naming, twin: twins}
	var fatherName *name
	if father != none {
		fatherName = &s.people[father].name
		child.naming = s.people[father].naming
	}
	first := uint16(0)
	n := s.country.namings[child.naming]
	switch {
	case m.lost[sex] != 0 && child.naming == m.naming && s.chance(rateReusedName):
		first, child.renamed = m.lost[sex], deadSiblingsName
	case sex == male && father != none && s.chance(rateFathersName):
		first, child.renamed = fatherName.firstGiven(), fathersName
	}
	child.name = n.compose(&s.random, sex, fatherName, &m.name, first)
	return child
}

// manOf finds an unattached man for a child born out of a union.
func (s *shard) manOf(naming uint8, born day) int32 {
	for range 12 {
		i := s.alive[s.below(len(s.alive))]
		p := &s.people[i]
		if p.sex == male && p.naming == naming && p.born < born+3000 && p.born > born-6000 {
			return i
		}
	}
	return none
}

func (s *shard) drawMarriages(from, to day, years float64) {
	s.bachelors = s.bachelors[:0]
	for _, i := range s.alive {
		if p := &s.people[i]; p.sex == male && !p.partner && from-p.born > 18*365 {
			s.bachelors = append(s.bachelors, i)
		}
	}
	for _, i := range s.alive {
		woman := &s.people[i]
		if woman.sex != female || woman.partner {
			continue
		}
		age := int(float64(from-woman.born) / daysPerYear)
		rate := firstMarriage(age)
		if woman.union != none {
			rate = remarriage(age)
		}
		if rate == 0 || !s.chance(rate*years) {
			continue
		}
		on := s.dayIn(from, to)
		if man := s.husbandFor(i, on); man != none && on < woman.died {
			s.wed(man, i, on)
		}
	}
}

// husbandFor looks for a man of fitting age who is no close kin.
func (s *shard) husbandFor(woman int32, on day) int32 {
	w := &s.people[woman]
	candidates, second := s.bachelors, s.chance(s.country.preset.secondWife)
	if second {
		candidates = s.alive
	}
	for range min(14, len(candidates)) {
		i := candidates[s.below(len(candidates))]
		m := &s.people[i]
		older := int(w.born-m.born) / 365
		fits := m.sex == male && on < m.died && m.partner == second && on-m.born > 18*365 &&
			older >= -3 && older <= 14+10*btoi(w.union != none)
		kin := m.mother == w.mother && m.mother != none || m.father == w.father && m.father != none || m.mother == woman || w.father == i
		if fits && !kin {
			return i
		}
	}
	return none
}

// wed marries two people and gives them a home.
func (s *shard) wed(man, woman int32, on day) {
	s.record(event{kind: marriage, first: man, second: woman, on: on, brideName: s.people[woman].name})
	w, m := &s.people[woman], &s.people[man]
	if w.naming == m.naming {
		s.country.namings[w.naming].marry(&s.random, &w.name, &m.name)
	}
	s.unite(man, woman, on)
	children := s.minorsOf(woman, on)
	home := m.household
	if s.homes[home].head != man && !s.chance(s.country.preset.patrilocal) {
		home = s.house(s.homes[home].village)
		s.move(man, home)
	}
	s.move(woman, home)
	if s.chance(0.7) {
		for _, c := range children {
			s.move(c, home)
		}
	}
}

func (s *shard) unite(man, woman int32, on day) {
	s.unions = append(s.unions, union{husband: man, wife: woman, from: on, to: never})
	u := int32(len(s.unions) - 1)
	for _, i := range []int32{man, woman} {
		s.people[i].union, s.people[i].partner = u, true
	}
}

func (s *shard) drawDivorces(from, to day, years float64) {
	rate := s.country.preset.divorcePerYear * years
	for u := range s.unions {
		if s.unions[u].end != lasting || !s.chance(rate) {
			continue
		}
		on := s.dayIn(from, to)
		man, woman := s.unions[u].husband, s.unions[u].wife
		if on <= s.unions[u].from || on >= s.people[man].died || on >= s.people[woman].died {
			continue
		}
		s.record(event{kind: divorce, first: man, second: woman, on: on, brideName: s.people[woman].name})
		s.part(int32(u), on, endedByDivorce)
		s.leaveHusband(man, woman, on)
	}
}

// part ends a union. A husband of another wife stays a partner.
func (s *shard) part(u int32, on day, how unionEnd) {
	s.unions[u].to, s.unions[u].end = on, how
	s.people[s.unions[u].wife].partner = false
	man := &s.people[s.unions[u].husband]
	man.partner = false
	for v := range s.unions {
		if s.unions[v].husband == s.unions[u].husband && s.unions[v].end == lasting {
			man.partner, man.union = true, int32(v)
			return
		}
	}
}

// leaveHusband sends a divorced wife home to her parents, or to a house of her own.
func (s *shard) leaveHusband(man, woman int32, on day) {
	if s.people[man].household != s.people[woman].household {
		return
	}
	children := s.minorsOf(woman, on)
	home := none
	for _, parent := range []int32{s.people[woman].father, s.people[woman].mother} {
		if parent != none && s.people[parent].died > on && s.people[parent].household != none {
			home = s.people[parent].household
			break
		}
	}
	if home == none {
		home = s.house(s.homes[s.people[man].household].village)
	}
	s.move(woman, home)
	if s.chance(0.75) {
		for _, c := range children {
			s.move(c, home)
		}
	}
}

// minorsOf lists a woman's children under 18 in her household.
func (s *shard) minorsOf(woman int32, on day) []int32 {
	s.children = s.children[:0]
	for _, i := range s.homes[s.people[woman].household].members {
		if p := &s.people[i]; p.mother == woman && on-p.born < 18*365 {
			s.children = append(s.children, i)
		}
	}
	return s.children
}

// bury takes those who died before a day out of unions, households and the living.
func (s *shard) bury(before day) {
	kept := s.alive[:0]
	for _, i := range s.alive {
		p := &s.people[i]
		if p.died >= before {
			kept = append(kept, i)
			continue
		}
		spouse := none
		if p.partner {
			u := s.unions[p.union]
			spouse = u.husband + u.wife - i
		}
		s.record(event{kind: death, first: i, second: spouse, on: p.died})
		s.bereave(i)
		if p.died-p.born < 5*365 && p.mother != none {
			s.people[p.mother].lost[p.sex] = p.name.firstGiven()
		}
		s.leave(i)
	}
	s.alive = kept
}

// bereave ends the unions of somebody who died.
func (s *shard) bereave(i int32) {
	for s.people[i].partner {
		u := s.people[i].union
		s.part(u, min(s.people[s.unions[u].husband].died, s.people[s.unions[u].wife].died), endedByDeath)
		if s.people[i].sex == female {
			return
		}
	}
}

// drawSplits lets couples who live with others found a household.
func (s *shard) drawSplits(years float64) {
	rate := s.country.preset.splitPerYear * years
	for _, i := range s.alive {
		p := &s.people[i]
		if p.sex != male || !p.partner || s.homes[p.household].head == i || !s.chance(rate) {
			continue
		}
		wife, old := s.unions[p.union].wife, p.household
		if s.people[wife].household != old || s.lastSon(i) && !s.chance(0.15) {
			continue
		}
		s.children = s.children[:0]
		for _, c := range s.homes[old].members {
			if s.people[c].father == i || s.people[c].mother == wife {
				s.children = append(s.children, c)
			}
		}
		home := s.house(s.homes[old].village)
		s.move(i, home)
		s.move(wife, home)
		for _, c := range s.children {
			if !s.people[c].partner {
				s.move(c, home)
			}
		}
	}
}

// lastSon says whether no other grown man would stay with the head.
func (s *shard) lastSon(i int32) bool {
	home := &s.homes[s.people[i].household]
	for _, m := range home.members {
		if p := &s.people[m]; m != i && m != home.head && p.sex == male && s.now-p.born > 18*365 {
			return false
		}
	}
	return true
}

// drawMoves takes one household in a hundred a year to another village.
func (s *shard) drawMoves(years float64) {
	for h := range s.homes {
		if len(s.homes[h].members) > 0 && s.chance(0.01*years) {
			village := uint8(s.below(villagesInShard))
			s.houses[village]++
			s.homes[h].village, s.homes[h].number = village, s.houses[village]
		}
	}
}

// drawHandovers lets heads of 65 and more give the house to a grown child.
func (s *shard) drawHandovers(years float64) {
	for h := range s.homes {
		home := &s.homes[h]
		if len(home.members) < 2 || s.now-s.people[home.head].born < 65*365 || !s.chance(0.08*years) {
			continue
		}
		for _, m := range home.members {
			if p := &s.people[m]; (p.mother == home.head || p.father == home.head) && s.now-p.born > 30*365 {
				home.head = m
				break
			}
		}
	}
}

// move takes somebody to another household.
func (s *shard) move(i, home int32) {
	if s.people[i].household == home {
		return
	}
	s.leave(i)
	s.join(i, home)
}

func (s *shard) join(i, home int32) {
	h := &s.homes[home]
	h.members = append(h.members, i)
	if h.head == none {
		h.head = i
	}
	s.people[i].household = home
}

// leave takes somebody out of the household and looks after those who stay.
func (s *shard) leave(i int32) {
	home := s.people[i].household
	if home == none {
		return
	}
	s.people[i].household = none
	h := &s.homes[home]
	for k, m := range h.members {
		if m == i {
			h.members = append(h.members[:k], h.members[k+1:]...)
			break
		}
	}
	if h.head == i {
		h.head = s.newHead(h, i)
	}
	if len(h.members) > 0 && h.head == none {
		s.takeIn(home)
	}
}

// newHead is the spouse, or the eldest who is grown up, or nobody.
func (s *shard) newHead(h *household, old int32) int32 {
	head := none
	for _, m := range h.members {
		p := &s.people[m]
		if p.union != none && (s.unions[p.union].husband == old || s.unions[p.union].wife == old) {
			return m
		}
		if s.now-p.born >= 16*365 && (head == none || p.born < s.people[head].born) {
			head = m
		}
	}
	return head
}

// takeIn gives children without a grown-up a home: with a grandparent, else with
// an aunt or an uncle, else with neighbours.
func (s *shard) takeIn(home int32) {
	for len(s.homes[home].members) > 0 {
		child := s.homes[home].members[0]
		to := s.guardianHome(child, home)
		if to == none { // nobody lives: the eldest child heads the household
			s.homes[home].head = child
			return
		}
		s.homes[home].members = s.homes[home].members[1:]
		s.people[child].household = none
		s.join(child, to)
	}
}

func (s *shard) guardianHome(child, home int32) int32 {
	lives := func(i int32) bool {
		return i != none && s.people[i].household != none && s.people[i].household != home && s.people[i].died == never
	}
	p := &s.people[child]
	kin := []int32{p.mother, p.father}
	for _, parent := range []int32{p.mother, p.father} {
		if parent != none {
			kin = append(kin, s.people[parent].mother, s.people[parent].father)
		}
	}
	for _, k := range kin {
		if lives(k) {
			return s.people[k].household
		}
	}
	for _, i := range s.alive {
		a := &s.people[i]
		if lives(i) && s.now-a.born > 18*365 && a.mother != none && (p.mother != none && a.mother == s.people[p.mother].mother || p.father != none && a.mother == s.people[p.father].mother) {
			return a.household
		}
	}
	for range 20 {
		if i := s.alive[s.below(len(s.alive))]; lives(i) && s.now-s.people[i].born > 25*365 {
			return s.people[i].household
		}
	}
	return none
}

// record keeps an event for the registers when their time has begun.
func (s *shard) record(e event) {
	if e.on < s.country.registerBegins {
		return
	}
	subject := e.first
	if e.kind == marriage || e.kind == divorce {
		subject = e.second
	}
	if home := s.people[subject].household; home != none {
		e.village, e.house = s.homes[home].village, s.homes[home].number
	}
	s.events = append(s.events, e)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
