package family

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"unicode"

	"rollcall/pipeline/pair"
)

// The picture has the register at the left, the household at the right, and between
// them the lines, which say at their left end what they weigh. Either tree grows towards
// the middle, so that no branch crosses a line. All are pixels.
const (
	drawnWidth = 1100.0
	boxRight   = 405.0 // right end of the register's boxes
	lineBend   = 585.0 // here lines leave the height of their left end
	boxLeft    = 690.0 // left end of the household's boxes
	indent     = 24.0
	padding    = 9.0
	gap        = 9.0  // between boxes
	unionGap   = 26.0 // between a couple of whom a marriage is known
	treeGap    = 26.0 // between families
)

// styled are the kinds of text in the picture: class, height of a line, and pixels an
// em.
type styled struct {
	class       string
	line, emPix float64
}

var (
	nameText  = styled{"name", 20, 16} // of 15 pixels, and bold
	factText  = styled{"fact", 18, 13}
	paperText = styled{"paper", 16, 12}
)

// box is a node in its place.
type box struct {
	node
	X, Y, Width, Height float64
	Mark                float64 // y of the number of the line
	Texts               []boxText
}

type boxText struct {
	styled
	Text string
}

func (b box) middle() float64 { return b.Y + b.Height/2 }

// placed is a tree in its place.
type placed struct {
	tree
	side
	Y     float64 // of the title
	Boxes []box
}

// side is where a tree stands.
type side struct {
	name     string
	from, to float64 // x
	outwards float64 // direction in which its roots lie: -1 left, 1 right
}

var (
	register = side{"register", 0, boxRight, -1}
	roster   = side{"roster", boxLeft, drawnWidth, 1}
)

// room is the place of a box so many steps from its root.
func (d side) room(depth int) (x, width float64) {
	step := indent * float64(depth)
	if d.outwards > 0 {
		return d.from, d.to - d.from - step
	}
	return d.from + step, d.to - d.from - step
}

// stem is the x of the branches that leave a box.
func (d side) stem(b box) float64 {
	if d.outwards > 0 {
		return b.X + b.Width - indent/2
	}
	return b.X + indent/2
}

// outer and inner are the ends of a box, the inner one in the middle of the picture.
func (d side) outer(b box) float64 {
	if d.outwards > 0 {
		return b.X + b.Width
	}
	return b.X
}

func (d side) inner(b box) float64 {
	if d.outwards > 0 {
		return b.X
	}
	return b.X + b.Width
}

// Draw makes the picture of a sheet.
func (s *Sheet) Draw() template.HTML {
	left, right := s.trees()
	var drawn []placed
	y := 0.0
	for _, t := range left {
		p, end := t.place(register, y, s.labelHeight)
		drawn = append(drawn, p)
		y = end + treeGap
	}
	var household placed
	height := 20.0
	if right != nil {
		household, height = right.place(roster, 0, func(string) float64 { return 0 })
	}
	height = max(height, y)
	var b strings.Builder
	s.drawLines(&b, drawn, household)
	for _, p := range drawn {
		p.draw(&b)
	}
	if right != nil {
		household.draw(&b)
	} else {
		fmt.Fprintf(&b, `<text x="%.0f" y="16" class="fact">No household is linked to this family.</text>`, boxLeft)
	}
	if s.FamiliesLeftOut > 0 {
		fmt.Fprintf(&b, `<text x="0" y="%s" class="fact">and %s</text>`, px(y), counted(s.FamiliesLeftOut, "more family", "more families"))
		height = max(height, y+10)
	}
	if len(left) == 0 {
		b.WriteString(`<text x="0" y="16" class="fact">Nobody of the register is linked to this household.</text>`)
	}
	return pair.Drawing(drawnWidth, height, s.described(), &b)
}

// described says what the picture shows, for those who cannot see it.
func (s *Sheet) described() string {
	accepted := len(s.accepted())
	return fmt.Sprintf("%s of the register with %s beside %s of a household; %s. The tables below have the same in words.",
		counted(len(s.Families), "family", "families"), counted(len(s.Persons), "person", "people"), counted(len(s.members()), "member", "members"), counted(accepted, "line", "lines"))
}

