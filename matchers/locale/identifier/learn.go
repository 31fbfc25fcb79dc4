package identifier

import (
	"iter"
	"math"
	"slices"
	"strings"
	"unicode"

	"rollcall/matchers/locale"
)

// Learning a system needs this many numbers of its form, and this share of them
// right. A system of which more random numbers than leastTelling pass is never
// learnt: a column of any digits would follow it.
const (
	minLearnt    = 50
	learntShare  = 0.8
	leastTelling = 0.2
	shortShare   = 0.05
)

// A system of the country that some numbers are wrong in is meant where it is twenty
// times likelier than numbers of another kind, with one number in five wrong at most as
// elsewhere. That a column is called as national numbers are counts as a hundred to one;
// where the form is nearly all that there is to a system, as four right numbers.
const (
	sureOdds      = 20
	generalOdds   = 100
	generalNumber = 4
)

// Learn finds the systems that a column follows: those whose form many of its
// numbers have, and whose check digit, or whose day, sex and place inside are right
// in most of these. Those of the pack's country need not be many, and may have a form
// alone; few numbers in a column that is called by a system are of it, even if none is
// right. column is the header, in words of any language and English.
func Learn(p *locale.Pack, column string, values iter.Seq[string]) Types {
	own := Of(p)
	named := own.named(column)
	return find(func(t *Type) bool {
		return t.chance <= leastTelling || slices.Contains(own, t) || slices.Contains(named, t)
	}).learn(meaning{own, named, general.in(column)}, values)
}

// Mostly tells whether the numbers of a column are those of its systems but for some that
// are mistyped: most have the form of one, or half where the column is called so.
func (ts Types) Mostly(called bool, values iter.Seq[string]) bool {
	const calledShare = 0.5
	least := learntShare
	if called {
		least = calledShare
	}
	all, formed := 0, 0
	for v := range values {
		if n := ts.Read(v); n.Value != "" && n.Problem != ProblemPlaceholder && n.Problem != ProblemMasked && !passport(n.Value) {
			all++
			if n.Type != nil {
				formed++
			}
		}
	}
	return formed > 0 && float64(formed) >= least*float64(all)
}

// Called tells whether a column is called by a system of the pack's country, or as
// national numbers are.
func Called(p *locale.Pack, column string) bool {
	own := Of(p)
	return len(own.named(column)) > 0 || len(own) > 0 && general.in(column)
}

// meaning is what is known of a column before its numbers are looked at: the systems of
// the country, those that it is called by, and whether it is called as national numbers
// are.
type meaning struct {
	own, called Types
	general     bool
}

// headers are words of headers, with _ between and around them.
type headers []string

// general are headers of national numbers that do not say of which country.
var general = headers{
	"_national_id_", "_nationalid_", "_national_identity_", "_national_number_", "_id_number_", "_id_card_", "_identity_number_", "_identity_card_",
	"_identification_", "_identification_number_", "_citizen_id_", "_personal_number_", "_nid_", "_cedula_",
}

func (h headers) in(column string) bool {
	name := plainHeader(column)
	return slices.ContainsFunc(h, func(words string) bool { return strings.Contains(name, words) })
}

// plainHeader is a header in small letters with _ between and around its words.
func plainHeader(column string) string {
	words := strings.FieldsFunc(strings.ToLower(column), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
	for i, w := range words {
		if w == "no" || w == "num" {
			words[i] = "number"
		}
	}
	return "_" + strings.Join(words, "_") + "_"
}

// named are the systems that the name of a column names by a word or some, and those of
// no one country that it names.
func (ts Types) named(column string) Types {
	return find(func(t *Type) bool {
		words := strings.Fields(t.types + " " + t.columns)
		for i, w := range words {
			words[i] = "_" + w + "_"
		}
		return (t.Country == "" || slices.Contains(ts, t)) && headers(words).in(column)
	})
}

// right tells whether the number is right in one of the systems.
func (ts Types) right(written, plain string) bool {
	return slices.ContainsFunc(ts, func(t *Type) bool {
		n := t.read(written, plain)
		return n.Type != nil && n.Problem == ""
	})
}

// tally is how the numbers of a column stand under one system.
type tally struct {
	formed, right int // of its form, and right
	shortest      int // in normal form, of systems of which numbers are shortened
}

func (ts Types) learn(m meaning, values iter.Seq[string]) Types {
	tallies := make([]tally, len(ts))
	all := 0
	for v := range values {
		plain := locale.Code(v)
		if unlikely(plain) != "" {
			continue
		}
		all++
		meant := m.called.right(v, plain)
		for i, t := range ts {
			n := t.read(v, plain)
			if n.Type == nil || meant && !slices.Contains(m.called, t) {
				continue
			}
			tallies[i].formed++
			if n.Problem == "" {
				tallies[i].right++
			}
			if n.Value == plain {
				tallies[i].shortest++
			}
		}
	}
	var out Types
	for i, t := range ts {
		few := float64(tallies[i].formed) < leastLoose*float64(all)
		if m.follows(t, tallies[i]) && !(few && t.loose() && len(m.called) > 0 && !slices.Contains(m.called, t)) {
			out = append(out, t)
		}
	}
	return slices.DeleteFunc(out, func(t *Type) bool { return !slices.Contains(m.called, t) && out.tellMore(t) })
}

// leastLoose is the share of a column that is called by another system from which on it is
// of one that numbers of many lengths fit: less are mistyped.
const leastLoose = 0.2

// loose tells a system that has numbers of more than two lengths and nothing else that
// tells them.
func (t *Type) loose() bool { return t.chance == 1 && len(t.forms) > 2 }

// tellMore tells whether one of the systems has all forms of another that has little but
// its form: what is wrong in the one would be right in the other.
func (ts Types) tellMore(than *Type) bool {
	return than.chance > leastTelling && len(than.forms) > 0 && slices.ContainsFunc(ts, func(t *Type) bool {
		return t.chance <= leastTelling && !slices.ContainsFunc(than.forms, func(form string) bool { return !slices.Contains(t.forms, form) })
	})
}

// follows tells whether a column follows a system.
func (m meaning) follows(t *Type, n tally) bool {
	right, formed := float64(n.right), float64(n.formed)
	own := slices.Contains(m.own, t)
	switch {
	case n.formed == 0:
		return false
	case slices.Contains(m.called, t):
		return n.formed < minLearnt || right >= formed/2
	case t.normal != nil && float64(n.shortest) < shortShare*formed:
		// Seventeen digits are shortened to thirteen where a column has both; alone
		// they may be of another system.
		return false
	case !own:
		return n.formed >= minLearnt && right >= learntShare*formed
	case n.right == n.formed:
		return true
	case t.chance > leastTelling:
		if m.general {
			right, formed = right+generalNumber, formed+generalNumber
		}
		return right >= learntShare*formed
	}
	return right+1 >= formed-right && m.bits(t, n) >= math.Log2(sureOdds)
}

// bits is how much likelier (log2 of the odds) numbers are to be of the system than of
// another kind.
func (m meaning) bits(t *Type, n tally) float64 {
	bits := float64(n.right)*math.Log2(learntShare/t.chance) + float64(n.formed-n.right)*math.Log2((1-learntShare)/(1-t.chance))
	if m.general {
		bits += math.Log2(generalOdds)
	}
	return bits
}
