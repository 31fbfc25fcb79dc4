package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rollcall/pipeline/alignment"
	"rollcall/pipeline/family"
	"rollcall/pipeline/link"
	"rollcall/pipeline/pair"
)

// TestWitnesses: what relatives say of the links of a job stands in the links, each
// relative with a member of the household in question, and explain shows it, for and
// against, as a bar of its own with names and dates.
func TestWitnesses(t *testing.T) {
	t.Parallel()
	latest := smallRun(t, "3")
	links := said(t, latest)
	household := households(t, latest)
	told, absent, best := 0, 0, pairOf{}
	for of, witnesses := range links {
		for _, w := range witnesses {
			switch {
			case w.Right == "":
				absent++
				if w.Bits > 0 {
					t.Errorf("a %s who is not there says %+.1f bits", w.Relation, w.Bits)
				}
			case !together(household[w.Right], household[of.right]) || w.Right == of.right:
				t.Fatalf("a %s of another household, or the member himself", w.Relation)
			default:
				told++
			}
			if w.Bits > 10 && w.Right != "" && of.left+of.right > best.left+best.right {
				best = of
			}
		}
	}
	if told < 50 || absent < 20 || best.left == "" {
		t.Fatalf("%d relatives are found and %d not", told, absent)
	}

	var account pair.Account
	must(t, json.Unmarshal([]byte(mustRun(t, "explain", latest, best.left, best.right, "--format", "json")), &account))
	e := account.Explanation
	if e.Family == nil || len(e.Family.Relatives) != len(links[best]) {
		t.Fatalf("explained by the relatives %+v, told are %d", e.Family, len(links[best]))
	}
	if want := 1 / (1 + math.Exp2(-e.PriorBits-e.WeightBits-e.Family.Bits)); math.Abs(e.Probability-want) > 1e-9 {
		t.Errorf("probability %g by itself, and the bits say %g", e.Probability, want)
	}
	wholeNameOfALink(t, latest, slices.SortedFunc(maps.Keys(links), func(a, b pairOf) int { return strings.Compare(a.left+a.right, b.left+b.right) }))
	sheetOfALink(t, latest, best, e)
	listOfFamilies(t, latest)
	pairsNotHeld(t, latest)
	text, page := mustRun(t, "explain", latest, best.left, best.right), mustRun(t, "explain", latest, best.left, best.right, "--format", "html")
	contains(t, text, "(relatives)", "relatives: "+e.Family.Words, " found in the household", "by comparison")
	contains(t, page, "Relatives whom the records name", e.Family.Words, `class="row-relative"`)
	for _, r := range e.Family.Relatives {
		if r.Right != nil {
			line := "= " + r.Right.Name + " (" // on the sheet of both
			if !strings.Contains(text, "also listed as "+r.Right.ID) {
				line += r.Right.ID // she has no other row, by which this household lists her
			}
			contains(t, text, line)
		}
		if r.Left.ID == "" || r.Left.Name == "" {
			t.Errorf("a %s without id or name", r.Relation)
		}
		contains(t, text, r.Left.ID)
		if r.Right != nil {
			contains(t, text, r.Right.ID)
		}
	}
}

// wholeNameOfALink holds that somebody whose name a record writes whole has it in the account.
func wholeNameOfALink(t *testing.T, latest string, links []pairOf) {
	t.Helper()
	at := slices.IndexFunc(links, func(of pairOf) bool { return strings.HasSuffix(of.left, "/spouse") })
	if at < 0 {
		t.Fatal("no link of a spouse whom a death names")
	}
	text := mustRun(t, "explain", latest, links[at].left, links[at].right)
	if regexp.MustCompile(`(?m)^given_name +\(none\)`).MatchString(text) {
		t.Errorf("the account has no name of the spouse:\n%s", text)
	}
}

// sheetOfALink holds that the sheet of a household has the links of the run with what they
// weigh, and the account of a link ends with that sheet; of two records of one side
// there is none.
func sheetOfALink(t *testing.T, latest string, best pairOf, e pair.Explanation) {
	t.Helper()
	var s family.Sheet
	must(t, json.Unmarshal([]byte(mustRun(t, "families", latest, best.right, "--format", "json")), &s))
	if s.Household == nil {
		t.Fatal("the sheet has no household")
	}
	member := slices.IndexFunc(s.Household.Members, func(m family.Member) bool { return m.Person == best.right })
	at := slices.IndexFunc(s.Lines, func(l family.Line) bool { return l.Person == best.left && l.Member == s.Household.Members[member].ID })
	if at < 0 {
		t.Fatal("the sheet has no line for a link")
	}
	if l := s.Lines[at]; math.Abs(l.WeightBits-e.WeightBits) > .001 || math.Abs(l.FamilyBits-e.Family.Bits) > .001 {
		t.Errorf("the line weighs %+.3f and %+.3f bits, the link %+.3f and %+.3f", l.WeightBits, l.FamilyBits, e.WeightBits, e.Family.Bits)
	}
	for _, m := range s.Household.Members {
		line := slices.ContainsFunc(s.Lines, func(l family.Line) bool { return l.Accepted && l.Member == m.ID })
		missing := slices.ContainsFunc(s.Missing, func(a family.Absence) bool { return a.ID == m.ID })
		if line == missing {
			t.Errorf("a member with a line is missing, or one without is not")
		}
	}
	for id, of := range map[string]bool{best.right: true, best.left: false} {
		text := mustRun(t, "explain", latest, best.left, id)
		if sheet := strings.Contains(text, "\nThe roster\n"); sheet != of {
			t.Errorf("the account has a sheet: %v, want %v", sheet, of)
		}
	}
}

