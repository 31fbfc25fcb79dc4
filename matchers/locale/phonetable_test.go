package locale

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The tables of testdata/locale say what becomes of telephone numbers as people write
// them.
func TestPhoneTables(t *testing.T) {
	files, err := filepath.Glob("../../testdata/locale/*-phones.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no tables: %v", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		p := &Pack{Country: filepath.Base(name)[:2]}
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
			if got, rules := p.Phone(f[0]); got != f[1] || strings.Join(rules, " ") != f[2] {
				t.Errorf("%s: %s is %q by %v, want %q by %s", filepath.Base(name), f[0], got, rules, f[1], f[2])
			}
		}
	}
}
