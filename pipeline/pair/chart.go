package pair

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"

	"rollcall/matchers/model"
	"rollcall/matchers/quality"
)

// Colours that people with any colour vision tell apart (Okabe and Ito 2008,
// "Color Universal Design").
const (
	forColour     = "#0072B2"
	againstColour = "#D55E00"
	restColour    = "#8A939B"
	matchColour   = "#009E73"

	thresholdColour = "#5B3CC4"
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

// comparisonChart draws one comparison: the weight of each level, and beside it how
// often it comes about among matches and among other pairs. widest is the weight
// in bits of the longest bar.
func comparisonChart(name string, levels []model.Level, widest float64, headed bool) template.HTML {
	const labels, half, shares, numbers, row = 300.0, 185.0, 130.0, 130.0, 22.0
	const widthOfAll = labels + 2*half + 40 + shares + numbers
	var body strings.Builder
	y, middle, from := 6.0, labels+half, labels+2*half+40
	if headed {
		fmt.Fprintf(&body, `<text x="%.0f" y="14" text-anchor="end" class="n">against a match</text><text x="%.0f" y="14" class="n">for a match</text>`, middle-8, middle+8)
		fmt.Fprintf(&body, `<text x="%.0f" y="14" class="n">how often: of matches, of others</text>`, from)
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
		fmt.Fprintf(&body, `<text x="%.0f" y="%.0f" text-anchor="end">%s</text>`, labels, y+14, template.HTMLEscapeString(l.Name))
		fmt.Fprintf(&body, `<rect x="%.1f" y="%.1f" width="%.1f" height="14" fill="%s"><title>%s of matches, %s of other pairs</title></rect>`, x, y+3, width, colour, share(l.M), share(l.U))
		fmt.Fprintf(&body, `<text x="%.1f" y="%.0f" text-anchor="%s" class="n">%s</text>`, textX, y+14, anchor, signed(l.Bits))
		fmt.Fprintf(&body, `<rect x="%.0f" y="%.1f" width="%.1f" height="7" fill="%s"/><rect x="%.0f" y="%.1f" width="%.1f" height="7" fill="%s"/>`,
			from, y+3, max(0.5, l.M*shares), forColour, from, y+10, max(0.5, l.U*shares), restColour)
		fmt.Fprintf(&body, `<text x="%.0f" y="%.0f" class="n">%s · %s</text>`, from+shares+8, y+14, share(l.M), share(l.U))
		y += row
	}
	fmt.Fprintf(&body, `<line x1="%.0f" y1="%.0f" x2="%.0f" y2="%.0f" stroke="#52606d"/>`, middle, top-2, middle, y)
	return Drawing(widthOfAll, y+4, "Levels of "+name+": weight in bits, and how often each comes about among matches and among other pairs", &body)
}

// share writes a share in per cent with two digits, or all before the point.
func share(x float64) string {
	if x >= 0.1 {
		return percent(x)
	}
	return strconv.FormatFloat(100*x, 'g', 2, 64) + "%"
}

// bar of the distribution of pairs by weight.
type weightBar struct {
	accepted, rest   int
	matches, strange float64 // as the model expects
}

// weightBars counts the pairs in bars of quality.StepBits, from the bar first on.
func (o *Outcome) weightBars() (bars []weightBar, first float64) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, p := range o.Result.Pairs {
		low, high = min(low, p.WeightBits), max(high, p.WeightBits)
	}
	first = math.Floor(low / quality.StepBits)
	bars = make([]weightBar, int(math.Floor(high/quality.StepBits)-first)+1)
	prior := priorBits(o.Result.Specification)
	for _, p := range o.Result.Pairs {
		b := &bars[int(math.Floor(p.WeightBits/quality.StepBits)-first)]
		if p.Accepted {
			b.accepted++
		} else {
			b.rest++
		}
		alone := model.Probability((p.WeightBits + prior) * math.Ln2)
		b.matches, b.strange = b.matches+alone, b.strange+1-alone
	}
	return bars, first
}

