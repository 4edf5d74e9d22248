-- Public-welfare posts: who holds one, and what is planted in them.
CREATE OR REPLACE TEMP TABLE holders AS
SELECT
    p.n,
    p.i,
    p.person_id,
    p.sex,
    p.age,
    p.labour_ability,
    h.area_code,
    h.household_id,
    CASE
        WHEN p.age BETWEEN 25 AND 39 AND draw(p.n, 'post') < 6000 THEN 'PW-9'
        WHEN p.age BETWEEN 40 AND 49 AND p.sex = 'male' AND draw(p.n, 'post') < 8000 THEN 'PW-2'
        WHEN p.age >= 80 AND draw(p.n, 'post') < 15000 THEN 'PW-3'
        WHEN p.age BETWEEN 50 AND 75 AND p.labour_ability IN ('weak', 'ordinary') THEN
            CASE
                WHEN draw(p.n, 'post') < 3000 THEN 'PW-4'
                WHEN draw(p.n, 'post') < 6000 THEN 'PW-7'
                WHEN draw(p.n, 'post') < 9000 THEN 'PW-8'
                WHEN draw(p.n, 'post') < 120000 THEN 'usual'
            END
        WHEN p.age BETWEEN 60 AND 79 AND p.labour_ability IN ('lost', 'none') AND draw(p.n, 'post') < 20000 THEN 'PW-5'
        WHEN p.age BETWEEN 60 AND 79 AND p.labour_ability IN ('lost', 'none') AND draw(p.n, 'post') < 30000 THEN 'PW-6'
    END AS plan
FROM persons_out AS p
JOIN homes AS h USING (i)
WHERE p.left_on IS NULL AND p.person_plan IS NULL AND h.roster_plan IS NULL
    AND (h.income_plan IS NULL OR h.income_plan = 'INC-8');

CREATE OR REPLACE TEMP TABLE posts_held AS
WITH spells AS (
    SELECT n, i, person_id, area_code, plan, spell,
        CASE
            WHEN plan = 'PW-4' THEN ['archivist', 'mediator', 'clerk', 'cleaner'][spell]
            WHEN plan = 'PW-8' THEN ['cleaner', 'road_keeper'][spell]
            WHEN plan = 'PW-6' THEN among(n, 'kind', ['ranger', 'grass_keeper'])
            WHEN plan = 'PW-5' THEN among(n, 'kind', ['cleaner', 'road_keeper', 'water_keeper'])
            ELSE among(n, 'kind', ['cleaner', 'cleaner', 'cleaner', 'road_keeper', 'water_keeper', 'clerk', 'ranger', 'ranger', 'grass_keeper'])
        END AS post_type
    FROM holders, range(1, CASE plan WHEN 'PW-4' THEN 5 WHEN 'PW-8' THEN 3 ELSE 2 END) AS t (spell)
    WHERE plan IS NOT NULL
)
SELECT
    *,
    CASE WHEN plan = 'PW-4' THEN DATE '2019-01-01' + CAST(spell * 365 AS INTEGER) ELSE between_days(n, 'started', DATE '2020-01-01', 1400) END AS started_on,
    CASE WHEN plan = 'PW-4' AND spell < 4 THEN DATE '2019-12-20' + CAST(spell * 365 AS INTEGER) END AS ended_on
FROM spells;

CREATE OR REPLACE TEMP TABLE posts_out AS
SELECT
    'G' || lpad(CAST(n * 10 + spell AS VARCHAR), 13, '0') AS post_id,
    person_id,
    post_type,
    area_code,
    started_on,
    ended_on,
    CAST(CASE WHEN ended_on IS NULL THEN 3600 ELSE 0 END AS DECIMAL(18,2)) AS annual_pay,
    CASE WHEN plan = 'PW-7' OR ended_on IS NOT NULL THEN 0 ELSE 150 + draw(n, 'days') % 100 END AS attendance_days
FROM posts_held
UNION ALL
SELECT
    'G' || lpad(CAST(i * 100 AS VARCHAR), 13, '0'),
    'P9' || lpad(CAST(i AS VARCHAR), 11, '0'),
    'cleaner', area_code, DATE '2022-03-01', NULL, CAST(3600 AS DECIMAL(18,2)), 200
FROM homes
WHERE draw(i, 'unknown holder') < 500
ORDER BY post_id;

CREATE OR REPLACE TEMP TABLE post_money AS
SELECT i, CAST(count(*) FILTER (ended_on IS NULL) * 3600 AS DECIMAL(18,2)) AS post_income FROM posts_held GROUP BY i;
