package tables

import "slices"

// interval declares a date that may be unsure: as written, its bounds, and how
// precise it is (exact, near, month, year, age, default; NULL bounds when unknown).
func interval(name, doc string) []Column {
	return []Column{
		{Name: name + "_written", Type: Text, Doc: doc + ", as the source wrote it"},
		{Name: name + "_earliest", Type: Date, Doc: doc + ": first day it can be"},
		{Name: name + "_latest", Type: Date, Doc: doc + ": last day it can be"},
		{Name: name + "_precision", Type: Text, Doc: doc + ": exact, near (a day either way), month, year, age or default (a placeholder such as 1 January)"},
	}
}

// areaWritten is the column from which an area's code is found.
func areaWritten() Column {
	return Column{Name: "area_written", Type: Text, Doc: "area as the mapping gives it: a code, or names of the area and of those around it"}
}

// describing are the columns by which a person is compared, the same in
// mention and in person.
func describing() []Column {
	return slices.Concat([]Column{
		{Name: "given_name", Type: Text, Doc: "given names as written"},
		{Name: "family_name", Type: Text, Doc: "family names as written; NULL where the person or the culture has none"},
		{Name: "full_name", Type: Text, Doc: "whole name as written, or given and family joined"},
		{Name: "native_name", Type: Text, Doc: "whole name in its native script as written"},
		{Name: "given_norm", Type: Text, Doc: "given names in normal form"},
		{Name: "family_norm", Type: Text, Doc: "family names in normal form"},
		{Name: "full_norm", Type: Text, Doc: "whole name in normal form"},
		{Name: "script", Type: Text, Doc: "script of the name as written: Latin, Bengali, …"},
		{Name: "sex", Type: Text, Doc: "male, female or other; NULL when unknown"},
	}, interval("birth", "date of birth"), []Column{
		{Name: "area_code", Type: Text, Doc: "canonical code of the area of residence or of the event"},
		{Name: "address", Type: Text, Doc: "address as written"},
		{Name: "address_norm", Type: Text, Doc: "address in normal form"},
		{Name: "phone", Type: Text, Doc: "telephone number as written"},
		{Name: "phone_norm", Type: Text, Doc: "telephone number with its calling code (E.164) where the locale pack says the country, else digits only, without trunk or country prefix"},
		{Name: "mother_name", Type: Text, Doc: "mother's name as written"},
		{Name: "mother_norm", Type: Text, Doc: "mother's name in normal form"},
		{Name: "father_name", Type: Text, Doc: "father's name as written"},
		{Name: "father_norm", Type: Text, Doc: "father's name in normal form"},
		{Name: "spouse_name", Type: Text, Doc: "spouse's name as written"},
		{Name: "spouse_norm", Type: Text, Doc: "spouse's name in normal form"},
	})
}

// Sides of a run: the civil register and the social-protection roster.
const (
	Register = "crvs"
	Roster   = "sp"
)

// Mention is one person as one record names him.
func Mention() Table {
	return Table{
		Name: "mention",
		Doc:  "one person as one record names him: the deceased of a death, the mother in a birth, a member of a household",
		Columns: slices.Concat([]Column{
			{Name: "mention_id", Type: Text, Key: true, Doc: "source/native key/role; stable across runs. A roster member's role here is always member"},
			{Name: "side", Type: Text, Doc: "crvs (civil register) or sp (social-protection roster)"},
			{Name: "source", Type: Text, Doc: "name of the source in the job file"},
			{Name: "native_key", Type: Text, Doc: "key of the record in its source"},
			{Name: "event_id", Type: Text, Doc: "event that names him (register)"},
			{Name: "household_id", Type: Text, Doc: "household that lists him (roster)"},
			{Name: "role", Type: Text, Doc: "child, mother, father, deceased, spouse, informant, groom, bride; head, member, beneficiary, caregiver"},
			{Name: "relationship_to_head", Type: Text, Doc: "head, spouse, child, parent, sibling, grandchild, grandparent, in_law, other, none (roster)"},
			{Name: "status", Type: Text, Doc: "of a roster member: active, left or dead, as the roster itself says"},
			{Name: "recorded_on", Type: Date, Doc: "day of the interview or of the registration"},
			areaWritten(),
		}, describing(), []Column{
			{Name: "rules", Type: TextList, Doc: "standardisation rules that fired, in order"},
		}),
	}
}

