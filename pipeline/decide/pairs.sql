-- The pairs of records that lines rest on, before they are compared.

-- How well two records of the roster fit each other, in either order.
CREATE OR REPLACE TEMP TABLE fit AS
SELECT left_id AS one_id, right_id AS other_id, match_weight_bits AS bits FROM link WHERE kind = 'roster'
UNION ALL
SELECT right_id, left_id, match_weight_bits FROM link WHERE kind = 'roster';

-- Records of the roster that look like one person and bear two identity numbers
-- that are sure: two persons, or one with two numbers. The linkage keeps them
-- apart; they are shown in conflict. Of two records the one after the other:
-- enrolled before not, the earlier interview, the least id.
CREATE OR REPLACE TEMP TABLE roster_apart AS
WITH alike AS (
  SELECT left_id AS one_id, right_id AS other_id, match_probability FROM link
  WHERE kind = 'roster' AND apart = 'number' AND match_probability >= getvariable('t2')
), either AS (
  SELECT one_id, other_id, match_probability FROM alike
  UNION ALL
  SELECT other_id, one_id, match_probability FROM alike
), enrolled AS (
  SELECT DISTINCT mention_id FROM active
)
SELECT b.person_id, b.mention_id, b.household_id, b.recorded_on, a.mention_id AS kept_id,
  row(x.mention_id IS NULL, coalesce(a.recorded_on, DATE '9999-12-31'), a.mention_id)
    < row(y.mention_id IS NULL, coalesce(b.recorded_on, DATE '9999-12-31'), b.mention_id) AS in_order, e.match_probability
FROM either e
JOIN member a ON a.mention_id = e.one_id
JOIN member b ON b.mention_id = e.other_id
LEFT JOIN enrolled x ON x.mention_id = a.mention_id
LEFT JOIN enrolled y ON y.mention_id = b.mention_id;

-- A roster person's further records, each with the one before it that it fits
-- best: enrolled before not, the earlier interview, the least id. The first would
-- be kept.
CREATE OR REPLACE TEMP TABLE roster_pair AS
WITH record AS (
  SELECT m.person_id, m.mention_id, m.household_id, m.recorded_on,
    row_number() OVER (PARTITION BY m.person_id ORDER BY a.mention_id IS NULL, m.recorded_on NULLS LAST, m.mention_id) AS place
  FROM member m
  SEMI JOIN (SELECT person_id FROM member GROUP BY person_id HAVING count(*) > 1) s ON s.person_id = m.person_id
  LEFT JOIN (SELECT DISTINCT mention_id FROM active) a ON a.mention_id = m.mention_id
)
SELECT b.person_id, b.mention_id, b.household_id, b.recorded_on, a.mention_id AS kept_id
FROM record b
JOIN record a ON a.person_id = b.person_id AND a.place < b.place
LEFT JOIN fit f ON f.one_id = b.mention_id AND f.other_id = a.mention_id
QUALIFY row_number() OVER (PARTITION BY b.mention_id ORDER BY f.bits DESC NULLS LAST, a.place) = 1;

-- Of a record that is another's beyond doubt no conflict is shown besides.
INSERT INTO roster_pair BY NAME
SELECT r.person_id, r.mention_id, r.household_id, r.recorded_on, r.kept_id
FROM roster_apart r
ANTI JOIN roster_pair p ON p.mention_id = r.mention_id
WHERE r.in_order
QUALIFY row_number() OVER (PARTITION BY r.mention_id ORDER BY r.match_probability DESC, r.kept_id) = 1;

