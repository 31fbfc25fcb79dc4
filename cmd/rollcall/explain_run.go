package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"rollcall/jobs"
	"rollcall/matchers"
	"rollcall/matchers/family"
	"rollcall/matchers/model"
	"rollcall/pipeline"
	"rollcall/pipeline/link"
	"rollcall/pipeline/pair"
	"rollcall/pipeline/tables"
)

// explainRun tells of two mentions or persons from what a job's run kept; of a pair of
// which it kept nothing, from a comparison that is made again.
func explainRun(ctx context.Context, folder, leftID, rightID string, p *progress) (*pair.Account, error) {
	r, err := readRun(ctx, folder, p)
	if err != nil {
		return nil, err
	}
	a, kind, row, err := r.locate(leftID, rightID)
	if err != nil {
		return nil, err
	}
	spec, err := r.specification(kind)
	if err != nil {
		return nil, err
	}
	a.Threshold = spec.Threshold
	if spec.Parameters == nil {
		return a, nil
	}
	if err := r.describe(ctx, kind, p); err != nil {
		return nil, err
	}
	if row < 0 || r.links.Value(row, "agreement") == uncompared {
		return a, r.compareAgain(ctx, a, kind, spec, p)
	}
	e, err := r.kept(row, spec)
	if err != nil {
		return nil, err
	}
	if err := r.relatives(e, row, kind); err != nil {
		return nil, err
	}
	a.Explanation, a.Compared = *e, true
	if why, ok := unweighed[matchers.Unweighed(r.links.Value(row, "family_unweighed"))]; ok {
		a.Notes = append(a.Notes, why)
	}
	return a, nil
}

// uncompared is the agreement of two records that are one person through others, and were
// never compared themselves.
const uncompared = "[]"

// unweighed says why relatives whom records name count for nothing, or not all of them.
var unweighed = map[matchers.Unweighed]string{
	matchers.ManyMembers:   fmt.Sprintf("relatives were not weighed: the household has more than %d members, as an institution has", family.MostMembers),
	matchers.ManyRelatives: fmt.Sprintf("relatives were not weighed: records name more than %d of one of the two, who is not one person", family.MostRelatives),
	matchers.ManyPairs:     "relatives were not weighed: the first record has more pairs than work was allotted to it, and others were likelier",
}

// run is what explain reads of a job's run.
type run struct {
	folder                 string
	links, clusters        *pair.Table
	described, identifiers *pair.Table // mentions or persons, and their numbers; see describe
}

func readRun(ctx context.Context, folder string, p *progress) (r run, err error) {
	r.folder = folder
	if r.links, err = runTable(ctx, folder, "link", p); err != nil {
		return r, err
	}
	r.clusters, err = runTable(ctx, folder, "cluster", p)
	return r, err
}

// describe reads who a kind of linkage compares.
func (r *run) describe(ctx context.Context, kind string, p *progress) (err error) {
	table := "mention"
	if kind == link.KindAcross {
		table = "person"
	}
	if r.described, err = runTable(ctx, r.folder, table, p); err != nil {
		return err
	}
	r.identifiers, err = runTable(ctx, r.folder, "identifier", p)
	return err
}

// locate finds the link between two mentions or persons: of one side by their
// mentions, of two sides by their persons. The row is -1 where there is none.
func (r run) locate(leftID, rightID string) (*pair.Account, string, int, error) {
	a := &pair.Account{Left: pair.Record{ID: leftID, File: "this run"}, Right: pair.Record{ID: rightID, File: "this run"}}
	for _, kind := range []string{link.KindRegister, link.KindRoster} {
		if row := r.find(a, kind); row >= 0 {
			return a, kind, row, nil
		}
	}
	var who [2]located
	for i, id := range []string{leftID, rightID} {
		var err error
		if who[i], err = r.who(id); err != nil {
			return a, "", -1, err
		}
	}
	left, right := who[0], who[1]
	a.OnePerson = left.person == right.person
	if a.OnePerson {
		a.Notes = append(a.Notes, fmt.Sprintf("both belong to the person %s, joined through other records of that person", left.person))
	}
	if left.side == right.side {
		a.Left.ID, a.Right.ID = left.mention, right.mention
		kind := map[string]string{tables.Register: link.KindRegister, tables.Roster: link.KindRoster}[left.side]
		return a, kind, r.find(a, kind), nil
	}
	for _, w := range who {
		if w.id != w.person {
			a.Notes = append(a.Notes, fmt.Sprintf("%s is one of the records of the person %s, whose values are shown", w.id, w.person))
		}
	}
	if left.side == tables.Roster {
		left, right = right, left
	}
	a.Left.ID, a.Right.ID = left.person, right.person
	return a, link.KindAcross, r.find(a, link.KindAcross), nil
}

