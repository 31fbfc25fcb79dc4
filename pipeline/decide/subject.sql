-- One row for everybody whom a programme can concern: the persons of the roster,
-- and the children under 18 that only the register knows, through a parent.

CREATE OR REPLACE TEMP TABLE roster_birth AS
WITH stated AS (
  -- A placeholder stands for its year; an age or a placeholder is used only
  -- where no record of the person says more.
  SELECT person_id, coalesce(birth_precision, '') IN ('default', 'age') AS weak,
    CASE WHEN birth_precision = 'default' THEN CAST(date_trunc('year', birth_earliest) AS DATE) ELSE birth_earliest END AS earliest,
    CASE WHEN birth_precision = 'default' THEN make_date(year(birth_latest), 12, 31) ELSE birth_latest END AS latest
  FROM member
  WHERE birth_earliest IS NOT NULL AND birth_latest IS NOT NULL
), roster AS (
  SELECT person_id, bool_and(weak) AS weak,
    coalesce(min(earliest) FILTER (WHERE NOT weak), min(earliest)) AS earliest,
    coalesce(max(latest) FILTER (WHERE NOT weak), max(latest)) AS latest
  FROM stated
  GROUP BY person_id
), register AS (
  SELECT subject_id AS person_id, min(earliest) AS earliest, max(latest) AS latest
  FROM involved
  WHERE role = 'child' AND event_type = 'birth' AND on_roster
    AND probability >= getvariable('solid') AND earliest IS NOT NULL AND latest IS NOT NULL
  GROUP BY subject_id
)
SELECT coalesce(a.person_id, b.person_id) AS person_id,
  CASE WHEN a.weak THEN coalesce(b.earliest, a.earliest) ELSE least(a.earliest, b.earliest) END AS birth_earliest,
  CASE WHEN a.weak THEN coalesce(b.latest, a.latest) ELSE greatest(a.latest, b.latest) END AS birth_latest
FROM roster a
FULL JOIN register b ON b.person_id = a.person_id;

CREATE OR REPLACE TEMP TABLE active AS
SELECT n.enrolment_id, n.programme, n.mention_id, n.household_id, n.caregiver_mention_id, n.from_on, n.status, m.person_id
FROM enrolment n
JOIN member m ON m.mention_id = n.mention_id
WHERE n.status IN ('active', 'suspended') AND (n.to_on IS NULL OR n.to_on >= getvariable('as_of'));

CREATE OR REPLACE TEMP TABLE known AS
WITH state AS (
  SELECT subject_id,
    bool_or(predicate = 'alive' AND value = 'FALSE') AS dead,
    bool_or(predicate = 'alive' AND value = 'TRUE' AND to_on >= getvariable('as_of') - getvariable('life_days')) AS seen,
    bool_or(predicate = 'deceased' AND value = 'TRUE') AS reported_dead,
    bool_or(predicate = 'widowed' AND value = 'TRUE') AS widowed,
    bool_or(predicate = 'widowed' AND value = 'FALSE') AS spouse_seen,
    max(CASE WHEN predicate = 'deceased' AND value = 'TRUE' THEN from_on END) AS died_earliest,
    max(CASE WHEN predicate = 'deceased' AND value = 'TRUE' THEN from_latest END) AS died_latest,
    max(CASE WHEN predicate = 'widowed' AND value = 'TRUE' THEN from_latest END) AS widowed_on,
    bool_or(predicate = 'remarried' AND value = 'TRUE') AS remarried,
    max(CASE WHEN predicate = 'remarried' AND value = 'TRUE' THEN from_latest END) AS remarried_on,
    bool_or(predicate = 'divorced' AND value = 'TRUE') AS divorced,
    max(CASE WHEN predicate = 'divorced' AND value = 'TRUE' THEN from_latest END) AS divorced_on,
    bool_or(predicate = 'orphan_one' AND value = 'TRUE') AS orphan_one,
    bool_or(predicate = 'orphan_both' AND value = 'TRUE') AS orphan_both,
    bool_or(predicate = 'orphan_both' AND value = 'FALSE') AS not_orphan_both,
    max(CASE WHEN predicate = 'orphan_both' AND value = 'TRUE' THEN from_latest END) AS orphaned_on,
    list(DISTINCT predicate ORDER BY predicate) FILTER (WHERE predicate NOT IN ('alive', 'deceased')) AS told
  FROM fact
  WHERE predicate IN ('alive', 'deceased', 'widowed', 'remarried', 'divorced', 'orphan_one', 'orphan_both')
  GROUP BY subject_id
)
SELECT subject_id,
  CASE WHEN dead THEN FALSE WHEN seen THEN TRUE END AS alive, reported_dead, died_earliest, died_latest,
  CASE WHEN widowed THEN TRUE WHEN spouse_seen THEN FALSE END AS widowed, widowed_on,
  CASE WHEN remarried THEN TRUE END AS remarried, remarried_on,
  CASE WHEN divorced THEN TRUE END AS divorced, divorced_on,
  CASE WHEN spouse_seen OR remarried THEN TRUE END AS married,
  CASE WHEN orphan_one THEN TRUE END AS orphan_one,
  CASE WHEN orphan_both THEN TRUE WHEN not_orphan_both THEN FALSE END AS orphan_both, orphaned_on, told
