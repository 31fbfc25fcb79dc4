package report_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rollcall/pipeline/gate"
	"rollcall/pipeline/report"
	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

func page(t testing.TB, dir, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// held is the configuration of a run that a gate held.
func held() report.Config {
	cfg := monthly()
	cfg.Gates = []gate.Report{{Verdict: gate.Hold, Findings: []gate.Finding{
		{Check: "rows", Source: "deaths", Verdict: gate.Hold, Observed: "512", Expected: "700 to 1,300", Advice: "ask the registry whether the file was cut & sent whole"},
		{Check: "key", Source: "members", Verdict: gate.Pass, Observed: "0 repeated", Expected: "0"},
	}}}
	return cfg
}

// text is what a page says, without its markup.
func text(t testing.TB, page string) string {
	t.Helper()
	page = regexp.MustCompile(`(?s)<style>.*?</style>`).ReplaceAllString(page, "")
	page = regexp.MustCompile(`<[^>]*>`).ReplaceAllString(page, " ")
	page = strings.NewReplacer("&amp;", "&", "&#39;", "'", "&#43;", "+", "&#34;", `"`).Replace(page)
	return strings.Join(strings.Fields(page), " ")
}

func says(t testing.TB, page string, parts ...string) {
	t.Helper()
	said := text(t, page)
	for _, p := range parts {
		if !strings.Contains(said, p) {
			t.Errorf("the page does not say %q", p)
		}
	}
}

// wellFormed reads a page as XML, which forgives nothing.
func wellFormed(t testing.TB, name, page string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(page))
	d.Entity = xml.HTMLEntity
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Errorf("%s is not well formed: %v", name, err)
			return
		}
	}
}

func pagesWellFormed(t *testing.T, s *store.Session, dir string, sum report.Summary) {
	pages := map[string]string{"index.html": page(t, dir, "index.html"), "quality.html": page(t, dir, "quality.html")}
	heldDir := filepath.Join(filepath.Dir(dir), "held")
	if _, err := report.MakeHeld(t.Context(), s, heldDir, held()); err != nil {
		t.Fatal(err)
	}
	pages["held index.html"] = page(t, heldDir, "index.html")
	outside := regexp.MustCompile(`(?i)(src|href|url|action)\s*[=(]\s*["']?\s*(https?:|//)`)
	for name, p := range pages {
		wellFormed(t, name, p)
		if found := outside.FindString(p); found != "" {
			t.Errorf("%s wants something from outside: %s", name, found)
		}
		if strings.Contains(p, "<script") {
			t.Errorf("%s has a script", name)
		}
		if drawn, titled := strings.Count(p, "<svg"), len(regexp.MustCompile(`<svg [^>]*role="img"[^>]*><title>[^<]+</title><desc>`).FindAllString(p, -1)); drawn != titled {
			t.Errorf("%s has %d charts, %d of them with a title and a description", name, drawn, titled)
		}
		for _, bad := range []string{"NaN", "Inf", "<no value>", "%!"} {
			if strings.Contains(p, bad) {
				t.Errorf("%s says %q", name, bad)
			}
		}
	}
	if strings.Count(pages["index.html"], "<svg") < 6 || strings.Count(pages["quality.html"], "<svg") < 8 {
		t.Error("charts are missing")
	}
	for _, link := range regexp.MustCompile(`href="([a-z_]+\.[a-z]+)"`).FindAllStringSubmatch(pages["index.html"]+pages["quality.html"], -1) {
		if _, err := os.Stat(filepath.Join(dir, link[1])); err != nil {
			t.Errorf("a page links to %s, which is not there", link[1])
		}
	}
}

// Pages are passed around; names of beneficiaries stay in the lists.
func pagesNameNobody(t *testing.T, s *store.Session, dir string, sum report.Summary) {
	whole := page(t, dir, "index.html") + page(t, dir, "quality.html")
	for _, column := range []string{"given_name", "family_name", "address", "mention_id"} {
		for _, r := range query(t, s, "SELECT DISTINCT "+column+" FROM mention WHERE "+column+" IS NOT NULL ORDER BY 1 LIMIT 500") {
			if strings.Contains(whole, r[0]) {
				t.Errorf("a page holds a value of %s", column)
				break
			}
		}
	}
}

