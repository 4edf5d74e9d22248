"""What areas are called: the names that the households' own rows give them."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from audit.report.masking import harmless


def place_names(con: duckdb.DuckDBPyConnection) -> Mapping[str, str]:
    """The name of each county, township and village by its 12 digits, harmless already.

    Where the rows of an area disagree, the first in text order is taken.
    """
    rows = con.execute("""
        SELECT code, min(name) FROM (
            SELECT substr(area_code, 1, 6) || '000000' AS code, county_name AS name FROM households
            UNION ALL SELECT substr(area_code, 1, 9) || '000', township_name FROM households
            WHERE substr(area_code, 7, 3) <> '000'
            UNION ALL SELECT area_code, village_name FROM households WHERE substr(area_code, 10, 3) <> '000'
        ) WHERE code IS NOT NULL AND name IS NOT NULL GROUP BY code ORDER BY code
    """).fetchall()
    return {code: harmless(name) for code, name in rows}
