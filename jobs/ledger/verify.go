package ledger

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"rollcall/jobs/cases"
)

// The fields of an entry are made from what the tables hold, so that Verify can
// make them again and compare.

func (r *Run) startFields() fields {
	f := fields{
		"attempt": fmt.Sprint(r.Attempt), "job": r.Job, "as_of": day(r.AsOf), "due_at": optionalInstant(r.DueAt).String,
		"started_at": instant(r.StartedAt), "config_sha256": r.ConfigSHA256, "continues": fmt.Sprint(r.Continues),
		"baseline_attempt": fmt.Sprint(r.baselineAttempt), "decisions_through": fmt.Sprint(r.decisionsThrough),
	}
	for name, through := range map[string]int64{"judgements_through": r.judgementsThrough, "acts_through": r.actsThrough} {
		if through != 0 { // entries of earlier versions have none
			f[name] = fmt.Sprint(through)
		}
	}
	return f
}

func endFields(ctx context.Context, q querier, attempt int64) (fields, error) {
	r, err := oneRun(ctx, q, "attempt = ?", attempt)
	if err != nil {
		return nil, err
	}
	found, err := findings(ctx, q, attempt)
	if err != nil {
		return nil, err
	}
	figured, err := figures(ctx, q, attempt)
	if err != nil {
		return nil, err
	}
	f := fields{"attempt": fmt.Sprint(attempt), "status": string(r.Status), "run_id": r.RunID, "folder": r.Folder, "manifest_sha256": r.ManifestSHA256, "error": r.Error}
	for name, v := range map[string]any{"counts_sha256": r.Counts, "findings_sha256": found, "figures_sha256": figured} {
		text, err := canonical(v)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256([]byte(text))
		f[name] = hex.EncodeToString(sum[:])
	}
	return f, nil
}

func releaseFields(attempt int64, g Release) fields {
	f := fields{"attempt": fmt.Sprint(attempt), "person": g.Person, "reason": g.Reason, "released_at": instant(g.At)}
	if g.Proof != (cases.Proof{}) {
		f["proof"] = mustCanonical(g.Proof)
	}
	return f
}

func decisionFields(id int64, job string, d Decision) fields {
	return fields{
		"id": fmt.Sprint(id), "job": job, "case_id": d.CaseID, "decision": d.Kind, "decided_on": day(d.DecidedOn),
		"left_values": d.LeftValues, "right_values": d.RightValues, "person": d.Person, "reason": d.Reason,
	}
}

// Entry is one entry of the chained log.
type Entry struct {
	Seq  int64
	JSON string // canonical: sorted keys, texts only
	Hash string
}

// Log lists the entries of the chained log, in order.
func (l *Ledger) Log(ctx context.Context) ([]Entry, error) {
	out, err := entries(ctx, l.db)
	if err != nil {
		return nil, fmt.Errorf("ledger: read log: %w", err)
	}
	return out, nil
}

func entries(ctx context.Context, q querier) ([]Entry, error) {
	return collect(ctx, q, func(rows *sql.Rows) (e Entry, err error) {
		return e, rows.Scan(&e.Seq, &e.JSON, &e.Hash)
	}, "SELECT seq, entry, hash FROM log ORDER BY seq")
}

// Verify proves that the log is unbroken and that runs, findings, figures,
// releases and decisions are what it says. An error that wraps ErrTampered names
// everything that is not. With the head that was written down at some earlier
// time, it also proves that nothing was cut off since; the zero Head skips that.
func (l *Ledger) Verify(ctx context.Context, known Head) (Head, error) {
	var (
		end      Head
		problems []error
	)
	// One transaction, so that a run that ends meanwhile is seen whole or not at all.
	err := l.write(ctx, "verify", func(tx *sql.Tx) error {
		log, err := entries(ctx, tx)
		if err != nil {
			return err
		}
		var s said
		end, s, problems = follow(log, known)
		more, err := s.compare(ctx, tx)
		problems = append(problems, more...)
		return err
	})
	if err != nil {
		return end, err
	}
	if len(problems) > 0 {
		return end, fmt.Errorf("%w: %w", ErrTampered, errors.Join(problems...))
	}
	return end, nil
}

// said is the state of the tables as the log tells it.
type said struct {
	started, ended map[string]fields // by attempt
	status         map[string]string // by attempt
	releases       map[string]fields // by attempt and person
	decisions      map[string]fields // by id
	batches        map[int64]fields  // what runs did to cases, by attempt
	acts           map[string]fields // of people, by job, case and version
	signed         map[string]fields // configurations, by job, hash and part
	strata         map[string]fields // of judged runs, by job and run
	judged         map[string]fields // by id
}

// follow walks along the chain.
func follow(log []Entry, known Head) (Head, said, []error) {
	s := said{
		started: map[string]fields{}, ended: map[string]fields{}, status: map[string]string{}, releases: map[string]fields{}, decisions: map[string]fields{},
		batches: map[int64]fields{}, acts: map[string]fields{}, signed: map[string]fields{},
		strata: map[string]fields{}, judged: map[string]fields{},
	}
	h := origin
	var problems []error
	knownMet := known == Head{} || known == origin
	for _, e := range log {
		if e.Seq != h.Entries+1 {
			problems = append(problems, fmt.Errorf("log: entry %d is missing", h.Entries+1))
		}
		if chain(h.Hash, e.JSON) != e.Hash {
			problems = append(problems, fmt.Errorf("log: entry %d does not fit the hash before it", e.Seq))
		}
		h = Head{Entries: e.Seq, Hash: e.Hash}
		knownMet = knownMet || h == known
		f := fields{}
		if err := json.Unmarshal([]byte(e.JSON), &f); err != nil {
			problems = append(problems, fmt.Errorf("log: entry %d cannot be read: %w", e.Seq, err))
			continue
		}
		if f["seq"] != fmt.Sprint(e.Seq) {
			problems = append(problems, fmt.Errorf("log: entry %d calls itself %q", e.Seq, f["seq"]))
		}
		s.hear(f)
	}
	if !knownMet {
		problems = append(problems, fmt.Errorf("log: the head that was written down (entry %d) is not in it", known.Entries))
	}
	return h, s, problems
}

