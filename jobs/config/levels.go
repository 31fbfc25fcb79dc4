package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"rollcall/matchers/block"
	"rollcall/matchers/model"
)

// equalLevel stands for the level of equal values in a list of levels.
const equalLevel = "equal"

// levelShape declares one level of a comparison: its conditions, by comparator.
func levelShape() shape {
	fields := []field{{name: "name", doc: "what the level is called in reports", fallback: "made from the conditions", value: textShape}}
	for _, c := range model.Comparators() {
		doc := c.Doc
		if c.Kinds != nil {
			doc += fmt.Sprintf("; of kind `%s`", c.Kinds[0])
		}
		fields = append(fields, field{name: c.Name, doc: doc, value: boundShape(c.Measure)})
	}
	return shape{kind: record, fields: fields, word: equalLevel}
}

// boundShape is how the bound of a measure is written.
func boundShape(m model.Measure) shape {
	switch m {
	case model.Similarity:
		return shape{kind: number, least: 0, most: 1}
	case model.Count, model.Edits:
		return shape{kind: integer, least: 1, most: model.MostCounted}
	case model.Truth:
		return shape{kind: words, oneOf: []string{"true"}}
	case model.Key:
		return shape{kind: words, oneOf: block.Single()}
	}
	return shape{kind: number, check: func(text string) error {
		if v, err := readNumber(text); err != nil || v < 0 {
			return errors.New("a number of 0 or more is expected")
		}
		return nil
	}}
}

const levelsText = `From worst to best, in place of the levels of the kind. A level holds when all of its conditions hold, and the best level that
holds counts. What keeps none differs; equal values are the best level, and ` + "`equal`" + ` may say so at the end. What a level is worth is
learnt from the data, as for the levels of a kind. Given and family names that declare levels are compared by themselves: a word
of one is not looked for in the other.

` + "```yaml" + `
comparisons:
  - name: full_name
    kind: full_name
    levels: [{jaro_winkler: 0.85}, {damerau: 1, min_length: 4}, {token_alignment: 0.9}, {same_sound: true}, equal]
  - {name: birth, kind: date, levels: [{years: 1}, {days: 31}, {osa: 1, same: year}], term_frequency: false}
  - {name: income, kind: number, levels: [{percent: 10}, {difference: 2}]}
` + "```" + `

A character is a Unicode code point after the values were brought to their normal form; similarities go from 0 to 1.

`

// buildLevels reads declared levels; the last one is always that of equal values.
func buildLevels(n *node) []model.DeclaredLevel {
	if n.field("levels") == nil {
		return nil
	}
	var levels []model.DeclaredLevel
	for _, item := range n.itemsOf("levels") {
		level := model.DeclaredLevel{Name: item.textOf("name")}
		for _, c := range model.Comparators() {
			if f := item.field(c.Name); f != nil {
				level.Conditions = append(level.Conditions, buildCondition(c, item))
			}
		}
		if item.form == object && level.Conditions == nil && len(*n.doc.errs) == 0 {
			item.fail("%s has no condition", item.label())
		}
		levels = append(levels, level)
	}
	if k := len(levels); k > 0 && levels[k-1].Conditions != nil {
		levels = append(levels, model.DeclaredLevel{})
	}
	return levels
}

func buildCondition(c model.Comparator, level *node) model.Condition {
	switch c.Measure {
	case model.Truth:
		return model.Condition{Comparator: c.Name}
	case model.Key:
		return model.Condition{Comparator: c.Name, Key: level.textOf(c.Name)}
	}
	return model.Condition{Comparator: c.Name, Bound: level.numberOf(c.Name, number)}
}

// holdLevels tells what is wrong with declared levels that are written as they
// should be.
func (n *node) holdLevels(s model.Specification) {
	if len(*n.doc.errs) > 0 {
		return
	}
	for _, p := range model.LevelProblems(s.Comparisons) {
		path := join(n.path, p.Path)
		at, _ := n.doc.nearest(path)
		at.fail("%s: %s", path, p.Message)
	}
}

// levelFields are the fields of a level as they are written; nil is that of equal
// values.
func levelFields(l model.DeclaredLevel) []fieldValue {
	var fields []fieldValue
	for _, c := range l.Conditions {
		value := any(c.Bound)
		i := slices.IndexFunc(model.Comparators(), func(o model.Comparator) bool { return o.Name == c.Comparator })
		if i >= 0 && model.Comparators()[i].Measure == model.Truth {
			value = true
		}
		if c.Key != "" {
			value = c.Key
		}
		fields = append(fields, fieldValue{c.Comparator, value})
	}
	if l.Name != "" && fields != nil {
		fields = append(fields, fieldValue{"name", l.Name})
	}
	return fields
}

// levelsLine writes declared levels on one line of YAML.
func levelsLine(levels []model.DeclaredLevel) string {
	parts := make([]string, len(levels))
	for i, l := range levels {
		fields := levelFields(l)
		if fields == nil {
			parts[i] = equalLevel
			continue
		}
		inner := make([]string, len(fields))
		for k, f := range fields {
			value := fmt.Sprint(f.value)
			switch v := f.value.(type) {
			case float64:
				value = float(v)
			case string:
				value = quoted(v)
			}
			inner[k] = f.name + ": " + value
		}
		parts[i] = "{" + strings.Join(inner, ", ") + "}"
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// levelsJSON are declared levels for JSON.
func levelsJSON(levels []model.DeclaredLevel) []any {
	out := make([]any, len(levels))
	for i, l := range levels {
		fields := levelFields(l)
		if fields == nil {
			out[i] = equalLevel
			continue
		}
		object := map[string]any{}
		for _, f := range fields {
			object[f.name] = f.value
		}
		out[i] = object
	}
	return out
}
