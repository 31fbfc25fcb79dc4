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
	Rounds     int
	Converged  bool
	Pairs      string
	Looked     string
	LeftName   string
	RightName  string
	Rejects    []string
	Given      bool
}

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
	if len(s.Decoys) < 2 || s.Accepted == 0 {
		return ""
	}
	left, right := s.Decoys[0].Wrong, s.Decoys[1].Wrong
	return fmt.Sprintf("Checked with decoys: two records of one file are two people, but for duplicates, and relatives are commoner among them. At the rate at which such pairs would have been accepted, between %s and %s of the %s links would be wrong.",
		grouped(int64(math.Round(min(left, right)))), grouped(int64(math.Round(max(left, right)))), grouped(int64(s.Accepted)))
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
		Columns: o.shownColumns(), Rules: o.usedRules(), Rounds: o.Result.Rounds, Converged: o.Result.Converged,
		Pairs: grouped(int64(len(o.Result.Pairs))), Looked: grouped(o.Result.Candidates),
		LeftName: filepath.Base(o.Left.Table.Name), RightName: filepath.Base(o.Right.Table.Name), LevelChart: levelChart(spec), PairChart: o.pairChart(),
	}
	if spec.Parameters != nil {
		p.Household = spec.Parameters.Household > 0
	}
	for i, c := range spec.Comparisons {
		p.Used = append(p.Used, usedComparison{
			Name: c.Name, Left: c.Left, Right: c.Right, Kind: words(string(c.Kind)), Shared: yes(c.Shared),
			Filled: fmt.Sprintf("%s / %s", percent(o.Left.filled(i)), percent(o.Right.filled(i))),
		})
	}
	for _, s := range o.sides() {
		for _, r := range s.Table.Rejected() {
			p.Rejects = append(p.Rejects, s.Table.Name+": "+r)
		}
	}
	return render(w, qualityPage, p)
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

// filled is the share of rows with a value to compare.
func (s *Side) filled(comparison int) float64 {
	return float64(s.known(comparison)) / float64(max(1, s.Table.Rows))
}

// known is how many rows have a value to compare.
func (s *Side) known(comparison int) int64 {
	n := int64(0)
	for _, code := range s.File.Columns[comparison].Codes {
		if code != 0 {
			n++
		}
	}
	return n
}

