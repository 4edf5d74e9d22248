"""The asset of 467万, section 三(五): leased at 7 % a year, owned by a person, the owner not in the lease."""

from __future__ import annotations

import duckdb

from audit import AuditResult
from tests.conftest import REPLICATION
from tests.replication.everywhere import everywhere, evidence


def test_ast_1_467_wan_owner_not_in_the_lease(replication_run: AuditResult) -> None:
    assert everywhere(replication_run, "AST-1") == (1, 1, 0, 0)
    assert evidence(replication_run, "AST-1", "cost", "lease_states_owner") == [("4670000", "false")]


def test_ast_2_467_wan_owned_by_a_person(replication_run: AuditResult) -> None:
    assert everywhere(replication_run, "AST-2") == (1, 1, 0, 0)
    assert evidence(replication_run, "AST-2", "cost", "owner_kind") == [("4670000", "personal")]


def test_ast_3_7_percent_of_467_wan_were_received(replication_run: AuditResult) -> None:
    """7 % of 467万 are 32.69万, and that is what came in: the rent is not short."""
    assert everywhere(replication_run, "AST-3") == (1, 0, 1, 0)
    assets = duckdb.read_csv(str(REPLICATION / "assets.csv"), all_varchar=True)
    assert assets.project("cost, lease_rate, lease_received").fetchall() == [("4670000", "0.07", "326900")]
