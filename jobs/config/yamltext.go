package config

import (
	"fmt"
	"strings"
	"unicode"
)

// quoted writes a text so that YAML reads it as that text anywhere, also inside
// braces.
func quoted(text string) string {
	if simple(text) {
		return text
	}
	return doubleQuoted(text)
}

// simple texts begin with a letter and hold no sign that means something in YAML.
func simple(text string) bool {
	if text == "" || keyword(text) {
		return false
	}
	for i, r := range text {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		inner := r >= '0' && r <= '9' || strings.ContainsRune("_-./+ ", r)
		if !letter && (i == 0 || !inner) {
			return false
		}
	}
	return !strings.HasSuffix(text, " ")
}

// keyword tells the words that some readers of YAML take for no text.
func keyword(text string) bool {
	switch strings.ToLower(text) {
	case "null", "true", "false", "yes", "no", "on", "off", "y", "n":
		return true
	}
	return false
}

func printable(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
}

func doubleQuoted(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			fmt.Fprintf(&b, `\U%08X`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
