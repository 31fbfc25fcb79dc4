package audit

import (
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"rollcall/pipeline/store"
)

// archiveName is the folder in a run's with the files of its configuration.
const archiveName = "configuration"

// archivePath is where a file of the configuration is kept, below the run's folder
// also when it lay above the job file's.
func archivePath(name string) string {
	return path.Join(archiveName, strings.ReplaceAll(path.Clean("/"+strings.ReplaceAll(name, "../", "_up/")), "//", "/"))
}

// archive keeps the files of a run's configuration in its folder.
func archive(folder string, files []Reference) error {
	if err := os.RemoveAll(filepath.Join(folder, archiveName)); err != nil {
		return err
	}
	for _, f := range files {
		if f.Content == nil {
			continue
		}
		to := filepath.Join(folder, filepath.FromSlash(archivePath(f.Name)))
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(to, f.Content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// Archive is what a finished run was made of and what it made, as its folder has it.
type Archive struct {
	RunID, ProgramVersion, DuckDBVersion, ConfigSHA256 string

	Configuration []Reference // with their content
	Snapshots     []string    // folders, by source
	Sources       []string    // names, in the same order
	Tables        []TableHash // in the order of their paths
}

// TableHash is the content of one table of a run.
type TableHash struct {
	Stage         string // or reports
	Table         string
	File          string // path
	ContentSHA256 string
}

// ReadArchive reads the archive of a run by the manifest that the given hash
// vouches for. It fails when a file of the configuration is not as it was. Of the
// classes that were deleted it has the names and hashes alone.
func ReadArchive(folder, manifestSHA256 string, deleted ...Class) (a Archive, err error) {
	data, err := os.ReadFile(filepath.Join(folder, ManifestName))
	if err != nil {
		return a, fmt.Errorf("read manifest: %w", err)
	}
	if sumOf(data) != manifestSHA256 {
		return a, fmt.Errorf("%s was altered", filepath.Join(folder, ManifestName))
	}
	var m manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return a, fmt.Errorf("read manifest: %w", err)
	}
	a = Archive{RunID: m.RunID, ProgramVersion: m.ProgramVersion, DuckDBVersion: m.DuckDBVersion, ConfigSHA256: m.ConfigSHA256}
	for _, ref := range m.Configuration {
		if slices.Contains(deleted, Configuration) {
			a.Configuration = append(a.Configuration, ref)
			continue
		}
		file := filepath.Join(folder, filepath.FromSlash(archivePath(ref.Name)))
		if ref.Content, err = os.ReadFile(file); err != nil {
			return a, fmt.Errorf("read the archive of run %s, which runs of earlier programs have not: %w", m.RunID, err)
		}
		if sumOf(ref.Content) != ref.SHA256 {
			return a, fmt.Errorf("%s was altered", file)
		}
		a.Configuration = append(a.Configuration, ref)
	}
	for _, in := range m.Inputs {
		if !slices.Contains(deleted, Snapshots) {
			if err := checkSnapshot(folder, in); err != nil {
				return a, err
			}
		}
		a.Sources = append(a.Sources, in.Source)
		a.Snapshots = append(a.Snapshots, filepath.Dir(filepath.Join(folder, filepath.FromSlash(in.Files[0].Path))))
	}
	for _, f := range m.Files {
		if f.ContentSHA256 != "" {
			a.Tables = append(a.Tables, TableHash{stageOf(f.Path), f.Table, filepath.Join(folder, filepath.FromSlash(f.Path)), f.ContentSHA256})
		}
	}
	return a, nil
}

// checkSnapshot holds that the files of a snapshot are as they were.
func checkSnapshot(folder string, in input) error {
	for _, f := range in.Files {
		file := filepath.Join(folder, filepath.FromSlash(f.Path))
		if sum, err := store.FileHash(file); err != nil || sum != f.FileSHA256 {
			return fmt.Errorf("snapshot file %s is not as it was: %w", file, altered(err))
		}
	}
	return nil
}

func altered(err error) error {
	if err != nil {
		return err
	}
	return fmt.Errorf("its hash is another")
}

// stageOf is the stage that wrote a file: stages/link-0123456789ab/link.parquet.
func stageOf(p string) string {
	parts := strings.Split(p, "/")
	if parts[0] != "stages" {
		return parts[0]
	}
	stage, _, _ := strings.Cut(parts[1], "-")
	return stage
}
