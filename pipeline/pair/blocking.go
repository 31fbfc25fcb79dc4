package pair

import (
	"context"
	_ "embed"
	"encoding/csv"
	"fmt"
	"html/template"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"rollcall/matchers"
	"rollcall/matchers/block"
	"rollcall/matchers/kernel"
)

//go:embed blocking.html
var blockingPage string

// The files that a survey of blocking rules writes, beside SpecName.
const (
	BlockingName     = "blocking.csv"
	BlockingPageName = "blocking.html"
)

// Survey is what blocking rules find and cost between two files, or in one.
type Survey struct {
	*Outcome
	Blocking *matchers.Blocking
	Seconds  float64 // that comparing the pairs of the rules takes on this machine, about
}

// SurveyBlocking says what blocking rules find and cost; right is nil for one file.
// With pairsPerRecord above 0 it proposes rules that cost about so much.
func SurveyBlocking(ctx context.Context, left, right *Table, opt Options, pairsPerRecord float64) (*Survey, error) {
	o, spec, err := prepare(left, right, opt)
	if err != nil {
		return nil, err
	}
	s := &Survey{Outcome: o}
	var begun time.Time
	var compared time.Duration
	progress := opt.Matching.Progress
	opt.Matching.Progress = func(stage string, done, total int64) {
		switch {
		case stage == "compare" && begun.IsZero():
			begun = time.Now()
		case stage != "compare" && !begun.IsZero() && compared == 0:
			compared = time.Since(begun)
		}
		if progress != nil {
			progress(stage, done, total)
		}
	}
	var file *matchers.File
	if right != nil {
		file = o.Right.File
	}
	if s.Blocking, err = matchers.SurveyBlocking(ctx, o.Left.File, file, spec, opt.Matching, pairsPerRecord); err != nil {
		return nil, asRefusal(fmt.Errorf("survey blocking: %w", err))
	}
	if candidates := float64(s.Blocking.Compared); candidates > 0 {
		s.Seconds = compared.Seconds() / candidates * float64(s.Blocking.Candidates)
	}
	return s, nil
}

// Records is among how many records the pairs are shared: the mean of the files.
func (s *Survey) Records() float64 {
	return float64(s.Left.Table.Rows+s.Right.Table.Rows) / 2
}

// Write fills a folder: blocking.csv, blocking.html and the text of the
// specification. values says that the page may show the values of the largest
// blocks, which are personal data.
func (s *Survey) Write(folder, program string, specification []byte, values bool) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make %s: %w", folder, err)
	}
	for _, f := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{BlockingName, s.writeTable},
		{BlockingPageName, func(w io.Writer) error { return Render(w, blockingPage, s.page(program, values)) }},
		{SpecName, func(w io.Writer) error { _, err := w.Write(specification); return err }},
	} {
		if err := Replace(filepath.Join(folder, f.name), f.write); err != nil {
			return fmt.Errorf("write %s: %w", filepath.Join(folder, f.name), err)
		}
	}
	return nil
}

