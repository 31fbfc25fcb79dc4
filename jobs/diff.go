package jobs

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rollcall/jobs/config"
	"rollcall/jobs/ledger"
	"rollcall/pipeline"
	"rollcall/pipeline/audit"
	"rollcall/pipeline/report"
	"rollcall/pipeline/tables"
)

// Line is a line of the lists of two runs of a job.
type Line struct {
	CaseID    string `json:"case_id"`
	List      string `json:"list"` // exit, duplicate, eligibility, registration, reinstatement
	Programme string `json:"programme"`
	Change    string `json:"change"` // new, gone, changed tier, reversed, persisting
	OldTier   string `json:"old_tier,omitempty"`
	NewTier   string `json:"new_tier,omitempty"`
	// Cause is what brought the change about, and Proved whether running with that
	// one thing exchanged has shown it; otherwise it is what differs at all.
	Cause  string `json:"cause,omitempty"`
	Proved bool   `json:"proved"`

	enrolment string
}

// Difference is what changed from one run to another.
type Difference struct {
	Old     string   `json:"old"`
	New     string   `json:"new"`
	Differs []string `json:"differs"` // of what the runs were made: data, day, earlier runs, …
	Lines   []Line   `json:"lines"`   // by list, programme and case
	// Figures are those of the two runs that differ.
	Figures []Figure `json:"figures"`
	// Lost says what was deleted and therefore not compared, or compared by what is
	// left; Unproved what of it was needed to prove a cause.
	Lost     []string `json:"lost,omitempty"`
	Unproved bool     `json:"unproved,omitempty"`
}

// Figure is a figure of two runs that differs, or "" where a run has it not.
type Figure struct {
	Name string `json:"name"`
	Old  string `json:"old"`
	New  string `json:"new"`
}

// exchange is one thing in which two runs differ, and how it is exchanged.
type exchange struct {
	name string
	do   func(*parts, parts)
}

// Diff tells which lines changed from one run to another. With prove it makes runs
// in the folder scratch in which one thing after the other is that of the new run,
// and so finds what changed each line. What was deleted of a run in the meantime is
// told, and the rest compared.
func (r *Runner) Diff(ctx context.Context, l *ledger.Ledger, output string, old, newer ledger.Run, scratch string, prove bool) (d Difference, err error) {
	var from, to parts
	before, after := remains{run: old}, remains{run: newer}
	for _, of := range []struct {
		left *remains
		into *parts
	}{{&before, &from}, {&after, &to}} {
		if err := of.left.read(ctx, l, output); err != nil {
			return d, err
		}
		a, run := of.left.archive, of.left.run
		*of.into = parts{a, a, a, run, run}
	}
	steps, err := r.exchanges(ctx, l, output, from, to)
	if err != nil {
		return d, err
	}
	d = Difference{Old: old.RunID, New: newer.RunID, Differs: []string{}}
	for _, s := range steps {
		d.Differs = append(d.Differs, s.name)
	}
	if d.Figures, err = figuresThatDiffer(ctx, l, old, newer); err != nil {
		return d, err
	}
	d.Lost = slices.Concat(before.lost, after.lost)
	if before.lines == nil || after.lines == nil {
		return d, nil
	}
	d.Lines = changes(before.lines, after.lines)
	why := map[string][]string{}
	d.Unproved = before.unproved || after.unproved
	if prove && !d.Unproved {
		if err := sameProgram(ctx, to.data); err != nil {
			return d, err
		}
		if why, err = r.prove(ctx, l, output, from, to, steps, before.lines, scratch); err != nil {
			return d, err
		}
	}
	for i := range d.Lines {
		line := &d.Lines[i]
		switch {
		case line.Change == "persisting":
		case len(why[line.CaseID]) > 0:
			line.Cause, line.Proved = strings.Join(why[line.CaseID], ", "), true
		default:
			line.Cause = strings.Join(d.Differs, " or ")
		}
	}
	return d, nil
}

// remains is what is left of a run to be compared.
type remains struct {
	run      ledger.Run
	archive  audit.Archive
	lines    map[string]Line // by case; nil when they were deleted
	lost     []string        // what was deleted, in words
	unproved bool            // what it would be made again from was
}

