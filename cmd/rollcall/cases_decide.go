package main

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rollcall/connectors/all"
	"rollcall/jobs"
	"rollcall/jobs/cases"
	"rollcall/jobs/config"
	"rollcall/jobs/ledger"
	"rollcall/pipeline/store"
)

func casesDecideCommand(at *casePlace) *cobra.Command {
	var r cases.Request
	var on, answerBy, key, evidence string
	cmd := &cobra.Command{
		Use:   "decide CASE ACT --by PERSON --reason CODE",
		Short: "record what a person does with a case",
		Long: `Records one step of one case. ACT is verify, notice, object, approve, settle,
withdraw, reinstate or tell; "rollcall cases show CASE" says which are possible and
for which reasons. What the process does not allow is refused with what it does.

The decision is known to be PERSON's by the account under which the program runs, as
the site file names it; with --key it is signed with the person's private key.
--for enters the decision of somebody else, who gave it on paper: both are recorded.`,
		Example: `  rollcall cases decide 3f2a9c0e11d4b7a8 verify --by amina --reason home_visit --evidence visit.pdf
  rollcall cases decide 3f2a9c0e11d4b7a8 notice --by amina --reason served_in_person
  rollcall cases decide 3f2a9c0e11d4b7a8 approve --by karim --reason no_answer --key karim.key
  rollcall cases decide 3f2a9c0e11d4b7a8 reinstate --by amina --reason false_match --arrears "1650.00 BDT"
  rollcall cases decide 3f2a9c0e11d4b7a8 tell --by amina --reason told --to "payment office, Khulna"`,
		Args: exactArgs(2, "a case id and an act"),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			ctx := cmd.Context()
			if r.Person == "" {
				return usage(errors.New("a decision needs --by PERSON"))
			}
			today := jobs.DayOf(time.Now())
			r.CaseID, r.Act, r.On = args[0], cases.Act(args[1]), today
			for _, d := range []struct {
				flag, text string
				into       *time.Time
			}{{"on", on, &r.On}, {"answer-by", answerBy, &r.AnswerBy}} {
				if d.text == "" {
					continue
				}
				if *d.into, err = time.Parse(time.DateOnly, d.text); err != nil {
					return usage(fmt.Errorf("--%s %q is no day of the form 2026-08-31", d.flag, d.text))
				}
			}
			if evidence != "" {
				if r.Evidence, err = store.FileHash(evidence); err != nil {
					return usage(err)
				}
			}
			l, job, err := at.open(ctx)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, l.Close()) }()
			c, err := l.Case(ctx, job.Name, r.CaseID)
			if errors.Is(err, ledger.ErrNoCase) {
				return usage(err)
			}
			if err != nil {
				return err
			}
			r.Version = c.Version
			if r.Proof, err = prove(job.Site, r.Person, key, r.Statement(job.Name)); err != nil {
				return err
			}
			c, err = l.Do(ctx, job.Name, job.Site, r, today)
			if errors.Is(err, cases.ErrRefused) || errors.Is(err, cases.ErrStale) {
				return usage(err)
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "Recorded: case %s is %s (%s).%s\n", c.CaseID, c.State, r.Proof.How(), whatNext(c, today))
			return nil
		},
	}
	cmd.Flags().StringVar(&r.Person, "by", "", "id of the `PERSON` who decides, or who enters it")
	cmd.Flags().StringVar(&r.ReasonCode, "reason", "", "`CODE` of the closed list: rollcall cases reasons")
	cmd.Flags().StringVar(&r.Note, "note", "", "free `TEXT` that an auditor will read")
	cmd.Flags().StringVar(&on, "on", "", "`DAY` on which it was done (default today)")
	cmd.Flags().StringVar(&answerBy, "answer-by", "", "notice: last `DAY` to answer (default: the days of the site file)")
	cmd.Flags().StringVar(&r.Arrears, "arrears", "", "reinstate: what is due, such as \"1650.00 BDT\"")
	cmd.Flags().StringVar(&r.ToldTo, "to", "", "tell: the `OFFICE` that was told")
	cmd.Flags().StringVar(&r.For, "for", "", "id of the `PERSON` who decided, when --by only enters it")
	cmd.Flags().StringVar(&evidence, "evidence", "", "`FILE` whose SHA-256 is recorded with it")
	cmd.Flags().StringVar(&key, "key", "", "`FILE` with the private key of --by")
	return cmd
}

func whatNext(c cases.Case, today time.Time) string {
	if text := next(c, today); text != "-" {
		return " Next: " + text + "."
	}
	return ""
}

// readPrivateKey reads a private key from its file.
func readPrivateKey(file string) ([]byte, error) {
	if err := checkKeyFile(file); err != nil {
		return nil, err
	}
	private, err := os.ReadFile(file)
	if err != nil {
		return nil, usage(fmt.Errorf("read private key: %w", err))
	}
	return private, nil
}

