package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"rollcall/pipeline"
	"rollcall/pipeline/alignment"
	"rollcall/pipeline/parentage"
)

func familiesCommand() *cobra.Command {
	x := familyList{}
	var out string
	cmd := &cobra.Command{
		Use:   "families RUN [ID]",
		Short: "list households with their families in the register, or draw one household with its own",
		Long: `families lists households of the roster with the families of the register that they
share a person with, or may: those first of which a job's run is least sure. It says
with what probability they are one family (two persons are in both, or the only one of
either), who is matched, who has no counterpart on either side, and which link between
the two is most in doubt. That nobody is named on the other side proves nothing: not
all births are registered, and people move.

Families of one person are left out: theirs are links of persons. --unsure lists only
pairs of more than 5 and less than 95 percent. --findings lists instead

  household_of_several_families  the register knows families in one household that have
                                 nobody in common: a second household under its roof, a
                                 kinship that was never registered, or a wrong link
  family_in_several_households   parents and children whom the roster lists apart: they
                                 parted, or a household is enrolled under two names
  parent_in_doubt                a mother or father whom records name and who cannot be: a
                                 mother who is a man, or was eight years old, or dead; one
                                 of the records is wrong, or a link

Nothing is changed and nobody is named: ids only, unless --names asks for personal data.

With an ID, which shows personal data, families draws one sheet: a household of the
roster and the families of the register side by side, who is linked to whom and how
sure that is, who is missing on either side and why that is no proof against, and what
births, marriages and deaths mean for the members. ID is a household, a family, or a
person or mention of either side: of somebody whom the register names, the household
where the family most likely lives is drawn.`,
		Example: `  rollcall families out/latest --unsure
  rollcall families out/latest households/H-17 --format html --out sheet.html
  rollcall families out/latest deaths/D-00012/deceased
  rollcall families out/latest --findings --limit 0 --format csv > findings.csv
  rollcall explain out/latest births/B-0012/child members/M-123/member`,
		Args: func(cmd *cobra.Command, args []string) error {
			return exactArgs(max(1, min(2, len(args))), "the folder of a run, and for a sheet an id")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				if x.findings || x.choice.Unsure || x.choice.Names {
					return usage(errors.New("--unsure, --names and --findings are for lists, without an id"))
				}
				return familySheet(cmd.Context(), args[0], args[1], x.format, out, cmd.OutOrStdout())
			}
			if out != "" {
				return usage(errors.New("--out is for a sheet, which needs an id"))
			}
			if x.choice.Most < 0 {
				return usage(fmt.Errorf("--limit %d is less than nothing; 0 lists all", x.choice.Most))
			}
			if x.format != "text" && familyFormats[x.format] == nil {
				return usage(fmt.Errorf("--format %s: there are text, csv and json", x.format))
			}
			if x.findings && (x.choice.Unsure || x.choice.Names) {
				return usage(errors.New("--findings is a list of its own, without --unsure and --names"))
			}
			r, err := pipeline.Read(cmd.Context(), args[0], nil, alignment.Tables()...)
			if errors.Is(err, fs.ErrNotExist) {
				return usage(fmt.Errorf("%s is no run of a job that got as far as its families: %w", args[0], err))
			}
			if err != nil {
				return err
			}
			defer r.Close()
			if x.findings {
				return x.listFindings(cmd.Context(), r, args[0], cmd.OutOrStdout())
			}
			return x.list(cmd.Context(), r, args[0], cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&x.format, "format", "text", "text, csv or json; of a sheet text, json, or html: a page with a picture")
	cmd.Flags().StringVar(&out, "out", "", "file to write a sheet to (default: the output)")
	cmd.Flags().BoolVar(&x.choice.Unsure, "unsure", false, "only those that are neither nearly sure nor nearly out of the question")
	cmd.Flags().BoolVar(&x.findings, "findings", false, "where the register's families and the roster's households do not fit")
	cmd.Flags().BoolVar(&x.choice.Names, "names", false, "with the names of the persons: personal data")
	cmd.Flags().IntVar(&x.choice.Most, "limit", 20, "how many to list; 0 for all")
	return cmd
}

// familyList holds the flags of families.
type familyList struct {
	choice   alignment.Choice
	format   string
	findings bool
}

// familyFormats write a list: the values themselves, or as records with a header.
var familyFormats = map[string]func(w io.Writer, values any, records [][]string) error{
	"json": func(w io.Writer, values any, _ [][]string) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(values)
	},
	"csv": func(w io.Writer, _ any, records [][]string) error { return csv.NewWriter(w).WriteAll(records) },
}

