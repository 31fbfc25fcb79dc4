package identifier

import (
	"slices"
	"strings"

	"rollcall/matchers/locale"
)

// Type is a system of identity numbers.
type Type struct {
	Name    string // as models and packs name it: in_aadhaar
	Country string // ISO 3166 code; "" for one of several countries
	Says    string // what it is, for people
	types   string // identifier types of a mapping that declare it, and words of columns, separated by spaces
	columns string // further words of columns, which are those of other countries' systems too

	// forms are patterns of a number in capital letters and digits without
	// separators: # is a digit, @ a Latin letter, * either,
	// ? any byte, anything else itself. None: what written reads.
	forms []string
	card  string // groups as printed, filled from the right
	// layouts say what each sign is: Y year, M month, D day, J day of the year,
	// C century, P place, S sex. They are held against the number before normal.
	layouts []string // one for each length
	// dayFemale is added to the day, or the day of the year, of women.
	dayFemale int
	century   func(sign byte) int    // first year of the century that C tells
	sex       func(sign byte) string // that S tells
	month     func(month int) (int, int)
	valid     func(string) bool // what else the form demands: first digits, places
	check     func(string) bool // check digit
	normal    func(string) string
	// written reads what is not a plain run of letters and digits.
	written func(string) (string, bool)
	// chance is the share of random numbers of the form that pass all rules.
	chance float64
}

// Types are the systems that the identity numbers of one column follow.
type Types []*Type

// Declared are the systems that an identifier type of a mapping names: aadhaar,
// bd_nid, cnic, … or the name of the system itself. A type that is not known
// declares none, so that no number of an unknown system is refused.
func Declared(typ string) Types {
	typ = strings.ToLower(typ)
	return find(func(t *Type) bool { return t.Name == typ || slices.Contains(strings.Fields(t.types), typ) })
}

// Named are the systems of those names.
func Named(names []string) Types {
	return find(func(t *Type) bool { return slices.Contains(names, t.Name) })
}

// Of are the systems that a pack names, or those of its country.
func Of(p *locale.Pack) Types {
	if len(p.Identifiers) > 0 {
		return Named(p.Identifiers)
	}
	return find(func(t *Type) bool { return t.Country != "" && t.Country == p.Country })
}

// All are the systems that the program knows.
func All() Types { return find(func(*Type) bool { return true }) }

// Names are the names of the systems, in their order.
func (ts Types) Names() []string {
	names := make([]string, len(ts))
	for i, t := range ts {
		names[i] = t.Name
	}
	return names
}

// Tell says whether numbers of one of the systems say the birth or the sex of the
// bearer.
func (ts Types) Tell() bool {
	return slices.ContainsFunc(ts, func(t *Type) bool {
		return slices.ContainsFunc(t.layouts, func(l string) bool { return strings.ContainsAny(l, "YS") })
	})
}

// System tells of a number in normal form which of the systems it is of, counted
// from 1, or 0 where that is unknown, and whether it has the right check digit of one
// that has check digits. A passport beside the numbers of a system is of the one after
// the last.
func (ts Types) System(value string) (system uint8, checked bool) {
	n := ts.Read(value)
	if n.Type == nil && passport(value) {
		return uint8(len(ts) + 1), false
	}
	return uint8(slices.Index(ts, n.Type) + 1), n.Checked()
}

