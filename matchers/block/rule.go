// Package block is blocking: which pairs of records are compared at all.
package block

import (
	"slices"
	"strings"
)

// Key is one part of a blocking rule: a column, and what is taken of it.
type Key struct {
	Column    string // name of a comparison
	Transform string // one that Take knows: exact, sound, year, token, within_30_days
}

// Rule is a conjunction of keys: pairs that agree on all of them are candidates.
type Rule []Key

// String writes a rule as a job file does: family_name:phonetic + birth:year.
func (r Rule) String() string {
	parts := make([]string, len(r))
	for i, k := range r {
		parts[i] = k.Column
		if k.Transform != "" && k.Transform != "exact" {
			parts[i] += ":" + k.Transform
		}
	}
	return strings.Join(parts, " + ")
}

// Agrees tells whether two records agree on every key of the rule, given their
// values in normal form by column; of a name with several readings (text.Or) one has
// to. A block may still be too large to compare.
func (r Rule) Agrees(left, right func(column string) string) (bool, error) {
	for _, k := range r {
		one, err := Transform(k.Transform)
		if err != nil {
			return false, err
		}
		take := Taking{One: one}.OverReadings().Several
		ours := take(left(k.Column))
		if !slices.ContainsFunc(take(right(k.Column)), func(key string) bool { return key != "" && slices.Contains(ours, key) }) {
			return false, nil
		}
	}
	return true, nil
}
