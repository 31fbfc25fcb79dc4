package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rollcall/jobs/programmes"
)

// programme is one that the roster names: its code, and how the roster writes it.
type programme struct{ code, written string }

// template tells whether a template that comes with the program has its code.
func (p programme) template() bool { return slices.Contains(programmes.Names(), p.code+".yaml") }

// file is where its rules are drafted, relative to the job.
func (p programme) file() string { return "programmes/" + sourceName(p.code) + ".yaml" }

// note says what of the draft is left to people.
func (p programme) note() string {
	seems := ""
	if k := p.kind(); k.title != "" {
		seems = "; by its name " + k.title + ", whose usual criteria stand there as comments, to be set from the law"
	}
	return fmt.Sprintf("%s: asks only that the beneficiary lives%s; without the rules of your law the list of registrations says nothing", p.file(), seems)
}

// text is the template of a programme, or one that asks for nothing but that the
// beneficiary lives, with the usual criteria of its kind as comments. lacks is
// what the roster has no column for.
func (p programme) text(lacks []string) (string, error) {
	if p.template() {
		text, err := programmes.Template(p.code + ".yaml")
		return string(text), err
	}
	k := p.kind()
	suggested := "  # " + strings.ReplaceAll(strings.TrimRight(k.criteria, "\n"), "\n", "\n  # ")
	if k.title != "" {
		suggested = "  # By its name this is " + k.title + ".\n" + suggested
	}
	for _, l := range lacks {
		suggested += "\n  # The roster has no column of " + l + ": what rests on it is unknown unless the register tells."
	}
	return fmt.Sprintf(plainProgramme, p.written, p.code, p.written, suggested), nil
}

// plainProgramme has one criterion; what else the law asks for is to be added.
const plainProgramme = `# The rules of the programme %q. Only one is here: that the beneficiary lives.
# Until those of your law are added, everybody who lives seems entitled, and the
# list of registrations says nothing.
rollcall_programme: 1
code: %q
title: %q
version: "1"
valid_from: 2000-01-01
source: "replace by the law or circular"
subjects: member
criteria:
  - name: alive
    expression: alive
    # No record of life is no record of death: nobody is stopped for it.
    presume: met
    source: "replace by the provision that presumes life until a death is registered"
  # Suggestions. They are no law: the officer must set each criterion and each figure
  # from the law in force, and take away the "# " before those that hold.
%s
amount: {value: "0.00", currency: XXX, per: month}  # replace by what is paid; XXX is "no currency"
ends: {when: day, bereavement_days: 0}      # the day of death, or month_end
payment: {timing: arrears, cutoff_day: 22}  # when the payment file is cut
`

// programmeKind is what a programme's name tells of it.
type programmeKind struct {
	title    string
	stems    string // words that name it, in the languages of the recogniser; from five letters on beginnings of words
	criteria string // the usual ones, as YAML
}

// kind is the first whose words the name has; one of no title where none has.
func (p programme) kind() programmeKind {
	words := strings.FieldsFunc(strings.ToLower(p.written), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
	last := len(programmeKinds) - 1
	for _, k := range programmeKinds[:last] {
		for stem := range strings.FieldsSeq(k.stems) {
			if slices.ContainsFunc(words, func(w string) bool {
				return w == stem || strings.HasPrefix(w, stem) && utf8.RuneCountInString(stem) >= 5
			}) {
				return k
			}
		}
	}
	return programmeKinds[last]
}

const (
	ageCriterion = `- name: age
  expression: age_at_least(CASE WHEN sex = 'female' THEN 62 ELSE 65 END)  # set the ages
  where: birth registration or national identity card
`
	womanCriterion = `- name: woman
  expression: sex = 'female'
  where: birth registration or national identity card
`
	adultCriterion = `- name: adult
  expression: age_at_least(18)  # set the age
  where: birth registration or national identity card
`
	widowedCriterion = `- name: husband_died
  expression: widowed  # or "widowed OR divorced"
  presume: ask
  where: death registration of the husband
`
	notRemarriedCriterion = `- name: not_remarried
  expression: NOT remarried
  presume: met  # a register shows marriages, never their absence
  source: "replace by the provision that presumes no remarriage until one is registered"
`
	childCriterion = `- name: age
  expression: age_under(6)  # set the age; "subjects: child" above finds newborn children too
  where: birth registration
`
)

// programmeKinds from the most particular to the least; the last is for a name
// that tells nothing. A pension of which nothing else is said is one of old age.
var programmeKinds = []programmeKind{
	{"an allowance for widows", "widow viuda viudas viudez viúva viúvas veuve veuves janda bidhoba bidhaba vidhwa vidhva বিধবা विधवा", womanCriterion + adultCriterion + widowedCriterion + notRemarriedCriterion},
	{"a maternity allowance", "matern mother pregnan lactat embaraz grossesse ibu matritva matritwa মাতৃত্ব मातृ", womanCriterion + adultCriterion},
	{"a grant for children", "child infan newborn orphan niño niña niños niñas niñez criança enfant anak yatim shishu bal শিশু এতিম शिशु बाल", childCriterion},
	{"an allowance for people with a disability", "disab handicap discapac deficien invalid difabel protibond divyang প্রতিবন্ধী दिव्यांग", `- name: disability
  expression: attribute('disability') = 'severe'  # set the name and value of your attribute
  presume: ask
  where: disability certificate
`},
	{"an old-age allowance", "old oldage age aged elder senior vejez ancian mayor velhice idos vieil lansia lanjut boyosk boyoshk bayask vridh vruddh বয়স্ক वृद्ध pension pensi", ageCriterion},
	{"", "", ageCriterion + womanCriterion + widowedCriterion},
}

// lacks is what the usual criteria rest on and the roster has no column for.
func (d *drafting) lacks() []string {
	var lacks []string
	for _, want := range []struct{ field, what string }{{"member.birth", "dates of birth"}, {"member.sex", "sex"}} {
		has := func(field string) bool {
			for _, c := range d.members.source.Columns {
				if c.Field == field {
					return true
				}
			}
			return false
		}
		if !has(want.field) && (want.field != "member.birth" || !has("member.age")) {
			lacks = append(lacks, want.what)
		}
	}
	return lacks
}
