package config

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rollcall/jobs/locales"
	"rollcall/matchers/locale"
	"rollcall/pipeline/audit"
)

// Locale is a locale pack with what it was made from.
type Locale struct {
	*locale.Pack
	// Files are the pack's file and those that it adds to.
	Files []audit.Reference
	// SHA256 is over all of them.
	SHA256 string
}

// LoadLocale reads a pack: one that comes with the program by its code, such as
// BD, or a file by its path. An error of the type *Errors tells every mistake.
func LoadLocale(name string) (Locale, error) {
	var errs Errors
	r := packReader{errs: &errs, folder: filepath.Dir(name)}
	doc, ok := r.named(name)
	if !ok && filepath.Ext(name) == "" {
		return Locale{}, Errors{{File: name, Message: noPack(name)}}.orNil(name)
	}
	if !ok {
		doc = open(name, filepath.ToSlash(name), &errs)
	}
	l := r.read(doc)
	return l, errs.orNil(doc.name)
}

// IsLocale tells a locale pack from other files.
func IsLocale(path string) bool {
	var unread Errors
	return open(path, path, &unread).root.field("rollcall_locale") != nil
}

// Summary says in a few lines what a pack holds.
func (l Locale) Summary() string {
	var w strings.Builder
	files := make([]string, len(l.Files))
	for i, f := range l.Files {
		files[i] = strings.TrimPrefix(f.Name, "locale/")
	}
	parts := make([]string, len(l.Parts))
	for i, p := range l.Parts {
		if parts[i] = p.Kind; p.Optional {
			parts[i] = "[" + p.Kind + "]"
		}
	}
	levels := make([]string, len(l.Levels))
	for i, level := range l.Levels {
		levels[i] = level.Name
	}
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(&w, "%-10s %s\n", name, text)
		}
	}
	line("country", l.Country+", "+l.Title)
	line("made from", strings.Join(files, ", "))
	line("languages", strings.Join(l.Languages, ", "))
	line("scripts", strings.Join(l.Scripts, ", "))
	line("a name is", strings.Join(parts, " "))
	line("areas", strings.Join(levels, ", "))
	spellings := func(terms []locale.Term) (n int) {
		for _, t := range terms {
			n += len(t.Written)
		}
		return n
	}
	line("words", fmt.Sprintf("%d titles, %d spellings of particles, %d nicknames, %d kept as names, %d relations",
		spellings(l.Titles), spellings(l.Particles), spellings(l.Nicknames), spellings(l.Kept), len(l.Relations)))
	if len(l.Places) > 0 {
		line("places", fmt.Sprintf("%d spellings of %d names", spellings(l.Places), len(l.Places)))
	}
	return w.String()
}

// locale reads the pack that the job names, or else its site file. Without one the
// job has that for any country, which is a part of the program.
func (b *builder) locale(n *node) {
	if n == nil || n.form != scalar {
		return
	}
	r := packReader{errs: b.errs, folder: b.job.folder}
	doc, ok := r.base(n.text)
	if !ok {
		n.fail("%s", noPack(n.text))
		return
	}
	b.job.Locale = r.read(doc)
	for _, d := range r.chain {
		b.files["locale/"+d.name] = d.data
	}
}

func noPack(name string) string {
	return fmt.Sprintf("there is no locale pack %q%s; there are %s, or a file such as mine.yaml", name, didYouMean(name, locales.Names()), strings.Join(locales.Names(), ", "))
}

// packReader reads a pack and those that it adds to.
type packReader struct {
	errs   *Errors
	folder string // of the first file, by which others are named
	chain  []*document
	within []*document // those of the chain that add to others which are being read
}

// named is a pack that comes with the program.
func (r *packReader) named(name string) (*document, bool) {
	if !slices.Contains(locales.Names(), name) {
		return nil, false
	}
	data, err := locales.File(name)
	if err != nil {
		return nil, false
	}
	return parse(data, name+".yaml", r.errs), true
}