FROM state;

CREATE OR REPLACE TEMP TABLE of_parents AS
SELECT p.child_id,
  CASE WHEN bool_or(p.kind = 'mother' AND k.alive) THEN TRUE
    WHEN bool_or(p.kind = 'mother' AND (NOT k.alive OR d.probability >= getvariable('solid'))) THEN FALSE END AS mother_alive,
  CASE WHEN bool_or(p.kind = 'father' AND k.alive) THEN TRUE
    WHEN bool_or(p.kind = 'father' AND (NOT k.alive OR d.probability >= getvariable('solid'))) THEN FALSE END AS father_alive,
  bool_or(p.parent_on_roster AND d.subject_id IS NULL) AS parent_in_roster
FROM parent p
LEFT JOIN known k ON k.subject_id = p.parent_id
LEFT JOIN death_of d ON d.subject_id = p.parent_id AND NOT d.doubted
WHERE p.probability >= 0.5
GROUP BY p.child_id;

-- Children of roster parents that no roster record was linked to. One whose
-- household lists a child of the same days of birth is probably that child.
CREATE OR REPLACE TEMP TABLE register_child AS
WITH child AS (
  SELECT p.child_id, r.mention_id AS parent_mention_id, r.household_id, r.area_code,
    m.sex, i.earliest, i.latest, m.full_norm, i.event_id, i.mention_id
  FROM parent p
  JOIN involved i ON i.mention_id = p.records[1]
  JOIN mention m ON m.mention_id = i.mention_id
  JOIN member r ON r.person_id = p.parent_id
  WHERE NOT p.child_on_roster AND p.parent_on_roster AND p.probability >= 0.5
    AND i.latest > getvariable('as_of') - INTERVAL 18 YEAR
  QUALIFY row_number() OVER (PARTITION BY p.child_id ORDER BY p.kind DESC, p.probability DESC, i.mention_id, r.mention_id) = 1
)
SELECT c.*
FROM child c
WHERE NOT EXISTS (
  SELECT 1 FROM member o
  WHERE o.household_id = c.household_id AND o.sex IS NOT DISTINCT FROM c.sex
    AND o.birth_earliest <= c.latest + 31 AND o.birth_latest >= c.earliest - 31);

