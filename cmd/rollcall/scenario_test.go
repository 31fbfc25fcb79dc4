package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	agefile "filippo.io/age"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"

	"rollcall/jobs/ledger"
	"rollcall/jobs/schedule"
)

// The test binary is also the program that the scenarios run.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"rollcall": main})
}

// TestScenarios runs the scripts of testdata/*/, each in a folder of its own with
// the village of testdata/village, through the real command line.
func TestScenarios(t *testing.T) {
	scripts, err := filepath.Glob("../../testdata/*/*.txtar")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("found %d scripts: %v", len(scripts), err)
	}
	shared := os.Getenv("ROLLCALL_SHARED")
	if shared == "" {
		shared, err = filepath.Abs("../../../shared")
		must(t, err)
	}
	shared = filepath.Join(shared, "datasets")
	verifier, err := filepath.Abs("../../docs/verify.py")
	must(t, err)
	testscript.Run(t, testscript.Params{
		Files:               scripts,
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("SHARED", shared)
			e.Setenv("VERIFY", verifier)
			return os.CopyFS(filepath.Join(e.WorkDir, "village"), os.DirFS("../../testdata/village"))
		},
		Condition: func(name string) (bool, error) {
			if name != "shared" {
				return false, fmt.Errorf("unknown condition %s", name)
			}
			_, err := os.Stat(shared)
			return err == nil, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"ends": ends, "balanced": balanced, "append": add, "replace": replace, "truncate": truncate, "zip": archive,
			"shuffle": shuffle, "contents": contents, "killed": killed, "seen": seen, "locked": locked, "reaches": reaches, "decided": decided,
			"crowd": crowd, "filled": filled, "opened": opened, "closed": closed,
		},
	})
}

// args holds how many arguments a command of the scripts got.
func args(ts *testscript.TestScript, got []string, want int, usage string) {
	if len(got) < want {
		ts.Fatalf("usage: %s", usage)
	}
}

// ends runs a command that has to end with an exit code: ends CODE COMMAND…
func ends(ts *testscript.TestScript, _ bool, a []string) {
	args(ts, a, 2, "ends CODE COMMAND…")
	var ended *exec.ExitError
	code := 0
	if err := ts.Exec(a[1], a[2:]...); errors.As(err, &ended) {
		code = ended.ExitCode()
	} else {
		ts.Check(err)
	}
	if want, err := strconv.Atoi(a[0]); err != nil || code != want {
		ts.Fatalf("ended with %d, want %s", code, a[0])
	}
}

// balanced holds that the last run printed, for each source, rows read = used +
// older versions + received later + rejected, and the given figures of one source:
// balanced SOURCE READ USED OLDER LATER REJECTED
func balanced(ts *testscript.TestScript, _ bool, a []string) {
	sources := map[string]string{}
	for _, line := range strings.Split(ts.ReadFile("stdout"), "\n") {
		fields := strings.Fields(line)
		if len(fields) != 6 {
			continue
		}
		var n [5]int
		ok := true
		for i := range n {
			v, err := strconv.Atoi(fields[i+1])
			n[i], ok = v, ok && err == nil
		}
		if !ok {
			continue
		}
		if n[0] != n[1]+n[2]+n[3]+n[4] {
			ts.Fatalf("rows read are not rows used and rejected: %s", line)
		}
		sources[fields[0]] = strings.Join(fields, " ")
	}
	if len(sources) == 0 {
		ts.Fatalf("nothing was said of rows")
	}
	if len(a) > 0 && sources[a[0]] != strings.Join(a, " ") {
		ts.Fatalf("printed %q, want %q", sources[a[0]], strings.Join(a, " "))
	}
}

// shuffle puts the rows of CSV files into another order: shuffle SEED FILE…
func shuffle(ts *testscript.TestScript, _ bool, a []string) {
	args(ts, a, 2, "shuffle SEED FILE…")
	seed, err := strconv.ParseUint(a[0], 10, 64)
	ts.Check(err)
	for _, pattern := range a[1:] {
		files, err := filepath.Glob(ts.MkAbs(pattern))
		ts.Check(err)
		if len(files) == 0 {
			ts.Fatalf("no file %s", pattern)
		}
		for _, file := range files {
			ts.Check(shuffleFile(file, rand.New(rand.NewPCG(seed, 1))))
		}
	}
}

