-- One row per accepted defect of a home.
WITH
judged AS (
    SELECT
        *,
        reported_on <= getvariable('as_of')
            AND (resolved_on IS NULL OR resolved_on > getvariable('as_of')) AS open
    FROM defects
),
reappraised AS (
    SELECT
        d.defect_id,
        any_true(a.appraised_on >= d.reported_on AND a.appraised_on <= getvariable('as_of')) AS reappraised
    FROM judged AS d
    JOIN appraisals AS a USING (household_id)
    GROUP BY d.defect_id
)
SELECT
    d.defect_id AS subject_id,
    d.household_id,
    CAST(NULL AS VARCHAR) AS person_id,
    h.area_code,
    d.source_no,
    d.source_row,
    d.open,
    d.reported_on,
    d.resolved_on,
    d.kind AS defect_kind,
    CASE WHEN r.defect_id IS NULL THEN false ELSE r.reappraised END AS reappraised
FROM judged AS d
LEFT JOIN households AS h USING (household_id)
LEFT JOIN reappraised AS r USING (defect_id)
