package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"rollcall/connectors"
	"rollcall/connectors/conformance"
	"rollcall/connectors/postgres"
	"rollcall/connectors/postgres/testserver"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// server is a PostgreSQL and what the tests do with it.
type server struct{ *testserver.Server }

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestPostgreSQL runs all tests that need a database against one server.
func TestPostgreSQL(t *testing.T) {
	s := &server{testserver.Start(t)}
	t.Run("conformance", func(t *testing.T) {
		conformance.Suite{Connector: postgres.Connector(), Fill: s.fill}.Run(t)
	})
	t.Run("values", s.testValues)
	t.Run("one moment", s.testOneMoment)
	t.Run("read only", s.testReadOnly)
	t.Run("watermark", s.testWatermark)
	t.Run("went away", s.testWentAway)
	t.Run("errors", s.testErrors)
}

func (s *server) fill(t *testing.T, table conformance.Table) (connectors.Environment, connectors.Settings) {
	conn, err := pgx.Connect(t.Context(), s.DSN())
	check(t, err)
	defer conn.Close(t.Context())
	var columns []string
	for _, c := range table.Columns {
		columns = append(columns, pgx.Identifier{c}.Sanitize()+" text")
	}
	_, err = conn.Exec(t.Context(), "DROP TABLE IF EXISTS t; CREATE TABLE t ("+strings.Join(columns, ", ")+")")
	check(t, err)
	_, err = conn.CopyFrom(t.Context(), pgx.Identifier{"t"}, table.Columns, pgx.CopyFromSlice(len(table.Rows), func(i int) ([]any, error) {
		values := make([]any, len(table.Columns))
		for c, v := range table.Rows[i] {
			if v != nil {
				values[c] = *v
			}
		}
		return values, nil
	}))
	check(t, err)
	return s.env(), connectors.Settings{"dsn": {"${REGISTER}"}, "table": {"public.t"}}
}

func (s *server) env() connectors.Environment {
	return connectors.Environment{Getenv: func(name string) (string, bool) { return s.DSN(), name == "REGISTER" }}
}

func (s *server) open(t *testing.T, settings connectors.Settings, q connectors.Query) (connectors.Snapshot, error) {
	t.Helper()
	settings["dsn"] = []string{"${REGISTER}"}
	source, err := postgres.Connector().New(s.env(), settings)
	check(t, err)
	return source.Open(t.Context(), q)
}

// rest reads what is left, as values joined with |.
func rest(ctx context.Context, snap connectors.Snapshot) (rows []string, err error) {
	for {
		b, err := snap.Next(ctx)
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		for i := range b.Rows {
			var values []string
			for _, c := range b.Columns {
				values = append(values, c.Values[i])
			}
			rows = append(rows, strings.Join(values, "|"))
		}
	}
}

func (s *server) testValues(t *testing.T) {
	snap, err := s.open(t, connectors.Settings{"query": {
		"SELECT 12345678901234567890123::numeric AS n, 9007199254740993::bigint AS i, 1.10::numeric(9,2) AS d, " +
			"DATE '2024-02-29' AS day, TIMESTAMPTZ '2024-02-29 12:00+06' AS at, true AS yes, ARRAY[1,2] AS list, '{\"a\": 1}'::jsonb AS j -- all",
	}}, connectors.Query{})
	check(t, err)
	defer snap.Close()
	rows, err := rest(t.Context(), snap)
	check(t, err)
	if diff := cmp.Diff([]string{`12345678901234567890123|9007199254740993|1.10|2024-02-29|2024-02-29 06:00:00+00|true|{1,2}|{"a": 1}`}, rows); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if want := "postgres/query"; snap.Origins()[0].Name != want {
		t.Errorf("origin %q, want %q", snap.Origins()[0].Name, want)
	}
}

// What is written after the snapshot began is not seen, even between batches.
func (s *server) testOneMoment(t *testing.T) {
	s.Exec(t, "DROP TABLE IF EXISTS p; CREATE TABLE p AS SELECT i AS id, 'before' AS state FROM generate_series(1, 30000) i")
	snap, err := s.open(t, connectors.Settings{"table": {"p"}}, connectors.Query{})
	check(t, err)
	defer snap.Close()
	first, err := snap.Next(t.Context())
	check(t, err)
	n := first.Rows
	s.Exec(t, "UPDATE p SET state = 'after'; INSERT INTO p VALUES (0, 'after')")
	rows, err := rest(t.Context(), snap)
	check(t, err)
	if n+len(rows) != 30000 {
		t.Errorf("%d rows, want 30000", n+len(rows))
	}
	for _, r := range rows {
		if strings.Contains(r, "after") {
			t.Fatalf("the snapshot has a row of later: %s", r)
		}
	}
}

func (s *server) testReadOnly(t *testing.T) {
	s.Exec(t, "CREATE SEQUENCE IF NOT EXISTS counter",
		"CREATE OR REPLACE FUNCTION write_row() RETURNS int LANGUAGE sql AS 'INSERT INTO p VALUES (-1, ''written'') RETURNING id'")
	for query, want := range map[string]string{
		"SELECT nextval('counter') AS n": "postgres/query: PostgreSQL error 25006: cannot execute nextval() in a read-only transaction",
		"SELECT write_row() AS n":        "postgres/query: PostgreSQL error 25006: cannot execute INSERT in a read-only transaction",
	} {
		snap, err := s.open(t, connectors.Settings{"query": {query}}, connectors.Query{})
		if err == nil {
			_, err = rest(t.Context(), snap)
			check(t, snap.Close())
		}
		if err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", query, err, want)
		}
	}
}

