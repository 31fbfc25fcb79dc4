package synth

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"text/template"
)

//go:embed templates/*.yaml
var templateFiles embed.FS

// band is the least and most rows that a source promises for a first run.
type band struct{ Least, Most int64 }

func bandAround(rows int64) band { return band{rows / 3, rows*3 + 100} }

// writeSmallFiles writes codes, programmes, the job and synth.json.
func (c *country) writeSmallFiles(dir string, summary Summary) error {
	n := summary.Counts
	job := map[string]any{
		"Version": summary.Version, "Preset": summary.Preset, "Seed": summary.Seed, "Households": summary.Households, "TimeZone": c.preset.timeZone,
		"Rows": map[string]band{
			"Births": bandAround(n.Births), "Deaths": bandAround(n.Deaths), "Marriages": bandAround(n.Marriages),
			"Homes": bandAround(n.RosterHomes), "Members": bandAround(n.Members), "Enrolments": bandAround(n.Enrolments), "Payments": bandAround(n.Payments),
		},
	}
	if err := fill(dir, "job.yaml", "job.yaml", job); err != nil {
		return err
	}
	for pr, code := range programmeCodes {
		values := map[string]any{"Amount": c.preset.amounts[pr], "Currency": c.preset.currency}
		if err := fill(dir, "programmes/"+code+".yaml", code+".yaml", values); err != nil {
			return err
		}
	}
	small := []struct {
		path string
		text []byte
	}{
		{"codes/area.csv", c.areas.directory()},
		{"codes/area_tree.csv", c.areas.tree()},
		{"codes/sex.csv", directory("M,male", "F,female", "1,male", "2,female")},
		{"codes/relationship.csv", directory("01,head", "02,spouse", "03,child", "04,parent", "05,sibling", "06,grandchild", "07,grandparent", "08,in_law", "09,other", "10,none")},
		{"codes/channel.csv", directory("in_person,in_person", "bank,remote", "mobile,remote")},
	}
	for _, f := range small {
		if err := writeFile(dir, f.path, f.text); err != nil {
			return err
		}
	}
	return writeSummary(dir, summary)
}

// summaryName is the file that tells a made country from anybody's data.
const summaryName = "synth.json"

func writeSummary(dir string, summary Summary) error {
	text, err := json.MarshalIndent(summary, "", "  ")
	if err != nil {
		return fmt.Errorf("describe the country: %w", err)
	}
	return writeFile(dir, summaryName, append(text, '\n'))
}

// prepare makes the country's folder. It clears away an earlier country there,
// whose months would be read with the new ones, and nothing else.
func (c *country) prepare(cfg Config) error {
	entries, err := os.ReadDir(cfg.Dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("look into the country's folder: %w", err)
	}
	if len(entries) > 0 {
		if _, err := os.Stat(filepath.Join(cfg.Dir, summaryName)); err != nil {
			return &ConfigError{fmt.Sprintf("%s is not empty and holds no earlier country: name a new folder, or empty this one", cfg.Dir)}
		}
		for _, name := range []string{"crvs", "sp", "truth"} {
			if err := os.RemoveAll(filepath.Join(cfg.Dir, name)); err != nil {
				return fmt.Errorf("clear away the earlier country: %w", err)
			}
		}
	}
	return writeSummary(cfg.Dir, c.summary(cfg))
}

// directory is a code directory without dates.
func directory(pairs ...string) []byte {
	out := []byte("source_code,canonical_code,valid_from,valid_to\n")
	for _, p := range pairs {
		out = append(append(out, p...), ",,\n"...)
	}
	return out
}

// fill writes a file from its template.
func fill(dir, path, name string, values any) error {
	t, err := template.ParseFS(templateFiles, "templates/"+name)
	if err != nil {
		return fmt.Errorf("read template %s: %w", name, err)
	}
	var text bytes.Buffer
	if err := t.Execute(&text, values); err != nil {
		return fmt.Errorf("fill template %s: %w", name, err)
	}
	return writeFile(dir, path, text.Bytes())
}

func writeFile(dir, path string, text []byte) error {
	path = filepath.Join(dir, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make a folder of the country: %w", err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return fmt.Errorf("write a file of the country: %w", err)
	}
	return nil
}

// summary describes the country.
func (c *country) summary(cfg Config) Summary {
	s := Summary{
		Version: Version, Preset: c.preset.name, Seed: cfg.Seed, Households: cfg.Households, Rates: Rates(),
		Registered: map[string]float64{
			"deaths_of_men": c.preset.deathsRegistered[male], "deaths_of_women": c.preset.deathsRegistered[female],
			"deaths_under_5_factor": c.preset.childDeathsFactor, "births": c.preset.birthsRegistered, "marriages": c.preset.marriagesRegistered,
		},
		Notes: []string{
			"truth/entitlements.csv holds for the last day of each month.",
			"Ages count in completed years; who is born on 29 February completes a year on 1 March of a common year.",
			"Identity numbers: " + c.ids.name + ", " + c.ids.doc + ".",
			"Registrations hold events of the ten years before the first month; received_on and registered_on are always ISO, other dates as the office writes them.",
		},
	}
	for m := range c.months {
		s.Months = append(s.Months, c.monthName(m))
	}
	return s
}
