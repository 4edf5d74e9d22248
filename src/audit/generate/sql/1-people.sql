-- Households and the people in them, for the range of households [first, last).
-- Every choice is a hash of seed, number and purpose: the same on any machine and with any number of threads.
-- Hashed twice: the last bits of one hash hardly depend on the purpose.
CREATE OR REPLACE MACRO draw(number, purpose) AS CAST(hash(hash(getvariable('seed'), number, purpose)) % 1000000 AS INTEGER);
CREATE OR REPLACE MACRO among(number, purpose, choices) AS choices[1 + draw(number, purpose) % len(choices)];
CREATE OR REPLACE MACRO between_days(number, purpose, first_day, days) AS first_day + draw(number, purpose) % days;

-- Who lives together, 3.5 people in the mean: share of households in a million, then each member's relation, sex (0 any, 1 male, 2 female), ages.
CREATE OR REPLACE TEMP TABLE compositions AS
SELECT * FROM (VALUES
    (0, 0, 100000), (1, 100000, 230000), (2, 230000, 300000), (3, 300000, 480000), (4, 480000, 710000),
    (5, 710000, 890000), (6, 890000, 1000000)
) AS t (composition, share_from, share_to);
CREATE OR REPLACE TEMP TABLE roles AS
SELECT * FROM (VALUES
    (0, 1, '户主', 0, 62, 88),
    (1, 1, '户主', 1, 62, 84), (1, 2, '配偶', 2, 60, 82),
    (2, 1, '户主', 2, 34, 48), (2, 2, '之子', 1, 6, 15),
    (3, 1, '户主', 1, 34, 52), (3, 2, '配偶', 2, 32, 50), (3, 3, '之女', 2, 3, 20),
    (4, 1, '户主', 1, 30, 46), (4, 2, '配偶', 2, 28, 44), (4, 3, '之子', 1, 1, 14), (4, 4, '之女', 2, 1, 14),
    (5, 1, '户主', 1, 40, 56), (5, 2, '配偶', 2, 40, 54), (5, 3, '之子', 1, 16, 28), (5, 4, '之父', 1, 66, 84),
    (5, 5, '之母', 2, 64, 82),
    (6, 1, '户主', 1, 52, 66), (6, 2, '配偶', 2, 50, 64), (6, 3, '之子', 1, 26, 40), (6, 4, '之儿媳', 2, 24, 38),
    (6, 5, '之孙子', 1, 0, 12), (6, 6, '之孙女', 2, 0, 12)
) AS t (composition, member, relation, sex_rule, age_from, age_to);

