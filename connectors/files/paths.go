package files

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// below brings the patterns to slash form relative to the data folder and turns
// away those that lead out of it.
func below(folder string, paths []string) ([]string, error) {
	if len(paths) == 0 {
		return nil, wrong("path", "no file is named")
	}
	patterns := make([]string, len(paths))
	for i, p := range paths {
		relative := p
		if filepath.IsAbs(p) {
			var err error
			if relative, err = filepath.Rel(folder, p); err != nil {
				return nil, wrong("path", "%q lies outside the data folder", p)
			}
		}
		if relative == "" || !filepath.IsLocal(relative) {
			return nil, wrong("path", "%q lies outside the data folder", p)
		}
		patterns[i] = path.Clean(filepath.ToSlash(relative))
		if _, err := path.Match(patterns[i], ""); err != nil {
			return nil, wrong("path", "%q is not a valid pattern", p)
		}
	}
	return patterns, nil
}

// datePlace is {date} or {date:LAYOUT} in a path.
var datePlace = regexp.MustCompile(`\{date(?::([^}]*))?\}`)

func fillDate(pattern string, day time.Time) (string, error) {
	var err error
	filled := datePlace.ReplaceAllStringFunc(pattern, func(place string) string {
		layout := datePlace.FindStringSubmatch(place)[1]
		if layout == "" {
			layout = time.DateOnly
		}
		if day.IsZero() {
			err = wrong("path", "%q has a date, but the run has no as-of day", pattern)
		}
		return day.Format(layout)
	})
	return filled, err
}

// find lists the files that the patterns match, sorted by name, each once.
func (s *source) find(root *os.Root, asOf time.Time) ([]string, error) {
	var names []string
	for _, pattern := range s.patterns {
		filled, err := fillDate(pattern, asOf)
		if err != nil {
			return nil, err
		}
		matches, err := fs.Glob(root.FS(), filled)
		if err != nil {
			return nil, wrong("path", "%q is not a valid pattern", pattern)
		}
		files := 0
		for _, name := range matches {
			info, err := root.Stat(name)
			if err != nil {
				return nil, unreachable(name, err)
			}
			if info.Mode().IsRegular() {
				names = append(names, name)
				files++
			}
		}
		if files == 0 {
			return nil, unmatched(root, pattern, filled)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// unmatched says why a pattern gives no file.
func unmatched(root *os.Root, pattern, filled string) error {
	suffix := ""
	if filled != pattern {
		suffix = " (from " + pattern + ")"
	}
	if !strings.ContainsAny(filled, `*?[\`) {
		info, err := root.Stat(filled)
		switch {
		case err == nil && info.IsDir():
			return wrong("path", "%q is a folder, not a file%s", filled, suffix)
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return unreachable(filled, err)
		}
	}
	return wrong("path", "no file %q in the data folder%s", filled, suffix)
}

// unreachable tells a link that leaves the data folder from other troubles. The
// standard library does not export the error of os.Root for it.
func unreachable(name string, err error) error {
	if strings.Contains(err.Error(), "escapes from parent") {
		return wrong("path", "%q leads outside the data folder through a symbolic link", name)
	}
	var perr *fs.PathError
	if errors.As(err, &perr) {
		err = perr.Err
	}
	return wrong("path", "%q cannot be read: %v", name, err)
}