func shuffleFile(file string, random *rand.Rand) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	rows, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	if err != nil {
		return err
	}
	body := rows[1:]
	random.Shuffle(len(body), func(i, j int) { body[i], body[j] = body[j], body[i] })
	var out strings.Builder
	if err := csv.NewWriter(&out).WriteAll(rows); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(out.String()), 0o600)
}

// contents writes the content hash of every table of a run: contents RUN FILE
func contents(ts *testscript.TestScript, _ bool, a []string) {
	args(ts, a, 2, "contents RUN FILE")
	var m struct {
		RunID         string `json:"run_id"`
		Inputs, Files []struct {
			Path, Source  string
			ContentSHA256 string `json:"content_sha256"`
		}
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(filepath.Join(a[0], "manifest.json"))), &m))
	lines := []string{"run " + m.RunID}
	for _, f := range slices.Concat(m.Inputs, m.Files) {
		if f.ContentSHA256 != "" {
			lines = append(lines, fmt.Sprintf("%s%s %s", f.Source, f.Path, f.ContentSHA256))
		}
	}
	slices.Sort(lines)
	ts.Logf("%d tables", len(lines)-1)
	ts.Check(os.WriteFile(ts.MkAbs(a[1]), []byte(strings.Join(lines, "\n")+"\n"), 0o600))
}

// unquoted is a text of a script with its \x00 and \n.
func unquoted(ts *testscript.TestScript, text string) string {
	text, err := strconv.Unquote(`"` + strings.ReplaceAll(text, `"`, `\"`) + `"`)
	ts.Check(err)
	return text
}

// add puts a text at the end of a file: append FILE TEXT
func add(ts *testscript.TestScript, _ bool, a []string) {
	args(ts, a, 2, "append FILE TEXT")
	f, err := os.OpenFile(ts.MkAbs(a[0]), os.O_APPEND|os.O_WRONLY, 0o600)
	ts.Check(err)
	_, err = f.WriteString(unquoted(ts, a[1]))
	ts.Check(errors.Join(err, f.Close()))
}

// crowd puts lines for so many people at the end of a file: crowd FILE COUNT LINE. In the
// line # is the number of a person, in three digits, @1 to @9 are names and %1 to %9 months
// and days of her own, the same in every file.
func crowd(ts *testscript.TestScript, _ bool, a []string) {
	args(ts, a, 3, "crowd FILE COUNT LINE")
	count, err := strconv.Atoi(a[1])
	ts.Check(err)
	f, err := os.OpenFile(ts.MkAbs(a[0]), os.O_APPEND|os.O_WRONLY, 0o600)
	ts.Check(err)
	for n := 1; n <= count; n++ {
		with := []string{"#", fmt.Sprintf("%03d", n)}
		for k := 1; k <= 9; k++ {
			random := rand.New(rand.NewPCG(uint64(n), uint64(k)))
			name := ""
			for range 3 {
				name += string("bdfghjklmnprstvz"[random.IntN(16)]) + string("aeiou"[random.IntN(5)])
			}
			with = append(with, fmt.Sprintf("@%d", k), strings.ToUpper(name[:1])+name[1:], fmt.Sprintf("%%%d", k), fmt.Sprintf("%02d-%02d", 1+random.IntN(12), 1+random.IntN(28)))
		}
		_, err = io.WriteString(f, strings.NewReplacer(with...).Replace(a[2])+"\n")
		ts.Check(err)
	}
	ts.Check(f.Close())
}

// filled fills in cells of a workbook, as a person does with a spreadsheet, in the row
// of the case or pair whose id is in a file: filled WORKBOOK FILE COLUMN=TEXT…
func filled(ts *testscript.TestScript, _ bool, a []string) {
	args(ts, a, 3, "filled WORKBOOK FILE COLUMN=TEXT…")
	book, err := excelize.OpenFile(ts.MkAbs(a[0]))
	ts.Check(err)
	sheet := book.GetSheetList()[0]
	if slices.Contains(book.GetSheetList(), "Cases") { // behind what to read first
		sheet = "Cases"
	}
	rows, err := book.GetRows(sheet)
	ts.Check(err)
	id := strings.TrimSpace(ts.ReadFile(a[1]))
	row := slices.IndexFunc(rows, func(r []string) bool { return len(r) > 0 && r[0] == id })
	for _, of := range a[2:] {
		column, text, _ := strings.Cut(of, "=")
		at := slices.Index(rows[0], column)
		if row < 0 || at < 0 {
			ts.Fatalf("%s has no case %s or no column %s", a[0], id, column)
		}
		cell, err := excelize.CoordinatesToCellName(at+1, row+1)
		ts.Check(err)
		if day, err := time.Parse(time.DateOnly, text); err == nil {
			ts.Check(book.SetCellValue(sheet, cell, day))
			continue
		}
		ts.Check(book.SetCellStr(sheet, cell, text))
	}
	ts.Check(errors.Join(book.Save(), book.Close()))
}

