package synth

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
)

// tally counts how often something was so, of how many.
type tally struct{ hits, of float64 }

func (t *tally) count(hit bool) {
	t.of++
	t.hits += float64(btoi(hit))
}

func (t *tally) share() float64 { return t.hits / t.of }

// gauge measures the rates in the files of a country, with its truth files beside
// them. Of the program it uses only the check digits and the romanisations, and
// what an area's own rate is.
type gauge struct {
	made
	tallies     map[string]*tally
	persons     map[string]*human
	who         map[string]string // mention to person
	bearer      map[string]string // number to person
	spelling    spelling
	defaultDate map[string]*tally // adults' default dates by sub-district
	repeated    map[string]bool   // registrations that repeat another, by source/number
	wrong       map[string]bool   // death registrations of people who live
	onRoster    map[string]bool   // persons
	twins       map[string]bool   // members written down before
}

// human is a person of truth/persons.csv.
type human struct {
	sex, number    string
	mother, father string
	born, died     day
	given, family  []string
}

func (g *gauge) at(name string) *tally {
	if g.tallies[name] == nil {
		g.tallies[name] = &tally{}
	}
	return g.tallies[name]
}

// measure makes a country and gauges it.
func measure(t *testing.T, preset string, households int) *gauge {
	t.Helper()
	g := &gauge{
		made: generate(t, preset, households, 11, 2), tallies: map[string]*tally{}, persons: map[string]*human{}, who: map[string]string{}, bearer: map[string]string{},
		defaultDate: map[string]*tally{}, repeated: map[string]bool{}, wrong: map[string]bool{}, onRoster: map[string]bool{}, twins: map[string]bool{},
	}
	g.spelling = spellings(g.country)
	g.readTruth()
	g.roster()
	g.enrolments()
	for _, source := range []string{"births", "deaths", "marriages"} {
		g.register(source)
	}
	g.families()
	return g
}

func (g *gauge) readTruth() {
	for _, r := range g.read("truth/persons.csv") {
		id := r["person_id"]
		g.persons[id] = &human{
			sex: r["sex"], number: r["national_id"], mother: r["mother_id"], father: r["father_id"], born: on(r["born_on"]), died: on(r["died_on"]),
			given: strings.Fields(r["given_name"]), family: strings.Fields(r["family_name"]),
		}
		g.bearer[r["national_id"]] = id
	}
	for _, r := range g.read("truth/records.csv") {
		g.who[r["mention_id"]] = r["person_id"]
	}
	for _, r := range g.read("truth/duplicates.csv") {
		parts := strings.Split(r["mention_id"], "/")
		if r["kind"] == "register" {
			g.repeated[parts[0]+"/"+parts[1]] = true
		} else {
			g.twins[parts[1]] = true
		}
	}
	for _, r := range g.read("truth/deaths.csv") {
		g.wrong["deaths/"+r["registration_no"]] = r["wrong"] == "yes"
	}
}

// roster measures members and households.
func (g *gauge) roster() {
	spouse := map[string]bool{}
	for _, u := range g.read("truth/unions.csv") {
		if u["end"] == "" && on(u["from_on"]) < g.country.start-400 {
			spouse[u["wife_id"]], spouse[u["husband_id"]] = true, true
		}
	}
	for _, r := range g.read("sp/2026-10/members.csv") {
		id := g.who["members/"+r["member_id"]+"/member"]
		p := g.persons[id]
		g.onRoster[id] = true
		g.identifier(r["national_id"], id)
		g.birthDate(r, p)
		g.name("roster", r["given_name"], r["family_name"], p)
		g.at("nickname").count(g.nickname(r, p))
		for column, parent := range map[string]string{"mother_name": p.mother, "father_name": p.father} {
			if parent != "" {
				g.at("parent_not_named_roster").count(r[column] == "")
			}
		}
		if spouse[id] && on(r["registered_on"]) > g.country.start-390 {
			g.at("spouse_not_named_roster").count(r["spouse_name"] == "")
		}
	}
	for _, r := range g.read("sp/2026-10/households.csv") {
		g.at("missing_phone").count(r["phone"] == "")
		g.at("default_phone").count(r["phone"] == "01700000000")
	}
}

