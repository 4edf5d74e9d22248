-- One row per accepted asset.
SELECT
    asset_id AS subject_id,
    CAST(NULL AS VARCHAR) AS household_id,
    CAST(NULL AS VARCHAR) AS person_id,
    area_code,
    source_no,
    source_row,
    cost,
    asset_kind,
    owner_kind,
    lease_active,
    lease_states_owner,
    lease_rate,
    lease_received
FROM assets
