package demo

import (
	"context"
	_ "embed"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// Share is a count of a whole.
type Share struct{ Part, Whole int64 }

// Rate is the share as a number; 1 of nothing is 1.
func (s Share) Rate() float64 {
	if s.Whole == 0 {
		return 1
	}
	return float64(s.Part) / float64(s.Whole)
}

// Appraisal is how right a run was, against the truth of the made country.
type Appraisal struct {
	T1Right       Share // exits of tier T1 that are about the right person
	T1Found       Share // registered deaths with one valid identifier on both records that T1 has
	T2Right       Share
	T3Right       Share
	DeathsFound   Share // registered deaths of enrolled persons in any tier
	RegisterWrong int64 // exits about the right person whom the register wrongly says is dead
	Duplicates    Share // duplicates that are: precision
	DupesFound    Share // duplicates that were found: recall
	WrongDenials  Share // persons called not eligible who are entitled
	WrongGrants   Share // persons called eligible who are not entitled
	Unknown       int64 // evaluations that stay unknown
}

//go:embed appraise.sql
var appraiseSQL string

// Appraise compares a finished run's tables with the truth beside the country.
// tableFile tells where the run keeps a table.
func Appraise(ctx context.Context, country, scratch string, asOf time.Time, tableFile func(string) (string, error)) (Appraisal, error) {
	var a Appraisal
	readable := []string{country}
	files := map[string]string{}
	for _, name := range []string{"proposal", "evaluation", "mention", "identifier", "enrolment", "event", "cluster"} {
		file, err := tableFile(name)
		if err != nil {
			return a, fmt.Errorf("appraise: %w", err)
		}
		files[name] = file
		readable = append(readable, filepath.Dir(file))
	}
	s, err := store.Open(ctx, store.Options{Folder: scratch, Readable: readable})
	if err != nil {
		return a, fmt.Errorf("appraise: %w", err)
	}
	defer s.Close()
	for name, file := range files {
		if err := s.Attach(ctx, name, file); err != nil {
			return a, fmt.Errorf("appraise: %w", err)
		}
	}
	for _, name := range []string{"records", "deaths", "duplicates", "entitlements"} {
		err := s.Exec(ctx, fmt.Sprintf("CREATE VIEW truth_%s AS FROM read_csv(%s, header = true, all_varchar = true)",
			name, tables.Literal(filepath.Join(country, "truth", name+".csv"))))
		if err != nil {
			return a, fmt.Errorf("appraise: %w", err)
		}
	}
	script := strings.ReplaceAll(appraiseSQL, "$as_of", tables.Literal(asOf.Format(time.DateOnly)))
	script = strings.ReplaceAll(script, "$month", tables.Literal(asOf.Format("2006-01")))
	setup, final, _ := strings.Cut(script, "-- figures\n")
	if err := s.Exec(ctx, setup); err != nil {
		return a, fmt.Errorf("appraise: %w", err)
	}
	if err := s.Row(ctx, final,
		&a.T1Right.Part, &a.T1Right.Whole, &a.T2Right.Part, &a.T2Right.Whole, &a.T3Right.Part, &a.T3Right.Whole,
		&a.RegisterWrong, &a.T1Found.Part, &a.T1Found.Whole, &a.DeathsFound.Part, &a.DeathsFound.Whole,
		&a.Duplicates.Part, &a.Duplicates.Whole, &a.DupesFound.Part, &a.DupesFound.Whole,
		&a.WrongDenials.Part, &a.WrongDenials.Whole, &a.WrongGrants.Part, &a.WrongGrants.Whole, &a.Unknown); err != nil {
		return a, fmt.Errorf("appraise: %w", err)
	}
	return a, nil
}
