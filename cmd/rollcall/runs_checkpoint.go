package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"

	"rollcall/jobs"
	"rollcall/jobs/ledger"
)

func runsCheckpointCommand(at *place) *cobra.Command {
	var keyFile, out string
	cmd := &cobra.Command{
		Use:   "checkpoint",
		Short: "sign the head of the ledger's log, to be printed or mailed",
		Long: `Verifies the ledger and prints a few lines that stand for its whole log: the number
of entries, the head of the tree over them, and a signature. Printed, mailed or
published, they bind whoever runs the program: given back later with
runs verify --checkpoint, they prove that nothing was altered or cut off since.

The lines have the form of https://c2sp.org/tlog-checkpoint. The key is
checkpoint.key beside the ledger, made at the first call, or any key as
cases key makes it. Its public half is what verification needs elsewhere.`,
		Example: `  rollcall runs checkpoint --out checkpoint-2026-08.txt
  rollcall runs verify --checkpoint checkpoint-2026-08.txt`,
		Args: exactArgs(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			l, folder, err := at.open(cmd.Context(), "")
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, l.Close()) }()
			_, signed, public, err := signTree(cmd.Context(), l, folder, keyFile)
			if err != nil {
				return err
			}
			if out == "" {
				_, err = cmd.OutOrStdout().Write(signed)
			} else {
				err = renameio.WriteFile(out, signed, 0o644)
			}
			if err != nil {
				return fmt.Errorf("write checkpoint: %w", err)
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "Public key of the signature, to be kept with it: %s\n", public)
			return nil
		},
	}
	cmd.Flags().StringVar(&keyFile, "key", "", "`FILE` with the private key (default: checkpoint.key beside the ledger)")
	cmd.Flags().StringVar(&out, "out", "", "write it to `FILE`")
	return cmd
}

// signTree signs the head of a ledger that is whole: a signature under one that was
// altered would vouch for it.
func signTree(ctx context.Context, l *ledger.Ledger, output, keyFile string) (tree ledger.Tree, signed []byte, public string, err error) {
	if _, err := l.Verify(ctx, ledger.Head{}); err != nil {
		if errors.Is(err, ledger.ErrTampered) {
			err = fmt.Errorf("%w: nothing was signed: %w", jobs.ErrVerification, err)
		}
		return tree, nil, "", err
	}
	if tree, err = l.Tree(ctx); err != nil {
		return tree, nil, "", err
	}
	private, err := checkpointKey(output, keyFile)
	if err != nil {
		return tree, nil, "", err
	}
	if public, err = ledger.PublicKey(private); err != nil {
		return tree, nil, "", usage(err)
	}
	signed, err = tree.Sign(private)
	return tree, signed, public, err
}

// checkpointKey is the private key in the named file, or that beside the ledger,
// which is made when it is missing.
func checkpointKey(output, named string) (string, error) {
	if named == "" {
		return ledger.CheckpointKey(filepath.Join(output, ledger.CheckpointKeyName))
	}
	private, err := readPrivateKey(named)
	return string(private), err
}

// readCheckpoint reads a signed checkpoint. public is a public key or a file with
// one; "" is that of the key beside the ledger.
func readCheckpoint(output, file, public string) (ledger.Checkpoint, []byte, error) {
	signed, err := os.ReadFile(file)
	if err != nil {
		return ledger.Checkpoint{}, nil, usage(err)
	}
	if public, err = publicKey(output, public); err != nil {
		return ledger.Checkpoint{}, nil, usage(err)
	}
	c, err := ledger.OpenCheckpoint(signed, public)
	if err != nil {
		return c, nil, fmt.Errorf("%w: %s: %w", jobs.ErrVerification, file, err)
	}
	return c, signed, nil
}

func publicKey(output, public string) (string, error) {
	if err := checkKeyFile(public); err != nil {
		return "", err
	}
	if public != "" {
		data, err := os.ReadFile(public)
		return cmp.Or(strings.TrimSpace(string(data)), public), ignoreMissing(err, public)
	}
	private, err := os.ReadFile(filepath.Join(output, ledger.CheckpointKeyName))
	if err != nil {
		return "", fmt.Errorf("name the public key with --public-key: %w", err)
	}
	return ledger.PublicKey(string(private))
}

// ignoreMissing lets a text pass that is a key and no file.
func ignoreMissing(err error, text string) error {
	if errors.Is(err, fs.ErrNotExist) && strings.Count(text, "+") >= 2 {
		return nil
	}
	return err
}

func runsProveCommand(at *place) *cobra.Command {
	var keyFile, since, public string
	cmd := &cobra.Command{
		Use:   "prove RUN",
		Short: "prove to who has no ledger what the log says of a run",
		Long: `Prints, as JSON, the entry by which the log tells the end of a run (with the hash of
its manifest), a signed checkpoint, and the hashes that lead from the one to the
other. With --since it adds those that lead from an earlier checkpoint to this one.
Whoever gets a list of the run can check it without the ledger, and so without
learning of any other run: docs/verify.py does.`,
		Args: exactArgs(1, "a run"),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			ctx := cmd.Context()
			l, folder, err := at.open(ctx, args[0])
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, l.Close()) }()
			r, err := find(ctx, l, folder, args[0])
			if err != nil {
				return err
			}
			tree, signed, _, err := signTree(ctx, l, folder, keyFile)
			if err != nil {
				return err
			}
			p, err := tree.Prove(r.Attempt)
			if err != nil {
				return usage(err)
			}
			p.Checkpoint = string(signed)
			if since != "" {
				earlier, text, err := readCheckpoint(folder, since, public)
				if err != nil {
					return err
				}
				if p.Consistency, err = tree.ProveSince(earlier); err != nil {
					return fmt.Errorf("%w: %w", jobs.ErrVerification, err)
				}
				p.Since = string(text)
			}
			return printJSON(cmd.OutOrStdout(), p)
		},
	}
	cmd.Flags().StringVar(&keyFile, "key", "", "`FILE` with the private key (default: checkpoint.key beside the ledger)")
	cmd.Flags().StringVar(&since, "since", "", "prove also that nothing was altered since the checkpoint in `FILE`")
	cmd.Flags().StringVar(&public, "public-key", "", "public `KEY` of --since, or a file with it (default: that of checkpoint.key)")
	return cmd
}
