package main

import (
	"errors"
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"rollcall/jobs"
)

func runsRerunCommand(at *place) *cobra.Command {
	var into string
	var anyProgram bool
	cmd := &cobra.Command{
		Use:   "rerun RUN",
		Short: "make an old run again from its archive, and compare the content",
		Long: `Makes a run again from what was kept of it: its snapshots, the files of its
configuration, and the decisions, the baseline and the ids of persons as of then.
The content of every table is compared, stage by stage. The ledger and the run stay
as they are. A run of another version of the program or of DuckDB is refused.
Exit code 5 when a table differs.`,
		Args: exactArgs(1, "a run"),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			ctx := cmd.Context()
			l, folder, err := at.open(ctx, args[0])
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, l.Close()) }()
			found, err := named(ctx, l, folder, args)
			if err != nil {
				return err
			}
			scratch := into
			if scratch == "" { // beside the runs, where personal data may lie
				if scratch, err = os.MkdirTemp(folder, ".rerun-"); err != nil {
					return fmt.Errorf("make a folder for the run: %w", err)
				}
				defer os.RemoveAll(scratch)
			}
			shown := newProgress(cmd.ErrOrStderr())
			shown.start(found[0].Job)
			stages, err := newRunner(shown).Rerun(ctx, l, folder, found[0], scratch, anyProgram)
			shown.end()
			var other *jobs.OtherProgramError
			if errors.As(err, &other) {
				return usage(fmt.Errorf("%w. Make it again with that program; --any-program tries with this one all the same", other))
			}
			if err != nil {
				return err
			}
			return at.printRerun(cmd, found[0].RunID, stages)
		},
	}
	cmd.Flags().StringVar(&into, "into", "", "make the run in `FOLDER` and leave it there (default: in a folder that is removed)")
	cmd.Flags().BoolVar(&anyProgram, "any-program", false, "try also when another version of the program or of DuckDB made the run")
	return cmd
}

func (p *place) printRerun(cmd *cobra.Command, run string, stages []jobs.Compared) error {
	tables, first := 0, ""
	for _, s := range stages {
		tables += s.Tables
		if first == "" && s.First != "" {
			first = fmt.Sprintf("table %s of %s", s.First, s.Stage)
		}
	}
	if p.json {
		if err := printJSON(cmd.OutOrStdout(), stages); err != nil {
			return err
		}
	} else {
		w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
		for _, s := range stages {
			how := "the same"
			if s.First != "" {
				how = "differs from table " + s.First + " on"
			}
			fmt.Fprintf(w, "%s\t%d tables\t%s\n", s.Stage, s.Tables, how)
		}
		w.Flush()
	}
	if first != "" {
		return fmt.Errorf("%w: run %s made again is not the same: the first that differs is %s", jobs.ErrVerification, run, first)
	}
	if !p.json {
		fmt.Fprintf(cmd.OutOrStdout(), "The same: run %s made again has the content that it had, in all %d tables.\n", run, tables)
	}
	return nil
}
