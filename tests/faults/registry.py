"""A made-up registry of three tables: what is tried with it is the reading and the publishing, not the rules."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from audit.generate import generate_registry

KEPT = ("households", "persons", "incomes")


def small_registry(
    households: int, seed: int, folder: Path, *, as_of: date, form: Literal["csv", "parquet"] = "parquet"
) -> Path:
    """Write it into a folder that is not there yet; gives that folder."""
    generate_registry(households, seed, folder, as_of=as_of, format=form)
    for path in folder.iterdir():
        if path.stem not in KEPT:
            path.unlink()
    return folder