// Identifier is one identity number that a mention carries.
func Identifier() Table {
	return Table{
		Name: "identifier",
		Doc:  "an identity number that a mention carries",
		Columns: []Column{
			{Name: "mention_id", Type: Text, Key: true, Doc: "mention that carries it"},
			{Name: "identifier_type", Type: Text, Key: true, Doc: "national_id, birth_registration, … as the mapping names it"},
			{Name: "written", Type: Text, Doc: "as the source wrote it"},
			{Name: "value", Type: Text, Doc: "letters and digits only, upper case; NULL for a placeholder, a number that too many bear, or one that is another's"},
			{Name: "verified", Type: Boolean, Doc: "the source says that it was checked against the issuing register; NULL when it says nothing"},
			{Name: "well_formed", Type: Boolean, Doc: "length, check digit and placeholder patterns are right"},
			{Name: "problem", Type: Text, Doc: "why it is not well formed: length, form, check_digit, inside (says a day, a place or a sex that does not exist), placeholder, masked, mangled, too_frequent, another_person (says another birth and another sex than the record)"},
			{Name: "bearers", Type: Integer, Doc: "mentions of the same side and kind of record that carry this value"},
			{Name: "rules", Type: TextList, Doc: "what the number says against the record: number_contradicts_birth, number_contradicts_sex"},
		},
	}
}

// Event is one vital event in its latest version received by the as-of day.
func Event() Table {
	return Table{
		Name: "event",
		Doc:  "one vital event, in its latest version received by the run's as-of day",
		Columns: slices.Concat([]Column{
			{Name: "event_id", Type: Text, Key: true, Doc: "source/native key"},
			{Name: "source", Type: Text, Doc: "name of the source in the job file"},
			{Name: "event_type", Type: Text, Doc: "birth, death, marriage or divorce"},
			{Name: "registration_number", Type: Text, Doc: "number that the register gave"},
		}, interval("occurred", "day of the event"), []Column{
			{Name: "registered_on", Type: Date, Doc: "day it was registered"},
			{Name: "received_on", Type: Date, Doc: "day this version reached us"},
			{Name: "version", Type: Integer, Doc: "version of the record, from 1"},
			{Name: "status", Type: Text, Doc: "registered, corrected, revoked or notified"},
			{Name: "office", Type: Text, Doc: "registry office"},
			areaWritten(),
			{Name: "area_code", Type: Text, Doc: "canonical code of the area of the event"},
			{Name: "plural", Type: Boolean, Doc: "the birth was a twin or higher-order birth"},
		}),
	}
}

// Household is one household of the roster.
func Household() Table {
	return Table{
		Name: "household",
		Doc:  "one household of the roster",
		Columns: []Column{
			{Name: "household_id", Type: Text, Key: true, Doc: "source/native key"},
			{Name: "source", Type: Text, Doc: "name of the source in the job file"},
			areaWritten(),
			{Name: "area_code", Type: Text, Doc: "canonical code of the area"},
			{Name: "address", Type: Text, Doc: "address as written"},
			{Name: "phone", Type: Text, Doc: "telephone number as written"},
			{Name: "enumerated_on", Type: Date, Doc: "day of the interview"},
		},
	}
}

// Enrolment is one beneficiary in one programme.
func Enrolment() Table {
	return Table{
		Name: "enrolment",
		Doc:  "one beneficiary in one programme",
		Columns: []Column{
			{Name: "enrolment_id", Type: Text, Key: true, Doc: "source/native key"},
			{Name: "source", Type: Text, Doc: "name of the source in the job file"},
			{Name: "programme", Type: Text, Doc: "code of the programme"},
			{Name: "mention_id", Type: Text, Doc: "roster member who is the beneficiary"},
			{Name: "household_id", Type: Text, Doc: "household of the beneficiary"},
			{Name: "caregiver_mention_id", Type: Text, Doc: "roster member who collects on behalf of the beneficiary"},
			{Name: "status", Type: Text, Doc: "active, suspended or closed"},
			{Name: "from_on", Type: Date, Doc: "first day"},
			{Name: "to_on", Type: Date, Doc: "last day; NULL while it goes on"},
		},
	}
}

