"""What comes back is recorded once, nothing is lost, and nobody overwrites anybody."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from audit.sampling.field.answer_book import told_all, write_answer_books
from audit.sampling.field.answers import Fate, Report
from audit.sampling.field.codes import Result, Role, Target, Verdict
from audit.sampling.field.outcomes import UnitOutcome, read_outcomes
from tests.sampling.field.conftest import Field
from tests.sampling.field.drawn import SAMPLE_ID
from tests.sampling.field.made_up import CLEAR, FLAGGED, OTHER, Book, record


def outcomes(field: Field) -> dict[tuple[str, Role], UnitOutcome]:
    return {(one.unit_id, one.role): one for one in read_outcomes(field.samples, SAMPLE_ID)}


def first(field: Field, unit: str) -> UnitOutcome:
    return outcomes(field)[unit, Role.FIRST]


def rows_in(field: Field) -> dict[str, int]:
    with closing(sqlite3.connect(field.samples / "samples.sqlite")) as con:
        tables = ("import_log", "visit", "visit_item", "field_unit", "field_item")
        return {table: con.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}


def refusals(report: Report) -> set[tuple[str, str]]:
    """Column and reason of every refused cell."""
    return {(problem.column, problem.error.key) for answer in report.answers for problem in answer.problems}


def fates(report: Report) -> list[int]:
    """Rows blank, unchanged, recorded, refused."""
    return [report.counts[fate] for fate in (Fate.BLANK, Fate.UNCHANGED, Fate.RECORDED, Fate.REFUSED)]


def answered(report: Report, folder: Path) -> Book:
    (path,) = write_answer_books(report, folder, "zh")
    return Book(path)


def test_a_household_is_recorded_item_by_item(field: Field) -> None:
    book = field.east()
    book.visit(
        FLAGGED,
        visited_on="2025-03-01",
        inspector="王核查",
        mode="入户",
        result="已核实",
        others="房屋漏雨",
        photos="a.jpg、b.jpg",
    )
    book.item(FLAGGED, "INC-1", verdict="属实", found="两年都是 13869 元")
    book.item(FLAGGED, "INC-4", verdict="部分属实", found="实际 4200 元", note="有存折流水", photos="c.jpg")
    report = record(field.samples, book.save())
    assert fates(report) == [7, 0, 3, 0]
    assert report.applied
    outcome = first(field, FLAGGED)
    assert (outcome.result, outcome.reason_code, outcome.inspector) == (Result.RESOLVED, "", "王核查")
    assert (outcome.visited_on, outcome.blind, outcome.unanswered) == (date(2025, 3, 1), False, 0)
    assert (outcome.others, outcome.photos) == ("房屋漏雨", "a.jpg、b.jpg")
    stagnant, unmonitored = outcome.items
    assert (stagnant.target, stagnant.finding_id, stagnant.rule_id) == (Target.FINDING, "f1", "INC-1")
    assert (stagnant.verdict, stagnant.found_value) == (Verdict.CONFIRMED, "两年都是 13869 元")
    assert (unmonitored.verdict, unmonitored.note, unmonitored.photos) == (Verdict.PARTLY, "有存折流水", "c.jpg")
    assert unmonitored.registry_value == '{"pc": "3999.99", "lifted_year": 2019}'
    (progress,) = report.progress
    assert (progress.households, progress.resolved, progress.open) == (4, 1, 3)


def test_a_trial_writes_nothing(field: Field) -> None:
    book = field.east()
    book.done(FLAGGED)
    before = rows_in(field)
    report = record(field.samples, book.save(), apply=False)
    assert fates(report) == [7, 0, 3, 0]
    assert not report.applied
    assert rows_in(field) == before
    assert outcomes(field) == {}


def test_a_sheet_that_nobody_filled_in_says_nothing(field: Field) -> None:
    before = rows_in(field)
    report = record(field.samples, field.path)
    assert fates(report) == [10, 0, 0, 0]
    assert rows_in(field) == before


def test_the_same_file_twice_adds_nothing(field: Field) -> None:
    book = field.east()
    book.done(FLAGGED)
    path = book.save()
    record(field.samples, path)
    before = rows_in(field)
    assert fates(record(field.samples, path)) == [7, 3, 0, 0]
    assert rows_in(field) == before
    assert fates(record(field.samples, path, path, correct=True)) == [7, 3, 0, 0]
    assert rows_in(field) == before


def test_an_unanswered_checklist_is_no_resolved_household(field: Field) -> None:
    book = field.east()
    book.done(CLEAR, "没有问题")
    book.item(CLEAR, "PW-5", verdict=None)
    report = record(field.samples, book.save())
    assert refusals(report) == {("result", "field.unanswered")}
    assert "4 个项目中有 1 个没有结论（PW-5）" in told_all(report, "zh")[0]
    assert (first(field, CLEAR).result, first(field, CLEAR).reason_code) == (Result.UNRESOLVED, "incomplete")
    assert first(field, CLEAR).unanswered == 1
    again = answered(report, field.out / "answers")
    again.item(CLEAR, "PW-5", verdict="不适用")
    assert fates(record(field.samples, again.save())) == [5, 3, 2, 0]
    assert (first(field, CLEAR).result, first(field, CLEAR).unanswered) == (Result.RESOLVED, 0)


def test_out_of_scope_and_unresolved_are_told_apart(field: Field) -> None:
    book = field.east()
    told = {"visited_on": "2025-03-01", "inspector": "王核查"}
    book.visit(FLAGGED, **told, result="不在核查范围", reason="范围外：全家迁出")
    book.visit(OTHER, **told, result="没能核实", reason="拒访")
    assert fates(record(field.samples, book.save())) == [8, 0, 2, 0]
    assert (first(field, FLAGGED).result, first(field, FLAGGED).reason_code) == (Result.OUT_OF_SCOPE, "moved_away")
    assert (first(field, OTHER).result, first(field, OTHER).reason_code) == (Result.UNRESOLVED, "refused")


def test_a_later_visit_settles_what_could_not_be_verified(field: Field) -> None:
    book = field.east()
    book.visit(OTHER, visited_on="2025-03-01", inspector="王核查", result="没能核实", reason="家中无人")
    first_file = book.save(field.out / "one.xlsx")
    record(field.samples, first_file)
    book.visit(OTHER, reason=None)
    book.done(OTHER, visited_on="2025-03-08")
    second_file = book.save(field.out / "two.xlsx")
    assert fates(record(field.samples, second_file)) == [8, 0, 2, 0]
    assert (first(field, OTHER).result, first(field, OTHER).reason_code) == (Result.RESOLVED, "")
    before = rows_in(field)
    report = record(field.samples, first_file)
    assert fates(report) == [9, 1, 0, 0]
    assert [note.key for answer in report.answers for note in answer.notes] == ["field.overtaken"]
    assert rows_in(field) == before


REFUSED = {
    "a word that is on no list": ({"result": "差不多"}, "result", "field.unknown_word"),
    "no date": ({"visited_on": "上周"}, "visited_on", "field.no_date"),
    "no such day": ({"visited_on": "2025-02-30"}, "visited_on", "field.no_date"),
    "a month": ({"visited_on": "202503"}, "visited_on", "field.no_date"),
    "after today": ({"visited_on": "2026-03-01"}, "visited_on", "field.future"),
    "before the data": ({"visited_on": "2024-03-01"}, "visited_on", "field.before_data"),
    "no day": ({"visited_on": None}, "visited_on", "field.no_visited_on"),
    "nobody": ({"inspector": None}, "inspector", "field.no_inspector"),
    "no way": ({"mode": None}, "mode", "field.no_mode"),
    "no result": ({"result": None}, "result", "field.no_result"),
    "a reason though verified": ({"reason": "没核实：拒绝核实"}, "reason", "field.reason_resolved"),
    "unresolved without reason": ({"result": "没能核实"}, "reason", "field.no_reason"),
    "a reason of the other kind": (
        {"result": "没能核实", "reason": "范围外：全家迁出"},
        "reason",
        "field.wrong_reason",
    ),
    "verdicts out of scope": (
        {"result": "不在核查范围", "reason": "范围外：已并入另一户"},
        "result",
        "field.verdicts_out_of_scope",
    ),
    "too long": ({"note": "长" * 2001}, "note", "field.too_long"),
    "emptied though needed": ({"result": "【清空】"}, "result", "field.not_cleared"),
    "a number": ({"mode": 3}, "mode", "field.unknown_word"),
}


@pytest.mark.parametrize(("cells", "column", "key"), REFUSED.values(), ids=REFUSED.keys())
def test_a_refused_visit_names_its_cell_and_loses_nothing(
    field: Field, cells: dict[str, object], column: str, key: str
) -> None:
    book = field.east()
    book.done(FLAGGED)
    book.visit(FLAGGED, **cells)
    report = record(field.samples, book.save())
    assert (column, key) in refusals(report)
    assert fates(report) == [7, 0, 2, 1]
    (told,) = (line for line in told_all(report, "zh") if key != "field.unanswered")
    row = book.visits.row(FLAGGED)
    letter = book.visits.sheet.cell(1, book.visits.columns[column]).column_letter
    assert told.startswith(f"{field.path.name}，工作表“走访登记”第 {row} 行 {letter} 列（户 {FLAGGED}，")
    given_back = answered(report, field.out / "answers").visits
    before, after = book.visits.rows()[0], given_back.rows()[given_back.row(FLAGGED) - 3]
    assert {name: cell for name, cell in after.items() if name != "answer"} == before
    assert after["answer"].startswith("没有录入")


@pytest.mark.parametrize(
    ("cells", "column", "key"),
    [
        ({"verdict": "大概"}, "verdict", "field.unknown_word"),
        ({"verdict": None, "found": "5 人"}, "verdict", "field.no_verdict"),
        ({"verdict": "部分属实"}, "found", "field.explain"),
        ({"verdict": "查不清"}, "found", "field.explain"),
        ({"verdict": "已整改"}, "found", "field.explain"),
        ({"verdict": "【清空】"}, "verdict", "field.not_cleared"),
        ({"verdict": "属实", "note": 110101199003072316}, "note", "field.lost_digits"),
    ],
)
def test_a_refused_item(field: Field, cells: dict[str, object], column: str, key: str) -> None:
    book = field.east()
    book.item(OTHER, "HHD-1", **cells)
    report = record(field.samples, book.save())
    assert refusals(report) == {(column, key)}
    assert outcomes(field) == {}


def test_all_mistakes_at_once(field: Field) -> None:
    book = field.east()
    book.done(FLAGGED, visited_on="昨天", result="成了")
    book.visit(FLAGGED, mode="坐车")
    book.item(FLAGGED, "INC-4", verdict="大概")
    report = record(field.samples, book.save())
    assert refusals(report) == {
        ("visited_on", "field.no_date"),
        ("result", "field.unknown_word"),
        ("mode", "field.unknown_word"),
        ("verdict", "field.unknown_word"),
    }
    assert len(told_all(report, "zh")) == 4
    assert fates(report) == [7, 0, 1, 2]


DAYS = [
    date(2025, 1, 5),
    datetime(2025, 1, 5, 14, 30),
    "2025-01-05",
    "2025/1/5",
    "2025.1.5",
    "2025年1月5日",
    "20250105",
    "２０２５－０１－０５",
    "２０２５年１月５日",
    "45662",
    45662,
    " 2025-1-5 ",
    "2025-01-05 00:00:00",
    '="2025-01-05"'[2:-1],
]


@pytest.mark.parametrize("written", DAYS, ids=str)
def test_days_as_people_write_them(field: Field, written: object) -> None:
    book = field.east()
    book.done(OTHER, visited_on=written)
    record(field.samples, book.save())
    assert first(field, OTHER).visited_on == date(2025, 1, 5)


def test_days_of_a_workbook_that_counts_from_1904(field: Field) -> None:
    book = field.east()
    book.book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.done(OTHER, visited_on=date(2025, 1, 5))
    record(field.samples, book.save())
    assert first(field, OTHER).visited_on == date(2025, 1, 5)


@pytest.mark.parametrize(
    ("written", "verdict"),
    [
        ("属实/有问题", Verdict.CONFIRMED),
        ("有问题", Verdict.CONFIRMED),
        ("√", Verdict.CONFIRMED),
        ("true", Verdict.CONFIRMED),
        ("confirmed", Verdict.CONFIRMED),
        ("不属实", Verdict.REFUTED),
        (" 不 属 实。", Verdict.REFUTED),
        ("Ｎ", Verdict.REFUTED),
        ("not applicable", Verdict.NOT_APPLICABLE),
    ],
)
def test_words_as_people_write_them(field: Field, written: str, verdict: Verdict) -> None:
    book = field.east()
    book.item(OTHER, "HHD-1", verdict=written)
    record(field.samples, book.save())
    assert first(field, OTHER).items[0].verdict is verdict


def test_a_changed_answer_needs_the_answer_workbook_and_correct(field: Field) -> None:
    book = field.east()
    book.done(OTHER)
    report = record(field.samples, book.save())
    again = answered(report, field.out / "answers")
    again.item(OTHER, "HHD-1", verdict="不属实", note="当面点过人")
    path = again.save()
    refused = record(field.samples, path)
    assert refusals(refused) == {("verdict", "field.needs_correct")}
    assert "已经录入的是“属实/有问题”" in told_all(refused, "zh")[0]
    assert first(field, OTHER).items[0].verdict is Verdict.CONFIRMED
    corrected = record(field.samples, path, correct=True)
    assert fates(corrected) == [8, 1, 1, 0]
    assert first(field, OTHER).items[0].verdict is Verdict.REFUTED
    (answer,) = (one for one in corrected.answers if one.fate is Fate.RECORDED)
    assert [(change.column, change.recorded, change.said) for change in answer.corrected] == [
        ("verdict", "confirmed", "refuted")
    ]
    assert rows_in(field)["visit_item"] == 2


def test_what_the_sheet_had_not_seen_is_a_conflict_whoever_asks(field: Field) -> None:
    book = field.east()
    book.item(OTHER, "HHD-1", verdict="属实")
    record(field.samples, book.save(field.out / "one.xlsx"))
    book.item(OTHER, "HHD-1", verdict="不属实")
    path = book.save(field.out / "two.xlsx")
    report = record(field.samples, path, correct=True)
    assert refusals(report) == {("verdict", "field.conflict")}
    told = told_all(report, "zh")[0]
    assert "已经录入了别的内容：“属实/有问题”（李录入，2025-03-31T09:00:00+00:00，one.xlsx" in told
    assert first(field, OTHER).items[0].verdict is Verdict.CONFIRMED
    # The advice can be followed: the answer workbook has seen it.
    again = answered(report, field.out / "answers")
    assert fates(record(field.samples, again.path, correct=True)) == [9, 0, 1, 0]
    assert first(field, OTHER).items[0].verdict is Verdict.REFUTED


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("together", [True, False])
def test_two_files_that_fill_in_different_cells_both_survive(
    field: Field, order: tuple[int, int], together: bool
) -> None:
    one, two = field.east(), field.east()
    one.item(OTHER, "HHD-1", verdict="属实")
    two.item(OTHER, "HHD-1", verdict="属实", note="看过户口簿")
    paths = [one.save(field.out / "one.xlsx"), two.save(field.out / "two.xlsx")]
    batches = [[paths[place] for place in order]] if together else [[paths[place]] for place in order]
    for batch in batches:
        assert not record(field.samples, *batch).refused
    assert (first(field, OTHER).items[0].verdict, first(field, OTHER).items[0].note) == (
        Verdict.CONFIRMED,
        "看过户口簿",
    )


def test_two_files_that_disagree_are_both_refused(field: Field) -> None:
    one, two = field.east(), field.east()
    one.item(OTHER, "HHD-1", verdict="属实")
    two.item(OTHER, "HHD-1", verdict="不属实")
    paths = (one.save(field.out / "one.xlsx"), two.save(field.out / "two.xlsx"))
    report = record(field.samples, *paths)
    assert fates(report) == [18, 0, 0, 2]
    assert refusals(report) == {("verdict", "field.twice")}
    assert "one.xlsx [核查项目] 5, two.xlsx [核查项目] 5" in told_all(report, "zh")[0]
    assert outcomes(field) == {}


def test_emptying_a_cell(field: Field) -> None:
    book = field.east()
    book.item(OTHER, "HHD-1", verdict="属实", note="多余的话")
    again = answered(record(field.samples, book.save()), field.out / "answers")
    again.item(OTHER, "HHD-1", note=None)
    assert fates(record(field.samples, again.save())) == [9, 1, 0, 0]
    assert first(field, OTHER).items[0].note == "多余的话"
    again.item(OTHER, "HHD-1", note="【清空】")
    record(field.samples, again.save(), correct=True)
    assert first(field, OTHER).items[0].note == ""
    assert first(field, OTHER).items[0].verdict is Verdict.CONFIRMED


def test_sheets_written_anew_hold_what_is_recorded(field: Field) -> None:
    book = field.east()
    book.done(OTHER)
    record(field.samples, book.save())
    east, _ = field.again()
    row = next(row for row in Book(east).items.rows() if row["unit"] == OTHER)
    assert (row["verdict"], len(row["base"])) == ("属实/有问题", 12)
    assert fates(record(field.samples, east)) == [8, 2, 0, 0]
