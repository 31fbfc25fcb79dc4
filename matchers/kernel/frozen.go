package kernel

import (
	"math"
	"slices"

	"rollcall/matchers/block"
	"rollcall/matchers/model"
)

// Freeze writes down how common the values and words of all comparisons are, and
// which blocks were too large. The plan must have been scanned.
func (p *Plan) Freeze(comparisons []model.Comparison) *model.Frozen {
	frozen := &model.Frozen{Blocking: p.cut()}
	for i, f := range p.table.Fields {
		c := model.FrozenComparison{Name: comparisons[i].Name, Lone: p.table.lone[i], OneSystem: p.table.single[i]}
		for code := range f.values.Len() {
			c.Records += f.bearers(code, p.table.Same())
		}
		least := model.Bands[len(model.Bands)-1]
		for code := 1; code < f.values.Len() && f.Ladder.Bands > 1; code++ {
			if n := f.bearers(code, p.table.Same()); f.told(n)/float64(max(c.Records, 1)) >= least {
				if c.Values == nil {
					c.Values = map[string]uint64{}
				}
				c.Values[f.values.At(uint32(code))] = n
			}
		}
		if of, ok := f.judge.(*intervals); ok {
			c.Years = of.years
		}
		if of, ok := f.judge.(*addresses); ok {
			of.freeze(&c, of.words)
		}
		if f.lexicon != nil && f.lexicon.home == i {
			f.lexicon.freeze(&c, f.lexicon.texts)
		}
		frozen.Comparisons = append(frozen.Comparisons, c)
	}
	return frozen
}

// cut lists the blocks of each rule that were too large, by their values, and what
// they were cut apart by.
func (p *Plan) cut() []model.FrozenRule {
	rules := make([]model.FrozenRule, len(p.Rules))
	for number, rule := range p.Rules {
		rules[number].Rule = rule.String()
		for level, r := range p.refinements[number] {
			cut := model.FrozenCut{Blocks: p.blockNames(number, level)}
			if r.by >= 0 {
				cut.By = p.names[r.by]
			}
			rules[number].Cut = append(rules[number].Cut, cut)
		}
	}
	return rules
}

// blockNames are the values of the blocks of a rule that were too large after so
// many refinements.
func (p *Plan) blockNames(rule, level int) [][]string {
	var out [][]string
	seen := blockSet{}
	for row := 0; row < p.table.Left.Rows && len(seen) < len(p.refinements[rule][level].large); row++ {
		record := p.left.record(int32(row))
		for _, s := range p.spelled(record, rule) {
			for _, r := range p.refinements[rule][:level] {
				if _, large := r.large[s.key]; !large || record[r.by] == 0 {
					s.key = 0
					break
				}
				s.add(record[r.by], p.table.Fields[r.by].values.At(record[r.by]))
			}
			if _, large := p.refinements[rule][level].large[s.key]; !large {
				continue
			}
			if _, again := seen[s.key]; !again {
				seen[s.key] = struct{}{}
				out = append(out, s.parts)
			}
		}
	}
	slices.SortFunc(out, slices.Compare)
	return out
}

// blockName is a key and the values that it is made of: those of the keys of its
// rule, in their order, then of its refinements.
type blockName struct {
	key   uint64
	parts []string
}

func (s *blockName) add(code uint32, part string) {
	s.key = block.Extend(s.key, code) | 1<<63
	s.parts = append(slices.Clip(s.parts), part)
}

// spelled are the keys of a record under a rule, as keys gives them.
func (p *Plan) spelled(record []uint32, rule int) []blockName {
	key := p.key(record, rule)
	if key == 0 {
		return nil
	}
	first := blockName{key: key}
	for _, at := range p.members[rule] {
		first.parts = append(first.parts, p.part(at, record))
	}
	out := []blockName{first}
	for _, list := range p.lists[rule] {
		l := &p.listed[list]
		var next []blockName
		for _, s := range out {
			for _, code := range l.codes[record[l.at]] {
				longer := s
				longer.add(code, l.texts[code])
				next = append(next, longer)
			}
		}
		out = next
	}
	for i, s := range out {
		out[i].parts = make([]string, len(s.parts))
		for from, to := range p.order[rule] {
			out[i].parts[to] = s.parts[from]
		}
	}
	return out
}

