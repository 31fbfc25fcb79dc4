package cases

import "slices"

// ReasonsVersion names the closed list of reasons. It changes when the list does.
const ReasonsVersion = "2026-11"

// Memory is what later runs remember of a decision, as the pipeline reads it.
type Memory string

// What a decision can leave behind. All but the first hold while the compared
// values stay as they were mapped.
const (
	Nothing   Memory = ""
	Same      Memory = "same"      // the two records are one person's
	Different Memory = "different" // they are two persons'
	Confirmed Memory = "confirmed" // the line was right
	Rejected  Memory = "rejected"  // nothing is to be done on these grounds
)

// Reason is one entry of the closed list.
type Reason struct {
	Code   string
	Act    Act
	Kinds  []string // of cases; nil is all
	Memory Memory
	Text   string
	// Basis is a law that has this step, where the site names none of its own.
	Basis string
}

// Where the bases come from.
const (
	verification = "5 U.S.C. 552a(p)(1)(A): verified independently"
	notification = "5 U.S.C. 552a(p)(1)(B): notice with the findings and the right to contest"
	contest      = "5 U.S.C. 552a(p)(1)(C): the time to contest has run out"
	restoring    = "SSA POMS GN 02602.050: find how it happened, restore, pay what is due"
	accuracy     = "GDPR art. 5(1)(d): inaccurate data are rectified without delay"
)

// Reasons is the closed list. A code is never used again for something else.
func Reasons() []Reason {
	pairs := []string{"exit", "duplicate"}
	return []Reason{
		{"registry_extract", Verify, nil, Nothing, "an extract from the registry office was compared with the file", verification},
		{"family_statement", Verify, nil, Nothing, "the family stated it in writing", verification},
		{"village_office", Verify, nil, Nothing, "the village office stated it in writing", verification},
		{"health_facility", Verify, []string{"exit"}, Nothing, "the hospital or clinic stated it in writing", verification},
		{"home_visit", Verify, nil, Nothing, "an officer visited the household", verification},
		{"beneficiary_statement", Verify, []string{"duplicate", "eligibility"}, Nothing, "the beneficiary stated it in person", verification},
		{"document_seen", Verify, nil, Nothing, "an original document was seen", verification},

		{"served_in_person", Notice, nil, Nothing, "the notice was handed over", notification},
		{"served_by_post", Notice, nil, Nothing, "the notice was sent by registered post", notification},
		{"read_out", Notice, nil, Nothing, "the notice was read out to the household, before two witnesses", notification},

		{"objection", Object, nil, Nothing, "the household says that it is not so: it is verified anew", notification},

		{"no_answer", Approve, nil, Confirmed, "nobody answered within the time of the notice", contest},
		{"agreed", Approve, nil, Confirmed, "the household agreed in writing", contest},
		{"objection_not_upheld", Approve, nil, Confirmed, "the objection was heard, and a second verification confirmed it", contest},

		{"other_person", Withdraw, pairs, Different, "the two records are of two persons", accuracy},
		{"alive", Withdraw, []string{"exit"}, Rejected, "the beneficiary lives; the register's record is of somebody else or wrong", accuracy},
		{"record_wrong", Withdraw, nil, Rejected, "a source record is wrong, and its keeper was told", accuracy},
		{"genuine", Withdraw, []string{"duplicate", "eligibility"}, Rejected, "it is as it should be: both may stand", accuracy},
		{"criterion_met", Withdraw, []string{"eligibility"}, Rejected, "the criterion is met after all", accuracy},
		{"declined", Withdraw, []string{"registration", "reinstatement"}, Rejected, "the person does not want it", ""},
		{"already_done", Withdraw, nil, Nothing, "the programme office had acted already", ""},

		{"death_confirmed", Settle, []string{"exit"}, Same, "the death and whose it is were confirmed in the field: a later run proposes it on that ground", verification},
		{"records_joined", Settle, []string{"duplicate"}, Same, "the records were joined into one", accuracy},
		{"registry_told", Settle, []string{"duplicate", "exit"}, Nothing, "the registry office was told, and puts its record right", accuracy},
		{"document_obtained", Settle, []string{"eligibility"}, Nothing, "what was missing is now on file", ""},
		{"caregiver_named", Settle, []string{"eligibility"}, Nothing, "another caregiver was named", ""},
		{"applied", Settle, []string{"registration"}, Nothing, "the person was invited and applied", ""},

		{"false_match", Reinstate, nil, Different, "the two records were of two persons", restoring},
		{"wrong_record", Reinstate, nil, Rejected, "the register's record was wrong, revoked or corrected", restoring},
		{"clerical", Reinstate, nil, Rejected, "a mistake was made in the office", restoring},
		{"fraud", Reinstate, nil, Rejected, "the record was false on purpose", restoring},

		{"told", Tell, nil, Nothing, "an office that had received the exit was told", accuracy},
	}
}

// ReasonsFor are the reasons for an act on a kind of case.
func ReasonsFor(a Act, kind string) []Reason {
	var out []Reason
	for _, r := range Reasons() {
		if r.Act == a && (r.Kinds == nil || slices.Contains(r.Kinds, kind)) {
			out = append(out, r)
		}
	}
	return out
}
