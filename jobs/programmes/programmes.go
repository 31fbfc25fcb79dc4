// Package programmes holds the programme files that come with the program: three
// templates and those of real programmes, named by country, to be copied beside a
// job and brought to the law in force.
package programmes

import (
	"embed"
	"fmt"
)

//go:embed *.yaml
var files embed.FS

// Names lists the files in the order of their names: bd_old_age.yaml, ….
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

// Template is the text of one file.
func Template(name string) ([]byte, error) {
	data, err := files.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read programme template: %w", err)
	}
	return data, nil
}