// The totals of the page are the counts of the rows in the lists.
func totalsOfLists(t *testing.T, s *store.Session, dir string, sum report.Summary) {
	exits := "read_parquet(" + tables.Literal(filepath.Join(dir, "exits.parquet")) + ")"
	want := query(t, s, `SELECT district, count(*) FILTER (tier = 'T1'), count(*) FILTER (tier = 'T2'), count(*) FILTER (tier = 'T3'), count(*) FILTER (tier = 'X')
		FROM `+exits+` GROUP BY district ORDER BY district`)
	if len(want) != 4 {
		t.Fatalf("exits lie in %d districts, want the three and the area that is not in the tree", len(want))
	}
	said := text(t, page(t, dir, "index.html"))
	_, districts, _ := strings.Cut(said, "By district")
	for _, w := range want {
		if !regexp.MustCompile(fmt.Sprintf(`%s [\d,]+ %s`, w[0], strings.Join(w[1:], " "))).MatchString(districts) {
			t.Errorf("the page does not have the exits of a district: %v", w)
		}
	}
	paid := query(t, s, "SELECT CAST(sum(paid_after) AS VARCHAR) FROM "+exits+" WHERE tier IN ('T1', 'T2')")[0][0]
	if diff := cmp.Diff([]report.Money{{Currency: "BDT", PaidAfter: paid}}, sum.Money); diff != "" {
		t.Errorf("potential overpayment in the summary (-lists +summary):\n%s", diff)
	}
	lines := int64(0)
	for _, l := range sum.Lines {
		lines += l.Lines
	}
	if all := query(t, s, "SELECT count(*) FROM proposal")[0][0]; fmt.Sprint(lines) != all {
		t.Errorf("%d lines in the summary, %s proposals", lines, all)
	}
}

// few is a country small enough to be counted by hand: four people enrolled, two
// currencies, three deaths of which one was revoked.
func few(t testing.TB) (dir string) {
	t.Helper()
	folder := t.TempDir()
	s := open(t, folder, 1)
	empty(t, s)
	fill(t, s, tables.Mention(), `SELECT 'members/' || i || '/member' AS mention_id, 'sp' AS side, 'members' AS source, 'member' AS role, ['female', 'male'][1 + i % 2] AS sex,
		'A-01-1' AS area_code FROM range(4) r(i)`)
	fill(t, s, tables.Mention(), `SELECT 'deaths/' || i || '/deceased' AS mention_id, 'crvs' AS side, 'deaths' AS source, 'deaths/' || i AS event_id, 'deceased' AS role FROM range(3) r(i)`)
	fill(t, s, tables.Event(), `SELECT 'deaths/' || i AS event_id, 'death' AS event_type, CASE i WHEN 2 THEN 'revoked' ELSE 'registered' END AS status,
		DATE '2025-01-01' AS occurred_latest, DATE '2025-01-11' AS registered_on, DATE '2025-03-01' AS received_on FROM range(3) r(i)`)
	fill(t, s, tables.Cluster(), "SELECT mention_id, mention_id AS person_id, side FROM mention")
	fill(t, s, tables.Person(), "SELECT mention_id AS person_id, side, sex, area_code FROM mention")
	fill(t, s, tables.Enrolment(), `SELECT 'enrolments/' || i AS enrolment_id, 'old_age' AS programme, 'members/' || i || '/member' AS mention_id, 'active' AS status FROM range(4) r(i)`)
	fill(t, s, tables.Link(), `SELECT 'across' AS kind, 'deaths/' || i || '/deceased' AS left_id, 'members/' || i || '/member' AS right_id, true AS accepted,
		10 AS match_weight_bits, 0.9 AS match_probability FROM range(2) r(i)`)
	fill(t, s, tables.Proposal(), `SELECT 'case-' || i AS case_id, 'exit' AS kind, ['T1', 'T2', 'X'][1 + i] AS tier, 'old_age' AS programme, 'members/' || i || '/member' AS subject_id,
		'members/' || i || '/member' AS mention_id, 'A-01-1' AS area_code, ['BDT', 'USD', 'BDT'][1 + i] AS currency, [600.10, 0.20, 9999][1 + i] AS paid_after,
		[600.10, 0.05, 0][1 + i] AS paid_late_registration, [0, 0.15, 9999][1 + i] AS paid_late_action, [0.999, 0.6, 0.5][1 + i] AS match_probability,
		['remarriage: ask the registrar'] AS missing FROM range(3) r(i)`)
	dir, _ = reports(t, s, folder, monthly())
	return dir
}

