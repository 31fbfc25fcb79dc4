package pair

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"html/template"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"rollcall/matchers/model"
)

//go:embed difference.html
var differencePage string

// Differences of two models or runs: one difference, or one for each linkage of a
// job's run.
type Differences struct {
	Before, After string // what is compared, as named on the command line
	Of            []Difference
}

// mostLevels is how many levels the text names.
const mostLevels = 20

// Print writes the differences as text.
func (d Differences) Print(w io.Writer) {
	fmt.Fprintf(w, "before  %s\nafter   %s\n", d.Before, d.After)
	for _, of := range d.Of {
		if of.Kind != "" {
			fmt.Fprintf(w, "\n== %s ==\n", of.Kind)
		}
		of.print(w)
	}
}

func (d Difference) print(w io.Writer) {
	if d.same() {
		fmt.Fprintln(w, "\nthe same: settings, weights and links")
		return
	}
	if len(d.Settings) > 0 {
		fmt.Fprintf(w, "\n%-44s  %-32s  %s\n", "setting", "before", "after")
	}
	for _, s := range d.Settings {
		fmt.Fprintf(w, "%-44s  %-32s  %s\n", clip(s.Name, 44), clip(orNone(s.Before), 32), orNone(s.After))
	}
	d.printLevels(w)
	if l := d.Links; l != nil {
		fmt.Fprintf(w, "\nlinks %d before, %d after: %d kept, %d appeared, %d vanished; of those kept %d changed their probability by more than %g\n",
			l.Before, l.After, l.Kept, l.Count(Appeared), l.Count(Vanished), l.Count(Changed), notedChange)
	}
	d.printDrifts(w)
}

// same tells whether nothing differs.
func (d Difference) same() bool {
	if len(d.Settings) > 0 || d.Links != nil && len(d.Links.Changes) > 0 {
		return false
	}
	if len(d.moved()) > 0 {
		return false
	}
	for _, x := range d.Drifts {
		if x.Some() {
			return false
		}
	}
	return true
}

// moved are the levels that differ.
func (d Difference) moved() []LevelChange {
	return slices.DeleteFunc(slices.Clone(d.Levels), func(c LevelChange) bool {
		return c.Before != nil && c.After != nil && c.Before.M == c.After.M && c.Before.U == c.After.U
	})
}

func (d Difference) printLevels(w io.Writer) {
	if !d.Trained[0] || !d.Trained[1] {
		fmt.Fprintln(w, "\nweights: only trained models have them to compare")
		return
	}
	moved := d.moved()
	if len(moved) == 0 {
		fmt.Fprintln(w, "\nweights: the same")
		return
	}
	fmt.Fprintf(w, "\n%-44s %8s %8s %8s   %-17s %s\n", "level, in bits", "before", "after", "change", "m", "u")
	for _, c := range moved[:min(len(moved), mostLevels)] {
		r := c.row()
		fmt.Fprintf(w, "%-44s %8s %8s %8s   %-17s %s\n", clip(c.Comparison+": "+c.Level, 44), r.Before, r.After, r.Change, r.M, r.U)
	}
	if more := len(moved) - mostLevels; more > 0 {
		fmt.Fprintf(w, "%d more levels that changed less; --out FILE.html has all\n", more)
	}
}

func (d Difference) printDrifts(w io.Writer) {
	quiet := 0
	for _, s := range d.Drifts {
		if !s.Some() {
			quiet++
		}
	}
	for _, s := range shownDrifts(d.Drifts) {
		if strings.HasPrefix(s.Says, "moved") {
			fmt.Fprintf(w, "drift  %s %s: population stability index %s, by chance %s\n", s.What, s.Says, s.Index, s.Noise)
		}
	}
	if len(d.Drifts) > 0 {
		fmt.Fprintf(w, "drift  %d of %d distributions are steady, or moved no more than chance would\n", quiet, len(d.Drifts))
	}
}

