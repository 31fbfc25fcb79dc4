-- Two records held against each other field by field: the death and the roster
-- record themselves, never what their clusters say. Reads to_compare(left_id, right_id).

CREATE OR REPLACE TEMP MACRO name_key(name_) AS array_to_string(list_sort(string_split(name_, ' ')), ' ');
CREATE OR REPLACE TEMP MACRO name_level(a, b) AS coalesce(name_agreement(a, b), 'missing');
CREATE OR REPLACE TEMP MACRO agrees(level_) AS level_ IN ('exact', 'close');

-- Days of birth as written, both exact: close is one slip of the pen, day and
-- month exchanged or one of the eight digits wrong.
CREATE OR REPLACE TEMP MACRO day_level(a, b) AS
  CASE WHEN a = b THEN 'exact'
    WHEN year(a) = year(b) AND day(a) = month(b) AND month(a) = day(b) THEN 'close'
    WHEN hamming(strftime(a, '%Y%m%d'), strftime(b, '%Y%m%d')) = 1 AND abs(year(a) - year(b)) <= 10 THEN 'close'
    ELSE 'differs' END;

-- An age is rounded to fives and told by others, a placeholder is a guess of the
-- year: one that lies as many years off speaks neither for nor against.
CREATE OR REPLACE TEMP MACRO weak_birth_years() AS 5;

-- A code and the code of the area around it: a clerk who knows the district only.
CREATE OR REPLACE TEMP MACRO around(a, b) AS length(a) >= 4 AND length(b) >= length(a) + 2 AND starts_with(b, a);

-- The records and numbers in question, read once. The hash is of the values as
-- mapped, before standardising: what a person's verdict holds for.
CREATE OR REPLACE TEMP TABLE compared_number AS
SELECT mention_id, identifier_type, written, value, verified, well_formed
FROM identifier
WHERE mention_id IN (SELECT left_id FROM to_compare UNION SELECT right_id FROM to_compare);

CREATE OR REPLACE TEMP TABLE compared_record AS
WITH numbers AS (
  SELECT mention_id, {written_numbers} AS numbers
  FROM compared_number
  GROUP BY mention_id
)
SELECT m.mention_id, m.household_id, m.full_norm, m.script, m.birth_earliest, m.birth_latest, m.birth_precision, m.sex, coalesce(u.unit, m.area_code) AS area_code,
  m.mother_norm, m.father_norm, m.spouse_norm,
  {mention_values} AS hash
FROM mention m
LEFT JOIN numbers n ON n.mention_id = m.mention_id
LEFT JOIN area_unit u ON u.area_code = m.area_code -- either vintage of a code is one area
WHERE m.mention_id IN (SELECT left_id FROM to_compare UNION SELECT right_id FROM to_compare);

