package synth

// registrations keeps what the register holds until the shard is written.
type registrations struct {
	number [marriage + 1]int // given so far; marriages and divorces share one
	body   []byte
	deaths []registeredDeath
}

type registeredDeath struct {
	person                     int32
	died, registered, received day
	revoked                    day
	number                     uint64
	wrong, reached             bool
}

func (r *registrations) reset() {
	r.number = [marriage + 1]int{}
	r.deaths = r.deaths[:0]
}

// registration is one entry and its versions.
type registration struct {
	event
	sheet                sheet
	letter               byte
	number               uint64
	registered, received day
	informant            int32  // of a death: who declared it, or none for a neighbour
	tie                  string // what the informant is to the deceased
	again                bool   // a second entry of the same event
	wrong                bool
}

// register walks through the events and enters what gets registered.
func (s *shard) register() {
	habits := s.country.registerHabits()
	for _, e := range s.events {
		if !s.isRegistered(&e) {
			if e.kind == death {
				s.registered.deaths = append(s.registered.deaths, registeredDeath{person: e.first, died: e.on, revoked: never, registered: never, received: never})
			}
			continue
		}
		first := s.enter(e, e.on+s.delay(&e), &habits, 0, false)
		if again := rateTwice(e.kind); s.chance(again) && first.reached {
			s.enter(e, first.registered+day(s.between(20, 300)), &habits, first.number, false)
		}
	}
	s.registerTheLiving(&habits)
}

func rateTwice(kind eventKind) float64 {
	switch kind {
	case birth:
		return rateDoubleBirth
	case death:
		return rateDoubleDeath
	}
	return 0
}

// isRegistered draws by sex, age and area whether an event gets registered at all.
func (s *shard) isRegistered(e *event) bool {
	p := &s.country.preset
	factor := s.areaFactor(e)
	switch e.kind {
	case birth:
		return s.chance(min(1, p.birthsRegistered*factor))
	case death:
		rate := p.deathsRegistered[s.people[e.first].sex] * factor
		if e.on-s.people[e.first].born < 5*365 {
			rate *= p.childDeathsFactor
		}
		return s.chance(min(1, rate))
	}
	return s.chance(min(1, p.marriagesRegistered*factor))
}

// maxDelay is the longest time after which an event is registered.
const maxDelay = 4 * 365

// inTime is the number of days within which most events are registered.
const inTime = 45

// delay is the time from event to registration: for most a few weeks, for some years.
func (s *shard) delay(e *event) day {
	late, meanDays := rateLateMarriage, 220.0
	switch e.kind {
	case birth:
		late, meanDays = rateLateBirth, 300
	case death:
		late = s.lateDeath(e)
	}
	if s.chance(1 - late) {
		return day(s.between(1, inTime))
	}
	return day(min(maxDelay, inTime+s.exponential(meanDays)))
}

// lateDeath is the share of deaths registered late: more women's and children's
// than men's, and more where fewer are registered at all.
func (s *shard) lateDeath(e *event) float64 {
	dead := &s.people[e.first]
	late := [2]float64{rateLateDeathMen, rateLateDeathWomen}[dead.sex]
	if e.on-dead.born < 5*365 {
		late *= lateChildDeathFactor
	}
	return late * (2 - s.areaFactor(e))
}

// areaFactor is how many more or fewer events than elsewhere an area registers.
func (s *shard) areaFactor(e *event) float64 {
	area := s.villageNumber(e.village) / villagesInSubdistrict
	return 1 + s.country.preset.areaSpread*(2*unitOf(s.country.seed, area, 13)-1)
}

// enter registers an event. of is the number of the entry that it repeats, 0 for a first one.
func (s *shard) enter(e event, on day, h *habits, of uint64, wrong bool) registeredDeath {
	kind := min(e.kind, marriage)
	s.registered.number[kind]++
	r := registration{
		event: e, registered: on, received: on + day(s.between(2, 40)), again: of != 0, wrong: wrong,
		sheet: [...]sheet{birthsSheet, deathsSheet, marriagesSheet}[kind], letter: "BDW"[kind], number: s.serial(s.registered.number[kind]),
	}
	d := registeredDeath{person: e.first, died: e.on, registered: on, received: r.received, revoked: never, number: r.number, wrong: wrong}
	month, reached := s.country.fileMonth(r.received)
	if reached {
		if kind == death {
			r.informant, r.tie = s.informant(&e)
		}
		s.writeVersions(&r, &d, h, month)
		s.nameMentions(&r, of)
	}
	d.reached = reached
	if e.kind == death {
		s.registered.deaths = append(s.registered.deaths, d)
	}
	return d
}

