package config

import "testing"

// BenchmarkLoad reads the country's job with its 60 expressions.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(b.Context(), "testdata/country/job.yaml", registry()); err != nil {
			b.Fatal(err)
		}
	}
}
