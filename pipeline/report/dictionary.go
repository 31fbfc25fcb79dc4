package report

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"rollcall/pipeline/decide"
	"rollcall/pipeline/facts"
	"rollcall/pipeline/parentage"
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
	Codes      []dictionaryCode `json:"codes"`
	Facts      []dictionaryFact `json:"facts"`
	Files      []dictionaryFile `json:"files"`
	Programmes []Programme      `json:"programmes"`
}

const dictionaryName = "dictionary.json"

// ReadProgrammes reads from the reports of a run its as-of day and the programmes
// by which it decided.
func ReadProgrammes(folder string) (asOf time.Time, programmes []Programme, err error) {
	data, err := os.ReadFile(filepath.Join(folder, dictionaryName))
	if err != nil {
		return asOf, nil, fmt.Errorf("read the rules of a run: %w", err)
	}
	var d dictionary
	if err := json.Unmarshal(data, &d); err != nil {
		return asOf, nil, fmt.Errorf("read the rules of a run: %s: %w", dictionaryName, err)
	}
	if asOf, err = time.Parse(time.DateOnly, d.AsOf); err != nil {
		return asOf, nil, fmt.Errorf("read the rules of a run: %w", err)
	}
	return asOf, d.Programmes, nil
}

type dictionaryTier struct {
	Code    string `json:"code"`
	Title   string `json:"title"`
	Meaning string `json:"meaning"`
}

// dictionaryCode is one code of a closed list.
type dictionaryCode struct {
	Column  string `json:"column"`
	Code    string `json:"code"`
	Kind    string `json:"kind,omitempty"`           // of the proposal, or relation of a fact; none for all
	Tier    string `json:"no_higher_tier,omitempty"` // of a reason for a tier
	Meaning string `json:"meaning"`
	Action  string `json:"action,omitempty"`
	Ask     string `json:"ask,omitempty"` // what is asked of whom before anything changes
}

// dictionaryFact says which records make a predicate true and which false;
// without either it is unknown.
type dictionaryFact struct {
	Predicate string `json:"predicate"`
	Object    string `json:"object,omitempty"`
	True      string `json:"true"`
	False     string `json:"false,omitempty"`
	Interval  string `json:"interval,omitempty"`
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

// codes are the closed lists of codes that the files hold.
func codes() []dictionaryCode {
	var list []dictionaryCode
	for _, r := range decide.Reasons() {
		list = append(list, dictionaryCode{Column: "reason_code", Code: r.Code, Kind: r.Kind, Meaning: r.Text, Action: r.Action, Ask: r.Ask})
	}
	for _, r := range decide.TierReasons() {
		list = append(list, dictionaryCode{Column: "tier_reasons", Code: r.Code, Kind: r.Kind, Tier: r.Tier, Meaning: r.Text})
	}
	for _, c := range facts.Contradictions() {
		list = append(list, dictionaryCode{Column: "contradictions", Code: c.Code, Kind: "exit", Meaning: c.Text})
	}
	for _, c := range decide.DuplicateContradictions() {
		list = append(list, dictionaryCode{Column: "contradictions", Code: c.Code, Kind: "duplicate", Meaning: c.Text})
	}
	for _, r := range parentage.All() {
		list = append(list, dictionaryCode{Column: "contradictions", Code: string(r.Code), Kind: "relation", Meaning: r.Text})
	}
	for _, e := range decide.HouseholdEffects() {
		list = append(list, dictionaryCode{Column: "household_effects", Code: e.Code, Kind: "exit", Meaning: e.Text + "; the enrolment, person or household follows after a colon"})
	}
	return list
}

func predicates() []dictionaryFact {
	var list []dictionaryFact
	for _, r := range facts.Rules() {
		list = append(list, dictionaryFact(r))
	}
	return list
}

func (m *maker) writeDictionary(context.Context) error {
	d := dictionary{Version: 1, RunID: m.cfg.RunID, AsOf: m.asOf(), Notes: dictionaryNotes, Programmes: append([]Programme{}, m.cfg.Programmes...)}
	for _, t := range tiers {
		d.Tiers = append(d.Tiers, dictionaryTier{t.code, t.title, t.means})
	}
	d.Codes, d.Facts = codes(), predicates()
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
	f := File{Name: dictionaryName, About: "what every column of every file holds"}
	if err := os.WriteFile(m.part(f.Name), append(data, '\n'), 0o600); err != nil {
		return fmt.Errorf("write dictionary: %w", err)
	}
	return m.publish(f)
}
