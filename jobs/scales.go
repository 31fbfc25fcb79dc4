package jobs

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"rollcall/jobs/ledger"
	"rollcall/pipeline"
	"rollcall/pipeline/audit"
	"rollcall/pipeline/link"
)

// Scales make the scales of one linkage of a finished run again, to weigh pairs of which
// the run kept nothing: from its tables, its model and the configuration in its archive.
// Its snapshots are not needed. kind is one of link's. Another program than the one that
// made the run is refused, as by Rerun.
func (r *Runner) Scales(ctx context.Context, l *ledger.Ledger, output string, old ledger.Run, kind string) (*link.Scales, error) {
	if err := checkHas(ctx, l, old, audit.Configuration, audit.Tables); err != nil {
		return nil, err
	}
	folder := filepath.Join(output, filepath.FromSlash(old.Folder))
	a, err := audit.ReadArchive(folder, old.ManifestSHA256, audit.Snapshots)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrVerification, err)
	}
	if err := sameProgram(ctx, a); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUsage, err)
	}
	scratch, err := os.MkdirTemp("", "rollcall-") // for the configuration, which tells of nobody
	if err != nil {
		return nil, fmt.Errorf("make a folder for the configuration: %w", err)
	}
	defer os.RemoveAll(scratch)
	job, err := r.unpack(ctx, parts{a, a, a, old, old}, scratch)
	if err != nil {
		return nil, fmt.Errorf("read the configuration of run %s: %w", old.RunID, err)
	}
	plan, err := r.plan(job, old.AsOf, ledger.Past{})
	if err != nil {
		return nil, err
	}
	return pipeline.Scales(ctx, folder, plan, kind)
}
