"""A folder of samples with a frame made by hand, so that draws are tried without an audit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from audit.sampling.chance import Rate
from audit.sampling.draw.draw import Wish, draw
from audit.sampling.draw.sample import Sample
from audit.sampling.frame.digest import content_digest
from audit.sampling.frame.record import UNITS, Frame, write_frame
from audit.sampling.layout import Samples

NOW = datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)
NO_RESERVE = Rate("0")
#: A household of a frame: id, township, severity, findings.
Home = tuple[str, str, str, int]

MakeFrame = Callable[[Sequence[Home]], Frame]
Draw = Callable[[Frame, Wish], Sample]


def homes(n: int, township: str = "139903101000", severity: str = "high", first: int = 1) -> list[Home]:
    return [(f"户{number:05d}", township, severity, 1 + number % 3) for number in range(first, first + n)]


def write_units(path: Path, rows: Sequence[Home]) -> None:
    con = duckdb.connect()
    con.execute("CREATE TABLE homes (unit_id VARCHAR, township VARCHAR, severity VARCHAR, n INTEGER)")
    con.executemany("INSERT INTO homes VALUES (?, ?, ?, ?)", [list(row) for row in rows])
    con.execute(
        "COPY (SELECT unit_id, township, substr(township, 1, 9) || '001' AS village, severity, 'INC-3' AS rule, "
        "'' AS distance_class, false AS recently_verified, n AS n_findings, ['INC-3'] AS rules, "
        f"CAST(n AS DECIMAL(18, 4)) AS size_measure, '' AS phone_group FROM homes ORDER BY unit_id) TO '{path}' (FORMAT parquet)"
    )


@pytest.fixture
def samples(tmp_path: Path) -> Samples:
    return Samples(tmp_path / "samples")


@pytest.fixture
def make_frame(samples: Samples) -> MakeFrame:
    """Freeze a frame of some households; its id is the beginning of its digest."""

    def make(rows: Sequence[Home]) -> Frame:
        aside = samples.root / "units.parquet"
        samples.root.mkdir(parents=True, exist_ok=True)
        write_units(aside, rows)
        digest, n_units = content_digest(duckdb.connect(), aside)
        folder = samples.frame(digest[:12])
        folder.mkdir(parents=True, exist_ok=True)
        aside.replace(folder / UNITS)
        frame = Frame(
            digest[:12], "2024-12-31-abc", date(2024, 12, 31), "flagged", {}, n_units, digest, "2025-01-01", folder
        )
        write_frame(frame)
        return frame

    return make


@pytest.fixture
def drawn(samples: Samples) -> Draw:
    """Draw a sample from a frame."""

    return lambda frame, wish: draw(samples, frame, wish, actor="tester", now=NOW)
