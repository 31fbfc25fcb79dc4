package text

import "math/bits"

// Outline is what bounds how alike a string is to any other, in 32 bytes: most
// pairs are dismissed by their outlines and never compared.
type Outline struct {
	// signature has two bits for each class of characters, in unary: one that
	// stands in the string sets the first, two set both. What the strings have in
	// common is at most the bits in common and the lesser overflow.
	signature uint64
	opening   uint64 // the last 16 bits of the first four characters, the first one lowest
	runes     int32
	overflow  int32 // characters that found both bits of their class set
}

// classes of characters in a signature; a prime, so that neighbours in every
// alphabet differ.
const classes = 31

// NewOutline outlines a string.
func NewOutline(s string) Outline {
	var room [roomy]rune
	o := Outline{}
	for i, r := range characters(room[:0], s) {
		if i < WinklerPrefix {
			o.opening |= uint64(uint16(r)) << (16 * i)
		}
		place := 2 * (uint64(r) % classes)
		switch o.signature >> place & 3 {
		case 0:
			o.signature |= 1 << place
		case 1:
			o.signature |= 2 << place
		default:
			o.overflow++
		}
		o.runes++
	}
	return o
}

// Runes is the length in characters.
func (o *Outline) Runes() int { return int(o.runes) }

// MostCommon is no less than the characters that the two strings have in common,
// each as often as it stands in both.
func (o *Outline) MostCommon(p *Outline) int {
	n := int32(bits.OnesCount64(o.signature&p.signature)) + min(o.overflow, p.overflow)
	return int(min(n, o.runes, p.runes))
}

// LeastEdits is no more than the Levenshtein, OSA and Damerau distances.
func (o *Outline) LeastEdits(p *Outline) int {
	return int(max(o.runes, p.runes)) - o.MostCommon(p)
}

// MostJaro is no less than the Jaro similarity.
func (o *Outline) MostJaro(p *Outline) float64 {
	if o.runes == 0 || p.runes == 0 {
		return 1
	}
	common := o.MostCommon(p)
	if common == 0 {
		return 0
	}
	return jaroScore(common, 0, int(o.runes), int(p.runes))
}

// MostJaroWinkler is no less than the Jaro-Winkler similarity.
func (o *Outline) MostJaroWinkler(p *Outline) float64 {
	prefix := min(bits.TrailingZeros64(o.opening^p.opening)/16, int(o.runes), int(p.runes), WinklerPrefix)
	return Winkler(o.MostJaro(p), prefix)
}

// MostAligned is no less than the TokenAlignment of the words with those outlines:
// each word beside the one that it may be most like, whoever else is.
func MostAligned(a, b []Outline) float64 {
	if len(a)+len(b) == 0 {
		return 1
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	sum := 0.0
	for i := range a {
		most := 0.0
		for j := range b {
			most = max(most, a[i].MostJaroWinkler(&b[j]))
		}
		sum += most
	}
	return 2*sum/float64(len(a)+len(b)) + roundedUp
}

// roundedUp is more than sums of a few similarities in different orders differ by.
const roundedUp = 1e-9
