"""The generator: deterministic, believable, and everything it says was planted is found."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

import duckdb
import pytest
from tests.conftest import BARE
from tests.policy import shipped

from audit import run_audit
from audit.contract import TABLES
from audit.gate import OPEN_GATE
from audit.generate import generate_registry

AS_OF = date(2024, 12, 31)


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generated") / "registry"
    generate_registry(1500, 11, folder, as_of=AS_OF)
    return folder


@pytest.fixture(scope="module")
def held_against_truth(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """Findings of every rule on 20,000 households, as ``found``, beside what was planted, as ``planted``."""
    folder = tmp_path_factory.mktemp("recovered")
    generate_registry(20_000, 1, folder / "registry", as_of=AS_OF)
    run = run_audit(
        folder / "registry", rules=shipped(), as_of=AS_OF, out=folder / "reports", gate=OPEN_GATE, settings=BARE
    )
    con = duckdb.connect()
    con.execute(f"CREATE VIEW planted AS FROM '{folder}/registry/truth.parquet'")
    con.execute(f"CREATE VIEW found AS FROM '{run.folder}/findings.parquet'")
    return con


def test_everything_planted_is_found(held_against_truth: duckdb.DuckDBPyConnection) -> None:
    missed = held_against_truth.execute(
        "SELECT rule_id, count(*) FROM planted ANTI JOIN found USING (rule_id, subject_type, subject_id) GROUP BY rule_id"
    ).fetchall()
    assert missed == []


def test_every_rule_with_findings_is_planted(held_against_truth: duckdb.DuckDBPyConnection) -> None:
    planted = {row[0] for row in held_against_truth.execute("SELECT DISTINCT rule_id FROM planted").fetchall()}
    assert planted == {rule.id for rule in shipped().rules if not rule.indicator}


def test_every_finding_is_explained(held_against_truth: duckdb.DuckDBPyConnection) -> None:
    """Who has a relative's number (ID-4) has that relative's age too: that is what LAB-2 and LAB-3 see."""
    unexplained = held_against_truth.execute(
        "SELECT f.rule_id, list(DISTINCT p.rule_id ORDER BY p.rule_id) "
        "FROM (FROM found ANTI JOIN planted USING (rule_id, subject_type, subject_id)) AS f "
        "LEFT JOIN planted AS p ON p.subject_type = f.subject_type AND p.subject_id = f.subject_id "
        "GROUP BY f.rule_id, f.subject_id ORDER BY ALL"
    ).fetchall()
    planted = ["ID-2", "ID-3", "ID-4"]
    assert unexplained == [("LAB-2", planted), ("LAB-2", planted), ("LAB-3", planted)]


def test_all_tables_and_no_fault_that_was_not_planted(registry: Path, tmp_path: Path) -> None:
    run = run_audit(registry, rules=shipped(), as_of=AS_OF, out=tmp_path, gate=OPEN_GATE, settings=BARE)
    assert {line.table for line in run.summary.inputs} == set(TABLES)
    assert run.summary.rows_quarantined == 0
    assert run.summary.cell_faults == 0


def test_the_same_seed_gives_the_same_bytes(registry: Path, tmp_path: Path) -> None:
    generate_registry(1500, 11, tmp_path / "again", as_of=AS_OF)
    files = sorted(path.relative_to(registry) for path in registry.rglob("*.parquet"))
    assert len(files) >= 30
    for file in files:
        assert (tmp_path / "again" / file).read_bytes() == (registry / file).read_bytes(), file
    generate_registry(1500, 12, tmp_path / "other", as_of=AS_OF)
    assert (tmp_path / "other" / "persons.parquet").read_bytes() != (registry / "persons.parquet").read_bytes()


def test_people_are_believable(registry: Path) -> None:
    with duckdb.connect() as con:
        con.execute(f"CREATE VIEW persons AS FROM '{registry}/persons.parquet'")
        con.execute(f"CREATE VIEW households AS FROM '{registry}/households.parquet'")
        old, young, per_home = con.execute(
            "SELECT avg((birth_date < DATE '1965-01-01')::INT), avg((birth_date > DATE '2009-01-01')::INT), "
            "count(*) / count(DISTINCT household_id) FROM persons"
        ).fetchall()[0]
        codes = con.execute("SELECT DISTINCT area_code[1:4] FROM households").fetchall()
        numbers = con.execute(
            "SELECT count(*) FROM persons WHERE id_number NOT LIKE '1399%' AND id_number NOT LIKE '999999%'"
        )
        assert codes == [("1399",)]
        assert numbers.fetchall() == [(0,)]
    assert 0.1 < old < 0.5
    assert 0.08 < young < 0.35
    assert 2 < per_home < 4.5


def findings_in(form: Literal["csv", "xlsx", "parquet"], folder: Path) -> list[tuple[object, ...]]:
    generate_registry(300, 5, folder / "registry", format=form, as_of=AS_OF)
    run = run_audit(
        folder / "registry", rules=shipped(), as_of=AS_OF, out=folder / "out", gate=OPEN_GATE, settings=BARE
    )
    assert run.summary.rows_quarantined == 0
    return run.relation("findings").project("rule_id, subject_id, message").fetchall()


@pytest.fixture(scope="module")
def in_parquet(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[object, ...]]:
    return findings_in("parquet", tmp_path_factory.mktemp("parquet"))


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_other_formats_give_the_same_findings(
    in_parquet: list[tuple[object, ...]], tmp_path: Path, form: Literal["csv", "xlsx"]
) -> None:
    assert findings_in(form, tmp_path) == in_parquet
    assert len(in_parquet) > 30
