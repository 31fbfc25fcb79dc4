-- Deceased exits: for each enrolment that is still open, the death that its
-- beneficiary's own roster record matches best.

CREATE OR REPLACE TEMP TABLE exit_candidate AS
WITH open AS (
  SELECT m.*, a.enrolment_id, a.programme, c.* EXCLUDE (left_id, right_id),
    row_number() OVER (PARTITION BY a.enrolment_id
      ORDER BY m.accepted DESC, m.probability DESC, m.registered_on NULLS LAST, m.event_id, m.deceased_id) AS place
  FROM active a
  JOIN death_match m ON m.mention_id = a.mention_id
  JOIN compared c ON c.left_id = m.deceased_id AND c.right_id = m.mention_id
  WHERE NOT c.judged_different
    AND (len(m.contradictions) = 0 OR m.accepted OR m.probability >= getvariable('t2'))
)
SELECT * EXCLUDE (place) FROM open WHERE place = 1;

-- Namesakes by year of birth: persons of one top-level area, sex and name.
CREATE OR REPLACE TEMP TABLE namesake AS
WITH own AS (
  SELECT DISTINCT e.subject_id, coalesce(left(p.area_code, getvariable('area_prefix')), '') AS area,
    coalesce(p.sex, '') AS sex, name_key(p.full_norm) AS name, year(p.birth_latest) AS born
  FROM exit_candidate e
  JOIN person p ON p.person_id = e.subject_id
  WHERE p.full_norm IS NOT NULL
), name AS (
  SELECT DISTINCT name FROM own
), crowd AS (
  SELECT coalesce(left(area_code, getvariable('area_prefix')), '') AS area, coalesce(sex, '') AS sex,
    k.name, year(p.birth_latest) AS born, count(*) AS persons
  FROM (SELECT *, name_key(full_norm) AS name FROM person WHERE side = 'sp') p
  JOIN name k ON k.name = p.name
  GROUP BY ALL
)
SELECT o.subject_id, CAST(sum(c.persons) AS BIGINT) - 1 AS namesakes
FROM own o
JOIN crowd c ON c.area = o.area AND c.sex = o.sex AND c.name = o.name
WHERE o.born IS NULL OR c.born IS NULL OR abs(o.born - c.born) <= 5
GROUP BY o.subject_id;

CREATE OR REPLACE TEMP TABLE runner_up AS
WITH rival AS (
  SELECT e.enrolment_id, l.left_id AS id, l.match_probability, l.match_weight_bits
  FROM exit_candidate e
  JOIN link l ON l.kind = 'across' AND l.right_id = e.subject_id AND l.left_id <> e.register_id
  UNION ALL
  SELECT e.enrolment_id, l.right_id, l.match_probability, l.match_weight_bits
  FROM exit_candidate e
  JOIN link l ON l.kind = 'across' AND l.left_id = e.register_id AND l.right_id <> e.subject_id
)
SELECT enrolment_id, id AS runner_up_id
FROM rival
QUALIFY row_number() OVER (PARTITION BY enrolment_id ORDER BY match_weight_bits DESC, match_probability DESC, id) = 1;

-- Another member of the household born on the very day: probably a twin, who
-- shares all but the given name.
CREATE OR REPLACE TEMP TABLE twin AS
SELECT DISTINCT e.mention_id
FROM exit_candidate e
JOIN member m ON m.mention_id = e.mention_id
JOIN member o ON o.household_id = m.household_id AND o.birth_earliest = m.birth_earliest AND o.birth_latest = m.birth_latest
WHERE o.person_id <> m.person_id AND coalesce(m.birth_precision, '') <> 'default';

CREATE OR REPLACE TEMP TABLE exit_line AS
WITH judged AS (
  SELECT e.*, coalesce(n.namesakes, 0) AS namesakes, u.runner_up_id, w.mention_id IS NOT NULL AS has_twin
  FROM exit_candidate e
  LEFT JOIN namesake n ON n.subject_id = e.subject_id
  LEFT JOIN runner_up u ON u.enrolment_id = e.enrolment_id
  LEFT JOIN twin w ON w.mention_id = e.mention_id
), capped AS (
  SELECT *, {caps_t3} AS to_t3, {caps_t2} AS to_t2
  FROM judged
)
SELECT *, list_concat(to_t3, to_t2) AS tier_reasons,
  CASE WHEN len(contradictions) > 0 THEN 'X' WHEN len(to_t3) > 0 THEN 'T3' WHEN len(to_t2) > 0 THEN 'T2' ELSE 'T1' END AS tier
FROM capped;
