package report

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"os"
	"slices"
)

//go:embed templates
var templates embed.FS

// table is a table of a page, ready to be written.
type table struct {
	Caption string
	Head    []heading
	Rows    []row
	Foot    []string
	Note    string
	Cards   bool // on a narrow screen each row is a card of its own
}

// heading is one column of a table.
type heading struct {
	Title  string
	Number bool // aligned to the right
}

type row struct {
	Cells []string
	Class string // "", warn or hold
}

// withoutEmptyColumns leaves out the columns in which no row says anything.
func (t table) withoutEmptyColumns() table {
	for i := len(t.Head) - 1; i >= 0; i-- {
		if slices.ContainsFunc(t.Rows, func(r row) bool { return r.Cells[i] != "" }) {
			continue
		}
		t.Head = slices.Delete(t.Head, i, i+1)
		for k, r := range t.Rows {
			t.Rows[k].Cells = slices.Delete(r.Cells, i, i+1)
		}
	}
	return t
}

// faint tells a figure that is nothing, so that the eye finds the others.
func faint(cell string) bool { return cell == "0" || cell == "0.0" || cell == "–" }

// section is one part of the quality page or of a held run's page.
type section struct {
	ID, Title, About string
	Tables           []table
	Charts           []chart
	More             []table // what fewer people look at, folded away
	Folded           string  // title of what is folded away
}

type chart struct {
	Caption string
	Drawing template.HTML
}

// heads reads "Name" as a column of text and "#Name" as one of numbers.
func heads(titles ...string) []heading {
	out := make([]heading, len(titles))
	for i, t := range titles {
		out[i] = heading{Title: t}
		if t[0] == '#' {
			out[i] = heading{Title: t[1:], Number: true}
		}
	}
	return out
}

// page is what every page shows around its own content.
type page struct {
	Title, JobTitle, LegalBasis, RunID, AsOf, Program string
	Style                                             template.CSS
	Nothing                                           string
	Content                                           any
}

// writePage executes a template of the folder templates.
func (m *maker) writePage(f File, name, title string, content any) error {
	t, err := template.New("").Funcs(template.FuncMap{"faint": faint}).ParseFS(templates, "templates/*.html")
	if err != nil {
		return fmt.Errorf("read templates: %w", err)
	}
	style, err := templates.ReadFile("templates/style.css")
	if err != nil {
		return fmt.Errorf("read templates: %w", err)
	}
	var out bytes.Buffer
	err = t.ExecuteTemplate(&out, name, page{
		Title: title, JobTitle: m.cfg.JobTitle, LegalBasis: m.cfg.LegalBasis, RunID: m.cfg.RunID, AsOf: m.asOf(), Program: "rollcall " + m.cfg.ProgramVersion,
		Style: template.CSS(style), Nothing: nothingStops, Content: content,
	})
	if err != nil {
		return fmt.Errorf("write %s: %w", f.Name, err)
	}
	if err := os.WriteFile(m.part(f.Name), out.Bytes(), 0o600); err != nil {
		return fmt.Errorf("write %s: %w", f.Name, err)
	}
	return m.publish(f)
}