func (g *gauge) identifier(number, id string) {
	g.at("missing_id").count(number == "")
	if number == "" {
		return
	}
	bearer, known := g.bearer[number]
	valid := g.country.ids.check([]byte(number))
	g.at("invalid_id").count(!valid)
	g.at("repeated_id").count(known && bearer != id)
	g.at("unmatched_id").count(valid && !known)
}

func (g *gauge) birthDate(r record, p *human) {
	asked := on(r["registered_on"])
	year, month, dd := p.born.civil()
	y, m, d := on(r["date_of_birth"]).civil()
	firstJanuary := m == 1 && d == 1
	if p.born < asked-17*366 && p.born < g.country.start-16*366 {
		area := r["area_code"][:8]
		if g.defaultDate[area] == nil {
			g.defaultDate[area] = &tally{}
		}
		g.defaultDate[area].count(firstJanuary)
		if firstJanuary && (month != 1 || dd != 1) {
			g.at("wrong_last_digit_of_age").count(y != year)
		}
	}
	before := old(uint8(btoi(p.sex == "female"))) - ageOn(p.born, asked)
	if !firstJanuary && before >= 1 && before <= 5 {
		g.at("made_older").count(y <= year-2 && m == month && d == min(dd, 28))
	}
	if firstJanuary || before >= 0 && before <= 7 {
		return
	}
	if dd <= 12 && dd != month {
		g.at("day_month_swapped").count(y == year && m == dd && d == month)
	}
	g.at("wrong_year").count((y == year+1 || y == year-1) && m == month && d == min(dd, 28))
	g.at("mistyped_day").count(y == year && m == month && d != dd)
}

func (g *gauge) enrolments() {
	member, state := map[string]record{}, map[string]record{}
	for _, r := range g.read("sp/2026-10/members.csv") {
		member[r["member_id"]] = r
	}
	for _, r := range g.read("sp/2026-10/enrolments.csv") {
		state[r["enrolment_id"]] = r
		g.at("suspended").count(r["status"] == "suspended")
		born := on(member[r["member_id"]]["date_of_birth"])
		if over := birthdayOf(born, childGrantAge); r["programme"] == "child_grant" && over > on(r["start_date"]) && over < g.country.end-300 && member[r["member_id"]]["status"] == "active" {
			g.at("end_overlooked").count(r["status"] != "closed")
		}
	}
	for _, r := range g.read("truth/enrolments.csv") {
		e := state[r["enrolment_id"]]
		m := member[e["member_id"]]
		switch {
		case r["duplicate_of"] != "" && m["relationship"] == "09":
			g.at("enrolled_twice").hits++
		case r["duplicate_of"] == "" && !g.twins[e["member_id"]] && on(e["start_date"]) < on(m["registered_on"])+20:
			g.at("enrolled_twice").of++
		}
	}
	g.falseWidows()
	g.paidForTheDead(state)
}

// falseWidows measures women who draw the widow's allowance in a union that
// lasts or that a divorce has ended.
func (g *gauge) falseWidows() {
	last := map[string]record{}
	widowed := map[string]bool{}
	for _, u := range g.read("truth/unions.csv") {
		if old, ok := last[u["wife_id"]]; !ok || on(u["from_on"]) > on(old["from_on"]) {
			last[u["wife_id"]] = u
		}
		widowed[u["wife_id"]] = widowed[u["wife_id"]] || u["end"] == "death"
	}
	draws := map[string]bool{}
	for _, r := range g.read("truth/enrolments.csv") {
		draws[r["person_id"]] = draws[r["person_id"]] || r["programme"] == "widow"
	}
	for id, u := range last {
		if g.onRoster[id] && !widowed[id] && u["end"] != "death" && g.persons[id].died == never && on(u["from_on"]) < g.country.start-3*365 {
			g.at("widow_of_a_living_man").count(draws[id])
		}
	}
}

