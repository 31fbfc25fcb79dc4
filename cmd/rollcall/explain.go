package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"rollcall/jobs/config"
	"rollcall/matchers/model"
	"rollcall/pipeline"
	"rollcall/pipeline/link"
	"rollcall/pipeline/pair"
)

func explainCommand() *cobra.Command {
	var left, right string
	cmd := &cobra.Command{
		Use:   "explain RUN LEFT_ID RIGHT_ID",
		Short: "say why two records were linked, or why not",
		Long: `explain says why two records were linked, or why not: comparison by comparison,
both values, how well they agree, and what that is worth in bits. Each step moves
the running total; ten bits more make one person about a thousand times as likely.

RUN is a folder that link or dedupe wrote, or the folder of a job's run. In a job's
run the ids are those of mentions or persons, such as deaths/D-00012/deceased and
members/M-123/member. It prints the values of the two records: personal data.`,
		Example: `  rollcall explain linked D16273 S6327
  rollcall explain linked D16273 S6327 --left moved/deaths.csv
  rollcall explain out/latest deaths/D-00012/deceased members/M-123/member`,
		Args: exactArgs(3, "a folder and two ids"),
		RunE: func(cmd *cobra.Command, args []string) error {
			summary, err := readSummary(args[0])
			if errors.Is(err, fs.ErrNotExist) {
				return explainRun(cmd.Context(), cmd, args[0], args[1], args[2])
			}
			if err != nil {
				return err
			}
			if left != "" {
				summary.Left.File = left
			}
			if right != "" {
				summary.Right.File = right
			}
			return explainFiles(cmd.Context(), cmd, args[0], summary, args[1], args[2])
		},
	}
	cmd.Flags().StringVar(&left, "left", "", "where LEFT lies now, when it was moved")
	cmd.Flags().StringVar(&right, "right", "", "where RIGHT lies now, when it was moved")
	return cmd
}

// account is everything that is told of one pair.
type account struct {
	leftFile, rightFile string
	leftID, rightID     string
	explanation         pair.Explanation
	found               bool // the pair was scored above the floor
	accepted            bool
	probability         float64 // among its rivals
	marginBits          string  // over the runner-up; "" when there is none
	rule                string
	threshold           float64
	notes               []string
}

// explainFiles compares the two records again, as link or dedupe did.
func explainFiles(ctx context.Context, cmd *cobra.Command, folder string, s pair.Summary, leftID, rightID string) error {
	p := newProgress(cmd.ErrOrStderr())
	defer p.end()
	spec, err := config.ParseSpec(filepath.Join(folder, pair.SpecName))
	if err != nil {
		return err
	}
	left, err := loadFile(ctx, s.Left.File, nil, p)
	if err != nil {
		return fmt.Errorf("%w (say where it is with --left)", err)
	}
	right := left
	if s.Kind == "link" {
		if right, err = loadFile(ctx, s.Right.File, nil, p); err != nil {
			return fmt.Errorf("%w (say where it is with --right)", err)
		}
	}
	a := account{leftFile: s.Left.File, rightFile: s.Right.File, leftID: leftID, rightID: rightID, threshold: s.Threshold}
	rows := [2]int{left.Row(s.Left.ID, leftID), right.Row(s.Right.ID, rightID)}
	for i, t := range []*pair.Table{left, right} {
		if rows[i] < 0 {
			return usage(fmt.Errorf("%s has no record %s", t.Name, []string{leftID, rightID}[i]))
		}
		if want := []pair.FileSummary{s.Left, s.Right}[i]; want.SHA256 != "" && len(t.Origins) > 0 && t.Origins[0].SHA256 != want.SHA256 {
			a.notes = append(a.notes, t.Name+" has changed since it was linked; the values and weights below are of the file as it is now")
		}
	}
	e, err := pair.Explain(left, right, rows[0], rows[1], spec)
	if err != nil {
		return asUsage(err)
	}
	a.explanation = *e
	pairs, err := loadFile(ctx, filepath.Join(folder, pair.PairsName), nil, p)
	if err != nil {
		return err
	}
	a.find(pairs, s.Kind == "dedupe", func(row int) bool { return true })
	p.end()
	a.print(cmd.OutOrStdout())
	return nil
}

// find looks the pair up among the scored ones.
func (a *account) find(t *pair.Table, unordered bool, use func(row int) bool) (row int) {
	value := func(row int, name string) string {
		if at := t.Column(name); at >= 0 {
			return t.Columns[at].At(row)
		}
		return ""
	}
	for row := range t.Rows {
		l, r := value(row, "left_id"), value(row, "right_id")
		if !(l == a.leftID && r == a.rightID || unordered && l == a.rightID && r == a.leftID) || !use(row) {
			continue
		}
		a.found, a.accepted = true, value(row, "accepted") == "true"
		a.probability, _ = strconv.ParseFloat(value(row, "match_probability"), 64)
		a.marginBits, a.rule = value(row, "margin_bits"), value(row, "blocking_rule")
		return row
	}
	return -1
}

