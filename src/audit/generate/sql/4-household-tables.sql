-- Everything else that belongs to a household: usual values that no rule looks for, and the plans of homes.
CREATE OR REPLACE TEMP TABLE industry_support_out AS
WITH supported AS (
    SELECT i, household_id, among(i, 'support', ['direct_production', 'direct_production', 'pv_dividend', 'fiscal_dividend', 'award']) AS kind
    FROM homes WHERE draw(i, 'supported') < 400000 AND home_plan IS NULL
),
rows AS (
    SELECT i, 1 AS k, household_id, kind, 2500 + draw(i, 'support amount') % 3000 AS amount, true AS linked FROM supported
    -- Whoever has a dividend also produces something.
    UNION ALL
    SELECT i, 2, household_id, 'direct_production', 2000 + draw(i, 'support amount 2') % 3000, true FROM supported WHERE kind LIKE '%dividend'
    UNION ALL
    SELECT i, 1, household_id, 'cash', 800, false FROM homes WHERE home_plan = 'IND-1'
    UNION ALL
    SELECT i, 2, household_id, 'direct_production', 2600, true FROM homes WHERE home_plan = 'IND-1'
    UNION ALL
    SELECT i, k, household_id, 'award', 900, true FROM homes, (VALUES (1), (2)) AS t (k) WHERE home_plan = 'IND-5'
    UNION ALL
    SELECT i, 1, household_id, among(i, 'passive', ['fiscal_dividend', 'pv_dividend', 'cash']), 600, true FROM homes WHERE home_plan = 'IND-6'
)
SELECT 'S' || lpad(CAST(i * 10 + k AS VARCHAR), 12, '0') AS support_id, household_id, CAST(getvariable('year') AS INTEGER) AS year, kind,
    CAST(amount AS DECIMAL(18,2)) AS amount, linked AS output_linked
FROM rows ORDER BY support_id;
CREATE OR REPLACE TEMP TABLE dividend_contracts_out AS
SELECT 'C' || lpad(CAST(i AS VARCHAR), 11, '0') AS contract_id, household_id, CAST(6000 AS DECIMAL(18,2)) AS principal,
    CAST(CASE home_plan WHEN 'DIV-1' THEN 0.1 ELSE 0.06 END AS DECIMAL(9,4)) AS annual_rate,
    CASE home_plan WHEN 'DIV-1' THEN 'fixed' ELSE 'floating' END AS rate_kind, home_plan IS DISTINCT FROM 'DIV-1' AS participates,
    DATE '2021-01-01' AS started_on, DATE '2025-12-31' AS ended_on
FROM homes WHERE draw(i, 'contract') < 50000 OR home_plan = 'DIV-1' ORDER BY i;
CREATE OR REPLACE TEMP TABLE renovations_out AS
SELECT 'R' || lpad(CAST(i AS VARCHAR), 11, '0') AS renovation_id, household_id,
    CASE home_plan WHEN 'HOU-7' THEN DATE '2021-05-01' ELSE between_days(i, 'renovated', DATE '2017-01-01', 900) END AS renovated_on,
    CAST(8000 + draw(i, 'subsidy') % 20000 AS DECIMAL(18,2)) AS subsidy,
    CASE WHEN home_plan = 'HOU-1' THEN 'reinforce' ELSE among(i, 'method', ['reinforce', 'rebuild']) END AS method,
    CASE home_plan WHEN 'HOU-1' THEN 'front' ELSE 'back,front,side' END AS walls_reinforced
FROM homes WHERE (home_plan IS NULL AND draw(i, 'renovation') < 150000) OR home_plan IN ('HOU-1', 'HOU-4', 'HOU-7') ORDER BY i;
CREATE OR REPLACE TEMP TABLE appraisals_out AS
SELECT 'A' || lpad(CAST(i AS VARCHAR), 11, '0') AS appraisal_id, household_id, between_days(i, 'appraised', DATE '2022-01-01', 700) AS appraised_on,
    CASE WHEN home_plan IN ('HOU-6', 'HOU-7') THEN among(i, 'unsafe', ['C', 'D']) ELSE among(i, 'grade', ['A', 'A', 'B']) END AS grade
