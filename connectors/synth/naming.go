package synth

// name is what somebody is called: given words, then family words.
type name struct {
	words  [5]uint16
	kinds  [5]wordKind
	given  uint8 // how many of the words are given names
	count  uint8
	naming uint8 // index of the naming system
}

func (n *name) add(w uint16, kind wordKind) {
	n.words[n.count], n.kinds[n.count] = w, kind
	n.count++
}

// firstGiven is the given word that is the person's own: no prefix, no Thi or Kumar.
func (n *name) firstGiven() uint16 {
	for i := range n.given {
		if n.kinds[i] == ordinaryWord {
			return n.words[i]
		}
	}
	return 0
}

// family is the i-th family word, or 0.
func (n *name) family(i uint8) uint16 {
	if n.given+i < n.count {
		return n.words[n.given+i]
	}
	return 0
}

// sexed holds one pool for men and one for women.
type sexed [2]pool

// naming is a name system with its words.
type naming struct {
	system           *nameSystem
	index            uint8
	prefix, given    sexed
	second           sexed
	family, nickname pool
}

// nameSystem says how the people of a culture are named.
type nameSystem struct {
	file          string
	words         int     // given names a sex, at most
	families      int     // family names, at most
	exponent      float64 // of Zipf's law of given names
	familyZipf    float64
	familyTop     float64    // share of the commonest family name; 0 leaves it to Zipf
	prefix        [2]float64 // share of men and women with a prefix
	second        [2]float64 // share with a second word
	secondFirst   bool       // the second word stands before the given name (Thi Lan)
	two           float64    // share with two given names
	hasNative     bool       // native script is another than Latin
	accents       bool       // the native form is Latin with accents
	marriedFamily float64    // share of wives who take the husband's family name
	childFamily   func(n *naming, r *random, child *name, sex uint8, father, mother *name)
}

// The name systems. Shares are our own choice where no source is given.
func nameSystems() map[string]*nameSystem {
	return map[string]*nameSystem{
		"bengali": {
			file: "bengali", words: 700, families: 400, exponent: 0.95, familyZipf: 1,
			prefix: [2]float64{0.6, 0.4}, second: [2]float64{0, 0.9}, two: 0.25, hasNative: true,
			childFamily: bengaliFamily,
		},
		"hindi": {
			file: "hindi", words: 500, families: 400, exponent: 0.95, familyZipf: 0.9,
			second: [2]float64{0.4, 0.55}, two: 0.05, hasNative: true, marriedFamily: 0.8,
			childFamily: inheritedFamily,
		},
		"tamil": {
			file: "tamil", words: 400, exponent: 0.9, two: 0.05, hasNative: true,
			childFamily: patronymic,
		},
		"spanish": {
			file: "spanish", words: 300, families: 270, exponent: 0.95, familyZipf: 0.85, two: 0.7, accents: true,
			childFamily: twoSurnames,
		},
		// Two in five Vietnamese bear the first family name (reference: domain 6.1).
		"vietnamese": {
			file: "vietnamese", words: 170, families: 30, exponent: 0.7, familyZipf: 1.1, familyTop: 0.4,
			second: [2]float64{0.8, 0.85}, secondFirst: true, two: 0.1, accents: true,
			childFamily: inheritedFamily,
		},
		"javanese": {
			file: "javanese", words: 450, exponent: 0.8, second: [2]float64{0.15, 0.15}, two: 0.1,
			childFamily: func(*naming, *random, *name, uint8, *name, *name) {},
		},
	}
}

