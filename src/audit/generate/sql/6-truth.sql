-- What was planted: each of these is flagged by its rule.
CREATE OR REPLACE TEMP TABLE registered AS SELECT i, household_id, income_plan, roster_plan FROM homes WHERE roster_plan IS DISTINCT FROM 'deregistered';
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
)
SELECT DISTINCT rule_id, subject_type, subject_id, household_id FROM planted ORDER BY rule_id, subject_id;