func (m *remains) read(ctx context.Context, l *ledger.Ledger, output string) error {
	deleted, err := l.DeletionsOf(ctx, m.run)
	if err != nil {
		return err
	}
	var classes []audit.Class
	for _, d := range deleted {
		classes = append(classes, d.Class)
		m.lost = append(m.lost, fmt.Sprintf("%s of run %s: %s", d.Class, m.run.RunID, d))
	}
	has := func(c audit.Class) bool { return !slices.Contains(classes, c) }
	folder := filepath.Join(output, filepath.FromSlash(m.run.Folder))
	if m.archive, err = audit.ReadArchive(folder, m.run.ManifestSHA256, classes...); err != nil {
		return err
	}
	switch {
	case has(audit.Tables):
		m.lines, err = readLines(ctx, folder)
	case has(audit.Lists):
		m.lines, err = readLists(ctx, folder)
	}
	m.unproved = !has(audit.Snapshots) || !has(audit.Configuration) || !has(audit.Tables)
	if err != nil || m.unproved {
		return err
	}
	past, err := l.Past(ctx, m.run)
	if err != nil {
		return err
	}
	deleted, err = l.DeletionsOf(ctx, past.Last)
	for _, d := range deleted {
		if d.Class == audit.Entities {
			m.lost, m.unproved = append(m.lost, fmt.Sprintf("%s of run %s: %s", d.Class, past.Last.RunID, d)), true
		}
	}
	return err
}