// checkKeyFile holds that a text typed for a file or a public key is no private key,
// which no message may show.
func checkKeyFile(typed string) error {
	if cases.HoldsPrivateKey(typed) {
		return usage(errors.New("a private key was typed, which is not shown; only the file with it may be named. Make a new one: this one stands in the shell's history"))
	}
	return nil
}

// prove shows that a person is who he says: by his signature under a statement, or
// by the account under which the program runs.
func prove(site cases.Site, person, keyFile, statement string) (cases.Proof, error) {
	if keyFile == "" {
		u, err := user.Current()
		if err != nil {
			return cases.Proof{}, fmt.Errorf("find the account of this process: %w", err)
		}
		return cases.Proof{Account: u.Username}, nil
	}
	private, err := readPrivateKey(keyFile)
	if err != nil {
		return cases.Proof{}, err
	}
	p, _ := site.Person(person)
	if p.Key == "" {
		return cases.Proof{}, usage(fmt.Errorf("the site file has no public key of %s", person))
	}
	proof, err := cases.Sign(statement, string(private), p.Key)
	if err != nil {
		return proof, usage(err)
	}
	return proof, nil
}

func casesSignCommand() *cobra.Command {
	var by, part, key string
	cmd := &cobra.Command{
		Use:   "sign JOB.yaml --by PERSON --as author|approver",
		Short: "sign for a job's configuration as its author, or as the one who approves it",
		Long: `Records who wrote the job file, the programme files and all else that the job names,
as they are now, and who approved them: two people. The author can take no step
towards an exit that runs of this configuration propose, and without both signatures
none can be approved. A configuration that changes needs new ones.`,
		Example: `  rollcall cases sign job.yaml --by sita --as author
  rollcall cases sign job.yaml --by tom --as approver --key tom.key`,
		Args: exactArgs(1, "one job file"),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			ctx := cmd.Context()
			if part != ledger.Author && part != ledger.Approver {
				return usage(fmt.Errorf("--as %q: it is author or approver", part))
			}
			job, err := config.Load(ctx, args[0], all.Registry())
			if err != nil {
				return err
			}
			g := ledger.Signature{Part: part, Person: by}
			statement := cases.ConfigurationStatement(job.Name, job.SHA256, part)
			if g.Proof, err = prove(job.Site, by, key, statement); err != nil {
				return err
			}
			if err := job.Site.CheckSigner(by, statement, g.Proof, part == ledger.Approver); err != nil {
				return usage(err)
			}
			l, err := ledger.Open(ctx, job.OutputFolder, time.Now)
			if err != nil {
				return fmt.Errorf("%w: %w", jobs.ErrOutside, err)
			}
			defer func() { err = errors.Join(err, l.Close()) }()
			err = l.Sign(ctx, job.Name, job.SHA256, g)
			if errors.Is(err, ledger.ErrSigned) || errors.Is(err, ledger.ErrNoAuthor) {
				return usage(err)
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "Recorded: %s is the %s of configuration %.12s of %s.\n", by, part, job.SHA256, job.Name)
			return nil
		},
	}
	cmd.Flags().StringVar(&by, "by", "", "id of the `PERSON` who signs")
	cmd.Flags().StringVar(&part, "as", "", "author or approver")
	cmd.Flags().StringVar(&key, "key", "", "`FILE` with the private key of --by")
	return cmd
}

func casesKeyCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "key PERSON --out FILE",
		Short: "make a key by which a person signs decisions",
		Long: `Writes a private key into a new file that only its owner can read, and prints the
public half for the person's entry in rollcall.yaml. The private half is the
person's alone: whoever has it decides in the person's name.`,
		Example: "  rollcall cases key karim --out karim.key",
		Args:    exactArgs(1, "the id of a person"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if out == "" {
				return usage(errors.New("a new key needs --out FILE"))
			}
			private, public, err := cases.NewKey(args[0])
			if err != nil {
				return usage(err)
			}
			f, err := os.OpenFile(out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
			if err != nil {
				return usage(fmt.Errorf("write private key: %w", err))
			}
			if _, err := f.WriteString(private + "\n"); err != nil {
				return errors.Join(fmt.Errorf("%w: write private key: %w", jobs.ErrOutside, err), f.Close())
			}
			if err := f.Close(); err != nil {
				return fmt.Errorf("%w: write private key: %w", jobs.ErrOutside, err)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "Private key of %s: %s. Into %s:\n\n    key: %s\n", args[0], filepath.ToSlash(out), config.SiteName, strings.TrimSpace(public))
			return nil
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "new `FILE` for the private key")
	return cmd
}