-- Two registrations of one birth or one death. They are never one person in
-- silence: a pair that looks like one is kept apart by the linkage, and shown here,
-- each later one with the earlier one that it fits best.
CREATE OR REPLACE TEMP TABLE register_pair AS
WITH registered AS (
  SELECT DISTINCT register_id, role, mention_id, event_id, registered_on FROM involved
  WHERE (role = 'child' AND event_type = 'birth') OR (role = 'deceased' AND event_type = 'death')
), alike AS (
  SELECT left_id AS one, right_id AS other, match_probability FROM link WHERE kind = 'register' AND match_probability >= getvariable('t2')
  UNION ALL
  SELECT right_id, left_id, match_probability FROM link WHERE kind = 'register' AND match_probability >= getvariable('t2')
  UNION ALL
  SELECT b.mention_id, a.mention_id, 1 FROM registered a JOIN registered b ON b.register_id = a.register_id AND b.role = a.role
)
SELECT b.register_id, b.role, b.mention_id, b.event_id, a.mention_id AS kept_id, a.event_id AS kept_event_id
FROM alike l
JOIN registered b ON b.mention_id = l.one
JOIN registered a ON a.mention_id = l.other AND a.role = b.role AND a.event_id <> b.event_id
WHERE coalesce(a.registered_on, DATE '9999-12-31') < coalesce(b.registered_on, DATE '9999-12-31')
  OR (a.registered_on IS NOT DISTINCT FROM b.registered_on AND a.event_id < b.event_id)
QUALIFY row_number() OVER (PARTITION BY b.mention_id, b.role ORDER BY l.match_probability DESC, a.registered_on NULLS LAST, a.event_id) = 1;

-- Enrolments of one person, or of two who look like one, in one programme, or in programmes that exclude each
-- other, each with the earlier one whose record it fits best. The earliest would
-- be kept.
CREATE OR REPLACE TEMP TABLE enrolled_twice AS
WITH beside AS (
  SELECT b.enrolment_id, a.enrolment_id AS kept_enrolment_id
  FROM active b
  JOIN active a ON a.person_id = b.person_id AND a.enrolment_id <> b.enrolment_id
  UNION
  SELECT b.enrolment_id, a.enrolment_id
  FROM roster_apart r
  JOIN active b ON b.mention_id = r.mention_id
  JOIN active a ON a.mention_id = r.kept_id
), pair AS (
  SELECT b.person_id, b.enrolment_id, b.programme, b.mention_id, a.enrolment_id AS kept_enrolment_id, a.mention_id AS kept_id,
    a.programme = b.programme AS same, a.from_on AS kept_from, a.programme AS kept_programme
  FROM beside t
  JOIN active b ON b.enrolment_id = t.enrolment_id
  JOIN active a ON a.enrolment_id = t.kept_enrolment_id
  WHERE coalesce(a.from_on, DATE '9999-12-31') < coalesce(b.from_on, DATE '9999-12-31')
    OR (a.from_on IS NOT DISTINCT FROM b.from_on AND a.enrolment_id < b.enrolment_id)
)
SELECT p.*, CASE WHEN p.same THEN 'enrolled_twice' ELSE 'excluding_programmes' END AS reason_code
FROM pair p
LEFT JOIN fit f ON f.one_id = p.mention_id AND f.other_id = p.kept_id
WHERE p.same OR EXISTS (SELECT 1 FROM programme_exclusion x WHERE x.programme = p.programme AND x.other = p.kept_programme)
QUALIFY row_number() OVER (PARTITION BY p.enrolment_id
  ORDER BY p.same DESC, p.kept_id = p.mention_id DESC, f.bits DESC NULLS LAST, p.kept_from NULLS LAST, p.kept_enrolment_id) = 1;

CREATE OR REPLACE TEMP TABLE to_compare AS
SELECT m.deceased_id AS left_id, m.mention_id AS right_id
FROM death_match m
SEMI JOIN active a ON a.mention_id = m.mention_id
UNION
SELECT kept_id, mention_id FROM roster_pair
UNION
SELECT kept_id, mention_id FROM register_pair
UNION
SELECT kept_id, mention_id FROM enrolled_twice WHERE kept_id <> mention_id
UNION
-- A revoked registration, for enrolments that it may have ended.
SELECT d.mention_id, n.mention_id
FROM death d
JOIN tie t ON t.register_id = d.register_id
JOIN member m ON m.person_id = t.roster_id
JOIN enrolment n ON n.mention_id = m.mention_id
WHERE d.status = 'revoked' AND n.status IN ('closed', 'suspended');
