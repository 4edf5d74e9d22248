"""The sample county: what its README says was planted is found, row by row, and nothing else."""

from __future__ import annotations

import csv
from pathlib import Path

from data import make_sample

from audit import AuditResult
from tests.conftest import SAMPLE

WIDE = "防返贫监测信息.xlsx"


def test_every_planted_pattern_is_found_and_nothing_else(sample_run: AuditResult) -> None:
    with (SAMPLE / "truth.csv").open(encoding="utf-8") as file:
        planted = {(row["rule_id"], row["subject_id"]) for row in csv.DictReader(file)}
    assert len(planted) == 62
    assert set(sample_run.relation("findings").project("rule_id, subject_id").fetchall()) == planted


def test_every_planted_fault_is_quarantined(sample_run: AuditResult) -> None:
    rows = sample_run.relation("quarantine").project('"table", source_file, source_row, "column", value, reason')
    assert set(rows.fetchall()) == {
        ("posts", "公益性岗位台账.xls", 19, "person_id", "", "missing"),
        ("incomes", "收入信息2024.csv", 152, "household_id", "1.3990320100200E+14", "excel_number"),
        ("persons", WIDE, 257, "id_number", "1.39903198001010E+17", "excel_number"),
        ("persons", WIDE, 260, "person_id", "", "missing"),
        ("households", WIDE, 262, "area_code", "13990310200", "unreadable"),
        ("persons", WIDE, 262, "household_id", "139903102002003", "household_unknown"),
        ("persons", WIDE, 263, "household_id", "139903102002003", "household_unknown"),
        ("persons", WIDE, 506, "person_id", "13990310200200401", "duplicate_key"),
    }


def test_every_planted_cell_fault_is_listed(sample_run: AuditResult) -> None:
    rows = sample_run.relation("cell_faults").project('"table", source_row, "column", value, reason')
    assert set(rows.fetchall()) == {
        ("posts", 20, "post_type", "安全员", "unreadable"),
        ("incomes", 72, "net_income", "四万元", "unreadable"),
        ("persons", 141, "labour_ability", "壮劳力", "unreadable"),
        ("persons", 175, "birth_date", "1979-02-30", "unreadable"),
        ("households", 179, "phone", "13900000000", "conflicting"),
    }


def test_rows_read_are_rows_accepted_and_quarantined(sample_run: AuditResult) -> None:
    lines = {(line.table, line.file): line for line in sample_run.summary.inputs}
    wide = lines["persons", WIDE]
    assert (wide.rows_read, wide.rows_accepted, wide.rows_quarantined) == (503, 498, 5)
    members = lines["incomes", "成员收入2023.txt"]
    assert (members.rows_read, members.rows_accepted, members.rows_quarantined) == (502, 502, 0)
    assert lines["households", WIDE].derived
    for line in lines.values():
        assert line.rows_read == line.rows_accepted + line.rows_quarantined


def test_what_no_table_claims_is_named(sample_run: AuditResult) -> None:
    assert sample_run.summary.unread == ("帮扶工作台账.xlsx [填表说明]",)


def test_the_generator_gives_these_very_files(tmp_path: Path) -> None:
    make_sample.build(tmp_path)
    for path in sorted(tmp_path.iterdir()):
        assert path.read_bytes() == (SAMPLE / path.name).read_bytes(), path.name
