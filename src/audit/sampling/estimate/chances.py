"""The chances of a draw by size with the households that were really released: main ones and reserves (D12, D13)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import duckdb
import numpy as np

from audit.database import Settings, database
from audit.errors import RunError
from audit.sampling.draw.design import Design
from audit.sampling.draw.select import Listed, certainty, sizes_by_stratum
from audit.sampling.draw.statements import sized_sql
from audit.sampling.estimate.survey import Floats
from audit.sampling.frame import Frame


def released_chances(frame: Frame, design: Design, released: Sequence[Listed]) -> Floats:
    """The chance of each released household to be among them.

    A released reserve is the next one in the same order, as if the draw had been larger by one from the start: so the
    chances are those of a draw of as many households of the stratum as were released. lambda_i = n x_i / sum x, and 1
    for whoever is certain by size alone.

    Args:
        frame: the frame.
        design: how it was drawn from.
        released: the released households.

    Returns:
        The chances in the order of ``released``, shape (n,).

    Raises:
        RunError: the frame is damaged.
    """
    counts = Counter(one.stratum for one in released)
    with database(Settings()) as opened:
        con = opened.con
        try:
            sizes = sizes_by_stratum(con, frame.units, design)
            con.execute(
                "CREATE TABLE wanted AS SELECT unnest(?::VARCHAR[]) AS unit_id", [[one.unit_id for one in released]]
            )
            rows = con.execute(
                f"SELECT unit_id, size FROM ({sized_sql(frame.units, design)}) SEMI JOIN wanted USING (unit_id)"
            ).fetchall()
        except duckdb.Error as error:
            raise RunError("sampling.file_damaged", file=frame.units) from error
    bounds = {name: certainty(sizes[name], count) for name, count in counts.items()}
    size_of = {str(unit): int(size) for unit, size in rows}
    return np.array([_chance(size_of[one.unit_id], *bounds[one.stratum]) for one in released])


def _chance(size: int, bound: int, n: int, total: int) -> float:
    return 1.0 if size >= bound else n * size / total
