package link

// wholeNames parts the names that are written whole, where others are written in parts, so
// that a husband of whom a death knows a name alone is compared with people whose family
// name stands apart. The family name is the end or the beginning that most others bear as
// theirs, and not more as a given name; where nobody bears it, it may be misspelt, and is
// the last word.
const wholeNames = `CREATE OR REPLACE TEMP TABLE whole_name AS
WITH family AS (SELECT family_norm AS name, count(*) AS bearers FROM %[1]s WHERE family_norm IS NOT NULL GROUP BY ALL),
given AS (
	SELECT name, count(*) AS bearers
	FROM (SELECT unnest(string_split(given_norm, ' ')) AS name FROM %[1]s WHERE given_norm IS NOT NULL) GROUP BY ALL
),
whole AS (
	SELECT DISTINCT full_norm, string_split(full_norm, ' ') AS words FROM %[1]s
	WHERE full_norm IS NOT NULL AND given_norm IS NULL AND family_norm IS NULL AND EXISTS (FROM family)
),
cut AS (
	SELECT full_norm, list_slice(words, 1, cut) AS head, list_slice(words, cut + 1, len(words)) AS tail
	FROM (SELECT *, unnest(range(1, len(words))) AS cut FROM whole)
),
part AS (
	SELECT full_norm, head AS given, tail AS family, 0 AS reversed FROM cut UNION ALL SELECT full_norm, tail, head, 1 FROM cut
),
known AS (
	SELECT p.full_norm, array_to_string(p.given, ' ') AS given_norm, array_to_string(p.family, ' ') AS family_norm
	FROM part p
	LEFT JOIN family f ON f.name = array_to_string(p.family, ' ')
	LEFT JOIN given g ON g.name = array_to_string(p.family, ' ')
	WHERE f.bearers >= coalesce(g.bearers, 0) OR (f.bearers IS NULL AND g.bearers IS NULL AND reversed = 0 AND len(p.family) = 1)
	QUALIFY row_number() OVER (PARTITION BY p.full_norm ORDER BY coalesce(f.bearers, 0) DESC, reversed, len(p.family)) = 1
)
SELECT w.full_norm, coalesce(k.given_norm, w.full_norm) AS given_norm, k.family_norm
FROM whole w LEFT JOIN known k ON k.full_norm = w.full_norm`
