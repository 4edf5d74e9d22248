-- One row per accepted appointment of an official.
WITH
placed AS (
    SELECT appointment_id, official_id, appointed_on, CAST($discipline_months AS INTEGER) AS usual_months
    FROM appointments
),
judged AS (
    SELECT
        p.appointment_id,
        any_true(
            d.decided_on IS NOT NULL
            AND d.decided_on < p.appointed_on
            AND p.appointed_on <= TRY(
                CAST(d.decided_on + to_months(CAST(coalesce(d.effect_months, p.usual_months) AS INTEGER)) AS DATE)
            )
        ) AS under_discipline,
        max(d.decided_on) FILTER (d.decided_on < p.appointed_on) AS decided_on
    FROM placed AS p
    JOIN discipline AS d USING (official_id)
    GROUP BY p.appointment_id
)
SELECT
    t.appointment_id AS subject_id,
    CAST(NULL AS VARCHAR) AS household_id,
    CAST(NULL AS VARCHAR) AS person_id,
    t.area_code,
    t.source_no,
    t.source_row,
    t.higher,
    t.appointed_on,
    j.decided_on AS last_decided_on,
    CASE WHEN j.appointment_id IS NULL THEN false ELSE j.under_discipline END AS under_discipline
FROM appointments AS t
LEFT JOIN judged AS j USING (appointment_id)