func (s *said) hear(f fields) {
	kind := f["kind"]
	for _, own := range []string{"kind", "at", "seq"} {
		delete(f, own)
	}
	attempt := f["attempt"]
	switch kind {
	case entryStarted:
		s.started[attempt], s.status[attempt] = f, string(Running)
	case entryEnded:
		s.ended[attempt], s.status[attempt] = f, f["status"]
	case entryCrashed, entryReleased:
		s.status[attempt] = f["status"]
	case entryRelease:
		s.releases[attempt+" "+f["person"]] = f
	case entryDecision:
		s.decisions[f["id"]] = f
	case entryStrata:
		s.strata[f["job"]+" "+f["run_id"]] = f
	case entryJudged:
		s.judged[f["id"]] = f
	case entryCases:
		n, _ := strconv.ParseInt(attempt, 10, 64) // 0 where it is none: no attempt has that number
		s.batches[n] = f
	case entryAct:
		s.acts[f["job"]+"/"+f["case_id"]+"/"+f["version"]] = f
	case entrySigned:
		s.signed[f["job"]+" "+f["config_sha256"]+" "+f["part"]] = f
	}
}

// compare holds the tables against the log.
func (s *said) compare(ctx context.Context, q querier) ([]error, error) {
	var problems []error
	differ := func(what, key string, heard, held fields) {
		if !maps.Equal(heard, held) {
			problems = append(problems, fmt.Errorf("%s %s is not what the log says of it", what, key))
		}
	}
	runs, err := collect(ctx, q, scanRun, selectRun+" ORDER BY attempt")
	if err != nil {
		return nil, err
	}
	held := map[string]bool{}
	for _, r := range runs {
		key := fmt.Sprint(r.Attempt)
		held[key] = true
		differ("start of attempt", key, s.started[key], r.startFields())
		if s.status[key] != string(r.Status) {
			problems = append(problems, fmt.Errorf("attempt %s is %s, the log says %q", key, r.Status, s.status[key]))
		}
		if heard, ok := s.ended[key]; ok {
			f, err := endFields(ctx, q, r.Attempt)
			if err != nil {
				return nil, err
			}
			f["status"] = heard["status"] // a release comes later; the status is compared above
			differ("end of attempt", key, heard, f)
		}
		given, err := releases(ctx, q, r.Attempt)
		if err != nil {
			return nil, err
		}
		for _, g := range given {
			name := key + " " + g.Person
			differ("release of attempt", name, s.releases[name], releaseFields(r.Attempt, g))
			delete(s.releases, name)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(s.started)) {
		if !held[key] {
			problems = append(problems, fmt.Errorf("attempt %s is missing", key))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(s.releases)) {
		problems = append(problems, fmt.Errorf("release of attempt %s is missing", key))
	}
	for _, compare := range []func(context.Context, querier) ([]error, error){s.compareRest, s.compareCases, s.compareJudged} {
		more, err := compare(ctx, q)
		if err != nil {
			return nil, err
		}
		problems = append(problems, more...)
	}
	return problems, nil
}

// compareRest holds decisions and baselines against the log.
func (s *said) compareRest(ctx context.Context, q querier) ([]error, error) {
	var problems []error
	type row struct {
		id  int64
		job string
		Decision
	}
	decisions, err := collect(ctx, q, func(rows *sql.Rows) (d row, err error) {
		var on string
		if err := rows.Scan(&d.id, &d.job, &d.CaseID, &d.Kind, &on, &d.LeftValues, &d.RightValues, &d.Person, &d.Reason); err != nil {
			return d, err
		}
		d.DecidedOn, err = readDay(on)
		return d, err
	}, "SELECT id, job, case_id, kind, decided_on, left_values, right_values, person, reason FROM decision ORDER BY id")
	if err != nil {
		return nil, err
	}
	for _, d := range decisions {
		key := fmt.Sprint(d.id)
		if !maps.Equal(s.decisions[key], decisionFields(d.id, d.job, d.Decision)) {
			problems = append(problems, fmt.Errorf("decision %s is not what the log says of it", key))
		}
		delete(s.decisions, key)
	}
	for _, key := range slices.Sorted(maps.Keys(s.decisions)) {
		problems = append(problems, fmt.Errorf("decision %s is missing", key))
	}
	baselines, err := collect(ctx, q, func(rows *sql.Rows) (attempt string, err error) {
		return attempt, rows.Scan(&attempt)
	}, "SELECT attempt FROM baseline ORDER BY id")
	if err != nil {
		return nil, err
	}
	for _, attempt := range baselines {
		if s.status[attempt] != string(Done) {
			problems = append(problems, fmt.Errorf("attempt %s is a baseline, and was never done", attempt))
		}
	}
	return problems, nil
}
