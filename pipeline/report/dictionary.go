package report

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"rollcall/pipeline/tables"
)

// dictionary is the machine-readable description of the files. New versions add
// fields and columns; they take none away.
type dictionary struct {
	Version    int              `json:"version"`
	RunID      string           `json:"run_id"`
	AsOf       string           `json:"as_of"`
	Notes      []string         `json:"notes"`
	Tiers      []dictionaryTier `json:"tiers"`
	Files      []dictionaryFile `json:"files"`
	Programmes []dictionaryProg `json:"programmes"`
}

type dictionaryTier struct {
	Code    string `json:"code"`
	Title   string `json:"title"`
	Meaning string `json:"meaning"`
}

type dictionaryProg struct {
	Code    string `json:"code"`
	Title   string `json:"title"`
	Version string `json:"version"`
}

type dictionaryFile struct {
	Name    string             `json:"name"`
	Formats []string           `json:"formats"`
	About   string             `json:"about"`
	Order   []string           `json:"order"`
	Columns []dictionaryColumn `json:"columns"`
}

type dictionaryColumn struct {
	Name        string `json:"name"`
	Type        string `json:"type"`
	SQLType     string `json:"sql_type"`
	Key         bool   `json:"key,omitempty"`
	About       string `json:"about"`
	Heading     string `json:"sheet_heading,omitempty"`
	Neutralised bool   `json:"neutralised_in_csv,omitempty"`
}

// dictionaryNotes are the conventions of all files.
var dictionaryNotes = []string{
	nothingStops,
	"CSV is UTF-8 by RFC 4180: comma, double quotes, records end in CR LF, header first, an empty field is NULL.",
	"CSV: in columns marked neutralised_in_csv, a value that begins with = + - @ tab or carriage return has an apostrophe before it, so that a spreadsheet does not run it as a formula. Numbers and dates are never changed. Parquet holds the value itself; XLSX holds it in a cell of type text.",
	"CSV and XLSX join the elements of a list by '; '; Parquet holds a list.",
	"XLSX holds only the lines that ask for action, and the columns that have a sheet_heading.",
	"run_id and as_of are columns, so the Parquet files of several runs can be read as one.",
	"Amounts paid after an entitlement's end are a potential overpayment, subject to verification; never a debt.",
	"UNKNOWN is not FALSE: where no record was found, nothing is concluded from its absence.",
}

func (m *maker) writeDictionary(context.Context) error {
	d := dictionary{Version: 1, RunID: m.cfg.RunID, AsOf: m.asOf(), Notes: dictionaryNotes, Programmes: []dictionaryProg{}}
	for _, t := range tiers {
		d.Tiers = append(d.Tiers, dictionaryTier{t.code, t.title, t.means})
	}
	for _, p := range m.cfg.Programmes {
		d.Programmes = append(d.Programmes, dictionaryProg(p))
	}
	for _, l := range append(m.lists(), m.evaluations()) {
		f := dictionaryFile{Name: l.name, Formats: []string{"parquet", "csv"}, About: l.about, Order: l.order}
		if len(l.inSheet()) > 0 {
			f.Formats = append(f.Formats, "xlsx")
		}
		for _, c := range l.columns {
			f.Columns = append(f.Columns, dictionaryColumn{
				Name: c.Name, Type: c.Type.String(), SQLType: c.Type.SQL(), Key: c.Key, About: c.Doc,
				Heading: c.heading, Neutralised: c.foreign && (c.Type == tables.Text || c.Type == tables.TextList),
			})
		}
		d.Files = append(d.Files, f)
	}
	data, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return fmt.Errorf("write dictionary: %w", err)
	}
	f := File{Name: "dictionary.json", About: "what every column of every file holds"}
	if err := os.WriteFile(m.part(f.Name), append(data, '\n'), 0o600); err != nil {
		return fmt.Errorf("write dictionary: %w", err)
	}
	return m.publish(f)
}
