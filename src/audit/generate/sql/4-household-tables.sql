-- Everything else that belongs to a household: usual values that no rule looks for.
CREATE OR REPLACE TEMP TABLE industry_support_out AS
SELECT 'S' || lpad(CAST(i AS VARCHAR), 11, '0') AS support_id, household_id, CAST(getvariable('year') AS INTEGER) AS year,
    among(i, 'support', ['direct_production', 'direct_production', 'pv_dividend', 'award']) AS kind,
    CAST(2500 + draw(i, 'support amount') % 3000 AS DECIMAL(18,2)) AS amount, true AS output_linked
FROM homes WHERE draw(i, 'supported') < 400000 ORDER BY i;
CREATE OR REPLACE TEMP TABLE dividend_contracts_out AS
SELECT 'C' || lpad(CAST(i AS VARCHAR), 11, '0') AS contract_id, household_id, CAST(6000 AS DECIMAL(18,2)) AS principal,
    CAST(0.06 AS DECIMAL(9,4)) AS annual_rate, 'floating' AS rate_kind, true AS participates, DATE '2021-01-01' AS started_on,
    DATE '2025-12-31' AS ended_on
FROM homes WHERE draw(i, 'contract') < 50000 ORDER BY i;
CREATE OR REPLACE TEMP TABLE renovations_out AS
SELECT 'R' || lpad(CAST(i AS VARCHAR), 11, '0') AS renovation_id, household_id, between_days(i, 'renovated', DATE '2017-01-01', 1500) AS renovated_on,
    CAST(8000 + draw(i, 'subsidy') % 20000 AS DECIMAL(18,2)) AS subsidy, among(i, 'method', ['reinforce', 'rebuild']) AS method,
    'back,front,side' AS walls_reinforced
FROM homes WHERE draw(i, 'renovation') < 150000 ORDER BY i;
CREATE OR REPLACE TEMP TABLE appraisals_out AS
SELECT 'A' || lpad(CAST(i AS VARCHAR), 11, '0') AS appraisal_id, household_id, between_days(i, 'appraised', DATE '2022-01-01', 900) AS appraised_on,
    among(i, 'grade', ['A', 'A', 'B']) AS grade
FROM homes WHERE draw(i, 'appraisal') < 600000 ORDER BY i;
CREATE OR REPLACE TEMP TABLE defects_out AS
SELECT 'D' || lpad(CAST(i AS VARCHAR), 11, '0') AS defect_id, household_id, between_days(i, 'defect on', DATE '2022-01-01', 700) AS reported_on,
    among(i, 'defect kind', ['屋面渗漏', '墙体裂缝', '门窗破损']) AS kind,
    between_days(i, 'defect on', DATE '2022-01-01', 700) + 20 AS resolved_on
FROM homes WHERE draw(i, 'defect') < 20000 ORDER BY i;
CREATE OR REPLACE TEMP TABLE yard_walls_out AS
SELECT 'W' || lpad(CAST(i AS VARCHAR), 11, '0') AS wall_id, household_id, between_days(i, 'wall on', DATE '2020-01-01', 1000) AS built_on,
    CAST(8 + draw(i, 'wall') % 15 AS DECIMAL(9,2)) AS length_m, CAST(1500 AS DECIMAL(18,2)) AS cost, false AS public_funds
