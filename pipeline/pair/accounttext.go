package pair

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// barWidth is the room of the waterfall, in characters.
const barWidth = 36

// hardly is a number of bits that is not worth a line.
const hardly = 0.05

// Print writes an account as text of 160 columns.
func (a *Account) Print(w io.Writer) {
	fmt.Fprintf(w, "%s of %s\n%s of %s\n\n", a.Left.ID, a.Left.File, a.Right.ID, a.Right.File)
	if a.Again {
		fmt.Fprintf(w, "%s\n\n", madeAgain)
	}
	if a.Compared {
		a.printSteps(w)
	}
	fmt.Fprintln(w, a.Verdict)
	if a.Compared {
		a.printRest(w)
	}
	for _, n := range a.Notes {
		fmt.Fprintln(w, "note: "+n)
	}
}

// madeAgain says what a comparison is of which a run kept nothing.
const madeAgain = "The run kept no comparison of these two. This one is computed now, from the run's own records, configuration and model, and is no part of the run."

func (a *Account) printSteps(w io.Writer) {
	e := a.Explanation
	low, high := a.extent()
	fall := waterfall{low: low, scale: float64(barWidth) / math.Max(high-low, 1)}
	const line = "%-16s  %-20s  %-20s  %-30s %7s  %s\n"
	fmt.Fprintf(w, line, "comparison", "left", "right", "agreement", "bits", "running total")
	fmt.Fprintf(w, line, "(to begin with)", "", "", "any two records", signed(e.PriorBits), fall.step(e.PriorBits))
	for _, s := range e.Steps {
		left, right := shown(s.Left), shown(s.Right)
		if s.Whole {
			left, right = "", ""
		}
		fmt.Fprintf(w, line, clip(s.Comparison, 16), clip(left, 20), clip(right, 20), clip(s.agreement(), 30), signed(s.Bits), fall.step(s.Bits))
	}
	if math.Abs(e.OtherBits) > hardly {
		fmt.Fprintf(w, line, "(otherwise)", "", "", clip(e.otherWords(), 30), signed(e.OtherBits), fall.step(e.OtherBits))
	}
	if e.Family != nil {
		fmt.Fprintf(w, line, "(relatives)", "", "", clip(e.Family.Words, 30), signed(e.Family.Bits), fall.step(e.Family.Bits))
	}
	for _, s := range e.Steps {
		for _, read := range []struct{ written, as string }{{s.Left, s.LeftRead}, {s.Right, s.RightRead}} {
			if read.as != "" {
				fmt.Fprintf(w, "%s: %s may be %s\n", s.Comparison, read.written, read.as)
			}
		}
	}
	relatives := ""
	if e.Family != nil {
		e.Family.print(w)
		relatives = fmt.Sprintf(", of the relatives %s", signed(e.Family.Bits))
	}
	fmt.Fprintf(w, "\nweight of the comparisons %s bits%s; with what any two records begin with, %s: probability %.4f by itself\n",
		signed(e.WeightBits), relatives, signed(e.total()), e.Probability)
}

func (a *Account) printRest(w io.Writer) {
	for i, k := range a.Explanation.Kinds {
		label := ""
		if i == 0 {
			label = a.Explanation.judges()
		}
		if i == 0 || k.Share >= leastShare {
			fmt.Fprintf(w, "%-13s %6.2f%%  %s\n", label, 100*k.Share, k.Words)
		}
	}
	for i, o := range a.Others {
		label := ""
		if i == 0 {
			label = "alternatives"
		}
		fmt.Fprintf(w, "%-13s %s bits  probability %.4f  %s with %s%s\n", label, signed(o.bits()), o.Probability, o.Left, o.Right, linkedWord(o.Accepted))
	}
	if rules := a.agreeing(); a.Explanation.Rules != nil {
		fmt.Fprintf(w, "%-13s %d of %d rules find the two: %s\n", "blocking", len(rules), len(a.Explanation.Rules), orNone(strings.Join(rules, ", ")))
	}
	if a.Found {
		return
	}
	for _, r := range a.Explanation.Rules {
		if why := r.Why(); why != "" {
			fmt.Fprintf(w, "  %-58s  %s\n", r.Rule, why)
		}
	}
}

// judges says what the kinds of pair rest on.
func (e *Explanation) judges() string {
	if e.Family != nil {
		return "by comparison" // without the relatives
	}
	return "by the model"
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

func linkedWord(accepted bool) string {
	if accepted {
		return ", linked"
	}
	return ""
}

// agreeing are the rules that find the two.
func (a *Account) agreeing() []string {
	var rules []string
	for _, r := range a.Explanation.Rules {
		if r.finds() {
			rules = append(rules, r.Rule)
		}
	}
	return rules
}

// extent is the least and the greatest running total.
func (a *Account) extent() (low, high float64) {
	e := a.Explanation
	total := e.PriorBits
	low, high = math.Min(0, total), math.Max(0, total)
	for _, s := range e.Steps {
		total += s.Bits
		low, high = math.Min(low, total), math.Max(high, total)
	}
	for _, bits := range []float64{e.OtherBits, e.familyBits()} {
		total += bits
		low, high = math.Min(low, total), math.Max(high, total)
	}
	return low, high
}

// agreement says how well the two agree in a step.
func (s Step) agreement() string {
	switch {
	case s.Within != "":
		return "judged within " + s.Within
	case s.Level == missingLevel && !missing(s.Left) && !missing(s.Right):
		return "not comparable" // numbers of two systems, or what is not understood
	}
	if larger, ok := strings.CutSuffix(s.Level, " equal"); ok { // of a place
		if missing(s.Left) || missing(s.Right) {
			return "same " + larger
		}
		return "same " + larger + ", other " + s.Comparison
	}
	return s.Level
}

// otherWords says what else explains the agreement best.
func (e Explanation) otherWords() string {
	for _, k := range e.Kinds {
		if k.Kind != "match" && k.Kind != "unrelated" {
			return k.Words
		}
	}
	return "other explanations"
}

// waterfall draws steps from one running total to the next.
type waterfall struct {
	low, scale, total float64
}

// step draws a change and moves the total: # for, - against, | the new total.
func (f *waterfall) step(bits float64) string {
	from := f.total
	f.total += bits
	a := int(math.Round((from - f.low) * f.scale))
	b := int(math.Round((f.total - f.low) * f.scale))
	mark := "#"
	if bits < 0 {
		mark = "-"
	}
	start, end := min(a, b), max(a, b)
	cells := []rune(strings.Repeat(" ", start) + strings.Repeat(mark, end-start) + " ")
	cells[b] = '|'
	return fmt.Sprintf("%-*s %s", barWidth+1, string(cells), strconv.FormatFloat(f.total, 'f', 1, 64))
}

// signed writes bits with their sign; what rounds to nothing is +0.0.
func signed(bits float64) string {
	return strings.Replace(fmt.Sprintf("%+.1f", bits), "-0.0", "+0.0", 1)
}

func shown(value string) string {
	if value == "" {
		return "(none)"
	}
	return value
}

func clip(s string, width int) string {
	if r := []rune(s); len(r) > width {
		return string(r[:width-1]) + "…"
	}
	return s
}