// read makes the pack of a file. Each file of its chain says something of a word
// before those that it adds to.
func (r *packReader) read(doc *document) Locale {
	r.follow(doc)
	pack := &locale.Pack{}
	whole := sha256.New()
	var l Locale
	for _, d := range r.chain {
		buildPack(pack, d.root)
		fmt.Fprintf(whole, "%d:%s;", len(d.data), d.data)
		l.Files = append(l.Files, reference("locale/"+filepath.Base(d.name), d.data))
	}
	l.Pack, l.SHA256 = pack, hex.EncodeToString(whole.Sum(nil))
	return l
}

// follow checks a file and then those that it adds to, each once.
func (r *packReader) follow(doc *document) {
	if doc.root == nil {
		return
	}
	if doc.root.form != object || doc.root.field("rollcall_locale") == nil {
		doc.root.fail("this is no locale pack; the first field of one is rollcall_locale: 1")
		return
	}
	r.chain = append(r.chain, doc)
	doc.root.check(localeShape())
	checkTerms(doc.root)
	r.within = append(r.within, doc)
	defer func() { r.within = r.within[:len(r.within)-1] }()
	for _, n := range doc.root.listOf("extends") {
		called := func(d *document) bool { return r.names(d, n.text) }
		if slices.ContainsFunc(r.within, called) {
			n.fail("%s is %q, which is this pack itself or adds to it: a pack cannot add to itself", n.label(), n.text)
			continue
		}
		if slices.ContainsFunc(r.chain, called) {
			continue
		}
		if base, ok := r.base(n.text); ok {
			r.follow(base)
			continue
		}
		n.fail("%s", noPack(n.text))
	}
}

// names tells whether a pack is the one of a name. The first has the path by which it
// was opened.
func (r *packReader) names(d *document, name string) bool {
	return d.name == name || d.name == name+".yaml" || d == r.chain[0] && filepath.Clean(filepath.FromSlash(d.name)) == filepath.Join(r.folder, filepath.FromSlash(name))
}

