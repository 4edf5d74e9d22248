-- One row per registered household, with the facts that household rules may name.
-- A quotient is kept as its two whole parts (name__n over name__d), so that it is never rounded before it is compared;
-- a count with unknown rows is kept as the least and the most that it can be (name__lo, name__hi).
WITH
-- Not materialised: each of its two years is looked up in the table itself.
income AS NOT MATERIALIZED (
    SELECT
        *,
        wage_income + production_income + property_income + transfer_income AS gross,
        wage_income + production_income + property_income + transfer_income - production_expense AS computed_net,
        coalesce(net_income, computed_net) AS net
    FROM incomes
),
members AS (
    SELECT
        household_id,
        count(*) AS present_persons,
        count(*) FILTER (relation IN ('户主', '本人或户主')) AS heads,
        count(*) FILTER (relation IS NULL) AS relations_unknown
    FROM persons
    WHERE left_on IS NULL OR left_on > getvariable('as_of')
    GROUP BY household_id
),
active_posts AS (
    SELECT
        household_id,
        post_type IN ('ranger', 'grass_keeper') AS ecology,
        labour_ability IN ('lost', 'none') AS unable
    FROM posts_with_holders
    WHERE holder_known AND active(started_on, ended_on)
),
posts_held AS (
    SELECT
        household_id,
        count(*) FILTER (NOT ecology) AS service_posts,
        CASE
            WHEN coalesce(bool_or(unable) FILTER (NOT ecology), false) THEN true
            WHEN count(*) FILTER (NOT ecology AND unable IS NULL) = 0 THEN false
        END AS service_holder_unable,
        count(*) FILTER (ecology) AS ecology_posts,
        CASE
            WHEN coalesce(bool_or(unable) FILTER (ecology), false) THEN true
            WHEN count(*) FILTER (ecology AND unable IS NULL) = 0 THEN false
        END AS ecology_holder_unable
    FROM active_posts
    GROUP BY household_id
),
support AS (
    SELECT
        household_id,
        any_true(in_year) AS any_support,
        any_true(in_year AND kind = 'fiscal_dividend') AS fiscal_dividend_support,
        any_true(in_year AND kind = 'pv_dividend') AS pv_dividend_support,
        any_true(in_year AND kind = 'direct_production') AS direct_support,
        any_true(in_year AND kind IN ('fiscal_dividend', 'pv_dividend', 'cash')) AS passive_support,
        any_true(in_year AND kind = 'award') AS award,
        -- A sum with an unknown addend, or with a row that may belong to it, is unknown.
        CASE
            WHEN count(*) FILTER (
                (in_year AND kind = 'award') IS NULL OR (in_year AND kind = 'award' AND amount IS NULL)
            ) = 0
            THEN CAST(coalesce(sum(amount) FILTER (in_year AND kind = 'award'), 0) AS DECIMAL(24,6))
        END AS award_amount
    FROM (SELECT household_id, kind, amount, year = getvariable('audit_year') AS in_year FROM industry_support)
    GROUP BY household_id
),
defective AS (
    SELECT household_id, any_true(open) AS open_defect FROM defect_facts GROUP BY household_id
),
paired AS (
    SELECT household_id, count(*) AS pairings FROM pairings WHERE active(started_on, ended_on) GROUP BY household_id
),
barred AS (
    SELECT household_id, any_true(year(reported_on) = getvariable('audit_year')) AS loan_barrier
    FROM loan_barriers
    GROUP BY household_id
)
SELECT
    h.household_id AS subject_id,
    h.household_id,
    CAST(NULL AS VARCHAR) AS person_id,
    h.area_code,
    h.source_no,
    h.source_row,
    h.household_type = 'lifted' AS lifted,
    h.lifted_year,
    h.monitor_category IS NOT NULL AND h.risk_cleared IS DISTINCT FROM true AS monitored,
    h.monitor_category,
    h.member_count,
    h.phone IS NOT NULL AS phone_known,
    regexp_full_match(h.phone, '1[3-9][0-9]{9}') AS phone_valid,
    y.net,
    sharing(y.household_id, y.population, h.member_count) AS population,
    per_head_over(y.net, sharing(y.household_id, y.population, h.member_count), y.net_income_per_capita) AS pc__n,
    per_head_under(y.household_id, y.net, sharing(y.household_id, y.population, h.member_count)) AS pc__d,
    per_head_over(b.net, sharing(b.household_id, b.population, h.member_count), b.net_income_per_capita) AS pc_prev__n,
    per_head_under(b.household_id, b.net, sharing(b.household_id, b.population, h.member_count)) AS pc_prev__d,
    y.net_income,
    y.net_income_per_capita,
    y.computed_net,
    y.gross,
    y.wage_income,
    y.post_income,
    y.production_income,
    b.production_income AS production_income_prev,
    y.property_income,
    y.share_dividend,
    y.transfer_income,
    y.production_expense,
    coalesce(m.present_persons, 0) AS present_persons,
    coalesce(m.heads, 0) AS heads__lo,
    coalesce(m.heads + m.relations_unknown, 0) AS heads__hi,
    coalesce(p.service_posts, 0) AS service_posts,
    p.service_holder_unable,
    coalesce(p.ecology_posts, 0) AS ecology_posts,
    p.ecology_holder_unable,
    CASE WHEN s.household_id IS NULL THEN false ELSE s.any_support END AS any_support,
    CASE WHEN s.household_id IS NULL THEN false ELSE s.fiscal_dividend_support END AS fiscal_dividend_support,
    CASE WHEN s.household_id IS NULL THEN false ELSE s.pv_dividend_support END AS pv_dividend_support,
    CASE WHEN s.household_id IS NULL THEN false ELSE s.direct_support END AS direct_support,
    CASE WHEN s.household_id IS NULL THEN false ELSE s.passive_support END AS passive_support,
    CASE WHEN s.household_id IS NULL THEN false ELSE s.award END AS award,
    s.award_amount,
    h.enterprise_led,
    h.coop_member,
    CASE WHEN d.household_id IS NULL THEN false ELSE d.open_defect END AS open_defect,
    a.household_id IS NOT NULL AS appraised,
    a.appraised_on AS last_appraised_on,
    a.grade AS last_grade,
    coalesce(h.vacant_since <= getvariable('as_of'), false) AS vacant,
    coalesce(c.pairings, 0) AS active_pairings,
    CASE WHEN l.household_id IS NULL THEN false ELSE l.loan_barrier END AS loan_barrier
FROM households AS h
LEFT JOIN income AS y ON y.household_id = h.household_id AND y.year = getvariable('audit_year')
LEFT JOIN income AS b ON b.household_id = h.household_id AND b.year = getvariable('audit_year') - 1
LEFT JOIN members AS m ON m.household_id = h.household_id
LEFT JOIN posts_held AS p ON p.household_id = h.household_id
LEFT JOIN support AS s ON s.household_id = h.household_id
LEFT JOIN defective AS d ON d.household_id = h.household_id
LEFT JOIN last_appraisal AS a ON a.household_id = h.household_id
LEFT JOIN paired AS c ON c.household_id = h.household_id
LEFT JOIN barred AS l ON l.household_id = h.household_id
WHERE h.deregistered_on IS NULL OR h.deregistered_on > getvariable('as_of')