// writeVersions writes the entry, and what became of it.
func (s *shard) writeVersions(r *registration, d *registeredDeath, h *habits, month int) {
	s.registered.body = s.body(s.registered.body[:0], r, h)
	s.writeVersion(r, 1, "registered", r.received, month)
	switch r.kind {
	case birth:
		s.counts.Births++
	case death:
		s.counts.Deaths++
	default:
		s.counts.Marriages++
	}
	switch {
	case r.wrong:
		s.counts.WrongDeaths++
		d.revoked = s.revocation(r)
	case r.again && s.chance(rateDoubleRevoked):
		d.revoked = r.received + day(s.between(60, 900))
	case s.chance(rateCorrected):
		careful := h.careful()
		corrected := r.received + day(s.between(20, 500))
		if month, reached := s.country.fileMonth(corrected); reached {
			s.registered.body = s.body(s.registered.body[:0], r, &careful)
			s.writeVersion(r, 2, "corrected", corrected, month)
		}
	}
	if month, reached := s.country.fileMonth(d.revoked); reached {
		s.writeVersion(r, 2, "revoked", d.revoked, month)
		if r.kind == death {
			s.counts.RevokedInMonth[month]++
		}
	} else {
		d.revoked = never
	}
}

// revocation is the day on which the register takes back the death of somebody
// who lives: for what is fresh in the second month most often, so that a monthly
// job can be seen to turn round.
func (s *shard) revocation(r *registration) day {
	c := s.country
	if c.months > 1 && r.received > c.start-120 && r.received < c.monthEnds[0] && (s.index%8 == 0 || s.chance(0.6)) {
		return s.dayIn(c.monthEnds[0], c.monthEnds[1])
	}
	return r.received + day(s.between(40, 1200))
}

func (s *shard) writeVersion(r *registration, version byte, status string, received day, month int) {
	dst := s.out.at(r.sheet, month)
	b := appendRegistration(*dst, r.letter, r.number)
	b = append(b, ',', '0'+version, ',')
	b = append(append(b, status...), ',')
	b = append(appendISO(b, r.registered), ',')
	b = append(appendISO(b, received), ',')
	*dst = append(append(b, s.registered.body...), '\n')
}

func appendRegistration(dst []byte, letter byte, number uint64) []byte {
	return appendDigits(append(dst, letter, '-'), number, 10)
}

// body writes the columns from office to the last.
func (s *shard) body(dst []byte, r *registration, h *habits) []byte {
	village := s.villageNumber(r.village)
	areas := &s.country.areas
	dst = append(append(append(dst, 'R'), areas.office(village)...), ',')
	if old := areas.oldCode(village); old != "" && r.registered < reformed() {
		dst = append(dst, old...)
	} else if s.chance(rateSubdistrictOnly) {
		dst = append(dst, areas.office(village)...)
	} else {
		dst = append(dst, areas.village(village)...)
	}
	dst = append(dst, ',')
	slashed := unitOf(s.country.seed, village/villagesInSubdistrict, 14) < 0.2
	switch r.kind {
	case birth:
		return s.birthBody(dst, r, h, slashed)
	case death:
		return s.deathBody(dst, r, h, slashed)
	}
	return s.marriageBody(dst, r, h, slashed)
}

func (s *shard) birthBody(dst []byte, r *registration, h *habits, slashed bool) []byte {
	child := &s.people[r.first]
	dst = s.appendName(dst, &child.name, 0, h)
	dst = append(append(dst, sexCodes[child.sex]...), ',')
	dst = append(appendDate(dst, child.born, slashed), ',')
	dst = append(append(dst, [2]string{"no", "yes"}[btoi(child.twin)]...), ',')
	dst = append(s.appendRegisterID(dst, r.first), ',')
	motherName := r.motherName
	dst = s.appendParent(dst, child.mother, &motherName, h, slashed)
	if child.father == none {
		dst = append(dst, ",,,,,"...)
	} else {
		dst = s.appendParent(dst, child.father, &s.people[child.father].name, h, slashed)
	}
	return s.appendAddress(dst, r.village, r.house)
}