// newNaming builds the pools of a system in the lexicon.
func newNaming(system *nameSystem, index int, l *lexicon) (*naming, error) {
	file, err := readNames(system.file)
	if err != nil {
		return nil, err
	}
	n := &naming{system: system, index: uint8(index)}
	sections := []struct {
		into     *pool
		name     string
		limit    int
		exponent float64
		top      float64
	}{
		{&n.prefix[male], "prefix.male", 9, 0, 0},
		{&n.prefix[female], "prefix.female", 9, 0, 0},
		{&n.given[male], "male", system.words, system.exponent, 0},
		{&n.given[female], "female", system.words, system.exponent, 0},
		{&n.second[male], "male.last", 99, 1, 0},
		{&n.second[female], "female.last", 99, 1, 0},
		{&n.family, "family", system.families, system.familyZipf, system.familyTop},
		{&n.nickname, "nickname", 99, 0.5, 0},
	}
	for _, s := range sections {
		if *s.into, err = l.build(file, s.name, s.limit, s.exponent, s.top); err != nil {
			return nil, err
		}
	}
	return n, nil
}

// compose names a child of these parents; parents may be nil. first, when not 0,
// is the given word to use (a dead sibling's, the father's).
func (n *naming) compose(r *random, sex uint8, father, mother *name, first uint16) name {
	s := n.system
	child := name{naming: n.index}
	if !n.prefix[sex].empty() && r.chance(s.prefix[sex]) {
		child.add(n.prefix[sex].draw(r), prefixWord)
	}
	second := uint16(0)
	if !n.second[sex].empty() && r.chance(s.second[sex]) {
		second = n.second[sex].draw(r)
	}
	if second != 0 && s.secondFirst {
		child.add(second, secondWord)
	}
	if first == 0 {
		first = n.given[sex].draw(r)
	}
	child.add(first, ordinaryWord)
	if r.chance(s.two) {
		if another := n.given[sex].draw(r); another != first {
			child.add(another, secondWord)
		}
	}
	child.given = child.count
	if second != 0 && !s.secondFirst {
		child.add(second, secondWord)
		if n.system.marriedFamily > 0 || sex == male { // Hindi: Ram Kumar Yadav; Bengali women: Rahima Khatun
			child.given = child.count
		}
	}
	s.childFamily(n, r, &child, sex, father, mother)
	return child
}

// bengaliFamily: no family name by law; sons of two in five fathers carry the
// father's last word, daughters seldom.
func bengaliFamily(n *naming, r *random, child *name, sex uint8, father, _ *name) {
	if sex == female && child.count > child.given {
		return
	}
	if father != nil && father.family(0) != 0 && r.chance(0.45) {
		child.add(father.family(0), ordinaryWord)
		return
	}
	if r.chance(0.75) {
		child.add(n.family.draw(r), ordinaryWord)
	}
}

// inheritedFamily is the father's, or the mother's where no father is named.
func inheritedFamily(n *naming, r *random, child *name, _ uint8, father, mother *name) {
	for _, parent := range []*name{father, mother} {
		if parent != nil && parent.family(0) != 0 {
			child.add(parent.family(0), ordinaryWord)
			return
		}
	}
	child.add(n.family.draw(r), ordinaryWord)
}

// patronymic is the father's given name, most often written as an initial.
func patronymic(n *naming, r *random, child *name, _ uint8, father, _ *name) {
	if father != nil {
		child.add(father.firstGiven(), patronymicWord)
		return
	}
	child.add(n.given[male].draw(r), patronymicWord)
}

// twoSurnames are the father's first and the mother's first; a child without a
// known father carries both of the mother's.
func twoSurnames(n *naming, r *random, child *name, _ uint8, father, mother *name) {
	own := func(parent *name, i uint8) uint16 {
		if parent != nil && parent.family(i) != 0 {
			return parent.family(i)
		}
		return n.family.draw(r)
	}
	if father == nil && mother != nil {
		child.add(own(mother, 0), ordinaryWord)
		child.add(own(mother, 1), ordinaryWord)
		return
	}
	child.add(own(father, 0), ordinaryWord)
	child.add(own(mother, 0), ordinaryWord)
}

// marry changes a wife's name where the culture does so.
func (n *naming) marry(r *random, wife *name, husband *name) {
	if husband.family(0) == 0 || wife.count == wife.given || !r.chance(n.system.marriedFamily) {
		return
	}
	wife.words[wife.given] = husband.family(0)
}
