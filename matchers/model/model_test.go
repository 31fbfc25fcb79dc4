package model_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rollcall/matchers/model"
)

func comparisons() []model.Comparison {
	return []model.Comparison{
		{Name: "given", Kind: model.GivenName},
		{Name: "family", Kind: model.FamilyName, Shared: true},
		{Name: "born", Kind: model.Date},
		{Name: "sex", Kind: model.Category},
		{Name: "village", Kind: model.Place, Shared: true},
		{Name: "id", Kind: model.Identifier},
	}
}

func ladders(t *testing.T) []model.Ladder {
	t.Helper()
	l, err := model.Ladders(comparisons())
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// spread is a distribution over the levels: so much exact, the rest differs.
func spread(l model.Ladder, exact float64) []float64 {
	p := make([]float64, len(l.Names))
	for i := range p {
		p[i] = .01
	}
	p[l.Exact] += exact
	p[0] += 1 - exact - .01*float64(len(p))
	return p
}

// simulate counts the patterns of pairs of which a share matches, and another
// share is alike in some columns only.
func simulate(ladders []model.Ladder, pairs int, match, others float64, alike func(model.Ladder) bool) (model.Patterns, [][]float64) {
	random := rand.New(rand.NewPCG(4, 2))
	u := make([][]float64, len(ladders))
	m := make([][]float64, len(ladders))
	for i, l := range ladders {
		u[i], m[i] = spread(l, .02), spread(l, .85)
	}
	counts := map[[6]uint8]int64{}
	for range pairs {
		draw := random.Float64()
		var pattern [6]uint8
		for i, l := range ladders {
			p := u[i]
			if draw < match || (draw < match+others && alike(l)) {
				p = m[i]
			}
			at := random.Float64()
			for level, share := range p {
				if at -= share; at < 0 {
					pattern[i] = uint8(level)
					break
				}
			}
			if random.Float64() < .05 {
				pattern[i] = model.Missing
			}
		}
		counts[pattern]++
	}
	var out model.Patterns
	for pattern, n := range counts {
		out.Levels = append(out.Levels, pattern[:]...)
		out.Counts = append(out.Counts, n)
	}
	return out, u
}

func ofHousehold(l model.Ladder) bool { return l.Shared }

// TestNamesakesOfOnePlaceAreNoMatches: strangers of one village are alike in their
// names more often than chance makes them, and far more often than people are
// found to be one.
func TestNamesakesOfOnePlaceAreNoMatches(t *testing.T) {
	l := ladders(t)
	patterns, u := simulate(l, 60_000, .003, .03, func(l model.Ladder) bool { return l.Kind.Named() || l.Kind == model.Place })
	training, err := model.Train(context.Background(), model.Evidence{Ladders: l, U: u, Patterns: patterns, AllPairs: 60_000, Records: 3000}, 2)
	if err != nil {
		t.Fatal(err)
	}
	p := training.Parameters
	if math.Abs(p.Prior-.003) > .001 || math.Abs(p.Neighbours-.03) > .006 {
		t.Errorf("found shares %.4f of matches and %.4f of neighbours, want 0.003 and 0.03", p.Prior, p.Neighbours)
	}
	if got := p.Levels[2][0].M; got > .1 {
		t.Errorf("birth differs in %.2f of matches: they are strangers", got)
	}
}

func TestTrainingFindsTheShares(t *testing.T) {
	l := ladders(t)
	for _, household := range []float64{0, .05} {
		patterns, u := simulate(l, 60_000, .03, household, ofHousehold)
		training, err := model.Train(context.Background(), model.Evidence{Ladders: l, U: u, Patterns: patterns, AllPairs: 60_000, Records: 3000}, 2)
		if err != nil {
			t.Fatal(err)
		}
		p := training.Parameters
		if math.Abs(p.Prior-.03) > .004 || math.Abs(p.Household-household) > .006 {
			t.Errorf("household %.2f: found shares %.4f and %.4f, want 0.03", household, p.Prior, p.Household)
		}
		if got := p.Levels[0][l[0].Exact].M; math.Abs(got-.86) > .03 {
			t.Errorf("m of equal given names %.3f, want 0.86", got)
		}
		if !training.Converged || len(training.Warnings) > 0 {
			t.Errorf("not settled after %d rounds: %v", len(training.Trace), training.Warnings)
		}
		for i, levels := range p.Levels {
			m := 0.0
			for _, level := range levels {
				m += level.M
			}
			if math.Abs(m-1) > 1e-9 {
				t.Errorf("m of comparison %d sums to %g", i, m)
			}
		}
	}
}

func TestMissingEvidenceIsNoEvidence(t *testing.T) {
	l := ladders(t)
	patterns, u := simulate(l, 20_000, .03, 0, ofHousehold)
	training, err := model.Train(context.Background(), model.Evidence{Ladders: l, U: u, Patterns: patterns, AllPairs: 20_000, Records: 1000}, 2)
	if err != nil {
		t.Fatal(err)
	}
	scorer := model.NewScorer(&training.Parameters, l)
	nothing := []uint8{model.Missing, model.Missing, model.Missing, model.Missing, model.Missing, model.Missing}
	if got := scorer.WeightBits(scorer.LogOdds(nothing)); math.Abs(got) > 1e-6 {
		t.Errorf("a pair without values weighs %g bits", got)
	}
	if got := model.Probability(scorer.LogOdds(nothing)); math.Abs(got-training.Parameters.Prior) > 1e-6 {
		t.Errorf("its probability is %g, the prior %g", got, training.Parameters.Prior)
	}
}

func TestChanceSumsToOne(t *testing.T) {
	l := ladders(t)
	sampled := make([]int64, model.MaxLevels)
	for i := range sampled {
		sampled[i] = int64(100 - 5*i)
	}
	for _, ladder := range l {
		sum := 0.0
		exact := []float64{.01, .001, 0, 0}[:ladder.Bands]
		for i, p := range model.Chance(ladder, exact, sampled) {
			if p <= 0 {
				t.Errorf("%s: level %d has probability %g", ladder.Kind, i, p)
			}
			sum += p
		}
		if math.Abs(sum-1) > 1e-6 {
			t.Errorf("%s: probabilities sum to %g", ladder.Kind, sum)
		}
	}
}

func TestBandsAreByFrequency(t *testing.T) {
	l := ladders(t)[0]
	for frequency, want := range map[float64]string{.01: "equal, very common", .002: "equal, common", .0005: "equal", .00001: "equal, rare"} {
		if got := l.Names[l.Band(frequency)]; got != want {
			t.Errorf("frequency %g: %q, want %q", frequency, got, want)
		}
	}
}

func TestFamilyNameBesideEachGivenName(t *testing.T) {
	kinds := []model.Kind{model.FamilyName, model.GivenName, model.Date, model.GivenName, model.FamilyName, model.GivenName}
	var c []model.Comparison
	for _, k := range kinds {
		c = append(c, model.Comparison{Kind: k})
	}
	if diff := cmp.Diff([]int{-1, 0, -1, 4, -1, -1}, model.Families(c)); diff != "" {
		t.Error(diff)
	}
}

func TestParametersAreChecked(t *testing.T) {
	l := ladders(t)
	patterns, u := simulate(l, 5000, .03, 0, ofHousehold)
	training, err := model.Train(context.Background(), model.Evidence{Ladders: l, U: u, Patterns: patterns, AllPairs: 5000, Records: 300}, 2)
	if err != nil {
		t.Fatal(err)
	}
	if err := training.Parameters.Check(comparisons(), l); err != nil {
		t.Errorf("trained parameters: %v", err)
	}
	for name, spoil := range map[string]func(*model.Parameters){
		"prior":       func(p *model.Parameters) { p.Prior = 0 },
		"levels":      func(p *model.Parameters) { p.Levels[2] = p.Levels[2][1:] },
		"probability": func(p *model.Parameters) { p.Levels[1][0].U = 0 },
	} {
		p := model.Parameters{Prior: .1, Levels: make([][]model.Level, len(l))}
		for i := range l {
			p.Levels[i] = append([]model.Level(nil), training.Parameters.Levels[i]...)
		}
		spoil(&p)
		if p.Check(comparisons(), l) == nil {
			t.Errorf("no error from a wrong %s", name)
		}
	}
}

// TestAbsentLevels: parameters that do not know a level of this program get it as
// training would begin, in whatever order they tell the others; levels that are
// unknown here are refused.
func TestAbsentLevels(t *testing.T) {
	l := ladders(t)
	patterns, u := simulate(l, 5000, .03, 0, ofHousehold)
	evidence := model.Evidence{Ladders: l, U: u, Patterns: patterns, AllPairs: 5000, Records: 300}
	training, err := model.Train(context.Background(), evidence, 2)
	if err != nil {
		t.Fatal(err)
	}
	const born, gone = 2, 3
	old := training.Parameters
	old.Levels = slices.Clone(old.Levels)
	levels := slices.Delete(slices.Clone(old.Levels[born]), gone, gone+1)
	slices.Reverse(levels)
	taken := old.Levels[born][gone]
	for i := range levels {
		levels[i].M /= 1 - taken.M
		levels[i].U /= 1 - taken.U
	}
	old.Levels[born] = levels
	fitted, absent, err := old.Fit(comparisons(), l)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]model.Absent{{Comparison: born, Level: gone}}, absent); diff != "" {
		t.Fatal(diff)
	}
	fitted.Fill(absent, evidence)
	if err := fitted.Check(comparisons(), l); err != nil {
		t.Error(err)
	}
	if got := fitted.Levels[born][gone]; got.Name != taken.Name || math.Abs(got.U-taken.U) > .01 || got.M < .005 || got.M > .05 {
		t.Errorf("the absent level is %+v, was %+v", got, taken)
	}
	for j, level := range fitted.Levels[born] {
		if was := training.Parameters.Levels[born][j]; j != gone && math.Abs(level.Bits-was.Bits) > .2 {
			t.Errorf("level %s is worth %.2f bits, was %.2f", level.Name, level.Bits, was.Bits)
		}
	}
	old.Levels[born][0].Name = "same decade"
	if _, _, err := old.Fit(comparisons(), l); err == nil || !strings.Contains(err.Error(), `parameters.levels.born[0].level: date has no level "same decade"; it has differs`) {
		t.Errorf("error %v", err)
	}
}

