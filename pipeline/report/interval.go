package report

import (
	"fmt"
	"math"

	judging "rollcall/matchers/quality"
)

// rate is a share with the counts that it comes from.
type rate struct{ hits, of int64 }

func (r rate) share() float64 {
	if r.of == 0 {
		return 0
	}
	return float64(r.hits) / float64(r.of)
}

// z is the 97.5% quantile of the normal distribution.
const z = 1.959963984540054

// wilson is the 95% interval of a share.
func (r rate) wilson() (low, high float64) { return judging.Wilson(r.share(), float64(r.of)) }

// percent writes a share as a percentage with one decimal.
func percent(share float64) string { return fmt.Sprintf("%.1f%%", 100*share) }

func percentRange(low, high float64) string { return fmt.Sprintf("%.1f–%.1f%%", 100*low, 100*high) }

// perThousand writes a rate with one decimal.
func (r rate) perThousand() string {
	if r.of == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f", 1000*r.share())
}

// ratio is a share over another with its 95% interval.
type ratio struct {
	Value, Low, High float64
	known            bool // the other share is not 0
	bounded          bool // there is an interval: neither share is 0
}

// over is the ratio of two independent shares, with the interval of Katz et al.
// (1978, doi 10.2307/2530610), method C: by the logarithm of the ratio.
func (r rate) over(reference rate) ratio {
	if reference.hits == 0 {
		return ratio{}
	}
	out := ratio{Value: r.share() / reference.share(), known: true}
	if r.hits == 0 {
		return out
	}
	spread := z * math.Sqrt((1-r.share())/float64(r.hits)+(1-reference.share())/float64(reference.hits))
	out.Low, out.High, out.bounded = out.Value*math.Exp(-spread), out.Value*math.Exp(spread), true
	return out
}

func (r ratio) String() string {
	if !r.known {
		return "–"
	}
	return fmt.Sprintf("%.2f", r.Value)
}

func (r ratio) interval() string {
	if !r.bounded {
		return "–"
	}
	return fmt.Sprintf("%.2f–%.2f", r.Low, r.High)
}
