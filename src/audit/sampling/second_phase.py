"""The second of two phases: households sorted into groups by a desk or phone check, some of each visited (D22).

What was said on the phone is never the verdict. It only sorts the households, so that visits go where they tell most.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from audit.contract.hand_csv import check_width, guarded, read_header, read_lines
from audit.contract.normalise import quote
from audit.database import Settings, database
from audit.errors import AuditError, RunError, SamplingError
from audit.model.nearest import nearest
from audit.runs.parquet import write_parquet
from audit.runs.publish import written_aside
from audit.sampling.draw.design import WHOLE
from audit.sampling.draw.sample import Sample, discarded, read_sample, to_visit
from audit.sampling.frame.build import freeze
from audit.sampling.frame.digest import content_digest
from audit.sampling.frame.record import FIRST_PHASE, UNITS, Frame
from audit.sampling.layout import FRAME_COLUMNS, Samples
from audit.sampling.store import open_store

#: The columns of the list that is filled in, each with its Chinese label.
COLUMNS = {"household_id": "户编号", "village": "村代码", "group": "组别", "note": "说明"}
#: By which column of the frame the visits are divided.
PART = "phone_group"
#: A first phase needs so many households for a variance.
_FEWEST = 2
#: So many households without a group are named.
_NAMED = 5


@dataclass(frozen=True, slots=True)
class FirstPhase:
    """The sample that was checked by desk or phone.

    Attributes:
        sample_id: its name.
        population: households of the frame that it was drawn from.
        checked: households of it.
        groups: how many of them are in each group.
    """

    sample_id: str
    population: int
    checked: int
    groups: Mapping[str, int]

    @classmethod
    def of(cls, frame: Frame) -> FirstPhase | None:
        """The first phase of a frame; None if the frame is of one phase."""
        told = frame.definition.get(FIRST_PHASE)
        return cls(**told) if isinstance(told, dict) else None


def checked_units(samples: Samples, sample_id: str) -> tuple[Sample, Mapping[str, str]]:
    """A sample that can be the first of two phases, and its households with their villages.

    Raises:
        RunError: it was discarded, is a second phase itself, or is no simple random sample of flagged or unflagged
            households.
    """
    sample = read_sample(samples, sample_id)
    with open_store(samples) as store:
        if gone := discarded(sample, store):
            raise RunError("sampling.discarded", sample=sample.sample_id, reason=gone.discarded_reason)
        units = {one.unit.unit_id: one.unit.village for one in to_visit(sample, store)}
    simple = sample.design.method == "ticket" and [one.stratum for one in sample.design.strata] == [WHOLE]
    if not simple or sample.frame.population == "disagreement" or FirstPhase.of(sample.frame):
        raise RunError("sampling.phone_needs_simple", sample=sample.sample_id)
    if len(units) < _FEWEST:
        raise RunError("sampling.phone_needs_two", sample=sample.sample_id)
    return sample, units


def write_list(samples: Samples, sample_id: str, path: Path) -> int:
    """Write the list of households to be checked, to be filled in; gives how many there are.

    Raises:
        RunError: the sample can't be a first phase, the file is there already, or can't be written.
    """
    _, units = checked_units(samples, sample_id)
    try:
        with path.open("x", encoding="utf-8-sig", newline="") as file:
            lines = csv.writer(file)
            lines.writerow(COLUMNS.values())
            lines.writerows(
                (guarded(unit), guarded(village), "", "")
                for unit, village in sorted(units.items(), key=lambda one: one[::-1])
            )
    except OSError as error:
        raise RunError("sampling.list_not_written", file=path, problem=error.strerror or "") from error
    return len(units)


def read_groups(path: Path, units: Sequence[str]) -> Mapping[str, str]:
    """Read which group each checked household was put into.

    Raises:
        InputError: the file can't be read.
        SamplingError: it has mistakes, all told together: line, household and remedy.
    """
    mistakes: list[AuditError] = []
    groups: dict[str, str] = {}
    header, *lines = read_lines(path, path.name, COLUMNS)
    places = read_header(header, COLUMNS, ("household_id", "group"), path.name, mistakes)
    known = frozenset(units)
    written = {guarded(unit): unit for unit in units}
    for number, cells in lines if places else []:
        check_width((number, cells), places or {}, path.name, mistakes)
        unit, group = (_cell(cells, (places or {})[name][0]) for name in ("household_id", "group"))
        unit = written.get(unit, unit)
        told = {"file": path.name, "line": number, "unit": unit}
        if unit not in known:
            mistakes.append(AuditError("sampling.group_of_nobody", nearest=nearest(unit, list(units)) or "–", **told))
        elif unit in groups:
            mistakes.append(AuditError("sampling.group_twice", **told))
        elif not group:
            mistakes.append(AuditError("sampling.group_missing", **told))
        groups.setdefault(unit, group)
    left = sorted(known - groups.keys()) if places else []
    if left:
        named = ", ".join(left[:_NAMED])
        mistakes.append(AuditError("sampling.group_left_out", file=path.name, count=len(left), units=named))
    if mistakes:
        raise SamplingError("sampling.groups_wrong", mistakes)
    return groups


def build_second_phase(
    samples: Samples, sample_id: str, groups: Path, *, now: datetime, settings: Settings | None = None
) -> Frame:
    """Freeze the checked households of a sample, with their groups, as the frame of a second phase.

    Args:
        samples: the folder of samples.
        sample_id: the sample that was checked.
        groups: the list, filled in.
        now: the time, in UTC, for the record.
        settings: memory and scratch folder.

    Raises:
        RunError: the sample can't be a first phase, or a file can't be read or written.
        SamplingError: the list has mistakes.
    """
    sample, units = checked_units(samples, sample_id)
    listed = read_groups(groups, sorted(units))
    counts = dict(sorted(Counter(listed.values()).items()))
    first = FirstPhase(sample.sample_id, sample.frame.n_units, len(units), counts)
    definition = {**sample.frame.definition, FIRST_PHASE: asdict(first)}
    with written_aside(samples.frames) as aside:
        made = aside / "frame"
        made.mkdir()
        with database(settings or Settings()) as opened:
            names = pa.table({"unit_id": list(listed), PART: list(listed.values())})
            opened.con.register("listed", names)
            write_parquet(opened.con, _units_sql(sample.frame), made / UNITS)
            digest, count = content_digest(opened.con, made / UNITS)
        at = now.isoformat(timespec="seconds")
        frame = replace(
            sample.frame, definition=definition, n_units=count, content_sha256=digest, built_at=at, folder=made
        )
        return freeze(samples, frame)


def _units_sql(frame: Frame) -> str:
    columns = ", ".join(f"listed.{name}" if name == PART else f"f.{name}" for name in FRAME_COLUMNS)
    return f"SELECT {columns} FROM read_parquet({quote(str(frame.units))}) AS f JOIN listed USING (unit_id) ORDER BY 1"


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""
