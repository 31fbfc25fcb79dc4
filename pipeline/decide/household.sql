-- What the death changes for the others: only the member is removed, the
-- household stays.

CREATE OR REPLACE TEMP TABLE household_effect AS
WITH gone AS (
  SELECT DISTINCT subject_id, mention_id FROM exit_line WHERE tier IN ('T1', 'T2', 'X')
), person AS (
  SELECT DISTINCT subject_id FROM gone
), effect AS (
  SELECT p.subject_id, 'caregiver_to_change:' || a.enrolment_id AS effect
  FROM person p
  JOIN member g ON g.person_id = p.subject_id
  JOIN active a ON a.caregiver_mention_id = g.mention_id AND a.person_id <> p.subject_id
  UNION
  SELECT p.subject_id, CASE WHEN m.sex = 'female' THEN 'widow:' WHEN m.sex = 'male' THEN 'widower:' ELSE 'bereaved:' END || b.subject_id
  FROM person p
  JOIN bereaved b ON b.partner_id = p.subject_id AND b.probability >= 0.5
  JOIN subject m ON m.subject_id = b.subject_id
  WHERE m.alive IS DISTINCT FROM FALSE
  UNION
  SELECT p.subject_id, CASE WHEN c.orphan_both THEN 'orphan_both:' ELSE 'orphan_one:' END || c.subject_id
  FROM person p
  JOIN parent k ON k.parent_id = p.subject_id AND k.probability >= 0.5
  JOIN subject c ON c.subject_id = k.child_id
  WHERE c.is_child AND c.orphan_one AND c.alive IS DISTINCT FROM FALSE
  UNION
  SELECT p.subject_id, 'head_to_change:' || h.household_id
  FROM person p
  JOIN member h ON h.person_id = p.subject_id AND h.relationship_to_head = 'head'
  WHERE EXISTS (SELECT 1 FROM member o WHERE o.household_id = h.household_id AND o.person_id <> p.subject_id AND coalesce(o.status, '') = 'active')
)
SELECT subject_id, list(effect ORDER BY effect) AS effects
FROM effect
GROUP BY subject_id;

-- A caregiver who is reported dead, for enrolments that stay as they are.
CREATE OR REPLACE TEMP TABLE caregiver_line AS
SELECT a.enrolment_id, a.programme, a.person_id AS subject_id, a.mention_id, a.household_id,
  d.event_id, d.probability, g.mention_id AS caregiver_mention_id
FROM active a
JOIN member g ON g.mention_id = a.caregiver_mention_id
JOIN death_of d ON d.subject_id = g.person_id AND NOT d.doubted AND d.probability >= getvariable('t2')
WHERE g.person_id <> a.person_id
  AND NOT EXISTS (SELECT 1 FROM exit_line e WHERE e.enrolment_id = a.enrolment_id AND e.tier IN ('T1', 'T2'));
