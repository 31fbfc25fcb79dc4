package mapping

import (
	"context"
	"database/sql"
	"fmt"

	"rollcall/pipeline/tables"
)

// rowView is the view of the rows of a source that are used, with their
// native_key, received_on and version beside the raw columns.
func rowView(source string) string { return "used:" + source }

func rawView(source string) string { return "raw:" + source }

// stateTable says what becomes of each row of a source.
func stateTable(source string) string { return "state:" + source }

// pick settles which rows of a source are used: those with a key, received by
// the as-of day, in the latest version. Of rows that are equal in all that, the
// least by content is used, so the order of the rows in a file does not matter.
func (m *Mapper) pick(ctx context.Context, src Source, raw Raw) error {
	view := tables.Quote(rawView(src.Name))
	err := m.session.Exec(ctx, fmt.Sprintf("CREATE OR REPLACE VIEW %s AS SELECT * FROM read_parquet(%s, file_row_number = true)",
		view, tables.Literal(raw.File)))
	if err != nil {
		return err
	}
	received := "CAST(NULL AS DATE)"
	if src.Received != "" {
		if received, err = m.day(ctx, view, src.Received); err != nil {
			return fmt.Errorf("received: %w", err)
		}
	}
	version, surplus := "CAST(0 AS BIGINT)", "duplicate_key"
	if src.Version != "" {
		version, surplus = fmt.Sprintf("coalesce(try_cast(%s AS BIGINT), 0)", text(src.Version)), "superseded"
	}
	err = m.session.Exec(ctx, fmt.Sprintf(`
CREATE OR REPLACE TABLE %s AS
WITH keyed AS (
	SELECT file_row_number AS n, %s AS native_key, %s AS received_on, %s AS version, sha256(CAST(r AS VARCHAR)) AS content
	FROM (SELECT * EXCLUDE (file_row_number), file_row_number FROM %s) r
), ranked AS (
	SELECT *, coalesce(received_on > %s, false) AS late,
		row_number() OVER (PARTITION BY native_key, coalesce(received_on > %[6]s, false)
			ORDER BY version DESC, received_on DESC NULLS LAST, content, n) AS place
	FROM keyed
)
SELECT n, native_key, received_on, version,
	CASE WHEN native_key IS NULL THEN 'missing_key' WHEN late THEN 'received_after'
		WHEN place > 1 THEN '%s' ELSE 'used' END AS state
FROM ranked`,
		tables.Quote(stateTable(src.Name)), text(src.Key), received, version, view, date(m.asOf), surplus))
	if err != nil {
		return fmt.Errorf("key: %w", err)
	}
	return m.session.Exec(ctx, fmt.Sprintf(`CREATE OR REPLACE VIEW %s AS
SELECT r.*, s.native_key AS "row key", s.received_on AS "row received", s.version AS "row version"
FROM %s r JOIN %s s ON s.n = r.file_row_number WHERE s.state = 'used'`,
		tables.Quote(rowView(src.Name)), view, tables.Quote(stateTable(src.Name))))
}

// count tells what became of the rows of a source.
func (m *Mapper) count(ctx context.Context, src Source) (Counts, error) {
	c := Counts{Source: src.Name, Rejected: map[string]int64{}, Unknown: map[string]int64{}}
	rows, err := m.session.Query(ctx, fmt.Sprintf("SELECT state, count(*) FROM %s GROUP BY state ORDER BY state", tables.Quote(stateTable(src.Name))))
	if err != nil {
		return c, err
	}
	defer rows.Close()
	for rows.Next() {
		var state string
		var n int64
		if err := rows.Scan(&state, &n); err != nil {
			return c, fmt.Errorf("count rows: %w", err)
		}
		c.Read += n
		switch state {
		case "used":
			c.Used = n
		case "superseded":
			c.Superseded = n
		default:
			c.Rejected[state] = n
		}
	}
	if err := rows.Err(); err != nil {
		return c, fmt.Errorf("count rows: %w", err)
	}
	var newest sql.NullTime
	err = m.session.Row(ctx, fmt.Sprintf("SELECT max(received_on) FROM %s WHERE state = 'used'", tables.Quote(stateTable(src.Name))), &newest)
	c.Newest = newest.Time
	return c, err
}