// paidForTheDead measures how often money that is handed out to the person is
// collected in a month after the person's death.
func (g *gauge) paidForTheDead(state map[string]record) {
	paid := map[string][]day{}
	for _, r := range g.read("sp/payments/payments-*.csv") {
		if r["channel"] == "in_person" {
			paid[r["enrolment_id"]] = append(paid[r["enrolment_id"]], on(r["paid_on"]))
		}
	}
	for _, r := range g.read("truth/enrolments.csv") {
		days, died := paid[r["enrolment_id"]], g.persons[r["person_id"]].died
		if len(days) == 0 || died == never {
			continue
		}
		_, _, dayOfMonth := days[0].civil()
		for m := firstPayment; m < g.country.months; m++ {
			due := firstOf(g.country.year, g.country.month, m) + day(dayOfMonth) - 1
			if due > died && due > days[0] && due <= on(state[r["enrolment_id"]]["end_date"]) {
				g.at("paid_in_person_after_death").count(slices.Contains(days, due))
			}
		}
	}
}

// inRegister names who stands in each source's registrations, what the event's
// date is called, and which rates are measured in it.
var inRegister = map[string]struct {
	people              []string
	date, twice, lately string
}{
	"births":    {[]string{"child", "mother", "father"}, "date_of_birth", "birth_registered_twice", "birth_late"},
	"deaths":    {[]string{"deceased"}, "date_of_death", "death_registered_twice", ""},
	"marriages": {[]string{"groom", "bride"}, "date_of_event", "", "marriage_late"},
}

func (g *gauge) register(source string) {
	shape := inRegister[source]
	records := g.read("crvs/" + source + "-*.csv")
	became := map[string]string{}
	for _, r := range records {
		if r["version"] != "1" {
			became[r["registration_no"]] = r["status"]
		}
	}
	for _, r := range records {
		if r["version"] != "1" {
			continue
		}
		number := r["registration_no"]
		again, wrong := g.repeated[source+"/"+number], g.wrong[source+"/"+number]
		settled := on(r["received_on"]) < g.country.end-510
		switch {
		case shape.twice != "" && again:
			g.at(shape.twice).hits++
			if on(r["received_on"]) < g.country.end-900 {
				g.at("second_registration_revoked").count(became[number] == "revoked")
			}
		case shape.twice != "" && !wrong:
			g.at(shape.twice).of++
		}
		if settled && !again && !wrong {
			g.at("corrected").count(became[number] == "corrected")
		}
		if happened := on(r[shape.date]); !again && !wrong && happened < g.country.end-maxDelay-60 {
			g.late(source, r, happened)
		}
		if !strings.HasPrefix(r["area_code"], "X") {
			g.at("sub_district_only").count(len(r["area_code"]) == 8)
		}
		for _, role := range shape.people {
			g.registered(source, role, r)
		}
		if source == "deaths" {
			g.death(r, wrong)
		}
	}
}

// late measures who is registered late.
func (g *gauge) late(source string, r record, happened day) {
	late := on(r["registered_on"]) > happened+inTime
	if source != "deaths" {
		g.at(inRegister[source].lately).count(late)
		return
	}
	p := g.persons[g.who["deaths/"+r["registration_no"]+"/deceased"]]
	names := map[string]string{"male": "death_late_men", "female": "death_late_women"}
	if happened-p.born < 5*365 {
		names = map[string]string{"male": "late_boys", "female": "late_girls"}
	}
	g.at(names[p.sex]).count(late)
}

