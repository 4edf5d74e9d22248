"""DuckDB, one query per rule, each reading and joining just what it needs."""

from __future__ import annotations

import duckdb

from tests.benchmarks.peers.ten import TABLES, arguments

VIEWS = """
CREATE VIEW registered AS
FROM households WHERE deregistered_on IS NULL OR deregistered_on > DATE '2024-12-31';
CREATE VIEW yearly AS
SELECT h.*, i.* EXCLUDE (household_id, population),
    i.wage_income + i.production_income + i.property_income + i.transfer_income - i.production_expense AS computed_net,
    coalesce(i.net_income, computed_net) AS net,
    CASE WHEN i.population > 0 THEN i.population WHEN h.member_count > 0 THEN h.member_count END AS heads,
    CASE WHEN net IS NOT NULL AND heads IS NOT NULL THEN net ELSE i.net_income_per_capita END AS n,
    CASE WHEN net IS NOT NULL AND heads IS NOT NULL THEN heads ELSE 1 END AS d
FROM registered AS h JOIN incomes AS i USING (household_id);
CREATE VIEW present AS
SELECT p.*, CASE WHEN length(id_number) >= 18 THEN upper(id_number[1:18]) END AS first18
FROM persons AS p SEMI JOIN registered USING (household_id)
WHERE left_on IS NULL OR left_on > DATE '2024-12-31';
CREATE VIEW active_posts AS
FROM posts WHERE (started_on IS NULL OR started_on <= DATE '2024-12-31')
    AND (ended_on IS NULL OR ended_on >= DATE '2024-12-31')
    AND (started_on IS NULL OR ended_on IS NULL OR started_on <= ended_on);
"""

QUERIES = {
    "INC-2": """
        SELECT household_id FROM yearly AS y JOIN yearly AS b USING (household_id) WHERE y.year = 2024 AND b.year = 2023
        AND y.n * b.d * 100 < (b.n * 100 - abs(b.n)) * y.d""",
    "INC-3": """
        SELECT household_id FROM yearly WHERE year = 2024 AND household_type = 'lifted' AND n < 4000 * d""",
    "INC-4": """
        SELECT household_id FROM yearly
        WHERE year = 2024 AND household_type = 'lifted' AND lifted_year < 2024 AND n < 4000 * d
        AND (monitor_category IS NULL OR risk_cleared IS NOT DISTINCT FROM true)""",
    "INC-6": """
        SELECT household_id FROM yearly WHERE year = 2024 AND household_type = 'lifted'
        AND n >= 4000 * d AND net - share_dividend < 4000 * heads""",
    "INC-9": """
        SELECT household_id FROM yearly WHERE year = 2024 AND abs(net_income - computed_net) > 1""",
    "HHD-1": """
        SELECT household_id FROM registered LEFT JOIN (SELECT household_id, count(*) AS n FROM present GROUP BY ALL)
        USING (household_id) WHERE member_count <> coalesce(n, 0)""",
    "HHD-3": """
        SELECT household_id FROM registered WHERE NOT regexp_full_match(phone, '1[3-9][0-9]{9}')""",
    "PW-5": """
        SELECT DISTINCT household_id FROM active_posts JOIN persons USING (person_id) SEMI JOIN registered USING (household_id)
        WHERE post_type NOT IN ('ranger', 'grass_keeper') AND labour_ability IN ('lost', 'none')""",
    "ID-4": """
        SELECT person_id FROM present
        WHERE first18 IN (SELECT first18 FROM present WHERE first18 IS NOT NULL GROUP BY first18 HAVING count(*) > 1)""",
    "PW-10": """
        SELECT post_id FROM active_posts ANTI JOIN persons USING (person_id)""",
}


def main() -> None:
    """Find the failing rows and write their keys."""
    data, out = arguments()
    with duckdb.connect() as con:
        for table in TABLES:
            con.execute(f"CREATE VIEW {table} AS FROM read_parquet('{data}/{table}/*.parquet')")
        con.execute(VIEWS)
        for rule, query in QUERIES.items():
            con.execute(
                f"COPY (SELECT '{rule}' AS rule_id, * FROM ({query}) AS f (subject_id)) TO '{out}/{rule}.parquet'"
            )


if __name__ == "__main__":
    main()