// appendParent appends a parent's name, date of birth and number.
func (s *shard) appendParent(dst []byte, i int32, n *name, h *habits, slashed bool) []byte {
	dst = s.appendName(dst, n, 0, h)
	if !s.chance(0.2) {
		dst = s.appendAdultDate(dst, i, slashed)
	}
	return append(s.appendRegisterID(append(dst, ','), i), ',')
}

// appendAdultDate writes the date of birth that is given for an adult at the
// registry: 1 January where it is not known.
func (s *shard) appendAdultDate(dst []byte, i int32, slashed bool) []byte {
	p := &s.people[i]
	switch {
	case p.stated != never && p.stated != p.born && s.chance(0.5): // as the family tells it everywhere
		return appendDate(dst, p.stated, slashed)
	case float64(p.unsure) < 0.7*s.defaultDateRate(i):
		y, _, _ := p.born.civil()
		if s.chance(0.3) {
			y += s.between(-2, 2)
		}
		return appendDate(dst, dayOf(y, 1, 1), slashed)
	case s.chance(rateOtherDay):
		return appendDate(dst, p.born+day(s.between(-9, 9)), slashed)
	}
	return appendDate(dst, p.born, slashed)
}

// appendRegisterID writes a number in a registration, or nothing.
func (s *shard) appendRegisterID(dst []byte, i int32) []byte {
	if s.chance(rateMissingRegID) {
		return dst
	}
	if s.chance(rateInvalidRegID) {
		s.pen.scratch = s.appendID(s.pen.scratch[:0], i)
		return s.country.ids.spoil(&s.random, dst, s.pen.scratch)
	}
	return s.appendID(dst, i)
}

func (s *shard) deathBody(dst []byte, r *registration, h *habits, slashed bool) []byte {
	p := &s.people[r.first]
	dst = s.appendName(dst, &p.name, 0, h)
	dst = append(append(dst, sexCodes[p.sex]...), ',')
	if !s.chance(rateNoBirthDate) {
		dst = s.appendAdultDate(dst, r.first, slashed)
	}
	age := ageOn(p.born, r.on)
	if age > 30 && s.chance(rateRoundedAge) {
		age = (age + 2) / 5 * 5
	}
	dst = append(appendInt(append(dst, ','), uint64(age)), ',')
	dst = append(appendDate(dst, r.on, slashed), ',')
	dst = append(s.appendRegisterID(dst, r.first), ',')
	for _, parent := range []int32{p.mother, p.father} {
		if parent != none && !s.chance(rateNoParentDeath) {
			dst = s.appendFullName(dst, &s.people[parent].name, h)
		}
		dst = append(dst, ',')
	}
	if r.second != none {
		dst = append(s.appendFullName(dst, &s.people[r.second].name, h), ',')
		dst = s.appendRegisterID(dst, r.second)
	} else {
		dst = append(dst, ',')
	}
	dst = append(dst, ',')
	if r.informant != none {
		dst = s.appendFullName(dst, &s.people[r.informant].name, h)
	}
	dst = append(append(dst, ','), r.tie...)
	return s.appendAddress(append(dst, ','), r.village, r.house)
}

// informant is who declares a death: the spouse, the mother, the eldest child
// who is grown up, or a neighbour, whom no entry names.
func (s *shard) informant(e *event) (int32, string) {
	p := &s.people[e.first]
	if e.second != none && s.people[e.second].died > e.on && s.chance(0.6) {
		return e.second, "spouse"
	}
	if p.mother != none && s.people[p.mother].died > e.on && s.chance(0.7) {
		return p.mother, "parent"
	}
	if child := s.eldestChild(e.first, e.on); child != none && s.chance(0.6) {
		return child, "child"
	}
	return none, "neighbour"
}

// eldestChild is the eldest who lives and is grown up on a day.
func (s *shard) eldestChild(parent int32, on day) int32 {
	for i := int(parent) + 1; i < len(s.people); i++ {
		if c := &s.people[i]; (c.mother == parent || c.father == parent) && c.died > on && on-c.born > 18*366 {
			return int32(i)
		}
	}
	return none
}

