package quality_test

import (
	"math/rand/v2"
	"testing"

	"rollcall/matchers/quality"
)

// TestJudgedSamplesHoldTheTruth draws samples of pairs of which everything is
// known, from a model that is right and from one that is too sure of itself.
func TestJudgedSamplesHoldTheTruth(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	type pair struct {
		stratum int
		yes     bool
	}
	for _, overstated := range []float64{1, 3} {
		strata := quality.NewStrata(quality.Accepted, quality.Below)
		pairs := make([][]pair, len(strata))
		var accepted, right, lost float64
		for range 20_000 {
			p := random.Float64()
			if random.Float64() < .8 {
				p = 1 - .02*p*p
			}
			fate := quality.Below
			if p >= .5 {
				fate = quality.Accepted
			}
			h := quality.StratumOf(strata, p, fate)
			yes := random.Float64() > (1-p)*overstated
			strata[h].Pairs++
			strata[h].Mean += (p - strata[h].Mean) / float64(strata[h].Pairs)
			pairs[h] = append(pairs[h], pair{h, yes})
			if p >= .5 {
				accepted++
			}
			if yes && p >= .5 {
				right++
			} else if yes {
				lost++
			}
		}
		const trials = 300
		precisionIn, recallIn := 0, 0
		for trial := range uint64(trials) {
			judged := append([]quality.Stratum(nil), strata...)
			for h, n := range quality.Allocate(strata, 200) {
				for _, at := range quality.Draw(len(pairs[h]), n, trial) {
					if pairs[h][at].yes {
						judged[h].Yes++
					} else {
						judged[h].No++
					}
				}
			}
			j := quality.Judge(judged, quality.Interval{})
			if p := right / accepted; p >= j.Precision[0] && p <= j.Precision[2] {
				precisionIn++
			}
			if r := right / (right + lost); r >= j.Recall[0] && r <= j.Recall[2] {
				recallIn++
			}
		}
		if precisionIn < .92*trials || recallIn < .92*trials {
			t.Errorf("errors %g times those expected: of %d intervals %d hold the precision and %d the recall, want nearly 95 in 100", overstated, trials, precisionIn, recallIn)
		}
	}
}

func TestPairsThatWereNeverScoredCount(t *testing.T) {
	strata := []quality.Stratum{{Fate: quality.Accepted, Pairs: 100, Yes: 100}, {Fate: quality.Rejected, Pairs: 50, Yes: 10, No: 40}}
	j := quality.Judge(strata, quality.Unscored(quality.Interval{.6, .8, .9}, 100, 10))
	// Of 125 true pairs 10 lie below the threshold, and so 15 were never scored.
	if j.RecallScored[1] != 100./110 || j.Recall[1] != 100./125 || j.Recall[0] > .7 || j.Recall[2] < .83 {
		t.Errorf("recall %v of those scored and %v of all, want 100 of 110 and 100 of 125", j.RecallScored, j.Recall)
	}
	if j.Precision != (quality.Interval{1, 1, 1}) {
		t.Errorf("precision %v where all pairs were judged right", j.Precision)
	}
}

func TestUnsureWidensTheInterval(t *testing.T) {
	sure := quality.Judge([]quality.Stratum{{Fate: quality.Accepted, Pairs: 1000, Yes: 90, No: 5}}, quality.Interval{}).Precision
	unsure := quality.Judge([]quality.Stratum{{Fate: quality.Accepted, Pairs: 1000, Yes: 90, No: 5, Unsure: 10}}, quality.Interval{}).Precision
	if unsure[0] >= sure[0] || unsure[1] != sure[1] || unsure[2] <= sure[2] {
		t.Errorf("%v with ten that could not be told, %v without", unsure, sure)
	}
}

func TestDrawIsRecordedByItsSeed(t *testing.T) {
	a, b, c := quality.Draw(1000, 20, 1), quality.Draw(1000, 20, 1), quality.Draw(1000, 20, 2)
	same := func(x, y []int) bool {
		for i := range x {
			if x[i] != y[i] {
				return false
			}
		}
		return len(x) == len(y)
	}
	if !same(a, b) || same(a, c) || len(a) != 20 {
		t.Errorf("seed 1 %v, again %v, seed 2 %v", a, b, c)
	}
	if all := quality.Draw(3, 20, 1); len(all) != 3 {
		t.Errorf("%v of three", all)
	}
}

func TestASmallSampleReachesEveryStratum(t *testing.T) {
	strata := quality.NewStrata(quality.Accepted, quality.Rejected, quality.Below)
	for h := range strata {
		strata[h].Pairs, strata[h].Mean = 1000*(h+1), (strata[h].From+strata[h].To)/2
	}
	for _, judgements := range []int{10, 30, 100, 400} {
		all := 0
		for h, n := range quality.Allocate(strata, judgements) {
			if n == 0 {
				t.Errorf("%d judgements: none in stratum %d", judgements, h)
			}
			all += n
		}
		if all > judgements+len(strata) || all < judgements-len(strata) {
			t.Errorf("%d judgements were asked for, and %d shared out", judgements, all)
		}
	}
}
