"""Comparisons at thresholds are exact: they agree with fractions, whatever the amounts."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import Write
from tests.policy import shipped

from audit import AuditResult
from audit.engine.cases import facts_row_sql
from audit.engine.exact import condition_sql
from audit.rulebook import default_rules
from audit.rulebook.expression import Sort, parse_condition
from audit.subjects import Subject, load_subject

Audit = Callable[..., AuditResult]
HOUSEHOLD, PROJECT = load_subject("household"), load_subject("project")
SORTS = dict.fromkeys(("line", "share"), Sort.NUMBER)
cents = st.integers(-(10**9), 10**9).map(lambda amount: Decimal(amount) / 100)
people = st.integers(1, 12)


def holds(text: str, given: dict[str, object], parameters: dict[str, str], subject: Subject = HOUSEHOLD) -> object:
    tree = parse_condition(text, subject, SORTS)
    with duckdb.connect() as con:
        row = facts_row_sql(subject, given)
        return con.execute(f"SELECT {condition_sql(tree, parameters)} FROM ({row})").fetchall()[0][0]


@settings(max_examples=30)
@given(cents, people, cents, people, cents)
def test_quotients_are_compared_as_fractions(n: Decimal, d: int, m: Decimal, e: int, line: Decimal) -> None:
    facts: dict[str, object] = {"pc": {"n": n, "d": d}, "pc_prev": {"n": m, "d": e}}
    now, before = Fraction(n) / d, Fraction(m) / e
    parameters = {"line": str(line), "share": "0.01"}
    assert holds("pc < $line", facts, parameters) == (now < Fraction(line))
    assert holds("pc >= pc_prev", facts, parameters) == (now >= before)
    close = abs(now - before) <= Fraction(1, 100) * before
    assert holds("abs(pc - pc_prev) <= $share * pc_prev", facts, parameters) == close


@settings(max_examples=30)
@given(cents, cents, st.integers(-5, 5))
def test_division_by_any_sign(over: Decimal, line: Decimal, under: int) -> None:
    facts: dict[str, object] = {"net": over, "gross": Decimal(under)}
    wanted = None if under == 0 else Fraction(over) / under < Fraction(line)
    assert holds("net / gross < $line", facts, {"line": str(line), "share": "0"}) == wanted


AHEAD = "paid_amount / contract_amount - progress > $share"


@settings(max_examples=30)
@given(st.integers(1, 10**14 - 1), st.integers(0, 10**14 - 1), st.integers(0, 10**4))
def test_two_amounts_are_multiplied_exactly(contract: int, paid: int, done: int) -> None:
    facts: dict[str, object] = {
        "contract_amount": Decimal(contract) / 100,
        "paid_amount": Decimal(paid) / 100,
        "progress": Decimal(done) / 10**4,
    }
    parameters = {"share": "0.05", "line": "1"}
    assert holds(AHEAD, facts, parameters, PROJECT) == (
        Fraction(paid, contract) - Fraction(done, 10**4) > Fraction(5, 100)
    )
    product = Fraction(contract, 100) * Fraction(done, 10**4) - 1
    assert holds("paid_amount < contract_amount * progress - $line", facts, parameters, PROJECT) == (
        Fraction(paid, 100) < product
    )


@pytest.mark.parametrize(
    ("contract", "paid", "wanted"),
    [
        ("3", "1.95", False),
        ("3", "1.950001", True),
        ("999999999999", "649999999999.35", False),
        ("999999999999", "649999999999.350001", True),
    ],
)
def test_the_boundary_of_two_amounts(contract: str, paid: str, wanted: bool) -> None:
    facts: dict[str, object] = {"contract_amount": contract, "paid_amount": paid, "progress": "0.6"}
    assert holds(AHEAD, facts, {"share": "0.05", "line": "1"}, PROJECT) is wanted


@pytest.mark.parametrize(
    ("text", "given", "wanted"),
    [
        ("pc < $line", {"pc": {"n": Decimal("13333.33"), "d": 3}}, False),
        ("pc < $line", {"pc": {"n": Decimal("13333.32"), "d": 3}}, True),
        ("pc < $line", {}, None),
        ("lifted and pc < $line", {"lifted": False}, False),
        ("lifted and pc < $line", {"lifted": True}, None),
        ("lifted or pc < $line", {"lifted": True}, True),
        ("heads <> 1", {"heads": [0, 2]}, None),
        ("heads <> 1", {"heads": [2, 3]}, True),
        ("heads <> 1", {"heads": [1, 1]}, False),
        ("heads >= 2", {"heads": [1, 3]}, None),
        ("heads >= 2", {"heads": [2, 3]}, True),
        ("heads > 0", {"heads": [1, 3]}, True),
        ("not (heads < 1)", {"heads": [0, 1]}, None),
        ("monitor_category in ('unstable', 'sudden')", {"monitor_category": "marginal"}, False),
        ("monitor_category is null", {}, True),
    ],
)
def test_unknown_stays_unknown(text: str, given: dict[str, object], wanted: object) -> None:
    assert holds(text, given, {"line": "4444.443333", "share": "0.01"}) is wanted


def test_one_absurd_row_is_undecided_and_breaks_no_rule(write_registry: Write, audited: Audit) -> None:
    huge = "999999999999.999999"
    homes = [{"household_id": name, "area_code": "139901101001", "household_type": "lifted"} for name in ("H1", "H2")]
    incomes = [
        {"household_id": name, "year": year, "population": people, "net_income": net, "share_dividend": "0"}
        for name, people, net in (("H1", "2147483647", huge), ("H2", "2", "7000"))
        for year in ("2023", "2024")
    ]
    run = audited(write_registry(households=homes, incomes=incomes))
    lines = {line.status.rule.id: line for line in run.summary.rules}
    assert {lines[rule_id].status.status for rule_id in ("INC-1", "INC-3")} == {"evaluated"}
    # INC-1 multiplies H1's numbers exactly; INC-3 can't: line times population is beyond its whole numbers.
    assert (lines["INC-1"].counts.flagged, lines["INC-1"].counts.undecided) == (2, 0)
    assert (lines["INC-3"].counts.flagged, lines["INC-3"].counts.undecided) == (1, 1)
    found = run.relation("findings").filter("rule_id = 'INC-3'").project("subject_id").fetchall()
    assert found == [("H2",)]


def test_a_rule_that_does_not_bind_is_broken_alone(
    write_registry: Write, audited: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    from audit.engine import run as engine
    from audit.engine.statements import bind_sql

    own = bind_sql
    monkeypatch.setattr(
        engine, "bind_sql", lambda rules: "SELECT nowhere" if "HHD-3" in {one.rule.id for one in rules} else own(rules)
    )
    homes = [{"household_id": "H1", "area_code": "139901101001", "phone": "12", "member_count": "3"}]
    persons = [{"person_id": "P1", "household_id": "H1", "relation": "户主", "left_on": ""}]
    run = audited(write_registry(households=homes, persons=persons), rules=shipped())
    statuses = {line.status.rule.id: line.status for line in run.summary.rules}
    assert statuses["HHD-3"].status == "broken"
    assert run.broken
    found = run.relation("findings").project("rule_id").fetchall()
    assert ("HHD-1",) in found
    assert ("HHD-3",) not in found


def test_a_number_too_large_to_compare_is_undecided_also_where_it_stands_twice(
    write_registry: Write, audited: Audit, tmp_path: Path
) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(default_rules(), rules)
    rule = rules / "roster" / "HHD-1.yaml"
    own = rule.read_text(encoding="utf-8")
    squared = own.replace("flag: member_count <> present_persons", "flag: member_count * member_count > 1")
    assert squared != own
    rule.write_text(squared, encoding="utf-8")
    homes = [
        {"household_id": "H1", "area_code": "139901101001", "member_count": "999999999999999"},
        {"household_id": "H2", "area_code": "139901101001", "member_count": "2"},
    ]
    run = audited(write_registry(households=homes), rules=rules)
    (line,) = [line for line in run.summary.rules if line.status.rule.id == "HHD-1"]
    assert (line.status.status, line.counts.flagged, line.counts.undecided) == ("evaluated", 1, 1)
