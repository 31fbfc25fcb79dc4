// Package locales holds the locale packs that come with the program: one file a
// country, by its ISO 3166 code, and one for what several countries share.
package locales

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed *.yaml
var files embed.FS

const extension = ".yaml"

// Names lists the packs: BD, ZZ.
func Names() []string {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(fmt.Sprintf("locales: read the embedded folder: %v", err))
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = strings.TrimSuffix(e.Name(), extension)
	}
	return names
}

// File is the text of one pack.
func File(name string) ([]byte, error) {
	data, err := files.ReadFile(name + extension)
	if err != nil {
		return nil, fmt.Errorf("read locale pack: %w", err)
	}
	return data, nil
}