func (s *Sheet) accepted() []Line {
	return slices.DeleteFunc(slices.Clone(s.Lines), func(l Line) bool { return !l.Accepted })
}

// mostCandidates is how many lines that were not accepted are drawn of one person; the
// table has them all.
const mostCandidates = 2

// linesOf are the lines of one of the register that are drawn, the accepted first.
func (s *Sheet) linesOf(person string) []Line {
	var out []Line
	candidates := 0
	for _, l := range s.Lines {
		if l.Person != person {
			continue
		}
		if !l.Accepted {
			if candidates++; candidates > mostCandidates {
				continue
			}
		}
		out = append(out, l)
	}
	return out
}

// Heights of what a line says at its left end.
const (
	acceptedLabel  = 38.0
	candidateLabel = 20.0
)

func (l Line) labelHeight() float64 {
	if l.Accepted {
		return acceptedLabel
	}
	return candidateLabel
}

// beneath is how far beneath the top of its label a line runs: what is accepted has text
// above and below it.
func (l Line) beneath() float64 {
	if l.Accepted {
		return acceptedLabel / 2
	}
	return candidateLabel - 3
}

// labelHeight is the room that the lines of one of the register want.
func (s *Sheet) labelHeight(person string) float64 {
	sum := 0.0
	for _, l := range s.linesOf(person) {
		sum += l.labelHeight()
	}
	return sum
}

// place puts the boxes of a tree beneath each other, and tells where they end. least is
// the least height of the box of an id.
func (t tree) place(at side, y float64, least func(string) float64) (placed, float64) {
	p := placed{tree: t, side: at, Y: y}
	y += 20
	if t.About != "" {
		y += 18 * float64(len(wrap(t.About, factText.emPix, at.to-at.from)))
	}
	y += 6
	for i, n := range t.Nodes {
		x, wide := at.room(n.Depth)
		b := box{node: n, X: x, Y: y, Width: wide, Texts: n.texts(wide - 2*padding - 16)}
		for _, text := range b.Texts {
			b.Height += text.line
		}
		b.Height += 2 * padding
		labels := least(n.ID)
		if !n.Again {
			b.Height = max(b.Height, labels)
		}
		if i+1 < len(t.Nodes) && t.Nodes[i+1].Union != "" {
			y += unionGap - gap
		}
		b.Mark = b.middle()
		if labels > 0 {
			b.Mark += (acceptedLabel - labels) / 2 // the first of them
		}
		p.Boxes = append(p.Boxes, b)
		y += b.Height + gap
	}
	if t.More != "" {
		y += 18
	}
	return p, y
}

// texts are the lines of a node, each no wider than the room.
func (n node) texts(room float64) []boxText {
	of := room
	if n.Number == 0 {
		of -= 50 // no line
	}
	out := []boxText{{nameText, clip(n.Name, nameText.emPix, of)}}
	if n.Again {
		return append(out, boxText{factText, n.Facts[0] + ", as above"})
	}
	if n.Native != "" {
		out = append(out, boxText{nameText, clip(n.Native, nameText.emPix, room)})
	}
	for _, line := range wrap(strings.Join(n.Facts, " · "), factText.emPix, room) {
		out = append(out, boxText{factText, line})
	}
	for _, line := range wrap(n.Papers, paperText.emPix, room) {
		out = append(out, boxText{paperText, line})
	}
	return out
}

// width is about how wide a text is in pixels; hardly a font is wider, and what
// stands above or below another sign takes none.
func width(text string, emPix float64) float64 {
	ems := 0.0
	for _, r := range text {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
			ems++
		case strings.ContainsRune("mwMW%@", r):
			ems += 0.9
		case unicode.IsUpper(r):
			ems += 0.7
		case strings.ContainsRune(" .,:;·ijlIt|'/-()", r):
			ems += 0.36
		case unicode.In(r, unicode.Latin, unicode.Nd):
			ems += 0.57
		default:
			ems += 0.68
		}
	}
	return ems * emPix
}

