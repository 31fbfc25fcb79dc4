//go:build ignore

// Runs go test, prints what a person needs of its output, and says which tests
// were left out and why. With ROLLCALL_NOTHING_LEFT_OUT a test that was left out
// fails the run, unless it belongs to make test-long or wants data that lie beside
// the project and that nobody can install: those are told and not counted.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

type event struct{ Action, Package, Test, Output string }

func main() {
	cmd := exec.Command("go", append([]string{"test", "-json"}, os.Args[1:]...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	output := map[string]string{}
	var passed, failed int
	var leftOut, long, beside []string
	lines := bufio.NewScanner(out)
	lines.Buffer(make([]byte, 1<<20), 1<<26)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Println(lines.Text())
			continue
		}
		name := e.Package + " " + e.Test
		switch e.Action {
		case "output":
			output[name] += e.Output
			if e.Test == "" && (strings.HasPrefix(e.Output, "ok ") || strings.HasPrefix(e.Output, "FAIL")) {
				fmt.Print(e.Output)
			}
		case "build-output":
			fmt.Print(e.Output)
		case "pass":
			if e.Test != "" {
				passed++
			}
		case "fail":
			if e.Test != "" {
				failed++
			}
			fmt.Print(output[name])
		case "skip":
			if e.Test == "" {
				continue
			}
			line := "  " + name + ": " + reason(output[name])
			switch {
			case strings.Contains(line, "test-long"):
				long = append(long, line)
			case strings.Contains(line, "beside the project"):
				beside = append(beside, line)
			default:
				leftOut = append(leftOut, line)
			}
		}
	}
	err = cmd.Wait()
	if all := append(leftOut[:len(leftOut):len(leftOut)], beside...); len(all) > 0 {
		fmt.Printf("\nLeft out here:\n%s\n", strings.Join(all, "\n"))
	}
	if len(long) > 0 {
		fmt.Printf("\nLeft to make test-long: %d\n", len(long))
	}
	fmt.Printf("\n%d passed, %d failed, %d skipped\n", passed, failed, len(leftOut)+len(long)+len(beside))
	switch {
	case err != nil:
		os.Exit(1)
	case len(leftOut) > 0 && os.Getenv("ROLLCALL_NOTHING_LEFT_OUT") != "":
		fmt.Println("Nothing may be left out in this run.")
		os.Exit(1)
	}
}

// reason is what the test said when it was skipped.
func reason(output string) string {
	for _, line := range strings.Split(output, "\n") {
		if _, text, ok := strings.Cut(line, ".go:"); ok {
			if _, text, ok = strings.Cut(text, ": "); ok {
				return text
			}
		}
	}
	return "no reason given"
}
