-- One row per person: every accepted persons row, present or not, and every person who is named in posts only.
-- Identity numbers: GB 11643-1999; weights, check characters and the order of the faults as in the rule catalogue.
WITH
numbered AS (
    SELECT
        p.*,
        h.area_code,
        h.household_id IS NOT NULL
            AND (h.deregistered_on IS NULL OR h.deregistered_on > getvariable('as_of'))
            AND (p.left_on IS NULL OR p.left_on > getvariable('as_of')) AS present,
        upper(p.id_number) AS number,
        length(p.id_number) AS number_length,
        -- Most are as long as that: cutting nothing off saves the copy.
        CASE WHEN number_length = 18 THEN number WHEN number_length > 18 THEN substr(number, 1, 18) END AS first18
    FROM persons AS p
    LEFT JOIN households AS h USING (household_id)
),
shaped AS (
    SELECT
        *,
        number_length IN (18, 20, 22) AND regexp_full_match(first18, '[0-9]{17}[0-9X]') AS well_formed
    FROM numbered
),
parsed AS (
    SELECT
        *,
        -- Two small numbers instead of one large: dividing them is several times as fast.
        CASE WHEN well_formed THEN CAST(substr(number, 1, 9) AS INTEGER) END AS front,
        CASE WHEN well_formed THEN CAST(substr(number, 10, 8) AS INTEGER) END AS back,
        CASE WHEN well_formed THEN CAST(substr(number, 7, 8) AS INTEGER) END AS birth_digits,
        CASE
            WHEN well_formed
            THEN TRY_CAST(substr(number, 7, 4) || '-' || substr(number, 11, 2) || '-' || substr(number, 13, 2) AS DATE)
        END AS coded_birth
    FROM shaped
),
judged AS (
    SELECT
        *,
        CASE
            WHEN number IS NULL THEN 'blank'
            WHEN number_length NOT IN (18, 20, 22) THEN 'length'
            WHEN NOT well_formed THEN 'characters'
            WHEN coded_birth IS NULL THEN 'date'
            WHEN coded_birth > getvariable('as_of') THEN 'future'
            WHEN (getvariable('as_of_digits') - birth_digits) // 10000 >= 121 THEN 'age'
            WHEN substr('10X98765432', CAST((
                front // 100000000 * 7 + front // 10000000 % 10 * 9 + front // 1000000 % 10 * 10
                + front // 100000 % 10 * 5 + front // 10000 % 10 * 8 + front // 1000 % 10 * 4
                + front // 100 % 10 * 2 + front // 10 % 10 + front % 10 * 6
                + back // 10000000 * 3 + back // 1000000 % 10 * 7 + back // 100000 % 10 * 9
                + back // 10000 % 10 * 10 + back // 1000 % 10 * 5 + back // 100 % 10 * 8
                + back // 10 % 10 * 4 + back % 10 * 2
            ) % 11 + 1 AS INTEGER), 1) <> substr(number, 18, 1) THEN 'check'
        END AS number_fault
    FROM parsed
),
born AS (
    SELECT
        *,
        number_fault IS NULL AS number_valid,
        CASE WHEN number_fault IS NULL THEN coded_birth END AS number_birth,
        CASE WHEN number_fault IS NULL THEN CASE back % 2 WHEN 1 THEN 'male' ELSE 'female' END END AS number_sex,
        CASE WHEN number_fault IS NULL THEN coded_birth ELSE birth_date END AS born_on
    FROM judged
),
-- Shared numbers are sought by their hashes first: sorting these takes a third of the time of grouping numbers.
twice AS (
    SELECT hashed
    FROM (
        SELECT hashed, lag(hashed) OVER (ORDER BY hashed) AS before
        FROM (SELECT hash(first18) AS hashed FROM numbered WHERE present AND first18 IS NOT NULL)
    )
    WHERE hashed = before
),
shared AS (
    SELECT first18
    FROM numbered
    WHERE present AND hash(first18) IN (SELECT hashed FROM twice)
    GROUP BY first18
    HAVING count(*) > 1
),
-- Who is only named in posts is a person too, known from the first of these posts.
everybody AS (
    SELECT *, true AS registered FROM born
    UNION ALL BY NAME
    SELECT
        person_id,
        arg_min(source_no, (source_no, source_row)) AS source_no,
        arg_min(source_row, (source_no, source_row)) AS source_row,
        false AS present,
        false AS registered
    FROM posts_with_holders
    WHERE NOT holder_known
    GROUP BY person_id
),
held AS (
    SELECT
        person_id,
        count(*) AS posts_held,
        count(DISTINCT post_type) AS types_known,
        count(*) FILTER (post_type IS NULL) AS types_unknown,
        count(*) FILTER (active(started_on, ended_on)) AS active_posts
    FROM posts
    GROUP BY person_id
)
SELECT
    p.person_id AS subject_id,
    p.household_id,
    p.person_id,
    p.area_code,
    p.source_no,
    p.source_row,
    p.registered AS registered_person,
    p.present,
    p.sex,
    p.birth_date,
    CASE
        WHEN p.born_on IS NULL THEN p.age
        WHEN p.born_on <= getvariable('as_of')
        THEN (getvariable('as_of_digits') - (year(p.born_on) * 10000 + month(p.born_on) * 100 + day(p.born_on))) // 10000
    END AS age,
    p.relation,
    p.student_status,
    p.health,
    p.labour_ability,
    p.number IS NOT NULL AS number_known,
    coalesce(p.number_valid, false) AS number_valid,
    p.number_fault,
    p.number_birth,
    p.number_sex,
    p.first18 IS NOT NULL AS number_long,
    p.present AND p.first18 IS NOT NULL AND p.first18 IN (SELECT first18 FROM shared) AS number_shared,
    starts_with(p.number, '999999') AS number_filler,
    coalesce(t.posts_held, 0) AS posts_held,
    CASE WHEN t.types_known = 0 AND t.types_unknown > 0 THEN 1 ELSE coalesce(t.types_known, 0) END AS post_types__lo,
    coalesce(t.types_known + t.types_unknown, 0) AS post_types__hi,
    coalesce(t.active_posts, 0) AS active_posts
FROM everybody AS p
LEFT JOIN held AS t ON t.person_id = p.person_id
