package config

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rollcall/matchers/block"
	"rollcall/matchers/model"
	"rollcall/matchers/quality"
	"rollcall/pipeline/link"
	"rollcall/pipeline/pair"
)

func drawSpec(t *rapid.T) model.Specification {
	name := rapid.OneOf(rapid.StringMatching(`[a-z_]{1,9}`), rapid.StringMatching(`[^+:]{1,6}`).Filter(func(s string) bool {
		return strings.TrimSpace(s) == s && s != "" && strings.ToValidUTF8(s, "") == s && printable(s)
	}), rapid.SampledFrom([]string{"no", "1", "null", "a b", "-x", "{y}", "#", "'", "জন্ম"}))
	column := rapid.OneOf(name, rapid.SampledFrom([]string{"a: b", "x:y", "a # b", "tab\there", "line\nbreak", `q"uote`, "\u200b", " "}))
	share := rapid.OneOf(rapid.Float64Range(0, 1), rapid.SampledFrom([]float64{0, 1, 1e-300, math.SmallestNonzeroFloat64, 1 - 1e-16}))
	s := model.Specification{Threshold: share.Draw(t, "threshold"), Relation: rapid.SampledFrom(append(model.Relations(), "")).Draw(t, "relation")}
	if s.Relation != "" && rapid.Bool().Draw(t, "found out") {
		s.RelationWhy = "found out: 3 records; none"
	}
	for _, n := range rapid.SliceOfNDistinct(name, 0, 4, rapid.ID[string]).Draw(t, "names") {
		s.Comparisons = append(s.Comparisons, model.Comparison{
			Name: n, Left: column.Draw(t, "left"), Right: column.Draw(t, "right"),
			Kind: model.Kind(rapid.SampledFrom(kinds).Draw(t, "kind")), Shared: rapid.Bool().Draw(t, "shared"),
			Intervals: rapid.Bool().Draw(t, "intervals"),
		})
	}
	if len(s.Comparisons) == 0 {
		return s
	}
	for i := range s.Comparisons {
		s.Comparisons[i].Neighbours = [][2]string{{"north", "south"}, {"ward 4", "à côté"}}[:rapid.IntRange(1, 2).Draw(t, "neighbours")]
		if rapid.Bool().Draw(t, "within a larger place") {
			s.Comparisons[i].Parent = rapid.SampledFrom(s.Comparisons).Draw(t, "parent").Name
		}
	}
	drawLevels(t, column, s.Comparisons)
	for range rapid.IntRange(0, 3).Draw(t, "rules") {
		var rule block.Rule
		for range rapid.IntRange(1, 3).Draw(t, "keys") {
			rule = append(rule, block.Key{
				Column: rapid.SampledFrom(s.Comparisons).Draw(t, "column").Name, Transform: rapid.SampledFrom(block.Transforms()).Draw(t, "transform"),
			})
		}
		s.Blocking = append(s.Blocking, rule)
	}
	if rapid.Bool().Draw(t, "trained") {
		s.Parameters = drawParameters(t, s.Comparisons)
	}
	return s
}

// drawLevels declares levels of some comparisons, with bounds that tighten so that
// each can come about.
func drawLevels(t *rapid.T, name *rapid.Generator[string], comparisons []model.Comparison) {
	for i := range comparisons {
		c := &comparisons[i]
		if on := rapid.Bool().Draw(t, "term frequency"); rapid.Bool().Draw(t, "said") {
			c.TermFrequency = &on
		}
		parent := slices.ContainsFunc(comparisons, func(o model.Comparison) bool { return o.Parent == c.Name })
		if parent || rapid.Bool().Draw(t, "levels of the kind") {
			continue
		}
		able := slices.DeleteFunc(model.Comparators(), func(o model.Comparator) bool {
			return o.Name == "min_length" || o.Kinds != nil && !slices.Contains(o.Kinds, c.Kind)
		})
		names := map[string]bool{"": true}
		for k := range rapid.IntRange(0, 5).Draw(t, "levels") {
			var level model.DeclaredLevel
			at := rapid.IntRange(0, len(able)-1).Draw(t, "comparator")
			level.Conditions = append(level.Conditions, condition(able[at], k))
			if rapid.Bool().Draw(t, "restrained") && at < 9 {
				level.Conditions = append(level.Conditions, model.Condition{Comparator: "min_length", Bound: float64(k + 2)})
			}
			if n := name.Draw(t, "called"); !names[n] {
				level.Name, names[n] = n, true
			}
			c.Levels = append(c.Levels, level)
		}
		c.Levels = append(c.Levels, model.DeclaredLevel{})
		if len(model.LevelProblems(comparisons)) > 0 {
			c.Levels = nil // a condition twice
		}
	}
}

