package model

// Remembered scores levels that come again and again, each once. It is for one
// goroutine.
type Remembered struct {
	*Scorer
	logOdds map[string]float64 // by the levels
}

// Remembered makes a scorer that remembers.
func (s *Scorer) Remembered() Remembered { return Remembered{s, map[string]float64{}} }

// mostRemembered bounds the memory that scores take.
const mostRemembered = 1 << 16

// LogOdds is that of the scorer.
func (r Remembered) LogOdds(levels []uint8) float64 {
	known, ok := r.logOdds[string(levels)]
	if !ok {
		known = r.Scorer.LogOdds(levels)
		if len(r.logOdds) < mostRemembered {
			r.logOdds[string(levels)] = known
		}
	}
	return known
}
