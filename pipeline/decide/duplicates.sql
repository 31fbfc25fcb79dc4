-- Duplicates. A line says which record or enrolment would be kept and why both
-- may be right: of suspected duplicates that were looked into, four in ten were.

CREATE OR REPLACE TEMP TABLE pair_probability AS
WITH pair AS (
  SELECT kept_id, mention_id FROM roster_pair UNION SELECT kept_id, mention_id FROM register_pair
), scored AS (
  SELECT p.kept_id, p.mention_id, l.match_probability, l.match_weight_bits, l.margin_bits
  FROM pair p
  JOIN link l ON l.kind IN ('roster', 'register')
    AND ((l.left_id = p.kept_id AND l.right_id = p.mention_id) OR (l.left_id = p.mention_id AND l.right_id = p.kept_id))
)
SELECT p.kept_id, p.mention_id,
  coalesce(s.match_probability, least(a.match_probability, b.match_probability)) AS match_probability,
  s.match_weight_bits, s.margin_bits
FROM pair p
LEFT JOIN (FROM scored QUALIFY row_number() OVER (PARTITION BY kept_id, mention_id ORDER BY match_probability DESC, match_weight_bits DESC) = 1) s
  ON s.kept_id = p.kept_id AND s.mention_id = p.mention_id
LEFT JOIN cluster a ON a.mention_id = p.kept_id
LEFT JOIN cluster b ON b.mention_id = p.mention_id;

CREATE OR REPLACE TEMP TABLE judged_pair AS
WITH pair AS (
  SELECT p.*, c.* EXCLUDE (left_id, right_id, left_household, right_household),
    c.left_household = c.right_household AS one_household
  FROM pair_probability p
  JOIN compared c ON c.left_id = p.kept_id AND c.right_id = p.mention_id
  WHERE NOT c.judged_different
), contradicted AS (
  SELECT *, list_filter([
      CASE WHEN sex_level = 'differs' THEN 'sex_differs' END,
      CASE WHEN verified_differ THEN 'verified_identifiers_differ' END,
      CASE WHEN one_household AND birth_level IN ('exact', 'default') AND name_level <> 'exact' AND identifier_level <> 'exact' THEN 'perhaps_twins' END
    ], lambda x: x IS NOT NULL) AS contradictions
  FROM pair
)
SELECT *,
  CASE WHEN len(contradictions) > 0 THEN 'X'
    WHEN match_probability < getvariable('t2') OR evidence = 0 OR name_level = 'differs' THEN 'T3'
    WHEN match_probability >= getvariable('t1') AND identifier_level = 'exact' AND agrees(name_level)
      AND fields >= 2 AND (birth_agrees OR relative_agrees) AND birth_level NOT IN ('default', 'differs') THEN 'T1'
    ELSE 'T2' END AS tier
FROM contradicted;

-- Enrolments of one person in one programme, or in programmes that exclude each
-- other. The earlier one would be kept.
CREATE OR REPLACE TEMP TABLE enrolled_twice AS
WITH pair AS (
  SELECT b.person_id, b.enrolment_id, b.programme, b.mention_id, a.enrolment_id AS kept_enrolment_id, a.mention_id AS kept_id,
    a.programme = b.programme AS same, a.from_on AS kept_from, a.programme AS kept_programme
  FROM active b
  JOIN active a ON a.person_id = b.person_id AND a.enrolment_id <> b.enrolment_id
  WHERE coalesce(a.from_on, DATE '9999-12-31') < coalesce(b.from_on, DATE '9999-12-31')
    OR (a.from_on IS NOT DISTINCT FROM b.from_on AND a.enrolment_id < b.enrolment_id)
)
SELECT p.*, CASE WHEN same THEN 'enrolled_twice' ELSE 'excluding_programmes' END AS reason_code
FROM pair p
WHERE same OR EXISTS (SELECT 1 FROM programme_exclusion x WHERE x.programme = p.programme AND x.other = p.kept_programme)
QUALIFY row_number() OVER (PARTITION BY enrolment_id ORDER BY same DESC, kept_from NULLS LAST, kept_enrolment_id) = 1;

CREATE OR REPLACE TEMP TABLE duplicate_line AS
WITH enrolment_line AS (
  SELECT e.reason_code, e.programme, e.enrolment_id, e.kept_enrolment_id AS other_enrolment_id, e.person_id AS subject_id,
    e.mention_id, nullif(e.kept_id, e.mention_id) AS other_mention_id
  FROM enrolled_twice e
), record_line AS (
  SELECT CASE WHEN a.enrolment_id IS NULL THEN 'listed_twice' ELSE 'combinable_programmes' END, a.programme, a.enrolment_id,
    CAST(NULL AS VARCHAR), r.person_id, r.mention_id, r.kept_id
  FROM roster_pair r
  LEFT JOIN active a ON a.mention_id = r.mention_id
  WHERE NOT EXISTS (SELECT 1 FROM enrolled_twice e WHERE e.mention_id = r.mention_id)
    AND NOT EXISTS (SELECT 1 FROM enrolled_twice e WHERE e.kept_id = r.mention_id AND e.mention_id = r.kept_id)
), line AS (
  FROM enrolment_line UNION ALL FROM record_line
), subject_pair AS (
  -- Every pair of a person goes through the record that is kept.
  SELECT l.*, coalesce(j.tier, k.tier) AS tier, coalesce(j.mention_id, k.mention_id) AS pair_id
  FROM line l
  LEFT JOIN judged_pair j ON j.mention_id = l.mention_id
  LEFT JOIN judged_pair k ON k.mention_id = l.other_mention_id
)
SELECT s.reason_code, s.programme, s.enrolment_id, s.other_enrolment_id, s.subject_id, s.mention_id, s.other_mention_id,
  m.household_id, m.area_code, CAST(NULL AS VARCHAR) AS event_id,
  CASE WHEN s.other_mention_id IS NULL THEN 'T1' ELSE s.tier END AS tier,
  j.match_probability, j.match_weight_bits, j.margin_bits, j.agreement, j.contradictions, j.left_values, j.right_values
FROM subject_pair s
JOIN member m ON m.mention_id = s.mention_id
LEFT JOIN judged_pair j ON j.mention_id = s.pair_id
WHERE s.other_mention_id IS NULL OR s.tier IS NOT NULL
UNION ALL
SELECT CASE p.role WHEN 'child' THEN 'birth_registered_twice' ELSE 'death_registered_twice' END, NULL, NULL, NULL,
  coalesce(t.roster_id, p.register_id), p.mention_id, p.kept_id, NULL, m.area_code, p.event_id,
  j.tier, j.match_probability, j.match_weight_bits, j.margin_bits, j.agreement, j.contradictions, j.left_values, j.right_values
FROM register_pair p
JOIN judged_pair j ON j.kept_id = p.kept_id AND j.mention_id = p.mention_id
JOIN mention m ON m.mention_id = p.mention_id
LEFT JOIN (SELECT register_id, min(roster_id) AS roster_id FROM tie GROUP BY register_id) t ON t.register_id = p.register_id;
