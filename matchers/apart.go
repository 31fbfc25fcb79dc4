package matchers

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"rollcall/matchers/assign"
)

// Apart is why two records of one file that look like one person are kept apart:
// what says so of the two, or of others that each of them is one person with.
type Apart string

// The reasons, the surest first.
const (
	ApartDecided Apart = "decided"  // people decided so
	ApartRecord  Apart = "record"   // one record names both
	ApartTwice   Apart = "twice"    // two births, or two deaths: an event that may be registered twice
	ApartSex     Apart = "sex"      // a woman and a man
	ApartTime    Apart = "time"     // born after the other's event, or acting after the other's death
	ApartNumber  Apart = "number"   // two identity numbers that are known to be right, or that others of either bear too
	ApartUnlike  Apart = "together" // taken together, those of one side are too unlike those of the other
	ApartRoster  Apart = "roster"   // the other file has two people who are likelier one with either, or knows of the one what the other is not
)

// apartWords tell people how many pairs are kept apart for a reason.
var apartWords = map[Apart]string{
	ApartDecided: "by people's decision", ApartRecord: "as one record names both", ApartTwice: "as both have a birth, or both a death",
	ApartSex: "as one is a woman and one a man", ApartNumber: "as they bear two different identity numbers",
	ApartTime:   "as one life cannot hold both",
	ApartRoster: "as the roster lists two people who are likelier one with either, or knows of the one what the other is not",
	ApartUnlike: "as they are too unlike together with those that are one with either",
}

// Words say why, after "kept apart".
func (a Apart) Words() string { return apartWords[a] }

// whyApart is why two clusters are two people: the surest contradiction between
// their records.
func (r *run) whyApart(left, right []int32, c *constraints) Apart {
	found := ApartUnlike
	if r.numbersApart(left, right, c) {
		found = ApartNumber
	}
	order := []Apart{ApartDecided, ApartRecord, ApartTwice, ApartSex, ApartTime, ApartNumber, ApartUnlike}
	for _, i := range left {
		for _, j := range right {
			if why := r.contradiction(i, j, c); why != "" && slices.Index(order, why) < slices.Index(order, found) {
				found = why
			}
		}
	}
	return found
}

// apartMembers lists the records of those clusters between which there is a pair
// above the threshold, by their label.
func (r *run) apartMembers(edges []assign.Edge, labels []int32) map[int32][]int32 {
	threshold := logit(r.spec.Threshold)
	members := map[int32][]int32{}
	for _, e := range edges {
		if a, b := labels[e.Left], labels[e.Right]; a != b && e.LogOdds >= threshold {
			members[a], members[b] = nil, nil
		}
	}
	for rank, label := range labels {
		if list, wanted := members[label]; wanted {
			members[label] = append(list, int32(rank))
		}
	}
	return members
}

// marginsWithin are margins over those pairs that may be one person.
func (r *run) marginsWithin(edges []assign.Edge, c *constraints) []float64 {
	rivals := slices.Clone(edges)
	for i, e := range rivals {
		if r.contradiction(e.Left, e.Right, c) != "" {
			rivals[i].LogOdds = math.Inf(-1)
		}
	}
	margins := assign.MarginsWithin(rivals, r.table.Left.Rows)
	for i, e := range rivals {
		if math.IsInf(e.LogOdds, -1) {
			margins[i] = math.Inf(1) // no candidate itself, it has no rival
		}
	}
	return margins
}

// warnApart tells how many pairs above the threshold are kept apart, by reason.
func (r *run) warnApart() {
	counts := map[Apart]int{}
	for _, p := range r.result.Pairs {
		if p.Apart != "" {
			counts[p.Apart]++
		}
	}
	if len(counts) == 0 {
		return
	}
	var parts []string
	for _, why := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, fmt.Sprintf("%d %s", counts[why], apartWords[why]))
	}
	r.warn("pairs of records that look like one person are kept apart: %s", strings.Join(parts, ", "))
}

// possible are the edges between records that may be one person, and those people
// decided are: by record, then the other.
func (r *run) possible(edges []assign.Edge, c *constraints) []assign.Edge {
	var out []assign.Edge
	for _, e := range edges {
		if r.contradiction(e.Left, e.Right, c) == "" {
			out = append(out, e)
		}
	}
	return out
}
