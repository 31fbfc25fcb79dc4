package link

import (
	"maps"
	"slices"
	"strings"

	"rollcall/matchers"
	"rollcall/matchers/locale"
	"rollcall/matchers/model"
)

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

// kinds of the compared columns; shared is what a household has in common.
var kinds = map[string]struct {
	kind     model.Kind
	shared   bool
	relative string // of whom it tells, if not of the person
}{
	"given_name":  {model.GivenName, false, ""},
	"family_name": {model.FamilyName, true, ""},
	"full_name":   {model.FullName, false, ""},
	"sex":         {model.Category, false, ""},
	"birth":       {model.Date, false, ""},
	"area":        {model.Category, true, ""},
	"subdistrict": {model.Category, true, ""},
	"district":    {model.Category, true, ""},
	"address":     {model.Address, true, ""},
	"phone":       {model.Phone, true, ""},
	"mother_name": {model.FullName, true, "mother"},
	"father_name": {model.FullName, true, "father"},
	"spouse_name": {model.FullName, false, "spouse"},
}

// leastFill is the share of rows in which both sides must know a column for it to
// be compared.
const leastFill = 0.02

// specification compares what both sides know. Given and family names are
// compared apart where both sides keep them apart alike, else the whole name.
func specification(left, right *matchers.File) model.Specification {
	spec := model.Specification{Threshold: 0.5}
	whole := !keptApart(left, right)
	for _, c := range left.Columns {
		switch c.Name {
		case "full_name":
			if !whole {
				continue
			}
		case "given_name", "family_name":
			if whole {
				continue
			}
		}
		if min(fill(left, c.Name), fill(right, c.Name)) < leastFill {
			continue
		}
		k := kinds[c.Name]
		if strings.HasPrefix(c.Name, identifierPrefix) {
			k.kind = model.Identifier
		}
		spec.Comparisons = append(spec.Comparisons, model.Comparison{Name: c.Name, Left: c.Name, Right: c.Name, Kind: k.kind, Shared: k.shared, Relative: k.relative})
	}
	model.Nest(spec.Comparisons, locale.Nested())
	return spec
}

// keptApart tells whether both files split names into given and family alike.
func keptApart(left, right *matchers.File) bool {
	l, r := fill(left, "family_name"), fill(right, "family_name")
	return min(l, r) > 0.5*max(l, r) && min(l, r) > 0.3
}

// fill is the share of rows that have a value.
func fill(f *matchers.File, column string) float64 {
	for _, c := range f.Columns {
		if c.Name != column || len(c.Codes) == 0 {
			continue
		}
		known := 0
		for _, code := range c.Codes {
			if code != 0 {
				known++
			}
		}
		return float64(known) / float64(len(c.Codes))
	}
	return 0
}

// overridden is the made specification with what a job gives in its place. A job
// that gives no comparisons keeps the made ones; a model alone says which.
func overridden(made model.Specification, given *model.Specification) (model.Specification, error) {
	if given == nil {
		return made, nil
	}
	spec, err := given.Described(made.Comparisons)
	if spec.Comparisons == nil {
		spec.Comparisons, spec.Parameters = made.Comparisons, nil
	}
	if spec.Threshold == 0 {
		spec.Threshold = made.Threshold
	}
	spec.Comparisons = slices.Clone(spec.Comparisons)
	for i, c := range spec.Comparisons {
		spec.Comparisons[i].Relative = kinds[c.Left].relative
	}
	return spec, err
}