// barWidth is the room of the waterfall, in characters.
const barWidth = 36

func (a *account) print(w io.Writer) {
	e := a.explanation
	fmt.Fprintf(w, "%s of %s\n%s of %s\n\n", a.leftID, a.leftFile, a.rightID, a.rightFile)
	low, high := math.Min(0, e.PriorBits), math.Max(0, e.PriorBits)
	total := e.PriorBits
	for _, s := range append(append([]pair.Step{}, e.Steps...), pair.Step{Bits: e.HouseholdBits}) {
		total += s.Bits
		low, high = math.Min(low, total), math.Max(high, total)
	}
	fall := waterfall{low: low, scale: float64(barWidth) / math.Max(high-low, 1)}
	const line = "%-16s  %-20s  %-20s  %-30s %7s  %s\n"
	fmt.Fprintf(w, line, "comparison", "left", "right", "agreement", "bits", "running total")
	fmt.Fprintf(w, line, "(to begin with)", "", "", "any two records", signed(e.PriorBits), fall.step(e.PriorBits))
	for _, s := range e.Steps {
		level := s.Level
		if s.Within {
			level = "judged within another"
		}
		fmt.Fprintf(w, line, clip(s.Comparison, 16), clip(shown(s.Left), 20), clip(shown(s.Right), 20), clip(level, 30), signed(s.Bits), fall.step(s.Bits))
	}
	const hardly = 0.05 // bits
	if math.Abs(e.HouseholdBits) > hardly {
		fmt.Fprintf(w, line, "(household)", "", "", "what a household shares", signed(e.HouseholdBits), fall.step(e.HouseholdBits))
	}
	fmt.Fprintf(w, "\nweight of the comparisons %s bits; with what any two records begin with, %s: probability %.4f by itself\n",
		signed(e.WeightBits), signed(e.WeightBits+e.PriorBits), e.Probability)
	fmt.Fprintln(w, a.verdict())
	for _, n := range a.notes {
		fmt.Fprintln(w, "note: "+n)
	}
}

// verdict says in a sentence what became of the pair.
func (a *account) verdict() string {
	if !a.found {
		return "not linked: no blocking rule brought the two together, or the weight lies below what is kept"
	}
	how := fmt.Sprintf("probability %.4f beside its rivals", a.probability)
	if a.marginBits != "" {
		how += fmt.Sprintf(", %s bits over the next best candidate", a.marginBits)
	} else {
		how += ", no other candidate"
	}
	if a.rule != "" {
		how += "; first found by " + a.rule
	}
	if a.accepted {
		return "linked: " + how
	}
	return fmt.Sprintf("not linked: %s; accepted from %.4g on", how, a.threshold)
}

// waterfall draws steps from one running total to the next.
type waterfall struct {
	low, scale, total float64
}

// step draws a change and moves the total: # for, - against, | the new total.
func (f *waterfall) step(bits float64) string {
	from := f.total
	f.total += bits
	a := int(math.Round((from - f.low) * f.scale))
	b := int(math.Round((f.total - f.low) * f.scale))
	mark := "#"
	if bits < 0 {
		mark = "-"
	}
	start, end := min(a, b), max(a, b)
	cells := []rune(strings.Repeat(" ", start) + strings.Repeat(mark, end-start) + " ")
	cells[b] = '|'
	return fmt.Sprintf("%-*s %s", barWidth+1, string(cells), strconv.FormatFloat(f.total, 'f', 1, 64))
}

func signed(bits float64) string { return fmt.Sprintf("%+.1f", bits) }

func shown(value string) string {
	if value == "" {
		return "(none)"
	}
	return value
}

func clip(s string, width int) string {
	if r := []rune(s); len(r) > width {
		return string(r[:width-1]) + "…"
	}
	return s
}

