"""Households of other areas are counted in a note and never dropped."""

from __future__ import annotations

import duckdb

from audit.engine.area_notes import area_notes


def notes(areas: tuple[str, ...], *codes: str) -> list[str]:
    with duckdb.connect() as con:
        con.execute("CREATE TABLE households (area_code VARCHAR)")
        for code in codes:
            con.execute("INSERT INTO households VALUES (?)", [code])
        return [note.message("en") for note in area_notes(con, areas)]


def test_counted_with_their_counties() -> None:
    codes = ["139901101001"] * 5 + ["139902101001"] * 2 + ["139903101001"] * 3
    (note,) = notes(("139901",), *codes)
    assert note.startswith("5 of 10 households lie outside this site's areas (139901): 139903 3, 139902 2. ")


def test_townships_and_several_areas() -> None:
    assert notes(("139901101", "139902"), "139901101001", "139902101001") == []
    (note,) = notes(("139901101", "139902"), "139901102001", "139902101001")
    assert note.startswith("1 of 2 households lie outside this site's areas (139901101, 139902): 139901 1. ")


def test_a_site_without_areas_is_responsible_for_all() -> None:
    assert notes((), "139901101001") == []


def test_only_the_first_counties_are_named() -> None:
    (note,) = notes(("14",), *[f"13990{number}101001" for number in range(1, 8)])
    assert "7 of 7" in note
    assert "(14): 139901 1, 139902 1, 139903 1, 139904 1, 139905 1, …. They" in note
