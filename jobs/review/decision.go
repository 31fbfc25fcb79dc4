package review

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"rollcall/jobs/cases"
)

// request is what a row wants to be done, and all that nobody could understand of
// it. c is the case as it is now.
func (i Import) request(r Row, c cases.Case) (cases.Request, error) {
	req := cases.Request{
		CaseID: c.CaseID, Act: cases.Act(code(r.cells[decisionName])), ReasonCode: code(r.cells[reasonName]), Note: r.cells[noteName],
		Arrears: strings.ToUpper(r.cells[arrearsName]), Person: i.Person, File: i.File.SHA256, Proof: i.Proof,
	}
	var errs []error
	note := func(err error) { errs = append(errs, err) }
	var err error
	if req.Version, err = strconv.Atoi(r.cells[versionName]); err != nil || req.Version < 1 {
		note(fmt.Errorf("the version is %q, and was a number: put it back as it was given out", r.cells[versionName]))
	}
	reviewer, err := i.reviewer(r.cells[reviewerName])
	note(err)
	if reviewer != i.Person {
		req.For = reviewer
	}
	switch known := slices.ContainsFunc(cases.Transitions(), func(t cases.Transition) bool { return t.Act == req.Act }); {
	case req.Act == "":
		note(fmt.Errorf("the decision is missing: %s, or empty the row to leave the case open", cases.Either(acts(c))))
	case !known && len(acts(c)) > 0:
		note(fmt.Errorf("%q is no decision: write %s", r.cells[decisionName], cases.Either(acts(c))))
	case req.Act == cases.Tell:
		note(errors.New("who was told is entered with rollcall cases decide, one by one"))
	case req.Act != cases.Reinstate && req.Arrears != "":
		note(errors.New("arrears belong to reinstate alone: empty the cell"))
	}
	if text := r.cells[dayName]; text != "" { // the process tells of one that is missing
		req.On, err = readDay(text, i.File.from1904)
		note(err)
	}
	return req, errors.Join(errs...)
}

// code is a code as people write it: with other capitals, with spaces.
func code(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r == ' ' || r == '_' || r == '-' || r == '\u00a0' }), "_")
}

// reviewer finds whose decision a row is.
func (i Import) reviewer(text string) (string, error) {
	p, known := i.Site.Person(text)
	for _, q := range i.Site.People {
		if !known && strings.EqualFold(q.ID, text) {
			p, known = q, true
		}
	}
	switch {
	case text == "" && i.Signed:
		return i.Person, nil
	case text == "":
		return "", errors.New("the reviewer is missing: write the id of who decided")
	case !known:
		for _, q := range i.Site.People {
			if strings.EqualFold(q.Name, text) {
				return "", fmt.Errorf("the site file names no person %q: write the id, %s", text, q.ID)
			}
		}
		return "", fmt.Errorf("the site file names no person %q: write the id of who decided", text)
	case i.Signed && p.ID != i.Person:
		return "", fmt.Errorf("the file is signed by %s, and the row is decided by %s, who signs a file of their own, or has it entered with --entered-by", i.Person, p.ID)
	}
	return p.ID, nil
}

// dayParts are a day in numbers, in any order.
var dayParts = regexp.MustCompile(`^(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})$`)

// readDay reads a day as people and spreadsheets write it, where it can be only
// one day.
func readDay(text string, from1904 bool) (time.Time, error) {
	if serial, err := strconv.ParseFloat(text, 64); err == nil && serial > 0 && serial < math.MaxInt32 {
		return serialDay(text, serial, from1904)
	}
	date, _, _ := strings.Cut(strings.ReplaceAll(text, "T", " "), " ") // of a day with its midnight
	parts := dayParts.FindStringSubmatch(date)
	if parts == nil {
		return time.Time{}, fmt.Errorf("%q is no day: write it as 2026-08-31", text)
	}
	var n [3]int
	for i := range n {
		n[i], _ = strconv.Atoi(parts[i+1])
	}
	var readings []time.Time
	add := func(y, m, d int) {
		t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
		if t.Day() == d && int(t.Month()) == m && y >= 1900 && !slices.Contains(readings, t) {
			readings = append(readings, t)
		}
	}
	if len(parts[1]) == 4 {
		add(n[0], n[1], n[2])
	} else {
		add(n[2], n[1], n[0])
		add(n[2], n[0], n[1])
	}
	switch len(readings) {
	case 0:
		return time.Time{}, fmt.Errorf("there is no day %q: write it as 2026-08-31", text)
	case 2:
		return time.Time{}, fmt.Errorf("%q can be %s or %s: write one of them", text, readings[0].Format(time.DateOnly), readings[1].Format(time.DateOnly))
	}
	return readings[0], nil
}

// serialDay is a day as spreadsheets count it.
func serialDay(text string, serial float64, from1904 bool) (time.Time, error) {
	const least, most = 36526, 73050 // of the years 2000 to 2099; less is no day of a decision
	t, err := excelize.ExcelDateToTime(math.Floor(serial), from1904)
	if err != nil || serial < least-1462 || serial > most {
		return time.Time{}, fmt.Errorf("%q is no day: write it as 2026-08-31", text)
	}
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC), nil
}
