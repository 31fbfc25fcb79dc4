package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"rollcall/jobs/demo"
	"rollcall/pipeline"
)

func demoCommand() *cobra.Command {
	opt := demo.Options{}
	cmd := &cobra.Command{
		Use:   "demo [DIR]",
		Short: "make a country, run three monthly jobs over it, say what to open",
		Long: `Makes a country that exists only here, with its civil register and its roster, and
runs the monthly job over it. In the second month a registration of death is
revoked; in the last, half of one file is missing and the run is held. Each run is
compared with the truth, which a made country has and a real one has not.`,
		Example: `  rollcall demo
  rollcall demo small --households 2000`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			opt.Dir = "demo"
			if len(args) > 0 {
				opt.Dir = args[0]
			}
			shown := newProgress(cmd.ErrOrStderr())
			defer shown.end()
			return demo.Run(cmd.Context(), opt, demo.Tools{
				Out: cmd.OutOrStdout(), Now: time.Now, Count: shown.count, PeakBytes: pipeline.PeakBytes,
				Stage: func(label string) { shown.end(); shown.start(label) },
				Run: func(ctx context.Context, job string, asOf time.Time, trueLinks string) (pipeline.Outcome, error) {
					out, err := runJob(ctx, shown, job, asOf, trueLinks)
					shown.end()
					return out, err
				},
			})
		},
	}
	cmd.Flags().StringVar(&opt.Preset, "preset", "mixed", "bangladesh, india, chile, vietnam or mixed")
	cmd.Flags().IntVar(&opt.Households, "households", 20000, "`N` households")
	cmd.Flags().IntVar(&opt.Months, "months", 3, "`M` months")
	cmd.Flags().Uint64Var(&opt.Seed, "seed", 1, "seed `S`: the same seed makes the same country")
	cmd.Flags().BoolVar(&opt.TrueLinks, "true-links", false, "run the last good month once more with the true links, and compare")
	return cmd
}
