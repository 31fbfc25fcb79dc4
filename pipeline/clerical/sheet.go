package clerical

import (
	"context"
	"database/sql"
	"fmt"

	"rollcall/pipeline/pair"
	"rollcall/pipeline/store"
)

// Columns of a run's sheet beside those that pair has.
const (
	ReviewerColumn = "reviewer"
	NoteColumn     = "note"
	KindColumn     = "compared"
	RunColumn      = "run"
)

// kinds says what is compared, in words.
var kinds = map[string]string{
	"register": "two records of the register",
	"roster":   "two records of the roster",
	"across":   "a person of the register and one of the roster",
}

// Blank is a sheet without pairs.
func Blank() *pair.Sheet {
	shown := make([][2]string, len(columns))
	for i, name := range columns {
		shown[i] = [2]string{name, name}
	}
	return pair.NewSheet([]string{pair.PairColumn, pair.AnswerColumn, ReviewerColumn, NoteColumn, KindColumn}, shown, RunColumn)
}

// Sheet is the sheet of a run's sample, to be filled in. It holds personal data, and
// not what the program thinks of the pairs. The session has the table sample.
func Sheet(ctx context.Context, s *store.Session, runID string) (*pair.Sheet, error) {
	sheet := Blank()
	unnested := ""
	for i := range columns {
		unnested += fmt.Sprintf(", coalesce(left_shown[%d], ''), coalesce(right_shown[%[1]d], '')", i+1)
	}
	values := make([]string, 2*len(columns))
	var number, kind string
	into := []any{&number, &kind}
	for i := range values {
		into = append(into, &values[i])
	}
	err := each(ctx, s, "SELECT pair, kind"+unnested+" FROM sample ORDER BY pair", func(rows *sql.Rows) error {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		line := append([]string{number, "", "", "", kinds[kind]}, values...)
		sheet.Add(append(line, runID)...)
		return nil
	})
	return sheet, err
}
