-- One row per accepted need for training that a person has stated.
SELECT
    t.need_id AS subject_id,
    p.household_id,
    t.person_id,
    h.area_code,
    t.source_no,
    t.source_row,
    t.stated_on,
    t.met_on
FROM training_needs AS t
LEFT JOIN persons AS p USING (person_id)
LEFT JOIN households AS h ON h.household_id = p.household_id
