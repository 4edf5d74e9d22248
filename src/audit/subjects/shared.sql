-- What several subjects share; made once, before their facts.
-- A row with a start and an end that may be blank (no limit on that side) is active on the day of the audit.
CREATE OR REPLACE TEMP MACRO active(started_on, ended_on) AS
    (started_on IS NULL OR started_on <= getvariable('as_of'))
    AND (ended_on IS NULL OR ended_on >= getvariable('as_of'))
    AND (started_on IS NULL OR ended_on IS NULL OR started_on <= ended_on);

-- True if a condition is true of one row, else unknown if it is unknown of one, else false.
CREATE OR REPLACE TEMP MACRO any_true(condition) AS
    CASE WHEN coalesce(bool_or(condition), false) THEN true WHEN count(condition) = count(*) THEN false END;

-- Among how many people the income of a row is shared out: as the row says, else as the household's, if there is a row.
CREATE OR REPLACE TEMP MACRO sharing(income_of, population, member_count) AS
    TRY_CAST(CASE
        WHEN population > 0 THEN population
        WHEN income_of IS NOT NULL AND member_count > 0 THEN member_count
    END AS INTEGER);

-- Income per head as two whole parts: net income over people, else the income per head that the row gives over one.
CREATE OR REPLACE TEMP MACRO per_head_over(net, people, given) AS
    CASE WHEN net IS NOT NULL AND people IS NOT NULL THEN net ELSE given END;
CREATE OR REPLACE TEMP MACRO per_head_under(income_of, net, people) AS
    CASE WHEN net IS NOT NULL AND people IS NOT NULL THEN people WHEN income_of IS NOT NULL THEN 1 END;

-- The latest appraisal of each household on or before the day of the audit; undated ones do not count.
CREATE OR REPLACE TEMP VIEW last_appraisal AS
SELECT
    household_id,
    max(appraised_on) AS appraised_on,
    arg_max_null(grade, (appraised_on, appraisal_id)) AS grade
FROM appraisals
WHERE appraised_on <= getvariable('as_of')
GROUP BY household_id;
