package report

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"strings"
)

// Colours that people with any colour vision tell apart (Okabe and Ito 2008,
// "Color Universal Design").
const (
	blue       = "#0072B2"
	vermillion = "#D55E00"
	green      = "#009E73"
	orange     = "#E69F00"
	sky        = "#56B4E9"
	purple     = "#CC79A7"
	grey       = "#8A939B"
)

// part is one segment of a stacked bar.
type part struct {
	name, colour string
}

// bar is one row of a bar chart, one value a part.
type bar struct {
	label  string
	values []int64
	shown  string // text at the end of the bar; "" shows the sum
}

func (b bar) sum() int64 {
	var n int64
	for _, v := range b.values {
		n += v
	}
	return n
}

// svg is a drawing in the making, in pixels.
type svg struct {
	body strings.Builder
}

func (s *svg) rect(x, y, w, h float64, colour, title string) {
	fmt.Fprintf(&s.body, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"><title>%s</title></rect>`, x, y, w, h, colour, html.EscapeString(title))
}

func (s *svg) line(x1, y1, x2, y2 float64, class string) {
	fmt.Fprintf(&s.body, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" class="%s"/>`, x1, y1, x2, y2, class)
}

func (s *svg) text(x, y float64, class, text string) {
	fmt.Fprintf(&s.body, `<text x="%.1f" y="%.1f" class="%s">%s</text>`, x, y, class, html.EscapeString(text))
}

// done closes the drawing; title and text describe it to those who cannot see it.
func (s *svg) done(width, height float64, title, text string) template.HTML {
	return template.HTML(fmt.Sprintf(`<svg viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="img" xmlns="http://www.w3.org/2000/svg"><title>%s</title><desc>%s</desc>%s</svg>`,
		width, height, width, height, html.EscapeString(title), html.EscapeString(text), s.body.String()))
}

const (
	chartWidth = 920.0
	labelWidth = 260.0
	valueWidth = 130.0
	rowHeight  = 26.0
	barHeight  = 17.0
	labelRunes = 36
)

func short(label string) string {
	if r := []rune(label); len(r) > labelRunes {
		return string(r[:labelRunes-1]) + "…"
	}
	return label
}

// legend writes the parts in one row and returns the height it took.
func (s *svg) legend(parts []part) float64 {
	if len(parts) < 2 {
		return 4
	}
	x := labelWidth
	for _, p := range parts {
		s.rect(x, 5, 12, 12, p.colour, p.name)
		s.text(x+17, 15.5, "t", p.name)
		x += 30 + 7*float64(len([]rune(p.name)))
	}
	return rowHeight
}

// barChart draws horizontal stacked bars.
func barChart(title string, parts []part, bars []bar) template.HTML {
	if len(bars) == 0 {
		return ""
	}
	s := &svg{}
	y := s.legend(parts)
	most := int64(1)
	for _, b := range bars {
		most = max(most, b.sum())
	}
	scale := (chartWidth - labelWidth - valueWidth) / float64(most)
	said := []string{}
	for _, b := range bars {
		s.text(labelWidth-8, y+13, "t e", short(b.label))
		x := labelWidth
		for i, v := range b.values {
			if v <= 0 {
				continue
			}
			w := max(float64(v)*scale, 1)
			s.rect(x, y, w, barHeight, parts[i].colour, fmt.Sprintf("%s, %s: %s", b.label, parts[i].name, grouped(v)))
			x += w
		}
		shown := b.shown
		if shown == "" {
			shown = grouped(b.sum())
		}
		s.text(x+6, y+13, "t n", shown)
		said = append(said, b.label+" "+shown)
		y += rowHeight
	}
	s.line(labelWidth, 2, labelWidth, y, "axis")
	return s.done(chartWidth, y+4, title, strings.Join(said, "; "))
}

// pyramid draws counts by sex and age band, women to the left.
func pyramid(title string, counts []agedSex) template.HTML {
	if len(counts) == 0 {
		return ""
	}
	byBand := map[string]map[string]int64{}
	most := int64(1)
	for _, c := range counts {
		if byBand[c.Band] == nil {
			byBand[c.Band] = map[string]int64{}
		}
		byBand[c.Band][c.Sex] += c.N
		most = max(most, byBand[c.Band][c.Sex])
	}
	const half, gap = 330.0, 80.0
	middle := chartWidth / 2
	scale := half / float64(most)
	s := &svg{}
	s.text(middle-gap/2, 14, "t e b", "women")
	s.text(middle+gap/2, 14, "t b", "men")
	y := 24.0
	said := []string{}
	for i := len(ageBands) - 1; i >= 0; i-- {
		band := ageBands[i]
		women, men := byBand[band]["female"], byBand[band]["male"]
		if women+men == 0 && band == "not known" {
			continue
		}
		s.text(middle, y+13, "t m", band)
		s.rect(middle-gap/2-float64(women)*scale, y, float64(women)*scale, barHeight, purple, fmt.Sprintf("women %s: %s", band, grouped(women)))
		s.rect(middle+gap/2, y, float64(men)*scale, barHeight, blue, fmt.Sprintf("men %s: %s", band, grouped(men)))
		s.text(middle-gap/2-float64(women)*scale-5, y+13, "t e n", grouped(women))
		s.text(middle+gap/2+float64(men)*scale+5, y+13, "t n", grouped(men))
		said = append(said, fmt.Sprintf("%s: %d women, %d men", band, women, men))
		y += rowHeight
	}
	return s.done(chartWidth, y+2, title, strings.Join(said, "; "))
}

// weightChart draws the bits of each level of each comparison, for to the right
// and against to the left: one drawing a comparison, all in one scale, so that a
// page can break between them.
func weightChart(title string, comparisons []Comparison) template.HTML {
	most := 1.0
	for _, c := range comparisons {
		for _, l := range c.Levels {
			most = max(most, math.Abs(l.Bits))
		}
	}
	var all template.HTML
	for _, c := range comparisons {
		if len(c.Levels) > 0 {
			all += levelsChart(title+", "+c.Name, c, most, all == "")
		}
	}
	return all
}

// levelsChart draws one comparison; most is the weight in bits of the longest bar.
func levelsChart(title string, c Comparison, most float64, headed bool) template.HTML {
	const left, right = 340.0, 60.0
	middle := left + (chartWidth-left-right)/2 + 20
	scale := (chartWidth - right - middle) / most
	s := &svg{}
	top := 4.0
	if headed {
		s.text(middle-10, 13, "t e", "against a match")
		s.text(middle+10, 13, "t", "for a match")
		top = 22
	}
	s.text(8, top+13, "t b", short(strings.ReplaceAll(c.Name, "_", " ")))
	y := top
	said := []string{}
	for _, l := range c.Levels {
		s.text(left-8, y+13, "t e", l.Name)
		tip := fmt.Sprintf("%s, %s: %+.1f bits; in %s of matches and %s of others", c.Name, l.Name, l.Bits, percent(l.M), percent(l.U))
		w := math.Abs(l.Bits) * scale
		if l.Bits >= 0 {
			s.rect(middle, y, w, barHeight, blue, tip)
			s.text(middle+w+5, y+13, "t n", fmt.Sprintf("%+.1f", l.Bits))
		} else {
			s.rect(middle-w, y, w, barHeight, vermillion, tip)
			s.text(middle-w-5, y+13, "t e n", fmt.Sprintf("%+.1f", l.Bits))
		}
		said = append(said, tip)
		y += 22
	}
	s.line(middle, 2, middle, y, "axis")
	return s.done(chartWidth, y+4, title, strings.Join(said, "; "))
}

// bin is one bin of a histogram.
type bin struct {
	Low                int64 // its lower edge
	Accepted, Rejected int64
}

// histogram draws counts on a logarithmic scale, since the pairs that are no
// match outnumber all others.
func histogram(title, unit string, width int64, bins []bin, threshold float64) template.HTML {
	if len(bins) == 0 {
		return ""
	}
	const height, base, left, right = 190.0, 200.0, 56.0, 20.0
	first, last := axis(bins, width, threshold)
	most := int64(1)
	for _, b := range bins {
		most = max(most, b.Accepted+b.Rejected)
	}
	top := math.Ceil(math.Log10(float64(most) + 1))
	tall := func(n int64) float64 { return (height - 20) * math.Log10(float64(n)+1) / top }
	at := func(v float64) float64 {
		return left + (v-float64(first))/float64(last-first)*(chartWidth-left-right)
	}
	s := &svg{}
	for p := 0.0; p <= top; p++ {
		y := base - (height-20)*p/top
		s.line(left, y, chartWidth-right, y, "grid")
		s.text(left-6, y+4, "t e n", grouped(int64(math.Pow(10, p))))
	}
	w := at(float64(first+width)) - at(float64(first))
	for _, b := range bins {
		x := at(float64(b.Low))
		all := tall(b.Accepted + b.Rejected)
		tip := fmt.Sprintf("%d to %d %s: %s accepted, %s not", b.Low, b.Low+width, unit, grouped(b.Accepted), grouped(b.Rejected))
		colour := grey
		if b.Accepted > b.Rejected {
			colour = blue
		}
		s.rect(x+0.5, base-all, max(w-1, 1), all, colour, tip)
	}
	step := max(width, (last-first)/8/width*width)
	for v := first; v <= last; v += step {
		s.text(at(float64(v)), base+16, "t m n", fmt.Sprint(v))
	}
	s.text((left+chartWidth-right)/2, base+34, "t m", unit)
	if !math.IsNaN(threshold) {
		s.line(at(threshold), base-height+8, at(threshold), base, "mark")
		beside, class := 5.0, "t b"
		if at(threshold) > chartWidth/2 { // room for the text is on the other side
			beside, class = -5, "t e b"
		}
		s.text(at(threshold)+beside, base-height+16, class, fmt.Sprintf("threshold %.1f", threshold))
	}
	return s.done(chartWidth, base+42, title, fmt.Sprintf("%d bins from %d to %d %s", len(bins), first, last, unit))
}

// axis is from where to where a histogram reaches: over all its bins, and where there
// is a threshold, a bin further than that on either side.
func axis(bins []bin, width int64, threshold float64) (first, last int64) {
	first, last = bins[0].Low, bins[len(bins)-1].Low+width
	if math.IsNaN(threshold) {
		return first, last
	}
	at := int64(math.Floor(threshold/float64(width))) * width
	return min(first, at-width), max(last, at+2*width)
}

// rateChart draws shares with their intervals.
func rateChart(title string, groups []linkedGroup) template.HTML {
	if len(groups) == 0 {
		return ""
	}
	s := &svg{}
	at := func(share float64) float64 { return labelWidth + share*(chartWidth-labelWidth-valueWidth) }
	y := 22.0
	for _, tick := range []float64{0, 0.25, 0.5, 0.75, 1} {
		s.text(at(tick), 13, "t m n", fmt.Sprintf("%.0f%%", 100*tick))
		s.line(at(tick), 18, at(tick), 22+rowHeight*float64(len(groups)), "grid")
	}
	said := []string{}
	for _, g := range groups {
		low, high := g.Rate.wilson()
		said = append(said, fmt.Sprintf("%s %s (%s)", g.Label, percent(g.Rate.share()), percentRange(low, high)))
		s.text(labelWidth-8, y+13, "t e", short(g.Label))
		if g.Rate.of > 0 {
			s.line(at(low), y+9, at(high), y+9, "whisker")
			fmt.Fprintf(&s.body, `<circle cx="%.1f" cy="%.1f" r="4.5" fill="%s"><title>%s</title></circle>`, at(g.Rate.share()), y+9, blue, html.EscapeString(said[len(said)-1]))
		}
		s.text(chartWidth-valueWidth+12, y+13, "t n", percent(g.Rate.share())+" of "+grouped(g.Rate.of))
		y += rowHeight
	}
	return s.done(chartWidth, y+4, title, strings.Join(said, "; "))
}
