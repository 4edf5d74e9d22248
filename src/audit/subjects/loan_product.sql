-- One row per accepted loan product; a blank limit is no limit.
SELECT
    product_id AS subject_id,
    CAST(NULL AS VARCHAR) AS household_id,
    CAST(NULL AS VARCHAR) AS person_id,
    area_code,
    source_no,
    source_row,
    min_age,
    max_age,
    min_livestock,
    designated_seller
FROM loan_products
