"""The areas of a run: found by their code, or the nearest one named."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

import duckdb

from audit.contract.normalise import quote
from audit.errors import RunError
from audit.findings.behind import AREAS_FILE
from audit.model.areas import DIGITS, Level, leading_digits, level_of


@dataclass(frozen=True)
class Area:
    """One area in which a run has households.

    Attributes:
        code: its code of 12 digits.
        name: what the registry calls it; empty for a province.
        parents: the names of the county and township that it is in, as far as it is below them.
        households: registered households in it.
        flagged_households: those with a finding that is not set apart.
    """

    code: str
    name: str
    parents: tuple[str, ...]
    households: int
    flagged_households: int

    @property
    def level(self) -> Level:
        """Province, county, township or village."""
        return level_of(self.code)

    @property
    def digits(self) -> str:
        """The leading digits that every code in it has."""
        return self.code[: DIGITS[self.level]]

    @property
    def title(self) -> str:
        """Its name with those of the areas that it is in; its code where nothing has a name."""
        return " ".join(name for name in (*self.parents, self.name) if name) or self.code


def read_areas(folder: Path) -> tuple[Area, ...]:
    """Every area of a run, the largest first, in the order of their codes.

    Raises:
        RunError: the file can't be read.
    """
    path = folder / AREAS_FILE
    try:
        with duckdb.connect(":memory:") as con:
            rows = con.execute(
                "SELECT area_code, coalesce(area_name, ''), households, flagged_households "
                f"FROM read_parquet({quote(str(path))})"
            ).fetchall()
    except duckdb.Error as error:
        raise RunError("runs.unreadable", file=path, problem=str(error).partition("\n")[0]) from error
    names = {code: name for code, name, _, _ in rows}
    return tuple(Area(code, name, _parents(code, names), homes, flagged) for code, name, homes, flagged in rows)


def _parents(code: str, names: dict[str, str]) -> tuple[str, ...]:
    above = [code[: DIGITS[level]].ljust(12, "0") for level in ("county", "township")]
    return tuple(names[one] for one in above if one != code and len(one.rstrip("0")) < len(code) and names.get(one))


def areas_at(areas: tuple[Area, ...], level: Level) -> tuple[Area, ...]:
    """The areas of one level."""
    return tuple(one for one in areas if one.level == level)


def find_area(areas: tuple[Area, ...], asked: str) -> Area:
    """The area with a code of 2, 6, 9 or 12 digits, or with a name that only one has.

    Raises:
        RunError: the run has no such area; the message names the nearest.
    """
    digits = leading_digits(asked)
    found = [one for one in areas if (digits and one.digits == digits) or asked in {one.name, one.title}]
    if len(found) == 1:
        return found[0]
    known = {text: one for one in reversed(areas) for text in (one.code, one.digits, one.name, one.title) if text}
    close = difflib.get_close_matches(asked, known, n=3, cutoff=0.4) or sorted(known)[:3]
    near = found or list(dict.fromkeys(known[text] for text in close))
    raise RunError("published.no_area", area=asked, nearest="；".join(f"{one.code} {one.title}" for one in near))
