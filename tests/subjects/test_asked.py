"""Only the facts that somebody asks for are made, and they are the same as with all others beside them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.conftest import AS_OF, SAMPLE

from audit.accepted import accepted_registry, ask
from audit.database import Settings
from audit.rulebook import load_rulebook
from audit.subjects import SUBJECTS, load_subject
from audit.subjects.asked import OWN_COLUMNS, all_columns, asked_columns, select_sql, tables_read


def tables_of(con: object) -> set[str]:
    rows = con.execute("SELECT table_name FROM duckdb_tables()").fetchall()  # type: ignore[attr-defined]
    return {row[0] for row in rows}


def test_every_declared_fact_is_a_column() -> None:
    known = all_columns()
    assert {"pc__n", "pc__d", "heads__lo", "heads__hi", "lifted"} <= known["household"]
    assert "registered_person" in known["person"]
    for subject in SUBJECTS:
        assert known[subject] >= set(OWN_COLUMNS)


def test_a_subject_brings_those_it_is_made_from() -> None:
    post = load_subject("post")
    columns = asked_columns({"post": [post.facts["age"]]})
    assert list(columns) == ["person", "post"]
    assert "age" in columns["person"]
    assert "registered_person" in columns["person"]
    assert "number_valid" not in columns["person"]


def test_a_join_that_gives_nothing_asked_for_is_left_out() -> None:
    lifted = select_sql("household", {"lifted"})
    assert "LEFT JOIN" not in lifted
    assert "h.deregistered_on IS NULL" in lifted
    assert "LEFT JOIN members AS m" in select_sql("household", {"present_persons"})
    assert tables_read("household", {"lifted"}, {"posts"}) == {
        "posts"
    }  # named in what is not computed: kept for safety


@pytest.fixture(scope="module")
def whole() -> dict[str, dict[str, list[tuple[object, ...]]]]:
    """Every fact of the sample, column by column."""
    book = load_rulebook()
    with accepted_registry(SAMPLE, None, Settings()) as accepted:
        ask(accepted, book.rules, book.parameters, AS_OF, 2024, whole=True)
        return {
            subject: {
                column: accepted.con.execute(f"SELECT {column} FROM {subject}_facts ORDER BY subject_id").fetchall()
                for column in sorted(columns)
            }
            for subject, columns in all_columns().items()
        }


@pytest.mark.parametrize("subject", SUBJECTS)
def test_each_fact_alone_is_the_same_as_with_all_others(
    subject: str, whole: dict[str, dict[str, list[tuple[object, ...]]]]
) -> None:
    book = load_rulebook()
    with accepted_registry(SAMPLE, None, Settings()) as accepted:
        ask(accepted, book.rules, book.parameters, AS_OF, 2024, whole=True)
        for column, wanted in whole[subject].items():
            select = select_sql(subject, {column}).replace("$reply_days", "30").replace("$discipline_months", "6")
            found = accepted.con.execute(f"SELECT {column} FROM ({select}) ORDER BY subject_id").fetchall()
            assert found == wanted, column


@pytest.mark.parametrize("parts", [2, 7])
def test_the_facts_of_households_are_the_same_in_parts(parts: int) -> None:
    book = load_rulebook()
    listed = "SELECT * FROM household_facts ORDER BY subject_id"
    with accepted_registry(SAMPLE, None, Settings()) as accepted:
        ask(accepted, book.rules, book.parameters, AS_OF, 2024, whole=True)
        wanted = accepted.con.execute(listed).fetchall()
        ask(replace(accepted, parts=parts), book.rules, book.parameters, AS_OF, 2024, whole=True)
        assert accepted.con.execute(listed).fetchall() == wanted
        # Afterwards a table is whole again for whoever reads it.
        persons = sum(intake.rows_accepted for intake in accepted.intakes if intake.table == "persons")
        assert accepted.con.execute("SELECT count(*) FROM persons").fetchall() == [(persons,)]


def test_subjects_that_no_rule_is_about_are_not_made() -> None:
    book = load_rulebook()
    rule = book.rule("INC-4")
    assert rule is not None
    with accepted_registry(SAMPLE, None, Settings()) as accepted:
        ask(accepted, [rule], book.parameters, AS_OF, 2024)
        made = {name for name in tables_of(accepted.con) if name.endswith("_facts")}
        assert "household_facts" in made
        assert not made & {"person_facts", "post_facts", "village_facts", "pairing_facts"}
        columns = [row[0] for row in accepted.con.execute("DESCRIBE household_facts").fetchall()]
        assert "active_pairings" not in columns
        assert {"pc__n", "pc__d", "monitored"} <= set(columns)


def test_tables_that_nobody_reads_afterwards_are_dropped() -> None:
    book = load_rulebook()
    with accepted_registry(SAMPLE, None, Settings()) as accepted:
        assert "incomes" in tables_of(accepted.con)
        ask(accepted, book.rules, book.parameters, AS_OF, 2024, keep=("households", "persons"))
        left = tables_of(accepted.con)
        assert {"households", "persons", "quarantine", "cell_faults", "source_files"} <= left
        assert not left & {"incomes", "visits", "posts", "villages"}
