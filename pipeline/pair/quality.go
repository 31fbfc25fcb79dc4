package pair

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"rollcall/matchers"
	"rollcall/matchers/model"
	"rollcall/matchers/recognise"
)

//go:embed quality.html
var qualityPage string

// page is what quality.html shows.
type page struct {
	Summary
	Title      string
	Same       bool
	Precision  estimate
	Levels     []shownThreshold
	DecoyLine  string // "" without decoys
	Recall     estimate
	Accepts    string // number of links
	People     string // different ones, in one file
	LeftRows   string
	RightRows  string
	AtLeast    string
	Columns    []columnsOf
	Used       []usedComparison
	Rules      []usedRule
	LevelChart template.HTML
	PairChart  template.HTML
	Household  bool
	Lacking    []shownMissing
	Rounds     int
	Converged  bool
	Learnt     bool // here, not by a model that was given
	Assumed    bool
	Pairs      string
	Looked     string
	LeftName   string
	RightName  string
	Rejects    []string
	Given      bool
	Refused    []shownMiss
	Weakest    []shownMiss
	Unlinkable []shownUnlinkable
	Drifts     []shownDrift
	Origin     *Origin
}

// shownMissing is a line of the table of missing values.
type shownMissing struct{ Comparison, Pairs, Odds, One, Both string }

// shownThreshold is a line of the table of thresholds.
type shownThreshold struct {
	Purpose, Threshold, Accepted string
	Precision, Recall            estimate
}

// shownThresholds writes the table of thresholds.
func (s Summary) shownThresholds() []shownThreshold {
	var out []shownThreshold
	for _, t := range s.Thresholds {
		out = append(out, shownThreshold{
			Purpose: t.Purpose, Threshold: strconv.FormatFloat(t.Threshold, 'g', 4, 64), Accepted: grouped(int64(t.Accepted)),
			Precision: expected(t.ExpectedPrecision), Recall: expected(t.ExpectedRecall),
		})
	}
	return out
}

// decoyLine says how often pairs that are two people would have been accepted.
func (s Summary) decoyLine() string {
	if len(s.Decoys) == 0 || s.Accepted == 0 {
		return ""
	}
	low, high := s.Decoys[0].Wrong, s.Decoys[0].Wrong
	for _, d := range s.Decoys {
		low, high = min(low, d.Wrong), max(high, d.Wrong)
	}
	return fmt.Sprintf("Checked with decoys: two records of one file are two people, but for duplicates, and relatives are commoner among them. At the rate at which such pairs would have been accepted, %s to %s of the %s links would be wrong.",
		grouped(int64(math.Round(low))), grouped(int64(math.Round(high))), grouped(int64(s.Accepted)))
}

// estimate is a share with its range, in words.
type estimate struct{ Value, Range string }

type columnsOf struct {
	File    string
	Guesses []shownGuess
}

type shownGuess struct {
	Column, Holds, Why string
	Confidence         string
	Used               bool
}

type usedComparison struct {
	Name, Left, Right, Kind, Shared string
	Filled                          string
}

type usedRule struct {
	Rule    string
	Pairs   string
	Cut     string // columns by which very large blocks were cut apart; "" for none
	Dropped string // "" for none
}

func (o *Outcome) writeQuality(w io.Writer, summary Summary) error {
	spec := o.Result.Specification
	p := page{
		Summary: summary, Same: o.Same(), Title: o.title(), Given: o.Given,
		Precision: expected(summary.ExpectedPrecision), Recall: expected(summary.ExpectedRecall),
		Levels: summary.shownThresholds(), DecoyLine: summary.decoyLine(),
		Accepts: grouped(int64(summary.Accepted)), People: grouped(int64(summary.Entities)),
		LeftRows: grouped(int64(o.Left.Table.Rows)), RightRows: grouped(int64(o.Right.Table.Rows)),
		AtLeast: strconv.FormatFloat(summary.Threshold, 'g', 4, 64),
		Columns: o.shownColumns(), Rules: o.usedRules(), Rounds: o.Result.Rounds, Converged: o.Result.Converged, Learnt: o.learnt, Assumed: o.Result.Assumed,
		Pairs: grouped(int64(len(o.Result.Pairs))), Looked: grouped(o.Result.Candidates),
		LeftName: filepath.Base(o.Left.Table.Name), RightName: filepath.Base(o.Right.Table.Name), LevelChart: levelChart(spec), PairChart: o.pairChart(),
	}
	refused, weakest := o.nearMisses()
	p.Refused, p.Weakest = o.shownMisses(refused), o.shownMisses(weakest)
	p.Unlinkable, p.Drifts, p.Origin = o.shownUnlinkable(), shownDrifts(o.drifts()), o.origin
	for _, m := range summary.Missing {
		p.Lacking = append(p.Lacking, shownMissing{
			words(m.Comparison), grouped(int64(m.Pairs)), strconv.FormatFloat(m.OddsRatio, 'f', 1, 64), signed(m.OneBits), signed(m.BothBits),
		})
	}
	if spec.Parameters != nil {
		p.Household = spec.Parameters.Household > 0
	}
	for i, c := range spec.Comparisons {
		p.Used = append(p.Used, usedComparison{
			Name: c.Name, Left: c.Left, Right: c.Right, Kind: words(string(c.Kind)), Shared: yes(c.Shared),
			Filled: fmt.Sprintf("%s / %s", percent(o.Left.filledShare(i)), percent(o.Right.filledShare(i))),
		})
	}
	for _, s := range o.sides() {
		for _, r := range s.Table.Rejected() {
			p.Rejects = append(p.Rejects, s.Table.Name+": "+r)
		}
	}
	return Render(w, qualityPage, p)
}

