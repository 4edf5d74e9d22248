"""A table or a column left out: the rules that need it are not evaluated, with that reason; nothing else changes."""

from __future__ import annotations

import json
import shutil
from datetime import date
from itertools import zip_longest
from pathlib import Path

import duckdb
import pytest

from audit import AuditResult, Settings, run_audit
from audit.gate import OPEN_GATE
from audit.generate import generate_registry
from audit.model.extent import Extent
from tests.conftest import BARE
from tests.policy import shipped

AS_OF = date(2024, 12, 31)
INCOME = {f"INC-{number}" for number in range(11)}
#: Which rules need a table, read off the rule catalogue; households can't be left out.
NEEDED_BY: dict[str, set[str]] = {
    "incomes": INCOME | {"IND-8", "IND-9", "FAB-1", "FAB-2", "FAB-3"},
    "persons": {"ID-1", "ID-2", "ID-3", "ID-4", "ID-5", "HHD-1", "HHD-2", "LAB-1", "LAB-2", "LAB-3", "PW-2", "PW-3",
                "PW-5", "PW-6", "PW-9", "PW-10", "CAD-2"},
    "posts": {f"PW-{number}" for number in range(1, 11)},
    "industry_support": {"IND-1", "IND-2", "IND-3", "IND-4", "IND-5", "IND-6"},
    "dividend_contracts": {"DIV-1"},
    "renovations": {"HOU-1", "HOU-4", "HOU-7"},
    "appraisals": {"HOU-2", "HOU-3", "HOU-6", "HOU-7"},
    "defects": {"HOU-2", "HOU-3", "HOU-4", "HOU-7"},
    "yard_walls": {"HOU-4", "HOU-5"},
    "helpers": {"HLP-2"},
    "pairings": {"HLP-1", "HLP-2", "HLP-3"},
    "visits": {"HLP-1", "FAB-5"},
    "training_needs": {"EMP-2"},
    "loan_applications": {"LN-3", "LN-4"},
    "loan_barriers": {"LN-1"},
    "subsidy_payments": {"CAD-2", "CAD-3"},
    "villages": set(),
    "trainings": {"EMP-1"},
    "post_quotas": set(),
    "loan_products": {"LN-2"},
    "projects": {"FND-1", "FND-2", "FND-3", "FND-4", "FND-5", "FND-7", "LIB-1", "PER-1", "NTC-3", "NTC-4"},
    "allocations": {"FND-6"},
    "assets": {"AST-1", "AST-2", "AST-3"},
    "proceeds": {"PRO-1", "PRO-2"},
    "notices": {"NTC-1", "NTC-2", "NTC-3", "NTC-4"},
    "hotlines": {"HOT-1"},
    "discipline": {"CAD-1"},
    "appointments": {"CAD-1"},
}  # fmt: skip


#: Tables that are left out together. A table is in one row and in one column, and all tables of a rule are in one row:
#: so for each table and each rule that can do without it there is a night without this table and with that rule.
GRID = (
    ("persons", "posts", "subsidy_payments", "incomes", "industry_support", "dividend_contracts"),
    ("renovations", "appraisals", "defects", "yard_walls", "trainings", "training_needs"),
    ("helpers", "pairings", "visits", "loan_applications", "loan_barriers", "loan_products"),
    ("projects", "notices", "discipline", "appointments", "allocations"),
    ("assets", "proceeds", "hotlines", "villages", "post_quotas"),
)
GROUPS = (*GRID, *zip_longest(*GRID, fillvalue=""))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, AuditResult]:
    folder = tmp_path_factory.mktemp("missing")
    generate_registry(300, 3, folder / "registry", as_of=AS_OF)
    return folder / "registry", audited(folder / "registry", folder / "reports")


def audited(registry: Path, out: Path, settings: Settings = BARE) -> AuditResult:
    return run_audit(registry, rules=shipped(), as_of=AS_OF, out=out, gate=OPEN_GATE, settings=settings)


def counted(run: AuditResult) -> dict[str, tuple[int, ...]]:
    rows = run.relation("rates").filter("area_level = 'all'")
    return {row[0]: row[1:] for row in rows.project("rule_id, population, flagged, clear, undecided").fetchall()}


def rules(run: AuditResult) -> set[str]:
    return {line.status.rule.id for line in run.summary.rules}


