package pair

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

//go:embed account.html
var accountPage string

// accountView is what the page of a pair shows.
type accountView struct {
	*Account
	Decision  string // linked or not
	How       string // the verdict without the decision
	LeftFile  string
	RightFile string
	Beside    string // probability
	Bars      []barRow
	Ticks     []tick
	Threshold tick
	Kinds     []kindRow
	Rest      int // further kinds, none of which reaches leastShare
	Total     string
	Weight    string
	Alone     string
	AcceptAt  string
	Agreeing  []string
	Silent    []RuleAgree // rules that do not find the two; none where the pair was found
	MadeAgain string
	Margin    string
	Relatives string // what they say together
	Others    []otherRow
}

// barRow is one step of the waterfall.
type barRow struct {
	Name, Left, Right, Agreement, Bits, Total string
	Class                                     string // for, against, missing or begin; relative has no bar
	Bar                                       template.HTML
	Whole                                     bool // no comparison of two values
}

// tick is a mark on the axis: per cent from its left end.
type tick struct {
	At    string
	Label string
}

type kindRow struct {
	Words, Share string
	Width        string // per cent
	Match        bool
}

type otherRow struct {
	Alternative
	Bits, Chance string
}

// Page writes an account as a page that stands alone.
func (a *Account) Page(w io.Writer) error {
	v := accountView{
		Account: a, Decision: "Not linked", LeftFile: filepath.Base(a.Left.File), RightFile: filepath.Base(a.Right.File), Beside: chance(a.Probability), Alone: chance(a.Explanation.Probability),
		Weight: signed(a.Explanation.WeightBits), Total: signed(a.Explanation.total()),
		AcceptAt: strconv.FormatFloat(a.Threshold, 'g', 4, 64), Agreeing: a.agreeing(),
	}
	if a.Accepted {
		v.Decision = "Linked"
	}
	_, v.How, _ = strings.Cut(a.Verdict, "linked")
	v.How = strings.TrimLeft(v.How, ":, ")
	if a.Again {
		v.MadeAgain = madeAgain
	}
	if !a.Found {
		v.Silent = slices.DeleteFunc(slices.Clone(a.Explanation.Rules), RuleAgree.finds)
	}
	if a.MarginBits != nil {
		v.Margin = a.margin()
	}
	if a.Compared {
		v.draw()
	}
	for i, k := range a.Explanation.Kinds {
		if i > 0 && k.Share < leastShare {
			v.Rest++
			continue
		}
		v.Kinds = append(v.Kinds, kindRow{k.Words, chance(k.Share), fmt.Sprintf("%.2f", 100*k.Share), k.Kind == "match"})
	}
	for _, o := range a.Others {
		v.Others = append(v.Others, otherRow{o, signed(o.bits()), chance(o.Probability)})
	}
	return Render(w, accountPage, v)
}

// leastShare is the least probability of a kind of pair that is worth a line.
const leastShare = 0.0001

// chance writes a probability in per cent, with as many digits as tell it from
// never and always.
func chance(p float64) string {
	switch {
	case p > 0.9999 && p < 1:
		return "over 99.99%"
	case p > 0 && p < leastShare:
		return "under 0.01%"
	}
	return strconv.FormatFloat(100*p, 'f', 2, 64) + "%"
}

// axis is the scale of a waterfall: the running total from low to high, in bits.
type axis struct{ low, high float64 }

// at is a place on the axis, 0 to 100.
func (x axis) at(bits float64) float64 { return 100 * (bits - x.low) / (x.high - x.low) }

// draw makes the rows of the waterfall.
func (v *accountView) draw() {
	e := v.Explanation
	low, high := v.extent()
	low, high = math.Min(low, v.thresholdBits()), math.Max(high, v.thresholdBits())
	room := 0.04 * (high - low)
	x := axis{low - room, high + room}
	v.Ticks = x.ticks()
	v.Threshold = tick{fmt.Sprintf("%.2f", x.at(v.thresholdBits())), "accepted from here"}
	total := 0.0
	add := func(r barRow, bits float64) {
		from := total
		total += bits
		r.Bits, r.Total = signed(bits), signed(total)
		if r.Class == "" {
			r.Class = "for"
			if bits < 0 {
				r.Class = "against"
			}
		}
		r.Bar = x.bar(from, total, v.thresholdBits(), r.Class)
		v.Bars = append(v.Bars, r)
	}
	add(barRow{Name: "Start", Agreement: "any two records", Class: "begin", Whole: true}, e.PriorBits)
	for _, s := range e.Steps {
		r := barRow{Name: words(s.Comparison), Left: withReadings(s.Left, s.LeftRead), Right: withReadings(s.Right, s.RightRead), Agreement: s.agreement(), Whole: s.Whole}
		if s.Level == missingLevel || s.Within != "" {
			r.Class = "missing"
		}
		add(r, s.Bits)
	}
	if math.Abs(e.OtherBits) > hardly {
		add(barRow{Name: "Taken off", Agreement: e.otherWords() + " would explain it too", Whole: true}, e.OtherBits)
	}
	if e.Family != nil {
		add(barRow{Name: "Relatives", Agreement: e.Family.Words, Whole: true}, e.Family.Bits)
		v.Bars = append(v.Bars, e.Family.bars()...)
		v.Relatives = e.Family.whole()
	}
}

// withReadings is a name as written with what it may be in Latin letters.
func withReadings(written, read string) string {
	if read == "" {
		return written
	}
	return written + " (" + read + ")"
}

// ticks are at whole numbers of bits, at most seven.
func (x axis) ticks() []tick {
	steps := []float64{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000}
	step := steps[slices.IndexFunc(steps, func(s float64) bool { return (x.high-x.low)/s <= 7 || s == 1000 })]
	var out []tick
	for b := math.Ceil(x.low/step) * step; b <= x.high; b += step {
		label := fmt.Sprintf("%+.0f", b)
		if b == 0 {
			label = "0"
		}
		out = append(out, tick{fmt.Sprintf("%.2f", x.at(b)), label})
	}
	return out
}

func percentOf(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) + "%" }

// bar draws a step: a bar from one running total to the next, the line of even
// odds and that of the threshold. What it says stands in words beside it.
func (x axis) bar(from, to, threshold float64, class string) template.HTML {
	var b strings.Builder
	b.WriteString(`<svg aria-hidden="true" focusable="false">`)
	line := func(bits float64, class string) {
		fmt.Fprintf(&b, `<line x1="%[1]s" x2="%[1]s" y1="0" y2="100%%" class="%[2]s"/>`, percentOf(x.at(bits)), class)
	}
	line(0, "even")
	left, right := x.at(min(from, to)), x.at(max(from, to))
	fmt.Fprintf(&b, `<rect x="%s" y="20%%" width="%s" height="60%%" class="%s"/>`, percentOf(left), percentOf(right-left), class)
	line(to, "now")
	line(threshold, "accept")
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}