// pairOf are the ids of a link.
type pairOf struct{ left, right string }

// said is what relatives say of the links of a run that join both sides.
func said(t *testing.T, latest string) map[pairOf][]link.Witness {
	t.Helper()
	table, err := runTable(t.Context(), latest, "link", newProgress(&strings.Builder{}))
	must(t, err)
	out := map[pairOf][]link.Witness{}
	r := run{links: table}
	for row := range table.Rows {
		if r.links.Value(row, "kind") != "across" {
			continue
		}
		var texts []string
		must(t, json.Unmarshal([]byte(r.links.Value(row, "family_evidence")), &texts))
		of := pairOf{r.links.Value(row, "left_id"), r.links.Value(row, "right_id")}
		for _, text := range texts {
			w, err := link.ParseWitness(text)
			must(t, err)
			out[of] = append(out[of], w)
		}
	}
	return out
}

// households are those of each person.
func households(t *testing.T, latest string) map[string][]string {
	t.Helper()
	mentions, err := runTable(t.Context(), latest, "mention", newProgress(&strings.Builder{}))
	must(t, err)
	clusters, err := runTable(t.Context(), latest, "cluster", newProgress(&strings.Builder{}))
	must(t, err)
	persons := map[string]string{}
	mention, person := clusters.Columns[clusters.Column("mention_id")], clusters.Columns[clusters.Column("person_id")]
	for row := range clusters.Rows {
		persons[mention.At(row)] = person.At(row)
	}
	id, of := mentions.Columns[mentions.Column("mention_id")], mentions.Columns[mentions.Column("household_id")]
	out := map[string][]string{}
	for row := range mentions.Rows {
		if who := persons[id.At(row)]; of.At(row) != "" {
			out[who] = append(out[who], of.At(row))
		}
	}
	return out
}

// together says that two live in one household.
func together(a, b []string) bool {
	return slices.ContainsFunc(a, func(household string) bool { return slices.Contains(b, household) })
}

// pairsNotHeld: evaluate tells of how many true pairs the run does not hold both records.
func pairsNotHeld(t *testing.T, latest string) {
	t.Helper()
	notHeld := func(truth string) int {
		var e struct {
			NotHeld int `json:"not_held"`
		}
		must(t, json.Unmarshal([]byte(mustRun(t, "evaluate", latest, "--truth", truth, "--role", "deceased", "--format", "json")), &e))
		return e.NotHeld
	}
	truth := filepath.Join(filepath.Dir(filepath.Dir(latest)), "truth", "records.csv")
	known, err := os.ReadFile(truth)
	must(t, err)
	more := filepath.Join(t.TempDir(), "records.csv")
	must(t, os.WriteFile(more, append(known, "deaths/D-none/deceased,nobody\nmembers/M-none/member,nobody\n"...), 0o600))
	before := notHeld(truth)
	if after := notHeld(more); after != before+1 {
		t.Errorf("%d pairs are not held, and with one more of which neither record is %d", before, after)
	}
	contains(t, mustRun(t, "evaluate", latest, "--truth", more, "--role", "deceased"), fmt.Sprintf("of %d the run does not hold both records", before+1))
}

// listOfFamilies: the families of a run are listed, the least sure first, without names
// unless asked; the list says what explains its first link, and that works.
func listOfFamilies(t *testing.T, latest string) {
	t.Helper()
	var pairs []alignment.Pair
	must(t, json.Unmarshal([]byte(mustRun(t, "families", latest, "--format", "json", "--limit", "0")), &pairs))
	linked := 0
	for i, p := range pairs {
		if p.Accepted {
			linked++
		}
		if i > 0 && math.Abs(p.Probability-.5) < math.Abs(pairs[i-1].Probability-.5) {
			t.Errorf("number %d is less sure than the one before", i)
		}
		if p.Accepted != (p.Probability >= .5) || len(p.Names) > 0 {
			t.Errorf("number %d: accepted %t at %g, %d names", i, p.Accepted, p.Probability, len(p.Names))
		}
	}
	if linked < 50 {
		t.Errorf("%d families have a household", linked)
	}
	text := mustRun(t, "families", latest, "--limit", "3", "--names")
	contains(t, text, pairs[0].Household, pairs[0].Family, "3 of ", "Why the link in doubt is as it is: rollcall explain ")
	left, right, _ := strings.Cut(pairs[0].Doubted, "=")
	contains(t, text, "explain "+latest+" "+left+" "+right)
	mustRun(t, "explain", latest, left, right)
	csv := mustRun(t, "families", latest, "--findings", "--format", "csv")
	if !strings.HasPrefix(csv, "kind,id,with,because,records\n") {
		t.Errorf("findings begin with %.40q", csv)
	}
	truth := filepath.Join(filepath.Dir(filepath.Dir(latest)), "truth")
	for role, least := range map[string]float64{"family": .9, "sibling": .9, "full_sibling": .9} {
		var e struct {
			AtRun struct{ F1 float64 } `json:"at_run"`
		}
		must(t, json.Unmarshal([]byte(mustRun(t, "evaluate", latest, "--truth", truth, "--role", role, "--format", "json")), &e))
		if e.AtRun.F1 < least {
			t.Errorf("%s: F1 %.3f, want %.2f", role, e.AtRun.F1, least)
		}
	}
}