func (o *Outcome) shownColumns() []columnsOf {
	var out []columnsOf
	for k, s := range o.sides() {
		used := map[string]bool{}
		for _, c := range o.Result.Specification.Comparisons {
			name := c.Left
			if k == 1 {
				name = c.Right
			}
			for _, part := range s.Table.parts(name) {
				used[part] = true
			}
		}
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

// Holds says what a column was taken for.
func Holds(g recognise.Guess) string {
	what := g.Meaning
	switch {
	case g.Kind == recognise.Key:
		return "id of the row"
	case g.Kind == recognise.Ignore && passed[g.Meaning] != "":
		return passed[g.Meaning]
	case g.Kind == recognise.Ignore:
		return "not recognised"
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

// Colours that people with any colour vision tell apart (Okabe and Ito 2008,
// "Color Universal Design").
const (
	forColour     = "#0072B2"
	againstColour = "#D55E00"
	restColour    = "#8A939B"
)

// rarely is the share of matches and of other pairs below which a level is left
// out of the drawing: it practically never occurs, and its weight is a guess.
const rarely = 0.0005

// levelChart draws for each comparison what each of its levels is worth, in
// bits: to the right for a match, to the left against. Each comparison is a
// drawing of its own, in one scale, so that a page can break between them.
func levelChart(spec model.Specification) template.HTML {
	if spec.Parameters == nil {
		return ""
	}
	widest := 1.0
	occurring := make([][]model.Level, len(spec.Parameters.Levels))
	for i, levels := range spec.Parameters.Levels {
		for _, l := range levels {
			if l.M >= rarely || l.U >= rarely {
				occurring[i] = append(occurring[i], l)
				widest = max(widest, math.Abs(l.Bits))
			}
		}
	}
	var all template.HTML
	for i, levels := range occurring {
		if len(levels) > 0 {
			all += comparisonChart(words(spec.Comparisons[i].Name), levels, widest, all == "")
		}
	}
	return all
}

// comparisonChart draws one comparison; widest is the weight in bits of the
// longest bar.
func comparisonChart(name string, levels []model.Level, widest float64, headed bool) template.HTML {
	const labels, half, row = 330.0, 260.0, 20.0
	var body strings.Builder
	y, middle := 6.0, labels+half
	if headed {
		fmt.Fprintf(&body, `<text x="%.0f" y="14" text-anchor="end" class="n">against a match</text><text x="%.0f" y="14" class="n">for a match</text>`, middle-8, middle+8)
		y = 24
	}
	top := y
	fmt.Fprintf(&body, `<text x="0" y="%.0f" class="b">%s</text>`, y+13, template.HTMLEscapeString(name))
	for k := len(levels) - 1; k >= 0; k-- {
		l := levels[k]
		width := max(1, math.Abs(l.Bits)/widest*(half-50))
		x, colour, anchor, textX := middle, forColour, "start", middle+width+6
		if l.Bits < 0 {
			x, colour, anchor, textX = middle-width, againstColour, "end", middle-width-6
		}
		fmt.Fprintf(&body, `<text x="%.0f" y="%.0f" text-anchor="end">%s</text>`, labels, y+13, template.HTMLEscapeString(l.Name))
		fmt.Fprintf(&body, `<rect x="%.1f" y="%.1f" width="%.1f" height="13" fill="%s"><title>%s of matches, %s of other pairs</title></rect>`, x, y+2, width, colour, share(l.M), share(l.U))
		fmt.Fprintf(&body, `<text x="%.1f" y="%.0f" text-anchor="%s" class="n">%+.1f</text>`, textX, y+13, anchor, l.Bits)
		y += row
	}
	fmt.Fprintf(&body, `<line x1="%.0f" y1="%.0f" x2="%.0f" y2="%.0f" stroke="#52606d"/>`, middle, top-2, middle, y)
	return drawing(labels+2*half, y+4, "Weight of each level of "+name+", in bits", &body)
}

func share(x float64) string { return strconv.FormatFloat(100*x, 'g', 3, 64) + "%" }

// pairChart draws how many pairs have which weight, those accepted apart.
func (o *Outcome) pairChart() template.HTML {
	if len(o.Result.Pairs) == 0 {
		return ""
	}
	const step = 2.0 // bits a bar
	low, high := math.Inf(1), math.Inf(-1)
	for _, p := range o.Result.Pairs {
		low, high = min(low, p.WeightBits), max(high, p.WeightBits)
	}
	first := math.Floor(low / step)
	bars := int(math.Floor(high/step)-first) + 1
	accepted, rest := make([]int, bars), make([]int, bars)
	most := 1
	for _, p := range o.Result.Pairs {
		b := int(math.Floor(p.WeightBits/step) - first)
		if p.Accepted {
			accepted[b]++
		} else {
			rest[b]++
		}
		most = max(most, accepted[b]+rest[b])
	}
	const width, height, left, base = 780.0, 200.0, 10.0, 205.0
	barWidth := (width - left) / float64(bars)
	// The square root keeps bars of a few pairs visible beside thousands.
	scale := func(n int) float64 { return math.Sqrt(float64(n)/float64(most)) * height }
	var body strings.Builder
	for b := range bars {
		x := left + float64(b)*barWidth
		top := scale(accepted[b] + rest[b])
		down := top * float64(accepted[b]) / float64(max(1, accepted[b]+rest[b]))
		title := fmt.Sprintf("%.0f to %.0f bits: %d accepted, %d not", (first+float64(b))*step, (first+float64(b)+1)*step, accepted[b], rest[b])
		for _, part := range []struct {
			y, h   float64
			colour string
		}{{base - top, top - down, restColour}, {base - down, down, forColour}} {
			if part.h > 0 {
				fmt.Fprintf(&body, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"><title>%s</title></rect>`, x, part.y, max(1, barWidth-1), part.h, part.colour, title)
			}
		}
		if every := max(1, bars/12); b%every == 0 {
			fmt.Fprintf(&body, `<text x="%.1f" y="%.0f" text-anchor="middle" class="n">%.0f</text>`, x, base+16, (first+float64(b))*step)
		}
	}
	fmt.Fprintf(&body, `<text x="%.0f" y="%.0f" text-anchor="middle">match weight in bits</text>`, width/2, base+36)
	return drawing(width, base+44, "Pairs by weight in bits, accepted and not accepted", &body)
}

// drawing wraps the body of an SVG drawing; title describes it to those who
// cannot see it.
func drawing(width, height float64, title string, body *strings.Builder) template.HTML {
	return template.HTML(fmt.Sprintf(`<svg viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="img" xmlns="http://www.w3.org/2000/svg"><title>%s</title>%s</svg>`,
		width, height, width, height, template.HTMLEscapeString(title), body.String()))
}
