-- One row per accepted support of a household's business.
SELECT
    t.support_id AS subject_id,
    t.household_id,
    CAST(NULL AS VARCHAR) AS person_id,
    h.area_code,
    t.source_no,
    t.source_row,
    t.year,
    t.kind,
    t.amount,
    t.output_linked
FROM industry_support AS t
LEFT JOIN households AS h USING (household_id)
