package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"rollcall/connectors"
	"rollcall/connectors/all"
	"rollcall/pipeline/pair"
)

// openFile makes a source of a file that is named on the command line: CSV, TSV,
// NDJSON, JSON, Parquet or XLSX, plain or compressed. A name that is no file may
// be a pattern of several.
func openFile(path string) (connectors.Source, error) {
	folder, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", path, err)
	}
	base := filepath.Base(path)
	switch info, err := os.Stat(path); {
	case err == nil && info.IsDir():
		return nil, usage(fmt.Errorf("%s is a folder, and a file is expected", path))
	case err == nil:
		base = asWritten.Replace(base)
	case errors.Is(err, fs.ErrNotExist) && !strings.ContainsAny(base, "*?["):
		return nil, usage(fmt.Errorf("there is no file %s", path))
	}
	return openFiles(folder, base)
}

// openFiles makes a source of the files below a folder that match a pattern.
func openFiles(folder, pattern string) (connectors.Source, error) {
	connector, ok := all.Registry().Lookup("files")
	if !ok {
		return nil, errors.New("the connector for files is not in the registry")
	}
	source, err := connector.New(connectors.Environment{DataFolder: folder, Getenv: os.LookupEnv}, connectors.Settings{"path": {pattern}})
	if err != nil {
		return nil, usage(fmt.Errorf("%s: %w", filepath.Join(folder, pattern), err))
	}
	return source, nil
}

// asWritten keeps the signs of a pattern from meaning one.
var asWritten = strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`)

// loadFile reads a file whole, apart from the columns to ignore.
func loadFile(ctx context.Context, path string, ignore []string, p *progress) (*pair.Table, error) {
	source, err := openFile(path)
	if err != nil {
		return nil, err
	}
	return load(ctx, path, source, ignore, p)
}

// loadFiles reads several files whole, at once. Of several errors the first file's
// is told.
func loadFiles(ctx context.Context, paths, ignore []string, p *progress) ([]*pair.Table, error) {
	tables, problems := make([]*pair.Table, len(paths)), make([]error, len(paths))
	var wg sync.WaitGroup
	for i, path := range paths {
		wg.Go(func() { tables[i], problems[i] = loadFile(ctx, path, ignore, p) })
	}
	wg.Wait()
	return tables, cmp.Or(problems...)
}

func load(ctx context.Context, path string, source connectors.Source, ignore []string, p *progress) (*pair.Table, error) {
	p.start("reading")
	t, err := pair.Load(ctx, path, source, connectors.Query{}, ignore, func(rows int) { p.show(fmt.Sprintf("%s, %d rows", filepath.Base(path), rows), 0) })
	if err != nil {
		var setting *connectors.SettingError
		if errors.As(err, &setting) {
			return nil, usage(err)
		}
		return nil, err
	}
	return t, nil
}

// asUsage marks what the files cannot fulfil as an error of the command line.
func asUsage(err error) error {
	var wish *pair.UsageError
	if errors.As(err, &wish) {
		return usage(err)
	}
	return err
}

// byteUnits of a size on the command line.
var byteUnits = []struct {
	suffix string
	bytes  int64
}{
	{"TiB", 1 << 40},
	{"GiB", 1 << 30},
	{"MiB", 1 << 20},
	{"KiB", 1 << 10},
	{"TB", 1e12},
	{"GB", 1e9},
	{"MB", 1e6},
	{"kB", 1e3},
	{"B", 1},
}

// parseSize reads a size such as 2GiB; "" is 0, which leaves the choice to the
// program.
func parseSize(text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	for _, u := range byteUnits {
		if number, ok := strings.CutSuffix(text, u.suffix); ok {
			n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
			if err == nil && n > 0 && n*float64(u.bytes) < 1<<62 {
				return int64(n * float64(u.bytes)), nil
			}
			break
		}
	}
	return 0, usage(fmt.Errorf("%q is no size: write a number and a unit, such as 2GiB", text))
}
