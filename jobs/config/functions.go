package config

// allowedFunctions are the functions of DuckDB that an expression may call: of
// one row, with no reach outside it, the same on every day and machine.
var allowedFunctions = []string{
	// text
	"ascii", "chr", "concat", "concat_ws", "contains", "ends_with", "format", "instr", "left", "length", "lower", "lpad",
	"ltrim", "nfc_normalize", "position", "prefix", "printf", "regexp_extract", "regexp_full_match", "regexp_matches",
	"regexp_replace", "repeat", "replace", "reverse", "right", "rpad", "rtrim", "split_part", "starts_with",
	"strip_accents", "strpos", "substr", "substring", "suffix", "translate", "trim", "upper",
	// numbers
	"abs", "ceil", "ceiling", "floor", "greatest", "least", "mod", "round", "sign", "trunc",
	// missing values
	"coalesce", "ifnull", "nullif",
	// days
	"date_add", "date_diff", "date_part", "date_sub", "date_trunc", "datediff", "datepart", "datesub", "datetrunc", "day", "dayofweek", "dayofyear",
	"isodow", "last_day", "make_date", "month", "strftime", "strptime", "try_strptime", "to_days", "to_months",
	"to_weeks", "to_years", "week", "year",
	// lists, as facts have them
	"array_length", "len", "list_contains", "list_has_any",
	// digests, for keys made of several columns
	"md5", "sha256",
	// LIKE with its own escape
	"ilike_escape", "like_escape", "not_ilike_escape", "not_like_escape",
}

// operators are the functions that are written as signs.
var operators = []string{"+", "-", "*", "/", "//", "%", "**", "^", "||", "~~", "!~~", "~~*", "!~~*", "~~~", "^@", "~", "&", "|"}

// clocks are names that DuckDB reads as functions of the day or the session.
var clocks = []string{
	"current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "today",
	"current_user", "session_user", "user", "current_role", "current_schema", "current_catalog",
}

// aggregates are told apart in messages; what is not on any list is refused too.
var aggregates = []string{
	"any_value", "arg_max", "arg_min", "array_agg", "avg", "bool_and", "bool_or", "count", "count_star", "first", "group_concat",
	"last", "list", "max", "mean", "median", "min", "mode", "product", "quantile", "quantile_cont", "quantile_disc",
	"stddev", "stddev_pop", "stddev_samp", "string_agg", "sum", "var_pop", "var_samp", "variance",
}

// fileFunctions read files, as do those whose names begin with read_.
var fileFunctions = []string{"glob", "parquet_scan", "parquet_metadata", "parquet_schema", "sniff_csv", "getenv"}
