"""A week of nights: exactly the planted news, updates, closings and recurrences, and nothing else.

What was changed in the extracts stands in ``tests/week.py``; what must come of it in ``tests/week_expected.py``, by hand. Only the
findings of the first night are taken from its own output: the registry is made up with findings in it.
"""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest

from audit import AuditResult
from audit.cli.main import run as command
from audit.history.follow import follow
from audit.rulebook import Rulebook, load_rulebook
from tests.command import apart
from tests.week import Extract, audit, killed_night, night, write_week
from tests.week_expected import (
    AGED,
    AGED_BLANK,
    AT_THE_END,
    DEFECT,
    DEREGISTERED,
    FIRST_SEEN,
    FLAT,
    HOTLINE,
    INC_2,
    INC_3,
    INC_4,
    KINDS,
    LESS_3,
    LESS_4,
    NOW_3,
    NOW_4,
    OLD_3,
    OLD_4,
    PAID,
    PHONE,
    POOR_3,
    POOR_4,
    POST_LATE,
    POST_NEW,
    POST_STAYS,
    POST_TWICE,
    REMOVED,
    SAME,
    SEX,
    SIZE,
    SPOILED,
    UNABLE,
    WALL,
    WEEK,
    Finding,
    Findings,
    Night,
)


@dataclass(frozen=True)
class Week:
    """The week when it is over, and how the output folder was when the fourth night had been held."""

    extracts: list[Path]
    out: Path
    after_held: Path
    runs: dict[int, AuditResult]
    latest: dict[int, str]
    killed: int | None
    left_by_crash: Sequence[str]
    latest_before_release: str

    def folder(self, number: int) -> Path:
        return self.runs[number].folder


def latest(out: Path) -> str:
    return (out / "latest").resolve().name


@pytest.fixture(scope="module")
def rules() -> Rulebook:
    return load_rulebook()


