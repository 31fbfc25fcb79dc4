package report

import (
	"context"
	"fmt"
	"io"

	"rollcall/pipeline/clerical"
	"rollcall/pipeline/pair"
)

// writeSample writes the pairs that people are to judge, as a workbook and as CSV.
func (m *maker) writeSample(ctx context.Context) error {
	sheet, err := clerical.Sheet(ctx, m.session, m.cfg.RunID)
	if err != nil {
		return fmt.Errorf("write sample: %w", err)
	}
	for _, f := range []struct {
		name  string
		write func(io.Writer) error
	}{{"sample.xlsx", sheet.WriteWorkbook}, {"sample.csv", sheet.WriteCSV}} {
		if err := pair.Replace(m.part(f.name), f.write); err != nil {
			return fmt.Errorf("write %s: %w", f.name, err)
		}
		about := "pairs of records for people to judge, one person or two, without what the program thinks of them"
		if err := m.publish(File{Name: f.name, Rows: int64(len(sheet.Lines)), About: about}); err != nil {
			return err
		}
	}
	return nil
}
