// Package pair links two files, or one with itself, without a job: it finds out
// what the columns hold, brings them to normal form, and hands them to the same
// linker that a run uses.
package pair

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rollcall/matchers"
	"rollcall/matchers/dictionary"
	"rollcall/matchers/locale"
	"rollcall/matchers/model"
	"rollcall/matchers/recognise"
)

// Options say how two files are linked.
type Options struct {
	Specification *model.Specification // nil: from the columns
	Origin        *Origin              // of the specification's parameters; nil when nothing is known
	LeftID        string               // column with the ids of the left file; "": recognised
	RightID       string               // likewise
	Decisions     []Decision           // of people, about pairs of records
	Locale        Locale               // by which values are brought to normal form
	Matching      matchers.Options
}

// Locale is the locale pack of a linkage. The zero Locale is the neutral pack.
type Locale struct {
	Name   string // its code or file, as the specification keeps it
	SHA256 string // of its content
	Pack   *locale.Pack
}

func (l Locale) pack() *locale.Pack { return cmp.Or(l.Pack, locale.Neutral()) }

// Side is one file of a linkage.
type Side struct {
	Table   *Table
	Guesses []recognise.Guess // empty when a specification was given
	ID      string            // column with the ids; "" for row numbers
	File    *matchers.File    // until it is linked

	ids      ids      // of the rows
	readings []string // by comparison, how its values are read; see learn
	repeats  int      // rows whose id is empty or another row's too
	filled   []int64  // by comparison, rows with a value to compare
	tooLong  []int    // by column of the table, rows whose value is not compared
	content  string   // see contentOf; "" where nothing is learnt
}

// Outcome is what was found between two files, or in one.
type Outcome struct {
	Left, Right *Side // Right is Left in one file
	Result      *matchers.Result
	Warnings    []string
	Given       bool    // the specification was given
	origin      *Origin // of the parameters that were given
	learnt      bool    // parameters were learnt here
	decisions   bool    // people decided about pairs
	entities    entities
	areas       []AreaColumn // that are compared by the tree
	locale      Locale
}

// Same tells whether one file was compared with itself.
func (o *Outcome) Same() bool { return o.Left == o.Right }

// UsageError is a wish that the files cannot fulfil: a column that is not there,
// or no column that both have.
type UsageError struct{ Message string }

func (e *UsageError) Error() string { return e.Message }

func refuse(format string, args ...any) error {
	return &UsageError{Message: fmt.Sprintf(format, args...)}
}

// asRefusal makes a mistake in a specification one of the user's.
func asRefusal(err error) error {
	var mistake *model.FieldError
	if errors.As(err, &mistake) {
		return refuse("%v", err)
	}
	return err
}

// Link finds the records of left and right that are one person.
func Link(ctx context.Context, left, right *Table, opt Options) (*Outcome, error) {
	o, spec, err := prepare(left, right, opt)
	if err != nil {
		return nil, err
	}
	leftFile, rightFile := o.release(o.Left), o.release(o.Right)
	o.Result, err = matchers.Link(ctx, leftFile, rightFile, spec, opt.Matching)
	if err != nil {
		return nil, asRefusal(fmt.Errorf("link %s with %s: %w", o.Left.Table.Name, o.Right.Table.Name, err))
	}
	o.tellColumns()
	o.warnOfFiles()
	o.freezeReadings()
	o.doubt()
	o.warnOfDrift()
	return o, nil
}

// Dedupe finds the records of one file that are one person.
func Dedupe(ctx context.Context, table *Table, opt Options) (*Outcome, error) {
	o, spec, err := prepare(table, nil, opt)
	if err != nil {
		return nil, err
	}
	if o.Result, err = matchers.Dedupe(ctx, o.release(o.Left), spec, opt.Matching); err != nil {
		return nil, asRefusal(fmt.Errorf("deduplicate %s: %w", o.Left.Table.Name, err))
	}
	o.tellColumns()
	o.warnOfFiles()
	o.freezeReadings()
	o.doubt()
	o.warnOfDrift()
	return o, nil
}

