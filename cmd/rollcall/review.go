package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"rollcall/jobs"
	"rollcall/jobs/cases"
	"rollcall/jobs/config"
	"rollcall/jobs/envelope"
	"rollcall/jobs/ledger"
	"rollcall/jobs/review"
	"rollcall/pipeline/pair"
)

func reviewCommand() *cobra.Command {
	at := casePlace{}
	cmd := &cobra.Command{
		Use:   "review",
		Short: "give cases out as a file to a district without a network, and take decisions back",
		Long: `export writes the open cases of a district into one XLSX or CSV file: the evidence
first, both records beside each other, then cells to fill in. People decide there,
without network or program. The file comes back signed by who decided (sign), or an
officer enters it in that person's name (import --entered-by).

import takes each row by itself. What cannot be taken is refused with its row number
and what to do, and written beside the file, ready to be mended; the others count.`,
		Example: `  rollcall review export --job job.yaml --district 3002 --out khulna.xlsx
  rollcall review sign khulna.xlsx --by karim --key karim.key
  rollcall review import khulna.xlsx --dry-run
  rollcall review import khulna.xlsx
  rollcall review import khulna.xlsx --entered-by amina`,
	}
	onlyVerbs(cmd)
	cmd.PersistentFlags().StringVar(&at.output, "output", "", "output `FOLDER` with the ledger (default: here, or ./out)")
	cmd.PersistentFlags().StringVar(&at.place.job, "job", "", "`JOB.yaml` whose cases are meant")
	cmd.AddCommand(reviewExportCommand(&at), reviewSignCommand(), reviewImportCommand(&at))
	return cmd
}

func reviewExportCommand(at *casePlace) *cobra.Command {
	var f ledger.CaseFilter
	var out, reviewer string
	var to []string
	cmd := &cobra.Command{
		Use:   "export --out FILE",
		Short: "write cases with their evidence into a file to be filled in",
		Long: `Writes the open cases, one row each, into FILE, .xlsx or .csv, with what the lists of
their run say of them. In an .xlsx the first sheet says what to do, decisions and
reasons are chosen from lists, and the evidence is protected; for Excel it is the
better of the two, which spoils ids and days of a .csv.

To fill in: decision, reason, day, note, arrears (for reinstate) and reviewer. Empty
rows stay open. Each row knows the version of its case: what is decided elsewhere in
the meantime is refused when the file comes back.

FILE names people. It is for the district alone: with --to only the people and offices
named can open it, with the tool age, and the ledger's log records who got what. The
district encrypts what it sends back in the same way.`,
		Example: `  rollcall review export --job job.yaml --district 3002 --out khulna.xlsx
  rollcall review export --job job.yaml --district 3002 --to khulna --out khulna.xlsx.age
  rollcall review export --kind exit --state noticed --reviewer karim --out approve.xlsx`,
		Args: exactArgs(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			ctx := cmd.Context()
			if out == "" {
				return usage(errors.New("--out is missing: name the .xlsx or .csv file to write"))
			}
			if err := checkClosed(out, to); err != nil {
				return err
			}
			l, job, err := at.open(ctx)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, l.Close()) }()
			if _, known := job.Site.Person(reviewer); reviewer != "" && !known {
				return usage(fmt.Errorf("the site file names no person %q", reviewer))
			}
			f.Open = f.State == ""
			list, err := l.Cases(ctx, job.Name, f)
			if err != nil {
				return err
			}
			sheet := review.Sheet{Job: job.Name, Title: job.Title, District: f.Area, Reviewer: reviewer, Site: job.Site}
			if sheet.Lines, sheet.RunID, err = withEvidence(ctx, l, list); err != nil {
				return err
			}
			told := ""
			if len(to) > 0 {
				h := ledger.Handover{What: "review", RunID: sheet.RunID}
				if h.Recipients, err = recipients(job.Site, to); err != nil {
					return err
				}
				told = ", encrypted for " + namesOf(h.Recipients)
				var write func(io.Writer) error
				if write, err = sheet.Writer(strings.TrimSuffix(out, envelope.Suffix)); err == nil {
					err = handOut(ctx, l, out, h, write)
				}
			} else {
				err = sheet.Write(out)
			}
			if errors.Is(err, review.ErrFile) {
				return usage(err)
			} else if err != nil {
				return fmt.Errorf("%w: write %s: %w", jobs.ErrOutside, out, err)
			}
			w := cmd.OutOrStdout()
			fmt.Fprintf(w, "given out  %d cases in %s%s\n", len(sheet.Lines), filepath.ToSlash(out), told)
			if left := len(list) - len(sheet.Lines); left > 0 {
				fmt.Fprintf(w, "left out   %d cases whose run has no list any more, so that nobody could see why\n", left)
			}
			fmt.Fprintf(w, "then       fill it in, and: rollcall review import %s\n", filepath.ToSlash(out))
			return nil
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "`FILE` to write, .xlsx or .csv (required)")
	cmd.Flags().StringArrayVar(&to, "to", nil, "encrypt it for `NAME`, a person or an office of rollcall.yaml with an age_key; FILE then ends in .age")
	cmd.Flags().StringVar(&f.Area, "district", "", "only areas whose code begins with `CODE`")
	cmd.Flags().StringVar(&f.Kind, "kind", "", "only `KIND`: exit, duplicate, eligibility, registration or reinstatement")
	cmd.Flags().StringVar(&f.Programme, "programme", "", "only those of a programme, by its `CODE`")
	cmd.Flags().StringVar(&f.State, "state", "", "only those in a `STATE` (default: all that are open)")
	cmd.Flags().StringVar(&reviewer, "reviewer", "", "id of the `PERSON` who is to decide, filled in for each row")
	return cmd
}

