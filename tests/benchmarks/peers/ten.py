"""The ten rules that all peers can say, their figures, and the folder of rules with which the audit runs them.

``HOUSEHOLD`` checks are said of one row per registered household, made from households, two years of incomes,
persons and posts; ID-4 of the present persons' identity numbers, PW-10 of the active posts.
"""

from __future__ import annotations

import shutil
import sys
from datetime import date
from pathlib import Path

RULES = Path(__file__).parents[3] / "rules"
AS_OF = date(2024, 12, 31)
YEAR = 2024
LINE = 4000
TOLERANCE = 1
FLAT = 0.01
PHONE = "1[3-9][0-9]{9}"
UNABLE = ("lost", "none")
ECOLOGY = ("ranger", "grass_keeper")
TABLES = ("households", "incomes", "persons", "posts")
HOUSEHOLD = ("INC-2", "INC-3", "INC-4", "INC-6", "INC-9", "HHD-1", "HHD-3", "PW-5")
TEN = (*HOUSEHOLD, "ID-4", "PW-10")


def write_ten(folder: Path) -> None:
    """Copy the ten rules and the parameters into a folder of their own."""
    folder.mkdir(parents=True)
    for path in sorted(RULES.rglob("*")):
        if path.stem in TEN or path.stem == "parameters":
            shutil.copy(path, folder / path.name)


def link_tables(data: Path, folder: Path) -> Path:
    """Make a registry of only the tables that the ten rules need, without copying them."""
    folder.mkdir(parents=True)
    for table in TABLES:
        parts = sorted((data / table).glob("*.parquet")) or [data / f"{table}.parquet"]
        (folder / table).mkdir()
        for part in parts:
            (folder / table / part.name).symlink_to(part.resolve())
    return folder


def arguments() -> tuple[Path, Path]:
    """The registry and the empty folder that a peer is called with."""
    data, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    return data, out