func (o *Outcome) sides() []*Side {
	if o.Same() {
		return []*Side{o.Left}
	}
	return []*Side{o.Left, o.Right}
}

func (o *Outcome) title() string {
	if o.Same() {
		return "Records of " + filepath.Base(o.Left.Table.Name) + " that are one person"
	}
	return filepath.Base(o.Left.Table.Name) + " linked with " + filepath.Base(o.Right.Table.Name)
}

// filledShare is the share of rows with a value to compare.
func (s *Side) filledShare(comparison int) float64 {
	return float64(s.filled[comparison]) / float64(max(1, s.Table.Rows))
}

// filled is how many rows have a value to compare.
func filled(c matchers.Column) int64 {
	n := int64(0)
	for _, code := range c.Codes {
		if code != 0 {
			n++
		}
	}
	return n
}

func (o *Outcome) shownColumns() []columnsOf {
	var out []columnsOf
	for k, s := range o.sides() {
		used := o.used(k)
		shown := columnsOf{File: filepath.Base(s.Table.Name)}
		for _, g := range s.Guesses {
			shown.Guesses = append(shown.Guesses, shownGuess{
				Column: g.Column, Holds: Holds(g), Why: g.Why, Confidence: percent(g.Confidence), Used: used[g.Column],
			})
		}
		out = append(out, shown)
	}
	return out
}

// passed are the meanings of columns that are recognised and not compared.
var passed = map[string]string{
	"household": "household number", "other date": "another date", "key": "another number", "age": "age", "full": "full name", "status": "about the record",
}

const notRecognised = "not recognised"

// Holds says what a column was taken for.
func Holds(g recognise.Guess) string {
	what := g.Meaning
	switch {
	case g.Kind == recognise.Key:
		return "id of the row"
	case g.Kind == recognise.Ignore && passed[g.Meaning] != "":
		return passed[g.Meaning]
	case g.Kind == recognise.Ignore:
		return notRecognised
	case what == "":
		what = words(string(g.Kind))
	}
	if g.Kind == model.Date {
		what = "date of " + what
	} else if g.Kind == model.GivenName || g.Kind == model.FamilyName || g.Kind == model.FullName {
		what += " name"
	}
	if g.Subject != "" {
		what = g.Subject + ": " + what
	}
	return what
}

func (o *Outcome) usedRules() []usedRule {
	var out []usedRule
	for i, r := range o.Result.Specification.Blocking {
		u := usedRule{Rule: r.String()}
		if i < len(o.Result.RulePairs) {
			u.Pairs = grouped(o.Result.RulePairs[i])
		}
		if i < len(o.Result.RuleRefined) {
			u.Cut = strings.Join(o.Result.RuleRefined[i], ", ")
		}
		if i < len(o.Result.RuleDropped) && o.Result.RuleDropped[i] > 0 {
			u.Dropped = grouped(o.Result.RuleDropped[i])
		}
		out = append(out, u)
	}
	return out
}

func words(code string) string { return strings.ReplaceAll(code, "_", " ") }

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

func percent(x float64) string { return strconv.FormatFloat(100*x, 'f', 0, 64) + "%" }

// expected writes an estimate in per cent and the range that it lies in; "not
// estimated" when there is none.
func expected(e [3]float64) estimate {
	if e == [3]float64{} {
		return estimate{Value: "not estimated"}
	}
	return estimate{fmt.Sprintf("%.1f%%", 100*e[1]), fmt.Sprintf("between %.1f%% and %.1f%%", 100*e[0], 100*e[2])}
}

// grouped writes a count with commas between thousands.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// shownUnlinkable tells of the records of one file that no partner could reach.
type shownUnlinkable struct {
	File, Looked, Weak, WeakShare, Unfound string
	Reasons                                []shownReason
}

type shownReason struct{ Lack, Records, Share string }

// shownReasons is how many reasons are told.
const shownReasons = 8

func (o *Outcome) shownUnlinkable() []shownUnlinkable {
	var out []shownUnlinkable
	for k, s := range o.sides() {
		u := o.Result.Unlinkable[k]
		share := func(n int) string {
			return strconv.FormatFloat(100*float64(n)/float64(max(1, u.Records)), 'f', 1, 64) + "%"
		}
		shown := shownUnlinkable{File: filepath.Base(s.Table.Name), Looked: grouped(int64(u.Records)), Weak: grouped(int64(u.Weak)), WeakShare: share(u.Weak)}
		if u.Unfound > 0 {
			shown.Unfound = grouped(int64(u.Unfound))
		}
		for _, r := range u.Reasons[:min(len(u.Reasons), shownReasons)] {
			lack := "has all values, and they are too common"
			if len(r.Missing) > 0 {
				lack = "lacks " + strings.Join(r.Missing, ", ")
			}
			shown.Reasons = append(shown.Reasons, shownReason{words(lack), grouped(int64(r.Records)), share(r.Records)})
		}
		out = append(out, shown)
	}
	return out
}
