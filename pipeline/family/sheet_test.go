package family

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// exactly is a day that is known.
func exactly(day string) Day { return Day{Earliest: day, Latest: day, Precision: "exact"} }

// hostile is a sheet whose names are markup, long, and of many scripts.
func hostile() *Sheet {
	names := []string{`<script>alert("1")</script>`, "মোছাঃ রহিমা খাতুন", "عبد الرحمن بن محمد الحسيني", strings.Repeat("Wilhelmina ", 12), "王小明", `"><img src=x onerror=alert(1)>`, ""}
	s := &Sheet{Asked: "household/<b>", Household: &Household{ID: "household/<b>", Address: "7 & 8, <i>Road</i>"}}
	f := Family{ID: "p0", Parents: []string{"p0", "p1"}, Union: []Event{{Type: "marriage", Number: "W<1>", On: exactly("2010-05-03")}}}
	for i, name := range names {
		id := fmt.Sprintf("p%d", i)
		s.Persons = append(s.Persons, Person{ID: id, Name: name, Native: names[(i+1)%len(names)], Sex: "female", Born: exactly("2011-01-02"), Events: []Event{{Type: "birth", Role: "child", Number: "B<" + id}}})
		if i > 1 {
			f.Children = append(f.Children, id)
		}
		s.Household.Members = append(s.Household.Members, Member{ID: fmt.Sprintf("m%d", i), Person: id, Name: name, Native: names[(i+2)%len(names)], Relation: relations[i].name, Born: exactly("2011-01-02")})
		s.Lines = append(s.Lines, Line{Person: id, Member: fmt.Sprintf("m%d", i), Accepted: i%2 == 0, WeightBits: 21.26, FamilyBits: -3.04, Probability: .75})
	}
	for _, of := range []string{"m1", "m2", "m3"} { // beside the accepted line of the same
		s.Lines = append(s.Lines, Line{Person: "p0", Member: of, Probability: .00001})
	}
	s.Families = []Family{f}
	return s.finish()
}

// finish does what comes after reading.
func (s *Sheet) finish() *Sheet {
	s.bound()
	s.order()
	s.mean()
	s.tellMissing()
	return s
}

func pageOf(t testing.TB, s *Sheet) string {
	t.Helper()
	var b bytes.Buffer
	if err := s.Page(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Names are what others wrote: they are text on the page, whatever they are.
func TestNamesAreText(t *testing.T) {
	page := pageOf(t, hostile())
	d := xml.NewDecoder(strings.NewReader(page))
	d.Entity = xml.HTMLEntity
	d.AutoClose = []string{"meta", "br"}
	d.Strict = false
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("the page is not well formed: %v", err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if slices.Contains([]string{"script", "img", "b", "a", "link"}, start.Name.Local) {
			t.Errorf("a name became markup, or the page wants something from elsewhere: %s", start.Name.Local)
		}
		for _, a := range start.Attr {
			if slices.Contains([]string{"onerror", "src", "href"}, a.Name.Local) {
				t.Errorf("a name became markup, or the page wants something from elsewhere: %s", a.Name.Local)
			}
		}
	}
	for _, name := range []string{"মোছাঃ রহিমা খাতুন", "عبد الرحمن بن محمد الحسيني", "王小明", html.EscapeString(`<script>alert("1")</script>`)} {
		if !strings.Contains(page, name) {
			t.Errorf("a name is not on the page: %s", name)
		}
	}
}

// A list of 400 people is no household: those with a line are shown, and the rest is
// counted.
func TestAListIsNoHousehold(t *testing.T) {
	s := &Sheet{Asked: "h", Household: &Household{ID: "h"}}
	for i := range 400 {
		s.Household.Members = append(s.Household.Members, Member{ID: fmt.Sprintf("m%03d", i), Person: fmt.Sprintf("r%03d", i), Name: "Ana", Relation: "none"})
	}
	for i := range 30 { // parents of ten children each
		f := Family{ID: fmt.Sprint(i), Parents: []string{fmt.Sprintf("p%02d", i)}}
		s.Persons = append(s.Persons, Person{ID: f.Parents[0], Name: "Eva"})
		for k := range 20 {
			id := fmt.Sprintf("c%02d-%02d", i, k)
			f.Children = append(f.Children, id)
			s.Persons = append(s.Persons, Person{ID: id, Name: "Ben"})
		}
		s.Families = append(s.Families, f)
	}
	s.Lines = []Line{{Person: "c29-19", Member: "m399", Accepted: true, Probability: .9}, {Person: "p28", Member: "m398", Accepted: true, Probability: .9}}
	s.finish()
	if shown := len(s.Household.Members); shown != mostAlone+2 || s.MembersLeftOut != 400-shown {
		t.Errorf("%d members are shown and %d counted", shown, s.MembersLeftOut)
	}
	if len(s.Families) != mostFamilies || s.FamiliesLeftOut != 30-mostFamilies {
		t.Errorf("%d families are shown and %d counted", len(s.Families), s.FamiliesLeftOut)
	}
	if len(s.accepted()) != 2 || s.linked("c29-19") == nil || s.linked("p28") == nil {
		t.Error("somebody with a line is left out")
	}
	if page := pageOf(t, s); len(page) > 200_000 || !strings.Contains(page, "386 more members without a line") || !strings.Contains(page, "18 more families") {
		t.Errorf("the page of %d bytes does not say who is left out", len(page))
	}
	var text strings.Builder
	s.Print(&text)
	if !strings.Contains(text.String(), "386 more members without a line") || !strings.Contains(text.String(), "and 18 more families") || !strings.Contains(text.String(), "7 more children without a line") {
		t.Error("the text does not say who is left out")
	}
}

// What is wider than its room is cut and marked; nothing else is lost.
func TestTextsFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.StringMatching(`[A-Za-z0-9/রহিমা王عمر-]{1,30}`), 1, 6).Draw(t, "parts")
		room := rapid.Float64Range(60, 400).Draw(t, "room")
		lines := wrap(strings.Join(parts, " · "), 13, room)
		cut := false
		for _, l := range lines {
			if w := width(l, 13); w > room {
				t.Fatalf("%q is %.0f wide in %.0f", l, w, room)
			}
			cut = cut || strings.HasSuffix(l, "…")
		}
		if whole := strings.Join(lines, " · "); !cut && whole != strings.Join(parts, " · ") {
			t.Fatalf("%q lost something", whole)
		}
	})
}

