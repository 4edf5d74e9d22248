-- One row per township with a project of the audit year; its row is the first of these projects.
WITH
towns AS (
    SELECT
        substr(area_code, 1, 9) || '000' AS area_code,
        count(*) AS projects,
        arg_min(source_no, (source_no, source_row)) AS source_no,
        arg_min(source_row, (source_no, source_row)) AS source_row
    FROM projects
    WHERE year = getvariable('audit_year') AND substr(area_code, 7, 3) <> '000'
    GROUP BY ALL
),
noticed AS (
    SELECT area_code, any_true(published AND kind = 'plan') AS plan, any_true(published AND kind = 'completion') AS completion
    FROM (
        SELECT
            area_code,
            kind,
            year = getvariable('audit_year') AND coalesce(published_on <= getvariable('as_of'), false) AS published
        FROM notices
    )
    GROUP BY area_code
)
SELECT
    t.area_code AS subject_id,
    CAST(NULL AS VARCHAR) AS household_id,
    CAST(NULL AS VARCHAR) AS person_id,
    t.area_code,
    t.source_no,
    t.source_row,
    t.projects,
    CASE WHEN n.area_code IS NULL THEN false ELSE n.plan END AS plan_notice,
    CASE WHEN n.area_code IS NULL THEN false ELSE n.completion END AS completion_notice
FROM towns AS t
LEFT JOIN noticed AS n USING (area_code)
