// Package postgres reads a table or a query of a PostgreSQL database: one
// consistent snapshot in one read-only transaction, streamed, every value in the
// text form that the database gives it.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"rollcall/connectors"
)

// Connector declares the connector for PostgreSQL.
func Connector() connectors.Connector {
	return connectors.Connector{
		Name: "postgres",
		Doc:  "a table or query of a PostgreSQL database, read in one read-only transaction",
		Settings: []connectors.Setting{
			{Name: "dsn", Required: true, Secret: true, Doc: "connection string or URL; ${NAME} is taken from the environment"},
			{Name: "table", Doc: "table or view, with its schema where needed: public.births; this or query"},
			{Name: "query", Doc: "one SELECT statement; this or table"},
			{Name: "watermark", Doc: "date or time column whose latest value is the age of the data"},
		},
		New: newSource,
	}
}

type source struct {
	config    *pgx.ConnConfig
	from      string // FROM item, an SQL fragment
	name      string // as told in origins and errors
	watermark string
}

func newSource(env connectors.Environment, settings connectors.Settings) (connectors.Source, error) {
	dsn, err := env.Expand("dsn", settings.Text("dsn"))
	if err != nil {
		return nil, err
	}
	if dsn == "" {
		return nil, wrong("dsn", "no database is named")
	}
	// The library's error is left out: it quotes parts of the connection string.
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, wrong("dsn", "is no valid connection string for PostgreSQL")
	}
	for name, value := range map[string]string{
		"application_name":              "rollcall",
		"default_transaction_read_only": "on",
		"datestyle":                     "ISO",
		"timezone":                      "UTC",
		"bytea_output":                  "hex",
	} {
		config.RuntimeParams[name] = value
	}
	s := &source{config: config, watermark: settings.Text("watermark")}
	table, query := settings.Text("table"), settings.Text("query")
	switch {
	case table == "" && query == "":
		return nil, wrong("table", "neither a table nor a query is given")
	case table != "" && query != "":
		return nil, wrong("query", "both a table and a query are given; give one")
	case table != "":
		s.from = pgx.Identifier(strings.Split(table, ".")).Sanitize()
		s.name = config.Database + "/" + table
	default:
		// The line break ends a comment on the query's last line.
		s.from = "(" + strings.TrimRight(strings.TrimSpace(query), "; \n\t") + "\n) AS source"
		s.name = config.Database + "/query"
	}
	return s, nil
}

func wrong(setting, format string, args ...any) *connectors.SettingError {
	return &connectors.SettingError{Setting: setting, Message: fmt.Sprintf(format, args...)}
}

// Open connects, begins the transaction and settles the columns.
func (s *source) Open(ctx context.Context, q connectors.Query) (connectors.Snapshot, error) {
	conn, err := pgx.ConnectConfig(ctx, s.config)
	if err != nil {
		return nil, fmt.Errorf("%s: connect: %w", s.name, err)
	}
	// The rows outlive this call, so they have a context of their own, which Next
	// ends together with its own.
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	snap := &snapshot{source: s, conn: conn, end: end, maxField: q.MaxFieldBytes}
	snap.origin.Name = s.name
	if snap.maxField == 0 {
		snap.maxField = connectors.DefaultMaxFieldBytes
	}
	stop := context.AfterFunc(ctx, end)
	defer stop()
	if err := snap.begin(life, q); err != nil {
		snap.Close()
		return nil, err
	}
	return snap, nil
}

// begin starts the transaction and the query.
func (s *snapshot) begin(ctx context.Context, q connectors.Query) error {
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	if _, err := s.conn.BeginTx(ctx, options); err != nil {
		return fmt.Errorf("%s: begin transaction: %w", s.source.name, err)
	}
	have, err := s.describe(ctx)
	if err != nil {
		return s.tell(err)
	}
	if s.columns, err = choose(s.source.name, q.Columns, have); err != nil {
		return err
	}
	if err := s.readWatermark(ctx, have); err != nil {
		return err
	}
	quoted := make([]string, len(s.columns))
	for i, c := range s.columns {
		quoted[i] = pgx.Identifier{c}.Sanitize()
	}
	if len(q.Columns) > 0 {
		s.columns = q.Columns
	}
	s.id = q.IDPlaces(s.columns)
	query := "SELECT " + strings.Join(quoted, ", ") + " FROM " + s.source.from
	if s.rows, err = s.conn.Query(ctx, query, pgx.QueryExecModeDescribeExec, pgx.QueryResultFormats{pgx.TextFormatCode}); err != nil {
		return s.tell(err)
	}
	return nil
}

// describe names the columns that the source has.
func (s *snapshot) describe(ctx context.Context) ([]string, error) {
	rows, err := s.conn.Query(ctx, "SELECT * FROM "+s.source.from+" LIMIT 0", pgx.QueryExecModeDescribeExec)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var names []string
	for _, f := range rows.FieldDescriptions() {
		names = append(names, f.Name)
	}
	rows.Close()
	return names, rows.Err()
}

// choose gives the wanted columns as the source writes them; all when none is named.
func choose(where string, wanted, have []string) ([]string, error) {
	if len(have) == 0 {
		return nil, fmt.Errorf("%s: no columns", where)
	}
	if repeated, ok := connectors.Repeated(have); ok {
		return nil, fmt.Errorf("%s: two columns are called %q (upper and lower case are one)", where, repeated)
	}
	if len(wanted) == 0 {
		return have, nil
	}
	places, err := connectors.Settle(where, wanted, have)
	if err != nil {
		return nil, err
	}
	chosen := make([]string, len(wanted))
	for i, place := range places {
		chosen[i] = have[place]
	}
	return chosen, nil
}

// readWatermark asks how new the data are.
func (s *snapshot) readWatermark(ctx context.Context, have []string) error {
	if s.source.watermark == "" {
		return nil
	}
	place := connectors.Locate([]string{s.source.watermark}, have)[0]
	if place < 0 {
		return wrong("watermark", "%v", connectors.Missing(s.source.name, s.source.watermark, have))
	}
	query := fmt.Sprintf("SELECT max(%s)::timestamptz FROM %s", pgx.Identifier{have[place]}.Sanitize(), s.source.from)
	var latest *time.Time
	if err := s.conn.QueryRow(ctx, query).Scan(&latest); err != nil {
		return s.tell(err)
	}
	if latest != nil {
		s.origin.Modified = latest.UTC()
	}
	return nil
}

// closeTimeout bounds how long a connection may take to say goodbye.
const closeTimeout = 5 * time.Second

// Close ends the transaction. Rows that are left are not read.
func (s *snapshot) Close() error {
	s.end()
	if s.rows != nil {
		s.rows.Close()
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	if err := s.conn.Close(ctx); err != nil && !errors.Is(err, context.Canceled) && !s.lost {
		return fmt.Errorf("%s: close: %w", s.source.name, err)
	}
	return nil
}
