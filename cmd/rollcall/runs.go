package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"rollcall/connectors/all"
	"rollcall/jobs"
	"rollcall/jobs/cases"
	"rollcall/jobs/config"
	"rollcall/jobs/ledger"
	"rollcall/pipeline"
	"rollcall/pipeline/gate"
)

func runsCommand() *cobra.Command {
	var at place
	cmd := &cobra.Command{
		Use:   "runs",
		Short: "list, show, release and verify the runs of an output folder",
		Long: `Reads the ledger of an output folder. RUN is a run id, a beginning of one that no
other run shares, # and the number of an attempt, latest, or the folder of a run.`,
	}
	onlyVerbs(cmd)
	cmd.PersistentFlags().StringVar(&at.output, "output", "", "output `FOLDER` with the ledger (default: here, or ./out)")
	cmd.PersistentFlags().StringVar(&at.job, "job", "", "`JOB.yaml` whose output folder is meant")
	cmd.PersistentFlags().BoolVar(&at.json, "json", false, "print JSON")
	cmd.AddCommand(runsListCommand(&at), runsShowCommand(&at), runsReleaseCommand(&at), runsVerifyCommand(&at),
		runsCheckpointCommand(&at), runsProveCommand(&at), runsRerunCommand(&at), runsDiffCommand(&at), runsPruneCommand(&at), runsExportCommand(&at))
	return cmd
}

// place is where the runs are that a person asks for.
type place struct {
	output, job string
	json        bool
}

// folder is the output folder. A run that is given as its folder tells it too.
func (p *place) folder(ctx context.Context, run string) (string, error) {
	if p.job != "" {
		job, err := config.Load(ctx, p.job, all.Registry())
		if err != nil {
			return "", err
		}
		return job.OutputFolder, nil
	}
	if p.output != "" {
		return p.output, nil
	}
	candidates := []string{".", "out"}
	if folder := runFolder(run); folder != "" {
		candidates = []string{filepath.Dir(filepath.Dir(folder))}
	}
	for _, c := range candidates {
		if _, err := os.Stat(filepath.Join(c, ledger.FileName)); err == nil {
			return c, nil
		}
	}
	return "", usage(fmt.Errorf("no ledger in %s: name the output folder with --output or the job with --job", strings.Join(candidates, " or ")))
}

// runFolder is the folder that a RUN argument names, or "".
func runFolder(run string) string {
	if !strings.ContainsRune(run, filepath.Separator) {
		return ""
	}
	whole, err := filepath.EvalSymlinks(run) // the link to the last good run
	if err != nil {
		return ""
	}
	if whole, err = filepath.Abs(whole); err != nil {
		return ""
	}
	return whole
}

// open opens the ledger. The caller closes it.
func (p *place) open(ctx context.Context, run string) (*ledger.Ledger, string, error) {
	folder, err := p.folder(ctx, run)
	if err != nil {
		return nil, "", err
	}
	l, err := openLedger(ctx, folder)
	return l, folder, err
}

// openLedger opens the ledger of an output folder in which something ran.
func openLedger(ctx context.Context, folder string) (*ledger.Ledger, error) {
	l, err := ledger.OpenExisting(ctx, folder, time.Now)
	if errors.Is(err, ledger.ErrNoLedger) {
		err = usage(err)
	}
	return l, err
}

// find finds the run of an output folder that a person names.
func find(ctx context.Context, l *ledger.Ledger, output, name string) (ledger.Run, error) {
	if name == pipeline.LatestName {
		name = filepath.Join(output, pipeline.LatestName)
		if _, err := os.Stat(name); err != nil {
			return ledger.Run{}, usage(fmt.Errorf("no run of %s is done", output))
		}
	}
	if folder := runFolder(name); folder != "" {
		name = filepath.Base(folder)
	}
	r, err := l.Run(ctx, name)
	if errors.Is(err, ledger.ErrNotFound) {
		err = usage(err)
	}
	return r, err
}

