package gate

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/matchers/locale"
	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// Figures are what is known of one source after mapping.
type Figures struct {
	Source     string
	File       string // raw snapshot, Parquet
	Columns    []string
	Read       int64 // rows read from the source, rejected ones included
	Used       int64
	Superseded int64
	Rejected   map[string]int64 // by reason
	Unknown    map[string]int64 // values without a canonical code, by directory
	Unreadable map[string]int64 // days and amounts that are none, by field
	Placed     map[string]int64 // areas that are no code of the tree, by the rule that found one or none
	Partial    bool             // the source ended before its end
	Cause      string           // why it is partial
	Newest     time.Time        // newest day of receipt, or the file's own date; zero when unknown
}

// Baseline is the last good run's figures by source and measure.
type Baseline map[[2]string]string

// Sorted lists the figures in order.
func (b Baseline) Sorted() []Measure {
	list := make([]Measure, 0, len(b))
	for k, v := range b {
		list = append(list, Measure{k[0], k[1], v})
	}
	slices.SortFunc(list, func(x, y Measure) int {
		return cmp.Or(strings.Compare(x.Source, y.Source), strings.Compare(x.Measure, y.Measure))
	})
	return list
}

// Measure is one figure that becomes the next run's baseline.
type Measure struct{ Source, Measure, Value string }

// Inputs holds the sources against their contracts and the baseline. It returns
// the findings and the figures that a good run hands to the next.
func Inputs(ctx context.Context, s *store.Session, cfg Config, asOf time.Time, sources []Figures, base Baseline) (Report, []Measure, error) {
	c := &check{cfg: cfg.withDefaults(), base: base, asOf: asOf}
	for _, f := range sources {
		contract := contractOf(cfg, f.Source)
		c.partial(f)
		c.rows(f, contract)
		c.rejects(f, contract)
		c.codes(f)
		c.areas(f)
		c.unreadable(f)
		c.age(f, contract)
		if err := c.nullRates(ctx, s, f, contract); err != nil {
			return Report{}, nil, fmt.Errorf("gate %s: %w", f.Source, err)
		}
	}
	if err := c.dates(ctx, s); err != nil {
		return Report{}, nil, fmt.Errorf("gate dates: %w", err)
	}
	return c.report(), c.measures, nil
}

func (cfg Config) withDefaults() Config {
	set := func(v *float64, d float64) {
		if *v == 0 {
			*v = d
		}
	}
	set(&cfg.RowChange, 0.3)
	set(&cfg.ListShare, 0.15)
	set(&cfg.ListGrowth, 3)
	set(&cfg.NullRateChange, 0.1)
	return cfg
}

func contractOf(cfg Config, source string) Contract {
	for _, c := range cfg.Contracts {
		if c.Source == source {
			return c
		}
	}
	return Contract{Source: source}
}

// check gathers findings and figures.
type check struct {
	cfg      Config
	base     Baseline
	asOf     time.Time
	findings []Finding
	measures []Measure
}

func (c *check) add(f Finding) { c.findings = append(c.findings, f) }

func (c *check) measure(source, measure string, value int64) {
	c.measures = append(c.measures, Measure{source, measure, strconv.FormatInt(value, 10)})
}

