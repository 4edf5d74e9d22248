"""A sample laid down by hand as a draw lays it down: a frame, a draw, and what happened since."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import duckdb

SAMPLE_ID = "S-2024-1"
FRAME_ID = "F-2024-1"
TABLES = """
CREATE TABLE draw_log (draw_id TEXT PRIMARY KEY, sample_id TEXT, act TEXT, discarded_reason TEXT);
CREATE TABLE release (draw_id TEXT, sample_id TEXT, unit_id TEXT, stratum TEXT, rank INTEGER, purpose TEXT,
    stage INTEGER, at TEXT, PRIMARY KEY (sample_id, unit_id));
CREATE TABLE second_visit (draw_id TEXT, sample_id TEXT, unit_id TEXT, ticket TEXT, at TEXT);
"""


def lay_down(
    samples: Path,
    run_id: str,
    units: Mapping[str, Sequence[str]],
    *,
    reserves: Sequence[str] = (),
    released: Sequence[str] = (),
    second: Sequence[str] = (),
    sample_id: str = SAMPLE_ID,
    as_of: str = "2024-12-31",
) -> Path:
    """Write a sample.

    Args:
        samples: the folder of samples.
        run_id: the run of the frame.
        units: households with the rules that flag them; their village is the first 12 digits of their number.
        reserves: those of them that are only held in reserve.
        released: the reserves that are to be visited after all.
        second: the households for second visits.
        sample_id: the name of the sample.
        as_of: the day of the run.
    """
    frame, draw = samples / "frames" / FRAME_ID, samples / "draws" / sample_id
    frame.mkdir(parents=True, exist_ok=True)
    draw.mkdir(parents=True)
    (frame / "frame.json").write_text(json.dumps({"run_id": run_id, "as_of": as_of, "population": "flagged"}))
    (draw / "design.json").write_text(json.dumps({"frame_id": FRAME_ID}))
    with duckdb.connect() as con:
        con.execute("CREATE TABLE unit (unit_id VARCHAR, rules VARCHAR[], role VARCHAR, rank BIGINT)")
        for rank, (unit, rules) in enumerate(units.items(), start=1):
            con.execute(
                "INSERT INTO unit VALUES (?, ?, ?, ?)",
                [unit, list(rules), "reserve" if unit in reserves else "main", rank],
            )
        areas = "unit_id[1:9] || '000' AS township, unit_id[1:12] AS village, len(rules)::INTEGER AS n_findings"
        con.execute(f"COPY (SELECT unit_id, rules, {areas} FROM unit) TO '{frame / 'frame.parquet'}' (FORMAT parquet)")
        drawn = "unit_id, 'all' AS stratum, rank, 'ab' AS ticket, 1 AS pi_num, 2 AS pi_den, role, 1 AS stage"
        con.execute(f"COPY (SELECT {drawn}, {areas} FROM unit) TO '{draw / 'units.parquet'}' (FORMAT parquet)")
    new = not (samples / "samples.sqlite").exists()
    with closing(sqlite3.connect(samples / "samples.sqlite")) as con:
        if new:
            con.executescript(TABLES)
        con.execute("INSERT INTO draw_log VALUES (?, ?, 'draw', NULL)", [f"{sample_id}/1", sample_id])
        for rank, unit in enumerate(released, start=1):
            con.execute(
                "INSERT INTO release VALUES ('d', ?, ?, 'all', ?, 'replacement', 1, '')", [sample_id, unit, rank]
            )
        for unit in second:
            con.execute("INSERT INTO second_visit VALUES ('d', ?, ?, 'ab', '')", [sample_id, unit])
        con.commit()
    return samples
