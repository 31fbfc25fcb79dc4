package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"rollcall/connectors/all"
	"rollcall/jobs"
	"rollcall/jobs/cases"
	"rollcall/jobs/config"
	"rollcall/jobs/ledger"
)

func casesCommand() *cobra.Command {
	at := casePlace{}
	cmd := &cobra.Command{
		Use:   "cases",
		Short: "list, show and decide the cases that runs have opened",
		Long: `Each line that a run proposes is a case in the ledger of the output folder. Nothing
is taken from anybody by a run; a case that could end an enrolment goes this way:

  proposed   by a run, with its evidence
  verified   by a source other than the two that were matched
  noticed    the household was told what was found, and has time to answer
  exited     a second person agreed, after that time; the programme may act

and at each step it can be withdrawn, or an objection sends it back. After an exit
it can be reinstated, with the arrears and the cause. What takes nothing away (a
document to ask for, somebody to invite, a record to put right) is settled or
withdrawn in one step.

Who may decide stands in rollcall.yaml beside the job file. A decision is known to
be a person's by the account under which the program runs, or by a signature.`,
		Example: `  rollcall cases list --open --kind exit
  rollcall cases show 3f2a9c0e11d4b7a8
  rollcall cases decide 3f2a9c0e11d4b7a8 verify --by amina --reason home_visit`,
	}
	onlyVerbs(cmd)
	cmd.PersistentFlags().StringVar(&at.output, "output", "", "output `FOLDER` with the ledger (default: here, or ./out)")
	cmd.PersistentFlags().StringVar(&at.job, "job", "", "`JOB.yaml` whose cases are meant")
	cmd.AddCommand(casesListCommand(&at), casesShowCommand(&at), casesReviewersCommand(&at), casesDecideCommand(&at), casesSignCommand(), casesKeyCommand(), casesReasonsCommand(&at))
	return cmd
}

// casePlace is where the cases are that a person asks for.
type casePlace struct{ place }

// open opens the ledger with the job that was named, or that its newest run was of,
// whose site file says who may decide. The caller closes the ledger.
func (p *casePlace) open(ctx context.Context) (*ledger.Ledger, *config.Job, error) {
	if p.job != "" {
		job, err := config.Load(ctx, p.job, all.Registry())
		if err != nil {
			return nil, nil, err
		}
		l, err := openLedger(ctx, job.OutputFolder)
		return l, job, err
	}
	l, folder, err := p.place.open(ctx, "")
	if err != nil {
		return nil, nil, err
	}
	job, err := onlyJob(ctx, l, folder)
	if err != nil {
		return nil, nil, errors.Join(err, l.Close())
	}
	return l, job, nil
}

// onlyJob loads the job whose runs a ledger has, if they are of one job alone.
func onlyJob(ctx context.Context, l *ledger.Ledger, folder string) (*config.Job, error) {
	runs, err := l.Runs(ctx, ledger.Filter{})
	switch {
	case err != nil:
		return nil, err
	case len(runs) == 0:
		return nil, usage(fmt.Errorf("nothing ran in %s yet", folder))
	case slices.ContainsFunc(runs, func(r ledger.Run) bool { return r.Job != runs[0].Job }):
		return nil, usage(fmt.Errorf("%s has the runs of several jobs: name one with --job", folder))
	}
	return config.Load(ctx, runs[0].JobPath, all.Registry())
}

