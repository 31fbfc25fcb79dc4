package synth

// habits are how the clerks of a register write.
type habits struct {
	variant, typo float64 // of words
	prefixLeft    float64 // prefix left out
	secondLeft    float64 // second given word left out
	familyLeft    float64 // family name left out
	initial       float64 // a patronymic written as an initial
	plain         float64 // accents left out
	native        float64 // share of records with the native name
	nickname      float64
	exchanged     float64
	joined        float64 // family name written among the given names
}

func (c *country) registerHabits() habits {
	return habits{
		variant: rateVariantRegister, typo: rateTypoRegister, prefixLeft: ratePrefixLeftRegister, secondLeft: rateSecondLeftRegister,
		familyLeft: rateFamilyLeftRegister, initial: rateInitialRegister, plain: ratePlainRegister,
		native: c.preset.nativeRegister, exchanged: rateSwappedNamesRegister, joined: rateJoinedRegister,
	}
}

func (c *country) rosterHabits() habits {
	return habits{
		variant: rateVariantRoster, typo: rateTypoRoster, prefixLeft: ratePrefixLeftRoster, secondLeft: rateSecondLeftRoster,
		familyLeft: rateFamilyLeftRoster, initial: rateInitialRoster, plain: ratePlainRoster,
		native: c.preset.nativeRoster, nickname: rateNickname, exchanged: rateSwappedNamesRoster, joined: rateJoinedRoster,
	}
}

// careful are the habits of whoever corrects a record.
func (h habits) careful() habits {
	h.variant, h.typo, h.nickname, h.exchanged = h.variant/4, 0, 0, 0
	return h
}

// pen holds the name that was written last.
type pen struct {
	given, family, native []byte
	scratch               []byte
}

// writeName writes somebody's name as a clerk would. The pen's slices hold until
// the next call.
func (s *shard) writeName(n *name, nickname uint16, h *habits) {
	p, words := &s.pen, s.country.lexicon.words
	p.given, p.family, p.native = p.given[:0], p.family[:0], p.native[:0]
	accents := s.country.namings[n.naming].system.accents
	plain := !accents || s.chance(h.plain)
	spelled := func(w uint16, kind wordKind) []byte {
		p.scratch = p.scratch[:0]
		entry := &words[w]
		switch form := entry.forms[0]; {
		case kind == patronymicWord && s.chance(h.initial):
			return append(p.scratch, form[0], '.')
		case len(entry.forms) > 1 && s.chance(h.variant):
			p.scratch = append(p.scratch, entry.forms[1+s.below(len(entry.forms)-1)]...)
		case !plain && entry.native != "":
			p.scratch = append(p.scratch, entry.native...)
		default:
			p.scratch = append(p.scratch, form...)
		}
		if s.chance(h.typo) {
			p.scratch = s.mistype(p.scratch)
		}
		return p.scratch
	}
	if nickname != 0 && s.chance(h.nickname) {
		p.given = append(p.given, words[nickname].forms[0]...)
	} else {
		for i := range n.given {
			kind := n.kinds[i]
			if kind == prefixWord && s.chance(h.prefixLeft) || kind == secondWord && s.chance(h.secondLeft) {
				continue
			}
			p.given = appendWord(p.given, spelled(n.words[i], kind))
		}
	}
	if !s.chance(h.familyLeft) {
		for i := n.given; i < n.count; i++ {
			if i > n.given && s.chance(h.secondLeft) {
				continue
			}
			p.family = appendWord(p.family, spelled(n.words[i], n.kinds[i]))
		}
	}
	if len(p.family) > 0 {
		switch u := s.unit(); {
		case u < h.exchanged:
			p.given, p.family = p.family, p.given
		case u < h.exchanged+h.joined:
			p.given = appendWord(p.given, p.family)
			p.family = p.family[:0]
		}
	}
	if !accents && s.country.namings[n.naming].system.hasNative && s.chance(h.native) {
		for i := range n.count {
			if native := words[n.words[i]].native; native != "" && (n.kinds[i] != secondWord || !s.chance(h.secondLeft)) {
				p.native = appendWord(p.native, []byte(native))
			}
		}
	}
}

// appendName appends the columns given_name, family_name, native_name, each
// followed by a comma.
func (s *shard) appendName(dst []byte, n *name, nickname uint16, h *habits) []byte {
	s.writeName(n, nickname, h)
	dst = append(append(dst, s.pen.given...), ',')
	dst = append(append(dst, s.pen.family...), ',')
	return append(append(dst, s.pen.native...), ',')
}

// appendFullName appends given and family name in one column, without a comma.
func (s *shard) appendFullName(dst []byte, n *name, h *habits) []byte {
	s.writeName(n, 0, h)
	return append(dst, appendWord(s.pen.given, s.pen.family)...)
}

// appendWord puts a space before a word that is not the first.
func appendWord(dst, word []byte) []byte {
	if len(dst) > 0 && len(word) > 0 {
		dst = append(dst, ' ')
	}
	return append(dst, word...)
}

// mistype changes, drops, doubles or exchanges one letter; what is not ASCII stays.
func (s *shard) mistype(w []byte) []byte {
	if len(w) < 3 {
		return w
	}
	at := 1 + s.below(len(w)-2)
	if w[at] >= 0x80 || w[at+1] >= 0x80 || w[at-1] >= 0x80 {
		return w
	}
	switch s.below(4) {
	case 0:
		w[at] = byte('a' + s.below(26))
	case 1:
		w = append(w[:at], w[at+1:]...)
	case 2:
		w = append(w, 0)
		copy(w[at+1:], w[at:])
	default:
		w[at], w[at+1] = w[at+1], w[at]
	}
	return w
}

// appendDate writes a date as the office does.
func appendDate(dst []byte, d day, slashed bool) []byte {
	if slashed {
		return appendSlashed(dst, d)
	}
	return appendISO(dst, d)
}

// appendID writes the person's true number.
func (s *shard) appendID(dst []byte, i int32) []byte {
	return s.country.ids.format(dst, s.personNumber(i), s.people[i].born)
}

// appendForeignID writes a well-formed number that nobody bears.
func (s *shard) appendForeignID(dst []byte, born day) []byte {
	return s.country.ids.format(dst, numberOfNobody+uint64(s.index)*peopleInShard+uint64(s.below(peopleInShard)), born)
}

// appendPersonID writes a person's id in the truth.
func (s *shard) appendPersonID(dst []byte, i int32) []byte {
	if i == none {
		return dst
	}
	return appendDigits(append(dst, 'P'), s.personNumber(i), 10)
}

var sexCodes = [2]string{"M", "F"}

// appendAddress writes house and quarter, quoted for its comma.
func (s *shard) appendAddress(dst []byte, village uint8, house int32) []byte {
	start := len(dst)
	dst = append(dst, '"')
	switch s.below(4) {
	case 0:
		dst = append(dst, "House "...)
	case 1:
		dst = append(dst, "H-"...)
	case 2:
		dst = append(dst, "Holding "...)
	}
	if s.chance(0.15) {
		dst = append(dst[:start], '"')
	} else {
		dst = append(appendInt(dst, uint64(house)), ", "...)
	}
	dst = append(dst, para(s.villageNumber(village), house)...)
	return append(dst, '"')
}
