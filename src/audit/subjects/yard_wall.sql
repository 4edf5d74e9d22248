-- One row per accepted yard wall, with what is known of the home behind it.
WITH
defective AS (
    SELECT household_id, any_true(open) AS open_defect FROM defect_facts GROUP BY household_id
),
renovated AS (
    SELECT household_id, CASE WHEN count(subsidy) = count(*) THEN sum(subsidy) END AS subsidies
    FROM renovations
    GROUP BY household_id
)
SELECT
    t.wall_id AS subject_id,
    t.household_id,
    CAST(NULL AS VARCHAR) AS person_id,
    h.area_code,
    t.source_no,
    t.source_row,
    t.built_on,
    t.length_m,
    t.cost,
    t.public_funds,
    CASE WHEN d.household_id IS NULL THEN false ELSE d.open_defect END AS open_defect,
    r.household_id IS NOT NULL AS renovated,
    CAST(r.subsidies AS DECIMAL(24,6)) AS renovation_subsidies,
    CASE WHEN h.household_id IS NOT NULL THEN h.vacant_since IS NOT NULL END AS vacancy_stated,
    h.vacant_since
FROM yard_walls AS t
LEFT JOIN households AS h USING (household_id)
LEFT JOIN defective AS d ON d.household_id = t.household_id
LEFT JOIN renovated AS r ON r.household_id = t.household_id
