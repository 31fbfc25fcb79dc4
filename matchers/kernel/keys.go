package kernel

import (
	"fmt"
	"slices"

	"rollcall/matchers/block"
	"rollcall/matchers/dictionary"
	"rollcall/matchers/model"
)

// Keys compares two rows key by key, whatever rules use them. It is not for
// several goroutines.
type Keys struct {
	Keys   []block.Key
	Fields []int // the comparison of each key
	table  *Table
	taken  []taken
}

// taken is what one key takes of values, each once.
type taken struct {
	taking block.Taking
	one    map[uint32]string
	many   map[uint32][]string
}

// NewKeys prepares at most maxWidth keys.
func (t *Table) NewKeys(comparisons []model.Comparison, keys []block.Key) (*Keys, error) {
	k := &Keys{Keys: keys, table: t}
	for _, key := range keys {
		field := slices.IndexFunc(comparisons, func(c model.Comparison) bool { return c.Name == key.Column })
		if field < 0 {
			return nil, fmt.Errorf("no comparison is called %q", key.Column)
		}
		taking, err := block.Take(key.Transform, comparisons[field].Neighbours)
		if err != nil {
			return nil, err
		}
		taking = t.Fields[field].taking(taking)
		k.Fields = append(k.Fields, field)
		k.taken = append(k.taken, taken{taking, map[uint32]string{}, map[uint32][]string{}})
	}
	return k, nil
}

// Agreement is the keys on which two rows agree, as bits.
func (k *Keys) Agreement(left, right int32) uint64 {
	t := k.table
	a, b := t.Left.record(left), t.Right.record(right)
	var agreement uint64
	for i, field := range k.Fields {
		f := t.Fields[field]
		if a[field] != 0 && b[field] != 0 && k.taken[i].agree(f.texts, a[f.at], b[f.at]) {
			agreement |= 1 << i
		}
	}
	return agreement
}

func (k *taken) agree(values dictionary.Texts, a, b uint32) bool {
	if k.taking.One != nil {
		part := k.part(values, a)
		return part != "" && part == k.part(values, b)
	}
	if k.taking.Number != nil {
		m, known := k.taking.Number(values.At(a))
		n, also := k.taking.Number(values.At(b))
		return known && also && distance(m, n) <= k.taking.Within
	}
	theirs := k.parts(values, b)
	return slices.ContainsFunc(k.parts(values, a), func(part string) bool { return slices.Contains(theirs, part) })
}

func (k *taken) part(values dictionary.Texts, code uint32) string {
	part, known := k.one[code]
	if !known {
		part = k.taking.One(values.At(code))
		k.one[code] = part
	}
	return part
}

func (k *taken) parts(values dictionary.Texts, code uint32) []string {
	parts, known := k.many[code]
	if !known {
		parts = few(k.taking.Several(values.At(code)))
		k.many[code] = parts
	}
	return parts
}
