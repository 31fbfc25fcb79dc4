package main

import (
	"context"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/pipeline/link"
	"rollcall/pipeline/pair"
)

// TestComparedAgain: a comparison that is made again is the one that the run made. Of each
// pair that a run kept it has the levels, the bits and the first blocking rule.
func TestComparedAgain(t *testing.T) {
	t.Parallel()
	latest := smallRun(t, "1")
	ctx, p := context.Background(), newProgress(io.Discard)
	r, err := readRun(ctx, latest, p)
	must(t, err)
	shown := 0
	for _, kind := range []string{link.KindRegister, link.KindRoster, link.KindAcross} {
		spec, err := r.specification(kind)
		must(t, err)
		must(t, r.describe(ctx, kind, p))
		scales, err := r.scales(ctx, kind, p)
		must(t, err)
		pairs, inParts := 0, 0
		for row := range r.links.Rows {
			if r.links.Value(row, "kind") != kind {
				continue
			}
			if r.links.Value(row, "agreement") == uncompared {
				shown++
				shownByRoster(t, latest, r.links.Value(row, "left_id"), r.links.Value(row, "right_id"))
				continue
			}
			kept, err := r.kept(row, spec)
			must(t, err)
			again, w, err := r.again(scales, spec, r.links.Value(row, "left_id"), r.links.Value(row, "right_id"))
			must(t, err)
			if w.InParts != [2]bool{} { // of whose parts the run counted the mean, or the likeliest
				inParts++
				continue
			}
			pairs++
			rule := firstRule(again)
			again.Rules = nil
			if diff := cmp.Diff(kept, again); diff != "" {
				t.Errorf("%s: a pair that the run kept, made again: %s", kind, diff)
			}
			if want := r.links.Value(row, "blocking_rule"); rule != want {
				t.Errorf("%s: found first by %q, made again by %q", kind, want, rule)
			}
			// The bits of when somebody was listed stand in the link to a tenth.
			if bits, err := strconv.ParseFloat(r.links.Value(row, "match_weight_bits"), 64); err != nil || math.Abs(bits-again.WeightBits) > 0.051 {
				t.Errorf("%s: weighs %g, made again %g", kind, bits, again.WeightBits)
			}
		}
		if pairs < 30 || inParts > pairs/5 {
			t.Errorf("%s: the run kept %d pairs, and %d of persons in parts", kind, pairs, inParts)
		}
	}
	if shown == 0 {
		t.Error("the roster shows no two records of the register that were never compared to be one person")
	}
}

// shownByRoster: of two records that were never compared, and are one person as the
// roster shows, explain compares the values now and says why they are one.
func shownByRoster(t *testing.T, folder, leftID, rightID string) {
	t.Helper()
	a, err := explainRun(context.Background(), folder, leftID, rightID, newProgress(io.Discard))
	must(t, err)
	a.Conclude()
	if name := a.Explanation.Steps[0]; !a.Again || name.Level == "not comparable" || !strings.HasPrefix(a.Verdict, "linked: one person of the roster shows that the two are one") {
		t.Errorf("made again: %v, %s: %s; %s", a.Again, name.Comparison, name.Level, a.Verdict)
	}
}

// firstRule is the first blocking rule that finds a pair, "" for none.
func firstRule(e *pair.Explanation) string {
	for _, r := range e.Rules {
		if r.Why() == "" {
			return r.Rule
		}
	}
	return ""
}
