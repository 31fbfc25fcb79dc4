package decide

import (
	"slices"
	"strings"
)

// Column is one column of a subject that a criterion can use.
type Column struct {
	Name string
	Type string // text, date, integer or boolean
	Doc  string
}

// Columns lists what a criterion can use. A Boolean is NULL when no record
// tells: `NOT remarried` is unknown for most widows, and the criterion's presume
// says what to do then.
func Columns() []Column {
	return []Column{
		{"sex", "text", "male, female or other"},
		{"birth_earliest", "date", "first day on which the subject can be born: the roster's and the birth registration's bounds together; a placeholder such as 1 January stands for its year"},
		{"birth_latest", "date", "last day on which the subject can be born"},
		{"area_code", "text", "canonical code of the area of residence"},
		{"as_of", "date", "day for which the criteria are judged"},
		{"month_start", "date", "first day of the month of as_of"},
		{"month_end", "date", "last day of the month of as_of, the month that is paid: age_at_least(60, month_end)"},
		{"alive", "boolean", "TRUE: a record of life given in person within the days allowed before the as-of day; FALSE: a death registration at the solid probability, without contradiction"},
		{"deceased", "boolean", "the opposite of alive"},
		{"died_earliest", "date", "first day on which the registered death can have happened"},
		{"died_latest", "date", "last day on which the registered death can have happened"},
		{"widowed", "boolean", "TRUE: a spouse died, ever; FALSE: the present spouse gave a record of life within the days allowed"},
		{"widowed_on", "date", "day by which the last spouse's death had happened"},
		{"remarried", "boolean", "TRUE: a marriage after the last death of a spouse or divorce; never FALSE. A marriage before the death or divorce says nothing"},
		{"remarried_on", "date", "day by which that marriage had happened"},
		{"divorced", "boolean", "TRUE: a divorce registration; never FALSE"},
		{"divorced_on", "date", "day of the last divorce"},
		{"married", "boolean", "TRUE: a present spouse gave a record of life within the days allowed, or remarried; never FALSE"},
		{"orphan_one", "boolean", "TRUE: a parent of a child under 18 died; never FALSE"},
		{"orphan_both", "boolean", "TRUE: both parents of a child under 18 died; FALSE: a parent gave a record of life within the days allowed"},
		{"orphaned_on", "date", "day by which the second parent's death had happened"},
		{"is_child", "boolean", "under 18 years of age"},
		{"birth_registered", "boolean", "TRUE: a birth registration is linked to the subject at a probability of 0.5 or more; never FALSE"},
		{"mother_alive", "boolean", "alive, of the mother"},
		{"father_alive", "boolean", "alive, of the father"},
		{"caregiver_known", "boolean", "TRUE: a caregiver or a parent who is not reported dead stands in the roster; never FALSE"},
		{"caregiver_is_parent", "boolean", "TRUE: the caregiver of an enrolment is the mother or the father by birth registration or roster; FALSE: mother and father are both known by birth registration, and the caregiver is neither"},
		{"children_known", "integer", "living children surely under 18 whom records name as the subject's; there may be more"},
	}
}

// Function is one function that a criterion can use.
type Function struct {
	Name       string
	Parameters []Parameter
	Type       string
	Doc        string
	hidden     string // columns of the subject that the macro takes before the arguments
}

// Parameter is one argument of a function.
type Parameter struct {
	Name     string
	Type     string // integer, date, attribute, programme or area: the last three are names in quotes
	Optional bool   // only the last can be
}

// Named tells whether the argument is a name in quotes.
func (p Parameter) Named() bool {
	return p.Type == "attribute" || p.Type == "programme" || p.Type == "area"
}

// Signature is the function as written in a criterion.
func (f Function) Signature() string {
	var b strings.Builder
	for i, p := range f.Parameters {
		name := p.Name
		if p.Named() {
			name = "'" + name + "'"
		}
		switch {
		case p.Optional:
			name = "[, " + name + "]"
		case i > 0:
			name = ", " + name
		}
		b.WriteString(name)
	}
	return f.Name + "(" + b.String() + ")"
}