def test_each_table_is_left_out_beside_every_rule_that_does_without_it(whole: tuple[Path, AuditResult]) -> None:
    every = rules(whole[1])
    assert len(every) == 85
    beside: dict[str, set[str]] = {table: set() for table in NEEDED_BY}
    for group in ([table for table in group if table] for group in GROUPS):
        for table in group:
            beside[table] |= every.difference(*(NEEDED_BY[one] for one in group))
    assert beside == {table: every - needing for table, needing in NEEDED_BY.items()}


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: "-".join(filter(None, group)))
def test_tables_left_out(group: tuple[str, ...], whole: tuple[Path, AuditResult], tmp_path: Path) -> None:
    registry, before = whole
    files = (f"{table}.parquet" for table in group)
    shutil.copytree(registry, tmp_path / "registry", ignore=shutil.ignore_patterns(*files))
    run = audited(tmp_path / "registry", tmp_path / "reports")
    needed = {rule: {table for table in group if rule in NEEDED_BY.get(table, ())} for rule in rules(before)}
    left_out = {line.status.rule.id for line in run.summary.rules if line.status.status == "not_evaluated"}
    assert left_out == {rule for rule, tables in needed.items() if tables}
    record = json.loads((run.folder / "run.json").read_text(encoding="utf-8"))
    reasons = {one["rule_id"]: one["reason_en"] for one in record["rules"] if one["status"] == "not_evaluated"}
    assert set(reasons) == left_out
    # In a column of the grid a rule lacks one table at most, so there the reason is about that one.
    assert all(any(table in reason for table in needed[rule]) for rule, reason in reasons.items())
    # The cap stands in for the quotas, so only there the numbers of a rule that is evaluated may differ.
    same = {
        rule: row
        for rule, row in counted(before).items()
        if rule not in left_out and not ("post_quotas" in group and rule == "PW-1")
    }
    assert {rule: row for rule, row in counted(run).items() if rule in same} == same


def test_the_first_page_names_the_rules_that_were_left_out(whole: tuple[Path, AuditResult], tmp_path: Path) -> None:
    kept = ("households", "persons")
    (tmp_path / "registry").mkdir()
    for table in kept:
        shutil.copy(whole[0] / f"{table}.parquet", tmp_path / "registry")
    run = audited(tmp_path / "registry", tmp_path / "reports", Settings(pages=Extent.COUNTY))
    left_out = {rule for table, rules in NEEDED_BY.items() if table not in kept for rule in rules}
    page = (run.folder / "index.html").read_text(encoding="utf-8")
    assert len(left_out) > 60
    assert all(f">{rule}<" in page for rule in left_out)


#: Columns that are left out, all at once, and the rules that need each of them.
COLUMNS: dict[str, set[str]] = {
    "households.vacant_since": {"HOU-5", "HOU-6"},
    "households.phone": {"FAB-4", "HHD-3"},
    "posts.attendance_days": {"PW-7"},
    "projects.main_structure_done": {"FND-4"},
    "visits.mode": {"FAB-5", "HLP-1"},
    # Of columns joined by 'else' one is enough; so is the parameter that stands in for the months of effect.
    "projects.extended_to": set(),
    "discipline.effect_months": set(),
    "incomes.population": set(),
}


def test_columns_left_out(whole: tuple[Path, AuditResult], tmp_path: Path) -> None:
    registry = shutil.copytree(whole[0], tmp_path / "registry")
    with duckdb.connect() as con:
        for table in {column.partition(".")[0] for column in COLUMNS}:
            own = ", ".join(column.partition(".")[2] for column in COLUMNS if column.startswith(f"{table}."))
            con.execute(
                f"COPY (SELECT * EXCLUDE ({own}) FROM '{whole[0]}/{table}.parquet') TO '{registry}/{table}.parquet'"
            )
    run = audited(registry, tmp_path / "reports")
    left_out = {one.status.rule.id: one.status.reason for one in run.summary.rules if one.status.status != "evaluated"}
    told = {rule: reason.message("en") for rule, reason in left_out.items() if reason}
    assert set(left_out) == set(told) == set().union(*COLUMNS.values())
    named = {column: {rule for rule, reason in told.items() if column in reason} for column in COLUMNS}
    assert named == COLUMNS
