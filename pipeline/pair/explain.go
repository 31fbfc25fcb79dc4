package pair

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"rollcall/matchers"
	"rollcall/matchers/block"
	"rollcall/matchers/model"
	"rollcall/matchers/text"
)

// Explanation is why two records are thought to be one person, or not.
type Explanation struct {
	PriorBits float64 `json:"prior_bits"` // of any two records, before they are compared
	Steps     []Step  `json:"comparisons"`
	// OtherBits are taken off where something else explains the agreement as well,
	// such as people of one household; 0 or less.
	OtherBits   float64     `json:"other_explanations_bits"`
	WeightBits  float64     `json:"match_weight_bits"`     // sum of the steps and OtherBits
	Family      *Family     `json:"family,omitempty"`      // what relatives say; nil where they say nothing
	Probability float64     `json:"probability_by_itself"` // of this pair, without its rivals
	Kinds       []PairKind  `json:"kinds_of_pair"`         // what the two may be by the comparisons, the likeliest first
	Rules       []RuleAgree `json:"blocking_rules"`        // nil where they were not looked at
	// OneRecord says that one record names both, so that no rule may bring them together.
	OneRecord bool `json:"named_by_one_record,omitempty"`
}

// Step is one comparison of two records.
type Step struct {
	Comparison string `json:"comparison"`
	Left       string `json:"left"`  // as written
	Right      string `json:"right"` // as written
	// What a name in another script may be in Latin letters, where there is more than one
	// reading: rahima|rohima khatun.
	LeftRead  string  `json:"left_read_as,omitempty"`
	RightRead string  `json:"right_read_as,omitempty"`
	Level     string  `json:"level"` // "missing" without a value on a side; "one missing", "both missing" where that weighs something
	Bits      float64 `json:"bits"`
	Within    string  `json:"judged_within,omitempty"`  // another comparison
	Whole     bool    `json:"of_the_records,omitempty"` // known of the two beside the comparisons: no values
}

// PairKind is one thing that two records may be.
type PairKind struct {
	Kind  string  `json:"kind"`
	Words string  `json:"words"`
	Share float64 `json:"probability"`
}

// RuleAgree tells whether two records agree on a blocking rule, and if so, whether it
// brings them together all the same.
type RuleAgree struct {
	Rule      string   `json:"rule"`
	Agrees    bool     `json:"agrees"`
	Differing []string `json:"differing,omitempty"`  // keys of the rule that are not the same
	Missing   []string `json:"missing,omitempty"`    // keys of the rule that one of the two lacks
	OtherSex  bool     `json:"other_sex,omitempty"`  // one is a woman and one a man, and the rule has no identity number
	TooCommon bool     `json:"too_common,omitempty"` // too many have what the two agree on, and were left out
}

// kindWords say what the classes of pairs are.
var kindWords = map[string]string{
	"match":      "one person",
	"household":  "two people of one household",
	"kin":        "two relatives who live apart",
	"namesakes":  "two strangers whose names are alike",
	"neighbours": "two strangers of one place whose names are alike",
	"borrowed":   "two people, of whom one bears the other's identifier",
	"unrelated":  "two strangers",
}

// Explain compares one row of either table by a trained specification and the locale
// pack that it was trained with. In one
// file both tables are the same.
func Explain(left, right *Table, leftRow, rightRow int, spec model.Specification, in Locale) (*Explanation, error) {
	if spec.Parameters == nil {
		return nil, fmt.Errorf("explain: the specification has no parameters")
	}
	o := &Outcome{Left: &Side{Table: left}, Right: &Side{Table: right}, locale: in}
	if left == right {
		o.Right = o.Left
	}
	if err := o.encode(spec); err != nil {
		return nil, err
	}
	w, err := o.weigh(spec, leftRow, rightRow)
	if err != nil {
		return nil, fmt.Errorf("explain: %w", err)
	}
	e, err := ExplainLevels(spec, w.Levels)
	if err != nil {
		return nil, err
	}
	e.AddRules(spec, w)
	for i, c := range spec.Comparisons {
		l, err := left.written(c.Left)
		if err != nil {
			return nil, err
		}
		r, err := right.written(c.Right)
		if err != nil {
			return nil, err
		}
		e.Steps[i].Left, e.Steps[i].Right = l.At(leftRow), r.At(rightRow)
		if c.Kind.Named() {
			e.Steps[i].LeftRead, e.Steps[i].RightRead = readAs(o.Left.File.Columns[i], leftRow), readAs(o.Right.File.Columns[i], rightRow)
		}
	}
	return e, nil
}

