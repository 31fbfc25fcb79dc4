package matchers_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// bands is the scored pairs by tenths of their probability: how many there are and
// how many are right. linked is the same for the links of 0.90 to 0.99.
type bands struct {
	pairs, right             [10]int
	linkedPairs, linkedRight int
}

func (b *bands) note(probability float64, accepted, right bool) {
	at := min(int(10*probability), 9)
	b.pairs[at]++
	sure := accepted && probability >= .9 && probability < .99
	if sure {
		b.linkedPairs++
	}
	if right {
		b.right[at]++
		if sure {
			b.linkedRight++
		}
	}
}

func (b *bands) add(more bands) {
	for i := range b.pairs {
		b.pairs[i] += more.pairs[i]
		b.right[i] += more.right[i]
	}
	b.linkedPairs += more.linkedPairs
	b.linkedRight += more.linkedRight
}

// row is a line of a table in Markdown: of each band the share that is right and
// the number of pairs.
func (b *bands) row(name string) string {
	cell := func(right, pairs int) string {
		if pairs == 0 {
			return " |"
		}
		return fmt.Sprintf(" %.2f (%d) |", float64(right)/float64(pairs), pairs)
	}
	var line strings.Builder
	fmt.Fprintf(&line, "| %s |", name)
	for i, pairs := range b.pairs {
		line.WriteString(cell(b.right[i], pairs))
	}
	return line.String() + cell(b.linkedRight, b.linkedPairs)
}

// TestCalibration holds final probabilities against the truth: of the links said
// to be 0.90 to 0.99, pooled and for each set with at least enough of them, 0.85
// to 1 must be right.
func TestCalibration(t *testing.T) {
	if os.Getenv("ROLLCALL_LONG") == "" {
		t.Skip("left to make test-long: it links every labelled set")
	}
	const enough, least = 200, .85
	var pooled bands
	judge := func(name string, b bands) {
		t.Log(b.row(name))
		if share := float64(b.linkedRight) / float64(max(1, b.linkedPairs)); b.linkedPairs >= enough && share < least {
			t.Errorf("%s: of %d links said to be 0.90 to 0.99, %.3f are right, want %g", name, b.linkedPairs, share, least)
		}
	}
	knownSets(t, func(k known, _ []float64) {
		var b bands
		for _, p := range k.run(t).said.Pairs {
			b.note(p.Probability, p.Accepted, k.is(p))
		}
		judge(k.name, b)
		pooled.add(b)
	})
	judge("all", pooled)
}