// condition is stricter the greater k is.
func condition(c model.Comparator, k int) model.Condition {
	out := model.Condition{Comparator: c.Name}
	switch c.Measure {
	case model.Similarity:
		out.Bound = 0.7 + 0.1/3*float64(k)
	case model.Count:
		out.Bound = float64(k + 1)
	case model.Edits:
		out.Bound = float64(10 - k)
	case model.Difference:
		out.Bound = 100.5 - float64(k)
	case model.Key:
		out.Key = block.Single()[k]
	}
	return out
}

// drawParameters makes a trained model: of some levels or all, in any order.
func drawParameters(t *rapid.T, comparisons []model.Comparison) *model.Parameters {
	ladders, err := model.Ladders(comparisons)
	if err != nil {
		t.Fatal(err)
	}
	part := rapid.OneOf(rapid.Float64Range(0, 0.16), rapid.SampledFrom([]float64{0, 1e-300, math.SmallestNonzeroFloat64}))
	share := rapid.OneOf(rapid.Float64Range(1e-9, 1), rapid.SampledFrom([]float64{1, 1 - 1e-16}))
	p := &model.Parameters{
		Prior: rapid.Float64Range(1e-12, 0.1).Draw(t, "prior"), Household: part.Draw(t, "household"), Kin: part.Draw(t, "kin"), Borrowed: part.Draw(t, "borrowed"),
		Namesakes: part.Draw(t, "namesakes"), Neighbours: part.Draw(t, "neighbours"), Levels: make([][]model.Level, len(comparisons)),
	}
	bits := rapid.Float64().Filter(func(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) })
	for i, l := range ladders {
		if len(l.Names) == 0 {
			continue
		}
		m, u := 0.0, 0.0
		for _, name := range rapid.Permutation(l.Names).Draw(t, "order")[:rapid.IntRange(1, len(l.Names)).Draw(t, "levels")] {
			level := model.Level{
				Name: name, M: share.Draw(t, "m"), U: share.Draw(t, "u"), Bits: bits.Draw(t, "bits"),
				H: share.Draw(t, "h"), K: share.Draw(t, "k"), N: share.Draw(t, "n"), V: share.Draw(t, "v"),
			}
			m, u = m+level.M, u+level.U
			p.Levels[i] = append(p.Levels[i], level)
		}
		for j := range p.Levels[i] {
			p.Levels[i][j].M /= m
			p.Levels[i][j].U /= u
		}
	}
	if len(comparisons) > 0 && rapid.Bool().Draw(t, "missing weighs") {
		bits := rapid.Float64Range(-model.MostMissingBits, model.MostMissingBits)
		p.Missing = make([]model.MissingWeights, len(comparisons))
		p.Missing[0] = model.MissingWeights{One: bits.Draw(t, "one"), Both: 0.1} // an empty section would be none
		for i := range p.Missing[1:] {
			p.Missing[1+i] = model.MissingWeights{One: bits.Draw(t, "one"), Both: bits.Draw(t, "both")}
		}
	}
	for i, c := range comparisons {
		if names := rapid.SliceOfN(rapid.StringMatching(`[a-z: #']{1,8}[a-z]`), 0, 3).Draw(t, "nicknames"); c.Kind == model.GivenName && len(names) > 0 {
			if p.Nicknames == nil {
				p.Nicknames = make([][]string, len(comparisons))
			}
			p.Nicknames[i] = names
		}
	}
	return p
}