// pairChart draws how many pairs have which weight, those accepted apart, with
// what the model expects of them as lines and the threshold.
func (o *Outcome) pairChart() template.HTML {
	spec := o.Result.Specification
	if len(o.Result.Pairs) == 0 || spec.Parameters == nil {
		return ""
	}
	bars, first := o.weightBars()
	most := 1.0
	for _, b := range bars {
		most = max(most, float64(b.accepted+b.rest), b.matches, b.strange)
	}
	const width, height, left, base = 900.0, 230.0, 72.0, 260.0 // at the left there is room for 100,000,000
	barWidth := (width - left) / float64(len(bars))
	// The square root keeps bars of a few pairs visible beside thousands.
	scale := func(n float64) float64 { return math.Sqrt(n/most) * height }
	var body strings.Builder
	for _, n := range guides(most) {
		y := base - scale(n)
		fmt.Fprintf(&body, `<line x1="%.0f" x2="%.0f" y1="%.1f" y2="%.1f" stroke="#e4e7eb"/><text x="%.0f" y="%.1f" text-anchor="end" class="n">%s</text>`, left, width, y, y, left-6, y+4, grouped(int64(n)))
	}
	var matches, strange strings.Builder
	for i, b := range bars {
		x := left + float64(i)*barWidth
		top := scale(float64(b.accepted + b.rest))
		down := top * float64(b.accepted) / float64(max(1, b.accepted+b.rest))
		title := fmt.Sprintf("%.0f to %.0f bits: %d accepted, %d not; by the model %.1f are one person", (first+float64(i))*quality.StepBits, (first+float64(i)+1)*quality.StepBits, b.accepted, b.rest, b.matches)
		for _, part := range []struct {
			y, h   float64
			colour string
		}{{base - top, top - down, restColour}, {base - down, down, forColour}} {
			if part.h > 0 {
				fmt.Fprintf(&body, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s" fill-opacity=".75"><title>%s</title></rect>`, x, part.y, max(1, barWidth-1), part.h, part.colour, title)
			}
		}
		if every := max(1, len(bars)/12); i%every == 0 {
			fmt.Fprintf(&body, `<text x="%.1f" y="%.0f" text-anchor="middle" class="n">%.0f</text>`, x, base+16, (first+float64(i))*quality.StepBits)
		}
		fmt.Fprintf(&matches, "%.1f,%.1f ", x+barWidth/2, base-scale(b.matches))
		fmt.Fprintf(&strange, "%.1f,%.1f ", x+barWidth/2, base-scale(b.strange))
	}
	fmt.Fprintf(&body, `<polyline points="%s" fill="none" stroke="%s" stroke-width="2.5"/>`, matches.String(), matchColour)
	fmt.Fprintf(&body, `<polyline points="%s" fill="none" stroke="%s" stroke-width="2.5" stroke-dasharray="2 3"/>`, strange.String(), againstColour)
	weight := thresholdWeight(spec)
	x := min(max(left+(weight/quality.StepBits-first)*barWidth, left), width)
	anchor := "start"
	if x > width-180 {
		anchor = "end"
	}
	fmt.Fprintf(&body, `<line x1="%.1f" x2="%.1f" y1="16" y2="%.0f" stroke="%s" stroke-width="2" stroke-dasharray="6 3"/>`, x, x, base, thresholdColour)
	fmt.Fprintf(&body, `<text x="%.1f" y="13" text-anchor="%s" style="fill:%s" class="b">accepted from %.1f bits on</text>`, x, anchor, thresholdColour, weight)
	fmt.Fprintf(&body, `<text x="%.0f" y="%.0f" text-anchor="middle">match weight in bits</text>`, width/2, base+36)
	title := fmt.Sprintf("Pairs by weight in bits, accepted and not accepted, with what the model expects; accepted from %.1f bits on", weight)
	return Drawing(width, base+44, title, &body)
}

// guides are round numbers of pairs for lines across a drawing, up to most.
func guides(most float64) []float64 {
	var out []float64
	for n := 1.0; n <= most; n *= 10 {
		for _, times := range []float64{1, 3} {
			if n*times <= most && n*times*40 >= most {
				out = append(out, n*times)
			}
		}
	}
	return out
}

// thresholdWeight is the match weight in bits from which a pair by itself is
// accepted.
func thresholdWeight(spec model.Specification) float64 {
	return oddsBits(spec.Threshold) - priorBits(spec)
}

// Drawing wraps the body of an SVG drawing; title describes it to those who
// cannot see it.
func Drawing(width, height float64, title string, body *strings.Builder) template.HTML {
	return template.HTML(fmt.Sprintf(`<svg viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="img" xmlns="http://www.w3.org/2000/svg"><title>%s</title>%s</svg>`,
		width, height, width, height, template.HTMLEscapeString(title), body.String()))
}
