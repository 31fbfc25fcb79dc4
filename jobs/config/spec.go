package config

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"rollcall/matchers/block"
	"rollcall/matchers/model"
)

// defaultThreshold is the match probability from which a pair is accepted when
// nothing is said; a job that says just this leaves everything to the linker.
const defaultThreshold = 0.5

// link reads how a job compares. A threshold alone holds for all three linkages;
// a specification that stands at the top is that of `rollcall link`, of two files,
// and so holds across the sides.
func (b *builder) link(n *node) {
	if n == nil {
		return
	}
	b.job.Link.PersonsAlone = n.form == object && n.field("families") != nil && n.numberOf("families", truth) == 0
	parts := []struct {
		name string
		into **model.Specification
	}{{"register", &b.job.Link.Register}, {"roster", &b.job.Link.Roster}, {"across", &b.job.Link.Across}}
	if n.form == object {
		for _, p := range parts {
			if f := n.field(p.name); f != nil {
				*p.into = b.spec(f)
			}
		}
	}
	whole := n.form == scalar || n.field("file") != nil || n.field("comparisons") != nil || n.field("blocking") != nil || n.field("parameters") != nil
	switch {
	case whole && n.field("across") != nil:
		n.field("across").failAtName("link has a specification of its own, which is that for across; only one of them can be")
	case whole:
		b.job.Link.Across = b.spec(n)
	case n.field("threshold") != nil && n.numberOf("threshold", number) != defaultThreshold:
		for _, p := range parts {
			if *p.into == nil {
				*p.into = &model.Specification{Threshold: n.numberOf("threshold", number)}
			}
		}
	}
}

// spec reads a specification that stands in the job file, or in a file that it
// names.
func (b *builder) spec(n *node) *model.Specification {
	f := n
	if n.form == object {
		f = n.field("file")
	}
	if f == nil {
		s := buildSpec(n)
		return &s
	}
	if f.form != scalar {
		return nil
	}
	file := b.below(f.text)
	data, ok := b.named(f, file)
	if !ok {
		return nil
	}
	shown := path.Join(filepath.ToSlash(filepath.Dir(b.job.Path)), filepath.ToSlash(f.text))
	doc := parse(data, shown, b.errs)
	if doc.root == nil {
		return nil
	}
	b.job.documents[f.text] = doc
	doc.root.check(specShape())
	s := buildSpec(doc.root)
	return &s
}

// ParseSpec reads a comparison specification from a file. An error of the type
// *Errors tells every mistake of it.
func ParseSpec(path string) (model.Specification, error) {
	s, _, err := ParseModel(path)
	return s, err
}

// relation reads how many partners a record has, or what used to say it.
func relation(n *node) model.Relation {
	switch f := n.field("one_to_one"); {
	case n.textOf("relation") != "" || f == nil:
		return model.Relation(n.textOf("relation"))
	case n.numberOf("one_to_one", truth) == 1:
		return model.OneToOne
	}
	return model.ManyToMany
}

func buildSpec(n *node) model.Specification {
	s := model.Specification{Threshold: n.numberOf("threshold", number), Relation: relation(n), RelationWhy: n.textOf("relation_why"), Locale: n.textOf("locale")}
	names := []string{}
	for _, item := range n.itemsOf("comparisons") {
		c := model.Comparison{
			Name: item.textOf("name"), Left: item.textOf("left"), Right: item.textOf("right"),
			Kind: model.Kind(item.textOf("kind")), Shared: item.numberOf("shared", truth) == 1,
			Parent: item.textOf("parent"), Intervals: item.numberOf("intervals", truth) == 1, Levels: buildLevels(item),
		}
		if item.field("term_frequency") != nil {
			on := item.numberOf("term_frequency", truth) == 1
			c.TermFrequency = &on
		}
		if c.Left == "" {
			c.Left = c.Name
		}
		if c.Right == "" {
			c.Right = c.Left
		}
		if c.Name != "" && slices.Contains(names, c.Name) {
			item.field("name").fail("there is another comparison %q above", c.Name)
		}
		names = append(names, c.Name)
		c.Neighbours = neighbours(item)
		s.Comparisons = append(s.Comparisons, c)
	}
	if n.field("comparisons") == nil {
		// A model alone: what its comparisons compare is found out later.
		for _, e := range n.field("parameters").fieldsOf("levels") {
			names = append(names, e.name)
			s.Comparisons = append(s.Comparisons, model.Comparison{Name: e.name})
		}
	}
	for _, item := range n.itemsOf("blocking") {
		if item.form == scalar {
			rule, problems := parseRule(item.text, names)
			item.tell(problems)
			for _, key := range rule {
				if at := slices.Index(names, key.Column); key.Transform == block.NeighbourTransform && at >= 0 && s.Comparisons[at].Neighbours == nil {
					item.fail("the comparison %q has no neighbours: list them there", key.Column)
				}
			}
			s.Blocking = append(s.Blocking, rule)
		}
	}
	n.holdLevels(s)
	if f := n.field("parameters"); f != nil && f.form == object {
		s.Parameters = buildParameters(f, names)
		if n.field("comparisons") != nil {
			f.hold(s)
		}
	}
	return s
}

