package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"rollcall/connectors/all"
	"rollcall/jobs"
	"rollcall/jobs/config"
	"rollcall/jobs/ledger"
	"rollcall/pipeline/audit"
	"rollcall/pipeline/store"
)

func runsVerifyCommand(at *place) *cobra.Command {
	var known, keyFile, checkpoint, public string
	cmd := &cobra.Command{
		Use:   "verify [RUN...]",
		Short: "prove that the ledger and the files of its runs were not altered",
		Long: `Follows the ledger's chained log from its first entry, compares the ledger's tables
with it, and the files of each run (all runs, or those named) with the run's
manifest, whose hash the log has. It prints the head of the log. Written down
elsewhere and given with --head at a later time, the head proves also that nothing
was cut off the end. With the key of rows (row.key beside the ledger, or where
rollcall.yaml or --row-key say) it tells also what in an altered file is not as it
was: the row of a CSV, the row group and column of a Parquet file, the file in an
XLSX file. Exit code 5 when something is not as it was. What "runs prune" deleted, and
the log has, is told with its day and law and is not missing.`,
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			head, err := parseHead(known)
			if err != nil {
				return err
			}
			l, folder, err := at.open(cmd.Context(), strings.Join(args, ""))
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, l.Close()) }()
			key, err := at.rowKey(cmd.Context(), folder, keyFile)
			if err != nil {
				return err
			}
			v, err := verify(cmd.Context(), l, folder, head, key, args)
			if err != nil {
				return err
			}
			if checkpoint != "" {
				if err := v.hold(cmd.Context(), l, folder, checkpoint, public); err != nil {
					return err
				}
			}
			if at.json {
				err = printJSON(cmd.OutOrStdout(), v)
			} else {
				v.print(cmd)
			}
			return errors.Join(err, v.verdict())
		},
	}
	cmd.Flags().StringVar(&known, "head", "", "`ENTRIES:HASH` as an earlier verification printed it")
	cmd.Flags().StringVar(&checkpoint, "checkpoint", "", "`FILE` with a checkpoint that runs checkpoint signed: nothing was altered or cut off since")
	cmd.Flags().StringVar(&public, "public-key", "", "public `KEY` of the checkpoint, or a file with it (default: that of checkpoint.key beside the ledger)")
	cmd.Flags().StringVar(&keyFile, "row-key", "", "`FILE` with the key of rows")
	return cmd
}

// rowKey is the key of rows, or nil where nobody named one and there is none.
func (p *place) rowKey(ctx context.Context, output, named string) (audit.Key, error) {
	if named != "" {
		key, err := audit.ReadKey(named)
		if err != nil {
			return nil, usage(err)
		}
		return key, nil
	}
	file := filepath.Join(output, audit.KeyName)
	if p.job != "" {
		job, err := config.Load(ctx, p.job, all.Registry())
		if err != nil {
			return nil, err
		}
		file = jobs.RowKeyFile(job)
	}
	key, err := audit.ReadKey(file)
	var none *audit.NoKeyError
	if errors.As(err, &none) {
		return nil, nil
	}
	return key, err
}

// parseHead reads a head as verification prints it.
func parseHead(text string) (ledger.Head, error) {
	if text == "" {
		return ledger.Head{}, nil
	}
	number, hash, ok := strings.Cut(text, ":")
	n, err := strconv.ParseInt(number, 10, 64)
	if !ok || err != nil || len(hash) != 64 {
		return ledger.Head{}, usage(fmt.Errorf("--head %q is not of the form ENTRIES:HASH", text))
	}
	return ledger.Head{Entries: n, Hash: hash}, nil
}

// verification is what was found.
type verification struct {
	Head     string   `json:"head"`
	Runs     int      `json:"runs"` // whose files were compared
	Problems []string `json:"problems"`
	// Deleted says of which runs what was deleted under which law.
	Deleted []string `json:"deleted,omitempty"`
	// Checkpoint says with which signed checkpoint the log agrees.
	Checkpoint string `json:"checkpoint,omitempty"`

	files, inLedger int // what the problems are about
}

// hold compares the log with a checkpoint that was signed earlier.
func (v *verification) hold(ctx context.Context, l *ledger.Ledger, output, file, public string) error {
	c, _, err := readCheckpoint(output, file, public)
	if err != nil {
		return err
	}
	tree, err := l.Tree(ctx)
	if err != nil {
		return err
	}
	err = tree.Holds(c)
	if errors.Is(err, ledger.ErrTampered) {
		v.Problems = append(v.Problems, err.Error())
		v.inLedger++
		return nil
	}
	if err == nil {
		v.Checkpoint = fmt.Sprintf("%s, %d entries", c.Origin, c.Entries)
	}
	return err
}

// verdict is the error by which a failed verification says what to do.
func (v verification) verdict() error {
	var wrong []string
	switch {
	case v.inLedger == 1:
		wrong = append(wrong, "the ledger is not as its log says in 1 place")
	case v.inLedger > 1:
		wrong = append(wrong, fmt.Sprintf("the ledger is not as its log says in %d places", v.inLedger))
	}
	switch {
	case v.files == 1:
		wrong = append(wrong, "1 file is not as the manifest says")
	case v.files > 1:
		wrong = append(wrong, fmt.Sprintf("%d files are not as the manifest says", v.files))
	}
	if len(wrong) == 0 {
		return nil
	}
	return fmt.Errorf("%w: %s. Tell the auditor, use no list of the runs named above, and restore what is wrong from a backup before you verify again",
		jobs.ErrVerification, strings.Join(wrong, "; "))
}

