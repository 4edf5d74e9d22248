"""Every spelling that contract.md, section 1, promises to understand, read by Python and by SQL alike."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import duckdb
import pytest

from audit.contract import TABLES, Field
from audit.contract.cells import UnreadableError, read_cell
from audit.contract.feeds import RawColumn
from audit.contract.normalise import tidy_sql, value_sql

UNREADABLE = object()
DAY = date(2024, 1, 31)

SPELLINGS: list[tuple[str, str, object]] = [
    ("persons.birth_date", "2024-01-31", DAY),
    ("persons.birth_date", "2024/1/31", DAY),
    ("persons.birth_date", "2024.1.31", DAY),
    ("persons.birth_date", "2024年1月31日", DAY),
    ("persons.birth_date", "20240131", DAY),
    ("persons.birth_date", "２０２４－０１－３１", DAY),
    ("persons.birth_date", "202401", date(2024, 1, 1)),
    ("persons.birth_date", "45322", DAY),
    ("persons.birth_date", "2024-02-30", UNREADABLE),
    ("persons.birth_date", "去年", UNREADABLE),
    ("households.coop_member", "是", True),
    ("households.coop_member", "否", False),
    ("households.coop_member", "有", True),
    ("households.coop_member", "无", False),
    ("households.coop_member", "1", True),
    ("households.coop_member", "0", False),
    ("households.coop_member", "true", True),
    ("households.coop_member", "false", False),
    ("households.coop_member", "Y", True),
    ("households.coop_member", "N", False),
    ("households.coop_member", "√", True),
    ("households.coop_member", "×", False),
    ("households.coop_member", "也许", UNREADABLE),
    *(
        ("households.coop_member", blank, None)
        for blank in ("", "-", "--", "/", "无数据", "NULL", "N/A", " \t\u00a0\u3000")
    ),
    ("persons.name", "无", None),
    ("persons.name", "\u3000王小明\u00a0\t", "王小明"),
    ("persons.sex", "男", "male"),
    ("persons.sex", "1", "male"),
    ("persons.sex", "女", "female"),
    ("persons.sex", "２", "female"),
    ("persons.sex", "不明", UNREADABLE),
    ("persons.labour_ability", "无劳动能力", "none"),
    ("persons.labour_ability", "丧失劳动力", "lost"),
    ("persons.labour_ability", "弱劳动力或半劳动力", "weak"),
    ("persons.labour_ability", "无", UNREADABLE),
    ("posts.post_type", "生态护林员", "ranger"),
    ("persons.health", "残疾、长期慢性病", "残疾,长期慢性病"),
    ("persons.health", "长期慢性病,残疾", "残疾,长期慢性病"),
    ("persons.health", "健康", "健康"),
    ("renovations.walls_reinforced", "正面，背面", "back,front"),
    ("renovations.walls_reinforced", "正面,屋顶", UNREADABLE),
    ("incomes.net_income", "12,345.60", Decimal("12345.60")),
    ("incomes.net_income", "１２３４５", Decimal(12345)),
    ("incomes.net_income", "-500", Decimal(-500)),
    ("incomes.net_income", "1.2E4", Decimal(12000)),
    ("incomes.net_income", "四万元", UNREADABLE),
    ("incomes.net_income", "1000000000000", UNREADABLE),
    ("projects.progress", "60%", Decimal("0.6")),
    ("projects.progress", "６０％", Decimal("0.6")),
    ("projects.progress", "0.6", Decimal("0.6")),
    ("projects.progress", "1.2", UNREADABLE),
    ("projects.progress", "-1%", UNREADABLE),
    ("households.member_count", "4.0", 4),
    ("households.member_count", "3.5", UNREADABLE),
    ("households.area_code", "139901", "139901000000"),
    ("households.area_code", "139901101", "139901101000"),
    ("households.area_code", "１３９９０１１０１００１", "139901101001"),
    ("households.area_code", "13990110100", UNREADABLE),
    ("persons.id_number", '="13990119800101001X"', "13990119800101001X"),
    ("persons.id_number", "1.39901E+17", UNREADABLE),
]


def field_of(name: str) -> Field:
    table, _, column = name.partition(".")
    return TABLES[table].by_name[column]


@pytest.mark.parametrize(("column", "cell", "wanted"), SPELLINGS)
def test_python_reads(column: str, cell: str, wanted: object) -> None:
    if wanted is UNREADABLE:
        with pytest.raises(UnreadableError):
            read_cell(cell, field_of(column))
    else:
        assert read_cell(cell, field_of(column)) == wanted


@pytest.mark.parametrize(("column", "cell", "wanted"), SPELLINGS)
def test_sql_reads(column: str, cell: str, wanted: object) -> None:
    field = field_of(column)
    with duckdb.connect() as con:
        con.execute("CREATE TABLE sheet AS SELECT CAST(? AS VARCHAR) AS cell", [cell])
        value = value_sql("tidied", field, RawColumn("cell", "VARCHAR", "cell"))
        tidied = f"SELECT {tidy_sql('cell', field)} AS tidied FROM sheet"
        read, blank = con.execute(f"SELECT {value}, tidied IS NULL FROM ({tidied})").fetchall()[0]
    assert read == (None if wanted is UNREADABLE else wanted)
    assert blank == (wanted is None)


def test_a_percent_header_makes_60_a_share() -> None:
    field = field_of("projects.progress")
    with duckdb.connect() as con:
        value = value_sql("cell", field, RawColumn("cell", "VARCHAR", "cell", percent=True))
        found = con.execute(f"SELECT {value} FROM (VALUES ('60'), ('60%'), ('0.6')) AS sheet(cell)").fetchall()
    assert found == [(Decimal("0.6"),), (Decimal("0.6"),), (Decimal("0.006"),)]
