package matchers

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"

	"rollcall/matchers/kernel"
	"rollcall/matchers/model"
)

// ordering is the rows of a file by id: everything below works on that order,
// so that the order of a file's rows never shows in what is found.
type ordering struct {
	file *File
	rows []int32 // by rank
}

// order sorts a file's rows by id, ties by row.
func order(file *File) ordering {
	o := ordering{file, make([]int32, len(file.IDs))}
	for i := range o.rows {
		o.rows[i] = int32(i)
	}
	if len(file.IDs) == 0 {
		return o
	}
	shared := sharedPrefix(file.IDs)
	items := make([]keyed, len(file.IDs))
	for row, id := range file.IDs {
		var head [8]byte // after the shared prefix
		copy(head[:], id[shared:])
		items[row] = keyed{binary.BigEndian.Uint64(head[:]), int32(row)}
	}
	sortByKey(items)
	for from := 0; from < len(items); {
		end := from + 1
		for end < len(items) && items[end].key == items[from].key {
			end++
		}
		slices.SortStableFunc(items[from:end], func(a, b keyed) int { return cmp.Compare(file.IDs[a.at], file.IDs[b.at]) })
		from = end
	}
	for rank, item := range items {
		o.rows[rank] = item.at
	}
	return o
}

func sharedPrefix(ids []string) int {
	n := len(ids[0])
	for _, id := range ids {
		n = min(n, len(id))
		for id[:n] != ids[0][:n] {
			n--
		}
	}
	return n
}

// input is the columns that the comparisons need, in the order of the ids.
func (o ordering) input(comparisons []model.Comparison, column func(model.Comparison) string) (*kernel.Input, error) {
	in := &kernel.Input{Rows: len(o.rows), Columns: make([]kernel.Column, len(comparisons)), Order: o.rows}
	for i, c := range comparisons {
		name := column(c)
		at := slices.IndexFunc(o.file.Columns, func(have Column) bool { return have.Name == name })
		if at < 0 {
			return nil, fmt.Errorf("comparisons[%d]: no column %q", i, name)
		}
		have := o.file.Columns[at]
		if err := (kernel.Column{Codes: have.Codes, Values: have.Values}).Check(len(o.rows)); err != nil {
			return nil, fmt.Errorf("column %q: %w", name, err)
		}
		in.Columns[i] = kernel.Column{Codes: have.Codes, Values: have.Values, System: have.System}
	}
	in.Group, in.Once, in.Sex = permute(o.file.Group, o.rows), permute(o.file.Once, o.rows), permute(o.file.Sex, o.rows)
	return in, nil
}

// permute takes the values of the rows in order; nil stays nil.
func permute[T any](values []T, rows []int32) []T {
	if values == nil {
		return nil
	}
	out := make([]T, len(rows))
	for rank, row := range rows {
		out[rank] = values[row]
	}
	return out
}
