package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rollcall/connectors/synth"
)

// synthCommand makes a country with its truth.
func synthCommand() *cobra.Command {
	var cfg synth.Config
	var start string
	cmd := &cobra.Command{
		Use:   "synth DIR",
		Short: "make a country with its registers, its roster and the truth",
		Long: "Makes a country that exists only in the program: people with lives, what the civil registers and\n" +
			"the roster would hold of them month by month, with the errors that such registers have, and the\n" +
			"truth. DIR/job.yaml is ready to run. The same seed gives the same files.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg.Dir = args[0]
			month, err := time.Parse("2006-01", start)
			if err != nil {
				return usage(fmt.Errorf("--start: %q is no month; write it as 2026-08", start))
			}
			cfg.Start = month
			p := newProgress(cmd.ErrOrStderr())
			p.start("making the country")
			cfg.Progress = p.count
			summary, err := synth.Generate(cmd.Context(), cfg)
			p.end()
			var wrong *synth.ConfigError
			if errors.As(err, &wrong) {
				return usage(err)
			}
			if err != nil {
				return err
			}
			n := summary.Counts
			fmt.Fprintf(cmd.OutOrStdout(), "%d people in %d households, months %s: births %d, deaths %d, marriages %d, members %d, enrolments %d\nnext: rollcall run %s/job.yaml\n",
				n.Persons, n.Households, strings.Join(summary.Months, ", "), n.Births, n.Deaths, n.Marriages, n.Members, n.Enrolments, cfg.Dir)
			return nil
		},
	}
	f := cmd.Flags()
	f.IntVar(&cfg.Households, "households", 20_000, "about so many households live at the end")
	f.Uint64Var(&cfg.Seed, "seed", 1, "seed of the country")
	f.StringVar(&cfg.Preset, "preset", "mixed", "kind of country: "+strings.Join(synth.Presets(), ", "))
	f.IntVar(&cfg.Months, "months", 3, "months of extracts")
	f.IntVar(&cfg.Years, "years", 10, "years of events in the registers before the first month")
	f.StringVar(&start, "start", "2026-08", "first month")
	f.IntVar(&cfg.Threads, "threads", 0, "most threads; 0 is all processors; never changes what is made")
	return cmd
}
