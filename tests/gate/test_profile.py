"""The profile of a registry that is small enough to be counted by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from audit.accepted import accepted_registry
from audit.gate.keys import halvings, in_sample, overlap_sql
from audit.gate.profile import EarlierRun, Key, readable_runs, tonights_profile, write_profile
from tests.conftest import BARE
from tests.gate.nights import Tables, night, write

AS_OF = date(2024, 12, 31)
EAST, WEST = "139901101000", "139901102000"
REGISTRY: Tables = {
    "households": [
        {"household_id": "A", "area_code": "139901101001", "county_name": "县", "township_name": "东乡", "household_type": "脱贫户", "member_count": 3},
        {"household_id": "B", "area_code": "139901101002", "county_name": "县", "township_name": "东乡", "household_type": "某某户", "member_count": ""},
        {"household_id": "C", "area_code": "139901102001", "county_name": "县", "township_name": "西乡", "household_type": "", "member_count": ""},
        {"household_id": "D", "area_code": "", "county_name": "县", "township_name": "西乡", "household_type": "脱贫户", "member_count": 1},
    ],
    "persons": [
        {"person_id": "1", "household_id": "A", "sex": "男"},
        {"person_id": "2", "household_id": "A", "sex": "女"},
        {"person_id": "3", "household_id": "C", "sex": "男"},
        {"person_id": "4", "household_id": "D", "sex": "男"},
    ],
    "incomes": [
        {"household_id": "A", "year": 2024, "net_income": "1000.10", "wage_income": "-5"},
        {"household_id": "C", "year": 2024, "net_income": "0.20", "wage_income": ""},
        {"household_id": "C", "year": 2023, "net_income": "", "wage_income": ""},
        {"household_id": "Z", "year": 2024, "net_income": "7", "wage_income": ""},
    ],
    "visits": [
        {"visit_id": "1", "household_id": "A", "visited_on": "2024-12-01"},
        {"visit_id": "2", "household_id": "A", "visited_on": "2025-06-01"},
    ],
    "notices": [{"notice_id": "N", "area_code": "139901000000", "requires_login": "是"}],
    "helpers": [],
}  # fmt: skip

Number = tuple[Decimal | None, int | None]


def profile(folder: Path, tables: Tables) -> dict[Key, Number]:
    data = write(folder / "data", tables)
    with accepted_registry(data, None, BARE) as accepted:
        write_profile(accepted, folder, AS_OF, None)
        found = tonights_profile(accepted.con, [("rows", name) for name in tables])
    return {key: (one.number, one.whole) for numbers in found.values() for key, one in numbers.items()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("profile")


@pytest.fixture(scope="module")
def numbers(folder: Path) -> Iterator[dict[Key, Number]]:
    # A file without rows has a header all the same.
    tables = {**REGISTRY, "helpers": []}
    data = folder / "data"
    write(data, {name: rows for name, rows in tables.items() if rows})
    (data / "helpers.csv").write_text("helper_id,phone_status\n", encoding="utf-8")
    with accepted_registry(data, None, BARE) as accepted:
        write_profile(accepted, folder, AS_OF, None)
        found = tonights_profile(accepted.con, [("rows", name) for name in tables])
    yield {key: (one.number, one.whole) for values in found.values() for key, one in values.items()}


MEASURED = [
    # Household D has no area and is quarantined, and with it its person.
    (Key("rows_read", "households"), 4, None),
    (Key("accepted", "households"), 3, 4),
    (Key("quarantined", "households"), 1, 4),
    (Key("quarantined", "persons"), 1, 4),
    (Key("quarantined", "incomes"), 0, 4),
    (Key("present", "households"), 1, None),
    (Key("present", "projects"), 0, None),
    (Key("rows", "projects"), 0, None),
    (Key("rows", "households"), 3, None),
    (Key("rows", "persons"), 3, None),
    # Of incomes, that of household Z lies in no township; the notice is the county's.
    (Key("rows", "incomes"), 4, None),
    (Key("rows", "households", area_code=EAST), 2, None),
    (Key("rows", "households", area_code=WEST), 1, None),
    (Key("rows", "persons", area_code=EAST), 2, None),
    (Key("rows", "persons", area_code=WEST), 1, None),
    (Key("rows", "incomes", area_code=EAST), 1, None),
    (Key("rows", "incomes", area_code=WEST), 2, None),
    (Key("rows", "visits", area_code=EAST), 2, None),
    (Key("rows", "notices"), 1, None),
    # B's type is in no list, C's is blank; a column that isn't there is blank from top to bottom.
    (Key("blanks", "households", "household_type"), 2, 3),
    (Key("blanks", "households", "member_count"), 2, 3),
    (Key("blanks", "households", "phone"), 3, 3),
    (Key("unknown_codes", "households", "household_type"), 1, 2),
    (Key("unknown_codes", "persons", "sex"), 0, 3),
    (Key("code", "households", "household_type", "lifted"), 1, 1),
    (Key("code", "households", "household_type", "general"), 0, 1),
    (Key("code", "persons", "sex", "male"), 2, 3),
    (Key("code", "notices", "requires_login", "true"), 1, 1),
    (Key("code", "notices", "requires_login", "false"), 0, 1),
    (Key("sum", "incomes", "net_income"), "1007.30", 3),
    (Key("sum", "incomes", "wage_income"), -5, 1),
    # The visit of next year is no sign of fresh data: 1 December is 30 days before the day of the audit.
    (Key("newest", "visits", "visited_on"), 30, 2),
    (Key("key_sample", "households"), 0, 3),
    # A table without rows is there.
    (Key("present", "helpers"), 1, None),
    (Key("rows", "helpers"), 0, None),
    (Key("blanks", "helpers", "phone_status"), 0, 0),
]


@pytest.mark.parametrize(("key", "number", "whole"), MEASURED, ids=str)
def test_measured(numbers: dict[Key, Number], key: Key, number: object, whole: int | None) -> None:
    assert numbers[key] == (Decimal(str(number)), whole)


def test_what_is_not_there_is_not_measured(numbers: dict[Key, Number]) -> None:
    assert not [key for key in numbers if key.table == "projects" and key.metric not in {"present", "rows"}]
    assert Key("sum", "incomes", "transfer_income") not in numbers
    assert Key("rows", "notices", area_code="139901000000") not in numbers
    assert [key for key in numbers if key.column == "household_id"] == []


def test_the_newest_day_and_the_townships_by_name(folder: Path, numbers: dict[Key, Number]) -> None:
    assert numbers
    file = f"'{folder / 'profile.parquet'}'"
    assert duckdb.execute(f"SELECT day FROM {file} WHERE metric = 'newest' AND day IS NOT NULL").fetchall() == [
        (date(2024, 12, 1),)
    ]
    named = f"SELECT area_code, area_name FROM {file} WHERE area_name IS NOT NULL ORDER BY ALL"
    assert duckdb.execute(named).fetchall() == [(EAST, "县 东乡"), (WEST, "县 西乡")]


def test_the_keys_with_their_townships(folder: Path, numbers: dict[Key, Number]) -> None:
    assert numbers
    keys = duckdb.execute(f"FROM '{folder / 'keys.parquet'}'").fetchall()
    assert keys == [("A", EAST), ("B", EAST), ("C", WEST)]


def test_the_same_rows_in_another_order_give_the_same_bytes(tmp_path: Path) -> None:
    upside_down = {name: rows[::-1] for name, rows in night().items()}
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    profile(tmp_path / "one", night())
    profile(tmp_path / "other", upside_down)
    for name in ("profile.parquet", "keys.parquet"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()


@pytest.mark.parametrize(
    ("households", "times"), [(0, 0), (200_000, 0), (200_001, 1), (400_000, 1), (400_001, 2), (25_000_000, 7)]
)
def test_keys_are_halved_until_they_are_few(households: int, times: int) -> None:
    assert halvings(households) == times


@pytest.mark.parametrize("times", [0, 1, 3, 7])
def test_the_sample_is_the_lowest_part_of_all_digests(times: int) -> None:
    keys = [f"13990110100{number}" for number in range(1000)]
    low = [
        key
        for key in keys
        if int(hashlib.md5(key.encode(), usedforsecurity=False).hexdigest()[:8], 16) < 2**32 / 2**times
    ]
    rows = ", ".join(f"('{key}')" for key in keys)
    found = duckdb.execute(f"SELECT key FROM (VALUES {rows}) AS t(key) WHERE {in_sample('key', times)}").fetchall()
    assert sorted(key for (key,) in found) == sorted(low)
    assert len(low) == 1000 if times == 0 else 0 < len(low) < 1000


def write_keys(path: Path, keys: dict[str, str]) -> Path:
    rows = ", ".join(f"('{key}', '{area}')" for key, area in keys.items())
    duckdb.sql(f"COPY (FROM (VALUES {rows}) AS t(household_id, area_code)) TO '{path}' (FORMAT parquet)")
    return path


def test_the_overlap_is_of_the_households_of_last_night(tmp_path: Path) -> None:
    last = write_keys(tmp_path / "last.parquet", {"A": EAST, "B": EAST, "C": WEST, "D": WEST})
    # B has moved to the west, D is gone, E is new.
    tonight = write_keys(tmp_path / "tonight.parquet", {"A": EAST, "B": WEST, "C": WEST, "E": WEST})
    found = with_aliases([]).sql(f"SELECT area_code, number, whole FROM ({overlap_sql(tonight, last, 0)})").fetchall()
    assert sorted(found, key=str) == [(EAST, 2, 2), (WEST, 1, 2), (None, 3, 4)]


def test_a_renumbered_household_is_the_same_one(tmp_path: Path) -> None:
    last = write_keys(tmp_path / "last.parquet", {"A": EAST, "B": EAST, "C": WEST})
    tonight = write_keys(tmp_path / "tonight.parquet", {"A2": EAST, "B": EAST, "C2": WEST})
    con = with_aliases([("household", "A", "A2"), ("person", "C", "C2")])
    found = con.sql(f"SELECT area_code, number, whole FROM ({overlap_sql(tonight, last, 0)})").fetchall()
    assert sorted(found, key=str) == [(EAST, 2, 2), (WEST, 0, 1), (None, 2, 3)]


def with_aliases(rows: list[tuple[str, str, str]]) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(":memory:")
    con.execute("CREATE TABLE aliases (kind VARCHAR, old VARCHAR, new VARCHAR)")
    for row in rows:
        con.execute("INSERT INTO aliases VALUES (?, ?, ?)", row)
    return con


def test_the_overlap_is_told_on_the_coarser_sample(tmp_path: Path) -> None:
    """Of A to H, the digests of these lie in the lower half; last night kept them all, tonight only the lower half."""
    keys = "ABCDEFGH"
    low = [key for key in keys if hashlib.md5(key.encode(), usedforsecurity=False).hexdigest()[0] in "01234567"]
    assert 0 < len(low) < 8
    last = write_keys(tmp_path / "last.parquet", dict.fromkeys(keys, EAST))
    tonight = write_keys(tmp_path / "tonight.parquet", dict.fromkeys(low, EAST))
    con = with_aliases([])
    found = con.sql(f"SELECT number, whole FROM ({overlap_sql(tonight, last, 1)}) WHERE area_level = 'all'")
    assert found.fetchall() == [(len(low), len(low))]


def test_runs_without_a_profile_are_passed_over_and_damaged_ones_are_told(tmp_path: Path) -> None:
    for name in ("1", "2", "3", "4"):
        (tmp_path / name).mkdir()
    for name in ("1", "4"):
        profile(tmp_path / name, {"households": REGISTRY["households"]})
    (tmp_path / "2" / "profile.parquet").write_bytes(b"PAR1 half a page")
    runs = [tmp_path / name for name in ("1", "2", "3", "4")]
    con = duckdb.connect()
    assert readable_runs(con, runs, 5) == ([EarlierRun(runs[0]), EarlierRun(runs[3])], ["2"])
    assert readable_runs(con, runs, 1) == ([EarlierRun(runs[0])], [])
