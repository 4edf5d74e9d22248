"""Facts of households made in parts are those made at once: every household is in one part, with all its rows."""

from __future__ import annotations

import duckdb
import pytest

from audit.engine.parted import make_in_parts

SELECT = (
    "SELECT h.household_id, count(p.person_id) AS persons, getvariable('as_of') AS as_of FROM households AS h "
    "LEFT JOIN persons AS p USING (household_id) GROUP BY h.household_id"
)


@pytest.mark.parametrize("parts", [2, 3, 7])
def test_every_household_is_in_one_part_with_all_its_rows(parts: int) -> None:
    con = duckdb.connect()
    con.execute("SET VARIABLE as_of = DATE '2024-12-31'")
    con.execute("CREATE TABLE households (source_row BIGINT, household_id VARCHAR)")
    con.execute("CREATE TABLE persons (person_id INTEGER, household_id VARCHAR)")
    con.execute("INSERT INTO households VALUES (2, '户'), (3, 'H2'), (4, 'h2'), (5, '0'), (6, 'H10')")
    con.execute(
        "INSERT INTO persons VALUES (1, 'H10'), (2, 'H2'), (3, NULL), (4, 'H10'), (5, '户'), (6, 'gone'), (7, 'H10')"
    )
    make_in_parts(con, "household_facts", SELECT, parts)
    assert con.execute("SELECT household_id, persons FROM household_facts ORDER BY ALL").fetchall() == [
        ("0", 0),
        ("H10", 3),
        ("H2", 1),
        ("h2", 0),
        ("户", 1),
    ]
    # The tables are themselves again.
    assert con.execute("SELECT count(*) FROM persons").fetchall() == [(7,)]


def test_a_registry_without_households_has_no_facts_of_any() -> None:
    con = duckdb.connect()
    con.execute("CREATE TABLE households (source_row BIGINT, household_id VARCHAR)")
    con.execute("CREATE TABLE persons (person_id INTEGER, household_id VARCHAR)")
    con.execute("SET VARIABLE as_of = DATE '2024-12-31'")
    make_in_parts(con, "household_facts", SELECT, 4)
    assert con.execute("FROM household_facts").fetchall() == []


def test_after_a_part_that_fails_no_table_is_taken_for_a_part_of_it() -> None:
    con = duckdb.connect()
    con.execute("CREATE TABLE households (source_row BIGINT, household_id VARCHAR)")
    con.execute("INSERT INTO households VALUES (2, '1'), (3, '2'), (4, '3'), (5, 'four')")
    with pytest.raises(duckdb.ConversionException):
        make_in_parts(con, "numbers", "SELECT CAST(household_id AS INTEGER) AS number FROM households", 2)
    assert con.execute("SELECT count(*) FROM households").fetchall() == [(4,)]
