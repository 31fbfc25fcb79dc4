package recognise

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

const datasets = "../../../shared/datasets"

// readTable reads the header and the first rows of a CSV file.
func readTable(t *testing.T, file string, rows int) ([]string, func(int) []string) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	header, err := r.Read()
	if err != nil {
		t.Fatal(err)
	}
	columns := make([][]string, len(header))
	for range rows {
		row, err := r.Read()
		if err != nil {
			break
		}
		for i := range header {
			columns[i] = append(columns[i], row[i])
		}
	}
	return header, func(col int) []string { return columns[col] }
}

func TestDump(t *testing.T) {
	files, _ := filepath.Glob(datasets + "/*/*.csv")
	for _, f := range files {
		if filepath.Base(filepath.Dir(f)) == "names" || filepath.Base(f)[:2] == "tr" || filepath.Base(f)[:2] == "ke" || filepath.Base(f)[:2] == "la" {
			continue
		}
		names, sample := readTable(t, f, 10000)
		fmt.Println("==", f)
		for _, g := range Columns(names, sample) {
			fmt.Printf("  %-24s %-12s %-10s %-20s %.2f %s\n", g.Column, g.Kind, g.Subject, g.Meaning, g.Confidence, g.Why)
		}
	}
}
