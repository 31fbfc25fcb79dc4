package main

import (
	"github.com/spf13/cobra"

	"rollcall/pipeline/pair"
)

func dedupeCommand() *cobra.Command {
	var l linkage
	var id string
	cmd := &cobra.Command{
		Use:   "dedupe FILE --out DIR",
		Short: "find the records of one file that are one person",
		Long: `dedupe finds the records of one file that are one person. It works as link does,
and writes the same files and

  clusters.csv    record_id,entity_id: the records with one entity_id are one
                  person, whose entity_id is the id of the first of them`,
		Example: `  rollcall dedupe roster.csv --out people
  rollcall dedupe roster.parquet --out people --id member_no --ignore "remarks"
  rollcall dedupe roster.csv --out again --spec people/spec.yaml`,
		Args: exactArgs(1, "one file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			p := newProgress(cmd.ErrOrStderr())
			defer p.end()
			opt, err := l.options(cmd.Context(), p)
			if err != nil {
				return err
			}
			opt.LeftID = id
			table, err := loadFile(cmd.Context(), args[0], l.ignore, p)
			if err != nil {
				return err
			}
			p.start("deduplicating")
			o, err := pair.Dedupe(cmd.Context(), table, opt)
			if err != nil {
				return asUsage(err)
			}
			p.end()
			return l.finish(cmd.OutOrStdout(), o)
		},
	}
	l.flags(cmd)
	cmd.Flags().StringVar(&id, "id", "", "column with the ids of the records (default: recognised)")
	return cmd
}
