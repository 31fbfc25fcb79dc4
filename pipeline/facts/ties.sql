-- Who is who: roster records with their person, and every register record that
-- still stands with the roster person it was linked to.

CREATE OR REPLACE TEMP TABLE member AS
SELECT m.mention_id, coalesce(c.person_id, m.mention_id) AS person_id, m.household_id,
  m.relationship_to_head, m.status, m.recorded_on, m.sex, m.area_code,
  m.birth_earliest, m.birth_latest, m.birth_precision, m.full_norm, m.spouse_norm
FROM mention m
LEFT JOIN cluster c ON c.mention_id = m.mention_id AND c.side = 'sp'
WHERE m.side = 'sp';

CREATE OR REPLACE TEMP TABLE tie AS
SELECT left_id AS register_id, right_id AS roster_id, match_probability AS probability
FROM link
WHERE kind = 'across' AND accepted;

-- subject_id is the roster person where there is one, the register person otherwise.
CREATE OR REPLACE TEMP TABLE involved AS
SELECT m.mention_id, m.role, m.event_id, e.event_type, e.registered_on,
  e.occurred_earliest AS earliest, e.occurred_latest AS latest,
  coalesce(c.person_id, m.mention_id) AS register_id,
  coalesce(t.roster_id, c.person_id, m.mention_id) AS subject_id,
  t.roster_id IS NOT NULL AS on_roster,
  CAST(coalesce(c.match_probability, 1) * coalesce(t.probability, 1) AS DECIMAL(9, 6)) AS probability,
  CASE WHEN t.roster_id IS NOT NULL THEN t.register_id || '=' || t.roster_id END AS link
FROM mention m
JOIN event e ON e.event_id = m.event_id
LEFT JOIN cluster c ON c.mention_id = m.mention_id AND c.side = 'crvs'
LEFT JOIN tie t ON t.register_id = c.person_id
WHERE m.side = 'crvs' AND e.status IS DISTINCT FROM 'revoked'
  AND (e.occurred_earliest IS NULL OR e.occurred_earliest <= getvariable('as_of'))
  AND ((e.event_type = 'birth' AND m.role IN ('child', 'mother', 'father'))
    OR (e.event_type = 'death' AND m.role IN ('deceased', 'spouse'))
    OR (e.event_type IN ('marriage', 'divorce') AND m.role IN ('groom', 'bride')));
