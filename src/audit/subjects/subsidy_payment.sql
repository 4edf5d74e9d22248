-- One row per accepted payment of a subsidy. Identity numbers are compared here and go no further.
WITH
matched AS (
    SELECT
        t.payment_id,
        any_true(substr(upper(p.id_number), 1, 18) = substr(upper(t.holder_id_number), 1, 18)) AS holder_present
    FROM subsidy_payments AS t
    JOIN persons AS p USING (household_id)
    JOIN household_facts AS h ON h.household_id = t.household_id
    WHERE p.left_on IS NULL OR p.left_on > getvariable('as_of')
    GROUP BY t.payment_id
),
shared_accounts AS (
    SELECT account_number
    FROM subsidy_payments
    WHERE account_number IS NOT NULL
    GROUP BY account_number
    HAVING count(DISTINCT household_id) > 1
)
SELECT
    t.payment_id AS subject_id,
    t.household_id,
    CAST(NULL AS VARCHAR) AS person_id,
    h.area_code,
    t.source_no,
    t.source_row,
    t.amount,
    t.paid_on,
    t.holder_id_number IS NOT NULL AS holder_known,
    CASE WHEN h.household_id IS NULL THEN NULL WHEN m.payment_id IS NULL THEN false ELSE m.holder_present END
        AS holder_present,
    t.account_number IS NOT NULL AS account_known,
    s.account_number IS NOT NULL AS account_shared
FROM subsidy_payments AS t
LEFT JOIN households AS h USING (household_id)
LEFT JOIN matched AS m USING (payment_id)
LEFT JOIN shared_accounts AS s ON s.account_number = t.account_number
