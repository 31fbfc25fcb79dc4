-- Records of life given in person. A bank or mobile pay-out shows only that
-- somebody has the card, a pay-out to a caregiver shows the caregiver's life, and
-- an interview at which a member was said to be dead shows the household's.
-- A line reads "day how record", so that the greatest line is the latest. A record
-- of the register is as probable as the link that makes it this person's.

CREATE OR REPLACE TEMP VIEW life AS
SELECT person_id AS subject_id, recorded_on AS day, 'interview' AS how, mention_id AS record, CAST(1 AS DECIMAL(9, 6)) AS probability,
  CAST(NULL AS VARCHAR) AS link
FROM member
WHERE recorded_on <= getvariable('as_of') AND status IS DISTINCT FROM 'dead'
UNION ALL
SELECT m.person_id, p.paid_on, 'in_person_payment', p.payment_id, 1, NULL
FROM payment p
JOIN enrolment n ON n.enrolment_id = p.enrolment_id
JOIN member m ON m.mention_id = coalesce(n.caregiver_mention_id, n.mention_id)
WHERE p.channel = 'in_person' AND p.paid_on <= getvariable('as_of')
UNION ALL
SELECT subject_id, earliest, 'gave_birth', mention_id, probability, link
FROM involved
WHERE event_type = 'birth' AND role = 'mother' AND earliest <= getvariable('as_of')
UNION ALL
SELECT subject_id, earliest, 'married', mention_id, probability, link
FROM involved
WHERE event_type = 'marriage' AND earliest <= getvariable('as_of');
