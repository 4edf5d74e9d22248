-- Everything that belongs to a village, township or county, and what is planted there.
CREATE OR REPLACE TEMP TABLE places AS
SELECT area_code, any_value(village_name) AS village_name, any_value(village_plan) AS plan, count(*) AS homes, min(i) AS i
FROM homes GROUP BY area_code;
CREATE OR REPLACE TEMP TABLE towns AS
SELECT substr(area_code, 1, 9) || '000' AS area_code, min(i) AS i FROM places GROUP BY 1;
CREATE OR REPLACE TEMP TABLE counties AS
SELECT substr(area_code, 1, 6) || '000000' AS area_code, min(i) AS i FROM places GROUP BY 1;
CREATE OR REPLACE TEMP TABLE villages_out AS
SELECT area_code, village_name, CAST(homes * 4 AS INTEGER) AS household_count, CAST(homes * 13 AS INTEGER) AS resident_count FROM places ORDER BY area_code;
-- Every village has its own training but for those where none is planted.
CREATE OR REPLACE TEMP TABLE trainings_out AS
SELECT 'X' || area_code AS training_id, area_code, between_days(i, 'training', DATE '2023-03-01', 500) AS held_on,
    among(i, 'topic', ['养殖技术', '种植技术', '家政服务', '电焊']) AS topic FROM places WHERE plan IS DISTINCT FROM 'EMP-1' ORDER BY area_code;
CREATE OR REPLACE TEMP TABLE post_quotas_out AS
SELECT area_code, post_type, CASE WHEN plan = 'PW-1' THEN 0 ELSE 40 END AS needed
FROM places, (VALUES ('cleaner'), ('ranger'), ('road_keeper')) AS t (post_type) ORDER BY area_code, post_type;
CREATE OR REPLACE TEMP TABLE loan_products_out AS
SELECT 'Q' || area_code AS product_id, area_code, 18 AS min_age, CASE WHEN strict THEN 60 ELSE 65 END AS max_age,
    0 AS min_livestock, false AS designated_seller, CAST(50000 AS DECIMAL(18,2)) AS max_amount
