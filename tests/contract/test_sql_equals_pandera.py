"""The SQL that reads registries and pandera's own validation give the same verdict on the same random frames."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.contract import TABLES, Table, Type
from audit.contract.accept import accept
from audit.contract.feeds import Feed, RawColumn, Registry, Source
from audit.contract.verdict import judge

SPELLINGS: dict[Type, list[str]] = {
    Type.TEXT: [
        "王小明",
        "无",
        "无数据",
        " a b ",
        "<script>",
        '="x"',
        "ＡＢ",
        "--x",
        "\u3000",
        "null",
        "N/A",
        "O'Neil",
    ],
    Type.IDENTIFIER: [
        "1",
        "2",
        "１",
        "H1",
        '="0012"',
        "1.39E+17",
        "1E17",
        "139901199001011234",
        "x-1",
        "无",
        "1.5",
        "2 ",
    ],
    Type.AREA: [
        "139901",
        "139901101",
        "139901101001",
        "13990110100",
        "１３９９０１",
        "1.39901E+11",
        "13",
        "abc",
        '="139901"',
    ],
    Type.CODE: [
        "male",
        "男",
        "1",
        "２",
        "MALE",
        " 女 ",
        "无",
        "lifted",
        "脱贫户",
        "保洁员",
        "cleaner",
        "A级",
        "b",
        "home",
        "x",
    ],
    Type.SET: [
        "健康",
        "残疾,长期慢性病",
        "长期慢性病、残疾",
        "front;back",
        "正面，侧面",
        ",",
        "front,x",
        "无",
        " ,a",
        "背面",
    ],
    Type.INT: [
        "3",
        "３",
        "3.0",
        "3.5",
        "-1",
        "+2",
        "1,234",
        "12,34",
        "1e3",
        "三",
        "2024",
        "99999999999999999999",
        "1 2",
    ],
    Type.MONEY: [
        "3999.99",
        "4,000",
        "-0.5",
        "1e3",
        "１２３４．５",
        "12 元",
        "1,23",
        ".5",
        "5.",
        "1234567890123",
        "0.1234567",
        "1E-3",
    ],
    Type.SHARE: [
        "60%",
        "６０％",
        "0.6",
        "60",
        "1",
        "0",
        "1.01",
        "-0.1",
        "100%",
        "101%",
        "60%%",
        "0.12345678901",
        "12.5 %",
        "%",
    ],
    Type.NUMBER: [
        "30",
        "30.5",
        "-",
        "3O",
        "1,000.25",
        "１０",
        "1e2",
    ],
    Type.BOOL: [
        "是",
        "否",
        "有",
        "无",
        "1",
        "0",
        "true",
        "False",
        "y",
        "N",
        "√",
        "×",
        "2",
        "x",
        "Ｙ",
    ],
    Type.DATE: [
        "2024-01-31",
        "2024/1/31",
        "2024.1.31",
        "2024年1月31日",
        "20240131",
        "202401",
        "45322",
        "2024-02-30",
        "202413",
        "2024-1",
        "2024",
        "0001-01-01",
        "9999-12-31",
        "2024-01-31 00:00:00",
        "２０２４－０１－３１",
        "20240132",
        "45322.5",
        "１９９０．２．２",
    ],
}
BLANKS = [None, "", " ", "\t", "\u00a0\u3000", "-", "--", "/", "无数据", "NULL", "n/a"]


@st.composite
def frames(draw: st.DrawFn, table: Table) -> pd.DataFrame:
    # Pandera takes its time for each column, whatever its length: few frames with many rows.
    rows = draw(st.integers(10, 60))
    columns = {}
    for field in table.fields:
        labels = [label for code, names in field.codes.items() for label in (code, *names)]
        usual = st.sampled_from(SPELLINGS[field.type] + labels)
        odd = st.one_of(
            st.sampled_from(BLANKS), st.text(alphabet="0123456789-./年月日,%eE+ xX是男无\u3000（）", max_size=8)
        )
        columns[field.name] = draw(st.lists(st.one_of(usual, usual, odd), min_size=rows, max_size=rows))
    return pd.DataFrame(columns, dtype=object)


def staged(frame: pd.DataFrame, table: Table) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("SET threads = 1")
    columns = [f"c{place}" for place in range(len(table.fields))]
    con.execute(f"CREATE TABLE raw_0 (source_row BIGINT, {', '.join(f'{column} VARCHAR' for column in columns)})")
    rows = [[row, *cells] for row, cells in enumerate(frame.itertuples(index=False, name=None))]
    con.executemany(f"INSERT INTO raw_0 VALUES (?{', ?' * len(columns)})", rows)
    headers = tuple(zip(columns, [field.name for field in table.fields], strict=True))
    source = Source(
        0, Path("x"), "x", "", "raw_0", "source_row", headers, dict.fromkeys(columns, "VARCHAR"), len(frame), "false"
    )
    raw = {field: RawColumn(column, "VARCHAR", column) for column, field in headers}
    feeds = [Feed(table.name, source, raw)]
    if table.name == "persons":
        feeds.insert(0, every_household(con, frame))
    accept(con, Registry(tuple(feeds), tuple(feed.source for feed in feeds), (), None))
    return con


def every_household(con: duckdb.DuckDBPyConnection, frame: pd.DataFrame) -> Feed:
    """A household for each person: whether it is there is no question of a frame alone."""
    spellings = sorted({str(cell) for cell in frame["household_id"] if cell is not None})
    con.execute("CREATE TABLE raw_1 (source_row BIGINT, c0 VARCHAR, c1 VARCHAR)")
    con.executemany("INSERT INTO raw_1 VALUES (?, ?, '139901101001')", list(enumerate(spellings)))
    headers = (("c0", "household_id"), ("c1", "area_code"))
    types = {"c0": "VARCHAR", "c1": "VARCHAR"}
    source = Source(1, Path("h"), "h", "", "raw_1", "source_row", headers, types, len(spellings), "false")
    return Feed("households", source, {name: RawColumn(column, "VARCHAR", column) for column, name in headers})


def taken_in(frame: pd.DataFrame, table: Table) -> tuple[list[tuple[object, ...]], ...]:
    """What the SQL makes of a frame: quarantined rows, cell faults, accepted rows."""
    columns = ", ".join(f'"{field.name}"' for field in table.fields)
    with staged(frame, table) as con:
        return (
            con.execute('SELECT source_row, "column", reason FROM quarantine WHERE source_no = 0').fetchall(),
            con.execute('SELECT source_row, "column" FROM cell_faults WHERE source_no = 0').fetchall(),
            con.execute(f"SELECT source_row, {columns} FROM {table.name} ORDER BY source_row").fetchall(),
        )


@pytest.mark.parametrize("name", TABLES)
@settings(max_examples=3)
@given(data=st.data())
def test_same_verdict(name: str, data: st.DataObject) -> None:
    table = TABLES[name]
    frame = data.draw(frames(table))
    quarantined, faults, accepted = taken_in(frame, table)
    verdict = judge(frame, table)
    assert {row for row, _, _ in quarantined} == verdict.refused | verdict.repeated
    for row, column, reason in quarantined:
        if reason != "duplicate_key":
            assert (row, column, reason) in verdict.faults
    gone = verdict.refused | verdict.repeated
    assert set(faults) == {(row, column) for row, column, _ in verdict.faults if row not in gone}
    for row, *values in accepted:
        for field, value in zip(table.fields, values, strict=True):
            assert value == verdict.values.at[row, field.name], (field.name, frame.at[row, field.name])
