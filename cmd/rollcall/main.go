// Command rollcall reconciles civil registers with social-protection rosters. It
// finds the records that are one person and proposes, with the evidence, what
// follows from it; it never stops a payment.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"rollcall/jobs"
	"rollcall/jobs/config"
)

// The exit codes, by what went wrong. An error that none of them names is a
// defect of ours.
const (
	exitDone        = 0
	exitDefect      = 1
	exitInterrupted = 130
)

var exits = []struct {
	err  error
	code int
	says string
}{
	{jobs.ErrUsage, 2, "usage or configuration"},
	{jobs.ErrHeld, 3, "held by a gate"},
	{jobs.ErrPartial, 4, "partial: a source ended before its end"},
	{jobs.ErrVerification, 5, "verification failed"},
	{jobs.ErrOutside, 6, "failed from outside: database away, disk full"},
	{context.Canceled, exitInterrupted, "interrupted"},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(execute(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// execute runs one command line and returns its exit code.
func execute(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := rootCommand()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = sayDeleted(ctx, args, err)
	}
	err = jobs.Outside(err)
	code := exitCode(err)
	if code == exitInterrupted {
		doing := strings.TrimSuffix(err.Error(), ": "+context.Canceled.Error())
		fmt.Fprintln(stderr, "rollcall: interrupted:", doing, "was not finished")
		return code
	}
	fmt.Fprintln(stderr, "rollcall:", err)
	return code
}

func exitCode(err error) int {
	for _, e := range exits {
		if errors.Is(err, e.err) {
			return e.code
		}
	}
	var lint *config.Errors
	if errors.As(err, &lint) {
		return 2
	}
	return exitDefect
}

// usage marks an error of the command line.
func usage(err error) error { return fmt.Errorf("%w: %w", jobs.ErrUsage, err) }

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "rollcall",
		Short: "reconcile civil registers with social-protection rosters",
		Long: `rollcall finds who is who in a civil register (births, deaths, marriages) and a
social-protection roster, and proposes what follows from it: who seems to have
died and is still paid, who is enrolled twice, who is entitled and not enrolled
or enrolled and no longer entitled. It never stops a payment.

New here? Run "rollcall demo" and open the page that it names.` + exitTable(),
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage(err) })
	root.AddGroup(
		&cobra.Group{ID: "jobs", Title: "Scheduled jobs:"},
		&cobra.Group{ID: "files", Title: "Two files or one, without a job:"},
		&cobra.Group{ID: "try", Title: "To try it out:"},
	)
	for group, commands := range map[string][]*cobra.Command{
		"jobs":  {initCommand(), checkCommand(), runCommand(), scheduleCommand(), runsCommand(), casesCommand(), reviewCommand(), familiesCommand(), programmesCommand()},
		"files": {linkCommand(), dedupeCommand(), evaluateCommand(), explainCommand(), compareCommand(), sampleCommand(), scoreCommand(), blockingCommand(), profileCommand(), standardiseCommand()},
		"try":   {demoCommand(), synthCommand()},
	} {
		for _, c := range commands {
			c.GroupID = group
			root.AddCommand(c)
		}
	}
	root.AddCommand(versionCommand())
	onlyVerbs(root)
	return root
}

// onlyVerbs makes a command whose verbs do the work show its help, and refuse a
// verb that it does not have.
func onlyVerbs(cmd *cobra.Command) {
	cmd.Args, cmd.SuggestionsMinimumDistance = cobra.ArbitraryArgs, 2 // letters
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return cmd.Help()
		}
		meant := ""
		if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
			meant = fmt.Sprintf(" (did you mean %q?)", near[0])
		}
		return usage(fmt.Errorf("%s has no verb %q%s; see \"%[1]s --help\"", cmd.CommandPath(), args[0], meant))
	}
}

func exitTable() string {
	text := "\n\nExit codes:\n   0  done\n   1  a defect of ours: please report it"
	for _, e := range exits {
		text += fmt.Sprintf("\n%4d  %s", e.code, e.says)
	}
	return text
}
