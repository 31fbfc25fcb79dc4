package config

import (
	"context"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
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
		versions, err := b.programme(ctx, file)
		if err != nil {
			return err
		}
		read = append(read, versions...)
	}
	slices.SortStableFunc(read, func(x, y programmeVersion) int {
		return compareProgrammes(x.Programme, y.Programme)
	})
	overlaps(read)
	others(read)
	handovers(read)
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

// programmeVersion is one version with the place that gives it: the file, or an
// item of its versions.
type programmeVersion struct {
	decide.Programme
	root, node *node
}

// given is a field of the version, or else of the whole file.
func (v programmeVersion) given(name string) *node {
	if f := v.node.field(name); f != nil {
		return f
	}
	return v.root.field(name)
}

// programme reads one file, which the job names.
func (b *builder) programme(ctx context.Context, file string) ([]programmeVersion, error) {
	shown := path.Join(filepath.ToSlash(filepath.Dir(b.job.Path)), file)
	doc := open(filepath.Join(b.job.folder, filepath.FromSlash(file)), shown, b.errs)
	if doc.root == nil {
		return nil, nil
	}
	b.job.documents[file] = doc
	b.files[file] = doc.data
	return readProgramme(ctx, b.sql, file, doc)
}

// ParseProgramme reads the text of one programme file, of any name: its versions
// in the order of their first days. Mistakes are *Errors. That the programmes
// exist which it excludes or hands over to is not looked at: a job has them.
func ParseProgramme(ctx context.Context, name string, text []byte) ([]decide.Programme, error) {
	sql, err := newParser(ctx)
	if err != nil {
		return nil, fmt.Errorf("check expressions: %w", err)
	}
	defer sql.close()
	var errs Errors
	doc := parse(text, name, &errs)
	if doc.root == nil {
		return nil, errs.orNil(name)
	}
	read, err := readProgramme(ctx, sql, name, doc)
	if err != nil {
		return nil, err
	}
	overlaps(read)
	list := make([]decide.Programme, len(read))
	for i, v := range read {
		list[i] = v.Programme
	}
	return list, errs.orNil(name)
}

func readProgramme(ctx context.Context, sql *sqlParser, file string, doc *document) ([]programmeVersion, error) {
	if doc.root.form != object || doc.root.field("rollcall_programme") == nil {
		doc.root.fail("this is no programme file; the first field of one is rollcall_programme: 1")
		return nil, nil
	}
	doc.root.check(programmeShape())
	r := programmeReader{sql: sql, file: file, root: doc.root}
	nodes := doc.root.itemsOf("versions")
	if doc.root.field("versions") == nil {
		nodes = []*node{doc.root}
	} else {
		r.notTwice()
	}
	var read []programmeVersion
	for _, n := range nodes {
		if n.form != object {
			continue
		}
		v, err := r.version(ctx, n)
		if err != nil {
			return nil, err
		}
		read = append(read, v)
	}
	slices.SortStableFunc(read, func(x, y programmeVersion) int { return x.ValidFrom.Compare(y.ValidFrom) })
	for i := range read {
		// In one file a version holds until the next one begins.
		if i+1 < len(read) && read[i].ValidTo.IsZero() && read[i+1].ValidFrom.After(read[i].ValidFrom) {
			read[i].ValidTo = read[i+1].ValidFrom.AddDate(0, 0, -1)
		}
	}
	return read, nil
}

// programmeReader reads the versions of one file.
type programmeReader struct {
	sql  *sqlParser
	file string
	root *node
}

// notTwice tells of what belongs to the versions and stands beside them.
func (r programmeReader) notTwice() {
	for _, name := range []string{"version", "valid_from", "valid_to"} {
		if f := r.root.field(name); f != nil {
			f.failAtName("%s belongs to each of the versions, and this file has versions", name)
		}
	}
}

// version reads one version: what it leaves out is as in the whole file.
func (r programmeReader) version(ctx context.Context, n *node) (programmeVersion, error) {
	v := programmeVersion{root: r.root, node: n}
	for _, name := range []string{"version", "valid_from", "source", "criteria", "amount"} {
		if v.given(name) == nil && !n.misspelt(name) {
			n.failAtName("missing field %q%s: %s", name, n.in(), docOf(name))
		}
	}
	text := func(name string) string {
		if f := v.given(name); f != nil && f.form == scalar {
			return f.text
		}
		return ""
	}
	ends, payment := v.given("ends"), v.given("payment")
	v.Programme = decide.Programme{
		Code: r.root.textOf("code"), Title: r.root.textOf("title"), Version: text("version"), Source: text("source"),
		Subjects: text("subjects"), Excludes: v.texts("excludes"), HandsOverTo: text("hands_over_to"), Caregiver: text("caregiver") == "true",
		Ends: ends.textOf("when"), BereavementDays: int(ends.numberOf("bereavement_days", integer)),
		Timing: payment.textOf("timing"), Calendar: payment.textOf("calendar"), CutoffDay: int(payment.numberOf("cutoff_day", integer)),
		PayDays: payDays(payment),
	}
	v.ValidFrom, v.ValidTo = n.dayOf("valid_from"), n.dayOf("valid_to")
	for value, fallback := range map[*string]string{
		&v.Title: v.Code, &v.Subjects: decide.Member, &v.Ends: "day", &v.Timing: "arrears", &v.Calendar: "monthly",
	} {
		if *value == "" {
			*value = fallback
		}
	}
	if v.CutoffDay == 0 {
		v.CutoffDay = 31
	}
	if !v.ValidTo.IsZero() && v.ValidTo.Before(v.ValidFrom) {
		n.field("valid_to").fail("valid_to is before valid_from")
	}
	if err := r.criteria(ctx, &v); err != nil {
		return v, err
	}
	var err error
	if v.Amount, err = r.amount(ctx, v.given("amount")); err != nil {
		return v, err
	}
	if v.PerHousehold, err = r.bound(ctx, v.given("per_household")); err != nil {
		return v, err
	}
	v.PerCaregiver, err = r.bound(ctx, v.given("per_caregiver"))
	return v, err
}