func (s *server) testWatermark(t *testing.T) {
	s.Exec(t, "DROP TABLE IF EXISTS w; CREATE TABLE w AS SELECT DATE '2025-07-01' + i AS received_on FROM generate_series(1, 9) i")
	snap, err := s.open(t, connectors.Settings{"table": {"w"}, "watermark": {"received_on"}}, connectors.Query{})
	check(t, err)
	defer snap.Close()
	if _, err := rest(t.Context(), snap); err != nil {
		t.Fatal(err)
	}
	if got := snap.Origins()[0].Modified.Format("2006-01-02"); got != "2025-07-10" {
		t.Errorf("watermark %s, want 2025-07-10", got)
	}
}

// A database that ends the session in mid-read leaves what was read, marked partial.
func (s *server) testWentAway(t *testing.T) {
	s.Exec(t, "DROP TABLE IF EXISTS big; CREATE TABLE big AS SELECT i AS id, repeat('x', 500) AS note FROM generate_series(1, 100000) i")
	snap, err := s.open(t, connectors.Settings{"table": {"big"}}, connectors.Query{})
	check(t, err)
	b, err := snap.Next(t.Context())
	check(t, err)
	used := b.Rows
	s.Exec(t, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'rollcall'")
	rows, err := rest(t.Context(), snap)
	used += len(rows)
	if !errors.Is(err, connectors.ErrPartial) {
		t.Fatalf("got %v, want a partial source", err)
	}
	if want := fmt.Sprintf("postgres/big: the database went away after %d rows: source ended before its end", used); err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
	if used == 0 || used >= 100_000 {
		t.Errorf("%d rows before the end", used)
	}
	if read := snap.Origins()[0].Rows; read != int64(used) {
		t.Errorf("rows read %d, rows used %d", read, used)
	}
	if err := snap.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

func (s *server) testErrors(t *testing.T) {
	s.Exec(t, "DROP TABLE IF EXISTS e; CREATE TABLE e AS SELECT 'Rahim' AS name")
	for _, test := range []struct {
		settings connectors.Settings
		want     string
	}{
		{connectors.Settings{"table": {"nowhere"}}, `postgres/nowhere: PostgreSQL error 42P01: relation "nowhere" does not exist`},
		{connectors.Settings{"query": {"SELECT name::int AS n FROM e"}}, "postgres/query: PostgreSQL error 22P02 (its message is left out, since it may show data)"},
		{connectors.Settings{"table": {"e"}, "watermark": {"nam"}}, `watermark: postgres/e: no column "nam"; nearest: "name"`},
		{connectors.Settings{"query": {"SELECT 1 AS a, 2 AS \"A\""}}, `postgres/query: two columns are called "A" (upper and lower case are one)`},
		{connectors.Settings{"query": {"SELECT 1 AS a) AS x; DROP TABLE e; SELECT * FROM (SELECT 1"}}, "postgres/query: PostgreSQL error 42601: cannot insert multiple commands into a prepared statement"},
	} {
		snap, err := s.open(t, test.settings, connectors.Query{})
		if err == nil {
			_, err = rest(t.Context(), snap)
			check(t, snap.Close())
		}
		if err == nil {
			t.Errorf("no error, want %s", test.want)
		} else if diff := cmp.Diff(test.want, err.Error()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestSettingErrors(t *testing.T) {
	env := connectors.Environment{Getenv: func(string) (string, bool) { return "", false }}
	for _, test := range []struct {
		settings connectors.Settings
		want     string
	}{
		{connectors.Settings{}, "dsn: no database is named"},
		{connectors.Settings{"dsn": {"${REGISTER}"}, "table": {"t"}}, "dsn: the environment has no variable REGISTER"},
		{connectors.Settings{"dsn": {"postgres://u:hush@h:notaport/x"}, "table": {"t"}}, "dsn: is no valid connection string for PostgreSQL"},
		{connectors.Settings{"dsn": {"host=/nowhere"}}, "table: neither a table nor a query is given"},
		{connectors.Settings{"dsn": {"host=/nowhere"}, "table": {"t"}, "query": {"SELECT 1"}}, "query: both a table and a query are given; give one"},
	} {
		_, err := postgres.Connector().New(env, test.settings)
		var setting *connectors.SettingError
		if !errors.As(err, &setting) || setting.Error() != test.want {
			t.Errorf("got %v, want %s", err, test.want)
		}
	}
}

func TestDatabaseThatIsNotThere(t *testing.T) {
	source, err := postgres.Connector().New(connectors.Environment{}, connectors.Settings{
		"dsn": {"host=" + t.TempDir() + " user=u password=hush dbname=register"}, "table": {"t"},
	})
	check(t, err)
	_, err = source.Open(t.Context(), connectors.Query{})
	if err == nil || !strings.HasPrefix(err.Error(), "register/t: connect: ") || strings.Contains(err.Error(), "hush") {
		t.Errorf("got %v", err)
	}
}
