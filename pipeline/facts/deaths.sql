-- A death that stands, held against each record of each roster person that its
-- deceased may be. One row a death registration and roster record.

CREATE OR REPLACE TEMP TABLE death AS
SELECT m.mention_id, m.event_id, coalesce(c.person_id, m.mention_id) AS register_id,
  coalesce(c.match_probability, 1) AS in_register,
  m.sex, m.birth_earliest, m.birth_latest, m.birth_precision,
  e.registration_number, e.status, e.registered_on, e.received_on,
  e.occurred_earliest AS earliest, e.occurred_latest AS latest
FROM mention m
JOIN event e ON e.event_id = m.event_id
LEFT JOIN cluster c ON c.mention_id = m.mention_id AND c.side = 'crvs'
WHERE m.side = 'crvs' AND m.role = 'deceased' AND e.event_type = 'death';

CREATE OR REPLACE TEMP TABLE possible_death AS
SELECT d.mention_id AS deceased_id, d.event_id, d.register_id, l.right_id AS subject_id, l.accepted,
  CAST(l.match_probability * d.in_register AS DECIMAL(9, 6)) AS probability,
  l.match_probability AS link_probability, l.match_weight_bits, l.margin_bits
FROM link l
JOIN death d ON d.register_id = l.left_id
WHERE l.kind = 'across' AND d.status IS DISTINCT FROM 'revoked'
  AND (l.accepted OR l.match_probability >= getvariable('floor'));

-- The last record of life of each person of whom it says something: one who may
-- be dead, and one who gave it within the days allowed. Of most people the last
-- is years old, speaks neither for today nor against a death, and is left out.
-- Payments are brought to one a beneficiary first: there are many more of them
-- than of anything else. Beside the last of all stands the last at the solid
-- probability.
CREATE OR REPLACE TEMP TABLE last_life AS
WITH reported AS (
  SELECT subject_id FROM possible_death
  UNION
  SELECT subject_id FROM involved WHERE role = 'deceased'
  UNION
  SELECT person_id FROM member WHERE status = 'dead'
), collected AS (
  SELECT p.enrolment_id, max(CAST(p.paid_on AS VARCHAR) || ' in_person_payment ' || p.payment_id) AS line
  FROM payment p
  WHERE p.channel = 'in_person' AND p.paid_on <= getvariable('as_of')
  GROUP BY p.enrolment_id
), line AS (
  SELECT m.person_id AS subject_id, CAST(left(c.line, 10) AS DATE) AS day, c.line, TRUE AS solid
  FROM collected c
  JOIN enrolment n ON n.enrolment_id = c.enrolment_id
  JOIN member m ON m.mention_id = coalesce(n.caregiver_mention_id, n.mention_id)
  UNION ALL
  SELECT subject_id, day, CAST(day AS VARCHAR) || ' ' || how || ' ' || record, probability >= getvariable('solid')
  FROM life
  WHERE how <> 'in_person_payment'
)
SELECT subject_id, max(line) AS line, max(day) AS day, max(line) FILTER (WHERE solid) AS solid_line, max(day) FILTER (WHERE solid) AS solid_day
FROM line
WHERE day >= getvariable('as_of') - getvariable('life_days') OR subject_id IN (FROM reported)
GROUP BY subject_id;

