package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"rollcall/pipeline"
	"rollcall/pipeline/family"
	"rollcall/pipeline/pair"
)

// sheetFormats write a family sheet.
var sheetFormats = map[string]func(*family.Sheet, io.Writer) error{
	"text": func(s *family.Sheet, w io.Writer) error { s.Print(w); return nil },
	"html": (*family.Sheet).Page,
	"json": (*family.Sheet).WriteJSON,
}

// familySheet writes the sheet of an id of a run.
func familySheet(ctx context.Context, folder, id, format, out string, stdout io.Writer) error {
	write, ok := sheetFormats[format]
	if !ok {
		return usage(fmt.Errorf("--format %s: of a family sheet there are text, html and json", format))
	}
	r, err := pipeline.Read(ctx, folder, nil, family.Tables()...)
	if errors.Is(err, fs.ErrNotExist) {
		return usage(fmt.Errorf("%s is no run of a job that got as far as its families: %w", folder, err))
	}
	if err != nil {
		return err
	}
	defer r.Close()
	s, err := family.Make(ctx, r.Session, id)
	if errors.Is(err, family.ErrNobody) {
		return usage(fmt.Errorf("%s: %w", folder, err))
	}
	if err != nil {
		return err
	}
	return writeOutput(stdout, out, func(w io.Writer) error { return write(s, w) })
}

// sheet makes the sheet of two records of whom an account tells as text; nil where they
// are not of a run's register and of a household.
func (x explainer) sheet(ctx context.Context, folder string, a *pair.Account) (*family.Sheet, error) {
	if x.format != "text" {
		return nil, nil
	}
	r, err := pipeline.Read(ctx, folder, nil, family.Tables()...)
	if errors.Is(err, fs.ErrNotExist) { // two files, or a run of an earlier version
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return family.Between(ctx, r.Session, a.Left.ID, a.Right.ID)
}
