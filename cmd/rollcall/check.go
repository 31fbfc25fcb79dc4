package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"rollcall/connectors/all"
	"rollcall/jobs/config"
)

func checkCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check JOB.yaml | PACK.yaml",
		Short: "check a job file and every file that it names, or a locale pack",
		Long: `check reads a job file with its code directories, programmes and comparison
specification, and prints every mistake at once: where it is, the line itself, and
what was probably meant. No data is read. When all is right it prints what the job
will do. A locale pack, whose first field is rollcall_locale, is checked by itself.`,
		Example: "  rollcall check job.yaml\n  rollcall check my-country.yaml",
		Args: func(cmd *cobra.Command, args []string) error {
			if err := cobra.ExactArgs(1)(cmd, args); err != nil {
				return usage(err)
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if config.IsLocale(args[0]) {
				return checkLocale(cmd.OutOrStdout(), args[0])
			}
			job, err := config.Load(cmd.Context(), args[0], all.Registry())
			if err := told(cmd.OutOrStdout(), args[0], err); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s is in order.\n\n%s", args[0], job.Summary())
			return nil
		},
	}
}

// told prints the mistakes of a file and counts them.
func told(w io.Writer, file string, err error) error {
	var lint *config.Errors
	if errors.As(err, &lint) {
		fmt.Fprintln(w, lint)
		return usage(mistakes(file, len(*lint)))
	}
	return err
}

func checkLocale(w io.Writer, file string) error {
	l, err := config.LoadLocale(file)
	if err := told(w, file, err); err != nil {
		return err
	}
	fmt.Fprintf(w, "%s is in order.\n\n%s", file, l.Summary())
	return nil
}

func mistakes(file string, count int) error {
	if count == 1 {
		return fmt.Errorf("%s has 1 mistake", file)
	}
	return fmt.Errorf("%s has %d mistakes", file, count)
}
