// Package profile says what stands in the columns of a file before it is linked:
// what each holds, how complete it is, and what of it deserves attention. It reads
// each different value once.
package profile

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"rollcall/matchers/locale"
	"rollcall/matchers/model"
	"rollcall/matchers/recognise"
	"rollcall/pipeline/pair"
)

// Options are what a profile depends on besides the file.
type Options struct {
	// AsOf is the day after which a date lies in the future.
	AsOf time.Time
	// Pack has the habits of the country; nil for any country.
	Pack *locale.Pack
	// Progress, when not nil, is told the columns done.
	Progress func(done, of int)
}

// Report is what a file looks like. Apart from Column.Commonest it holds counts and
// shapes, no values.
type Report struct {
	Name     string
	Rows     int
	Repeated int      // rows that are like an earlier one but for their number
	Rejects  []string // counts of rows that could not be read, by reason
	Headless string   // that the first line looks like a record, and what to do; "" where it does not
	AsOf     time.Time
	Columns  []Column
	Findings []Finding // worst first
}

// Column is what one column looks like. Of the parts at its end at most one is
// there, by what the column holds.
type Column struct {
	Name  string
	Holds string     // for people
	Kind  model.Kind // or recognise.Key, recognise.Ignore
	pair.Statistics
	Oddities []Oddity
	Cut      Cut

	Dates       *Dates
	Ages        *Ages
	Names       *Names
	Identifiers *Identifiers
	Phones      *Phones
	Scripts     []pair.Count // of places and addresses, as in Names
}

// Of profiles a table.
func Of(ctx context.Context, t *pair.Table, o Options) (*Report, error) {
	if o.Pack == nil {
		o.Pack = locale.Neutral()
	}
	r := &Report{Name: t.Name, Rows: t.Rows, Rejects: t.Rejected(), Headless: t.Headless(), AsOf: o.AsOf, Columns: make([]Column, len(t.Columns))}
	guesses := t.Recognise(o.Pack)
	var done atomic.Int64
	var work errgroup.Group
	work.SetLimit(runtime.GOMAXPROCS(0))
	for i := range t.Columns {
		work.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			r.Columns[i] = o.column(t.Columns[i], guesses[i])
			if n := done.Add(1); o.Progress != nil {
				o.Progress(int(n), len(t.Columns))
			}
			return nil
		})
	}
	if err := work.Wait(); err != nil {
		return nil, fmt.Errorf("profile %s: %w", t.Name, err)
	}
	r.holdAgainst(t, guesses)
	r.Repeated = repeatedRows(t, r.Columns)
	r.Findings = r.findings()
	return r, nil
}

// column profiles one column.
func (o Options) column(c pair.Column, g recognise.Guess) Column {
	values := newTally(c)
	out := Column{Name: c.Name, Holds: pair.Holds(g), Kind: g.Kind, Statistics: c.Statistics()}
	switch {
	case out.Filled == 0:
		return out
	case g.Meaning == "age":
		out.Ages = agesOf(values)
	case isDate(g, values):
		out.Dates = o.datesOf(values, g.Meaning)
	case g.Kind.Named() || g.Kind == recognise.Ignore && g.Meaning == "full":
		out.Names = o.namesOf(values, g.Kind)
	case g.Kind == model.Identifier:
		out.Identifiers = o.identifiersOf(c.Name, values, false)
	case g.Kind == recognise.Key:
		out.Identifiers = o.identifiersOf(c.Name, values, true)
	case g.Kind == model.Phone:
		out.Phones = o.phonesOf(values)
	case g.Kind == model.Place, g.Kind == model.Address, g.Meaning == "region" && g.Kind == model.Category:
		out.Scripts = scriptsOf(values)
	}
	if out.Identifiers != nil && len(out.Identifiers.Systems) == 0 && g.Kind == recognise.Key {
		out.Identifiers = nil
	}
	out.Oddities = oddities(values, out)
	if out.Names != nil || out.Kind == model.Address || out.Kind == model.Text {
		out.Cut = cutOf(values)
	}
	return out
}

// repeatedRows counts rows that are equal to an earlier one in all columns but those
// whose values are all different, which are numbers of rows. Rows of files that say
// little of a person are equal by themselves: they are not counted.
func repeatedRows(t *pair.Table, columns []Column) int {
	hashes := make([]uint64, t.Rows)
	named, told := false, false
	for i, c := range columns {
		if c.Filled == t.Rows && c.Distinct == t.Rows {
			continue
		}
		named = named || c.Names != nil && c.Filled > t.Rows/2
		told = told || (c.Dates != nil || c.Identifiers != nil) && c.Filled > t.Rows/2
		for row, code := range t.Columns[i].Codes {
			hashes[row] = mix(hashes[row] + uint64(code) + 1)
		}
	}
	if !named || !told {
		return 0
	}
	slices.Sort(hashes)
	return t.Rows - len(slices.Compact(hashes))
}

// mix spreads the bits of a hash (the finalizer of MurmurHash3, Appleby 2011).
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}
