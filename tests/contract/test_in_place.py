"""Rows that are read where they lie are those that would be copied; what is not its own value is copied and read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from tests.conftest import AS_OF

from audit.accepted import Accepted, accepted_registry
from audit.contract.tables import TABLES
from audit.database import Settings
from audit.errors import InputError
from audit.generate import generate_registry

HOMES = """SELECT * FROM (VALUES
    ('H1', '139901101001', 'lifted', 4, DATE '2020-05-01', '13800000000'),
    ('H2', '139901101002', NULL, NULL, NULL, NULL)
) AS t(household_id, area_code, household_type, member_count, deregistered_on, phone)"""
PEOPLE = """SELECT * FROM (VALUES
    ('P1', 'H1', '139901196212290012', DATE '1962-12-29', 'ordinary'),
    ('P2', 'H2', NULL, NULL, NULL)
) AS t(person_id, household_id, id_number, birth_date, labour_ability)"""


def everything(_present: Set[str]) -> Mapping[str, list[str]]:
    return {table.name: [field.name for field in table.fields] for table in TABLES.values()}


@contextmanager
def taken_in(data: Path, *, in_place: bool = True) -> Iterator[Accepted]:
    with accepted_registry(data, None, Settings(), reads=everything if in_place else None) as accepted:
        yield accepted


def write(folder: Path, **tables: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, select in tables.items():
        duckdb.execute(f"COPY ({select}) TO '{folder / name}.parquet' (FORMAT parquet)")
    return folder


def copied(accepted: Accepted) -> list[str]:
    """The tables with rows that were copied."""
    found = accepted.con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE estimated_size > 0 AND database_name = 'memory' ORDER BY table_name"
    ).fetchall()
    return [str(row[0]) for row in found if row[0] in TABLES]


def rows(accepted: Accepted, table: str) -> list[tuple[object, ...]]:
    return accepted.con.execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall()


@pytest.mark.parametrize("form", ["parquet", "duckdb"])
def test_rows_in_place_are_the_rows_that_are_copied(tmp_path: Path, form: str) -> None:
    generate_registry(60, 5, tmp_path / "files", as_of=AS_OF)
    data = tmp_path / "files"
    if form == "duckdb":
        data = tmp_path / "registry.duckdb"
        with duckdb.connect(str(data)) as con:
            for file in sorted((tmp_path / "files").glob("*.parquet")):
                con.execute(f"CREATE TABLE {file.stem} AS FROM '{file}'")
    with taken_in(data) as lying, taken_in(data, in_place=False) as whole:
        # Periods such as 2024-01 are no plain words, and a cell with several illnesses has to be sorted.
        assert copied(lying) == ["hotlines", "persons", "renovations"]
        assert {"households", "persons", "incomes"} <= set(copied(whole))
        for table in TABLES:
            assert rows(lying, table) == rows(whole, table)
        assert len(rows(lying, "persons")) > 100
        assert lying.intakes == whole.intakes


@pytest.mark.parametrize(
    ("column", "value", "read"),
    [
        ("household_id", "' H1'", "H1"),
        ("household_id", "'Ｈ1'", "H1"),
        ("household_id", "'=\"H1\"'", "H1"),
        ("area_code", "'139901101'", "139901101000"),
        ("household_type", "'脱贫户'", "lifted"),
        ("household_type", "'无数据'", None),
        ("deregistered_on", "'2020-05-01'", "2020-05-01"),
        ("deregistered_on", "DATE '1620-05-01'", None),
        ("member_count", "'4'", 4),
        ("village_name", "' 柳河村'", "柳河村"),
        ("village_name", "'NULL'", None),
    ],
)
def test_a_cell_that_is_not_its_own_value_is_read(tmp_path: Path, column: str, value: str, read: object) -> None:
    data = write(tmp_path / "registry", households=f"SELECT * REPLACE ({value} AS {column}) FROM ({_named()})")
    with taken_in(data) as accepted:
        assert copied(accepted) == ["households"]
        (first, *_) = accepted.con.execute(f"SELECT CAST({column} AS VARCHAR) FROM households").fetchall()
        assert first == (None if read is None else str(read),)


def _named() -> str:
    return f"SELECT *, '柳河村' AS village_name FROM ({HOMES}) LIMIT 1"


@pytest.mark.parametrize(
    ("households", "persons", "refused"),
    [
        (f"{HOMES} UNION ALL {HOMES}", PEOPLE, [("households", 3), ("households", 4)]),
        (HOMES, f"{PEOPLE} UNION ALL SELECT 'P3', 'H9', NULL, NULL, NULL", [("persons", 3)]),
        (HOMES, f"{PEOPLE} UNION ALL SELECT 'P1', 'H2', NULL, NULL, NULL", [("persons", 3)]),
        (HOMES, f"{PEOPLE} UNION ALL SELECT NULL, 'H2', NULL, NULL, NULL", [("persons", 3)]),
        (HOMES, f"{PEOPLE} UNION ALL SELECT 'P3', 'H2', '1.3E+17', NULL, NULL", [("persons", 3)]),
    ],
)
def test_the_same_rows_are_refused(
    tmp_path: Path, households: str, persons: str, refused: list[tuple[str, int]]
) -> None:
    data = write(tmp_path / "registry", households=households, persons=persons)
    quarantine = 'SELECT * FROM quarantine ORDER BY "table", source_row'
    with taken_in(data) as lying, taken_in(data, in_place=False) as whole:
        found = lying.con.execute(quarantine).fetchall()
        assert found == whole.con.execute(quarantine).fetchall()
        assert [(row[0], row[2]) for row in found] == refused
        for table in ("households", "persons", "set_aside", "row_places", "refused_homes"):
            assert rows(lying, table) == rows(whole, table)
        assert lying.intakes == whole.intakes


def test_rows_without_any_value_do_not_count(tmp_path: Path) -> None:
    blank = "SELECT NULL, NULL, NULL, NULL, NULL, NULL"
    data = write(
        tmp_path / "registry",
        households=f"{HOMES} UNION ALL {blank} UNION ALL SELECT * REPLACE ('H' || household_id AS household_id) FROM ({HOMES})",
    )
    with taken_in(data) as accepted:
        assert [(one.rows_read, one.rows_accepted, one.rows_quarantined) for one in accepted.intakes] == [(4, 4, 0)]
        assert accepted.con.execute("SELECT source_row, household_id FROM households").fetchall() == [
            (1, "H1"),
            (2, "H2"),
            (4, "HH1"),
            (5, "HH2"),
        ]


def test_a_unit_is_counted_in(tmp_path: Path) -> None:
    incomes = "SELECT 'H1' AS household_id, 2024 AS year, 1.25 AS \"工资性收入\""
    data = write(tmp_path / "registry", households=HOMES, incomes=incomes)
    (data / "source-map.yaml").write_text(
        "sources:\n  - file: incomes.parquet\n    feeds:\n      - table: incomes\n        columns:\n"
        "          wage_income: {header: 工资性收入, unit: 万元}\n",
        encoding="utf-8",
    )
    with taken_in(data) as accepted:
        assert copied(accepted) == []
        assert accepted.con.execute("SELECT CAST(wage_income AS VARCHAR) FROM incomes").fetchall() == [
            ("12500.000000",)
        ]


def test_a_damaged_file_is_named_while_its_cells_are_looked_at(tmp_path: Path) -> None:
    data = tmp_path / "registry"
    generate_registry(300, 5, data, as_of=AS_OF)
    file = data / "persons.parquet"
    content = bytearray(file.read_bytes())
    content[100:4000] = bytes(3900)
    file.write_bytes(content)
    with pytest.raises(InputError) as refused, taken_in(data):
        pass
    assert "persons.parquet" in refused.value.message("zh")
