package pair

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
)

//go:embed style.css
var styleSheet string

// Render writes a page that stands alone: with its style and no script.
func Render(w io.Writer, page string, values any) error {
	t, err := template.New("page").Funcs(template.FuncMap{
		"style": func() template.CSS { return template.CSS(styleSheet) },
	}).Parse(page)
	if err != nil {
		return fmt.Errorf("read template: %w", err)
	}
	return t.Execute(w, values)
}