// Payment is one payment on one enrolment.
func Payment() Table {
	return Table{
		Name: "payment",
		Doc:  "one payment on one enrolment",
		Columns: []Column{
			{Name: "payment_id", Type: Text, Key: true, Doc: "source/native key"},
			{Name: "source", Type: Text, Doc: "name of the source in the job file"},
			{Name: "enrolment_id", Type: Text, Doc: "enrolment that it pays"},
			{Name: "cycle", Type: Text, Doc: "month that it pays for, YYYY-MM"},
			{Name: "amount", Type: Amount, Doc: "amount paid"},
			{Name: "currency", Type: Text, Doc: "ISO 4217 code"},
			{Name: "channel", Type: Text, Doc: "in_person or remote (bank, mobile money); only the first is evidence of life"},
			{Name: "paid_on", Type: Date, Doc: "day it was paid out"},
		},
	}
}

// Attribute is one statement about a member or a household that programmes use.
func Attribute() Table {
	return Table{
		Name: "attribute",
		Doc:  "one statement about a member or a household that programmes use: income, poverty score, disability",
		Columns: []Column{
			{Name: "subject_id", Type: Text, Key: true, Doc: "mention_id or household_id"},
			{Name: "name", Type: Text, Key: true, Doc: "what is stated"},
			{Name: "source", Type: Text, Key: true, Doc: "name of the source in the job file"},
			{Name: "value", Type: Text, Doc: "as written"},
			{Name: "as_of", Type: Date, Doc: "day for which it is stated"},
		},
	}
}

// Reject is one row that was read and is not used, as its key says. It stands
// beside the canonical tables, for people: no stage reads it.
func Reject() Table {
	return Table{
		Name: "reject",
		Doc:  "one row that was read and is not used: without a key, or with one that another row has",
		Columns: []Column{
			{Name: "source", Type: Text, Key: true, Doc: "name of the source in the job file"},
			{Name: "native_key", Type: Text, Key: true, Doc: "the row's key; empty when it has none"},
			{Name: "reason", Type: Text, Key: true, Doc: "missing_key or duplicate_key"},
			{Name: "row_written", Type: Text, Key: true, Doc: "the columns that were read and their values, as written"},
			{Name: "ordinal", Type: Integer, Key: true, Doc: "1, 2, … among rows that are equal in all this"},
		},
	}
}

// Person is a cluster of mentions of one side, with the values that speak for it.
func Person() Table {
	return Table{
		Name: "person",
		Doc:  "the mentions of one side that were found to be one person, with the value of each field that most of them bear",
		Columns: slices.Concat([]Column{
			{Name: "person_id", Type: Text, Key: true, Doc: "stays from run to run; at first the least mention_id of its mentions"},
			{Name: "side", Type: Text, Doc: "crvs or sp"},
			{Name: "mentions", Type: Integer, Doc: "number of mentions"},
		}, describing()),
	}
}

// Cluster says which mentions are one person.
func Cluster() Table {
	return Table{
		Name: "cluster",
		Doc:  "which mentions are one person",
		Columns: []Column{
			{Name: "mention_id", Type: Text, Key: true, Doc: "mention"},
			{Name: "person_id", Type: Text, Doc: "person that it belongs to"},
			{Name: "side", Type: Text, Doc: "crvs or sp"},
			{Name: "match_probability", Type: Probability, Doc: "probability that the mention belongs to the person; 1 for a single mention"},
		},
	}
}

// EarlierEntity is the name under which a run reads the table entity of an earlier
// one, so that persons keep their ids; empty in a first run.
const EarlierEntity = "earlier_entity"

// Entity is whose person every mention is that this or an earlier run saw.
func Entity() Table {
	return Table{
		Name: "entity",
		Doc:  "the person of every mention of this run, and of those of earlier runs that are not here",
		Columns: []Column{
			{Name: "mention_id", Type: Text, Key: true, Doc: "mention"},
			{Name: "person_id", Type: Text, Doc: "person that it belongs to, or belonged to when it was last seen"},
			{Name: "side", Type: Text, Doc: "crvs or sp"},
			{Name: "seen_on", Type: Date, Doc: "as-of day of the last run that saw it"},
		},
	}
}

