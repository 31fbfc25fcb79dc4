package matchers

import (
	"errors"

	"rollcall/matchers/block"
	"rollcall/matchers/kernel"
	"rollcall/matchers/model"
)

// Scales weigh any two records as a linkage that is over weighed those that its rules
// brought together. They are not for several goroutines.
type Scales struct {
	run         *run
	judge       *kernel.Judge
	left, right []int32 // ranks, by row
	refined     int     // rules of which it is known which blocks are too large
}

// Weighed is what the comparisons say of two records, and why the rules did not bring
// them together.
type Weighed struct {
	Levels  []uint8   // level per comparison; see model.Lacks
	Lapse   Lapse     // Link: when the right one was listed, beside the left one's birth or death
	Grouped bool      // Dedupe: one record names both, who are never compared
	Rules   []Meeting // by rule of the specification
}

// Meeting is what a rule makes of two records. It brings them together where none of
// its fields says otherwise.
type Meeting struct {
	Differ    []block.Key // keys on which the two do not agree
	Missing   []block.Key // keys that one of them lacks, or both
	OtherSex  bool        // one is a woman and one a man, and the rule has no identity number
	TooCommon bool        // what the two have in common so many have that they were left out
}

// Meets says that the rule brings the two together.
func (m Meeting) Meets() bool { return m.Agrees() && !m.OtherSex && !m.TooCommon }

// Agrees says that the two agree on all keys of the rule.
func (m Meeting) Agrees() bool { return len(m.Differ)+len(m.Missing) == 0 }

// NewScales takes the files of a linkage and the specification that came of it; right is
// nil for one file. written says that somebody wrote the rules, without a model: their
// blocks may be larger.
func NewScales(left, right *File, spec model.Specification, written bool, opt Options) (*Scales, error) {
	if spec.Parameters == nil {
		return nil, errors.New("weigh records: the specification has no parameters")
	}
	r, err := start(left, right, spec, opt)
	if err != nil {
		return nil, err
	}
	if err := r.ready(written); err != nil {
		return nil, err
	}
	s := &Scales{run: r, judge: r.table.Judge(), left: ranks(r.left.rows)}
	if s.right = s.left; right != nil {
		s.right = ranks(r.right.rows)
	}
	return s, nil
}

// Weigh compares a row of the left file with one of the right, or of the same.
func (s *Scales) Weigh(left, right int32) (Weighed, error) {
	t, spec := s.run.table, s.run.spec
	left, right = s.left[left], s.right[right]
	w := Weighed{Levels: make([]uint8, len(spec.Comparisons)), Lapse: s.run.listings.lapse(left, right), Grouped: t.Same() && t.Grouped(left, right)}
	s.judge.Levels(left, right, w.Levels)
	s.judge.MarkMissing(spec.Parameters, left, right, w.Levels)
	for number, rule := range spec.Blocking {
		m, err := s.meeting(number, rule, left, right)
		if err != nil {
			return w, err
		}
		w.Rules = append(w.Rules, m)
	}
	return w, nil
}

// meeting is what a rule makes of two rows, by rank.
func (s *Scales) meeting(number int, rule block.Rule, left, right int32) (m Meeting, err error) {
	t := s.run.table
	keys, err := t.NewKeys(s.run.spec.Comparisons, rule)
	if err != nil {
		return m, err
	}
	agreement := keys.Agreement(left, right)
	for at, key := range rule {
		inLeft, inRight := t.Lacks(left, right, keys.Fields[at])
		switch {
		case agreement>>at&1 != 0:
		case inLeft || inRight:
			m.Missing = append(m.Missing, key)
		default:
			m.Differ = append(m.Differ, key)
		}
	}
	if !m.Agrees() {
		return m, nil
	}
	if s.refined <= number { // what is too large depends on the rules before
		s.refined = len(s.run.spec.Blocking)
		s.run.plan.Refine(s.refined, s.run.opt.Threads)
	}
	m.OtherSex, m.TooCommon = !s.run.plan.Passes(number, left, right), !s.run.plan.Meet(number, left, right)
	return m, nil
}