// TestSpecRoundTrip: a written specification is read back as it was, to the last
// bit, on its own and as a job's link section.
func TestSpecRoundTrip(t *testing.T) {
	file := filepath.Join(t.TempDir(), "spec.yaml")
	rapid.Check(t, func(t *rapid.T) {
		want := drawSpec(t)
		text, err := MarshalSpec(want)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := ParseSpec(file)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("(-want +got):\n%s\n%s", diff, text)
		}
		origin := &pair.Origin{Program: "rollcall 9 <&>", Data: []pair.Dataset{{File: "জন্ম: a.csv", Rows: 3}}, LogLikelihood: []float64{-1e300, 0.1}, Profile: quality.Profile{
			Rows: [2]int64{3, 4}, Comparisons: []quality.Column{{Name: "<a>", Filled: [2]int64{1, 2}, Levels: []quality.Count{{Level: "differs", Pairs: 5}}}},
			Links: quality.Histogram{First: -3, Counts: []int64{1, 0, 2}},
		}}
		if text, err = MarshalModel(want, origin); err != nil {
			t.Fatal(err)
		}
		if !json.Valid(text) {
			t.Fatalf("no JSON:\n%s", text)
		}
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		got, told, err := ParseModel(file)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if diff := cmp.Diff(want, got) + cmp.Diff(origin, told); diff != "" {
			t.Fatalf("as JSON (-want +got):\n%s\n%s", diff, text)
		}
	})
}

// TestSpecInAJob: a specification stands in a job as it is, or in a file that the
// job names, and is that of the linkage across the sides.
func TestSpecInAJob(t *testing.T) {
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("testdata/country")); err != nil {
		t.Fatal(err)
	}
	want := model.Specification{
		Comparisons: []model.Comparison{
			{Name: "given_name", Left: "first_name", Right: "given_name", Kind: model.GivenName},
			{Name: "birth", Left: "birth", Right: "birth", Kind: model.Date},
		},
		Blocking:  []block.Rule{{{Column: "given_name", Transform: "phonetic"}, {Column: "birth", Transform: "year"}}},
		Threshold: 0.75, Relation: model.OneToOne,
		Parameters: &model.Parameters{Prior: 1e-5, Levels: [][]model.Level{
			{{Name: "differs", M: 0.1, U: 0.9, Bits: math.Log2(0.1 / 0.9)}, {Name: "equal", M: 0.9, U: 0.1, Bits: math.Log2(0.9 / 0.1)}},
			{{Name: "differs", M: 0.001, U: 0.999, Bits: math.Log2(0.001 / 0.999)}, {Name: "equal, rare", M: 0.999, U: 0.001, Bits: math.Log2(0.999 / 0.001)}},
		}},
	}
	spec, err := MarshalSpec(want)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, filepath.Join("testdata", "spec.yaml"), string(spec))
	if err := os.WriteFile(filepath.Join(folder, "spec.yaml"), spec, 0o600); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(filepath.Join(folder, "job.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	inside := "link:\n  " + strings.ReplaceAll(strings.TrimSpace(string(spec)), "\n", "\n  ")
	for name, section := range map[string]string{
		"as it is": inside, "named": "link: spec.yaml", "named across": "link: {across: spec.yaml}", "file": "link: {across: {file: spec.yaml}}",
	} {
		text := strings.Replace(string(whole), "link: {threshold: 0.5}", section, 1)
		path := filepath.Join(folder, "other.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		job, err := Load(t.Context(), path, registry())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(&want, job.Link.Across); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if job.Link.Register != nil || job.Link.Roster != nil {
			t.Errorf("%s: a specification of two files is taken for one of a file with itself", name)
		}
	}
}

// TestThresholdAlone: it holds for all three linkages, but for one that has its own.
func TestThresholdAlone(t *testing.T) {
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("testdata/country")); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "job.yaml")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	high, low := &model.Specification{Threshold: 0.9}, &model.Specification{Threshold: 0.7}
	for section, want := range map[string]link.Config{
		"link: {threshold: 0.5}":                           {},
		"link: {threshold: 0.9}":                           {Register: high, Roster: high, Across: high},
		"link: {threshold: 0.9, roster: {threshold: 0.7}}": {Register: high, Roster: low, Across: high},
		"link: {roster: {threshold: 0.7}}":                 {Roster: low},
	} {
		text := strings.Replace(string(whole), "link: {threshold: 0.5}", section, 1)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		job, err := Load(t.Context(), path, registry())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, job.Link); diff != "" {
			t.Errorf("%s (-want +got):\n%s", section, diff)
		}
	}
}

