-- One row per accepted row of a hotline's calls in a period.
SELECT
    area_code || '|' || period AS subject_id,
    CAST(NULL AS VARCHAR) AS household_id,
    CAST(NULL AS VARCHAR) AS person_id,
    area_code,
    source_no,
    source_row,
    period,
    calls,
    answered
FROM hotlines
