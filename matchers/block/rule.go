// Package block is blocking: which pairs of records are compared at all.
package block

import "strings"

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