// passport tells the commonest forms of the number of a passport, which ICAO document
// 9303 leaves to who issues it: one or two letters, six to eight digits, and in some
// countries another letter.
func passport(v string) bool {
	const mostLetters, leastDigits, mostDigits = 2, 6, 8
	number := strings.TrimLeft(v, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	letters := len(v) - len(number)
	if last := len(number) - 1; last > 0 && number[last] >= 'A' && number[last] <= 'Z' {
		number = number[:last]
	}
	return letters >= 1 && letters <= mostLetters && len(number) >= leastDigits && len(number) <= mostDigits && digits(number)
}

func find(is func(*Type) bool) Types {
	var out Types
	for i := range systems {
		if is(&systems[i]) {
			out = append(out, &systems[i])
		}
	}
	return out
}

// read reads a number as one of the system; plain is what was written in capital
// letters and digits. A zero Number where it has neither its form nor its length.
func (t *Type) read(written, plain string) Number {
	if t.written != nil {
		var ok bool
		if plain, ok = t.written(written); !ok {
			return Number{}
		}
	}
	n := Number{Type: t, Value: plain}
	if !t.formed(plain) {
		if !t.long(plain) {
			return Number{}
		}
		n.Problem = ProblemForm
		return n
	}
	inside := t.inside(plain, &n)
	switch {
	case t.check != nil && !t.check(plain):
		n.Problem = ProblemCheckDigit
	case !inside:
		n.Problem = ProblemInside
	case t.valid != nil && !t.valid(plain):
		n.Problem = ProblemForm
	}
	if n.Problem != "" { // what a mistyped number says is mistyped too
		n.Birth, n.Sex, n.Place = Birth{}, "", ""
	}
	if t.normal != nil {
		n.Value = t.normal(plain)
	}
	return n
}

func (t *Type) formed(v string) bool {
	return t.forms == nil || slices.ContainsFunc(t.forms, func(form string) bool { return fits(v, form) })
}

// long tells a number of the length of the system, made of digits where the system
// has only digits.
func (t *Type) long(v string) bool {
	return slices.ContainsFunc(t.forms, func(form string) bool {
		return len(v) == len(form) && (strings.Trim(form, "#") != "" || digits(v))
	})
}

func fits(v, form string) bool {
	if len(v) != len(form) {
		return false
	}
	for i := range len(form) {
		c := v[i]
		digit, letter := c >= '0' && c <= '9', c >= 'A' && c <= 'Z'
		switch form[i] {
		case '#':
			if !digit {
				return false
			}
		case '@':
			if !letter {
				return false
			}
		case '?':
		case '*':
			if !digit && !letter {
				return false
			}
		default:
			if c != form[i] {
				return false
			}
		}
	}
	return true
}

func digits(v string) bool { return strings.Trim(v, "0123456789") == "" }

// inside reads what the layout says into n, and tells whether it can be.
func (t *Type) inside(v string, n *Number) bool {
	at := slices.IndexFunc(t.layouts, func(l string) bool { return len(l) == len(v) })
	if at < 0 {
		return true
	}
	layout := t.layouts[at]
	b := Birth{}
	century, dayOfYear := 0, 0
	for i := range len(v) {
		c := v[i]
		d := int(c - '0')
		switch layout[i] {
		case 'Y':
			b.Year = b.Year*10 + d
		case 'M':
			b.Month = b.Month*10 + d
		case 'D':
			b.Day = b.Day*10 + d
		case 'J':
			dayOfYear = dayOfYear*10 + d
		case 'C':
			if century = t.century(c); century == 0 {
				return false
			}
			if t.sex != nil {
				n.Sex = t.sex(c)
			}
		case 'P':
			n.Place += v[i : i+1]
		case 'S':
			if n.Sex = t.sex(c); n.Sex == "" {
				return false
			}
		}
	}
	years := strings.Count(layout, "Y")
	if years == 0 {
		return true
	}
	b.Known, b.Century = true, years == 4 || century > 0
	b.Year += century
	if t.month != nil {
		b.Month, century = t.month(b.Month)
		b.Year, b.Century = b.Year+century, true
	}
	if t.dayFemale > 0 {
		n.Sex = locale.Male
		if b.Day > t.dayFemale || dayOfYear > t.dayFemale {
			n.Sex = locale.Female
			b.Day, dayOfYear = max(0, b.Day-t.dayFemale), max(0, dayOfYear-t.dayFemale)
		}
	}
	if strings.Contains(layout, "J") {
		if b.Month, b.Day = dayOfLeapYear(dayOfYear); b.Month == 0 {
			return false
		}
		b.Within = 1
	}
	n.Birth = b
	return b.possible(strings.Contains(layout, "D"))
}
