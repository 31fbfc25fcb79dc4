package pair

import (
	"fmt"
	"strconv"
	"strings"

	"rollcall/matchers"
	"rollcall/matchers/locale"
	"rollcall/matchers/locale/identifier"
	"rollcall/matchers/model"
	"rollcall/matchers/recognise"
)

// What an identity number says inside of birth and sex is believed where so many rows
// tell both, and this share of them say the same.
const (
	minBelieved   = 50
	believedShare = 0.7
)

// agreement counts rows on which two things were compared.
type agreement struct{ agree, all int }

func (s agreement) believed() bool {
	return s.all >= minBelieved && float64(s.agree) >= believedShare*float64(s.all)
}

func (s *agreement) count(agrees bool) {
	s.all++
	if agrees {
		s.agree++
	}
}

// leastEmpty is the share of rows that lack a date of birth from which on another
// column is asked for it.
const leastEmpty = 0.01

// birthIn finds a column of identity numbers that say the births that a column of
// dates has, to stand in where the dates lack.
func (s *Side) birthIn(pack *locale.Pack, dates string) (string, bool) {
	born := s.Table.Columns[s.Table.Column(dates)]
	if born.share(func(string) bool { return true }) == 0 || float64(born.rows(func(v string) bool { return !missing(v) })) > (1-leastEmpty)*float64(s.Table.Rows) {
		return "", false
	}
	var days []locale.Interval
	for _, g := range s.Guesses {
		if g.Kind != model.Identifier || g.Subject != "" {
			continue
		}
		numbers := s.Table.Columns[s.Table.Column(g.Column)]
		systems := identifier.Learn(locale.Neutral(), "", numbers.taught())
		if !systems.Tell() {
			continue
		}
		if days == nil {
			days = daysOf(pack, born)
		}
		said := numbersIn(numbers, systems)
		var agree agreement
		for row, code := range numbers.Codes {
			if birth, day := said[code].Birth, days[born.Codes[row]]; birth.Known && day.Known() {
				agree.count(!birth.Contradicts(day))
			}
		}
		if agree.believed() {
			return g.Column, true
		}
	}
	return "", false
}

// daysOf reads each value of a column of dates once.
func daysOf(pack *locale.Pack, born Column) []locale.Interval {
	read := learnDates(pack, born, born)
	days := make([]locale.Interval, born.Values.Len())
	for code, v := range born.Values.All() {
		days[code], _ = read.Read(v)
	}
	return days
}

// numbersIn reads each value of a column once; nothing where the systems say nothing.
func numbersIn(c Column, systems identifier.Types) []identifier.Number {
	said := make([]identifier.Number, c.Values.Len())
	if systems.Tell() {
		for code, v := range c.Values.All() {
			said[code] = systems.Read(v)
		}
	}
	return said
}

// birthsIn is a column of dates, and where it is empty what the number in another
// column says of the birth.
func (t *Table) birthsIn(dates, numbers string) (Column, error) {
	born, err := t.written(dates)
	if err != nil {
		return Column{}, err
	}
	other, err := t.written(numbers)
	if err != nil {
		return Column{}, err
	}
	systems := identifier.Learn(locale.Neutral(), "", other.taught())
	latest := learnDates(locale.Neutral(), born, born).LatestYear
	return t.either(dates, numbers, func(v string) string { return systems.Read(v).Birth.Interval(latest).String() })
}

// The words of a reading that say by which comparisons the births and the sexes that
// the numbers say are held against their rows.
const (
	heldBirth = "birth:"
	heldSex   = "sex:"
)

// holdNumbers leaves out the numbers that say another birth and another sex than
// their row: they are those of somebody else, mostly of a relative. written are the
// numbers as they stand in the file.
func holdNumbers(file *matchers.File, comparisons []model.Comparison, readings []string, at int, written Column, known bool) {
	systems := identifier.Named(strings.Fields(readings[at]))
	if !systems.Tell() {
		return
	}
	said := numbersIn(written, systems)
	birth, sex := heldBy(readings[at], heldBirth), heldBy(readings[at], heldSex)
	if !known {
		birth, sex = believed(file, comparisons, readings, written, said)
		if birth < 0 || sex < 0 {
			return
		}
		readings[at] += fmt.Sprintf(" %s%d %s%d", heldBirth, birth, heldSex, sex)
	}
	if birth < 0 || sex < 0 || max(birth, sex) >= len(file.Columns) {
		return
	}
	births, sexes := intervals(file.Columns[birth]), file.Columns[sex]
	column := &file.Columns[at]
	var codes []uint32 // a copy from the first that is left out on
	for row, code := range written.Codes {
		n := said[code]
		if !n.Birth.Contradicts(births[file.Columns[birth].Codes[row]]) || n.Sex == "" || sexes.Codes[row] == 0 || n.Sex == sexes.Values.At(sexes.Codes[row]) {
			continue
		}
		if codes == nil {
			codes = append(codes, column.Codes...)
		}
		codes[row] = 0
	}
	if codes != nil {
		column.Codes = codes
	}
}

// heldBy is the comparison that a reading names; -1 for none.
func heldBy(reading, word string) int {
	for w := range strings.FieldsSeq(reading) {
		if rest, ok := strings.CutPrefix(w, word); ok {
			if at, err := strconv.Atoi(rest); err == nil {
				return at
			}
		}
	}
	return -1
}

// believed finds the comparisons of births and of sexes that most numbers agree with.
func believed(file *matchers.File, comparisons []model.Comparison, readings []string, written Column, said []identifier.Number) (birth, sex int) {
	birth, sex = -1, -1
	for i, c := range comparisons {
		column := file.Columns[i]
		var agree agreement
		switch {
		case c.Kind == model.Date && birth < 0:
			days := intervals(column)
			for row, code := range written.Codes {
				if n := said[code]; n.Birth.Known && days[column.Codes[row]].Known() {
					agree.count(!n.Birth.Contradicts(days[column.Codes[row]]))
				}
			}
			if agree.believed() {
				birth = i
			}
		case c.Kind == model.Category && readings[i] == readSex && sex < 0:
			for row, code := range written.Codes {
				if n := said[code]; n.Sex != "" && column.Codes[row] != 0 {
					agree.count(n.Sex == column.Values.At(column.Codes[row]))
				}
			}
			if agree.believed() {
				sex = i
			}
		}
	}
	return birth, sex
}

// intervals are the dates of a column in normal form.
func intervals(c matchers.Column) []locale.Interval {
	days := make([]locale.Interval, c.Values.Len())
	for code, v := range c.Values.All() {
		days[code], _ = locale.Dates{}.Read(v)
	}
	return days
}

// withBirth names a column of dates with the numbers that stand in for it.
func withBirth(dates, numbers string) string {
	return dates + recognise.Else + recognise.BirthIn + numbers
}