// registered measures how one person stands in a registration.
func (g *gauge) registered(source, role string, r record) {
	id, named := g.who[source+"/"+r["registration_no"]+"/"+role]
	if !named {
		return
	}
	p := g.persons[id]
	number := r[role+"_national_id"]
	g.at("missing_id_register").count(number == "")
	if number != "" {
		g.at("invalid_id_register").count(!g.country.ids.check([]byte(number)))
	}
	if role != "mother" && role != "bride" { // who may have had another name then
		g.name("register", r[role+"_given_name"], r[role+"_family_name"], p)
	}
	if written := on(r[role+"_date_of_birth"]); written != never && !g.onRoster[id] {
		_, m, d := written.civil()
		if m != 1 || d != 1 {
			g.at("other_day_register").count(written != p.born)
		}
	}
}

func (g *gauge) death(r record, wrong bool) {
	p := g.persons[g.who["deaths/"+r["registration_no"]+"/deceased"]]
	g.at("death_of_a_living_person").count(wrong)
	g.at("death_without_birth_date").count(r["date_of_birth"] == "")
	if age := ageOn(p.born, on(r["date_of_death"])); age > 30 && age%5 != 0 {
		g.at("age_at_death_rounded").count(r["age_at_death"] != string(appendInt(nil, uint64(age))))
	}
	for column, parent := range map[string]string{"mother_name": p.mother, "father_name": p.father} {
		if parent != "" {
			g.at("parent_not_named_death").count(r[column] == "")
		}
	}
}

// families measures twins and given names that are used again.
func (g *gauge) families() {
	children := map[string][]*human{}
	for _, p := range g.persons {
		if p.mother != "" && p.born >= g.country.end-yearsSimulated*1461/4 {
			children[p.mother] = append(children[p.mother], p)
		}
	}
	for _, siblings := range children {
		confinements := map[day]int{}
		slices.SortFunc(siblings, func(a, b *human) int { return cmp.Compare(a.born, b.born) })
		for i, p := range siblings {
			confinements[p.born]++
			reused, lost := false, false
			for _, o := range siblings[:i] {
				if o.sex == p.sex && o.died < p.born-400 && o.died-o.born < 5*365 {
					lost, reused = true, g.spelling.own(o.given) == g.spelling.own(p.given)
				}
			}
			if father := g.persons[p.father]; lost && father != nil {
				g.at("dead_siblings_name").count(reused)
			} else if p.sex == "male" && father != nil {
				own := g.spelling.own(p.given)
				g.at("fathers_given_name").count(g.spelling.own(father.given) == own)
				// As many bear it by chance as bear that of the mother's father.
				if grandfather := g.persons[g.persons[p.mother].father]; grandfather != nil && g.spelling.own(grandfather.given) == own {
					g.at("fathers_given_name").hits--
				}
			}
		}
		for _, n := range confinements {
			g.at("twins").count(n > 1)
		}
	}
}

// spelling knows how the words of a country's names are written.
type spelling struct {
	forms           map[string][]string // by the word as its bearer writes it
	accented        map[string]string
	prefix, second  map[string]bool
	nicknames       map[string]bool
	patronymicsKept bool // a system of the country writes the father's given name as family name
}

func spellings(c *country) spelling {
	s := spelling{forms: map[string][]string{}, accented: map[string]string{}, prefix: map[string]bool{}, second: map[string]bool{}, nicknames: map[string]bool{}}
	for _, w := range c.lexicon.words[1:] {
		forms := slices.Concat(s.forms[w.forms[0]], w.forms)
		s.forms[w.forms[0]] = slices.Compact(slices.Sorted(slices.Values(forms)))
	}
	each := func(p pool, do func(word)) {
		for i := range p.accept {
			do(c.lexicon.words[p.first+i])
		}
	}
	for _, n := range c.namings {
		for sex := range 2 {
			each(n.prefix[sex], func(w word) { s.prefix[w.forms[0]] = true })
			if n.system.secondFirst {
				each(n.second[sex], func(w word) { s.second[w.forms[0]] = true })
			}
		}
		each(n.nickname, func(w word) { s.nicknames[w.forms[0]] = true })
		s.patronymicsKept = s.patronymicsKept || n.system.file == "tamil"
		if n.system.accents {
			for _, p := range []pool{n.given[0], n.given[1], n.second[0], n.second[1], n.family} {
				each(p, func(w word) {
					if w.native != "" && w.native != w.forms[0] {
						s.accented[w.forms[0]] = w.native
						s.forms[w.forms[0]] = append(s.forms[w.forms[0]], w.native)
					}
				})
			}
		}
	}
	return s
}

