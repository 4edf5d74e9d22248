-- Everything that belongs to a village, township or county.
CREATE OR REPLACE TEMP TABLE places AS
SELECT area_code, any_value(village_name) AS village_name, count(*) AS homes, min(i) AS i FROM homes GROUP BY area_code;
CREATE OR REPLACE TEMP TABLE towns AS
SELECT substr(area_code, 1, 9) || '000' AS area_code, min(i) AS i FROM places GROUP BY 1;
CREATE OR REPLACE TEMP TABLE villages_out AS
SELECT area_code, village_name, CAST(homes * 4 AS INTEGER) AS household_count, CAST(homes * 13 AS INTEGER) AS resident_count FROM places ORDER BY area_code;
CREATE OR REPLACE TEMP TABLE trainings_out AS
SELECT 'X' || area_code AS training_id, area_code, between_days(i, 'training', DATE '2023-03-01', 500) AS held_on,
    among(i, 'topic', ['养殖技术', '种植技术', '家政服务', '电焊']) AS topic FROM towns ORDER BY area_code;
CREATE OR REPLACE TEMP TABLE post_quotas_out AS
SELECT area_code, post_type, 40 AS needed FROM places, (VALUES ('cleaner'), ('ranger'), ('road_keeper')) AS t (post_type) ORDER BY area_code, post_type;
CREATE OR REPLACE TEMP TABLE loan_products_out AS
SELECT 'Q' || area_code AS product_id, area_code, 18 AS min_age, 65 AS max_age, 0 AS min_livestock, false AS designated_seller,
    CAST(50000 AS DECIMAL(18,2)) AS max_amount FROM towns ORDER BY area_code;
CREATE OR REPLACE TEMP TABLE projects_out AS
SELECT 'M' || area_code AS project_id, area_code, among(i, 'project', ['道路硬化', '饮水巩固', '光伏维护', '大棚建设']) || '项目' AS name,
    CAST(getvariable('year') AS INTEGER) AS year, CAST(400000 + draw(i, 'contract') AS DECIMAL(18,2)) AS contract_amount,
    CAST(round((400000 + draw(i, 'contract')) * 95 / 100, 2) AS DECIMAL(18,2)) AS paid_amount, CAST(1 AS DECIMAL(9,4)) AS progress,
    true AS main_structure_done, make_date(getvariable('year'), 10, 31) AS contract_finish_on, CAST(NULL AS DATE) AS extended_to,
    make_date(getvariable('year'), 10, 1) AS finished_on, make_date(getvariable('year'), 10, 20) AS accepted_on,
    make_date(getvariable('year'), 11, 10) AS settlement_reviewed_on, make_date(getvariable('year') - 1, 9, 1) AS village_applied_on,
    make_date(getvariable('year') - 1, 9, 20) AS township_reviewed_on, make_date(getvariable('year') - 1, 10, 20) AS county_approved_on,
    make_date(getvariable('year'), 3, 1) AS first_spent_on, CAST(NULL AS DATE) AS season_end_on,
    make_date(getvariable('year'), 6, 30) AS performance_monitored_on, '无偏差' AS performance_cause
FROM towns ORDER BY area_code;
CREATE OR REPLACE TEMP TABLE allocations_out AS
SELECT 'F' || area_code AS allocation_id, area_code, 'M' || area_code AS project_id, CAST(400000 + draw(i, 'contract') AS DECIMAL(18,2)) AS amount,
    make_date(getvariable('year'), 2, 1) AS received_on, make_date(getvariable('year'), 2, 20) AS disbursed_on FROM towns ORDER BY area_code;
CREATE OR REPLACE TEMP TABLE assets_out AS
SELECT 'E' || area_code AS asset_id, area_code, 'M' || area_code AS project_id, CAST(300000 AS DECIMAL(18,2)) AS cost, 'operating' AS asset_kind,
    'village_collective' AS owner_kind, true AS lease_active, true AS lease_states_owner, CAST(0.06 AS DECIMAL(9,4)) AS lease_rate,
    CAST(18000 AS DECIMAL(18,2)) AS lease_received FROM towns ORDER BY area_code;
CREATE OR REPLACE TEMP TABLE proceeds_out AS
SELECT 'Y' || area_code AS proceeds_id, area_code, 'M' || area_code AS project_id, CAST(getvariable('year') - 1 AS INTEGER) AS year,
    CAST(18000 AS DECIMAL(18,2)) AS distributable, CAST(18000 AS DECIMAL(18,2)) AS distributed, 'village' AS holder_kind FROM towns ORDER BY area_code;
CREATE OR REPLACE TEMP TABLE notices_out AS
SELECT upper(kind[1]) || area_code AS notice_id, area_code, kind, CAST(getvariable('year') AS INTEGER) AS year,
    make_date(getvariable('year'), 3, 1) AS event_on, make_date(getvariable('year'), 3, 10) AS published_on, false AS requires_login
FROM towns, (VALUES ('allocation'), ('plan'), ('completion')) AS t (kind) ORDER BY notice_id;
CREATE OR REPLACE TEMP TABLE hotlines_out AS
SELECT DISTINCT substr(area_code, 1, 6) || '000000' AS area_code, CAST(getvariable('year') AS VARCHAR) AS period, 160 AS calls, 150 AS answered
FROM towns ORDER BY area_code;
CREATE OR REPLACE TEMP TABLE discipline_out AS
SELECT 'U' || area_code AS decision_id, 'O' || area_code AS official_id, DATE '2021-05-01' AS decided_on, 6 AS effect_months
FROM towns WHERE draw(i, 'discipline') < 200000 ORDER BY area_code;
CREATE OR REPLACE TEMP TABLE appointments_out AS
SELECT 'I' || area_code AS appointment_id, 'O' || area_code AS official_id, area_code, DATE '2023-09-01' AS appointed_on, true AS higher
FROM towns ORDER BY area_code;
