-- Duplicates. A line says which record or enrolment would be kept and why both
-- may be right: of suspected duplicates that were looked into, four in ten were.

CREATE OR REPLACE TEMP TABLE pair_probability AS
WITH pair AS (
  SELECT kept_id, mention_id FROM roster_pair UNION SELECT kept_id, mention_id FROM register_pair
  UNION SELECT kept_id, mention_id FROM enrolled_twice WHERE kept_id <> mention_id
), scored AS (
  -- A link bears its two records in either order. Two joins on equality, as one
  -- with OR holds every pair against every link.
  SELECT p.kept_id, p.mention_id, l.match_probability, l.match_weight_bits, l.margin_bits
  FROM pair p
  JOIN link l ON l.left_id = p.kept_id AND l.right_id = p.mention_id AND l.kind IN ('roster', 'register')
  UNION ALL
  SELECT p.kept_id, p.mention_id, l.match_probability, l.match_weight_bits, l.margin_bits
  FROM pair p
  JOIN link l ON l.left_id = p.mention_id AND l.right_id = p.kept_id AND l.kind IN ('roster', 'register')
)
SELECT p.kept_id, p.mention_id,
  coalesce(s.match_probability, least(a.match_probability, b.match_probability)) AS match_probability,
  s.match_weight_bits, s.margin_bits
FROM pair p
LEFT JOIN (FROM scored QUALIFY row_number() OVER (PARTITION BY kept_id, mention_id ORDER BY match_probability DESC, match_weight_bits DESC, margin_bits) = 1) s
  ON s.kept_id = p.kept_id AND s.mention_id = p.mention_id
LEFT JOIN cluster a ON a.mention_id = p.kept_id
LEFT JOIN cluster b ON b.mention_id = p.mention_id;

CREATE OR REPLACE TEMP TABLE judged_pair AS
WITH pair AS (
  SELECT p.*, c.* EXCLUDE (left_id, right_id, left_household, right_household),
    c.left_household = c.right_household AS one_household,
    EXISTS (FROM register_pair r WHERE r.kept_id = p.kept_id AND r.mention_id = p.mention_id AND r.role = 'child') AS two_births
  FROM pair_probability p
  JOIN compared c ON c.left_id = p.kept_id AND c.right_id = p.mention_id
  WHERE NOT c.judged_different
), contradicted AS (
  SELECT *, {duplicate_contradictions} AS contradictions
  FROM pair
), capped AS (
  SELECT *, {duplicate_caps_t3} AS to_t3, {duplicate_caps_t2} AS to_t2
  FROM contradicted
)
SELECT *, list_concat(to_t3, to_t2) AS tier_reasons,
  CASE WHEN len(contradictions) > 0 THEN 'X' WHEN len(to_t3) > 0 THEN 'T3' WHEN len(to_t2) > 0 THEN 'T2' ELSE 'T1' END AS tier
FROM capped;

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
)
SELECT l.reason_code, l.programme, l.enrolment_id, l.other_enrolment_id, l.subject_id, l.mention_id, l.other_mention_id,
  m.household_id, m.area_code, CAST(NULL AS VARCHAR) AS event_id,
  CASE WHEN l.other_mention_id IS NULL THEN 'T1' ELSE j.tier END AS tier,
  j.match_probability, j.match_weight_bits, j.margin_bits, j.agreement, j.contradictions, j.tier_reasons, j.left_values, j.right_values
FROM line l
JOIN member m ON m.mention_id = l.mention_id
LEFT JOIN judged_pair j ON j.mention_id = l.mention_id AND j.kept_id = l.other_mention_id
WHERE l.other_mention_id IS NULL OR j.tier IS NOT NULL
UNION ALL
SELECT CASE p.role WHEN 'child' THEN 'birth_registered_twice' ELSE 'death_registered_twice' END, NULL, NULL, NULL,
  coalesce(t.roster_id, p.register_id), p.mention_id, p.kept_id, NULL, m.area_code, p.event_id,
  j.tier, j.match_probability, j.match_weight_bits, j.margin_bits, j.agreement, j.contradictions, j.tier_reasons, j.left_values, j.right_values
FROM register_pair p
JOIN judged_pair j ON j.kept_id = p.kept_id AND j.mention_id = p.mention_id
JOIN mention m ON m.mention_id = p.mention_id
LEFT JOIN (SELECT register_id, min(roster_id) AS roster_id FROM tie GROUP BY register_id) t ON t.register_id = p.register_id;
