package model

// Relation says how many partners the records of two files have. "" is not known:
// it is found out from the files.
type Relation string

// The relations of a left file to a right one.
const (
	OneToOne   Relation = "one_to_one"
	OneToMany  Relation = "one_to_many"  // a left record may have several right ones: the right file has duplicates
	ManyToOne  Relation = "many_to_one"  // a right record may have several left ones: the left file has duplicates
	ManyToMany Relation = "many_to_many" // both have
)

// Relations lists them.
func Relations() []Relation { return []Relation{OneToOne, OneToMany, ManyToOne, ManyToMany} }

// RelationOf is the relation in which left and right records have one partner at
// most, or several.
func RelationOf(leftOnce, rightOnce bool) Relation {
	switch {
	case leftOnce && rightOnce:
		return OneToOne
	case rightOnce:
		return OneToMany
	case leftOnce:
		return ManyToOne
	}
	return ManyToMany
}

// LeftOnce says that a left record has at most one partner.
func (r Relation) LeftOnce() bool { return r == OneToOne || r == ManyToOne }

// RightOnce says that a right record has at most one partner.
func (r Relation) RightOnce() bool { return r == OneToOne || r == OneToMany }
