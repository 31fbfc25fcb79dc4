-- Parents and partners. A person here is a roster person where one was found,
-- a register person otherwise: a husband who died long ago is in no roster.
-- Of several rows of one pair the best stays. Only rows whose pair's hash occurs
-- more than once are ranked, and their lists are made after that: most pairs are
-- alone, and to sort wide rows costs more than all the rest.

-- Whom one record names as the parent of whom.
CREATE OR REPLACE TEMP TABLE named_parent AS
WITH born AS (
  SELECT c.subject_id AS child_id, p.subject_id AS parent_id, p.role AS kind,
    CAST(c.probability * p.probability AS DECIMAL(9, 6)) AS probability,
    c.earliest AS from_on, c.mention_id AS record, p.mention_id AS other_record,
    c.link, p.link AS other_link, 'birth' AS basis, c.on_roster AS child_on_roster, p.on_roster AS parent_on_roster
  FROM involved c
  JOIN involved p ON p.event_id = c.event_id AND p.role IN ('mother', 'father')
  WHERE c.role = 'child'
), listed AS (
  SELECT c.person_id, h.person_id, CASE h.sex WHEN 'female' THEN 'mother' WHEN 'male' THEN 'father' END,
    CAST(1 AS DECIMAL(9, 6)), c.birth_earliest, c.mention_id, h.mention_id, NULL, NULL, 'roster', TRUE, TRUE
  FROM member c
  JOIN member h ON h.household_id = c.household_id AND h.relationship_to_head = 'head'
  WHERE c.relationship_to_head = 'child' AND h.sex IN ('female', 'male') AND h.person_id <> c.person_id
)
SELECT *
FROM (FROM born UNION ALL FROM listed)
WHERE child_id <> parent_id AND (child_on_roster OR parent_on_roster);

-- Records by which somebody cannot be the parent: by what the record itself says of both,
-- by any roster record of the parent, or by the parent's death.
CREATE OR REPLACE TEMP TABLE contradicted AS
WITH a AS (
  SELECT n.record, n.other_record, n.kind, n.parent_id, m.full_norm, coalesce(i.earliest, m.birth_earliest) AS born_from, coalesce(i.latest, m.birth_latest) AS born_to
  FROM named_parent n
  JOIN mention m ON m.mention_id = n.record
  LEFT JOIN involved i ON i.mention_id = n.record
), own AS (
  SELECT mention_id, sex, full_norm, birth_earliest AS born_from, birth_latest AS born_to FROM mention
), listed AS (
  SELECT mention_id, person_id, sex, full_norm, birth_earliest AS born_from, birth_latest AS born_to FROM member
), told AS (
  SELECT a.record, a.other_record, {contradiction} AS reason, b.mention_id AS further, CAST(NULL AS VARCHAR) AS link
  FROM a
  JOIN own b ON b.mention_id = a.other_record
  UNION ALL
  SELECT a.record, a.other_record, {contradiction}, b.mention_id, NULL
  FROM a
  JOIN listed b ON b.person_id = a.parent_id
  UNION ALL
  SELECT a.record, a.other_record, {death}, d.mention_id, d.link
  FROM a
  JOIN departed d ON d.subject_id = a.parent_id AND d.probability >= 0.5
)
SELECT record, other_record, list(DISTINCT reason ORDER BY reason) AS contradictions,
  list(DISTINCT further ORDER BY further) AS records, coalesce(list(DISTINCT link ORDER BY link) FILTER (WHERE link IS NOT NULL), []) AS links
FROM told
WHERE reason IS NOT NULL
GROUP BY record, other_record;

CREATE OR REPLACE TEMP TABLE parent AS
WITH every AS MATERIALIZED (
  SELECT *, hash(child_id, parent_id, kind) AS pair
  FROM named_parent
  ANTI JOIN contradicted USING (record, other_record)
), shared AS (
  SELECT pair FROM every GROUP BY pair HAVING count(*) > 1
), best AS (
  FROM every ANTI JOIN shared USING (pair)
  UNION ALL
  (FROM every SEMI JOIN shared USING (pair)
  QUALIFY row_number() OVER (PARTITION BY child_id, parent_id, kind ORDER BY basis, probability DESC, record, other_record) = 1)
)
SELECT child_id, parent_id, kind, probability, from_on, [record, other_record] AS records,
  list_filter([link, other_link], lambda x: x IS NOT NULL) AS links, basis, child_on_roster, parent_on_roster
FROM best;

-- Parents of whom no record tells without contradiction.
CREATE OR REPLACE TEMP TABLE doubted_parent AS
SELECT n.child_id, n.parent_id, n.kind, n.probability, n.from_on, list_sort(list_distinct([n.record, n.other_record] || c.records)) AS records,
  list_sort(list_distinct(list_filter([n.link, n.other_link], lambda x: x IS NOT NULL) || c.links)) AS links, n.basis, n.child_on_roster, n.parent_on_roster, c.contradictions
FROM named_parent n
JOIN contradicted c USING (record, other_record)
ANTI JOIN parent p ON p.child_id = n.child_id AND p.parent_id = n.parent_id AND p.kind = n.kind
QUALIFY row_number() OVER (PARTITION BY n.child_id, n.parent_id, n.kind ORDER BY n.basis, n.probability DESC, n.record, n.other_record) = 1;