func (x familyList) list(ctx context.Context, r *pipeline.Reader, folder string, w io.Writer) error {
	pairs, all, err := alignment.Pairs(ctx, r.Session, x.choice)
	if err != nil {
		return err
	}
	if write := familyFormats[x.format]; write != nil {
		return write(w, pairs, pairRecords(pairs))
	}
	for _, p := range pairs {
		printPair(w, p)
	}
	fmt.Fprintf(w, "%d of %d households with a family are shown (--limit).\n", len(pairs), all)
	if len(pairs) > 0 && pairs[0].Doubted != "" {
		left, right, _ := strings.Cut(pairs[0].Doubted, "=")
		fmt.Fprintf(w, "Why the link in doubt is as it is: rollcall explain %s %s %s\n", folder, left, right)
	}
	return nil
}

func pairRecords(pairs []alignment.Pair) [][]string {
	records := [][]string{{
		"household_id", "family_id", "accepted", "match_probability", "matched", "members_not_matched", "persons_not_matched",
		"doubted_link", "doubted_match_probability",
	}}
	for _, p := range pairs {
		records = append(records, []string{
			p.Household, p.Family, strconv.FormatBool(p.Accepted), fmt.Sprintf("%.6f", p.Probability), strings.Join(p.Matched, "; "),
			called(p.Members, p.Names), called(p.Persons, p.Names), p.Doubted, fmt.Sprintf("%.6f", p.DoubtedProbability),
		})
	}
	return records
}

// called lists ids, with names where these were asked for.
func called(ids []string, names map[string]string) string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = strings.TrimSpace(id + " " + names[id])
	}
	return strings.Join(out, "; ")
}

func printPair(w io.Writer, p alignment.Pair) {
	verdict := "not linked"
	if p.Accepted {
		verdict = "linked"
	}
	fmt.Fprintf(w, "%s  %.3f  %s\n", p.Household, p.Probability, verdict)
	line := func(what, text string) {
		if text != "" {
			fmt.Fprintf(w, "  %-19s %s\n", what, text)
		}
	}
	line("family", p.Family)
	for i, m := range p.Matched {
		left, right, _ := strings.Cut(m, "=")
		what := ""
		if i == 0 {
			what = fmt.Sprintf("matched, %d", len(p.Matched))
		}
		line(what, called([]string{left}, p.Names)+" = "+called([]string{right}, p.Names))
	}
	if p.Doubted != "" && p.DoubtedProbability < 1 {
		left, right, _ := strings.Cut(p.Doubted, "=")
		line("most in doubt", fmt.Sprintf("%s = %s, %.3f", called([]string{left}, p.Names), called([]string{right}, p.Names), p.DoubtedProbability))
	}
	line(fmt.Sprintf("members alone, %d", len(p.Members)), called(p.Members, p.Names))
	line(fmt.Sprintf("persons alone, %d", len(p.Persons)), called(p.Persons, p.Names))
	fmt.Fprintln(w)
}

func (x familyList) listFindings(ctx context.Context, r *pipeline.Reader, folder string, w io.Writer) error {
	found, all, err := alignment.Findings(ctx, r.Session, x.choice.Most)
	if err != nil {
		return err
	}
	records := [][]string{{"kind", "id", "with", "because", "records"}}
	for _, f := range found {
		records = append(records, []string{f.Kind, f.ID, strings.Join(f.With, "; "), strings.Join(f.Because, "; "), strings.Join(f.Records, "; ")})
	}
	if write := familyFormats[x.format]; write != nil {
		return write(w, found, records)
	}
	for _, f := range found {
		fmt.Fprintf(w, "%s  %s\n", f.Kind, f.ID)
		for _, id := range f.With {
			fmt.Fprintf(w, "  %s\n", id)
		}
		for _, code := range f.Because {
			fmt.Fprintf(w, "    %s: %s\n", parentage.Words(code), strings.Join(f.Records, ", "))
		}
	}
	fmt.Fprintf(w, "%d of %d findings are shown (--limit). Who is matched with whom: rollcall families %s --limit 0 --format csv\n", len(found), all, folder)
	return nil
}
