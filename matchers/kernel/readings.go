package kernel

import (
	"maps"
	"slices"
	"strings"

	"rollcall/matchers/block"
	"rollcall/matchers/dictionary"
	"rollcall/matchers/model"
	"rollcall/matchers/text"
)

// A name that was read from another script may have words of several readings
// (text.Or). The code of such a name is that of its first readings: by it names are
// equal, common or rare, whatever script they were written in. In a field that has
// such names a record has a further number, of the text with all readings, by which
// words are compared and keys taken.

// openColumns are the columns of fields in which some name has several readings, as
// they came: by field, of the left and the right file.
type openColumns map[int][]Column

// takeFirst leaves the first readings in the columns of the files.
func takeFirst(comparisons []model.Comparison, files ...*Input) openColumns {
	open := openColumns{}
	for i, c := range comparisons {
		some := func(in *Input) bool { return in != nil && in.Columns[i].Values.Has(text.Or[0]) }
		if !c.Kind.Named() || !slices.ContainsFunc(files, some) {
			continue
		}
		for _, in := range files {
			if in != nil {
				open[i] = append(open[i], in.Columns[i])
				in.Columns[i] = in.Columns[i].first()
			}
		}
	}
	return open
}

// first is a column with the first readings of its values.
func (c Column) first() Column {
	known := dictionary.New()
	translated := make([]uint32, c.Values.Len())
	for code, v := range c.Values.All() {
		translated[code] = known.Code(text.Reading(v, 0))
	}
	out := Column{Codes: make([]uint32, len(c.Codes)), Values: known.Values()}
	for row, code := range c.Codes {
		out.Codes[row] = translated[code]
	}
	return out
}

// number gives the names of some fields that share a dictionary the numbers of their
// texts.
func (t *Table) number(left, right *Input, fields []int, open openColumns) {
	inputs, rows := []*Input{left, right}, []*Rows{t.Left, t.Right}
	values := t.Fields[fields[0]].values
	numbers := map[string]uint32{} // of texts with several readings
	var added []string
	places := slices.Sorted(maps.Keys(open))
	for _, f := range fields {
		place, found := slices.BinarySearch(places, f)
		if !found {
			continue
		}
		t.Fields[f].at = t.width + place
		for side, column := range open[f] {
			of := make([]uint32, column.Values.Len())
			for code, v := range column.Values.All() {
				if !text.Open(v) {
					continue
				}
				if numbers[v] == 0 {
					numbers[v] = uint32(values.Len() + len(added))
					added = append(added, v)
				}
				of[code] = numbers[v]
			}
			for row := range inputs[side].Rows {
				record := rows[side].record(int32(row))
				record[t.width+place] = record[f]
				if number := of[column.Codes[inputs[side].at(row)]]; number != 0 {
					record[t.width+place] = number
				}
			}
		}
	}
	if len(added) == 0 {
		return
	}
	texts := values.With(added...)
	for _, f := range fields {
		t.Fields[f].texts = texts
	}
}

// open says that some names have several readings.
func (f *Field) open() bool { return f.texts.Len() > f.values.Len() }

// taking is the keys that are taken of the field: those of all readings.
func (f *Field) taking(t block.Taking) block.Taking {
	if !f.open() {
		return t
	}
	return t.OverReadings()
}

// readWord is a word of several readings: its code and those of the words that it is
// read as.
type readWord struct {
	code uint32
	as   []uint32
}

// takeReadings numbers the readings of words that have several.
func (x *lexicon) takeReadings(known *dictionary.Dictionary) {
	words := known.Values()
	if !words.Has(text.Or[0]) {
		return
	}
	for code, w := range words.All() {
		if !text.Open(w) {
			continue
		}
		read := readWord{code: uint32(code)}
		for reading := range strings.SplitSeq(w, text.Or) {
			read.as = append(read.as, x.code(known, reading))
		}
		x.read = append(x.read, read)
	}
}

