package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"rollcall/jobs/config"
	"rollcall/matchers/model"
	"rollcall/pipeline/link"
)

// only is the one file that a pattern finds.
func only(t *testing.T, pattern string) string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) != 1 {
		t.Fatalf("%s finds %d files: %v", pattern, len(files), err)
	}
	return files[0]
}

// TestTrainedSpecificationsInAJob: what a run has learnt of households, relatives
// and namesakes, written down and put into its job, gives the same links.
func TestTrainedSpecificationsInAJob(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	mustRun(t, "synth", folder, "--households", "400", "--seed", "3")
	job := filepath.Join(folder, "job.yaml")
	latest := filepath.Join(folder, "out/latest/stages/link-*")
	mustRun(t, "run", job, "--as-of", "2026-08-31")
	trained, err := link.ReadReport(only(t, filepath.Join(latest, link.ReportName)))
	must(t, err)
	first := parquetColumns(t, only(t, filepath.Join(latest, "link.parquet")))

	section := "\nlink:\n"
	learnt := map[string]bool{}
	for _, l := range []link.Linkage{trained.Register, trained.Roster, trained.Across} {
		text, err := config.MarshalSpec(l.Specification)
		must(t, err)
		must(t, os.WriteFile(filepath.Join(folder, l.Kind+".yaml"), text, 0o600))
		section += "  " + l.Kind + ": " + l.Kind + ".yaml\n"
		p := l.Specification.Parameters
		for class, share := range map[string]float64{"household": p.Household, "kin": p.Kin, "namesakes": p.Namesakes, "neighbours": p.Neighbours, "borrowed": p.Borrowed} {
			learnt[class] = learnt[class] || share > 0
		}
	}
	for class, known := range learnt {
		if !known {
			t.Errorf("no class %s was learnt: the country is too small to say anything", class)
		}
	}
	f, err := os.OpenFile(job, os.O_APPEND|os.O_WRONLY, 0o600)
	must(t, err)
	_, err = f.WriteString(section)
	must(t, err)
	must(t, f.Close())
	mustRun(t, "run", job, "--as-of", "2026-08-31")
	again, err := link.ReadReport(only(t, filepath.Join(latest, link.ReportName)))
	must(t, err)
	if rounds := again.Register.Rounds + again.Roster.Rounds + again.Across.Rounds; rounds != 0 {
		t.Errorf("%d rounds of training, want none", rounds)
	}
	second := parquetColumns(t, only(t, filepath.Join(latest, "link.parquet")))
	for column, values := range first {
		if !slices.Equal(values, second[column]) {
			t.Errorf("%s of the links differs", column)
		}
	}
	if n := len(first["left_id"]); n < 500 {
		t.Errorf("%d links: too few to say anything", n)
	}
}

// hundreds writes a register of deaths and a roster of families with villages in
// districts, relatives who live apart, and identity numbers, whose columns bear
// the names of a job's. It tells what deaths and members are one person.
func hundreds(t *testing.T, folder string) (truth map[[2]string]bool) {
	t.Helper()
	rng := rand.New(rand.NewPCG(11, 13))
	syllables := strings.Fields("ra hi ma ka lo ti na su be da go pi ru fa jo le mi no sa tu")
	name := func(length int) string {
		n := ""
		for range length + rng.IntN(2) {
			n += syllables[rng.IntN(len(syllables))]
		}
		return strings.ToUpper(n[:1]) + n[1:]
	}
	header := []string{"given_name", "family_name", "sex", "birth", "address", "mother_name", "id_national_id"}
	deaths := [][]string{slices.Concat([]string{"death_no", "died_on"}, header)}
	roster := [][]string{slices.Concat([]string{"member_no", "household_no"}, header)}
	truth = map[[2]string]bool{}
	n := 0
	for house := range 350 {
		family, mother, road := name(3), name(2)+" "+name(2), name(3)+" "+name(2)
		for range 1 + rng.IntN(5) {
			n++
			if rng.IntN(8) == 0 { // a sister or brother who lives elsewhere
				road = name(3) + " " + name(2)
			}
			number := ""
			if rng.IntN(4) > 0 {
				number = fmt.Sprint(1_000_000_000 + rng.Int64N(8_000_000_000))
			}
			one := []string{name(2), family, []string{"male", "female"}[rng.IntN(2)], fmt.Sprintf("%d-%02d-%02d", 1930+rng.IntN(70), 1+rng.IntN(12), 2+rng.IntN(27)), road, mother, number}
			died, enrolled := rng.IntN(3) == 0, rng.IntN(4) > 0
			if died {
				deaths = append(deaths, slices.Concat([]string{fmt.Sprintf("D%04d", n), fmt.Sprintf("2026-%02d-11", 1+n%7)}, one))
			}
			if enrolled {
				if rng.IntN(5) == 0 {
					one[0] = one[0][:len(one[0])-1] + "e"
				}
				roster = append(roster, slices.Concat([]string{fmt.Sprintf("M%04d", n), fmt.Sprintf("H%03d", house)}, one))
			}
			if died && enrolled {
				truth[[2]string{fmt.Sprintf("D%04d", n), fmt.Sprintf("M%04d", n)}] = true
			}
		}
	}
	for file, rows := range map[string][][]string{"deaths.csv": deaths, "roster.csv": roster} {
		var b bytes.Buffer
		must(t, csv.NewWriter(&b).WriteAll(rows))
		must(t, os.WriteFile(filepath.Join(folder, file), b.Bytes(), 0o600))
	}
	return truth
}

