-- The families of the register as a run found them, and as they are: by the true person
-- of each mention and the true parents of each child. Where nothing is known of a person
-- the run is believed.

CREATE TEMP TABLE actor AS
SELECT m.event_id, m.household_id, m.role, m.mention_id, c.person_id, coalesce(k.who, c.person_id) AS who, k.who IS NOT NULL AS is_known
FROM mention m JOIN cluster c USING (mention_id) LEFT JOIN known k USING (mention_id);

-- Who has which parents: as the truth says where it tells of parents, and otherwise as
-- the record that names them.
CREATE TEMP TABLE born AS
WITH named AS (
  SELECT c.event_id, c.mention_id, c.role, c.person_id, c.who,
    min(p.who) FILTER (p.role = 'mother') AS mother, min(p.who) FILTER (p.role = 'father') AS father,
    bool_or(p.is_known) FILTER (p.role = 'mother') AS mother_known, bool_or(p.is_known) FILTER (p.role = 'father') AS father_known
  FROM actor c JOIN actor p ON p.event_id = c.event_id AND p.role IN ('mother', 'father')
  WHERE c.role IN ('child', 'deceased')
  GROUP BY ALL
)
SELECT n.* REPLACE (
  CASE WHEN p.who IS NULL THEN n.mother ELSE p.mother_id END AS mother, CASE WHEN p.who IS NULL THEN n.father ELSE p.father_id END AS father,
  CASE WHEN p.who IS NULL THEN n.mother_known ELSE p.mother_id IS NOT NULL END AS mother_known, CASE WHEN p.who IS NULL THEN n.father_known ELSE p.father_id IS NOT NULL END AS father_known)
FROM named n LEFT JOIN true_parents p ON p.who = n.who;

-- Children of births with the parents that the run gave them.
CREATE TEMP TABLE child AS
SELECT b.*, m.person_id AS found_mother, f.person_id AS found_father
FROM born b
LEFT JOIN family c ON c.person_id = b.person_id AND c.role = 'child'
LEFT JOIN family m ON m.family_id = c.family_id AND m.role = 'mother'
LEFT JOIN family f ON f.family_id = c.family_id AND f.role = 'father'
WHERE b.role = 'child';

-- Which family each event tells of: the one that the run made, and the true one.
CREATE TEMP TABLE telling AS
WITH couple AS (
  SELECT a.event_id, a.person_id, b.person_id AS other_id, a.who AS mother, b.who AS father
  FROM actor a JOIN actor b ON b.event_id = a.event_id
  ANTI JOIN born ON born.event_id = a.event_id
  WHERE a.role = 'bride' AND b.role = 'groom' OR a.role = 'deceased' AND b.role = 'spouse'
), every AS (
  SELECT event_id, f.family_id AS found, who AS child, mother, father FROM born b LEFT JOIN family f ON f.person_id = b.person_id AND f.role = 'child'
  UNION ALL
  SELECT event_id, p.family_id, NULL, mother, father FROM couple c
  LEFT JOIN (SELECT family_id, a.person_id, b.person_id AS other_id FROM family a JOIN family b USING (family_id) WHERE a.role <> 'child' AND b.role <> 'child') p
    ON p.person_id = c.person_id AND p.other_id = c.other_id
)
SELECT *, least(mother, father) || '+' || greatest(mother, father) AS family FROM every;

-- A found family is the true one of which most of its events tell.
CREATE TEMP TABLE same_family AS
SELECT found, coalesce(family, found) AS family FROM (SELECT found, family, count(*) AS events FROM telling WHERE found IS NOT NULL GROUP BY ALL)
QUALIFY row_number() OVER (PARTITION BY found ORDER BY family IS NULL, events DESC, family) = 1;

-- The true persons of true families and of households, and which share two, or the only
-- one of either.
CREATE TEMP TABLE true_link AS
WITH kin AS (
  SELECT family, unnest([child, mother, father]) AS who FROM telling WHERE family IS NOT NULL
), named AS (
  SELECT DISTINCT k.family, k.who FROM kin k SEMI JOIN actor a ON a.who = k.who AND a.event_id IS NOT NULL
), member AS (
  SELECT DISTINCT household_id, who FROM actor WHERE household_id IS NOT NULL
), sized AS (
  SELECT household_id, count(*) AS members FROM member GROUP BY household_id HAVING count(*) <= $most_members
)
SELECT family, household_id FROM named JOIN member USING (who) JOIN sized USING (household_id)
GROUP BY family, household_id, members HAVING count(*) >= least(2, members);
