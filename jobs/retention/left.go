package retention

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"rollcall/jobs/cases"
	"rollcall/jobs/ledger"
	"rollcall/pipeline"
	"rollcall/pipeline/audit"
	"rollcall/pipeline/extract"
	"rollcall/pipeline/store"
)

// snapshotsName is the folder of the snapshots, which the runs of all jobs of an output
// folder share.
const snapshotsName = "snapshots"

// left are what no run of the ledger has, or ever had: what tries of the job and runs
// that were cut off have made, and snapshots.
func (p *planner) left(output, job string) (items []Item, err error) {
	there := os.DirFS(output)
	if p.strangers, err = p.unknownRuns(there); err != nil {
		return nil, err
	}
	for _, pattern := range []string{"tries/*", "runs/*", snapshotsName + "/*"} {
		folders, err := fs.Glob(there, pattern)
		if err != nil {
			return nil, err
		}
		for _, folder := range folders {
			if p.named[folder] || !concerns(folder, job) {
				continue
			}
			item, err := p.leftItem(output, folder)
			if err != nil {
				return nil, fmt.Errorf("look at %s: %w", folder, err)
			}
			if item.Keep != (cases.Keep{}) {
				items = append(items, item)
			}
		}
	}
	return items, nil
}

// unknownRuns are the folders of runs that have a manifest and are not in the ledger,
// such as one that was restored from a copy of before.
func (p *planner) unknownRuns(output fs.FS) (folders []string, err error) {
	manifests, err := fs.Glob(output, "runs/*/"+audit.ManifestName)
	for _, m := range manifests {
		if folder := path.Dir(m); !p.named[folder] {
			folders = append(folders, folder)
		}
	}
	return folders, err
}

// concerns tells whether a folder is a snapshot, or is named by a run id of the job.
func concerns(folder, job string) bool {
	name := path.Base(folder)
	if path.Dir(folder) == snapshotsName {
		return !strings.HasPrefix(name, ".") // it is being made, or the next extract sweeps it away
	}
	ending, ok := strings.CutPrefix(name, job+"-")
	return ok && len(ending) == len("2026-07-31-27add7a0")
}

// leftItem is what is planned of a folder that no run has, with the hashes of its files
// once its time is over. Its Keep is zero where none is stated of what it holds.
func (p *planner) leftItem(output, folder string) (Item, error) {
	files, written, err := audit.Lying(filepath.Join(output, filepath.FromSlash(folder)))
	if err != nil || len(files) == 0 {
		return Item{}, err
	}
	holds := map[audit.Class]bool{audit.Snapshots: path.Dir(folder) == snapshotsName}
	for _, f := range files {
		holds[f.Class] = true
	}
	if made := recorded(filepath.Join(output, filepath.FromSlash(folder))); !made.IsZero() {
		written = made
	}
	item := Item{Run: ledger.Run{Folder: folder}, Files: files, Keep: p.shortest(holds)}
	item.Class = audit.Class(item.Keep.Class)
	item.Until = dayOf(written).AddDate(0, 0, item.Keep.Days)
	if item.Class == "" || !item.Due(p.today) {
		return item, nil
	}
	item.Rests = p.restsOnLeft(folder)
	for i, f := range files {
		if files[i].SHA256, err = store.FileHash(place(output, folder, f)); err != nil {
			return Item{}, err
		}
	}
	return item, nil
}

// recorded is when what a folder holds was made, by what a snapshot or a finished try
// says of itself: a copy of its files has another time. It is zero where none is told.
func recorded(folder string) time.Time {
	if snapshot, err := extract.Archived(folder); err == nil {
		return snapshot.Taken
	}
	began, _ := pipeline.LastStage(folder) //nolint:errcheck // it was cut off
	return began
}

// shortest is the shortest time that is stated of some classes: what is no run's is
// deleted as a whole.
func (p *planner) shortest(classes map[audit.Class]bool) (shortest cases.Keep) {
	for _, keep := range p.site.Keeps {
		if classes[audit.Class(keep.Class)] && (shortest.Class == "" || keep.Days < shortest.Days) {
			shortest = keep
		}
	}
	return shortest
}

// restsOnLeft says why a folder that no run has is kept although its time is over.
func (p *planner) restsOnLeft(folder string) string {
	snapshot := path.Dir(folder) == snapshotsName
	for _, h := range p.site.LegalHolds {
		if snapshot || h.Holds(path.Base(folder)) { // whose a snapshot was is not known
			return "legal hold: " + h.Order
		}
	}
	for _, k := range p.runs {
		if snapshot && k.unknown != "" {
			return "whether run " + k.run.RunID + " read it cannot be told: " + k.unknown
		}
	}
	for _, stranger := range p.strangers {
		switch {
		case snapshot:
			return stranger + " may have read it, a finished run that the ledger does not know"
		case folder == stranger:
			return "it is a finished run that the ledger does not know: restore the ledger, or make the run again"
		}
	}
	return ""
}

// name notes the folders that runs have or had.
func (p *planner) name(runs []ledger.Run, deleted []ledger.Deletion) {
	p.named = map[string]bool{}
	for _, r := range runs {
		p.named[r.Folder] = true
	}
	read := func(folder string, files []audit.File) {
		for _, f := range files {
			if strings.HasPrefix(f.Path, "../") {
				p.named[path.Dir(path.Join(folder, f.Path))] = true
			}
		}
	}
	for _, k := range p.runs {
		read(k.run.Folder, k.files[audit.Snapshots])
	}
	for _, d := range deleted { // what is there still of them is for Finish
		read(d.Folder, d.Files)
	}
}
