package audit

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"rollcall/pipeline/store"
)

// Table finds a table of a finished run by the manifest that the given hash
// vouches for, and holds its file against it. It returns the file and the hash of
// its content. The error is fs.ErrNotExist where the folder, the file or the table
// is not there.
func Table(folder, manifestSHA256, table string) (path, contentSHA256 string, err error) {
	data, err := os.ReadFile(filepath.Join(folder, ManifestName))
	if err != nil {
		return "", "", fmt.Errorf("read manifest: %w", err)
	}
	if sumOf(data) != manifestSHA256 {
		return "", "", fmt.Errorf("%s was altered", filepath.Join(folder, ManifestName))
	}
	var m manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return "", "", fmt.Errorf("read manifest: %w", err)
	}
	for _, f := range m.Files {
		if f.Table != table {
			continue
		}
		path = filepath.Join(folder, filepath.FromSlash(f.Path))
		sum, err := store.FileHash(path)
		if err != nil {
			return "", "", err
		}
		if sum != f.FileSHA256 {
			return "", "", fmt.Errorf("%s was altered", path)
		}
		return path, f.ContentSHA256, nil
	}
	return "", "", fmt.Errorf("table %s of %s: %w", table, folder, fs.ErrNotExist)
}
