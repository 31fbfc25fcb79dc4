package matchers_test

import (
	"testing"

	"rollcall/matchers"
	"rollcall/matchers/model"
)

// TestThresholdsByPurpose takes a result apart of which the answer can be seen:
// 900 sure links, 80 of 0.9 and 20 of 0.5.
func TestThresholdsByPurpose(t *testing.T) {
	r := &matchers.Result{Specification: model.Specification{Threshold: .4}, ExpectedRecall: [3]float64{.7, .8, .9}}
	for _, part := range []struct {
		pairs       int
		probability float64
	}{{900, 1}, {80, .9}, {20, .5}} {
		for range part.pairs {
			r.Pairs = append(r.Pairs, matchers.Pair{Probability: part.probability, Accepted: true})
		}
	}
	r.Pairs = append(r.Pairs, matchers.Pair{Probability: .45})
	got := map[string]matchers.Expectation{}
	for _, e := range r.Expectations() {
		if e.Purpose != "" {
			got[e.Purpose] = e
		}
	}
	for purpose, want := range map[string]struct {
		threshold float64
		accepted  int
	}{"this run": {.4, 1000}, "registrations": {.4, 1000}, "duplicates": {.4, 1000}, "exits": {1, 900}} {
		if e := got[purpose]; e.Threshold != want.threshold || e.Accepted != want.accepted {
			t.Errorf("%s: %d links from %g, want %d from %g", purpose, e.Accepted, e.Threshold, want.accepted, want.threshold)
		}
	}
	if e := r.ThresholdFor(.99); e.Threshold != .9 || e.Accepted != 980 || e.Precision[1] < .991 || e.Precision[1] > .992 {
		t.Errorf("for 0.99: %+v, want the 980 links from 0.9, of which 8 are wrong", e)
	}
	// 982 of 982 true links are found from 0.4, and 900 of these from 1.
	if e := got["exits"]; e.Recall[1] > .8*900/980 || e.Recall[1] < .8*900/985 {
		t.Errorf("recall %.4f from a threshold of 1, want the share of the true links that it keeps", e.Recall[1])
	}
	if e := r.Expect(1.1); e.Accepted != 0 || e.Precision != [3]float64{} {
		t.Errorf("%+v from a threshold that no link reaches", e)
	}
}
