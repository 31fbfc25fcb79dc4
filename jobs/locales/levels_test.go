package locales_test

import (
	"fmt"
	"strings"
	"testing"

	"rollcall/jobs/locales"
	"rollcall/matchers/model"
	"rollcall/matchers/recognise"
)

// TestLevelsAreAreas: a column that is called as a country calls its areas is taken for
// one of areas.
func TestLevelsAreAreas(t *testing.T) {
	areas := make([]string, 400)
	for row := range areas {
		areas[row] = []string{"Nandina", "Rampur", "Sadar", "Melandaha", "Char"}[row%5] + fmt.Sprintf(" %c%c", 'A'+row%23, 'a'+row%19)
	}
	for _, name := range locales.Names() {
		p := pack(t, name)
		for _, level := range p.Levels {
			for _, word := range append([]string{level.Name}, level.Written...) {
				headers := []string{word, strings.ToUpper(word)}
				if !strings.Contains(word, " ") {
					headers = append(headers, word+"_name")
				}
				for _, header := range headers {
					g := recognise.Columns([]string{header}, func(int) []string { return areas }, p.NamesLevel)[0]
					if g.Kind != model.Place && g.Meaning != "region" {
						t.Errorf("%s: %q is taken for %s, %s", name, header, g.Kind, g.Meaning)
					}
				}
			}
		}
	}
}
