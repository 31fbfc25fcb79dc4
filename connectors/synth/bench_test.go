package synth

import (
	"context"
	"fmt"
	"runtime"
	"testing"
)

// BenchmarkGenerate makes countries of about 100,000 and 1,000,000 people on two
// threads. The peak of the heap must not grow with the country.
func BenchmarkGenerate(b *testing.B) {
	for _, households := range []int{30_000, 300_000} {
		b.Run(fmt.Sprintf("households=%d", households), func(b *testing.B) {
			for b.Loop() {
				peak, persons := uint64(0), int64(0)
				s, err := Generate(context.Background(), Config{
					Dir: b.TempDir(), Preset: "mixed", Households: households, Threads: 2,
					Progress: func(done, _ int64) {
						if done%20 == 0 {
							var m runtime.MemStats
							runtime.ReadMemStats(&m)
							peak = max(peak, m.HeapAlloc)
						}
					},
				})
				if err != nil {
					b.Fatal(err)
				}
				persons = s.Counts.Persons
				b.ReportMetric(float64(persons), "persons")
				b.ReportMetric(float64(peak)/(1<<20), "peak-heap-MiB")
			}
		})
	}
}
