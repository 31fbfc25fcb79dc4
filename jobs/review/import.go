package review

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"rollcall/jobs/cases"
	"rollcall/jobs/ledger"
)

// Import takes what a file decided into the ledger.
type Import struct {
	Ledger *ledger.Ledger
	Job    string
	Site   cases.Site
	File   *File
	Today  time.Time
	Person string      // who signed the file, or enters it
	Signed bool        // by Person, so that each row is Person's own
	Proof  cases.Proof // that it is Person
	DryRun bool        // nothing is recorded
}

// Outcome is what became of a row.
type Outcome string

// The outcomes of rows in which something was filled in.
const (
	Recorded Outcome = "recorded"
	Before   Outcome = "recorded before"
	Refused  Outcome = "refused"
)

// Result is what became of one row.
type Result struct {
	Row      Row
	CaseID   string
	Act      string // as written
	Reviewer string
	Outcome  Outcome
	Says     string // where the case stands now, or why the row is refused and what to do
}

// Rows takes the rows one by one: what is wrong about one touches no other. An
// error is of the ledger; the rows before it are recorded, and another import goes
// on from there.
func (i Import) Rows(ctx context.Context) ([]Result, error) {
	twins := map[string][]Row{}
	for _, r := range i.File.Rows {
		if given, found := i.checks(r); given == found {
			twins[r.caseID()] = append(twins[r.caseID()], r)
		}
	}
	var results []Result
	for _, r := range i.File.Rows {
		res := Result{Row: r, CaseID: r.line(caseName), Act: r.line(decisionName), Reviewer: r.line(reviewerName), Outcome: Refused}
		c, outcome, err := i.row(ctx, r, twins[r.caseID()])
		if err := res.settle(outcome, "the case is "+string(c.State), err); err != nil {
			return results, err
		}
		results = append(results, res)
	}
	return results, nil
}

// settle says what became of the row; an error that is no refusal is given back.
func (r *Result) settle(outcome Outcome, says string, err error) error {
	var refusal *refusal
	switch {
	case errors.As(err, &refusal):
		r.Says = refusal.Error()
	case err != nil:
		return fmt.Errorf("row %d: %w", r.Row.Number, err)
	default:
		r.Outcome, r.Says = outcome, says
	}
	return nil
}

// refusal is what is wrong about one row, and what to do.
type refusal struct{ says string }

func (r *refusal) Error() string { return r.says }

func refuse(format string, args ...any) error { return &refusal{fmt.Sprintf(format, args...)} }

func (i Import) row(ctx context.Context, r Row, twins []Row) (cases.Case, Outcome, error) {
	c, err := i.find(ctx, r, twins)
	if err != nil {
		return c, Refused, err
	}
	req, err := i.request(r, c)
	if err != nil {
		return c, Refused, refuse("%s", strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	if done(c, req) {
		return c, Before, nil
	}
	d, err := i.Site.Do(c, req, i.Today)
	switch {
	case errors.Is(err, cases.ErrStale):
		return c, Refused, refuse("%v: export it again and decide it as it stands now", err)
	case errors.Is(err, cases.ErrRefused):
		return c, Refused, refuse("%s", strings.TrimPrefix(err.Error(), cases.ErrRefused.Error()+": "))
	case err != nil:
		return c, Refused, err
	case i.DryRun:
		return c.After(d), Recorded, nil
	}
	c, err = i.Ledger.Do(ctx, i.Job, i.Site, req, i.Today)
	if errors.Is(err, cases.ErrStale) || errors.Is(err, cases.ErrRefused) {
		return c, Refused, refuse("%v", err) // somebody decided it in this moment
	}
	return c, Recorded, err
}

// find finds the case that a row is about, and whether the row is still the one
// that was given out.
func (i Import) find(ctx context.Context, r Row, twins []Row) (cases.Case, error) {
	id := r.caseID()
	switch {
	case r.formula != "":
		return cases.Case{}, refuse("the cell %q holds a formula: write its value", r.formula)
	case id == "":
		return cases.Case{}, refuse("the case is missing: put it back as it was given out, or empty the row")
	}
	c, err := i.Ledger.Case(ctx, i.Job, id)
	if errors.Is(err, ledger.ErrNoCase) {
		return c, i.unknown(ctx, id)
	}
	if err != nil {
		return c, err
	}
	if err := i.vouched(r); err != nil {
		return c, err
	}
	for _, t := range twins {
		if t.Number != r.Number {
			return c, refuse("row %d decides the same case: keep one of them", t.Number)
		}
	}
	return c, nil
}

// checks are the check that a row has, and the one that it should have.
func (i Import) checks(r Row) (given, found string) {
	return strings.ToLower(r.cells[checkName]), check(i.Job, r.caseID(), r.cells[versionName], func(name string) string { return r.cells[name] })
}

// vouched tells whether a row is as it was given out, apart from what was filled in.
func (i Import) vouched(r Row) error {
	given, found := i.checks(r)
	if given == found {
		return nil
	}
	if len(given) != len(found) {
		return refuse("the check is not as it was given out: put it back")
	}
	switch cells := altered(given, found); {
	case len(cells) == 0:
		return refuse("the check is not that of this case and version: put the row back as it was given out")
	case len(cells) > len(found)/4: // half of them: no cell but by chance
		return refuse("case, version and evidence do not belong together, as when columns were sorted apart or a case was pasted from another row: enter the decision into the file as it was given out")
	default:
		return refuse("evidence was altered, in %s: put it back as it was given out, or enter the decision into that file", strings.Join(cells, ", "))
	}
}

// unknown tells of a case that there is not, and which was probably meant.
func (i Import) unknown(ctx context.Context, id string) error {
	const digits = 16 // of a case id
	if strings.Trim(id, "0123456789.+e") == "" {
		if len(id) < digits {
			whole := strings.Repeat("0", digits-len(id)) + id
			if _, err := i.Ledger.Case(ctx, i.Job, whole); err == nil {
				return refuse("%q is no case of this job; a spreadsheet has eaten its zeros: write %s into a cell that is text", id, whole)
			}
		}
		return refuse("%q is no case of this job; a spreadsheet has made a number of it: write it as it was given out, into a cell that is text", id)
	}
	return refuse("%q is no case of this job: put it back as it was given out", id)
}

// done tells whether the ledger has the very decision already, as from an import before.
func done(c cases.Case, r cases.Request) bool {
	if r.Version >= len(c.History) {
		return false
	}
	d := c.History[r.Version] // the act that followed
	return d.Act == r.Act && d.ReasonCode == r.ReasonCode && d.On.Equal(r.On) && d.Note == strings.TrimSpace(r.Note) && d.Arrears == r.Arrears &&
		d.Decider() == r.Decider()
}
