package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rollcall/jobs/cases"
)

// SiteName is the name of the site file, beside the job files.
const SiteName = "rollcall.yaml"

// LoadSite reads the site file of a folder. Where there is none the site is empty,
// and nobody can decide on cases.
func LoadSite(folder string) (cases.Site, error) {
	var errs Errors
	site := buildSite(openSite(folder, filepath.ToSlash(filepath.Join(folder, SiteName)), &errs))
	return site, errs.orNil(SiteName)
}

// openSite opens the site file of a folder, shown in mistakes as it is named. It is
// nil where there is none, or none that can be read.
func openSite(folder, shown string, errs *Errors) *node {
	path := filepath.Join(folder, SiteName)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return open(path, shown, errs).root
}

func buildSite(root *node) (site cases.Site) {
	if root == nil {
		return site
	}
	root.check(siteShape())
	accounts := map[string]string{}
	for _, n := range root.itemsOf("people") {
		p := buildPerson(n)
		if _, ok := site.Person(p.ID); ok {
			n.field("id").fail("there is another person %q above", p.ID)
		}
		if other := accounts[p.Account]; other != "" && p.Account != "" {
			n.field("account").fail("account %q is %s's already; two people have to be told apart", p.Account, other)
		}
		accounts[p.Account] = p.ID
		site.People = append(site.People, p)
	}
	site.WaitDays, site.ExpireDays = int(root.numberOf("wait_days", integer)), int(root.numberOf("expire_days", integer))
	for _, n := range root.itemsOf("waits") {
		site.Waits = append(site.Waits, cases.Wait{Area: n.textOf("area"), Days: int(n.numberOf("days", integer))})
	}
	for _, n := range root.itemsOf("legal_basis") {
		if site.Bases == nil {
			site.Bases = map[string]string{}
		}
		site.Bases[n.textOf("reason")] = n.textOf("law")
	}
	for _, n := range root.itemsOf("recipients") {
		o := cases.Recipient{Name: n.textOf("name"), Key: n.textOf("age_key")}
		taken := func(r cases.Recipient) bool { return r.Name == o.Name }
		if _, person := site.Person(o.Name); person || slices.ContainsFunc(site.Offices, taken) {
			n.field("name").fail("there is somebody else called %q above", o.Name)
		}
		site.Offices = append(site.Offices, o)
	}
	site.Keeps, site.LegalHolds = buildKeeps(root), buildHolds(root)
	return site
}

func buildKeeps(root *node) (out []cases.Keep) {
	seen := map[string]bool{}
	for _, n := range root.itemsOf("retention") {
		k := cases.Keep{Class: n.textOf("class"), Days: int(n.numberOf("days", integer)), Law: n.textOf("law")}
		if seen[k.Class] && k.Class != "" {
			n.field("class").fail("there is another time for %s above", k.Class)
		}
		seen[k.Class] = true
		if f := n.field("law"); f != nil && strings.TrimSpace(k.Law) == "" {
			f.fail("nothing is deleted without a law or an order: name it")
		}
		out = append(out, k)
	}
	return out
}

func buildHolds(root *node) (out []cases.LegalHold) {
	for _, n := range root.itemsOf("legal_holds") {
		out = append(out, cases.LegalHold{Order: n.textOf("order"), Runs: n.textsOf("runs")})
	}
	return out
}

func buildPerson(n *node) cases.Person {
	return cases.Person{
		ID: n.textOf("id"), Name: n.textOf("name"), Role: cases.Role(n.textOf("role")), Districts: n.textsOf("districts"),
		Account: n.textOf("account"), Key: n.textOf("key"), AgeKey: n.textOf("age_key"),
	}
}

// rowKeyFile is where the site file says that the key of rows is; "" where it says
// nothing.
func (j *Job) rowKeyFile() string {
	var unread Errors // told where the site file is read for its people
	site := open(filepath.Join(j.folder, SiteName), SiteName, &unread)
	named := site.root.textOf("row_key")
	if named == "" || filepath.IsAbs(named) {
		return named
	}
	return filepath.Join(j.folder, filepath.FromSlash(named))
}
