-- One row per accepted helper.
WITH
paired AS (
    SELECT helper_id, count(*) AS pairings FROM pairings WHERE active(started_on, ended_on) GROUP BY helper_id
)
SELECT
    t.helper_id AS subject_id,
    CAST(NULL AS VARCHAR) AS household_id,
    CAST(NULL AS VARCHAR) AS person_id,
    CAST(NULL AS VARCHAR) AS area_code,
    t.source_no,
    t.source_row,
    coalesce(p.pairings, 0) AS active_pairings,
    t.phone IS NOT NULL AS phone_known,
    regexp_full_match(t.phone, '1[3-9][0-9]{9}') AS phone_valid,
    t.phone_status
FROM helpers AS t
LEFT JOIN paired AS p USING (helper_id)
