//go:build ignore

// Makes countries of growing size, runs a job over each, and prints time and
// peak memory by stage, and how both grow, as a table for docs/benchmarks.md.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// The country: so many members come from a household, as a part of the country is
// in the roster, and so many years of events name about as many people.
const (
	householdsPerThousandMembers = 401
	registerYears                = 14
)

type timing struct {
	Stage     string  `json:"stage"`
	Seconds   float64 `json:"seconds"`
	PeakBytes int64   `json:"peak_bytes"`
}

// result is one size as it was measured.
type result struct {
	members, mentions int64
	stages            []timing
}

func main() {
	sizes := flag.String("members", "10000,100000,1000000", "roster members, about")
	preset := flag.String("preset", "mixed", "preset of the country")
	keep := flag.String("dir", "", "keep the countries in this folder")
	dry := flag.Bool("dry-run", false, "stop after the gate")
	flag.Parse()
	dir := *keep
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "rollcall-bench-"); err != nil {
			fail(err)
		}
		defer os.RemoveAll(dir)
	}
	var results []result
	for _, size := range strings.Split(*sizes, ",") {
		members, err := strconv.Atoi(size)
		if err != nil {
			fail(err)
		}
		results = append(results, run(filepath.Join(dir, size), members, *preset, *dry))
	}
	print(results)
}

func run(dir string, members int, preset string, dry bool) result {
	if err := os.RemoveAll(dir); err != nil {
		fail(err)
	}
	began := time.Now()
	command("bin/rollcall", "synth", dir, "--preset", preset, "--months", "1",
		"--households", fmt.Sprint(members*householdsPerThousandMembers/1000), "--years", fmt.Sprint(registerYears))
	r := result{stages: []timing{{Stage: "synth (no part of the run)", Seconds: time.Since(began).Seconds()}}}
	args := []string{"run", filepath.Join(dir, "job.yaml"), "--as-of", "2026-08-31"}
	if dry {
		args = append(args, "--dry-run")
	}
	began = time.Now()
	command("bin/rollcall", args...)
	whole := timing{Stage: "whole run", Seconds: time.Since(began).Seconds()}
	runs := filepath.Join(dir, "out", "runs", "monthly-*")
	var stages []timing
	read(filepath.Join(runs, "timings.json"), &stages)
	for _, s := range stages {
		whole.PeakBytes = max(whole.PeakBytes, s.PeakBytes)
	}
	r.stages = append(append(r.stages, stages...), whole)
	r.count(runs)
	return r
}

// count tells how many people the roster and the register name.
func (r *result) count(runs string) {
	var sources []struct {
		Source string
		Used   int64
	}
	read(filepath.Join(runs, "stages", "mapping-*", "counts.json"), &sources)
	for _, s := range sources {
		if s.Source == "members" {
			r.members = s.Used
		}
	}
	var artifacts []struct {
		Table string `json:"table"`
		Rows  int64  `json:"rows"`
	}
	read(filepath.Join(runs, "stages", "standardise-*", "done.json"), &artifacts)
	for _, a := range artifacts {
		if a.Table == "mention" {
			r.mentions = a.Rows - r.members
		}
	}
}

// read reads the one JSON file of a pattern.
func read(pattern string, into any) {
	files, err := filepath.Glob(pattern)
	if err == nil && len(files) != 1 {
		err = fmt.Errorf("%d files are %s", len(files), pattern)
	}
	if err != nil {
		fail(err)
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		fail(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		fail(err)
	}
}

func command(name string, args ...string) {
	cmd := exec.Command(name, args...)
	cmd.Stderr = os.Stderr
	if out, err := cmd.Output(); err != nil {
		os.Stderr.Write(out)
		fail(fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err))
	}
}

// print writes seconds, their growth from size to size, and peak memory.
func print(results []result) {
	head, rule := "| roster members / register mentions |", "|---|"
	for i, r := range results {
		if head += fmt.Sprintf(" %d / %d, s |", r.members, r.mentions); i > 0 {
			head += " growth |"
			rule += "---:|"
		}
		rule += "---:|"
	}
	for _, r := range results {
		head += fmt.Sprintf(" %d, MiB |", r.members)
		rule += "---:|"
	}
	fmt.Println(head + "\n" + rule)
	for s, stage := range results[0].stages {
		line := "| " + stage.Stage + " |"
		for i, r := range results {
			if line += fmt.Sprintf(" %.2f |", r.stages[s].Seconds); i > 0 {
				line += fmt.Sprintf(" x%.1f |", r.stages[s].Seconds/max(results[i-1].stages[s].Seconds, 0.01))
			}
		}
		for _, r := range results {
			line += fmt.Sprintf(" %d |", r.stages[s].PeakBytes>>20)
		}
		fmt.Println(line)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