// explainRun tells of two mentions or persons from what a job's run kept.
func explainRun(ctx context.Context, cmd *cobra.Command, folder, leftID, rightID string) error {
	p := newProgress(cmd.ErrOrStderr())
	defer p.end()
	links, err := runTable(ctx, folder, "link", p)
	if err != nil {
		return err
	}
	clusters, err := runTable(ctx, folder, "cluster", p)
	if err != nil {
		return err
	}
	r := run{folder: folder, links: links, clusters: clusters}
	a, kind, row, err := r.locate(leftID, rightID)
	if err != nil {
		return err
	}
	spec, err := r.specification(kind)
	if err != nil {
		return err
	}
	a.threshold = spec.Threshold
	if row >= 0 {
		table := "mention"
		if kind == "across" {
			table = "person"
		}
		described, err := runTable(ctx, folder, table, p)
		if err != nil {
			return err
		}
		identifiers, err := runTable(ctx, folder, "identifier", p)
		if err != nil {
			return err
		}
		a.explanation = r.steps(row, spec, described, identifiers)
	}
	p.end()
	if row < 0 {
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\n%s\n\n%s\n", a.leftID, a.rightID, a.verdict())
		return err
	}
	a.print(cmd.OutOrStdout())
	return nil
}

// run is what explain reads of a job's run.
type run struct {
	folder          string
	links, clusters *pair.Table
}

// locate finds the link between two mentions or persons: of one side by their
// mentions, of two sides by their persons.
func (r run) locate(leftID, rightID string) (account, string, int, error) {
	a := account{leftID: leftID, rightID: rightID, leftFile: "this run", rightFile: "this run"}
	kinds := r.links.Columns[r.links.Column("kind")]
	for _, kind := range []string{"register", "roster"} {
		if row := a.find(r.links, true, func(row int) bool { return kinds.At(row) == kind }); row >= 0 {
			return a, kind, row, nil
		}
	}
	var persons [2]string
	for i, id := range []string{leftID, rightID} {
		row := r.clusters.Row("mention_id", id)
		if row < 0 {
			return a, "", -1, usage(fmt.Errorf("run %s has no mention %s", filepath.Base(r.folder), id))
		}
		persons[i] = r.clusters.Columns[r.clusters.Column("person_id")].At(row)
		if persons[i] != id {
			a.notes = append(a.notes, fmt.Sprintf("%s is one of the records of the person %s, whose values are shown", id, persons[i]))
		}
	}
	if persons[0] == persons[1] {
		a.notes = append(a.notes, fmt.Sprintf("both belong to the person %s, joined through other records of that person", persons[0]))
	}
	a.leftID, a.rightID = persons[0], persons[1]
	row := a.find(r.links, true, func(row int) bool { return kinds.At(row) == "across" })
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

// steps turns the levels that the link keeps into the steps of an explanation.
func (r run) steps(row int, spec model.Specification, described, identifiers *pair.Table) pair.Explanation {
	value := func(name string) string { return r.links.Columns[r.links.Column(name)].At(row) }
	var levels []string
	if json.Unmarshal([]byte(value("agreement")), &levels) != nil {
		levels = strings.Split(strings.Trim(value("agreement"), "[]"), ", ")
	}
	named := map[string]string{}
	for _, l := range levels {
		comparison, level, _ := strings.Cut(l, "=")
		named[comparison] = level
	}
	var e pair.Explanation
	e.WeightBits, _ = strconv.ParseFloat(value("match_weight_bits"), 64)
	e.HouseholdBits = e.WeightBits
	ids := [2]string{value("left_id"), value("right_id")}
	for i, c := range spec.Comparisons {
		s := pair.Step{Comparison: c.Name, Level: named[c.Name], Left: shownValue(described, identifiers, c.Name, ids[0]), Right: shownValue(described, identifiers, c.Name, ids[1])}
		if spec.Parameters != nil {
			s.Within = len(spec.Parameters.Levels[i]) == 0
			for _, l := range spec.Parameters.Levels[i] {
				if l.Name == s.Level {
					s.Bits = l.Bits
				}
			}
		}
		e.HouseholdBits -= s.Bits
		e.Steps = append(e.Steps, s)
	}
	if spec.Parameters != nil {
		prior := spec.Parameters.Prior
		e.PriorBits = math.Log2(prior) - math.Log2(1-prior)
		e.Probability = 1 / (1 + math.Exp2(-e.WeightBits-e.PriorBits))
	}
	return e
}

// shownValue is what a mention or person has in a comparison.
func shownValue(described, identifiers *pair.Table, comparison, id string) string {
	if typ, ok := strings.CutPrefix(comparison, "id_"); ok {
		owner, kind, written := identifiers.Column("mention_id"), identifiers.Column("identifier_type"), identifiers.Column("written")
		for row := range identifiers.Rows {
			if identifiers.Columns[owner].At(row) == id && identifiers.Columns[kind].At(row) == typ {
				return identifiers.Columns[written].At(row)
			}
		}
		return ""
	}
	name := comparison
	if c, ok := shownColumn[comparison]; ok {
		name = c
	}
	at := described.Column(name)
	row := described.Row(described.Columns[0].Name, id)
	if at < 0 || row < 0 {
		return ""
	}
	return described.Columns[at].At(row)
}