// Functions lists the functions of criteria. A birthday that a year does not
// have, 29 February, falls on the next day, 1 March.
func Functions() []Function {
	const ages = "birth_earliest, birth_latest, as_of"
	years, months := Parameter{Name: "years", Type: "integer"}, Parameter{Name: "months", Type: "integer"}
	day, on := Parameter{Name: "day", Type: "date"}, Parameter{Name: "day", Type: "date", Optional: true}
	name, n := Parameter{Name: "name", Type: "attribute"}, Parameter{Name: "n", Type: "integer"}
	return []Function{
		{"age_at_least", []Parameter{years, on}, "boolean", "the subject has completed so many years on the day, or else on the as-of day; NULL when the bounds of the birth leave it open", ages},
		{"age_under", []Parameter{years, on}, "boolean", "the opposite of age_at_least", ages},
		{"age_under_months", []Parameter{months, on}, "boolean", "the subject has not completed so many months on the day, or else on the as-of day", ages},
		{"years_passed", []Parameter{day, years}, "boolean", "so many years have passed between the day and the as-of day: years_passed(day_of('separated_since'), 2)", "as_of"},
		{"attribute", []Parameter{name}, "text", "the latest value stated for the subject, or else for the household", "attributes"},
		{"number", []Parameter{name}, "decimal", "attribute as a number; NULL when it is none", "attributes"},
		{"yes", []Parameter{name}, "boolean", "attribute as an answer: TRUE for yes, y, true and 1, FALSE for no, n, false and 0, else NULL", "attributes"},
		{"day_of", []Parameter{name}, "date", "attribute as a day, YYYY-MM-DD; NULL when it is none", "attributes"},
		{"enrolled_in", []Parameter{{Name: "programme", Type: "programme"}}, "boolean", "the subject has an active enrolment in the programme", "programmes"},
		{"in_area", []Parameter{{Name: "code", Type: "area"}}, "boolean", "the subject lives in the area or in one that lies in it: by the area tree, and without one by the beginning of the code", "areas, area_code"},
		{"children_at_least", []Parameter{n}, "boolean", "TRUE: children_known is so many; never FALSE, for not every birth is registered", "children_known"},
		{"births_at_least", []Parameter{n}, "boolean", "TRUE: records name so many children whom the subject ever had, the dead too; never FALSE", "births"},
		{"nth_birth", []Parameter{n}, "date", "day of birth of the nth child that records name, where it is known to the day", "births"},
		{"nth_sex", []Parameter{n}, "text", "sex of the nth child that records name", "births"},
		{"birth_order_at_least", []Parameter{n}, "boolean", "TRUE: records name so many children of the subject's mother, the subject among them, none of the others born later; never FALSE", "older_siblings"},
	}
}

