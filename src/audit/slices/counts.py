"""How many findings of which kind are in a slice."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb


@dataclass(frozen=True)
class Counts:
    """What a slice holds.

    Attributes:
        findings: findings whose own area is in it, as the rates count them.
        household_elsewhere: those of them whose household is of another area, and so not named.
        area_elsewhere: findings about its households that count in another area, whose code is left out.
        flagged_households: its households with a finding.
        quarantined: rows set aside that are certainly of it.
        cell_faults: cells not read in rows that are certainly of it.
        absent: findings of the run before that are gone.
    """

    findings: int
    household_elsewhere: int
    area_elsewhere: int
    flagged_households: int
    quarantined: int
    cell_faults: int
    absent: int


def counts_of(con: duckdb.DuckDBPyConnection) -> Counts:
    """Count what is of an area, from the tables that ``audit.published.opened`` gives."""
    # A finding that never had a household has lost none.
    ((counted, elsewhere, away, homes),) = con.execute(
        "SELECT count(*) FILTER (counted_here), count(*) FILTER (hidden), count(*) FILTER (NOT counted_here), "
        "count(DISTINCT household_id) FROM findings"
    ).fetchall()
    numbers = [
        con.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0] for name in ("quarantine", "cell_faults", "absent")
    ]
    return Counts(counted, elsewhere, away, homes, *numbers)
