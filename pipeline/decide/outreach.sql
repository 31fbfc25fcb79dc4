-- Enrolled and no longer entitled or unknown (eligibility); entitled and not
-- enrolled (registration); closed by a death that was revoked (reinstatement).

CREATE OR REPLACE TEMP TABLE eligibility_line AS
SELECT CASE WHEN v.outcome = 'unknown' THEN 'criterion_unknown' WHEN h.outcome = 'eligible' THEN 'hands_over' ELSE 'criterion_not_met' END AS reason_code,
  a.programme, a.enrolment_id, a.person_id AS subject_id, a.mention_id, a.household_id, v.area_code,
  v.criteria, v.presumed, v.missing, CAST(NULL AS VARCHAR) AS event_id, CAST(NULL AS DECIMAL(9, 6)) AS match_probability
FROM active a
JOIN evaluation v ON v.subject_id = a.person_id AND v.programme = a.programme
LEFT JOIN programme_handover o ON o.programme = a.programme
LEFT JOIN evaluation h ON h.subject_id = a.person_id AND h.programme = o.other
WHERE a.status = 'active' AND v.outcome <> 'eligible'
  AND NOT EXISTS (SELECT 1 FROM exit_line e WHERE e.enrolment_id = a.enrolment_id AND e.tier IN ('T1', 'T2'))
UNION ALL
SELECT h.reason_code, a.programme, a.enrolment_id, a.person_id, a.mention_id, a.household_id, v.area_code,
  v.criteria, v.presumed, v.missing, NULL, NULL
FROM household_place h
JOIN active a ON a.enrolment_id = h.enrolment_id
JOIN evaluation v ON v.subject_id = a.person_id AND v.programme = a.programme AND v.outcome = 'eligible'
WHERE h.place > h.most
UNION ALL
SELECT 'caregiver_deceased', c.programme, c.enrolment_id, c.subject_id, c.mention_id, c.household_id, s.area_code,
  NULL, NULL, NULL, c.event_id, c.probability
FROM caregiver_line c
JOIN subject s ON s.subject_id = c.subject_id;

CREATE OR REPLACE TEMP TABLE registration_line AS
WITH paid_once AS (
  SELECT DISTINCT m.person_id, n.programme
  FROM programme_rule r
  JOIN enrolment n ON n.programme = r.programme
  JOIN member m ON m.mention_id = n.mention_id
  WHERE r.once
), entitled AS (
  SELECT v.*, s.on_roster, s.mention_id, s.household_id, s.widowed_on, s.orphaned_on, s.birth_earliest, s.birth_latest, s.as_of,
    r.per_household, r.first, r.subjects, r.once
  FROM evaluation v
  JOIN subject s ON s.subject_id = v.subject_id
  JOIN programme_rule r ON r.programme = v.programme
  WHERE v.outcome = 'eligible' AND NOT v.enrolled
    AND (r.subjects = 'deceased' OR s.alive IS DISTINCT FROM FALSE AND NOT s.reported_dead)
    AND NOT EXISTS (SELECT 1 FROM active a WHERE a.person_id = v.subject_id AND a.programme = v.programme)
    -- A lump sum is paid once.
    AND NOT EXISTS (SELECT 1 FROM paid_once o WHERE o.person_id = v.subject_id AND o.programme = v.programme)
), taken AS (
  SELECT programme, household_id, count(*) AS enrolments FROM household_place WHERE reason_code = 'household_bound' GROUP BY programme, household_id
), counted AS (
  SELECT e.subject_id, e.programme, coalesce(t.enrolments, 0) + row_number() OVER (PARTITION BY e.programme, e.household_id
    ORDER BY CASE WHEN e.first = 'youngest' THEN e.birth_earliest END DESC NULLS LAST, e.birth_latest NULLS LAST, e.subject_id) AS place
  FROM entitled e
  SEMI JOIN household_counted c ON c.subject_id = e.subject_id AND c.programme = e.programme
  LEFT JOIN taken t ON t.programme = e.programme AND t.household_id = e.household_id
  WHERE e.household_id IS NOT NULL
), fitting AS (
  SELECT e.*
  FROM entitled e
  LEFT JOIN counted c ON c.subject_id = e.subject_id AND c.programme = e.programme
  WHERE c.place IS NULL OR c.place <= e.per_household
), handed AS (
  -- Whom another programme, that he draws and no longer qualifies for, hands over.
  SELECT DISTINCT o.other AS programme, a.person_id
  FROM active a
  JOIN programme_handover o ON o.programme = a.programme
  JOIN evaluation v ON v.subject_id = a.person_id AND v.programme = a.programme AND v.outcome = 'not_eligible'
  WHERE a.status = 'active'
)
SELECT f.programme, f.subject_id, CASE WHEN f.on_roster THEN f.mention_id END AS mention_id,
  CASE WHEN NOT f.on_roster THEN f.mention_id END AS other_mention_id, f.household_id, f.area_code,
  c.event_id, f.criteria, f.presumed, f.missing, f.since,
  CASE WHEN f.subjects = 'deceased' THEN 'death_gives_rise'
    WHEN h.person_id IS NOT NULL THEN 'handed_over'
    WHEN f.birth_latest > f.as_of - INTERVAL 1 YEAR THEN 'newborn'
    WHEN f.orphaned_on > f.as_of - INTERVAL 1 YEAR THEN 'new_orphan'
    WHEN f.widowed_on > f.as_of - INTERVAL 1 YEAR THEN 'new_widow'
    WHEN b.subject_id IS NOT NULL THEN 'birthday_reached'
    ELSE 'not_enrolled' END AS reason_code
FROM fitting f
LEFT JOIN register_child c ON c.child_id = f.subject_id
LEFT JOIN too_young b ON b.subject_id = f.subject_id AND b.programme = f.programme
LEFT JOIN handed h ON h.person_id = f.subject_id AND h.programme = f.programme;

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
