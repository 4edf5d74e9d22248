-- One row per accepted allocation of funds.
SELECT
    allocation_id AS subject_id,
    CAST(NULL AS VARCHAR) AS household_id,
    CAST(NULL AS VARCHAR) AS person_id,
    area_code,
    source_no,
    source_row,
    amount,
    received_on,
    disbursed_on,
    CASE WHEN disbursed_on <= getvariable('as_of') THEN disbursed_on ELSE getvariable('as_of') END AS disbursed_or_as_of
FROM allocations
