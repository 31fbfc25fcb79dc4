package gate_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rollcall/pipeline/facts/scenario"
	"rollcall/pipeline/gate"
)

var asOf = time.Date(2026, 7, 31, 0, 0, 0, 0, time.UTC)

// finding is what a data officer reads of one check.
type finding struct {
	Check, Subject     string
	Verdict            gate.Verdict
	Observed, Expected string
}

// read gives the findings of a report. Whatever is not in order says what to do.
func read(t *testing.T, r gate.Report) (all []finding) {
	t.Helper()
	worst := gate.Pass
	for _, f := range r.Findings {
		all = append(all, finding{f.Check, f.Subject, f.Verdict, f.Observed, f.Expected})
		if (f.Verdict == gate.Pass) != (f.Advice == "") && f.Check != "rejects" {
			t.Errorf("%s %s: %s with the advice %q", f.Check, f.Subject, f.Verdict, f.Advice)
		}
		if f.Verdict == gate.Hold || (f.Verdict == gate.Warn && worst == gate.Pass) {
			worst = f.Verdict
		}
	}
	if r.Verdict != worst {
		t.Errorf("verdict %s, but the worst finding is %s", r.Verdict, worst)
	}
	return all
}

func judged(t *testing.T, w *scenario.World, cfg gate.Config, f gate.Figures, base gate.Baseline) ([]finding, []gate.Measure) {
	t.Helper()
	r, measures, err := gate.Inputs(t.Context(), w.Session, cfg, asOf, []gate.Figures{f}, base)
	if err != nil {
		t.Fatal(err)
	}
	return read(t, r), measures
}

// base is the last good run's figure of one measure of the deaths.
func base(measure, value string) gate.Baseline {
	return gate.Baseline{{"deaths", measure}: value}
}