func casesListCommand(at *casePlace) *cobra.Command {
	var f ledger.CaseFilter
	var format string
	var aged bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "list cases, those that wait longest first",
		Long: `Lists cases, those first whose state is oldest. --aged counts the open ones instead,
by state and by how long they wait: what is noticed and past its time waits for a
second person, and what nobody acts on begins anew after the days of the site file.`,
		Args: exactArgs(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if format != "text" && format != "csv" && format != "json" {
				return usage(fmt.Errorf("--format %s: there are text, csv and json", format))
			}
			l, job, err := at.open(cmd.Context())
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, l.Close()) }()
			if aged {
				f.Open, f.Limit = true, 0
			}
			list, err := l.Cases(cmd.Context(), job.Name, f)
			if err != nil {
				return err
			}
			today := jobs.DayOf(time.Now())
			if aged {
				printAged(cmd.OutOrStdout(), list, today)
				return nil
			}
			return printCases(cmd.OutOrStdout(), list, format, today)
		},
	}
	cmd.Flags().BoolVar(&f.Open, "open", false, "only those on which somebody has to act")
	cmd.Flags().StringVar(&f.Kind, "kind", "", "only `KIND`: exit, duplicate, eligibility, registration or reinstatement")
	cmd.Flags().StringVar(&f.Programme, "programme", "", "only those of a programme, by its `CODE`")
	cmd.Flags().StringVar(&f.State, "state", "", "only those in a `STATE`: proposed, verified, noticed, exited, settled, withdrawn, lapsed or reinstated")
	cmd.Flags().StringVar(&f.Area, "area", "", "only areas whose code begins with `CODE`")
	cmd.Flags().StringVar(&f.EventID, "event", "", "only those that rest on a registration, by its event `ID`")
	cmd.Flags().IntVar(&f.Limit, "limit", 50, "list at most `N`; 0 lists all")
	cmd.Flags().BoolVar(&aged, "aged", false, "count the open ones by state and by how long they wait")
	cmd.Flags().StringVar(&format, "format", "text", "text, csv or json")
	return cmd
}

// caseView is a case as it is printed.
type caseView struct {
	CaseID      string     `json:"case_id"`
	Kind        string     `json:"kind"`
	Tier        string     `json:"tier,omitempty"`
	Programme   string     `json:"programme"`
	EnrolmentID string     `json:"enrolment_id,omitempty"`
	AreaCode    string     `json:"area_code,omitempty"`
	ReasonCode  string     `json:"reason_code"`
	EventID     string     `json:"event_id,omitempty"`
	State       string     `json:"state"`
	Since       string     `json:"since"`
	OpenedOn    string     `json:"opened_on"`
	AnswerBy    string     `json:"answer_by,omitempty"`
	Version     int        `json:"version"`
	Path        string     `json:"path"`
	History     []doneView `json:"history,omitempty"`
}

// doneView is an act as it is printed.
type doneView struct {
	On         string `json:"on"`
	Act        string `json:"act"`
	To         string `json:"to"`
	Person     string `json:"person"`
	For        string `json:"for,omitempty"`
	ReasonCode string `json:"reason_code,omitempty"`
	Note       string `json:"note,omitempty"`
	AnswerBy   string `json:"answer_by,omitempty"`
	Arrears    string `json:"arrears,omitempty"`
	ToldTo     string `json:"told_to,omitempty"`
	Evidence   string `json:"evidence_sha256,omitempty"`
	File       string `json:"file_sha256,omitempty"`
	How        string `json:"how"`
	Recorded   string `json:"recorded_on,omitempty"` // day of the log's entry
	Entry      int64  `json:"log_entry,omitempty"`
	EntryHash  string `json:"log_hash,omitempty"`
	// Changed says which compared values changed since the run proposed it before.
	Changed []string `json:"changed_values,omitempty"`
}

// withEntries tells where in the log each act stands, and when people's were written.
func (v caseView) withEntries(entries []ledger.Written) caseView {
	for i, e := range entries {
		v.History[i].Entry, v.History[i].EntryHash = e.Entries, e.Hash
		if v.History[i].Person != "" && !e.At.IsZero() {
			v.History[i].Recorded = e.At.Local().Format(time.DateOnly)
		}
	}
	return v
}