// withEvidence joins cases with what the lists say of them, each of the newest run
// that proposes it, and names the newest run of all. A case without evidence is
// left out.
func withEvidence(ctx context.Context, l *ledger.Ledger, list []cases.Case) ([]review.Line, string, error) {
	wanted := map[int64]map[string]bool{}
	newest := int64(0)
	for _, c := range list {
		if wanted[c.Attempt] == nil {
			wanted[c.Attempt] = map[string]bool{}
		}
		wanted[c.Attempt][c.CaseID] = true
		newest = max(newest, c.Attempt)
	}
	evidence, runID := map[int64]map[string]map[string]string{}, ""
	for attempt, ids := range wanted {
		run, err := l.Run(ctx, fmt.Sprintf("#%d", attempt))
		if err != nil {
			return nil, "", err
		}
		if attempt == newest {
			runID = run.RunID
		}
		if evidence[attempt], err = review.Evidence(ctx, filepath.Join(l.Folder(), run.Folder), ids); err != nil {
			return nil, "", err
		}
	}
	var lines []review.Line
	for _, c := range list {
		if of := evidence[c.Attempt][c.CaseID]; of != nil {
			lines = append(lines, review.Line{Case: c, Evidence: of})
		}
	}
	return lines, runID, nil
}

func reviewSignCommand() *cobra.Command {
	var by, key string
	cmd := &cobra.Command{
		Use:   "sign FILE --by PERSON --key FILE",
		Short: "sign a file of decisions with one's own key",
		Long: `Writes FILE.sig, the person's signature over FILE as it is now. Both go back together;
when FILE is changed afterwards, even by saving it anew, it has to be signed again.
Neither job, ledger nor network is needed. "rollcall cases key" makes a key.`,
		Example: "  rollcall review sign khulna.xlsx --by karim --key karim.key",
		Args:    exactArgs(1, "one file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if by == "" || key == "" {
				return usage(errors.New("a signature needs --by PERSON and --key FILE"))
			}
			f, err := review.Open(args[0], nil)
			if err != nil {
				return usage(err)
			}
			private, err := readPrivateKey(key)
			if err != nil {
				return err
			}
			signature, err := f.Sign(by, string(private))
			if err != nil {
				return usage(err)
			}
			name := args[0] + review.SignatureSuffix
			if err := writeOutput(nil, name, func(w io.Writer) error { _, err := io.WriteString(w, signature); return err }); err != nil {
				return err
			}
			what, of := "decisions", "cases"
			if f.Sample {
				what, of = "judgements", "pairs"
			}
			fmt.Fprintf(cmd.OutOrStdout(), "Signed by %s: %d %s, %d %s left open. Send %s and %s together.\n",
				by, len(f.Rows), what, f.Open, of, filepath.Base(args[0]), filepath.Base(name))
			return nil
		},
	}
	cmd.Flags().StringVar(&by, "by", "", "id of the `PERSON` who decided")
	cmd.Flags().StringVar(&key, "key", "", "`FILE` with the private key of --by")
	return cmd
}

// entering is who brings a file in.
type entering struct {
	by, key  string
	identity string             // file with the private key of a recipient, or ""
	opens    *envelope.Identity // what is in it
}

