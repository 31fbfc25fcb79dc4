package kernel

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rollcall/matchers/model"
)

// evenBirths is a model's memory of births, as many in each of sixty years but for
// one of few.
func evenBirths() *model.FrozenComparison {
	f := &model.FrozenComparison{Years: map[int]uint64{}}
	for year := 1940; year < 2000; year++ {
		f.Years[year] = 1000
	}
	f.Years[1941] = 100
	return f
}

func between(t testing.TB, a, b string) string {
	t.Helper()
	left, right := encodeColumns([]string{a}), encodeColumns([]string{b})
	left.Frozen = []*model.FrozenComparison{evenBirths()}
	table, _, err := Encode([]model.Comparison{{Name: "born", Kind: model.Date, Intervals: true}}, left, right, true, 1)
	if err != nil {
		t.Fatal(err)
	}
	levels := make([]uint8, 1)
	table.Levels(0, 0, levels)
	return table.Fields[0].Ladder.Names[levels[0]]
}

func TestIntervalsAgreeAsMuchAsTheyOverlap(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"1984", "1984-09-26", "years overlap"}, // one in sixty
		{"1984", "1984", "years overlap"},
		{"1941", "1941-09-26", "years overlap, rare"}, // few are born in that year
		{"1984-09", "1984-09-26", "years overlap, rare"},
		{"1983-07-01/1984-06-30", "1984-02-11", "years overlap"},                         // an age
		{"1980-07-01/1985-06-30", "1984-02-11", "years overlap, common"},                 // about an age
		{"1980-07-01/1985-06-30", "1984-10-02/1989-10-01", "years overlap, very common"}, // the ends of two
		{"1980/1989", "1984-02-11", "years overlap, very common"},
		{"1984", "1985-03-26", "years near"},
		{"1984", "1986-03-26", "years within five"},
		{"1984", "1990-03-26", "years apart"},
		{"1983-07-01/1984-06-30", "1984-07-01/1985-06-30", "years near"}, // one year older
		{"1984-02-11", "1984-09-26", "same year or within a year"},
		{"1984-02-11", "1990-09-26", "differs"},
		{"1984-02-11", "1984-02-12", "one digit, or day and month exchanged"},
		{"1984-02-11", "1984-02-11", "equal, rare"},
		{"unknown", "1984", "differs"},
	} {
		if got := between(t, c.a, c.b); got != c.want {
			t.Errorf("%s and %s: %s, want %s", c.a, c.b, got, c.want)
		}
		if got := between(t, c.b, c.a); got != c.want {
			t.Errorf("%s and %s: %s, want %s", c.b, c.a, got, c.want)
		}
	}
}

// TestWiderIntervalsSayLess: what contains one interval overlaps the other no less
// commonly.
func TestWiderIntervalsSayLess(t *testing.T) {
	overlaps := []string{"years overlap, very common", "years overlap, common", "years overlap", "years overlap, rare"}
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.IntRange(1942, 1980).Draw(t, "from")
		years := rapid.IntRange(0, 15).Draw(t, "years")
		day := fmt.Sprintf("%d-05-%02d", from, rapid.IntRange(1, 28).Draw(t, "day"))
		narrow, wide := fmt.Sprintf("%d/%d", from, from+years), fmt.Sprintf("%d/%d", from, from+years+rapid.IntRange(1, 15).Draw(t, "more"))
		if years == 0 {
			narrow = fmt.Sprint(from)
		}
		var levels []int
		for _, interval := range []string{wide, narrow} {
			left, right := encodeColumns([]string{interval}), encodeColumns([]string{day})
			left.Frozen = []*model.FrozenComparison{evenBirths()}
			table, _, err := Encode([]model.Comparison{{Name: "born", Kind: model.Date, Intervals: true}}, left, right, true, 1)
			if err != nil {
				t.Fatal(err)
			}
			level := make([]uint8, 1)
			table.Levels(0, 0, level)
			levels = append(levels, slices.Index(overlaps, table.Fields[0].Ladder.Names[level[0]]))
		}
		if levels[0] < 0 || levels[0] > levels[1] {
			t.Fatalf("%s has level %d with %s, %s has %d", wide, levels[0], day, narrow, levels[1])
		}
	})
}

// TestIntervalsAreFound: a column of which some values are intervals has levels for
// them, one of days has the levels that it had, and one with a few slips too.
func TestIntervalsAreFound(t *testing.T) {
	var days, slips, ages []string
	for i := range 500 {
		day := fmt.Sprintf("%d-%02d-%02d", 1940+i%60, 1+i%12, 1+i%28)
		days, slips, ages = append(days, day), append(slips, day), append(ages, day)
		if i%250 == 0 {
			slips[i] = "1950-02"
		}
		if i%10 == 0 {
			ages[i] = fmt.Sprint(1940 + i%60)
		}
	}
	var spec []model.Comparison
	for _, name := range []string{"days", "slips", "ages"} {
		spec = append(spec, model.Comparison{Name: name, Kind: model.Date})
	}
	right := encodeColumns(days, days, days)
	_, found, err := Encode(spec, encodeColumns(days, slips, ages), right, false, 1)
	if err != nil {
		t.Fatal(err)
	}
	var with []string
	for _, c := range found {
		if c.Intervals {
			with = append(with, c.Name)
		}
	}
	if diff := cmp.Diff([]string{"ages"}, with); diff != "" {
		t.Error(diff)
	}
	ladder, err := model.NewLadder(found[0])
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(ladder.Names[:4], " | "); got != "differs | years near | years overlap | same year or within a year" {
		t.Errorf("days are compared by %s", got)
	}
}