// WriteLinks lists the links that differ, by id.
func (d Differences) WriteLinks(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"linkage", "change", "left_id", "right_id", "accepted_before", "accepted_after", "match_probability_before", "match_probability_after"}); err != nil {
		return err
	}
	for _, of := range d.Of {
		if of.Links == nil {
			continue
		}
		for _, c := range of.Links.Changes {
			p := func(h Held) string {
				if h == (Held{}) {
					return ""
				}
				return strconv.FormatFloat(h.Probability, 'f', 6, 64)
			}
			if err := out.Write([]string{
				of.Kind, c.Change, neutral(c.Left), neutral(c.Right),
				strconv.FormatBool(c.Before.Accepted), strconv.FormatBool(c.After.Accepted), p(c.Before), p(c.After),
			}); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

// levelRow is a level as it is shown.
type levelRow struct{ Name, Before, After, Change, M, U string }

func (c LevelChange) row() levelRow {
	r := levelRow{Name: words(c.Comparison) + ": " + c.Level, Before: "-", After: "-"}
	shares := func(of func(*model.Level) float64) string {
		side := func(l *model.Level) string {
			if l == nil {
				return "-"
			}
			return share(of(l))
		}
		return side(c.Before) + " > " + side(c.After)
	}
	r.M = shares(func(l *model.Level) float64 { return l.M })
	r.U = shares(func(l *model.Level) float64 { return l.U })
	if c.Before != nil {
		r.Before = signed(weightOf(c.Before))
	}
	if c.After != nil {
		r.After = signed(weightOf(c.After))
	}
	if c.Before != nil && c.After != nil {
		r.Change = signed(c.Bits())
	}
	return r
}

// differenceView is one difference on the page.
type differenceView struct {
	Difference
	Same                              bool
	Rows                              []levelRow
	Chart                             template.HTML
	Shown                             []shownDrift
	Appeared, Vanished, Changed, Kept string
	Settings                          []Setting
}

// Page writes the differences as a page that stands alone.
func (d Differences) Page(w io.Writer) error {
	view := struct {
		Before, After string
		Of            []differenceView
	}{d.Before, d.After, nil}
	for _, of := range d.Of {
		v := differenceView{Difference: of, Same: of.same(), Chart: of.chart(), Shown: shownDrifts(of.Drifts), Settings: of.Settings}
		for _, c := range of.moved() {
			v.Rows = append(v.Rows, c.row())
		}
		if l := of.Links; l != nil {
			v.Appeared, v.Vanished = grouped(int64(l.Count(Appeared))), grouped(int64(l.Count(Vanished)))
			v.Changed, v.Kept = grouped(int64(l.Count(Changed))), grouped(int64(l.Kept))
		}
		view.Of = append(view.Of, v)
	}
	return Render(w, differencePage, view)
}

// mostDrawn is how many levels are drawn: those that changed most.
const mostDrawn = 24

// chart draws the weight of levels before and after, those that changed most
// first.
func (d Difference) chart() template.HTML {
	var drawn []LevelChange
	widest := 1.0
	for _, c := range d.Levels {
		if c.Before != nil && c.After != nil && math.Abs(c.Bits()) >= hardly && len(drawn) < mostDrawn {
			drawn = append(drawn, c)
			widest = max(widest, math.Abs(weightOf(c.Before)), math.Abs(weightOf(c.After)))
		}
	}
	if len(drawn) == 0 {
		return ""
	}
	const labels, half, row = 380.0, 240.0, 24.0
	middle := labels + half
	at := func(bits float64) float64 { return middle + bits/widest*(half-24) }
	var body strings.Builder
	fmt.Fprintf(&body, `<text x="%.0f" y="14" text-anchor="end" class="n">against a match</text><text x="%.0f" y="14" class="n">for a match</text>`, middle-8, middle+8)
	y := 24.0
	fmt.Fprintf(&body, `<line x1="%[1]g" x2="%[1]g" y1="20" y2="%.0[2]f" stroke="#9aa5b1"/>`, middle, y+row*float64(len(drawn)))
	for _, c := range drawn {
		before, after := at(weightOf(c.Before)), at(weightOf(c.After))
		r := c.row()
		fmt.Fprintf(&body, `<text x="%.0f" y="%.0f" text-anchor="end">%s</text>`, labels, y+15, template.HTMLEscapeString(clip(r.Name, 52)))
		fmt.Fprintf(&body, `<line x1="%.1f" x2="%.1f" y1="%.0f" y2="%.0f" stroke="#7b8794" stroke-width="3"/>`, before, after, y+11, y+11)
		fmt.Fprintf(&body, `<circle cx="%.1f" cy="%.0f" r="5" fill="#fff" stroke="%s" stroke-width="2"/>`, before, y+11, restColour)
		fmt.Fprintf(&body, `<circle cx="%.1f" cy="%.0f" r="6" fill="%s"><title>%s bits before, %s after</title></circle>`, after, y+11, forColour, r.Before, r.After)
		fmt.Fprintf(&body, `<text x="%.0f" y="%.0f" text-anchor="end" class="n">%s</text>`, labels+2*half+50, y+15, r.Change)
		y += row
	}
	return Drawing(labels+2*half+56, y+4, "Weight of levels in bits before and after, those that changed most first", &body)
}
