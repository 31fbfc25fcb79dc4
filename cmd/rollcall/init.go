package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rollcall/jobs/config"
	"rollcall/pipeline/pair"
	"rollcall/pipeline/tables"
)

func initCommand() *cobra.Command {
	var crvs, sp string
	cmd := &cobra.Command{
		Use:   "init DIR --crvs FILE|DIR --sp FILE|DIR",
		Short: "write a job from your own files, ready to run",
		Long: `init looks at the files of a civil register (births, deaths, marriages) and of a
social-protection roster, finds out what their columns hold, and writes into DIR

  job.yaml          what is read, how it is mapped, with a comment on each guess
  programmes/       the rules of each programme, to be brought to your own law
  codes/            what the codes of the files mean, where that had to be guessed

Look through job.yaml, then "rollcall check DIR/job.yaml" and "rollcall run
DIR/job.yaml". Files of a folder whose names differ in a date only are one source:
all of them for the register, the newest by the day of the run for the roster. A
roster without a file of enrolments is taken to list people who are all enrolled.`,
		Example: `  rollcall init job --crvs deaths.csv --sp roster.csv
  rollcall init job --crvs registers/ --sp roster/`,
		Args: exactArgs(1, "one folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if crvs == "" || sp == "" {
				return usage(errors.New("both --crvs and --sp are needed: the files of the register, and those of the roster"))
			}
			return initialise(cmd, args[0], crvs, sp)
		},
	}
	cmd.Flags().StringVar(&crvs, "crvs", "", "file or folder of the civil register (required)")
	cmd.Flags().StringVar(&sp, "sp", "", "file or folder of the social-protection roster (required)")
	return cmd
}

func initialise(cmd *cobra.Command, folder, crvs, sp string) error {
	p := newProgress(cmd.ErrOrStderr())
	defer p.end()
	job := filepath.Join(folder, "job.yaml")
	if _, err := os.Stat(job); err == nil {
		return usage(fmt.Errorf("%s is there already; remove it or choose another folder", job))
	}
	root, err := commonFolder(crvs, sp)
	if err != nil {
		return err
	}
	d := drafting{root: root}
	for _, in := range []struct{ side, path string }{{tables.Register, crvs}, {tables.Roster, sp}} {
		if err := d.look(cmd.Context(), in.side, in.path, p); err != nil {
			return err
		}
	}
	if err := d.enrol(); err != nil {
		return err
	}
	p.end()
	absolute, err := filepath.Abs(folder)
	if err != nil {
		return fmt.Errorf("find %s: %w", folder, err)
	}
	data, err := filepath.Rel(absolute, root)
	if err != nil {
		data = root
	}
	written, err := d.write(folder, config.Draft{
		Name: "reconciliation", Title: "Reconciliation of the civil register with the roster",
		Data: filepath.ToSlash(data), Output: "out", Sources: d.sources, Directories: d.directories, Programmes: []string{"programmes/*.yaml"},
	})
	if err != nil {
		return err
	}
	for _, p := range d.programmes {
		if !p.template() {
			d.notes = append(d.notes, p.note())
		}
	}
	w := cmd.OutOrStdout()
	for _, n := range d.notes {
		fmt.Fprintln(w, n)
	}
	fmt.Fprintln(w, "\nwritten:")
	for _, name := range written {
		fmt.Fprintln(w, "  "+filepath.Join(folder, name))
	}
	fmt.Fprintf(w, "\nLook through %s, then:\n  rollcall check %[1]s\n  rollcall run %[1]s\n", job)
	return nil
}

// commonFolder is the nearest folder that both inputs lie below.
func commonFolder(paths ...string) (string, error) {
	var common string
	for _, p := range paths {
		abs, err := filepath.Abs(p)
		if err != nil {
			return "", fmt.Errorf("find %s: %w", p, err)
		}
		if info, err := os.Stat(abs); err != nil {
			return "", usage(fmt.Errorf("there is no file or folder %s", p))
		} else if !info.IsDir() {
			abs = filepath.Dir(abs)
		}
		if common == "" {
			common = abs
		}
		for rel, err := filepath.Rel(common, abs); err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)); rel, err = filepath.Rel(common, abs) {
			common = filepath.Dir(common)
		}
	}
	return common, nil
}

// drafting gathers what init finds.
type drafting struct {
	root        string // folder that all inputs lie below
	sources     []config.DraftSource
	directories []config.DraftDirectory
	codes       map[string]string // text of each code directory, by file
	programmes  []programme       // that the roster names
	members     *memberFile       // the file of the roster's people
	enrolled    bool              // a file of enrolments was found
	notes       []string
}

