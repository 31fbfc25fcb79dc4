package config

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"rollcall/pipeline/decide"
	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// sqlParser checks SQL expressions with DuckDB's own parser and binder, in an
// empty session: nothing is run.
type sqlParser struct {
	session *store.Session
	folder  string
}

func newParser(ctx context.Context) (*sqlParser, error) {
	folder, err := os.MkdirTemp("", "rollcall-check-")
	if err != nil {
		return nil, err
	}
	session, err := store.Open(ctx, store.Options{Folder: folder, Threads: 1, MemoryBytes: 128 << 20})
	if err != nil {
		os.RemoveAll(folder)
		return nil, err
	}
	p := &sqlParser{session: session, folder: folder}
	if err := p.standIns(ctx); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *sqlParser) close() {
	p.session.Close()
	os.RemoveAll(p.folder)
}

// scope is what an expression may use beside the allowed functions.
type scope struct {
	functions []string                      // macros
	codes     []string                      // code directories, for code('NAME', value)
	calls     map[string][]decide.Parameter // what macros take, where that is held against the arguments
	boolean   bool                          // the result must be true or false
	number    bool                          // the result must be a number
	columns   []string                      // all columns there are; nil when only the source knows
	types     func(string) string           // SQL type of a column; nil is VARCHAR
	values    map[string][]string           // all texts that a column can hold, where that is known
	bind      bool                          // hold arguments against the types
}

// problem is a mistake at a place of an expression.
type problem struct {
	offset, characters int
	message            string
}

// selectPrefix goes before an expression; DuckDB's places count from its start.
const selectPrefix = "SELECT "

// statement is what json_serialize_sql gives.
type statement struct {
	Error     bool   `json:"error"`
	Message   string `json:"error_message"`
	Position  string `json:"position"`
	Statement []struct {
		Node map[string]any `json:"node"`
	} `json:"statements"`
}

// check parses one expression and gives the columns that it uses, in the order
// of their first use.
func (p *sqlParser) check(ctx context.Context, text string, sc scope) (columns []string, problems []problem, err error) {
	if strings.TrimSpace(text) == "" {
		return nil, []problem{{0, 1, "an SQL expression is expected"}}, nil
	}
	if at := strings.IndexByte(text, 0); at >= 0 {
		return nil, []problem{{at, 1, "a NUL character has no place in an SQL expression"}}, nil
	}
	tree, err := p.parse(ctx, selectPrefix+text)
	if err != nil {
		return nil, nil, err
	}
	if tree.Error && tree.Position != "" {
		return nil, []problem{syntaxProblem(text, tree)}, nil
	}
	if tree.Error || len(tree.Statement) != 1 || !onlyExpression(tree.Statement[0].Node) {
		return nil, []problem{{0, 1, "one SQL expression is expected, without FROM, WHERE, AS or a second value"}}, nil
	}
	w := &treeWalk{scope: sc}
	enclosed, err := p.parse(ctx, "SELECT ("+text+")")
	if err != nil {
		return nil, nil, err
	}
	if enclosed.Error {
		return nil, []problem{{0, 1, "comments and semicolons have no place in an SQL expression"}}, nil
	}
	w.visit(tree.Statement[0].Node["select_list"])
	if len(w.problems) == 0 && sc.bind {
		if w.problems, err = p.bind(ctx, text, w.columns, sc); err != nil {
			return nil, nil, err
		}
	}
	return w.columns, w.problems, nil
}

func (p *sqlParser) parse(ctx context.Context, query string) (statement, error) {
	var text string
	var s statement
	if err := p.session.Row(ctx, "SELECT CAST(json_serialize_sql("+tables.Literal(query)+") AS VARCHAR)", &text); err != nil {
		return s, err
	}
	return s, json.Unmarshal([]byte(text), &s)
}

func syntaxProblem(text string, s statement) problem {
	at, err := strconv.Atoi(s.Position)
	if err != nil {
		return problem{0, 1, s.Message}
	}
	return problem{byteOf(text, at-len(selectPrefix)), 1, s.Message}
}