-- Children by parent. A child that only the register knows is probably the one of
-- the same days of birth whom the roster lists as the same parent's.
CREATE OR REPLACE TEMP TABLE offspring AS
WITH child AS (
  SELECT p.parent_id, p.child_id, bool_or(p.kind = 'mother') AS of_mother, bool_or(p.child_on_roster) AS listed,
    coalesce(min(b.birth_earliest), min(i.earliest)) AS earliest, coalesce(max(b.birth_latest), max(i.latest)) AS latest,
    min(m.sex) AS sex
  FROM parent p
  LEFT JOIN roster_birth b ON b.person_id = p.child_id
  LEFT JOIN involved i ON i.mention_id = p.records[1] AND p.basis = 'birth'
  LEFT JOIN mention m ON m.mention_id = p.records[1]
  WHERE p.probability >= 0.5 AND {uses_children}
  GROUP BY p.parent_id, p.child_id
)
SELECT c.*, coalesce(NOT k.alive, FALSE) OR coalesce(k.reported_dead, FALSE) AS dead
FROM child c
LEFT JOIN known k ON k.subject_id = c.child_id
WHERE c.listed OR NOT EXISTS (
  SELECT 1 FROM child o
  WHERE o.parent_id = c.parent_id AND o.listed AND o.sex IS NOT DISTINCT FROM c.sex AND o.earliest <= c.latest + 31 AND o.latest >= c.earliest - 31);

