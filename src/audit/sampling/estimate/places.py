"""The names of townships, so that people need not read codes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from audit.contract.normalise import quote
from audit.errors import RunError
from audit.findings.behind import AREAS_FILE
from audit.sampling.estimate.estimate import TOGETHER, DomainKind

#: Kinds of domains that are places.
_PLACES = frozenset({DomainKind.TOWNSHIP, DomainKind.TOWNSHIPS})


def read_places(run: Path) -> Mapping[str, str]:
    """The names of a run's townships and villages by their codes; empty where the run keeps none.

    Raises:
        RunError: the file is damaged.
    """
    path = run / AREAS_FILE
    if not path.is_file():
        return {}
    sql = f"SELECT area_code, area_name FROM read_parquet({quote(str(path))}) WHERE area_name IS NOT NULL"
    try:
        return dict(duckdb.execute(f"{sql} AND area_level IN ('township', 'village') ORDER BY 1").fetchall())
    except duckdb.Error as error:
        raise RunError("sampling.file_damaged", file=path) from error


def domain_name(kind: DomainKind, domain: str, places: Mapping[str, str]) -> str:
    """What people call a domain: townships by name, by code where the name is not known; others as they are."""
    if kind not in _PLACES:
        return domain
    return TOGETHER.join(places.get(code, code) for code in domain.split(TOGETHER))


def stratum_name(stratum: str, places: Mapping[str, str]) -> str:
    """What people call a stratum: a code of a place is followed by its name."""
    parts = (f"{part} {places[part]}" if part in places else part for part in stratum.split(" | "))
    return " | ".join(parts)
