package pair

import (
	"cmp"
	"encoding/csv"
	"io"
	"math"
	"slices"
	"strconv"

	"rollcall/matchers"
	"rollcall/matchers/model"
)

// NearMissesName is the list of the pairs on either side of the decision.
const NearMissesName = "near_misses.csv"

// How many pairs on either side of the decision are listed, and shown.
const (
	listedNear = 200
	shownNear  = 10
)

// nearMiss is a pair that was accepted or refused by little, and why.
type nearMiss struct {
	matchers.Pair
	Reason  string
	Instead string // what the record on either side was linked with in its place
}

// The reasons of near misses.
const (
	above         = "above the threshold"
	throughOthers = "below the threshold, joined through other records of the group"
	below         = "below the threshold"
	betterPartner = "lost to a better partner"
	sharedOut     = "several candidates share the probability, none reaches the threshold"
	otherGroup    = "the groups of the two would not hold together"
)

// keptApart says why two records that look like one person are two.
var keptApart = map[matchers.Apart]string{
	matchers.ApartDecided: "kept apart: people decided so",
	matchers.ApartRecord:  "kept apart: one record names both",
	matchers.ApartTwice:   "kept apart: both have a birth, or both a death",
	matchers.ApartSex:     "kept apart: one is a woman and one a man",
	matchers.ApartNumber:  "kept apart: they bear two different identity numbers",
	matchers.ApartUnlike:  otherGroup,
}

// nearMisses are the best pairs that were refused and the weakest that were
// accepted.
func (o *Outcome) nearMisses() (refused, accepted []nearMiss) {
	if o.Result.Specification.Parameters == nil {
		return nil, nil
	}
	// Pairs come by probability; what lost to a better partner was near by its weight.
	var byWeight []int32
	for i, p := range o.Result.Pairs {
		if p.Accepted {
			continue
		}
		byWeight = append(byWeight, int32(i))
	}
	slices.SortFunc(byWeight, func(i, j int32) int {
		return cmp.Or(cmp.Compare(o.Result.Pairs[j].WeightBits, o.Result.Pairs[i].WeightBits), cmp.Compare(i, j))
	})
	for _, i := range byWeight[:min(len(byWeight), listedNear)] {
		refused = append(refused, nearMiss{Pair: o.Result.Pairs[i]})
	}
	for i := len(o.Result.Pairs) - 1; i >= 0 && len(accepted) < listedNear; i-- {
		if p := o.Result.Pairs[i]; p.Accepted {
			accepted = append(accepted, nearMiss{Pair: p})
		}
	}
	partners := o.partners(refused)
	for _, misses := range [][]nearMiss{refused, accepted} {
		for i := range misses {
			o.reason(&misses[i], partners)
		}
	}
	return refused, accepted
}

// reason says why a pair was accepted or not.
func (o *Outcome) reason(m *nearMiss, partners partners) {
	spec := o.Result.Specification
	alone := model.Probability((m.WeightBits + priorBits(spec)) * math.Ln2)
	switch {
	case m.Accepted && m.Probability < spec.Threshold:
		m.Reason = throughOthers
	case m.Accepted:
		m.Reason = above
	case alone < spec.Threshold:
		m.Reason = below
	case m.Apart != "":
		m.Reason = keptApart[m.Apart]
	case o.Same():
		m.Reason = otherGroup
	default:
		m.Reason = sharedOut
		if m.Instead = partners.instead(m.Pair); m.Instead != "" {
			m.Reason = betterPartner
		}
	}
}

// priorBits is what the odds of any two records begin with.
func priorBits(spec model.Specification) float64 {
	return oddsBits(spec.Parameters.Prior)
}

// partners are by row what the records of near misses were linked with; -1 for
// nothing.
type partners struct {
	outcome     *Outcome
	left, right map[int32]int32
}

func (o *Outcome) partners(of []nearMiss) partners {
	p := partners{o, map[int32]int32{}, map[int32]int32{}}
	for _, m := range of {
		p.left[m.Left], p.right[m.Right] = -1, -1
	}
	for _, link := range o.Result.Pairs {
		if !link.Accepted {
			continue
		}
		if _, ok := p.left[link.Left]; ok {
			p.left[link.Left] = link.Right
		}
		if _, ok := p.right[link.Right]; ok {
			p.right[link.Right] = link.Left
		}
	}
	return p
}

// instead is the record that a record of the pair was linked with; "" for none.
func (p partners) instead(pair matchers.Pair) string {
	if right := p.left[pair.Left]; right >= 0 {
		return p.outcome.Right.ids.at(right)
	}
	if left := p.right[pair.Right]; left >= 0 {
		return p.outcome.Left.ids.at(left)
	}
	return ""
}

func (o *Outcome) writeNearMisses(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"accepted", "left_id", "right_id", "match_probability", "match_weight_bits", "margin_bits", "reason", "linked_instead"}); err != nil {
		return err
	}
	refused, accepted := o.nearMisses()
	for _, m := range append(refused, accepted...) {
		if err := out.Write([]string{
			strconv.FormatBool(m.Accepted), neutral(o.Left.ids.at(m.Left)), neutral(o.Right.ids.at(m.Right)),
			strconv.FormatFloat(m.Probability, 'f', 6, 64), bits(m.WeightBits), bits(m.MarginBits), m.Reason, neutral(m.Instead),
		}); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// shownMiss is a near miss on the page: ids, no values.
type shownMiss struct {
	Left, Right, Probability, Bits, Margin, Reason, Instead string
}

func (o *Outcome) shownMisses(misses []nearMiss) []shownMiss {
	var out []shownMiss
	for _, m := range misses[:min(len(misses), shownNear)] {
		s := shownMiss{
			Left: o.Left.ids.at(m.Left), Right: o.Right.ids.at(m.Right), Probability: chance(m.Probability),
			Bits: signed(m.WeightBits), Reason: m.Reason, Instead: m.Instead,
		}
		if !math.IsInf(m.MarginBits, 0) {
			s.Margin = signed(m.MarginBits)
		}
		out = append(out, s)
	}
	return out
}