// figuresThatDiffer are the figures of two runs that the ledger has and that differ.
func figuresThatDiffer(ctx context.Context, l *ledger.Ledger, old, newer ledger.Run) ([]Figure, error) {
	out := []Figure{}
	at := map[string]*Figure{}
	for _, run := range []ledger.Run{old, newer} {
		of, err := l.Figures(ctx, run.Attempt)
		if err != nil {
			return nil, err
		}
		for _, m := range of {
			name := m.Source + " " + m.Measure
			if at[name] == nil {
				at[name] = &Figure{Name: name}
			}
			if run.Attempt == old.Attempt {
				at[name].Old = m.Value
			}
			if run.Attempt == newer.Attempt {
				at[name].New = m.Value
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(at)) {
		if f := *at[name]; f.Old != f.New {
			out = append(out, f)
		}
	}
	return out, nil
}

// exchanges are the things in which two runs differ, in the order in which they are
// exchanged.
func (r *Runner) exchanges(ctx context.Context, l *ledger.Ledger, output string, from, to parts) ([]exchange, error) {
	earlier := func(of ledger.Run) (string, error) {
		past, err := l.Past(ctx, of)
		return fmt.Sprint(past.Baseline, past.Decisions, past.Last.ManifestSHA256), err
	}
	pastOld, err := earlier(from.past)
	if err != nil {
		return nil, err
	}
	pastNew, err := earlier(to.past)
	if err != nil {
		return nil, err
	}
	hashes := func(of parts, reference bool) string {
		var out []string
		for _, f := range of.files() {
			if of.isReference(f) == reference && f.Name != config.SiteName {
				out = append(out, f.Name, f.SHA256)
			}
		}
		return strings.Join(out, " ")
	}
	program := func(a audit.Archive) string { return a.ProgramVersion + " " + a.DuckDBVersion }
	var steps []exchange
	for _, s := range []struct {
		exchange
		differs bool
	}{
		{exchange{"program", func(*parts, parts) {}}, program(from.data) != program(to.data)},
		{exchange{"data", func(p *parts, to parts) { p.data = to.data }}, !slices.Equal(snapshotNames(from.data), snapshotNames(to.data))},
		{exchange{"as-of day", func(p *parts, to parts) { p.day = to.day }}, !from.day.AsOf.Equal(to.day.AsOf)},
		{exchange{"earlier runs and decisions", func(p *parts, to parts) { p.past = to.past }}, pastOld != pastNew},
		{exchange{"reference data", func(p *parts, to parts) { p.reference = to.reference }}, hashes(from, true) != hashes(to, true)},
		{exchange{"configuration", func(p *parts, to parts) { p.configuration = to.configuration }}, hashes(from, false) != hashes(to, false)},
	} {
		if s.differs {
			steps = append(steps, s.exchange)
		}
	}
	return steps, nil
}

// snapshotNames are the folders of snapshots, which are called by their content.
func snapshotNames(a audit.Archive) []string {
	var names []string
	for i, folder := range a.Snapshots {
		names = append(names, a.Sources[i]+" "+filepath.Base(folder))
	}
	return names
}

// prove exchanges one thing after the other and tells, by case, at which its line
// changed. Things that cannot be exchanged apart, such as a source and the
// configuration that names it, are exchanged together.
func (r *Runner) prove(ctx context.Context, l *ledger.Ledger, output string, from, to parts, steps []exchange, lines map[string]Line, scratch string) (map[string][]string, error) {
	why := map[string][]string{}
	var together []string
	for i, s := range steps {
		s.do(&from, to)
		together = append(together, s.name)
		folder := filepath.Join(scratch, fmt.Sprint(i))
		out, err := r.remake(ctx, l, output, from, folder)
		if err != nil && i < len(steps)-1 && ctx.Err() == nil {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("run with %s exchanged: %w", strings.Join(together, ", "), err)
		}
		now, err := readLines(ctx, out.Folder)
		if err != nil {
			return nil, err
		}
		for _, line := range changes(lines, now) {
			if line.Change != "persisting" {
				why[line.CaseID] = append(why[line.CaseID], strings.Join(together, " and "))
			}
		}
		lines, together = now, nil
		if err := os.RemoveAll(folder); err != nil {
			return nil, err
		}
	}
	return why, nil
}

// readLines reads the lines that a run proposes, by case.
func readLines(ctx context.Context, folder string) (map[string]Line, error) {
	r, err := pipeline.Read(ctx, folder, nil, tables.Proposal().Name)
	if err != nil {
		return nil, fmt.Errorf("read lines: %w", err)
	}
	defer r.Close()
	return linesOf(ctx, r, "SELECT case_id, kind, programme, tier, enrolment_id FROM proposal")
}

// readLists reads them from the lists of a run whose tables were deleted.
func readLists(ctx context.Context, folder string) (map[string]Line, error) {
	reports, err := filepath.EvalSymlinks(filepath.Join(folder, "reports"))
	if err != nil {
		return nil, fmt.Errorf("read lists: %w", err)
	}
	r, err := pipeline.Read(ctx, folder, []string{reports})
	if err != nil {
		return nil, fmt.Errorf("read lists: %w", err)
	}
	defer r.Close()
	var parts []string
	for kind, name := range report.Lists() {
		parts = append(parts, fmt.Sprintf("SELECT *, '%s' AS kind FROM read_parquet(%s)", kind, tables.Literal(filepath.Join(reports, name+".parquet"))))
	}
	return linesOf(ctx, r, "SELECT case_id, kind, programme, tier, enrolment_id FROM ("+strings.Join(parts, " UNION ALL BY NAME ")+")")
}

func linesOf(ctx context.Context, r *pipeline.Reader, proposals string) (map[string]Line, error) {
	rows, err := r.Query(ctx, "SELECT case_id, kind, coalesce(programme, ''), coalesce(tier, ''), coalesce(enrolment_id, '') FROM ("+proposals+") ORDER BY case_id")
	if err != nil {
		return nil, fmt.Errorf("read lines: %w", err)
	}
	defer rows.Close()
	lines := map[string]Line{}
	for rows.Next() {
		var x Line
		if err := rows.Scan(&x.CaseID, &x.List, &x.Programme, &x.NewTier, &x.enrolment); err != nil {
			return nil, fmt.Errorf("read lines: %w", err)
		}
		lines[x.CaseID] = x
	}
	return lines, rows.Err()
}

// changes compares the lines of two runs. A line is reversed when the later run
// proposes to take back what it proposed.
func changes(old, now map[string]Line) []Line {
	taken := map[string]bool{}
	for _, x := range now {
		if x.List == "reinstatement" {
			taken[x.Programme+"\x00"+x.enrolment] = true
		}
	}
	var out []Line
	for _, id := range slices.Sorted(maps.Keys(old)) {
		x, is := old[id], now[id]
		x.OldTier, x.NewTier = x.NewTier, is.NewTier
		switch {
		case is.CaseID == "" && x.List == "exit" && taken[x.Programme+"\x00"+x.enrolment]:
			x.Change = "reversed"
		case is.CaseID == "":
			x.Change = "gone"
		case x.OldTier != x.NewTier:
			x.Change = "changed tier"
		default:
			x.Change = "persisting"
		}
		out = append(out, x)
	}
	for _, id := range slices.Sorted(maps.Keys(now)) {
		if _, was := old[id]; !was {
			x := now[id]
			x.Change = "new"
			out = append(out, x)
		}
	}
	slices.SortStableFunc(out, func(a, b Line) int {
		return strings.Compare(a.List+"\x00"+a.Programme, b.List+"\x00"+b.Programme)
	})
	return out
}