// byteOf turns a place in characters, as DuckDB's syntax errors give it, into
// one in bytes.
func byteOf(text string, characters int) int {
	for i := range text {
		if characters <= 0 {
			return i
		}
		characters--
	}
	return len(text)
}

// sample stands for what a column of text may hold: nothing that can be converted.
const sample = "'x~'"

const endsTheRun = "a value that cannot be converted would end the run; use TRY_CAST(… AS …) or try_strptime(), which give NULL"

// bind lets DuckDB hold functions and arguments against the columns' types, and
// tries the expression on a row whose texts cannot be converted to anything.
func (p *sqlParser) bind(ctx context.Context, text string, columns []string, sc scope) ([]problem, error) {
	list := make([]string, 0, len(columns)+1)
	for _, c := range columns {
		value := sample
		if sc.types != nil {
			value = "CAST(NULL AS " + sc.types(strings.ToLower(c)) + ")"
		}
		list = append(list, value+" AS "+tables.Quote(c))
	}
	list = append(list, `NULL AS "no column"`)
	kind, err := p.try(ctx, fmt.Sprintf("SELECT (%s) FROM (SELECT %s)", text, strings.Join(list, ", ")))
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil && conversion(err):
		return []problem{{0, 1, endsTheRun}}, nil
	case err != nil:
		return []problem{{0, 1, bindMessage(err)}}, nil
	case sc.boolean && kind != "BOOLEAN" && kind != "SQLNULL":
		return []problem{{0, 1, fmt.Sprintf("it must be true or false, and it is %s; compare it with something", kind)}}, nil
	case sc.number && kind != "SQLNULL" && !numeric(kind):
		return []problem{{0, 1, fmt.Sprintf("it must be a number, and it is %s", kind)}}, nil
	}
	return nil, nil
}

// numeric tells the types of SQL that are numbers.
func numeric(kind string) bool {
	return strings.HasPrefix(kind, "DECIMAL") || slices.Contains([]string{"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE"}, kind)
}

// try runs a query of one value and gives its type.
func (p *sqlParser) try(ctx context.Context, query string) (kind string, err error) {
	rows, err := p.session.Query(ctx, query)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return "", fmt.Errorf("type of an expression: %w", err)
	}
	for rows.Next() {
	}
	return types[0].DatabaseTypeName(), rows.Err()
}

// conversion tells an error of a value from one of the expression.
func conversion(err error) bool {
	var failed *duckdb.Error
	return errors.As(err, &failed) && slices.Contains([]duckdb.ErrorType{
		duckdb.ErrorTypeConversion, duckdb.ErrorTypeInvalidInput, duckdb.ErrorTypeOutOfRange, duckdb.ErrorTypeMismatchType,
	}, failed.Type)
}

// bindMessage is the first line of DuckDB's message, without its class.
func bindMessage(err error) string {
	message := strings.TrimPrefix(err.Error(), "SQL: ")
	message, _, _ = strings.Cut(message, "\n")
	if class, rest, ok := strings.Cut(message, " Error: "); ok && !strings.Contains(class, ":") {
		message = rest
	}
	return strings.TrimSpace(message)
}

// treeWalk goes through the tree of one expression.
type treeWalk struct {
	scope    scope
	columns  []string
	problems []problem
}

// onlyExpression tells whether a SELECT has one unnamed value and nothing else.
func onlyExpression(n map[string]any) bool {
	values, _ := n["select_list"].([]any)
	if n["type"] != "SELECT_NODE" || len(values) != 1 {
		return false
	}
	if value, _ := values[0].(map[string]any); value["alias"] != "" {
		return false
	}
	from, _ := n["from_table"].(map[string]any)
	empty := from["type"] == "EMPTY"
	for _, part := range []string{"where_clause", "having", "sample", "qualify"} {
		empty = empty && n[part] == nil
	}
	for _, part := range []string{"modifiers", "group_expressions", "group_sets"} {
		list, _ := n[part].([]any)
		empty = empty && len(list) == 0
	}
	return empty
}

// visit goes through a value of the tree in the order in which it is written.
func (w *treeWalk) visit(value any) {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			w.visit(item)
		}
	case map[string]any:
		if class, ok := v["class"].(string); ok && !w.enter(class, v) {
			return
		}
		for _, part := range parts {
			if inner, ok := v[part]; ok {
				w.visit(inner)
			}
		}
	}
}

