"""One audit of the registry written by hand, and one of a night after, shared by the tests of the area pages."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from audit import AuditResult
from tests.report.areas.registry import TABLES, audited, written


@pytest.fixture(scope="package")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> AuditResult:
    folder = tmp_path_factory.mktemp("areas")
    return audited(written(folder / "in"), folder / "reports")


@pytest.fixture(scope="package")
def second_night(tmp_path_factory: pytest.TempPathFactory) -> AuditResult:
    """The phone of H2 is mended the day after; H1's income is a little different; the rest is as it was."""
    folder = tmp_path_factory.mktemp("areas-2")
    audited(written(folder / "in"), folder / "reports")
    mended = TABLES["households"].replace("李大山,12,", "李大山,13612345678,")
    incomes = TABLES["incomes"].replace(
        "5000,1000,2000.5,600,500,0,600.5,7000", "5000,1000,2000.5,600,500,0,400.5,7200"
    )
    again = written(folder / "in", households=mended, incomes=incomes)
    return audited(again, folder / "reports", date(2025, 1, 1))


def page(run: AuditResult, name: str) -> str:
    return (Path(run.folder) / name).read_text(encoding="utf-8")
