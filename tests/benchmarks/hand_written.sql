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
)
SELECT h.household_id, h.area_code, h.household_type = 'lifted' AS lifted, h.lifted_year, h.member_count, h.phone,
    h.monitor_category IS NOT NULL AND h.risk_cleared IS DISTINCT FROM true AS monitored,
    y.* EXCLUDE (household_id, year), b.pcn AS pbn, b.pcd AS pbd,
    coalesce(m.present, 0) AS present, coalesce(m.heads, 0) AS heads, coalesce(m.unrelated, 0) AS unrelated, j.* EXCLUDE (household_id)
FROM households AS h
LEFT JOIN per_head AS y ON y.household_id = h.household_id AND y.year = getvariable('audit_year')
LEFT JOIN per_head AS b ON b.household_id = h.household_id AND b.year = getvariable('audit_year') - 1
LEFT JOIN members AS m ON m.household_id = h.household_id
LEFT JOIN jobs AS j ON j.household_id = h.household_id
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
    CASE WHEN NOT regexp_full_match(phone, '1[3-9][0-9]{9}') THEN {'rule': 'HHD-3', 'severity': 'low', 'message': '户联系电话不是有效的手机号码'} END
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

COPY (
    SELECT substr(sha256(finding.rule || subject_id), 1, 20) AS finding_id, finding.rule AS rule_id, finding.severity AS severity,
        subject_id, household_id, area_code, CAST(to_json(evidence) AS VARCHAR) AS evidence, finding.message AS message
    FROM (SELECT * REPLACE (to_json(evidence) AS evidence) FROM flagged
        UNION ALL SELECT * REPLACE (to_json(evidence) AS evidence) FROM flagged_person
        UNION ALL SELECT * REPLACE (to_json(evidence) AS evidence) FROM flagged_post)
    WHERE finding IS NOT NULL
    ORDER BY rule_id, subject_id
) TO '$out/findings.parquet' (FORMAT parquet, COMPRESSION zstd);
