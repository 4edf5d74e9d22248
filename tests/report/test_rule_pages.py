"""The pages of rules: their numbers are those of the Parquet, their chart is drawn from the facts."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from audit import AuditResult, run_audit
from audit.report.rules.measured import measured
from audit.report.rules.queries import rule_rows
from audit.rulebook import load_rulebook
from tests.conftest import AS_OF, ROOT
from tests.report.reading import page, part, rows, shown

#: Households H00 to H24 of two villages with 1,000, 2,000, ... 25,000 yuan a head. The first four are below 4,000 or
#: at it; H00 is monitored, H24's income is blank.
VILLAGES = ("139901101001", "139901101002")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> AuditResult:
    folder: Path = tmp_path_factory.mktemp("rules")
    homes = [
        "household_id,area_code,county_name,township_name,village_name,household_type,lifted_year,monitor_category,risk_cleared"
    ]
    incomes = ["household_id,year,population,net_income"]
    for number in range(25):
        village = VILLAGES[number % 2]
        monitored = "脱贫不稳定户" if number == 0 else ""
        homes.append(
            f"H{number:02},{village},示范县,清河镇,{'东村' if number % 2 == 0 else '西村'},脱贫户,2018,{monitored},否"
        )
        incomes.append(f"H{number:02},2024,1,{'' if number == 24 else (number + 1) * 1000}")
    (folder / "in").mkdir()
    (folder / "in" / "households.csv").write_text("\n".join(homes) + "\n", encoding="utf-8")
    (folder / "in" / "incomes.csv").write_text("\n".join(incomes) + "\n", encoding="utf-8")
    return run_audit(folder / "in", as_of=AS_OF, out=folder / "out", rules=ROOT / "rules")


def test_the_numbers_of_a_rule(run: AuditResult) -> None:
    """Of 25 lifted households INC-4 counts the three below 4,000; H00 is monitored; of H24 nothing is known."""
    html = page(run, "rules/INC-4.html")
    tiles = re.findall(r"<li>([^<]+)<b>([^<]+)</b>", html)
    assert tiles == [("适用（统计谁）", "3"), ("有问题", "2"), ("没有问题", "1"), ("无法判断", "1"), ("不适用", "21")]
    told = shown(html)
    assert "占适用的 66.67 %" in told
    assert "脱贫户，且脱贫年度小于审计年度，且人均纯收入低于低收入线" in told
    assert "lifted and lifted_year < $audit_year and pc < $low_income_line" in told.replace("&lt;", "<")


def test_the_parameters_of_a_rule_with_value_day_and_source(run: AuditResult) -> None:
    (line,) = rows(part(page(run, "rules/INC-4.html"), "parameters"))
    assert line == [
        "低收入线 $low_income_line", "4000 元/人·年", "2020-01-01", "全国", "有效",
        "方案三(三)所用的 4000 元线（各地各年监测线不同，请按本省文件填写）",
    ]  # fmt: skip


def test_counts_and_rates_by_area(run: AuditResult) -> None:
    areas = part(page(run, "rules/INC-4.html"), "areas")
    county, township = rows(areas.partition("<details>")[0])
    assert county == ["示范县 139901000000", "2 / 3", "66.67 %", "1", "1", "21", "2"]
    assert township == ["清河镇 139901101000", "2 / 3", "66.67 %", "1", "1", "21", "2"]
    # H01 lives in the west, H02 in the east; H00, which is monitored, in the east as well.
    assert rows(areas.partition("<details>")[2]) == [
        ["东村 139901101001", "1 / 2", "50.00 %", "1", "1", "10", "1"],
        ["西村 139901101002", "1 / 1", "100.00 %", "0", "0", "11", "1"],
    ]


def test_the_distribution_against_the_line(run: AuditResult) -> None:
    """24 known incomes from 1,000 to 24,000 yuan, in bars of 1,000; 98 of a hundred lie at 24,000 or below."""
    panel = part(page(run, "rules/INC-4.html"), "distribution")
    assert "人均纯收入的分布：已知 24 个（登记农户），图中从 1,000 到 25,000，其中有问题 2 个。" in panel
    assert "虚线是低收入线：4,000。" in panel
    assert "数值未知 1 个，不在图中。" in panel
    bars = rows(panel)
    assert bars[:4] == [
        ["1,000", "2,000", "1", "0"], ["2,000", "3,000", "0", "1"], ["3,000", "4,000", "0", "1"],
        ["4,000", "5,000", "1", "0"],
    ]  # fmt: skip
    assert len(bars) == 24
    assert "低收入线 4,000</text>" in panel
    assert "人均纯收入（元）</text>" in panel


def test_findings_with_their_card_and_row(run: AuditResult) -> None:
    html = part(page(run, "rules/INC-4.html"), "findings")
    assert rows(html) == [
        [
            "H01",
            "清河镇 西村",
            "人均纯收入 2000 元，低于 4000 元，未纳入监测",
            "新增 2024-12-31",
            "households.csv 第 3 行",
        ],
        [
            "H02",
            "清河镇 东村",
            "人均纯收入 3000 元，低于 4000 元，未纳入监测",
            "新增 2024-12-31",
            "households.csv 第 4 行",
        ],
    ]
    assert 'href="../areas/139901101000/139901101002.html#household-H01"' in html


def test_the_undecided_with_what_is_known_of_them(run: AuditResult) -> None:
    (line,) = rows(part(page(run, "rules/INC-4.html"), "undecided"))
    assert line == ["H24", "清河镇 东村", "是", "2018", "未知", "否", "households.csv 第 26 行"]


def test_rules_that_fire_together(run: AuditResult) -> None:
    """INC-3 flags the three below the line, INC-4 two of them."""
    assert ["INC-3", "脱贫户收入低于低收入线", "2 / 2 (100.00 %)", "2 / 3 (66.67 %)"] in rows(
        part(page(run, "rules/INC-4.html"), "together")
    )


def test_how_it_was_computed(run: AuditResult) -> None:
    panel = part(page(run, "rules/INC-4.html"), "computed")
    assert "FROM household_facts" in panel
    assert "pc__n &lt; 4000 * pc__d" in re.sub(r"\s+", " ", panel)


def test_rules_that_were_not_evaluated_and_indicators_have_pages(run: AuditResult) -> None:
    left_out = shown(page(run, "rules/PRO-1.html"))
    assert "未执行： 缺少表：proceeds" in left_out
    assert "缺少所需的表、列或参数。未执行不等于没有问题。" in left_out
    indicator = page(run, "rules/INC-0.html")
    assert '<span class="badge indicator">指标</span>' in indicator
    assert 'id="findings"' not in indicator
    assert 'id="distribution"' in indicator


def test_the_pages_of_the_sample_agree_with_its_parquet(sample_run: AuditResult) -> None:
    """What an inspector does by hand: each number of the list of rules beside the rates, each list beside the findings."""
    listed = {row[0]: row for row in rows(page(sample_run, "rules/index.html"))}
    rates = sample_run.relation("rates").filter("area_level = 'all'")
    counted = rates.project("rule_id, flagged, population, undecided, not_applicable").fetchall()
    assert len(counted) > 40
    found = dict(sample_run.relation("findings").aggregate("rule_id, count(*)").fetchall())
    for rule, flagged, population, undecided, not_applicable in counted:
        assert listed[rule][3] == f"{flagged:,} / {population:,}"
        assert listed[rule][5:] == [f"{undecided:,}", f"{not_applicable:,}"]
        html = page(sample_run, f"rules/{rule}.html")
        assert ("有问题", f"{flagged:,}") in re.findall(r"<li>([^<]+)<b>([^<]+)</b>", html)
        shown_findings = len(rows(part(html, "findings"))) if 'id="findings"' in html else 0
        assert shown_findings == found.get(rule, 0)
    assert len(listed) == 85


def test_what_a_rule_measures() -> None:
    """INC-4 holds income per head against the line in its population; PW-3 the age in its flag; ID-1 measures nothing."""
    rulebook = load_rulebook(ROOT / "rules")

    def named(rule_id: str) -> tuple[str, str, bool] | None:
        rule = rulebook.rule(rule_id)
        assert rule is not None
        found = measured(rule)
        return (found.number.shown(), found.line.shown() if found.line else "", found.inside) if found else None

    assert named("INC-4") == ("pc", "$low_income_line", False)
    assert named("INC-3") == ("pc", "$low_income_line", True)
    assert named("PW-3") == ("age", "$old_age", True)
    assert named("HOT-1") == ("answered / calls", "$min_answered", True)
    assert named("INC-0") == ("pc", "", True)
    assert named("ID-1") is None
    assert named("LAB-1") == ("age", "$working_age", False)


Audit = Callable[..., AuditResult]


def test_only_so_many_findings_are_listed(tmp_path: Path, reported: Audit) -> None:
    homes = ["household_id,area_code,phone", *(f"H{number:03},139901101001,12" for number in range(305))]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "households.csv").write_text("\n".join(homes) + "\n", encoding="utf-8")
    html = page(reported(tmp_path / "in"), "rules/HHD-3.html")
    assert len(rows(part(html, "findings"))) == 300
    assert "本页列出前 300 条，共 305 条。" in html


def test_of_a_country_the_areas_with_the_most_flagged_are_listed(tmp_path: Path) -> None:
    """600 townships of which the first flags nobody and the last 599: 500 are read, and how many there are is known."""
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE rates AS SELECT 'INC-4' AS rule_id, 'township' AS area_level, printf('1399%05d000', i) AS area_code, "
        "1000 AS population, i AS flagged, 1000 - i AS clear, 0 AS undecided, 0 AS not_applicable, "
        "i AS households_flagged FROM range(600) AS r(i)"
    )
    con.execute("INSERT INTO rates SELECT rule_id, 'county', '139900000000', 9, 9, 0, 0, 0, 9 FROM rates LIMIT 1")
    con.execute(
        "CREATE TABLE cooccurrence AS SELECT '' AS rule_id, '' AS other_rule_id, 0 AS households, 0 AS households_rule, "
        "0 AS households_other WHERE false"
    )
    con.execute(
        "COPY (SELECT '' AS rule_id, DATE '2024-12-31' AS as_of, '' AS run_id, 0 AS population, 0 AS flagged, "
        "0 AS undecided, 0 AS new, 0 AS unchanged, 0 AS updated, 0 AS recurred, 0 AS fixed, 0 AS not_evaluated, "
        f"0 AS unit_gone WHERE false) TO '{tmp_path / 'trend.parquet'}'"
    )
    con.execute(
        "COPY (SELECT '' AS rule_id, '' AS subject_type, '' AS subject_id, '' AS household_id, '' AS area_code, "
        "'' AS message, '' AS presence, DATE '2024-12-31' AS first_seen, '' AS source_file, '' AS source_sheet, "
        f"0 AS source_row WHERE false) TO '{tmp_path / 'findings.parquet'}'"
    )
    read = rule_rows(con, tmp_path, "message", areas=False).areas["INC-4"]
    assert [(read[0].level, read[0].areas), (read[1].level, read[1].areas)] == [("county", 1), ("township", 600)]
    assert [row.flagged for row in read[1:]] == list(range(100, 600))


def test_an_absurd_row_is_listed_and_the_others_are_drawn(tmp_path: Path) -> None:
    """INC-3 can't compare H00's line times population; of the other 21 households one has less than 4,000 yuan."""
    (tmp_path / "in").mkdir()
    homes = ["household_id,area_code,household_type"]
    incomes = ["household_id,year,population,net_income", "H00,2024,2147483647,999999999999.999999"]
    for number in range(22):
        homes.append(f"H{number:02},{VILLAGES[0]},脱贫户")
    for number in range(1, 22):
        incomes.append(f"H{number:02},2024,1,{(number + 2) * 1000}")
    (tmp_path / "in" / "households.csv").write_text("\n".join(homes) + "\n", encoding="utf-8")
    (tmp_path / "in" / "incomes.csv").write_text("\n".join(incomes) + "\n", encoding="utf-8")
    html = page(run_audit(tmp_path / "in", as_of=AS_OF, out=tmp_path / "out", rules=ROOT / "rules"), "rules/INC-3.html")
    assert [line[0] for line in rows(part(html, "undecided"))] == ["H00"]
    panel = part(html, "distribution")
    assert rows(panel)[0] == ["3,000", "4,000", "0", "1"]