FROM (SELECT *, draw(i, 'strict product') < 200000 AS strict FROM towns) ORDER BY area_code;
-- Five projects a township; what is planted in one is named by its plan.
CREATE OR REPLACE TEMP TABLE planned_projects AS
SELECT
    'M' || area_code || k AS project_id,
    area_code,
    i,
    k,
    400000 + draw(i * 10 + k, 'contract') AS contract,
    ['FND-1', 'FND-2', 'FND-3', 'FND-4', 'FND-5', 'FND-7', 'LIB-1', 'PER-1'][1 + draw(i * 10 + k, 'project plan') // 60000] AS plan
FROM towns, range(1, 6) AS r (k);
CREATE OR REPLACE TEMP TABLE projects_out AS
SELECT project_id, area_code, among(i * 10 + k, 'project', ['道路硬化', '饮水巩固', '光伏维护', '大棚建设']) || '项目' || k AS name,
    CAST(getvariable('year') AS INTEGER) AS year, CAST(contract AS DECIMAL(18,2)) AS contract_amount,
    CAST(round(contract * CASE plan WHEN 'FND-1' THEN 100 WHEN 'FND-2' THEN 92 WHEN 'FND-3' THEN 80 WHEN 'FND-4' THEN 70 ELSE 95 END / 100, 2)
        AS DECIMAL(18,2)) AS paid_amount,
    CAST(CASE plan WHEN 'FND-3' THEN 0.6 WHEN 'FND-4' THEN 0.7 ELSE 1 END AS DECIMAL(9,4)) AS progress,
    plan IS DISTINCT FROM 'FND-4' AS main_structure_done, make_date(getvariable('year'), 10, 31) AS contract_finish_on,
    CAST(NULL AS DATE) AS extended_to,
    make_date(getvariable('year'), CASE WHEN plan IN ('FND-5', 'PER-1') THEN 11 ELSE 10 END, 1) AS finished_on,
    CASE WHEN plan IN ('FND-1', 'FND-2', 'FND-4') THEN NULL ELSE make_date(getvariable('year'), 11, 20) END AS accepted_on,
    CASE WHEN plan IN ('FND-1', 'FND-2', 'FND-4') THEN NULL ELSE make_date(getvariable('year'), 12, 10) END AS settlement_reviewed_on,
    make_date(getvariable('year') - 1, 9, 1) AS village_applied_on,
    CASE plan WHEN 'LIB-1' THEN NULL ELSE make_date(getvariable('year') - 1, 9, 20) END AS township_reviewed_on,
    make_date(getvariable('year') - 1, 10, 20) AS county_approved_on, make_date(getvariable('year'), 3, 1) AS first_spent_on,
    CASE plan WHEN 'FND-7' THEN make_date(getvariable('year'), 5, 31) END AS season_end_on,
    make_date(getvariable('year'), 6, 30) AS performance_monitored_on, CASE plan WHEN 'PER-1' THEN NULL ELSE '无偏差' END AS performance_cause
FROM planned_projects ORDER BY project_id;
CREATE OR REPLACE TEMP TABLE allocations_out AS
SELECT 'F' || substr(project_id, 2) AS allocation_id, area_code, project_id, CAST(contract AS DECIMAL(18,2)) AS amount,
    make_date(getvariable('year'), 2, 1) AS received_on,
    make_date(getvariable('year'), CASE WHEN draw(i * 10 + k, 'disbursed late') < 60000 THEN 4 ELSE 2 END, 20) AS disbursed_on
FROM planned_projects ORDER BY allocation_id;
CREATE OR REPLACE TEMP TABLE planned_assets AS
SELECT 'E' || substr(project_id, 2) AS asset_id, area_code, project_id, i, k,
    ['AST-1', 'AST-2', 'AST-3'][1 + draw(i * 10 + k, 'asset plan') // 50000] AS plan FROM planned_projects;
CREATE OR REPLACE TEMP TABLE assets_out AS
SELECT asset_id, area_code, project_id, CAST(300000 AS DECIMAL(18,2)) AS cost, 'operating' AS asset_kind,
    CASE plan WHEN 'AST-2' THEN 'personal' ELSE 'village_collective' END AS owner_kind, true AS lease_active,
    plan IS DISTINCT FROM 'AST-1' AS lease_states_owner, CAST(0.06 AS DECIMAL(9,4)) AS lease_rate,
    CAST(CASE plan WHEN 'AST-3' THEN 9000 ELSE 18000 END AS DECIMAL(18,2)) AS lease_received FROM planned_assets ORDER BY asset_id;
CREATE OR REPLACE TEMP TABLE planned_proceeds AS
SELECT 'Y' || substr(project_id, 2) AS proceeds_id, area_code, project_id,
    ['PRO-1', 'PRO-2'][1 + draw(i * 10 + k, 'proceeds plan') // 60000] AS plan FROM planned_projects;
CREATE OR REPLACE TEMP TABLE proceeds_out AS
SELECT proceeds_id, area_code, project_id, CAST(getvariable('year') - 1 AS INTEGER) AS year,
    CAST(18000 AS DECIMAL(18,2)) AS distributable, CAST(CASE plan WHEN 'PRO-1' THEN 7000 WHEN 'PRO-2' THEN 17000 ELSE 18000 END AS DECIMAL(18,2)) AS distributed,
    CASE plan WHEN 'PRO-2' THEN 'company' ELSE 'village' END AS holder_kind FROM planned_proceeds ORDER BY proceeds_id;
CREATE OR REPLACE TEMP TABLE planned_notices AS
SELECT upper(kind[1]) || area_code AS notice_id, area_code, kind,
    CASE
        WHEN kind = 'plan' AND draw(i, 'notice plan') < 150000 THEN 'NTC-3'
        WHEN kind = 'completion' AND draw(i, 'notice plan') BETWEEN 150000 AND 299999 THEN 'NTC-4'
        WHEN kind = 'allocation' AND draw(i, 'notice plan 2') < 150000 THEN 'NTC-1'
        WHEN kind = 'allocation' AND draw(i, 'notice plan 2') < 300000 THEN 'NTC-2'
    END AS plan
FROM towns, (VALUES ('allocation'), ('plan'), ('completion')) AS t (kind);
CREATE OR REPLACE TEMP TABLE notices_out AS
SELECT notice_id, area_code, kind, CAST(getvariable('year') AS INTEGER) AS year, make_date(getvariable('year'), 3, 1) AS event_on,
    make_date(getvariable('year'), CASE plan WHEN 'NTC-2' THEN 4 ELSE 3 END, 10) AS published_on, plan IS NOT DISTINCT FROM 'NTC-1' AS requires_login
FROM planned_notices WHERE plan IS NULL OR plan NOT IN ('NTC-3', 'NTC-4') ORDER BY notice_id;
CREATE OR REPLACE TEMP TABLE hotlines_out AS
SELECT area_code, getvariable('year') || '-' || lpad(CAST(m AS VARCHAR), 2, '0') AS period, 160 AS calls,
    CASE WHEN draw(i * 100 + m, 'unanswered') < 300000 THEN 120 ELSE 150 END AS answered
FROM counties, range(1, 13) AS r (m) ORDER BY area_code, period;
CREATE OR REPLACE TEMP TABLE discipline_out AS
SELECT 'U' || area_code AS decision_id, 'O' || area_code AS official_id,
    CASE WHEN draw(i, 'promoted') < 700000 THEN DATE '2023-05-01' ELSE DATE '2021-05-01' END AS decided_on, 6 AS effect_months
FROM towns WHERE draw(i, 'discipline') < 400000 ORDER BY area_code;
CREATE OR REPLACE TEMP TABLE appointments_out AS
SELECT 'I' || area_code AS appointment_id, 'O' || area_code AS official_id, area_code, DATE '2023-09-01' AS appointed_on, true AS higher
FROM towns ORDER BY area_code;
