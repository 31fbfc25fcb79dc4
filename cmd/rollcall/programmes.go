package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"rollcall/jobs/config"
	"rollcall/jobs/programmes"
	"rollcall/pipeline"
	"rollcall/pipeline/decide"
)

func programmesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "programmes",
		Short: "list and show programme files that come with the program; explain what a run says of a person",
		Long: `The rules of a programme stand in a file that the job names. Those of real programmes
come with the program, each value with its source and how sure it is: show one, copy it
into the folder of your job, and bring it to the law in force. explain says of one
person, criterion by criterion, what a run found and on which records it rests.`,
		Example: `  rollcall programmes list
  rollcall programmes show in_ignwps > my-job/programmes/in_ignwps.yaml
  rollcall programmes explain out/latest old_age members/M-123/member`,
	}
	onlyVerbs(cmd)
	cmd.AddCommand(programmesListCommand(), programmesShowCommand(), programmesExplainCommand())
	return cmd
}

// programmeView is one programme file as list tells it.
type programmeView struct {
	Code     string        `json:"code"`
	Title    string        `json:"title"`
	Subjects string        `json:"subjects"`
	Versions []versionView `json:"versions"`
}

type versionView struct {
	Version   string `json:"version"`
	ValidFrom string `json:"valid_from"`
	ValidTo   string `json:"valid_to,omitempty"`
	Amount    string `json:"amount"`
	Source    string `json:"source"`
}

func programmesListCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "list the programme files that come with the program",
		Args:  exactArgs(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			views, err := embeddedProgrammes(cmd.Context())
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), views)
			}
			w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "programme\ttitle\tversion\tfrom\tto\tamount")
			for _, p := range views {
				for _, v := range p.Versions {
					fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", p.Code, p.Title, v.Version, v.ValidFrom, orDash(v.ValidTo), v.Amount)
				}
			}
			w.Flush()
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func embeddedProgrammes(ctx context.Context) ([]programmeView, error) {
	var views []programmeView
	for _, name := range programmes.Names() {
		text, err := programmes.Template(name)
		if err != nil {
			return nil, err
		}
		versions, err := config.ParseProgramme(ctx, name, text)
		if err != nil {
			return nil, err
		}
		v := programmeView{Code: strings.TrimSuffix(name, programmeSuffix), Title: versions[0].Title, Subjects: versions[0].Subjects}
		for _, p := range versions {
			one := versionView{Version: p.Version, ValidFrom: p.ValidFrom.Format(time.DateOnly), Amount: p.Amount.String(), Source: p.Source}
			if !p.ValidTo.IsZero() {
				one.ValidTo = p.ValidTo.Format(time.DateOnly)
			}
			v.Versions = append(v.Versions, one)
		}
		views = append(views, v)
	}
	return views, nil
}

const programmeSuffix = ".yaml"

func programmesShowCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "show PROGRAMME",
		Short: "print one of the programme files, to be copied and brought to the law in force",
		Args:  exactArgs(1, "a programme"),
		RunE: func(cmd *cobra.Command, args []string) error {
			name := strings.TrimSuffix(args[0], programmeSuffix) + programmeSuffix
			if !slices.Contains(programmes.Names(), name) {
				return usage(fmt.Errorf("no programme %q comes with the program%s; see \"rollcall programmes list\"", args[0], strings.ReplaceAll(config.DidYouMean(name, programmes.Names()), programmeSuffix, "")))
			}
			text, err := programmes.Template(name)
			if err != nil {
				return err
			}
			_, err = cmd.OutOrStdout().Write(text)
			return err
		},
	}
}

func programmesExplainCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "explain RUN PROGRAMME PERSON",
		Short: "say what a run found of a person in a programme, criterion by criterion, and on which records it rests",
		Long: `explain says what a run found of a person in a programme: each criterion, TRUE, FALSE or
UNKNOWN, the statements and records that it rests on, what is missing and where it could be
had, and what was presumed by which law. The rules are those by which the run decided.

RUN is the folder of a job's run; PERSON is a record, such as members/M-123/member, or a
person of the roster, or a child that only the register knows. Days of birth and what is
stated of a person are shown: personal data.`,
		Example: `  rollcall programmes explain out/latest widow members/M-123/member
  rollcall programmes explain out/latest child_grant births/B-0012/child --json`,
		Args: exactArgs(3, "the folder of a run, a programme and a person"),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := explainProgramme(cmd.Context(), args[0], args[1], args[2])
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), a)
			}
			printAccount(cmd.OutOrStdout(), a)
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func explainProgramme(ctx context.Context, folder, programme, person string) (*decide.Account, error) {
	asOf, rules, err := pipeline.Rules(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usage(fmt.Errorf("%s is no run of a job that got as far as its lists: %w", folder, err))
	}
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(rules, func(p decide.Programme) bool { return p.Code == programme })
	if i < 0 {
		var codes []string
		for _, p := range rules {
			codes = append(codes, p.Code)
		}
		return nil, usage(fmt.Errorf("the run decided on no programme %q%s; it has %s", programme, config.DidYouMean(programme, codes), strings.Join(codes, ", ")))
	}
	if len(rules[i].Criteria) == 0 {
		return nil, usage(fmt.Errorf("%s is of an earlier version of the program, which kept no rules; run the job again", folder))
	}
	r, err := pipeline.Read(ctx, folder, nil, decide.ExplainTables()...)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usage(fmt.Errorf("%s has no evaluations: %w", folder, err))
	}
	if err != nil {
		return nil, err
	}
	defer r.Close()
	a, err := decide.Explain(ctx, r.Session, rules[i], asOf, person)
	if errors.Is(err, decide.ErrNobody) {
		err = usage(err)
	}
	return a, err
}

