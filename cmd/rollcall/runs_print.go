package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
	"time"

	"rollcall/pipeline/gate"
)

// print shows a run to a person.
func (v runView) print(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, f := range []struct{ name, value string }{
		{"run", v.RunID},
		{"job", v.Job},
		{"job file", v.JobFile},
		{"as of", v.AsOf},
		{"status", v.shown},
		{"why", v.Error},
		{"due", v.Due},
		{"started", v.Started},
		{"ended", v.Ended},
		{"folder", v.Folder},
		{"configuration", v.ConfigSHA256},
		{"manifest", v.ManifestSHA256},
	} {
		if f.value != "" {
			fmt.Fprintf(w, "%s\t%s\n", f.name, f.value)
		}
	}
	fmt.Fprintf(w, "attempt\t#%d", v.Attempt)
	if v.Continues != 0 {
		fmt.Fprintf(w, ", goes on with #%d", v.Continues)
	}
	fmt.Fprintln(w)
	w.Flush()
	v.printFindings(out, w)
	if len(v.Counts) > 0 {
		fmt.Fprint(out, "\ncounts\n")
		for _, name := range slices.Sorted(maps.Keys(v.Counts)) {
			fmt.Fprintf(w, "  %s\t%d\n", name, v.Counts[name])
		}
		w.Flush()
	}
	if len(v.StageSeconds) > 0 {
		fmt.Fprint(out, "\nseconds\n")
		for _, name := range slices.Sorted(maps.Keys(v.StageSeconds)) {
			fmt.Fprintf(w, "  %s\t%.1f\n", name, v.StageSeconds[name])
		}
		w.Flush()
	}
	if len(v.Releases) > 0 {
		fmt.Fprint(out, "\nreleased by\n")
		for _, g := range v.Releases {
			fmt.Fprintf(w, "  %s\t%s\t%s\n", g.Person, g.At.Format(time.RFC3339), g.Reason)
		}
		w.Flush()
	}
	if len(v.HandedOut) > 0 {
		fmt.Fprint(out, "\nhanded out, encrypted\n")
		for _, h := range v.HandedOut {
			holds := "cases to be decided"
			if h.Files > 0 {
				holds = fmt.Sprintf("%d files of it", h.Files)
			}
			fmt.Fprintf(w, "  %s\t%s\tto %s\tby account %s\t%s\t%.12s\n", h.File, h.On, namesOf(h.Recipients), h.Account, holds, h.SHA256)
		}
		w.Flush()
	}
	if len(v.Deleted) > 0 {
		fmt.Fprint(out, "\ndeleted\n")
		for _, d := range v.Deleted {
			fmt.Fprintf(w, "  %s\t%d files\ton %s under %s\tby %s (%s)\n", d.Class, d.Files, d.On, d.Law, d.Person, d.How)
		}
		w.Flush()
	}
}

// severity orders findings: what held the run first.
var severity = map[gate.Verdict]int{gate.Hold: 0, gate.Warn: 1, gate.Pass: 2}

func (v runView) printFindings(out io.Writer, w *tabwriter.Writer) {
	if len(v.Findings) == 0 {
		return
	}
	found := slices.Clone(v.Findings)
	slices.SortStableFunc(found, func(a, b findingView) int { return severity[a.Verdict] - severity[b.Verdict] })
	fmt.Fprint(out, "\ngates\n")
	passed := 0
	for _, f := range found {
		if f.Verdict == gate.Pass {
			passed++
			continue
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\t%s, expected %s\t%s\n", f.Verdict, f.Source, f.Check, f.Subject, f.Observed, f.Expected, f.Advice)
	}
	w.Flush()
	fmt.Fprintf(out, "  %d passed\n", passed)
}
