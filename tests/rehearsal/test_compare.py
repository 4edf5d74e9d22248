"""What counts as a change of a finding, on findings written by hand."""

from __future__ import annotations

import duckdb

from audit.rehearsal.compare import changes_sql

FINDING = {
    "finding_id": "f1",
    "rule_id": "A-1",
    "severity": "high",
    "subject_type": "household",
    "subject_id": "H1",
    "household_id": "H1",
    "area_code": "139901101001",
    "evidence": '{"pc": 1.5, "line": 4000, "parameters": {"line": {"valid_from": "2020-01-01", "source": "甲"}}}',
    "message": "甲",
    "message_en": "A",
    "source_file": "households.csv",
    "source_row": 2,
}


def judged(old: dict[str, object] | None, new: dict[str, object] | None, asked_old: str, asked_new: str) -> list[str]:
    with duckdb.connect() as con:
        for name, finding in (("old_findings", old), ("new_findings", new)):
            columns = ", ".join(f"{column} {'BIGINT' if column == 'source_row' else 'VARCHAR'}" for column in FINDING)
            con.execute(f"CREATE TABLE {name} ({columns})")
            if finding:
                con.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(finding))})", list(finding.values()))
        return [row[0] for row in con.execute(changes_sql("A-1", asked_old, asked_new)).fetchall()]


def test_where_values_come_from_is_no_change() -> None:
    evidence = '{"pc": 1.5, "line": 4000, "parameters": {"line": {"valid_from": "2024-01-01", "source": "乙"}}}'
    assert judged(FINDING, {**FINDING, "evidence": evidence}, "true", "true") == []


def test_evidence_severity_and_either_message_are_changes() -> None:
    for column, value in (
        ("evidence", '{"pc": 2.5, "line": 4000}'),
        ("evidence", '{"pc": 1.5, "line": 4500}'),
        ("evidence", '{"pc": null, "line": 4000}'),
        ("severity", "low"),
        ("message", "乙"),
        ("message_en", "B"),
    ):
        assert judged(FINDING, {**FINDING, column: value}, "true", "true") == ["changed"], (column, value)


def test_where_a_row_stands_is_no_change() -> None:
    assert judged(FINDING, {**FINDING, "source_row": 3}, "true", "true") == []


def test_a_finding_of_one_policy_is_gained_or_lost_only_if_the_other_asked() -> None:
    south = "NOT starts_with(area_code, '139901101')"
    assert judged(FINDING, None, "true", "true") == ["lost"]
    assert judged(FINDING, None, "true", "false") == ["not_evaluated"]
    assert judged(FINDING, None, "false", "true") == ["lost"]
    assert judged(FINDING, None, "true", south) == ["not_evaluated"]
    assert judged(None, FINDING, "true", "true") == ["gained"]
    assert judged(None, FINDING, "false", "true") == ["not_evaluated"]
    assert judged(None, FINDING, south, "true") == ["not_evaluated"]


def test_findings_of_other_rules_are_left_alone() -> None:
    assert judged({**FINDING, "rule_id": "A-10"}, None, "true", "true") == []
