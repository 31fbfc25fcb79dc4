package decide

// Reason is one entry of the closed list of reason codes.
type Reason struct {
	Code   string
	Kind   string // of the proposal
	Text   string // the reason in a sentence without names
	Action string // what the officer is asked to do; never to stop a payment unseen
	Ask    string // what is asked of whom before anything changes
}

// Reasons is the closed list. A code is never used again for something else.
func Reasons() []Reason {
	const (
		verify = "Ask the family or the village office for the death, in writing and with time to answer; then a second officer decides."
		visit  = "Visit the household, or have the beneficiary come in person."
		merge  = "Ask the person in which household he or she lives, and look at both files side by side."
	)
	return []Reason{
		{"death_corroborated", "exit", "A death registration and the roster record carry the same valid identifier, the names agree and so do other fields.", "verify and decide on the exit", verify},
		{"death_probable", "exit", "A death registration is probably this person's; the records do not prove it alone.", "compare the two records, then verify", verify},
		{"death_possible", "exit", "A death registration may be this person's; another person fits almost as well, or little agrees.", "verify in the field only", visit},
		{"death_in_conflict", "exit", "A death registration matches, and something speaks against it.", "settle the contradiction in the data first", "Ask the registry office and the programme office which of the two records is wrong; change nothing for the beneficiary."},
		{"enrolled_twice", "duplicate", "One person seems to have two enrolments in one programme.", "compare both enrolments; keep the earlier one if they are one person's", merge},
		{"excluding_programmes", "duplicate", "One person seems to be enrolled in two programmes that exclude each other.", "let the person choose, or apply the rule of precedence", "Ask the person which of the two is claimed."},
		{"combinable_programmes", "duplicate", "One person seems to have two records; the enrolments may both be right, for the programmes can be combined.", "compare the records and join them; leave the enrolments", merge},
		{"listed_twice", "duplicate", "One person seems to stand in the roster twice.", "compare the records and join them if they are one person's", merge},
		{"birth_registered_twice", "duplicate", "One birth seems to be registered twice; twins are told apart by the given name.", "tell the registry office", "Ask the registry office to compare the two registrations."},
		{"death_registered_twice", "duplicate", "One death seems to be registered twice.", "tell the registry office", "Ask the registry office to compare the two registrations."},
		{"criterion_not_met", "eligibility", "A record says that a criterion of the programme is not met.", "check the criterion with the person, then decide", "Tell the person which record says so, and hear the person before deciding."},
		{"criterion_unknown", "eligibility", "No record tells whether a criterion of the programme is met.", "obtain what is missing", "Ask for the missing document or statement; the enrolment goes on meanwhile."},
		{"hands_over", "eligibility", "A criterion of the programme is no longer met, and the person qualifies for the one to which it hands over.", "change the person over to the other programme", "Tell the person of the change; the payment goes on until the other one begins."},
		{"household_bound", "eligibility", "The household has more enrolments in the programme than its rules allow.", "check which enrolments the rule covers", "Ask the household which of its members are to be enrolled."},
		{"caregiver_bound", "eligibility", "One caregiver collects more enrolments of the programme than its rules allow.", "check which enrolments the rule covers", "Ask the caregiver for whom he or she cares, and in what relation."},
		{"caregiver_deceased", "eligibility", "The caregiver who collects for the beneficiary is reported dead; the enrolment itself stays.", "verify the death, then name a new caregiver", "Ask the household who cares for the beneficiary now."},
		{"death_gives_rise", "registration", "A member died, and the household seems to be entitled to a benefit that arises from the death.", "invite the household to apply", "Ask the household who applies, and whether it has been paid before."},
		{"handed_over", "registration", "The person no longer meets the criteria of one programme and qualifies for the one to which it hands over.", "change the person over to this programme", "Tell the person of the change; the present payment goes on until this one begins."},
		{"newborn", "registration", "A child under one year of age seems to be entitled and is not enrolled.", "invite to apply", "Ask the parents whether they wish to apply."},
		{"new_orphan", "registration", "Both parents died within the last year, and the child seems to be entitled and is not enrolled.", "invite to apply", "Ask who cares for the child now."},
		{"new_widow", "registration", "A spouse died within the last year, and the person seems to be entitled and is not enrolled.", "invite to apply", "Ask the person whether he or she wishes to apply."},
		{"birthday_reached", "registration", "The person reached the age within the last year, seems to be entitled and is not enrolled.", "invite to apply", "Ask the person whether he or she wishes to apply."},
		{"not_enrolled", "registration", "The person seems to be entitled and is not enrolled.", "invite to apply", "Ask the person whether he or she wishes to apply."},
		{"death_revoked", "reinstatement", "The death registration was revoked, and the enrolment was closed or suspended after it.", "restore the enrolment and find out how the record came about", "Ask the registry office for the reason of the revocation, and pay what is due."},
	}
}

// Endings are the reasons of lines that could end an enrolment, when a line of
// them is in no tier or in T1 or T2. All other lines ask for something, or give it.
func Endings() []string {
	return []string{"death_corroborated", "death_probable", "enrolled_twice", "excluding_programmes", "criterion_not_met", "household_bound"}
}

// HouseholdEffect is what a death changes for others, written as the code, a colon
// and the enrolment, person or household that it is about.
type HouseholdEffect struct{ Code, Text string }

// HouseholdEffects is the closed list of the codes that household_effects can hold.
func HouseholdEffects() []HouseholdEffect {
	return []HouseholdEffect{
		{"caregiver_to_change", "an enrolment needs another caregiver"},
		{"widow", "leaves a widow"},
		{"widower", "leaves a widower"},
		{"bereaved", "leaves a husband or wife"},
		{"orphan_both", "leaves a child who has lost both parents"},
		{"orphan_one", "leaves a child who has lost one parent"},
		{"head_to_change", "the household needs another head"},
	}
}