// clip cuts a text that is too wide, and shows that it did.
func clip(text string, emPix, room float64) string {
	if width(text, emPix) <= room {
		return text
	}
	runes := []rune(text)
	for len(runes) > 1 && width(string(runes)+"…", emPix) > room {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimRightFunc(string(runes), unicode.IsSpace) + "…"
}

// wrap breaks a text at its dots and, where one part is too wide, cuts that.
func wrap(text string, emPix, room float64) []string {
	if text == "" {
		return nil
	}
	var lines []string
	for _, part := range strings.Split(text, " · ") {
		if last := len(lines) - 1; last >= 0 && width(lines[last]+" · "+part, emPix) <= room {
			lines[last] += " · " + part
			continue
		}
		lines = append(lines, clip(part, emPix, room))
	}
	return lines
}

func (p placed) draw(b *strings.Builder) {
	x, room := p.from, p.to-p.from
	fmt.Fprintf(b, `<text x="%.0f" y="%.1f" class="title">%s</text>`, x, p.Y+15, template.HTMLEscapeString(clip(p.Title, 14.5, room)))
	for i, line := range wrap(p.About, factText.emPix, room) {
		fmt.Fprintf(b, `<text x="%.0f" y="%.1f" class="fact">%s</text>`, x, p.Y+34+18*float64(i), template.HTMLEscapeString(line))
	}
	for i, x := range p.Boxes {
		p.branch(b, i, x)
	}
	end := p.Y
	for i, x := range p.Boxes {
		if x.Union != "" {
			y := p.Boxes[i-1].Y + p.Boxes[i-1].Height + unionGap/2 + 4
			fmt.Fprintf(b, `<text x="%.1f" y="%.1f" class="fact">%s</text>`, x.X+indent, y, template.HTMLEscapeString(clip(x.Union, factText.emPix, x.Width-indent)))
		}
		p.box(b, x)
		end = x.Y + x.Height
	}
	if p.More != "" {
		fmt.Fprintf(b, `<text x="%.0f" y="%.1f" class="fact">%s</text>`, x, end+20, template.HTMLEscapeString(p.More))
	}
}

// branch draws what joins a box with the one that it comes from. It runs behind the
// boxes between.
func (p placed) branch(b *strings.Builder, i int, x box) {
	if x.Joined {
		above := p.Boxes[i-1]
		fmt.Fprintf(b, `<path d="M%s %s V%s" class="couple"/>`, px(p.stem(x)), px(above.Y+above.Height), px(x.Y))
	}
	if x.Under < 0 {
		return
	}
	from := p.Boxes[x.Under]
	fmt.Fprintf(b, `<path d="M%s %s V%s H%s" class="branch"/>`, px(p.stem(from)), px(from.Y+from.Height), px(x.middle()), px(p.outer(x)))
}

func px(x float64) string { return fmt.Sprintf("%.1f", x) }

// box draws a box with its texts, marked where somebody died or has no line.
func (p placed) box(b *strings.Builder, x box) {
	class := p.name
	switch {
	case x.Again:
		class += " again"
	case x.Number == 0:
		class += " alone"
	}
	fmt.Fprintf(b, `<g class="%s"><title>%s</title><rect x="%s" y="%s" width="%s" height="%s" rx="5"/>`, class,
		template.HTMLEscapeString(strings.Join(notEmpty(x.Name, x.Native, strings.Join(x.Facts, ", "), x.Papers), "\n")), px(x.X+.5), px(x.Y+.5), px(x.Width-1), px(x.Height-1))
	if x.Died {
		fmt.Fprintf(b, `<rect x="%s" y="%s" width="5" height="%s" class="died"/>`, px(min(p.outer(x), x.X+x.Width-5)), px(x.Y), px(x.Height))
	}
	y := x.Y + padding
	for _, t := range x.Texts {
		fmt.Fprintf(b, `<text x="%s" y="%s" class="%s">%s</text>`, px(x.X+padding+8), px(y+t.line-5), t.class, template.HTMLEscapeString(t.Text))
		y += t.line
	}
	if p.name == roster.name && x.Number == 0 {
		fmt.Fprintf(b, `<text x="%s" y="%s" class="none right">no line</text>`, px(x.X+x.Width-padding), px(x.Y+padding+14))
	}
	b.WriteString(`</g>`)
	if x.Number > 0 && !x.Again {
		fmt.Fprintf(b, `<circle cx="%s" cy="%s" r="11" class="number"/><text x="%[1]s" y="%[3]s" class="number">%[4]d</text>`, px(p.inner(x)), px(x.Mark), px(x.Mark+4.5), x.Number)
	}
}

// end is a line from its left to its right end.
type end struct {
	Line
	from, to float64 // y
}

// drawLines draws the lines and, where somebody has none, that.
func (s *Sheet) drawLines(b *strings.Builder, left []placed, right placed) {
	var ends []end
	for _, t := range left {
		for _, x := range t.Boxes {
			lines := s.linesOf(x.ID)
			if x.Again {
				continue
			}
			if len(lines) == 0 {
				s.drawNone(b, x)
			}
			y := x.middle() - s.labelHeight(x.ID)/2
			for _, l := range lines {
				ends = append(ends, end{Line: l, from: y + l.beneath()})
				y += l.labelHeight()
			}
		}
	}
	for _, x := range right.Boxes {
		land(ends, x)
	}
	slices.SortStableFunc(ends, func(x, y end) int { return boolFirst(y.Accepted, x.Accepted) }) // the accepted on top
	for _, e := range ends {
		e.draw(b)
	}
}

// land gives the lines of a member their right ends: the accepted in the middle, the
// others around it as they come.
func land(ends []end, x box) {
	var mine []*end
	for i := range ends {
		if ends[i].Member == x.ID {
			mine = append(mine, &ends[i])
		}
	}
	slices.SortStableFunc(mine, func(a, b *end) int { return cmp.Compare(a.from, b.from) })
	at := slices.IndexFunc(mine, func(e *end) bool { return e.Accepted })
	if at < 0 {
		at = len(mine) / 2
	}
	step := min(14, (x.Height/2-4)/float64(max(1, len(mine))))
	for i, e := range mine {
		e.to = x.middle() + step*float64(i-at)
	}
}

// drawNone says that somebody of the register has no line here.
func (s *Sheet) drawNone(b *strings.Builder, x box) {
	text := "no line"
	if p := s.person(x.ID); p.Elsewhere != "" {
		text = "in " + p.Elsewhere
	}
	fmt.Fprintf(b, `<text x="%s" y="%s" class="none">%s</text>`, px(boxRight+10), px(x.middle()+4), template.HTMLEscapeString(clip(text, factText.emPix, boxLeft-boxRight-20)))
}

// draw draws a line with what it weighs.
func (e end) draw(b *strings.Builder) {
	class := "candidate"
	if e.Accepted {
		class = "accepted"
	}
	bend := (boxLeft + lineBend) / 2
	fmt.Fprintf(b, `<path d="M%s %s H%s C%s %[2]s %[4]s %[5]s %[6]s %[5]s" class="%[7]s"/>`, px(boxRight), px(e.from), px(lineBend), px(bend), px(e.to), px(boxLeft), class)
	x := px(boxRight + 18)
	if !e.Accepted {
		fmt.Fprintf(b, `<text x="%s" y="%s" class="weight">%s, %s bits</text>`, x, px(e.from-4), chance(e.Probability), bits(e.WeightBits+e.FamilyBits))
		return
	}
	by := ""
	if e.Decision != "" {
		by = ", decided"
	}
	fmt.Fprintf(b, `<text x="%s" y="%s" class="chance">%s%s</text><text x="%[1]s" y="%[5]s" class="weight">%[6]s own, %[7]s relatives</text>`,
		x, px(e.from-5), chance(e.Probability), by, px(e.from+15), bits(e.WeightBits), bits(e.FamilyBits))
}
