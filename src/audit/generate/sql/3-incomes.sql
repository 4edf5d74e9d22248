-- Incomes of two years whose parts add up, growing by 4 to 15 %, but for what is planted.
CREATE OR REPLACE TEMP TABLE earned AS
WITH base AS (
    SELECT
        h.i,
        h.household_id,
        h.income_plan,
        -- Made-up looking incomes of a village: only where nothing else is planted and no post is paid.
        CASE WHEN h.income_plan IS NULL AND m.i IS NULL AND h.village_plan IN ('FAB-1', 'FAB-2', 'FAB-3') THEN h.village_plan END AS made_up,
        s.present AS people,
        coalesce(m.post_income, 0) AS post_income,
        s.present * CAST(6000 + draw(h.i, 'level') % 14000 + CASE WHEN m.i IS NULL THEN 0 ELSE 6000 END AS DECIMAL(18,2)) AS usual,
        CAST(104 + draw(h.i, 'growth') % 12 AS DECIMAL(5,0)) AS growth,
        CASE WHEN draw(h.i, 'dividend') < 330000 THEN CAST(300 + draw(h.i, 'dividend 2') % 600 AS DECIMAL(18,2)) ELSE 0 END AS dividend
    FROM homes AS h
    JOIN sizes AS s USING (i)
    LEFT JOIN post_money AS m USING (i)
)
SELECT
    * EXCLUDE (dividend, usual, growth),
    CASE
        WHEN income_plan = 'INC-6' THEN CAST(600 AS DECIMAL(18,2))
        WHEN income_plan IN ('INC-3', 'INC-4') OR made_up = 'FAB-1' THEN 0
        ELSE dividend
    END AS dividend,
    CASE
        WHEN income_plan IN ('INC-3', 'INC-4') THEN people * (1500 + draw(i, 'low') % 2400)
        WHEN income_plan = 'INC-6' THEN people * 4000 + 100
        WHEN income_plan = 'INC-8' AND post_income > 0 THEN people * 4000 + 900
        WHEN income_plan = 'INC-1' OR made_up = 'FAB-3' THEN usual
        WHEN made_up = 'FAB-1' THEN 48000
        WHEN made_up = 'FAB-2' THEN 40000 + 20000 * (draw(i, 'round') % 12)
        WHEN income_plan = 'INC-2' THEN round(usual * 85 / 100, 0)
        ELSE round(usual * growth / 100, 0)
    END AS net,
    CASE
        WHEN income_plan IN ('INC-3', 'INC-4') THEN round(people * (1500 + draw(i, 'low') % 2400) * 9 / 10, 0)
        WHEN income_plan = 'INC-6' THEN round((people * 4000 + 100) * 9 / 10, 0)
        WHEN income_plan = 'INC-8' AND post_income > 0 THEN round((people * 4000 + 900) * 9 / 10, 0)
        WHEN made_up = 'FAB-1' THEN 44000
        WHEN made_up = 'FAB-2' THEN 36000 + 18000 * (draw(i, 'round') % 12)
        ELSE usual
    END AS net_before
FROM base;

CREATE OR REPLACE TEMP TABLE incomes_out AS
WITH yearly AS (
    SELECT *, getvariable('year') - 1 AS year, CAST(net_before AS DECIMAL(18,2)) AS amount FROM earned
    UNION ALL
    SELECT *, getvariable('year'), CAST(net AS DECIMAL(18,2)) FROM earned
),
parts AS (
    SELECT
        *,
        CAST(CASE WHEN income_plan = 'INC-7' THEN round(amount * 7 / 10, 0) ELSE round(amount * 15 / 100, 0) END AS DECIMAL(18,2)) AS transfer,
        CAST(greatest(post_income, round(amount * CASE WHEN income_plan = 'INC-7' THEN 15 ELSE 45 END / 100, 0)) AS DECIMAL(18,2)) AS wage,
        CAST(dividend + 50 AS DECIMAL(18,2)) AS property,
        CAST(round(amount * 5 / 100, 0) AS DECIMAL(18,2)) AS expense
    FROM yearly
)
SELECT
    household_id,
    CAST(year AS INTEGER) AS year,
    CAST(people AS INTEGER) AS population,
    wage AS wage_income,
    CAST(post_income AS DECIMAL(18,2)) AS post_income,
    CASE WHEN income_plan = 'unknown' AND year = getvariable('year') THEN NULL
        ELSE CAST(amount + expense - wage - property - transfer AS DECIMAL(18,2)) END AS production_income,
    property AS property_income,
    CAST(dividend AS DECIMAL(18,2)) AS share_dividend,
    transfer AS transfer_income,
    expense AS production_expense,
    CASE WHEN income_plan = 'unknown' AND year = getvariable('year') THEN NULL
        ELSE CAST(amount + CASE WHEN income_plan = 'INC-9' AND year = getvariable('year') THEN 500 ELSE 0 END AS DECIMAL(18,2)) END AS net_income,
    CASE WHEN income_plan = 'unknown' AND year = getvariable('year') THEN NULL
        ELSE CAST(round((amount + CASE WHEN income_plan = 'INC-9' AND year = getvariable('year') THEN 500 ELSE 0 END) / people, 2)
            + CASE WHEN income_plan = 'INC-10' AND year = getvariable('year') THEN 50 ELSE 0 END AS DECIMAL(18,2)) END AS net_income_per_capita
FROM parts
ORDER BY household_id, year;
