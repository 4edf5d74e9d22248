"""The benchmark's peers find what the audit finds: those whose packages the project has anyway.

The others are compared whenever the benchmark itself runs.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from audit.generate import generate_registry
from audit.pipeline import run_audit
from tests.benchmarks.peers.__main__ import PEERS, differing
from tests.benchmarks.peers.ten import AS_OF, TEN, link_tables, write_ten

ROOT = Path(__file__).parents[2]
HERE = (
    "duckdb_fused",
    "audit_tried",
    "duckdb_per_rule",
    "pandas_by_hand",
    "pandera_pandas",
    "great_expectations_pandas",
)


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("peers")
    generate_registry(4000, 1, folder / "all", as_of=AS_OF)
    return link_tables(folder / "all", folder / "four-tables")


@pytest.fixture(scope="module")
def ours(registry: Path) -> str:
    rules = registry.parent / "rules"
    write_ten(rules)
    run = run_audit(registry, as_of=AS_OF, rules=rules, out=registry.parent / "out")
    return f"FROM '{run.folder}/findings.parquet'"


def test_every_one_of_the_ten_rules_finds_something(ours: str) -> None:
    found = {rule for (rule,) in duckdb.execute(f"SELECT DISTINCT rule_id FROM ({ours})").fetchall()}
    assert found == set(TEN)


@pytest.mark.parametrize("peer", HERE)
def test_a_peer_finds_the_same_as_the_audit(peer: str, registry: Path, ours: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", f"tests.benchmarks.peers.{peer}", str(registry), str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert differing(ours, f"FROM '{tmp_path}/*.parquet'") == 0


def test_differing_counts_keys_that_only_one_side_has() -> None:
    ours = "FROM (VALUES ('INC-3', 'H1'), ('INC-3', 'H2')) AS t (rule_id, subject_id)"
    theirs = "FROM (VALUES ('INC-3', 'H2'), ('INC-3', 'H3'), ('PW-5', 'H2')) AS t (rule_id, subject_id)"
    assert differing(ours, theirs) == 3
    assert differing(ours, "FROM (VALUES ('INC-3', 5)) AS t (rule_id, failing)") == 3
    assert differing(ours, "FROM (VALUES ('INC-3', 2)) AS t (rule_id, failing)") == 0


def test_every_peer_has_a_module() -> None:
    modules = {path.stem for path in (ROOT / "tests" / "benchmarks" / "peers").glob("*.py")}
    assert {name for name in PEERS.values() if name} <= modules
