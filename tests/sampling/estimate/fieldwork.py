"""Draws samples from the audit of data/sample and records what inspectors are made to say, straight into the records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from audit import load_rulebook
from audit.sampling.draw.draw import Wish, draw
from audit.sampling.field.codes import Role
from audit.sampling.field.issue import issue
from audit.sampling.field.records import opened_records, transaction
from audit.sampling.field.sample import read_sample
from audit.sampling.frame import Population, build_frame
from audit.sampling.frame.build import Definition
from audit.sampling.layout import Samples
from audit.sampling.plan import Plan

NOW = datetime(2025, 1, 10, 8, 0, tzinfo=UTC)
#: What is said of a finding or question: household, rule -> verdict.
Says = Callable[[str, str], str]


def drawn(
    samples: Path, out: Path, population: Population, n: int, plan: Plan | None = None, by: tuple[str, ...] = ()
) -> str:
    """Freeze a frame of the latest run and draw a sample from it; gives its name."""
    where = Samples(samples)
    frame = build_frame(where, out, Definition(population), now=NOW)
    wish = Wish(n, seed="42", plan=plan, strata_by=by)
    return draw(where, frame, wish, actor="inspector", now=NOW).sample_id


def recorded(
    samples: Path,
    out: Path,
    sample_id: str,
    says: Says,
    *,
    role: Role = Role.FIRST,
    inspector: str = "甲",
    results: Mapping[str, str] | None = None,
    only: frozenset[str] | None = None,
) -> None:
    """Issue the households of a sample and record a visit to each.

    Args:
        samples: the folder of samples.
        out: the output folder.
        sample_id: the sample.
        says: the verdicts.
        role: as whom the inspector visits.
        inspector: the inspector.
        results: households that do not end as resolved.
        only: the households visited; all if none are named.
    """
    sample = read_sample(samples, sample_id)
    units = [unit for unit in sample.units if only is None or unit.unit_id in only]
    with opened_records(samples) as con:
        run = out / sample.run_id
        issue(con, sample, run if (run / "findings.parquet").is_file() else None, load_rulebook(), role, units)
        with transaction(con):
            log = con.execute(
                "INSERT INTO import_log VALUES (NULL, ?, 'test', '1', '[]', 0, 0, 0)", [str(NOW)]
            ).lastrowid
            for unit in units:
                (key,) = con.execute(
                    "SELECT row_key FROM field_unit WHERE sample_id = ? AND unit_id = ? AND role = ?",
                    [sample_id, unit.unit_id, role],
                ).fetchone()
                result = (results or {}).get(unit.unit_id, "resolved")
                con.execute(
                    "INSERT INTO visit VALUES (NULL, ?, ?, ?, ?, ?, ?, 1, '2025-01-10', 'home', ?, '', '', '', '', ?, '')",
                    [log, key, sample_id, unit.unit_id, role, inspector, result, key],
                )
                items = con.execute(
                    "SELECT row_key, rule_id FROM field_item WHERE sample_id = ? AND unit_id = ? AND role = ?",
                    [sample_id, unit.unit_id, role],
                ).fetchall()
                if result == "resolved":
                    con.executemany(
                        "INSERT INTO visit_item VALUES (NULL, ?, ?, '', ?, '', '', ?, '')",
                        [(log, item, says(unit.unit_id, rule), item) for item, rule in items],
                    )