// weigh compares two rows. The whole files are encoded, since a value's level depends on
// how common it is.
func (o *Outcome) weigh(spec model.Specification, leftRow, rightRow int) (w matchers.Weighed, err error) {
	right := o.Right.File
	if o.Same() {
		right = nil
	}
	// Which blocks of rules that somebody wrote are too large is part of the model.
	scales, err := matchers.NewScales(o.Left.File, right, spec, false, matchers.Options{})
	if err != nil {
		return w, err
	}
	return scales.Weigh(int32(leftRow), int32(rightRow))
}

// readAs is a name with all readings of its words, "" where there is one of each.
func readAs(names matchers.Column, row int) string {
	if v := names.Values.At(names.Codes[row]); text.Open(v) {
		return v
	}
	return ""
}

// ExplainLevels takes a pair apart by the levels of its comparisons; the values
// are left empty.
func ExplainLevels(spec model.Specification, levels []uint8) (*Explanation, error) {
	of, err := model.Explain(spec, levels)
	if err != nil {
		return nil, fmt.Errorf("explain: %w", err)
	}
	e := &Explanation{PriorBits: of.PriorBits, OtherBits: of.OtherBits, WeightBits: of.WeightBits, Probability: of.Probability}
	for _, t := range of.Terms {
		s := Step{Comparison: t.Comparison, Level: t.Level, Bits: t.Bits, Within: t.Within}
		if s.Level == "" && s.Within == "" {
			s.Level = missingLevel
		}
		e.Steps = append(e.Steps, s)
	}
	for _, c := range of.Classes {
		e.Kinds = append(e.Kinds, PairKind{c.Name, kindWords[c.Name], c.Share})
	}
	return e, nil
}

// AddStep counts in what is known of the two beside the comparisons.
func (e *Explanation) AddStep(s Step) {
	s.Whole = true
	e.Steps = append(e.Steps, s)
	e.WeightBits += s.Bits
	e.Probability = 1 / (1 + math.Exp2(-e.total()))
}

// AddRules tells of each rule of a specification what it makes of the two.
func (e *Explanation) AddRules(spec model.Specification, w matchers.Weighed) {
	written := func(keys []block.Key) []string {
		var out []string
		for _, k := range keys {
			out = append(out, block.Rule{k}.String())
		}
		return out
	}
	e.OneRecord, e.Rules = w.Grouped, make([]RuleAgree, len(w.Rules))
	for i, m := range w.Rules {
		e.Rules[i] = RuleAgree{
			Rule: spec.Blocking[i].String(), Agrees: m.Agrees(), Differing: written(m.Differ), Missing: written(m.Missing),
			OtherSex: m.OtherSex, TooCommon: m.TooCommon,
		}
	}
}

// finds says that the rule brings the two together.
func (r RuleAgree) finds() bool { return r.Agrees && !r.OtherSex && !r.TooCommon }

// Why says why the rule does not bring the two together, "" where it does.
func (r RuleAgree) Why() string {
	var why []string
	if len(r.Differing) > 0 {
		why = append(why, "differs: "+strings.Join(r.Differing, ", "))
	}
	if len(r.Missing) > 0 {
		why = append(why, "missing: "+strings.Join(r.Missing, ", "))
	}
	if r.OtherSex {
		why = append(why, "one is a woman and one a man")
	}
	if r.TooCommon {
		why = append(why, "the same, but too many have it: left out")
	}
	return strings.Join(why, "; ")
}

// Row finds a row by the value of its id column; with an empty column, by its
// number from 1. It is -1 when there is none.
func (t *Table) Row(idColumn, id string) int {
	at := t.Column(idColumn)
	if at < 0 {
		var row int
		if _, err := fmt.Sscanf(id, "%d", &row); err != nil || row < 1 || row > t.Rows {
			return -1
		}
		return row - 1
	}
	c := t.Columns[at]
	for code, v := range c.Values.All() {
		if code > 0 && v == id {
			return slices.Index(c.Codes, uint32(code))
		}
	}
	return -1
}
