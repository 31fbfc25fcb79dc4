package tables

import "slices"

// stratum are the columns that name a stratum of scored pairs.
func stratum() []Column {
	return []Column{
		{Name: "kind", Type: Text, Key: true, Doc: "register, roster or across, as in link"},
		{Name: "fate", Type: Text, Key: true, Doc: "accepted; rejected (reached the threshold, and lost to another or kept apart); below (the threshold)"},
		{Name: "probability_from", Type: Probability, Key: true, Doc: "least match_probability of the pairs"},
	}
}

// expected are the columns of what the model says of a stratum and of its step.
func expected() []Column {
	columns := []Column{
		{Name: "probability_to", Type: Probability, Doc: "match_probability that none of the pairs reaches, unless it is 1"},
		{Name: "pairs", Type: Integer, Doc: "scored pairs of the stratum"},
		{Name: "drawn", Type: Integer, Doc: "pairs of it that the sample has"},
		{Name: "mean_probability", Type: Probability, Doc: "mean match_probability of the pairs: the share that the model expects to be one person"},
	}
	for _, of := range []struct{ name, doc string }{
		{"precision", "share of the accepted pairs of this kind that are right, as the run estimates it without labels"},
		{"recall", "share of the true pairs of this kind that are accepted, as the run estimates it without labels"},
	} {
		columns = append(columns,
			Column{Name: of.name + "_low", Type: Probability, Doc: of.doc + ": lower limit"},
			Column{Name: of.name, Type: Probability, Doc: of.doc},
			Column{Name: of.name + "_high", Type: Probability, Doc: of.doc + ": upper limit"})
	}
	return columns
}

// Stratum is the strata of the scored pairs, from which the sample is drawn.
func Stratum() Table {
	return Table{
		Name:    "stratum",
		Doc:     "the strata of the scored pairs, of each of which some are drawn to be judged by people",
		Columns: slices.Concat(stratum(), expected()),
	}
}

// Sample is the pairs to be judged by people.
func Sample() Table {
	return Table{
		Name: "sample",
		Doc:  "pairs drawn to be judged by people, with what the sheet shows of them",
		Columns: slices.Concat([]Column{{Name: "pair", Type: Integer, Key: true, Doc: "number of the pair in the sheet"}}, unkeyed(stratum()), []Column{
			{Name: "left_id", Type: Text, Doc: "left_id of the link"},
			{Name: "right_id", Type: Text, Doc: "right_id of the link"},
			{Name: "left_shown", Type: TextList, Doc: "what the sheet shows of the left one, in the order of its columns"},
			{Name: "right_shown", Type: TextList, Doc: "what the sheet shows of the right one"},
		}),
	}
}

func unkeyed(columns []Column) []Column {
	for i := range columns {
		columns[i].Key = false
	}
	return columns
}

// Judgement is what people judged of the pairs that an earlier run drew, written
// from the ledger.
func Judgement() Table {
	return Table{
		Name: "judgement",
		Doc:  "what people judged of the pairs that an earlier run of the job drew, by stratum: those of the newest run of which a sheet came back",
		Columns: slices.Concat(stratum(), []Column{{Name: "run_id", Type: Text, Doc: "run that drew the pairs"}}, expected(), []Column{
			{Name: "same", Type: Integer, Doc: "pairs that were judged to be one person"},
			{Name: "different", Type: Integer, Doc: "pairs that were judged to be two people"},
			{Name: "unsure", Type: Integer, Doc: "pairs of which the judge could not tell"},
			{Name: "twice", Type: Integer, Doc: "pairs that two people judged"},
			{Name: "alike", Type: Integer, Doc: "of those, pairs of which both said the same"},
		}),
	}
}

// Reviewed is the cases that people judged, written from the ledger.
func Reviewed() Table {
	return Table{
		Name: "reviewed",
		Doc:  "the cases that people judged before this run, each by its last judgement",
		Columns: []Column{
			{Name: "case_id", Type: Text, Key: true, Doc: "case"},
			{Name: "kind", Type: Text, Doc: "exit, duplicate, eligibility, registration or reinstatement"},
			{Name: "tier", Type: Text, Doc: "tier of the line that was judged"},
			{Name: "programme", Type: Text, Doc: "code of the programme"},
			{Name: "mention_id", Type: Text, Doc: "roster record that the line is about"},
			{Name: "overturned", Type: Boolean, Doc: "the last judgement withdrew the line or reinstated the person; else it agreed with the run"},
			{Name: "days", Type: Integer, Doc: "that the case stood before its first judgement"},
			{Name: "twice", Type: Integer, Doc: "judgements that followed one of another person"},
			{Name: "alike", Type: Integer, Doc: "of those, how many agreed with the one before"},
		},
	}
}
