-- The statements themselves; the table Rules says in words what each rests on.
WITH scope AS (
  SELECT person_id AS subject_id FROM member
  UNION ALL
  SELECT child_id FROM parent WHERE NOT child_on_roster
  UNION ALL
  SELECT child_id FROM doubted_parent WHERE NOT child_on_roster
), deceased AS (
  SELECT d.subject_id, 'deceased' AS predicate, '' AS object_id,
    CASE WHEN d.doubted OR d.probability < 0.5 THEN 'UNKNOWN' ELSE 'TRUE' END AS value,
    d.earliest AS from_on, d.latest AS from_latest, CAST(NULL AS DATE) AS to_on,
    [d.mention_id] AS records, list_filter([d.link], lambda x: x IS NOT NULL) AS links, d.probability, d.contradictions
  FROM death_of d
  SEMI JOIN scope ON scope.subject_id = d.subject_id
  UNION ALL
  SELECT s.subject_id, 'deceased', '', 'TRUE', NULL, NULL, NULL, [s.mention_id], [], 1, []
  FROM said_dead s
  ANTI JOIN death_of d ON d.subject_id = s.subject_id
), speaking AS (
  -- An old record of life speaks for today only against a death.
  SELECT l.*
  FROM last_life l
  SEMI JOIN scope ON scope.subject_id = l.subject_id
  WHERE l.day >= getvariable('as_of') - getvariable('life_days')
  UNION ALL
  SELECT l.*
  FROM last_life l
  SEMI JOIN deceased d ON d.subject_id = l.subject_id
  WHERE l.day < getvariable('as_of') - getvariable('life_days')
), said AS (
  -- A solid record comes before a later one that is only probable.
  SELECT l.subject_id,
    coalesce(CASE WHEN d.subject_id IS NULL THEN l.solid_day >= getvariable('as_of') - getvariable('life_days') ELSE l.solid_day > d.from_latest END, FALSE) AS solid,
    CASE WHEN solid THEN l.solid_day ELSE l.day END AS day, CASE WHEN solid THEN l.solid_line ELSE l.line END AS line
  FROM speaking l
  LEFT JOIN deceased d ON d.subject_id = l.subject_id
), linked AS (
  SELECT subject_id, CAST(day AS VARCHAR) || ' ' || how || ' ' || record AS line, probability, link
  FROM life
  WHERE how IN ('gave_birth', 'married')
), spoken AS (
  SELECT s.subject_id, s.day, s.line, coalesce(k.probability, 1) AS probability, list_filter([k.link], lambda x: x IS NOT NULL) AS links
  FROM said s
  LEFT JOIN linked k ON k.subject_id = s.subject_id AND k.line = s.line
), seen AS (
  -- Who gave a solid record of life within the days allowed and is not reported
  -- dead since, not even in doubt: what is FALSE of their families rests on them.
  SELECT l.subject_id, l.solid_day AS day, l.solid_line AS line
  FROM last_life l
  LEFT JOIN death_of d ON d.subject_id = l.subject_id
  WHERE l.solid_day >= getvariable('as_of') - getvariable('life_days') AND (d.subject_id IS NULL OR l.solid_day > d.latest)
    AND NOT EXISTS (SELECT 1 FROM said_dead s WHERE s.subject_id = l.subject_id)
), alive AS (
  SELECT coalesce(d.subject_id, v.subject_id), 'alive', '',
    CASE WHEN d.value = 'TRUE' AND d.probability >= getvariable('solid') THEN 'FALSE'
      WHEN v.day IS NOT NULL AND (d.subject_id IS NULL OR v.day > d.from_latest) AND v.probability >= 0.5 THEN 'TRUE'
      ELSE 'UNKNOWN' END AS state,
    CASE WHEN state = 'FALSE' THEN d.from_on END, CASE WHEN state = 'FALSE' THEN d.from_latest END,
    CASE WHEN state = 'TRUE' THEN v.day END,
    CASE WHEN state = 'TRUE' OR d.subject_id IS NULL THEN [v.line] ELSE d.records END,
    CASE WHEN state = 'TRUE' OR d.subject_id IS NULL THEN v.links ELSE d.links END,
    CASE WHEN state = 'TRUE' OR d.subject_id IS NULL THEN v.probability ELSE d.probability END
  FROM deceased d
  FULL JOIN spoken v ON v.subject_id = d.subject_id
), parent_twice AS (
  -- One who is mother and father of a child, and perhaps others of the same hash.
  SELECT hash(child_id, parent_id) AS pair FROM parent GROUP BY pair HAVING count(*) > 1
), kin AS (
  SELECT parent_id, kind || '_of', child_id, CASE WHEN probability < 0.5 THEN 'UNKNOWN' ELSE 'TRUE' END,
    from_on, from_on, CAST(NULL AS DATE), records, links, probability
  FROM parent
  WHERE parent_on_roster
  UNION ALL
  SELECT child_id, 'child_of', parent_id, CASE WHEN probability < 0.5 THEN 'UNKNOWN' ELSE 'TRUE' END,
    from_on, from_on, NULL, records, links, probability
  FROM parent
  ANTI JOIN parent_twice t ON t.pair = hash(child_id, parent_id)
  UNION ALL
  SELECT child_id, 'child_of', parent_id, CASE WHEN min(probability) < 0.5 THEN 'UNKNOWN' ELSE 'TRUE' END,
    min(from_on), min(from_on), NULL, min(records), min(links), min(probability)
  FROM parent
  SEMI JOIN parent_twice t ON t.pair = hash(child_id, parent_id)
  GROUP BY child_id, parent_id
), doubted_kin AS (
  SELECT parent_id, kind || '_of', child_id, 'UNKNOWN', from_on, from_on, CAST(NULL AS DATE), records, links, probability, contradictions
  FROM doubted_parent
  WHERE parent_on_roster
  UNION ALL
  (SELECT child_id, 'child_of', parent_id, 'UNKNOWN', from_on, from_on, NULL, records, links, probability, contradictions
  FROM doubted_parent d
  ANTI JOIN parent p ON p.child_id = d.child_id AND p.parent_id = d.parent_id
  QUALIFY row_number() OVER (PARTITION BY child_id, parent_id ORDER BY kind) = 1)
), listed AS MATERIALIZED (
  SELECT person_id, household_id, mention_id, recorded_on, coalesce(status IN ('left', 'dead'), FALSE) AS gone,
    hash(person_id, household_id) AS pair
  FROM member
  WHERE household_id IS NOT NULL
), listed_twice AS (
  SELECT pair FROM listed GROUP BY pair HAVING count(*) > 1
), home AS (
  SELECT person_id, household_id, NOT gone AS lives, recorded_on AS day, [mention_id] AS records
  FROM listed
  ANTI JOIN listed_twice USING (pair)
  UNION ALL
  -- Of several records the latest says whether he is there still.
  SELECT person_id, household_id,
    bool_or(NOT gone) AND coalesce(max(recorded_on) FILTER (gone) <= max(recorded_on) FILTER (NOT gone), TRUE) AS there,
    CASE WHEN there THEN min(recorded_on) FILTER (NOT gone) ELSE min(recorded_on) FILTER (gone) END,
    list(mention_id ORDER BY mention_id)
  FROM listed
  SEMI JOIN listed_twice USING (pair)
  GROUP BY person_id, household_id
), household AS (
  SELECT h.person_id, 'household_member', h.household_id, CASE WHEN h.lives THEN 'TRUE' ELSE 'FALSE' END,
    CASE WHEN h.lives THEN h.day END, CASE WHEN h.lives THEN h.day END, CASE WHEN h.lives THEN d.latest ELSE h.day END,
    h.records, CASE WHEN h.lives AND d.link IS NOT NULL THEN [d.link] ELSE CAST([] AS VARCHAR[]) END, 1
  FROM home h
  LEFT JOIN departed d ON d.subject_id = h.person_id
), married_twice AS (
  -- Couples with more than one basis, and perhaps others of the same hash. A marriage
  -- tells the day from which they were one.
  SELECT hash(subject_id, partner_id) AS pair FROM partner WHERE basis <> 'birth' GROUP BY pair HAVING count(*) > 1
), couple AS (
  FROM partner ANTI JOIN married_twice t ON t.pair = hash(subject_id, partner_id)
  WHERE basis <> 'birth'
  UNION ALL
  (FROM partner SEMI JOIN married_twice t ON t.pair = hash(subject_id, partner_id)
  WHERE basis <> 'birth'
  QUALIFY row_number() OVER (PARTITION BY subject_id, partner_id ORDER BY basis <> 'marriage' OR probability < 0.5, probability DESC, basis) = 1)
), parted AS (
  SELECT p.subject_id, p.partner_id, min(q.day) AS day
  FROM couple p
  JOIN parting q ON q.subject_id = p.subject_id AND q.day >= p.from_on
  GROUP BY p.subject_id, p.partner_id
), spouse AS (
  SELECT p.subject_id, 'spouse_of', p.partner_id, CASE WHEN p.probability < 0.5 THEN 'UNKNOWN' ELSE 'TRUE' END,
    p.from_on, p.from_on, least(d.latest, q.day), p.records, p.links, p.probability
  FROM couple p
  LEFT JOIN departed d ON d.subject_id = p.partner_id
  LEFT JOIN parted q ON q.subject_id = p.subject_id AND q.partner_id = p.partner_id
), doubted_spouse AS (
  SELECT subject_id, 'spouse_of', partner_id, 'UNKNOWN', from_on, from_on, CAST(NULL AS DATE), records, links, probability, contradictions
  FROM doubted_partner
), widowed AS (
  SELECT subject_id, 'widowed', partner_id, CASE WHEN probability < 0.5 THEN 'UNKNOWN' ELSE 'TRUE' END AS state,
    earliest, latest, CAST(NULL AS DATE), records, links, probability
  FROM bereaved
), not_widowed AS (
  SELECT p.subject_id, 'widowed', p.partner_id, 'FALSE', CAST(NULL AS DATE), CAST(NULL AS DATE), v.day,
    list_append(p.records, v.line), p.links, p.probability
  FROM partner p
  JOIN seen v ON v.subject_id = p.partner_id
  WHERE p.basis IN ('marriage', 'roster') AND p.probability >= getvariable('solid') AND (p.from_on IS NULL OR v.day >= p.from_on)
    AND NOT EXISTS (SELECT 1 FROM death_of d WHERE d.subject_id = p.partner_id)
    AND NOT EXISTS (SELECT 1 FROM bereaved b WHERE b.subject_id = p.subject_id)
    AND NOT EXISTS (SELECT 1 FROM parting q WHERE q.subject_id = p.subject_id)
  QUALIFY row_number() OVER (PARTITION BY p.subject_id, p.partner_id ORDER BY p.basis) = 1
), ended AS (
  SELECT subject_id, latest AS day, probability, records, links FROM bereaved WHERE probability >= 0.5
  UNION ALL
  SELECT subject_id, day, probability, [record], list_filter([link], lambda x: x IS NOT NULL) FROM parting
), last_end AS (
  -- Of the ends of marriages the last: who was widowed again has not remarried since.
  FROM ended
  QUALIFY row_number() OVER (PARTITION BY subject_id ORDER BY day DESC NULLS LAST, probability DESC, records) = 1
), remarried AS (
  SELECT m.subject_id, 'remarried', '',
    CASE WHEN m.probability * n.probability >= getvariable('solid') THEN 'TRUE' ELSE 'UNKNOWN' END,
    m.earliest, m.latest, CAST(NULL AS DATE), list_append(n.records, m.mention_id),
    CASE WHEN m.link IS NULL THEN n.links ELSE list_append(n.links, m.link) END,
    CAST(m.probability * n.probability AS DECIMAL(9, 6))
  FROM last_end n
  JOIN involved m ON m.subject_id = n.subject_id AND m.event_type = 'marriage' AND m.earliest > n.day
  WHERE m.on_roster
  QUALIFY row_number() OVER (PARTITION BY m.subject_id ORDER BY m.probability DESC, m.earliest, m.mention_id) = 1
), divorced AS (
  SELECT p.subject_id, 'divorced', '', CASE WHEN p.probability < 0.5 THEN 'UNKNOWN' ELSE 'TRUE' END,
    p.day, p.day, CAST(NULL AS DATE), [p.record], list_filter([p.link], lambda x: x IS NOT NULL), p.probability
  FROM parting p
  SEMI JOIN scope ON scope.subject_id = p.subject_id
  QUALIFY row_number() OVER (PARTITION BY p.subject_id ORDER BY p.day DESC, p.record) = 1
), ward AS (
  SELECT p.child_id, p.kind, p.from_on, p.records, p.links, p.probability,
    d.earliest, d.latest, d.probability AS dead, d.mention_id,
    v.line, v.subject_id IS NOT NULL AND p.basis = 'birth' AND p.probability >= getvariable('solid') AND d.subject_id IS NULL AS lives
  FROM parent p
  LEFT JOIN departed d ON d.subject_id = p.parent_id
  LEFT JOIN seen v ON v.subject_id = p.parent_id
  -- Of most parents no record tells.
  WHERE p.from_on > getvariable('as_of') - INTERVAL 18 YEAR AND (lives OR d.subject_id IS NOT NULL)
), loss AS (
  SELECT child_id, coalesce(bool_or(lives), FALSE) AS lives,
    min(line) FILTER (WHERE lives) AS line,
    max(CAST(probability * dead AS DECIMAL(9, 6))) FILTER (WHERE kind = 'mother') AS mother,
    max(CAST(probability * dead AS DECIMAL(9, 6))) FILTER (WHERE kind = 'father') AS father,
    -- Where the day of one death is not known, neither is which was first.
    coalesce(bool_and(latest IS NOT NULL) FILTER (WHERE dead IS NOT NULL), FALSE) AS dated,
    CASE WHEN dated THEN max(earliest) FILTER (WHERE dead IS NOT NULL) END AS last_earliest,
    CASE WHEN dated THEN max(latest) FILTER (WHERE dead IS NOT NULL) END AS last_latest,
    CASE WHEN dated THEN min(earliest) FILTER (WHERE dead IS NOT NULL) END AS first_earliest,
    CASE WHEN dated THEN min(latest) FILTER (WHERE dead IS NOT NULL) END AS first_latest,
    list_sort(list_distinct(flatten(list(list_append(records, mention_id) ORDER BY kind, records) FILTER (WHERE dead IS NOT NULL)))) AS records,
    list_sort(list_distinct(flatten(list(links ORDER BY kind, links) FILTER (WHERE dead IS NOT NULL)))) AS links
  FROM ward
  GROUP BY child_id
), orphan AS (
  SELECT child_id, 'orphan_both', '',
    CASE WHEN mother * father >= 0.5 THEN 'TRUE' WHEN lives THEN 'FALSE' ELSE 'UNKNOWN' END AS state,
    CASE WHEN state = 'TRUE' THEN last_earliest END, CASE WHEN state = 'TRUE' THEN last_latest END, CAST(NULL AS DATE),
    CASE WHEN state = 'FALSE' THEN [line] ELSE records END, links,
    CASE WHEN state = 'FALSE' THEN NULL ELSE CAST(mother * father AS DECIMAL(9, 6)) END
  FROM loss
  WHERE lives OR mother IS NOT NULL OR father IS NOT NULL
  UNION ALL
  SELECT child_id, 'orphan_one', '',
    CASE WHEN greatest(mother, father) >= 0.5 THEN 'TRUE' ELSE 'UNKNOWN' END,
    first_earliest, first_latest, NULL, records, links, greatest(mother, father)
  FROM loss
  WHERE mother IS NOT NULL OR father IS NOT NULL
), cared AS (
  SELECT g.person_id, 'caregiver_of', b.person_id, 'TRUE', min(n.from_on), min(n.from_on),
    CASE WHEN bool_and(n.to_on IS NOT NULL) THEN max(n.to_on) END,
    list(n.enrolment_id ORDER BY n.enrolment_id), CAST([] AS VARCHAR[]), 1
  FROM enrolment n
  JOIN member b ON b.mention_id = n.mention_id
  JOIN member g ON g.mention_id = n.caregiver_mention_id
  WHERE b.person_id <> g.person_id AND n.status IN ('active', 'suspended')
  GROUP BY g.person_id, b.person_id
)
SELECT *, CAST([] AS VARCHAR[]) AS contradictions
FROM (
  FROM alive UNION ALL FROM kin UNION ALL FROM spouse UNION ALL FROM widowed UNION ALL FROM not_widowed
  UNION ALL FROM remarried UNION ALL FROM divorced UNION ALL FROM orphan UNION ALL FROM household UNION ALL FROM cared
) AS told(subject_id, predicate, object_id, value, from_on, from_latest, to_on, records, links, probability)
UNION ALL FROM deceased UNION ALL FROM doubted_kin UNION ALL FROM doubted_spouse
