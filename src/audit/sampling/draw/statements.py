"""The SQL of draws, as text: in which order the households of each stratum are drawn. Nothing here runs a query.

Each statement gives ``unit_id, stratum, rank, ticket, township, village, n_findings, key, pi_num, pi_den``; within a
stratum the households are drawn in the order of ``rank``, from 1.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from math import isqrt
from pathlib import Path

from audit.contract.normalise import quote
from audit.sampling.draw.design import WHOLE, Design, StratumShare
from audit.sampling.draw.ticket import HOUSEHOLD, number_sql, point, ticket_sql

_KEPT = "unit_id, stratum, ticket, township, village, n_findings"
#: Sizes are whole ten-thousandths.
_UNIT = 10_000


def stratum_sql(parts: Collection[str]) -> str:
    """The name of a household's stratum: the values of its parts."""
    named = {
        "recently_verified": "CASE WHEN recently_verified THEN 'verified' ELSE 'unverified' END",
    }
    cells = ", ".join(named.get(part, f"CASE WHEN {part} = '' THEN '-' ELSE {part} END") for part in parts)
    return f"concat_ws(' | ', {cells})" if parts else quote(WHOLE)


def units_sql(units: Path, design: Design) -> str:
    """Every household of the frame with its stratum and ticket."""
    return (
        f"SELECT unit_id, {stratum_sql(design.strata_by)} AS stratum, {ticket_sql(design.seed, HOUSEHOLD)} AS ticket, "
        f"township, village, n_findings, size_measure FROM read_parquet({quote(str(units))})"
    )


def ordered_sql(units: Path, design: Design) -> str:
    """The order of a draw by tickets, as far as ``shares`` (stratum, listed, cutoff) asks for.

    Where a stratum has a cutoff, only households with a smaller key are sorted.
    """
    return (
        f"SELECT {_KEPT}, rank, key, 0 AS pi_num, 0 AS pi_den FROM ("
        f"SELECT k.*, s.listed, row_number() OVER (PARTITION BY k.stratum ORDER BY key, unit_id) AS rank "
        f"FROM (SELECT *, {key_sql(design)} AS key FROM ({units_sql(units, design)})) AS k "
        "JOIN shares AS s ON s.stratum = k.stratum WHERE s.cutoff IS NULL OR key < s.cutoff"
        ") WHERE rank <= listed ORDER BY stratum, rank"
    )


def key_sql(design: Design) -> str:
    """What households are sorted by: the ticket; a rotated wave begins at a point of the circle of tickets."""
    turned = point(Fraction(design.shift))
    return f"CASE WHEN ticket < {quote(turned)} THEN '1' ELSE '0' END || ticket"


def cutoff(share: StratumShare, shift: str) -> str | None:
    """A key below which a stratum's listed households almost certainly lie; None if all are to be sorted.

    Almost: whoever uses it counts, and sorts all if they were too few.
    """
    wanted = _with_room(share.listed)
    if 2 * wanted >= share.size:
        return None
    end = Fraction(shift) + Fraction(wanted, share.size)
    return "0" + point(end) if end < 1 else "1" + point(end - 1)


def _with_room(listed: int) -> int:
    """So many are sorted where so many are listed: chance alone leaves fewer than that about never."""
    return listed + 8 * isqrt(listed) + 64


def systematic_sql(units: Path, design: Design) -> str:
    """The order of a systematic draw: the n chosen households of each sorted stratum, nobody else (D11).

    ``starts`` (stratum, size, n, r) says where each stratum begins. A frame is sorted by household, so that the place
    of a line in its file stands for the household, and little has to be sorted.
    """
    frame = f"read_parquet({quote(str(units))}, file_row_number = true)"
    stratum = stratum_sql(design.strata_by)
    order = ", ".join((*design.sort_by, "file_row_number"))
    by = f"PARTITION BY {stratum} " if design.strata_by else ""
    sorted_already = not design.strata_by and not design.sort_by
    place = "file_row_number" if sorted_already else f"row_number() OVER ({by}ORDER BY {order}) - 1"
    # The j-th place is floor((r + jN) / n), counted round the end of the list: each place has the chance n/N.
    return f"""
WITH placed AS (SELECT {stratum} AS stratum, file_row_number, {place} AS place FROM {frame}),
chosen AS (
    SELECT stratum, size, n, j, (r + j * size) // n AS place
    FROM (SELECT *, unnest(range(CAST(n AS BIGINT))) AS j FROM starts)
),
taken AS (SELECT file_row_number, stratum, size, n, j, place FROM placed JOIN chosen USING (stratum, place))
SELECT unit_id, stratum, {ticket_sql(design.seed, HOUSEHOLD)} AS ticket, township, village, n_findings,
    j + 1 AS rank, lpad(CAST(place AS VARCHAR), 20, '0') AS key, n AS pi_num, size AS pi_den
FROM {frame} JOIN taken USING (file_row_number) ORDER BY stratum, rank
"""


