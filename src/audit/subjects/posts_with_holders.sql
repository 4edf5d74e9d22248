-- One row per accepted post, with what the persons table says of its holder.
SELECT
    t.*,
    h.household_id,
    h.labour_ability,
    h.person_id IS NOT NULL AS holder_known
FROM posts AS t
LEFT JOIN persons AS h ON h.person_id = t.person_id
