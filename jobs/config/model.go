package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"rollcall/matchers/model"
	"rollcall/pipeline/pair"
)

// originName is the field of model.json that tells how its parameters came about.
const originName = "trained"

// frozenName is the field of model.json that has what the parameters rest on.
const frozenName = "frozen"

// ParseModel reads a specification, YAML as in spec.yaml or JSON as in model.json,
// and what it says of how its parameters came about: nil when nothing.
func ParseModel(path string) (model.Specification, *pair.Origin, error) {
	var errs Errors
	doc := open(path, filepath.ToSlash(path), &errs)
	if doc.root == nil {
		return model.Specification{}, nil, errs.orNil(doc.name)
	}
	doc.root.check(specShape())
	s := buildSpec(doc.root)
	told := doc.root.field(originName)
	if told == nil {
		told = doc.root.field(frozenName)
	}
	if told == nil || len(errs) > 0 {
		return s, nil, errs.orNil(doc.name)
	}
	var file struct {
		Trained *pair.Origin  `json:"trained"`
		Frozen  *model.Frozen `json:"frozen"`
	}
	if err := json.Unmarshal([]byte(doc.text), &file); err != nil {
		told.failAtName("%s cannot be read as JSON: %v; it can be left out", told.path, err)
	}
	s.Frozen = file.Frozen
	return s, file.Trained, errs.orNil(doc.name)
}

// MarshalModel writes a specification with its parameters and their origin as
// JSON, in the fields of spec.yaml: ParseModel gives back the same.
func MarshalModel(s model.Specification, origin *pair.Origin) ([]byte, error) {
	var w bytes.Buffer
	line := func(format string, values ...any) error {
		texts := make([]any, len(values))
		for i, v := range values {
			text, err := compact(v)
			if err != nil {
				return fmt.Errorf("write model: %w", err)
			}
			texts[i] = text
		}
		fmt.Fprintf(&w, format, texts...)
		return nil
	}
	rules := []string{}
	for _, r := range s.Blocking {
		rules = append(rules, r.String())
	}
	if err := line("{\n\"rollcall_spec\": 1,\n\"threshold\": %s,", s.Threshold); err != nil {
		return nil, err
	}
	if s.Locale != "" {
		if err := line("\n\"locale\": %s,", s.Locale); err != nil {
			return nil, err
		}
	}
	if s.Relation != "" {
		if err := line("\n\"relation\": %s,\n\"relation_why\": %s,", s.Relation, s.RelationWhy); err != nil {
			return nil, err
		}
	}
	w.WriteString("\n\"comparisons\": [")
	for i, c := range s.Comparisons {
		if err := line(comma(i)+"\n  %s", comparisonFields(c)); err != nil {
			return nil, err
		}
	}
	w.WriteString("\n],\n\"blocking\": [")
	for i, r := range rules {
		if err := line(comma(i)+"\n  %s", r); err != nil {
			return nil, err
		}
	}
	w.WriteString("\n]")
	if s.Parameters != nil {
		if err := writeTrained(line, s); err != nil {
			return nil, err
		}
	}
	if s.Frozen != nil && s.Parameters != nil {
		if err := writeFrozen(line, s.Frozen); err != nil {
			return nil, err
		}
	}
	if origin != nil {
		if err := writeOrigin(line, origin); err != nil {
			return nil, err
		}
	}
	w.WriteString("\n}\n")
	return w.Bytes(), nil
}

