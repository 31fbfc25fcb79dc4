package connectors

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// DefaultMaxFieldBytes bounds one value when Query.MaxFieldBytes does not.
const DefaultMaxFieldBytes = 1 << 20

// Fault says why a value makes its row a reject: a code of the closed list and
// its detail, which never repeats the value; both are empty for a good value.
func Fault(value string, maxBytes int, isID bool) (reason, detail string) {
	switch {
	case len(value) > maxBytes:
		return ReasonTooLong, fmt.Sprintf("%d bytes; at most %d are read", len(value), maxBytes)
	case strings.IndexByte(value, 0) >= 0:
		return ReasonNUL, "a NUL byte in the value"
	case !utf8.ValidString(value):
		return ReasonEncoding, "bytes that its character set does not have"
	case isID && Mangled(value):
		return ReasonMangled, "a number in scientific notation: a spreadsheet has lost digits of it"
	}
	return "", ""
}

// scientific is a number as spreadsheets write those that they have rounded. The
// sign of the exponent is required, since 12E5 may be a genuine code.
var scientific = regexp.MustCompile(`^-?[0-9]([.,][0-9]+)?[eE][+-][0-9]+$`)

// Mangled reports a number in scientific notation, such as 4.49E+35.
func Mangled(value string) bool {
	e := strings.IndexAny(value, "eE") + 1
	return e > 0 && e < len(value) && (value[e] == '+' || value[e] == '-') && scientific.MatchString(value)
}

// IDPlaces marks the columns that are among the query's ID columns.
func (q Query) IDPlaces(columns []string) []bool {
	is := make([]bool, len(columns))
	for _, place := range Locate(q.IDColumns, columns) {
		if place >= 0 {
			is[place] = true
		}
	}
	return is
}

// variable is ${NAME} in a setting.
var variable = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)\}`)

// Expand fills ${NAME} in a setting from the environment. The error names the
// variable, never the value.
func (e Environment) Expand(setting, text string) (string, error) {
	var unset []string
	expanded := variable.ReplaceAllStringFunc(text, func(place string) string {
		name := variable.FindStringSubmatch(place)[1]
		if e.Getenv != nil {
			if value, ok := e.Getenv(name); ok {
				return value
			}
		}
		unset = append(unset, name)
		return ""
	})
	if len(unset) > 0 {
		return "", &SettingError{Setting: setting, Message: "the environment has no variable " + strings.Join(unset, ", ")}
	}
	return expanded, nil
}