// bits writes a weight with the decimals that all files have.
func bits(t *testing.T, text string) string {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	must(t, err)
	return strconv.FormatFloat(v, 'f', 3, 64)
}

const bothWaysJob = `rollcall: 1
name: both_ways
data: .
output: out
sources:
  deaths:
    side: crvs
    connector: files
    path: deaths.csv
    key: death_no
    map:
      event: {type: death, occurred: died_on}
      mentions:
        deceased: {given_name: given_name, family_name: family_name, sex: sex, birth: birth, address: address, mother_name: mother_name, identifiers: {national_id: id_national_id}}
  members:
    side: sp
    connector: files
    path: roster.csv
    key: member_no
    map:
      member: {household: household_no, given_name: given_name, family_name: family_name, sex: sex, birth: birth, address: address, mother_name: mother_name, identifiers: {national_id: id_national_id}}
link: {across: linked/spec.yaml}
`

// TestTwoFilesBothWays: the specification that link writes for two files gives the
// same links when it is used again, and as the link section of a job over them.
func TestTwoFilesBothWays(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	truth := hundreds(t, folder)
	files := []string{at("deaths.csv"), at("roster.csv"), "--ignore", "died_on,household_no"}
	mustRun(t, slices.Concat([]string{"link", "--out", at("linked")}, files)...)
	mustRun(t, slices.Concat([]string{"link", "--out", at("again"), "--spec", at("linked/spec.yaml")}, files)...)
	links, err := os.ReadFile(at("linked/links.csv"))
	must(t, err)
	again, err := os.ReadFile(at("again/links.csv"))
	must(t, err)
	if !bytes.Equal(links, again) {
		t.Error("used again, the specification gives other links")
	}
	spec, err := config.ParseSpec(at("linked/spec.yaml"))
	must(t, err)
	if spec.Parameters == nil || spec.Parameters.Household == 0 || len(spec.Comparisons) != 7 || !slices.ContainsFunc(spec.Comparisons, func(c model.Comparison) bool { return c.Shared }) {
		t.Errorf("households are not in play: %+v", spec)
	}

	must(t, os.WriteFile(at("job.yaml"), []byte(bothWaysJob), 0o600))
	mustRun(t, "run", at("job.yaml"), "--as-of", "2026-08-31")
	inJob := parquetColumns(t, only(t, at("out/latest/stages/link-*/link.parquet")))
	var byJob, byFiles []string
	for i, kind := range inJob["kind"] {
		if kind == "across" && inJob["accepted"][i] == "true" {
			byJob = append(byJob, strings.Split(inJob["left_id"][i], "/")[1]+" "+strings.Split(inJob["right_id"][i], "/")[1]+" "+bits(t, inJob["match_weight_bits"][i]))
		}
	}
	two := csvColumns(t, at("linked/links.csv"))
	right := 0
	for i, left := range two["left_id"] {
		byFiles = append(byFiles, left+" "+two["right_id"][i]+" "+bits(t, two["match_weight_bits"][i]))
		if truth[[2]string{left, two["right_id"][i]}] {
			right++
		}
	}
	slices.Sort(byJob)
	slices.Sort(byFiles)
	if !slices.Equal(byFiles, byJob) {
		t.Errorf("link finds %d links, the job %d, and they are not the same:\n%q\n%q", len(byFiles), len(byJob), byFiles[:3], byJob[:3])
	}
	if right < len(truth)*95/100 || right < len(byFiles)*98/100 {
		t.Errorf("%d links, %d of them right, of %d", len(byFiles), right, len(truth))
	}
}
