package model

// Frozen is what the comparison of two records takes from the data that a model
// was trained on, beside its parameters. With it, how two records compare
// depends on the two alone and not on the files that they come in, so that any
// split of the data into increments gives the same pairs. It has frequent values
// and words, and no record.
type Frozen struct {
	Comparisons []FrozenComparison `json:"comparisons"`
	Blocking    []FrozenRule       `json:"blocking"`
}

// FrozenComparison is how common the values of one comparison were.
type FrozenComparison struct {
	Name    string            `json:"name"`
	Records uint64            `json:"records"`          // of both files, that bear a value
	Values  map[string]uint64 `json:"values,omitempty"` // records that bear the value, of values above the rarest band
	// The words of names, a family name's beside the given name's that is compared
	// with it.
	WordRecords uint64            `json:"word_records,omitempty"`
	Words       map[string]uint64 `json:"words,omitempty"`
	// Years has of dates, some of which are intervals, how many records bear each year.
	Years map[int]uint64 `json:"years,omitempty"`
	// Lone has names that where they stand alone belong to the column of the other
	// kind, family names among given names or the reverse; sorted.
	Lone []string `json:"lone,omitempty"`
	// OneSystem says of identity numbers that people have those of one system alone, so
	// that numbers of two systems differ.
	OneSystem bool `json:"one_system,omitempty"`
	// How the written values of either file are read, where their column taught it.
	Left  string `json:"left_reading,omitempty"`
	Right string `json:"right_reading,omitempty"`
}

// FrozenRule is what was done with the blocks of one rule that were too large to
// compare.
type FrozenRule struct {
	Rule string      `json:"rule"`
	Cut  []FrozenCut `json:"cut,omitempty"`
}

// FrozenCut is blocks that were too large, each as the values of the rule's keys
// and of the comparisons that blocks were cut by before, and the comparison whose
// values cut them apart: "" where they were left out.
type FrozenCut struct {
	Blocks [][]string `json:"blocks"`
	By     string     `json:"by,omitempty"`
}

// Comparison finds the comparison of a name; nil where there is none.
func (f *Frozen) Comparison(name string) *FrozenComparison {
	if f == nil {
		return nil
	}
	for i := range f.Comparisons {
		if f.Comparisons[i].Name == name {
			return &f.Comparisons[i]
		}
	}
	return nil
}

// Rule finds the rule that is written so; nil where there is none.
func (f *Frozen) Rule(written string) *FrozenRule {
	if f == nil {
		return nil
	}
	for i := range f.Blocking {
		if f.Blocking[i].Rule == written {
			return &f.Blocking[i]
		}
	}
	return nil
}

// ReadLeft is how the values of the left file are read; "" where nothing is known.
func (f *FrozenComparison) ReadLeft() string {
	if f == nil {
		return ""
	}
	return f.Left
}

// ReadRight is how the values of the right file are read; "" where nothing is
// known.
func (f *FrozenComparison) ReadRight() string {
	if f == nil {
		return ""
	}
	return f.Right
}

// Frequency is the share of records that bore a value: 0 for one of the rarest
// band.
func (f *FrozenComparison) Frequency(value string) float64 {
	return float64(f.Values[value]) / float64(max(f.Records, 1))
}
