package pair

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"rollcall/matchers/model"
	"rollcall/matchers/quality"
)

// Linked is one linkage to compare with another: a model, and where there are
// any its links.
type Linked struct {
	Kind          string // of a job's run: register, roster or across
	Specification model.Specification
	Profile       quality.Profile    // empty when it is not known
	Pairs         map[[2]string]Held // above the floor, by id; nil for a model alone
}

// Held is what a linkage says of a pair.
type Held struct {
	Probability float64
	Accepted    bool
}

// Difference is what two linkages do not have in common.
type Difference struct {
	Kind      string
	Settings  []Setting // that differ
	Levels    []LevelChange
	Unused    int // levels that practically never occur in either, left out of Levels
	Drifts    []quality.Drift
	Links     *LinkChanges // nil where a side has none
	Trained   [2]bool
	Threshold [2]float64
}

// Setting is one that differs; "" where a side does not have it.
type Setting struct{ Name, Before, After string }

// LevelChange is one level of a comparison in both models. Absent levels have no
// probabilities and no bits.
type LevelChange struct {
	Comparison, Level string
	Before, After     *model.Level
}

// Bits is how much more the level is worth after than before; 0 where a side does
// not have it.
func (c LevelChange) Bits() float64 {
	if c.Before == nil || c.After == nil {
		return 0
	}
	return weightOf(c.After) - weightOf(c.Before)
}

// weightOf is the weight of a level in bits, of its m and u as they stand.
func weightOf(l *model.Level) float64 { return math.Log2(l.M / l.U) }

// LinkChanges are the links that differ.
type LinkChanges struct {
	Before, After, Kept int // links
	Changes             []LinkChange
}

// LinkChange is a pair that came to be linked or is no more, or whose probability
// changed by more than notedChange.
type LinkChange struct {
	Change      string // appeared, vanished or changed
	Left, Right string
	Before      Held // nothing when it was not above the floor
	After       Held
}

// The kinds of changes of links.
const (
	Appeared = "appeared"
	Vanished = "vanished"
	Changed  = "changed"
)

// notedChange is the least change of a probability that is told.
const notedChange = 0.1

// Count is how many links changed so.
func (c *LinkChanges) Count(change string) int {
	n := 0
	for _, l := range c.Changes {
		if l.Change == change {
			n++
		}
	}
	return n
}

// Compare tells what is different in a later linkage.
func Compare(before, after Linked) Difference {
	b, a := before.Specification, after.Specification
	d := Difference{Kind: before.Kind, Threshold: [2]float64{b.Threshold, a.Threshold}, Trained: [2]bool{b.Parameters != nil, a.Parameters != nil}}
	d.Settings = settingsOf(b, a)
	if d.Trained[0] && d.Trained[1] {
		d.Levels, d.Unused = levelChanges(b, a)
	}
	if len(before.Profile.Comparisons) > 0 && len(after.Profile.Comparisons) > 0 {
		d.Drifts = quality.Drifts(before.Profile, after.Profile)
	}
	if before.Pairs != nil && after.Pairs != nil {
		d.Links = linkChanges(before.Pairs, after.Pairs)
	}
	return d
}

// settingsOf lists what differs of the specifications apart from the levels.
func settingsOf(b, a model.Specification) []Setting {
	var out []Setting
	differ := func(name, before, after string) {
		if before != after {
			out = append(out, Setting{name, before, after})
		}
	}
	differ("threshold", fmt.Sprint(b.Threshold), fmt.Sprint(a.Threshold))
	differ("relation", string(b.Relation), string(a.Relation))
	if b.Parameters != nil && a.Parameters != nil {
		shares := func(p *model.Parameters) []float64 {
			return []float64{p.Prior, p.Household, p.Kin, p.Namesakes, p.Neighbours, p.Borrowed}
		}
		before, after := shares(b.Parameters), shares(a.Parameters)
		for i, name := range []string{"prior", "share of household", "share of kin", "share of namesakes", "share of neighbours", "share of borrowed"} {
			differ(name, shareBits(before[i]), shareBits(after[i]))
		}
	}
	for _, name := range union(names(b), names(a)) {
		differ("comparison "+name, described(b, name), described(a, name))
	}
	for _, rule := range union(ruleTexts(b), ruleTexts(a)) {
		differ("blocking rule "+rule, having(ruleTexts(b), rule), having(ruleTexts(a), rule))
	}
	return out
}