// replace changes all of a file's occurrences of a text: replace FILE OLD NEW
func replace(ts *testscript.TestScript, _ bool, a []string) {
	args(ts, a, 3, "replace FILE OLD NEW")
	text := ts.ReadFile(a[0])
	if !strings.Contains(text, a[1]) {
		ts.Fatalf("%s does not hold %q", a[0], a[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(a[0]), []byte(strings.ReplaceAll(text, a[1], unquoted(ts, a[2]))), 0o600))
}

// truncate cuts the last third off a file: truncate FILE
func truncate(ts *testscript.TestScript, _ bool, a []string) {
	args(ts, a, 1, "truncate FILE")
	info, err := os.Stat(ts.MkAbs(a[0]))
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(a[0]), info.Size()*2/3))
}

// archive makes a zip archive of one file under any name: zip ARCHIVE NAME FILE
func archive(ts *testscript.TestScript, _ bool, a []string) {
	args(ts, a, 3, "zip ARCHIVE NAME FILE")
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	member, err := w.Create(a[1])
	ts.Check(err)
	_, err = member.Write([]byte(ts.ReadFile(a[2])))
	ts.Check(errors.Join(err, w.Close()))
	ts.Check(os.WriteFile(ts.MkAbs(a[0]), packed.Bytes(), 0o600))
}

// killed starts a command and sends it SIGKILL when the ledger says that its run
// is in a stage: killed OUTPUT STAGE COMMAND…
func killed(ts *testscript.TestScript, _ bool, a []string) {
	args(ts, a, 3, "killed OUTPUT STAGE COMMAND…")
	cmd := exec.CommandContext(context.Background(), filepath.Join(strings.Split(ts.Getenv("PATH"), string(filepath.ListSeparator))[0], a[2]), a[3:]...)
	cmd.Dir = ts.MkAbs(".")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	ts.Check(cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case err := <-ended:
			ts.Fatalf("ended before it was in stage %s: %v\n%s", a[1], err, &said)
		case <-time.After(time.Millisecond):
		}
		if inStage(ts, ts.MkAbs(a[0]), a[1], cmd.Process.Pid) {
			break
		}
	}
	ts.Check(cmd.Process.Kill())
	if err := <-ended; err == nil {
		ts.Fatalf("ended by itself in stage %s", a[1])
	}
}

// inStage tells whether the process's run has come to a stage, or past it: some
// stages are too short to be met in.
func inStage(ts *testscript.TestScript, output, stage string, pid int) bool {
	l, err := ledger.OpenExisting(context.Background(), output, time.Now)
	if err != nil {
		return false // not there yet, or being made
	}
	defer func() { ts.Check(l.Close()) }()
	runs, err := l.Runs(context.Background(), ledger.Filter{})
	return err == nil && len(runs) > 0 && runs[0].Process.PID == pid && slices.Index(stageOrder, runs[0].Stage) >= slices.Index(stageOrder, stage)
}

// fixedClock is a time that stands still.
type fixedClock struct{ at time.Time }

func (c fixedClock) Now() time.Time { return c.at }

func (c fixedClock) After(time.Duration) (<-chan time.Time, func()) { return nil, func() {} }

// seen lets a scheduler see the jobs of a folder for the first time, some days
// ago: seen FOLDER DAYS
func seen(ts *testscript.TestScript, _ bool, a []string) {
	args(ts, a, 2, "seen FOLDER DAYS")
	days, err := strconv.Atoi(a[1])
	ts.Check(err)
	s := newScheduler(context.Background(), ts.MkAbs(a[0]), io.Discard)
	s.Clock = fixedClock{time.Now().AddDate(0, 0, -days)}
	results, err := s.Once(context.Background())
	ts.Check(err)
	if len(results) > 0 {
		ts.Fatalf("%d runs were due when the jobs were first seen", len(results))
	}
}