func reviewImportCommand(at *casePlace) *cobra.Command {
	var by entering
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "take the decisions of a file that came back",
		Long: `Takes the filled rows of FILE, each by itself, as if it were entered with "rollcall
cases decide". Who decided is known by FILE.sig beside FILE, which "rollcall review
sign" makes; or an officer enters the file with --entered-by, known by the account or
by --key, in the name of the reviewer whom each row names. Both are recorded, with
the SHA-256 of FILE: keep FILE for the auditor.

Columns may have moved and others been added; XLSX, and CSV as spreadsheets save it,
are read. A row is refused when its case changed since it was given out, its evidence
was altered, its reviewer is unknown or of another district, its reason, decision or
day is missing or not possible, or another row decides the same case. The refused
rows are written into FILE.refused.csv with the reason: mend them there and import
that file. Rows that an import before has recorded are recorded no second time.

A FILE.age that was encrypted for us is opened in memory with --identity; its
signature, over the file in it, is FILE.sig, and the refused rows are encrypted too.

A filled-in sample of a run (reports/sample.xlsx) is taken too: what people judged of
its pairs, each row by its answer and reviewer. The next run's quality.html holds it
against what the model says of itself; no link is changed by it.

The exit code is 2 when a row was refused.`,
		Example: `  rollcall review import khulna.xlsx --dry-run
  rollcall review import khulna.xlsx
  rollcall review import khulna.xlsx --entered-by amina`,
		Args: exactArgs(1, "one file"),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			ctx := cmd.Context()
			if by.identity != "" {
				if err := checkKeyFile(by.identity); err != nil {
					return err
				}
				opens, err := envelope.ReadIdentity(by.identity)
				if err != nil {
					return usage(err)
				}
				by.opens = &opens
			}
			f, err := review.Open(args[0], by.opens)
			if err != nil {
				return usage(err)
			}
			l, job, err := at.open(ctx)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, l.Close()) }()
			i := review.Import{Ledger: l, Job: job.Name, Site: job.Site, File: f, Today: jobs.DayOf(time.Now()), DryRun: dryRun}
			if err := by.identify(&i, job, args[0]); err != nil {
				return err
			}
			take := i.Rows
			if f.Sample {
				take = i.Pairs
			}
			results, err := take(ctx)
			if err != nil {
				return err
			}
			return reportImport(cmd.OutOrStdout(), args[0], i, by.opens, results)
		},
	}
	cmd.Flags().StringVar(&by.by, "entered-by", "", "id of the `PERSON` who enters it for the reviewers")
	cmd.Flags().StringVar(&by.key, "key", "", "`FILE` with the private key of --entered-by")
	cmd.Flags().StringVar(&by.identity, "identity", "", "`FILE` with the private key of age that opens a FILE.age")
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "say what would be recorded and refused, and write nothing")
	return cmd
}

// identify finds out who brings a file in, and how that is known.
func (e entering) identify(i *review.Import, job *config.Job, file string) error {
	file = strings.TrimSuffix(file, envelope.Suffix)
	signature, err := os.ReadFile(file + review.SignatureSuffix)
	signed := err == nil
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return usage(fmt.Errorf("read signature: %w", err))
	case signed && e.by != "":
		return usage(fmt.Errorf("%s%s is beside the file: import it as it is signed, without --entered-by, or take the signature away", file, review.SignatureSuffix))
	case !signed && e.by == "":
		return usage(fmt.Errorf("there is no %s%s: have the file signed with rollcall review sign, or enter it with --entered-by", file, review.SignatureSuffix))
	case signed:
		person, proof, err := i.File.Signer(string(signature), job.Site)
		if err != nil {
			return usage(fmt.Errorf("%s: %w", file, err))
		}
		i.Person, i.Signed, i.Proof = person.ID, true, proof
		return nil
	}
	statement := cases.FileStatement(i.File.SHA256)
	if i.Proof, err = prove(job.Site, e.by, e.key, statement); err != nil {
		return err
	}
	if err := job.Site.CheckSigner(e.by, statement, i.Proof, false); err != nil {
		return usage(err)
	}
	i.Person = e.by
	return nil
}

// reportImport prints what became of each row, and writes the refused ones beside
// the file.
func reportImport(out io.Writer, file string, i review.Import, opens *envelope.Identity, results []review.Result) error {
	counts := map[review.Outcome]int{}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	if len(results) > 0 {
		fmt.Fprintln(w, "row\tcase\tdecision\treviewer\tresult")
	}
	for _, r := range results {
		counts[r.Outcome]++
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s: %s\n", r.Row.Number, orDash(r.CaseID), orDash(r.Act), orDash(r.Reviewer), r.Outcome, r.Says)
	}
	w.Flush()
	how, recorded := "entered by "+i.Person, "recorded"
	if i.Signed {
		how = "signed by " + i.Person
	}
	if i.DryRun {
		recorded = "could be recorded"
	}
	fmt.Fprintf(out, "%d %s, %d recorded before, %d refused, %d left open. File %.12s, %s (%s).\n",
		counts[review.Recorded], recorded, counts[review.Before], counts[review.Refused], i.File.Open, i.File.SHA256, how, i.Proof.How())
	if counts[review.Refused] == 0 {
		return nil
	}
	mend := "mend them there"
	if !i.DryRun {
		name, err := writeRefused(i.File, file, opens, results)
		if err != nil {
			return fmt.Errorf("%w: write the refused rows: %w", jobs.ErrOutside, err)
		}
		mend = "mend them in " + filepath.ToSlash(name) + " and import that"
	}
	return usage(fmt.Errorf("%d of %d rows were refused: %s", counts[review.Refused], len(results), mend))
}

// writeRefused writes the refused rows beside the file, encrypted where the file was.
func writeRefused(f *review.File, file string, opens *envelope.Identity, results []review.Result) (name string, err error) {
	if !strings.HasSuffix(file, envelope.Suffix) {
		name = file + ".refused.csv"
		return name, pair.Replace(name, func(w io.Writer) error { return f.WriteRefused(w, results) })
	}
	name = strings.TrimSuffix(file, envelope.Suffix) + ".refused.csv" + envelope.Suffix
	return name, pair.Replace(name, func(w io.Writer) error {
		closed, err := envelope.Close(w, opens.Public()...)
		if err != nil {
			return err
		}
		return errors.Join(f.WriteRefused(closed, results), closed.Close())
	})
}
