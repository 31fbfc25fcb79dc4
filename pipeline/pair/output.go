package pair

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/google/renameio/v2"
	"golang.org/x/sync/errgroup"

	"rollcall/matchers/quality"
)

// The files of an output folder.
const (
	LinksName    = "links.csv"
	ClustersName = "clusters.csv"
	PairsName    = "pairs.parquet"
	SpecName     = "spec.yaml"
	ModelName    = "model.json"
	QualityName  = "quality.html"
	SummaryName  = "summary.json" // written last: a folder without it is not complete
)

// Summary is what a linkage was made from and what it found, in figures.
type Summary struct {
	Kind              string       `json:"kind"` // link or dedupe
	Program           string       `json:"program"`
	Locale            string       `json:"locale,omitempty"` // pack; none is that for any country
	LocaleSHA256      string       `json:"locale_sha256,omitempty"`
	AreaTree          string       `json:"area_tree,omitempty"` // file
	Areas             []AreaColumn `json:"areas,omitempty"`     // columns that were compared by their place in the tree
	Left              FileSummary  `json:"left"`
	Right             FileSummary  `json:"right"`
	Compared          int64        `json:"pairs_compared"`
	Accepted          int          `json:"pairs_accepted"`
	Entities          int          `json:"entities,omitempty"` // dedupe: different people
	Threshold         float64      `json:"threshold"`
	ExpectedPrecision [3]float64   `json:"expected_precision"` // low, middle, high
	ExpectedRecall    [3]float64   `json:"expected_recall"`
	Thresholds        []Threshold  `json:"thresholds"`       // what they would mean
	Decoys            []Decoys     `json:"decoys,omitempty"` // link: of each file that has everybody once
	Missing           []Missing    `json:"missing,omitempty"`
	Warnings          []string     `json:"warnings"`
	// Profile is what a later linkage can be held against.
	Profile quality.Profile `json:"profile"`
}

// Threshold is what accepting only links from a probability on would mean. All
// estimates are low, middle, high.
type Threshold struct {
	Purpose           string     `json:"purpose,omitempty"` // that it is for
	Threshold         float64    `json:"threshold"`
	Accepted          int        `json:"pairs_accepted"`
	ExpectedPrecision [3]float64 `json:"expected_precision"`
	ExpectedRecall    [3]float64 `json:"expected_recall"`
}

// Decoys are pairs inside one file that would have been accepted. Those who are
// not twice in it are two people.
type Decoys struct {
	Accepted int     `json:"pairs_accepted"`
	Compared float64 `json:"pairs_looked_for"`
	Wrong    float64 `json:"wrong_links_at_that_rate"`
}

// Missing is what the missing values of a comparison tell: how much oftener both
// records of pairs that are surely one person lack it than by chance, as an odds
// ratio. Bits are what they weigh; 0 where it is not shown that they tell anything.
type Missing struct {
	Comparison string  `json:"comparison"`
	Pairs      float64 `json:"pairs"` // that it stands on
	OddsRatio  float64 `json:"odds_ratio"`
	OneBits    float64 `json:"one_missing_bits"`
	BothBits   float64 `json:"both_missing_bits"`
}

// missing is what was found of each comparison of which there was enough to tell.
func (o *Outcome) missing() []Missing {
	var out []Missing
	spec := o.Result.Specification
	for _, l := range o.Result.Lacking {
		m := Missing{Comparison: spec.Comparisons[l.Comparison].Name, Pairs: math.Round(l.Pairs), OddsRatio: l.Odds}
		if l.Shown {
			m.OneBits, m.BothBits = spec.Parameters.Missing[l.Comparison].One, spec.Parameters.Missing[l.Comparison].Both
		}
		out = append(out, m)
	}
	return out
}

// FileSummary is one input file.
type FileSummary struct {
	File     string `json:"file"`
	SHA256   string `json:"sha256"`
	Rows     int    `json:"rows"`
	Rejected int    `json:"rejected"`
	ID       string `json:"id_column"` // "" for row numbers
	// Earlier are the files of the linkages that this one was added to. Rows are then
	// those of dedupe together, and of link those of this file alone.
	Earlier []FileSummary `json:"earlier,omitempty"`
}

