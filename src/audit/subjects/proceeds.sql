-- One row per accepted row of an asset's proceeds in a year.
SELECT
    proceeds_id AS subject_id,
    CAST(NULL AS VARCHAR) AS household_id,
    CAST(NULL AS VARCHAR) AS person_id,
    area_code,
    source_no,
    source_row,
    year,
    CASE WHEN year BETWEEN 1 AND 9999 THEN make_date(year, 12, 31) END AS year_end,
    distributable,
    distributed,
    TRY_CAST(distributable - distributed AS DECIMAL(20,6)) AS held_back,
    holder_kind
FROM proceeds
