"""One sample with its sheets, made once and copied for each test."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from audit.sampling.field.sheets import Wish, write_sheets
from tests.sampling.field.drawn import SAMPLE_ID, lay_down
from tests.sampling.field.made_up import CLEAR, EAST, FLAGGED, RULES, RUN_ID, SOUTH, Book, lay_run


@dataclass(frozen=True)
class Field:
    """A test's own output folder with a sample, and its sheets."""

    out: Path

    @property
    def samples(self) -> Path:
        """The folder of samples."""
        return self.out / "samples"

    @property
    def path(self) -> Path:
        """The workbook of the village in the east."""
        return self.out / "sheets" / f"{SAMPLE_ID}-first-{EAST}.xlsx"

    def east(self) -> Book:
        """The workbook of the village in the east: three households."""
        return Book(self.path)

    def south(self) -> Book:
        """The workbook of the village in the south: one household."""
        return Book(self.out / "sheets" / f"{SAMPLE_ID}-first-{SOUTH}.xlsx")

    def again(self, wish: Wish | None = None, folder: str = "again") -> list[Path]:
        """Write the sheets anew; gives the workbooks."""
        written = write_sheets(self.samples, SAMPLE_ID, self.out, self.out / folder, wish or Wish())
        return [path for path in written.files if path.suffix == ".xlsx"]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample and its sheets as they were first written."""
    out = lay_run(tmp_path_factory.mktemp("field") / "reports")
    lay_down(out / "samples", RUN_ID, RULES, second=[FLAGGED, CLEAR])
    write_sheets(out / "samples", SAMPLE_ID, out, out / "sheets", Wish())
    return out


@pytest.fixture
def field(made: Path, tmp_path: Path) -> Field:
    """A copy of them."""
    return Field(shutil.copytree(made, tmp_path / "reports"))
