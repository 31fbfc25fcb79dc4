package identifier

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The tables of testdata/locale say of published and of made-up numbers how the card
// has them, of which system they are, what is wrong with them and what they say.
func TestTables(t *testing.T) {
	files, err := filepath.Glob("../../../testdata/locale/*-identifiers.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no tables: %v", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			line = strings.TrimRight(line, "\n")
			if strings.HasPrefix(line, "#") {
				continue
			}
			f := strings.Split(line, " | ")
			if len(f) != 4 {
				t.Errorf("%s: %q has %d fields", filepath.Base(name), line, len(f))
				continue
			}
			system, _, _ := strings.Cut(f[2], " ")
			n := Read(system, f[0])
			if card, says := n.Card(), told(system, n); card != f[1] || says != f[2] {
				t.Errorf("%s: %s is %s, %s; want %s, %s", filepath.Base(name), f[0], card, says, f[1], f[2])
			}
		}
	}
}

// told writes what is known of a number as the tables do.
func told(system string, n Number) string {
	words := []string{system}
	add := func(name, value string) {
		if value != "" {
			words = append(words, name+value)
		}
	}
	add("", n.Problem)
	add("birth:", birthText(n.Birth))
	add("sex:", n.Sex)
	add("place:", n.Place)
	return strings.Join(words, " ")
}

func birthText(b Birth) string {
	switch year := fmt.Sprintf("%02d", b.Year); {
	case !b.Known:
		return ""
	case b.Month == 0:
		return year
	default:
		return fmt.Sprintf("%s-%02d-%02d", year, b.Month, b.Day)
	}
}