// EntityChange is what became of persons of earlier runs.
func EntityChange() Table {
	return Table{
		Name: "entity_change",
		Doc:  "persons of earlier runs whose mentions are not all where their id is",
		Columns: []Column{
			{Name: "previous_id", Type: Text, Key: true, Doc: "person_id of an earlier run"},
			{Name: "person_id", Type: Text, Key: true, Doc: "person that the mentions belong to now; empty when they are gone"},
			{Name: "side", Type: Text, Doc: "crvs or sp"},
			{Name: "mentions", Type: Integer, Doc: "number of those mentions"},
			{Name: "change", Type: Text, Doc: "merged (all its mentions are with those of another), split (some are a person of their own), moved (some are with those of another) or gone (of the last run, and no mention is here)"},
		},
	}
}

// apartReasons are the values of apart.
const apartReasons = "decided (people decided so), record (one record names both), twice (two births, or two deaths), sex (a woman and a man), time (one life cannot hold both: born after the other, or acting after the other died), number (two identity numbers that are known to be right, or that others of either bear too), together (too unlike with those that are one with either), roster (the roster lists two people who are likelier one with either, or knows of the one what the other is not)"

// Link is every scored pair above the floor.
func Link() Table {
	return Table{
		Name: "link",
		Doc:  "every scored pair above the floor: mentions of one side with each other, or register persons with roster persons",
		Columns: []Column{
			{Name: "kind", Type: Text, Key: true, Doc: "register (mentions of the register), roster (mentions of the roster) or across (register person, roster person)"},
			{Name: "left_id", Type: Text, Key: true, Doc: "mention_id, or person_id of the register"},
			{Name: "right_id", Type: Text, Key: true, Doc: "mention_id, or person_id of the roster"},
			{Name: "accepted", Type: Boolean, Doc: "at or above the threshold, and the best of both under one-to-one"},
			{Name: "match_weight_bits", Type: Bits, Doc: "log2 of the Bayes factor of the comparisons"},
			{Name: "family_weight_bits", Type: Bits, Doc: "part of the evidence that comes from relatives, bounded"},
			{Name: "match_probability", Type: Probability, Doc: "posterior probability, with one-to-one where it holds"},
			{Name: "margin_bits", Type: Bits, Doc: "bits over the best other candidate of either record; NULL when there is none"},
			{Name: "blocking_rule", Type: Text, Doc: "first blocking rule that found the pair"},
			{Name: "agreement", Type: TextList, Doc: "comparison=level, in the order of the specification; of one who died also listed=WHEN (BITS): whether the roster listed the other one before the death or after it, and what that says"},
			{Name: "family_evidence", Type: TextList, Doc: "what each relative says by herself, in bits: mother LEFT = RIGHT +3.2, of whom each is named by id as left_id and right_id are, or mother LEFT not there -1.1 where nobody beside the other looks like her (not there = RIGHT for a relative of the right record); together they weigh family_weight_bits"},
			{Name: "family_unweighed", Type: Text, Doc: "why relatives whom records name were not weighed, or not all: members (the household has more than 40, an institution), relatives (more than 40 are named of one person), pairs (the record has more pairs than work was allotted, and others were likelier); NULL elsewhere"},
			{Name: "decision", Type: Text, Doc: "same or different, where people decided; NULL elsewhere"},
			{Name: "apart", Type: Text, Doc: "why two records of one side that look like one person are kept apart: " + apartReasons},
			{Name: "joined_by", Type: Text, Doc: "roster where one person of the roster shows two records of the register to be one person, of which the register is not sure by itself, and register where one of the register shows it of two rows of the roster: match_probability is that of all together; NULL elsewhere"},
		},
	}
}

// Family is who belongs to which family of the register.
func Family() Table {
	return Table{
		Name: "family",
		Doc:  "who belongs to which family of the register: parents with their children, a couple without any, or a person whom no event ties to another. Whoever married twice, or is a child and a parent, is in several. A child of whom no record names a father is in the family of the mother alone, also where her other children have one",
		Columns: []Column{
			{Name: "family_id", Type: Text, Key: true, Doc: "person_id of the mother, +, and that of the father; of one of them where the other is not named. Of a couple the same, so that it keeps its id when a child comes (the lesser id first where neither sex is known); of a person alone his person_id"},
			{Name: "person_id", Type: Text, Key: true, Doc: "person of the register"},
			{Name: "role", Type: Text, Doc: "mother, father, child, spouse (husband or wife of a couple without children) or alone"},
		},
	}
}

