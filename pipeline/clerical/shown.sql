-- What a judge is shown of each record or person that was drawn: reads drawn_pair.

-- The mentions of each record (itself) or person (all of his).
CREATE OR REPLACE TEMP TABLE drawn_record AS
WITH drawn AS (
  SELECT DISTINCT kind = 'across' AS person, unnest([left_id, right_id]) AS id FROM drawn_pair
), mentions AS (
  SELECT d.person, d.id, c.mention_id FROM drawn d JOIN cluster c ON c.person_id = d.id WHERE d.person
  UNION ALL
  SELECT person, id, id FROM drawn WHERE NOT person
)
SELECT d.person, d.id, m.mention_id, m.event_id, m.household_id, coalesce(m.relationship_to_head, m.role) AS role, e.occurred_written, e.event_type
FROM mentions d
JOIN mention m ON m.mention_id = d.mention_id
LEFT JOIN event e ON e.event_id = m.event_id;

CREATE OR REPLACE TEMP TABLE shown_record AS
WITH described AS (
  SELECT TRUE AS person, person_id AS id, full_name, native_name, sex, birth_written, mother_name, father_name, spouse_name, area_code, address, phone
  FROM person SEMI JOIN (SELECT id FROM drawn_record WHERE person) d ON d.id = person_id
  UNION ALL
  SELECT FALSE, mention_id, full_name, native_name, sex, birth_written, mother_name, father_name, spouse_name, area_code, address, phone
  FROM mention SEMI JOIN (SELECT id FROM drawn_record WHERE NOT person) d ON d.id = mention_id
), numbers AS (
  SELECT person, id, string_agg(identifier_type || ' ' || written, '; ' ORDER BY identifier_type, written) AS identifiers
  FROM (SELECT DISTINCT d.person, d.id, i.identifier_type, i.written FROM drawn_record d JOIN identifier i USING (mention_id) WHERE i.written IS NOT NULL)
  GROUP BY person, id
), beside AS (
  SELECT d.person, d.id, o.mention_id, coalesce(o.relationship_to_head, o.role) AS role, o.full_name FROM drawn_record d JOIN mention o ON o.event_id = d.event_id
  UNION ALL
  SELECT d.person, d.id, o.mention_id, coalesce(o.relationship_to_head, o.role), o.full_name FROM drawn_record d JOIN mention o ON o.household_id = d.household_id
), others AS (
  SELECT DISTINCT person, id, role, full_name
  FROM beside
  ANTI JOIN drawn_record USING (person, id, mention_id)
  WHERE full_name IS NOT NULL
), together AS ( -- at most twelve: a household can be an institution
  SELECT person, id, string_agg(role || ' ' || full_name, '; ' ORDER BY role, full_name) AS others
  FROM (SELECT *, row_number() OVER (PARTITION BY person, id ORDER BY role, full_name) AS place FROM others)
  WHERE place <= 12
  GROUP BY person, id
), records AS (
  SELECT person, id,
    string_agg(role || ' in ' || coalesce(event_id, household_id, mention_id) || coalesce(' (' || event_type || ' ' || occurred_written || ')', ''), '; ' ORDER BY mention_id) AS records
  FROM (SELECT *, row_number() OVER (PARTITION BY person, id ORDER BY mention_id) AS place FROM drawn_record)
  WHERE place <= 12
  GROUP BY person, id
)
SELECT d.person, d.id, list_transform([d.full_name, d.native_name, d.sex, d.birth_written, n.identifiers, d.mother_name, d.father_name, d.spouse_name,
  d.area_code, d.address, d.phone, t.others, r.records], lambda v: coalesce(v, '')) AS shown
FROM described d
LEFT JOIN numbers n ON n.person = d.person AND n.id = d.id
LEFT JOIN together t ON t.person = d.person AND t.id = d.id
LEFT JOIN records r ON r.person = d.person AND r.id = d.id;