// TestInputs: each check passes, warns and holds, with its figures.
func TestInputs(t *testing.T) {
	const (
		band   = "800 to 1,200"
		before = "1,000 in the last good run, change below 30.0%"
	)
	bands := gate.Config{Contracts: []gate.Contract{{Source: "deaths", MinRows: 800, MaxRows: 1200, MaxAgeDays: 30}}}
	rows := func(n int64) gate.Figures { return gate.Figures{Source: "deaths", Read: n, Used: n} }
	rejected := func(n, late int64) gate.Figures {
		return gate.Figures{Source: "deaths", Read: 1000, Used: 1000 - n - late, Rejected: map[string]int64{"duplicate_key": n, "received_after": late}}
	}
	unknown := func(n int64) gate.Figures {
		f := rows(1000)
		f.Unknown = map[string]int64{"area": n}
		return f
	}
	unreadable := func(n int64) gate.Figures {
		f := rows(1000)
		f.Unreadable = map[string]int64{"registered": n}
		return f
	}
	placed := func(unknown int64) gate.Figures {
		f := rows(1000)
		f.Placed = map[string]int64{"area_name": 700, "area_unknown": unknown, "area_ambiguous": 1}
		return f
	}
	aged := func(days int) gate.Figures {
		f := rows(1000)
		f.Newest = asOf.AddDate(0, 0, -days)
		return f
	}
	passes := func(observed, expected string) finding { return finding{"rows", "", gate.Pass, observed, expected} }
	some := passes("1,000", "at least one")
	for _, c := range []struct {
		name    string
		config  gate.Config
		figures gate.Figures
		base    gate.Baseline
		want    []finding
	}{
		{"first run, no band", gate.Config{}, rows(1), nil, []finding{passes("1", "at least one")}},
		{"first run, no band, no row", gate.Config{}, rows(0), nil, []finding{{"rows", "", gate.Hold, "0", "at least one"}}},
		{"first run, lowest", bands, rows(800), nil, []finding{passes("800", band)}},
		{"first run, too few", bands, rows(799), nil, []finding{{"rows", "", gate.Hold, "799", band}}},
		{"first run, highest", bands, rows(1200), nil, []finding{passes("1,200", band)}},
		{"first run, too many", bands, rows(1201), nil, []finding{{"rows", "", gate.Hold, "1,201", band}}},
		// Once there is a good run it is the measure, whatever the band says.
		{"as before", bands, rows(1150), base("rows", "1000"), []finding{passes("1,150", before)}},
		{"fewer", bands, rows(849), base("rows", "1000"), []finding{{"rows", "", gate.Warn, "849", before}}},
		{"half a file", bands, rows(699), base("rows", "1000"), []finding{{"rows", "", gate.Hold, "699", before}}},
		{"half as many more", bands, rows(1500), base("rows", "1000"), []finding{{"rows", "", gate.Hold, "1,500", before}}},
		{"a bound of its own", gate.Config{RowChange: 0.6}, rows(1500), base("rows", "1000"), []finding{
			{"rows", "", gate.Warn, "1,500", "1,000 in the last good run, change below 60.0%"},
		}},
		{"the first rows", gate.Config{}, rows(5), base("rows", "0"), []finding{{"rows", "", gate.Warn, "5", "0 in the last good run, change below 30.0%"}}},
		// Rows received after the as-of day are not wrong.
		{"late only", gate.Config{}, rejected(0, 300), nil, []finding{passes("700", "at least one")}},
		{"few rejected", gate.Config{}, rejected(10, 300), nil, []finding{
			passes("690", "at least one"), {"rejects", "", gate.Pass, "10 of 1,000 rows (10 duplicate_key)", "at most 5.0%"},
		}},
		{"some rejected", gate.Config{}, rejected(50, 0), nil, []finding{
			passes("950", "at least one"), {"rejects", "", gate.Warn, "50 of 1,000 rows (50 duplicate_key)", "at most 5.0%"},
		}},
		{"a key that is none", gate.Config{}, rejected(51, 0), nil, []finding{
			passes("949", "at least one"), {"rejects", "", gate.Hold, "51 of 1,000 rows (51 duplicate_key)", "at most 5.0%"},
		}},
		{"a key that is none, as agreed", gate.Config{Contracts: []gate.Contract{{Source: "deaths", MaxRejectRate: 0.5}}}, rejected(51, 0), nil, []finding{
			passes("949", "at least one"), {"rejects", "", gate.Pass, "51 of 1,000 rows (51 duplicate_key)", "at most 50.0%"},
		}},
		{"all codes known", gate.Config{}, unknown(0), nil, []finding{some}},
		{"some codes unknown", gate.Config{}, unknown(200), nil, []finding{some, {"unknown_codes", "area", gate.Warn, "200 values (20.0% of the rows)", "none"}}},
		{"many codes unknown", gate.Config{}, unknown(201), nil, []finding{some, {"unknown_codes", "area", gate.Hold, "201 values (20.1% of the rows)", "none"}}},
		{"a date that is none", gate.Config{}, unreadable(1), nil, []finding{some, {"unreadable_values", "registered", gate.Pass, "1 value (0.1% of the rows)", "at most 0.1%"}}},
		{"dates that are none", gate.Config{}, unreadable(200), nil, []finding{some, {"unreadable_values", "registered", gate.Warn, "200 values (20.0% of the rows)", "at most 0.1%"}}},
		{"another calendar", gate.Config{}, unreadable(201), nil, []finding{some, {"unreadable_values", "registered", gate.Hold, "201 values (20.1% of the rows)", "at most 0.1%"}}},
		{"areas by their names", gate.Config{}, placed(0), nil, []finding{
			some, {"areas_not_found", "", gate.Pass, "1 value (0.1% of the rows; area_ambiguous 1, area_name 700, area_unknown 0)", "at most 0.1%"},
		}},
		{"areas that are unknown never hold", gate.Config{}, placed(299), nil, []finding{
			some, {"areas_not_found", "", gate.Warn, "300 values (30.0% of the rows; area_ambiguous 1, area_name 700, area_unknown 299)", "at most 0.1%"},
		}},
		{"new", bands, aged(30), nil, []finding{passes("1,000", band), {"file_age", "", gate.Pass, "30 days before the as-of day", "at most 30 days"}}},
		{"old", bands, aged(31), nil, []finding{passes("1,000", band), {"file_age", "", gate.Hold, "31 days before the as-of day", "at most 30 days"}}},
		{"old, nothing agreed", gate.Config{}, aged(300), nil, []finding{some}},
		{"partial", gate.Config{}, gate.Figures{Source: "deaths", Read: 1000, Used: 1000, Partial: true, Cause: "the source ended"}, nil, []finding{
			{"partial", "", gate.Hold, "the source ended", "a whole snapshot"}, some,
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := scenario.New(t)
			got, _ := judged(t, w, c.config, c.figures, c.base)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// TestNullRates: the share of missing values is held against what was agreed and
// against the last good run; a column that gained values is no finding.
func TestNullRates(t *testing.T) {
	const lines = "1 | a \n 2 | \n 3 | c \n 4 | d \n 5 | e \n 6 | f \n 7 | g \n 8 | h \n 9 | i \n 10 | j" // one of ten is missing
	agreed := func(rate float64) gate.Config {
		return gate.Config{Contracts: []gate.Contract{{Source: "deaths", MaxNullRate: map[string]float64{"nid": rate}}}}
	}
	for _, c := range []struct {
		name   string
		config gate.Config
		base   gate.Baseline
		want   []finding
	}{
		{"nothing to compare with", gate.Config{}, nil, nil},
		{"as agreed", agreed(0.1), nil, nil},
		{"more than agreed", agreed(0.09), nil, []finding{{"null_rate", "nid", gate.Hold, "10.0%", "at most 9.0%"}}},
		{"a little more than before", gate.Config{}, base("null_rate:nid", "60000"), nil},
		{"more than before", gate.Config{}, base("null_rate:nid", "40000"), []finding{{"null_rate", "nid", gate.Warn, "10.0%", "4.0% in the last good run, at most 10.0% more"}}},
		{"much more than before", gate.Config{NullRateChange: 0.05}, base("null_rate:nid", "40000"), []finding{{"null_rate", "nid", gate.Hold, "10.0%", "4.0% in the last good run, at most 5.0% more"}}},
		{"far less than before", gate.Config{}, base("null_rate:nid", "900000"), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := scenario.New(t)
			f := gate.Figures{Source: "deaths", Read: 10, Used: 10, File: w.Snapshot("deaths", "no nid", lines), Columns: []string{"no", "nid"}}
			got, measures := judged(t, w, c.config, f, c.base)
			want := append([]finding{got[0]}, c.want...) // of the rows
			if diff := cmp.Diff(want, got); diff != "" || got[0].Check != "rows" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			handed := []gate.Measure{{"deaths", "rows", "10"}, {"deaths", "null_rate:no", "0"}, {"deaths", "null_rate:nid", "100000"}}
			if diff := cmp.Diff(handed, measures); diff != "" {
				t.Errorf("handed to the next run (-want +got):\n%s", diff)
			}
		})
	}
}

// TestDates: days after the as-of day, days before anybody who lives, and days
// that cannot be read are counted; few of them warn, many hold.
func TestDates(t *testing.T) {
	for _, c := range []struct {
		inOrder         int // events beside the three whose day is not
		verdict         gate.Verdict
		outside, unread string
	}{
		{17, gate.Warn, "2 days outside the range of a life (9.5%)", "1 day that cannot be read (4.8%)"},
		{2, gate.Hold, "2 days outside the range of a life (33.3%)", "1 day that cannot be read (16.7%)"},
	} {
		w := scenario.New(t)
		w.Add("event", "event_id source occurred", `
			d/future | deaths | 2026-08-01
			d/long   | deaths | 1890-01-01`)
		w.Add("event", "event_id source occurred_written", `
			d/soon   | deaths | soon
			d/silent | deaths |`)
		for i := range c.inOrder {
			w.Add("event", "event_id source occurred", fmt.Sprintf("d/%d | deaths | 2026-07-31", i))
		}
		w.Add("mention", "mention_id source birth", "m/1/member | members | 1896-01-01..1896-07-31") // 130 years old, it may be
		got, _ := judged(t, w, gate.Config{}, gate.Figures{Source: "deaths", Read: 1, Used: 1}, nil)
		want := []finding{
			{"rows", "", gate.Pass, "1", "at least one"},
			{"date_range", "occurred", c.verdict, c.outside, "at most 0.1%"},
			{"date_range", "occurred", c.verdict, c.unread, "at most 0.1%"},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("findings beside %d events in order (-want +got):\n%s", c.inOrder, diff)
		}
	}
}

// TestLists: lines that could end enrolments hold a run when they are surely too large
// a share of those enrolled, or surely grew out of proportion, in all or in one
// district; other lines warn at most, and a short list says nothing. A thousand are
// enrolled where nothing else is said.
func TestLists(t *testing.T) {
	const (
		share  = "at most 15.0% of 1,000 active enrolments"
		before = "40, the median of the last good runs, and at most 3.0 times as many"
		none   = "no bound: too few lines or no enrolments to compare with"
		ends   = " lines that could end an enrolment"
	)
	past := func(median string) gate.Baseline {
		base := gate.Baseline{}
		for _, m := range []string{"list:exit:old_age", "ending:exit:old_age", "list:registration:old_age", "ending:exit:old_age:30", "ending:exit:old_age:10"} {
			base[[2]string{"list", m}] = median
		}
		return base
	}
	forty := past("40")
	// in is the finding about the whole programme and the same about the district.
	in := func(v gate.Verdict, observed, expected string) []finding {
		return []finding{{"mass_change", "old_age", v, observed, expected}, {"mass_change", "old_age in 30", v, observed, expected}}
	}
	size := func(v gate.Verdict, observed, expected string) finding {
		return finding{"list_size", "old_age", v, observed, expected}
	}
	for _, c := range []struct {
		name, kind, reason, tier string
		lines, enrolled          int // 0: a thousand
		config                   gate.Config
		base                     gate.Baseline
		want                     []finding
	}{
		{"few deaths", "exit", "death_corroborated", "T1", 91, 0, gate.Config{}, nil, []finding{
			size(gate.Pass, "91 lines", none), {"mass_change", "old_age", gate.Pass, "91" + ends, share},
		}},
		{"many deaths", "exit", "death_probable", "T2", 92, 0, gate.Config{}, nil, append([]finding{
			size(gate.Pass, "92 lines", none),
		}, in(gate.Warn, "92"+ends+", 9.2% of them (chance allowed for, at least 7.6%)", share)...)},
		{"perhaps a mass event", "exit", "death_corroborated", "T1", 172, 0, gate.Config{}, nil, append([]finding{
			size(gate.Pass, "172 lines", none),
		}, in(gate.Warn, "172"+ends+", 17.2% of them (chance allowed for, at least 15.0%)", share)...)},
		{"a mass event", "exit", "death_corroborated", "T1", 174, 0, gate.Config{}, nil, append([]finding{
			size(gate.Pass, "174 lines", none),
		}, in(gate.Hold, "174"+ends+", 17.4% of them (chance allowed for, at least 15.2%)", share)...)},
		{"a mass event of marriages", "eligibility", "criterion_not_met", "", 400, 2000, gate.Config{}, nil, append([]finding{
			size(gate.Pass, "400 lines", none),
		}, in(gate.Hold, "400"+ends+", 20.0% of them (chance allowed for, at least 18.3%)", "at most 15.0% of 2,000 active enrolments")...)},
		{"many possible deaths", "exit", "death_possible", "T3", 900, 0, gate.Config{}, nil, []finding{size(gate.Pass, "900 lines", none)}},
		{"a share of its own", "exit", "death_corroborated", "T1", 174, 0, gate.Config{ListShare: 0.2}, nil, append([]finding{
			size(gate.Pass, "174 lines", none),
		}, in(gate.Warn, "174"+ends+", 17.4% of them (chance allowed for, at least 15.2%)", "at most 20.0% of 1,000 active enrolments")...)},
		{"one death of six", "exit", "death_corroborated", "T1", 1, 6, gate.Config{}, nil, []finding{
			size(gate.Pass, "1 line", none), {"mass_change", "old_age", gate.Pass, "1 line that could end an enrolment", none},
		}},
		{"29 deaths of 29", "exit", "death_corroborated", "T1", 29, 29, gate.Config{}, nil, []finding{
			size(gate.Pass, "29 lines", none), {"mass_change", "old_age", gate.Pass, "29" + ends, none},
		}},
		{"more than a sixth of a small district, by chance", "exit", "death_corroborated", "T1", 31, 180, gate.Config{}, nil, append([]finding{
			size(gate.Pass, "31 lines", none),
		}, in(gate.Warn, "31"+ends+", 17.2% of them (chance allowed for, at least 12.4%)", "at most 15.0% of 180 active enrolments")...)},
		{"half of a small district", "exit", "death_corroborated", "T1", 30, 60, gate.Config{}, nil, append([]finding{
			size(gate.Pass, "30 lines", none),
		}, in(gate.Hold, "30"+ends+", 50.0% of them (chance allowed for, at least 37.7%)", "at most 15.0% of 60 active enrolments")...)},
		{"half of a small district that had some", "exit", "death_corroborated", "T1", 30, 60, gate.Config{}, past("15"), append([]finding{
			size(gate.Pass, "30 lines", "15, the median of the last good runs, and at most 3.0 times as many"),
		}, in(gate.Hold, "30"+ends+", 50.0% of them (chance allowed for, at least 37.7%)", "at most 15.0% of 60 active enrolments")...)},
		{"as long as before", "exit", "death_corroborated", "T1", 60, 0, gate.Config{}, forty, []finding{
			size(gate.Pass, "60 lines", before), {"mass_change", "old_age", gate.Pass, "60" + ends, before},
		}},
		{"perhaps far longer than before", "exit", "death_corroborated", "T1", 121, 0, gate.Config{}, forty, append([]finding{
			size(gate.Warn, "121 lines, 3.0 times as many (chance allowed for, at least 2.1 times)", before),
		}, in(gate.Warn, "121"+ends+", 3.0 times as many (chance allowed for, at least 2.1 times)", before)...)},
		{"far longer than before", "exit", "death_corroborated", "T1", 180, 0, gate.Config{}, forty, append([]finding{
			size(gate.Warn, "180 lines, 4.5 times as many (chance allowed for, at least 3.2 times)", before),
		}, in(gate.Hold, "180"+ends+", 4.5 times as many (chance allowed for, at least 3.2 times)", before)...)},
		{"a jump in a small district", "exit", "death_corroborated", "T1", 28, 0, gate.Config{}, past("2"), append([]finding{
			size(gate.Warn, "28 lines, 14.0 times as many (chance allowed for, at least 3.7 times)", "2, the median of the last good runs, and at most 3.0 times as many"),
		}, in(gate.Hold, "28"+ends+", 14.0 times as many (chance allowed for, at least 3.7 times)", "2, the median of the last good runs, and at most 3.0 times as many")...)},
		{"a small district that had none", "exit", "death_corroborated", "T1", 12, 0, gate.Config{}, past("0"), append([]finding{
			size(gate.Warn, "12 lines, none in the median (chance allowed for, at least 3.1 times)", "0, the median of the last good runs, and at most 3.0 times as many"),
		}, in(gate.Hold, "12"+ends+", none in the median (chance allowed for, at least 3.1 times)", "0, the median of the last good runs, and at most 3.0 times as many")...)},
		{"far more people to enrol", "registration", "newborn", "", 900, 0, gate.Config{}, forty, []finding{size(gate.Warn, "900 lines, 22.5 times as many (chance allowed for, at least 16.4 times)", before)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := scenario.New(t)
			w.Exec(fmt.Sprintf("CREATE TABLE proposal AS SELECT '%s' AS kind, 'old_age' AS programme, '%s' AS reason_code, '%s' AS tier, '3001' AS area_code FROM range(%d)", c.kind, c.reason, c.tier, c.lines))
			// All are enrolled in the district of the lines, and a hundred were in another.
			n := c.enrolled
			if n == 0 {
				n = 1000
			}
			w.Exec(fmt.Sprintf("INSERT INTO mention (mention_id, area_code) SELECT 'm/' || i, CASE WHEN i < %d THEN '3001' ELSE '1001' END FROM range(%d) r(i)", n, n+100))
			w.Exec(fmt.Sprintf("INSERT INTO enrolment (enrolment_id, mention_id, programme, status) SELECT 'e/' || i, 'm/' || i, 'old_age', CASE WHEN i < %d THEN 'active' ELSE 'closed' END FROM range(%d) r(i)", n, n+100))
			r, measures, err := gate.Lists(t.Context(), w.Session, c.config, gate.Districts{}, c.base)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, read(t, r)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if want := (gate.Measure{"list", "list:" + c.kind + ":old_age", fmt.Sprint(c.lines)}); !slices.Contains(measures, want) {
				t.Errorf("handed to the next run: %v, and not %v", measures, want)
			}
		})
	}
}
