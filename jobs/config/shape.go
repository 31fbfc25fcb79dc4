package config

import (
	"slices"
	"strings"

	"rollcall/jobs/cases"
)

// kind says how a value is written and what it may be.
type kind int

const (
	words      kind = iota // any text
	integer                // a whole number
	number                 // a number, .inf for infinity
	truth                  // true or false
	day                    // YYYY-MM-DD
	size                   // bytes with a unit: 2GiB
	expression             // SQL over columns
	list                   // of items
	record                 // named fields, declared one by one
	dictionary             // named items, the names being the user's
)

var kindNames = [...]string{
	words: "text", integer: "whole number", number: "number", truth: "true or false", day: "date, YYYY-MM-DD",
	size: "size such as 2GiB", expression: "SQL expression", list: "list", record: "fields", dictionary: "fields",
}

// shape declares a value: the reader, the check and the documentation of the
// configuration files come from it.
type shape struct {
	kind kind
	// oneOf is the closed list of values of a scalar.
	oneOf []string
	// least and most bound a number, when most is not 0.
	least, most float64
	// check is a further rule of a scalar; its error says what is expected.
	check func(text string) error
	// fields are those of a record; more adds those that depend on its other
	// fields, and ok is false while it cannot tell, so that none is unknown.
	fields []field
	more   func(n *node) (fields []field, ok bool)
	// bare is the field that a single value in place of a record gives.
	bare string
	// word may stand in place of a record.
	word string
	// item is that of a list or dictionary; a single value may stand for a list
	// of one where single is set.
	item   *shape
	single bool
	// named is what the names of a dictionary are, for the documentation.
	named string
	// atLeastOne asks for an item of a list or dictionary.
	atLeastOne bool
}

// field declares a named part of a record.
type field struct {
	name     string
	doc      string
	fallback string // value when it is left out, for the documentation
	required bool
	secret   bool
	value    shape
}

// check holds a value against its shape and notes what is wrong. It goes on
// after a mistake, so that all are told at once.
func (n *node) check(s shape) {
	switch n.form {
	case unusable:
		return // told already
	case absent:
		n.failAtName("%s has no value; %s is expected", n.label(), article(kindNames[s.kind]))
		return
	}
	switch s.kind {
	case record:
		n.checkRecord(s)
	case dictionary:
		if n.expect(object, s) {
			for _, e := range n.entries {
				e.value.check(*s.item)
			}
			n.checkCount(s, len(n.entries))
		}
	case list:
		if s.single && n.form == scalar {
			n.check(*s.item)
			return
		}
		if n.expect(sequence, s) {
			for _, item := range n.items {
				item.check(*s.item)
			}
			n.checkCount(s, len(n.items))
		}
	default:
		if n.expect(scalar, s) {
			n.checkScalar(s)
		}
	}
}

func (n *node) checkCount(s shape, count int) {
	if s.atLeastOne && count == 0 {
		n.failAtName("%s is empty; at least one is needed", n.label())
	}
}

// expect notes a value of the wrong form.
func (n *node) expect(f form, s shape) bool {
	if n.form == f {
		return true
	}
	wanted := formNames[f]
	if f == scalar {
		wanted = article(kindNames[s.kind])
	}
	n.fail("%s is %s; %s is expected", n.label(), formNames[n.form], wanted)
	return false
}

func article(noun string) string {
	switch noun {
	case kindNames[words], kindNames[truth], kindNames[record]:
		return noun
	case kindNames[expression]:
		return "an " + noun
	}
	return "a " + noun
}

