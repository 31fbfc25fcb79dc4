CREATE OR REPLACE TEMP TABLE parting AS
SELECT subject_id, min(latest) AS day, min(mention_id) AS record, max(probability) AS probability, min(link) AS link
FROM involved
WHERE event_type = 'divorce'
GROUP BY subject_id, event_id;

-- Partners who died while the two were not known to be divorced.
CREATE OR REPLACE TEMP TABLE bereaved AS
SELECT p.subject_id, p.partner_id, d.earliest, d.latest,
  CAST(p.probability * d.probability AS DECIMAL(9, 6)) AS probability,
  CASE WHEN list_contains(p.records, d.mention_id) THEN p.records ELSE list_append(p.records, d.mention_id) END AS records,
  CASE WHEN d.link IS NULL THEN p.links ELSE list_append(p.links, d.link) END AS links
FROM partner p
JOIN departed d ON d.subject_id = p.partner_id
-- A death without a day comes after the marriage, and after a divorce.
WHERE (p.from_on IS NULL OR p.basis = 'roster' OR d.latest IS NULL OR p.from_on <= d.latest)
  -- Whom the registration of the death names as the spouse was that at the death:
  -- a divorce before it was from another.
  AND NOT EXISTS (SELECT 1 FROM parting q
    WHERE p.basis <> 'death_record' AND q.subject_id = p.subject_id AND (d.latest IS NULL OR q.day <= d.latest) AND (p.from_on IS NULL OR q.day >= p.from_on))
QUALIFY row_number() OVER (PARTITION BY p.subject_id, p.partner_id ORDER BY p.probability DESC, p.basis) = 1;