// is says whether a written word is one of the forms of a true one.
func (s *spelling) is(written, true string) bool { return slices.Contains(s.forms[true], written) }

// any says whether a written word is a form of any of the true ones.
func (s *spelling) any(written string, of []string) bool {
	return slices.ContainsFunc(of, func(w string) bool { return s.is(written, w) })
}

// own is the given word that is nobody else's: no prefix, no Thi.
func (s *spelling) own(given []string) string {
	for _, w := range given {
		if !s.prefix[w] && !s.second[w] {
			return w
		}
	}
	return ""
}

func (g *gauge) nickname(r record, p *human) bool {
	return g.spelling.nicknames[r["given_name"]] && !g.spelling.any(r["given_name"], p.given) ||
		g.spelling.nicknames[r["family_name"]] && !g.spelling.any(r["family_name"], p.family)
}

func isInitial(word string) bool { return len(word) == 2 && word[1] == '.' }

// name measures how a clerk has written a name. It counts only what it can tell
// apart: a word that is a form of the true one, or near to one.
func (g *gauge) name(where, given, family string, p *human) {
	wg, wf := strings.Fields(given), strings.Fields(family)
	if len(wg) == 0 {
		return
	}
	s := &g.spelling
	last := wg[len(wg)-1]
	if len(p.family) > 0 && s.any(wg[0], slices.Concat(p.given, p.family)) {
		together := len(wf) == 0 && s.any(wg[0], p.given) && !s.any(last, p.given) && s.any(last, p.family)
		exchanged := len(wf) > 0 && !s.any(wg[0], p.given) && s.any(wg[0], p.family) && s.any(wf[0], p.given)
		inPlace := len(wf) > 0 && s.any(wg[0], p.given) && s.any(wf[0], p.family)
		if together || exchanged || inPlace {
			g.at("joined_" + where).count(together)
			g.at("exchanged_" + where).count(exchanged)
		}
		if s.any(wg[0], p.given) && !isInitial(last) {
			if none := len(wf) == 0 && s.any(last, p.given); none || len(wf) > 0 || s.any(last, p.family) {
				g.at("family_name_left_out_" + where).count(none)
			}
		}
		if father := g.persons[p.father]; s.patronymicsKept && father != nil && len(p.family) == 1 && slices.Contains(father.given, p.family[0]) && len(wf) == 1 {
			if isInitial(wf[0]) || s.is(wf[0], p.family[0]) {
				g.at("father_as_initial_" + where).count(isInitial(wf[0]))
			}
		}
		if len(p.family) == 2 && len(wf) > 0 && s.is(wf[0], p.family[0]) {
			g.at("second_word_left_out_" + where).count(len(wf) == 1)
		}
	}
	g.givenWords(where, wg, p)
}

