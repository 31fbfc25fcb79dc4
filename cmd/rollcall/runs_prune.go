package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"rollcall/jobs"
	"rollcall/jobs/cases"
	"rollcall/jobs/config"
	"rollcall/jobs/ledger"
	"rollcall/jobs/retention"
	"rollcall/jobs/schedule"
	"rollcall/pipeline/audit"
)

func runsPruneCommand(at *place) *cobra.Command {
	var by, key string
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "prune --by PERSON",
		Short: "delete what runs have left when its time is over, with a record of it",
		Long: `Deletes the files of a job's runs whose time is over. How long a class of files is
kept after its run ended, and under which law, stands in rollcall.yaml (retention); a
class of which it says nothing is kept for ever. What will be deleted is printed
first; --dry-run prints it and no more. The classes:

` + classHelp() + `
Kept although their time is over are the files of a run on which an open case rests,
which is held and nobody has decided about, which is the last good one of its job, or
which an order to keep them is about (legal_holds); snapshots that another run has
too, and the ids of persons as long as a run that took them from there can be made
again. The manifest with the hashes of all files is always kept.

What no run of the ledger has is deleted too, a folder as a whole: tries (--links,
--dry-run) and runs of the job that were cut off, when the shortest time stated of a
class that they hold is over after the day on which they were written, and snapshots
that no run read, after the time of snapshots. Nothing is deleted while a run or a
try goes on in the output folder. Where a job was only ever tried, so that there is no
ledger yet, name it with --job: the first deletion begins one.

Each deletion is an entry of the ledger's chained log, written before the first file
goes: run, class, each file with its SHA-256, the law, the day, and the approver who
did it, known by the account under which the program runs or by --key. "runs verify"
then says what was deleted under which law and does not fail. Where a call was cut
off, the next one goes on with what it has recorded.`,
		Example: `  rollcall runs prune --job job.yaml --dry-run
  rollcall runs prune --job job.yaml --by karim --key karim.key`,
		Args: exactArgs(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			ctx := cmd.Context()
			if by == "" && !dryRun {
				return usage(errors.New("a deletion needs --by PERSON; --dry-run says what would be deleted"))
			}
			l, job, err := toPrune(ctx, at, dryRun)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, l.Close()) }()
			release, err := alone(ctx, l, job)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, release()) }()
			today := jobs.DayOf(time.Now())
			plan, err := retention.Make(ctx, l, job.OutputFolder, job.Site, job.Name, today)
			if err != nil {
				return err
			}
			if err := at.printPlan(cmd.OutOrStdout(), plan, today); err != nil || dryRun {
				return err
			}
			statement := cases.DeletionStatement(job.Name, plan.Hash(today))
			proof, err := prove(job.Site, by, key, statement)
			if err != nil {
				return err
			}
			if err := job.Site.CheckSigner(by, statement, proof, true); err != nil {
				return usage(err)
			}
			finished, err := retention.Finish(ctx, l)
			if err == nil {
				err = retention.Delete(ctx, l, plan, today, by, proof)
			}
			if err != nil {
				return fmt.Errorf("%w: %w", jobs.ErrOutside, err)
			}
			at.printDeleted(cmd.OutOrStdout(), finished, len(plan.Deletes(today)), by, proof)
			return nil
		},
	}
	cmd.Flags().StringVar(&by, "by", "", "id of the `PERSON` who deletes, an approver of rollcall.yaml")
	cmd.Flags().StringVar(&key, "key", "", "`FILE` with the private key of --by")
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "say what would be deleted and what is kept and why, and delete nothing")
	return cmd
}

// toPrune opens the ledger of a job. One that was only ever tried has none: a deletion
// begins it, as it has the record, and where none is made an empty one stands for it.
func toPrune(ctx context.Context, at *place, dryRun bool) (*ledger.Ledger, *config.Job, error) {
	l, job, err := (&casePlace{*at}).open(ctx)
	switch {
	case !errors.Is(err, ledger.ErrNoLedger):
		return l, job, err
	case at.job == "":
		return nil, nil, fmt.Errorf("%w; name a job that was only tried with --job", err)
	}
	folder := job.OutputFolder
	if _, there := os.Stat(folder); there != nil {
		return nil, nil, err
	}
	if dryRun {
		if folder, err = os.MkdirTemp("", "rollcall-prune-"); err != nil {
			return nil, nil, err
		}
		defer os.RemoveAll(folder)
	}
	l, err = ledger.Open(ctx, folder, time.Now)
	return l, job, err
}

