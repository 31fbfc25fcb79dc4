package pipeline

import (
	"context"

	"rollcall/pipeline/audit"
	"rollcall/pipeline/store"
)

// audit writes the manifest over everything that the run read and made.
func (r *run) audit(ctx context.Context, status Status) error {
	duck, err := store.Version(ctx)
	if err != nil {
		return err
	}
	words := map[Status]string{Done: "complete", Held: "held", Partial: "partial"}
	_, err = audit.Manifest(ctx, r.session, r.outcome.Folder, audit.Run{
		ID: r.outcome.RunID, Job: r.plan.Name, Status: words[status], AsOf: r.plan.AsOf,
		ProgramVersion: Version, DuckDBVersion: duck, ConfigSHA256: r.plan.ConfigSHA256, Configuration: r.plan.Configuration, Snapshots: r.snapshots,
		Key: r.plan.RowKey,
	})
	return err
}