// weighReadings gives words of several readings what bounds all of them. Such a word
// is as common as its readings are together: by any of them it is met.
func (x *lexicon) weighReadings(information func(bearers uint64) float32) {
	if len(x.read) == 0 {
		return
	}
	bySound, byInitial := map[uint32]uint64{}, map[uint16]uint64{}
	for code, w := range x.words {
		bySound[w.sound] += x.bearers[code]
		byInitial[w.initial] += x.bearers[code]
	}
	for i, read := range x.read {
		w := &x.words[read.code]
		w.outline, w.traits, w.read = outline{needPairs: never, needLetters: never}, isOpen, uint32(i)
		var bearers, sounding, beginning uint64
		sounds, initials := map[uint32]bool{}, map[uint16]bool{}
		for _, code := range read.as {
			as := &x.words[code]
			w.join(&as.outline)
			w.traits |= as.traits & isInitial
			bearers += x.bearers[code]
			if !sounds[as.sound] {
				sounds[as.sound] = true
				sounding += bySound[as.sound]
			}
			if !initials[as.initial] {
				initials[as.initial] = true
				beginning += byInitial[as.initial]
			}
		}
		x.rarity[read.code] = rarity{information(bearers), information(sounding), information(beginning)}
	}
}

// compareReadings says how two words are one, of which one has several readings: by
// the one that is nearest. Where both have several they come from one script as a rule
// and are compared by the first: names that the script tells apart are not one for being
// read in two ways.
func (x *lexicon) compareReadings(v, w *word) likeness {
	if v.code == w.code {
		return same
	}
	best := unlike
	var roomV, roomW [1]uint32
	manyV, manyW := firstOfBoth(x.readings(v, &roomV), x.readings(w, &roomW))
	for _, a := range manyV {
		for _, b := range manyW {
			if l := x.compare(&x.words[a], &x.words[b]); l != unlike && (best == unlike || l < best) {
				best = l
			}
		}
	}
	return best
}

// firstOfBoth leaves the first readings where both sides have several.
func firstOfBoth(a, b []uint32) (ofA, ofB []uint32) {
	if len(a) > 1 && len(b) > 1 {
		return a[:1], b[:1]
	}
	return a, b
}

// readings are the words that a word is read as.
func (x *lexicon) readings(w *word, room *[1]uint32) []uint32 {
	if w.traits&isOpen != 0 {
		return x.read[w.read].as
	}
	room[0] = w.code
	return room[:]
}

// A readingList has the texts of a field and, behind them, the other readings of names
// as a whole, which are compared where texts are compared as they are spelt.
type readingList struct {
	texts   dictionary.Texts
	numbers [][]uint32 // of the readings, by text of several readings
	first   uint32     // of those
}

// newReadingList takes names with several readings apart. values are the texts before
// them.
func newReadingList(values, texts dictionary.Texts) readingList {
	r := readingList{texts: values, first: uint32(values.Len())}
	if texts.Len() <= values.Len() {
		return r
	}
	numbers := map[string]uint32{}
	for code, v := range values.All() {
		numbers[v] = uint32(code)
	}
	var added []string
	for code := values.Len(); code < texts.Len(); code++ {
		var of []uint32
		for _, reading := range text.Readings(texts.At(uint32(code))) {
			number, known := numbers[reading]
			if !known {
				number = uint32(values.Len() + len(added))
				numbers[reading] = number
				added = append(added, reading)
			}
			of = append(of, number)
		}
		r.numbers = append(r.numbers, of)
	}
	r.texts = values.With(added...)
	return r
}

// best is the best level of the readings of two names, of which one has several; where
// both have, that of the first.
func (r *readingList) best(a, b uint32, level func(a, b uint32) uint8) uint8 {
	var roomA, roomB [1]uint32
	best := uint8(0)
	manyA, manyB := firstOfBoth(r.of(a, &roomA), r.of(b, &roomB))
	for _, x := range manyA {
		for _, y := range manyB {
			best = max(best, level(x, y))
		}
	}
	return best
}

func (r *readingList) of(name uint32, room *[1]uint32) []uint32 {
	if name >= r.first {
		return r.numbers[name-r.first]
	}
	room[0] = name
	return room[:]
}

// several says that one of two names has several readings.
func (r *readingList) several(a, b uint32) bool { return max(a, b) >= r.first }