func viewOfCase(c cases.Case) caseView {
	v := caseView{
		CaseID: c.CaseID, Kind: c.Kind, Tier: c.Tier, Programme: c.Programme, EnrolmentID: c.EnrolmentID, AreaCode: c.AreaCode, ReasonCode: c.ReasonCode,
		EventID: c.EventID, State: string(c.State), Since: c.Since.Format(time.DateOnly), OpenedOn: c.OpenedOn.Format(time.DateOnly),
		AnswerBy: cases.OptionalDay(c.AnswerBy), Version: c.Version, Path: string(c.Path()),
	}
	var before *cases.Proposal
	for _, d := range c.History {
		how := d.Proof.How()
		if d.Person == "" {
			how = fmt.Sprintf("run #%d", d.Attempt)
		}
		var changed []string
		if d.Act == cases.Propose {
			if before != nil {
				changed = cases.ChangedValues(*before, d.Proposal)
			}
			before = &d.Proposal
		}
		v.History = append(v.History, doneView{
			On: d.On.Format(time.DateOnly), Act: string(d.Act), To: string(d.To), Person: d.Person, For: d.For, ReasonCode: d.ReasonCode, Note: d.Note,
			AnswerBy: cases.OptionalDay(d.AnswerBy), Arrears: d.Arrears, ToldTo: d.ToldTo, Evidence: d.Evidence, File: d.File, How: how, Changed: changed,
		})
	}
	return v
}

func printCases(out io.Writer, list []cases.Case, format string, today time.Time) error {
	switch format {
	case "json":
		views := make([]caseView, len(list))
		for i, c := range list {
			views[i] = viewOfCase(c)
		}
		return printJSON(out, views)
	case "csv":
		w := csv.NewWriter(out)
		rows := [][]string{{"case_id", "kind", "tier", "programme", "enrolment_id", "area_code", "reason_code", "event_id", "state", "since", "opened_on", "answer_by", "version"}}
		for _, c := range list {
			v := viewOfCase(c)
			rows = append(rows, []string{v.CaseID, v.Kind, v.Tier, v.Programme, v.EnrolmentID, v.AreaCode, v.ReasonCode, v.EventID, v.State, v.Since, v.OpenedOn, v.AnswerBy, strconv.Itoa(v.Version)})
		}
		return w.WriteAll(rows)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "case\tkind\ttier\tprogramme\tarea\tstate\tsince\twaits\tnext")
	for _, c := range list {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", c.CaseID, c.Kind, orDash(c.Tier), orDash(c.Programme), orDash(c.AreaCode),
			c.State, c.Since.Format(time.DateOnly), waits(c, today), next(c, today))
	}
	w.Flush()
	if len(list) == 0 {
		fmt.Fprintln(out, "No case is so.")
	}
	return nil
}

// waits is how long an open case stands where it is.
func waits(c cases.Case, today time.Time) string {
	if !c.State.Open() {
		return "-"
	}
	return fmt.Sprintf("%d d", max(0, int(today.Sub(c.Since).Hours()/24)))
}

// next is what comes next, in words.
func next(c cases.Case, today time.Time) string {
	if c.State == cases.Noticed && !today.After(c.AnswerBy) {
		return "answer until " + c.AnswerBy.Format(time.DateOnly)
	}
	acts := cases.Possible(c.Path(), c.State)
	if !c.State.Open() || len(acts) == 0 {
		return "-"
	}
	if c.State == cases.Noticed {
		return "approve (a second person)"
	}
	return string(acts[0])
}

// age is a column of the aged list: cases of fewer days.
type age struct {
	days int
	name string
}

var ages = []age{{30, "under 30 d"}, {90, "30 to 89 d"}, {180, "90 to 179 d"}, {365, "180 to 364 d"}}

