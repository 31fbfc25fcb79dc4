package kernel

import (
	"fmt"
	"strings"
	"testing"

	"rollcall/matchers/model"
)

// TestNumberLevels: what two different identity numbers say. Numbers of system 1 here
// begin with a, those of system 2 with b, and those with a right check digit end in 0.
func TestNumberLevels(t *testing.T) {
	system := func(v string) (uint8, bool) {
		return uint8(strings.IndexByte("ab", v[0]) + 1), strings.HasSuffix(v, "0")
	}
	for _, c := range []struct {
		what, left, right string
		want              uint8
	}{
		{"a slip, one of them wrong", "a12345670", "a12345671", 2},
		{"a swap, both wrong", "a12345671", "a12354671", 2},
		{"two slips", "a12345671", "a12399671", 1},
		{"both right, two numbers beside each other", "a12345670", "a12345680", 0},
		{"two numbers", "a12345671", "a98765431", 0},
		{"of two systems", "a12345671", "b98765431", model.Missing},
		{"of two systems, both right", "a12345670", "b12345670", model.Missing},
		{"one of no known system", "a12345671", "12345671", 2},
		{"two of no known system", "x12345670", "x12345671", 2},
		{"long ones of two systems", "a" + strings.Repeat("1", 70), "b" + strings.Repeat("1", 70), model.Missing},
	} {
		left, right := encodeColumns([]string{c.left}), encodeColumns([]string{c.right})
		left.Columns[0].System, right.Columns[0].System = system, system
		table, _, err := Encode([]model.Comparison{{Name: "number", Kind: model.Identifier}}, left, right, true, 1)
		if err != nil {
			t.Fatal(err)
		}
		levels := make([]uint8, 1)
		if table.Levels(0, 0, levels); levels[0] != c.want {
			t.Errorf("%s: %s and %s have level %d, want %d", c.what, c.left, c.right, levels[0], c.want)
		}
	}
}

// TestNumbersOfTwoSystems: that they say nothing is found out from the people who are
// alike in name and date. Where those bear one system each, as children and adults do,
// two systems are two people; a frozen model keeps what it found.
func TestNumbersOfTwoSystems(t *testing.T) {
	const people = 60
	comparisons := []model.Comparison{{Name: "name", Kind: model.FullName}, {Name: "born", Kind: model.Date}, {Name: "number", Kind: model.Identifier}}
	system := func(v string) (uint8, bool) { return uint8(strings.IndexByte("ab", v[0]) + 1), false }
	file := func(kind func(i int) int) *Input {
		columns := make([][]string, 3)
		for i := range people {
			columns[0] = append(columns[0], fmt.Sprintf("%c%cna ri%c", 'a'+i%26, 'a'+i/3, 'a'+i%7))
			columns[1] = append(columns[1], fmt.Sprintf("1970-%02d-%02d", 1+i%12, 1+i%28))
			columns[2] = append(columns[2], fmt.Sprintf("%c%08d", "ab"[kind(i)%2], 1+i*7919+kind(i)%2*76543210))
		}
		in := encodeColumns(columns...)
		in.Columns[2].System = system
		return in
	}
	for _, c := range []struct {
		what   string
		right  func(i int) int
		frozen *model.FrozenComparison
		want   uint8
	}{
		{"each has his own kind", func(i int) int { return i }, nil, 0},
		{"some have one, some the other", func(i int) int { return i / 2 }, nil, model.Missing},
		{"as the model found", func(i int) int { return i }, &model.FrozenComparison{}, model.Missing},
		{"as the model found", func(i int) int { return i / 2 }, &model.FrozenComparison{OneSystem: true}, 0},
	} {
		left := file(func(i int) int { return i })
		if c.frozen != nil {
			left.Frozen = []*model.FrozenComparison{nil, nil, c.frozen}
		}
		table, _, err := Encode(comparisons, left, file(c.right), true, 1)
		if err != nil {
			t.Fatal(err)
		}
		levels := make([]uint8, len(comparisons))
		for i := range int32(people) {
			for j := range int32(people) {
				if int(i)%2 == c.right(int(j))%2 {
					continue
				}
				if table.Levels(i, j, levels); levels[2] != c.want {
					t.Fatalf("%s: numbers of two systems have level %d, want %d", c.what, levels[2], c.want)
				}
			}
		}
	}
}
