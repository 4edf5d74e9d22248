-- One row per accepted post, with what its holder's row says about the holder.
SELECT
    t.post_id AS subject_id,
    t.household_id,
    t.person_id,
    coalesce(t.area_code, d.area_code) AS area_code,
    t.source_no,
    t.source_row,
    active(t.started_on, t.ended_on) AS active,
    t.post_type,
    t.started_on,
    t.ended_on,
    t.annual_pay,
    t.attendance_days,
    t.holder_known,
    p.sex,
    p.age,
    t.labour_ability
FROM posts_with_holders AS t
LEFT JOIN households AS d ON d.household_id = CASE WHEN t.area_code IS NULL THEN t.household_id END
LEFT JOIN person_facts AS p ON p.subject_id = t.person_id AND p.registered_person
