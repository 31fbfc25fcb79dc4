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
	frozen := &model.Frozen{Blocking: p.leftOut()}
	for i, f := range p.table.Fields {
		c := model.FrozenComparison{Name: comparisons[i].Name, Lone: p.table.lone[i]}
		for code := range f.values {
			c.Records += f.bearers(code, p.table.Same())
		}
		least := model.Bands[len(model.Bands)-1]
		for code := 1; code < len(f.values) && f.Ladder.Bands > 1; code++ {
			if n := f.bearers(code, p.table.Same()); float64(n)/float64(max(c.Records, 1)) >= least {
				if c.Values == nil {
					c.Values = map[string]uint64{}
				}
				c.Values[f.values[code]] = n
			}
		}
		if f.lexicon != nil && f.lexicon.home == i {
			c.Words, c.WordRecords = map[string]uint64{}, f.lexicon.records
			for code, word := range f.lexicon.texts {
				c.Words[word] = f.lexicon.bearers[code]
			}
		}
		frozen.Comparisons = append(frozen.Comparisons, c)
	}
	return frozen
}

// leftOut lists the blocks of each rule that were too large, by their values.
func (p *Plan) leftOut() []model.FrozenRule {
	rules := make([]model.FrozenRule, len(p.Rules))
	for number, rule := range p.Rules {
		rules[number].Rule = rule.String()
		seen := map[uint64]bool{}
		for row := 0; row < p.table.Left.Rows && len(seen) < len(p.dropped[number]); row++ {
			record := p.left[row*p.width:][:p.width]
			key := p.key(record, number)
			if _, large := p.dropped[number][key]; !large || seen[key] {
				continue
			}
			seen[key] = true
			rules[number].LeftOut = append(rules[number].LeftOut, p.spell(record, rule))
		}
		slices.SortFunc(rules[number].LeftOut, slices.Compare)
	}
	return rules
}

// spell writes a record's key under a rule, whose transforms are known.
func (p *Plan) spell(record []uint32, rule block.Rule) []string {
	parts := make([]string, len(rule))
	for i, key := range rule {
		field := p.fields[key.Column]
		parts[i] = p.table.Fields[field].values[record[field]]
		if take, err := block.Transform(key.Transform); err == nil {
			parts[i] = take(parts[i])
		}
	}
	return parts
}

// Thaw leaves out of each rule that is known the blocks that were too large when
// the model was trained, and no others.
func (p *Plan) Thaw(frozen *model.Frozen) {
	p.known = make([]bool, len(p.Rules))
	for number, rule := range p.Rules {
		known := frozen.Rule(rule.String())
		if known == nil {
			continue
		}
		p.known[number], p.dropped[number] = true, blockSet{}
		codes := make([]map[string]uint32, len(rule))
		for i := range rule {
			codes[i] = p.codesOf(rule[i], p.members[number][i], known.LeftOut, i)
		}
		for _, parts := range known.LeftOut {
			key := uint64(0)
			for i := range rule {
				code := codes[i][parts[i]]
				if code == 0 {
					key = 0
					break
				}
				key = block.Extend(key, code)
			}
			if key != 0 {
				p.dropped[number][key|1<<63] = struct{}{}
			}
		}
	}
}

// codesOf finds the codes that some parts of blocks have in the records.
func (p *Plan) codesOf(key block.Key, member int, blocks [][]string, part int) map[string]uint32 {
	codes := map[string]uint32{}
	if len(blocks) == 0 {
		return codes
	}
	for _, parts := range blocks {
		codes[parts[part]] = 0
	}
	field := p.fields[key.Column]
	take, err := block.Transform(key.Transform)
	if err != nil {
		return codes
	}
	values := p.table.Fields[field].values
	numbers := make([]uint32, len(values))
	for code := range numbers {
		numbers[code] = uint32(code)
	}
	if member >= p.table.width {
		if numbers, err = transformed(values, key.Transform); err != nil {
			return codes
		}
	}
	for code := 1; code < len(values); code++ {
		if taken := take(values[code]); taken != "" {
			if _, wanted := codes[taken]; wanted {
				codes[taken] = numbers[code]
			}
		}
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