// TestNothingToLearnFrom: where no two records are alike, training ends soon, says
// so, and leaves a model that can be read again.
func TestNothingToLearnFrom(t *testing.T) {
	l := ladders(t)
	patterns, u := simulate(l, 20_000, 0, 0, ofHousehold)
	training, err := model.Train(context.Background(), model.Evidence{Ladders: l, U: u, Patterns: patterns, AllPairs: 1e6, Records: 1000}, 2)
	if err != nil {
		t.Fatal(err)
	}
	if !training.Converged || len(training.Trace) > 100 {
		t.Errorf("not settled after %d rounds", len(training.Trace))
	}
	want := []string{"next to no two records look like one person: there was nothing to learn from"}
	if diff := cmp.Diff(want, training.Warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	if err := training.Parameters.Check(comparisons(), l); err != nil {
		t.Errorf("what was trained cannot be used: %v", err)
	}
}

// places are comparisons of a kind that is not bounded.
func places(t *testing.T, n int) []model.Ladder {
	t.Helper()
	var c []model.Comparison
	for i := range n {
		c = append(c, model.Comparison{Name: fmt.Sprint(i), Kind: model.Category, Shared: true})
	}
	l, err := model.Ladders(c)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestOfSeveralAnswersTheLikeliest: two groups of pairs agree, each in comparisons
// in which the other differs; either may pass for the matches, and training says
// what it reached from each start.
func TestOfSeveralAnswersTheLikeliest(t *testing.T) {
	l := places(t, 6)
	u := make([][]float64, len(l))
	for i := range l {
		u[i] = spread(l[i], .02)
	}
	same := uint8(l[0].Exact + 2)
	evidence := model.Evidence{
		Ladders: l, U: u, AllPairs: 2e6, Records: 2000,
		Patterns: model.Patterns{
			Levels: slices.Concat(
				[]uint8{same, same, same, 0, 0, 0}, []uint8{0, 0, 0, same, same, same},
				[]uint8{0, 0, 0, 0, 0, 0}, []uint8{same, 0, 0, 0, 0, 0}, []uint8{0, 0, 0, 0, 0, same}),
			Counts: []int64{400, 1200, 90_000, 4000, 4000},
		},
	}
	training, err := model.Train(context.Background(), evidence, 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(training.Starts) < 3 {
		t.Fatalf("%d starts", len(training.Starts))
	}
	end := training.Trace[len(training.Trace)-1].LogLikelihood
	price := math.Log(99_600) / 2
	for i, reached := range training.Starts {
		if end < reached-price {
			t.Errorf("start %d reached %.1f, training ended at %.1f", i, reached, end)
		}
	}
	scorer := model.NewScorer(&training.Parameters, l)
	if scorer.LogOdds([]uint8{0, 0, 0, same, same, same}) < scorer.LogOdds([]uint8{same, same, same, 0, 0, 0}) {
		t.Error("the smaller group passes for the matches")
	}
}

// TestTheTraceIsOfOneTraining: the likelihood does not fall from round to round but
// where a class was added or put back within its bounds.
func TestTheTraceIsOfOneTraining(t *testing.T) {
	l := places(t, 6)
	patterns, u := simulate(l, 30_000, .03, 0, ofHousehold)
	training, err := model.Train(context.Background(), model.Evidence{Ladders: l, U: u, Patterns: patterns, AllPairs: 30_000, Records: 1500}, 2)
	if err != nil {
		t.Fatal(err)
	}
	for i := 1; i < len(training.Trace); i++ {
		before, now := training.Trace[i-1].LogLikelihood, training.Trace[i].LogLikelihood
		if now < before-1 {
			t.Errorf("round %d: the likelihood fell from %.3f to %.3f", i, before, now)
		}
	}
}

// TestFewIntervals: where few dates are intervals, those that overlap say from the
// start as much as strangers seldom do, and not what a level would say that strangers
// seldom reach because it is rare.
func TestFewIntervals(t *testing.T) {
	l, err := model.NewLadder(model.Comparison{Name: "born", Kind: model.Date, Intervals: true})
	if err != nil {
		t.Fatal(err)
	}
	u := make([]float64, len(l.Names))
	for i := range u {
		u[i] = 1e-9
	}
	u[0], u[l.Exact] = .96, .03
	const vague = .01 // of the pairs of strangers, of which one in fifty overlaps
	overlap := slices.Index(l.Names, "years overlap")
	u[1], u[overlap] = vague*49/50, vague/50
	p := model.Start(model.Evidence{Ladders: []model.Ladder{l}, U: [][]float64{u}, AllPairs: 1e6, Records: 1000})
	if got, most := p.Levels[0][overlap].Bits, math.Log2(50); got > most || got < most-1 {
		t.Errorf("an overlap says %.1f bits, want little less than %.1f", got, most)
	}
	if got := p.Levels[0][1].Bits; got > -2 {
		t.Errorf("years apart say %.1f bits", got)
	}
}

// TestNearerNeverSpeaksLessForOnePerson: however matches are counted, of those who live
// apart the nearer ones are not the less likely to be one person.
func TestNearerNeverSpeaksLessForOnePerson(t *testing.T) {
	l, err := model.NewLadder(model.Comparison{Name: "area", Kind: model.Category, Shared: true}, "subdistrict", "district", "province")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		share := rapid.SliceOfN(rapid.Float64Range(1e-6, 1), len(l.Names), len(l.Names))
		m, u := share.Draw(t, "m"), share.Draw(t, "u")
		p := model.Parameters{Levels: [][]model.Level{make([]model.Level, len(u))}}
		for j := range u {
			p.Levels[0][j].U = u[j]
		}
		p.SetMatches(l, 0, m)
		sum := 0.0
		for j, level := range p.Levels[0] {
			sum += level.M
			if j > 0 && j < l.Exact && level.Bits < p.Levels[0][j-1].Bits-1e-9 {
				t.Fatalf("%s weighs %g bits, %s %g", l.Names[j], level.Bits, l.Names[j-1], p.Levels[0][j-1].Bits)
			}
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Fatalf("m sums to %g", sum)
		}
	})
}
