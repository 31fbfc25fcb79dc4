-- All lines in one shape, each with its reason in words.
WITH line AS (
  SELECT 'exit' AS kind, CASE tier WHEN 'X' THEN 'death_in_conflict' WHEN 'T3' THEN 'death_possible' WHEN 'T2' THEN 'death_probable' ELSE 'death_corroborated' END AS reason_code,
    e.tier, e.programme, e.enrolment_id, e.subject_id, e.mention_id, e.household_id, m.area_code, e.deceased_id AS other_mention_id,
    e.event_id, e.probability AS match_probability, e.match_weight_bits, e.margin_bits, e.runner_up_id, e.namesakes,
    e.agreement, e.contradictions, e.tier_reasons, v.lines AS life_evidence, h.effects AS household_effects,
    w.entitlement_ended_on, coalesce(w.currency, r.currency) AS currency, w.paid_after, w.paid_unavoidable,
    w.paid_late_registration, w.paid_late_extract, w.paid_late_action, e.left_values, e.right_values
  FROM exit_line e
  JOIN member m ON m.mention_id = e.mention_id
  LEFT JOIN exit_window w ON w.enrolment_id = e.enrolment_id
  LEFT JOIN programme_rule r ON r.programme = e.programme
  LEFT JOIN household_effect h ON h.subject_id = e.subject_id AND e.tier <> 'T3'
  LEFT JOIN later_life v ON v.enrolment_id = e.enrolment_id
  UNION ALL BY NAME
  SELECT 'duplicate' AS kind, * FROM duplicate_line
  UNION ALL BY NAME
  SELECT 'eligibility' AS kind, * FROM eligibility_line
  UNION ALL BY NAME
  SELECT 'registration' AS kind, * FROM registration_line
  UNION ALL BY NAME
  SELECT 'reinstatement' AS kind, 'death_revoked' AS reason_code, 'X' AS tier, 'revoked' AS supersedes, * FROM reinstatement_line
), event_of AS (
  SELECT event_id, registration_number, occurred_earliest, occurred_latest, registered_on, received_on, status
  FROM event
  SEMI JOIN line USING (event_id)
), keyed AS (
  SELECT l.* REPLACE (coalesce(l.left_values, sha256(CAST(row(l.criteria, l.event_id) AS VARCHAR))) AS left_values),
    left(sha256(concat_ws('|', l.kind, coalesce(l.programme, ''), coalesce(l.enrolment_id, l.mention_id, l.other_mention_id),
    CASE WHEN l.kind = 'duplicate' THEN coalesce(l.other_mention_id, l.other_enrolment_id)
      WHEN l.kind = 'eligibility' AND l.reason_code IN ('household_bound', 'caregiver_deceased') THEN l.mention_id || '|' || l.reason_code
      ELSE coalesce(l.mention_id, l.subject_id) END)), 16) AS case_id
  FROM line l
)
SELECT k.case_id, k.kind, k.tier, coalesce(k.programme, '') AS programme, k.enrolment_id, k.subject_id, k.mention_id, k.household_id,
  k.area_code, k.reason_code, t.reason, t.proposed_action, t.ask, k.other_mention_id, k.other_enrolment_id,
  k.event_id, e.registration_number, e.occurred_earliest AS event_earliest, e.occurred_latest AS event_latest,
  e.registered_on, e.received_on, e.status AS event_status, k.match_probability, k.match_weight_bits, k.margin_bits,
  k.runner_up_id, k.namesakes, k.agreement, k.contradictions, k.tier_reasons, k.life_evidence, k.household_effects,
  k.entitlement_ended_on, k.currency, k.paid_after, k.paid_unavoidable, k.paid_late_registration, k.paid_late_extract, k.paid_late_action,
  k.criteria, k.presumed, k.missing, k.left_values, k.right_values,
  coalesce(k.supersedes, CASE WHEN k.kind = 'exit' AND e.status = 'corrected' AND d.case_id IS NOT NULL THEN 'corrected' END, '') AS supersedes
FROM keyed k
JOIN reason_text t ON t.reason_code = k.reason_code
LEFT JOIN event_of e ON e.event_id = k.event_id
LEFT JOIN decided d ON d.case_id = k.case_id
-- A rejected line stays away while the results that it rested on stay; pairs of
-- records were left out by their values before.
WHERE k.kind NOT IN ('eligibility', 'registration') OR NOT coalesce(list_contains(d.rejected_values, k.left_values), FALSE)
