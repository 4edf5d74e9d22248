-- One row per accepted post, with what its holder's row says about the holder.
SELECT
    t.post_id AS subject_id,
    h.household_id,
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
    h.person_id IS NOT NULL AS holder_known,
    h.sex,
    p.age,
    h.labour_ability
FROM posts AS t
LEFT JOIN persons AS h ON h.person_id = t.person_id
LEFT JOIN households AS d ON d.household_id = h.household_id
LEFT JOIN person_facts AS p ON p.subject_id = t.person_id AND p.registered_person
