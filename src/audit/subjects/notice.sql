-- One row per accepted notice.
SELECT
    notice_id AS subject_id,
    CAST(NULL AS VARCHAR) AS household_id,
    CAST(NULL AS VARCHAR) AS person_id,
    area_code,
    source_no,
    source_row,
    kind,
    year,
    event_on,
    published_on,
    CASE WHEN published_on <= getvariable('as_of') THEN published_on ELSE getvariable('as_of') END AS published_or_as_of,
    requires_login
FROM notices
