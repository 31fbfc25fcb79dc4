-- Records of life given in person. A bank or mobile pay-out shows only that
-- somebody has the card, a pay-out to a caregiver shows the caregiver's life, and
-- an interview at which a member was said to be dead shows the household's.
-- A line reads "day how record", so that the greatest line is the latest.

CREATE OR REPLACE TEMP VIEW life AS
SELECT person_id AS subject_id, recorded_on AS day, 'interview' AS how, mention_id AS record
FROM member
WHERE recorded_on <= getvariable('as_of') AND status IS DISTINCT FROM 'dead'
UNION ALL
SELECT m.person_id, p.paid_on, 'in_person_payment', p.payment_id
FROM payment p
JOIN enrolment n ON n.enrolment_id = p.enrolment_id
JOIN member m ON m.mention_id = coalesce(n.caregiver_mention_id, n.mention_id)
WHERE p.channel = 'in_person' AND p.paid_on <= getvariable('as_of')
UNION ALL
SELECT subject_id, earliest, 'gave_birth', mention_id
FROM involved
WHERE event_type = 'birth' AND role = 'mother' AND earliest <= getvariable('as_of')
UNION ALL
SELECT subject_id, earliest, 'married', mention_id
FROM involved
WHERE event_type = 'marriage' AND earliest <= getvariable('as_of');