// TestMarshalSpecRefuses: what could not be read back is not written.
func TestMarshalSpecRefuses(t *testing.T) {
	name := model.Comparison{Name: "a", Left: "a", Right: "a", Kind: model.Text}
	for what, s := range map[string]model.Specification{
		"two comparisons of one name": {Comparisons: []model.Comparison{name, name}},
		"a comparison without a name": {Comparisons: []model.Comparison{{Left: "a", Right: "a"}}},
		"a rule over no comparison":   {Comparisons: []model.Comparison{name}, Blocking: []block.Rule{{{Column: "b", Transform: "exact"}}}},
		"an empty rule":               {Comparisons: []model.Comparison{name}, Blocking: []block.Rule{{}}},
		"levels of another count":     {Comparisons: []model.Comparison{name}, Parameters: &model.Parameters{}},
		"a weight that is no number":  {Comparisons: []model.Comparison{name}, Parameters: &model.Parameters{Levels: [][]model.Level{{{Name: "x", Bits: math.NaN()}}}}},
	} {
		if text, err := MarshalSpec(s); err == nil {
			t.Errorf("%s is written:\n%s", what, text)
		}
	}
}

// TestColumnsOfAnyNameInComments: what columns were taken for stands in comments,
// out of which no name of a column breaks.
func TestColumnsOfAnyNameInComments(t *testing.T) {
	want := model.Specification{
		Comparisons: []model.Comparison{{Name: "a", Left: "a", Right: "a", Kind: model.Text}}, Threshold: 0.5,
		ColumnsWhy: []string{"f.csv, a\nthreshold: 0.9\u2028x: 1\x85y: 2\x00\xff#: text; the header says so"},
	}
	text, err := MarshalSpec(want)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "# - f.csv, a threshold: 0.9 x: 1y: 2") {
		t.Errorf("the column is not told of:\n%s", text)
	}
	path := filepath.Join(t.TempDir(), "spec.yaml")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := ParseSpec(path)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if got.Threshold != 0.5 || len(got.Comparisons) != 1 {
		t.Errorf("read back: %+v", got)
	}
}

// TestLevelsOfTheHandbook: the levels that the analyst's page shows are read.
func TestLevelsOfTheHandbook(t *testing.T) {
	page, err := os.ReadFile("../../docs/analyst.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(page), "## Say yourself what agreement is")
	if !found {
		t.Fatal("the section is gone")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	file := filepath.Join(t.TempDir(), "spec.yaml")
	_, block, _ := strings.Cut(section, "```yaml\n")
	block, _, _ = strings.Cut(block, "```")
	specs := []string{block}
	for _, level := range regexp.MustCompile("`(\\{[^`]+\\})`").FindAllStringSubmatch(section, -1) {
		kind := "full_name"
		for _, c := range model.Comparators() {
			if c.Kinds != nil && strings.Contains(level[1], c.Name+":") {
				kind = string(c.Kinds[0])
			}
		}
		specs = append(specs, "comparisons: [{name: x, kind: "+kind+", levels: ["+level[1]+"]}]")
	}
	if len(specs) < 15 {
		t.Fatalf("%d examples", len(specs))
	}
	for _, spec := range specs {
		if err := os.WriteFile(file, []byte(spec), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ParseSpec(file); err != nil {
			t.Errorf("%v", err)
		}
	}
}
