package config

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// inside is the place of a byte offset of a scalar's text in the file. The text
// and the file are walked side by side, which covers plain, quoted and block
// scalars: what the file has more is indentation, quotes and escapes.
func (n *node) inside(offset, characters int) place {
	w, ok := n.start()
	if !ok {
		return n.at
	}
	offset = min(max(offset, 0), len(n.text))
	w.run(n.text[:offset])
	if offset < len(n.text) {
		w.meet(firstRune(n.text[offset:]))
	}
	before := n.doc.text[:w.at]
	line := strings.Count(before, "\n")
	column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
	return place{line: line + 1, column: column + 1, width: characters}
}

// start begins a walk where the scalar's text does; for a block scalar that is
// the line below its | or >.
func (n *node) start() (walk, bool) {
	if n.doc == nil || n.at.line < 1 || n.at.line > len(n.doc.lines) {
		return walk{}, false
	}
	w := walk{source: n.doc.text}
	for _, line := range n.doc.lines[:n.at.line-1] {
		w.at += len(line) + 1
	}
	line := n.doc.lines[n.at.line-1]
	for range n.at.column - 1 {
		_, size := utf8.DecodeRuneInString(line)
		line = line[size:]
		w.at += size
	}
	switch {
	case strings.HasPrefix(line, "|"), strings.HasPrefix(line, ">"):
		w.at = min(w.at+len(line)+1, len(w.source))
	case strings.HasPrefix(line, "'"), strings.HasPrefix(line, `"`):
		w.quote = line[0]
		w.at++
	}
	return w, true
}

// walk goes through the source along with the text that it stands for.
type walk struct {
	source string
	at     int
	quote  byte // ' or " around the text; 0 for plain and block scalars
}

// run passes the source of a text.
func (w *walk) run(text string) {
	for _, r := range text {
		w.meet(r)
		w.pass(r)
	}
}

// meet goes forward to where the source of r begins: over indentation and line
// ends that the text has not, or has as one space.
func (w *walk) meet(r rune) {
	if unicode.IsSpace(r) {
		return
	}
	for w.at < len(w.source) && strings.ContainsRune(" \t\n", firstRune(w.source[w.at:])) {
		w.at++
	}
}

// pass goes behind the source of r.
func (w *walk) pass(r rune) {
	rest := w.source[w.at:]
	switch {
	case rest == "":
	case w.quote == '\'' && strings.HasPrefix(rest, "''"):
		w.at += 2
	case w.quote == '"' && rest[0] == '\\':
		w.at += escaped(rest)
	case unicode.IsSpace(r) && !unicode.IsSpace(firstRune(rest)):
	default:
		w.at += utf8.RuneLen(firstRune(rest))
	}
}

// escaped is the length of an escape of a double-quoted text (YAML 1.2, 5.7).
func escaped(s string) int {
	long := map[byte]int{'x': 4, 'u': 6, 'U': 10}
	if len(s) < 2 {
		return len(s)
	}
	if n := long[s[1]]; n > 0 {
		return min(n, len(s))
	}
	return 2
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}
