package model

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// FieldError is a mistake in a specification, at the path that the value has in
// its written form: parameters.levels.birth[2].m.
type FieldError struct{ Path, Message string }

func (e *FieldError) Error() string { return e.Path + ": " + e.Message }

// sumTolerance is how far the levels of a comparison may be from 1 together:
// people round them.
const sumTolerance = 0.005

// Problems are the mistakes of trained parameters that show without data. Levels
// that are not told of are none: see Fit.
func (p *Parameters) Problems(comparisons []Comparison, ladders []Ladder) []*FieldError {
	var all []*FieldError
	tell := func(path, format string, args ...any) {
		all = append(all, &FieldError{"parameters." + path, fmt.Sprintf(format, args...)})
	}
	if len(p.Levels) != len(ladders) {
		tell("levels", "there are levels of %d comparisons, and %d comparisons", len(p.Levels), len(ladders))
		return all
	}
	shares := p.shares()
	total := 1 - shares[unrelated]
	if !(p.Prior > 0 && p.Prior < 1) {
		tell("prior", "is %g; the share of all pairs that match lies between 0 and 1", p.Prior)
	} else if math.IsNaN(total) || slices.Min(shares[:unrelated]) < 0 || total >= 1 {
		tell("prior", "the shares of the classes of pairs are %g together; each is at least 0, and all together are below 1", total)
	}
	for i, l := range ladders {
		path := "levels." + comparisons[i].Name
		if len(l.Names) == 0 && len(p.Levels[i]) > 0 {
			tell(path, "this comparison is judged within another, which names it as its parent, and has no levels of its own")
			continue
		}
		if len(l.Names) > 0 && len(p.Levels[i]) == 0 {
			tell(path, "there are no levels; take the parameters out to train again")
		}
		checkNames(path, l, p.Levels[i], comparisons[i].Kind, tell)
		checkProbabilities(path, p.Levels[i], shares, tell)
	}
	if len(p.Missing) > 0 && len(p.Missing) != len(ladders) {
		tell("missing", "there are weights of %d comparisons, and %d comparisons", len(p.Missing), len(ladders))
		return all
	}
	if len(p.Nicknames) > 0 && len(p.Nicknames) != len(ladders) {
		tell("nicknames", "there are those of %d comparisons, and %d comparisons", len(p.Nicknames), len(ladders))
		return all
	}
	for i, names := range p.Nicknames {
		if kind := comparisons[i].Kind; len(names) > 0 && kind != GivenName {
			tell("nicknames."+comparisons[i].Name, "this comparison is of kind %s; nicknames are given names", kind)
		}
	}
	for i, w := range p.Missing {
		for _, v := range []struct {
			name string
			bits float64
		}{{"one", w.One}, {"both", w.Both}} {
			if !(math.Abs(v.bits) <= MostMissingBits) {
				tell(fmt.Sprintf("missing.%s.%s", comparisons[i].Name, v.name), "is %g; missing values weigh at most %g bits either way", v.bits, MostMissingBits)
			}
		}
	}
	return all
}

// checkNames holds the levels against those of the ladder.
func checkNames(path string, l Ladder, levels []Level, kind Kind, tell func(path, format string, args ...any)) {
	for j, level := range levels {
		at := fmt.Sprintf("%s[%d].level", path, j)
		switch {
		case !slices.Contains(l.Names, level.Name):
			tell(at, "%s has no level %q; it has %s", kind, level.Name, strings.Join(l.Names, " | "))
		case slices.ContainsFunc(levels[:j], func(o Level) bool { return o.Name == level.Name }):
			tell(at, "there is another level %q above", level.Name)
		}
	}
}

// checkProbabilities holds that the levels are probabilities, and that those of
// matches and of strangers are 1 together.
func checkProbabilities(path string, levels []Level, shares [classes]float64, tell func(path, format string, args ...any)) {
	probability := func(p float64) bool { return p > 0 && p <= 1 }
	m, u := 0.0, 0.0
	for j, level := range levels {
		m, u = m+level.M, u+level.U
		for _, v := range []struct {
			name  string
			value float64
			class int
		}{{"m", level.M, match}, {"u", level.U, unrelated}, {"h", level.H, household}, {"k", level.K, kin}, {"n", level.N, namesakes}, {"v", level.V, neighbours}} {
			if !probability(v.value) && (shares[v.class] != 0 || v.value != 0) {
				tell(fmt.Sprintf("%s[%d].%s", path, j, v.name), "is %g; a level's probability is above 0 and at most 1", v.value)
			}
		}
	}
	for _, sum := range []struct {
		name  string
		value float64
	}{{"m", m}, {"u", u}} {
		if len(levels) > 0 && !math.IsNaN(sum.value) && math.Abs(sum.value-1) > sumTolerance {
			tell(path, "%s is %.4g over all levels together; it must be 1", sum.name, sum.value)
		}
	}
}