func (s *Survey) writeTable(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{
		"number", "rule", "pairs_found", "pairs_added", "share_of_all_pairs", "largest_block_pairs", "largest_block_left", "largest_block_right",
		"pairs_in_too_large_blocks", "cut_apart_by", "pairs_left_out", "expected_found", "expected_found_alone", "expected_found_so_far",
	}); err != nil {
		return err
	}
	whole := func(n int64) string { return strconv.FormatInt(n, 10) }
	for i, r := range s.Blocking.Rules {
		var largest kernel.Block
		if len(r.Largest) > 0 {
			largest = r.Largest[0]
		}
		line := []string{
			strconv.Itoa(i + 1), r.Rule.String(), whole(r.Found), whole(r.Added),
			strconv.FormatFloat(float64(r.Found)/max(s.Blocking.AllPairs, 1), 'g', 6, 64),
			whole(largest.Pairs), strconv.Itoa(largest.Left), strconv.Itoa(largest.Right),
			whole(r.TooLarge), strings.Join(r.RefinedBy, " + "), whole(r.LeftOut),
		}
		for _, share := range []float64{r.Expected.Found, r.Expected.Alone, r.Expected.Together} {
			text := ""
			if s.Blocking.Expected {
				text = strconv.FormatFloat(share, 'f', 5, 64)
			}
			line = append(line, text)
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// surveyed is what blocking.html shows.
type surveyed struct {
	Title, Program                 string
	Pairs, PerRecord, AllPairs     string
	Reduced, Together, Seconds     string
	Expected, Proposed, Two, Shown bool
	Rules                          []surveyedRule
	Blocks                         []surveyedBlock
	Chart                          template.HTML
}

type surveyedRule struct {
	Number                                            int
	Rule, Found, Added, Share, Largest, Cut, Left     string
	ExpectedFound, ExpectedAlone, ExpectedSoFar, Kept string
}

type surveyedBlock struct {
	Rule, Columns, Left, Right, Pairs, Values string
}

func (s *Survey) page(program string, values bool) surveyed {
	b := s.Blocking
	p := surveyed{
		Title: "Blocking: which pairs of " + s.what() + " are compared", Program: program,
		Pairs: grouped(b.Candidates), AllPairs: grouped(int64(b.AllPairs)),
		PerRecord: fmt.Sprintf("%.1f", float64(b.Candidates)/max(s.Records(), 1)),
		Reduced:   share(float64(b.Candidates) / max(b.AllPairs, 1)),
		Seconds:   s.Duration(), Expected: b.Expected, Proposed: b.Proposed, Two: !s.Same(), Shown: values, Chart: s.chart(),
	}
	for i, r := range b.Rules {
		p.Together = permyriad(r.Expected.Together)
		row := surveyedRule{
			Number: i + 1, Rule: r.Rule.String(), Found: grouped(r.Found), Added: grouped(r.Added),
			Share: share(float64(r.Found) / max(b.AllPairs, 1)), Cut: strings.Join(r.RefinedBy, ", then "),
			ExpectedFound: permyriad(r.Expected.Found), ExpectedAlone: permyriad(r.Expected.Alone), ExpectedSoFar: permyriad(r.Expected.Together),
		}
		if r.LeftOut > 0 {
			row.Left = grouped(r.LeftOut)
		}
		if len(r.Largest) > 0 {
			row.Largest = grouped(r.Largest[0].Pairs)
		}
		p.Rules = append(p.Rules, row)
		for _, large := range r.Largest {
			if large.Pairs == 1 {
				continue // nobody's burden
			}
			shown := surveyedBlock{Rule: r.Rule.String(), Left: grouped(int64(large.Left)), Right: grouped(int64(large.Right)), Pairs: grouped(large.Pairs)}
			if values {
				shown.Values = strings.Join(large.Values, " · ")
			}
			for i, key := range r.Rule {
				if i > 0 {
					shown.Columns += " · "
				}
				shown.Columns += block.Rule{key}.String()
			}
			p.Blocks = append(p.Blocks, shown)
		}
	}
	return p
}

// what names the files.
func (s *Survey) what() string {
	if s.Same() {
		return filepath.Base(s.Left.Table.Name)
	}
	return filepath.Base(s.Left.Table.Name) + " and " + filepath.Base(s.Right.Table.Name)
}

// Duration is how long comparing takes, about.
func (s *Survey) Duration() string {
	if s.Seconds < 1 {
		return "under a second"
	}
	return fmt.Sprintf("about %.0f s", s.Seconds)
}

// permyriad is a share in per cent with two decimals.
func permyriad(x float64) string { return fmt.Sprintf("%.2f%%", 100*x) }

// chart draws how the expected share of the true pairs, and the pairs compared,
// grow rule by rule.
func (s *Survey) chart() template.HTML {
	rules := s.Blocking.Rules
	if len(rules) == 0 {
		return ""
	}
	const labels, bar, figure, gap, row = 330.0, 290.0, 65.0, 60.0, 20.0 // a bar has its figure behind it: 100.00%
	var body strings.Builder
	fmt.Fprintf(&body, `<text x="%.0f" y="14" class="n">pairs compared so far</text>`, labels)
	if s.Blocking.Expected {
		fmt.Fprintf(&body, `<text x="%.0f" y="14" class="n">true pairs found so far, expected</text>`, labels+bar+gap)
	}
	total, so, found := float64(max(s.Blocking.Candidates, 1)), int64(0), 0.0
	y := 24.0
	for _, r := range rules {
		before := so
		so += r.Added
		name := r.Rule.String()
		if letters := []rune(name); len(letters) > 46 {
			name = string(letters[:45]) + "…"
		}
		fmt.Fprintf(&body, `<text x="0" y="%.0f">%s</text>`, y+13, template.HTMLEscapeString(name))
		cumulated(&body, labels, y, bar-figure, float64(before)/total, float64(so)/total, againstColour, fmt.Sprintf("%.0f%%", 100*float64(so)/total))
		if s.Blocking.Expected {
			cumulated(&body, labels+bar+gap, y, bar-figure, found, r.Expected.Together, forColour, permyriad(r.Expected.Together))
			found = r.Expected.Together
		}
		y += row
	}
	return Drawing(labels+2*bar+gap, y+4, "Pairs compared and true pairs expected to be found, rule by rule", &body)
}

// cumulated draws a bar up to a share, what is new of it in colour.
func cumulated(body *strings.Builder, x, y, width, from, to float64, colour, text string) {
	fmt.Fprintf(body, `<rect x="%.1f" y="%.1f" width="%.1f" height="13" fill="#D5DBE1"/>`, x, y+2, max(0, from*width))
	fmt.Fprintf(body, `<rect x="%.1f" y="%.1f" width="%.1f" height="13" fill="%s"/>`, x+from*width, y+2, max(.5, (to-from)*width), colour)
	fmt.Fprintf(body, `<text x="%.1f" y="%.0f" class="n">%s</text>`, x+to*width+5, y+13, text)
}
