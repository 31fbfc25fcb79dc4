package synth

import (
	"embed"
	"fmt"
	"math"
	"slices"
	"strings"
)

//go:embed names/*.txt
var nameFiles embed.FS

// wordKind says what a word is in a name; what clerks do to it depends on that.
type wordKind uint8

const (
	ordinaryWord   wordKind = iota
	prefixWord              // Md., Mst.: written, abbreviated or left out at will
	secondWord              // Kumar, Devi, Thi: often left out
	patronymicWord          // the father's name, most often as an initial
)

// word is one part of a name.
type word struct {
	forms  []string // romanisations; the first is the person's own
	native string   // in the native script, or with its accents; may be empty
}

// lexicon holds the words of a country. A name refers to them by index; 0 is no word.
type lexicon struct {
	words []word
}

// pool is a set of words with their frequencies, drawn in constant time (Walker
// 1977, Vose 1991).
type pool struct {
	first  int // index of its first word in the lexicon
	accept []float64
	alias  []int32
}

func (p *pool) draw(r *random) uint16 {
	i := r.below(len(p.accept))
	if r.unit() >= p.accept[i] {
		i = int(p.alias[i])
	}
	return uint16(p.first + i)
}

func (p *pool) empty() bool { return len(p.accept) == 0 }

// newPool weighs the words of a pool: word at rank r gets 1/(r+shift)^exponent,
// and the first one topShare of all when that is positive.
func newPool(first, size int, exponent, topShare float64) pool {
	const shift = 2.7 // Mandelbrot's shift: no name but a forced one bears a tenth of a people
	weights := make([]float64, size)
	rest := 0.0
	for i := range weights {
		weights[i] = math.Pow(float64(i)+shift, -exponent)
		if i > 0 {
			rest += weights[i]
		}
	}
	if topShare > 0 && size > 1 {
		weights[0] = topShare / (1 - topShare) * rest
	}
	return pool{first: first, accept: make([]float64, size), alias: make([]int32, size)}.weighted(weights)
}

// weighted fills the alias table.
func (p pool) weighted(weights []float64) pool {
	total := 0.0
	for _, w := range weights {
		total += w
	}
	var small, large []int32
	scaled := make([]float64, len(weights))
	for i, w := range weights {
		scaled[i] = w / total * float64(len(weights))
		if scaled[i] < 1 {
			small = append(small, int32(i))
		} else {
			large = append(large, int32(i))
		}
	}
	for len(small) > 0 && len(large) > 0 {
		s, l := small[len(small)-1], large[len(large)-1]
		small = small[:len(small)-1]
		p.accept[s], p.alias[s] = scaled[s], l
		scaled[l] -= 1 - scaled[s]
		if scaled[l] < 1 {
			large = large[:len(large)-1]
			small = append(small, l)
		}
	}
	for _, i := range slices.Concat(small, large) {
		p.accept[i], p.alias[i] = 1, i
	}
	return p
}

// nameFile is a parsed file of names/: the entries of each section.
type nameFile map[string][][2]string

func readNames(system string) (nameFile, error) {
	text, err := nameFiles.ReadFile("names/" + system + ".txt")
	if err != nil {
		return nil, fmt.Errorf("read names of %s: %w", system, err)
	}
	file, section := nameFile{}, ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\r\n")
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			section = strings.Trim(line, "[]")
		case section == "variants":
			from, to, _ := strings.Cut(line, ">")
			file[section] = append(file[section], [2]string{from, to})
		default:
			latin, native, _ := strings.Cut(line, "|")
			file[section] = append(file[section], [2]string{latin, native})
		}
	}
	return file, nil
}

// build appends the words of one section to the lexicon: the common ones first,
// then every start with every end in a fixed disorder, at most limit in all.
func (l *lexicon) build(file nameFile, section string, limit int, exponent, topShare float64) (pool, error) {
	if limit == 0 || len(file[section]) == 0 {
		return pool{}, nil
	}
	entries := slices.Clone(file[section])
	var composed [][2]string
	for _, start := range file[section+".start"] {
		for _, end := range file[section+".end"] {
			composed = append(composed, [2]string{start[0] + end[0], start[1] + end[1]})
		}
	}
	r := newRandom(uint64(len(composed)), uint64(len(section)))
	for i := len(composed) - 1; i > 0; i-- {
		j := r.below(i + 1)
		composed[i], composed[j] = composed[j], composed[i]
	}
	seen := map[string]bool{}
	entries = slices.DeleteFunc(slices.Concat(entries, composed), func(e [2]string) bool {
		twice := seen[e[0]]
		seen[e[0]] = true
		return twice
	})
	entries = entries[:min(limit, len(entries))]
	first := len(l.words)
	for _, e := range entries {
		l.words = append(l.words, word{forms: romanisations(e[0], file["variants"]), native: e[1]})
	}
	if len(l.words) > math.MaxUint16 {
		return pool{}, fmt.Errorf("lexicon has %d words, more than %d", len(l.words), math.MaxUint16)
	}
	return newPool(first, len(entries), exponent, topShare), nil
}

// romanisations are the ways in which clerks write a name: the name itself, each
// rule applied once, and pairs of rules, at most eight.
func romanisations(latin string, rules [][2]string) []string {
	const most = 8
	forms := []string{latin}
	var by []int // the rule that made a form
	add := func(form string, rule int) {
		changed := respell(form, rules[rule][0], rules[rule][1])
		if len(forms) < most && changed != form && !slices.Contains(forms, changed) {
			forms, by = append(forms, changed), append(by, rule)
		}
	}
	for rule := range rules {
		add(latin, rule)
	}
	for i, first := range slices.Clone(by) {
		for rule := first + 1; rule < len(rules); rule++ {
			if !overlaps(rules[first], rules[rule]) {
				add(forms[1+i], rule)
			}
		}
	}
	return forms
}

// overlaps says whether a rule would work on what an earlier one wrote.
func overlaps(earlier, later [2]string) bool {
	return strings.Contains(earlier[1], later[0]) || strings.Contains(later[0], earlier[1])
}

// respell replaces the last occurrence of from by to and keeps the first letter
// upper case. A rule with a capital stands for the whole name.
func respell(name, from, to string) string {
	if from[0] >= 'A' && from[0] <= 'Z' {
		if name == from {
			return to
		}
		return name
	}
	lower := strings.ToLower(name)
	at := strings.LastIndex(lower, from)
	if at < 0 || len(name)-len(from)+len(to) < 3 {
		return name
	}
	changed := name[:at] + to + name[at+len(from):]
	return strings.ToUpper(changed[:1]) + changed[1:]
}