func runsListCommand(at *place) *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use:   "list",
		Short: "list the runs, the newest first",
		Args:  exactArgs(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			l, _, err := at.open(cmd.Context(), "")
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, l.Close()) }()
			runs, err := l.Runs(cmd.Context(), ledger.Filter{Limit: limit})
			if err != nil {
				return err
			}
			if at.json {
				views := make([]runView, len(runs))
				for i, r := range runs {
					views[i] = viewOf(r)
				}
				return printJSON(cmd.OutOrStdout(), views)
			}
			printRuns(cmd.OutOrStdout(), runs)
			return nil
		},
	}
	cmd.Flags().IntVar(&limit, "limit", 50, "list at most `N` runs; 0 lists all")
	return cmd
}

func printRuns(out io.Writer, runs []ledger.Run) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "#\tjob\tas of\tstatus\tstarted\ttook\trun")
	for _, r := range runs {
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\n", r.Attempt, r.Job, r.AsOf.Format(time.DateOnly), shownStatus(r),
			r.StartedAt.Local().Format("2006-01-02 15:04"), took(r), orDash(r.RunID))
	}
	w.Flush()
}

// shownStatus is the status as a person wants to know it.
func shownStatus(r ledger.Run) string {
	if r.Status != ledger.Running {
		return string(r.Status)
	}
	if r.Process.Gone() {
		return "killed (goes on when it is run again)"
	}
	return "running: " + orDash(r.Stage)
}

func took(r ledger.Run) string {
	if r.EndedAt.IsZero() {
		return "-"
	}
	return r.EndedAt.Sub(r.StartedAt).Round(100 * time.Millisecond).String()
}

func runsShowCommand(at *place) *cobra.Command {
	return &cobra.Command{
		Use:   "show RUN",
		Short: "show one run: its end, what the gates found, who released it",
		Args:  exactArgs(1, "a run"),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			ctx := cmd.Context()
			l, folder, err := at.open(ctx, args[0])
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, l.Close()) }()
			r, err := find(ctx, l, folder, args[0])
			if err != nil {
				return err
			}
			view, err := wholeView(ctx, l, folder, r)
			if err != nil {
				return err
			}
			if at.json {
				return printJSON(cmd.OutOrStdout(), view)
			}
			view.print(cmd.OutOrStdout())
			return nil
		},
	}
}

// wholeView is a run with what the gates found and who released it.
func wholeView(ctx context.Context, l *ledger.Ledger, output string, r ledger.Run) (runView, error) {
	v := viewOf(r)
	if r.Folder != "" {
		v.Folder = filepath.Join(output, filepath.FromSlash(r.Folder))
	}
	found, err := l.Findings(ctx, r.Attempt)
	if err != nil {
		return v, err
	}
	for _, f := range found {
		v.Findings = append(v.Findings, findingView(f))
	}
	released, err := releasesOf(ctx, l, r)
	for _, g := range released {
		how := ""
		if g.Proof != (cases.Proof{}) {
			how = g.Proof.How()
		}
		v.Releases = append(v.Releases, releaseView{g.Person, g.Reason, g.At, how})
	}
	if err != nil {
		return v, err
	}
	deleted, err := l.DeletionsOf(ctx, r)
	for _, d := range deleted {
		v.Deleted = append(v.Deleted, deletionView{string(d.Class), len(d.Files), d.On.Format(time.DateOnly), d.Law, d.Person, d.Proof.How()})
	}
	if err != nil || r.RunID == "" {
		return v, err
	}
	given, err := l.Handovers(ctx, r.RunID)
	for _, h := range given {
		v.HandedOut = append(v.HandedOut, handoverView{h.What, h.File, h.SHA256, h.ContentSHA256, len(h.Holds), h.Recipients, h.Day, h.Account})
	}
	return v, err
}

// releasesOf are the releases of a run, or of the held attempt that it goes on with.
func releasesOf(ctx context.Context, l *ledger.Ledger, r ledger.Run) ([]ledger.Release, error) {
	given, err := l.Releases(ctx, r.Attempt)
	if err != nil || len(given) > 0 || r.Continues == 0 {
		return given, err
	}
	return l.Releases(ctx, r.Continues)
}