// Absent is a level of a comparison that trained parameters do not tell of.
type Absent struct{ Comparison, Level int }

// Fit brings parameters into the order of the ladders, level by name, and tells
// which levels they lack: those that a program of another version did not know.
// These have no probabilities yet; see Fill.
func (p *Parameters) Fit(comparisons []Comparison, ladders []Ladder) (*Parameters, []Absent, error) {
	if problems := p.Problems(comparisons, ladders); len(problems) > 0 {
		return nil, nil, problems[0]
	}
	fitted := *p
	fitted.Levels = make([][]Level, len(ladders))
	var absent []Absent
	for i, l := range ladders {
		fitted.Levels[i] = make([]Level, len(l.Names))
		for j, name := range l.Names {
			at := slices.IndexFunc(p.Levels[i], func(have Level) bool { return have.Name == name })
			if at < 0 {
				fitted.Levels[i][j] = Level{Name: name}
				absent = append(absent, Absent{i, j})
				continue
			}
			fitted.Levels[i][j] = p.Levels[i][at]
		}
	}
	return &fitted, absent, nil
}

// Fill gives levels that were absent what training starts with: among strangers
// the share that they have in the data (Evidence.U), in the other classes the
// first guess. The other levels of the comparison are scaled to what that leaves.
func (p *Parameters) Fill(absent []Absent, e Evidence) {
	first := start(e)
	for _, a := range absent {
		level := &p.Levels[a.Comparison][a.Level]
		level.M, level.U = first.p[match][a.Comparison][a.Level], first.p[unrelated][a.Comparison][a.Level]
		for class, to := range level.others() {
			*to = first.p[class][a.Comparison][a.Level]
		}
	}
	for i := range p.Levels {
		if !slices.ContainsFunc(absent, func(a Absent) bool { return a.Comparison == i }) {
			continue
		}
		m, u := 0.0, 0.0
		for _, l := range p.Levels[i] {
			m, u = m+l.M, u+l.U
		}
		for j := range p.Levels[i] {
			l := &p.Levels[i][j]
			l.M, l.U = l.M/m, l.U/u
			l.Bits = math.Log2(l.M / l.U)
		}
	}
}

// Described takes what comparisons that are given by name alone compare from those
// of that name in made: parameters without comparisons belong to columns that are
// recognised.
func (s Specification) Described(made []Comparison) (Specification, error) {
	named := func(c Comparison) bool { return c.Kind == "" }
	if !slices.ContainsFunc(s.Comparisons, named) {
		return s, nil
	}
	s.Comparisons = slices.Clone(s.Comparisons)
	for i, c := range s.Comparisons {
		at := slices.IndexFunc(made, func(m Comparison) bool { return m.Name == c.Name })
		if at < 0 {
			names := make([]string, len(made))
			for k, m := range made {
				names[k] = m.Name
			}
			return s, &FieldError{"parameters.levels." + c.Name, "no column was recognised that is compared under this name; there are " + strings.Join(names, ", ")}
		}
		s.Comparisons[i] = made[at]
	}
	for i := range s.Comparisons {
		s.Comparisons[i].Parent = "" // the levels tell
	}
	for i, levels := range s.Parameters.Levels {
		child := -1 // the farthest larger place stands first
		for _, l := range slices.Backward(levels) {
			parent := slices.IndexFunc(s.Comparisons, func(c Comparison) bool { return l.Name == parentLevel(c.Name) })
			if parent < 0 || len(s.Parameters.Levels[parent]) > 0 {
				continue
			}
			if child < 0 {
				child = i
			}
			s.Comparisons[child].Parent, child = s.Comparisons[parent].Name, parent
		}
		s.Comparisons[i].Intervals = slices.ContainsFunc(levels, func(l Level) bool { return l.Name == dateIntervalLevels[1] })
	}
	return s, nil
}

// SetMatches sets how often the levels of a comparison come about in matches, in
// proportion, and in those classes where they come about as in matches.
func (p *Parameters) SetMatches(l Ladder, comparison int, m []float64) {
	normalise(m)
	if l.Parent >= 0 {
		u := make([]float64, len(m))
		for j, level := range p.Levels[comparison] {
			u[j] = level.U
		}
		holdPlaces(l, m, u)
	}
	for j := range p.Levels[comparison] {
		level := &p.Levels[comparison][j]
		level.M, level.Bits = m[j], math.Log2(m[j]/level.U)
		if p.Kin > 0 && rules[kin](l) == tied {
			level.K = level.M
		}
	}
}