FROM homes WHERE (home_plan IS NULL AND draw(i, 'appraisal') < 600000) OR home_plan IN ('HOU-3', 'HOU-6', 'HOU-7') ORDER BY i;
CREATE OR REPLACE TEMP TABLE defects_out AS
SELECT 'D' || lpad(CAST(i AS VARCHAR), 11, '0') AS defect_id, household_id,
    CASE home_plan WHEN 'HOU-3' THEN getvariable('as_of') - 10 WHEN 'HOU-4' THEN getvariable('as_of') - 20
        ELSE between_days(i, 'defect on', DATE '2022-01-01', 700) END AS reported_on,
    among(i, 'defect kind', ['屋面渗漏', '墙体裂缝', '门窗破损']) AS kind,
    CASE WHEN home_plan IS NULL THEN between_days(i, 'defect on', DATE '2022-01-01', 700) + 20 END AS resolved_on
FROM homes WHERE (home_plan IS NULL AND draw(i, 'defect') < 20000) OR home_plan IN ('HOU-2', 'HOU-3', 'HOU-4') ORDER BY i;
CREATE OR REPLACE TEMP TABLE yard_walls_out AS
SELECT 'W' || lpad(CAST(i AS VARCHAR), 11, '0') AS wall_id, household_id, between_days(i, 'wall on', DATE '2020-01-01', 1000) AS built_on,
    CAST(CASE home_plan WHEN 'HOU-4' THEN 30 + draw(i, 'wall') % 11 ELSE 8 + draw(i, 'wall') % 15 END AS DECIMAL(9,2)) AS length_m,
    CAST(1500 AS DECIMAL(18,2)) AS cost, home_plan IS NOT DISTINCT FROM 'HOU-5' AS public_funds