func runsReleaseCommand(at *place) *cobra.Command {
	var by, reason, key string
	cmd := &cobra.Command{
		Use:   "release RUN --by PERSON --reason TEXT",
		Short: "let a held run go on; it takes two different people",
		Long: `A run that a gate held writes no list. When the hold was right and the input is
what it should be all the same, two different people let it go, each with a reason.
The first call records the first; the second, by another person, goes on with the
run. It goes on only on the same job and the same inputs, and its figures become
the baseline of the runs that follow.

Where rollcall.yaml beside the job file names people, both are approvers of it, each
known by the account under which the program runs or by a signature (--key).`,
		Example: `  rollcall runs release monthly-2026-08-31-1a2b3c4d --by amina --reason "Khulna moved to its own register"
  rollcall runs release monthly-2026-08-31-1a2b3c4d --by rahim --reason "confirmed with the registrar general"`,
		Args: exactArgs(1, "a run"),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if strings.TrimSpace(by) == "" || strings.TrimSpace(reason) == "" {
				return usage(errors.New("a release needs --by PERSON and --reason TEXT"))
			}
			ctx := cmd.Context()
			l, folder, err := at.open(ctx, args[0])
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, l.Close()) }()
			held, err := findHeld(ctx, l, folder, args[0])
			if err != nil {
				return err
			}
			proof, err := at.proveReleaser(held, by, reason, key)
			if err != nil {
				return err
			}
			ready, err := letGo(ctx, cmd.ErrOrStderr(), l, held, ledger.Release{Person: by, Reason: reason, Proof: proof})
			if err != nil || !ready {
				return err
			}
			return at.goOn(cmd, l, held)
		},
	}
	cmd.Flags().StringVar(&by, "by", "", "id of the `PERSON` who lets it go")
	cmd.Flags().StringVar(&reason, "reason", "", "`TEXT` that an auditor will read")
	cmd.Flags().StringVar(&key, "key", "", "`FILE` with the private key of --by")
	return cmd
}

// proveReleaser holds who lets a run go against the site file beside its job, if there
// is one.
func (p *place) proveReleaser(held ledger.Run, by, reason, keyFile string) (cases.Proof, error) {
	site, err := config.LoadSite(filepath.Dir(p.jobPath(held)))
	if err != nil || len(site.People) == 0 {
		return cases.Proof{}, err
	}
	statement := cases.ReleaseStatement(held.RunID, reason)
	proof, err := prove(site, by, keyFile, statement)
	if err != nil {
		return proof, err
	}
	if err := site.CheckSigner(by, statement, proof, true); err != nil {
		return proof, usage(err)
	}
	return proof, nil
}

// jobPath is the job file of a run, unless another was named.
func (p *place) jobPath(r ledger.Run) string {
	if p.job != "" {
		return p.job
	}
	return r.JobPath
}

// findHeld finds the held attempt of a run, also when going on with it failed.
func findHeld(ctx context.Context, l *ledger.Ledger, output, name string) (ledger.Run, error) {
	r, err := find(ctx, l, output, name)
	for err == nil && r.Continues != 0 && (r.Status == ledger.Failed || r.Status == ledger.Interrupted) {
		r, err = l.Run(ctx, fmt.Sprintf("#%d", r.Continues))
	}
	return r, err
}

// letGo records a person's release and tells what comes next: ready is true when
// the run may go on, also when going on failed after an earlier release.
func letGo(ctx context.Context, out io.Writer, l *ledger.Ledger, held ledger.Run, g ledger.Release) (ready bool, err error) {
	if held.Status == ledger.Released {
		fmt.Fprintf(out, "Run %s was released before; it goes on.\n", held.RunID)
		return true, nil
	}
	complete, err := l.Release(ctx, held.Attempt, g)
	if errors.Is(err, ledger.ErrNotHeld) || errors.Is(err, ledger.ErrSamePerson) {
		return false, usage(err)
	}
	if err != nil {
		return false, err
	}
	if !complete {
		fmt.Fprintf(out, "Recorded: %s lets run %s go. A second person has to do the same.\n", g.Person, held.RunID)
		return false, nil
	}
	fmt.Fprintf(out, "Recorded: %s lets run %s go too. It is released and goes on.\n", g.Person, held.RunID)
	return true, nil
}

