-- One row per accepted post, with what its holder's row says about the holder.
SELECT
    t.post_id AS subject_id,
    p.household_id,
    t.person_id,
    coalesce(t.area_code, p.area_code) AS area_code,
    t.source_no,
    t.source_row,
    active(t.started_on, t.ended_on) AS active,
    t.post_type,
    t.started_on,
    t.ended_on,
    t.annual_pay,
    t.attendance_days,
    p.subject_id IS NOT NULL AS holder_known,
    p.sex,
    p.age,
    p.labour_ability
FROM posts AS t
LEFT JOIN person_facts AS p ON p.subject_id = t.person_id AND p.registered_person
