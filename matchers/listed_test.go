package matchers_test

import (
	"math"
	"testing"

	"rollcall/matchers"
)

// listed gives all of the left file a death, and each of the right one the day on which
// it was listed: of those who are in both files that of their kind.
func listed(left, right *matchers.File, both func(i int) int32, others func(i int) int32) {
	people := map[string]bool{}
	for _, id := range left.IDs {
		people[id[1:]] = true
		left.Lives = append(left.Lives, matchers.Life{Died: 10_000})
	}
	for i, id := range right.IDs {
		day := others(i)
		if people[id[1:]] {
			day = both(i)
		}
		right.Lives = append(right.Lives, matchers.Life{Alive: day})
	}
}

// doubted is how many pairs of two people are expected to be one.
func doubted(result *matchers.Result, left, right *matchers.File) (sum float64) {
	for _, p := range result.Pairs {
		if left.IDs[p.Left][1:] != right.IDs[p.Right][1:] {
			sum += p.Probability
		}
	}
	return sum
}

// TestListedAfterDeath: where lists do not have the dead, who was listed years after a
// death is hardly the one who died; where lists are brought up to date later, everybody
// was, and it says nothing. Threads change nothing.
func TestListedAfterDeath(t *testing.T) {
	before, later := func(int) int32 { return 9_000 }, func(int) int32 { return 12_000 }
	either := func(i int) int32 { return []int32{9_000, 12_000}[i%2] }
	for _, c := range []struct {
		name         string
		both, others func(i int) int32
		least, most  float64 // bits of who was listed years later
		helps        bool
	}{
		{"lists do not have the dead", before, either, -9, -4, true},
		{"lists have the dead", either, either, -.3, .3, false},
		{"listed later, all of them", later, later, -.3, .3, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			left, right := newPopulation(21, 600).pair()
			alone := mustLink(t, left, right, personSpecification(), 1)
			precision, recall := measured(alone, left, right)
			listed(left, right, c.both, c.others)
			result := mustLink(t, left, right, personSpecification(), 1)
			with, found := measured(result, left, right)
			if math.Abs(with-precision)+math.Abs(found-recall) > .002 {
				t.Errorf("precision %.4f and recall %.4f, without days %.4f and %.4f", with, found, precision, recall)
			}
			if doubt, was := doubted(result, left, right), doubted(alone, left, right); c.helps && doubt > .8*was {
				t.Errorf("of those who are two people %.3f are expected to be one, without days %.3f", doubt, was)
			}
			for _, p := range result.Pairs {
				if p.Lapse == matchers.ListedLater && (p.LapseBits < c.least || p.LapseBits > c.most) {
					t.Fatalf("listed years after the death: %+.1f bits, want %g to %g", p.LapseBits, c.least, c.most)
				}
			}
			again := mustLink(t, left, right, personSpecification(), 3)
			for i, p := range result.Pairs {
				if q := again.Pairs[i]; p.Left != q.Left || p.Right != q.Right || p.Probability != q.Probability {
					t.Fatalf("pair %d differs by threads", i)
				}
			}
		})
	}
}

// TestListedBeforeBirth: who was listed before a birth is not the one who was born, unless
// lists are often older than those in them; a month's difference says nothing.
func TestListedBeforeBirth(t *testing.T) {
	const born = 10_000
	soon, early, later := func(int) int32 { return born - matchers.DeathSlackDays }, func(int) int32 { return 9_000 }, func(int) int32 { return 12_000 }
	either := func(i int) int32 { return []int32{9_000, 12_000}[i%2] }
	for _, c := range []struct {
		name         string
		both, others func(i int) int32
		least, most  float64 // bits of who was listed before the birth
		pairs        bool    // of that kind there are
	}{
		{"the born are listed later", later, either, -8, -4, true},
		{"lists are older than those in them", either, either, -.3, 0, true},
		{"within a month", soon, later, 0, 0, false},
		{"listed before, all of them", early, early, -.3, 0, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			left, right := newPopulation(21, 600).pair()
			listed(left, right, c.both, c.others)
			for i := range left.Lives {
				left.Lives[i] = matchers.Life{BornFrom: born}
			}
			pairs := false
			for _, p := range mustLink(t, left, right, personSpecification(), 1).Pairs {
				before := p.Lapse == matchers.ListedUnborn
				pairs = pairs || before
				if before && (p.LapseBits < c.least || p.LapseBits > c.most) || !before && p.LapseBits != 0 {
					t.Fatalf("listed %s: %+.1f bits", p.Lapse, p.LapseBits)
				}
			}
			if pairs != c.pairs {
				t.Errorf("pairs listed before the birth: %v, want %v", pairs, c.pairs)
			}
		})
	}
}

// TestKindsHaveTheirOwnShare: of the children everybody has a partner and of the dead
// nobody: links of children are surer, those of the dead fewer.
func TestKindsHaveTheirOwnShare(t *testing.T) {
	left, right := newPopulation(21, 600).pair()
	people := map[string]bool{}
	for _, id := range right.IDs {
		people[id[1:]] = true
	}
	kinds := make([]uint8, len(left.IDs))
	for i, id := range left.IDs {
		if people[id[1:]] {
			kinds[i] = 1
		}
	}
	sums := func(result *matchers.Result) (sum [2]float64) {
		for _, p := range result.Pairs {
			sum[kinds[p.Left]] += p.Probability
		}
		return sum
	}
	alone := sums(mustLink(t, left, right, personSpecification(), 2))
	left.Kinds = kinds
	apart := sums(mustLink(t, left, right, personSpecification(), 2))
	if apart[0] >= alone[0] || apart[1] <= alone[1] {
		t.Errorf("expected links of those without a partner %.2f and with one %.2f, before kinds were known %.2f and %.2f", apart[0], apart[1], alone[0], alone[1])
	}
}
