package config

import (
	"context"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rollcall/pipeline/decide"
)

// programmes reads the programme files that the job names, in the order of code
// and first day.
func (b *builder) programmes(ctx context.Context, n *node) error {
	if n == nil {
		return nil
	}
	items := n.items
	if n.form == scalar {
		items = []*node{n}
	}
	var files []string
	for _, item := range items {
		if item.form == scalar {
			files = append(files, b.programmeFiles(item)...)
		}
	}
	slices.Sort(files)
	var read []programmeVersion
	for _, file := range slices.Compact(files) {
		v, err := b.programme(ctx, file)
		if err != nil {
			return err
		}
		if v.document != nil {
			read = append(read, v)
		}
	}
	slices.SortStableFunc(read, func(x, y programmeVersion) int {
		return compareProgrammes(x.Programme, y.Programme)
	})
	b.overlaps(read)
	b.excluded(read)
	for _, v := range read {
		b.job.Decide.Programmes = append(b.job.Decide.Programmes, v.Programme)
	}
	return nil
}

func compareProgrammes(x, y decide.Programme) int {
	if c := strings.Compare(x.Code, y.Code); c != 0 {
		return c
	}
	return x.ValidFrom.Compare(y.ValidFrom)
}

// programmeFiles are the files that one pattern matches, relative to the job's
// folder; a pattern that matches none is a mistake.
func (b *builder) programmeFiles(n *node) []string {
	pattern := b.below(n.text)
	if !within(b.job.folder, pattern) && !within(b.job.DataFolder, pattern) {
		n.fail("%s: %q lies neither below the job file's folder nor below the data folder", n.label(), n.text)
		return nil
	}
	matches, err := filepath.Glob(pattern)
	switch {
	case err != nil:
		n.fail("%s: %q is no valid pattern", n.label(), n.text)
	case len(matches) == 0:
		n.fail("%s: there is no file %q", n.label(), n.text)
	}
	var files []string
	for _, m := range matches {
		if relative, err := filepath.Rel(b.job.folder, m); err == nil {
			files = append(files, filepath.ToSlash(relative))
		}
	}
	return files
}

type programmeVersion struct {
	decide.Programme
	document *document
}

// programme reads one file.
func (b *builder) programme(ctx context.Context, file string) (programmeVersion, error) {
	shown := path.Join(filepath.ToSlash(filepath.Dir(b.job.Path)), file)
	doc := open(filepath.Join(b.job.folder, filepath.FromSlash(file)), shown, b.errs)
	if doc.root == nil {
		return programmeVersion{}, nil
	}
	b.job.documents[file] = doc
	b.files[file] = doc.data
	if doc.root.form != object || doc.root.field("rollcall_programme") == nil {
		doc.root.fail("this is no programme file; the first field of one is rollcall_programme: 1")
		return programmeVersion{}, nil
	}
	doc.root.check(programmeShape())
	p := buildProgramme(doc.root)
	err := b.criteria(ctx, file, doc.root, &p)
	return programmeVersion{p, doc}, err
}

func buildProgramme(n *node) decide.Programme {
	amount, ends, payment := n.field("amount"), n.field("ends"), n.field("payment")
	p := decide.Programme{
		Code: n.textOf("code"), Title: n.textOf("title"), Version: n.textOf("version"), Source: n.textOf("source"),
		Subjects: n.textOf("subjects"), Excludes: n.textsOf("excludes"),
		PerHousehold: int(n.numberOf("per_household", integer)), Caregiver: n.numberOf("caregiver", truth) == 1,
		Amount: amount.textOf("value"), Currency: amount.textOf("currency"),
		Ends: ends.textOf("when"), BereavementDays: int(ends.numberOf("bereavement_days", integer)),
		Timing: payment.textOf("timing"), CutoffDay: int(payment.numberOf("cutoff_day", integer)),
	}
	p.ValidFrom, p.ValidTo = n.dayOf("valid_from"), n.dayOf("valid_to")
	for value, fallback := range map[*string]string{&p.Title: p.Code, &p.Subjects: "member", &p.Ends: "day", &p.Timing: "arrears"} {
		if *value == "" {
			*value = fallback
		}
	}
	if p.CutoffDay == 0 {
		p.CutoffDay = 31
	}
	if !p.ValidTo.IsZero() && p.ValidTo.Before(p.ValidFrom) {
		n.field("valid_to").fail("valid_to is before valid_from")
	}
	return p
}

// dayOf is the day in a field; zero when there is none.
func (n *node) dayOf(name string) time.Time {
	t, err := readDay(n.textOf(name))
	if err != nil {
		return time.Time{}
	}
	return t
}

// criteria reads a programme's conditions.
func (b *builder) criteria(ctx context.Context, file string, root *node, p *decide.Programme) error {
	seen := map[string]bool{}
	for _, n := range root.itemsOf("criteria") {
		if n.form != object {
			continue
		}
		c := decide.Criterion{
			Name: n.textOf("name"), Expression: n.textOf("expression"), Presume: n.textOf("presume"),
			Source: n.textOf("source"), Where: n.textOf("where"), Path: file + "#" + n.path + ".expression",
		}
		if f := n.field("name"); f != nil && seen[c.Name] {
			f.fail("there is another criterion %q above", c.Name)
		}
		seen[c.Name] = true
		if (c.Presume == "met" || c.Presume == "not_met") && c.Source == "" {
			n.field("presume").fail("%s.presume is %s without a source; a presumption needs the law that allows it", n.path, c.Presume)
		}
		if f := n.field("expression"); f != nil && f.form == scalar {
			_, problems, err := b.sql.check(ctx, f.text, criterionScope())
			if err != nil {
				return err
			}
			f.tell(problems)
		}
		p.Criteria = append(p.Criteria, c)
	}
	return nil
}

// overlaps tells of two versions of one programme that hold on the same day.
func (b *builder) overlaps(sorted []programmeVersion) {
	for i := 1; i < len(sorted); i++ {
		earlier, later := sorted[i-1], sorted[i]
		if earlier.Code != later.Code || earlier.Code == "" || later.ValidFrom.IsZero() {
			continue
		}
		if earlier.ValidTo.IsZero() || !earlier.ValidTo.Before(later.ValidFrom) {
			message := fmt.Sprintf("%s has two versions in force from %s: %q of %s and %q here",
				later.Code, later.ValidFrom.Format(time.DateOnly), earlier.Version, earlier.document.name, later.Version)
			if earlier.ValidFrom.Before(later.ValidFrom) {
				message += fmt.Sprintf("; the earlier one needs valid_to: %s", later.ValidFrom.AddDate(0, 0, -1).Format(time.DateOnly))
			}
			later.document.root.field("valid_from").fail("%s", message)
		}
	}
}

// excluded tells of a programme that excludes one which is not there.
func (b *builder) excluded(read []programmeVersion) {
	var codes []string
	for _, v := range read {
		codes = add(codes, []string{v.Code})
	}
	for _, v := range read {
		f := v.document.root.field("excludes")
		if f == nil {
			continue
		}
		items := f.items
		if f.form == scalar {
			items = []*node{f}
		}
		for _, item := range items {
			switch {
			case item.form != scalar:
			case item.text == v.Code:
				item.fail("%s excludes itself", v.Code)
			case !slices.Contains(codes, item.text):
				item.fail("%s excludes %q, and the job has no such programme%s", v.Code, item.text, didYouMean(item.text, codes))
			}
		}
	}
}
