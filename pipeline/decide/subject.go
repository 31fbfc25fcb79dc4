package decide

import (
	"slices"
	"strings"
)

// Column is one column of a subject that a criterion can use.
type Column struct {
	Name string
	Type string // text, date or boolean
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
		{"alive", "boolean", "TRUE: a record of life given in person within the days allowed before the as-of day; FALSE: a death registration at the solid probability, without contradiction"},
		{"deceased", "boolean", "the opposite of alive"},
		{"widowed", "boolean", "TRUE: a spouse died, ever; FALSE: the present spouse gave a record of life within the days allowed"},
		{"widowed_on", "date", "day by which the last spouse's death had happened"},
		{"remarried", "boolean", "TRUE: a marriage after the last death of a spouse or divorce; never FALSE"},
		{"divorced", "boolean", "TRUE: a divorce registration; never FALSE"},
		{"married", "boolean", "TRUE: a present spouse gave a record of life within the days allowed, or remarried; never FALSE"},
		{"orphan_one", "boolean", "TRUE: a parent of a child under 18 died; never FALSE"},
		{"orphan_both", "boolean", "TRUE: both parents of a child under 18 died; FALSE: a parent gave a record of life within the days allowed"},
		{"is_child", "boolean", "under 18 years of age"},
		{"mother_alive", "boolean", "alive, of the mother"},
		{"father_alive", "boolean", "alive, of the father"},
		{"caregiver_known", "boolean", "TRUE: a caregiver or a parent who is not reported dead stands in the roster; never FALSE"},
	}
}

// Function is one function that a criterion can use.
type Function struct {
	Name      string
	Arguments string // as written in a criterion
	Type      string
	Doc       string
	hidden    string // columns of the subject that the macro takes before the arguments
}

// Functions lists the functions of criteria. A birthday that a year does not
// have, 29 February, falls on the next day, 1 March.
func Functions() []Function {
	const ages = "birth_earliest, birth_latest, as_of"
	return []Function{
		{"age_at_least", "years", "boolean", "the subject has completed so many years on the as-of day; NULL when the bounds of the birth leave it open", ages},
		{"age_under", "years", "boolean", "the opposite of age_at_least", ages},
		{"age_under_months", "months", "boolean", "the subject has not completed so many months on the as-of day", ages},
		{"attribute", "'name'", "text", "the latest value stated for the subject, or else for the household", "attributes"},
		{"number", "'name'", "decimal", "attribute as a number; NULL when it is none", "attributes"},
		{"enrolled_in", "'programme'", "boolean", "the subject has an active enrolment in the programme", "programmes"},
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
CREATE OR REPLACE TEMP MACRO rule_age_at_least(earliest_, latest_, as_of_, n) AS rule_months(earliest_, latest_, as_of_, 12 * n);
CREATE OR REPLACE TEMP MACRO rule_age_under(earliest_, latest_, as_of_, n) AS NOT rule_months(earliest_, latest_, as_of_, 12 * n);
CREATE OR REPLACE TEMP MACRO rule_age_under_months(earliest_, latest_, as_of_, n) AS NOT rule_months(earliest_, latest_, as_of_, n);
CREATE OR REPLACE TEMP MACRO rule_attribute(attributes_, n) AS attributes_[n];
CREATE OR REPLACE TEMP MACRO rule_number(attributes_, n) AS TRY_CAST(attributes_[n] AS DECIMAL(18, 4));
CREATE OR REPLACE TEMP MACRO rule_enrolled_in(programmes_, n) AS list_contains(programmes_, n);
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
