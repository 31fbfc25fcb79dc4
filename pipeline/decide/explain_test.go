package decide_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/pipeline/decide"
)

// TestExplain: what is said of a widow rests on the registrations that say it, what
// no register can know is presumed by its law, and what is missing is named.
func TestExplain(t *testing.T) {
	t.Parallel()
	w := family(t)
	w.Add("enrolment", enrolmentColumns, "e/1 | widow | m/1/member | h/1 | | active | 2021-01-01 |")
	w.Add("attribute", "subject_id name source value as_of", "h/1 | income | survey | 8000 | 2024-01-01\nh/1 | income | survey2 | 9000 | 2025-01-01\nh/1 | income | survey3 | 1 | 2026-01-01")
	p := widowAllowance()
	p.Excludes = nil
	p.Amount = decide.Amount{Value: "550.00"}
	p.Criteria = append(p.Criteria,
		decide.Criterion{Name: "income", Expression: "number('income') < 10000"},
		decide.Criterion{Name: "landless", Expression: "NOT yes('land')", Where: "land registry"},
		decide.Criterion{Name: "adult", Expression: "age_at_least(18)"})
	decideOn(w, p)
	a, err := decide.Explain(t.Context(), w.Session, p, asOf, "d/1/spouse") // a record of the register that is hers
	if err != nil {
		t.Fatal(err)
	}
	if a.Person != "m/1/member" || a.Outcome != "unknown" || a.Enrolment != "e/1" || cmp.Diff([]string{"criterion_unknown"}, a.Reasons) != "" {
		t.Errorf("%+v", a)
	}
	var got []string
	for _, c := range a.Criteria {
		line := []string{c.Name, c.Result, c.Presumed, c.Available, strings.Join(c.Missing, "+")}
		for _, e := range c.Evidence {
			line = append(line, e.Fact+": "+e.Value+" ["+strings.Join(e.Records, ", ")+"]")
		}
		got = append(got, strings.Join(line, "; "))
	}
	want := []string{
		"woman; TRUE; ; ; ; sex: female [roster record m/1/member]",
		"widowed; TRUE; ; ; ; widowed b/1/father: TRUE from 2020-05-10 [birth registration B-1 (b/1/father), birth registration B-1 (b/1/mother), death registration R-1 (d/1/deceased)]",
		"not_remarried; UNKNOWN; met; ; remarried",
		"income; TRUE; ; ; ; income: 9000 [statement of survey2 on h/1 of 2025-01-01]",
		"landless; UNKNOWN; ; land registry; attribute land",
		"adult; TRUE; ; ; ; born: 1980-06-07 [roster record m/1/member]",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if _, err := decide.Explain(t.Context(), w.Session, p, asOf, "d/1/deceased"); !errors.Is(err, decide.ErrNobody) {
		t.Errorf("the husband, whom no roster lists, is nobody here, got %v", err)
	}
	a, err = decide.Explain(t.Context(), w.Session, p, asOf, "m/2/member")
	if err != nil || a.Outcome != "not_concerned" {
		t.Errorf("of her son %+v, %v", a, err)
	}
}
