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
),
-- What follows are signs of made-up data. Rows that lack what is needed are left out, so that no count is unknown.
alike AS (
    SELECT
        area_code,
        sum(households) AS known,
        max(households) FILTER (households > 1) AS largest
    FROM (
        SELECT area_code, count(*) AS households
        FROM household_facts
        WHERE gross > 0 AND production_expense IS NOT NULL
        GROUP BY area_code, wage_income, production_income, property_income, transfer_income, production_expense
    )
    GROUP BY area_code
),
compared AS (
    SELECT
        h.area_code,
        count(*) AS known,
        count(*) FILTER (
            h.wage_income = b.wage_income
            AND h.production_income = b.production_income
            AND h.property_income = b.property_income
            AND h.transfer_income = b.transfer_income
            AND h.production_expense = b.production_expense
        ) AS unchanged
    FROM household_facts AS h
    JOIN incomes AS b ON b.household_id = h.household_id AND b.year = getvariable('audit_year') - 1
    WHERE h.gross IS NOT NULL AND h.production_expense IS NOT NULL
        AND b.wage_income IS NOT NULL AND b.production_income IS NOT NULL AND b.property_income IS NOT NULL
        AND b.transfer_income IS NOT NULL AND b.production_expense IS NOT NULL
    GROUP BY h.area_code
),
endings AS (
    SELECT
        area_code,
        count(*) AS amounts,
        count(*) FILTER (amount % 100 = 0) AS amounts_00,
        count(*) FILTER (amount % 1000 = 0) AS amounts_000
    FROM (
        SELECT area_code, wage_income, production_income, property_income, transfer_income, production_expense
        FROM household_facts
    ) UNPIVOT (
        amount FOR part IN (wage_income, production_income, property_income, transfer_income, production_expense)
    )
    WHERE amount > 0
    GROUP BY area_code
),
phones AS (
    SELECT area_code, sum(households) AS known, max(households) FILTER (households > 1) AS sharers
    FROM (
        SELECT area_code, count(*) AS households
        FROM households
        WHERE phone IS NOT NULL AND (deregistered_on IS NULL OR deregistered_on > getvariable('as_of'))
        GROUP BY area_code, phone
    )
    GROUP BY area_code
),
-- A home that was visited twice on one day is one home; one that has been deregistered since was visited all the same.
rounds AS (
    SELECT area_code, helper_id, visited_on, count(*) AS households
    FROM (
        SELECT DISTINCT household_id, helper_id, visited_on
        FROM visits
        WHERE mode = 'home' AND helper_id IS NOT NULL
            AND year(visited_on) = getvariable('audit_year') AND visited_on <= getvariable('as_of')
    )
    JOIN (SELECT household_id, area_code FROM households) USING (household_id)
    GROUP BY area_code, helper_id, visited_on
),
busiest AS (
    SELECT area_code, max(households) AS visited FROM rounds GROUP BY area_code
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
    coalesce(l.approved, 0) AS approved_applications,
    CAST(coalesce(i.known, 0) AS BIGINT) AS income_households,
    coalesce(i.largest, 0) AS same_income_households,
    coalesce(c.known, 0) AS comparable_households,
    coalesce(c.unchanged, 0) AS unchanged_households,
    coalesce(e.amounts, 0) AS amounts,
    coalesce(e.amounts_00, 0) AS amounts_00,
    coalesce(e.amounts_000, 0) AS amounts_000,
    CAST(coalesce(sum(e.amounts) OVER county, 0) AS BIGINT) AS county_amounts,
    CAST(coalesce(sum(e.amounts_00) OVER county, 0) AS BIGINT) AS county_amounts_00,
    CAST(coalesce(sum(e.amounts_000) OVER county, 0) AS BIGINT) AS county_amounts_000,
    CAST(coalesce(p.known, 0) AS BIGINT) AS phones_known,
    coalesce(p.sharers, 0) AS phone_sharers,
    coalesce(d.visited, 0) AS visits_in_a_day
FROM homes AS h
LEFT JOIN villages AS v USING (area_code)
LEFT JOIN trained AS t USING (area_code)
LEFT JOIN loans AS l USING (area_code)
LEFT JOIN alike AS i USING (area_code)
LEFT JOIN compared AS c USING (area_code)
LEFT JOIN endings AS e USING (area_code)
LEFT JOIN phones AS p USING (area_code)
LEFT JOIN busiest AS d USING (area_code)
WINDOW county AS (PARTITION BY substr(h.area_code, 1, 6))
