"""What a rule found in the whole replication registry, and what its findings say."""

from __future__ import annotations

from audit import AuditResult


def everywhere(run: AuditResult, rule_id: str) -> tuple[int, ...]:
    """Population, flagged, clear and undecided of a rule in the whole registry: nobody is left out of a figure."""
    rows = run.relation("rates").filter(f"rule_id = '{rule_id}' AND area_level = 'all'")
    found: list[tuple[int, ...]] = rows.project("population, flagged, clear, undecided").fetchall()
    assert len(found) == 1
    return found[0]


def evidence(run: AuditResult, rule_id: str, *facts: str) -> list[tuple[str, ...]]:
    """The facts that travel with the findings of a rule, in the order of its subjects."""
    rows = run.relation("findings").filter(f"rule_id = '{rule_id}'").order("subject_id")
    return rows.project(", ".join(f"evidence ->> '{fact}'" for fact in facts)).fetchall()