// givenWords measures the words of a given name.
func (g *gauge) givenWords(where string, wg []string, p *human) {
	s := &g.spelling
	true := p.given
	if len(true) == 2 && s.prefix[true[0]] && (s.is(wg[0], true[0]) || s.is(wg[0], true[1])) {
		g.at("prefix_left_out_" + where).count(!s.is(wg[0], true[0]))
	}
	if len(true) == 2 && !s.prefix[true[0]] && true[0] != true[1] {
		own := s.own(true)
		whole := len(wg) == 2 && s.is(wg[0], true[0]) && s.is(wg[1], true[1])
		alone := len(wg) == 1 && s.is(wg[0], own)
		if whole || alone {
			g.at("second_word_left_out_" + where).count(alone)
		}
	}
	if len(true) > 1 || len(wg) > 1 || len(true[0]) < 4 || s.nicknames[wg[0]] {
		return
	}
	written, forms := wg[0], s.forms[true[0]]
	near := slices.ContainsFunc(forms, func(f string) bool { return f[0] == written[0] && max(len(f)-len(written), len(written)-len(f)) <= 1 })
	right := slices.Contains(forms, written)
	if right || near {
		g.at("typing_error_" + where).count(!right)
	}
	accented := s.accented[true[0]]
	if right && len(forms) > 1+btoi(accented != "") {
		g.at("romanised_otherwise_" + where).count(written != true[0] && written != accented)
	}
	if accented != "" && (written == true[0] || written == accented) {
		g.at("accents_left_out_" + where).count(written != accented)
	}
}

// near says whether a measured share can be the documented one: four standard
// deviations of its count, and a part of it for what the measure cannot tell apart.
func near(got tally, want, slack float64) bool {
	if got.of == 0 {
		return false
	}
	return math.Abs(got.share()-want) <= 4*math.Sqrt(want*(1-want)/got.of)+slack*want
}

// hidden is the part of a rate by which its measure may be off: where an error
// hides itself (a letter exchanged for the same one, a day mistyped as itself) or
// another looks like it.
var hidden = map[string]float64{
	"typing_error_roster": 0.25, "typing_error_register": 0.25, "mistyped_day": 0.1, "wrong_year": 0.1, "day_month_swapped": 0.1,
	"nickname": 0.1, "enrolled_twice": 0.25, "corrected": 0.1, "romanised_otherwise_roster": 0.1, "romanised_otherwise_register": 0.1,
	"birth_registered_twice": 0.1, "death_registered_twice": 0.1, "death_of_a_living_person": 0.15, "dead_siblings_name": 0.1,
	"fathers_given_name": 0.1, "other_day_register": 0.1, "made_older": 0.2, "widow_of_a_living_man": 0.35, "parent_not_named_roster": 0.02,
	"family_name_left_out_roster": 0.1, "family_name_left_out_register": 0.1, "second_word_left_out_roster": 0.1, "second_word_left_out_register": 0.15,
	"prefix_left_out_roster": 0.1, "prefix_left_out_register": 0.1, "father_as_initial_roster": 0.05, "father_as_initial_register": 0.05,
	"exchanged_roster": 0.15, "exchanged_register": 0.15, "joined_roster": 0.15, "joined_register": 0.15, "spouse_not_named_roster": 0.2,
}

// notEverywhere are rates of what only some cultures have.
func notEverywhere(rate string, c *country) bool {
	has := func(of func(*naming) bool) bool { return slices.ContainsFunc(c.namings, of) }
	switch name, _, _ := strings.Cut(rate, "_left_out_"); {
	case name == "prefix":
		return !has(func(n *naming) bool { return !n.prefix[male].empty() })
	case name == "accents":
		return !has(func(n *naming) bool { return n.system.accents })
	case strings.HasPrefix(rate, "father_as_initial"):
		return !has(func(n *naming) bool { return n.system.file == "tamil" })
	}
	return false
}

func TestRatesInTheOutput(t *testing.T) {
	all := map[string]*tally{}
	for _, preset := range Presets() {
		t.Run(preset, func(t *testing.T) {
			g := measure(t, preset, 4000)
			for _, r := range Rates() {
				if strings.HasPrefix(r.Name, "default_date_") || strings.HasSuffix(r.Name, "_factor") || notEverywhere(r.Name, g.country) {
					continue // the first two are measured below
				}
				checkRate(t, r, *g.at(r.Name))
			}
			g.checkDefaultDates(t)
			g.checkCompleteness(t)
			for name, got := range g.tallies {
				if all[name] == nil {
					all[name] = &tally{}
				}
				all[name].hits, all[name].of = all[name].hits+got.hits, all[name].of+got.of
			}
		})
	}
	t.Run("together", func(t *testing.T) { // what is rare needs the people of all
		for _, r := range Rates() {
			if got := all[r.Name]; got != nil {
				checkRate(t, r, *got)
			}
		}
		for name, rate := range map[string]float64{"late_boys": rateLateDeathMen, "late_girls": rateLateDeathWomen} {
			checkRate(t, Rate{Name: name, Value: rate * lateChildDeathFactor, Of: "deaths registered under 5"}, *all[name])
		}
	})
}

