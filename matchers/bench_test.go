package matchers_test

import (
	"context"
	"os"
	"testing"

	"rollcall/matchers"
)

func BenchmarkLink100k(b *testing.B) { benchmarkLink(b, 100_000) }

func BenchmarkLink1M(b *testing.B) {
	if os.Getenv("ROLLCALL_LONG") == "" {
		b.Skip("takes a minute with making the data: set ROLLCALL_LONG=1")
	}
	benchmarkLink(b, 1_000_000)
}

func benchmarkLink(b *testing.B, side int) {
	left, right := newPopulation(7, side*13/10).pair()
	b.ReportAllocs()
	for b.Loop() {
		result, err := matchers.Link(context.Background(), left, right, personSpecification(), matchers.Options{})
		if err != nil {
			b.Fatal(err)
		}
		precision, recall := score(result, left, right)
		b.ReportMetric(precision, "precision")
		b.ReportMetric(recall, "recall")
		b.ReportMetric(float64(result.Candidates)/float64(len(left.IDs)), "candidates/record")
	}
}