// neighbours reads the values that lie side by side: north ~ south.
func neighbours(comparison *node) [][2]string {
	var pairs [][2]string
	for _, item := range comparison.itemsOf("neighbours") {
		one, other, two := strings.Cut(item.text, neighbourSign)
		one, other = strings.TrimSpace(one), strings.TrimSpace(other)
		if item.form == scalar && (!two || one == "" || other == "") {
			item.fail("two values with %s between are expected, such as north %[1]s south", neighbourSign)
			continue
		}
		pairs = append(pairs, [2]string{one, other})
	}
	return pairs
}

// buildParameters reads a trained model; it has levels for every comparison and
// for no other.
func buildParameters(n *node, names []string) *model.Parameters {
	p := &model.Parameters{
		Prior: n.numberOf("prior", number), Household: n.numberOf("household", number), Kin: n.numberOf("kin", number),
		Namesakes: n.numberOf("namesakes", number), Neighbours: n.numberOf("neighbours", number), Borrowed: n.numberOf("borrowed", number),
		Levels: make([][]model.Level, len(names)),
	}
	p.Missing = buildMissing(n.field("missing"), names)
	p.Nicknames = buildNicknames(n.field("nicknames"), names)
	levels := n.field("levels")
	if levels == nil || levels.form != object {
		return p
	}
	levels.holdNames("levels", names)
	for i, name := range names {
		f := levels.field(name)
		if f == nil {
			levels.failAtName("%s has none for the comparison %q", levels.path, name)
			continue
		}
		for _, item := range f.items {
			p.Levels[i] = append(p.Levels[i], model.Level{
				Name: item.textOf("level"), M: item.numberOf("m", number), U: item.numberOf("u", number), Bits: item.numberOf("bits", number),
				H: item.numberOf("h", number), K: item.numberOf("k", number), N: item.numberOf("n", number), V: item.numberOf("v", number),
			})
		}
	}
	return p
}

// holdNames tells which entries are for no comparison.
func (n *node) holdNames(what string, names []string) {
	for _, e := range n.entries {
		if !slices.Contains(names, e.name) {
			n.doc.fail(e.at, "%s has %s for %q, and there is no such comparison%s", n.path, what, e.name, didYouMean(e.name, names))
		}
	}
}

// buildMissing reads what missing values weigh; nil: nothing.
func buildMissing(n *node, names []string) []model.MissingWeights {
	if n == nil || n.form != object {
		return nil
	}
	n.holdNames("weights", names)
	weights := make([]model.MissingWeights, len(names))
	for i, name := range names {
		if f := n.field(name); f != nil {
			weights[i] = model.MissingWeights{One: f.numberOf("one", number), Both: f.numberOf("both", number)}
		}
	}
	return weights
}

// buildNicknames reads the nicknames of each comparison; nil: none.
func buildNicknames(n *node, names []string) [][]string {
	if n == nil || n.form != object {
		return nil
	}
	n.holdNames("nicknames", names)
	nicknames := make([][]string, len(names))
	for i, name := range names {
		nicknames[i] = n.textsOf(name)
	}
	return nicknames
}

// hold tells what is wrong with trained parameters, at the place of each mistake,
// when they are written as they should be.
func (n *node) hold(s model.Specification) {
	if len(*n.doc.errs) > 0 {
		return
	}
	ladders, err := model.Ladders(s.Comparisons)
	if err != nil {
		n.failAtName("%v", err)
		return
	}
	for _, p := range s.Parameters.Problems(s.Comparisons, ladders) {
		path := n.path + strings.TrimPrefix(p.Path, "parameters")
		at, _ := n.doc.nearest(path)
		at.fail("%s: %s", path, p.Message)
	}
}

// specError is what MarshalSpec says of a specification that has no written form.
func specError(format string, args ...any) error {
	return fmt.Errorf("write specification: "+format, args...)
}