CREATE OR REPLACE TEMP TABLE subject AS
WITH parent_of AS (
  SELECT parent_id, list({'earliest': earliest, 'latest': latest, 'sex': sex} ORDER BY earliest NULLS LAST, latest, child_id) AS births,
    count(*) FILTER (WHERE NOT dead AND earliest > CAST(getvariable('as_of') - INTERVAL 18 YEAR AS DATE)) AS children_known
  FROM offspring
  GROUP BY parent_id
), of_siblings AS (
  SELECT c.child_id, count(*) AS older
  FROM offspring c
  JOIN offspring o ON o.parent_id = c.parent_id AND o.child_id <> c.child_id AND o.latest < c.earliest
  WHERE c.of_mother
  GROUP BY c.child_id
), both_parents AS (
  SELECT child_id
  FROM parent
  WHERE basis = 'birth' AND probability >= getvariable('solid') AND {uses_caregivers}
  GROUP BY child_id
  HAVING count(DISTINCT kind) = 2
), born AS (
  SELECT DISTINCT subject_id
  FROM involved
  WHERE event_type = 'birth' AND role = 'child' AND probability >= 0.5 AND {uses_birth}
), collected AS (
  SELECT a.person_id, bool_or(p.parent_id IS NOT NULL) AS is_parent, bool_or(b.child_id IS NOT NULL) AS both_known
  FROM active a
  JOIN member g ON g.mention_id = a.caregiver_mention_id
  LEFT JOIN parent p ON p.child_id = a.person_id AND p.parent_id = g.person_id AND p.probability >= 0.5
  LEFT JOIN both_parents b ON b.child_id = a.person_id
  WHERE g.person_id <> a.person_id AND {uses_caregivers}
  GROUP BY a.person_id
), stated AS (
  SELECT subject_id, name, value
  FROM attribute
  WHERE (as_of IS NULL OR as_of <= getvariable('as_of')) AND value IS NOT NULL AND list_contains(CAST([{attributes}] AS VARCHAR[]), name)
  QUALIFY row_number() OVER (PARTITION BY subject_id, name ORDER BY as_of DESC NULLS LAST, source) = 1
), of_member AS (
  SELECT person_id, [{latest}] AS attributes
  FROM (
    SELECT m.person_id, s.name, s.value
    FROM stated s
    JOIN member m ON m.mention_id = s.subject_id
    QUALIFY row_number() OVER (PARTITION BY m.person_id, s.name ORDER BY m.mention_id) = 1)
  GROUP BY person_id
), of_household AS (
  SELECT subject_id AS household_id, [{latest}] AS attributes
  FROM stated
  SEMI JOIN household h ON h.household_id = stated.subject_id
  GROUP BY subject_id
), enrolled AS (
  SELECT person_id, list(DISTINCT programme ORDER BY programme) FILTER (WHERE status = 'active') AS programmes,
    list(DISTINCT programme ORDER BY programme) AS held
  FROM active
  GROUP BY person_id
), cared_for AS (
  SELECT DISTINCT a.person_id
  FROM active a
  JOIN member g ON g.mention_id = a.caregiver_mention_id
  LEFT JOIN known k ON k.subject_id = g.person_id
  WHERE coalesce(k.alive, TRUE) AND g.person_id <> a.person_id
), several AS (
  -- Persons with more than one record, and perhaps others of the same hash.
  SELECT hash(person_id) AS person FROM member GROUP BY person HAVING count(*) > 1
), speaker AS (
  -- The record that speaks for the person: enrolled before not, then the least.
  SELECT m.person_id, coalesce(min(m.mention_id) FILTER (WHERE a.mention_id IS NOT NULL), min(m.mention_id)) AS mention_id,
    CASE WHEN min(m.sex) = max(m.sex) THEN min(m.sex) END AS sex
  FROM member m
  SEMI JOIN several s ON s.person = hash(m.person_id)
  LEFT JOIN (SELECT DISTINCT mention_id FROM active) a ON a.mention_id = m.mention_id
  GROUP BY m.person_id
), listed AS (
  SELECT r.person_id, r.mention_id, m.household_id, m.area_code, r.sex
  FROM speaker r
  JOIN member m ON m.mention_id = r.mention_id
  UNION ALL
  SELECT m.person_id, m.mention_id, m.household_id, m.area_code, m.sex
  FROM member m
  ANTI JOIN several s ON s.person = hash(m.person_id)
), everybody AS (
  SELECT r.person_id AS subject_id, TRUE AS on_roster, r.mention_id, r.household_id, r.area_code, r.sex, b.birth_earliest, b.birth_latest
  FROM listed r
  LEFT JOIN roster_birth b ON b.person_id = r.person_id
  UNION ALL
  SELECT child_id, FALSE, mention_id, household_id, area_code, sex, earliest, latest
  FROM register_child
)
SELECT e.*, getvariable('as_of') AS as_of, CAST(date_trunc('month', getvariable('as_of')) AS DATE) AS month_start, last_day(getvariable('as_of')) AS month_end,
  k.alive, NOT k.alive AS deceased, coalesce(k.reported_dead, FALSE) AS reported_dead, k.died_earliest, k.died_latest,
  k.widowed, k.widowed_on, k.remarried, k.remarried_on, k.divorced, k.divorced_on, k.married,
  k.orphan_one, k.orphan_both, k.orphaned_on,
  rule_age_under(e.birth_earliest, e.birth_latest, getvariable('as_of'), 18) AS is_child,
  CASE WHEN r.subject_id IS NOT NULL THEN TRUE END AS birth_registered, f.mother_alive, f.father_alive,
  CASE WHEN c.person_id IS NOT NULL OR f.parent_in_roster THEN TRUE END AS caregiver_known,
  CASE WHEN g.is_parent THEN TRUE WHEN g.both_known THEN FALSE END AS caregiver_is_parent,
  coalesce(CAST(o.children_known AS INTEGER), 0) AS children_known, coalesce(o.births, []) AS births, coalesce(y.older, 0) AS older_siblings, u.areas,
  coalesce(n.programmes, []) AS programmes, coalesce(n.held, []) AS held, coalesce(k.told, []) AS told,
  map(CAST([{attributes}] AS VARCHAR[]), CAST([{values}] AS VARCHAR[])) AS attributes
FROM everybody e
LEFT JOIN known k ON k.subject_id = e.subject_id
LEFT JOIN of_parents f ON f.child_id = e.subject_id
LEFT JOIN cared_for c ON c.person_id = e.subject_id
LEFT JOIN enrolled n ON n.person_id = e.subject_id
LEFT JOIN of_member m ON m.person_id = e.subject_id
LEFT JOIN of_household h ON h.household_id = e.household_id
LEFT JOIN born r ON r.subject_id = e.subject_id
LEFT JOIN collected g ON g.person_id = e.subject_id
LEFT JOIN parent_of o ON o.parent_id = e.subject_id
LEFT JOIN of_siblings y ON y.child_id = e.subject_id
LEFT JOIN area_above u ON u.area_code = e.area_code;
