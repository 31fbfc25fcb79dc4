package profile

import (
	"fmt"
	"html/template"
	"math"
	"strings"
	"time"

	"rollcall/pipeline/pair"
)

// Colours that people with any colour vision tell apart (Okabe and Ito 2008,
// "Color Universal Design").
const (
	plainColour  = "#0072B2"
	rightColour  = "#009E73"
	wrongColour  = "#D55E00"
	doubtColour  = "#E69F00"
	absentColour = "#8A939B"
)

// bar of a chart of rows.
type bar struct {
	label  string
	rows   int
	colour string
}

// barChart draws rows as bars, their share of all beside them. With code, labels
// are shapes.
func barChart(title string, bars []bar, all int, code bool) template.HTML {
	const labels, most, numbers, row = 330.0, 400.0, 170.0, 23.0
	class := ""
	if code {
		class = ` class="code"`
	}
	var body strings.Builder
	y := 2.0
	for _, b := range bars {
		if b.rows == 0 {
			continue
		}
		width := max(1.5, float64(b.rows)/float64(max(1, all))*most)
		fmt.Fprintf(&body, `<text x="%.0f" y="%.0f" text-anchor="end"%s>%s<title>%s</title></text>`, labels, y+15, class, escaped(clip(b.label, 42)), escaped(b.label))
		fmt.Fprintf(&body, `<rect x="%.0f" y="%.1f" width="%.1f" height="15" fill="%s"/>`, labels+10, y+3, width, b.colour)
		fmt.Fprintf(&body, `<text x="%.1f" y="%.0f" class="n">%s · %s</text>`, labels+16+width, y+15, percent(b.rows, all), grouped(b.rows))
		y += row
	}
	return pair.Drawing(labels+most+numbers, y+2, title, &body)
}

func escaped(s string) string { return template.HTMLEscapeString(s) }

