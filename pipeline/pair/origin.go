package pair

import (
	"fmt"
	"hash/fnv"
	"path/filepath"

	"rollcall/matchers"
	"rollcall/matchers/model"
	"rollcall/matchers/quality"
)

// Origin tells how the parameters of a model came about, and what the linkage
// looked like that they were learnt in. Nothing is linked by it: it is for people,
// and to hold later linkages against.
type Origin struct {
	Program       string          `json:"program"`
	Data          []Dataset       `json:"data"` // two files, or one
	Bands         []float64       `json:"band_edges"`
	Rounds        int             `json:"rounds"`
	Converged     bool            `json:"converged"`
	LogLikelihood []float64       `json:"log_likelihood"` // by round
	Warnings      []string        `json:"warnings"`
	Profile       quality.Profile `json:"profile"`
}

// Dataset is one file that was learnt from.
type Dataset struct {
	File    string `json:"file"` // its name, without folders
	Rows    int    `json:"rows"`
	Content string `json:"content"` // see contentOf
}

// originOf is the origin of what was learnt in this linkage.
func (o *Outcome) originOf(program string) *Origin {
	origin := &Origin{
		Program: program, Bands: model.Bands[:], Rounds: o.Result.Rounds, Converged: o.Result.Converged,
		LogLikelihood: []float64{}, Warnings: append(append([]string{}, o.Warnings...), o.Result.Warnings...), Profile: o.Profile(),
	}
	for _, s := range o.sides() {
		origin.Data = append(origin.Data, Dataset{File: filepath.Base(s.Table.Name), Rows: s.Table.Rows, Content: s.content})
	}
	for _, round := range o.Result.Trace {
		origin.LogLikelihood = append(origin.LogLikelihood, round.LogLikelihood)
	}
	return origin
}

// Trained tells how the parameters of the outcome came about: learnt here, or as
// the model that was given says; nil when it does not.
func (o *Outcome) Trained(program string) *Origin {
	if o.learnt {
		return o.originOf(program)
	}
	return o.origin
}

// contentOf tells two contents of the compared columns in normal form apart, for any
// order of the rows: the sum of what the rows are mixed to. It is quick and proves
// nothing; summary.json has the hashes of the files.
func contentOf(file *matchers.File, rows int) string {
	values := make([][]uint64, len(file.Columns))
	for c, column := range file.Columns {
		values[c] = make([]uint64, column.Values.Len())
		for code, value := range column.Values.All() {
			hash := fnv.New64a()
			hash.Write([]byte(value))
			values[c][code] = hash.Sum64()
		}
	}
	var sum [2]uint64
	for row := range rows {
		mixed := uint64(1)
		for c, column := range file.Columns {
			mixed = mix(mixed ^ values[c][column.Codes[row]])
		}
		sum[0] += mixed
		sum[1] += mix(mixed)
	}
	return fmt.Sprintf("%016x%016x", sum[0], sum[1])
}

// mix spreads the bits of a number (the finaliser of SplitMix64, Steele, Lea and
// Flood 2014, "Fast splittable pseudorandom number generators").
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Profile is what the linkage looks like, to hold others against.
func (o *Outcome) Profile() quality.Profile {
	spec := o.Result.Specification
	p := quality.Profile{Rows: [2]int64{int64(o.Left.Table.Rows), int64(o.Right.Table.Rows)}}
	counts := make([][model.Missing + 1]int64, len(spec.Comparisons)) // of links by level
	for k := range o.Result.Pairs {
		pair := &o.Result.Pairs[k]
		p.Pairs.Add(pair.WeightBits)
		if !pair.Accepted {
			continue
		}
		p.Links.Add(pair.WeightBits)
		for i, level := range pair.Levels {
			counts[i][level]++
		}
	}
	for i, c := range spec.Comparisons {
		column := quality.Column{Name: c.Name, Filled: [2]int64{o.Left.filled[i], o.Right.filled[i]}}
		if spec.Parameters != nil {
			for level, l := range spec.Parameters.Levels[i] {
				column.Levels = append(column.Levels, quality.Count{Level: l.Name, Pairs: counts[i][level]})
			}
			if len(column.Levels) > 0 {
				if n := counts[i][model.Nickname]; n > 0 {
					column.Levels = append(column.Levels, quality.Count{Level: model.MissingName(model.Nickname), Pairs: n})
				}
				column.Levels = append(column.Levels, quality.Count{Level: missingLevel, Pairs: counts[i][model.BothMissing] + counts[i][model.OneMissing] + counts[i][model.Missing]})
			}
		}
		p.Comparisons = append(p.Comparisons, column)
	}
	return p
}
