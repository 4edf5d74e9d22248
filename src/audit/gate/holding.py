"""The gate: before any rule counts, is tonight's extract plausible at all?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from audit.accepted import Accepted
from audit.gate.expectation import Expectation, Gate
from audit.gate.faults import Row, faults
from audit.gate.gate_file import load_gate
from audit.gate.measures import Compared, Observation, observations
from audit.gate.profile import area_names, earlier_profile, readable_runs, tonights_profile, write_profile
from audit.gate.record import write_verdict
from audit.gate.sentences import plain, sentence
from audit.gate.verdict import Held, Result, Status, Verdict

#: So many values of one expectation are shown and kept, those that are not as expected first; all are counted.
SHOWN = 50


def hold(accepted: Accepted, folder: Path, gate: Gate | Path | None, earlier: Sequence[Path], as_of: date) -> Verdict:
    """Measure tonight's extract and hold it against what is expected of it.

    Writes ``profile.parquet``, ``keys.parquet`` and ``gate.json``.

    Args:
        accepted: tonight's rows, accepted or quarantined.
        folder: the folder of tonight's run.
        gate: the expectations or their file, by default those that come with the audit.
        earlier: the folders of the last good runs, newest first. Runs without a profile are passed over. A change that
            somebody has released is the new measure of things: give no run from before the last one released.
        as_of: the day of the audit.

    Raises:
        RulebookError: the file of expectations has mistakes.
    """
    con = accepted.con
    expected = gate if isinstance(gate, Gate) else load_gate(gate)
    runs, damaged = readable_runs(con, earlier, expected.runs)
    write_profile(accepted, folder, as_of, runs[0] if runs else None)
    townships = expected.townships
    compared = Compared(
        tonights_profile(con, townships), {run.name: earlier_profile(con, run, townships) for run in runs}
    )
    verdict = Verdict(
        as_of=as_of,
        compared=tuple(run.name for run in runs),
        damaged=tuple(damaged),
        digest=expected.digest,
        held=judge(expected, compared, area_names(con, runs)),
    )
    write_verdict(verdict, folder)
    return verdict


def judge(gate: Gate, compared: Compared, names: Mapping[str, str]) -> tuple[Held, ...]:
    """Hold a profile against expectations.

    Args:
        gate: the expectations.
        compared: tonight's profile and the last ones.
        names: the names of the townships by code.
    """
    seen = [(one, observation) for one in gate.expectations for observation in observations(one, compared)]
    held = [place for place, (_, observation) in enumerate(seen) if not observation.not_held]
    rows = [_row(seen[place][1]) for place in held]
    found = {held[place]: fault.value for place, fault in faults(rows).items()}
    results: dict[str, list[tuple[Status, int]]] = {one.id: [] for one in gate.expectations}
    for place, (expectation, observation) in enumerate(seen):
        status = Status.NOT_APPLICABLE if observation.not_held else Status.PASSED
        results[expectation.id].append((Status.FAILED if place in found else status, place))

    def held_of(expectation: Expectation) -> Held:
        placed = results[expectation.id]
        order = tuple(Status)
        first = sorted(placed, key=lambda one: (order.index(one[0]), one[1]))[:SHOWN]
        shown = (_result(expectation, seen[place][1], status, found.get(place, ""), names) for status, place in first)
        counts = {status: sum(1 for one, _ in placed if one is status) for status in Status}
        return _held(expectation, counts, tuple(shown))

    return tuple(held_of(one) for one in gate.expectations)


def _row(observation: Observation) -> Row:
    return observation.lowest, observation.observed, observation.highest


def _held(expectation: Expectation, counts: Mapping[Status, int], results: tuple[Result, ...]) -> Held:
    return Held(
        id=expectation.id,
        title=expectation.title,
        title_en=expectation.title_en,
        severity=expectation.severity,
        about=expectation.about,
        about_en=expectation.about_en,
        remedy=expectation.remedy,
        remedy_en=expectation.remedy_en,
        metric=expectation.metric.value,
        form=expectation.metric.form,
        passed=counts[Status.PASSED],
        failed=counts[Status.FAILED],
        not_applicable=counts[Status.NOT_APPLICABLE],
        results=results,
    )


def _result(
    expectation: Expectation, seen: Observation, status: Status, fault: str, names: Mapping[str, str]
) -> Result:
    about = seen.about
    name = names.get(about.area_code or "", "")
    return Result(
        status=status,
        reason=fault or seen.not_held,
        table=about.table,
        column=about.column or "",
        code=about.code or "",
        area_code=about.area_code or "",
        area_name=name,
        observed=plain(seen.observed),
        lowest=plain(seen.lowest),
        highest=plain(seen.highest),
        reference=plain(seen.reference),
        compared=seen.compared,
        sentence=sentence(expectation, seen, fault, name, "zh"),
        sentence_en=sentence(expectation, seen, fault, name, "en"),
    )