// histogram draws counts by year or age. A count far above those around it is
// marked, and so is every fifth year from told back, unless it is 0.
func histogram(title string, first int, counts []int, told int) template.HTML {
	const most = 160 // bars; more years than that are put together
	width, step := 900.0, (len(counts)+most-1)/most
	if step > 1 {
		joined := make([]int, (len(counts)+step-1)/step)
		for i, n := range counts {
			joined[i/step] += n
		}
		counts = joined
	}
	const height, left, base = 150.0, 70.0, 168.0
	top := 1
	for _, n := range counts {
		top = max(top, n)
	}
	each := (width - left) / float64(len(counts))
	var body strings.Builder
	for _, n := range roundNumbers(top) {
		y := base - float64(n)/float64(top)*height
		fmt.Fprintf(&body, `<line x1="%.0f" x2="%.0f" y1="%.1f" y2="%.1f" stroke="#e4e7eb"/><text x="%.0f" y="%.1f" text-anchor="end" class="n">%s</text>`, left, width, y, y, left-6, y+4, grouped(n))
	}
	labelled := 10 // years between labels
	for float64(labelled/step)*each < 45 {
		labelled *= 2
	}
	for i, n := range counts {
		x, h := left+float64(i)*each, float64(n)/float64(top)*height
		colour, note := plainColour, ""
		switch {
		case step > 1:
		case heap(counts, i):
			colour, note = wrongColour, ", far more than around it"
		case told > 0 && (told-first-i)%5 == 0:
			colour = doubtColour
		}
		if n > 0 {
			fmt.Fprintf(&body, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"><title>%d: %s%s</title></rect>`, x, base-h, max(0.8, each-1), h, colour, first+i*step, rows(n), note)
		}
		if (first+i*step)%labelled < step {
			fmt.Fprintf(&body, `<text x="%.1f" y="%.0f" text-anchor="middle" class="n">%d</text>`, x+each/2, base+17, first+i*step)
		}
	}
	fmt.Fprintf(&body, `<line x1="%.0f" x2="%.0f" y1="%.1f" y2="%.1f" stroke="#52606d"/>`, left, width, base, base)
	return pair.Drawing(width+20, base+24, title, &body)
}

// heap tells a count far above the mean of the two on either side.
func heap(counts []int, at int) bool {
	const times, deviations = 1.3, 4
	sum, n := 0, 0
	for _, i := range [...]int{at - 2, at - 1, at + 1, at + 2} {
		if i >= 0 && i < len(counts) {
			sum += counts[i]
			n++
		}
	}
	if n < 4 {
		return false
	}
	mean := float64(sum) / float64(n)
	return float64(counts[at]) > times*mean && float64(counts[at]) > mean+deviations*math.Sqrt(mean+1)
}

// roundNumbers are up to four round numbers, the last not above top.
func roundNumbers(top int) []int {
	for unit := 1; unit <= top; unit *= 10 {
		for _, times := range []int{1, 2, 5} {
			if top/(unit*times) <= 4 {
				var out []int
				for n := unit * times; n <= top; n += unit * times {
					out = append(out, n)
				}
				return out
			}
		}
	}
	return nil
}

// dayColours are the colours of days by how many times their share they bear, for
// those that do not stand out.
var dayColours = []struct {
	below  float64
	colour string
}{{1e-9, "#ffffff"}, {0.5, "#eaf1f7"}, {1.5, "#cfe1ee"}, {math.Inf(1), "#9cc3df"}}

// yearMap draws the days of a year, a row for each month: those that bear far more
// dates than their share are visible at a glance.
func yearMap(d *Dates) template.HTML {
	const left, cell, row, top = 84.0, 26.0, 21.0, 20.0
	expected := float64(d.Exact) / 365.25
	loud := map[[2]int]string{}
	for _, day := range d.DaysOfMonth {
		for month := range 12 {
			loud[[2]int{month, day.Day - 1}] = doubtColour
		}
	}
	for _, day := range d.Defaults {
		loud[[2]int{int(day.Month) - 1, day.Day - 1}] = wrongColour
	}
	var body strings.Builder
	for day := range 31 {
		fmt.Fprintf(&body, `<text x="%.1f" y="14" text-anchor="middle" class="n">%d</text>`, left+float64(day)*cell+cell/2, day+1)
	}
	for month := range 12 {
		y := top + float64(month)*row
		fmt.Fprintf(&body, `<text x="%.0f" y="%.1f" text-anchor="end">%v</text>`, left-8, y+15, time.Month(month+1))
		for day := range daysIn(month) {
			n := d.Days[month][day]
			colour := loud[[2]int{month, day}]
			if colour == "" {
				i := 0
				for float64(n) >= dayColours[i].below*expected && i < len(dayColours)-1 {
					i++
				}
				colour = dayColours[i].colour
			}
			fmt.Fprintf(&body, `<rect x="%.1f" y="%.1f" width="%.0f" height="%.0f" fill="%s" stroke="#d5dbe1" stroke-width=".6"><title>%d %v: %s (%s)</title></rect>`,
				left+float64(day)*cell, y, cell-2, row-2, colour, day+1, time.Month(month+1), rows(n), percent(n, d.Exact))
		}
	}
	for _, day := range d.Defaults {
		x, y := left+float64(day.Day-1)*cell, top+float64(day.Month-1)*row
		share := 100 * float64(day.Rows) / float64(d.Exact)
		text := fmt.Sprintf("%.0f%%", share)
		if share < 1 {
			text = "!"
		}
		fmt.Fprintf(&body, `<text x="%.1f" y="%.1f" text-anchor="middle" class="on">%s</text>`, x+cell/2-1, y+14, text)
	}
	return pair.Drawing(left+31*cell, top+12*row+2, "Dates by month and day of the month; days that stand out are marked", &body)
}

// daysIn is how many days a month, from 0 on, has in a leap year.
func daysIn(month int) int {
	const leap = 2000
	return time.Date(leap, time.Month(month+2), 0, 0, 0, 0, 0, time.UTC).Day()
}