def sized_sql(units: Path, design: Design) -> str:
    """The order of a draw with chances in proportion to size: households, sizes and numbers, to be ranked."""
    turned = Fraction(design.shift)
    u = number_sql("ticket")
    shifted = f"({u} - {float(turned)!r} + CASE WHEN {u} < {float(turned)!r} THEN 1 ELSE 0 END)" if turned else u
    return (
        f"SELECT {_KEPT}, CAST(size_measure * {_UNIT} AS BIGINT) AS size, {shifted} AS u "
        f"FROM ({units_sql(units, design)})"
    )


def ranked_sql(method: str) -> str:
    """The ranking of ``sized``: certain households first, then by their numbers divided by their chances (D12).

    ``bounds`` (stratum, bound, n, total, farthest, listed) says of each stratum from which size a household is certain,
    how many others are drawn, the sum of the sizes of the others, and beyond which quotient nobody need be sorted.
    Whoever has no size is never drawn.
    """
    chance = "(CAST(n AS DOUBLE) * size / total)"
    odds = f"(u / {chance})" if method == "sequential_poisson" else f"((u / (1 - u)) / ({chance} / (1 - {chance})))"
    return f"""
SELECT {_KEPT}, rank, key, pi_num, pi_den FROM (
    SELECT {_KEPT}, listed,
        row_number() OVER (PARTITION BY stratum ORDER BY certain DESC, odds, ticket, unit_id) AS rank,
        CASE WHEN certain THEN 'certain' ELSE CAST(odds AS VARCHAR) END AS key,
        CASE WHEN certain THEN 1 ELSE n * size END AS pi_num,
        CASE WHEN certain THEN 1 ELSE total END AS pi_den
    FROM (
        SELECT s.*, b.* EXCLUDE (stratum), size >= bound AS certain, CASE WHEN size < bound THEN {odds} END AS odds
        FROM sized AS s JOIN bounds AS b ON b.stratum = s.stratum
        WHERE size > 0
    )
    WHERE certain OR farthest IS NULL OR odds < farthest
)
WHERE rank <= listed ORDER BY stratum, rank
"""


def farthest(sizes: Sequence[tuple[int, int]], certain: tuple[int, int, int], listed: int, method: str) -> float | None:
    """A quotient below which a stratum's listed households almost certainly lie; None if all are to be sorted.

    Almost: whoever uses it counts, and sorts all if they were too few.

    Args:
        sizes: each size with the number of households that have it.
        certain: from which size a household is certain, how many others are drawn, and the sum of their sizes.
        listed: how many households are listed.
        method: how they are drawn.
    """
    if not listed:
        return 0.0
    bound, n, total = certain
    others = [(n * size / total, count) for size, count in sizes if size < bound]
    wanted = _with_room(listed - sum(count for size, count in sizes if size >= bound))
    if not n or 2 * wanted >= sum(count for _, count in others):
        return None
    end = 1.0  # below it lie n households on average, as many as are drawn
    while sum(count * _before(end, chance, method) for chance, count in others) < wanted:
        end *= 2
    return end


def _before(end: float, chance: float, method: str) -> float:
    """How likely a household's number divided by its chance is below an end."""
    if method == "sequential_poisson":
        return min(1.0, end * chance)
    odds = end * chance / (1 - chance)
    return odds / (1 + odds)