// before is the baseline's figure for a measure.
func (c *check) before(source, measure string) (float64, bool) {
	text, ok := c.base[[2]string{source, measure}]
	if !ok {
		return 0, false
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil
}

func (c *check) report() Report {
	r := Report{Verdict: Pass, Findings: c.findings}
	for _, f := range c.findings {
		r.Verdict = worse(r.Verdict, f.Verdict)
	}
	return r
}

var severity = map[Verdict]int{Pass: 0, Warn: 1, Hold: 2}

func worse(a, b Verdict) Verdict {
	if severity[b] > severity[a] {
		return b
	}
	return a
}

func (c *check) partial(f Figures) {
	if f.Partial {
		c.add(Finding{
			Check: "partial", Source: f.Source, Verdict: Hold, Observed: f.Cause,
			Expected: "a whole snapshot", Advice: "run again when the source is back or the file whole; nothing that depends on it is listed",
		})
	}
}

// rows compares the number of rows used with the baseline, or, in a first run,
// with the band that the source declares.
func (c *check) rows(f Figures, contract Contract) {
	c.measure(f.Source, "rows", f.Used)
	finding := Finding{Check: "rows", Source: f.Source, Verdict: Pass, Observed: count(f.Used)}
	before, known := c.before(f.Source, "rows")
	switch {
	case known:
		finding.Expected = fmt.Sprintf("%s in the last good run, change below %s", count(int64(before)), percent(c.cfg.RowChange))
		change := 1.0
		if before > 0 {
			change = float64(f.Used)/before - 1
		}
		finding.Verdict = graded(max(change, -change), c.cfg.RowChange/2, c.cfg.RowChange)
		if change > 0 && finding.Verdict == Hold && before == 0 {
			finding.Verdict = Warn
		}
	case contract.MinRows > 0 || contract.MaxRows > 0:
		finding.Expected = fmt.Sprintf("%s to %s", count(contract.MinRows), count(contract.MaxRows))
		if f.Used < contract.MinRows || (contract.MaxRows > 0 && f.Used > contract.MaxRows) {
			finding.Verdict = Hold
		}
	default:
		finding.Expected = "at least one"
		if f.Used == 0 {
			finding.Verdict = Hold
		}
	}
	if finding.Verdict != Pass {
		finding.Advice = "ask the sender whether the file is whole; if the change is real, two people release the run with a reason"
	}
	c.add(finding)
}

// graded is hold above one bound and warn above the other.
func graded(value, warn, hold float64) Verdict {
	switch {
	case value > hold:
		return Hold
	case value > warn:
		return Warn
	}
	return Pass
}

func (c *check) rejects(f Figures, contract Contract) {
	limit := contract.MaxRejectRate
	if limit == 0 {
		limit = 0.05
	}
	var rejected int64
	var reasons []string
	for _, reason := range slices.Sorted(maps.Keys(f.Rejected)) {
		n := f.Rejected[reason]
		if reason == "received_after" {
			continue // not wrong, only later than the as-of day
		}
		rejected += n
		if n > 0 {
			reasons = append(reasons, fmt.Sprintf("%s %s", count(n), reason))
		}
	}
	if rejected == 0 {
		return
	}
	share := float64(rejected) / float64(max(f.Read, 1))
	c.add(Finding{
		Check: "rejects", Source: f.Source, Verdict: graded(share, limit/5, limit),
		Observed: fmt.Sprintf("%s of %s rows (%s)", count(rejected), count(f.Read), strings.Join(reasons, ", ")),
		Expected: "at most " + percent(limit), Advice: "look through the rejected rows: rejects-SOURCE.parquet beside the snapshot has file, line and reason, reject.parquet of the mapping stage those without a key of their own",
	})
}

func (c *check) codes(f Figures) {
	for _, directory := range slices.Sorted(maps.Keys(f.Unknown)) {
		n := f.Unknown[directory]
		c.measure(f.Source, "unknown_codes:"+directory, n)
		if n == 0 {
			continue
		}
		share := float64(n) / float64(max(f.Used, 1))
		c.add(Finding{
			Check: "unknown_codes", Source: f.Source, Subject: directory, Verdict: graded(share, 0, 0.2),
			Observed: fmt.Sprintf("%s (%s of the rows)", counted(n, "value"), percent(share)), Expected: "none",
			Advice: "add the codes to the directory with their canonical code and the day from which they hold",
		})
	}
}

// The shares of rows from which unreadable values warn and hold. A slip of the pen
// in a thousand rows is no news; a column read as another calendar is.
const (
	unreadableWarns = 0.001
	unreadableHolds = 0.2
)

func (c *check) unreadable(f Figures) {
	for _, field := range slices.Sorted(maps.Keys(f.Unreadable)) {
		n := f.Unreadable[field]
		c.measure(f.Source, "unreadable_values:"+field, n)
		share := float64(n) / float64(max(f.Used, 1))
		finding := Finding{
			Check: "unreadable_values", Source: f.Source, Subject: field, Verdict: graded(share, unreadableWarns, unreadableHolds),
			Observed: fmt.Sprintf("%s (%s of the rows)", counted(n, "value"), percent(share)), Expected: "at most " + percent(unreadableWarns),
		}
		if finding.Verdict != Pass {
			finding.Advice = "the rows are used without them; ask the sender how the column writes dates and amounts"
		}
		c.add(finding)
	}
}

// unplacedWarns is the share of rows without a known area from which it is told.
const unplacedWarns = 0.001

// areas says how areas that are written otherwise than by their code were found. It
// never holds: a tree may be of districts alone, and codes of villages.
func (c *check) areas(f Figures) {
	if len(f.Placed) == 0 {
		return
	}
	var how []string
	for _, rule := range slices.Sorted(maps.Keys(f.Placed)) {
		how = append(how, fmt.Sprintf("%s %s", rule, count(f.Placed[rule])))
	}
	lost := f.Placed[locale.RuleAreaUnknown] + f.Placed[locale.RuleAreaAmbiguous]
	c.measure(f.Source, "areas_not_found", lost)
	share := float64(lost) / float64(max(f.Used, 1))
	finding := Finding{
		Check: "areas_not_found", Source: f.Source, Verdict: Pass,
		Observed: fmt.Sprintf("%s (%s of the rows; %s)", counted(lost, "value"), percent(share), strings.Join(how, ", ")), Expected: "at most " + percent(unplacedWarns),
	}
	if share > unplacedWarns {
		finding.Verdict = Warn
		finding.Advice = "they stay as written: add the names to the area tree (other_names) or the locale pack (places), or let area_code name the areas around them too"
	}
	c.add(finding)
}

func (c *check) age(f Figures, contract Contract) {
	if contract.MaxAgeDays == 0 || f.Newest.IsZero() {
		return
	}
	days := int(c.asOf.Sub(f.Newest).Hours() / 24)
	finding := Finding{
		Check: "file_age", Source: f.Source, Verdict: Pass,
		Observed: counted(int64(days), "day") + " before the as-of day", Expected: "at most " + counted(int64(contract.MaxAgeDays), "day"),
	}
	if days > contract.MaxAgeDays {
		finding.Verdict, finding.Advice = Hold, "an old file says that everybody is alive; fetch the new one"
	}
	c.add(finding)
}

// nullRates compares the share of missing values of each column with the contract
// and the baseline. Shares are kept in parts per million, as integers.
func (c *check) nullRates(ctx context.Context, s *store.Session, f Figures, contract Contract) error {
	if len(f.Columns) == 0 || f.Used == 0 {
		return nil
	}
	sums := make([]string, len(f.Columns))
	into := make([]any, len(f.Columns)+1)
	missing := make([]int64, len(f.Columns))
	for i, column := range f.Columns {
		sums[i] = fmt.Sprintf("count(*) FILTER (nullif(trim(%s), '') IS NULL)", tables.Quote(column))
		into[i] = &missing[i]
	}
	var total int64
	into[len(f.Columns)] = &total
	if err := s.Row(ctx, fmt.Sprintf("SELECT %s, count(*) FROM read_parquet(%s)", strings.Join(sums, ", "), tables.Literal(f.File)), into...); err != nil {
		return err
	}
	for i, column := range f.Columns {
		c.nullRate(f.Source, column, missing[i]*1_000_000/max(total, 1), contract)
	}
	return nil
}

func (c *check) nullRate(source, column string, partsPerMillion int64, contract Contract) {
	measure := "null_rate:" + column
	c.measure(source, measure, partsPerMillion)
	rate := float64(partsPerMillion) / 1e6
	finding := Finding{Check: "null_rate", Source: source, Subject: column, Verdict: Pass, Observed: percent(rate)}
	if before, known := c.before(source, measure); known {
		change := rate - before/1e6
		finding.Expected = fmt.Sprintf("%s in the last good run, at most %s more", percent(before/1e6), percent(c.cfg.NullRateChange))
		finding.Verdict = graded(change, c.cfg.NullRateChange/2, c.cfg.NullRateChange)
	}
	if limit, ok := contract.MaxNullRate[column]; ok && rate > limit {
		finding.Expected, finding.Verdict = "at most "+percent(limit), Hold
	}
	if finding.Verdict != Pass {
		finding.Advice = "a column that lost its values weakens every link that rests on it; ask the sender"
		c.add(finding)
	}
}

// dates counts days that cannot be: in the future of the as-of day, or before
// anybody who lives.
func (c *check) dates(ctx context.Context, s *store.Session) error {
	asOf := "DATE " + tables.Literal(c.asOf.Format(time.DateOnly))
	for _, d := range []struct{ table, column string }{{"event", "occurred"}, {"mention", "birth"}} {
		q := fmt.Sprintf(`SELECT source, count(*) FILTER (%[1]s_earliest > %[2]s OR %[1]s_latest < %[2]s - INTERVAL 130 YEAR),
count(*) FILTER (%[1]s_written IS NOT NULL AND %[1]s_earliest IS NULL), count(*) FROM %[3]s GROUP BY source ORDER BY source`, d.column, asOf, d.table)
		rows, err := s.Query(ctx, q)
		if err != nil {
			return err
		}
		for rows.Next() {
			var source string
			var outside, unread, total int64
			if err := rows.Scan(&source, &outside, &unread, &total); err != nil {
				rows.Close()
				return fmt.Errorf("read dates: %w", err)
			}
			c.dateShare(source, d.column, outside, total, "outside the range of a life", "later than the as-of day or over 130 years back")
			c.dateShare(source, d.column, unread, total, "that cannot be read", "not in a form that is read, such as 2026-08-31, 31/08/2026, 31-Aug-2026, 20260831, 2026-08 or 2026")
		}
		if err := rows.Close(); err != nil {
			return fmt.Errorf("read dates: %w", err)
		}
	}
	return nil
}

func (c *check) dateShare(source, column string, n, total int64, what, advice string) {
	if n == 0 {
		return
	}
	share := float64(n) / float64(max(total, 1))
	c.add(Finding{
		Check: "date_range", Source: source, Subject: column, Verdict: graded(share, 0.001, 0.1),
		Observed: fmt.Sprintf("%s %s (%s)", counted(n, "day"), what, percent(share)), Expected: "at most 0.1%", Advice: advice,
	})
}

// counted is a number with what is counted.
func counted(n int64, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return count(n) + " " + one + "s"
}

// count writes a number with commas between thousands.
func count(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

func percent(share float64) string { return strconv.FormatFloat(share*100, 'f', 1, 64) + "%" }