// FamilyLink is where a family of the register may live.
func FamilyLink() Table {
	return Table{
		Name: "family_link",
		Doc:  "a family of the register and a household of the roster that share a person, or may be one: they are one if two persons are in both, or the only one of either. A family or a household of more than 40 says nothing and is left out",
		Columns: []Column{
			{Name: "family_id", Type: Text, Key: true, Doc: "family"},
			{Name: "household_id", Type: Text, Key: true, Doc: "household"},
			{Name: "accepted", Type: Boolean, Doc: "match_probability is one half at least"},
			{Name: "match_weight_bits", Type: Bits, Doc: "sum of match_weight_bits over the links in matched: what they say without what relatives say of each other"},
			{Name: "match_probability", Type: Probability, Doc: "probability that two persons of the family at least are members, or one where either has one only, from the match_probability of all their links"},
			{Name: "matched", Type: TextList, Doc: "accepted links that join the two, left_id=right_id"},
			{Name: "persons", Type: Integer, Doc: "persons of the family"},
			{Name: "members", Type: Integer, Doc: "persons of the household"},
		},
	}
}

// Fact is a three-valued statement about a roster person.
func Fact() Table {
	return Table{
		Name: "fact",
		Doc:  "a three-valued statement about a roster person, or a child that only the register knows, with the records that it rests on; a statement without a row is UNKNOWN",
		Columns: []Column{
			{Name: "subject_id", Type: Text, Key: true, Doc: "person_id of the roster; of the register for a child that only the register knows"},
			{Name: "predicate", Type: Text, Key: true, Doc: "deceased, alive, mother_of, child_of, spouse_of, widowed (of the object), household_member, …"},
			{Name: "object_id", Type: Text, Key: true, Doc: "other person for a relation, household for household_member; empty otherwise"},
			{Name: "value", Type: Text, Doc: "TRUE, FALSE or UNKNOWN; no record is UNKNOWN"},
			{Name: "from_on", Type: Date, Doc: "first day on which it can have begun"},
			{Name: "from_latest", Type: Date, Doc: "last day on which it can have begun"},
			{Name: "to_on", Type: Date, Doc: "last day on which it holds; NULL while it goes on"},
			{Name: "records", Type: TextList, Doc: "events, mentions, payments and attributes that it rests on"},
			{Name: "links", Type: TextList, Doc: "links that it rests on, left_id=right_id"},
			{Name: "probability", Type: Probability, Doc: "probability that the records are about the subject"},
			{Name: "contradictions", Type: TextList, Doc: "what speaks against it and leaves it UNKNOWN, by code: of a death, or of a relation that cannot be"},
		},
	}
}

// Decision is what people decided before, written from the ledger.
func Decision() Table {
	return Table{
		Name: "decision",
		Doc:  "what people decided about a case or a pair in earlier runs",
		Columns: []Column{
			{Name: "case_id", Type: Text, Key: true, Doc: "case, or pair for a verdict on two records"},
			{Name: "kind", Type: Text, Doc: "same, different, confirmed, rejected or withdrawn"},
			{Name: "decided_on", Type: Date, Doc: "day of the decision"},
			{Name: "left_values", Type: Text, Doc: "hash of the left record's compared values as mapped"},
			{Name: "right_values", Type: Text, Doc: "hash of the right record's compared values as mapped"},
		},
	}
}

// Baseline is the last good run's figures, written from the ledger.
func Baseline() Table {
	return Table{
		Name: "baseline",
		Doc:  "figures of the last good run of the job",
		Columns: []Column{
			{Name: "source", Type: Text, Key: true, Doc: "source, or list for figures of the lists"},
			{Name: "measure", Type: Text, Key: true, Doc: "rows, null_rate:COLUMN, unknown_codes:DIRECTORY, unreadable_values:FIELD, list:exits, …"},
			{Name: "value", Type: Text, Doc: "figure as decimal text"},
		},
	}
}