func TestTheResultsSayWhatWasCounted(t *testing.T) {
	index := page(t, few(t), "index.html")
	says(t, index,
		"Nothing here stops a payment.",
		"2 deceased exits to verify 1 corroborated (T1), 1 probable (T2)",
		"1 exits not proposed 0 possible (T3), 1 in conflict (X)",
		"BDT 600.10, USD 0.20 potential overpayment",
		"Old-age allowance 4 1 1 0 1 500.0 BDT 600.10, USD 0.20",
		"Bogura 4 1 1 0 1 500.0",
		"Deceased exits T1 corroborated 1 1 0.0 BDT 600.10",
		"Deceased exits T2 probable 1 1 0.4 USD 0.20",
		"Deceased exits X conflict 1 1 0.5 BDT 9,999",
		"Old-age allowance BDT 0 600.10 0 0 BDT 600.10",
		"Old-age allowance USD 0 0.05 0 0.15 USD 0.20",
		"At a false-match rate of 1 in 1,000 people, 0.0 of the 2 lines in T1 and T2 would be wrong, as 4 people are enrolled; the model's probabilities say 0.4 of 2, an estimated precision of 80.0%.",
		"one in 1,000 of the 4 people enrolled",
		"remarriage: ask the registrar 3",
		"women 500.0", "men 500.0",
		"Half of 2 deaths took up to 10 days",
		"Deaths that nobody registered are not here",
	)
}

func TestTheQualityPageSaysHowLinksWereMade(t *testing.T) {
	dir := few(t)
	says(t, page(t, dir, "quality.html"),
		"deaths civil register 1,000 3 2025-06-28 complete 1f1f1f1f1f1f1f1f…",
		"warn values missing members date_of_birth 14.2% at most 10.0% ask the roster's keeper why dates of birth are missing",
		"Precision, estimated 97.4% (96.2–98.3%)",
		"Recall, estimated 91.3% (88.0–94.0%)",
		"given_name, area 91,204", "All 133,335",
		"national_id exact 0.93 1e-06 +19.83",
		"0.9 to 1.0 2 0",
		// Of four roster persons two are linked, one of each sex.
		"Sex female 2 1 50.0% 9.5–90.5% 1.00 largest group, too few to judge (under 30)",
		"Sex male 2 1 50.0% 9.5–90.5% 1.00 0.14–7.10 too few to judge (under 30)",
		// The exits: a T1, a T2 and a line in conflict.
		"Sex female 1 (50.0%) 0 (0.0%) 0 (0.0%) 1 (50.0%)",
		"Sex male 0 (0.0%) 1 (100.0%) 0 (0.0%) 0 (0.0%)",
	)
}

// TestTheQualityPageSaysHowFamiliesAndHouseholdsFit: two couples of whom the roster knows
// one household, and one couple whom it lists apart.
func TestTheQualityPageSaysHowFamiliesAndHouseholdsFit(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, 1)
	empty(t, s)
	fill(t, s, tables.Mention(), "SELECT 'members/' || i AS mention_id, 'sp' AS side, 'members' AS source, 'member' AS role, 'h' || i % 4 AS household_id FROM range(8) r(i)")
	fill(t, s, tables.Family(), "SELECT 'f' || i // 2 AS family_id, 'p' || i AS person_id, 'spouse' AS role FROM range(8) r(i)")
	fill(t, s, tables.FamilyLink(), `SELECT * FROM (VALUES ('f0', 'h0', true, 0.99, 2), ('f1', 'h0', true, 0.9, 2), ('f2', 'h1', true, 1, 2), ('f2', 'h2', true, 1, 2), ('f3', 'h3', false, 0.2, 2))
		t(family_id, household_id, accepted, match_probability, persons)`)
	dir, _ := reports(t, s, folder, monthly())
	says(t, page(t, dir, "quality.html"),
		"Families with a household 3 75.0%", "Households with a family 3 75.0%", "that are unsure 2",
		"as several families, who have nobody in common 1 25.0%", "that the roster shows as several households 1 25.0%")
}

