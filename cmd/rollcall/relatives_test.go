package main

import (
	"encoding/json"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"rollcall/pipeline/link"
	"rollcall/pipeline/pair"
)

// TestWitnesses: what relatives say of the links of a job stands in the links, each
// relative with a member of the household in question, and explain shows it, for and
// against, as a bar of its own with names and dates.
func TestWitnesses(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "country")
	mustRun(t, "synth", folder, "--households", "300", "--seed", "3")
	mustRun(t, "run", filepath.Join(folder, "job.yaml"), "--as-of", "2026-08-31")
	latest := filepath.Join(folder, "out/latest")
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
			case household[w.Right] != household[of.right] || w.Right == of.right:
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
	sheetOfALink(t, latest, best)
	text, page := mustRun(t, "explain", latest, best.left, best.right), mustRun(t, "explain", latest, best.left, best.right, "--format", "html")
	contains(t, text, "(relatives)", "relatives: "+e.Family.Words, " found in the household", "by comparison")
	contains(t, page, "Relatives whom the records name", e.Family.Words, `class="row-relative"`)
	for _, r := range e.Family.Relatives {
		if r.Right != nil {
			contains(t, text, "= "+r.Right.Name+" ("+r.Right.ID) // on the sheet of both
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

// sheetOfALink holds that the account of a link ends with the sheet of the household and
// the families of its members; of two records of one side there is none.
func sheetOfALink(t *testing.T, latest string, best pairOf) {
	t.Helper()
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
		if r.value(row, "kind") != "across" {
			continue
		}
		var texts []string
		must(t, json.Unmarshal([]byte(r.value(row, "family_evidence")), &texts))
		of := pairOf{r.value(row, "left_id"), r.value(row, "right_id")}
		for _, text := range texts {
			w, err := link.ParseWitness(text)
			must(t, err)
			out[of] = append(out[of], w)
		}
	}
	return out
}

// households is the household of each member of a run.
func households(t *testing.T, latest string) map[string]string {
	t.Helper()
	mentions, err := runTable(t.Context(), latest, "mention", newProgress(&strings.Builder{}))
	must(t, err)
	id, of := mentions.Columns[mentions.Column("mention_id")], mentions.Columns[mentions.Column("household_id")]
	out := map[string]string{}
	for row := range mentions.Rows {
		out[id.At(row)] = of.At(row)
	}
	return out
}
