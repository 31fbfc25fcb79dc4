package config

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"rollcall/matchers/block"
	"rollcall/matchers/model"
)

// kinds of columns that can be compared, in the order of the documentation.
var kinds = []string{
	string(model.GivenName), string(model.FamilyName), string(model.FullName), string(model.Date), string(model.Place),
	string(model.Address), string(model.Postcode), string(model.HouseNumber), string(model.Identifier), string(model.Phone),
	string(model.Email), string(model.Category), string(model.Text), string(model.Number),
}

var probabilityShape = shape{kind: number, least: 0, most: 1}

// specFields declares a comparison specification, the content of spec.yaml.
func specFields() []field {
	declared := levelShape()
	comparison := shape{kind: record, fields: []field{
		{name: "name", required: true, doc: "name of the comparison, used by blocking rules", value: textShape},
		{name: "left", doc: "column of the left file", fallback: "the name", value: textShape},
		{name: "right", doc: "column of the right file", fallback: "the left column", value: textShape},
		{name: "kind", required: true, doc: "what the columns hold; it decides the levels of agreement", value: shape{kind: words, oneOf: kinds}},
		{name: "shared", doc: "a household has it in common: surname, address, phone", fallback: "false", value: shape{kind: truth}},
		{name: "parent", doc: "comparison of the larger place that this one lies in; the two are judged as one, and so is a place that that one lies in, up to three", fallback: "found when the model is trained", value: textShape},
		{name: "intervals", doc: "some of the dates are no days, and have levels of their own", fallback: "found when the model is trained", value: shape{kind: truth}},
		{name: "levels", doc: "the levels of agreement, from worst to best", fallback: "those of the kind", value: shape{kind: list, item: &declared, atLeastOne: true}},
		{name: "term_frequency", doc: "equal values are told apart by how common they are", fallback: "as the kind has it: false for identifier, phone and email", value: shape{kind: truth}},
		{name: "neighbours", doc: "values that lie side by side, such as `north ~ south`, for blocking rules with `:neighbour`", fallback: "none", value: shape{kind: list, item: &textShape}},
	}}
	level := shape{kind: record, fields: []field{
		{name: "level", required: true, doc: "how well the values agree", value: textShape},
		{name: "m", required: true, doc: "share of matching pairs at this level", value: probabilityShape},
		{name: "u", required: true, doc: "share of other pairs at this level", value: probabilityShape},
		{name: "bits", required: true, doc: "weight, log2 of m over u", value: shape{kind: number}},
		{name: "h", doc: "share of pairs of one household at this level", fallback: "0", value: probabilityShape},
		{name: "k", doc: "share of relatives who live apart at this level", fallback: "0", value: probabilityShape},
		{name: "n", doc: "share of namesakes at this level", fallback: "0", value: probabilityShape},
		{name: "v", doc: "share of namesakes of one place at this level", fallback: "0", value: probabilityShape},
	}}
	ofMissing := shape{kind: number, least: -model.MostMissingBits, most: model.MostMissingBits}
	missing := shape{kind: record, fields: []field{
		{name: "one", doc: "bits, where one side alone has a value", fallback: "0", value: ofMissing},
		{name: "both", doc: "bits, where neither side has one", fallback: "0", value: ofMissing},
	}}
	parameters := shape{kind: record, fields: []field{
		{name: "prior", required: true, doc: "share of all pairs that match", value: probabilityShape},
		{name: "household", doc: "share of all pairs that are two people of one household", fallback: "0", value: probabilityShape},
		{name: "kin", doc: "share of all pairs that are relatives who live apart", fallback: "0", value: probabilityShape},
		{name: "namesakes", doc: "share of all pairs that are strangers with names alike", fallback: "0", value: probabilityShape},
		{name: "neighbours", doc: "share of all pairs that are such namesakes of one place", fallback: "0", value: probabilityShape},
		{name: "borrowed", doc: "share of all pairs that are strangers who bear one identifier", fallback: "0", value: probabilityShape},
		{name: "levels", required: true, doc: "for each comparison, least agreement first", value: shape{
			kind: dictionary, named: "comparison", item: &shape{kind: list, item: &level},
		}},
		{name: "missing", doc: "what missing values weigh, of comparisons where they tell something", fallback: "nothing", value: shape{
			kind: dictionary, named: "comparison", item: &missing,
		}},
		{name: "nicknames", doc: "names by which people are called and not registered: where names differ by one it says nothing", fallback: "none", value: shape{
			kind: dictionary, named: "comparison", item: &shape{kind: list, item: &textShape},
		}},
	}}
	return []field{
		{name: "rollcall_spec", doc: "version of this format", value: shape{kind: words, oneOf: []string{"1"}}},
		{name: "comparisons", doc: "which columns are compared", fallback: "made from the columns", value: shape{kind: list, item: &comparison}},
		{name: "blocking", doc: "which pairs are compared at all: those that agree on every part of a rule, such as `family_name:phonetic + birth:year`", fallback: "chosen from the kinds", value: shape{kind: list, item: &textShape}},
		{name: "threshold", doc: "match probability from which a pair is accepted", fallback: "0.5", value: probabilityShape},
		{name: "locale", doc: "locale pack by which the values of two files are brought to normal form: its code, or a file; a job has its own", fallback: "ZZ, for any country", value: textShape},
		{name: "relation", doc: "how many partners a record of two files has: one_to_many, a left record may have several right ones; a job links person with person, one_to_one", fallback: "found out from the files", value: shape{kind: words, oneOf: relations()}},
		{name: "relation_why", doc: "how that was found out; for people", value: textShape},
		{name: "one_to_one", doc: "the same as `relation: one_to_one`, or many_to_many where it is false", fallback: "relation", value: shape{kind: truth}},
		{name: "parameters", doc: "a trained model", fallback: "trained on the data", value: parameters},
		{name: originName, doc: "how the parameters came about, as `model.json` has it; nothing is linked by it", value: shape{
			kind: record, more: func(*node) ([]field, bool) { return nil, false },
		}},
		{name: frozenName, doc: "how common values were and which blocks were too large when the model was trained, as `model.json` has it; a job counts in its own data", fallback: "counted in the files at hand", value: shape{
			kind: record, more: func(*node) ([]field, bool) { return nil, false },
		}},
	}
}