// outcomeSentences say an outcome; %s is the programme.
var outcomeSentences = map[string]string{
	"eligible":      "is eligible for %s",
	"not_eligible":  "is not eligible for %s",
	"unknown":       "may be eligible for %s or not: something that decides is not on record",
	"not_concerned": "is not concerned by %s: not enrolled, and sex or age exclude it, or no record speaks of the event that it rests on",
}

// presumptionSentences say what was done with an unknown criterion.
var presumptionSentences = map[string]string{"met": "It was presumed to be met.", "not_met": "It was presumed not to be met."}

// printAccount says an account in sentences.
func printAccount(w io.Writer, a *decide.Account) {
	fmt.Fprintf(w, "On %s, %s %s.\n", a.AsOf, a.Person, fmt.Sprintf(outcomeSentences[a.Outcome], a.Title))
	fmt.Fprintf(w, "Rules: %s, version %s; %s.\n", a.Programme, a.Version, strings.TrimSuffix(a.Source, "."))
	if a.Enrolment != "" {
		fmt.Fprintf(w, "Enrolled by %s.\n", a.Enrolment)
	} else {
		fmt.Fprintln(w, "Not enrolled.")
	}
	if a.Amount != "" {
		fmt.Fprintf(w, "The rules give %s.\n", a.Amount)
	}
	if a.Since != "" {
		fmt.Fprintf(w, "The facts tell so from %s on.\n", a.Since)
	}
	for _, code := range a.Reasons {
		for _, r := range decide.Reasons() {
			if r.Code == code {
				fmt.Fprintf(w, "In the lists (%s): %s\n", code, r.Text)
			}
		}
	}
	if decides := deciding(a); decides != "" {
		fmt.Fprintln(w, decides)
	}
	for _, c := range a.Criteria {
		printCriterion(w, c)
	}
}

// deciding names the criteria on which the outcome rests.
func deciding(a *decide.Account) string {
	var names []string
	for _, c := range a.Criteria {
		switch {
		case a.Outcome == "not_eligible" && (c.Result == "FALSE" || c.Presumed == "not_met"),
			a.Outcome == "unknown" && c.Result == "UNKNOWN" && c.Presumed == "",
			a.Outcome == "eligible" && c.Presumed == "met":
			names = append(names, c.Name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	list := strings.Join(names, ", ")
	return map[string]string{
		"not_eligible": "What is not met: " + list + ".", "unknown": "What is not known: " + list + ".", "eligible": "What was presumed: " + list + ".",
	}[a.Outcome]
}

// criterionSentences say a result; "" is that of a programme that does not concern
// the person.
var criterionSentences = map[string]string{"TRUE": "met", "FALSE": "not met", "UNKNOWN": "unknown", "": "not judged"}

func printCriterion(w io.Writer, c decide.AccountCriterion) {
	fmt.Fprintf(w, "\n%s: %s", c.Name, criterionSentences[c.Result])
	if c.Result != "" {
		fmt.Fprintf(w, " (%s)", c.Result)
	}
	fmt.Fprintln(w)
	if c.Expression != "" {
		fmt.Fprintf(w, "  The rule asks: %s\n", strings.Join(strings.Fields(c.Expression), " "))
	}
	if c.Source != "" && c.Presumed == "" {
		fmt.Fprintf(w, "  By: %s.\n", strings.TrimSuffix(c.Source, "."))
	}
	for _, e := range c.Evidence {
		likely := ""
		if e.Probability != "" {
			likely = ", with probability " + e.Probability
		}
		fmt.Fprintf(w, "  On record: %s: %s%s\n", e.Fact, e.Value, likely)
		for _, r := range e.Records {
			fmt.Fprintf(w, "    %s\n", r)
		}
		for _, l := range e.Links {
			fmt.Fprintf(w, "    linked %s\n", l)
		}
	}
	for _, m := range c.Missing {
		fmt.Fprintf(w, "  Nothing is on record of: %s.\n", m)
	}
	if c.Presumed != "" {
		fmt.Fprintf(w, "  %s By: %s.\n", presumptionSentences[c.Presumed], strings.TrimSuffix(c.Source, "."))
	}
	if c.Available != "" {
		fmt.Fprintf(w, "  It could be had from: %s.\n", c.Available)
	}
}