// prepare finds out what the columns hold, or takes what is given, and brings them
// to normal form. right is nil for one file.
func prepare(left, right *Table, opt Options) (*Outcome, model.Specification, error) {
	var spec model.Specification
	o := &Outcome{Left: &Side{Table: left}, Given: opt.Specification != nil, origin: opt.Origin, locale: opt.Locale}
	o.Right = o.Left
	if err := o.recognise(o.Left, opt.LeftID); err != nil {
		return nil, spec, err
	}
	var err error
	var made []model.Comparison
	if right != nil {
		o.Right = &Side{Table: right}
		if err := o.recognise(o.Right, opt.RightID); err != nil {
			return nil, spec, err
		}
		made = recognise.Pairs(o.Left.Guesses, o.Right.Guesses, opt.Locale.pack().NameParts())
	} else {
		made = recognise.Alone(o.Left.Guesses)
	}
	o.withElse(made)
	switch {
	case o.Given:
		if spec, err = opt.Specification.Described(made); err != nil {
			return nil, spec, asRefusal(err)
		}
	case len(made) == 0:
		return nil, spec, o.nothingToCompare()
	default:
		spec.Comparisons = made
	}
	if spec.Comparisons, err = o.place(spec.Comparisons, spec.Parameters != nil); err != nil {
		return nil, spec, err
	}
	spec.Locale = opt.Locale.Name
	if err = o.encode(spec); err != nil {
		return nil, spec, err
	}
	o.judge(opt.Decisions)
	o.learnt = spec.Parameters == nil
	return o, spec, nil
}

// personal are the kinds in which the records of one person mostly agree.
var personal = []model.Kind{model.GivenName, model.FullName, model.Date, model.Identifier}

// doubt warns where what was learnt as a match is none: most often because there
// are next to no matches to learn from.
func (o *Outcome) doubt() {
	p := o.Result.Specification.Parameters
	if o.Given || p == nil {
		return
	}
	for i, c := range o.Result.Specification.Comparisons {
		if levels := p.Levels[i]; len(levels) > 0 && levels[0].M > 0.5 && slices.Contains(personal, c.Kind) && !c.Shared {
			o.Warnings = append(o.Warnings, fmt.Sprintf(
				"do not rely on this: what was learnt as a match differs in %s %.0f times of 100, so it is not one person; there may be next to none to find", c.Name, 100*levels[0].M))
		}
	}
}

// recognise guesses the columns of one side and settles its ids.
func (o *Outcome) recognise(s *Side, id string) error {
	if s.Table.Rows == 0 {
		return refuse("%s has no rows", s.Table.Name)
	}
	if id != "" && s.Table.Column(id) < 0 {
		return refuse("%s has no column %q for its ids; it has %s", s.Table.Name, id, strings.Join(s.Table.names(), ", "))
	}
	s.Guesses = recognise.Columns(s.Table.names(), s.Table.sample(), o.locale.pack().NamesLevel)
	s.ID = id
	for i := range s.Guesses {
		g := &s.Guesses[i]
		switch {
		case id == "" && g.Kind == recognise.Key:
			s.ID = g.Column
		case g.Column == id:
			g.Kind, g.Meaning, g.Confidence, g.Why = recognise.Key, "key", 1, "named as the id of the file"
		case id != "" && g.Kind == recognise.Key:
			g.Kind, g.Why = recognise.Ignore, "another column was named as the id"
		}
	}
	if s.ID == "" {
		o.Warnings = append(o.Warnings, fmt.Sprintf("no column of %s tells its rows apart: its ids are row numbers, from 1", s.Table.Name))
		return nil
	}
	if s.repeats = s.Table.repeats(s.ID); s.repeats > 0 {
		o.Warnings = append(o.Warnings, fmt.Sprintf("%d rows of %s have an id in %s that another row has too, or none", s.repeats, s.Table.Name, s.ID))
	}
	return nil
}

// repeats counts the rows whose id is empty or was seen before.
func (t *Table) repeats(id string) int {
	c := t.Columns[t.Column(id)]
	return t.Rows - (c.Values.Len() - 1)
}

