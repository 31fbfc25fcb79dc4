package config

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"rollcall/jobs/cases"
)

// form is the shape of a value as it stands in a file.
type form int

const (
	unusable form = iota // something that is told as a mistake and not looked at
	absent               // written, but without a value
	scalar
	sequence
	object
)

var formNames = [...]string{unusable: "unusable", absent: "empty", scalar: "a single value", sequence: "a list", object: "a group of fields"}

// node is one value of a document.
type node struct {
	form    form
	path    string // sources.births.map, criteria[1].name
	at      place
	text    string // of a scalar: what it stands for; numbers as written
	entries []entry
	items   []*node
	doc     *document
}

// entry is one field of an object.
type entry struct {
	name  string
	at    place
	value *node
}

// place is a position in a document, 1-based, in characters.
type place struct{ line, column, width int }

// document is one file with its tree.
type document struct {
	name   string // as shown in messages
	data   []byte // as they lie in the file
	text   string
	lines  []string
	root   *node
	nodes  map[string]*node // by path
	names  map[string]place // place of the field's name, by path of its value
	hidden map[int]bool     // lines that hold a secret
	errs   *Errors
}

// maxDocumentBytes is far above any configuration written by people.
const maxDocumentBytes = 4 << 20

// open reads a file and its tree. Mistakes go to errs; the document is returned
// without a root when it has no usable tree.
func open(path, name string, errs *Errors) *document {
	data, err := os.ReadFile(path)
	if err != nil {
		var perr *os.PathError
		if errors.As(err, &perr) {
			err = perr.Err
		}
		*errs = append(*errs, &Error{File: name, Message: fmt.Sprintf("cannot be read: %v", err)})
		return &document{name: name, errs: errs}
	}
	return parse(data, name, errs)
}

func parse(data []byte, name string, errs *Errors) *document {
	text := strings.ReplaceAll(string(bytes.TrimPrefix(data, []byte("\ufeff"))), "\r\n", "\n")
	d := &document{
		name: name, data: data, text: text, lines: strings.Split(text, "\n"),
		nodes: map[string]*node{}, names: map[string]place{}, hidden: map[int]bool{}, errs: errs,
	}
	d.hideSecrets()
	switch {
	case len(data) > maxDocumentBytes:
		d.fail(place{}, "is larger than %d MiB: not a file of settings", maxDocumentBytes>>20)
		return d
	case !utf8.ValidString(text):
		bad := firstInvalid(text)
		line := strings.Count(text[:bad], "\n")
		d.lines[line] = strings.ToValidUTF8(d.lines[line], "\ufffd")
		d.fail(place{line + 1, 1 + utf8.RuneCountInString(text[strings.LastIndexByte(text[:bad], '\n')+1:bad]), 1}, "the file is not UTF-8 text")
		return d
	}
	tree, err := parser.ParseBytes([]byte(text), 0, parser.AllowDuplicateMapKey())
	if err != nil {
		d.syntax(err)
		return d
	}
	var bodies []ast.Node
	for _, b := range tree.Docs {
		if b.Body != nil && b.Body.Type() != ast.CommentType && b.Body.Type() != ast.CommentGroupType {
			bodies = append(bodies, b.Body)
		}
	}
	switch {
	case len(bodies) == 0:
		d.fail(place{}, "the file is empty")
		return d
	case len(bodies) > 1:
		d.fail(place{line: bodies[1].GetToken().Position.Line, column: 1, width: 1}, "a second document begins here; a file holds one")
	}
	d.root = d.convert(bodies[0], "")
	return d
}

func firstInvalid(s string) int {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				return i
			}
		}
	}
	return 0
}

// syntax tells where the text is not YAML. A tab is told apart, for it cannot be
// seen.
func (d *document) syntax(err error) {
	var yerr yaml.Error
	if !errors.As(err, &yerr) || yerr.GetToken() == nil {
		d.fail(place{}, "is not YAML: %v", err)
		return
	}
	p := at(yerr.GetToken(), 1)
	message := yerr.GetMessage()
	for _, hint := range syntaxHints {
		if strings.Contains(message, hint.says) {
			message = hint.means
		}
	}
	d.fail(p, "%s", message)
}

