// Package retention deletes what runs have left when its time is over: by class of
// file, under a law or an order that the site file states, nothing on which something
// later rests, and nothing without a record in the ledger's log.
package retention

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rollcall/jobs/cases"
	"rollcall/jobs/ledger"
	"rollcall/pipeline/audit"
)

// Item is the files of one class of one run for which a time is stated, or all those of
// a folder that no run has.
type Item struct {
	Run   ledger.Run // its newest attempt; the Folder alone where no run has it
	Class audit.Class
	Files []audit.File
	Keep  cases.Keep
	Until time.Time // first day on which they may be deleted
	// Rests says what still rests on them, or "": they are deleted when their time is
	// over. It is looked for only then.
	Rests string
}

// Due tells whether the item's time is over.
func (i Item) Due(today time.Time) bool { return !today.Before(i.Until) }

// Left tells whether no run has the files.
func (i Item) Left() bool { return i.Run.Attempt == 0 }

// Plan is what of a job's runs is past its time, or will be, the newest run first, and
// then what no run has.
type Plan struct {
	Job   string
	Items []Item
}

// Deletes are the items that may be deleted today.
func (p Plan) Deletes(today time.Time) []Item {
	return slices.DeleteFunc(slices.Clone(p.Items), func(i Item) bool { return i.Rests != "" || !i.Due(today) })
}

