package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"rollcall/pipeline"
	"rollcall/pipeline/accuracy"
	"rollcall/pipeline/pair"
)

func evaluateCommand() *cobra.Command {
	var truth, role, format string
	cmd := &cobra.Command{
		Use:   "evaluate DIR --truth TRUTH.csv",
		Short: "measure a linkage against pairs that are known to be right",
		Long: `evaluate holds what link or dedupe wrote into DIR, or the links of a job's run,
against pairs that are known to be true: precision (of those accepted, how many
are right), recall (of those that are right, how many were found) and F1, at the
run's own threshold and over all thresholds.

TRUTH has the two ids of a true pair in its first two columns; further columns
are not read. Where its second column is called person_id or entity_id, each row
says instead to which person a record belongs, and all records of one person are
true pairs. The truth should be complete for the records that it speaks of.

In a job's run the ids are those of mentions, such as deaths/D-00012/deceased and
members/M-123/member. With --role they may be the keys of the records alone, D-00012
and M-123.

Of a job's run the families of the register are measured too, by a TRUTH whose columns
are mention_id and person_id: --role family holds the links of families with households,
which are true if two persons, or the only one of either, are in both; --role sibling
the pairs of births of one mother, and --role full_sibling of one mother and father.
A persons.csv beside TRUTH (person_id, mother_id, father_id) tells who has which
parents, also where a record does not; TRUTH may be the folder of both, as synth makes
it.

--format json gives the same figures to another program: those at the run's
threshold, at the best one, and the curve, whose neighbouring lines tell how many of
the links between two probabilities are right.`,
		Example: `  rollcall evaluate linked --truth known_pairs.csv
  rollcall evaluate out/latest --truth truth/records.csv --role deceased
  rollcall evaluate out/latest --truth truth --role family`,
		Args: exactArgs(1, "one folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if truth == "" {
				return usage(errors.New("--truth is missing: name the file with the true pairs"))
			}
			if format != "text" && format != "json" {
				return usage(fmt.Errorf("--format %s is neither text nor json", format))
			}
			return evaluate(cmd.Context(), cmd, args[0], truth, role, format)
		},
	}
	cmd.Flags().StringVar(&truth, "truth", "", "file with the true pairs (required)")
	cmd.Flags().StringVar(&role, "role", "", "of a job's run: only register mentions of this role, such as deceased; or family, sibling, full_sibling")
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	return cmd
}

func evaluate(ctx context.Context, cmd *cobra.Command, folder, truthFile, role, format string) error {
	p := newProgress(cmd.ErrOrStderr())
	defer p.end()
	summary, err := readSummary(folder)
	isRun := errors.Is(err, fs.ErrNotExist)
	if err != nil && !isRun {
		return err
	}
	if role != "" && !isRun {
		return usage(fmt.Errorf("--role is for the run of a job: %s was written by %s, whose records have no role", folder, summary.Kind))
	}
	if accuracy.Known(role) {
		return evaluateFamilies(ctx, cmd, folder, truthFile, role, format, p)
	}
	known, err := loadFile(ctx, truthFile, nil, p)
	if err != nil {
		return err
	}
	if len(known.Columns) < 2 {
		return usage(fmt.Errorf("%s has one column: the two ids of a true pair are expected", truthFile))
	}
	var pairs []pair.Scored
	var records map[string]bool // that the run holds; nil for link and dedupe
	if isRun {
		pairs, records, err = runPairs(ctx, folder, role, p)
		summary.Threshold = pipelineThreshold
	} else {
		pairs, err = filePairs(ctx, folder, p)
	}
	if err != nil {
		return err
	}
	truth := readTruth(known, summary.Kind == "dedupe", isRun, role)
	if isRun && role != "" && truth.Len() == 0 { // not ids of mentions, then
		truth = readTruth(known, false, false, "")
		pairs, records = byKey(pairs, records)
	}
	p.end()
	if truth.Len() == 0 {
		return usage(fmt.Errorf("%s has no true pair", truthFile))
	}
	found := pair.Evaluate(pairs, truth, summary.Threshold)
	if records != nil {
		found.NotHeld = truth.Beyond(records)
	}
	if format == "json" {
		return printEvaluationJSON(cmd.OutOrStdout(), found, truth)
	}
	printEvaluation(cmd.OutOrStdout(), found, truth, summary.Kind)
	return nil
}