// find looks for the pair among those of a kind, and says which of the two stands left.
func (r run) find(a *pair.Account, kind string) int {
	kinds := r.links.Columns[r.links.Column("kind")]
	row := a.Find(r.links, true, func(row int) bool { return kinds.At(row) == kind })
	if row >= 0 {
		a.Left.ID, a.Right.ID = r.links.Value(row, "left_id"), r.links.Value(row, "right_id")
	}
	return row
}

// located is an id as a run knows it.
type located struct{ id, mention, person, side string }

func (r run) who(id string) (located, error) {
	row := r.clusters.Row("mention_id", id)
	if row < 0 { // a person may have the id of a mention that is here no more
		row = r.clusters.Row("person_id", id)
	}
	if row < 0 {
		return located{}, usage(fmt.Errorf("run %s has no mention %s", filepath.Base(r.folder), id))
	}
	return located{id, r.clusters.Value(row, "mention_id"), r.clusters.Value(row, "person_id"), r.clusters.Value(row, "side")}, nil
}

// compareAgain tells of two of whom the run kept nothing what its model says of them, and
// why none of its rules brought them together.
func (r run) compareAgain(ctx context.Context, a *pair.Account, kind string, spec model.Specification, p *progress) error {
	scales, err := r.scales(ctx, kind, p)
	if errors.Is(err, jobs.ErrUsage) || errors.Is(err, jobs.ErrVerification) {
		a.Notes = append(a.Notes, fmt.Sprintf("the comparison of the two cannot be made again: %v", err))
		return nil
	}
	if err != nil {
		return err
	}
	e, w, err := r.again(scales, spec, a.Left.ID, a.Right.ID)
	if err != nil {
		return err
	}
	if w.InParts[0] {
		a.Notes = append(a.Notes, fmt.Sprintf("the run compared the records of %s in parts, before it put them together, and counted the mean of them; this is the part that is more like the other", a.Left.ID))
	}
	if w.InParts[1] {
		a.Notes = append(a.Notes, fmt.Sprintf("the run compared the rows of %s in parts, before it put them together, and counted the part that is more like the other, as here", a.Right.ID))
	}
	a.Explanation, a.Compared, a.Again = *e, true, true
	a.Notes = append(a.Notes, "of relatives there is no evidence: a run weighs them only for pairs that it keeps, and they are not in the weight above")
	return nil
}

// scales make the linkage of a kind ready to weigh pairs again.
func (r run) scales(ctx context.Context, kind string, p *progress) (_ *link.Scales, err error) {
	folder, err := filepath.Abs(r.folder)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", r.folder, err)
	}
	l, output, err := (&place{}).open(ctx, folder)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	old, err := find(ctx, l, output, folder)
	if err != nil {
		return nil, err
	}
	p.start("comparing")
	return newRunner(p).Scales(ctx, l, output, old, kind)
}

// again weighs two that the run did not keep.
func (r run) again(scales *link.Scales, spec model.Specification, leftID, rightID string) (*pair.Explanation, link.Weighed, error) {
	w, err := scales.Weigh(leftID, rightID)
	if err != nil {
		return nil, w, err
	}
	e, err := r.steps(spec, w.Levels, w.Listed, leftID, rightID)
	if err != nil {
		return nil, w, err
	}
	e.AddRules(spec, w.Weighed)
	return e, w, nil
}

// specification reads the trained model of one linkage of the run.
func (r run) specification(kind string) (model.Specification, error) {
	file, err := pipeline.LinkageFile(r.folder)
	if err != nil {
		return model.Specification{}, usage(err)
	}
	report, err := link.ReadReport(file)
	if err != nil {
		return model.Specification{}, err
	}
	return report.Of(kind).Specification, nil
}

// shownColumn is the column of mention and person that holds what a comparison
// compares, as written; the others bear the comparison's name.
var shownColumn = map[string]string{"birth": "birth_written", "area": "area_code", "district": "area_code"}

// wholeName is the column of mention and person that stands for the parts of a name where
// it is written whole: the linkage takes it apart.
const wholeName = "full_name"

// nameParts are the comparisons that compare such parts.
var nameParts = []string{"given_name", "family_name"}

