package pair

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"rollcall/matchers"
)

// Account is everything that is told of two records.
type Account struct {
	Left  Record `json:"left"`
	Right Record `json:"right"`
	// Compared is false where nothing is known of the comparison.
	Compared bool `json:"compared"`
	// Again says that a run kept nothing of the comparison, which is made again here.
	Again       bool          `json:"computed_again,omitempty"`
	Explanation Explanation   `json:"explanation"`
	Found       bool          `json:"found"`                // among the pairs above the floor
	OnePerson   bool          `json:"one_person,omitempty"` // through other records, though not found
	Accepted    bool          `json:"accepted"`
	Probability float64       `json:"match_probability"`   // among its rivals
	MarginBits  *float64      `json:"margin_bits"`         // over the best alternative; nil when there is none
	Rule        string        `json:"first_rule"`          // that found it
	Decision    string        `json:"decision,omitempty"`  // of people: same or different
	Apart       string        `json:"apart,omitempty"`     // why two that look like one person are kept apart
	JoinedBy    string        `json:"joined_by,omitempty"` // register or roster: the side of which a person shows that the two are one
	Threshold   float64       `json:"threshold"`
	Others      []Alternative `json:"alternatives"` // of either record, the best first
	Verdict     string        `json:"verdict"`
	Notes       []string      `json:"notes"`
}

// Record is one of the two.
type Record struct {
	ID   string `json:"id"`
	File string `json:"file"`
}

// Alternative is another pair of one of the two records.
type Alternative struct {
	Left        string  `json:"left"`
	Right       string  `json:"right"`
	WeightBits  float64 `json:"match_weight_bits"`
	FamilyBits  float64 `json:"family_weight_bits"` // what relatives add
	Probability float64 `json:"match_probability"`
	Accepted    bool    `json:"accepted"`
}

// bits is the evidence of the comparisons and the relatives.
func (a Alternative) bits() float64 { return a.WeightBits + a.FamilyBits }

// floor is the least match probability of the pairs that are kept.
const floor = 0.01

// maxAlternatives is how many other pairs are told.
const maxAlternatives = 5

// Find looks the pair up among scored ones, and the other pairs of its records.
// unordered pairs may stand the other way round; use says which rows count. It
// returns the row, or -1.
func (a *Account) Find(t *Table, unordered bool, use func(row int) bool) int {
	value := func(row int, name string) string {
		if at := t.Column(name); at >= 0 {
			return t.Columns[at].At(row)
		}
		return ""
	}
	number := func(row int, name string) float64 {
		x, _ := strconv.ParseFloat(value(row, name), 64)
		return x
	}
	found := -1
	a.Others = nil
	for row := range t.Rows {
		l, r := value(row, "left_id"), value(row, "right_id")
		ours := l == a.Left.ID && r == a.Right.ID || unordered && l == a.Right.ID && r == a.Left.ID
		near := l == a.Left.ID || r == a.Right.ID || unordered && (l == a.Right.ID || r == a.Left.ID)
		switch {
		case !near || !use(row):
		case ours:
			found = row
		default:
			a.Others = append(a.Others, Alternative{l, r, number(row, "match_weight_bits"), number(row, "family_weight_bits"), number(row, "match_probability"), value(row, "accepted") == "true"})
		}
	}
	slices.SortFunc(a.Others, func(x, y Alternative) int {
		return cmp.Or(cmp.Compare(y.bits(), x.bits()), cmp.Compare(x.Left, y.Left), cmp.Compare(x.Right, y.Right))
	})
	a.Others = a.Others[:min(len(a.Others), maxAlternatives)]
	if found < 0 {
		return -1
	}
	a.Found, a.Accepted = true, value(found, "accepted") == "true"
	a.Probability, a.Rule = number(found, "match_probability"), value(found, "blocking_rule")
	a.Decision, a.Apart, a.JoinedBy = value(found, decisionName), value(found, "apart"), value(found, "joined_by")
	if margin := value(found, "margin_bits"); margin != "" {
		m := number(found, "margin_bits")
		a.MarginBits = &m
	}
	return found
}

// Conclude says in a sentence what became of the pair.
func (a *Account) Conclude() { a.Verdict = a.conclusion() }

func (a *Account) conclusion() string {
	if !a.Found && a.OnePerson {
		return "not linked by themselves, though one person through other records: " + a.whyNotFound()
	}
	if !a.Found {
		return "not linked: " + a.whyNotFound()
	}
	if words := map[string]string{decidedSame: "linked: people decided that the two are one person", decidedDifferent: "not linked: people decided that the two are different"}[a.Decision]; words != "" {
		return words
	}
	how := fmt.Sprintf("probability %.4f beside its rivals", a.Probability)
	how += ", " + a.margin()
	if a.Rule != "" {
		how += "; first found by " + a.Rule
	}
	switch {
	case a.Accepted && a.JoinedBy != "":
		return "linked: one person of the " + a.JoinedBy + " shows that the two are one; " + how
	case a.Accepted:
		return "linked: " + how
	case a.Apart != "":
		return fmt.Sprintf("not linked: kept apart %s; %s", matchers.Apart(a.Apart).Words(), how)
	case a.Probability >= a.Threshold:
		return fmt.Sprintf("not linked, though not below %.4g: one of the two belongs to another; %s", a.Threshold, how)
	case a.Compared && a.Explanation.Probability >= a.Threshold:
		return fmt.Sprintf("not linked: one of the two fits another as well or better; %s; accepted from %.4g on", how, a.Threshold)
	}
	return fmt.Sprintf("not linked: %s; accepted from %.4g on", how, a.Threshold)
}

// margin says how far the pair is from the best assignment that gives either record another partner.
func (a *Account) margin() string {
	switch {
	case a.MarginBits == nil:
		return "no other candidate"
	case *a.MarginBits < 0:
		return fmt.Sprintf("%.1f bits below the best alternative", -*a.MarginBits)
	}
	return fmt.Sprintf("%.1f bits over the best alternative", *a.MarginBits)
}

// whyNotFound says why a pair is not among the scored ones.
func (a *Account) whyNotFound() string {
	has := func(is func(RuleAgree) bool) bool { return slices.ContainsFunc(a.Explanation.Rules, is) }
	switch {
	case a.Explanation.Rules == nil:
		return "no blocking rule brought the two together, or the weight lies below what is kept"
	case a.Explanation.OneRecord:
		return "one record names both, and those are never compared"
	case has(RuleAgree.finds) && a.Explanation.Probability < floor:
		return fmt.Sprintf("the probability lies below %g, and such pairs are not kept", floor)
	case has(RuleAgree.finds):
		return fmt.Sprintf("beside its rivals the probability lies below %g, and such pairs are not kept", floor)
	case has(func(r RuleAgree) bool { return r.TooCommon && !r.OtherSex }):
		return "too many have what the two agree on, and the blocking rules left those out, so they were never compared"
	case has(func(r RuleAgree) bool { return r.Agrees }):
		return "one is a woman and one a man, whom only an identity number brings together, so they were never compared"
	}
	return "no blocking rule brings the two together, so they were never compared"
}

// thresholdBits is the running total from which a pair by itself is accepted.
func (a *Account) thresholdBits() float64 { return oddsBits(a.Threshold) }

// oddsBits are the odds of a probability in bits; those of never and always are
// as good as that.
func oddsBits(p float64) float64 {
	const least = 1e-12
	p = min(max(p, least), 1-least)
	return math.Log2(p) - math.Log2(1-p)
}
