package pair

import (
	"encoding/csv"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"rollcall/matchers"
	"rollcall/matchers/model"
)

// linesBytes is how much of links.csv is written at once.
const linesBytes = 1 << 15

// writeLinks writes the accepted pairs, best first, as encoding/csv would; there are
// too many of them to go through it.
func (o *Outcome) writeLinks(w io.Writer) error {
	head := []string{"left_id", "right_id", "match_probability", "match_weight_bits", "margin_bits", "blocking_rule"}
	if o.decisions {
		head = append(head, decisionName)
	}
	comparisons := o.Result.Specification.Comparisons
	for _, c := range comparisons {
		head = append(head, levelColumn(c.Name))
	}
	for i := range head {
		head[i] = csvField(head[i])
	}
	rules, levels := o.ruleNames(), o.levelNames()
	eachName(rules, csvField)
	for _, names := range levels {
		eachName(names, csvField)
	}
	lines := append([]byte(strings.Join(head, ",")), '\n')
	left, right := fetcher{ids: o.Left.ids}, fetcher{ids: o.Right.ids}
	for pairs := range slices.Chunk(o.Result.Pairs, fetched) {
		lefts, rights := left.fetch(pairs, leftOf), right.fetch(pairs, rightOf)
		for i := range pairs {
			p := &pairs[i]
			if !p.Accepted {
				continue
			}
			lines = append(appendID(lines, lefts[i]), ',')
			lines = append(appendID(lines, rights[i]), ',')
			lines = append(appendDecimal(lines, p.Probability, probabilityDecimals), ',')
			lines = append(appendDecimal(lines, p.WeightBits, bitsDecimals), ',')
			lines = append(appendDecimal(lines, p.MarginBits, bitsDecimals), ',')
			lines = append(lines, rules[p.Rule+1]...)
			if o.decisions {
				lines = append(append(lines, ','), decisionWords[decisionOf(p)]...)
			}
			for c, level := range p.Levels[:len(comparisons)] {
				lines = append(append(lines, ','), levels[c][level]...)
			}
			lines = append(lines, '\n')
		}
		if len(lines) >= linesBytes {
			if _, err := w.Write(lines); err != nil {
				return err
			}
			lines = lines[:0]
		}
	}
	_, err := w.Write(lines)
	return err
}

// fetched is how many ids are looked up at once: pairs come in the order of their
// probability, so that each id lies elsewhere, and the processor waits for several
// together.
const fetched = 64

// fetcher looks up the ids of one side.
type fetcher struct {
	ids     ids
	next    [fetched]string
	touched byte // so that the first byte of each is read
}

func (f *fetcher) fetch(pairs []matchers.Pair, row func(*matchers.Pair) int32) []string {
	for i := range pairs {
		f.next[i] = f.ids.at(row(&pairs[i]))
	}
	for _, id := range f.next[:len(pairs)] {
		if id != "" {
			f.touched ^= id[0]
		}
	}
	return f.next[:len(pairs)]
}

func leftOf(p *matchers.Pair) int32  { return p.Left }
func rightOf(p *matchers.Pair) int32 { return p.Right }

// levelColumn is the name of the column that holds a comparison's level.
func levelColumn(comparison string) string { return "level_" + comparison }

// ruleNames are the names of the blocking rules by number from 1; "" for none is
// the first.
func (o *Outcome) ruleNames() []string {
	names := []string{""}
	for _, r := range o.Result.Specification.Blocking {
		names = append(names, r.String())
	}
	return names
}

// levelNames are by comparison the names of its levels; see level.
func (o *Outcome) levelNames() [][]string {
	names := make([][]string, len(o.Result.Specification.Comparisons))
	for c := range names {
		for level := range model.Missing + 1 {
			names[c] = append(names[c], levelName(o.Result.Specification.Parameters, c, uint8(level)))
		}
	}
	return names
}

func eachName(names []string, change func(string) string) {
	for i, name := range names {
		names[i] = change(name)
	}
}

// csvField is a value as a field of a line of CSV.
func csvField(value string) string {
	var line strings.Builder
	w := csv.NewWriter(&line)
	_ = w.Write([]string{value, ""}) // a strings.Builder takes everything
	w.Flush()
	return strings.TrimSuffix(line.String(), ",\n")
}

// appendID appends a record's id as a field of a line of CSV.
func appendID(line []byte, id string) []byte {
	for i := range len(id) {
		if !plainInID[id[i]] || i == 0 && strings.IndexByte(signsInID, id[0]) >= 0 {
			return append(line, csvField(neutral(id))...)
		}
	}
	return append(line, id...)
}

// signsInID are those that ids are put together with; one that begins with a sign
// may need care.
const signsInID = "-_./:"

// plainInID are the characters of ids that stand in a CSV file as they are: letters,
// digits and signs.
var plainInID = func() (plain [256]bool) {
	for _, c := range []byte("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" + signsInID) {
		plain[c] = true
	}
	return plain
}()

// The decimals of probabilities and of base-2 logarithms.
const (
	probabilityDecimals = 6
	bitsDecimals        = 3
)

// appendDecimal appends what strconv.FormatFloat writes with so many decimals; ""
// for what is no number. It is exact only where the last digit is beyond doubt, and
// leaves the rest, one in hundred thousands, to strconv, which is far slower.
func appendDecimal(line []byte, x float64, decimals int) []byte {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return line
	}
	const doubt, largest = 1e-5, 1e9
	unit := int64(math.Pow10(decimals))
	scaled := math.Abs(x) * float64(unit)
	whole, part := math.Modf(scaled)
	if scaled > largest || math.Abs(part-0.5) < doubt {
		return strconv.AppendFloat(line, x, 'f', decimals, 64)
	}
	n := int64(whole)
	if part > 0.5 {
		n++
	}
	if math.Signbit(x) {
		line = append(line, '-')
	}
	line = append(strconv.AppendInt(line, n/unit, 10), '.')
	for digits := n % unit; unit > 1; digits %= unit {
		unit /= 10
		line = append(line, byte('0'+digits/unit))
	}
	return line
}
