package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"rollcall/connectors/all"
	"rollcall/jobs/config"
)

func checkCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check JOB.yaml",
		Short: "check a job file and every file that it names",
		Long: `check reads a job file with its code directories, programmes and comparison
specification, and prints every mistake at once: where it is, the line itself, and
what was probably meant. No data is read. When all is right it prints what the job
will do.`,
		Example: "  rollcall check job.yaml",
		Args: func(cmd *cobra.Command, args []string) error {
			if err := cobra.ExactArgs(1)(cmd, args); err != nil {
				return usage(err)
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			job, err := config.Load(cmd.Context(), args[0], all.Registry())
			var lint *config.Errors
			switch {
			case errors.As(err, &lint):
				fmt.Fprintln(cmd.OutOrStdout(), lint)
				return usage(mistakes(args[0], len(*lint)))
			case err != nil:
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s is in order.\n\n%s", args[0], job.Summary())
			return nil
		},
	}
}

func mistakes(file string, count int) error {
	if count == 1 {
		return fmt.Errorf("%s has 1 mistake", file)
	}
	return fmt.Errorf("%s has %d mistakes", file, count)
}
