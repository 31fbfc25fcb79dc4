package pair

import (
	"fmt"
	"math"
	"slices"

	"rollcall/matchers/model"
	"rollcall/matchers/quality"
)

// drifts hold the linkage against the one in which its parameters were learnt; of
// parameters that do not tell of it, against what they expect of links. None where
// the parameters were learnt here.
func (o *Outcome) drifts() []quality.Drift {
	spec := o.Result.Specification
	switch {
	case o.learnt || spec.Parameters == nil:
		return nil
	case o.origin != nil && len(o.origin.Profile.Comparisons) > 0:
		return quality.Drifts(o.origin.Profile, o.Profile())
	}
	now := o.Profile()
	now.Pairs, now.Links, now.Rows = quality.Histogram{}, quality.Histogram{}, [2]int64{}
	for i := range now.Comparisons {
		c := &now.Comparisons[i]
		c.Levels = slices.DeleteFunc(c.Levels, func(l quality.Count) bool { return l.Level == missingLevel })
	}
	return quality.Drifts(expectedLinks(spec), now)
}

// missingLevel is where a value lacks on either side.
const missingLevel = "missing"

// expectedLinks is how many of very many links stand at each level, by the model.
func expectedLinks(spec model.Specification) quality.Profile {
	const links = 1e6
	var p quality.Profile
	for i, c := range spec.Comparisons {
		column := quality.Column{Name: c.Name}
		for _, l := range spec.Parameters.Levels[i] {
			column.Levels = append(column.Levels, quality.Count{Level: l.Name, Pairs: int64(math.Round(l.M * links))})
		}
		p.Comparisons = append(p.Comparisons, column)
	}
	return p
}

// warnOfDrift tells what moved so far that the model may no longer fit.
func (o *Outcome) warnOfDrift() {
	for _, d := range o.drifts() {
		if d.Large() {
			o.Warnings = append(o.Warnings, fmt.Sprintf(
				"since the model was trained, one thing moved far: %s (population stability index %.2f; from %.2g on it counts as another distribution); the model may no longer fit",
				d.What, d.Index, quality.ShiftLarge))
		}
	}
}

// steady is what is said of a distribution that did not move.
const steady = "steady"

// shownDrift is a line of the table of drifts.
type shownDrift struct{ What, Index, Noise, Says string }

func shownDrifts(drifts []quality.Drift) []shownDrift {
	var out []shownDrift
	for _, d := range drifts {
		s := shownDrift{d.What, fmt.Sprintf("%.3f", d.Index), fmt.Sprintf("%.3f", d.Noise), steady}
		switch {
		case d.Large():
			s.Says = "moved far"
		case d.Some():
			s.Says = "moved somewhat"
		case d.Index >= quality.ShiftSome:
			s.Says = "as chance would"
		}
		out = append(out, s)
	}
	return out
}
