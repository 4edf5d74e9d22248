"""One run of two townships, and a slice of each, for all tests of slices."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit import AuditResult
from audit.slices import Slice, cut_each
from tests.slices.two_townships import NORTH, SOUTH, Rows, audited_twice


def write_tables(folder: Path, **tables: Rows) -> Path:
    folder.mkdir(parents=True)
    for name, rows in tables.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        lines = [",".join(columns), *(",".join(str(row.get(column, "")) for column in columns) for row in rows)]
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> AuditResult:
    place = tmp_path_factory.mktemp("county")
    return audited_twice(lambda name, **tables: write_tables(place / name, **tables), place / "reports")


@pytest.fixture(scope="session")
def slices(run: AuditResult, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Slice]:
    """The slice of each township, by its code."""
    cut = {one.area.code: one for one in cut_each(run.folder, "township", tmp_path_factory.mktemp("slices"))}
    assert list(cut) == [NORTH, SOUTH]
    return cut