func relations() []string {
	var list []string
	for _, r := range model.Relations() {
		list = append(list, string(r))
	}
	return list
}

func specShape() shape { return shape{kind: record, fields: specFields()} }

// linkShape is a specification, or one for each of the three linkages of a run.
func linkShape() shape {
	part := shape{kind: record, fields: specFields(), bare: "file"}
	part.fields = append(part.fields, field{name: "file", doc: "file that holds the specification, relative to the job file", value: textShape})
	fields := slices.Clone(part.fields)
	fields = append(fields,
		field{name: "register", doc: "mentions of the register with each other", value: part},
		field{name: "roster", doc: "members of the roster with each other", value: part},
		field{name: "across", doc: "persons of the register with persons of the roster", value: part},
		field{name: "families", doc: "relatives whom records name help to tell who is who; false links persons alone", fallback: "true", value: shape{kind: truth}},
	)
	return shape{kind: record, fields: fields, bare: "file"}
}

// parseRule reads a blocking rule: family_name:phonetic + birth:year. Where
// comparisons are known by name, the columns must be among them; otherwise they
// are made later, and the linker holds the rule against them.
func parseRule(text string, names []string) (block.Rule, []problem) {
	var (
		rule     block.Rule
		problems []problem
		offset   int
	)
	for part := range strings.SplitSeq(text, "+") {
		column, transform, given := strings.Cut(part, ":")
		tell := func(at int, word, format string, args ...any) {
			at += offset + len(word) - len(strings.TrimLeft(word, " "))
			problems = append(problems, problem{at, max(1, utf8.RuneCountInString(strings.TrimSpace(word))), fmt.Sprintf(format, args...)})
		}
		key := block.Key{Column: strings.TrimSpace(column), Transform: strings.TrimSpace(transform)}
		switch {
		case key.Column == "":
			tell(0, column, "the name of a comparison is missing")
		case len(names) > 0 && !slices.Contains(names, key.Column):
			tell(0, column, "there is no comparison %q%s", key.Column, didYouMean(key.Column, names))
		}
		if given && !block.Known(key.Transform) {
			tell(len(column)+1, transform, "there is no transform %q%s; there are %s", key.Transform,
				didYouMean(key.Transform, block.Transforms()), strings.Join(block.Transforms(), ", "))
		}
		if key.Transform == "" {
			key.Transform = "exact"
		}
		rule = append(rule, key)
		offset += len(part) + 1
	}
	return rule, problems
}
