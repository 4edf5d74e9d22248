"""The overview of the sample: every number as the sample's description has it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from audit import AuditResult, run_audit
from audit.report.overview.townships import TownshipLine, most_flagged
from tests.policy import shipped
from tests.report.reading import page, part, rows, shown

#: Townships with flagged households and findings.
MANY = (("139901101", 4, 4), ("139901102", 0, 0), ("139901103", 9, 9), ("139901104", 3, 3), ("139901105", 3, 5))


def test_the_state_of_the_county_in_numbers(sample_run: AuditResult) -> None:
    tiles = re.findall(r"<li[^>]*>(?:<a[^>]*>)?([^<]+)(?:</a>)?<b>([^<]+)</b>(?:<small>([^<]+)</small>)?",
                       page(sample_run, "index.html"))  # fmt: skip
    assert tiles == [
        ("登记户", "149", "人员 498"),
        ("有问题的户", "42", "占登记户 28.19 %"),
        ("严重问题", "17", "占全部问题 27.42 %"),
        ("中等问题", "39", "占全部问题 62.90 %"),
        ("轻微问题", "6", "占全部问题 9.68 %"),
        ("无法判断", "5", "涉及 5 条规则，不算通过"),
        ("隔离的行", "7", "共读取 1,380 行"),
        ("读不懂的单元格", "5", ""),
        ("提示", "0", "不计入问题"),
    ]


def test_inputs_with_their_digests(sample_run: AuditResult) -> None:
    lines = rows(part(page(sample_run, "index.html"), "inputs"))
    assert lines[0][:5] == ["户信息", "防返贫监测信息.xlsx [监测信息] （由其他行派生，不重复计数）", "150", "149", "1"]
    assert all(re.fullmatch(r"[0-9a-f]{64}", line[5]) for line in lines)
    assert lines[0][5] == lines[3][5]


def test_the_first_run_has_nothing_to_compare_with(sample_run: AuditResult) -> None:
    told = shown(page(sample_run, "index.html"))
    assert "没有可比较的上一次运行：全部问题记为新增。" in told
    assert "这是第一次运行，还没有走势。" in told


def test_townships_against_groups_of_rules(sample_run: AuditResult) -> None:
    panel = part(page(sample_run, "index.html"), "heat")
    heads = re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', panel)
    assert heads == ["乡镇", "登记户", "户口册", "证件", "收入", "产业帮扶", "劳动力", "公益岗位"]
    lines = rows(panel)
    # 46 findings in the first township, 16 in the second, none in the third: see the README.
    assert [sum(int(cell.split()[0]) for cell in line[2:]) for line in lines] == [46, 16, 0]
    assert lines[0][0] == "示范县 清河镇"
    assert lines[0][4] == "22 44.0"
    assert '<td class="heat-6">22 <small>44.0</small></td>' in panel


def test_rates_are_drawn_with_their_denominators(sample_run: AuditResult) -> None:
    panel = part(page(sample_run, "index.html"), "rates")
    assert "3 / 5  (60.00 %)</text>" in panel
    assert "占适用对象的比例（%）</text>" in panel
    assert 'role="img" aria-label="有问题占适用对象的比例' in panel


def test_rules_that_were_not_evaluated_and_why(sample_run: AuditResult) -> None:
    panel = part(page(sample_run, "index.html"), "left-out")
    assert "共 41 条。" in panel
    assert ["缺少表：hotlines", "HOT-1 监督举报电话接通率低"] in rows(panel)
    assert 'href="rules/HOT-1.html"' in panel


@pytest.fixture(scope="module")
def second_run(tmp_path_factory: pytest.TempPathFactory) -> AuditResult:
    """The night after: H1 has mended its phone, H2 has not, H3 has come; H4 is no longer registered."""
    folder: Path = tmp_path_factory.mktemp("nights")
    for night, homes in (("30", ("H1,12", "H2,12", "H4,12")), ("31", ("H1,13800000001", "H2,12", "H3,12"))):
        (folder / night).mkdir()
        lines = ["household_id,area_code,phone", *(home.replace(",", ",139901101001,") for home in homes)]
        (folder / night / "households.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    run_audit(folder / "30", rules=shipped(), as_of=date(2024, 12, 30), out=folder / "out")
    return run_audit(folder / "31", rules=shipped(), as_of=date(2024, 12, 31), out=folder / "out")


def test_what_changed_since_the_last_run(second_run: AuditResult) -> None:
    panel = part(page(second_run, "index.html"), "changes")
    assert "与 2024-12-30 的运行比较（2024-12-30-" in panel
    here, gone = panel.split("<table>")[1:]
    assert rows(here) == [["新增", "1"], ["未变", "1"], ["有变化", "0"], ["复发", "0"]]
    assert rows(gone) == [["已消除", "1"], ["未核算", "0"], ["对象已不在册", "1"]]


def test_the_trend_over_the_runs(second_run: AuditResult) -> None:
    panel = part(page(second_run, "index.html"), "trend")
    assert "最近 2 次运行：2024-12-30 有问题 3 个，2024-12-31 有问题 2 个。" in panel
    assert [line[1:] for line in rows(panel)] == [["0", "0", "3", "3", "0"], ["0", "0", "2", "1", "2"]]
    rule = part(page(second_run, "rules/HHD-3.html"), "runs")
    assert [line[1:] for line in rows(rule)] == [
        ["3", "3", "0", "3", "0", "0", "0", "0", "0", "0"],
        ["3", "2", "0", "1", "1", "0", "0", "1", "0", "1"],
    ]


def test_of_many_townships_those_with_the_most_flagged_are_listed() -> None:
    lines = [TownshipLine(code, code, "", 10, flagged, "", findings, 0, 0) for code, flagged, findings in MANY]
    assert [line.code for line in most_flagged(lines, 3)] == ["139901101", "139901103", "139901105"]
    assert most_flagged(lines, 5) == tuple(lines)