// part is the text of one code of a record.
func (p *Plan) part(at int, record []uint32) string {
	if at < p.table.codes {
		return p.table.Fields[at].values.At(record[at])
	}
	d := p.derived[at-p.table.codes]
	return d.taking.One(p.table.Fields[d.field].values.At(record[d.field]))
}

// Thaw cuts apart in each rule that is known the blocks that were too large when
// the model was trained, and no others.
func (p *Plan) Thaw(frozen *model.Frozen) {
	p.known = make([]bool, len(p.Rules))
	for number, rule := range p.Rules {
		known := frozen.Rule(rule.String())
		if known == nil {
			continue
		}
		p.known[number], p.refinements[number] = true, nil
		for _, cut := range known.Cut {
			p.refinements[number] = append(p.refinements[number], refinement{p.thawed(number, cut.Blocks), slices.Index(p.names, cut.By)})
		}
	}
}

// thawed are the keys of the blocks of such values, after the refinements that the
// rule has.
func (p *Plan) thawed(rule int, blocks [][]string) blockSet {
	set := blockSet{}
	if len(blocks) == 0 {
		return set
	}
	codes := make([]map[string]uint32, len(blocks[0]))
	for i := range codes {
		codes[i] = p.codesOf(rule, i, blocks)
	}
	for _, parts := range blocks {
		key := uint64(1 << 63)
		for i := range parts {
			code := codes[i][parts[p.placeOf(rule, i)]]
			if code == 0 {
				key = 0
				break
			}
			key = block.Extend(key, code)
			if i >= len(p.members[rule])-1 {
				key |= 1 << 63
			}
		}
		if key != 0 {
			set[key] = struct{}{}
		}
	}
	return set
}

// placeOf is where in the name of a block the part of a code, a list or a refinement of
// its rule stands.
func (p *Plan) placeOf(rule, number int) int {
	if number < len(p.order[rule]) {
		return p.order[rule][number]
	}
	return number
}

// codesOf finds the codes that the parts of blocks have here for one of the codes, lists
// and refinements of a rule.
func (p *Plan) codesOf(rule, place int, blocks [][]string) map[string]uint32 {
	codes := map[string]uint32{}
	for _, parts := range blocks {
		codes[parts[p.placeOf(rule, place)]] = 0
	}
	note := func(text string, code uint32) {
		if _, wanted := codes[text]; wanted && text != "" {
			codes[text] = code
		}
	}
	members, lists := p.members[rule], p.lists[rule]
	var field int
	switch {
	case place >= len(members)+len(lists):
		field = p.refinements[rule][place-len(members)-len(lists)].by
	case place >= len(members):
		for code, text := range p.listed[lists[place-len(members)]].texts {
			note(text, uint32(code))
		}
		return codes
	case members[place] >= p.table.codes:
		d := p.derived[members[place]-p.table.codes]
		values := p.table.Fields[d.field].values
		for code, number := range transformed(values, d.taking.One) {
			note(d.taking.One(values.At(uint32(code))), number)
		}
		return codes
	default:
		field = members[place]
	}
	for code, text := range p.table.Fields[field].values.All() {
		note(text, uint32(code))
	}
	return codes
}

// limitOf is the most pairs that a block of a rule may have.
func (p *Plan) limitOf(rule int, rulePairs int64) int64 {
	if p.known != nil && p.known[rule] {
		return math.MaxInt64
	}
	return max(p.limit(rulePairs), alwaysKept)
}

// settled says that it is known which blocks of a rule are left out.
func (p *Plan) settled(rule int) bool { return p.fixed || (p.known != nil && p.known[rule]) }
