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
		Long: `Makes a country that exists only in the program. Its people are born, marry, move,
divorce and die over sixty years; from their lives follows what the civil registers
and the roster would hold of them, month by month, with the errors that such
registers have. Because the lives are known, so is the truth.

  DIR/job.yaml, programmes/, codes/  a job that is ready to run
  DIR/crvs/    births, deaths, marriages, with their corrections and revocations
  DIR/sp/      households, members, enrolments, attributes, payments
  DIR/truth/   who is who in every record, who died when, who is whose mother and
               spouse, which enrolment is a duplicate, who is entitled to what and why
  DIR/synth.json  version, seed, counts, and the rate of every error with its source

Presets are bangladesh (names in two scripts, few with a family name), india
(inherited family names, patronymics), chile (two surnames), vietnam (two in five
share one family name) and mixed (five name systems, some people with one name
only). The same version, seed and flags give the same files at any number of threads.
DIR must be new, empty, or hold an earlier country, which is replaced.`,
		Example: `  rollcall synth country
  rollcall synth country --preset chile --households 2000 --seed 7
  rollcall run country/job.yaml --as-of 2026-08-31
  rollcall evaluate country/out/latest --truth country/truth/records.csv --role deceased`,
		Args: exactArgs(1, "one folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg.Dir = args[0]
			month, err := time.Parse("2006-01", start)
			if err != nil {
				return usage(fmt.Errorf("--start: %q is no month; write it as 2026-08", start))
			}
			cfg.Start = month
			p := newProgress(cmd.ErrOrStderr())
			p.start("making the country, in parts of 500 households")
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
			fmt.Fprintf(cmd.OutOrStdout(), `made    %s
people  %d in %d households
roster  %d members, %d enrolments
events  %d births, %d deaths, %d marriages and divorces registered
months  %s
truth   %s/truth
next    rollcall run %s/job.yaml --as-of %s
`, summary.Name(), n.Persons, n.Households, n.Members, n.Enrolments, n.Births, n.Deaths, n.Marriages,
				strings.Join(summary.Months, ", "), cfg.Dir, cfg.Dir, month.AddDate(0, 1, -1).Format(time.DateOnly))
			return nil
		},
	}
	f := cmd.Flags()
	f.IntVar(&cfg.Households, "households", 20_000, "about `N` households live at the end, with 2.6 (chile) to 3.8 people each")
	f.Uint64Var(&cfg.Seed, "seed", 1, "seed `S`: another one makes another country")
	f.StringVar(&cfg.Preset, "preset", "mixed", "`KIND` of country: "+strings.Join(synth.Presets(), ", "))
	f.IntVar(&cfg.Months, "months", 3, "`M` months of extracts")
	f.StringVar(&start, "start", "2026-08", "first `MONTH`")
	f.IntVar(&cfg.Years, "years", 10, "`Y` years of events in the registers before the first month")
	f.IntVar(&cfg.Threads, "threads", 0, "at most `N` threads, 0 for all processors; never changes what is made")
	return cmd
}
