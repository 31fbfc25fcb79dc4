package block

import "math/bits"

// Drawn is pairs of records of one person, found or not, as a model has them:
// the keys on which each agrees, as bits, and what it counts.
type Drawn struct {
	Agreement []uint64
	Weights   []float64
}

// Expected is what a rule is expected to find of the true pairs.
type Expected struct {
	Found, Alone float64 // share that it finds, and that no other rule finds
	Together     float64 // share that it and the rules before it find
}

// Expect says what rules, each as the bits of its keys, find of the drawn pairs.
func (d Drawn) Expect(rules []uint64) []Expected {
	out := make([]Expected, len(rules))
	all := 0.0
	for i, agreement := range d.Agreement {
		all += d.Weights[i]
		finders, only := 0, 0
		for r, mask := range rules {
			if agreement&mask == mask {
				out[r].Found += d.Weights[i]
				finders++
				only = r
			}
			if finders > 0 {
				out[r].Together += d.Weights[i]
			}
		}
		if finders == 1 {
			out[only].Alone += d.Weights[i]
		}
	}
	for r := range out {
		out[r].Found, out[r].Alone, out[r].Together = out[r].Found/all, out[r].Alone/all, out[r].Together/all
	}
	return out
}

// Masks are rules as bits of keys; ok is false where a key is not among them.
func Masks(rules []Rule, keys []Key) (masks []uint64, ok bool) {
	for _, rule := range rules {
		var mask uint64
		for _, key := range rule {
			for at, k := range keys {
				if k.Column == key.Column && (k.Transform == key.Transform || exact(k) && exact(key)) {
					mask |= 1 << at
				}
			}
		}
		if bits.OnesCount64(mask) != len(rule) {
			return nil, false
		}
		masks = append(masks, mask)
	}
	return masks, true
}