// parts are the members of a node that hold expressions, in reading order.
var parts = []string{"input", "left", "right", "case_checks", "when_expr", "then_expr", "else_expr", "child", "children", "lower", "upper"}

// classes of nodes that have no place in an expression, and how each is called.
var refused = map[string]string{
	"SUBQUERY":             "a sub-query has no place in an expression: it sees one row",
	"WINDOW":               "a window function has no place in an expression: it sees one row",
	"STAR":                 "* has no place in an expression: name the columns",
	"LAMBDA":               "a lambda has no place in an expression",
	"PARAMETER":            "a parameter has no place in an expression",
	"POSITIONAL_REFERENCE": "columns are called by their names",
	"COLLATE":              "COLLATE has no place in an expression; lower() and strip_accents() do the same for all",
	"DEFAULT":              "DEFAULT has no place in an expression",
}

var allowedClasses = []string{"CONSTANT", "COLUMN_REF", "FUNCTION", "COMPARISON", "CONJUNCTION", "OPERATOR", "CASE", "CAST", "BETWEEN"}

// enter checks one node; false means that what is inside is not looked at.
func (w *treeWalk) enter(class string, n map[string]any) bool {
	if message, ok := refused[class]; ok {
		w.problem(n, 1, message)
		return false
	}
	if !slices.Contains(allowedClasses, class) {
		w.problem(n, 1, strings.ToLower(class)+" has no place in an expression")
		return false
	}
	switch class {
	case "COLUMN_REF":
		w.column(n)
	case "FUNCTION":
		return w.function(n)
	case "COMPARISON", "OPERATOR", "BETWEEN":
		w.comparison(n)
	}
	return true
}

func (w *treeWalk) column(n map[string]any) {
	names, _ := n["column_names"].([]any)
	if len(names) != 1 {
		w.problem(n, 1, `a column is named alone; put it into double quotes where the dot belongs to its name`)
		return
	}
	name, _ := names[0].(string)
	if slices.Contains(clocks, strings.ToLower(name)) {
		w.problem(n, len(name), name+" would make the result depend on the day on which it is made")
		return
	}
	if w.scope.columns != nil && !slices.Contains(w.scope.columns, strings.ToLower(name)) {
		w.problem(n, len(name), fmt.Sprintf("there is no column %q%s", name, didYouMean(name, w.scope.columns)))
		return
	}
	if !slices.Contains(w.columns, name) {
		w.columns = append(w.columns, name)
	}
}

// comparison holds what a column of text is compared with against what can stand in
// it. DuckDB would take a number for a text there, and the comparison would be
// unknown for everybody.
func (w *treeWalk) comparison(n map[string]any) {
	if kind, _ := n["type"].(string); w.scope.types == nil || !strings.HasPrefix(kind, "COMPARE_") {
		return
	}
	sides, _ := n["children"].([]any)
	for _, part := range []string{"input", "left", "right", "lower", "upper"} {
		sides = append(sides, n[part])
	}
	for _, side := range sides {
		s, _ := side.(map[string]any)
		names, _ := s["column_names"].([]any)
		if len(names) != 1 {
			continue
		}
		if name, _ := names[0].(string); w.scope.types(strings.ToLower(name)) == "VARCHAR" {
			w.comparedWith(name, sides)
		}
	}
}

func (w *treeWalk) comparedWith(column string, sides []any) {
	can := w.scope.values[strings.ToLower(column)]
	for _, side := range sides {
		s, _ := side.(map[string]any)
		constant, ok := s["value"].(map[string]any)
		if null, _ := constant["is_null"].(bool); !ok || null {
			continue
		}
		text, isText := constant["value"].(string)
		switch {
		case !isText:
			w.problem(s, 1, column+" is a text, and this is none: put it in single quotes")
		case can != nil && !slices.Contains(can, text):
			w.problem(s, len(text)+2, fmt.Sprintf("%s is never %q; it can be %s%s", column, text, either(can), didYouMean(text, can)))
		}
	}
}