CREATE OR REPLACE TEMP TABLE compared AS
WITH left_number AS MATERIALIZED (
  -- Materialised, or the planner may join all numbers of one type with each other.
  SELECT p.left_id, p.right_id, a.identifier_type, a.value, a.verified
  FROM to_compare p
  JOIN compared_number a ON a.mention_id = p.left_id AND a.well_formed AND a.value IS NOT NULL
), number_pair AS MATERIALIZED (
  SELECT a.left_id, a.right_id, a.identifier_type, a.value,
    a.value = b.value AS same, coalesce(a.verified AND b.verified, FALSE) AS both_verified, coalesce(a.verified OR b.verified, FALSE) AS verified
  FROM left_number a
  JOIN compared_number b ON b.mention_id = a.right_id AND b.identifier_type = a.identifier_type AND b.well_formed AND b.value IS NOT NULL
), bearer AS (
  -- How many different persons of each side bear the number. A death that is
  -- registered twice is one dead person's.
  SELECT n.identifier_type, n.value,
    count(DISTINCT c.person_id) FILTER (WHERE c.side = 'sp') AS roster_persons,
    count(DISTINCT c.person_id) FILTER (WHERE c.side = 'crvs' AND d.mention_id IS NOT NULL AND earlier.mention_id IS NULL) AS dead_persons
  FROM (SELECT DISTINCT identifier_type, value FROM number_pair WHERE same) n
  JOIN identifier i ON i.identifier_type = n.identifier_type AND i.value = n.value
  JOIN cluster c ON c.mention_id = i.mention_id
  LEFT JOIN death d ON d.mention_id = i.mention_id AND d.status IS DISTINCT FROM 'revoked'
  LEFT JOIN register_pair r ON r.mention_id = i.mention_id AND r.role = 'deceased'
  LEFT JOIN identifier earlier ON earlier.mention_id = r.kept_id AND earlier.identifier_type = n.identifier_type AND earlier.value = n.value
  GROUP BY n.identifier_type, n.value
), numbers AS (
  SELECT p.left_id, p.right_id, bool_or(p.same) AS same, bool_or(NOT p.same AND p.both_verified) AS verified_differ,
    bool_or(p.same AND b.roster_persons <= 1 AND b.dead_persons <= 1) AS unshared, bool_or(p.same AND p.verified) AS verified,
    bool_or(NOT p.same AND p.verified) AS verified_otherwise
  FROM number_pair p
  LEFT JOIN bearer b ON b.identifier_type = p.identifier_type AND b.value = p.value
  GROUP BY p.left_id, p.right_id
), levels AS (
  SELECT p.left_id, p.right_id, a.household_id AS left_household, b.household_id AS right_household,
    CASE WHEN n.same THEN 'exact' WHEN n.same IS NOT NULL THEN 'differs' ELSE 'missing' END AS identifier_level,
    coalesce(n.verified_differ, FALSE) AS verified_differ, coalesce(n.unshared, FALSE) AS unshared, coalesce(n.verified, FALSE) AS verified,
    coalesce(n.verified_otherwise, FALSE) AS verified_otherwise,
    coalesce('default' IN (a.birth_precision, b.birth_precision), FALSE) AS birth_default,
    CASE WHEN a.script IS DISTINCT FROM b.script AND a.script IS NOT NULL AND b.script IS NOT NULL THEN 'missing'
      ELSE name_level(a.full_norm, b.full_norm) END AS name_level,
    CASE WHEN a.birth_earliest IS NULL OR b.birth_earliest IS NULL OR a.birth_latest IS NULL OR b.birth_latest IS NULL THEN 'missing'
      WHEN birth_default AND year(a.birth_earliest) <= year(b.birth_latest) AND year(b.birth_earliest) <= year(a.birth_latest) THEN 'default'
      WHEN a.birth_earliest = a.birth_latest AND b.birth_earliest = b.birth_latest AND NOT birth_default THEN day_level(a.birth_latest, b.birth_latest)
      WHEN a.birth_earliest <= b.birth_latest AND b.birth_earliest <= a.birth_latest AND NOT birth_default THEN 'close'
      WHEN (birth_default OR 'age' IN (a.birth_precision, b.birth_precision))
        AND year(a.birth_earliest) <= year(b.birth_latest) + weak_birth_years() AND year(b.birth_earliest) <= year(a.birth_latest) + weak_birth_years() THEN 'near'
      ELSE 'differs' END AS birth_level,
    CASE WHEN a.sex IS NULL OR b.sex IS NULL THEN 'missing' WHEN a.sex = b.sex THEN 'exact' ELSE 'differs' END AS sex_level,
    CASE WHEN a.area_code IS NULL OR b.area_code IS NULL THEN 'missing' WHEN a.area_code = b.area_code THEN 'exact'
      WHEN around(a.area_code, b.area_code) OR around(b.area_code, a.area_code) THEN 'close' ELSE 'differs' END AS area_level,
    name_level(a.mother_norm, b.mother_norm) AS mother_level,
    name_level(a.father_norm, b.father_norm) AS father_level,
    name_level(a.spouse_norm, b.spouse_norm) AS spouse_level,
    a.hash AS left_values, b.hash AS right_values
  FROM to_compare p
  JOIN compared_record a ON a.mention_id = p.left_id
  JOIN compared_record b ON b.mention_id = p.right_id
  LEFT JOIN numbers n ON n.left_id = p.left_id AND n.right_id = p.right_id
), different AS (
  -- What people judged to be two persons, whichever record came first.
  SELECT left_values, right_values FROM decision
  WHERE kind IN ('different', 'rejected') AND left_values IS NOT NULL AND right_values IS NOT NULL
  UNION
  SELECT right_values, left_values FROM decision
  WHERE kind IN ('different', 'rejected') AND left_values IS NOT NULL AND right_values IS NOT NULL
), weighed AS (
  SELECT *, agrees(birth_level) AS birth_agrees,
    agrees(mother_level) OR agrees(father_level) OR agrees(spouse_level) AS relative_agrees,
    agrees(area_level) AS area_agrees, sex_level = 'exact' AS sex_agrees
  FROM levels
)
SELECT w.*,
  CAST(birth_agrees AS INTEGER) + CAST(relative_agrees AS INTEGER) + CAST(area_agrees AS INTEGER) + CAST(sex_agrees AS INTEGER) AS fields,
  CAST(birth_level = 'exact' AS INTEGER) + CAST(relative_agrees AS INTEGER) + CAST(area_agrees AS INTEGER)
    + 2 * CAST(identifier_level = 'exact' AS INTEGER) AS evidence,
  ['identifier=' || identifier_level, 'name=' || name_level, 'birth=' || birth_level, 'sex=' || sex_level, 'area=' || area_level,
    'mother=' || mother_level, 'father=' || father_level, 'spouse=' || spouse_level] AS agreement,
  d.left_values IS NOT NULL AS judged_different
FROM weighed w
LEFT JOIN different d ON d.left_values = w.left_values AND d.right_values = w.right_values;
