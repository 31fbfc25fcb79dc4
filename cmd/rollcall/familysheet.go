package main

import (
	"context"
	"errors"
	"io/fs"

	"rollcall/pipeline"
	"rollcall/pipeline/family"
	"rollcall/pipeline/pair"
)

// sheet makes the sheet of two records of whom an account tells as text; nil where they
// are not of a run's register and of a household.
func (x explainer) sheet(ctx context.Context, folder string, a *pair.Account) (s *family.Sheet, err error) {
	if x.format != "text" {
		return nil, nil
	}
	err = withFamilies(ctx, folder, func(r *family.Reader) (err error) {
		s, err = r.Between(ctx, a.Left.ID, a.Right.ID)
		return err
	})
	if errors.Is(err, fs.ErrNotExist) { // two files, or a run of an earlier version
		err = nil
	}
	return s, err
}

// withFamilies calls a function with the tables of a run.
func withFamilies(ctx context.Context, folder string, call func(*family.Reader) error) error {
	r, err := family.Open(ctx, func(table string) (string, error) { return pipeline.TableFile(folder, table) })
	if err != nil {
		return err
	}
	return errors.Join(call(r), r.Close())
}
