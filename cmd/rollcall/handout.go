package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os/user"
	"path/filepath"
	"slices"
	"strings"

	"rollcall/jobs"
	"rollcall/jobs/cases"
	"rollcall/jobs/config"
	"rollcall/jobs/envelope"
	"rollcall/jobs/ledger"
	"rollcall/pipeline/pair"
)

// recipients finds those of the site file for whom a file is encrypted: people and
// offices with a key of age.
func recipients(site cases.Site, names []string) (out []ledger.Recipient, err error) {
	known := site.Recipients()
	for _, name := range names {
		at := slices.IndexFunc(known, func(r cases.Recipient) bool { return r.Name == name })
		if err := checkKeyFile(name); err != nil {
			return nil, err
		}
		if at < 0 {
			var there []string
			for _, r := range known {
				there = append(there, r.Name)
			}
			return nil, usage(fmt.Errorf("%s names no recipient %q with an age_key%s; it names: %s", config.SiteName, name, config.DidYouMean(name, there), orDash(strings.Join(there, ", "))))
		}
		out = append(out, ledger.Recipient(known[at]))
	}
	return out, nil
}

// handOut writes a file that only the recipients can open, and records it before it
// gets its name. Nothing of it is on the disk otherwise.
func handOut(ctx context.Context, l *ledger.Ledger, file string, h ledger.Handover, write func(io.Writer) error) error {
	u, err := user.Current()
	if err != nil {
		return fmt.Errorf("find the account of this process: %w", err)
	}
	h.File, h.Account = filepath.Base(file), u.Username
	keys := make([]string, len(h.Recipients))
	for i, r := range h.Recipients {
		keys[i] = r.Key
	}
	err = pair.Replace(file, func(w io.Writer) error {
		whole := sha256.New()
		closed, err := envelope.Close(io.MultiWriter(w, whole), keys...)
		if err != nil {
			return err
		}
		content := sha256.New()
		if err := errors.Join(write(io.MultiWriter(closed, content)), closed.Close()); err != nil {
			return err
		}
		h.SHA256, h.ContentSHA256 = hex.EncodeToString(whole.Sum(nil)), hex.EncodeToString(content.Sum(nil))
		return l.RecordHandover(ctx, h)
	})
	if err == nil || errors.Is(err, jobs.ErrVerification) {
		return err
	}
	return fmt.Errorf("%w: write %s: %w", jobs.ErrOutside, file, err)
}

// checkClosed holds that the name of a file says whether it is encrypted.
func checkClosed(file string, to []string) error {
	switch closed := strings.HasSuffix(file, envelope.Suffix); {
	case closed && len(to) == 0:
		return usage(fmt.Errorf("%s is to be encrypted: name its recipients with --to", file))
	case !closed && len(to) > 0:
		return usage(fmt.Errorf("--out %s: the name of a file that is encrypted ends in %s", file, envelope.Suffix))
	}
	return nil
}

// namesOf are the recipients of a file, in words.
func namesOf(to []ledger.Recipient) string {
	names := make([]string, len(to))
	for i, r := range to {
		names[i] = r.Name
	}
	return strings.Join(names, ", ")
}
