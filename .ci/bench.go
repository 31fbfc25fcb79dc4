//go:build ignore

// Makes countries of growing size, runs a job over each, and prints time and
// peak memory by stage, and how both grow.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"
)

type timing struct {
	Stage     string  `json:"stage"`
	Seconds   float64 `json:"seconds"`
	PeakBytes int64   `json:"peak_bytes"`
}

func main() {
	sizes := flag.String("members", "10000,100000,1000000", "roster members, about")
	preset := flag.String("preset", "mixed", "preset of the country")
	keep := flag.String("dir", "", "keep the countries in this folder")
	flag.Parse()
	dir := *keep
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "rollcall-bench-"); err != nil {
			fail(err)
		}
		defer os.RemoveAll(dir)
	}
	var columns []string
	results := map[string][]timing{}
	for _, size := range strings.Split(*sizes, ",") {
		columns = append(columns, size)
		results[size] = run(filepath.Join(dir, size), size, *preset)
	}
	print(columns, results)
}

// membersPerHousehold turns roster members into households of the country: about
// four fifths of them are in the roster.
const membersPerHousehold = 4

func run(dir, size, preset string) []timing {
	var members int
	if _, err := fmt.Sscan(size, &members); err != nil {
		fail(err)
	}
	if err := os.RemoveAll(dir); err != nil {
		fail(err)
	}
	began := time.Now()
	command("bin/rollcall", "synth", dir, "--preset", preset, "--households", fmt.Sprint(members/membersPerHousehold), "--months", "1")
	list := []timing{{Stage: "synth (not part of a run)", Seconds: time.Since(began).Seconds()}}
	began = time.Now()
	command("bin/rollcall", "run", filepath.Join(dir, "job.yaml"), "--as-of", "2026-08-31")
	whole := timing{Stage: "whole run", Seconds: time.Since(began).Seconds()}
	data, err := os.ReadFile(filepath.Join(dir, "out", "runs", "latest", "timings.json"))
	if err != nil {
		fail(err)
	}
	var stages []timing
	if err := json.Unmarshal(data, &stages); err != nil {
		fail(err)
	}
	for _, s := range stages {
		whole.PeakBytes = max(whole.PeakBytes, s.PeakBytes)
	}
	return append(append(list, stages...), whole)
}

func command(name string, args ...string) {
	cmd := exec.Command(name, args...)
	cmd.Stderr = os.Stderr
	if out, err := cmd.Output(); err != nil {
		os.Stderr.Write(out)
		fail(fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err))
	}
}

func print(columns []string, results map[string][]timing) {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "stage\t%s s\tgrowth\t%s MiB\t\n", strings.Join(columns, " s\t"), strings.Join(columns, " MiB\t"))
	for i, first := range results[columns[0]] {
		fmt.Fprintf(w, "%s\t", first.Stage)
		for _, c := range columns {
			fmt.Fprintf(w, "%.2f\t", results[c][i].Seconds)
		}
		last := results[columns[len(columns)-1]][i].Seconds
		fmt.Fprintf(w, "x%.1f\t", last/max(first.Seconds, 0.01))
		for _, c := range columns {
			fmt.Fprintf(w, "%d\t", results[c][i].PeakBytes>>20)
		}
		fmt.Fprintln(w)
	}
	w.Flush()
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
