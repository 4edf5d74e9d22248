"""How many households and findings a frame has in each township."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from audit.contract.normalise import quote
from audit.errors import RunError
from audit.sampling.frame.record import Frame


@dataclass(frozen=True, slots=True)
class FrameCount:
    """The households of one township whose worst finding has one severity; empty where they have none."""

    township: str
    severity: str
    units: int
    findings: int


def frame_counts(frame: Frame) -> tuple[FrameCount, ...]:
    """The counts of a frame, by township and severity.

    Raises:
        RunError: the frame is damaged.
    """
    sql = (
        "SELECT township, severity, count(*), sum(n_findings) "
        f"FROM read_parquet({quote(str(frame.units))}) GROUP BY ALL ORDER BY ALL"
    )
    try:
        rows = duckdb.execute(sql).fetchall()
    except duckdb.Error as error:
        raise RunError("sampling.file_damaged", file=frame.units) from error
    return tuple(FrameCount(str(one[0]), str(one[1]), int(one[2]), int(one[3])) for one in rows)
