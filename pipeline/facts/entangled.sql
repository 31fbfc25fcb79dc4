-- Parents who are married to the child, or by whom somebody would be an own forebear.
CREATE OR REPLACE TEMP TABLE entangled AS
WITH wed AS (
  SELECT p.child_id, p.parent_id, list_sort(list_distinct(p.records || q.records)) AS records, list_sort(list_distinct(p.links || q.links)) AS links
  FROM parent p
  JOIN (
    SELECT subject_id AS one_id, partner_id AS other_id, records, links FROM partner WHERE basis <> 'birth'
    UNION ALL
    SELECT partner_id, subject_id, records, links FROM partner WHERE basis <> 'birth'
  ) q ON q.one_id = p.child_id AND q.other_id = p.parent_id
)
SELECT *
FROM (
  SELECT child_id, parent_id, {kin_spouse} AS reason, records, links FROM wed
  UNION ALL
  SELECT child_id, parent_id, {circle}, records, links FROM circle)
QUALIFY row_number() OVER (PARTITION BY child_id, parent_id ORDER BY reason <> {kin_spouse}, records) = 1;

-- Couples of whom one is the parent of the other.
CREATE OR REPLACE TEMP TABLE doubted_partner AS
SELECT q.* REPLACE (e.records AS records, e.links AS links), [e.reason] AS contradictions
FROM partner q
JOIN (
  SELECT child_id AS one_id, parent_id AS other_id, reason, records, links FROM entangled
  UNION ALL
  SELECT parent_id, child_id, reason, records, links FROM entangled
) e ON e.one_id = q.subject_id AND e.other_id = q.partner_id
WHERE q.basis <> 'birth'
QUALIFY row_number() OVER (PARTITION BY q.subject_id, q.partner_id ORDER BY q.probability DESC, q.basis, e.reason, e.records) = 1;

INSERT INTO doubted_parent
SELECT p.* REPLACE (e.records AS records, e.links AS links), [e.reason]
FROM parent p
JOIN entangled e ON e.child_id = p.child_id AND e.parent_id = p.parent_id;

DELETE FROM parent USING entangled e WHERE e.child_id = parent.child_id AND e.parent_id = parent.parent_id;
DELETE FROM partner USING doubted_partner d WHERE d.subject_id = partner.subject_id AND d.partner_id = partner.partner_id AND partner.basis <> 'birth';
