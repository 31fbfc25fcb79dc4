package main

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"runtime/debug"

	"github.com/spf13/cobra"

	"rollcall/pipeline/pair"
)

func dedupeCommand() *cobra.Command {
	var l linkage
	var id, previous, addTo string
	cmd := &cobra.Command{
		Use:   "dedupe FILE --out DIR",
		Short: "find the records of one file that are one person",
		Long: `dedupe finds the records of one file that are one person. It works as link does,
and writes the same files and

  clusters.csv    record_id,entity_id: the records with one entity_id are one
                  person, whose entity_id is the id of the first of them, or
                  with --previous the one that it had before
  apart.csv       pairs that look like one person and are kept apart, with the reason
  entity_changes.csv   with --previous: which earlier people were merged or split

--add-to DIR adds the records of FILE to those that an earlier dedupe made DIR
from: by its model, and with its ids of people. Any split of a file into parts
that are added one by one finds the people that the whole file by that model has.
The earlier files have to lie where they were, unchanged.`,
		Example: `  rollcall dedupe roster.csv --out people
  rollcall dedupe roster.parquet --out people --id member_no --ignore "remarks"
  rollcall dedupe roster.csv --out people --areas codes/area_tree.csv
  rollcall dedupe roster.csv --out again --spec people/spec.yaml
  rollcall dedupe october.csv --out people2 --spec people/model.json --previous people
  rollcall dedupe newcomers.csv --out people2 --add-to people`,
		Args: exactArgs(1, "one file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			defer debug.SetGCPercent(debug.SetGCPercent(sparingPercent))
			p := newProgress(cmd.ErrOrStderr())
			defer p.end()
			if addTo != "" {
				if err := l.specOf(addTo); err != nil {
					return err
				}
				if previous == "" {
					previous = addTo
				}
			}
			opt, err := l.options(cmd.Context(), p)
			if err != nil {
				return err
			}
			opt.LeftID = id
			table, err := loadFile(cmd.Context(), args[0], l.ignore, p)
			if err != nil {
				return err
			}
			if err := withAreas(l.areas, table); err != nil {
				return err
			}
			if addTo != "" {
				earlier, err := addable(addTo, "dedupe")
				if err != nil {
					return err
				}
				opt.LeftID = cmp.Or(id, earlier.Left.ID)
				if table, err = withEarlier(cmd.Context(), table, *opt.Specification, opt.LeftID, earlier, addTo, p); err != nil {
					return err
				}
			}
			growHeap(table)
			p.start("deduplicating")
			o, err := pair.Dedupe(cmd.Context(), table, opt)
			if err != nil {
				return asUsage(err)
			}
			if previous != "" {
				if err := inherit(cmd.Context(), o, previous, p); err != nil {
					return err
				}
			}
			return l.finish(cmd.OutOrStdout(), o, p)
		},
	}
	l.flags(cmd)
	cmd.Flags().StringVar(&previous, "previous", "", "folder or clusters.csv of an earlier dedupe: people keep their ids")
	cmd.Flags().StringVar(&addTo, "add-to", "", "folder of an earlier dedupe: add these records to its, by its model")
	cmd.Flags().StringVar(&id, "id", "", "column with the ids of the records (default: recognised)")
	return cmd
}

// inherit gives people the ids that an earlier deduplication gave them.
func inherit(ctx context.Context, o *pair.Outcome, previous string, p *progress) error {
	if info, err := os.Stat(previous); err == nil && info.IsDir() {
		previous = filepath.Join(previous, pair.ClustersName)
	}
	earlier, err := loadFile(ctx, previous, nil, p)
	if err != nil {
		return err
	}
	return asUsage(o.Inherit(earlier))
}