// evaluateFamilies measures the families of a run, or which births are of one mother.
func evaluateFamilies(ctx context.Context, cmd *cobra.Command, folder, truthFile, role, format string, p *progress) error {
	p.start("reading")
	pairs, truth, err := accuracy.OfFamilies(ctx, folder, truthFile, role)
	if err != nil {
		return usage(err)
	}
	p.end()
	if truth.Len() == 0 {
		return usage(fmt.Errorf("%s has no true pair", truthFile))
	}
	found := pair.Evaluate(pairs, truth, pipelineThreshold)
	if role != accuracy.Families { // without a probability of their own
		found.Curve = nil
	}
	if format == "json" {
		return printEvaluationJSON(cmd.OutOrStdout(), found, truth)
	}
	printEvaluation(cmd.OutOrStdout(), found, truth, "")
	return nil
}

// pipelineThreshold is what a run's links are accepted at unless its job says
// otherwise; it labels the run's own line only.
const pipelineThreshold = 0.5

// readSummary reads summary.json of an output folder; fs.ErrNotExist when the
// folder was not written by link or dedupe.
func readSummary(folder string) (pair.Summary, error) {
	var s pair.Summary
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return s, usage(fmt.Errorf("there is no folder %s", folder))
	}
	data, err := os.ReadFile(filepath.Join(folder, pair.SummaryName))
	if err != nil {
		return s, fmt.Errorf("read summary: %w", err)
	}
	if err := json.Unmarshal(data, &s); err != nil {
		return s, usage(fmt.Errorf("%s of %s is not what link or dedupe writes", pair.SummaryName, folder))
	}
	return s, nil
}

// filePairs reads the scored pairs of link or dedupe.
func filePairs(ctx context.Context, folder string, p *progress) ([]pair.Scored, error) {
	t, err := loadFile(ctx, filepath.Join(folder, pair.PairsName), nil, p)
	if err != nil {
		return nil, err
	}
	return scored(t, func(row int) bool { return true })
}

// scored turns rows of pairs into pairs.
func scored(t *pair.Table, use func(row int) bool) ([]pair.Scored, error) {
	at := map[string]int{}
	for _, name := range []string{"left_id", "right_id", "match_probability", "accepted"} {
		if at[name] = t.Column(name); at[name] < 0 {
			return nil, usage(fmt.Errorf("%s has no column %s", t.Name, name))
		}
	}
	text := func(row int, name string) string { return t.Columns[at[name]].At(row) }
	var pairs []pair.Scored
	for row := range t.Rows {
		if !use(row) {
			continue
		}
		p, err := strconv.ParseFloat(text(row, "match_probability"), 64)
		if err != nil {
			return nil, fmt.Errorf("read %s, row %d: match_probability is no number", t.Name, row+1)
		}
		pairs = append(pairs, pair.Scored{Left: text(row, "left_id"), Right: text(row, "right_id"), Probability: p, Accepted: text(row, "accepted") == "true"})
	}
	return pairs, nil
}

// runPairs reads the links between the sides of a job's run, and spells persons
// out as their mentions, of which it tells those that the run holds.
func runPairs(ctx context.Context, folder, role string, p *progress) (pairs []pair.Scored, held map[string]bool, err error) {
	links, err := runTable(ctx, folder, "link", p)
	if err != nil {
		return nil, nil, err
	}
	clusters, err := runTable(ctx, folder, "cluster", p)
	if err != nil {
		return nil, nil, err
	}
	kind := links.Column("kind")
	if kind < 0 {
		return nil, nil, usage(fmt.Errorf("%s has no column kind", links.Name))
	}
	persons, err := scored(links, func(row int) bool { return links.Columns[kind].At(row) == "across" })
	if err != nil {
		return nil, nil, err
	}
	mentions := map[string][]string{}
	held = map[string]bool{}
	mention, person := clusters.Columns[clusters.Column("mention_id")], clusters.Columns[clusters.Column("person_id")]
	for row := range clusters.Rows {
		mentions[person.At(row)] = append(mentions[person.At(row)], mention.At(row))
		held[mention.At(row)] = true
	}
	for _, link := range persons {
		for _, l := range mentions[link.Left] {
			if !hasRole(l, role) {
				continue
			}
			for _, r := range mentions[link.Right] {
				pairs = append(pairs, pair.Scored{Left: l, Right: r, Probability: link.Probability, Accepted: link.Accepted})
			}
		}
	}
	return pairs, held, nil
}

// runTable reads a canonical table of a run.
func runTable(ctx context.Context, folder, name string, p *progress) (*pair.Table, error) {
	file, err := pipeline.TableFile(folder, name)
	if err != nil {
		return nil, usage(fmt.Errorf("%s is neither a folder of link or dedupe nor a run that got as far as its links: %w", folder, err))
	}
	return loadFile(ctx, file, nil, p)
}