FROM homes WHERE draw(i, 'wall built') < 20000 ORDER BY i;
CREATE OR REPLACE TEMP TABLE pairings_out AS
SELECT 'J' || lpad(CAST(i AS VARCHAR), 11, '0') AS pairing_id, household_id, 'B' || lpad(CAST(i // 8 AS VARCHAR), 10, '0') AS helper_id,
    DATE '2021-03-01' AS started_on, CAST(NULL AS DATE) AS ended_on
FROM homes WHERE draw(i, 'unpaired') >= 5000 ORDER BY i;
CREATE OR REPLACE TEMP TABLE visits_out AS
SELECT 'V' || lpad(CAST(i * 10 + k AS VARCHAR), 12, '0') AS visit_id, household_id, 'B' || lpad(CAST(i // 8 AS VARCHAR), 10, '0') AS helper_id,
    make_date(getvariable('year'), 1 + CAST(k * 5 AS INTEGER), 1 + draw(i * 10 + k, 'visit day') % 28) AS visited_on,
    among(i * 10 + k, 'mode', ['home', 'home', 'phone']) AS mode
FROM homes, range(0, 3) AS r (k) ORDER BY i, k;
CREATE OR REPLACE TEMP TABLE training_needs_out AS
SELECT 'N' || lpad(CAST(n AS VARCHAR), 12, '0') AS need_id, person_id, between_days(n, 'need', DATE '2023-01-01', 300) AS stated_on,
    between_days(n, 'need', DATE '2023-01-01', 300) + 60 AS met_on
FROM persons_out WHERE age BETWEEN 20 AND 55 AND draw(n, 'need stated') < 20000 ORDER BY n;
CREATE OR REPLACE TEMP TABLE loan_applications_out AS
SELECT 'L' || lpad(CAST(i AS VARCHAR), 11, '0') AS application_id, household_id, between_days(i, 'applied', make_date(getvariable('year'), 1, 5), 200) AS applied_on,
    CAST(10000 * (1 + draw(i, 'loan') % 5) AS DECIMAL(18,2)) AS amount, among(i, 'status', ['approved', 'approved', 'approved', 'refused']) AS status,
    between_days(i, 'applied', make_date(getvariable('year'), 1, 5), 200) + 25 AS decided_on
FROM homes WHERE draw(i, 'loan wanted') < 80000 ORDER BY i;
CREATE OR REPLACE TEMP TABLE loan_barriers_out AS
SELECT 'Z' || lpad(CAST(i AS VARCHAR), 11, '0') AS report_id, household_id, between_days(i, 'barrier', make_date(getvariable('year'), 1, 5), 300) AS reported_on,
    among(i, 'barrier kind', ['age', 'livestock_scale', 'designated_seller', 'illness', 'other']) AS kind
FROM homes WHERE draw(i, 'barrier met') < 10000 ORDER BY i;
CREATE OR REPLACE TEMP TABLE subsidy_payments_out AS
SELECT 'K' || lpad(CAST(p.i AS VARCHAR), 11, '0') AS payment_id, p.household_id, '6217' || lpad(CAST(p.i AS VARCHAR), 15, '0') AS account_number,
    p.id_number AS holder_id_number, CAST(800 + draw(p.i, 'payment') % 900 AS DECIMAL(18,2)) AS amount,
    between_days(p.i, 'paid', make_date(getvariable('year'), 2, 1), 250) AS paid_on
FROM persons_out AS p WHERE p.n % 10 = 1 AND p.person_plan IS NULL AND draw(p.i, 'paid at all') < 500000 ORDER BY p.i;
CREATE OR REPLACE TEMP TABLE persons_final AS
SELECT person_id, household_id, name, id_number, sex, birth_date, age_reported AS age, relation, student_status, health, labour_ability, left_on
FROM persons_out ORDER BY n;
CREATE OR REPLACE TEMP TABLE helpers_out AS
SELECT DISTINCT 'B' || lpad(CAST(i // 8 AS VARCHAR), 10, '0') AS helper_id,
    among(i // 8, 'helper name', ['赵', '钱', '孙', '李', '周', '吴']) || among(i // 8, 'helper name 2', ['志远', '晓东', '丽娜', '文博', '雪梅']) AS name,
    '139' || lpad(CAST(hash(getvariable('seed'), i // 8, 'helper phone') % 100000000 AS VARCHAR), 8, '0') AS phone, 'ok' AS phone_status
FROM homes ORDER BY helper_id;