func (o *Outcome) encode(spec model.Specification) error {
	leftOf := func(c model.Comparison) string { return c.Left }
	rightOf := func(c model.Comparison) string { return c.Right }
	// How values are read belongs to a model as it was frozen.
	var frozen *model.Frozen
	if spec.Parameters != nil {
		frozen = spec.Frozen
	}
	leftRead := func(c model.Comparison) string { return frozen.Comparison(c.Name).ReadLeft() }
	rightRead := func(c model.Comparison) string { return frozen.Comparison(c.Name).ReadRight() }
	var err error
	if o.Left.File, o.Left.readings, err = encode(o.Left.Table, o.Right.Table, o.locale.pack(), spec.Comparisons, leftOf, rightOf, leftRead); err != nil {
		return refuse("%v", err)
	}
	o.Left.ids = o.Left.rowIDs()
	o.Left.File.IDs = o.Left.ids.all()
	o.normalNeighbours(spec.Comparisons)
	if o.Same() {
		return nil
	}
	if o.Right.File, o.Right.readings, err = encode(o.Right.Table, o.Left.Table, o.locale.pack(), spec.Comparisons, rightOf, leftOf, rightRead); err != nil {
		return refuse("%v", err)
	}
	o.Right.ids = o.Right.rowIDs()
	o.Right.File.IDs = o.Right.ids.all()
	return nil
}

// normalNeighbours brings the values that lie side by side to the normal form of
// their column.
func (o *Outcome) normalNeighbours(comparisons []model.Comparison) {
	for i, c := range comparisons {
		form := normaliser(o.locale.pack(), c.Kind, o.Left.readings[i])
		normal := make([][2]string, len(c.Neighbours))
		for k, pair := range c.Neighbours {
			normal[k] = [2]string{form(pair[0]), form(pair[1])}
		}
		if len(normal) > 0 {
			comparisons[i].Neighbours = normal
		}
	}
}

// rowIDs are the values of the column with the ids, or else the numbers of the rows.
func (s *Side) rowIDs() ids {
	at := s.Table.Column(s.ID)
	if at >= 0 && s.repeats == 0 { // values have the order in which rows first bear them
		return ids{s.Table.Columns[at].Values, 1}
	}
	of := make([]string, s.Table.Rows)
	for row := range of {
		if at >= 0 {
			of[row] = s.Table.Columns[at].At(row)
		} else {
			of[row] = strconv.Itoa(row + 1)
		}
	}
	return ids{texts: dictionary.Of(of...)}
}

// ids are those of the rows of a file: texts from the first one on.
type ids struct {
	texts dictionary.Texts
	first uint32
}

func (i ids) at(row int32) string { return i.texts.At(i.first + uint32(row)) }

func (i ids) len() int { return i.texts.Len() - int(i.first) }

func (i ids) all() []string { return slices.Collect(i.texts.Each())[i.first:] }

// release lets the columns of a side go, which take most of the memory that a
// linkage needs, and keeps what is told of them later. It gives the file to link.
func (o *Outcome) release(s *Side) *matchers.File {
	file := s.File
	s.filled = make([]int64, len(file.Columns))
	for i, c := range file.Columns {
		s.filled[i] = filled(c)
	}
	if o.learnt {
		s.content = contentOf(file, s.Table.Rows)
	}
	s.tooLong = make([]int, len(s.Table.Columns))
	for i, c := range s.Table.Columns {
		s.tooLong[i] = c.rows(tooLong)
	}
	s.File, s.Table = nil, s.Table.named()
	return file
}

// Accepted are the pairs at or above the threshold, best first.
func (o *Outcome) Accepted() []matchers.Pair {
	return slices.DeleteFunc(slices.Clone(o.Result.Pairs), func(p matchers.Pair) bool { return !p.Accepted })
}

// accepted counts the pairs at or above the threshold.
func (o *Outcome) accepted() int {
	n := 0
	for i := range o.Result.Pairs {
		if o.Result.Pairs[i].Accepted {
			n++
		}
	}
	return n
}

// rule names the blocking rule that found a pair.
func (o *Outcome) rule(p matchers.Pair) string {
	if p.Rule < 0 || int(p.Rule) >= len(o.Result.Specification.Blocking) {
		return ""
	}
	return o.Result.Specification.Blocking[p.Rule].String()
}

// level names the level of a comparison of a pair: "missing" without a value on
// either side, "" for a comparison that is judged within another.
func (o *Outcome) level(p matchers.Pair, comparison int) string {
	return levelName(o.Result.Specification.Parameters, comparison, p.Levels[comparison])
}

func levelName(params *model.Parameters, comparison int, level uint8) string {
	switch {
	case params == nil || comparison >= len(params.Levels) || len(params.Levels[comparison]) == 0:
		return ""
	case model.Lacks(level):
		return model.MissingName(level)
	case int(level) < len(params.Levels[comparison]):
		return params.Levels[comparison][level].Name
	}
	return strconv.Itoa(int(level))
}