// Summary gathers the figures of an outcome.
func (o *Outcome) Summary(program string) Summary {
	s := Summary{
		Kind: "link", Program: program, Locale: o.locale.Name, LocaleSHA256: o.locale.SHA256, Left: o.Left.Summary(), Right: o.Right.Summary(),
		Compared: o.Result.Candidates, Accepted: o.accepted(), Threshold: o.Result.Specification.Threshold,
		ExpectedPrecision: o.Result.ExpectedPrecision, ExpectedRecall: o.Result.ExpectedRecall,
		Warnings: append(append([]string{}, o.Warnings...), o.Result.Warnings...), Profile: o.Profile(), Missing: o.missing(),
	}
	if o.Left.Table.Areas != nil {
		s.AreaTree, s.Areas = o.Left.Table.Areas.File, o.areas
	}
	for _, e := range o.Result.Expectations() {
		s.Thresholds = append(s.Thresholds, Threshold{e.Purpose, e.Threshold, e.Accepted, e.Precision, e.Recall})
	}
	if !o.Same() {
		all := float64(s.Left.Rows) * float64(s.Right.Rows)
		for _, d := range o.Result.Decoys {
			if d.Compared == 0 {
				continue // a file that has people twice
			}
			s.Decoys = append(s.Decoys, Decoys{d.Hits, d.Compared, float64(d.Hits) * all / max(d.Compared, 1)})
		}
	}
	if o.Same() {
		s.Kind = "dedupe"
		for row, entity := range o.Result.Entity {
			if int(entity) == row {
				s.Entities++
			}
		}
	}
	return s
}

// Summary is what is told of the side's file.
func (s *Side) Summary() FileSummary {
	return s.Table.summary(s.ID)
}

// Write writes the outcome into a folder: links.csv, pairs.parquet, near_misses.csv,
// clusters.csv for one file, quality.html, and summary.json last. specification is the text
// of spec.yaml, trained that of model.json.
func (o *Outcome) Write(folder string, summary Summary, specification, trained []byte) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make output folder: %w", err)
	}
	// A stale summary must not vouch for files that are about to be replaced.
	if err := os.Remove(filepath.Join(folder, SummaryName)); err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("clear output folder: %w", err)
	}
	files := []struct {
		name  string
		write func(io.Writer) error
	}{
		{PairsName, o.writePairs},
		{LinksName, o.writeLinks},
		{NearMissesName, o.writeNearMisses},
		{ClustersName, o.writeClusters},
		{ApartName, o.writeApart},
		{ChangesName, o.writeChanges},
		{SpecName, func(w io.Writer) error { _, err := w.Write(specification); return err }},
		{ModelName, func(w io.Writer) error { _, err := w.Write(trained); return err }},
		{QualityName, func(w io.Writer) error { return o.writeQuality(w, summary) }},
	}
	problems := make([]error, len(files)) // the first is told, whichever is met first
	var work errgroup.Group
	work.SetLimit(runtime.GOMAXPROCS(0))
	for i, f := range files {
		if !o.Same() && (f.name == ClustersName || f.name == ApartName) || f.name == ChangesName && !o.entities.given {
			continue
		}
		work.Go(func() error {
			if err := Replace(filepath.Join(folder, f.name), f.write); err != nil {
				problems[i] = fmt.Errorf("write %s: %w", f.name, err)
			}
			return nil
		})
	}
	if err := errors.Join(work.Wait(), cmp.Or(problems...)); err != nil {
		return err
	}
	if err := Replace(filepath.Join(folder, SummaryName), func(w io.Writer) error { return writeJSON(w, summary) }); err != nil {
		return fmt.Errorf("write %s: %w", SummaryName, err)
	}
	return nil
}

// Replace writes a file beside its place and moves it there when it is whole.
func Replace(path string, write func(io.Writer) error) error {
	f, err := renameio.NewPendingFile(path, renameio.WithPermissions(0o600))
	if err != nil {
		return err
	}
	defer f.Cleanup()
	w := bufio.NewWriterSize(f, 1<<16)
	if err := write(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.CloseAtomicallyReplace()
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// bits writes base-2 logarithms with three decimals; no runner-up is empty.
func bits(x float64) string {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return ""
	}
	return strconv.FormatFloat(x, 'f', 3, 64)
}

// neutral keeps a spreadsheet from running an id as a formula.
func neutral(id string) string {
	if id != "" && strings.ContainsRune("=+-@\t\r", rune(id[0])) {
		return "'" + id
	}
	return id
}

func (o *Outcome) writeClusters(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"record_id", "entity_id"}); err != nil {
		return err
	}
	for row, entity := range o.Result.Entity {
		if err := out.Write([]string{neutral(o.Left.ids.at(int32(row))), o.entityID(entity)}); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
