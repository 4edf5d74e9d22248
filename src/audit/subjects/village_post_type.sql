-- One row per village and post type with at least one active post; its row is the first of these posts.
SELECT
    p.area_code || '|' || p.post_type AS subject_id,
    CAST(NULL AS VARCHAR) AS household_id,
    CAST(NULL AS VARCHAR) AS person_id,
    p.area_code,
    arg_min(p.source_no, (p.source_no, p.source_row)) AS source_no,
    arg_min(p.source_row, (p.source_no, p.source_row)) AS source_row,
    p.post_type,
    count(*) AS active_posts,
    any_value(q.needed) AS needed
FROM post_facts AS p
LEFT JOIN post_quotas AS q ON q.area_code = p.area_code AND q.post_type = p.post_type
WHERE p.active AND p.area_code IS NOT NULL AND p.post_type IS NOT NULL
GROUP BY p.area_code, p.post_type