CREATE OR REPLACE TEMP TABLE death_match AS
WITH likely AS (
  SELECT * FROM possible_death WHERE accepted OR probability >= 0.5
), persons AS (
  SELECT event_id, count(DISTINCT subject_id) AS persons FROM likely GROUP BY event_id
), deaths AS (
  SELECT subject_id, count(DISTINCT register_id) AS deaths FROM likely GROUP BY subject_id
), days AS (
  SELECT register_id, max(earliest) > min(latest) AS days_differ
  FROM death
  WHERE status IS DISTINCT FROM 'revoked'
  GROUP BY register_id
), pair AS (
  SELECT p.*, r.mention_id AS mention_id, r.household_id,
    d.registration_number, d.status AS event_status, d.registered_on, d.received_on, d.earliest, d.latest,
    d.sex AS deceased_sex, r.sex AS roster_sex,
    greatest(d.birth_earliest, r.birth_earliest) AS birth_after,
    least(d.birth_latest, r.birth_latest) AS birth_before,
    coalesce(n.persons, 1) AS persons_of_death, coalesce(s.deaths, 1) AS deaths_of_person,
    coalesce(y.days_differ, FALSE) AS days_differ,
    v.day AS life_day
  FROM possible_death p
  JOIN death d ON d.mention_id = p.deceased_id
  JOIN member r ON r.person_id = p.subject_id
  LEFT JOIN persons n ON n.event_id = p.event_id
  LEFT JOIN deaths s ON s.subject_id = p.subject_id
  LEFT JOIN days y ON y.register_id = p.register_id
  LEFT JOIN last_life v ON v.subject_id = p.subject_id
), deceased_number AS MATERIALIZED (
  -- Materialised, or the planner may join all numbers of one type with each other.
  SELECT p.deceased_id, p.mention_id, a.identifier_type, a.written, a.problem
  FROM pair p
  JOIN identifier a ON a.mention_id = p.deceased_id
), placeholder AS (
  SELECT DISTINCT a.deceased_id, a.mention_id
  FROM deceased_number a
  JOIN identifier b ON b.mention_id = a.mention_id AND b.identifier_type = a.identifier_type
  WHERE upper(a.written) = upper(b.written)
    AND (a.problem IN ('placeholder', 'too_frequent') OR b.problem IN ('placeholder', 'too_frequent'))
), checked AS (
  SELECT p.*, h.mention_id IS NOT NULL AS shares_placeholder
  FROM pair p
  LEFT JOIN placeholder h ON h.deceased_id = p.deceased_id AND h.mention_id = p.mention_id
)
SELECT *, {contradictions} AS contradictions
FROM checked;

-- The death of each subject: of several, the likeliest, then the earliest registered.
CREATE OR REPLACE TEMP TABLE death_of AS
WITH doubt AS (
  SELECT event_id, subject_id, list_distinct(flatten(list(contradictions ORDER BY mention_id))) AS contradictions
  FROM death_match
  WHERE accepted
  GROUP BY event_id, subject_id
)
SELECT i.subject_id, i.register_id, i.mention_id, i.event_id, i.earliest, i.latest, i.probability, i.link,
  coalesce(d.contradictions, []) AS contradictions, len(coalesce(d.contradictions, [])) > 0 AS doubted
FROM involved i
LEFT JOIN doubt d ON d.event_id = i.event_id AND d.subject_id = i.subject_id
WHERE i.role = 'deceased'
QUALIFY row_number() OVER (PARTITION BY i.subject_id ORDER BY i.probability DESC, i.registered_on, i.event_id) = 1;

-- Of whom every roster record says dead. The roster says so today, whenever the
-- household was last interviewed.
CREATE OR REPLACE TEMP TABLE said_dead AS
WITH called AS (
  SELECT person_id AS subject_id, min(mention_id) AS mention_id
  FROM member
  WHERE status = 'dead'
  GROUP BY person_id
)
FROM called
ANTI JOIN (SELECT m.person_id FROM member m SEMI JOIN called c ON c.subject_id = m.person_id WHERE m.status IS DISTINCT FROM 'dead') o
  ON o.person_id = called.subject_id;

-- The dead on whom their families' facts rest: by a registration without
-- contradiction, or by the roster alone, which gives no day.
CREATE OR REPLACE TEMP TABLE departed AS
SELECT subject_id, mention_id, earliest, latest, probability, link
FROM death_of
WHERE NOT doubted
UNION ALL
SELECT subject_id, mention_id, NULL, NULL, 1, NULL
FROM said_dead
ANTI JOIN death_of USING (subject_id);