// printAged counts open cases by kind, state and age.
func printAged(out io.Writer, list []cases.Case, today time.Time) {
	type key struct{ kind, state string }
	counts := map[key][]int{}
	var keys []key
	for _, c := range list {
		state := string(c.State)
		if c.State == cases.Noticed {
			state = "noticed, time to answer"
			if today.After(c.AnswerBy) {
				state = "noticed, waits for approval"
			}
		}
		k := key{c.Kind, state}
		if counts[k] == nil {
			counts[k] = make([]int, len(ages)+1)
			keys = append(keys, k)
		}
		days := int(today.Sub(c.OpenedOn).Hours() / 24)
		i := slices.IndexFunc(ages, func(a age) bool { return days < a.days })
		if i < 0 {
			i = len(ages)
		}
		counts[k][i]++
	}
	slices.SortFunc(keys, func(a, b key) int { return strings.Compare(a.kind+a.state, b.kind+b.state) })
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "kind\tstate")
	for _, a := range ages {
		fmt.Fprint(w, "\t"+a.name)
	}
	fmt.Fprintln(w, "\ta year and more")
	for _, k := range keys {
		fmt.Fprintf(w, "%s\t%s", k.kind, k.state)
		for _, n := range counts[k] {
			fmt.Fprintf(w, "\t%d", n)
		}
		fmt.Fprintln(w)
	}
	w.Flush()
	fmt.Fprintf(out, "%d cases are open. How long: since a run first proposed them.\n", len(list))
}

func casesShowCommand(at *casePlace) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "show CASE",
		Short: "show one case: its evidence, what was done, and what can be done next",
		Args:  exactArgs(1, "a case id"),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			l, job, err := at.open(cmd.Context())
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, l.Close()) }()
			c, err := l.Case(cmd.Context(), job.Name, args[0])
			if errors.Is(err, ledger.ErrNoCase) {
				return usage(err)
			}
			if err != nil {
				return err
			}
			entries, err := l.Entries(cmd.Context(), c)
			if err != nil {
				return err
			}
			v := viewOfCase(c).withEntries(entries)
			if asJSON {
				return printJSON(cmd.OutOrStdout(), v)
			}
			run, err := l.Run(cmd.Context(), fmt.Sprintf("#%d", c.Attempt))
			if err != nil {
				return err
			}
			deleted, err := l.DeletionsOf(cmd.Context(), run)
			if err != nil {
				return err
			}
			printCase(cmd.OutOrStdout(), c, v, job, run, deleted)
			return printSupported(cmd.Context(), cmd.OutOrStdout(), l, c)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func printCase(out io.Writer, c cases.Case, v caseView, job *config.Job, run ledger.Run, deleted []ledger.Deletion) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	signed := "nobody"
	if c.Author != "" {
		signed = "written by " + c.Author + ", approved by " + orDash(c.Approver)
	}
	for _, f := range []struct{ name, value string }{
		{"case", v.CaseID},
		{"kind", strings.TrimSpace(v.Kind + " " + v.Tier)},
		{"programme", v.Programme},
		{"enrolment", v.EnrolmentID},
		{"area", v.AreaCode},
		{"reason of the run", v.ReasonCode},
		{"registration", v.EventID},
		{"state", v.State + " since " + v.Since},
		{"answer until", v.AnswerBy},
		{"last proposed by", run.RunID},
		{"not there any more", strings.Join(saidDeleted(deleted), "; ")},
		{"configuration signed", signed},
	} {
		if f.value != "" {
			fmt.Fprintf(w, "%s\t%s\n", f.name, f.value)
		}
	}
	w.Flush()
	fmt.Fprint(out, "\nwhat was done, and the number and hash of its entry in the log\n")
	for _, d := range v.History {
		who := d.Person
		switch {
		case d.For != "":
			who = d.For + ", entered by " + d.Person
		case who == "":
			who = "the program"
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\t%d:%.12s\t%s\n", d.On, d.Act, who, d.How, d.Entry, d.EntryHash, strings.Join(saidOf(d), "; "))
	}
	w.Flush()
	acts := cases.Possible(c.Path(), c.State)
	if len(acts) == 0 {
		fmt.Fprintf(out, "\nThe case is %s. A run that proposes it on other grounds opens it again.\n", c.State)
		return
	}
	fmt.Fprint(out, "\nwhat can be done, and for which reasons\n")
	for _, a := range acts {
		for _, r := range cases.ReasonsFor(a, c.Kind) {
			fmt.Fprintf(w, "  %s\t%s\t%s\n", a, r.Code, r.Text)
		}
	}
	w.Flush()
	fmt.Fprintf(out, "\n  rollcall cases decide %s %s --by PERSON --reason CODE --job %s\n", c.CaseID, acts[0], job.Path)
}

