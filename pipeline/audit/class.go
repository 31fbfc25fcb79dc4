package audit

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// Class is a sort of a run's files, by what they tell of people and who still needs
// them: each may be kept for another time.
type Class string

// The classes. What belongs to none is kept: the manifest and SHA256SUMS, which hold
// hashes and no rows, and the times of the stages.
const (
	Snapshots     Class = "snapshots"
	Tables        Class = "tables"
	Entities      Class = "entities"
	Lists         Class = "lists"
	Quality       Class = "quality"
	Configuration Class = "configuration"
)

// ClassDoc says what a class holds.
type ClassDoc struct {
	Class Class
	Doc   string
}

// Classes are the classes, those that tell most of people first.
func Classes() []ClassDoc {
	return []ClassDoc{
		{Snapshots, "the rows of the sources as they were read, and those that were rejected"},
		{Tables, "what the stages worked on and found: people, links, families, facts, proposals"},
		{Lists, "the lists of action and the evaluations"},
		{Entities, "the ids that persons were given, without names, which the next run goes on with"},
		{Quality, "the pages and totals: index.html, quality.html, dictionary.json, totals_public.csv"},
		{Configuration, "the files of the run's configuration"},
	}
}

// pages are the reports of class Quality.
var pages = []string{"index.html", "quality.html", "dictionary.json", "totals_public.csv"}

// classOf is the class of a file by its path; that of a seal is the class of what it
// seals, and "" that of a file which is kept.
func classOf(p string) Class {
	of := strings.TrimSuffix(strings.TrimPrefix(p, sealsName+"/"), sealEnding)
	for strings.HasPrefix(of, "../") {
		of = strings.TrimPrefix(of, "../")
	}
	top, name := strings.Split(of, "/")[0], path.Base(of)
	switch {
	case top == "snapshots":
		return Snapshots
	case top == "stages" && name == tables.Entity().Name+".parquet":
		return Entities
	case top == "stages":
		return Tables
	case top == "reports" && slices.Contains(pages, name):
		return Quality
	case top == "reports":
		return Lists
	case top == archiveName:
		return Configuration
	}
	return ""
}

// File is one file that a run read or made.
type File struct {
	Path   string `json:"path"` // relative to the run's folder
	SHA256 string `json:"sha256"`
	Class  Class  `json:"-"`
}

// Files lists the files of a run that have a class, by the manifest that the given
// hash vouches for. A run that ended without one, whose hash is "", has those that lie
// in its folder; what it read is not known.
func Files(folder, manifestSHA256 string) ([]File, error) {
	if manifestSHA256 == "" {
		return filesThere(folder)
	}
	data, err := os.ReadFile(filepath.Join(folder, ManifestName))
	if err != nil {
		return nil, fmt.Errorf("read manifest: %w", err)
	}
	if sumOf(data) != manifestSHA256 {
		return nil, fmt.Errorf("%s was altered", filepath.Join(folder, ManifestName))
	}
	var m manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("read manifest: %w", err)
	}
	var out []File
	for _, f := range m.all() {
		if class := classOf(f.Path); class != "" {
			out = append(out, File{f.Path, f.FileSHA256, class})
		}
	}
	return out, nil
}

// Lying lists every file below a folder, without hashes and also those without a class,
// and says when the newest was written.
func Lying(folder string) (files []File, newest time.Time, err error) {
	err = filepath.WalkDir(folder, func(p string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if info.ModTime().After(newest) {
			newest = info.ModTime()
		}
		rel, err := filepath.Rel(folder, p)
		rel = filepath.ToSlash(rel)
		files = append(files, File{Path: rel, Class: classOf(rel)})
		return err
	})
	return files, newest, err
}

func filesThere(folder string) ([]File, error) {
	paths, err := walk(folder)
	if err != nil {
		return nil, err
	}
	var out []File
	for _, p := range paths {
		class := classOf(p)
		if class == "" {
			continue
		}
		sum, err := store.FileHash(filepath.Join(folder, filepath.FromSlash(p)))
		if err != nil {
			return nil, err
		}
		out = append(out, File{p, sum, class})
	}
	return out, nil
}