// With the fonts of a browser no text leaves its box, and no text lies on another.
func TestABrowserFindsNothingClipped(t *testing.T) {
	const browser = "/usr/bin/chromium"
	if _, err := os.Stat(browser); err != nil {
		t.Skipf("%s is not installed: the sheet is not drawn by a browser", browser)
	}
	if fonts, err := exec.CommandContext(t.Context(), "fc-list", ":lang=bn").Output(); err == nil && len(fonts) == 0 {
		t.Skip("no font here has Bengali letters, and boxes in their place are wider")
	}
	const measure = `<script>
for (const g of document.querySelectorAll('.trees g')) {
  const box = g.querySelector('rect').getBoundingClientRect();
  for (const t of g.querySelectorAll('text')) {
    const r = t.getBoundingClientRect();
    if (r.left < box.left || r.right > box.right || r.top < box.top || r.bottom > box.bottom + 1) document.body.insertAdjacentHTML('beforeend', '<p>OUTSIDE ' + [r.left, r.right, box.left, box.right] + '</p>');
  }
}
const all = [...document.querySelectorAll('.trees text')].map(t => [t, t.getBoundingClientRect()]);
for (let i = 0; i < all.length; i++) for (let k = i + 1; k < all.length; k++) {
  const a = all[i][1], b = all[k][1], slack = 4;
  if (a.left + slack < b.right && b.left + slack < a.right && a.top + slack < b.bottom && b.top + slack < a.bottom) document.body.insertAdjacentHTML('beforeend', '<p>OVERLAP ' + all[i][0].className.baseVal + ' ' + all[k][0].className.baseVal + '</p>');
}
document.body.insertAdjacentHTML('beforeend', '<p>MEASURED ' + all.length + '</p>');
</script></body>`
	look := func(page string) string {
		file := filepath.Join(t.TempDir(), "sheet.html")
		if err := os.WriteFile(file, []byte(strings.Replace(page, "</body>", measure, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		c := exec.CommandContext(t.Context(), browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
			"--disable-dev-shm-usage", "--window-size=1160,2000", "--user-data-dir="+t.TempDir(), "--dump-dom", "file://"+file)
		dom, err := c.Output()
		if err != nil {
			t.Fatalf("open the sheet: %v", err)
		}
		_, after, _ := strings.Cut(string(dom), "</script>")
		return after
	}
	page := pageOf(t, hostile())
	if found := look(page); !strings.Contains(found, "MEASURED") || strings.Contains(found, "OUTSIDE") || strings.Contains(found, "OVERLAP") {
		t.Errorf("in a browser: %s", found)
	}
	spoiled := strings.ReplaceAll(page, "Wilhelmina", "Wilhelmina Wilhelmina")
	if found := look(spoiled); !strings.Contains(found, "OUTSIDE") {
		t.Errorf("a name that leaves its box is not noticed: %s", found)
	}
}