FROM homes WHERE (home_plan IS NULL AND draw(i, 'wall built') < 20000) OR home_plan IN ('HOU-4', 'HOU-5') ORDER BY i;
CREATE OR REPLACE TEMP TABLE pairings_out AS
SELECT 'J' || lpad(CAST(i AS VARCHAR), 11, '0') AS pairing_id, household_id, 'B' || lpad(CAST(i // 8 AS VARCHAR), 10, '0') AS helper_id,
    DATE '2021-03-01' AS started_on, CAST(NULL AS DATE) AS ended_on
FROM homes WHERE draw(i, 'unpaired') >= 5000 OR home_plan IS NOT NULL ORDER BY i;
CREATE OR REPLACE TEMP TABLE visits_out AS
SELECT 'V' || lpad(CAST(i * 10 + k AS VARCHAR), 12, '0') AS visit_id, household_id, 'B' || lpad(CAST(i // 8 AS VARCHAR), 10, '0') AS helper_id,
    make_date(getvariable('year'), 1 + CAST(k * 5 AS INTEGER), 1 + draw(i * 10 + k, 'visit day') % 28) AS visited_on,
    CASE WHEN home_plan = 'HLP-1' THEN 'phone' WHEN k = 0 THEN 'home' ELSE among(i * 10 + k, 'mode', ['home', 'home', 'phone']) END AS mode
FROM homes, range(0, 3) AS r (k)
UNION ALL
-- In some villages one helper writes down twenty homes for one day.
SELECT 'V9' || lpad(CAST(i AS VARCHAR), 12, '0'), household_id, 'B' || lpad(CAST(i // 100 * 100 // 8 AS VARCHAR), 10, '0'),
    make_date(getvariable('year'), 6, 18), 'home'
FROM homes WHERE village_plan = 'FAB-5' AND i % 100 < 20 AND home_plan IS DISTINCT FROM 'HLP-1'
ORDER BY visit_id;
CREATE OR REPLACE TEMP TABLE training_needs_out AS
SELECT 'N' || lpad(CAST(n AS VARCHAR), 12, '0') AS need_id, person_id, between_days(n, 'need', DATE '2023-01-01', 300) AS stated_on,
    CASE WHEN draw(n, 'need met') >= 50000 THEN between_days(n, 'need', DATE '2023-01-01', 300) + 60 END AS met_on
FROM persons_out WHERE age BETWEEN 20 AND 55 AND draw(n, 'need stated') < 20000 ORDER BY n;
CREATE OR REPLACE TEMP TABLE loan_applications_out AS
SELECT 'L' || lpad(CAST(i AS VARCHAR), 11, '0') AS application_id, household_id, between_days(i, 'applied', make_date(getvariable('year'), 1, 5), 200) AS applied_on,
    CAST(10000 * (1 + draw(i, 'loan') % 5) AS DECIMAL(18,2)) AS amount,
    CASE WHEN home_plan = 'LN-4' THEN 'pending' WHEN village_plan = 'LN-3' THEN 'refused'
        ELSE among(i, 'status', ['approved', 'approved', 'approved', 'refused']) END AS status,
    CASE WHEN home_plan IS DISTINCT FROM 'LN-4' THEN between_days(i, 'applied', make_date(getvariable('year'), 1, 5), 200) + 25 END AS decided_on
FROM homes
WHERE draw(i, 'loan wanted') < CASE WHEN village_plan = 'LN-3' THEN 600000 ELSE 80000 END OR home_plan = 'LN-4' ORDER BY i;
CREATE OR REPLACE TEMP TABLE loan_barriers_out AS
SELECT 'Z' || lpad(CAST(i AS VARCHAR), 11, '0') AS report_id, household_id, between_days(i, 'barrier', make_date(getvariable('year'), 1, 5), 300) AS reported_on,
    among(i, 'barrier kind', ['age', 'livestock_scale', 'designated_seller', 'illness', 'other']) AS kind
FROM homes WHERE draw(i, 'barrier met') < 10000 ORDER BY i;
CREATE OR REPLACE TEMP TABLE subsidy_payments_out AS
WITH paid AS (
    SELECT p.i, p.household_id, p.id_number, h.home_plan
    FROM persons_out AS p JOIN homes AS h USING (i)
    WHERE p.n % 10 = 1 AND p.person_plan IS NULL AND (draw(p.i, 'paid at all') < 500000 OR h.home_plan IN ('CAD-2', 'CAD-3'))
)
SELECT 'K' || lpad(CAST(i AS VARCHAR), 11, '0') AS payment_id, household_id, '6217' || lpad(CAST(i AS VARCHAR), 15, '0') AS account_number,
    CASE home_plan WHEN 'CAD-2' THEN '139999' || substr(id_number, 7) ELSE id_number END AS holder_id_number,
    CAST(800 + draw(i, 'payment') % 900 AS DECIMAL(18,2)) AS amount,
    between_days(i, 'paid', make_date(getvariable('year'), 2, 1), 250) AS paid_on
FROM paid
UNION ALL
-- The account of one household also receives another's money.
SELECT 'K9' || lpad(CAST(p.i AS VARCHAR), 11, '0'), h.household_id, '6217' || lpad(CAST(p.i AS VARCHAR), 15, '0'), NULL,
    CAST(500 AS DECIMAL(18,2)), make_date(getvariable('year'), 8, 8)
FROM paid AS p JOIN homes AS h ON h.i = p.i - p.i % 100 + (p.i + 1) % 100 WHERE p.home_plan = 'CAD-3'
ORDER BY payment_id;
CREATE OR REPLACE TEMP TABLE persons_final AS
SELECT person_id, household_id, name, id_number, sex, birth_date, age_reported AS age, relation, student_status, health, labour_ability, left_on
FROM persons_out ORDER BY n;
CREATE OR REPLACE TEMP TABLE helpers_out AS
SELECT DISTINCT 'B' || lpad(CAST(i // 8 AS VARCHAR), 10, '0') AS helper_id,
    among(i // 8, 'helper name', ['赵', '钱', '孙', '李', '周', '吴']) || among(i // 8, 'helper name 2', ['志远', '晓东', '丽娜', '文博', '雪梅']) AS name,
    '139' || lpad(CAST(hash(getvariable('seed'), i // 8, 'helper phone') % 100000000 AS VARCHAR), 8, '0') AS phone,
    CASE WHEN draw(i // 8, 'dead phone') < 10000 THEN 'empty' ELSE 'ok' END AS phone_status
FROM homes ORDER BY helper_id;