// locked holds a job's lock until the script ends: locked OUTPUT JOB
func locked(ts *testscript.TestScript, _ bool, a []string) {
	args(ts, a, 2, "locked OUTPUT JOB")
	lock, err := schedule.Acquire(ts.MkAbs(a[0]), a[1])
	ts.Check(err)
	ts.Defer(func() { ts.Check(lock.Release()) })
}

// reaches holds what evaluate printed against the least precision and recall at
// the run's own threshold: reaches PRECISION RECALL
func reaches(ts *testscript.TestScript, _ bool, a []string) {
	args(ts, a, 2, "reaches PRECISION RECALL")
	var least, got [2]float64
	_, line, found := strings.Cut(ts.ReadFile("stdout"), "run's ")
	var threshold float64
	if _, err := fmt.Sscan(line, &threshold, &got[0], &got[1]); err != nil || !found {
		ts.Fatalf("evaluate does not tell the run's own threshold: %v", err)
	}
	_, err := fmt.Sscan(strings.Join(a, " "), &least[0], &least[1])
	ts.Check(err)
	ts.Logf("precision %.4f, recall %.4f", got[0], got[1])
	if got[0] < least[0] || got[1] < least[1] {
		ts.Fatalf("precision %.4f and recall %.4f; want at least %g and %g", got[0], got[1], least[0], least[1])
	}
}

// decided records what an officer decided about two records that the job's latest
// run proposed something of: decided OUTPUT JOB KIND LEFT RIGHT
func decided(ts *testscript.TestScript, _ bool, a []string) {
	args(ts, a, 5, "decided OUTPUT JOB KIND LEFT RIGHT")
	ctx := context.Background()
	p := newProgress(io.Discard)
	proposals, err := runTable(ctx, ts.MkAbs(filepath.Join(a[0], "latest")), "proposal", p)
	ts.Check(err)
	value := func(row int, name string) string { return proposals.Columns[proposals.Column(name)].At(row) }
	for row := range proposals.Rows {
		ids := []string{value(row, "mention_id"), value(row, "other_mention_id")}
		if !slices.Contains(ids, a[3]) || !slices.Contains(ids, a[4]) || value(row, "right_values") == "" {
			continue
		}
		l, err := ledger.OpenExisting(ctx, ts.MkAbs(a[0]), time.Now)
		ts.Check(err)
		err = l.Decide(ctx, a[1], ledger.Decision{
			CaseID: value(row, "case_id"), Kind: a[2], DecidedOn: time.Now(), Person: "amina", Reason: "seen",
			LeftValues: value(row, "left_values"), RightValues: value(row, "right_values"),
		})
		ts.Check(errors.Join(err, l.Close()))
		return
	}
	ts.Fatalf("nothing is proposed of %s and %s", a[3], a[4])
}

// opened decrypts a file as a recipient does, with nothing of ours: opened IDENTITY FILE OUT
func opened(ts *testscript.TestScript, _ bool, a []string) {
	args(ts, a, 3, "opened IDENTITY FILE OUT")
	keys, err := agefile.ParseIdentities(strings.NewReader(ts.ReadFile(a[0])))
	ts.Check(err)
	r, err := agefile.Decrypt(strings.NewReader(ts.ReadFile(a[1])), keys...)
	ts.Check(err)
	data, err := io.ReadAll(r)
	ts.Check(errors.Join(err, os.WriteFile(ts.MkAbs(a[2]), data, 0o600)))
}

// closed encrypts a file as somebody does who sends it to us: closed KEY FILE OUT
func closed(ts *testscript.TestScript, _ bool, a []string) {
	args(ts, a, 3, "closed KEY FILE OUT")
	to, err := agefile.ParseX25519Recipient(a[0])
	ts.Check(err)
	var out bytes.Buffer
	w, err := agefile.Encrypt(&out, to)
	ts.Check(err)
	_, err = io.WriteString(w, ts.ReadFile(a[1]))
	ts.Check(errors.Join(err, w.Close(), os.WriteFile(ts.MkAbs(a[2]), out.Bytes(), 0o600)))
}
