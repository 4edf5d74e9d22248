-- The same rules as one person would write them for one registry whose Parquet files are known to be clean:
-- facts once, one flagging query per subject, findings to Parquet. No contract, no areas, no row numbers, no pages.
CREATE TABLE held AS
SELECT t.post_id, t.person_id, t.post_type, t.annual_pay, t.attendance_days,
    (t.started_on IS NULL OR t.started_on <= getvariable('as_of')) AND (t.ended_on IS NULL OR t.ended_on >= getvariable('as_of'))
        AND (t.started_on IS NULL OR t.ended_on IS NULL OR t.started_on <= t.ended_on) AS active
FROM posts AS t;

CREATE TABLE person AS
WITH numbered AS (
    SELECT p.*, h.area_code, upper(trim(p.id_number)) AS number,
        h.household_id IS NOT NULL AND (h.deregistered_on IS NULL OR h.deregistered_on > getvariable('as_of'))
            AND (p.left_on IS NULL OR p.left_on > getvariable('as_of')) AS present
    FROM persons AS p LEFT JOIN households AS h USING (household_id)
), parsed AS (
    SELECT *, length(number) IN (18, 20, 22) AND regexp_full_match(number[1:18], '[0-9]{17}[0-9X]') AS shaped,
        CASE WHEN shaped THEN TRY_CAST(number[7:10] || '-' || number[11:12] || '-' || number[13:14] AS DATE) END AS coded,
        CASE WHEN shaped THEN CAST(number[1:17] AS BIGINT) END AS d
    FROM numbered
), checked AS (
    SELECT *, CASE
        WHEN number IS NULL THEN 'blank'
        WHEN length(number) NOT IN (18, 20, 22) THEN 'length'
        WHEN NOT shaped THEN 'characters'
        WHEN coded IS NULL THEN 'date'
        WHEN coded > getvariable('as_of') THEN 'future'
        WHEN date_sub('year', coded, getvariable('as_of')) >= 121 THEN 'age'
        WHEN substr('10X98765432', CAST((d // 10000000000000000 * 7 + d // 1000000000000000 % 10 * 9
            + d // 100000000000000 % 10 * 10 + d // 10000000000000 % 10 * 5 + d // 1000000000000 % 10 * 8
            + d // 100000000000 % 10 * 4 + d // 10000000000 % 10 * 2 + d // 1000000000 % 10 + d // 100000000 % 10 * 6
            + d // 10000000 % 10 * 3 + d // 1000000 % 10 * 7 + d // 100000 % 10 * 9 + d // 10000 % 10 * 10
            + d // 1000 % 10 * 5 + d // 100 % 10 * 8 + d // 10 % 10 * 4 + d % 10 * 2) % 11 + 1 AS INTEGER), 1)
            <> number[18] THEN 'check' END AS fault
    FROM parsed
), shared AS (
    SELECT number[1:18] AS first18 FROM numbered WHERE present AND length(number) >= 18 GROUP BY ALL HAVING count(*) > 1
), posts_of AS (
    SELECT person_id, count(DISTINCT post_type) AS types, count(*) FILTER (post_type IS NULL) AS untyped,
        count(*) FILTER (active) AS active_posts
    FROM held GROUP BY person_id
)
SELECT coalesce(c.person_id, o.person_id) AS person_id, c.household_id, c.area_code, coalesce(c.present, false) AS present,
    c.sex, c.birth_date, c.relation, c.student_status, c.health, c.labour_ability, c.number, c.fault,
    CASE WHEN c.fault IS NULL THEN c.coded END AS number_birth,
    CASE WHEN c.fault IS NULL THEN CASE WHEN c.d % 2 = 1 THEN 'male' ELSE 'female' END END AS number_sex,
    CASE WHEN fault IS NULL AND c.person_id IS NOT NULL THEN date_sub('year', c.coded, getvariable('as_of'))
        WHEN c.birth_date IS NULL THEN c.age
        WHEN c.birth_date <= getvariable('as_of') THEN date_sub('year', c.birth_date, getvariable('as_of')) END AS age,
    s.first18 IS NOT NULL AND c.present AS number_shared,
    coalesce(o.types, 0) AS types, coalesce(o.untyped, 0) AS untyped, coalesce(o.active_posts, 0) AS active_posts,
    o.person_id IS NOT NULL AS ever_held, c.person_id IS NOT NULL AS registered
FROM checked AS c
FULL JOIN posts_of AS o USING (person_id)
LEFT JOIN shared AS s ON s.first18 = c.number[1:18];

CREATE TABLE graded AS
SELECT household_id, max(appraised_on) AS appraised_on, arg_max(grade, (appraised_on, appraisal_id)) AS grade
FROM appraisals WHERE appraised_on <= getvariable('as_of') GROUP BY household_id;

CREATE TABLE defect AS
SELECT *, reported_on <= getvariable('as_of') AND (resolved_on IS NULL OR resolved_on > getvariable('as_of')) AS open FROM defects;

CREATE TABLE pairing AS
WITH made AS (
    SELECT household_id, helper_id, count(*) FILTER (mode = 'home') AS visits
    FROM visits WHERE year(visited_on) = getvariable('audit_year') AND visited_on <= getvariable('as_of') GROUP BY ALL
)
SELECT p.*, (started_on IS NULL OR started_on <= getvariable('as_of')) AND (ended_on IS NULL OR ended_on >= getvariable('as_of'))
        AND (started_on IS NULL OR ended_on IS NULL OR started_on <= ended_on) AS active,
    least(coalesce(ended_on, getvariable('as_of')), getvariable('as_of'), make_date(getvariable('audit_year'), 12, 31))
        - greatest(coalesce(started_on, make_date(getvariable('audit_year'), 1, 1)), make_date(getvariable('audit_year'), 1, 1)) + 1 AS days,
    coalesce(o.visits, 0) + coalesce(u.visits, 0) AS visits
FROM pairings AS p
LEFT JOIN made AS o ON o.household_id = p.household_id AND o.helper_id = p.helper_id
LEFT JOIN (FROM made WHERE helper_id IS NULL) AS u ON u.household_id = p.household_id;

CREATE TABLE household AS
WITH yearly AS (
    SELECT i.*, coalesce(i.net_income, i.wage_income + i.production_income + i.property_income + i.transfer_income
            - i.production_expense) AS net,
        i.wage_income + i.production_income + i.property_income + i.transfer_income AS gross,
        CASE WHEN i.population > 0 THEN i.population WHEN h.member_count > 0 THEN h.member_count END AS people
    FROM incomes AS i JOIN households AS h USING (household_id)
    WHERE i.year IN (getvariable('audit_year'), getvariable('audit_year') - 1)
), per_head AS (
    SELECT *, CASE WHEN net IS NOT NULL AND people IS NOT NULL THEN net ELSE net_income_per_capita END AS pcn,
        CASE WHEN net IS NOT NULL AND people IS NOT NULL THEN people ELSE 1 END AS pcd
    FROM yearly
), members AS (
    SELECT household_id, count(*) AS present, count(*) FILTER (relation IN ('户主', '本人或户主')) AS heads,
        count(*) FILTER (relation IS NULL) AS unrelated
    FROM persons WHERE left_on IS NULL OR left_on > getvariable('as_of') GROUP BY household_id
), jobs AS (
    SELECT p.household_id,
        count(*) FILTER (post_type NOT IN ('ranger', 'grass_keeper')) AS service,
        bool_or(labour_ability IN ('lost', 'none')) FILTER (post_type NOT IN ('ranger', 'grass_keeper')) AS service_unable,
        count(*) FILTER (post_type IN ('ranger', 'grass_keeper')) AS ecology,
        bool_or(labour_ability IN ('lost', 'none')) FILTER (post_type IN ('ranger', 'grass_keeper')) AS ecology_unable
    FROM held JOIN persons AS p USING (person_id) WHERE active GROUP BY p.household_id
), support AS (
    SELECT household_id, count(*) AS supports, count(*) FILTER (kind = 'award') AS awards, sum(amount) FILTER (kind = 'award') AS award_amount,
        count(*) FILTER (kind = 'direct_production') AS direct, count(*) FILTER (kind IN ('fiscal_dividend', 'pv_dividend', 'cash')) AS passive
    FROM industry_support WHERE year = getvariable('audit_year') GROUP BY household_id
), bad AS (
    SELECT household_id, count(*) AS open_defects FROM defect WHERE open GROUP BY household_id
), paired AS (
    SELECT household_id, count(*) AS pairings FROM pairing WHERE active GROUP BY household_id
), barred AS (
    SELECT DISTINCT household_id FROM loan_barriers WHERE year(reported_on) = getvariable('audit_year')
)
SELECT h.household_id, h.area_code, h.household_type = 'lifted' AS lifted, h.lifted_year, h.member_count, h.phone,
    h.monitor_category IS NOT NULL AND h.risk_cleared IS DISTINCT FROM true AS monitored,
    y.* EXCLUDE (household_id, year), b.pcn AS pbn, b.pcd AS pbd, b.production_income AS produced_before,
    coalesce(m.present, 0) AS present, coalesce(m.heads, 0) AS heads, coalesce(m.unrelated, 0) AS unrelated, j.* EXCLUDE (household_id),
    s.* EXCLUDE (household_id), bad.open_defects, g.grade, g.household_id IS NOT NULL AS appraised,
    coalesce(h.vacant_since <= getvariable('as_of'), false) AS vacant, coalesce(c.pairings, 0) AS pairings, l.household_id IS NOT NULL AS barrier
FROM households AS h
LEFT JOIN per_head AS y ON y.household_id = h.household_id AND y.year = getvariable('audit_year')
LEFT JOIN per_head AS b ON b.household_id = h.household_id AND b.year = getvariable('audit_year') - 1
LEFT JOIN members AS m ON m.household_id = h.household_id
LEFT JOIN jobs AS j ON j.household_id = h.household_id
LEFT JOIN support AS s ON s.household_id = h.household_id
LEFT JOIN bad ON bad.household_id = h.household_id
LEFT JOIN graded AS g ON g.household_id = h.household_id
LEFT JOIN paired AS c ON c.household_id = h.household_id
LEFT JOIN barred AS l ON l.household_id = h.household_id
WHERE h.deregistered_on IS NULL OR h.deregistered_on > getvariable('as_of');

CREATE TABLE flagged AS
SELECT unnest(list_filter([
    CASE WHEN pbn > 0 AND abs(pcn * pbd - pbn * pcd) <= 0.01 * pbn * pcd THEN {'rule': 'INC-1', 'severity': 'medium', 'message': '人均纯收入 ' || pcn / pcd || ' 元，上年 ' || pbn / pbd || ' 元，基本持平'} END,
    CASE WHEN pcn * pbd < pbn * pcd - 0.01 * abs(pbn) * pcd THEN {'rule': 'INC-2', 'severity': 'medium', 'message': '人均纯收入 ' || pcn / pcd || ' 元，比上年 ' || pbn / pbd || ' 元下降'} END,
    CASE WHEN lifted AND pcn < 4000 * pcd THEN {'rule': 'INC-3', 'severity': 'medium', 'message': '脱贫户人均纯收入 ' || pcn / pcd || ' 元，低于 4000 元'} END,
    CASE WHEN lifted AND lifted_year < getvariable('audit_year') AND pcn < 4000 * pcd AND NOT monitored THEN {'rule': 'INC-4', 'severity': 'high', 'message': '人均纯收入 ' || pcn / pcd || ' 元，低于 4000 元，未纳入监测'} END,
    CASE WHEN lifted AND pcn >= 4000 * pcd AND net - share_dividend < 4000 * people THEN {'rule': 'INC-6', 'severity': 'high', 'message': '人均纯收入 ' || pcn / pcd || ' 元，扣除分红 ' || share_dividend || ' 元后人均低于 4000 元'} END,
    CASE WHEN gross > 0 AND share_dividend + transfer_income > 0.5 * gross THEN {'rule': 'INC-7', 'severity': 'low', 'message': '总收入 ' || gross || ' 元中，分红 ' || share_dividend || ' 元、转移性收入 ' || transfer_income || ' 元，占比超过 0.5'} END,
    CASE WHEN post_income > 0 AND pcn >= 4000 * pcd AND net - post_income < 4000 * people THEN {'rule': 'INC-8', 'severity': 'medium', 'message': '人均纯收入 ' || pcn / pcd || ' 元，扣除公益性岗位收入 ' || post_income || ' 元后人均低于 4000 元'} END,
    CASE WHEN abs(net_income - (gross - production_expense)) > 1 THEN {'rule': 'INC-9', 'severity': 'medium', 'message': '填报纯收入 ' || net_income || ' 元，按构成计算为 ' || gross - production_expense || ' 元，两者不符'} END,
    CASE WHEN abs(net_income_per_capita * people - net_income) > people THEN {'rule': 'INC-10', 'severity': 'medium', 'message': '填报人均纯收入 ' || net_income_per_capita || ' 元，与纯收入 ' || net_income || ' 元、人口 ' || people || ' 人不符'} END,
    CASE WHEN service_unable THEN {'rule': 'PW-5', 'severity': 'high', 'message': '该户有 ' || service || ' 个服务类公益性岗位，其中有丧失或无劳动能力的人在岗'} END,
    CASE WHEN ecology_unable THEN {'rule': 'PW-6', 'severity': 'high', 'message': '该户有 ' || ecology || ' 个护林员、草管员岗位，其中有丧失或无劳动能力的人在岗'} END,
    CASE WHEN member_count <> present THEN {'rule': 'HHD-1', 'severity': 'medium', 'message': '家庭人口数为 ' || member_count || ' 人，在册人员 ' || present || ' 人'} END,
    CASE WHEN present > 0 AND (heads > 1 OR heads + unrelated < 1) THEN {'rule': 'HHD-2', 'severity': 'medium', 'message': '在册人员 ' || present || ' 人，其中户主 ' || heads || ' 人'} END,
    CASE WHEN NOT regexp_full_match(phone, '1[3-9][0-9]{9}') THEN {'rule': 'HHD-3', 'severity': 'low', 'message': '户联系电话不是有效的手机号码'} END,
    CASE WHEN awards > 0 AND award_amount <= 2000 THEN {'rule': 'IND-5', 'severity': 'low', 'message': '本年产业奖补 ' || award_amount || ' 元，不超过 2000 元'} END,
    CASE WHEN supports > 0 AND direct = 0 AND passive > 0 THEN {'rule': 'IND-6', 'severity': 'medium', 'message': '本年只有分红或直接发放，没有直接发展产业'} END,
    CASE WHEN production_income < produced_before THEN {'rule': 'IND-8', 'severity': 'medium', 'message': '生产经营性收入 ' || production_income || ' 元，上年 ' || produced_before || ' 元，下降'} END,
    CASE WHEN produced_before > 0 AND production_income >= produced_before AND production_income <= 1.03 * produced_before THEN {'rule': 'IND-9', 'severity': 'low', 'message': '生产经营性收入 ' || production_income || ' 元，上年 ' || produced_before || ' 元，增长缓慢'} END,
    CASE WHEN open_defects > 0 AND grade IN ('A', 'B') THEN {'rule': 'HOU-3', 'severity': 'high', 'message': '最近鉴定为 ' || grade || ' 级，但有未整改的住房隐患'} END,
    CASE WHEN appraised AND NOT vacant AND grade IN ('C', 'D') THEN {'rule': 'HOU-6', 'severity': 'high', 'message': '最近鉴定为 ' || grade || ' 级，仍有人居住'} END,
    CASE WHEN pairings = 0 THEN {'rule': 'HLP-3', 'severity': 'medium', 'message': '该户没有有效的结对帮扶'} END,
    CASE WHEN barrier THEN {'rule': 'LN-1', 'severity': 'medium', 'message': '该户本年反映过贷款障碍'} END
], lambda one: one IS NOT NULL)) AS finding, household_id AS subject_id, household_id, area_code,
    {'net': net, 'people': people, 'share_dividend': share_dividend, 'member_count': member_count, 'present': present} AS evidence
FROM household;

CREATE TABLE flagged_person AS
SELECT unnest(list_filter([
    CASE WHEN present AND fault IS NOT NULL THEN {'rule': 'ID-1', 'severity': 'high', 'message': '证件号码无效：' || fault} END,
    CASE WHEN present AND number_sex <> sex THEN {'rule': 'ID-2', 'severity': 'medium', 'message': '登记性别为' || sex || '，证件号码为' || number_sex} END,
    CASE WHEN present AND number_birth <> birth_date THEN {'rule': 'ID-3', 'severity': 'medium', 'message': '登记出生日期为 ' || birth_date || '，证件号码为 ' || number_birth} END,
    CASE WHEN present AND number_shared THEN {'rule': 'ID-4', 'severity': 'high', 'message': '证件号码前 18 位与另一名在册人员相同'} END,
    CASE WHEN present AND starts_with(number, '999999') THEN {'rule': 'ID-5', 'severity': 'medium', 'message': '证件号码以 999999 开头，属代填号码'} END,
    CASE WHEN present AND age < 16 AND labour_ability <> 'none' THEN {'rule': 'LAB-1', 'severity': 'medium', 'message': age || ' 岁，登记为' || labour_ability} END,
    CASE WHEN present AND age >= 16 AND age < 60 AND health = '健康' AND (student_status IS NULL OR student_status = '非在校生') AND labour_ability IN ('weak', 'lost', 'none') THEN {'rule': 'LAB-2', 'severity': 'low', 'message': age || ' 岁，健康状况为健康，登记为' || labour_ability} END,
    CASE WHEN present AND age >= 60 AND labour_ability IN ('ordinary', 'skilled') THEN {'rule': 'LAB-3', 'severity': 'low', 'message': age || ' 岁，登记为' || labour_ability} END,
    CASE WHEN ever_held AND types >= 3 THEN {'rule': 'PW-4', 'severity': 'medium', 'message': '此人先后担任 ' || types || ' 种公益性岗位，达到 3 种'} END,
    CASE WHEN active_posts >= 2 THEN {'rule': 'PW-8', 'severity': 'medium', 'message': '此人同时在 ' || active_posts || ' 个公益性岗位'} END
], lambda one: one IS NOT NULL)) AS finding, person_id AS subject_id, household_id, area_code,
    {'age': age, 'sex': sex, 'fault': fault, 'labour_ability': labour_ability, 'health': health, 'types': types} AS evidence
FROM person;

CREATE TABLE flagged_post AS
SELECT unnest(list_filter([
    CASE WHEN t.active AND ((p.sex = 'male' AND p.age < 50) OR (p.sex = 'female' AND p.age < 40)) THEN {'rule': 'PW-2', 'severity': 'high', 'message': '在岗' || post_type || '为' || p.sex || '，' || p.age || ' 岁，不符合男 50 岁、女 40 岁的上岗年龄'} END,
    CASE WHEN t.active AND p.age >= 80 THEN {'rule': 'PW-3', 'severity': 'high', 'message': '在岗' || post_type || '年龄 ' || p.age || ' 岁，达到或超过 80 岁'} END,
    CASE WHEN t.annual_pay > 0 AND t.attendance_days = 0 THEN {'rule': 'PW-7', 'severity': 'high', 'message': '本年领取岗位补贴 ' || annual_pay || ' 元，出勤 0 天'} END,
    CASE WHEN t.active AND p.age < 40 THEN {'rule': 'PW-9', 'severity': 'medium', 'message': '在岗' || post_type || '年龄 ' || p.age || ' 岁，不满 40 岁'} END,
    CASE WHEN t.active AND p.person_id IS NULL THEN {'rule': 'PW-10', 'severity': 'medium', 'message': '在岗' || post_type || '的承担人不在人员名册中'} END
], lambda one: one IS NOT NULL)) AS finding, t.post_id AS subject_id, p.household_id, p.area_code,
    {'post_type': post_type, 'age': p.age, 'sex': p.sex, 'annual_pay': annual_pay} AS evidence
FROM held AS t LEFT JOIN person AS p ON p.person_id = t.person_id AND p.registered;

CREATE TABLE village AS
WITH homes AS (
    SELECT area_code, count(*) AS households FROM household GROUP BY area_code
), incomes_of AS (
    SELECT h.area_code, h.household_id, [y.wage_income, y.production_income, y.property_income, y.transfer_income, y.production_expense] AS parts,
        [b.wage_income, b.production_income, b.property_income, b.transfer_income, b.production_expense] AS before
    FROM household AS h JOIN incomes AS y ON y.household_id = h.household_id AND y.year = getvariable('audit_year')
    LEFT JOIN incomes AS b ON b.household_id = h.household_id AND b.year = getvariable('audit_year') - 1
), vectors AS (
    SELECT area_code, sum(n) AS income_households, max(n) AS same FROM (
        SELECT area_code, parts, count(*) AS n FROM incomes_of
        WHERE len(list_filter(parts, lambda x: x IS NULL)) = 0 AND list_sum(parts[1:4]) > 0 GROUP BY ALL) GROUP BY area_code
), unchanged AS (
    SELECT area_code, count(*) AS comparable, count(*) FILTER (parts = before) AS same FROM incomes_of
    WHERE len(list_filter(parts, lambda x: x IS NULL)) = 0 AND len(list_filter(before, lambda x: x IS NULL)) = 0 AND len(before) = 5 GROUP BY area_code
), amounts AS (
    SELECT area_code, count(*) AS amounts, count(*) FILTER (x % 100 = 0) AS round, count(*) FILTER (x % 1000 = 0) AS rounder
    FROM (SELECT area_code, unnest(parts) AS x FROM incomes_of) WHERE x > 0 GROUP BY area_code
), county AS (
    SELECT substr(area_code, 1, 6) AS county, sum(amounts) AS amounts, sum(round) AS round, sum(rounder) AS rounder FROM amounts GROUP BY ALL
), phones AS (
    SELECT area_code, max(n) AS sharers FROM (SELECT area_code, phone, count(*) AS n FROM household WHERE phone IS NOT NULL GROUP BY ALL) GROUP BY area_code
), days AS (
    SELECT area_code, max(n) AS visits FROM (
        SELECT h.area_code, v.helper_id, v.visited_on, count(DISTINCT v.household_id) AS n FROM visits AS v JOIN household AS h USING (household_id)
        WHERE v.mode = 'home' AND v.helper_id IS NOT NULL AND year(v.visited_on) = getvariable('audit_year') AND v.visited_on <= getvariable('as_of')
        GROUP BY ALL) GROUP BY area_code
), trained AS (
    SELECT DISTINCT h.area_code FROM homes AS h JOIN trainings AS t ON t.area_code = h.area_code WHERE t.held_on <= getvariable('as_of')
    UNION
    SELECT h.area_code FROM homes AS h JOIN trainings AS t ON t.area_code = substr(h.area_code, 1, 9) || '000' WHERE t.held_on <= getvariable('as_of')
), loans AS (
    SELECT h.area_code, count(*) AS counted, count(*) FILTER (a.status = 'approved') AS approved
    FROM loan_applications AS a JOIN households AS h USING (household_id)
    WHERE a.status <> 'withdrawn' AND year(a.applied_on) = getvariable('audit_year')
        AND (a.decided_on <= getvariable('as_of') OR a.applied_on <= getvariable('as_of') - 60) GROUP BY h.area_code
)
SELECT h.*, v.income_households, v.same, u.comparable, u.same AS unchanged, a.amounts, a.round, a.rounder, c.amounts AS county_amounts,
    c.round AS county_round, c.rounder AS county_rounder, p.sharers, d.visits, t.area_code IS NOT NULL AS trained, l.counted, l.approved
FROM homes AS h LEFT JOIN vectors AS v USING (area_code) LEFT JOIN unchanged AS u USING (area_code) LEFT JOIN amounts AS a USING (area_code)
LEFT JOIN county AS c ON c.county = substr(h.area_code, 1, 6) LEFT JOIN phones AS p USING (area_code) LEFT JOIN days AS d USING (area_code)
LEFT JOIN trained AS t USING (area_code) LEFT JOIN loans AS l USING (area_code);

CREATE TABLE flagged_village AS
SELECT unnest(list_filter([
    CASE WHEN NOT trained THEN {'rule': 'EMP-1', 'severity': 'medium', 'message': '该村 ' || households || ' 户，没有举办过培训'} END,
    CASE WHEN counted >= 20 AND approved < 0.3 * counted THEN {'rule': 'LN-3', 'severity': 'medium', 'message': '本年 ' || counted || ' 件贷款申请批准 ' || approved || ' 件'} END,
    CASE WHEN income_households >= 10 AND same >= 0.3 * income_households THEN {'rule': 'FAB-1', 'severity': 'low', 'message': same || ' 户各项收入完全相同'} END,
    CASE WHEN amounts >= 30 AND (round * county_amounts - county_round * amounts > 0.3 * amounts * county_amounts
        OR rounder * county_amounts - county_rounder * amounts > 0.3 * amounts * county_amounts) THEN {'rule': 'FAB-2', 'severity': 'low', 'message': '整百整千的金额偏多'} END,
    CASE WHEN comparable >= 10 AND unchanged >= 0.3 * comparable THEN {'rule': 'FAB-3', 'severity': 'low', 'message': unchanged || ' 户各项收入与上年完全相同'} END,
    CASE WHEN sharers > 5 THEN {'rule': 'FAB-4', 'severity': 'low', 'message': sharers || ' 户填同一电话'} END,
    CASE WHEN visits > 15 THEN {'rule': 'FAB-5', 'severity': 'low', 'message': '一天走访 ' || visits || ' 户'} END
], lambda one: one IS NOT NULL)) AS finding, area_code AS subject_id, CAST(NULL AS VARCHAR) AS household_id, area_code,
    {'households': households, 'counted': counted, 'approved': approved} AS evidence
FROM village;

CREATE TABLE flagged_row AS
SELECT {'rule': 'DIV-1', 'severity': 'high', 'message': '本金 ' || principal || ' 元按固定比例分红，未参与经营'} AS finding, contract_id AS subject_id, household_id, h.area_code,
    {'amount': principal, 'on': started_on} AS evidence
FROM dividend_contracts AS t LEFT JOIN households AS h USING (household_id)
WHERE (started_on IS NULL OR started_on <= getvariable('as_of')) AND (ended_on IS NULL OR ended_on >= getvariable('as_of'))
    AND (started_on IS NULL OR ended_on IS NULL OR started_on <= ended_on) AND rate_kind = 'fixed' AND NOT participates
UNION ALL BY NAME
SELECT {'rule': 'IND-1', 'severity': 'medium', 'message': '直接发放 ' || amount || ' 元，未与产出挂钩'} AS finding, support_id AS subject_id, household_id, h.area_code, {'amount': amount, 'on': NULL::DATE} AS evidence
FROM industry_support LEFT JOIN households AS h USING (household_id) WHERE year = getvariable('audit_year') AND kind = 'cash' AND NOT output_linked
UNION ALL BY NAME
SELECT {'rule': 'EMP-2', 'severity': 'medium', 'message': stated_on || ' 提出的培训需求未满足'} AS finding, need_id AS subject_id, p.household_id, h.area_code, {'amount': NULL, 'on': stated_on} AS evidence
FROM training_needs LEFT JOIN persons AS p USING (person_id) LEFT JOIN households AS h ON h.household_id = p.household_id
WHERE stated_on <= getvariable('as_of') - 180 AND (met_on IS NULL OR met_on > getvariable('as_of'))
UNION ALL BY NAME
SELECT {'rule': 'PW-1', 'severity': 'medium', 'message': '在岗 ' || n || ' 人，多于需要'} AS finding, area_code || '|' || post_type AS subject_id, NULL AS household_id, area_code, {'amount': n, 'on': NULL::DATE} AS evidence
FROM (SELECT p.area_code, post_type, count(*) AS n, any_value(q.needed) AS needed FROM (
        SELECT coalesce(g.area_code, p.area_code) AS area_code, t.post_type FROM held AS t JOIN posts AS g USING (post_id) LEFT JOIN person AS p ON p.person_id = t.person_id WHERE t.active) AS p
    LEFT JOIN post_quotas AS q USING (area_code, post_type) WHERE area_code IS NOT NULL AND post_type IS NOT NULL GROUP BY ALL)
WHERE n > coalesce(needed, 40)
UNION ALL BY NAME
SELECT {'rule': rule, 'severity': 'high', 'message': message} AS finding, renovation_id AS subject_id, household_id, area_code, {'amount': subsidy, 'on': renovated_on} AS evidence
FROM (SELECT t.*, h.area_code, unnest(['HOU-1', 'HOU-7']) AS rule, unnest(['只加固了 ' || walls_reinforced, '改造后仍有隐患']) AS message, g.grade, g.appraised_on,
        EXISTS (FROM defect AS d WHERE d.household_id = t.household_id AND d.open AND d.reported_on > t.renovated_on) AS since
    FROM renovations AS t LEFT JOIN households AS h USING (household_id) LEFT JOIN graded AS g ON g.household_id = t.household_id)
WHERE (rule = 'HOU-1' AND method = 'reinforce' AND NOT list_has_all(string_split(walls_reinforced, ','), ['front', 'side', 'back']))
    OR (rule = 'HOU-7' AND renovated_on > getvariable('as_of') - INTERVAL 5 YEAR AND renovated_on <= getvariable('as_of')
        AND (since OR (appraised_on > renovated_on AND grade IN ('C', 'D'))))
UNION ALL BY NAME
SELECT {'rule': 'HOU-2', 'severity': 'high', 'message': reported_on || ' 上报的隐患未重新鉴定'} AS finding, defect_id AS subject_id, household_id, h.area_code, {'amount': NULL, 'on': reported_on} AS evidence
FROM defect AS d LEFT JOIN households AS h USING (household_id) WHERE open AND reported_on <= getvariable('as_of') - 30
    AND NOT EXISTS (FROM appraisals AS a WHERE a.household_id = d.household_id AND a.appraised_on BETWEEN d.reported_on AND getvariable('as_of'))
UNION ALL BY NAME
SELECT {'rule': rule, 'severity': 'medium', 'message': message} AS finding, wall_id AS subject_id, household_id, area_code, {'amount': cost, 'on': built_on} AS evidence
FROM (SELECT w.*, h.area_code, h.vacant_since, unnest(['HOU-4', 'HOU-5']) AS rule, unnest(['围墙 ' || length_m || ' 米', '空置户修建围墙']) AS message, r.subsidies,
        EXISTS (FROM defect AS d WHERE d.household_id = w.household_id AND d.open) AS bad
    FROM yard_walls AS w LEFT JOIN households AS h USING (household_id)
    LEFT JOIN (SELECT household_id, sum(subsidy) AS subsidies FROM renovations GROUP BY household_id) AS r ON r.household_id = w.household_id)
WHERE (rule = 'HOU-4' AND bad AND subsidies IS NOT NULL AND (cost > subsidies OR length_m >= 30))
    OR (rule = 'HOU-5' AND public_funds AND vacant_since <= built_on - INTERVAL 12 MONTH)
UNION ALL BY NAME
SELECT {'rule': 'HLP-1', 'severity': 'high', 'message': '结对 ' || days || ' 天，入户走访 ' || visits || ' 次'} AS finding, pairing_id AS subject_id, household_id, h.area_code, {'amount': visits, 'on': started_on} AS evidence
FROM pairing LEFT JOIN households AS h USING (household_id) WHERE days >= 90 AND visits < 1
UNION ALL BY NAME
SELECT {'rule': 'HLP-2', 'severity': 'medium', 'message': '帮扶人电话无法接通'} AS finding, helper_id AS subject_id, NULL AS household_id, NULL AS area_code, {'amount': NULL, 'on': NULL::DATE} AS evidence
FROM helpers WHERE helper_id IN (SELECT helper_id FROM pairing WHERE active)
    AND (phone IS NULL OR NOT regexp_full_match(phone, '1[3-9][0-9]{9}') OR phone_status IN ('empty', 'off'))
UNION ALL BY NAME
SELECT {'rule': 'LN-2', 'severity': 'medium', 'message': '贷款条件严于政策'} AS finding, product_id AS subject_id, NULL AS household_id, area_code, {'amount': max_age, 'on': NULL::DATE} AS evidence
FROM loan_products WHERE max_age < 65 OR min_age > 18 OR min_livestock > 0 OR designated_seller
UNION ALL BY NAME
SELECT {'rule': 'LN-4', 'severity': 'medium', 'message': applied_on || ' 的申请未答复'} AS finding, application_id AS subject_id, household_id, h.area_code, {'amount': amount, 'on': applied_on} AS evidence
FROM loan_applications LEFT JOIN households AS h USING (household_id)
WHERE status = 'pending' AND applied_on <= getvariable('as_of') - 60 AND (decided_on IS NULL OR decided_on > getvariable('as_of'))
UNION ALL BY NAME
SELECT finding, project_id AS subject_id, NULL AS household_id, area_code, {'amount': paid_amount, 'on': accepted_on} AS evidence
FROM (SELECT *, unnest(list_filter([
        CASE WHEN contract_amount > 0 AND paid_amount >= 0.97 * contract_amount AND (unaccepted OR settlement_reviewed_on IS NULL OR settlement_reviewed_on > getvariable('as_of')) THEN {'rule': 'FND-1', 'severity': 'high', 'message': '未验收已全额支付'} END,
        CASE WHEN contract_amount > 0 AND paid_amount > 0.80 * contract_amount AND unaccepted THEN {'rule': 'FND-2', 'severity': 'high', 'message': '验收前支付过高'} END,
        CASE WHEN contract_amount > 0 AND paid_amount - progress * contract_amount > 0.05 * contract_amount THEN {'rule': 'FND-3', 'severity': 'high', 'message': '支付超前进度'} END,
        CASE WHEN contract_amount > 0 AND NOT main_structure_done AND paid_amount > 0.5 * contract_amount THEN {'rule': 'FND-4', 'severity': 'high', 'message': '主体未完工支付过半'} END,
        CASE WHEN late THEN {'rule': 'FND-5', 'severity': 'medium', 'message': '项目逾期'} END,
        CASE WHEN accepted > season_end_on THEN {'rule': 'FND-7', 'severity': 'medium', 'message': '错过农时'} END,
        CASE WHEN village_applied_on IS NULL OR township_reviewed_on IS NULL OR county_approved_on IS NULL OR village_applied_on > township_reviewed_on OR township_reviewed_on > county_approved_on OR first_spent_on < county_approved_on THEN {'rule': 'LIB-1', 'severity': 'high', 'message': '入库程序不全'} END,
        CASE WHEN late AND (performance_monitored_on IS NULL OR year(performance_monitored_on) <> getvariable('audit_year') OR performance_cause IS NULL) THEN {'rule': 'PER-1', 'severity': 'medium', 'message': '绩效未跟踪'} END
    ], lambda one: one IS NOT NULL)) AS finding
    FROM (SELECT *, accepted_on IS NULL OR accepted_on > getvariable('as_of') AS unaccepted, least(coalesce(accepted_on, getvariable('as_of')), getvariable('as_of')) AS accepted,
        contract_finish_on IS NOT NULL AND least(coalesce(finished_on, getvariable('as_of')), getvariable('as_of')) > coalesce(extended_to, contract_finish_on) AS late FROM projects))
UNION ALL BY NAME
SELECT {'rule': 'FND-6', 'severity': 'high', 'message': amount || ' 元拨付超期'} AS finding, allocation_id AS subject_id, NULL AS household_id, area_code, {'amount': amount, 'on': received_on} AS evidence
FROM allocations WHERE received_on <= getvariable('as_of') AND least(coalesce(disbursed_on, getvariable('as_of')), getvariable('as_of')) - received_on > 30
UNION ALL BY NAME
SELECT finding, asset_id AS subject_id, NULL AS household_id, area_code, {'amount': cost, 'on': NULL::DATE} AS evidence
FROM (SELECT *, unnest(list_filter([
        CASE WHEN lease_active AND NOT lease_states_owner THEN {'rule': 'AST-1', 'severity': 'high', 'message': '租赁合同未载明产权'} END,
        CASE WHEN asset_kind IN ('operating', 'public') AND owner_kind = 'personal' THEN {'rule': 'AST-2', 'severity': 'high', 'message': '产权归个人'} END,
        CASE WHEN lease_active AND lease_received < cost * lease_rate - 1 THEN {'rule': 'AST-3', 'severity': 'medium', 'message': '租金少收'} END
    ], lambda one: one IS NOT NULL)) AS finding FROM assets)
UNION ALL BY NAME
SELECT finding, proceeds_id AS subject_id, NULL AS household_id, area_code, {'amount': distributed, 'on': NULL::DATE} AS evidence
FROM (SELECT *, unnest(list_filter([
        CASE WHEN distributable > 0 AND getvariable('as_of') > make_date(year, 12, 31) + 90 AND distributed < 0.8 * distributable THEN {'rule': 'PRO-1', 'severity': 'high', 'message': '收益未足额分配'} END,
        CASE WHEN distributed < distributable AND holder_kind = 'company' THEN {'rule': 'PRO-2', 'severity': 'medium', 'message': '收益存放公司'} END
    ], lambda one: one IS NOT NULL)) AS finding FROM proceeds)
UNION ALL BY NAME
SELECT finding, notice_id AS subject_id, NULL AS household_id, area_code, {'amount': NULL, 'on': published_on} AS evidence
FROM (SELECT *, unnest(list_filter([
        CASE WHEN requires_login THEN {'rule': 'NTC-1', 'severity': 'medium', 'message': '公告需登录'} END,
        CASE WHEN event_on <= getvariable('as_of') AND least(coalesce(published_on, getvariable('as_of')), getvariable('as_of')) - event_on > 20 THEN {'rule': 'NTC-2', 'severity': 'medium', 'message': '公示超期'} END
    ], lambda one: one IS NOT NULL)) AS finding FROM notices)
UNION ALL BY NAME
SELECT {'rule': rule, 'severity': 'medium', 'message': '缺公告'} AS finding, town AS subject_id, NULL AS household_id, town AS area_code, {'amount': NULL, 'on': NULL::DATE} AS evidence
FROM (SELECT DISTINCT substr(area_code, 1, 9) || '000' AS town FROM projects WHERE year = getvariable('audit_year') AND substr(area_code, 7, 3) <> '000'), (VALUES ('NTC-3', 'plan'), ('NTC-4', 'completion')) AS k (rule, kind)
WHERE NOT EXISTS (FROM notices AS n WHERE n.area_code = town AND n.kind = k.kind AND n.year = getvariable('audit_year') AND n.published_on <= getvariable('as_of'))
UNION ALL BY NAME
SELECT {'rule': 'HOT-1', 'severity': 'medium', 'message': '接通率低'} AS finding, area_code || '|' || period AS subject_id, NULL AS household_id, area_code, {'amount': answered, 'on': NULL::DATE} AS evidence
FROM hotlines WHERE calls > 0 AND answered < 0.83 * calls
UNION ALL BY NAME
SELECT {'rule': 'CAD-1', 'severity': 'high', 'message': '处分影响期内提拔'} AS finding, appointment_id AS subject_id, NULL AS household_id, area_code, {'amount': NULL, 'on': appointed_on} AS evidence
FROM appointments AS a WHERE higher AND EXISTS (FROM discipline AS d WHERE d.official_id = a.official_id AND d.decided_on < a.appointed_on
    AND a.appointed_on <= d.decided_on + to_months(CAST(coalesce(effect_months, 12) AS INTEGER)))
UNION ALL BY NAME
SELECT {'rule': rule, 'severity': severity, 'message': '补贴发放对象或账号有误'} AS finding, payment_id AS subject_id, household_id, area_code, {'amount': amount, 'on': paid_on} AS evidence
FROM (SELECT s.*, h.area_code, unnest(['CAD-2', 'CAD-3']) AS rule, unnest(['high', 'medium']) AS severity,
        EXISTS (FROM person AS p WHERE p.household_id = s.household_id AND p.present AND p.number[1:18] = upper(s.holder_id_number)[1:18]) AS own,
        s.account_number IN (SELECT account_number FROM subsidy_payments GROUP BY account_number HAVING count(DISTINCT household_id) > 1) AS shared
    FROM subsidy_payments AS s LEFT JOIN households AS h USING (household_id))
WHERE (rule = 'CAD-2' AND holder_id_number IS NOT NULL AND NOT own) OR (rule = 'CAD-3' AND shared);

COPY (
    SELECT substr(sha256(finding.rule || subject_id), 1, 20) AS finding_id, finding.rule AS rule_id, finding.severity AS severity,
        subject_id, household_id, area_code, CAST(to_json(evidence) AS VARCHAR) AS evidence, finding.message AS message
    FROM (SELECT * REPLACE (to_json(evidence) AS evidence) FROM flagged
        UNION ALL SELECT * REPLACE (to_json(evidence) AS evidence) FROM flagged_person
        UNION ALL SELECT * REPLACE (to_json(evidence) AS evidence) FROM flagged_post
        UNION ALL SELECT * REPLACE (to_json(evidence) AS evidence) FROM flagged_village
        UNION ALL SELECT * REPLACE (to_json(evidence) AS evidence) FROM flagged_row)
    WHERE finding IS NOT NULL
    ORDER BY rule_id, subject_id
) TO '$out/findings.parquet' (FORMAT parquet, COMPRESSION zstd);
