-- One row per accepted application for a loan.
SELECT
    t.application_id AS subject_id,
    t.household_id,
    CAST(NULL AS VARCHAR) AS person_id,
    h.area_code,
    t.source_no,
    t.source_row,
    t.applied_on,
    t.amount,
    t.status,
    t.decided_on
FROM loan_applications AS t
LEFT JOIN households AS h USING (household_id)
