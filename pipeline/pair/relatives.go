package pair

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// Family is what the relatives of two records say of whether they are one person.
type Family struct {
	Words string `json:"words"`
	// Bits are of all relatives together, bounded; less than their sum where another of
	// the household has the same relatives.
	Bits      float64    `json:"bits"`
	Relatives []Relative `json:"relatives"`
}

// Relative is someone whom a record names as a relative, and who looks most like her
// beside the other record.
type Relative struct {
	Relation string  `json:"relation"` // mother, father, spouse, child or sibling
	Left     *Kin    `json:"left"`     // nil where nobody beside the left record looks like her
	Right    *Kin    `json:"right"`
	Bits     float64 `json:"bits"` // by herself
	// Named says that the records have been compared by her name, which then tells here
	// no more.
	Named bool `json:"compared_by_name,omitempty"`
}

// Kin is a relative as one side knows her.
type Kin struct {
	ID   string `json:"id"`
	Name string `json:"name"`  // as written
	Born string `json:"birth"` // as written
}

// AddRelatives counts in what relatives say; where names the place where they are looked
// for: household or record.
func (e *Explanation) AddRelatives(bits float64, relatives []Relative, where string) {
	for i, r := range relatives {
		relatives[i].Named = slices.ContainsFunc(e.Steps, func(s Step) bool { return s.Comparison == r.Relation+"_name" && s.Bits > 0 })
	}
	e.Family = &Family{Words: relativesWords(relatives, where), Bits: bits, Relatives: relatives}
	e.Probability = 1 / (1 + math.Exp2(-e.total()))
}

// familyBits is what relatives say, 0 where there are none.
func (e *Explanation) familyBits() float64 {
	if e.Family == nil {
		return 0
	}
	return e.Family.Bits
}

// total is the odds of one person, in bits.
func (e *Explanation) total() float64 { return e.PriorBits + e.WeightBits + e.familyBits() }

// there says that she was found on both sides.
func (r Relative) there() bool { return r.Left != nil && r.Right != nil }

// missing says that she was not found, though nothing else tells of her.
func (r Relative) missing() bool { return !r.there() && !r.Named }

// relativesWords are like "mother and two siblings found in the household, spouse not".
func relativesWords(relatives []Relative, where string) string {
	counted := func(are func(Relative) bool) string {
		var relations []string
		count := map[string]int{}
		for _, r := range relatives {
			if !are(r) {
				continue
			}
			if count[r.Relation] == 0 {
				relations = append(relations, r.Relation)
			}
			count[r.Relation]++
		}
		for i, relation := range relations {
			relations[i] = several(count[relation], relation)
		}
		return enumerated(relations)
	}
	found, missing := counted(Relative.there), counted(Relative.missing)
	switch {
	case found == "" && missing == "":
		return "relatives who hardly tell"
	case found == "":
		return missing + " not found in the " + where
	case missing == "":
		return found + " found in the " + where
	}
	return found + " found in the " + where + ", " + missing + " not"
}

// several is a number of relatives in words: sibling, two siblings, three children.
func several(n int, relation string) string {
	if n == 1 {
		return relation
	}
	number := fmt.Sprint(n)
	if words := []string{"two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}; n-2 < len(words) {
		number = words[n-2]
	}
	if relation == "child" {
		return number + " children"
	}
	return number + " " + relation + "s"
}

// enumerated joins with commas and, before the last, and.
func enumerated(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// whole is what the relatives say together, in a sentence.
func (f *Family) whole() string {
	sum := 0.0
	for _, r := range f.Relatives {
		sum += r.Bits
	}
	text := fmt.Sprintf("%s: %s bits", f.Words, signed(f.Bits))
	if len(f.Relatives) > 0 && math.Abs(sum-f.Bits) > 1 {
		text += fmt.Sprintf("; one by one they say %s, but together they are bounded, and what two people of one household share counts for little", signed(sum))
	}
	return text
}

// shows tells who she is on one side, or what is there instead.
func (r Relative) shows(k *Kin) string {
	switch {
	case k != nil:
		return k.is()
	case r.Named:
		return "(by name, above)"
	}
	return "not there"
}

// is tells who she is: the name and the date of birth, as written.
func (k *Kin) is() string {
	switch {
	case k.Name == "" && k.Born == "":
		return "(no name)"
	case k.Born == "":
		return k.Name
	}
	return shown(k.Name) + ", " + k.Born
}

// id is her id, "" where she is not there.
func (k *Kin) id() string {
	if k == nil {
		return ""
	}
	return k.ID
}

// print lists the relatives with names and dates of both sides.
func (f *Family) print(w io.Writer) {
	fmt.Fprintf(w, "\nrelatives: %s\n", f.whole())
	for _, r := range f.Relatives {
		ids := enumerated(notEmpty(r.Left.id(), r.Right.id()))
		fmt.Fprintf(w, "  %-8s  %-34s  %-34s %7s  %s\n", r.Relation, clip(r.shows(r.Left), 34), clip(r.shows(r.Right), 34), signed(r.Bits), ids)
	}
}

func notEmpty(texts ...string) []string {
	var out []string
	for _, t := range texts {
		if t != "" {
			out = append(out, t)
		}
	}
	return out
}

// bars are the rows of the relatives one by one, beneath the bar of all together.
func (f *Family) bars() []barRow {
	rows := make([]barRow, len(f.Relatives))
	for i, r := range f.Relatives {
		rows[i] = barRow{Name: words(r.Relation), Left: r.shows(r.Left), Right: r.shows(r.Right), Agreement: "found", Bits: signed(r.Bits), Class: "relative"}
		switch {
		case r.missing():
			rows[i].Agreement = "not found"
		case !r.there():
			rows[i].Agreement = "by name, above"
		}
	}
	return rows
}
