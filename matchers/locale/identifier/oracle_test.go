package identifier

import (
	"bufio"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"rollcall/matchers/locale"
)

// What two other programs make of the same numbers, python-stdnum 2.2 and idnumbers
// 1.22.0; see testdata/oracle.py, which also makes longer files (oracle-*.txt) than
// the one that is kept. Sri Lanka's check digit, which idnumbers takes from a post in
// a social network, is not ours, and neither is its count of days, as that of the
// department always has 29 February.
func TestOthersSayTheSame(t *testing.T) {
	files, err := filepath.Glob("testdata/oracle*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no answers of others: %v", err)
	}
	compared := 0
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		for lines.Scan() {
			compared++
			if diff := difference(strings.Fields(lines.Text())); diff != "" {
				t.Errorf("%s: %s", lines.Text(), diff)
			}
		}
		if err := lines.Err(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d numbers compared", compared)
}

// difference says in what a number differs from what another program says of it.
func difference(answer []string) string {
	typ, number, said := answer[0], answer[1], answer[3:]
	n := Read(typ, number)
	if valid := answer[2] == "valid"; valid != n.WellFormed() {
		if typ == "lk_nic" && !valid {
			return ""
		}
		if n.Problem == ProblemPlaceholder {
			return ""
		}
		return "ours has the problem " + strconv.Quote(n.Problem)
	}
	for _, s := range said {
		if s == "male" || s == "female" {
			if n.Sex != s {
				return "ours says the sex " + n.Sex
			}
			continue
		}
		// Two digits of a year fall in the century that the other takes.
		year, err := strconv.Atoi(s[:4])
		if err != nil {
			return err.Error()
		}
		born := n.Birth.Interval(year)
		if n.Birth.Century {
			born = n.Birth.in(n.Birth.Year)
		}
		ours := born.String()
		if len(s) == len("2006-01-02") && typ == "lk_nic" {
			day, ok := dayOf(s)
			if !ok || n.Birth.Contradicts(day) {
				return "ours says the birth " + ours
			}
			continue
		}
		if ours != s {
			return "ours says the birth " + ours
		}
	}
	return ""
}

func dayOf(s string) (locale.Interval, bool) {
	iv, _ := locale.Dates{}.Read(s)
	return iv, iv.Known()
}