// goOn continues a released run and prints what came of it.
func (p *place) goOn(cmd *cobra.Command, l *ledger.Ledger, held ledger.Run) error {
	ctx := cmd.Context()
	job, err := config.Load(ctx, p.jobPath(held), all.Registry())
	if err != nil {
		return err
	}
	given, err := l.Releases(ctx, held.Attempt)
	if err != nil {
		return err
	}
	shown := newProgress(cmd.ErrOrStderr())
	shown.start(job.Name)
	out, err := newRunner(shown).Continue(ctx, job, held, given)
	shown.end()
	if err != nil {
		return err
	}
	printOutcome(cmd.OutOrStdout(), out, false)
	return jobs.Verdict(out)
}

// runView is a run as it is printed.
type runView struct {
	Attempt        int64              `json:"attempt"`
	RunID          string             `json:"run_id"`
	Job            string             `json:"job"`
	JobFile        string             `json:"job_file"`
	AsOf           string             `json:"as_of"`
	Due            string             `json:"due,omitempty"`
	Status         string             `json:"status"`
	Stage          string             `json:"stage"`
	Started        string             `json:"started"`
	Ended          string             `json:"ended,omitempty"`
	Folder         string             `json:"folder,omitempty"`
	ConfigSHA256   string             `json:"config_sha256"`
	ManifestSHA256 string             `json:"manifest_sha256,omitempty"`
	Continues      int64              `json:"continues,omitempty"`
	Error          string             `json:"error,omitempty"`
	Counts         map[string]int64   `json:"counts"`
	StageSeconds   map[string]float64 `json:"stage_seconds"`
	Findings       []findingView      `json:"findings,omitempty"`
	Releases       []releaseView      `json:"releases,omitempty"`
	Deleted        []deletionView     `json:"deleted,omitempty"`
	HandedOut      []handoverView     `json:"handed_out,omitempty"`

	shown string // status as a person wants to know it
}

// findingView is gate.Finding with the names of JSON.
type findingView struct {
	Check    string       `json:"check"`
	Source   string       `json:"source"`
	Subject  string       `json:"subject"`
	Verdict  gate.Verdict `json:"verdict"`
	Observed string       `json:"observed"`
	Expected string       `json:"expected"`
	Advice   string       `json:"advice"`
}

// releaseView is ledger.Release with the names of JSON.
type releaseView struct {
	Person string    `json:"person"`
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
	How    string    `json:"how,omitempty"` // how the person was known
}

// handoverView is ledger.Handover with the names of JSON.
type handoverView struct {
	What          string             `json:"what"`
	File          string             `json:"file"`
	SHA256        string             `json:"sha256"`
	ContentSHA256 string             `json:"content_sha256"`
	Files         int                `json:"files,omitempty"` // in it
	Recipients    []ledger.Recipient `json:"recipients"`
	On            string             `json:"on"`
	Account       string             `json:"account"`
}

// deletionView is ledger.Deletion with the names of JSON.
type deletionView struct {
	Class  string `json:"class"`
	Files  int    `json:"files"`
	On     string `json:"on"`
	Law    string `json:"law"`
	Person string `json:"person"`
	How    string `json:"how"` // how the person was known
}

func viewOf(r ledger.Run) runView {
	v := runView{
		Attempt: r.Attempt, RunID: r.RunID, Job: r.Job, JobFile: r.JobPath, AsOf: r.AsOf.Format(time.DateOnly), Status: string(r.Status), Stage: r.Stage,
		Started: r.StartedAt.Format(time.RFC3339), Folder: r.Folder, ConfigSHA256: r.ConfigSHA256, ManifestSHA256: r.ManifestSHA256,
		Continues: r.Continues, Error: r.Error, Counts: r.Counts, StageSeconds: r.StageSeconds, shown: shownStatus(r),
	}
	if !r.DueAt.IsZero() {
		v.Due = r.DueAt.Format(time.RFC3339)
	}
	if !r.EndedAt.IsZero() {
		v.Ended = r.EndedAt.Format(time.RFC3339)
	}
	return v
}

func printJSON(out io.Writer, v any) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}
