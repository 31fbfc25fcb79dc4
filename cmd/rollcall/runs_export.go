package main

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rollcall/jobs"
	"rollcall/jobs/ledger"
	"rollcall/pipeline/audit"
)

func runsExportCommand(at *place) *cobra.Command {
	var out string
	var to, only, formats []string
	cmd := &cobra.Command{
		Use:   "export RUN --to NAME --out FILE.age",
		Short: "encrypt reports of a run for named recipients",
		Long: `Writes reports of a run into one file that only the recipients can open: a ZIP,
encrypted with age. A recipient is a person or an office of rollcall.yaml with an
age_key; the private half is the recipient's alone, who opens the file with

  age --decrypt --identity key.txt --output lists.zip lists.zip.age

Each report is compared with the run's manifest, which is in the ZIP too. The ledger's
log records what the file holds, its SHA-256, for whom it is and the account that made it.
Nothing that is not encrypted is written anywhere.`,
		Example: `  rollcall runs export latest --to khulna --out lists.zip.age
  rollcall runs export latest --to khulna --to amina --only exits,duplicates --format xlsx --out lists.zip.age`,
		Args: exactArgs(1, "a run"),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			ctx := cmd.Context()
			if out == "" || len(to) == 0 {
				return usage(errors.New("an export needs --to NAME and --out FILE.age"))
			}
			if err := checkClosed(out, to); err != nil {
				return err
			}
			l, job, err := (&casePlace{*at}).open(ctx)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, l.Close()) }()
			h := ledger.Handover{What: "lists"}
			if h.Recipients, err = recipients(job.Site, to); err != nil {
				return err
			}
			found, err := named(ctx, l, l.Folder(), args)
			if err != nil {
				return err
			}
			h.RunID = found[0].RunID
			folder := filepath.Join(l.Folder(), filepath.FromSlash(found[0].Folder))
			if h.Holds, err = chosenReports(ctx, l, found[0], folder, only, formats); err != nil {
				return err
			}
			if err := handOut(ctx, l, out, h, func(w io.Writer) error { return pack(w, folder, h.Holds) }); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "Encrypted for %s: %d reports of run %s in %s. The log has it.\n", namesOf(h.Recipients), len(h.Holds), h.RunID, filepath.ToSlash(out))
			return nil
		},
	}
	cmd.Flags().StringArrayVar(&to, "to", nil, "`NAME` of a person or an office of rollcall.yaml; can be given several times (required)")
	cmd.Flags().StringVar(&out, "out", "", "`FILE.age` to write (required)")
	cmd.Flags().StringSliceVar(&only, "only", nil, "only these `REPORTS`, such as exits,duplicates (default: all)")
	cmd.Flags().StringSliceVar(&formats, "format", nil, "only these `FORMATS`: csv, parquet, xlsx, html or json (default: all)")
	return cmd
}

// chosenReports are the reports of a run that were asked for, by the manifest.
func chosenReports(ctx context.Context, l *ledger.Ledger, r ledger.Run, folder string, only, formats []string) (out []audit.File, err error) {
	deleted, err := l.DeletionsOf(ctx, r)
	if err != nil {
		return nil, err
	}
	files, err := audit.Files(folder, r.ManifestSHA256)
	if err != nil {
		return nil, fmt.Errorf("%w: run %s: %w", jobs.ErrVerification, r.RunID, err)
	}
	var names []string
	for _, f := range files {
		if path.Dir(f.Path) != "reports" {
			continue
		}
		name, format, _ := strings.Cut(path.Base(f.Path), ".")
		names = append(names, name)
		if len(only) > 0 && !slices.Contains(only, name) || len(formats) > 0 && !slices.Contains(formats, format) {
			continue
		}
		if slices.ContainsFunc(deleted, func(d ledger.Deletion) bool { return d.Of(f.Path, f.SHA256) }) {
			return nil, usage(jobs.DeletedError(r, deleted))
		}
		out = append(out, f)
	}
	for _, o := range only {
		if !slices.Contains(names, o) {
			return nil, usage(fmt.Errorf("run %s has no report %q: it has %s", r.RunID, o, strings.Join(slices.Compact(names), ", ")))
		}
	}
	if len(out) == 0 {
		return nil, usage(fmt.Errorf("run %s has no report in the formats %s", r.RunID, strings.Join(formats, ", ")))
	}
	return out, nil
}

// pack writes reports and the manifest as a ZIP, each as the manifest has it.
func pack(w io.Writer, folder string, files []audit.File) error {
	z := zip.NewWriter(w)
	for _, f := range append(slices.Clone(files), audit.File{Path: audit.ManifestName}) {
		data, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(f.Path)))
		if err != nil {
			return err
		}
		if sum := sha256.Sum256(data); f.SHA256 != "" && hex.EncodeToString(sum[:]) != f.SHA256 {
			return fmt.Errorf("%w: %s was altered", jobs.ErrVerification, f.Path)
		}
		entry, err := z.Create(f.Path)
		if err == nil {
			_, err = io.Copy(entry, bytes.NewReader(data))
		}
		if err != nil {
			return err
		}
	}
	return z.Close()
}
