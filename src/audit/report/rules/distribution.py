"""Counts how the number that a rule measures is distributed over its subjects, before their facts are dropped."""

from __future__ import annotations

import math
from dataclasses import dataclass

import duckdb

from audit.engine.exact import shown_number_sql
from audit.engine.run import Evaluated
from audit.engine.statements import Code, with_outcome_sql
from audit.memory import lacks_room
from audit.report.charts import Bin
from audit.report.rules.measured import Measured, measured

#: With fewer known numbers than this the list of findings says more than a drawing.
LEAST = 20
#: About so many bars are drawn.
BARS = 24
#: Where the bars begin and end is looked up among at most about so many subjects, evenly spread.
_ASKED = 20_000
_INSIDE = (Code.FLAGGED, Code.CLEAR, Code.INSIDE)
_EVERYONE = (*_INSIDE, Code.ABOUT, Code.NOT_APPLICABLE)


@dataclass(frozen=True)
class Distribution:
    """How a number is distributed over the subjects of a rule.

    Attributes:
        measured: the number and the line it is held against.
        lines: the values of that line that occur, the lowest first.
        bins: bars of equal width, each with the subjects not flagged and flagged in it.
        below, above: subjects beyond the first and the last bar.
        known, unknown: subjects of whom the number is known and is not.
    """

    measured: Measured
    lines: tuple[float, ...]
    bins: tuple[Bin, ...]
    below: int
    above: int
    known: int
    unknown: int


def distribution(con: duckdb.DuckDBPyConnection, evaluated: Evaluated) -> Distribution | None:
    """Count the subjects of an evaluated rule by the number that it measures; None if there is too little to draw."""
    found = measured(evaluated.prepared.rule)
    if found is None:
        return None
    try:
        return _counted(con, evaluated, found)
    except duckdb.Error as error:  # a number beyond all bounds can be compared and yet not be divided out
        if lacks_room(error):
            raise
        return None


def _counted(con: duckdb.DuckDBPyConnection, evaluated: Evaluated, found: Measured) -> Distribution | None:
    parameters = evaluated.prepared.parameters
    outcomes = with_outcome_sql(evaluated.prepared, evaluated.place, careful=evaluated.careful)
    line = shown_number_sql(found.line, parameters) if found.line else "NULL"
    codes = ", ".join(str(int(code)) for code in (_INSIDE if found.inside else _EVERYONE))
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE measured AS SELECT row_no, code = {int(Code.FLAGGED)} AS flagged, "
        f"TRY({shown_number_sql(found.number, parameters)}) AS number, TRY({line}) AS line "
        f"FROM {outcomes} WHERE code IN ({codes})"
    )
    subjects, known = con.execute("SELECT count(*), count(number) FROM measured").fetchall()[0]
    if known < LEAST:
        return None
    lines = con.execute("SELECT DISTINCT line FROM measured WHERE line IS NOT NULL ORDER BY line LIMIT 4").fetchall()
    marks = tuple(float(one[0]) for one in lines)
    every = known // _ASKED + 1
    low, high = con.execute(
        "SELECT quantile_disc(number, 0.01), quantile_disc(number, 0.98) FROM measured "
        f"WHERE number IS NOT NULL AND row_no % {every} = 0"
    ).fetchall()[0]
    if low is None:
        return None
    start, width, bars = edges(min([low, *marks]), max([high, *marks]), marks[0] if marks else 0.0)
    place = f"CAST(floor(round((number - {start!r}) / {width!r}, 9)) AS BIGINT)"
    counted = con.execute(
        f"SELECT greatest(-1, least({bars}, {place})) AS bar, count(*) FILTER (NOT flagged), count(*) FILTER (flagged) "
        "FROM measured WHERE number IS NOT NULL GROUP BY 1 ORDER BY 1"
    ).fetchall()
    counts = {int(bar): (int(clear), int(flagged)) for bar, clear, flagged in counted}
    bins = tuple(Bin(start + width * bar, start + width * (bar + 1), counts.get(bar, (0, 0))) for bar in range(bars))
    beyond = [sum(counts.get(bar, (0, 0))) for bar in (-1, bars)]
    return Distribution(found, marks, bins, beyond[0], beyond[1], known, subjects - known)


def edges(low: float, high: float, line: float) -> tuple[float, float, int]:
    """Where the bars begin, how wide each is, and how many there are.

    The width is 1, 2 or 5 times a power of ten, and the line lies between two bars, so that a bar is on one side of it.
    """
    span = max(high - low, abs(high) * 1e-6, 1e-6)
    power = 10.0 ** math.floor(math.log10(span / BARS))
    width = next(step * power for step in (1, 2, 5, 10) if span / (step * power) <= BARS)
    start = line - math.ceil(round((line - low) / width, 9)) * width
    bars = math.floor(round((high - start) / width, 9)) + 1
    return round(start, 9), round(width, 9), bars