// TestTheQualityPageCountsPresumptionsApart: who is eligible by records alone, who by
// what was presumed, and by which law.
func TestTheQualityPageCountsPresumptionsApart(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, 1)
	empty(t, s)
	fill(t, s, tables.Evaluation(), `SELECT 'm/' || i AS subject_id, 'widow' AS programme, i % 2 = 0 AS enrolled,
		CASE WHEN i < 6 THEN 'eligible' WHEN i < 9 THEN 'unknown' ELSE 'not_eligible' END AS outcome,
		CASE WHEN i < 1 OR i > 5 THEN [] WHEN i < 3 THEN ['not_remarried presumed met: Act 7, s. 2'] ELSE ['alive presumed met: Act 1: life', 'not_remarried presumed met: Act 7, s. 2'] END AS presumed,
		CASE WHEN i IN (6, 7, 8) THEN ['income: survey'] ELSE [] END AS missing FROM range(10) r(i)`)
	dir, _ := reports(t, s, folder, monthly())
	says(t, page(t, dir, "quality.html"),
		"Widow's allowance eligible, all on record 1 1",
		"Widow's allowance eligible, by presumption of not_remarried 2 1",
		"Widow's allowance eligible, by presumption of alive, not_remarried 3 1",
		"Widow's allowance unknown: income 3 2",
		"Widow's allowance not eligible 1 0",
		"Widow's allowance not_remarried Act 7, s. 2 5 2",
		"Widow's allowance alive Act 1: life 3 1")
}

// A planted gap: women are found half as often as men. Twenty people of a small
// programme are too few to be judged.
func TestAGroupThatIsLinkedLessIsMarked(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, 2)
	empty(t, s)
	fill(t, s, tables.Person(), "SELECT 'members/' || i AS person_id, 'sp' AS side, CASE WHEN i < 600 THEN 'male' ELSE 'female' END AS sex FROM range(1000) r(i)")
	fill(t, s, tables.Link(), "SELECT 'across' AS kind, 'deaths/' || i AS left_id, 'members/' || i AS right_id, true AS accepted FROM range(1000) r(i) WHERE i % CASE WHEN i < 600 THEN 2 ELSE 4 END = 0")
	fill(t, s, tables.Cluster(), "SELECT person_id AS mention_id, person_id, side FROM person")
	fill(t, s, tables.Enrolment(), `SELECT 'e/' || i AS enrolment_id, CASE WHEN i < 980 THEN 'old_age' ELSE 'widow' END AS programme, 'members/' || i AS mention_id, 'active' AS status FROM range(1000) r(i)`)
	dir, _ := reports(t, s, folder, monthly())
	says(t, page(t, dir, "quality.html"),
		"Programme Old-age allowance 980 395",
		"Programme Widow's allowance 20 5 25.0% 11.2–46.9% 0.62 0.29–1.33 too few to judge (under 30)",
		"Sex female 400 100 25.0% 21.0–29.5% 0.50 0.41–0.60 linked less",
		"Sex male 600 300 50.0% 46.0–54.0% 1.00 largest group")
}

