package synth

// writeEntitlements writes who is entitled at the end of a month, of all who
// live, and who of the enrolled is not.
func (s *shard) writeEntitlements(month int) {
	b := s.out.at(truthEntitlements, 0)
	write := func(i int32, pr programme, yes bool, why string, since day) {
		*b = append(appendYearMonth(*b, s.now-1), ',')
		*b = append(s.appendPersonID(*b, i), ',')
		*b = append(append(*b, programmeCodes[pr]...), ',')
		*b = append(append(*b, [2]string{"no,", "yes,"}[btoi(yes)]...), why...)
		*b = append(appendISO(append(*b, ','), since), '\n')
	}
	for _, i := range s.alive {
		for pr := range programmes {
			if yes, why, since := s.entitled(i, pr); yes {
				write(i, pr, yes, why, since)
			}
		}
	}
	for k := range s.roster.enrolments {
		e := &s.roster.enrolments[k]
		i := s.roster.rows[e.row].person
		if yes, why, since := s.entitled(i, e.programme); !yes && e.repeats == none {
			write(i, e.programme, yes, why, since)
		}
	}
}

// writeTruth writes who everybody was.
func (s *shard) writeTruth() {
	s.writePersons()
	unions := s.out.at(truthUnions, 0)
	for k := range s.unions {
		u := &s.unions[k]
		*unions = append(s.appendPersonID(*unions, u.husband), ',')
		*unions = append(s.appendPersonID(*unions, u.wife), ',')
		*unions = append(appendISO(*unions, u.from), ',')
		*unions = append(appendISO(*unions, u.to), ',')
		*unions = append(append(*unions, [...]string{"", "death", "divorce"}[u.end]...), '\n')
	}
	deaths := s.out.at(truthDeaths, 0)
	for k := range s.registered.deaths {
		*deaths = s.appendDeath(*deaths, &s.registered.deaths[k])
	}
	enrolments := s.out.at(truthEnrolments, 0)
	for k := range s.roster.enrolments {
		e := &s.roster.enrolments[k]
		*enrolments = append(s.appendEnrolmentID(*enrolments, int32(k)), ',')
		*enrolments = append(s.appendPersonID(*enrolments, s.roster.rows[e.row].person), ',')
		*enrolments = append(append(*enrolments, programmeCodes[e.programme]...), ',')
		*enrolments = append(s.appendEnrolmentID(*enrolments, e.repeats), ',')
		*enrolments = append(append(*enrolments, [2]string{"no", "yes"}[btoi(e.genuine)]...), '\n')
	}
}

func (s *shard) writePersons() {
	b := s.out.at(truthPersons, 0)
	for n := range s.people {
		p := &s.people[n]
		*b = append(s.appendPersonID(*b, int32(n)), ',')
		*b = append(append(*b, [2]string{"male", "female"}[p.sex]...), ',')
		*b = append(appendISO(*b, p.born), ',')
		*b = append(appendISO(*b, p.died), ',')
		*b = append(s.appendPersonID(*b, p.mother), ',')
		*b = append(s.appendPersonID(*b, p.father), ',')
		if p.household != none {
			*b = append(*b, s.country.areas.village(s.villageNumber(s.homes[p.household].village))...)
		}
		*b = append(s.appendID(append(*b, ','), int32(n)), ',')
		*b = append(s.appendTrueName(*b, &p.name), '\n')
	}
	s.counts.Persons += int64(len(s.alive))
	for h := range s.homes {
		s.counts.Households += int64(btoi(len(s.homes[h].members) > 0))
	}
}

// appendTrueName appends given and family name as the person's own papers have
// them, between them a comma.
func (s *shard) appendTrueName(dst []byte, n *name) []byte {
	for i := range n.count {
		switch i {
		case 0:
		case n.given:
			dst = append(dst, ',')
		default:
			dst = append(dst, ' ')
		}
		dst = append(dst, s.country.lexicon.words[n.words[i]].forms[0]...)
	}
	if n.count == n.given {
		dst = append(dst, ',')
	}
	return dst
}

func (s *shard) appendDeath(dst []byte, d *registeredDeath) []byte {
	dst = append(s.appendPersonID(dst, d.person), ',')
	if !d.wrong {
		dst = appendISO(dst, d.died)
	}
	dst = append(dst, ',')
	if !d.reached {
		return append(dst, ",,,,\n"...)
	}
	dst = append(appendRegistration(dst, 'D', d.number), ',')
	dst = append(appendISO(dst, d.registered), ',')
	dst = append(appendISO(dst, d.received), ',')
	dst = append(append(dst, [2]string{"no", "yes"}[btoi(d.wrong)]...), ',')
	return append(appendISO(dst, d.revoked), '\n')
}
