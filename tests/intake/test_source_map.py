"""Source maps: what they can say, and every mistake told with its line and the nearest name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from tests.conftest import AS_OF, SAMPLE

from audit import AuditResult, run_audit
from audit.errors import SourceMapError
from audit.intake import draft_map

Audit = Callable[..., AuditResult]

EXPORT = """编号,乡镇码,村序,年度收入(万元),岗位月补,低保,养老,进度,类别
1,139901101,001,1.20005,300,100,,60,建档户
2,139901101,002,0.4,,,50,,一般
"""
MAP = """
sources:
  - file: export.csv
    feeds:
      - table: households
        columns:
          household_id: 编号
          area_code: {join: [乡镇码, 村序], with: ""}
          household_type: {header: 类别, codes: {建档户: lifted, 一般: general}}
      - table: incomes
        columns:
          household_id: 编号
          year: {value: 2024}
          net_income: 年度收入(万元)
          post_income: {header: 岗位月补, per: month}
          transfer_income: {sum: [低保, 养老], blank: 0}
          property_income: {sum: [低保, 养老]}
          wage_income: {expression: '"年度收入(万元)" * 10000 - "岗位月补" * 12'}
"""


def write(folder: Path, source_map: str) -> Path:
    (folder / "export.csv").write_text(EXPORT, encoding="utf-8")
    (folder / "source-map.yaml").write_text(source_map, encoding="utf-8")
    return folder


def test_joined_summed_computed_and_converted(tmp_path: Path) -> None:
    from audit.contract.accept import accept
    from audit.intake import open_registry

    with duckdb.connect() as con:
        accept(con, open_registry(con, write(tmp_path, MAP)))
        homes = con.execute("SELECT household_id, area_code, household_type FROM households ORDER BY 1").fetchall()
        columns = "net_income, post_income, transfer_income, property_income, wage_income"
        incomes = con.execute(
            f"SELECT CAST(COLUMNS(*) AS DOUBLE) FROM (SELECT {columns} FROM incomes ORDER BY household_id)"
        )
        assert homes == [("1", "139901101001", "lifted"), ("2", "139901101002", "general")]
        assert incomes.fetchall() == [(12000.5, 3600.0, 100.0, None, 8400.5), (4000.0, None, 50.0, None, None)]


def test_an_unreadable_part_of_a_sum_or_an_expression_is_told(tmp_path: Path) -> None:
    from audit.contract.accept import accept
    from audit.intake import open_registry

    folder = write(tmp_path, MAP)
    export = folder / "export.csv"
    assert export.read_text(encoding="utf-8") == EXPORT
    # In the second row 养老 is no number: neither sum is known, also where a blank counts as nothing. Both parts are shown.
    lines = EXPORT.splitlines()
    cells = lines[2].split(",")
    cells[lines[0].split(",").index("养老")] = "五十"
    export.write_text("\n".join([*lines[:2], ",".join(cells)]) + "\n", encoding="utf-8")
    with duckdb.connect() as con:
        accept(con, open_registry(con, folder))
        columns = "transfer_income, property_income, net_income"
        assert con.execute(
            f"SELECT CAST(COLUMNS(*) AS DOUBLE) FROM (SELECT {columns} FROM incomes WHERE household_id = '2')"
        ).fetchall() == [(None, None, 4000.0)]
        assert con.execute('SELECT source_row, "column", value, reason FROM cell_faults ORDER BY 2').fetchall() == [
            (3, "property_income", " | 五十", "unreadable"),
            (3, "transfer_income", " | 五十", "unreadable"),
        ]


MISTAKES = [
    ("sources: 3", "第 1 行：应有 sources 列表"),
    ("sources:\n  - sheet: a", "第 2 行：每个来源要写 file"),
    ("sources:\n  - file: export.csv", "第 2 行：每个来源要写 feeds 列表"),
    ("sources:\n  - file: export.csv\n    feds: []\n    feeds: [{table: households}]", "第 3 行：没有 “feds” 这个键。最接近的是：feeds"),
    ("sources:\n  - file: export.csv\n    feeds:\n      - table: household", "第 4 行：没有表 “household”。最接近的是：households"),
    ("sources:\n  - file: export.csv\n    feeds:\n      - table: households\n        columns:\n          area: 村序", "第 6 行：表 households 没有列 “area”。最接近的是：area_code"),
    ("sources:\n  - file: export.csv\n    feeds:\n      - table: households\n        columns:\n          household_id: 编号\n          area_code: 乡镇码\n          phone: 电话号", "第 8 行：没有表头 “电话号”"),
    ("sources:\n  - file: export.csv\n    feeds:\n      - table: incomes\n        sum_by: [household_id]", "第 5 行：应按表 incomes 的主键 household_id, year 归并"),
    ("sources:\n  - file: export.csv\n    feeds:\n      - table: incomes\n        columns:\n          net_income: {header: 低保, unit: 美元}", "第 6 行：没有单位 “美元”"),
    ("sources:\n  - file: export.csv\n    feeds:\n      - table: incomes\n        columns:\n          net_income: {header: 低保, per: week}", "第 6 行：per 只能是 month 或 year"),
    ("sources:\n  - file: export.csv\n    feeds:\n      - table: incomes\n        columns:\n          net_income: {header: 低保, sum: [养老]}", "第 6 行：列 net_income 只能写以下之一"),
    ("sources:\n  - file: export.csv\n    feeds:\n      - table: households\n        columns:\n          household_type: {header: 类别, codes: {甲: lift}}", "第 6 行：没有代码 “lift”。最接近的是：lifted"),
    ("sources:\n  - file: export.csv\n    feeds:\n      - table: incomes\n        columns:\n          net_income: {expression: 'getenv(''HOME'')'}", "不允许出现在规则里"),
    ("sources:\n  - file: export.csv\n    feeds:\n      - table: incomes\n        columns:\n          net_income: {expression: '(SELECT 1)'}", "不允许出现在规则里"),
    ("sources:\n  - file: other.csv\n    feeds:\n      - table: households", "第 2 行：没有文件符合 “other.csv”"),
    ("sources: [", "source-map.yaml"),
    ("sources: []\nsources: []", "sources"),
]  # fmt: skip


@pytest.mark.parametrize(("source_map", "told"), MISTAKES)
def test_mistakes(tmp_path: Path, source_map: str, told: str) -> None:
    with pytest.raises(SourceMapError) as caught:
        run_audit(write(tmp_path, source_map), as_of=AS_OF, out=tmp_path / "out")
    assert told in caught.value.message("zh")
    assert "source-map.yaml" in caught.value.message("en")


def test_all_mistakes_in_one_message(tmp_path: Path) -> None:
    wrong = MAP.replace("household_id: 编号", "household_id: 编好").replace("per: month", "per: week")
    with pytest.raises(SourceMapError) as caught:
        run_audit(write(tmp_path, wrong), as_of=AS_OF, out=tmp_path / "out")
    assert len(caught.value.mistakes) == 1
    wrong = MAP.replace("编号", "编好")
    with pytest.raises(SourceMapError) as caught:
        run_audit(write(tmp_path, wrong), as_of=AS_OF, out=tmp_path / "out")
    assert [mistake.values["line"] for mistake in caught.value.mistakes] == [7, 12]


def test_the_draft_guesses_only_in_remarks() -> None:
    with duckdb.connect() as con:
        draft = draft_map(con, [SAMPLE / "收入信息2024.csv", SAMPLE / "防返贫监测信息.xlsx"])
    assert '# ? wage_income: "其他工资性收入"' in draft
    assert "- table: persons" in draft
    assert "one_per: household_id" in draft


def test_a_draft_can_be_used(tmp_path: Path, audited: Audit) -> None:
    text = "户编号,村代码,电话\nH1,139901101001,12\n"
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "export.csv").write_text(text, encoding="utf-8")
    with duckdb.connect() as con:
        draft = draft_map(con, [tmp_path / "in" / "export.csv"])
    filled = draft.replace("# ? phone:", "phone:").replace("columns: {}", "columns:")
    assert filled != draft
    (tmp_path / "in" / "source-map.yaml").write_text(filled, encoding="utf-8")
    found = audited(tmp_path / "in").relation("findings").filter("rule_id = 'HHD-3'")
    assert found.project("subject_id").fetchall() == [("H1",)]
