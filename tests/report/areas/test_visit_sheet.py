"""Visit sheets: what a clerk takes along, and how much of it fits on a page of A4."""

from __future__ import annotations

from audit import AuditResult
from audit.report.areas.card import Card, FindingLine
from audit.report.areas.places import HINTS, HOUSEHOLDS, OTHERS
from audit.report.areas.told import Shown
from audit.report.areas.visit_sheet import visit_sheets
from tests.report.areas.conftest import page
from tests.report.areas.test_cards import plain


def finding(number: int) -> FindingLine:
    return FindingLine(
        f"INC-{number}", "标题", "high", "", "情况", (), (), "整改", "看材料", "new", "本次新增", "a.csv 第 2 行"
    )


def card(findings: int, part: int = HOUSEHOLDS, counted: int | None = None) -> Card:
    lines = tuple(map(finding, range(findings)))
    facts = (Shown("家庭人口数", "2"), Shown("户信息", "a.csv 第 2 行"))
    counted = findings if counted is None else counted
    return Card(
        "household-H1",
        True,
        part,
        1,
        "",
        "H1",
        "王*",
        facts,
        lines,
        (),
        counted,
        counted - findings,
        None,
        (),
        (),
        (),
        (),
    )


def test_what_the_sheet_of_a_household_says(first_night: AuditResult) -> None:
    read = plain(page(first_night, "areas/139901101000/sheets-139901101001.html"))
    assert "户编号 H1 户主 王** 乡镇、村 示范县 东乡 一村 家庭人口数 2 户联系电话 138******78" in read
    assert "1 严重 收入低于监测线，未纳入监测 人均纯收入 3500 元，低于 4000 元，未纳入监测" in read
    assert "整改：入户核实收入，符合条件的按程序纳入监测 □ 属实 □ 不属实 □ 已整改 □ 查不清" in read
    assert "核查人： 户主或家人： 日期：" in read


def test_the_more_findings_the_smaller_the_print() -> None:
    sizes = [(count, visit_sheets([card(count)], "zh")[0].size) for count in (1, 3, 4, 6, 7, 14)]
    assert sizes == [(1, "roomy"), (3, "roomy"), (4, "close"), (6, "close"), (7, "tight"), (14, "tight")]
    assert visit_sheets([card(6)], "zh")[0].lines[0].inspect == "看材料"
    assert visit_sheets([card(7)], "zh")[0].lines[0].inspect == ""


def test_what_does_not_fit_is_counted() -> None:
    (sheet,) = visit_sheets([card(20)], "zh")
    assert (len(sheet.lines), sheet.rest) == (14, 6)
    (sheet,) = visit_sheets([card(60, counted=75)], "zh")
    assert (len(sheet.lines), sheet.rest) == (14, 61)


def test_only_flagged_households_get_a_sheet() -> None:
    assert visit_sheets([card(1, OTHERS), card(1, HINTS)], "zh") == ()
