-- One row per village with a registered household: its own row where there is one, else its first household's.
WITH
homes AS (
    SELECT
        area_code,
        count(*) AS households,
        arg_min(source_no, (source_no, source_row)) AS source_no,
        arg_min(source_row, (source_no, source_row)) AS source_row
    FROM household_facts
    GROUP BY area_code
),
places AS (
    SELECT area_code, area_code AS place FROM homes
    UNION
    SELECT area_code, substr(area_code, 1, 9) || '000' FROM homes
),
trained AS (
    SELECT p.area_code, any_true(t.held_on <= getvariable('as_of')) AS trained
    FROM places AS p
    JOIN trainings AS t ON t.area_code = p.place
    GROUP BY p.area_code
),
-- Applications whose status or day is blank are left out: the rule for counts has this exception.
applied AS (
    SELECT
        area_code,
        status,
        status <> 'withdrawn' AND year(applied_on) = getvariable('audit_year') AND (
            coalesce(decided_on <= getvariable('as_of'), false)
            OR applied_on <= getvariable('as_of') - $reply_days
        ) AS counted
    FROM loan_applications
    JOIN (SELECT household_id, area_code FROM households) USING (household_id)
    WHERE status IS NOT NULL AND applied_on IS NOT NULL
),
loans AS (
    SELECT area_code, count(*) AS counted, count(*) FILTER (status = 'approved') AS approved
    FROM applied
    WHERE counted
    GROUP BY area_code
)
SELECT
    h.area_code AS subject_id,
    CAST(NULL AS VARCHAR) AS household_id,
    CAST(NULL AS VARCHAR) AS person_id,
    h.area_code,
    coalesce(v.source_no, h.source_no) AS source_no,
    coalesce(v.source_row, h.source_row) AS source_row,
    h.households,
    CASE WHEN t.area_code IS NULL THEN false ELSE t.trained END AS trained,
    coalesce(l.counted, 0) AS counted_applications,
    coalesce(l.approved, 0) AS approved_applications
FROM homes AS h
LEFT JOIN villages AS v USING (area_code)
LEFT JOIN trained AS t USING (area_code)
LEFT JOIN loans AS l USING (area_code)
