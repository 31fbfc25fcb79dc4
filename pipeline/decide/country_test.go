package decide_test

import (
	"context"
	"testing"
	"time"

	"rollcall/pipeline/decide"
	"rollcall/pipeline/facts"
	"rollcall/pipeline/facts/scenario"
	"rollcall/pipeline/store"
)

var asOf = time.Date(2025, 7, 31, 0, 0, 0, 0, time.UTC)

const (
	memberColumns    = "mention_id side household_id role relationship_to_head full_name sex birth area_code mother_name father_name spouse_name status recorded_on"
	mentionColumns   = "mention_id side event_id role full_name sex birth area_code mother_name father_name spouse_name"
	eventColumns     = "event_id event_type occurred registered_on received_on status registration_number"
	linkColumns      = "kind left_id right_id accepted match_weight_bits match_probability margin_bits"
	enrolmentColumns = "enrolment_id programme mention_id household_id caregiver_mention_id status from_on to_on"
	paymentColumns   = "payment_id enrolment_id cycle amount currency channel paid_on"
	numberColumns    = "mention_id identifier_type value verified"
)

// oldAge pays 600 a month to people of 65.
func oldAge() decide.Programme {
	return decide.Programme{
		Code: "old_age", Version: "2025", ValidFrom: day("2025-01-01"), Subjects: "member",
		Criteria: []decide.Criterion{
			{Name: "alive", Expression: "alive", Presume: "met", Source: "Act 5, s. 3"},
			{Name: "age", Expression: "age_at_least(65)", Where: "birth certificate"},
		},
		Amount: decide.Amount{Value: "600.00", Currency: "BDT"}, Ends: "day", Timing: "arrears",
	}
}

func day(s string) time.Time {
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return d
}

// rahim is a pensioner with wife and child, all interviewed in 2020, whose death
// in February 2025 is registered in March and linked to him: a line of tier T1.
func rahim(t testing.TB) *scenario.World {
	w := scenario.New(t)
	w.Add("household", "household_id area_code", "h/1 | 10101")
	w.Add("mention", memberColumns, `
		m/1/member | sp | h/1 | member | head   | Rahim Uddin | male   | 1950-04-05 | 10101 | Amena Bibi | Karim Uddin | Salma Begum | active | 2020-03-01
		m/2/member | sp | h/1 | member | spouse | Salma Begum | female | 1958-06-07 | 10101 | | | Rahim Uddin | active | 2020-03-01
		m/3/member | sp | h/1 | member | child  | Jamal Uddin | male   | 2010-08-09 | 10101 | Salma Begum | Rahim Uddin | | active | 2020-03-01`)
	w.Add("event", eventColumns, "d/1 | death | 2025-02-10 | 2025-03-01 | 2025-03-20 | registered | R-1")
	w.Add("mention", mentionColumns, "d/1/deceased | crvs | d/1 | deceased | Rahim Uddin | male | 1950-04-05 | 10101 | Amena Bibi | Karim Uddin | Salma Begum")
	w.Add("identifier", numberColumns, `
		m/1/member   | national_id | 1234567891 | true
		d/1/deceased | national_id | 1234567891 |`)
	w.Add("link", linkColumns, "across | d/1/deceased | m/1/member | true | 20 | 0.99 |")
	w.Add("enrolment", enrolmentColumns, "e/1 | old_age | m/1/member | h/1 | | active | 2016-01-01 |")
	return w
}

// decideOn runs both stages.
func decideOn(w *scenario.World, programmes ...decide.Programme) { decideAt(w, asOf, programmes...) }

func decideAt(w *scenario.World, on time.Time, programmes ...decide.Programme) {
	makeFacts(w, on)
	w.Stage("decide", func(ctx context.Context, s *store.Session, st *store.Stage) error {
		return decide.Make(ctx, s, st, decide.Config{AsOf: on, Programmes: programmes})
	})
}

// tryDecide is decideOn for a configuration that is wrong.
func tryDecide(w *scenario.World, programmes ...decide.Programme) (err error) {
	makeFacts(w, asOf)
	w.Stage("decide", func(ctx context.Context, s *store.Session, st *store.Stage) error {
		err = decide.Make(ctx, s, st, decide.Config{AsOf: asOf, Programmes: programmes})
		return nil
	})
	return err
}

func makeFacts(w *scenario.World, on time.Time) {
	w.Settle()
	w.Stage("facts", func(ctx context.Context, s *store.Session, st *store.Stage) error {
		return facts.Make(ctx, s, st, facts.Config{AsOf: on})
	})
}