func (w *treeWalk) function(n map[string]any) bool {
	name, _ := n["function_name"].(string)
	name = strings.ToLower(name)
	if operator, _ := n["is_operator"].(bool); operator {
		if slices.Contains(operators, name) {
			return true
		}
		if sign, ok := strings.CutSuffix(name, "__postfix"); ok {
			w.problem(n, len(sign), "nothing follows the operator "+sign)
		} else {
			w.problem(n, len(name), fmt.Sprintf("there is no operator %s to use here", name))
		}
		return false
	}
	known := slices.Concat(allowedFunctions, w.scope.functions)
	switch {
	case name == "code" && w.scope.codes != nil:
		w.codeCall(n)
	case slices.Contains(known, name):
	case slices.Contains(aggregates, name):
		w.problem(n, len(name), name+"() is an aggregate; an expression sees one row")
		return false
	case strings.HasPrefix(name, "read_") || slices.Contains(fileFunctions, name):
		w.problem(n, len(name), name+"() reads a file, and an expression sees its row only; what a file says is for a source of the job to bring")
		return false
	default:
		w.problem(n, len(name), fmt.Sprintf("there is no function %s() to use here%s", name, didYouMean(name, known)))
		return false
	}
	if parameters, ok := w.scope.calls[name]; ok {
		w.arguments(n, name, parameters)
	}
	if distinct, _ := n["distinct"].(bool); distinct || n["filter"] != nil {
		w.problem(n, len(name), "DISTINCT and FILTER belong to aggregates; an expression sees one row")
	}
	return true
}

// arguments holds the arguments of a macro, as far as they are written out, against
// what it takes.
func (w *treeWalk) arguments(n map[string]any, name string, parameters []decide.Parameter) {
	given, _ := n["children"].([]any)
	least := len(parameters)
	if parameters[least-1].Optional {
		least--
	}
	if len(given) < least || len(given) > len(parameters) {
		w.problem(n, len(name), fmt.Sprintf("%s() is written %s", name, signature(name, parameters)))
		return
	}
	for i, argument := range given {
		a, _ := argument.(map[string]any)
		constant := a["class"] == "CONSTANT"
		value, _ := a["value"].(map[string]any)
		text, isText := value["value"].(string)
		switch p := parameters[i]; {
		case p.Named() && (!constant || !isText):
			w.problem(n, len(name), fmt.Sprintf("%s() takes the %s in quotes: %s", name, p.Name, signature(name, parameters)))
		case p.Type == "integer" && constant && isText:
			w.problem(a, len(text)+2, fmt.Sprintf("%s() takes a whole number of %s, and this is a text", name, p.Name))
		case p.Type == "date" && constant && !isText:
			w.problem(n, len(name), fmt.Sprintf("%s() takes a day there, and this is a number: %s", name, signature(name, parameters)))
		}
	}
}

func signature(name string, parameters []decide.Parameter) string {
	return decide.Function{Name: name, Parameters: parameters}.Signature()
}

// codeCall holds code('NAME', value) against the code directories.
func (w *treeWalk) codeCall(n map[string]any) {
	args, _ := n["children"].([]any)
	if len(args) != 2 {
		w.problem(n, len("code"), "code() takes the name of a code directory and a value: code('area', area_code)")
		return
	}
	first, _ := args[0].(map[string]any)
	value, _ := first["value"].(map[string]any)
	name, ok := value["value"].(string)
	switch {
	case !ok:
		w.problem(n, len("code"), "the first argument of code() is the name of a code directory in quotes: code('area', area_code)")
	case !slices.Contains(w.scope.codes, name):
		w.problem(first, len(name)+2, fmt.Sprintf("there is no code directory %q under codes%s", name, didYouMean(name, w.scope.codes)))
	}
}

// unknownLocation is what DuckDB gives for a node without a place.
const unknownLocation = 1 << 62

func (w *treeWalk) problem(n map[string]any, characters int, message string) {
	offset := 0
	if at, ok := n["query_location"].(float64); ok && at < unknownLocation {
		offset = max(0, int(at)-len(selectPrefix))
	}
	w.problems = append(w.problems, problem{offset, characters, message})
}
