package family

import (
	"fmt"
	"strings"
)

// node is somebody in a tree, ready to be shown.
type node struct {
	ID     string
	Number int      // of the accepted line; 0 for none
	Name   string   // as written
	Native string   // "" for none
	Facts  []string // relation, dates, status: short, the first the relation
	Papers string   // ids of records
	Died   bool
	Again  bool   // stands in full elsewhere on the sheet
	Depth  int    // 0 is the root
	Under  int    // index of the node from which the branch comes; -1 for a root
	Joined bool   // a couple with the one above
	Union  string // what joined and parted the couple: married 2010-05-03
}

// tree is one small tree: a family, or the household.
type tree struct {
	Title string
	About string
	Nodes []node
	More  string // who is counted and not shown
}

// trees are the families and the household of a sheet, with lines numbered alike.
func (s *Sheet) trees() (left []tree, right *tree) {
	numbers := s.numbers()
	shown := map[string]bool{}
	for i, f := range s.Families {
		left = append(left, s.familyTree(f, i+1, numbers, shown))
	}
	if s.Household != nil {
		right = s.householdTree(numbers)
	}
	return left, right
}

// numbers are those of the accepted lines, by both ends.
func (s *Sheet) numbers() map[string]int {
	out := map[string]int{}
	for i, l := range s.Lines {
		if l.Accepted {
			out[l.Person], out[l.Member] = i+1, i+1
		}
	}
	return out
}

func (s *Sheet) familyTree(f Family, number int, numbers map[string]int, shown map[string]bool) tree {
	t := tree{Title: fmt.Sprintf("Family %d", number)}
	if f.Home != nil {
		t.About = f.Home.words()
	}
	if f.ChildrenLeftOut > 0 {
		t.More = fmt.Sprintf("and %s without a line", counted(f.ChildrenLeftOut, "more child", "more children"))
	}
	for i, id := range f.Parents {
		n := s.personNode(id, s.parentRole(f, id), numbers, shown)
		if i > 0 {
			n.Joined, n.Union = true, f.unionWords()
		}
		n.Under = -1
		t.Nodes = append(t.Nodes, n)
	}
	for _, id := range f.Children {
		n := s.personNode(id, map[string]string{"male": "son", "female": "daughter"}[s.person(id).Sex], numbers, shown)
		if n.Facts[0] == "" {
			n.Facts[0] = "child"
		}
		n.Depth, n.Under = min(1, len(f.Parents)), len(f.Parents)-1
		t.Nodes = append(t.Nodes, n)
	}
	return t
}

// words say how likely a family lives in the household.
func (h *Home) words() string {
	if h.Accepted {
		return "lives in this household at " + chance(h.Probability)
	}
	return "does not live in this household as a family (" + chance(h.Probability) + ")"
}

// parentRole is mother, father or parent of those with children, wife, husband or spouse of
// a couple without, and nothing of somebody alone.
func (s *Sheet) parentRole(f Family, id string) string {
	sex := s.person(id).Sex
	switch {
	case len(f.Children) > 0:
		return word(map[string]string{"male": "father", "female": "mother"}[sex], "parent")
	case len(f.Parents) > 1:
		return word(map[string]string{"male": "husband", "female": "wife"}[sex], "spouse")
	}
	return word(map[string]string{"male": "man", "female": "woman"}[sex], "person")
}

// word is the first that is not empty.
func word(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}

// unionWords say what joined and parted a couple.
func (f Family) unionWords() string {
	var words []string
	for _, e := range f.Union {
		text := map[string]string{"marriage": "married", "divorce": "divorced"}[e.Type]
		if e.On.known() {
			text += " " + e.On.String()
		}
		words = append(words, text+" ("+e.paper()+")")
	}
	return strings.Join(words, ", ")
}

// paper names the registration of an event, and whether the register took it back.
func (e Event) paper() string {
	text := word(e.Number, e.ID)
	if e.Status == revoked {
		text += ", revoked"
	}
	return text
}

