package config

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"rollcall/matchers/model"
	"rollcall/pipeline/decide"
	"rollcall/pipeline/mapping"
)

// Summary tells in a few lines what a job will do.
func (j *Job) Summary() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s (%s)\n", j.Title, j.Name)
	fmt.Fprintf(&out, "  runs    %s\n", j.Schedule)
	fmt.Fprintf(&out, "  reads   %s\n", j.DataFolder)
	fmt.Fprintf(&out, "  writes  %s\n", j.OutputFolder)
	out.WriteString("\nSources\n")
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	for i, src := range j.Sources {
		fmt.Fprintf(table, "  %s\t%s\t%s\t%d columns\t%s\n", src.Name, src.Side, src.Connector, len(src.Columns), gives(j.Mapping.Sources[i].Outputs))
	}
	if len(j.Mapping.Directories) > 0 {
		names := make([]string, len(j.Mapping.Directories))
		for i, d := range j.Mapping.Directories {
			names[i] = d.Name
		}
		fmt.Fprintf(table, "  codes\t\t\t\t%s\n", strings.Join(names, ", "))
	}
	table.Flush()
	if idle := j.unneeded(); len(idle) > 0 {
		out.WriteString("\nRead and needed by nothing: leave it out of the mapping\n")
		for _, what := range idle {
			fmt.Fprintf(&out, "  %s\n", what)
		}
	}
	out.WriteString("\nComparison\n")
	for _, part := range []struct {
		name string
		spec *model.Specification
	}{{"register", j.Link.Register}, {"roster", j.Link.Roster}, {"across", j.Link.Across}} {
		fmt.Fprintf(table, "  %s\t%s\n", part.name, compares(part.spec))
	}
	table.Flush()
	if len(j.Decide.Programmes) == 0 {
		return out.String()
	}
	out.WriteString("\nProgrammes\n")
	for _, p := range j.Decide.Programmes {
		fmt.Fprintf(table, "  %s\t%s\t%s\t%d criteria\t%s\n", p.Code, p.Version, term(p), len(p.Criteria), p.Amount)
	}
	table.Flush()
	return out.String()
}

// unneeded are the attributes that the mapping makes of personal data and that no
// programme reads. All else that can be mapped is compared, a fact, or shown in a list.
func (j *Job) unneeded() (out []string) {
	read := decide.AttributesRead(j.Decide.Programmes)
	for _, src := range j.Mapping.Sources {
		for _, o := range src.Outputs {
			at := slices.IndexFunc(o.Fields, func(f mapping.Field) bool { return o.Table == "attribute" && f.Name == "name" })
			if at < 0 {
				continue
			}
			name, literal := strings.CutPrefix(o.Fields[at].Expression, "'")
			name, ended := strings.CutSuffix(name, "'")
			if literal && ended && !strings.Contains(name, "'") && !slices.Contains(read, name) {
				out = append(out, fmt.Sprintf("attribute %s of source %s: no programme reads it", name, src.Name))
			}
		}
	}
	return out
}

// String tells when a job runs.
func (s Schedule) String() string {
	if s.Cron == "" {
		return "when it is called"
	}
	missed := map[string]string{"none": "missed runs are left out", "latest": "of missed runs the latest is made up for", "all": "every missed run is made up for"}
	return fmt.Sprintf("%s %s; %s", s.Cron, s.TimeZone, missed[s.CatchUp])
}

// gives names what a row of a source becomes: event with child, mother.
func gives(outputs []mapping.Output) string {
	var roles, parts []string
	for _, out := range outputs {
		switch {
		case out.Table == "mention" && out.Role != "member":
			roles = append(roles, out.Role)
		case out.Table == "mention":
			parts = append(parts, out.Role)
		default:
			parts = append(parts, out.Table)
		}
	}
	text := strings.Join(parts, ", ")
	if len(roles) > 0 {
		text += " with " + strings.Join(roles, ", ")
	}
	return text
}

func compares(s *model.Specification) string {
	if s == nil {
		s = &model.Specification{}
	}
	threshold := s.Threshold
	if threshold == 0 {
		threshold = defaultThreshold
	}
	what := "what both sides know"
	if len(s.Comparisons) > 0 {
		what = strings.Join(names(*s), ", ")
	}
	how := "trained on the data"
	if s.Parameters != nil {
		how = "with given weights"
	}
	return fmt.Sprintf("%s, %s, accepted from probability %v", what, how, threshold)
}

func term(p decide.Programme) string {
	from := "from " + p.ValidFrom.Format(time.DateOnly)
	if p.ValidTo.IsZero() {
		return from
	}
	return from + " to " + p.ValidTo.Format(time.DateOnly)
}