@pytest.fixture(scope="module")
def week(rules: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Week:
    home = tmp_path_factory.mktemp("week")
    extracts, out = write_week(home / "data"), home / "reports"
    runs: dict[int, AuditResult] = {}
    pointed: dict[int, str] = {}
    killed: int | None = None
    left, before_release = [""], ""
    for number, extract in enumerate(extracts, 1):
        if number == 3:
            killed = apart(killed_night, extract, night(3), out, "pages")
            left = [latest(out), *sorted(path.name for path in out.glob("2024-*"))]
        runs[number] = audit(extract, night(number), out, rules=rules)
        pointed[number] = latest(out)
        if number == 4:
            shutil.copytree(out, home / "held", symlinks=True)
        if number == 6:
            before_release = pointed[6]
            assert command(["release", runs[6].run.run_id, "--because", "岗位表本周不提供", "--out", str(out)]) == 0
            pointed[6] = latest(out)
    return Week(extracts, out, home / "held", runs, pointed, killed, left, before_release)


def found(folder: Path) -> dict[Finding, tuple[str, date]]:
    """All findings of a run: how each stands to the run before, and since when it is known."""
    path = folder / "findings.parquet"
    rows = duckdb.read_parquet(str(path)).project("rule_id, subject_id, presence, first_seen").fetchall()
    findings = {(rule, subject): (presence, since) for rule, subject, presence, since in rows}
    assert len(findings) == len(rows)
    return findings


def absent(folder: Path) -> list[tuple[str, str, str]]:
    path = folder / "absent.parquet"
    return sorted(duckdb.read_parquet(str(path)).project("rule_id, subject_id, reason").fetchall())


def there(first: Findings, until: int) -> Findings:
    """The findings of a night: those of the first, and what was planted since."""
    now = set(first)
    for number, plan in WEEK.items():
        if number <= until:
            gone = {*plan.fixed, *plan.not_evaluated, *plan.unit_gone, *plan.renamed}
            now = (now - gone) | {*plan.new, *plan.recurred, *plan.back, *plan.renamed.values()}
    return frozenset(now)


@pytest.fixture(scope="module")
def first(week: Week) -> Findings:
    """The findings of the first night; those of which the plan speaks are among them."""
    findings = found(week.folder(1))
    assert len(findings) > 200
    assert set(findings.values()) == {("new", night(1))}
    return frozenset(findings)


def test_the_first_night_has_what_is_planted_on(first: Findings) -> None:
    changed = {POOR_3, POOR_4, LESS_3, LESS_4, OLD_3, OLD_4, FLAT, SAME, PHONE, DEREGISTERED, SIZE, REMOVED, SPOILED,
               AGED, AGED_BLANK, DEFECT, POST_TWICE, POST_STAYS, UNABLE, HOTLINE}  # fmt: skip
    assert changed <= first
    assert not {INC_2, INC_3, INC_4, SEX, PAID, WALL, POST_NEW, POST_LATE, NOW_3, NOW_4} & first
    of_posts = {one for one in first if one[0].startswith("PW-")}
    assert of_posts == {POST_TWICE, POST_STAYS, UNABLE}, "the missing table concerns these, and what is planted"


@pytest.mark.parametrize("number", WEEK)
def test_a_night_has_exactly_what_was_planted(week: Week, first: Findings, number: int) -> None:
    plan = WEEK[number]
    told = {
        **dict.fromkeys(plan.new, "new"),
        **dict.fromkeys(plan.updated, "updated"),
        **dict.fromkeys(plan.recurred, "recurred"),
    }
    expected = {
        one: (told.get(one, "unchanged"), FIRST_SEEN.get(one, night(1))) for one in there(first, number)
    }  # fmt: skip
    assert found(week.folder(number)) == expected


@pytest.mark.parametrize("number", WEEK)
def test_what_is_gone_has_its_reason(week: Week, number: int) -> None:
    plan = WEEK[number]
    assert set(plan.not_evaluated) <= set(plan.waiting)
    expected = [
        *((*one, "fixed") for one in plan.fixed),
        *((*one, "not_evaluated") for one in plan.waiting),
        *((*one, "unit_gone") for one in plan.unit_gone),
    ]
    assert absent(week.folder(number)) == sorted(expected)


@pytest.mark.parametrize("number", WEEK)
def test_the_record_counts_them(week: Week, first: Findings, number: int) -> None:
    plan = WEEK[number]
    record = json.loads((week.folder(number) / "run.json").read_text(encoding="utf-8"))
    changed = len(plan.new) + len(plan.updated) + len(plan.recurred)
    assert record["presence"] == {
        "new": len(plan.new),
        "unchanged": len(there(first, number)) - changed,
        "updated": len(plan.updated),
        "recurred": len(plan.recurred),
    }
    assert record["absent"] == {
        "fixed": len(plan.fixed),
        "not_evaluated": len(plan.waiting),
        "unit_gone": len(plan.unit_gone),
    }
    before = {2: 1, 3: 2, 5: 3, 6: 5, 7: 6}[number]
    assert (record["previous"], record["as_of"]) == (week.runs[before].run.run_id, night(number).isoformat())
    assert record["state"] == ("held" if number == 6 else "published")


def test_subjects_are_of_their_kinds(week: Week) -> None:
    rows = duckdb.read_parquet(str(week.folder(7) / "history.parquet")).project("rule_id, subject_id, subject_type")
    kinds = {(rule, subject): kind for rule, subject, kind in rows.fetchall()}
    planted = [INC_2, INC_3, INC_4, POOR_3, LESS_4, NOW_3, SAME, PHONE, SEX, AGED, WALL, DEFECT, POST_LATE, UNABLE]
    assert {one: kinds[one] for one in planted} == {one: KINDS[one[1][0]] for one in planted}


def test_latest_moves_with_each_published_night(week: Week) -> None:
    names = {number: result.run.run_id for number, result in week.runs.items()}
    assert [name[:10] for name in names.values()] == [night(number).isoformat() for number in range(1, 8)]
    assert week.latest == {**names, 4: names[3]}


def test_a_night_that_is_killed_leaves_nothing_and_is_run_again(week: Week) -> None:
    assert week.killed == -signal.SIGKILL
    first, second = week.runs[1].run.run_id, week.runs[2].run.run_id
    assert list(week.left_by_crash) == [second, first, second]
    assert week.runs[3].computed is not None
    assert [path.name for path in week.out.iterdir() if path.name.startswith(".")] == [".lock"]


def test_half_of_the_households_missing_is_held(week: Week) -> None:
    held = week.runs[4]
    assert held.run.state == "held"
    assert held.verdict is not None
    assert {one.id for one in held.verdict.stops} >= {"household_rows", "other_households"}
    assert week.runs[5].run.previous == week.runs[3].run.run_id
    # In the held night it was mended and these were broken: the fifth knows nothing of it.
    assert dict.fromkeys([POST_TWICE], "fixed").items() <= {(r, s): why for r, s, why in absent(held.folder)}.items()
    assert found(held.folder)[PHONE] == ("recurred", night(1))
    assert ("ID-2", "P000000001431") in found(held.folder)
    assert ("ID-2", "P000000001431") not in {key[:2] for key in absent(week.folder(5))}


def test_a_missing_table_is_held_until_it_is_released(week: Week) -> None:
    stopped = week.runs[6]
    assert stopped.run.state == "held"
    assert stopped.verdict is not None
    assert [one.id for one in stopped.verdict.stops] == ["table_lost"]
    assert week.latest_before_release == week.runs[5].run.run_id


def test_the_history_tells_the_whole_week(week: Week, first: Findings) -> None:
    renamed = {OLD_3: NOW_3, OLD_4: NOW_4}
    known = {renamed.get(one, one) for one in first} | set(FIRST_SEEN)
    expected = {
        one: (FIRST_SEEN.get(one, night(1)), *AT_THE_END.get(one, ("open", night(7), 0))) for one in known
    }  # fmt: skip
    told = follow(week.runs[7].run)
    assert {
        (one.rule_id, one.subject_id): (one.first_seen, one.state, one.last_seen, one.recurrences) for one in told
    } == expected
    assert len(told) == len(expected)
    household = follow(week.runs[7].run, household="H00000000961")
    assert [(one.rule_id, one.subject_id) for one in household] == [NOW_3, NOW_4]


def test_the_trend_has_a_row_for_each_night_of_the_line_and_each_rule(week: Week, first: Findings) -> None:
    rows = duckdb.read_parquet(str(week.folder(7) / "trend.parquet")).project(
        "run_id, as_of, rule_id, new, unchanged, updated, recurred, fixed, not_evaluated, unit_gone"
    ).fetchall()  # fmt: skip
    told = {(run, day, rule): tuple(numbers) for run, day, rule, *numbers in rows}
    assert len(told) == len(rows)
    line = (1, 2, 3, 5, 6, 7)
    assert list(dict.fromkeys(row[0] for row in rows)) == [week.runs[number].run.run_id for number in line]
    plans = {1: Night(new=tuple(first)), **WEEK}
    expected = {}
    for number in line:
        for rule in {rule for _, _, rule in told}:
            key = (week.runs[number].run.run_id, night(number), rule)
            if numbers := _numbers(plans[number], there(first, number), rule):
                expected[key] = numbers
    assert {key: numbers for key, numbers in told.items() if any(numbers)} == expected


def _numbers(plan: Night, findings: Findings, rule: str) -> tuple[int, ...]:
    """New, unchanged, updated, recurred, fixed, not evaluated, gone of one rule; nothing if all are zero."""
    new, updated, recurred, fixed, waiting, gone = (
        sum(one[0] == rule for one in chosen)
        for chosen in (plan.new, plan.updated, plan.recurred, plan.fixed, plan.waiting, plan.unit_gone)
    )
    unchanged = sum(one[0] == rule for one in findings) - new - updated - recurred
    numbers = (new, unchanged, updated, recurred, fixed, waiting, gone)
    return numbers if any(numbers) else ()


def test_the_trend_of_two_rules_to_the_number(week: Week) -> None:
    """Days of PW-7 and INC-4, each figure written by hand."""
    rows = duckdb.read_parquet(str(week.folder(7) / "trend.parquet")).filter("rule_id IN ('PW-7', 'INC-4')").project(
        "rule_id, day(as_of), flagged, new, unchanged, updated, recurred, fixed, not_evaluated, unit_gone"
    ).fetchall()  # fmt: skip
    assert rows == [
        ("INC-4", 25, 3, 3, 0, 0, 0, 0, 0, 0),
        ("PW-7", 25, 2, 2, 0, 0, 0, 0, 0, 0),
        ("INC-4", 26, 3, 1, 1, 1, 0, 0, 1, 0),
        ("PW-7", 26, 3, 1, 2, 0, 0, 0, 0, 0),
        ("INC-4", 27, 3, 0, 3, 0, 0, 0, 1, 0),
        ("PW-7", 27, 3, 0, 3, 0, 0, 0, 0, 0),
        ("INC-4", 29, 3, 0, 3, 0, 0, 0, 1, 0),
        ("PW-7", 29, 2, 0, 2, 0, 0, 1, 0, 0),
        ("INC-4", 30, 3, 0, 3, 0, 0, 0, 1, 0),
        ("PW-7", 30, None, 0, 0, 0, 0, 0, 2, 0),
        ("INC-4", 31, 2, 0, 2, 0, 0, 2, 0, 0),
        ("PW-7", 31, 3, 1, 1, 0, 1, 1, 0, 0),
    ]


def test_a_released_night_is_what_the_next_one_compares_with(week: Week, rules: Rulebook, tmp_path: Path) -> None:
    out = tmp_path / "reports"
    shutil.copytree(week.after_held, out, symlinks=True)
    held = week.runs[4].run.run_id
    assert latest(out) == week.runs[3].run.run_id
    assert command(["release", held, "--because", "半个县划出", "--out", str(out)]) == 0
    assert latest(out) == held
    extract = Extract(week.extracts[3])
    extract.set("persons", "P000000001431", 性别="男")
    following = audit(extract.write(tmp_path / "night-5"), night(5), out, rules=rules)
    assert (following.run.state, following.run.previous, latest(out)) == ("published", held, following.run.run_id)
    then, now = found(out / held), found(following.folder)
    mended = ("ID-2", "P000000001431")
    assert then.pop(mended) == ("new", night(4))
    assert now == {one: ("unchanged", since) for one, (_, since) in then.items()}
    assert absent(following.folder) == sorted([(*mended, "fixed"), (*SPOILED, "not_evaluated")])


def test_the_first_day_survives_that_old_runs_go(week: Week, rules: Rulebook, first: Findings, tmp_path: Path) -> None:
    out = tmp_path / "reports"
    shutil.copytree(week.out, out, symlinks=True)
    eighth = audit(week.extracts[6], night(8), out, rules=rules, keep=2)
    assert sorted(eighth.pruned) == [week.runs[number].run.run_id for number in range(1, 7)]
    assert sorted(path.name for path in out.glob("202*")) == [week.runs[7].run.run_id, eighth.run.run_id]
    assert found(eighth.folder) == {
        one: ("unchanged", FIRST_SEEN.get(one, night(1))) for one in there(first, 7)
    }  # fmt: skip
    assert absent(eighth.folder) == []