func classHelp() (text string) {
	for _, c := range audit.Classes() {
		text += fmt.Sprintf("  %-14s %s\n", c.Class, c.Doc)
	}
	return text
}

// alone holds that no run and no try goes on in the output folder of a job, whose files
// would go from under it, and that none begins.
func alone(ctx context.Context, l *ledger.Ledger, job *config.Job) (release func() error, err error) {
	runs, err := l.Runs(ctx, ledger.Filter{})
	if err != nil {
		return nil, err
	}
	for _, r := range runs {
		if r.Status == ledger.Running && !r.Process.Gone() {
			return nil, fmt.Errorf("%w: a run of job %s goes on: delete when it is over", jobs.ErrOutside, r.Job)
		}
	}
	release, err = schedule.AcquireAll(job.OutputFolder, job.Name)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", jobs.ErrOutside, err)
	}
	return release, nil
}

// itemView is an item of a plan as it is printed.
type itemView struct {
	Run   string `json:"run_id"`           // empty for what no run has
	Left  string `json:"folder,omitempty"` // that no run has
	Class string `json:"class"`
	Files int    `json:"files"`
	Until string `json:"kept_until"`
	Law   string `json:"law"`
	What  string `json:"what"` // deleted, kept, or not yet
	Why   string `json:"why,omitempty"`
}

func viewOfItem(i retention.Item, today time.Time) itemView {
	after := "its end"
	if i.Left() {
		after = "it was written, as no run has it"
	}
	v := itemView{
		Run: i.Run.RunID, Class: string(i.Class), Files: len(i.Files), Until: i.Until.Format(time.DateOnly), Law: i.Keep.Law, What: "not yet",
		Why: fmt.Sprintf("%d days after %s, under %s", i.Keep.Days, after, i.Keep.Law),
	}
	if i.Left() {
		v.Left = i.Run.Folder
	}
	switch {
	case i.Due(today) && i.Rests != "":
		v.What, v.Why = "kept", i.Rests
	case i.Due(today):
		v.What = "delete"
	}
	return v
}

func (p *place) printPlan(out io.Writer, plan retention.Plan, today time.Time) error {
	views := []itemView{}
	for _, i := range plan.Sorted(today) {
		views = append(views, viewOfItem(i, today))
	}
	if p.json {
		return printJSON(out, views)
	}
	if len(views) == 0 {
		fmt.Fprintf(out, "Nothing of job %s has a time after which it is deleted (retention in rollcall.yaml), or all of it was deleted.\n", plan.Job)
		return nil
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "what\trun or folder\tclass\tfiles\tkept until\twhy")
	for _, v := range views {
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%s\t%s\n", v.What, cmp.Or(v.Run, v.Left), v.Class, v.Files, v.Until, v.Why)
	}
	return w.Flush()
}

func (p *place) printDeleted(out io.Writer, finished []ledger.Deletion, deleted int, by string, proof cases.Proof) {
	if p.json {
		return
	}
	for _, d := range finished {
		fmt.Fprintf(out, "Finished: %s, %s, had been left.\n", d.What(), d)
	}
	if deleted == 0 {
		fmt.Fprintln(out, "Nothing was deleted.")
		return
	}
	fmt.Fprintf(out, "Recorded and deleted: the files of %d lines above, by %s (%s).\n", deleted, by, proof.How())
}

// sayDeleted puts what is known of a deletion in place of the error of a file that is
// not there: the arguments of a command may name runs by their folders.
func sayDeleted(ctx context.Context, args []string, missing error) error {
	for _, a := range args {
		folder := runFolder(filepath.Clean(a))
		if folder == "" {
			continue
		}
		l, err := ledger.OpenExisting(ctx, filepath.Dir(filepath.Dir(folder)), time.Now)
		if err != nil {
			continue
		}
		r, err := l.Run(ctx, filepath.Base(folder))
		var deleted []ledger.Deletion
		if err == nil {
			deleted, err = l.DeletionsOf(ctx, r)
		}
		if err := errors.Join(err, l.Close()); err != nil || len(deleted) == 0 {
			continue
		}
		return usage(jobs.DeletedError(r, deleted))
	}
	return missing
}
