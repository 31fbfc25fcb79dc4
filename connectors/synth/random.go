package synth

import (
	"math"
	"math/bits"
)

// random is SplitMix64 (Steele, Lea, Flood 2014): eight bytes of state, so that
// each shard has a stream of its own and the country is the same for any number
// of threads.
type random struct{ state uint64 }

func newRandom(seed, stream uint64) random {
	r := random{state: seed*0x9E3779B97F4A7C15 ^ stream*0xD1B54A32D192ED03}
	r.next()
	return r
}

func (r *random) next() uint64 {
	r.state += 0x9E3779B97F4A7C15
	return mix(r.state)
}

// mix is SplitMix64's finaliser, also used as a hash of area numbers.
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// unit is uniform in [0, 1).
func (r *random) unit() float64 { return float64(r.next()>>11) * 0x1p-53 }

func (r *random) chance(p float64) bool { return r.unit() < p }

// below is uniform in 0 … n-1; n must be positive.
func (r *random) below(n int) int {
	high, _ := bits.Mul64(r.next(), uint64(n))
	return int(high)
}

// between is uniform in low … high, both included.
func (r *random) between(low, high int) int { return low + r.below(high-low+1) }

// exponential has the given mean.
func (r *random) exponential(mean float64) float64 { return -mean * math.Log(1-r.unit()) }

// count draws an integer whose mean is x: x's whole part and a chance for the rest.
func (r *random) count(x float64) int {
	whole := math.Floor(x)
	if r.chance(x - whole) {
		whole++
	}
	return int(whole)
}

// unitOf hashes numbers to [0, 1), for what an area always has.
func unitOf(values ...uint64) float64 {
	h := uint64(0x2545F4914F6CDD1D)
	for _, v := range values {
		h = mix(h ^ v*0x9E3779B97F4A7C15)
	}
	return float64(h>>11) * 0x1p-53
}