// Hash stands for the list of what may be deleted today: what a person signs.
func (p Plan) Hash(today time.Time) string {
	sum := sha256.New()
	for _, i := range p.Deletes(today) {
		for _, f := range i.Files {
			fmt.Fprintln(sum, cmp.Or(i.Run.RunID, i.Run.Folder), i.Class, f.Path, f.SHA256)
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// kept is a run as its folder has it still.
type kept struct {
	run     ledger.Run                   // the newest attempt that ended with a manifest, or else the newest
	all     []ledger.Run                 // attempts of the same folder
	files   map[audit.Class][]audit.File // without what was deleted
	unknown string                       // why its files are not known
	past    string                       // folder of the run from which it took the ids of persons
}

// planner gathers what a plan needs.
type planner struct {
	site  cases.Site
	today time.Time
	runs  []*kept // of the whole ledger, the newest first
	open  map[int64]int
	goes  map[of]bool
	named map[string]bool // folders that runs have or had
	// strangers are the folders of finished runs that the ledger does not know.
	strangers []string
}

// of is a class of files in a run's folder.
type of struct {
	folder string
	class  audit.Class
}

// Make makes the plan of a job on a day, of what lies in its output folder.
func Make(ctx context.Context, l *ledger.Ledger, output string, site cases.Site, job string, today time.Time) (Plan, error) {
	p := &planner{site: site, today: today, open: map[int64]int{}, goes: map[of]bool{}}
	if err := p.read(ctx, l, output, job); err != nil {
		return Plan{}, err
	}
	plan := Plan{Job: job}
	for _, k := range p.runs {
		if k.run.Job == job {
			plan.Items = append(plan.Items, p.items(k)...)
		}
	}
	p.settle(&plan)
	left, err := p.left(output, job)
	if err != nil {
		return Plan{}, fmt.Errorf("plan what no run has: %w", err)
	}
	plan.Items = append(plan.Items, left...)
	return plan, nil
}

// read reads the runs with their files, and the open cases of the job.
func (p *planner) read(ctx context.Context, l *ledger.Ledger, output, job string) error {
	runs, err := l.Runs(ctx, ledger.Filter{})
	if err != nil {
		return err
	}
	deleted, err := l.Deletions(ctx)
	if err != nil {
		return err
	}
	byFolder := map[string]*kept{}
	for _, r := range runs {
		if r.Folder == "" || r.Status == ledger.Running {
			continue
		}
		k := byFolder[r.Folder]
		if k == nil {
			k = &kept{run: r, files: map[audit.Class][]audit.File{}}
			byFolder[r.Folder] = k
			p.runs = append(p.runs, k)
		}
		if k.run.ManifestSHA256 == "" && r.ManifestSHA256 != "" { // it failed when it was made again
			k.run = r
		}
		k.all = append(k.all, r)
	}
	for _, k := range p.runs {
		k.read(output, deleted)
		at := slices.IndexFunc(runs, func(r ledger.Run) bool { return r.Attempt == k.run.BaselineAttempt() })
		if at >= 0 {
			k.past = runs[at].Folder
		}
	}
	p.name(runs, deleted)
	cases, err := l.Cases(ctx, job, ledger.CaseFilter{Open: true})
	for _, c := range cases {
		p.open[c.Attempt]++
	}
	return err
}

func (k *kept) read(output string, deleted []ledger.Deletion) {
	files, err := audit.Files(filepath.Join(output, filepath.FromSlash(k.run.Folder)), k.run.ManifestSHA256)
	if err != nil {
		k.unknown = err.Error()
		return
	}
	for _, f := range files {
		gone := func(d ledger.Deletion) bool { return d.Class == f.Class && d.Applies(k.run) }
		if !slices.ContainsFunc(deleted, gone) {
			k.files[f.Class] = append(k.files[f.Class], f)
		}
	}
}

// items are those of a run, and why what is past its time is kept.
func (p *planner) items(k *kept) (out []Item) {
	for _, c := range audit.Classes() {
		at := slices.IndexFunc(p.site.Keeps, func(s cases.Keep) bool { return s.Class == string(c.Class) })
		if at < 0 || len(k.files[c.Class]) == 0 && k.unknown == "" {
			continue
		}
		keep := p.site.Keeps[at]
		item := Item{Run: k.run, Class: c.Class, Files: k.files[c.Class], Keep: keep, Until: dayOf(k.run.EndedAt).AddDate(0, 0, keep.Days)}
		if item.Due(p.today) {
			item.Rests = p.rests(k)
			p.goes[of{k.run.Folder, c.Class}] = item.Rests == ""
		}
		out = append(out, item)
	}
	return out
}

// rests says what rests on the files of a run, apart from other files.
func (p *planner) rests(k *kept) string {
	open := 0
	for _, a := range k.all {
		open += p.open[a.Attempt]
	}
	for _, h := range p.site.LegalHolds {
		if h.Holds(k.run.RunID) {
			return "legal hold: " + h.Order
		}
	}
	switch {
	case k.unknown != "":
		return "its files cannot be told: " + k.unknown
	case open == 1:
		return "an open case rests on it"
	case open > 1:
		return fmt.Sprintf("%d open cases rest on it", open)
	case k.run.Status == ledger.Held && !p.overtaken(k):
		return "it is held, and nobody has decided about it"
	case k.run.Status == ledger.Released || k.run.Status == ledger.Interrupted:
		return "it is to be gone on with"
	case k == p.lastGood(k.run.Job):
		return "it is the last good run, whose baseline and ids of persons the next one takes"
	}
	return ""
}

// overtaken tells whether a later day of the same job has a good run.
func (p *planner) overtaken(held *kept) bool {
	last := p.lastGood(held.run.Job)
	return last != nil && last.run.AsOf.After(held.run.AsOf)
}

// lastGood is the run from which the next one of the job takes its past.
func (p *planner) lastGood(job string) (last *kept) {
	for _, k := range p.runs {
		done := slices.ContainsFunc(k.all, func(r ledger.Run) bool { return r.Status == ledger.Done })
		if k.run.Job == job && done && (last == nil || k.run.AsOf.After(last.run.AsOf)) {
			last = k
		}
	}
	return last
}

// settle keeps what rests on files that are kept themselves: a snapshot that another
// run has too, and the ids from which a run that can be made again took its own.
func (p *planner) settle(plan *Plan) {
	for changed := true; changed; {
		changed = false
		for i := range plan.Items {
			item := &plan.Items[i]
			if !p.goes[of{item.Run.Folder, item.Class}] {
				continue
			}
			if item.Rests = p.restsOnKept(item); item.Rests != "" {
				p.goes[of{item.Run.Folder, item.Class}], changed = false, true
			}
		}
	}
}

func (p *planner) restsOnKept(item *Item) string {
	for _, k := range p.runs {
		if k.run.Folder == item.Run.Folder || len(k.files[audit.Snapshots]) == 0 || p.goes[of{k.run.Folder, audit.Snapshots}] {
			continue
		}
		switch {
		case item.Class == audit.Snapshots && slices.ContainsFunc(k.files[audit.Snapshots], item.has):
			return "run " + k.run.RunID + " read the same, and keeps it"
		case item.Class == audit.Entities && k.past == item.Run.Folder:
			return "run " + k.run.RunID + " took the ids of persons from it, and can be made again while its snapshots are there"
		}
	}
	return ""
}

// has tells whether a snapshot of another run is one of the item's too. The seals of it
// are each run's own.
func (i *Item) has(f audit.File) bool {
	return strings.HasPrefix(f.Path, "../") && slices.ContainsFunc(i.Files, func(own audit.File) bool { return own.Path == f.Path })
}

// dayOf is the day of a moment, as days are kept.
func dayOf(t time.Time) time.Time {
	y, m, d := t.Local().Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// Sorted are the items by run and class, those that are deleted today first.
func (p Plan) Sorted(today time.Time) []Item {
	items := slices.Clone(p.Items)
	rank := func(i Item) int {
		switch {
		case i.Due(today) && i.Rests == "":
			return 0
		case i.Due(today):
			return 1
		}
		return 2
	}
	slices.SortStableFunc(items, func(a, b Item) int { return cmp.Compare(rank(a), rank(b)) })
	return items
}
