-- What was planted, with what follows from it: each of these is flagged by its rule.
CREATE OR REPLACE TEMP TABLE registered AS SELECT i, household_id, area_code, income_plan, roster_plan, home_plan, village_plan FROM homes WHERE roster_plan IS DISTINCT FROM 'deregistered';
CREATE OR REPLACE TEMP TABLE truth_out AS
WITH planted AS (
    SELECT income_plan AS rule_id, 'household' AS subject_type, household_id AS subject_id, household_id
    FROM registered WHERE income_plan IN ('INC-1', 'INC-2', 'INC-3', 'INC-4', 'INC-6', 'INC-7', 'INC-9', 'INC-10')
    UNION ALL
    SELECT 'INC-3', 'household', household_id, household_id FROM registered WHERE income_plan = 'INC-4'
    UNION ALL
    SELECT 'INC-4', 'household', household_id, household_id FROM registered WHERE income_plan = 'INC-3'
    UNION ALL
    SELECT 'INC-8', 'household', household_id, household_id FROM registered JOIN post_money USING (i)
    WHERE income_plan = 'INC-8' AND post_income > 0
    UNION ALL
    SELECT roster_plan, 'household', household_id, household_id FROM registered WHERE roster_plan IN ('HHD-1', 'HHD-2', 'HHD-3')
    UNION ALL
    SELECT p.person_plan, 'person', p.person_id, p.household_id FROM persons_out AS p JOIN registered USING (i)
    WHERE p.person_plan IN ('ID-1', 'ID-2', 'ID-3', 'ID-4', 'LAB-1', 'LAB-2', 'LAB-3')
    UNION ALL
    SELECT unnest(['ID-1', 'ID-5']), 'person', p.person_id, p.household_id FROM persons_out AS p JOIN registered USING (i)
    WHERE p.person_plan = 'ID-5' AND substr(p.id_number, 1, 17) NOT IN (SELECT digits FROM people)
        AND list_sum(list_transform(range(1, 18), lambda k: CAST(substr(p.id_number, CAST(k AS INTEGER), 1) AS INTEGER)
            * [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2][k])) % 11
            <> position(substr(p.id_number, 18, 1) IN '10X98765432') - 1
    UNION ALL
    SELECT unnest(CASE plan WHEN 'PW-9' THEN ['PW-2', 'PW-9'] WHEN 'PW-2' THEN ['PW-2'] WHEN 'PW-3' THEN ['PW-3'] ELSE ['PW-7'] END),
        'post', 'G' || lpad(CAST(n * 10 + 1 AS VARCHAR), 13, '0'), household_id
    FROM holders WHERE plan IN ('PW-9', 'PW-2', 'PW-3', 'PW-7') AND NOT (plan = 'PW-9' AND sex IS NULL)
    UNION ALL
    SELECT plan, 'person', person_id, household_id FROM holders WHERE plan IN ('PW-4', 'PW-8')
    UNION ALL
    SELECT plan, 'household', household_id, household_id FROM holders WHERE plan IN ('PW-5', 'PW-6')
    UNION ALL
    SELECT 'PW-10', 'post', 'G' || lpad(CAST(i * 100 AS VARCHAR), 13, '0'), NULL FROM homes WHERE draw(i, 'unknown holder') < 500
    UNION ALL
    -- Holders of 80 and more can't work.
    SELECT CASE WHEN t.post_type IN ('ranger', 'grass_keeper') THEN 'PW-6' ELSE 'PW-5' END, 'household', h.household_id, h.household_id
    FROM holders AS h JOIN posts_held AS t USING (n) WHERE h.plan = 'PW-3' AND h.labour_ability IN ('lost', 'none')
    UNION ALL
    SELECT 'IND-8', 'household', household_id, household_id FROM registered WHERE income_plan = 'INC-2'
    UNION ALL
    SELECT 'IND-9', 'household', household_id, household_id FROM registered WHERE income_plan = 'INC-1'
    UNION ALL
    SELECT unnest(['INC-1', 'IND-9']), 'household', e.household_id, e.household_id FROM earned AS e JOIN registered USING (i) WHERE e.made_up = 'FAB-3'
    UNION ALL
    SELECT home_plan, 'household', household_id, household_id FROM registered WHERE home_plan IN ('IND-5', 'IND-6', 'HOU-3', 'HOU-6')
    UNION ALL
    -- Whoever has a relative's number has their birth date and sex too, and the relative shares the number.
    SELECT unnest(['ID-2', 'ID-3']), 'person', p.person_id, p.household_id FROM persons_out AS p JOIN registered USING (i)
    WHERE p.person_plan = 'ID-4'
    UNION ALL
    SELECT 'ID-4', 'person', o.person_id, o.household_id FROM persons_out AS p JOIN registered USING (i) JOIN persons_out AS o ON o.n = p.n - 1
    WHERE p.person_plan = 'ID-4'
    UNION ALL
    -- An unsafe home after its renovation is an unsafe home that is lived in.
    SELECT 'HOU-6', 'household', household_id, household_id FROM registered WHERE home_plan = 'HOU-7'
    UNION ALL
    SELECT 'LN-1', 'household', household_id, household_id FROM registered WHERE draw(i, 'barrier met') < 10000
    UNION ALL
    SELECT 'HLP-3', 'household', household_id, household_id FROM registered WHERE draw(i, 'unpaired') < 5000 AND home_plan IS NULL
    UNION ALL
    SELECT home_plan, kind, letter || lpad(CAST(i AS VARCHAR), 11, '0'), household_id
    FROM homes JOIN (VALUES
        ('DIV-1', 'dividend_contract', 'C'), ('HOU-1', 'renovation', 'R'), ('HOU-7', 'renovation', 'R'), ('HOU-2', 'defect', 'D'),
        ('HOU-4', 'yard_wall', 'W'), ('HOU-5', 'yard_wall', 'W'), ('HLP-1', 'pairing', 'J'), ('LN-4', 'loan_application', 'L')
    ) AS t (home_plan, kind, letter) USING (home_plan)
    UNION ALL
    SELECT 'IND-1', 'industry_support', 'S' || lpad(CAST(i * 10 + 1 AS VARCHAR), 12, '0'), household_id FROM homes WHERE home_plan = 'IND-1'
    UNION ALL
    SELECT 'EMP-2', 'training_need', n.need_id, p.household_id FROM training_needs_out AS n JOIN persons_out AS p USING (person_id) WHERE n.met_on IS NULL
    UNION ALL
    SELECT 'HLP-2', 'helper', helper_id, NULL FROM helpers_out
    WHERE phone_status = 'empty' AND helper_id IN (SELECT helper_id FROM pairings_out)
    UNION ALL
    -- A household that is no longer registered has nobody present.
    SELECT 'CAD-2', 'subsidy_payment', p.payment_id, p.household_id FROM subsidy_payments_out AS p JOIN homes AS h USING (household_id)
    WHERE p.holder_id_number IS NOT NULL AND (h.home_plan = 'CAD-2' OR h.roster_plan = 'deregistered')
    UNION ALL
    SELECT 'CAD-3', 'subsidy_payment', payment_id, household_id FROM subsidy_payments_out
    WHERE account_number IN (SELECT account_number FROM subsidy_payments_out WHERE payment_id LIKE 'K9%')
    UNION ALL
    -- Incomes that are the same in many households are round ones here.
    SELECT unnest(CASE village_plan WHEN 'FAB-1' THEN ['FAB-1', 'FAB-2'] ELSE [village_plan] END), 'village', area_code, NULL
    FROM (
        SELECT village_plan, area_code FROM registered
        WHERE village_plan IN ('EMP-1', 'FAB-1', 'FAB-2', 'FAB-3', 'FAB-4', 'FAB-5') GROUP BY ALL HAVING count(*) >= 50
    )
    UNION ALL
    SELECT 'LN-3', 'village', area_code, NULL FROM homes JOIN loan_applications_out USING (household_id) WHERE village_plan = 'LN-3'
    GROUP BY ALL HAVING count(*) FILTER (status <> 'pending') >= 20
    UNION ALL
    SELECT 'PW-1', 'village_post_type', t.area_code || '|' || t.post_type, NULL FROM posts_out AS t JOIN places AS p USING (area_code)
    WHERE p.plan = 'PW-1' AND t.ended_on IS NULL AND t.post_type IN ('cleaner', 'ranger', 'road_keeper')
    UNION ALL
    SELECT unnest(CASE plan WHEN 'FND-1' THEN ['FND-1', 'FND-2'] WHEN 'PER-1' THEN ['FND-5', 'PER-1'] ELSE [plan] END), 'project', project_id, NULL
    FROM planned_projects WHERE plan IS NOT NULL
    UNION ALL
    SELECT 'FND-6', 'allocation', allocation_id, NULL FROM allocations_out WHERE month(disbursed_on) = 4
    UNION ALL
    SELECT plan, 'asset', asset_id, NULL FROM planned_assets WHERE plan IS NOT NULL
    UNION ALL
    SELECT plan, 'proceeds', proceeds_id, NULL FROM planned_proceeds WHERE plan IS NOT NULL
    UNION ALL
    SELECT plan, CASE WHEN plan IN ('NTC-3', 'NTC-4') THEN 'township' ELSE 'notice' END,
        CASE WHEN plan IN ('NTC-3', 'NTC-4') THEN area_code ELSE notice_id END, NULL FROM planned_notices WHERE plan IS NOT NULL
    UNION ALL
    SELECT 'LN-2', 'loan_product', product_id, NULL FROM loan_products_out WHERE max_age = 60
    UNION ALL
    SELECT 'HOT-1', 'hotline', area_code || '|' || period, NULL FROM hotlines_out WHERE answered = 120
    UNION ALL
    SELECT 'CAD-1', 'appointment', 'I' || substr(decision_id, 2), NULL FROM discipline_out WHERE decided_on = DATE '2023-05-01'
)
SELECT DISTINCT rule_id, subject_type, subject_id, household_id FROM planted ORDER BY rule_id, subject_id;