func (s *shard) marriageBody(dst []byte, r *registration, h *habits, slashed bool) []byte {
	dst = append(dst, [2]string{"marriage,", "divorce,"}[btoi(r.kind == divorce)]...)
	dst = append(appendDate(dst, r.on, slashed), ',')
	groom, bride := &s.people[r.first], &s.people[r.second]
	brideName := r.brideName
	dst = s.appendParent(dst, r.first, &groom.name, h, slashed)
	dst = append(s.appendFathersName(dst, groom, h), ',')
	dst = s.appendParent(dst, r.second, &brideName, h, slashed)
	return s.appendFathersName(dst, bride, h)
}

func (s *shard) appendFathersName(dst []byte, p *person, h *habits) []byte {
	if p.father == none || s.chance(0.2) {
		return dst
	}
	return s.appendFullName(dst, &s.people[p.father].name, h)
}

// registerTheLiving enters deaths of people who live: a number mistyped, a
// namesake, a fraud. One shard in eight has one just before the first month ends.
func (s *shard) registerTheLiving(h *habits) {
	c := s.country
	entered := len(s.registered.deaths)
	reached := 0
	for _, d := range s.registered.deaths[:entered] {
		reached += btoi(d.reached)
	}
	forced := s.index%8 == 0
	expected := float64(reached) * rateWrongDeath / (1 - rateWrongDeath)
	if !forced { // what the forced ones are too many
		expected = max(0, expected-max(0, 1-expected)/7)
	}
	wrong := s.count(expected)
	for k := range max(wrong, btoi(forced)) {
		i := s.elder()
		if i == none {
			return
		}
		registered := c.start - day(s.between(0, 90))
		if k > 0 || !forced && s.chance(0.5) {
			registered = c.start - day(s.between(90, 6*365))
		}
		e := event{kind: death, first: i, second: none, on: registered - day(s.between(2, 30))}
		if p := &s.people[i]; p.household != none {
			e.village, e.house = s.homes[p.household].village, s.homes[p.household].number
		}
		s.enter(e, registered, h, 0, true)
	}
}

// elder is somebody who lives, mostly an elderly roster member.
func (s *shard) elder() int32 {
	found := none
	for range 60 {
		i := s.alive[s.below(len(s.alive))]
		age := int(s.country.end-s.people[i].born) / 365
		if age > 25 {
			found = i
		}
		if age >= 60 && s.people[i].row != none {
			return i
		}
	}
	return found
}

// nameInformant tells who declared a death: apart, because the job does not read
// informants.
func (s *shard) nameInformant(r *registration) {
	if r.informant == none {
		return
	}
	dst := s.out.at(truthInformants, 0)
	*dst = append(appendRegistration(append(*dst, "deaths/"...), r.letter, r.number), "/informant,"...)
	*dst = append(s.appendPersonID(*dst, r.informant), '\n')
}

// nameMentions tells the truth about each person whom the entry names.
func (s *shard) nameMentions(r *registration, of uint64) {
	source, roles := "births/", [...]string{"/child", "/mother", "/father"}
	people := [3]int32{r.first, none, none}
	switch r.kind {
	case birth:
		people[1], people[2] = s.people[r.first].mother, s.people[r.first].father
	case death:
		source, roles = "deaths/", [...]string{"/deceased", "/spouse", ""}
		people[1] = r.second
		s.nameInformant(r)
	default:
		source, roles = "marriages/", [...]string{"/groom", "/bride", ""}
		people[1] = r.second
	}
	dst := s.out.at(truthRecords, 0)
	for k, i := range people {
		if i == none {
			continue
		}
		*dst = append(append(appendRegistration(append(*dst, source...), r.letter, r.number), roles[k]...), ',')
		*dst = append(s.appendPersonID(*dst, i), '\n')
	}
	if of != 0 {
		b := s.out.at(truthDuplicates, 0)
		*b = append(append(appendRegistration(append(*b, "register,"+source...), r.letter, r.number), roles[0]...), ',')
		*b = append(append(appendRegistration(append(*b, source...), r.letter, of), roles[0]...), '\n')
	}
}