// look drafts a source from each file, or group of files, at a path.
func (d *drafting) look(ctx context.Context, side, at string, p *progress) error {
	groups, err := groupFiles(d.root, at, side)
	if err != nil {
		return err
	}
	for _, g := range groups {
		// What adds up is read whole; of what is taken anew each time, the newest.
		pattern := g.newest
		if strings.Contains(g.pattern, "*") {
			pattern = g.pattern
		} else {
			pattern = asWritten.Replace(pattern)
		}
		source, err := openFiles(d.root, pattern)
		if err != nil {
			return err
		}
		t, err := load(ctx, g.name, source, nil, p)
		if err != nil {
			return err
		}
		if t.Rows == 0 {
			d.notes = append(d.notes, g.pattern+": left out, it has no rows")
			continue
		}
		d.draft(side, g, t)
	}
	return nil
}

// fileGroup is files that are one source.
type fileGroup struct {
	pattern string // as in a job file, relative to the data folder
	newest  string // the last of them by name
	name    string // of the source
}

// inDate is a date in the name of a file or folder.
var inDate = regexp.MustCompile(`(?:19|20)\d\d(-?(?:0[1-9]|1[0-2])(-?(?:0[1-9]|[12]\d|3[01]))?)?`)

// groupFiles finds the files at a path and puts those together whose names
// differ in a date only.
func groupFiles(root, at, side string) ([]fileGroup, error) {
	abs, err := filepath.Abs(at)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", at, err)
	}
	var groups []fileGroup
	err = filepath.WalkDir(abs, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !readable(file) {
			return err
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		g := groupOf(filepath.ToSlash(rel), side)
		if file == abs {
			g.pattern = g.newest // one file was named: that one alone
		}
		if i := slices.IndexFunc(groups, func(o fileGroup) bool { return o.pattern == g.pattern }); i >= 0 {
			groups[i].newest = g.newest // names come in order
			return nil
		}
		groups = append(groups, g)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look through %s: %w", at, err)
	}
	if len(groups) == 0 {
		return nil, usage(fmt.Errorf("%s has no CSV, JSON, Parquet or XLSX file", at))
	}
	return groups, nil
}

// readable tells a file by its name.
func readable(file string) bool {
	name := strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(file), ".gz"), ".zip")
	return slices.Contains([]string{".csv", ".tsv", ".txt", ".tab", ".ndjson", ".jsonl", ".json", ".parquet", ".pq", ".xlsx", ".xlsm"}, path.Ext(name))
}

// groupOf generalises a file's path. A register adds up, so any date stands for
// it; a roster is taken whole each time, so the date is that of the run; except
// payments, which add up as well.
func groupOf(rel, side string) fileGroup {
	g := fileGroup{newest: rel, pattern: rel}
	stem := strings.TrimSuffix(path.Base(rel), path.Ext(rel))
	if date := inDate.FindString(rel); date != "" {
		stand := "{date:" + dateLayout(date) + "}"
		if side == tables.Register || strings.Contains(strings.ToLower(stem), "payment") {
			stand = "*"
		}
		g.pattern = inDate.ReplaceAllLiteralString(rel, stand)
	}
	stem = strings.Trim(inDate.ReplaceAllLiteralString(stem, ""), "-_. ")
	g.name = sourceName(stem)
	return g
}

// dateLayout writes a date's form in Go's layout.
func dateLayout(date string) string {
	layout := "2006"
	sep := ""
	if strings.Contains(date, "-") {
		sep = "-"
	}
	if digits := len(strings.ReplaceAll(date, "-", "")); digits >= 6 {
		layout += sep + "01"
		if digits == 8 {
			layout += sep + "02"
		}
	}
	return layout
}

var notInName = regexp.MustCompile(`[^a-z0-9]+`)

// sourceName makes a name of a file's.
func sourceName(stem string) string {
	name := strings.Trim(notInName.ReplaceAllString(strings.ToLower(stem), "_"), "_")
	if name == "" || name[0] >= '0' && name[0] <= '9' {
		name = "source_" + name
	}
	return strings.TrimSuffix(name, "_")
}

// unusedName avoids a name that another source has.
func (d *drafting) unusedName(name string) string {
	for n := 1; ; n++ {
		try := name
		if n > 1 {
			try = fmt.Sprintf("%s_%d", name, n)
		}
		if !slices.ContainsFunc(d.sources, func(s config.DraftSource) bool { return s.Name == try }) {
			return try
		}
	}
}

// write makes the folder's files and lists them.
func (d *drafting) write(folder string, draft config.Draft) ([]string, error) {
	files := map[string]string{"job.yaml": config.Skeleton(draft)}
	for name, text := range d.codes {
		files[name] = text
	}
	for _, p := range d.programmes {
		text, err := p.text(d.lacks())
		if err != nil {
			return nil, err
		}
		files[path.Join("programmes", sourceName(p.code)+".yaml")] = text
	}
	var names []string
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		file := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			return nil, fmt.Errorf("make folder: %w", err)
		}
		if err := os.WriteFile(file, []byte(files[name]), 0o600); err != nil {
			return nil, fmt.Errorf("write %s: %w", name, err)
		}
	}
	return names, nil
}

// memberFile is the roster's file of people, from which enrolments are made
// where there is no file of them.
type memberFile struct {
	source config.DraftSource
	table  *pair.Table
}
