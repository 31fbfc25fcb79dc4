-- Enrolled and no longer entitled or unknown (eligibility); entitled and not
-- enrolled (registration); closed by a death that was revoked (reinstatement).

-- Of the enrolments of a programme in one household, those beyond its bound.
CREATE OR REPLACE TEMP TABLE household_place AS
SELECT a.enrolment_id, a.programme, a.household_id,
  row_number() OVER (PARTITION BY a.programme, a.household_id ORDER BY a.from_on NULLS LAST, a.enrolment_id) AS place
FROM active a
JOIN programme_rule r ON r.programme = a.programme AND r.per_household > 0
WHERE a.status = 'active' AND a.household_id IS NOT NULL;

CREATE OR REPLACE TEMP TABLE eligibility_line AS
SELECT CASE v.outcome WHEN 'not_eligible' THEN 'criterion_not_met' ELSE 'criterion_unknown' END AS reason_code,
  a.programme, a.enrolment_id, a.person_id AS subject_id, a.mention_id, a.household_id, v.area_code,
  v.criteria, v.presumed, v.missing, CAST(NULL AS VARCHAR) AS event_id, CAST(NULL AS DECIMAL(9, 6)) AS match_probability
FROM active a
JOIN evaluation v ON v.subject_id = a.person_id AND v.programme = a.programme
WHERE a.status = 'active' AND v.outcome <> 'eligible'
  AND NOT EXISTS (SELECT 1 FROM exit_line e WHERE e.enrolment_id = a.enrolment_id AND e.tier IN ('T1', 'T2'))
UNION ALL
SELECT 'household_bound', a.programme, a.enrolment_id, a.person_id, a.mention_id, a.household_id, v.area_code,
  v.criteria, v.presumed, v.missing, NULL, NULL
FROM household_place h
JOIN programme_rule r ON r.programme = h.programme AND h.place > r.per_household
JOIN active a ON a.enrolment_id = h.enrolment_id
JOIN evaluation v ON v.subject_id = a.person_id AND v.programme = a.programme AND v.outcome = 'eligible'
UNION ALL
SELECT 'caregiver_deceased', c.programme, c.enrolment_id, c.subject_id, c.mention_id, c.household_id, s.area_code,
  NULL, NULL, NULL, c.event_id, c.probability
FROM caregiver_line c
JOIN subject s ON s.subject_id = c.subject_id;

CREATE OR REPLACE TEMP TABLE registration_line AS
WITH entitled AS (
  SELECT v.*, s.on_roster, s.mention_id, s.household_id, s.widowed_on, s.orphaned_on, s.birth_latest, s.as_of
  FROM evaluation v
  JOIN subject s ON s.subject_id = v.subject_id
  WHERE v.outcome = 'eligible' AND NOT v.enrolled AND s.alive IS DISTINCT FROM FALSE AND NOT s.reported_dead
    AND NOT EXISTS (SELECT 1 FROM active a WHERE a.person_id = v.subject_id AND a.programme = v.programme)
), taken AS (
  SELECT programme, household_id, count(*) AS enrolments FROM household_place GROUP BY programme, household_id
), fitting AS (
  SELECT e.*
  FROM entitled e
  LEFT JOIN programme_rule r ON r.programme = e.programme
  LEFT JOIN taken t ON t.programme = e.programme AND t.household_id = e.household_id
  QUALIFY coalesce(r.per_household, 0) = 0 OR e.household_id IS NULL
    OR row_number() OVER (PARTITION BY e.programme, e.household_id ORDER BY e.birth_latest NULLS LAST, e.subject_id) + coalesce(t.enrolments, 0) <= r.per_household
)
SELECT f.programme, f.subject_id, CASE WHEN f.on_roster THEN f.mention_id END AS mention_id,
  CASE WHEN NOT f.on_roster THEN f.mention_id END AS other_mention_id, f.household_id, f.area_code,
  c.event_id, f.criteria, f.presumed, f.missing, f.since,
  CASE WHEN f.birth_latest > f.as_of - INTERVAL 1 YEAR THEN 'newborn'
    WHEN f.orphaned_on > f.as_of - INTERVAL 1 YEAR THEN 'new_orphan'
    WHEN f.widowed_on > f.as_of - INTERVAL 1 YEAR THEN 'new_widow'
    WHEN b.subject_id IS NOT NULL THEN 'birthday_reached'
    ELSE 'not_enrolled' END AS reason_code
FROM fitting f
LEFT JOIN register_child c ON c.child_id = f.subject_id
LEFT JOIN too_young b ON b.subject_id = f.subject_id AND b.programme = f.programme;

CREATE OR REPLACE TEMP TABLE reinstatement_line AS
SELECT n.programme, n.enrolment_id, m.person_id AS subject_id, m.mention_id, n.household_id, m.area_code,
  d.event_id, d.mention_id AS other_mention_id, l.match_probability, l.match_weight_bits, l.margin_bits,
  c.agreement, c.left_values, c.right_values
FROM death d
JOIN tie t ON t.register_id = d.register_id
JOIN link l ON l.kind = 'across' AND l.left_id = t.register_id AND l.right_id = t.roster_id
JOIN member m ON m.person_id = t.roster_id
JOIN enrolment n ON n.mention_id = m.mention_id
JOIN compared c ON c.left_id = d.mention_id AND c.right_id = m.mention_id
WHERE d.status = 'revoked' AND n.status IN ('closed', 'suspended') AND NOT c.judged_different
  AND (n.to_on IS NULL OR n.to_on >= d.earliest)
  -- Another registration of the death still stands.
  AND NOT EXISTS (SELECT 1 FROM death_of o WHERE o.subject_id = m.person_id)
QUALIFY row_number() OVER (PARTITION BY n.enrolment_id ORDER BY l.match_probability DESC, d.event_id) = 1;