func TestAHeldRunWritesNoListAndSaysWhy(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, 1) // without a single table: the gate held before mapping
	dir := filepath.Join(folder, "reports")
	sum, err := report.MakeHeld(t.Context(), s, dir, held())
	if err != nil {
		t.Fatal(err)
	}
	if !sum.Held {
		t.Error("the summary does not say that the run is held")
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if diff := cmp.Diff([]string{"index.html", "quality.html"}, names); diff != "" {
		t.Errorf("files of a held run (-want +got):\n%s", diff)
	}
	index := page(t, dir, "index.html")
	says(t, index, "This run is HELD. No list was written", "hold rows deaths 512 700 to 1,300 ask the registry whether the file was cut & sent whole",
		"rollcall runs release monthly-2025-06-30-4f1c2a90", "Two different people release the run")
	why, _, _ := strings.Cut(index, "What to do</h2>")
	if strings.Contains(why, "0 repeated") {
		t.Error("a check that passed stands among the reasons for the hold")
	}
}

// Somebody may be alive and unpaid: that comes before everything else.
func TestARevokedDeathComesFirst(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, 1)
	hostile(t, s)
	dir, _ := reports(t, s, folder, monthly())
	index := page(t, dir, "index.html")
	says(t, index, "First: 1 enrolment was ended after a death that the register has since revoked.", "1 to reinstate")
	if strings.Index(index, "First: 1 enrolment") > strings.Index(index, "Totals</h2>") {
		t.Error("it stands below the totals")
	}
	header, rows := readCSV(t, filepath.Join(dir, "reinstatements.csv"))
	if got := cell(t, header, rows, "case-4", "beneficiary_mention_id"); got != "members/1/member" {
		t.Errorf("the list names the record %q", got)
	}
}

func TestAPartialAndAReleasedRunSaySo(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, 1)
	empty(t, s)
	cfg := monthly()
	cfg.Snapshots[0].Partial = true
	cfg.Released = "the district was merged"
	dir, _ := reports(t, s, folder, cfg)
	for _, name := range []string{"index.html", "quality.html"} {
		says(t, page(t, dir, name), "The source deaths broke off: this run is partial", "Two people released it; the reason they gave: the district was merged")
	}
}

func TestASessionWithoutATableIsToldWhich(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, 1)
	empty(t, s)
	execute(t, s, "DROP TABLE link")
	_, err := report.Make(t.Context(), s, filepath.Join(folder, "reports"), monthly())
	if err == nil || !strings.Contains(err.Error(), "table link is missing") {
		t.Errorf("error is %v", err)
	}
	if _, err := os.Stat(filepath.Join(folder, "reports", "index.html")); err == nil {
		t.Error("a page of results was written")
	}
}

// browse opens a page in a browser without a window and returns what it logged.
func browse(t testing.TB, browser, file string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	c := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--enable-logging=stderr", "--user-data-dir="+t.TempDir(), "--dump-dom", "file://"+file)
	var log, dom bytes.Buffer
	c.Stderr, c.Stdout = &log, &dom
	if err := c.Run(); err != nil {
		t.Fatalf("open %s: %v\n%s", filepath.Base(file), err, log.String())
	}
	if !strings.Contains(dom.String(), "</html>") {
		t.Fatalf("the browser read no page from %s", filepath.Base(file))
	}
	return log.String()
}

// The pages allow nothing from outside, so anything they wanted would be an
// error on the browser's console; the second page shows that it would be seen.
func browserFindsNoFault(t *testing.T, s *store.Session, dir string, sum report.Summary) {
	const browser = "/usr/bin/chromium"
	if _, err := os.Stat(browser); err != nil {
		t.Skipf("%s is not installed: the pages are not opened in a browser", browser)
	}
	faults := regexp.MustCompile(`.*CONSOLE.*`)
	for _, name := range []string{"index.html", "quality.html"} {
		if found := faults.FindAllString(browse(t, browser, filepath.Join(dir, name)), -1); len(found) > 0 {
			t.Errorf("the browser finds fault with %s: %q", name, found)
		}
	}
	bad := filepath.Join(dir, "bad.html")
	spoiled := strings.Replace(page(t, dir, "index.html"), "</main>", `<img src="http://example.invalid/x.png" alt=""/></main>`, 1)
	if err := os.WriteFile(bad, []byte(spoiled), 0o600); err != nil {
		t.Fatal(err)
	}
	if found := faults.FindAllString(browse(t, browser, bad), -1); len(found) == 0 {
		t.Error("a page that asks for an outside image is not noticed")
	}
}
