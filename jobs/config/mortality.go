package config

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"rollcall/pipeline/report"
)

// mortalityHeader is what a file of population and death rates begins with.
var mortalityHeader = []string{"area_code", "sex", "age_from", "population", "deaths_per_1000"}

// mostPeople is more than live anywhere.
const mostPeople = 1e10

// mortality reads how many people live where, and how many of them die in a year.
func (b *builder) mortality(n *node) {
	if n == nil || n.form != scalar {
		return
	}
	if data, ok := b.named(n, b.below(n.text)); ok {
		b.job.Mortality = readMortality(data, n.text, b.errs)
	}
}

// readMortality reads a file of rates: each area, sex and age stands once.
func readMortality(data []byte, file string, errs *Errors) []report.DeathRate {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	if header, err := r.Read(); err != nil || !slices.Equal(header, mortalityHeader) {
		tellField(errs, file, r, 0, "the header of a file of death rates is "+strings.Join(mortalityHeader, ","))
		return nil
	}
	type key struct {
		area, sex string
		age       int
	}
	var out []report.DeathRate
	seen := map[key]bool{}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out
		}
		var perr *csv.ParseError
		if errors.As(err, &perr) {
			*errs = append(*errs, &Error{File: file, Line: perr.Line, Column: max(perr.Column, 1), Message: perr.Err.Error()})
			return out
		}
		rate := report.DeathRate{Area: cells[0], Sex: cells[1], AgeFrom: report.AllAges}
		if rate.Sex != "" && rate.Sex != "female" && rate.Sex != "male" {
			tellField(errs, file, r, 1, fmt.Sprintf("sex is %q; female, male or nothing (both) is expected", rate.Sex))
		}
		if cells[2] != "" {
			if rate.AgeFrom, err = strconv.Atoi(cells[2]); err != nil || rate.AgeFrom < 0 || rate.AgeFrom > 120 {
				tellField(errs, file, r, 2, fmt.Sprintf("age_from is %q; the youngest age in years, or nothing (all ages), is expected", cells[2]))
			}
		}
		number := func(column int, most float64) float64 {
			v, err := strconv.ParseFloat(cells[column], 64)
			if err != nil || math.IsNaN(v) || v < 0 || v > most {
				tellField(errs, file, r, column, fmt.Sprintf("%s is %q; a number from 0 to %.0f is expected", mortalityHeader[column], cells[column], most))
			}
			return v
		}
		rate.Population, rate.Per1000 = number(3, mostPeople), number(4, 1000)
		k := key{rate.Area, rate.Sex, rate.AgeFrom}
		if seen[k] {
			tellField(errs, file, r, 0, "this area, sex and age stand here a second time")
		}
		seen[k] = true
		out = append(out, rate)
	}
}
