package audit

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"rollcall/pipeline/store"
)

// Kind says what is wrong with a file.
type Kind string

// The kinds of problem.
const (
	Altered Kind = "altered" // its bytes are not those that were written down
	Missing Kind = "missing"
	Unknown Kind = "unknown" // nobody wrote it down
)

// Problem is one file that is not as it was.
type Problem struct {
	Path string // relative to the run's folder
	Kind Kind
	Want string // SHA-256 that was written down; empty for an unknown file
	Got  string // SHA-256 of what is there; empty for a missing file
	// Where names the parts of an altered file that are not as they were sealed;
	// Unlocated says why there are none.
	Where     []string
	Unlocated string
}

// String tells a person, without what the file holds.
func (p Problem) String() string {
	switch p.Kind {
	case Altered:
		text := fmt.Sprintf("%s was altered: its SHA-256 is %s, and was %s", p.Path, p.Got, p.Want)
		switch {
		case len(p.Where) > 0:
			text += "; altered in it: " + strings.Join(p.Where, ", ")
		case p.Unlocated != "":
			text += "; what in it cannot be said: " + p.Unlocated
		}
		return text
	case Missing:
		return fmt.Sprintf("%s is missing; its SHA-256 was %s", p.Path, p.Want)
	default:
		return fmt.Sprintf("%s is unknown: the manifest does not list it", p.Path)
	}
}

// Verify compares the files of a run with its manifest and with SHA256SUMS, and
// looks for files that neither lists. No problem means that everything is as the
// run left it, provided that manifest.json itself is the one whose hash the
// ledger holds. An error means that the folder could not be read. With the key of
// rows it tells also what in an altered file is not as it was; key may be nil.
func Verify(folder string, key Key) ([]Problem, error) {
	if _, err := os.Stat(folder); err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	listed, problems, err := written(folder)
	if err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	altered, err := compare(folder, listed)
	if err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	for i := range altered {
		altered[i].locate(folder, key)
	}
	problems = append(problems, altered...)
	there, err := walk(folder)
	if err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	for _, path := range there {
		if _, ok := listed[path]; !ok {
			problems = append(problems, Problem{Path: path, Kind: Unknown})
		}
	}
	slices.SortFunc(problems, func(a, b Problem) int { return cmp.Compare(a.Path, b.Path) })
	return problems, nil
}

// compare hashes the files that were written down, several at once.
func compare(folder string, listed map[string]string) ([]Problem, error) {
	paths := slices.Sorted(maps.Keys(listed))
	found := make([]Problem, len(paths))
	var work errgroup.Group
	work.SetLimit(runtime.GOMAXPROCS(0))
	for i, path := range paths {
		work.Go(func() error {
			got, err := store.FileHash(filepath.Join(folder, filepath.FromSlash(path)))
			switch {
			case errors.Is(err, fs.ErrNotExist):
				found[i] = Problem{Path: path, Kind: Missing, Want: listed[path]}
			case err != nil:
				return err
			case got != listed[path]:
				found[i] = Problem{Path: path, Kind: Altered, Want: listed[path], Got: got}
			}
			return nil
		})
	}
	err := work.Wait()
	return slices.DeleteFunc(found, func(p Problem) bool { return p.Path == "" }), err
}

// locate finds what in an altered file is not as it was.
func (p *Problem) locate(folder string, key Key) {
	if p.Kind != Altered || !divides(p.Path) {
		return
	}
	if key == nil {
		p.Unlocated = "the key of rows is not at hand"
		return
	}
	var err error
	p.Where, err = locate(folder, p.Path, key)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		p.Unlocated = "it was not sealed"
	case err != nil:
		p.Unlocated = err.Error()
	case len(p.Where) == 0:
		p.Unlocated = "its seal was altered too"
	}
}

// written is what was written down: path to SHA-256, of every file but the two
// that say so. Each of these vouches for the other: SHA256SUMS has the hash of
// the manifest, and follows from it. Where SHA256SUMS has another
// hash of the manifest, the manifest is called altered and SHA256SUMS is
// believed; otherwise the manifest is.
func written(folder string) (listed map[string]string, problems []Problem, err error) {
	data, err := read(folder, ManifestName)
	if err != nil {
		return nil, nil, err
	}
	sums, err := read(folder, SumsName)
	if err != nil {
		return nil, nil, err
	}
	listed = parseSums(sums)
	want := listed[ManifestName]
	delete(listed, ManifestName)
	if sums == nil {
		problems = append(problems, Problem{Path: SumsName, Kind: Missing})
	}
	if data == nil {
		return listed, append(problems, Problem{Path: ManifestName, Kind: Missing, Want: want}), nil
	}
	var m manifest
	got := sumOf(data)
	if err := json.Unmarshal(data, &m); err != nil || (want != "" && got != want) {
		return listed, append(problems, Problem{Path: ManifestName, Kind: Altered, Want: want, Got: got}), nil
	}
	if derived := m.sums(got); sums != nil && !bytes.Equal(sums, derived) {
		problems = append(problems, Problem{Path: SumsName, Kind: Altered, Want: sumOf(derived), Got: sumOf(sums)})
	}
	clear(listed)
	for _, f := range m.all() {
		listed[f.Path] = f.FileSHA256
	}
	return listed, problems, nil
}

// read is a file of the folder, or nil when it is not there.
func read(folder, name string) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(folder, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
}

// parseSums reads the lines of SHA256SUMS that are lines of it.
func parseSums(data []byte) map[string]string {
	sums := map[string]string{}
	for line := range strings.Lines(string(data)) {
		if sum, path, ok := readSum(strings.TrimSuffix(line, "\n")); ok {
			sums[path] = sum
		}
	}
	return sums
}

// escaped are the characters that sha256sum writes with a backslash, marking the
// line with one as well.
var escaped = strings.NewReplacer("\\", "\\\\", "\n", "\\n", "\r", "\\r")

var unescaped = strings.NewReplacer("\\\\", "\\", "\\n", "\n", "\\r", "\r")

func writeSum(b *strings.Builder, sum, path string) {
	e := escaped.Replace(path)
	if e != path {
		b.WriteByte('\\')
	}
	fmt.Fprintf(b, "%s  %s\n", sum, e)
}

func readSum(line string) (sum, path string, ok bool) {
	line, marked := strings.CutPrefix(line, "\\")
	sum, path, ok = strings.Cut(line, "  ")
	if raw, err := hex.DecodeString(sum); !ok || err != nil || len(raw) != sha256.Size {
		return "", "", false
	}
	if marked {
		path = unescaped.Replace(path)
	}
	return sum, path, true
}

func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
