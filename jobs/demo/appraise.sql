-- How right a run was. The truth is of the made country: who is who in every
-- record (truth_records), who died and how it was registered (truth_deaths),
-- which records are duplicates, who is entitled.
CREATE VIEW truth_records AS FROM read_csv('$truth/records.csv', header = true, all_varchar = true);
CREATE VIEW truth_deaths AS FROM read_csv('$truth/deaths.csv', header = true, all_varchar = true);
CREATE VIEW truth_duplicates AS FROM read_csv('$truth/duplicates.csv', header = true, all_varchar = true);
CREATE VIEW truth_entitlements AS FROM read_csv('$truth/entitlements.csv', header = true, all_varchar = true);
CREATE VIEW truth_persons AS FROM read_csv('$truth/persons.csv', header = true, all_varchar = true);
CREATE TABLE who AS SELECT mention_id, min(person_id) AS person_id FROM truth_records GROUP BY mention_id;

-- The living whom the register says are dead.
CREATE TABLE wrongly_dead AS SELECT DISTINCT person_id FROM truth_deaths WHERE wrong = 'yes';

-- Exits: is the deceased of the registration the beneficiary?
CREATE TABLE exits AS
SELECT p.case_id, p.tier, p.enrolment_id, p.mention_id, p.event_id, p.registration_number, p.contradictions,
	coalesce(b.person_id = d.person_id, false) AS right_person, w.person_id IS NOT NULL AS register_wrong
FROM proposal p
LEFT JOIN who b ON b.mention_id = p.mention_id
LEFT JOIN who d ON d.mention_id = p.other_mention_id
LEFT JOIN wrongly_dead w ON w.person_id = d.person_id
WHERE p.kind = 'exit';

-- Registered deaths, received by the as-of day and not revoked by then, of
-- persons with an active enrolment in the roster.
CREATE TABLE owed AS
SELECT DISTINCT d.person_id, e.enrolment_id, m.mention_id, dm.mention_id AS death_mention,
	'default' IN (coalesce(m.birth_precision, ''), coalesce(dm.birth_precision, '')) AS placeholder
FROM truth_deaths d
JOIN event v ON v.registration_number = d.registration_no AND v.event_type = 'death' AND v.status <> 'revoked'
JOIN mention dm ON dm.event_id = v.event_id AND dm.role = 'deceased'
JOIN who r ON r.person_id = d.person_id
JOIN mention m ON m.mention_id = r.mention_id AND m.side = 'sp'
JOIN enrolment e ON e.mention_id = m.mention_id AND e.status = 'active'
WHERE coalesce(d.wrong, '') <> 'yes' AND d.died_on <= $as_of;

-- Those with one valid identifier on both records; lone: no other person of the
-- roster bears it.
CREATE TABLE with_identifier AS
SELECT o.enrolment_id, bool_or(coalesce(a.verified, false)) AS verified, bool_or(n.persons = 1) AS lone, bool_and(o.placeholder) AS placeholder
FROM owed o
JOIN identifier a ON a.mention_id = o.mention_id AND a.well_formed
JOIN identifier b ON b.mention_id = o.death_mention AND b.well_formed AND b.identifier_type = a.identifier_type AND b.value = a.value
JOIN (SELECT i.identifier_type, i.value, count(DISTINCT w.person_id) AS persons
	FROM identifier i JOIN mention m ON m.mention_id = i.mention_id AND m.side = 'sp' JOIN who w ON w.mention_id = i.mention_id
	GROUP BY i.identifier_type, i.value) n ON n.identifier_type = a.identifier_type AND n.value = a.value
GROUP BY o.enrolment_id;
CREATE TABLE owed_with_identifier AS
SELECT o.*, coalesce(t.found, false) AS found,
	-- What tier T1 can hold by its definition.
	o.lone AND NOT o.placeholder AND NOT coalesce(t.contradicted, false) AS admitted
FROM with_identifier o
LEFT JOIN (SELECT enrolment_id, bool_or(tier = 'T1') AS found, bool_or(tier = 'X') AS contradicted FROM exits WHERE right_person GROUP BY enrolment_id) t
	ON t.enrolment_id = o.enrolment_id;

-- Duplicates: lines about two records. A line about one record in two programmes
-- that exclude each other rests on no link.
CREATE TABLE duplicate_lines AS
SELECT p.case_id, p.tier, p.programme, coalesce(a.person_id = b.person_id, false) AS is_one,
	least(p.mention_id, p.other_mention_id) AS first_id, greatest(p.mention_id, p.other_mention_id) AS second_id
FROM proposal p
LEFT JOIN who a ON a.mention_id = p.mention_id
LEFT JOIN who b ON b.mention_id = p.other_mention_id
WHERE p.kind = 'duplicate' AND p.other_mention_id IS NOT NULL;

-- Those that the roster of the month really holds, both enrolled and active.
CREATE TABLE duplicate_truth AS
SELECT t.mention_id, t.duplicate_of, min(l.tier) AS tier
FROM truth_duplicates t
LEFT JOIN duplicate_lines l ON l.first_id = least(t.mention_id, t.duplicate_of) AND l.second_id = greatest(t.mention_id, t.duplicate_of)
WHERE t.kind = 'roster'
	AND EXISTS (FROM enrolment e WHERE e.mention_id = t.mention_id AND e.status = 'active')
	AND EXISTS (FROM enrolment e WHERE e.mention_id = t.duplicate_of AND e.status = 'active')
GROUP BY ALL;

-- Evaluations against entitlement in the month, one row a person and programme.
CREATE TABLE judged AS
SELECT e.subject_id, e.programme, e.outcome, e.missing, coalesce(t.entitled = 'yes', false) AS entitled, x.person_id IS NOT NULL AS register_wrong,
	coalesce(p.died_on <= $as_of, false) AS dead
FROM evaluation e
LEFT JOIN (SELECT person_id, min(mention_id) AS mention_id FROM cluster GROUP BY person_id) c ON c.person_id = e.subject_id
LEFT JOIN who w ON w.mention_id = c.mention_id
LEFT JOIN truth_persons p ON p.person_id = w.person_id
LEFT JOIN wrongly_dead x ON x.person_id = w.person_id
LEFT JOIN (SELECT person_id, programme, max(entitled) AS entitled FROM truth_entitlements WHERE month = $month GROUP BY person_id, programme) t
	ON t.person_id = w.person_id AND t.programme = e.programme;
CREATE TABLE judged_person AS
SELECT subject_id,
	bool_or(outcome = 'not_eligible' AND entitled AND NOT register_wrong) AS wrongly_denied,
	bool_or(outcome = 'not_eligible' AND entitled AND register_wrong) AS denied_by_register,
	bool_or(outcome = 'eligible' AND NOT entitled AND NOT dead) AS wrongly_granted,
	bool_or(outcome = 'eligible' AND NOT entitled AND dead) AS dead_unknown
FROM judged
GROUP BY subject_id