-- Each couple once in each direction and once a basis.
CREATE OR REPLACE TEMP TABLE partner AS
WITH wed AS (
  SELECT a.subject_id, b.subject_id AS partner_id, 'marriage' AS basis, a.latest AS from_on,
    CAST(a.probability * b.probability AS DECIMAL(9, 6)) AS probability,
    a.mention_id AS record, b.mention_id AS other_record, a.link, b.link AS other_link, a.on_roster
  FROM involved a
  JOIN involved b ON b.event_id = a.event_id AND b.role <> a.role
  WHERE a.event_type = 'marriage'
), parents AS (
  SELECT a.subject_id, b.subject_id, 'birth', a.earliest,
    CAST(a.probability * b.probability AS DECIMAL(9, 6)),
    a.mention_id, b.mention_id, a.link, b.link, a.on_roster
  FROM involved a
  JOIN involved b ON b.event_id = a.event_id AND b.role IN ('mother', 'father') AND b.role <> a.role
  WHERE a.event_type = 'birth' AND a.role IN ('mother', 'father')
    AND a.mention_id NOT IN (SELECT other_record FROM contradicted) AND b.mention_id NOT IN (SELECT other_record FROM contradicted)
), listed AS (
  SELECT a.person_id, b.person_id, 'roster', greatest(a.recorded_on, b.recorded_on),
    CAST(1 AS DECIMAL(9, 6)), a.mention_id, b.mention_id, NULL, NULL, TRUE
  FROM member a
  JOIN member b ON b.household_id = a.household_id
  WHERE (a.relationship_to_head = 'head' AND b.relationship_to_head = 'spouse')
    OR (a.relationship_to_head = 'spouse' AND b.relationship_to_head = 'head')
), named_by_death AS (
  SELECT s.subject_id, d.subject_id, 'death_record', CAST(NULL AS DATE),
    CAST(s.probability * d.probability AS DECIMAL(9, 6)),
    s.mention_id, d.mention_id, s.link, d.link, s.on_roster
  FROM involved s
  JOIN involved d ON d.event_id = s.event_id AND d.role = 'deceased'
  WHERE s.role = 'spouse'
), dead AS MATERIALIZED (
  SELECT i.subject_id, i.mention_id, m.full_norm, m.spouse_norm, m.area_code, m.sex,
    name_spelling(m.full_norm) AS own, name_spelling(m.spouse_norm) AS other
  FROM involved i
  JOIN mention m ON m.mention_id = i.mention_id
  WHERE i.role = 'deceased' AND m.spouse_norm IS NOT NULL
), listed_spouse AS MATERIALIZED (
  SELECT r.person_id, r.mention_id, r.full_norm, r.spouse_norm, r.area_code, r.sex,
    name_spelling(r.full_norm) AS own, name_spelling(r.spouse_norm) AS other
  FROM member r
  SEMI JOIN dead d ON d.area_code = r.area_code
  WHERE r.spouse_norm IS NOT NULL
), couple AS (
  SELECT r.person_id, r.mention_id AS listed_id, d.subject_id, d.mention_id AS deceased_id
  FROM dead d
  JOIN listed_spouse r ON r.area_code = d.area_code AND r.own = d.other AND r.sex IS DISTINCT FROM d.sex
  WHERE name_agreement(r.spouse_norm, d.full_norm) <> 'differs'
  UNION
  SELECT r.person_id, r.mention_id, d.subject_id, d.mention_id
  FROM dead d
  JOIN listed_spouse r ON r.area_code = d.area_code AND r.other = d.own AND r.sex IS DISTINCT FROM d.sex
  WHERE name_agreement(r.full_norm, d.spouse_norm) <> 'differs'
), named_by_both AS (
  -- Each names the other, in one village, and no other couple there bears both names.
  SELECT person_id, subject_id, 'names', CAST(NULL AS DATE), CAST(0.9 AS DECIMAL(9, 6)),
    listed_id, deceased_id, NULL, NULL, TRUE
  FROM couple
  QUALIFY count(DISTINCT subject_id) OVER (PARTITION BY person_id) = 1 AND count(DISTINCT person_id) OVER (PARTITION BY subject_id) = 1
), every AS MATERIALIZED (
  SELECT *, hash(subject_id, partner_id, basis) AS pair
  FROM (FROM wed UNION ALL FROM parents UNION ALL FROM listed UNION ALL FROM named_by_death UNION ALL FROM named_by_both)
  WHERE on_roster AND subject_id <> partner_id
), shared AS (
  SELECT pair FROM every GROUP BY pair HAVING count(*) > 1
), best AS (
  FROM every ANTI JOIN shared USING (pair)
  UNION ALL
  (FROM every SEMI JOIN shared USING (pair)
  QUALIFY row_number() OVER (PARTITION BY subject_id, partner_id, basis
    ORDER BY from_on, probability DESC, least(record, other_record), greatest(record, other_record)) = 1)
)
SELECT subject_id, partner_id, basis, from_on, probability, [least(record, other_record), greatest(record, other_record)] AS records,
  list_filter([link, other_link], lambda x: x IS NOT NULL) AS links, on_roster
FROM best;
