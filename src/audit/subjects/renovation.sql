-- One row per accepted renovation of a home, with what came after it.
WITH
defects_since AS (
    SELECT t.renovation_id, any_true(d.open AND d.reported_on > t.renovated_on) AS defect_since
    FROM renovations AS t
    JOIN defect_facts AS d USING (household_id)
    GROUP BY t.renovation_id
)
SELECT
    t.renovation_id AS subject_id,
    t.household_id,
    CAST(NULL AS VARCHAR) AS person_id,
    h.area_code,
    t.source_no,
    t.source_row,
    t.renovated_on,
    t.subsidy,
    t.method,
    list_contains(string_split(t.walls_reinforced, ','), 'front') AS front_reinforced,
    list_contains(string_split(t.walls_reinforced, ','), 'side') AS side_reinforced,
    list_contains(string_split(t.walls_reinforced, ','), 'back') AS back_reinforced,
    CASE WHEN d.renovation_id IS NULL THEN false ELSE d.defect_since END AS defect_since,
    CASE WHEN a.household_id IS NULL THEN false ELSE a.appraised_on > t.renovated_on END AS appraised_since,
    a.appraised_on AS last_appraised_on,
    a.grade AS last_grade
FROM renovations AS t
LEFT JOIN households AS h USING (household_id)
LEFT JOIN defects_since AS d USING (renovation_id)
LEFT JOIN last_appraisal AS a ON a.household_id = t.household_id