// macros are the functions in SQL; each takes its hidden columns first. Whoever
// was born by the day n months before the as-of day has completed n months. Where
// that month is too short for the day, it is the month's last; and who was born
// on a day that the as-of month lacks is younger, until the first of the next.
const macros = `
CREATE OR REPLACE TEMP MACRO born_by(as_of_, n) AS CAST(as_of_ - to_months(CAST(n AS INTEGER)) AS DATE);
CREATE OR REPLACE TEMP MACRO rule_months(earliest_, latest_, as_of_, n) AS
  CASE WHEN latest_ <= born_by(as_of_, n) THEN TRUE WHEN earliest_ > born_by(as_of_, n) THEN FALSE END;
CREATE OR REPLACE TEMP MACRO rule_age_at_least(earliest_, latest_, as_of_, n) AS rule_months(earliest_, latest_, as_of_, 12 * n),
  (earliest_, latest_, as_of_, n, day_) AS rule_months(earliest_, latest_, CAST(day_ AS DATE), 12 * n);
CREATE OR REPLACE TEMP MACRO rule_age_under(earliest_, latest_, as_of_, n) AS NOT rule_months(earliest_, latest_, as_of_, 12 * n),
  (earliest_, latest_, as_of_, n, day_) AS NOT rule_months(earliest_, latest_, CAST(day_ AS DATE), 12 * n);
CREATE OR REPLACE TEMP MACRO rule_age_under_months(earliest_, latest_, as_of_, n) AS NOT rule_months(earliest_, latest_, as_of_, n),
  (earliest_, latest_, as_of_, n, day_) AS NOT rule_months(earliest_, latest_, CAST(day_ AS DATE), n);
CREATE OR REPLACE TEMP MACRO rule_years_passed(as_of_, day_, n) AS CAST(day_ AS DATE) <= born_by(as_of_, 12 * n);
CREATE OR REPLACE TEMP MACRO rule_attribute(attributes_, n) AS attributes_[n];
CREATE OR REPLACE TEMP MACRO rule_number(attributes_, n) AS TRY_CAST(attributes_[n] AS DECIMAL(18, 4));
CREATE OR REPLACE TEMP MACRO rule_yes(attributes_, n) AS
  CASE WHEN lower(trim(attributes_[n])) IN ('yes', 'y', 'true', '1') THEN TRUE WHEN lower(trim(attributes_[n])) IN ('no', 'n', 'false', '0') THEN FALSE END;
CREATE OR REPLACE TEMP MACRO rule_day_of(attributes_, n) AS TRY_CAST(attributes_[n] AS DATE);
CREATE OR REPLACE TEMP MACRO rule_enrolled_in(programmes_, n) AS list_contains(programmes_, n);
CREATE OR REPLACE TEMP MACRO rule_in_area(areas_, area_code_, n) AS coalesce(list_contains(areas_, n), starts_with(area_code_, n));
CREATE OR REPLACE TEMP MACRO rule_children_at_least(children_known_, n) AS CASE WHEN children_known_ >= n THEN TRUE END;
CREATE OR REPLACE TEMP MACRO rule_births_at_least(births_, n) AS CASE WHEN len(births_) >= n THEN TRUE END;
CREATE OR REPLACE TEMP MACRO rule_nth_birth(births_, n) AS CASE WHEN births_[n].earliest = births_[n].latest THEN births_[n].earliest END;
CREATE OR REPLACE TEMP MACRO rule_nth_sex(births_, n) AS births_[n].sex;
CREATE OR REPLACE TEMP MACRO rule_birth_order_at_least(older_, n) AS CASE WHEN n <= 1 OR older_ >= n - 1 THEN TRUE END;
`

// expression writes a criterion as SQL over the subject: a macro cannot see the
// columns of the row, so each call gets those that its function stands on.
func expression(criterion string) string {
	var out strings.Builder
	scan(criterion, func(t token) {
		if i := slices.IndexFunc(Functions(), func(f Function) bool {
			return t.called && strings.EqualFold(f.Name, t.text)
		}); i >= 0 {
			f := Functions()[i]
			out.WriteString("rule_" + f.Name + "(" + f.hidden + ", ")
			return
		}
		out.WriteString(t.text)
		if t.called {
			out.WriteByte('(')
		}
	})
	return out.String()
}

// literals lists the string literals of a criterion, which may name attributes.
func literals(criterion string) []string {
	var out []string
	scan(criterion, func(t token) {
		if n := len(t.text); n >= 2 && t.text[0] == '\'' {
			out = append(out, strings.ReplaceAll(t.text[1:n-1], "''", "'"))
		}
	})
	return out
}

// token is a piece of an SQL expression: a word, a quoted text, or anything else.
type token struct {
	text   string
	called bool // a word with an opening parenthesis after it, which is no part of text
}

// scan cuts an SQL expression into tokens, far enough to tell a call from what
// stands in quotes.
func scan(sql string, each func(token)) {
	for i := 0; i < len(sql); {
		start := i
		switch c := sql[i]; {
		case c == '\'' || c == '"':
			for i++; i < len(sql); i++ {
				if sql[i] != c {
					continue
				}
				if i+1 < len(sql) && sql[i+1] == c {
					i++
					continue
				}
				break
			}
			i = min(i+1, len(sql))
			each(token{text: sql[start:i]})
		case isWord(c):
			for i < len(sql) && isWord(sql[i]) {
				i++
			}
			t := token{text: sql[start:i]}
			after := i
			for after < len(sql) && sql[after] == ' ' {
				after++
			}
			if after < len(sql) && sql[after] == '(' {
				t.called = true
				i = after + 1
			}
			each(t)
		default:
			i++
			each(token{text: sql[start:i]})
		}
	}
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
