// Package family puts a household of the roster and the families of the register beside
// each other: who is who by the links of a run, who is missing on either side, and what
// the events of the register mean for the members.
package family

// Sheet is one household of the roster beside the families of the register with which it
// has links, or a family that has links with no household.
type Sheet struct {
	Asked     string     `json:"asked_for"` // id by which the sheet was asked for
	Household *Household `json:"household"` // nil where no household is linked
	Families  []Family   `json:"families"`
	Persons   []Person   `json:"persons"` // of the families, each once
	Lines     []Line     `json:"lines"`
	Missing   []Absence  `json:"missing"`
	Doubts    []Doubt    `json:"parents_in_doubt"`
	Meaning   []string   `json:"meaning"` // what the events of the register say of the members, in sentences
	// What is counted and not shown.
	FamiliesLeftOut int `json:"families_left_out"`
	MembersLeftOut  int `json:"members_left_out"` // without a line
}

// Household is a household as the roster lists it.
type Household struct {
	ID         string   `json:"household_id"`
	Area       string   `json:"area_code"`
	Address    string   `json:"address"`
	Enumerated string   `json:"enumerated_on"` // day of the interview, "" when unknown
	Members    []Member `json:"members"`       // head first, then as a tree
}

// Member is one line of the roster.
type Member struct {
	ID       string   `json:"mention_id"`
	Person   string   `json:"person_id"`
	Name     string   `json:"name"`        // as written
	Native   string   `json:"native_name"` // in its own script, where that is another
	Sex      string   `json:"sex"`
	Born     Day      `json:"birth"`
	Relation string   `json:"relationship_to_head"`
	Status   string   `json:"status"`      // active, left or dead, as the roster says
	Recorded string   `json:"recorded_on"` // day of the interview
	Also     []string `json:"also_listed"` // other lines of the roster that are the same person
}

// Family is a family of the register: a couple or one parent with the children whom
// events name, or somebody whom no event names with another.
type Family struct {
	ID       string   `json:"family_id"`
	Parents  []string `json:"parents"`  // person ids, the man first
	Children []string `json:"children"` // person ids, by birth
	// Union are the marriages and divorces of the parents, by day.
	Union           []Event `json:"union"`
	ChildrenLeftOut int     `json:"children_left_out"` // without a line
	Home            *Home   `json:"family_link"`       // nil where nothing says that the household is the family's
}

// Home is how likely it is that a family lives in the household.
type Home struct {
	Accepted    bool    `json:"accepted"`
	WeightBits  float64 `json:"match_weight_bits"`
	Probability float64 `json:"match_probability"`
}

// Person is who the register's records are about.
type Person struct {
	ID     string `json:"person_id"`
	Name   string `json:"name"`
	Native string `json:"native_name"`
	Sex    string `json:"sex"`
	Born   Day    `json:"birth"`
	// Events name the person: the own birth and death, marriages, births of children.
	Events    []Event `json:"events"`
	Elsewhere string  `json:"linked_elsewhere"` // household of a member with an accepted link, where that is another
}

// Event is a registration and what it says the person is.
type Event struct {
	ID     string `json:"event_id"`
	Type   string `json:"event_type"` // birth, death, marriage or divorce
	Role   string `json:"role"`       // child, mother, deceased, …; "" of a couple
	Number string `json:"registration_number"`
	On     Day    `json:"occurred"`
	Status string `json:"status"`
	Plural bool   `json:"plural"` // a twin or higher-order birth
}

// Line is a link between somebody of the register and a member of the household.
type Line struct {
	Person      string  `json:"person_id"`
	Member      string  `json:"mention_id"`
	Accepted    bool    `json:"accepted"` // otherwise a candidate
	WeightBits  float64 `json:"match_weight_bits"`
	FamilyBits  float64 `json:"family_weight_bits"`
	Probability float64 `json:"match_probability"`
	Decision    string  `json:"decision"` // of people: same or different
}

// Absence is somebody without an accepted line, and why that is no proof against.
type Absence struct {
	Side string `json:"side"` // register or household
	ID   string `json:"id"`   // person_id or mention_id
	Name string `json:"name"`
	Why  string `json:"why"`
}

// person finds somebody of the register; nil for nobody.
func (s *Sheet) person(id string) *Person {
	for i := range s.Persons {
		if s.Persons[i].ID == id {
			return &s.Persons[i]
		}
	}
	return nil
}

// members are those of the household; none without one.
func (s *Sheet) members() []Member {
	if s.Household == nil {
		return nil
	}
	return s.Household.Members
}

// member finds a member of the household; nil for nobody.
func (s *Sheet) member(id string) *Member {
	members := s.members()
	for i := range members {
		if members[i].ID == id {
			return &members[i]
		}
	}
	return nil
}

// line is the accepted line of somebody of the register or of a member; nil for none.
func (s *Sheet) line(id string) *Line {
	for i, l := range s.Lines {
		if l.Accepted && (l.Person == id || l.Member == id) {
			return &s.Lines[i]
		}
	}
	return nil
}

// linked is the member whom somebody of the register is linked to; nil for none.
func (s *Sheet) linked(person string) *Member {
	if l := s.line(person); l != nil {
		return s.member(l.Member)
	}
	return nil
}

// event is the first event of a type in which a person has a role and which was not
// revoked; nil for none.
func (p *Person) event(kind, role string) *Event {
	for i, e := range p.Events {
		if e.Type == kind && e.Role == role && e.Status != revoked {
			return &p.Events[i]
		}
	}
	return nil
}

// death is the registered death of a person; nil for none.
func (p *Person) death() *Event { return p.event("death", "deceased") }

// revoked is the status of a registration that the register took back.
const revoked = "revoked"
