package tables

// Proposal is the strongest thing that the program says: a line for a person to
// decide on. Nothing in it stops a payment.
func Proposal() Table {
	return Table{
		Name: "proposal",
		Doc:  "a line for a person to decide on: a deceased exit, a duplicate, an enrolment no longer supported, or an entitlement not enrolled",
		Columns: []Column{
			{Name: "case_id", Type: Text, Key: true, Doc: "kind, programme, enrolment and subject, hashed; stable across runs"},
			{Name: "kind", Type: Text, Doc: "exit, duplicate, eligibility, registration, or reinstatement (an enrolment that was closed or suspended after a death which the register has revoked)"},
			{Name: "tier", Type: Text, Doc: "T1 corroborated, T2 probable, T3 possible, X conflict (exits and duplicates)"},
			{Name: "programme", Type: Text, Doc: "code of the programme; empty for duplicates inside the register"},
			{Name: "enrolment_id", Type: Text, Doc: "enrolment that the line is about"},
			{Name: "subject_id", Type: Text, Doc: "roster person that the line is about"},
			{Name: "mention_id", Type: Text, Doc: "roster record that the line is about"},
			{Name: "household_id", Type: Text, Doc: "household of the subject"},
			{Name: "area_code", Type: Text, Doc: "canonical area code of the subject"},
			{Name: "reason_code", Type: Text, Doc: "closed list: see the dictionary"},
			{Name: "reason", Type: Text, Doc: "the same in a sentence without names"},
			{Name: "proposed_action", Type: Text, Doc: "what the officer is asked to do; never to stop a payment unseen"},
			{Name: "ask", Type: Text, Doc: "what is asked of whom before anything changes"},
			{Name: "other_mention_id", Type: Text, Doc: "register record (exit) or the other roster record (duplicate)"},
			{Name: "other_enrolment_id", Type: Text, Doc: "the enrolment that would be kept (duplicates)"},
			{Name: "event_id", Type: Text, Doc: "event that the line rests on"},
			{Name: "registration_number", Type: Text, Doc: "registration number of that event"},
			{Name: "event_earliest", Type: Date, Doc: "first day on which the event can have happened"},
			{Name: "event_latest", Type: Date, Doc: "last day on which the event can have happened"},
			{Name: "registered_on", Type: Date, Doc: "day the event was registered"},
			{Name: "received_on", Type: Date, Doc: "day the registration reached us"},
			{Name: "event_status", Type: Text, Doc: "registered, corrected, revoked or notified"},
			{Name: "match_probability", Type: Probability, Doc: "probability that the records are about one person"},
			{Name: "match_weight_bits", Type: Bits, Doc: "evidence of the comparisons"},
			{Name: "margin_bits", Type: Bits, Doc: "bits over the runner-up"},
			{Name: "runner_up_id", Type: Text, Doc: "next best candidate"},
			{Name: "namesakes", Type: Integer, Doc: "other roster persons of the same area top level, sex and normal name, born within five years or of unknown age"},
			{Name: "agreement", Type: TextList, Doc: "field=exact, close, differs or missing, comparing the two records themselves; of a birth also default (one placeholder, the years agree) and near (a placeholder or an age up to five years off)"},
			{Name: "contradictions", Type: TextList, Doc: "checks that speak against the line"},
			{Name: "tier_reasons", Type: TextList, Doc: "what keeps an exit or a duplicate from a higher tier"},
			{Name: "life_evidence", Type: TextList, Doc: "records of life after the event, with how they were given"},
			{Name: "household_effects", Type: TextList, Doc: "what follows for the rest of the household: caregiver to change, widow, orphan"},
			{Name: "entitlement_ended_on", Type: Date, Doc: "day on which the programme's entitlement ends"},
			{Name: "currency", Type: Text, Doc: "ISO 4217 code of the amounts"},
			{Name: "paid_after", Type: Amount, Doc: "paid for time after the entitlement's end: potential overpayment, subject to verification"},
			{Name: "paid_unavoidable", Type: Amount, Doc: "of it: the payment file was cut before anybody could know"},
			{Name: "paid_late_registration", Type: Amount, Doc: "of it: between death and registration"},
			{Name: "paid_late_extract", Type: Amount, Doc: "of it: between registration and receipt"},
			{Name: "paid_late_action", Type: Amount, Doc: "of it: after receipt"},
			{Name: "criteria", Type: TextList, Doc: "criterion=TRUE, FALSE or UNKNOWN (eligibility and registration)"},
			{Name: "presumed", Type: TextList, Doc: "criteria that were presumed, with the legal source"},
			{Name: "missing", Type: TextList, Doc: "facts that are missing, and where each could be had"},
			{Name: "left_values", Type: Text, Doc: "hash of the values as mapped of the register record, or of the record that would be kept; a verdict on the pair holds while they stay"},
			{Name: "right_values", Type: Text, Doc: "the same of the roster record, or of the record in question"},
			{Name: "supersedes", Type: Text, Doc: "what changed since an earlier run: revoked, corrected; empty otherwise"},
		},
	}
}

// Evaluation is the result of every programme for every person it could concern.
func Evaluation() Table {
	return Table{
		Name: "evaluation",
		Doc:  "the result of every programme for every person it concerns: the enrolled; and of the others those whose sex and age do not exclude them, and of whom a record speaks where the programme rests on an event",
		Columns: []Column{
			{Name: "subject_id", Type: Text, Key: true, Doc: "roster person"},
			{Name: "programme", Type: Text, Key: true, Doc: "code of the programme"},
			{Name: "outcome", Type: Text, Doc: "eligible, not_eligible or unknown"},
			{Name: "enrolled", Type: Boolean, Doc: "has an active enrolment in the programme"},
			{Name: "enrolment_id", Type: Text, Doc: "that enrolment, the earliest when there are several"},
			{Name: "area_code", Type: Text, Doc: "canonical area code of the subject"},
			{Name: "criteria", Type: TextList, Doc: "criterion=TRUE, FALSE or UNKNOWN; draws_no_excluding_programme=FALSE where another programme that the person draws excludes this one"},
			{Name: "presumed", Type: TextList, Doc: "criteria that were presumed, with the legal source"},
			{Name: "missing", Type: TextList, Doc: "facts that are missing"},
			{Name: "since", Type: Date, Doc: "day from which the outcome holds, where the facts tell"},
			{Name: "amount", Type: Amount, Doc: "what the programme's rules give the person, of an eligible one; empty where a fact for it is missing"},
		},
	}
}

// All lists the canonical tables in the order in which a run makes them.
func All() []Table {
	return []Table{
		Decision(), Baseline(), Judgement(), Reviewed(), Event(), Mention(), Identifier(), Household(), Enrolment(), Payment(), Attribute(),
		Cluster(), Entity(), EntityChange(), Person(), Link(), Family(), FamilyLink(), Fact(), Evaluation(), Proposal(),
		Stratum(), Sample(),
	}
}
