// Package programmes holds the programme files that come with the program:
// templates to be copied beside a job and brought to one's own law.
package programmes

import (
	"embed"
	"fmt"
	"io/fs"
)

//go:embed *.yaml
var files embed.FS

// Names lists the templates: child_grant.yaml, old_age.yaml, widow.yaml.
func Names() []string {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(fmt.Sprintf("programmes: read the embedded folder: %v", err))
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names
}

// Files is the folder of the templates.
func Files() fs.FS { return files }

// Template is the text of one template.
func Template(name string) ([]byte, error) {
	data, err := files.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read programme template: %w", err)
	}
	return data, nil
}