// hasRole tells whether a mention id ends in the role; an empty role is any.
func hasRole(mention, role string) bool {
	return role == "" || strings.HasSuffix(mention, "/"+role)
}

// memberRole is that of every record of a roster in a run.
const memberRole = "member"

// readTruth reads true pairs, or the persons of records.
func readTruth(t *pair.Table, unordered, isRun bool, role string) *pair.Truth {
	truth := pair.NewTruth(unordered)
	first, second := t.Columns[0], t.Columns[1]
	if second.Name != "person_id" && second.Name != "entity_id" {
		for row := range t.Rows {
			if hasRole(first.At(row), role) {
				truth.Add(first.At(row), second.At(row))
			}
		}
		return truth
	}
	people := map[string][]string{}
	var order []string
	for row := range t.Rows {
		who := second.At(row)
		if people[who] == nil {
			order = append(order, who)
		}
		people[who] = append(people[who], first.At(row))
	}
	for _, who := range order {
		for i, l := range people[who] {
			for _, r := range people[who][i+1:] {
				addMentions(truth, l, r, isRun, role)
			}
		}
	}
	return truth
}

// addMentions adds two records of one person; of a run, one of the register with
// one of the roster.
func addMentions(truth *pair.Truth, l, r string, isRun bool, role string) {
	if !isRun {
		truth.Add(l, r)
		return
	}
	if hasRole(l, memberRole) {
		l, r = r, l
	}
	if hasRole(r, memberRole) && !hasRole(l, memberRole) && hasRole(l, role) {
		truth.Add(l, r)
	}
}

// byKey names mentions by the keys of their records.
func byKey(pairs []pair.Scored, records map[string]bool) ([]pair.Scored, map[string]bool) {
	key := func(mention string) string {
		_, rest, _ := strings.Cut(mention, "/")
		return rest[:max(0, strings.LastIndexByte(rest, '/'))]
	}
	for i := range pairs {
		pairs[i].Left, pairs[i].Right = key(pairs[i].Left), key(pairs[i].Right)
	}
	keys := map[string]bool{}
	for r := range records {
		keys[key(r)] = true
	}
	return pairs, keys
}

// scoreJSON is a score as other programs read it.
type scoreJSON struct {
	Threshold float64 `json:"threshold"`
	Right     int     `json:"right"`
	Wrong     int     `json:"wrong"`
	Lost      int     `json:"lost"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
}

func printEvaluationJSON(w io.Writer, e pair.Evaluation, truth *pair.Truth) error {
	out := struct {
		TruePairs int         `json:"true_pairs"`
		Unseen    int         `json:"unseen"`
		NotHeld   int         `json:"not_held"`
		AtRun     scoreJSON   `json:"at_run"`
		Best      scoreJSON   `json:"best"`
		Curve     []scoreJSON `json:"curve"`
	}{truth.Len(), e.Unseen, e.NotHeld, scoreJSON(e.AtRun), scoreJSON(e.Best), nil}
	for _, s := range e.Curve {
		out.Curve = append(out.Curve, scoreJSON(s))
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(out); err != nil {
		return fmt.Errorf("write the evaluation: %w", err)
	}
	return nil
}

func printEvaluation(w io.Writer, e pair.Evaluation, truth *pair.Truth, kind string) {
	fmt.Fprintf(w, "true pairs %d, of which %d were not scored above the floor\n", truth.Len(), e.Unseen)
	if e.NotHeld > 0 {
		fmt.Fprintf(w, "of %d the run does not hold both records: rejected, or dated after the day of the run; they count as lost\n", e.NotHeld)
	}
	fmt.Fprintln(w)
	fmt.Fprintf(w, "%-14s %9s %9s %9s %9s %9s %9s\n", "threshold", "precision", "recall", "F1", "right", "wrong", "lost")
	line := func(label string, s pair.Score) {
		fmt.Fprintf(w, "%-14s %9.4f %9.4f %9.4f %9d %9d %9d\n", label, s.Precision, s.Recall, s.F1, s.Right, s.Wrong, s.Lost)
	}
	line(fmt.Sprintf("run's %.4g", e.AtRun.Threshold), e.AtRun)
	line(fmt.Sprintf("best %.4f", e.Best.Threshold), e.Best)
	fmt.Fprintln(w)
	for _, s := range e.Curve {
		line(fmt.Sprintf("%g", s.Threshold), s)
	}
	if kind == "dedupe" {
		fmt.Fprintln(w, "\nThe run's line counts the pairs inside its clusters; the others count single pairs\nby their own probability, before clustering.")
	}
}