// misspelt tells whether a field that is not there was probably meant by another.
func (n *node) misspelt(name string) bool {
	known := programmeShape().fields
	return slices.ContainsFunc(n.entries, func(e entry) bool {
		_, ok := find(known, e.name)
		return !ok && nearest(e.name, n.missing(known)) == name
	})
}

// docOf is what a field of a programme file is there for.
func docOf(name string) string {
	f, _ := find(programmeShape().fields, name)
	return strings.TrimSuffix(f.doc, "; needed")
}

// texts are the items of a list that the version or the file has.
func (v programmeVersion) texts(name string) []string {
	if v.node.field(name) != nil {
		return v.node.textsOf(name)
	}
	return v.root.textsOf(name)
}

// dayOf is the day in a field; zero when there is none.
func (n *node) dayOf(name string) time.Time {
	t, err := readDay(n.textOf(name))
	if err != nil {
		return time.Time{}
	}
	return t
}

// payDays reads the days of the year on which a programme pays, one a month.
func payDays(payment *node) (days [12]int) {
	f := payment.field("dates")
	if f == nil {
		return days
	}
	for _, item := range f.items {
		month, day, err := readDayOfYear(item.text)
		switch {
		case item.form != scalar || err != nil: // told already
		case days[month-1] != 0:
			item.fail("%s is another day of the month of %02d-%02d", item.path, month, days[month-1])
		default:
			days[month-1] = day
		}
	}
	return days
}

// criteria reads a version's conditions: those of the file, of which those of the
// version take the place where they have the same name, and then the others.
func (r programmeReader) criteria(ctx context.Context, v *programmeVersion) error {
	lists := []*node{v.root.field("criteria")}
	if v.node != v.root {
		lists = append(lists, v.node.field("criteria"))
	}
	for _, list := range lists {
		if list == nil {
			continue
		}
		seen := map[string]bool{}
		for _, n := range list.items {
			if n.form != object {
				continue
			}
			c, err := r.criterion(ctx, n)
			if err != nil {
				return err
			}
			if f := n.field("name"); f != nil && seen[c.Name] {
				f.fail("there is another criterion %q above", c.Name)
			}
			seen[c.Name] = true
			if i := slices.IndexFunc(v.Criteria, func(o decide.Criterion) bool { return o.Name == c.Name }); i >= 0 {
				v.Criteria[i] = c
			} else {
				v.Criteria = append(v.Criteria, c)
			}
		}
	}
	return nil
}

func (r programmeReader) criterion(ctx context.Context, n *node) (decide.Criterion, error) {
	c := decide.Criterion{
		Name: n.textOf("name"), Presume: n.textOf("presume"), Source: n.textOf("source"), Where: n.textOf("where"), Path: r.at(n, "expression"),
	}
	if (c.Presume == "met" || c.Presume == "not_met") && c.Source == "" {
		n.field("presume").fail("%s.presume is %s without a source; a presumption needs the law that allows it", n.path, c.Presume)
	}
	var err error
	c.Expression, err = r.expression(ctx, n.field("expression"), criterionScope())
	return c, err
}

// expression checks an SQL expression over a subject and gives its text.
func (r programmeReader) expression(ctx context.Context, f *node, sc scope) (string, error) {
	if f == nil || f.form != scalar {
		return "", nil
	}
	_, problems, err := r.sql.check(ctx, f.text, sc)
	if err != nil {
		return "", err
	}
	f.tell(problems)
	return f.text, nil
}

// at is the path of a field of this file, for errors of the run.
func (r programmeReader) at(n *node, field string) string { return r.file + "#" + join(n.path, field) }