CREATE OR REPLACE TEMP TABLE homes AS
WITH numbered AS (
    SELECT
        i,
        'H' || lpad(CAST(i AS VARCHAR), 11, '0') AS household_id,
        i // getvariable('county_size') AS county,
        i % getvariable('county_size') // 1500 AS township,
        i % getvariable('county_size') % 1500 // 100 AS village,
        draw(i, 'income plan') AS income_draw,
        draw(i, 'roster plan') AS roster_draw,
        draw(i, 'composition') AS composition_draw
    FROM range(getvariable('first'), getvariable('last')) AS r (i)
)
SELECT
    n.* EXCLUDE (income_draw, roster_draw, composition_draw),
    c.composition,
    '1399' || lpad(CAST(county + 1 AS VARCHAR), 2, '0') AS county_code,
    '1399' || lpad(CAST(county + 1 AS VARCHAR), 2, '0') || lpad(CAST(township + 101 AS VARCHAR), 3, '0')
        || lpad(CAST(village + 201 AS VARCHAR), 3, '0') AS area_code,
    among(county, 'county', ['安', '宁', '清', '云', '石', '临', '广', '平', '怀', '柏'])
        || among(county, 'county 2', ['泽', '岭', '川', '原', '溪', '阳', '丰', '河']) || '县' AS county_name,
    among(county * 1000 + township, 'township', ['大', '小', '上', '下', '东', '西', '南', '北', '青', '白', '黄', '红'])
        || among(county * 1000 + township, 'township 2', ['柳', '杨', '槐', '榆', '松', '泉', '沟', '坡', '庄', '营'])
        || among(county * 1000 + township, 'township 3', ['乡', '镇']) AS township_name,
    among(n.i // 100, 'village', ['王', '李', '张', '刘', '陈', '赵', '周', '孙', '马', '高', '郭', '何'])
        || among(n.i // 100, 'village 2', ['家庄', '家沟', '家营', '家坡', '庄子', '河滩', '岭后', '井沟']) || '村' AS village_name,
    among(n.i, 'surname', ['王', '王', '李', '李', '张', '张', '刘', '刘', '陈', '杨', '赵', '黄', '周', '吴', '徐', '孙', '马', '朱',
        '胡', '郭', '何', '高', '林', '郑', '梁', '罗', '宋', '韩', '欧阳']) AS surname,
    draw(n.i, 'lifted') < 900000 AS lifted,
    -- One plan for a household's income and one for its roster, so that no two plantings undo each other.
    CASE
        WHEN draw(n.i, 'lifted') >= 900000 THEN NULL
        WHEN income_draw < 25000 THEN 'INC-1'
        WHEN income_draw < 40000 THEN 'INC-2'
        WHEN income_draw < 60000 THEN 'INC-4'
        WHEN income_draw < 65000 THEN 'INC-3'
        WHEN income_draw < 85000 THEN 'INC-6'
        WHEN income_draw < 95000 THEN 'INC-7'
        WHEN income_draw < 105000 THEN 'INC-8'
        WHEN income_draw < 110000 THEN 'INC-9'
        WHEN income_draw < 115000 THEN 'INC-10'
        WHEN income_draw < 125000 THEN 'unknown'
    END AS income_plan,
    CASE
        WHEN roster_draw < 10000 THEN 'HHD-1'
        WHEN roster_draw < 15000 THEN 'HHD-2'
        WHEN roster_draw < 25000 THEN 'HHD-3'
        WHEN roster_draw < 30000 THEN 'deregistered'
    END AS roster_plan,
    -- One plan for all else that belongs to a household, for those whose roster is in order, and one for each village.
    CASE WHEN roster_draw >= 30000 THEN [
        'DIV-1', 'IND-1', 'IND-5', 'IND-6', 'HOU-1', 'HOU-2', 'HOU-3', 'HOU-4', 'HOU-5', 'HOU-6', 'HOU-7', 'HLP-1', 'LN-4',
        'CAD-2', 'CAD-3'
    ][1 + draw(n.i, 'home plan') // 1500] END AS home_plan,
    ['EMP-1', 'PW-1', 'LN-3', 'FAB-1', 'FAB-2', 'FAB-3', 'FAB-4', 'FAB-5'][1 + draw(n.i // 100, 'village plan') // 25000]
        AS village_plan
FROM numbered AS n
JOIN compositions AS c ON n.composition_draw >= c.share_from AND n.composition_draw < c.share_to;

CREATE OR REPLACE TEMP TABLE people AS
WITH aged AS (
    SELECT
        h.*,
        r.member,
        h.i * 10 + r.member AS n,
        r.relation,
        CASE r.sex_rule WHEN 0 THEN 1 + draw(h.i * 10 + r.member, 'sex') % 2 ELSE r.sex_rule END AS sex_no,
        getvariable('as_of') - CAST(floor(365.25 * (r.age_from + draw(h.i * 10 + r.member, 'age') % (r.age_to - r.age_from + 1))) AS INTEGER)
            - 1 - draw(h.i * 10 + r.member, 'birthday') % 364 AS born_on,
        draw(h.i * 10 + r.member, 'person plan') AS person_draw,
        draw(h.i * 10 + r.member, 'health') AS health_draw
    FROM homes AS h
    JOIN roles AS r USING (composition)
),
placed AS (
    SELECT
        *,
        (CAST(strftime(getvariable('as_of'), '%Y%m%d') AS INTEGER) - CAST(strftime(born_on, '%Y%m%d') AS INTEGER)) // 10000 AS age,
        -- The order number makes each number of a county, day and sex its own.
        row_number() OVER (PARTITION BY county_code, born_on, sex_no ORDER BY n) * 2 - sex_no % 2 AS order_no
    FROM aged
),
coded AS (
    SELECT *, county_code || strftime(born_on, '%Y%m%d') || lpad(CAST(order_no % 1000 AS VARCHAR), 3, '0') AS digits FROM placed
),
numbered AS (
    SELECT
        *,
        digits || substr('10X98765432', 1 + CAST(list_sum(list_transform(range(1, 18), lambda k:
            CAST(substr(digits, CAST(k AS INTEGER), 1) AS INTEGER)
            * [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2][k])) AS BIGINT) % 11, 1) AS number
    FROM coded
)
SELECT
    * EXCLUDE (person_draw, health_draw),
    CASE
        WHEN age BETWEEN 7 AND 15 AND person_draw < 8000 THEN 'LAB-1'
        WHEN age BETWEEN 30 AND 55 AND person_draw < 6000 THEN 'LAB-2'
        WHEN age >= 61 AND person_draw < 8000 THEN 'LAB-3'
        WHEN person_draw BETWEEN 10000 AND 14000 THEN 'ID-1'
        WHEN person_draw BETWEEN 14001 AND 17000 THEN 'ID-2'
        WHEN person_draw BETWEEN 17001 AND 20000 THEN 'ID-3'
        WHEN member = 2 AND person_draw BETWEEN 20001 AND 22000 THEN 'ID-4'
        WHEN person_draw BETWEEN 22001 AND 23000 THEN 'ID-5'
        WHEN member > 2 AND person_draw BETWEEN 30000 AND 40000 THEN 'left'
        WHEN person_draw BETWEEN 40001 AND 45000 THEN 'unknown'
    END AS person_plan,
    CASE
        WHEN health_draw < 150000 AND age >= 60 THEN '长期慢性病,残疾'
        WHEN health_draw < 500000 AND age >= 60 THEN '长期慢性病'
        WHEN health_draw < 30000 THEN '残疾'
        WHEN health_draw < 60000 THEN '长期慢性病'
        ELSE '健康'
    END AS health
FROM numbered;

CREATE OR REPLACE TEMP TABLE persons_out AS
SELECT
    n,
    i,
    age,
    person_plan,
    'P' || lpad(CAST(n AS VARCHAR), 12, '0') AS person_id,
    household_id,
    surname || among(n, 'given name', ['伟', '芳', '秀英', '敏', '静', '强', '磊', '军', '洋', '勇', '艳', '杰', '娟', '涛', '明', '超', '霞',
        '平', '刚', '桂英', '玉兰', '建国', '志强', '春梅', '海燕']) AS name,
    CASE person_plan
        WHEN 'ID-1' THEN digits || CASE substr(number, 18, 1) WHEN '7' THEN '8' ELSE '7' END
        WHEN 'ID-4' THEN lag(number) OVER (PARTITION BY i ORDER BY member)
        WHEN 'ID-5' THEN '999999' || substr(number, 7)
        ELSE number
    END AS id_number,
    CASE WHEN person_plan = 'unknown' AND draw(n, 'which unknown') % 2 = 0 THEN NULL
        WHEN (sex_no = 1) <> (person_plan IS NOT DISTINCT FROM 'ID-2') THEN 'male' ELSE 'female' END AS sex,
    CASE WHEN person_plan = 'ID-3' THEN born_on + 31 ELSE born_on END AS birth_date,
    CAST(age AS INTEGER) AS age_reported,
    CASE WHEN roster_plan = 'HHD-2' AND member = 1 THEN '其他' ELSE relation END AS relation,
    CASE
        WHEN age < 3 THEN '学龄前儿童' WHEN age < 6 THEN '学前教育' WHEN age < 12 THEN '小学' WHEN age < 15 THEN '九年级'
        WHEN age < 18 THEN '普通高中二年级' WHEN age < 22 AND draw(n, 'college') < 500000 THEN '本科二年级'
    END AS student_status,
    CASE WHEN person_plan = 'LAB-2' THEN '健康' ELSE health END AS health,
    CASE
        WHEN person_plan = 'LAB-1' THEN 'ordinary'
        WHEN person_plan = 'LAB-2' THEN 'none'
        WHEN person_plan = 'LAB-3' THEN 'ordinary'
        WHEN person_plan = 'unknown' AND draw(n, 'which unknown') % 2 = 1 THEN NULL
        WHEN age < 16 THEN 'none'
        WHEN age >= 60 THEN CASE WHEN age >= 76 OR health LIKE '%残疾%' THEN 'lost' ELSE 'weak' END
        WHEN health = '残疾' THEN 'weak'
        WHEN age < 22 AND draw(n, 'college') < 500000 THEN 'none'
        ELSE among(n, 'skill', ['ordinary', 'ordinary', 'ordinary', 'skilled'])
    END AS labour_ability,
    CASE WHEN person_plan = 'left' THEN between_days(n, 'left', DATE '2021-01-01', 1200) END AS left_on
FROM people;

CREATE OR REPLACE TEMP TABLE sizes AS
SELECT i, count(*) FILTER (left_on IS NULL) AS present FROM persons_out GROUP BY i;

CREATE OR REPLACE TEMP TABLE households_out AS
SELECT
    h.household_id,
    h.area_code,
    h.county_name,
    h.township_name,
    h.village_name,
    p.name AS head_name,
    CASE WHEN h.roster_plan = 'HHD-3' THEN '0310' || lpad(CAST(draw(h.i, 'phone') AS VARCHAR), 6, '0')
        -- In some villages ten households have one phone.
        WHEN h.village_plan = 'FAB-4' AND h.i % 100 < 10
            THEN '177' || lpad(CAST(hash(getvariable('seed'), h.i // 100, 'phone') % 100000000 AS VARCHAR), 8, '0')
        ELSE among(h.i, 'carrier', ['131', '135', '138', '150', '158', '176', '187', '199'])
            || lpad(CAST(hash(getvariable('seed'), h.i, 'phone') % 100000000 AS VARCHAR), 8, '0') END AS phone,
    CAST(s.present + CASE WHEN h.roster_plan = 'HHD-1' THEN 1 ELSE 0 END AS INTEGER) AS member_count,
    CASE WHEN h.lifted THEN 'lifted' ELSE 'general' END AS household_type,
    CASE WHEN h.lifted THEN 2014 + draw(h.i, 'lifted year') % 7 END AS lifted_year,
    CASE WHEN h.income_plan IS NULL AND draw(h.i, 'monitored') < 50000
        THEN among(h.i, 'category', ['unstable', 'marginal', 'sudden']) END AS monitor_category,
    CASE WHEN h.income_plan IS NULL AND draw(h.i, 'monitored') < 50000
        THEN between_days(h.i, 'monitored on', DATE '2021-06-01', 1000) END AS monitored_on,
    CASE WHEN h.income_plan IS NULL AND draw(h.i, 'monitored') < 50000 THEN draw(h.i, 'cleared') < 600000 END AS risk_cleared,
    draw(h.i, 'cooperative') < 40000 AS coop_member,
    draw(h.i, 'enterprise') < 30000 AS enterprise_led,
    CASE WHEN h.home_plan = 'HOU-5' THEN DATE '2018-03-01'
        WHEN h.home_plan IS NULL AND draw(h.i, 'vacant') < 5000 THEN between_days(h.i, 'vacant on', DATE '2019-01-01', 1400) END AS vacant_since,
    CASE WHEN h.roster_plan = 'deregistered' THEN between_days(h.i, 'deregistered', DATE '2021-01-01', 1200) END AS deregistered_on
FROM homes AS h
JOIN persons_out AS p ON p.i = h.i AND p.n = h.i * 10 + 1
JOIN sizes AS s ON s.i = h.i
ORDER BY h.i;