func checkRate(t *testing.T, r Rate, got tally) {
	t.Helper()
	t.Logf("%-30s documented %.3f measured %.4f of %.0f", r.Name, r.Value, got.share(), got.of)
	if !near(got, r.Value, hidden[r.Name]) {
		t.Errorf("%s is %.4f of %.0f %s, documented %.3f", r.Name, got.share(), got.of, r.Of, r.Value)
	}
}

// checkDefaultDates holds the default dates of each sub-district against its own
// rate, and the lowest and highest against the documented ends.
func (g *gauge) checkDefaultDates(t *testing.T) {
	lowest, highest := 1.0, 0.0
	for k := range uint64(g.country.areas.subdistricts) {
		got := g.defaultDate[g.country.areas.office(k*villagesInSubdistrict)]
		if got == nil || got.of < 200 {
			continue
		}
		want := g.country.defaultDateRate(k)
		if !near(*got, want+(1-want)/365, 0.08) {
			t.Errorf("sub-district %d: default dates %.3f of %.0f, its rate is %.3f", k, got.share(), got.of, want)
		}
		lowest, highest = min(lowest, got.share()), max(highest, got.share())
	}
	t.Logf("%-30s documented %.2f to %.2f measured %.3f to %.3f", "default_date", rateDefaultDateLow, rateDefaultDateHigh, lowest, highest)
	if lowest < 0.03 || lowest > 0.25 || highest < 0.4 || highest > 0.65 {
		t.Errorf("default dates go from %.3f to %.3f by area, documented %.2f to %.2f", lowest, highest, rateDefaultDateLow, rateDefaultDateHigh)
	}
}

// checkCompleteness measures what is registered at all, of what had four years
// for it: deaths by sex, of children, and in the areas that register least and
// most; births; marriages.
func (g *gauge) checkCompleteness(t *testing.T) {
	settled := g.country.end - maxDelay - 60
	inTime := func(d day) bool { return d >= g.country.registerBegins && d < settled }
	registered := map[string]bool{}
	for mention, id := range g.who {
		switch role := mention[strings.LastIndexByte(mention, '/')+1:]; role {
		case "child", "deceased", "bride":
			registered[role+id] = true
		}
	}
	p := &g.country.preset
	rate := map[string]*tally{}
	count := func(name string, hit bool) {
		if rate[name] == nil {
			rate[name] = &tally{}
		}
		rate[name].count(hit)
	}
	for id, h := range g.persons {
		if inTime(h.died) {
			who := h.sex
			if h.died-h.born < 5*365 {
				who = "child, " + who
			}
			count(who, registered["deceased"+id])
		}
		if inTime(h.born) {
			count("birth", registered["child"+id])
		}
	}
	for _, u := range g.read("truth/unions.csv") {
		if inTime(on(u["from_on"])) && u["end"] != "divorce" {
			count("marriage", registered["bride"+u["wife_id"]])
		}
	}
	child := p.childDeathsFactor
	for name, want := range map[string]float64{
		"male": p.deathsRegistered[male], "female": p.deathsRegistered[female], "birth": p.birthsRegistered, "marriage": p.marriagesRegistered,
		"child, male": p.deathsRegistered[male] * child, "child, female": p.deathsRegistered[female] * child,
	} {
		got := *rate[name]
		t.Logf("registered: %-18s documented %.3f measured %.3f of %.0f", name, want, got.share(), got.of)
		if !near(got, want, 0.1) {
			t.Errorf("registered, %s: %.3f of %.0f, documented %.3f", name, got.share(), got.of, want)
		}
	}
}