// syntaxHints say in other words what a user can do about the parser's messages.
var syntaxHints = []struct{ says, means string }{
	{"found character '\t'", "a tab stands here; YAML is indented with spaces"},
	{"mapping value is not allowed", "a field cannot begin here; a text that holds a colon and a space goes into quotes, and fields of one group begin in one column"},
	{"is a reserved character", "a text cannot begin with this sign; put it into quotes"},
	{"could not find end character", "a quote is opened here and never closed"},
	{"could not find flow mapping end", "{ is opened here and never closed"},
	{"could not find flow sequence end", "[ is opened here and never closed"},
	{"',' or ']' must be specified", "a comma or ] is missing before this"},
	{"',' or '}' must be specified", "a comma or } is missing before this"},
	{"unknown escape character", "there is no such escape in double quotes; in single quotes \\ stands for itself"},
}

// at is the place of a token.
func at(t *token.Token, characters int) place {
	return place{line: t.Position.Line, column: t.Position.Column, width: characters}
}

// fail notes a mistake at a place.
func (d *document) fail(p place, format string, args ...any) {
	*d.errs = append(*d.errs, d.mistake(p, fmt.Sprintf(format, args...)))
}

// mistake is an error at a place, with the line as it stands there.
func (d *document) mistake(p place, message string) *Error {
	if cases.HoldsPrivateKey(message) {
		message = "a private key stands here, which is not shown. " + makeNewKey
	}
	e := &Error{File: d.name, Line: p.line, Column: p.column, Width: p.width, Message: message}
	if p.line > 0 && p.line <= len(d.lines) && !d.hidden[p.line] {
		e.excerpt = d.lines[p.line-1]
	}
	return e
}

// convert turns a node of the syntax tree into ours.
func (d *document) convert(n ast.Node, path string) *node {
	out := &node{path: path, at: at(n.GetToken(), 1), doc: d}
	d.nodes[path] = out
	switch v := n.(type) {
	case *ast.NullNode:
		out.form = absent
	case *ast.MappingNode:
		if !v.IsFlowStyle && len(v.Values) > 0 {
			out.at = at(v.Values[0].Key.GetToken(), 1)
		}
		d.object(out, v.Values)
	case *ast.MappingValueNode:
		out.at = at(v.Key.GetToken(), 1)
		d.object(out, []*ast.MappingValueNode{v})
	case *ast.SequenceNode:
		out.form = sequence
		for i, item := range v.Values {
			out.items = append(out.items, d.convert(item, fmt.Sprintf("%s[%d]", path, i)))
		}
	case *ast.LiteralNode:
		out.form, out.text, out.at = scalar, v.Value.Value, at(v.Start, 1)
	case *ast.StringNode:
		out.form, out.text = scalar, v.Value
		out.at.width = d.writtenWidth(out.at, v)
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MergeKeyNode:
		out.form = unusable
		d.fail(out.at, "anchors, aliases and tags are not used in this file: write the value out")
	default: // numbers, truth values: as written
		out.form, out.text = scalar, n.GetToken().Value
		out.at.width = utf8.RuneCountInString(out.text)
	}
	return out
}

func (d *document) object(out *node, values []*ast.MappingValueNode) {
	out.form = object
	seen := map[string]int{}
	for _, v := range values {
		name := v.Key.GetToken().Value
		if s, ok := v.Key.(*ast.StringNode); ok {
			name = s.Value
		}
		where := at(v.Key.GetToken(), utf8.RuneCountInString(name))
		if first, ok := seen[name]; ok {
			d.fail(where, "duplicate field %q (first on line %d)", name, first)
			continue
		}
		seen[name] = where.line
		path := join(out.path, name)
		value := d.convert(v.Value, path)
		if value.form == absent {
			value.at = where
		}
		d.names[path] = where
		out.entries = append(out.entries, entry{name: name, at: where, value: value})
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// writtenWidth is how much of its first line a text takes, quotes with it.
func (d *document) writtenWidth(p place, v *ast.StringNode) int {
	n := utf8.RuneCountInString(v.Value)
	if v.Token.Type == token.SingleQuoteType || v.Token.Type == token.DoubleQuoteType {
		n += 2
	}
	if p.line > len(d.lines) {
		return n
	}
	return max(1, min(n, utf8.RuneCountInString(d.lines[p.line-1])-p.column+1))
}

// field finds a field of an object; nil when there is none.
func (n *node) field(name string) *node {
	if n == nil {
		return nil
	}
	for _, e := range n.entries {
		if e.name == name {
			return e.value
		}
	}
	return nil
}

// fail notes a mistake at a value.
func (n *node) fail(format string, args ...any) { n.doc.fail(n.at, format, args...) }

// failAtName notes a mistake at the name of the field that holds a value.
func (n *node) failAtName(format string, args ...any) {
	where, ok := n.doc.names[n.path]
	if !ok {
		where = n.at
	}
	n.doc.fail(where, format, args...)
}
