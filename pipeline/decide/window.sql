-- What was paid for time after the entitlement's end, by cause. A payment has
-- one cause, so the causes add up to the whole. Potential overpayment, subject
-- to verification: never a debt.

CREATE OR REPLACE TEMP TABLE exit_window AS
WITH line AS (
  SELECT e.enrolment_id, e.latest, e.registered_on, e.received_on, r.timing, coalesce(r.cutoff_day, 0) AS cutoff_day, coalesce(r.months, 1) AS months, e.programme,
    CAST(CASE r.ends WHEN 'month_end' THEN last_day(e.latest) WHEN 'month_before' THEN CAST(date_trunc('month', e.latest) AS DATE) - 1 ELSE e.latest END
      + coalesce(r.bereavement_days, 0) AS DATE) AS ended_on
  FROM exit_line e
  LEFT JOIN programme_rule r ON r.programme = e.programme
  WHERE e.latest IS NOT NULL
), due AS (
  -- The month, or the first of the quarter's, that a payment is for; without a
  -- cycle the programme's timing says it, and without a day its calendar.
  SELECT l.*, p.amount, p.currency, CASE WHEN l.timing = 'advance' THEN 0 ELSE l.months END AS behind,
    coalesce(TRY_CAST(p.cycle || '-01' AS DATE),
      CAST(date_trunc(CASE WHEN l.months = 3 THEN 'quarter' ELSE 'month' END, p.paid_on) - to_months(behind) AS DATE)) AS month,
    coalesce(p.paid_on, CAST(TRY_CAST(p.cycle || '-01' AS DATE) + to_months(behind) AS DATE)) AS due_on,
    coalesce(p.paid_on, CAST(due_on + CAST(least(coalesce(d.day, 1), day(last_day(due_on))) - 1 AS INTEGER) AS DATE)) AS paid_on
  FROM line l
  JOIN payment p ON p.enrolment_id = l.enrolment_id
  LEFT JOIN programme_pay_day d ON d.programme = l.programme
    AND d.month = month(CAST(TRY_CAST(p.cycle || '-01' AS DATE) + to_months(CASE WHEN l.timing = 'advance' THEN 0 ELSE l.months END) AS DATE))
  -- A source need not say when it received a payment: what was paid later is cut here.
  WHERE p.paid_on IS NULL OR p.paid_on <= getvariable('as_of')
), part AS (
  -- Of a quarter's payment, what is for the months after the end.
  SELECT * EXCLUDE (amount), len(list_filter(range(months), lambda i: month + to_months(CAST(i AS INTEGER)) > ended_on)) AS months_after,
    CASE WHEN months_after = months THEN amount ELSE CAST(amount * months_after / months AS DECIMAL(18, 2)) END AS amount
  FROM due
), cut AS (
  -- The file of a payment was made on the last cut-off day not after it.
  SELECT *, least(date_trunc('month', paid_on) + to_days(CAST(cutoff_day - 1 AS INTEGER)), last_day(paid_on)) AS this_month,
    paid_on - INTERVAL 1 MONTH AS month_before,
    CAST(CASE WHEN cutoff_day = 0 THEN paid_on
      WHEN this_month <= paid_on THEN this_month
      ELSE least(date_trunc('month', month_before) + to_days(CAST(cutoff_day - 1 AS INTEGER)), last_day(month_before)) END AS DATE) AS cut_on
  FROM part
  WHERE months_after > 0
), cause AS (
  SELECT *,
    CASE WHEN cut_on <= latest THEN 'unavoidable'
      WHEN cut_on < coalesce(registered_on, received_on, DATE '9999-12-31') THEN 'late_registration'
      WHEN cut_on < coalesce(received_on, DATE '9999-12-31') THEN 'late_extract'
      ELSE 'late_action' END AS cause
  FROM cut
), total AS (
  SELECT l.enrolment_id, l.ended_on, min(c.currency) AS currency, sum(c.amount) AS after,
    sum(c.amount) FILTER (WHERE c.cause = 'unavoidable') AS unavoidable,
    sum(c.amount) FILTER (WHERE c.cause = 'late_registration') AS late_registration,
    sum(c.amount) FILTER (WHERE c.cause = 'late_extract') AS late_extract,
    sum(c.amount) FILTER (WHERE c.cause = 'late_action') AS late_action,
    -- Amounts of several currencies have no sum: NULL.
    CASE WHEN count(DISTINCT c.currency) <= 1 THEN 0 END AS nothing
  FROM line l
  LEFT JOIN cause c ON c.enrolment_id = l.enrolment_id
  GROUP BY l.enrolment_id, l.ended_on
)
SELECT enrolment_id, ended_on AS entitlement_ended_on, CASE WHEN nothing = 0 THEN currency END AS currency,
  nothing + coalesce(after, 0) AS paid_after, nothing + coalesce(unavoidable, 0) AS paid_unavoidable,
  nothing + coalesce(late_registration, 0) AS paid_late_registration, nothing + coalesce(late_extract, 0) AS paid_late_extract,
  nothing + coalesce(late_action, 0) AS paid_late_action
FROM total;