func verify(ctx context.Context, l *ledger.Ledger, output string, known ledger.Head, key audit.Key, names []string) (verification, error) {
	v := verification{Problems: []string{}}
	head, err := l.Verify(ctx, known)
	if err != nil && !errors.Is(err, ledger.ErrTampered) {
		return v, err
	}
	if err != nil {
		v.Problems = append(v.Problems, strings.Split(err.Error(), "\n")...)
		v.inLedger = len(v.Problems)
	}
	v.Head = fmt.Sprintf("%d:%s", head.Entries, head.Hash)
	runs, err := l.Runs(ctx, ledger.Filter{})
	if err != nil {
		return v, err
	}
	if len(names) > 0 {
		if runs, err = named(ctx, l, output, names); err != nil {
			return v, err
		}
	}
	if v.Deleted, err = deletedOfNoRun(ctx, l, names); err != nil {
		return v, err
	}
	seen := map[string]bool{}
	for _, r := range runs {
		// A run that was made again has one folder; its newest end counts.
		if r.ManifestSHA256 == "" || seen[r.Folder] {
			continue
		}
		seen[r.Folder] = true
		v.Runs++
		deleted, err := l.DeletionsOf(ctx, r)
		if err != nil {
			return v, err
		}
		problems, files := verifyFiles(output, r, key, deleted)
		v.Problems, v.files = append(v.Problems, problems...), v.files+files
		for _, d := range deleted {
			v.Deleted = append(v.Deleted, fmt.Sprintf("run %s: %s %s (%d files)", r.RunID, d.Class, d, len(d.Files)))
		}
	}
	return v, nil
}

// deletedOfNoRun says what was deleted that no run had; nothing when runs are named.
func deletedOfNoRun(ctx context.Context, l *ledger.Ledger, names []string) (told []string, err error) {
	if len(names) > 0 {
		return nil, nil
	}
	deleted, err := l.Deletions(ctx)
	for _, d := range deleted {
		if d.Left() {
			told = append(told, fmt.Sprintf("%s: %s (%d files)", d.What(), d, len(d.Files)))
		}
	}
	return told, err
}

// named are the attempts of the runs that a person names.
func named(ctx context.Context, l *ledger.Ledger, output string, names []string) ([]ledger.Run, error) {
	var out []ledger.Run
	for _, name := range names {
		r, err := find(ctx, l, output, name)
		if err != nil {
			return nil, err
		}
		if r.ManifestSHA256 == "" {
			return nil, usage(fmt.Errorf("run %s is %s and has no manifest", name, r.Status))
		}
		out = append(out, r)
	}
	return out, nil
}

// verifyFiles compares a run's folder with its manifest, and that with the ledger. What
// was deleted with a record is no problem. files is how many files the problems are
// about.
func verifyFiles(output string, r ledger.Run, key audit.Key, deleted []ledger.Deletion) (told []string, files int) {
	folder := filepath.Join(output, filepath.FromSlash(r.Folder))
	sum, err := store.FileHash(filepath.Join(folder, audit.ManifestName))
	if err != nil {
		return []string{fmt.Sprintf("run %s: %v", r.RunID, err)}, 1
	}
	wrong := map[string]bool{}
	if sum != r.ManifestSHA256 {
		told = append(told, fmt.Sprintf("run %s: %s is not the one that the ledger knows", r.RunID, audit.ManifestName))
		wrong[audit.ManifestName] = true
	}
	problems, err := audit.Verify(folder, key)
	if err != nil {
		told = append(told, fmt.Sprintf("run %s: %v", r.RunID, err))
		wrong[""] = true
	}
	for _, p := range problems {
		if p.Kind == audit.Missing && slices.ContainsFunc(deleted, func(d ledger.Deletion) bool { return d.Of(p.Path, p.Want) }) {
			continue
		}
		told = append(told, fmt.Sprintf("run %s: %s", r.RunID, p))
		wrong[p.Path] = true
	}
	return told, len(wrong)
}

func (v verification) print(cmd *cobra.Command) {
	out := cmd.OutOrStdout()
	for _, p := range slices.Concat(v.Problems, v.Deleted) {
		fmt.Fprintln(out, p)
	}
	switch {
	case len(v.Problems) == 0 && len(v.Deleted) > 0:
		fmt.Fprintf(out, "Nothing was altered: the ledger's log is whole, and the files of %s are as they were written, or deleted as it says.\n", countRuns(v.Runs))
	case len(v.Problems) == 0:
		fmt.Fprintf(out, "Nothing was altered: the ledger's log is whole, and the files of %s are as they were written.\n", countRuns(v.Runs))
	}
	if v.Checkpoint != "" {
		fmt.Fprintf(out, "The log begins with what the checkpoint stands for (%s).\n", v.Checkpoint)
	}
	fmt.Fprintf(out, "Head of the log, to be kept elsewhere: %s\n", v.Head)
}

func countRuns(n int) string {
	if n == 1 {
		return "1 run"
	}
	return fmt.Sprintf("%d runs", n)
}