func (r programmeReader) amount(ctx context.Context, n *node) (decide.Amount, error) {
	if n == nil || n.form != object {
		return decide.Amount{}, nil
	}
	a := decide.Amount{Value: n.textOf("value"), Currency: n.textOf("currency"), Per: n.textOf("per"), Path: r.at(n, "expression")}
	if a.Per == "" {
		a.Per = "month"
	}
	var err error
	if a.Expression, err = r.expression(ctx, n.field("expression"), numberScope()); err != nil {
		return a, err
	}
	switch value := n.field("value"); {
	case value == nil && n.field("expression") == nil:
		n.failAtName("%s needs value or expression", n.path)
	case value != nil && n.field("expression") != nil:
		value.failAtName("%s has value and expression; it can have one of the two", n.path)
	}
	for _, item := range n.itemsOf("cases") {
		if item.form != object {
			continue
		}
		c := decide.AmountCase{Value: item.textOf("value"), Path: r.at(item, "when")}
		if c.When, err = r.expression(ctx, item.field("when"), criterionScope()); err != nil {
			return a, err
		}
		a.Cases = append(a.Cases, c)
	}
	return a, nil
}

func (r programmeReader) bound(ctx context.Context, n *node) (decide.Cap, error) {
	switch {
	case n == nil:
		return decide.Cap{}, nil
	case n.form == scalar:
		most, err := readInteger(n.text)
		if err != nil {
			return decide.Cap{}, nil // told already
		}
		return decide.Cap{Most: int(most)}, nil
	}
	c := decide.Cap{Most: int(n.numberOf("most", integer)), First: n.textOf("first"), Path: r.at(n, "only")}
	var err error
	c.Only, err = r.expression(ctx, n.field("only"), criterionScope())
	return c, err
}

// overlaps tells of two versions of one programme that hold on the same day.
func overlaps(sorted []programmeVersion) {
	for i := 1; i < len(sorted); i++ {
		earlier, later := sorted[i-1], sorted[i]
		if earlier.Code != later.Code || earlier.Code == "" || later.ValidFrom.IsZero() {
			continue
		}
		if earlier.ValidTo.IsZero() || !earlier.ValidTo.Before(later.ValidFrom) {
			from := "above"
			if earlier.root != later.root {
				from = "of " + earlier.root.doc.name
			}
			message := fmt.Sprintf("%s has two versions in force from %s: %q %s and %q here",
				later.Code, later.ValidFrom.Format(time.DateOnly), earlier.Version, from, later.Version)
			if earlier.ValidFrom.Before(later.ValidFrom) {
				message += fmt.Sprintf("; the earlier one needs valid_to: %s", later.ValidFrom.AddDate(0, 0, -1).Format(time.DateOnly))
			}
			later.node.field("valid_from").fail("%s", message)
		}
	}
}

// others tells of a programme that names another which is not there.
func others(read []programmeVersion) {
	var codes []string
	for _, v := range read {
		codes = add(codes, []string{v.Code})
	}
	for _, v := range read {
		for _, of := range []struct{ field, does string }{{"excludes", "excludes"}, {"hands_over_to", "hands over to"}} {
			f := v.given(of.field)
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
					item.fail("%s %s itself", v.Code, of.does)
				case !slices.Contains(codes, item.text):
					item.fail("%s %s %q, and the job has no such programme%s", v.Code, of.does, item.text, didYouMean(item.text, codes))
				}
			}
		}
		v.enrolled(codes)
	}
}

// enrolled tells of a criterion that asks for the enrolment in a programme which
// is not there.
func (v programmeVersion) enrolled(codes []string) {
	for _, list := range []*node{v.root.field("criteria"), v.node.field("criteria")} {
		if list == nil {
			continue
		}
		for _, n := range list.items {
			f := n.field("expression")
			if f == nil || f.form != scalar {
				continue
			}
			for _, at := range enrolledIn.FindAllStringSubmatchIndex(f.text, -1) {
				if code := f.text[at[2]:at[3]]; !slices.Contains(codes, code) {
					f.tell([]problem{{at[2] - 1, at[3] - at[2] + 2, fmt.Sprintf("the job has no programme %q%s", code, didYouMean(code, codes))}})
				}
			}
		}
	}
}

var enrolledIn = regexp.MustCompile(`(?i)\benrolled_in\s*\(\s*'([^']*)'`)

// handovers tells of programmes that hand their people round in a circle.
func handovers(read []programmeVersion) {
	for _, v := range read {
		chain, at := []string{v.Code}, v
		for at.HandsOverTo != "" {
			i := slices.IndexFunc(read, func(o programmeVersion) bool { return o.Code == at.HandsOverTo && o.meets(v) })
			if i < 0 || at.HandsOverTo == at.Code {
				break // told already, or not in force together
			}
			at = read[i]
			if slices.Contains(chain, at.Code) {
				if at.Code == v.Code && v.Code == slices.Min(chain) { // once, not once a programme
					v.given("hands_over_to").fail("programmes hand over in a circle: %s", strings.Join(append(chain, at.Code), " to "))
				}
				break
			}
			chain = append(chain, at.Code)
		}
	}
}

// meets tells whether two versions are in force on a common day.
func (v programmeVersion) meets(o programmeVersion) bool {
	return (v.ValidTo.IsZero() || !v.ValidTo.Before(o.ValidFrom)) && (o.ValidTo.IsZero() || !o.ValidTo.Before(v.ValidFrom))
}
