package mapping

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"

	"rollcall/connectors"
	"rollcall/pipeline/tables"
)

// rowView is the view of the rows of a source that are used, with their
// "row key", "row received" and "row version" beside the raw columns.
func rowView(source string) string { return "used:" + source }

func rawView(source string) string { return "raw:" + source }

// leftTable lists the rows of a source that are not used, by their place in the
// snapshot, each with the reason.
func leftTable(source string) string { return "left:" + source }

// pick settles which rows of a source are used: those with a key, received by
// the as-of day, in the latest version. Of rows that are equal in all that, the
// least by content is used, so the order of the rows in a file does not matter.
// It tells what became of the rows.
func (m *Mapper) pick(ctx context.Context, src Source, raw Raw) (Counts, error) {
	view := tables.Quote(rawView(src.Name))
	received := "CAST(NULL AS DATE)"
	err := m.session.Exec(ctx, fmt.Sprintf("CREATE OR REPLACE VIEW %s AS SELECT * FROM read_parquet(%s, file_row_number = true)",
		view, tables.Literal(raw.File)))
	if err != nil {
		return Counts{}, err
	}
	if src.Received != "" {
		if received, err = m.day(ctx, view, src.Received); err != nil {
			return Counts{}, fmt.Errorf("received: %w", err)
		}
	}
	version, surplus := "CAST(0 AS BIGINT)", "duplicate_key"
	if src.Version != "" {
		version, surplus = fmt.Sprintf("coalesce(try_cast(%s AS BIGINT), 0)", text(src.Version)), superseded
	}
	keyed := fmt.Sprintf(`SELECT *, %s AS "row key", %s AS "row received", %s AS "row version" FROM %s`, text(src.Key), received, version, view)
	if err := m.leave(ctx, src, keyed, surplus); err != nil {
		return Counts{}, fmt.Errorf("key: %w", err)
	}
	err = m.session.Exec(ctx, fmt.Sprintf("CREATE OR REPLACE VIEW %s AS FROM (%s) ANTI JOIN %s USING (file_row_number)",
		tables.Quote(rowView(src.Name)), keyed, tables.Quote(leftTable(src.Name))))
	if err != nil {
		return Counts{}, err
	}
	return m.count(ctx, src)
}

// superseded is the reason of older versions of a record.
const superseded = "superseded"

// rejects is the query of the rejected rows of all sources. A source that has
// none is not read again.
func rejects(sources []Source, counts []Counts) string {
	parts := []string{"SELECT NULL AS source, NULL AS native_key, NULL AS reason, NULL AS row_written, NULL AS ordinal WHERE FALSE"}
	for i, src := range sources {
		for _, reason := range slices.Sorted(maps.Keys(counts[i].Rejected)) {
			if reason == connectors.ReasonAfter { // it counts as of a later day
				continue
			}
			parts = append(parts, fmt.Sprintf(`SELECT %[1]s, k, %[2]s, row_written, row_number() OVER (PARTITION BY k, row_written) FROM (
	SELECT coalesce(%[3]s, '') AS k, CAST(r AS VARCHAR) AS row_written
	FROM (SELECT * EXCLUDE (file_row_number) FROM %[4]s SEMI JOIN (FROM %[5]s WHERE reason = %[2]s) USING (file_row_number)) r
)`, tables.Literal(src.Name), tables.Literal(reason), text(src.Key), tables.Quote(rawView(src.Name)), tables.Quote(leftTable(src.Name))))
		}
	}
	return strings.Join(parts, "\nUNION ALL\n")
}

// leave writes down the rows that are not used. Only rows whose key comes more
// than once are held against each other.
func (m *Mapper) leave(ctx context.Context, src Source, keyed, surplus string) error {
	for _, q := range []string{
		fmt.Sprintf(`CREATE OR REPLACE TEMP TABLE keyed AS
SELECT file_row_number, "row key" AS k, "row received" AS received, "row version" AS version, coalesce("row received" > %s, false) AS late FROM (%s)`,
			date(m.asOf), keyed),
		`CREATE OR REPLACE TEMP TABLE rivals AS
FROM keyed SEMI JOIN (SELECT k FROM keyed WHERE NOT late GROUP BY k HAVING count(*) > 1) USING (k) WHERE NOT late`,
		fmt.Sprintf(`CREATE OR REPLACE TABLE %s AS
SELECT file_row_number, CASE WHEN k IS NULL THEN 'missing_key' ELSE 'received_after' END AS reason FROM keyed WHERE k IS NULL OR late
UNION ALL
SELECT file_row_number, %s FROM (
	SELECT file_row_number, row_number() OVER (PARTITION BY k ORDER BY version DESC, received DESC NULLS LAST, content, file_row_number) AS place
	FROM (
		SELECT rivals.*, sha256(CAST(row(*COLUMNS(r.* EXCLUDE (file_row_number))) AS VARCHAR)) AS content
		FROM rivals JOIN %s r ON r.file_row_number = rivals.file_row_number
	)
) WHERE place > 1`,
			tables.Quote(leftTable(src.Name)), tables.Literal(surplus), tables.Quote(rawView(src.Name))),
		"DROP TABLE rivals",
	} {
		if err := m.session.Exec(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// count tells what became of the rows of a source.
func (m *Mapper) count(ctx context.Context, src Source) (Counts, error) {
	c := Counts{Source: src.Name, Rejected: map[string]int64{}, Unknown: map[string]int64{}, Unreadable: map[string]int64{}}
	var newest sql.NullTime
	err := m.session.Row(ctx, fmt.Sprintf("SELECT count(*), max(received) FROM keyed ANTI JOIN %s USING (file_row_number)", tables.Quote(leftTable(src.Name))), &c.Used, &newest)
	if err != nil {
		return c, err
	}
	c.Newest, c.Read = newest.Time, c.Used
	rows, err := m.session.Query(ctx, fmt.Sprintf("SELECT reason, count(*) FROM %s GROUP BY reason ORDER BY reason", tables.Quote(leftTable(src.Name))))
	if err != nil {
		return c, err
	}
	defer rows.Close()
	for rows.Next() {
		var reason string
		var n int64
		if err := rows.Scan(&reason, &n); err != nil {
			return c, fmt.Errorf("count rows: %w", err)
		}
		c.Read += n
		if reason == superseded {
			c.Superseded = n
		} else {
			c.Rejected[reason] = n
		}
	}
	if err := rows.Err(); err != nil {
		return c, fmt.Errorf("count rows: %w", err)
	}
	return c, m.session.Exec(ctx, "DROP TABLE keyed")
}