// base is a pack that another adds to.
func (r *packReader) base(name string) (*document, bool) {
	if d, ok := r.named(name); ok {
		return d, true
	}
	path := filepath.Join(r.folder, filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil || filepath.Ext(name) == "" {
		return nil, false
	}
	return open(path, name, r.errs), true
}

// listOf are the single values of a field that is a list or one value.
func (n *node) listOf(name string) []*node {
	f := n.field(name)
	if f == nil {
		return nil
	}
	if f.form == scalar {
		return []*node{f}
	}
	return slices.DeleteFunc(slices.Clone(f.items), func(item *node) bool { return item.form != scalar })
}

// termLists are the fields that hold terms.
var termLists = []string{"titles", "particles", "nicknames", "initials", "places"}

// checkTerms tells of spellings that a pack writes twice, or that say nothing.
func checkTerms(root *node) {
	first := map[string]*node{}
	for _, list := range termLists {
		if list == "places" {
			first = map[string]*node{} // a place may be called as somebody is
		}
		for _, term := range root.itemsOf(list) {
			if term.form != object {
				continue
			}
			for _, n := range term.listOf("written") {
				key := locale.Spelling(strings.ReplaceAll(n.text, "/", " "))
				where := term.textOf("where")
				switch before := first[key+"|"+where]; {
				case key == "":
					n.fail("%s is %q, and nothing of it remains in a normal form", n.label(), n.text)
				case before != nil:
					n.fail("%s is %q, which stands on line %d too", n.label(), n.text, before.at.line)
				case key == term.textOf("becomes"):
					n.fail("%s is %q, which is what it becomes", n.label(), n.text)
				}
				first[key+"|"+where] = n
			}
		}
	}
}

// buildPack adds what one file says. A list goes behind what is there, and a
// single value is taken where there is none.
func buildPack(p *locale.Pack, n *node) {
	for value, name := range map[*string]string{&p.Country: "country", &p.Title: "title"} {
		if *value == "" {
			*value = n.textOf(name)
		}
	}
	if len(p.Languages) == 0 {
		p.Languages = n.textsOf("languages")
	}
	if len(p.Scripts) == 0 {
		p.Scripts = n.textsOf("scripts")
	}
	if len(p.Identifiers) == 0 {
		p.Identifiers = n.textsOf("identifiers")
	}
	buildNames(p, n)
	buildPlaces(p, n)
	buildDates(p, n)
}

func buildNames(p *locale.Pack, n *node) {
	if len(p.Parts) == 0 {
		for _, part := range n.itemsOf("parts") {
			if part.form == scalar {
				p.Parts = append(p.Parts, locale.Part{Kind: part.text})
				continue
			}
			p.Parts = append(p.Parts, locale.Part{Kind: part.textOf("kind"), Optional: part.flag("optional"), Why: part.textOf("why")})
		}
	}
	for list, name := range map[*[]locale.Term]string{
		&p.Titles: "titles", &p.Kept: "kept", &p.Particles: "particles", &p.Nicknames: "nicknames", &p.Initials: "initials",
	} {
		for _, term := range n.itemsOf(name) {
			*list = append(*list, locale.Term{
				Written: term.textsOf("written"), Becomes: term.textOf("becomes"), Where: locale.Position(term.textOf("where")),
				Once: term.flag("once"), Why: term.textOf("why"), Source: term.textOf("source"),
			})
		}
	}
	for _, r := range n.itemsOf("relations") {
		p.Relations = append(p.Relations, locale.Relation{
			Written: r.textsOf("written"), Of: r.textOf("of"), Joins: r.flag("joins"), Why: r.textOf("why"), Source: r.textOf("source"),
		})
	}
	for flag, name := range map[*bool]string{&p.SplitConsonants: "split_consonants", &p.MendDigits: "mend_digits", &p.Latin: "latin"} {
		*flag = *flag || n.flag(name)
	}
}

func buildPlaces(p *locale.Pack, n *node) {
	if len(p.Levels) == 0 {
		for _, level := range n.itemsOf("levels") {
			if level.form == scalar {
				p.Levels = append(p.Levels, locale.Level{Name: level.text})
				continue
			}
			p.Levels = append(p.Levels, locale.Level{
				Name: level.textOf("name"), Written: level.textsOf("written"), Where: locale.Position(level.textOf("where")), Kept: level.flag("kept"),
			})
		}
	}
	for _, place := range n.itemsOf("places") {
		p.Places = append(p.Places, locale.Term{
			Written: place.textsOf("written"), Becomes: place.textOf("becomes"), Why: place.textOf("why"), Source: place.textOf("source"),
		})
	}
	p.Landmarks = append(p.Landmarks, n.textsOf("landmarks")...)
	for words, name := range map[*map[string]string]string{&p.Streets: "streets", &p.Numbered: "numbered"} {
		for _, e := range n.fieldsOf(name) {
			if *words == nil {
				*words = map[string]string{}
			}
			if _, ok := (*words)[e.name]; !ok {
				(*words)[e.name] = e.value.text
			}
		}
	}
}

func buildDates(p *locale.Pack, n *node) {
	if len(p.Calendars) == 0 {
		p.Calendars = n.textsOf("calendars")
	}
	if p.DateOrder == locale.DayFirst && n.textOf("date_order") == locale.MonthFirst.String() {
		p.DateOrder = locale.MonthFirst
	}
	for _, text := range n.textsOf("default_days") {
		if md, ok := locale.MonthDayOf(text); ok {
			p.DefaultDays = append(p.DefaultDays, md)
		}
	}
}

// flag is a field that is true or false.
func (n *node) flag(name string) bool { return n.numberOf(name, truth) == 1 }
