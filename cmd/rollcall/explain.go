package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"rollcall/jobs"
	"rollcall/jobs/config"
	"rollcall/matchers"
	"rollcall/matchers/family"
	"rollcall/matchers/model"
	"rollcall/pipeline"
	"rollcall/pipeline/link"
	"rollcall/pipeline/pair"
)

func explainCommand() *cobra.Command {
	x := explainer{}
	cmd := &cobra.Command{
		Use:   "explain RUN LEFT_ID RIGHT_ID",
		Short: "say why two records were linked, or why not",
		Long: `explain says why two records were linked, or why not: comparison by comparison,
both values, how well they agree, and what that is worth in bits. Each step moves
the running total; ten bits more make one person about a thousand times as likely.
Then what else the two may be (people of one household, strangers with names alike),
the next best candidates of either, and which blocking rules find them.

RUN is a folder that link or dedupe wrote, or the folder of a job's run. In a job's
run the ids are those of mentions or persons, such as deaths/D-00012/deceased and
members/M-123/member; relatives whom the register names and who were looked for in the
household have a bar of their own, with names and dates beneath, and the text ends with
the family sheet of both. It shows the values of the two records, and who they live with: personal data.`,
		Example: `  rollcall explain linked D16273 S6327
  rollcall explain linked D16273 S6327 --format html --out why.html
  rollcall explain linked D16273 S6327 --left moved/deaths.csv
  rollcall explain out/latest deaths/D-00012/deceased members/M-123/member --format json`,
		Args: exactArgs(3, "a folder and two ids"),
		RunE: func(cmd *cobra.Command, args []string) error {
			write, ok := accountFormats[x.format]
			if !ok {
				return usage(fmt.Errorf("--format %s: there are text, json and html", x.format))
			}
			p := newProgress(cmd.ErrOrStderr())
			defer p.end()
			a, err := x.account(cmd.Context(), args[0], args[1], args[2], p)
			if err != nil {
				return err
			}
			a.Conclude()
			sheet, err := x.sheet(cmd.Context(), args[0], a)
			if err != nil {
				return err
			}
			p.end()
			return writeOutput(cmd.OutOrStdout(), x.out, func(w io.Writer) error {
				if err := write(a, w); err != nil || sheet == nil {
					return err
				}
				fmt.Fprintln(w)
				sheet.Print(w)
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&x.left, "left", "", "where LEFT lies now, when it was moved")
	cmd.Flags().StringVar(&x.right, "right", "", "where RIGHT lies now, when it was moved")
	cmd.Flags().StringVar(&x.format, "format", "text", "text, json, or html: a page with a picture")
	cmd.Flags().StringVar(&x.out, "out", "", "file to write (default: the output)")
	return cmd
}

// explainer holds the flags of explain.
type explainer struct{ left, right, format, out string }

// accountFormats write an account.
var accountFormats = map[string]func(*pair.Account, io.Writer) error{
	"text": func(a *pair.Account, w io.Writer) error { a.Print(w); return nil },
	"html": (*pair.Account).Page,
	"json": func(a *pair.Account, w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(a)
	},
}

// writeOutput writes to a file, which comes to be whole or not at all, or else to the
// output.
func writeOutput(stdout io.Writer, file string, write func(io.Writer) error) error {
	if file == "" {
		return write(stdout)
	}
	if err := pair.Replace(file, write); err != nil {
		return fmt.Errorf("%w: write %s: %w", jobs.ErrOutside, file, err)
	}
	return nil
}

// account gathers what is known of two records.
func (x explainer) account(ctx context.Context, folder, leftID, rightID string, p *progress) (*pair.Account, error) {
	summary, err := readSummary(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return explainRun(ctx, folder, leftID, rightID, p)
	}
	if err != nil {
		return nil, err
	}
	if x.left != "" {
		summary.Left.File = x.left
	}
	if x.right != "" {
		summary.Right.File = x.right
	}
	return explainFiles(ctx, folder, summary, leftID, rightID, p)
}

// usedModel is the model of a folder that link or dedupe wrote: with what it rests
// on, where that was kept.
func usedModel(folder string) (model.Specification, error) {
	file := filepath.Join(folder, pair.ModelName)
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		file = filepath.Join(folder, pair.SpecName)
	}
	return config.ParseSpec(file)
}

// explainFiles compares the two records again, as link or dedupe did.
func explainFiles(ctx context.Context, folder string, s pair.Summary, leftID, rightID string, p *progress) (*pair.Account, error) {
	spec, err := usedModel(folder)
	if err != nil {
		return nil, err
	}
	left, right, err := linkedFiles(ctx, s, p)
	if err != nil {
		return nil, err
	}
	a := &pair.Account{Left: pair.Record{ID: leftID, File: left.file(leftID)}, Right: pair.Record{ID: rightID, File: right.file(rightID)}, Compared: true, Threshold: s.Threshold}
	rows := [2]int{left.Row(s.Left.ID, leftID), right.Row(s.Right.ID, rightID)}
	for i, r := range []*records{left, right} {
		if rows[i] < 0 {
			return nil, usage(fmt.Errorf("%s has no record %s", r.Name, []string{leftID, rightID}[i]))
		}
		if i == 1 && left == right {
			continue
		}
		for _, name := range r.changed {
			a.Notes = append(a.Notes, name+" has changed since it was linked; the values and weights below are of the file as it is now")
		}
	}
	in, err := localeOf(spec.Locale)
	if err != nil {
		return nil, err
	}
	if in.SHA256 != s.LocaleSHA256 {
		a.Notes = append(a.Notes, "locale pack "+spec.Locale+" has changed since the files were linked")
	}
	e, err := pair.Explain(left.Table, right.Table, rows[0], rows[1], spec, in)
	if err != nil {
		return nil, asUsage(err)
	}
	a.Explanation = *e
	pairs, err := loadFile(ctx, filepath.Join(folder, pair.PairsName), nil, p)
	if err != nil {
		return nil, err
	}
	a.Find(pairs, s.Kind == "dedupe", func(int) bool { return true })
	return a, nil
}

// explainRun tells of two mentions or persons from what a job's run kept.
func explainRun(ctx context.Context, folder, leftID, rightID string, p *progress) (*pair.Account, error) {
	links, err := runTable(ctx, folder, "link", p)
	if err != nil {
		return nil, err
	}
	clusters, err := runTable(ctx, folder, "cluster", p)
	if err != nil {
		return nil, err
	}
	r := run{folder: folder, links: links, clusters: clusters}
	a, kind, row, err := r.locate(leftID, rightID)
	if err != nil {
		return nil, err
	}
	spec, err := r.specification(kind)
	if err != nil {
		return nil, err
	}
	a.Threshold = spec.Threshold
	if row >= 0 && spec.Parameters != nil {
		table := "mention"
		if kind == "across" {
			table = "person"
		}
		described, err := runTable(ctx, folder, table, p)
		if err != nil {
			return nil, err
		}
		identifiers, err := runTable(ctx, folder, "identifier", p)
		if err != nil {
			return nil, err
		}
		e, err := r.steps(row, spec, described, identifiers)
		if err != nil {
			return nil, err
		}
		if err := r.relatives(e, row, kind, described); err != nil {
			return nil, err
		}
		a.Explanation, a.Compared = *e, true
		if why, ok := unweighed[matchers.Unweighed(r.value(row, "family_unweighed"))]; ok {
			a.Notes = append(a.Notes, why)
		}
	}
	return a, nil
}

// unweighed says why relatives whom records name count for nothing, or not all of them.
var unweighed = map[matchers.Unweighed]string{
	matchers.ManyMembers:   fmt.Sprintf("relatives were not weighed: the household has more than %d members, as an institution has", family.MostMembers),
	matchers.ManyRelatives: fmt.Sprintf("relatives were not weighed: records name more than %d of one of the two, who is not one person", family.MostRelatives),
	matchers.ManyPairs:     "relatives were not weighed: the first record has more pairs than work was allotted to it, and others were likelier",
}

// run is what explain reads of a job's run.
type run struct {
	folder          string
	links, clusters *pair.Table
}

// locate finds the link between two mentions or persons: of one side by their
// mentions, of two sides by their persons.
func (r run) locate(leftID, rightID string) (*pair.Account, string, int, error) {
	a := &pair.Account{Left: pair.Record{ID: leftID, File: "this run"}, Right: pair.Record{ID: rightID, File: "this run"}}
	kinds := r.links.Columns[r.links.Column("kind")]
	for _, kind := range []string{"register", "roster"} {
		if row := a.Find(r.links, true, func(row int) bool { return kinds.At(row) == kind }); row >= 0 {
			return a, kind, row, nil
		}
	}
	var persons [2]string
	for i, id := range []string{leftID, rightID} {
		row := r.clusters.Row("mention_id", id)
		if row < 0 { // a person may have the id of a mention that is here no more
			row = r.clusters.Row("person_id", id)
		}
		if row < 0 {
			return a, "", -1, usage(fmt.Errorf("run %s has no mention %s", filepath.Base(r.folder), id))
		}
		persons[i] = r.clusters.Columns[r.clusters.Column("person_id")].At(row)
		if persons[i] != id {
			a.Notes = append(a.Notes, fmt.Sprintf("%s is one of the records of the person %s, whose values are shown", id, persons[i]))
		}
	}
	if persons[0] == persons[1] {
		a.Notes = append(a.Notes, fmt.Sprintf("both belong to the person %s, joined through other records of that person", persons[0]))
	}
	a.Left.ID, a.Right.ID = persons[0], persons[1]
	row := a.Find(r.links, true, func(row int) bool { return kinds.At(row) == "across" })
	return a, "across", row, nil
}

// specification reads the trained model of one linkage of the run.
func (r run) specification(kind string) (model.Specification, error) {
	file, err := pipeline.LinkageFile(r.folder)
	if err != nil {
		return model.Specification{}, usage(err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return model.Specification{}, fmt.Errorf("read linkage report: %w", err)
	}
	var report link.Report
	if err := json.Unmarshal(data, &report); err != nil {
		return model.Specification{}, fmt.Errorf("read linkage report: %w", err)
	}
	return map[string]link.Linkage{"register": report.Register, "roster": report.Roster, "across": report.Across}[kind].Specification, nil
}

// shownColumn is the column of mention and person that holds what a comparison
// compares, as written; the others bear the comparison's name.
var shownColumn = map[string]string{"birth": "birth_written", "area": "area_code", "district": "area_code"}

// wholeName is the column of mention and person that stands for the parts of a name where
// it is written whole: the linkage takes it apart.
const wholeName = "full_name"

// nameParts are the comparisons that compare such parts.
var nameParts = []string{"given_name", "family_name"}

// value is what a link has in a column; "" for one that an older run does not have.
func (r run) value(row int, column string) string {
	at := r.links.Column(column)
	if at < 0 {
		return ""
	}
	return r.links.Columns[at].At(row)
}

// relatives adds what the relatives of the two say, with their names and dates.
func (r run) relatives(e *pair.Explanation, row int, kind string, described *pair.Table) error {
	var texts []string
	if list := r.value(row, "family_evidence"); list != "" {
		if err := json.Unmarshal([]byte(list), &texts); err != nil {
			return fmt.Errorf("read evidence of relatives: %w", err)
		}
	}
	bits, _ := strconv.ParseFloat(r.value(row, "family_weight_bits"), 64)
	if bits == 0 && len(texts) == 0 {
		return nil
	}
	relatives := make([]pair.Relative, len(texts))
	for i, text := range texts {
		w, err := link.ParseWitness(text)
		if err != nil {
			return err
		}
		relatives[i] = pair.Relative{Relation: w.Relation, Left: kin(described, w.Left), Right: kin(described, w.Right), Bits: w.Bits}
	}
	where := "household"
	if kind != "across" {
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
	written := func(column string) string {
		if at := described.Column(column); at >= 0 && row >= 0 {
			return described.Columns[at].At(row)
		}
		return ""
	}
	name := cmp.Or(written("full_name"), strings.TrimSpace(written("given_name")+" "+written("family_name")), written("native_name"))
	return &pair.Kin{ID: id, Name: name, Born: written("birth_written")}
}

// steps turns the levels that the link keeps into the steps of an explanation.
func (r run) steps(row int, spec model.Specification, described, identifiers *pair.Table) (*pair.Explanation, error) {
	value := func(name string) string { return r.links.Columns[r.links.Column(name)].At(row) }
	named := levelsOf(value("agreement"))
	known := make([]uint8, len(spec.Comparisons))
	for i, c := range spec.Comparisons {
		known[i] = model.Missing
		if level, ok := model.MissingLevel(named[c.Name]); ok {
			known[i] = level
		}
		for level, l := range spec.Parameters.Levels[i] {
			if l.Name == named[c.Name] {
				known[i] = uint8(level)
			}
		}
	}
	e, err := pair.ExplainLevels(spec, known)
	if err != nil {
		return nil, err
	}
	for i, c := range spec.Comparisons {
		e.Steps[i].Left = r.shownValue(described, identifiers, c.Name, value("left_id"))
		e.Steps[i].Right = r.shownValue(described, identifiers, c.Name, value("right_id"))
	}
	if when, ok := named[link.ListedName]; ok {
		listed, bits, err := link.ParseListed(when)
		if err != nil {
			return nil, err
		}
		e.AddStep(pair.Step{Comparison: link.ListedName, Level: listed, Bits: bits})
	}
	return e, nil
}

// shownValue is what a mention or person has in a comparison.
func (r run) shownValue(described, identifiers *pair.Table, comparison, id string) string {
	if typ, ok := strings.CutPrefix(comparison, "id_"); ok {
		owners := []string{id}
		if described.Columns[0].Name == "person_id" {
			owners = r.mentionsOf(id)
		}
		return identifierOf(identifiers, typ, owners)
	}
	name := comparison
	if c, ok := shownColumn[comparison]; ok {
		name = c
	}
	row := described.Row(described.Columns[0].Name, id)
	written := func(name string) string {
		at := described.Column(name)
		if at < 0 || row < 0 {
			return ""
		}
		return described.Columns[at].At(row)
	}
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
	at := func(row int, column string) string { return identifiers.Columns[identifiers.Column(column)].At(row) }
	bearers, written := map[string]int{}, map[string]string{}
	for row := range identifiers.Rows {
		value := at(row, "value")
		if value == "" || at(row, "identifier_type") != typ || !slices.Contains(mentions, at(row, "mention_id")) {
			continue
		}
		bearers[value]++
		written[value] = at(row, "written")
	}
	best := ""
	for _, value := range slices.Sorted(maps.Keys(bearers)) {
		if best == "" || bearers[value] > bearers[best] {
			best = value
		}
	}
	return written[best]
}