// Where fewer deaths are registered, more of those are registered late.
func TestAreasDifferInWhatTheyRegister(t *testing.T) {
	g := measure(t, "bangladesh", 12_000)
	factor := map[string]float64{}
	for k := range uint64(g.country.areas.subdistricts) {
		factor[g.country.areas.office(k*villagesInSubdistrict)] = 2*unitOf(g.country.seed, k, 13) - 1
	}
	births, late := map[bool]*tally{false: {}, true: {}}, map[bool]*tally{false: {}, true: {}}
	for _, r := range g.read("crvs/deaths-*.csv") {
		if f := factor[r["office"][1:]]; math.Abs(f) > 0.4 && r["version"] == "1" && !g.wrong["deaths/"+r["registration_no"]] && !g.repeated["deaths/"+r["registration_no"]] {
			late[f > 0].count(on(r["registered_on"]) > on(r["date_of_death"])+inTime)
		}
	}
	born := map[string]bool{}
	for mention, id := range g.who {
		born[id] = born[id] || strings.HasSuffix(mention, "/child")
	}
	for _, r := range g.read("truth/persons.csv") {
		if b := on(r["born_on"]); r["area_code"] != "" && b > g.country.registerBegins && b < g.country.end-maxDelay {
			if f := factor[r["area_code"][:8]]; math.Abs(f) > 0.4 {
				births[f > 0].count(born[r["person_id"]])
			}
		}
	}
	t.Logf("areas that register little and much: births %.3f and %.3f, late deaths %.3f and %.3f", births[false].share(), births[true].share(), late[false].share(), late[true].share())
	if births[true].share() < births[false].share()*1.25 {
		t.Errorf("births are registered for %.3f where little is and %.3f where much is", births[false].share(), births[true].share())
	}
	if late[false].share() < late[true].share()*1.2 {
		t.Errorf("deaths are late for %.3f where little is registered and %.3f where much is", late[false].share(), late[true].share())
	}
}

// Two in five people of the Vietnamese-like part share a family name.
func TestFortyPercentShareAFamilyName(t *testing.T) {
	m := generate(t, "mixed", 3000, 2, 2)
	bears := map[string]bool{}
	for i := range m.country.namings[0].family.accept {
		bears[m.country.lexicon.words[m.country.namings[0].family.first+i].forms[0]] = true
	}
	count := map[string]int{}
	total := 0
	for _, p := range m.read("truth/persons.csv") {
		if p["died_on"] == "" && bears[p["family_name"]] {
			count[p["family_name"]]++
			total++
		}
	}
	commonest := slices.Max(slices.Collect(maps.Values(count)))
	if share := float64(commonest) / float64(total); total < 1000 || share < 0.33 || share > 0.47 {
		t.Errorf("%.3f of %d share the commonest family name, want 0.40", share, total)
	}
}

// Given names are as frequent as Zipf's law with Mandelbrot's shift has it.
func TestGivenNamesFollowZipfsLaw(t *testing.T) {
	m := generate(t, "chile", 6000, 6, 2)
	count := map[string]int{}
	for _, p := range m.read("truth/persons.csv") {
		if first, _, _ := strings.Cut(p["given_name"], " "); p["sex"] == "female" {
			count[first]++
		}
	}
	ranked := slices.Sorted(maps.Values(count))
	slices.Reverse(ranked)
	exponent := nameSystems()["spanish"].exponent
	for _, rank := range []int{10, 30, 100} {
		want := math.Pow((float64(rank)+1.7)/2.7, -exponent)
		if got := float64(ranked[rank-1]) / float64(ranked[0]); got < 0.75*want || got > 1.25*want {
			t.Errorf("the name of rank %d is %.3f times as frequent as the first, Zipf's law says %.3f", rank, got, want)
		}
	}
}
