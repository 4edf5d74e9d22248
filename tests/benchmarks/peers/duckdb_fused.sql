-- The ten rules as one person would fuse them for files known to be clean: all household rules in one look at each household.
-- Shared identity numbers are sought by their hashes first: grouping whole numbers takes more memory.
WITH yearly AS (
    SELECT household_id, year, population, net_income, net_income_per_capita, share_dividend,
        wage_income + production_income + property_income + transfer_income - production_expense AS computed_net,
        coalesce(net_income, computed_net) AS net
    FROM incomes WHERE year IN (2023, 2024)
), member AS NOT MATERIALIZED (
    SELECT person_id, household_id, labour_ability, CASE WHEN length(id_number) >= 18 THEN upper(left(id_number, 18)) END AS first18,
        left_on IS NULL OR left_on > DATE '2024-12-31' AS present
    FROM persons
), registered AS (
    SELECT * FROM households WHERE deregistered_on IS NULL OR deregistered_on > DATE '2024-12-31'
), present_persons AS (
    SELECT household_id, count(*) AS n FROM member WHERE present GROUP BY household_id
), active_posts AS MATERIALIZED (
    SELECT post_id, t.post_type, m.person_id, m.household_id, m.labour_ability
    FROM posts AS t LEFT JOIN member AS m USING (person_id)
    WHERE (started_on IS NULL OR started_on <= DATE '2024-12-31') AND (ended_on IS NULL OR ended_on >= DATE '2024-12-31')
        AND (started_on IS NULL OR ended_on IS NULL OR started_on <= ended_on)
), unable AS (
    SELECT DISTINCT household_id FROM active_posts
    WHERE post_type NOT IN ('ranger', 'grass_keeper') AND labour_ability IN ('lost', 'none')
), per_head AS (
    SELECT h.*, y.net, y.net_income, y.computed_net, y.share_dividend, coalesce(m.n, 0) AS present, u.household_id IS NOT NULL AS unable,
        CASE WHEN y.population > 0 THEN y.population WHEN h.member_count > 0 THEN h.member_count END AS heads,
        CASE WHEN b.population > 0 THEN b.population WHEN h.member_count > 0 THEN h.member_count END AS heads_before,
        CASE WHEN y.net IS NOT NULL AND heads IS NOT NULL THEN y.net ELSE y.net_income_per_capita END AS n,
        CASE WHEN y.net IS NOT NULL AND heads IS NOT NULL THEN heads ELSE 1 END AS d,
        CASE WHEN b.net IS NOT NULL AND heads_before IS NOT NULL THEN b.net ELSE b.net_income_per_capita END AS n_before,
        CASE WHEN b.net IS NOT NULL AND heads_before IS NOT NULL THEN heads_before ELSE 1 END AS d_before
    FROM registered AS h
    LEFT JOIN yearly AS y ON y.household_id = h.household_id AND y.year = 2024
    LEFT JOIN yearly AS b ON b.household_id = h.household_id AND b.year = 2023
    LEFT JOIN present_persons AS m ON m.household_id = h.household_id
    LEFT JOIN unable AS u ON u.household_id = h.household_id
), flags AS (
    SELECT household_id, list_filter([
        CASE WHEN n * d_before * 100 < (n_before * 100 - abs(n_before)) * d THEN 'INC-2' END,
        CASE WHEN household_type = 'lifted' AND n < 4000 * d THEN 'INC-3' END,
        CASE WHEN household_type = 'lifted' AND lifted_year < 2024 AND n < 4000 * d
            AND (monitor_category IS NULL OR risk_cleared IS NOT DISTINCT FROM true) THEN 'INC-4' END,
        CASE WHEN household_type = 'lifted' AND n >= 4000 * d AND net - share_dividend < 4000 * heads THEN 'INC-6' END,
        CASE WHEN abs(net_income - computed_net) > 1 THEN 'INC-9' END,
        CASE WHEN member_count <> present THEN 'HHD-1' END,
        CASE WHEN NOT regexp_full_match(phone, '1[3-9][0-9]{9}') THEN 'HHD-3' END,
        CASE WHEN unable THEN 'PW-5' END
    ], lambda rule: rule IS NOT NULL) AS rules
    FROM per_head
), numbered AS (
    SELECT person_id, first18 FROM member ANTI JOIN (FROM households WHERE deregistered_on <= DATE '2024-12-31') USING (household_id)
    WHERE present AND first18 IS NOT NULL
)
SELECT unnest(rules) AS rule_id, household_id AS subject_id FROM flags WHERE len(rules) > 0
UNION ALL
SELECT 'ID-4', person_id FROM (FROM numbered WHERE hash(first18) IN (SELECT hash(first18) FROM numbered GROUP BY ALL HAVING count(*) > 1))
QUALIFY count(*) OVER (PARTITION BY first18) > 1
UNION ALL
SELECT 'PW-10', post_id FROM active_posts WHERE person_id IS NULL