func (n *node) checkRecord(s shape) {
	if n.form == scalar && s.bare != "" {
		bare, _ := find(s.fields, s.bare)
		n.check(bare.value)
		return
	}
	if n.form == scalar && s.word != "" {
		if n.text != s.word {
			n.fail("%s is %q; it must be fields or %s%s", n.label(), n.text, s.word, didYouMean(n.text, []string{s.word}))
		}
		return
	}
	if !n.expect(object, s) {
		return
	}
	fields, complete := s.fields, true
	if s.more != nil {
		var more []field
		more, complete = s.more(n)
		fields = slices.Concat(fields, more)
	}
	meant := map[string]bool{} // fields that an unknown name was probably meant to be
	for _, e := range n.entries {
		f, ok := find(fields, e.name)
		switch {
		case ok:
			if f.secret {
				n.doc.hide(e)
			}
			e.value.check(f.value)
		case complete || nearest(e.name, n.missing(fields)) != "":
			near := nearest(e.name, n.missing(fields))
			meant[near] = true
			if f, ok := find(fields, near); ok && f.secret {
				n.doc.hide(e)
			}
			n.doc.fail(e.at, "unknown field %q%s%s", e.name, n.in(), n.other(e.name, fields))
		}
	}
	for _, f := range fields {
		if f.required && n.field(f.name) == nil && !meant[f.name] {
			n.failAtName("missing field %q%s: %s", f.name, n.in(), f.doc)
		}
	}
}

// maxListed bounds how many names a message lists.
const maxListed = 12

// other tells which field was probably meant, or which there are.
func (n *node) other(name string, fields []field) string {
	missing := n.missing(fields)
	if hint := didYouMean(name, missing); hint != "" {
		return hint
	}
	if len(missing) == 0 || len(missing) > maxListed {
		return ""
	}
	return "; there could be " + either(missing)
}

// missing lists the fields that are declared and not given.
func (n *node) missing(fields []field) []string {
	var names []string
	for _, f := range fields {
		if n.field(f.name) == nil {
			names = append(names, f.name)
		}
	}
	return names
}

func find(fields []field, name string) (field, bool) {
	for _, f := range fields {
		if f.name == name {
			return f, true
		}
	}
	return field{}, false
}

// label names a value in a message.
func (n *node) label() string {
	if n.path == "" {
		return "the file"
	}
	return n.path
}

// in is the end of a message about a record's field.
func (n *node) in() string {
	if n.path == "" {
		return ""
	}
	return " in " + n.path
}

func (n *node) checkScalar(s shape) {
	if cases.HoldsPrivateKey(n.text) {
		n.failPrivate(s)
		return
	}
	if len(s.oneOf) > 0 && !slices.Contains(s.oneOf, n.text) {
		n.fail("%s is %q; it must be %s%s", n.label(), n.text, either(s.oneOf), didYouMean(n.text, s.oneOf))
		return
	}
	read, ok := readers[s.kind]
	if ok {
		value, err := read(n.text)
		if err != nil {
			n.fail("%s is %q; %s", n.label(), n.text, err)
			return
		}
		if s.most != 0 && (value < s.least || value > s.most) {
			n.fail("%s is %s; it must be from %v to %v", n.label(), n.text, s.least, s.most)
			return
		}
	}
	if s.check != nil {
		if err := s.check(n.text); err != nil {
			n.fail("%s is %q; %s", n.label(), n.text, err)
		}
	}
}

// either lists values: a, b or c.
func either(values []string) string {
	if len(values) == 1 {
		return values[0]
	}
	return strings.Join(values[:len(values)-1], ", ") + " or " + values[len(values)-1]
}

// textOf is the text of a field, or "".
func (n *node) textOf(name string) string {
	if f := n.field(name); f != nil && f.form == scalar {
		return f.text
	}
	return ""
}

// numberOf is the value of a field as its kind reads it, or 0.
func (n *node) numberOf(name string, k kind) float64 {
	f := n.field(name)
	if f == nil || f.form != scalar {
		return 0
	}
	value, err := readers[k](f.text)
	if err != nil {
		return 0
	}
	return value
}

// textsOf are the items of a field that is a list of texts or one text.
func (n *node) textsOf(name string) []string {
	f := n.field(name)
	if f == nil {
		return nil
	}
	if f.form == scalar {
		return []string{f.text}
	}
	var texts []string
	for _, item := range f.items {
		if item.form == scalar {
			texts = append(texts, item.text)
		}
	}
	return texts
}

// fieldsOf are the entries of a field that is an object.
func (n *node) fieldsOf(name string) []entry {
	if f := n.field(name); f != nil {
		return f.entries
	}
	return nil
}

// itemsOf are the items of a field that is a list.
func (n *node) itemsOf(name string) []*node {
	if f := n.field(name); f != nil {
		return f.items
	}
	return nil
}
