package link

import (
	"fmt"
	"strconv"
	"strings"

	"rollcall/matchers"
)

// betweenWitnesses keeps texts apart in one; no id has it.
const betweenWitnesses = "\x1f"

// notThere stands in place of an id where nobody looks like the relative.
const notThere = "not there"

// Witness is what one relative says about a link, read back from the column
// family_evidence.
type Witness struct {
	Relation    string // of the relative to the two, who may be one: mother, father, spouse, child or sibling
	Left, Right string // ids of the relative and of who looks like her; "" on the side where nobody does
	Bits        float64
}

// evidence writes what relatives say of a pair; "" for nothing.
func evidence(witnesses []matchers.Witness, left, right []string) string {
	texts := make([]string, len(witnesses))
	for i, w := range witnesses {
		said := Witness{Relation: w.Relation.String(), Bits: float64(w.Bits)}
		if w.Left >= 0 {
			said.Left = left[w.Left]
		}
		if w.Right >= 0 {
			said.Right = right[w.Right]
		}
		texts[i] = said.String()
	}
	return strings.Join(texts, betweenWitnesses)
}

// String is mother births/B1/mother = members/M7/member +3.2, or, where nobody looks
// like the left or the right one, mother births/B1/mother not there -1.1 or mother not
// there = members/M7/member -1.1.
func (w Witness) String() string {
	who := w.Left + " = " + w.Right
	switch {
	case w.Right == "":
		who = w.Left + " " + notThere
	case w.Left == "":
		who = notThere + " = " + w.Right
	}
	return fmt.Sprintf("%s %s %+.1f", w.Relation, who, w.Bits)
}

// ParseWitness reads what String wrote.
func ParseWitness(text string) (Witness, error) {
	relation, rest, _ := strings.Cut(text, " ")
	end := max(strings.LastIndexByte(rest, ' '), 0)
	bits, err := strconv.ParseFloat(strings.TrimSpace(rest[end:]), 64)
	if err != nil {
		return Witness{}, fmt.Errorf("read evidence of relatives: %w", err)
	}
	w := Witness{Relation: relation, Bits: bits}
	who := rest[:end]
	if absent, ok := strings.CutSuffix(who, " "+notThere); ok {
		w.Left = absent
		return w, nil
	}
	left, right, ok := strings.Cut(who, " = ")
	if !ok {
		return Witness{}, fmt.Errorf("read evidence of relatives: it names nobody")
	}
	w.Right = right
	if left != notThere {
		w.Left = left
	}
	return w, nil
}
