-- How right a run was. The truth is of the made country: who is who in every
-- record (truth_records), who died and how it was registered (truth_deaths),
-- which records are duplicates, who is entitled.
CREATE TABLE who AS SELECT mention_id, min(person_id) AS person_id FROM truth_records GROUP BY mention_id;

-- Exits: is the deceased of the registration the beneficiary?
CREATE TABLE exits AS
SELECT p.case_id, p.tier, p.enrolment_id, p.mention_id, p.other_mention_id, b.person_id AS beneficiary, d.person_id AS deceased,
	coalesce(b.person_id = d.person_id, false) AS right_person,
	coalesce(t.wrong = 'yes', false) AS register_wrong
FROM proposal p
LEFT JOIN who b ON b.mention_id = p.mention_id
LEFT JOIN who d ON d.mention_id = p.other_mention_id
LEFT JOIN (SELECT person_id, max(wrong) AS wrong FROM truth_deaths GROUP BY person_id) t ON t.person_id = d.person_id
WHERE p.kind = 'exit';

-- Registered deaths, received by the as-of day and not revoked by then, of
-- persons with an active enrolment in the roster.
CREATE TABLE owed AS
SELECT DISTINCT d.person_id, e.enrolment_id, m.mention_id, dm.mention_id AS death_mention
FROM truth_deaths d
JOIN event v ON v.registration_number = d.registration_no AND v.event_type = 'death' AND v.status <> 'revoked'
JOIN mention dm ON dm.event_id = v.event_id AND dm.role = 'deceased'
JOIN who r ON r.person_id = d.person_id
JOIN mention m ON m.mention_id = r.mention_id AND m.side = 'sp'
JOIN enrolment e ON e.mention_id = m.mention_id AND e.status = 'active'
WHERE coalesce(d.wrong, '') <> 'yes' AND d.died_on <= $as_of;

CREATE TABLE owed_with_identifier AS
SELECT DISTINCT o.enrolment_id FROM owed o
JOIN identifier a ON a.mention_id = o.mention_id AND a.well_formed
JOIN identifier b ON b.mention_id = o.death_mention AND b.well_formed
WHERE a.identifier_type = b.identifier_type AND a.value = b.value;

-- Duplicates of the roster: one person under two records.
CREATE TABLE duplicate_lines AS
SELECT p.case_id, coalesce(a.person_id = b.person_id, false) AS is_one, least(p.mention_id, p.other_mention_id) AS first_id, greatest(p.mention_id, p.other_mention_id) AS second_id
FROM proposal p LEFT JOIN who a ON a.mention_id = p.mention_id LEFT JOIN who b ON b.mention_id = p.other_mention_id
WHERE p.kind = 'duplicate' AND coalesce(p.programme, '') <> '' AND a.person_id IS NOT NULL;

-- Those that the roster of the month really holds, both enrolled and active.
CREATE TABLE duplicate_truth AS
SELECT t.mention_id, t.duplicate_of FROM truth_duplicates t
WHERE t.kind = 'roster'
	AND EXISTS (FROM enrolment e WHERE e.mention_id = t.mention_id AND e.status = 'active')
	AND EXISTS (FROM enrolment e WHERE e.mention_id = t.duplicate_of AND e.status = 'active');

-- Evaluations against entitlement in the month.
CREATE TABLE judged AS
SELECT e.subject_id, e.programme, e.outcome, coalesce(t.entitled = 'yes', false) AS entitled
FROM evaluation e
LEFT JOIN who w ON w.mention_id = e.subject_id
LEFT JOIN (SELECT person_id, programme, max(entitled) AS entitled FROM truth_entitlements WHERE month = $month GROUP BY person_id, programme) t
	ON t.person_id = w.person_id AND t.programme = e.programme;

-- figures
SELECT
	(SELECT count(*) FROM exits WHERE tier = 'T1' AND right_person), (SELECT count(*) FROM exits WHERE tier = 'T1'),
	(SELECT count(*) FROM exits WHERE tier = 'T2' AND right_person), (SELECT count(*) FROM exits WHERE tier = 'T2'),
	(SELECT count(*) FROM exits WHERE tier = 'T3' AND right_person), (SELECT count(*) FROM exits WHERE tier = 'T3'),
	(SELECT count(*) FROM exits WHERE right_person AND register_wrong),
	(SELECT count(*) FROM owed_with_identifier WHERE enrolment_id IN (SELECT enrolment_id FROM exits WHERE tier = 'T1' AND right_person)),
	(SELECT count(*) FROM owed_with_identifier),
	(SELECT count(DISTINCT enrolment_id) FROM owed WHERE enrolment_id IN (SELECT enrolment_id FROM exits WHERE right_person)),
	(SELECT count(DISTINCT enrolment_id) FROM owed),
	(SELECT count(*) FROM duplicate_lines WHERE is_one), (SELECT count(*) FROM duplicate_lines),
	(SELECT count(*) FROM duplicate_truth t WHERE EXISTS (FROM duplicate_lines l
		WHERE l.first_id = least(t.mention_id, t.duplicate_of) AND l.second_id = greatest(t.mention_id, t.duplicate_of))),
	(SELECT count(*) FROM duplicate_truth),
	(SELECT count(DISTINCT subject_id) FROM judged WHERE outcome = 'not_eligible' AND entitled), (SELECT count(DISTINCT subject_id) FROM judged),
	(SELECT count(DISTINCT subject_id) FROM judged WHERE outcome = 'eligible' AND NOT entitled), (SELECT count(DISTINCT subject_id) FROM judged),
	(SELECT count(*) FROM judged WHERE outcome = 'unknown')
