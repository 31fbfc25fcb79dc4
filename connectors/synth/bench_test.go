package synth

import (
	"context"
	"fmt"
	"runtime"
	"testing"
)

// BenchmarkGenerate makes countries of about 10,000, 100,000 and 1,000,000 people
// on two threads. The peak of the heap must not grow with the country.
func BenchmarkGenerate(b *testing.B) {
	for _, households := range []int{3_000, 30_000, 300_000} {
		b.Run(fmt.Sprintf("households=%d", households), func(b *testing.B) {
			for b.Loop() {
				peak := uint64(0)
				s, err := Generate(context.Background(), Config{
					Dir: b.TempDir(), Preset: "mixed", Households: households, Threads: 2,
					Progress: func(int64, int64) {
						var m runtime.MemStats
						runtime.ReadMemStats(&m)
						peak = max(peak, m.HeapAlloc)
					},
				})
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(s.Counts.Persons), "persons")
				b.ReportMetric(float64(peak)/(1<<20), "peak-heap-MiB")
			}
		})
	}
}

// What is in use after a sixth of the country is in use at its end.
func TestMemoryDoesNotGrowWithTheCountry(t *testing.T) {
	var inUse []uint64 // by tens of shards
	_, err := Generate(context.Background(), Config{
		Dir: t.TempDir(), Preset: "india", Households: 30_000, Threads: 2, Progress: func(done, _ int64) {
			if done%10 == 0 {
				runtime.GC()
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				inUse = append(inUse, m.HeapAlloc)
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if first, last := inUse[0], inUse[len(inUse)-1]; last > first+first/4 {
		t.Errorf("the heap grows from %d to %d KiB while the country is made", first>>10, last>>10)
	}
}
