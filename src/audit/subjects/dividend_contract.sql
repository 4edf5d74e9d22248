-- One row per accepted dividend contract.
SELECT
    t.contract_id AS subject_id,
    t.household_id,
    CAST(NULL AS VARCHAR) AS person_id,
    h.area_code,
    t.source_no,
    t.source_row,
    active(t.started_on, t.ended_on) AS active,
    t.principal,
    t.annual_rate,
    t.rate_kind,
    t.participates
FROM dividend_contracts AS t
LEFT JOIN households AS h USING (household_id)