func (s *Sheet) personNode(id, relation string, numbers map[string]int, shown map[string]bool) node {
	p := s.person(id)
	n := node{ID: id, Number: numbers[id], Name: nameOr(p.Name), Native: p.Native, Facts: []string{relation}, Again: shown[id]}
	shown[id] = true
	if p.Born.known() {
		n.Facts = append(n.Facts, "born "+p.Born.String())
	}
	if d := p.death(); d != nil {
		n.Died = true
		n.Facts = append(n.Facts, strings.TrimSpace("died "+d.On.String()))
	}
	n.Papers = p.papers()
	return n
}

// nameOr is a name, or words for none.
func nameOr(name string) string { return word(name, "(no name)") }

// papers are the person's own birth and death by number, and how often others' births
// name the person.
func (p *Person) papers() string {
	var out []string
	others := 0
	for _, e := range p.Events {
		switch {
		case e.Type == "birth" && e.Role == "child", e.Type == "death" && e.Role == "deceased":
			out = append(out, e.Type+" "+e.paper())
		case e.Type == "birth":
			others++
		case e.Type == "death":
			out = append(out, "named in death "+e.paper())
		case e.Type == "marriage", e.Type == "divorce":
			out = append(out, e.Type+" "+e.paper())
		}
	}
	const most = 3
	if more := len(out) - most; more > 0 {
		out = append(out[:most], fmt.Sprintf("%d more", more))
	}
	if others > 0 {
		out = append(out, "named in "+counted(others, "birth", "births"))
	}
	return strings.Join(out, " · ")
}

// counted is a number with its noun.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func (s *Sheet) householdTree(numbers map[string]int) *tree {
	h := s.Household
	var about []string
	if h.Area != "" {
		about = append(about, "area "+h.Area)
	}
	if h.Address != "" {
		about = append(about, h.Address)
	}
	if day := h.interviewed(); day != "" {
		about = append(about, "asked on "+day)
	}
	t := &tree{Title: "Household " + h.ID[strings.LastIndexByte(h.ID, '/')+1:], About: strings.Join(about, " · ")}
	if s.MembersLeftOut > 0 {
		t.More = fmt.Sprintf("and %s without a line", counted(s.MembersLeftOut, "more member", "more members"))
	}
	least := len(relations)
	for _, m := range h.Members {
		least = min(least, relations[relationOf(m)].depth)
	}
	first := map[string]int{} // node by relation
	for _, m := range h.Members {
		r := relations[relationOf(m)]
		n := m.node(numbers[m.ID])
		n.Depth, n.Under = r.depth-least, -1
		if at, ok := first[r.under]; ok {
			n.Under = at
		}
		n.Joined = r.name == "spouse" && len(t.Nodes) > 0
		if _, ok := first[r.name]; !ok {
			first[r.name] = len(t.Nodes)
		}
		t.Nodes = append(t.Nodes, n)
	}
	return t
}

// interviewed is the day on which the household was asked: its own, or the latest of the
// members'.
func (h *Household) interviewed() string {
	day := h.Enumerated
	for _, m := range h.Members {
		if h.Enumerated == "" {
			day = max(day, m.Recorded)
		}
	}
	return day
}

func (m Member) node(number int) node {
	relation := word(strings.ReplaceAll(m.Relation, "_", "-"), "member")
	n := node{ID: m.ID, Number: number, Name: nameOr(m.Name), Native: m.Native, Facts: []string{relation}, Papers: m.ID, Died: m.Status == "dead"}
	if relation == "none" {
		n.Facts[0] = "not related"
	}
	if m.Sex != "" {
		n.Facts = append(n.Facts, m.Sex)
	}
	if m.Born.known() {
		n.Facts = append(n.Facts, "born "+m.Born.String())
	}
	if words := map[string]string{"dead": "listed as dead", "left": "listed as gone"}[m.Status]; words != "" {
		n.Facts = append(n.Facts, words)
	}
	const most = 2
	for _, also := range m.Also[:min(most, len(m.Also))] {
		n.Papers += " · also listed as " + also
	}
	if more := len(m.Also) - most; more > 0 {
		n.Papers += fmt.Sprintf(" · and %d times more", more)
	}
	return n
}
