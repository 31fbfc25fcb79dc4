package synth

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// The guide shows the rates and the presets as they are.
func TestGuideAgreesWithTheProgram(t *testing.T) {
	text, err := os.ReadFile("../../docs/country.md")
	if err != nil {
		t.Fatal(err)
	}
	for what, want := range map[string]string{
		"table of rates": rateTable(), "table of presets": presetTable(), "version": "version " + Version + ",",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("docs/country.md has another %s; it has to be\n%s", what, want)
		}
	}
	for _, l := range layouts() {
		if path := strings.ReplaceAll(l.path, "-MONTH", "-2026-08"); !strings.Contains(string(text), "`"+strings.ReplaceAll(path, "MONTH", "2026-08")+"`") {
			t.Errorf("docs/country.md does not tell what %s holds", l.path)
		}
	}
}

func rateTable() string {
	var b strings.Builder
	b.WriteString("| name | share | of | what is so | source |\n|---|---|---|---|---|\n")
	for _, r := range Rates() {
		share := fmt.Sprintf("%.3g %%", 100*r.Value)
		if strings.HasSuffix(r.Name, "_factor") {
			share = fmt.Sprintf("times %g", r.Value)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", r.Name, share, r.Of, r.Means, r.Source)
	}
	return b.String()
}

func presetTable() string {
	var b strings.Builder
	b.WriteString("| preset | deaths of men | of women | under 5 | births | marriages | areas differ by | numbers | names |\n|---|---|---|---|---|---|---|---|---|\n")
	for _, p := range presets() {
		var names []string
		for _, s := range p.systems {
			names = append(names, fmt.Sprintf("%s %.0f %%", s.system, 100*s.part))
		}
		fmt.Fprintf(&b, "| %s | %.0f %% | %.0f %% | times %g | %.0f %% | %.0f %% | ±%.0f %% | %s | %s |\n", p.name, 100*p.deathsRegistered[male], 100*p.deathsRegistered[female],
			p.childDeathsFactor, 100*p.birthsRegistered, 100*p.marriagesRegistered, 100*p.areaSpread, p.ids, strings.Join(names, ", "))
	}
	return b.String()
}