// saidDeleted says what of a case's run was deleted, by class.
func saidDeleted(deleted []ledger.Deletion) (out []string) {
	for _, d := range deleted {
		out = append(out, fmt.Sprintf("%s, %s", d.Class, d))
	}
	return out
}

// printSupported lists the exits that the registration of a case supported, and who
// was told of them: all of these have to hear when it falls.
func printSupported(ctx context.Context, out io.Writer, l *ledger.Ledger, c cases.Case) error {
	if c.Path() != cases.Restoration || c.EventID == "" {
		return nil
	}
	list, err := l.Cases(ctx, c.Job, ledger.CaseFilter{Kind: "exit", EventID: c.EventID})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\nexits that registration %s supported, and who was told of them\n", c.EventID)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, exit := range list {
		if exit, err = l.Case(ctx, c.Job, exit.CaseID); err != nil {
			return err
		}
		var told []string
		for _, d := range exit.History {
			if d.Act == cases.Tell {
				told = append(told, d.ToldTo+" on "+d.On.Format(time.DateOnly))
			}
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", exit.CaseID, exit.Programme, exit.State, orDash(strings.Join(told, ", ")))
	}
	w.Flush()
	return nil
}

// saidOf is what an act says beside who did it.
func saidOf(d doneView) []string {
	var out []string
	for _, f := range []struct{ name, value string }{
		{"", d.ReasonCode}, {"", d.Note}, {"answer until ", d.AnswerBy}, {"arrears ", d.Arrears}, {"told ", d.ToldTo}, {"document ", d.Evidence}, {"in file ", d.File},
	} {
		if f.value != "" {
			out = append(out, f.name+f.value)
		}
	}
	if d.Recorded != "" && d.Recorded != d.On {
		out = append(out, "recorded on "+d.Recorded)
	}
	if len(d.Changed) > 0 {
		out = append(out, "values that changed, "+strings.Join(d.Changed, "; "))
	}
	return out
}

func casesReasonsCommand(at *casePlace) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "reasons",
		Short: "print the closed list of reasons, with the law of each",
		Long: `Prints the closed list of reasons by which people decide. It has a version; a code is
never used again for something else. The law beside it is the one that the step was
modelled on; the site file replaces it with your own (legal_basis).`,
		Args: exactArgs(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var site cases.Site
			if at.job != "" {
				job, err := config.Load(cmd.Context(), at.job, all.Registry())
				if err != nil {
					return err
				}
				site = job.Site
			}
			type view struct {
				Act   cases.Act `json:"act"`
				Code  string    `json:"code"`
				Kinds []string  `json:"kinds,omitempty"`
				Text  string    `json:"text"`
				Basis string    `json:"legal_basis,omitempty"`
			}
			var list []view
			for _, r := range cases.Reasons() {
				list = append(list, view{r.Act, r.Code, r.Kinds, r.Text, site.Basis(r)})
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(map[string]any{"version": cases.ReasonsVersion, "reasons": list})
			}
			w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			fmt.Fprintf(w, "Reasons, version %s\n\nact\treason\tof\tit says\tlaw\n", cases.ReasonsVersion)
			for _, r := range list {
				kinds := "all"
				if len(r.Kinds) > 0 {
					kinds = strings.Join(r.Kinds, ", ")
				}
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", r.Act, r.Code, kinds, r.Text, orDash(r.Basis))
			}
			w.Flush()
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
