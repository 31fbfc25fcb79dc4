package pair

import (
	"encoding/csv"
	"io"
	"strconv"
)

// ApartName is the list of pairs of one file that look like one person and are kept
// apart.
const ApartName = "apart.csv"

// writeApart writes the pairs that are kept apart, the likeliest first, with the
// reason: decided, record, twice, sex, number or together.
func (o *Outcome) writeApart(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"left_id", "right_id", "reason", "match_probability", "match_weight_bits"}); err != nil {
		return err
	}
	for _, p := range o.Result.Pairs {
		if p.Apart == "" {
			continue
		}
		if err := out.Write([]string{
			neutral(o.Left.ids.at(p.Left)), neutral(o.Right.ids.at(p.Right)), string(p.Apart),
			strconv.FormatFloat(p.Probability, 'f', 6, 64), bits(p.WeightBits),
		}); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