// relatives adds what the relatives of the two say, with their names and dates.
func (r run) relatives(e *pair.Explanation, row int, kind string) error {
	var texts []string
	if list := r.links.Value(row, "family_evidence"); list != "" {
		if err := json.Unmarshal([]byte(list), &texts); err != nil {
			return fmt.Errorf("read evidence of relatives: %w", err)
		}
	}
	bits, _ := strconv.ParseFloat(r.links.Value(row, "family_weight_bits"), 64)
	if bits == 0 && len(texts) == 0 {
		return nil
	}
	relatives := make([]pair.Relative, len(texts))
	for i, text := range texts {
		w, err := link.ParseWitness(text)
		if err != nil {
			return err
		}
		relatives[i] = pair.Relative{Relation: w.Relation, Left: kin(r.described, w.Left), Right: kin(r.described, w.Right), Bits: w.Bits}
	}
	where := "household"
	if kind != link.KindAcross {
		where = "other record"
	}
	e.AddRelatives(bits, relatives, where)
	return nil
}

// kin is who a mention or person is, as written; nil for nobody.
func kin(described *pair.Table, id string) *pair.Kin {
	if id == "" {
		return nil
	}
	row := described.Row(described.Columns[0].Name, id)
	written := func(column string) string { return described.Value(row, column) }
	name := cmp.Or(written("full_name"), strings.TrimSpace(written("given_name")+" "+written("family_name")), written("native_name"))
	return &pair.Kin{ID: id, Name: name, Born: written("birth_written")}
}

// kept is the comparison that a link keeps.
func (r run) kept(row int, spec model.Specification) (*pair.Explanation, error) {
	named := levelsOf(r.links.Value(row, "agreement"))
	levels := make([]uint8, len(spec.Comparisons))
	for i, c := range spec.Comparisons {
		levels[i] = model.Missing
		if level, ok := model.MissingLevel(named[c.Name]); ok {
			levels[i] = level
		}
		for level, l := range spec.Parameters.Levels[i] {
			if l.Name == named[c.Name] {
				levels[i] = uint8(level)
			}
		}
	}
	return r.steps(spec, levels, named[link.ListedName], r.links.Value(row, "left_id"), r.links.Value(row, "right_id"))
}

// steps turns the levels of two, and when the one was listed, into the steps of an
// explanation.
func (r run) steps(spec model.Specification, levels []uint8, listed, leftID, rightID string) (*pair.Explanation, error) {
	e, err := pair.ExplainLevels(spec, levels)
	if err != nil {
		return nil, err
	}
	for i, c := range spec.Comparisons {
		e.Steps[i].Left, e.Steps[i].Right = r.shownValue(c.Name, leftID), r.shownValue(c.Name, rightID)
	}
	if listed != "" {
		when, bits, err := link.ParseListed(listed)
		if err != nil {
			return nil, err
		}
		e.AddStep(pair.Step{Comparison: link.ListedName, Level: when, Bits: bits})
	}
	return e, nil
}

// shownValue is what a mention or person has in a comparison.
func (r run) shownValue(comparison, id string) string {
	if typ, ok := strings.CutPrefix(comparison, "id_"); ok {
		owners := []string{id}
		if r.described.Columns[0].Name == "person_id" {
			owners = r.mentionsOf(id)
		}
		return identifierOf(r.identifiers, typ, owners)
	}
	name := comparison
	if c, ok := shownColumn[comparison]; ok {
		name = c
	}
	row := r.described.Row(r.described.Columns[0].Name, id)
	written := func(column string) string { return r.described.Value(row, column) }
	if slices.Contains(nameParts, comparison) && !slices.ContainsFunc(nameParts, func(part string) bool { return written(part) != "" }) {
		name = wholeName
	}
	return written(name)
}

// mentionsOf lists the mentions of a person.
func (r run) mentionsOf(person string) []string {
	mention, of := r.clusters.Columns[r.clusters.Column("mention_id")], r.clusters.Columns[r.clusters.Column("person_id")]
	var out []string
	for row := range r.clusters.Rows {
		if of.At(row) == person {
			out = append(out, mention.At(row))
		}
	}
	return out
}

// identifierOf is the number of a type, as written, that most of the mentions bear,
// of equals the least: the one that was compared.
func identifierOf(identifiers *pair.Table, typ string, mentions []string) string {
	bearers, written := map[string]int{}, map[string]string{}
	for row := range identifiers.Rows {
		value := identifiers.Value(row, "value")
		if value == "" || identifiers.Value(row, "identifier_type") != typ || !slices.Contains(mentions, identifiers.Value(row, "mention_id")) {
			continue
		}
		bearers[value]++
		written[value] = identifiers.Value(row, "written")
	}
	best := ""
	for _, value := range slices.Sorted(maps.Keys(bearers)) {
		if best == "" || bearers[value] > bearers[best] {
			best = value
		}
	}
	return written[best]
}
