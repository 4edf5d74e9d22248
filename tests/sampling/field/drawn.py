"""A sample laid down by hand as a draw lays it down: a frame, a draw, and what happened since."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

import duckdb

from audit.sampling.draw.design import Design, StratumShare
from audit.sampling.draw.sample import DESIGN, RECEIPT, UNITS, Receipt, write_list
from audit.sampling.draw.select import MAIN, RESERVE, Listed
from audit.sampling.frame.record import Frame, write_frame
from audit.sampling.layout import Samples
from audit.sampling.rows import DrawLog, Release, SecondVisit
from audit.sampling.store import open_store

SAMPLE_ID = "S-2024-1"
FRAME_ID = "F-2024-1"
AT = "2025-01-31T08:00:00+00:00"


def lay_down(
    folder: Path,
    run_id: str,
    units: Mapping[str, Sequence[str]],
    *,
    reserves: Sequence[str] = (),
    released: Sequence[str] = (),
    second: Sequence[str] = (),
    sample_id: str = SAMPLE_ID,
) -> Path:
    """Write a sample.

    Args:
        folder: the folder of samples.
        run_id: the run of the frame.
        units: households with the rules that flag them; their village is the first 12 digits of their number.
        reserves: those of them that are only held in reserve.
        released: the reserves that are to be visited after all.
        second: the households for second visits.
        sample_id: the name of the sample.
    """
    samples = Samples(folder)
    frame, draw = samples.frame(FRAME_ID), samples.draw(sample_id)
    frame.mkdir(parents=True, exist_ok=True)
    draw.mkdir(parents=True)
    write_frame(Frame(FRAME_ID, run_id, date(2024, 12, 31), "flagged", {}, len(units), "aa", AT, frame))
    listed = [
        Listed(
            unit,
            "all",
            rank,
            "ab",
            1,
            2,
            RESERVE if unit in reserves else MAIN,
            1,
            f"{unit[:9]}000",
            unit[:12],
            len(rules),
        )
        for rank, (unit, rules) in enumerate(units.items(), start=1)
    ]
    with duckdb.connect() as con:
        con.execute("CREATE TABLE unit (unit_id VARCHAR, rules VARCHAR[])")
        con.executemany("INSERT INTO unit VALUES (?, ?)", [[unit, list(rules)] for unit, rules in units.items()])
        con.execute(f"COPY unit TO '{frame / 'frame.parquet'}' (FORMAT parquet)")
        write_list(con, listed, draw / UNITS)
    share = StratumShare("all", len(units), 0, len(units), len(units) - len(reserves), 0, len(reserves))
    design = Design(FRAME_ID, "aa", "ticket", (), "proportional", (share,), "seed", {})
    receipt = Receipt(sample_id, FRAME_ID, run_id, "aa", "bb", "cc", "seed", "ticket", len(units), "0.2.0", "x", AT)
    (draw / DESIGN).write_text(json.dumps(asdict(design)), encoding="utf-8")
    (draw / RECEIPT).write_text(json.dumps(asdict(receipt)), encoding="utf-8")
    act = f"{sample_id}/1"
    with open_store(samples) as store, store.act():
        store.add(DrawLog(act, sample_id, "draw", "aa", "bb", "cc", "0.2.0", "x", AT))
        for rank, unit in enumerate(units, start=1):
            if unit in released:
                store.add(Release(act, sample_id, unit, "all", rank, "replacement", 1, AT))
            if unit in second:
                store.add(SecondVisit(act, sample_id, unit, "ab", AT))
    return folder
