-- One row per accepted pairing of a household with a helper, with the visits of the audit year.
WITH
judged AS (
    SELECT
        household_id,
        helper_id,
        mode = 'home' AND year(visited_on) = getvariable('audit_year') AND visited_on <= getvariable('as_of') AS counts
    FROM visits
),
made AS (
    SELECT household_id, helper_id, count(*) FILTER (counts) AS sure, count(*) AS possible
    FROM judged
    WHERE counts IS DISTINCT FROM false
    GROUP BY household_id, helper_id
),
unnamed AS (
    SELECT household_id, sure, possible FROM made WHERE helper_id IS NULL
)
SELECT
    t.pairing_id AS subject_id,
    t.household_id,
    CAST(NULL AS VARCHAR) AS person_id,
    h.area_code,
    t.source_no,
    t.source_row,
    active(t.started_on, t.ended_on) AS active,
    t.started_on,
    t.ended_on,
    CAST(greatest(0,
        least(coalesce(t.ended_on, getvariable('as_of')), getvariable('as_of'), make_date(getvariable('audit_year'), 12, 31))
        - greatest(
            coalesce(t.started_on, make_date(getvariable('audit_year'), 1, 1)), make_date(getvariable('audit_year'), 1, 1)
        ) + 1
    ) AS BIGINT) AS days_in_year,
    coalesce(o.sure, 0) + coalesce(u.sure, 0) AS visits_made__lo,
    coalesce(o.possible, 0) + coalesce(u.possible, 0) AS visits_made__hi
FROM pairings AS t
LEFT JOIN households AS h USING (household_id)
LEFT JOIN made AS o ON o.household_id = t.household_id AND o.helper_id = t.helper_id
LEFT JOIN unnamed AS u ON u.household_id = t.household_id