// writeTrained writes the parameters, a level a line.
func writeTrained(line func(string, ...any) error, s model.Specification) error {
	if len(s.Parameters.Levels) != len(s.Comparisons) {
		return specError("there are levels for %d comparisons, and there are %d", len(s.Parameters.Levels), len(s.Comparisons))
	}
	if err := line(",\n\"parameters\": {"); err != nil {
		return err
	}
	for _, share := range shares(s.Parameters) {
		if share.value != 0 || share.name == "prior" {
			if err := line("\n  %s: %s,", share.name, share.value); err != nil {
				return err
			}
		}
	}
	if err := line("\n  \"levels\": {"); err != nil {
		return err
	}
	for i, levels := range s.Parameters.Levels {
		if err := line(comma(i)+"\n    %s: [", s.Comparisons[i].Name); err != nil {
			return err
		}
		for j, l := range levels {
			fields := []fieldValue{{"level", l.Name}}
			for _, v := range probabilities(l) {
				if math.IsNaN(v.value) || math.IsInf(v.value, 0) {
					return specError("the level %q of %s has a value that is no finite number", l.Name, s.Comparisons[i].Name)
				}
				if v.must || v.value != 0 {
					fields = append(fields, fieldValue{v.name, v.value})
				}
			}
			if err := line(comma(j)+"\n      %s", fields); err != nil {
				return err
			}
		}
		if err := line("\n    ]"); err != nil {
			return err
		}
	}
	if len(s.Parameters.Missing) > 0 {
		if err := writeMissing(line, s); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(s.Parameters.Nicknames, func(names []string) bool { return len(names) > 0 }) {
		if err := line("\n  },\n  \"nicknames\": {"); err != nil {
			return err
		}
		written := 0
		for i, names := range s.Parameters.Nicknames {
			if len(names) > 0 {
				if err := line(comma(written)+"\n    %s: %s", s.Comparisons[i].Name, names); err != nil {
					return err
				}
				written++
			}
		}
	}
	return line("\n  }\n}")
}

// writeMissing writes what missing values weigh, a comparison a line.
func writeMissing(line func(string, ...any) error, s model.Specification) error {
	if err := line("\n  },\n  \"missing\": {"); err != nil {
		return err
	}
	written := 0
	for i, m := range s.Parameters.Missing {
		if !s.Parameters.Weighs(i) {
			continue
		}
		if err := line(comma(written)+"\n    %s: %s", s.Comparisons[i].Name, []fieldValue{{"one", m.One}, {"both", m.Both}}); err != nil {
			return err
		}
		written++
	}
	return nil
}

// writeFrozen writes what the parameters rest on, a comparison and a rule a line.
func writeFrozen(line func(string, ...any) error, f *model.Frozen) error {
	if err := line(",\n\"" + frozenName + "\": {\n  \"comparisons\": ["); err != nil {
		return err
	}
	for i, c := range f.Comparisons {
		if err := line(comma(i)+"\n    %s", c); err != nil {
			return err
		}
	}
	if err := line("\n  ],\n  \"blocking\": ["); err != nil {
		return err
	}
	for i, r := range f.Blocking {
		if err := line(comma(i)+"\n    %s", r); err != nil {
			return err
		}
	}
	return line("\n  ]\n}")
}

// writeOrigin writes how the parameters came about, a comparison of the profile a
// line.
func writeOrigin(line func(string, ...any) error, o *pair.Origin) error {
	p := o.Profile
	if err := line(",\n\""+originName+"\": {\n  \"program\": %s,\n  \"data\": %s,\n  \"band_edges\": %s,\n  \"rounds\": %s,\n  \"converged\": %s,\n"+
		"  \"log_likelihood\": %s,\n  \"warnings\": %s,\n  \"profile\": {\n    \"rows\": %s,\n    \"comparisons\": [",
		o.Program, o.Data, o.Bands, o.Rounds, o.Converged, o.LogLikelihood, o.Warnings, p.Rows); err != nil {
		return err
	}
	for i, c := range p.Comparisons {
		if err := line(comma(i)+"\n      %s", c); err != nil {
			return err
		}
	}
	return line("\n    ],\n    \"pairs\": %s,\n    \"links\": %s\n  }\n}", p.Pairs, p.Links)
}

func comma(i int) string {
	if i > 0 {
		return ","
	}
	return ""
}

// fieldValue is one field of an object that is written on one line.
type fieldValue struct {
	name  string
	value any
}

func comparisonFields(c model.Comparison) []fieldValue {
	fields := []fieldValue{{"name", c.Name}, {"left", c.Left}, {"right", c.Right}, {"kind", string(c.Kind)}}
	if c.Shared {
		fields = append(fields, fieldValue{"shared", true})
	}
	if c.Parent != "" {
		fields = append(fields, fieldValue{"parent", c.Parent})
	}
	if c.Intervals {
		fields = append(fields, fieldValue{"intervals", true})
	}
	if c.Levels != nil {
		fields = append(fields, fieldValue{"levels", levelsJSON(c.Levels)})
	}
	if c.TermFrequency != nil {
		fields = append(fields, fieldValue{"term_frequency", *c.TermFrequency})
	}
	if len(c.Neighbours) > 0 {
		fields = append(fields, fieldValue{"neighbours", neighboursWritten(c.Neighbours)})
	}
	return fields
}

// compact writes a value as JSON on one line; fields keep their order.
func compact(v any) (string, error) {
	fields, ok := v.([]fieldValue)
	if !ok {
		return marshal(v)
	}
	parts := make([]string, len(fields))
	for i, f := range fields {
		text, err := marshal(f.value)
		if err != nil {
			return "", err
		}
		parts[i] = fmt.Sprintf("%q: %s", f.name, text)
	}
	return "{" + strings.Join(parts, ", ") + "}", nil
}

// marshal writes JSON without turning < > & into codes: people read it.
func marshal(v any) (string, error) {
	var w strings.Builder
	e := json.NewEncoder(&w)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return strings.TrimSuffix(w.String(), "\n"), err
}
