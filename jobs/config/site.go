package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// SiteName is the name of the site file, beside the job files.
const SiteName = "rollcall.yaml"

// Person is somebody who may decide.
type Person struct {
	ID   string // as on the command line
	Name string
	Role string // officer, approver or auditor
}

// Site says who may decide.
type Site struct{ People []Person }

// LoadSite reads the site file of a folder. Where there is none the site is empty.
func LoadSite(folder string) (Site, error) {
	path := filepath.Join(folder, SiteName)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return Site{}, nil
	}
	var (
		errs Errors
		site Site
	)
	doc := open(path, filepath.ToSlash(path), &errs)
	if doc.root == nil {
		return site, errs.orNil(doc.name)
	}
	doc.root.check(siteShape())
	for _, n := range doc.root.itemsOf("people") {
		p := Person{ID: n.textOf("id"), Name: n.textOf("name"), Role: n.textOf("role")}
		if _, ok := site.Person(p.ID); ok {
			n.field("id").fail("there is another person %q above", p.ID)
		}
		site.People = append(site.People, p)
	}
	return site, errs.orNil(doc.name)
}

// Person finds somebody by id.
func (s Site) Person(id string) (Person, bool) {
	for _, p := range s.People {
		if p.ID == id && id != "" {
			return p, true
		}
	}
	return Person{}, false
}
