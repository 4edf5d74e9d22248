"""Only the facts that somebody asks for are made, and they are the same as with all others beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import duckdb
import pytest
from tests.conftest import AS_OF, BARE, SAMPLE
from tests.policy import shipped

from audit.accepted import accepted_registry, ask
from audit.contract.normalise import name
from audit.contract.tables import TABLES
from audit.engine.facts import make_shared_tables
from audit.engine.statements import facts_sql
from audit.engine.values_in_force import all_in_force
from audit.rulebook import Rule
from audit.subjects import SHARED_TABLES, SUBJECTS, load_subject, shared_sql
from audit.subjects.asked import OWN_COLUMNS, all_columns, asked_columns, columns_read, select_sql, tables_read

IN_FORCE = all_in_force(shipped().parameters, 2024)


def tables_of(con: duckdb.DuckDBPyConnection) -> set[str]:
    rows = con.execute("SELECT table_name FROM duckdb_tables()").fetchall()
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
    assert tables_read("household", {"lifted"}, {"posts"}) == set()
    assert tables_read("household", {"service_posts"}, {"posts", "incomes"}) == {"posts"}


def test_a_stage_that_nothing_reads_is_left_out() -> None:
    lifted = select_sql("household", {"lifted"})
    assert lifted.startswith("SELECT")
    posts = select_sql("household", {"service_posts"})
    assert [stage for stage in ("income AS", "members AS", "active_posts AS", "posts_held AS") if stage in posts] == [
        "active_posts AS",
        "posts_held AS",
    ]


def test_what_is_read_for_a_fact() -> None:
    assert columns_read({"household": {"service_posts"}}) == {
        # Every word that is a column of the table's contract: posts have an area code too, which is not read.
        "households": {"household_id", "area_code", "deregistered_on"},
        "persons": {"household_id", "person_id", "labour_ability"},
        "posts": {"person_id", "area_code", "post_type", "started_on", "ended_on"},
    }


@pytest.mark.parametrize("rule", shipped().rules, ids=lambda rule: rule.id)
def test_no_rule_reads_more_than_is_told(rule: Rule) -> None:
    # On tables that have these columns and no others, the facts of the rule can be made.
    asked = asked_columns({rule.subject.name: list(rule.facts)})
    with duckdb.connect() as con:
        for table, columns in columns_read(asked).items():
            kinds = {field.name: field.sql_type for field in TABLES[table].fields}
            made = ", ".join(f"{name(column)} {kinds[column]}" for column in sorted(columns))
            con.execute(f"CREATE TABLE {table} (source_no INTEGER, source_row BIGINT, {made})")
        con.execute("SET VARIABLE as_of = DATE '2024-12-31'; SET VARIABLE as_of_digits = 20241231")
        con.execute("SET VARIABLE audit_year = 2024")
        selects = {subject: facts_sql(select_sql(subject, facts), IN_FORCE) for subject, facts in asked.items()}
        for shared in con.extract_statements(shared_sql()):
            if "last_appraisal" not in shared.query or any("last_appraisal" in select for select in selects.values()):
                con.execute(shared)
        shared_made: set[str] = set()
        for subject, select in selects.items():
            make_shared_tables(con, select, shared_made)
            con.execute(f"CREATE TABLE {subject}_facts AS {select}")
            assert con.execute(f"SELECT count(*) FROM {subject}_facts").fetchall() == [(0,)]


@pytest.fixture(scope="module")
def whole() -> Iterator[duckdb.DuckDBPyConnection]:
    """The sample with every fact made; tests only read it."""
    book = shipped()
    with accepted_registry(SAMPLE, None, BARE) as accepted:
        ask(accepted, book.rules, book.parameters, AS_OF, 2024, whole=True)
        # Gone with the last subject that reads them; the facts are made again here, one at a time.
        for table in SHARED_TABLES:
            assert table not in tables_of(accepted.con)
            make_shared_tables(accepted.con, table, set())
        yield accepted.con


@pytest.mark.parametrize("subject", SUBJECTS)
def test_each_fact_alone_is_the_same_as_with_all_others(subject: str, whole: duckdb.DuckDBPyConnection) -> None:
    for column in sorted(all_columns()[subject]):
        select = select_sql(subject, {column}).replace("$reply_days", "30").replace("$discipline_months", "6")
        alone = whole.execute(f"SELECT {column} FROM ({select}) ORDER BY subject_id").fetchall()
        made = whole.execute(f"SELECT {column} FROM {subject}_facts ORDER BY subject_id").fetchall()
        assert alone == made, column


@pytest.mark.parametrize("parts", [2, 7])
def test_the_facts_of_households_are_the_same_in_parts(parts: int) -> None:
    book = shipped()
    listed = "SELECT * FROM household_facts ORDER BY subject_id"
    with accepted_registry(SAMPLE, None, BARE) as accepted:
        ask(accepted, book.rules, book.parameters, AS_OF, 2024, whole=True)
        wanted = accepted.con.execute(listed).fetchall()
        ask(replace(accepted, parts=parts), book.rules, book.parameters, AS_OF, 2024, whole=True)
        assert accepted.con.execute(listed).fetchall() == wanted
        # Afterwards a table is whole again for whoever reads it.
        persons = sum(intake.rows_accepted for intake in accepted.intakes if intake.table == "persons")
        assert accepted.con.execute("SELECT count(*) FROM persons").fetchall() == [(persons,)]


def test_subjects_that_no_rule_is_about_are_not_made() -> None:
    book = shipped()
    rule = book.rule("INC-4")
    assert rule is not None
    with accepted_registry(SAMPLE, None, BARE) as accepted:
        ask(accepted, [rule], book.parameters, AS_OF, 2024)
        made = {name for name in tables_of(accepted.con) if name.endswith("_facts")}
        assert "household_facts" in made
        assert not made & {"person_facts", "post_facts", "village_facts", "pairing_facts"}
        columns = [row[0] for row in accepted.con.execute("DESCRIBE household_facts").fetchall()]
        assert "active_pairings" not in columns
        assert {"pc__n", "pc__d", "monitored"} <= set(columns)


def test_tables_that_nobody_reads_afterwards_are_dropped() -> None:
    book = shipped()
    with accepted_registry(SAMPLE, None, BARE) as accepted:
        assert "incomes" in tables_of(accepted.con)
        ask(accepted, book.rules, book.parameters, AS_OF, 2024, keep=("households", "persons"))
        left = tables_of(accepted.con)
        assert {"households", "persons", "quarantine", "cell_faults", "source_files"} <= left
        assert not left & {"incomes", "visits", "posts", "villages"}
