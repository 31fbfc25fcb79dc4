package config

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

// styles write a text as a value of YAML.
var styles = map[string]func(text string) string{
	"plain":   func(text string) string { return text },
	"single":  func(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" },
	"double":  doubleQuoted,
	"escaped": func(text string) string { return strings.ReplaceAll(doubleQuoted(text), "é", `\u00E9`) },
	"literal": func(text string) string { return "|\n    " + strings.ReplaceAll(text, "\n", "\n    ") },
	"folded":  func(text string) string { return ">-\n    " + strings.ReplaceAll(text, " + ", " +\n    ") },
}

// TestInside: the place of any letter of a value is where the same letter stands
// in the file, however the value is written.
func TestInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "coalesce(x, y)", `'it''s'`, `"birth date"`, `'\d\\'`, "é", "生年", "''", "1"}), 1, 6).Draw(t, "words")
		text := "x + " + strings.Join(words, " + ")
		name := rapid.SampledFrom([]string{"plain", "single", "double", "escaped", "literal", "folded"}).Draw(t, "style")
		var errs Errors
		doc := parse([]byte("a:\n  b: "+styles[name](text)+"\n  c: d\n"), "x.yaml", &errs)
		if len(errs) > 0 {
			t.Fatalf("%s: %v", name, errs.orNil("x.yaml"))
		}
		n := doc.root.field("a").field("b")
		if strings.TrimRight(n.text, "\n") != text {
			t.Fatalf("%s: %q is read as %q", name, text, n.text)
		}
		for offset, r := range n.text {
			if unicode.IsSpace(r) {
				continue
			}
			p := n.inside(offset, 1)
			got := []rune(doc.lines[p.line-1])[p.column-1]
			escape := got == '\\' && (r == 'é' || r == '"' || r == '\\')
			if got != r && !escape {
				t.Fatalf("%s: byte %d of %q, %q, is placed at %d:%d, where %q stands:\n%s", name, offset, n.text, r, p.line, p.column, got, doc.text)
			}
		}
	})
}