// shareBits writes a share of all pairs with its odds in bits.
func shareBits(share float64) string {
	if share == 0 {
		return ""
	}
	return fmt.Sprintf("%.3g (%s bits)", share, signed(oddsBits(share)))
}

func names(s model.Specification) []string {
	out := make([]string, len(s.Comparisons))
	for i, c := range s.Comparisons {
		out[i] = c.Name
	}
	return out
}

func ruleTexts(s model.Specification) []string {
	out := make([]string, len(s.Blocking))
	for i, r := range s.Blocking {
		out[i] = r.String()
	}
	return out
}

func having(list []string, item string) string {
	if slices.Contains(list, item) {
		return "yes"
	}
	return ""
}

// union is both lists, each item once, those of the first in front.
func union(a, b []string) []string {
	out := slices.Clone(a)
	for _, item := range b {
		if !slices.Contains(a, item) {
			out = append(out, item)
		}
	}
	return out
}

// described says what a comparison compares; "" when there is none.
func described(s model.Specification, name string) string {
	at := slices.Index(names(s), name)
	if at < 0 {
		return ""
	}
	c := s.Comparisons[at]
	text := c.Left
	if c.Right != c.Left {
		text += " with " + c.Right
	}
	text += ", " + words(string(c.Kind))
	if c.Shared {
		text += ", shared"
	}
	if c.Parent != "" {
		text += ", within " + c.Parent
	}
	return text
}

// levelChanges holds the levels of the comparisons that both have against each
// other, what moved most first, and then those that one side lacks.
func levelChanges(b, a model.Specification) (changes []LevelChange, unused int) {
	for i, c := range b.Comparisons {
		k := slices.Index(names(a), c.Name)
		if k < 0 {
			continue
		}
		before, after := byName(b.Parameters.Levels[i]), byName(a.Parameters.Levels[k])
		for _, name := range union(levelNames(b.Parameters.Levels[i]), levelNames(a.Parameters.Levels[k])) {
			change := LevelChange{Comparison: c.Name, Level: name, Before: before[name], After: after[name]}
			if !occurs(change.Before) && !occurs(change.After) {
				unused++
				continue
			}
			changes = append(changes, change)
		}
	}
	slices.SortStableFunc(changes, func(x, y LevelChange) int { return cmp.Compare(math.Abs(y.Bits()), math.Abs(x.Bits())) })
	return changes, unused
}

func levelNames(levels []model.Level) []string {
	out := make([]string, len(levels))
	for i, l := range levels {
		out[i] = l.Name
	}
	return out
}

func byName(levels []model.Level) map[string]*model.Level {
	out := map[string]*model.Level{}
	for i := range levels {
		out[levels[i].Name] = &levels[i]
	}
	return out
}

// occurs tells levels that come about at all from those whose weight is a guess.
func occurs(l *model.Level) bool { return l != nil && (l.M >= rarely || l.U >= rarely) }

// linkChanges lists the links that differ, by kind of change and then by id.
func linkChanges(before, after map[[2]string]Held) *LinkChanges {
	c := &LinkChanges{}
	note := func(ids [2]string, b, a Held) {
		change := ""
		switch {
		case b.Accepted && a.Accepted:
			if c.Kept++; math.Abs(a.Probability-b.Probability) > notedChange {
				change = Changed
			}
		case a.Accepted:
			change = Appeared
		case b.Accepted:
			change = Vanished
		}
		if change != "" {
			c.Changes = append(c.Changes, LinkChange{change, ids[0], ids[1], b, a})
		}
	}
	for ids, b := range before {
		if b.Accepted {
			c.Before++
		}
		note(ids, b, after[ids])
	}
	for ids, a := range after {
		if a.Accepted {
			c.After++
		}
		if _, seen := before[ids]; !seen {
			note(ids, Held{}, a)
		}
	}
	slices.SortFunc(c.Changes, func(x, y LinkChange) int {
		return cmp.Or(cmp.Compare(x.Change, y.Change), cmp.Compare(x.Left, y.Left), cmp.Compare(x.Right, y.Right))
	})
	return c
}
