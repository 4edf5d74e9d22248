"""Records what came back: reads the files, judges every row, and writes all that is good in one transaction."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime
from importlib import metadata
from pathlib import Path

from audit.errors import RunError
from audit.sampling.field.answers import Answer, Fate, Progress, Report
from audit.sampling.field.codes import INCOMPLETE, Result, Role
from audit.sampling.field.columns import VISITS
from audit.sampling.field.judge import Known, judge
from audit.sampling.field.outcomes import current_outcomes
from audit.sampling.field.records import SAMPLES_FILE, opened_records, transaction
from audit.sampling.field.returned import Returned, Row, read_returned
from audit.sampling.field.row_key import read_key
from audit.sampling.field.state import IssuedUnit, digest_of, read_issued, read_state


@dataclass(frozen=True)
class Act:
    """Who records, when, and what is allowed.

    Attributes:
        actor: who does it.
        now: the time, with its zone.
        apply: whether anything is written; by default it is only tried.
        correct: whether recorded answers may be changed.
        sample_id: the only sample whose rows are wanted; empty for any.
        reached: told each point between which the records change, for those who try what a crash there leaves.
    """

    actor: str
    now: datetime
    apply: bool = False
    correct: bool = False
    sample_id: str = ""
    reached: Callable[[str], None] = lambda _point: None

    @property
    def today(self) -> date:
        """The day on which it is done."""
        return self.now.date()


def record_files(samples: Path, files: Sequence[Path], act: Act) -> Report:
    """Judge every row of some sheets that came back and, if asked, record all that is good.

    A refused row stops no other: it comes back in the answer workbook. All rows of all files are recorded together or,
    if anything breaks, none of them.

    Args:
        samples: the folder of samples.
        files: workbooks, or CSV files made from their sheets.
        act: who records, and what is allowed.

    Raises:
        RunError: the folder holds no samples, or can't be written.
    """
    if not (samples / SAMPLES_FILE).is_file():
        raise RunError("field.no_samples", folder=samples)
    returned = tuple(read_returned(path) for path in dict.fromkeys(files))
    rows = [row for file in returned for row in file.rows]
    with opened_records(samples) as con, transaction(con) if act.apply else nullcontext():
        units = _units(con, rows)
        keys = [key for unit in units for key in (unit.row_key, *(item.row_key for item in unit.items))]
        known = Known(units, read_state(con, keys), act.sample_id, act.correct, act.today)
        answers = judge(rows, known)
        applied = act.apply and any(answer.fate is Fate.RECORDED for answer in answers)
        if applied:
            answers = _write(con, returned, answers, {key: unit for unit in units for key in _keys(unit)}, act)
        progress = tuple(_progress(con, sample_id) for sample_id in sorted({unit.sample_id for unit in units}))
        act.reached("written")
    return Report(returned, answers, applied, progress)


def _units(con: sqlite3.Connection, rows: Iterable[Row]) -> tuple[IssuedUnit, ...]:
    """Every household that the rows may be about, in all its roles."""
    keys = {key for row in rows for cell in row.cells.values() if (key := read_key(cell))}
    con.execute("CREATE TEMP TABLE IF NOT EXISTS asked (row_key TEXT PRIMARY KEY)")
    con.executemany("INSERT OR IGNORE INTO asked VALUES (?)", ((key,) for key in sorted(keys)))
    about = (
        "SELECT sample_id, unit_id FROM field_unit JOIN asked USING (row_key) "
        "UNION SELECT sample_id, unit_id FROM field_item JOIN asked USING (row_key)"
    )
    return read_issued(con, f"(unit.sample_id, unit.unit_id) IN ({about})", ())


def _keys(unit: IssuedUnit) -> tuple[str, ...]:
    return (unit.row_key, *(item.row_key for item in unit.items))


def _write(
    con: sqlite3.Connection,
    files: Sequence[Returned],
    answers: Sequence[Answer],
    units: dict[str, IssuedUnit],
    act: Act,
) -> tuple[Answer, ...]:
    """Add one row to the log, and one for each household and item whose answers have changed."""
    counts = Counter(answer.fate for answer in answers)
    hidden = frozenset(file.path for file in files if file.columns >= {"question"} and "registry" not in file.columns)
    log = con.execute(
        "INSERT INTO import_log (at, actor, tool_version, files, corrected, rows_recorded, rows_refused) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            act.now.isoformat(timespec="seconds"),
            act.actor,
            metadata.version("household-audit"),
            json.dumps([{"name": file.path.name, "sha256": file.sha256} for file in files], ensure_ascii=False),
            act.correct,
            counts[Fate.RECORDED],
            counts[Fate.REFUSED],
        ],
    ).lastrowid
    written = []
    for answer in answers:
        if answer.fate is Fate.RECORDED and answer.answers is not None and log is not None:
            unit = units[answer.key]
            blind = unit.role == Role.SECOND or answer.row.path in hidden
            _add(con, log, answer, unit, blind=blind)
            written.append(replace(answer, base=digest_of(answer.row.plan, answer.answers)))
            act.reached("row")
        else:
            written.append(answer)
    return tuple(written)


def _add(con: sqlite3.Connection, log: int, answer: Answer, unit: IssuedUnit, *, blind: bool) -> None:
    row, answers = answer.row, answer.answers or {}
    source = f"{row.path.name} [{row.sheet}] {row.number}"
    said = [answers.get(name, "") for name in row.plan.answers]
    if row.plan is VISITS:
        about = (unit.sample_id, unit.unit_id, unit.role)
        con.execute(
            "INSERT INTO visit (import_id, row_key, sample_id, unit_id, role, blind, visited_on, inspector, mode, "
            "result, reason_code, others, photos, note, digest, source) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [log, answer.key, *about, blind, *said, digest_of(row.plan, answers), source],
        )
    else:
        con.execute(
            "INSERT INTO visit_item (import_id, row_key, verdict, found_value, photos, note, digest, source) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [log, answer.key, *said, digest_of(row.plan, answers), source],
        )


def _progress(con: sqlite3.Connection, sample_id: str) -> Progress:
    firsts = [one for one in current_outcomes(con, sample_id) if one.role is Role.FIRST]
    (households,) = con.execute(
        "SELECT count(*) FROM field_unit WHERE sample_id = ? AND role = ?", [sample_id, Role.FIRST]
    ).fetchone()
    incomplete = sum(one.reason_code == INCOMPLETE for one in firsts)
    results = Counter(one.result for one in firsts)
    unresolved = results[Result.UNRESOLVED] - incomplete
    return Progress(
        sample_id, households, results[Result.RESOLVED], results[Result.OUT_OF_SCOPE], unresolved, incomplete
    )
