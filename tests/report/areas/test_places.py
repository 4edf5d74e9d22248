"""Where households and other subjects stand, held against a hand-written list of findings."""

from __future__ import annotations

import duckdb
import pytest

from audit.report.areas import places
from audit.report.areas.places import HINTS, HOUSEHOLDS, OTHERS, place_entries
from audit.report.links import entry_anchor, sheets_page, village_page
from audit.report.overview.townships import township_rows

A1, A2, TOWN, COUNTY = "139901101001", "139901101002", "139901101000", "139901000000"


def placed(homes: list[tuple[str, str]], found: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Place findings of (subject_type, subject_id, household_id, area_code, severity, set_apart)."""
    with duckdb.connect() as con:
        con.execute("CREATE TABLE households (household_id VARCHAR, area_code VARCHAR)")
        con.execute(
            "CREATE TABLE findings (subject_type VARCHAR, subject_id VARCHAR, household_id VARCHAR, area_code VARCHAR, "
            "severity VARCHAR, set_apart BOOLEAN)"
        )
        for home in homes:
            con.execute("INSERT INTO households VALUES (?, ?)", home)
        con.executemany("INSERT INTO findings VALUES (?, ?, ?, ?, ?, ?)", found)
        place_entries(con)
        columns = "kind, id, township, village, part, page"
        return con.execute(f"SELECT {columns} FROM area_entries ORDER BY no").fetchall()


def test_a_household_stands_where_it_lives_with_all_its_findings() -> None:
    found: list[tuple[object, ...]] = [
        ("household", "H1", "H1", A1, "low", False),
        ("post", "G1", "H1", A2, "high", False),  # the post lies in another village
        ("person", "P1", "H1", A1, "medium", False),
    ]
    assert placed([("H1", A1)], found) == [("household", "H1", TOWN, A1, HOUSEHOLDS, 1)]


def test_severe_findings_come_first_then_many_then_the_number() -> None:
    found: list[tuple[object, ...]] = [
        ("household", "H1", "H1", A1, "low", False),
        ("household", "H2", "H2", A1, "low", False),
        ("person", "P2", "H2", A1, "low", False),
        ("household", "H3", "H3", A1, "high", False),
        ("household", "H0", "H0", A1, "medium", False),
    ]
    homes = [(name, A1) for name in ("H0", "H1", "H2", "H3")]
    assert [row[1] for row in placed(homes, found)] == ["H3", "H2", "H0", "H1"]


def test_what_is_no_household_has_a_place_too() -> None:
    found: list[tuple[object, ...]] = [
        ("project", "J1", None, A1, "high", False),
        ("township", TOWN, None, TOWN, "medium", False),
        ("notice", "N1", None, COUNTY, "medium", False),
        ("helper", "B1", None, None, "medium", False),
    ]
    assert placed([], found) == [
        ("project", "J1", TOWN, A1, OTHERS, 1),
        ("township", TOWN, TOWN, "unknown", OTHERS, 1),
        ("helper", "B1", "unknown", "unknown", OTHERS, 1),
        ("notice", "N1", "unknown", "unknown", OTHERS, 1),
    ]


def test_a_household_that_is_not_listed_stands_where_its_findings_are() -> None:
    found: list[tuple[object, ...]] = [("pairing", "L1", "H9", A2, "low", False)]
    assert placed([], found) == [("household", "H9", TOWN, A2, HOUSEHOLDS, 1)]


def test_hints_give_no_household_a_place_among_the_flagged() -> None:
    found: list[tuple[object, ...]] = [
        ("household", "H1", "H1", A1, "high", True),
        ("household", "H2", "H2", A1, "low", False),
        ("village", A1, None, A1, "low", True),
    ]
    assert placed([("H1", A1), ("H2", A1)], found) == [
        ("household", "H2", TOWN, A1, HOUSEHOLDS, 1),
        ("village", A1, TOWN, A1, HINTS, 1),
        ("household", "H1", TOWN, A1, HINTS, 1),
    ]


def test_a_village_with_much_to_show_has_several_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "PAGE_WEIGHT", 10)  # an entry with one finding weighs five
    homes = [(f"H{number}", A1) for number in range(5)]
    found: list[tuple[object, ...]] = [("household", name, name, A1, "low", False) for name, _ in homes]
    assert [(row[1], row[5]) for row in placed(homes, found)] == [("H0", 1), ("H1", 1), ("H2", 2), ("H3", 2), ("H4", 3)]


@pytest.mark.parametrize(
    ("area", "number", "village", "sheets"),
    [
        (A1, 1, "areas/139901101000/139901101001.html", "areas/139901101000/sheets-139901101001.html"),
        (A1, 3, "areas/139901101000/139901101001-3.html", "areas/139901101000/sheets-139901101001-3.html"),
        (TOWN, 1, "areas/139901101000/unknown.html", "areas/139901101000/sheets-unknown.html"),
        (COUNTY, 1, "areas/unknown/unknown.html", "areas/unknown/sheets-unknown.html"),
        (None, 2, "areas/unknown/unknown-2.html", "areas/unknown/sheets-unknown-2.html"),
    ],
)
def test_names_of_pages(area: str | None, number: int, village: str, sheets: str) -> None:
    assert village_page(area, number) == village
    assert sheets_page(area, number) == sheets


def test_an_anchor_never_holds_what_a_registry_wrote_as_it_liked() -> None:
    assert entry_anchor("household", "139903101001006") == "household-139903101001006"
    # sha256sum of the two characters begins so.
    assert entry_anchor("project", '">') == "project-ab2cd774889293a0"


def test_the_overview_counts_a_household_where_its_page_is() -> None:
    with duckdb.connect() as con:
        con.execute(
            "CREATE TABLE households AS SELECT 'H1' AS household_id, '139901101001' AS area_code, '示范县' AS county_name, "
            "'东乡' AS township_name"
        )
        con.execute("CREATE TABLE household_facts AS FROM households")
        con.execute(
            "CREATE TABLE findings AS FROM (VALUES ('H1', '139901101001', 'low', false), ('H1', '139901102001', 'high', "
            "false), (NULL, '139901102001', 'high', true)) AS f (household_id, area_code, severity, set_apart)"
        )
        assert township_rows(con) == [("139901101", "示范县 东乡", 1, 1, 2, 1, 0), ("139901102", "", 0, 0, 0, 0, 1)]
