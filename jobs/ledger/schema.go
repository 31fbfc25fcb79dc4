package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"rollcall/jobs/cases"
)

// migrations bring a ledger from one version of the schema to the next. The
// version is SQLite's user_version: the number of migrations applied. A migration
// that was released is never edited; a change is a new one at the end.
func migrations() []string {
	return []string{
		`
-- A job as the scheduler knows it: due times after since_at that have no run are due.
CREATE TABLE job (
  job       TEXT PRIMARY KEY,
  cron      TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  since_at  TEXT NOT NULL
) STRICT;

-- One attempt at one run. An interrupted attempt is followed by another with the
-- same due_at and as_of.
CREATE TABLE run (
  attempt           INTEGER PRIMARY KEY AUTOINCREMENT,
  job               TEXT NOT NULL,
  run_id            TEXT NOT NULL DEFAULT '',
  as_of             TEXT NOT NULL,
  due_at            TEXT,               -- NULL when a person started it
  status            TEXT NOT NULL CHECK (status IN ('running','done','held','partial','failed','interrupted','released')),
  started_at        TEXT NOT NULL,
  ended_at          TEXT,
  stage             TEXT NOT NULL DEFAULT '',
  pid               INTEGER NOT NULL,
  host              TEXT NOT NULL,
  boot              TEXT NOT NULL,
  job_path          TEXT NOT NULL,
  config_sha256     TEXT NOT NULL,
  folder            TEXT NOT NULL DEFAULT '',
  manifest_sha256   TEXT NOT NULL DEFAULT '',
  error             TEXT NOT NULL DEFAULT '',
  crashed           INTEGER NOT NULL DEFAULT 0,
  continues         INTEGER REFERENCES run,   -- the interrupted or released attempt that this one goes on with
  baseline_attempt  INTEGER REFERENCES run,   -- whose figures were its baseline
  decisions_through INTEGER NOT NULL DEFAULT 0,
  counts            TEXT NOT NULL DEFAULT '{}',
  stage_seconds     TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE UNIQUE INDEX one_running_per_job ON run (job) WHERE status = 'running';
CREATE UNIQUE INDEX one_run_per_due_time ON run (job, due_at) WHERE due_at IS NOT NULL AND status <> 'interrupted';
CREATE INDEX run_by_id ON run (run_id);

CREATE TABLE finding (
  attempt  INTEGER NOT NULL REFERENCES run,
  ordinal  INTEGER NOT NULL,
  name     TEXT NOT NULL,
  source   TEXT NOT NULL,
  subject  TEXT NOT NULL,
  verdict  TEXT NOT NULL,
  observed TEXT NOT NULL,
  expected TEXT NOT NULL,
  advice   TEXT NOT NULL,
  PRIMARY KEY (attempt, ordinal)
) STRICT;

CREATE TABLE figure (
  attempt INTEGER NOT NULL REFERENCES run,
  source  TEXT NOT NULL,
  measure TEXT NOT NULL,
  value   TEXT NOT NULL,
  PRIMARY KEY (attempt, source, measure)
) STRICT;

-- The attempts whose figures are a baseline for later days of their job.
CREATE TABLE baseline (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  job     TEXT NOT NULL,
  as_of   TEXT NOT NULL,
  attempt INTEGER NOT NULL UNIQUE REFERENCES run,
  set_at  TEXT NOT NULL
) STRICT;

CREATE TABLE decision (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  job          TEXT NOT NULL,
  case_id      TEXT NOT NULL,
  kind         TEXT NOT NULL CHECK (kind IN ('same','different','confirmed','rejected','withdrawn')),
  decided_on   TEXT NOT NULL,
  left_values  TEXT NOT NULL,
  right_values TEXT NOT NULL,
  person       TEXT NOT NULL,
  reason       TEXT NOT NULL,
  recorded_at  TEXT NOT NULL
) STRICT;
CREATE INDEX decision_by_case ON decision (job, case_id, id);

-- Two rows of two people let a held run go.
CREATE TABLE release (
  attempt INTEGER NOT NULL REFERENCES run,
  person  TEXT NOT NULL COLLATE NOCASE,
  reason  TEXT NOT NULL CHECK (reason <> ''),
  at      TEXT NOT NULL,
  PRIMARY KEY (attempt, person)
) STRICT;

CREATE TABLE log (
  seq   INTEGER PRIMARY KEY,
  entry TEXT NOT NULL,
  hash  TEXT NOT NULL
) STRICT;

CREATE TRIGGER log_keeps      BEFORE UPDATE ON log      BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_stays      BEFORE DELETE ON log      BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER decision_keeps BEFORE UPDATE ON decision BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;
CREATE TRIGGER decision_stays BEFORE DELETE ON decision BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;
CREATE TRIGGER release_keeps  BEFORE UPDATE ON release  BEGIN SELECT RAISE(ABORT, 'releases are append-only'); END;
CREATE TRIGGER release_stays  BEFORE DELETE ON release  BEGIN SELECT RAISE(ABORT, 'releases are append-only'); END;
CREATE TRIGGER release_pair   BEFORE INSERT ON release
WHEN (SELECT count(*) FROM release WHERE attempt = NEW.attempt) >= 2
BEGIN SELECT RAISE(ABORT, 'the run is released already'); END;
CREATE TRIGGER run_released   BEFORE UPDATE OF status ON run
WHEN NEW.status = 'released' AND (SELECT count(*) FROM release WHERE attempt = NEW.attempt) < 2
BEGIN SELECT RAISE(ABORT, 'a release needs two people'); END;
`,
		`
-- A case as its acts have left it. What can be had from the acts is here only to be
-- found quickly; verification makes it again from them.
CREATE TABLE case_file (
  job          TEXT NOT NULL,
  case_id      TEXT NOT NULL,
  kind         TEXT NOT NULL,
  programme    TEXT NOT NULL,
  enrolment_id TEXT NOT NULL,
  mention_id   TEXT NOT NULL,
  area_code    TEXT NOT NULL,
  tier         TEXT NOT NULL,
  reason_code  TEXT NOT NULL,
  event_id     TEXT NOT NULL,
  left_values  TEXT NOT NULL,
  right_values TEXT NOT NULL,
  path         TEXT NOT NULL,
  state        TEXT NOT NULL DEFAULT '',
  version      INTEGER NOT NULL DEFAULT 0,
  since        TEXT NOT NULL,
  opened_on    TEXT NOT NULL,
  answer_by    TEXT,                      -- last day of the notice
  attempt      INTEGER NOT NULL REFERENCES run, -- newest run that proposes it
  PRIMARY KEY (job, case_id)
) STRICT;
CREATE INDEX case_by_state ON case_file (job, state, since);
CREATE INDEX case_by_event ON case_file (job, event_id);

CREATE TABLE case_act (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  job         TEXT NOT NULL,
  case_id     TEXT NOT NULL,
  version     INTEGER NOT NULL,
  act         TEXT NOT NULL,
  from_state  TEXT NOT NULL,
  to_state    TEXT NOT NULL,
  acted_on    TEXT NOT NULL,
  person      TEXT NOT NULL,              -- '' is the program
  details     TEXT NOT NULL,
  proof       TEXT NOT NULL,
  attempt     INTEGER REFERENCES run,     -- acts of the program: the run
  recorded_at TEXT NOT NULL,
  UNIQUE (job, case_id, version),
  FOREIGN KEY (job, case_id) REFERENCES case_file
) STRICT;
CREATE INDEX case_act_by_run ON case_act (attempt) WHERE attempt IS NOT NULL;

-- What may happen to a case; nothing skips a step, whoever writes to this file.
CREATE TABLE transition (
  path       TEXT NOT NULL,
  act        TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  program    INTEGER NOT NULL,
  PRIMARY KEY (path, act, from_state)
) STRICT;
INSERT INTO transition VALUES ` + transitionRows() + `;

ALTER TABLE release ADD COLUMN proof TEXT NOT NULL DEFAULT '{}';

-- Who signed for a version of a job's configuration.
CREATE TABLE configuration (
  job           TEXT NOT NULL,
  config_sha256 TEXT NOT NULL,
  part          TEXT NOT NULL CHECK (part IN ('author','approver')),
  person        TEXT NOT NULL COLLATE NOCASE,
  proof         TEXT NOT NULL,
  recorded_at   TEXT NOT NULL,
  PRIMARY KEY (job, config_sha256, part),
  UNIQUE (job, config_sha256, person)     -- the second person is another
) STRICT;

CREATE TRIGGER act_allowed    BEFORE INSERT ON case_act
WHEN NOT EXISTS (SELECT * FROM case_file c JOIN transition t ON t.path = c.path AND t.from_state = c.state
  WHERE c.job = NEW.job AND c.case_id = NEW.case_id AND c.state = NEW.from_state AND c.version + 1 = NEW.version
    AND t.act = NEW.act AND t.to_state = NEW.to_state AND t.program = (NEW.person = ''))
BEGIN SELECT RAISE(ABORT, 'the case cannot go that way'); END;
CREATE TRIGGER act_counts     AFTER INSERT ON case_act
BEGIN UPDATE case_file SET state = NEW.to_state, version = NEW.version, since = NEW.acted_on WHERE job = NEW.job AND case_id = NEW.case_id; END;
CREATE TRIGGER exit_by_two    BEFORE INSERT ON case_act
WHEN NEW.to_state = 'exited' AND NEW.act = 'approve' AND EXISTS (SELECT * FROM case_act a WHERE a.job = NEW.job AND a.case_id = NEW.case_id AND a.person = NEW.person
  AND a.version > (SELECT max(version) FROM case_act p WHERE p.job = NEW.job AND p.case_id = NEW.case_id AND p.to_state = 'proposed'))
BEGIN SELECT RAISE(ABORT, 'an exit needs a second person'); END;
CREATE TRIGGER act_keeps      BEFORE UPDATE ON case_act BEGIN SELECT RAISE(ABORT, 'acts are append-only'); END;
CREATE TRIGGER act_stays      BEFORE DELETE ON case_act BEGIN SELECT RAISE(ABORT, 'acts are append-only'); END;
CREATE TRIGGER config_keeps   BEFORE UPDATE ON configuration BEGIN SELECT RAISE(ABORT, 'configurations are append-only'); END;
CREATE TRIGGER config_stays   BEFORE DELETE ON configuration BEGIN SELECT RAISE(ABORT, 'configurations are append-only'); END;
`,
		`
-- What a run expected of the pairs from which it drew some to be judged, once a sheet
-- of them came back.
CREATE TABLE judged_run (
  job    TEXT NOT NULL,
  run_id TEXT NOT NULL,
  as_of  TEXT NOT NULL,
  strata TEXT NOT NULL,
  PRIMARY KEY (job, run_id)
) STRICT;

-- What a person judged of one of those pairs. A later one of the same person takes
-- its place.
CREATE TABLE judgement (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  job              TEXT NOT NULL,
  run_id           TEXT NOT NULL,
  pair             INTEGER NOT NULL,
  kind             TEXT NOT NULL,
  fate             TEXT NOT NULL,
  probability_from TEXT NOT NULL,
  answer           TEXT NOT NULL CHECK (answer IN ('same','different','unsure')),
  person           TEXT NOT NULL,
  details          TEXT NOT NULL,
  proof            TEXT NOT NULL,
  recorded_at      TEXT NOT NULL,
  FOREIGN KEY (job, run_id) REFERENCES judged_run
) STRICT;
CREATE INDEX judgement_by_pair ON judgement (job, run_id, pair, person, id);

ALTER TABLE run ADD COLUMN judgements_through INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN acts_through       INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER judgement_keeps  BEFORE UPDATE ON judgement  BEGIN SELECT RAISE(ABORT, 'judgements are append-only'); END;
CREATE TRIGGER judgement_stays  BEFORE DELETE ON judgement  BEGIN SELECT RAISE(ABORT, 'judgements are append-only'); END;
CREATE TRIGGER judged_run_keeps BEFORE UPDATE ON judged_run BEGIN SELECT RAISE(ABORT, 'judged runs are append-only'); END;
CREATE TRIGGER judged_run_stays BEFORE DELETE ON judged_run BEGIN SELECT RAISE(ABORT, 'judged runs are append-only'); END;
`,
	}
}

// transitionRows are the transitions of cases as rows of SQL.
func transitionRows() string {
	var rows []string
	for _, t := range cases.Transitions() {
		rows = append(rows, fmt.Sprintf("('%s','%s','%s','%s',%d)", t.Path, t.Act, t.From, t.To, map[bool]int{true: 1}[t.ByProgram()]))
	}
	return strings.Join(rows, ", ")
}

// migrate applies what the file lacks. Two processes that open a new ledger at
// once wait for each other: the version is read inside the writing transaction.
func (l *Ledger) migrate(ctx context.Context) error {
	var version int
	known := migrations()
	if err := l.db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	if version == len(known) {
		return nil
	}
	return l.write(ctx, "migrate", func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
			return err
		}
		if version > len(known) {
			return fmt.Errorf("%w (its schema is version %d, this program knows %d)", ErrNewer, version, len(known))
		}
		for ; version < len(known); version++ {
			if _, err := tx.ExecContext(ctx, known[version]); err != nil {
				return fmt.Errorf("to version %d: %w", version+1, err)
			}
		}
		_, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version))
		return err
	})
}
