"""A run and a registry of four households written by hand, and workbooks filled in as a person fills them in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import openpyxl
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from audit.sampling.field.answers import Report
from audit.sampling.field.record import Act, record_files

RUN_ID = "2024-12-31-abcdefabcdef"
#: Two flagged households of one village, an unflagged one of it, and a flagged one of another.
FLAGGED, OTHER, CLEAR, FAR = "139903101001001", "139903101001002", "139903101001003", "139903102002001"
EAST, SOUTH = "139903101001", "139903102002"
NOW = datetime(2025, 3, 31, 9, 0, tzinfo=UTC)
#: Of these the checklist leaves out an indicator, an advisory rule, one about projects and one about villages.
EVALUATED = ("FAB-1", "FND-1", "HHD-1", "INC-0", "INC-1", "INC-4", "NTC-1", "PW-5")
CHECKLIST = ["HHD-1", "INC-1", "INC-4", "PW-5"]
HOUSEHOLDS = """\
户编号,行政区划代码,县,乡,村,户主姓名,联系电话
139903101001001,139903101001,清河县,城关镇,清河东村,刘备用,13812345678
139903101001002,139903101001,清河县,城关镇,清河东村,关小二,
139903101001003,139903101001,清河县,城关镇,清河东村,张三,
139903102002001,139903102002,清河县,南乡,南坡村,赵四,
"""
FINDINGS = (
    ("f1", FLAGGED, "INC-1", "人均纯收入 13869 元，上年 13869 元", '{"pc": 13869, "pc_prev": 13869, "parameters": {}}'),
    ("f2", FLAGGED, "INC-4", "人均纯收入 3999.99 元，低于 4000 元，未纳入监测", '{"pc": 3999.99, "lifted_year": 2019}'),
    ("f3", OTHER, "HHD-1", "家庭人口数为 5 人，在册人员 3 人", '{"member_count": 5, "present_persons": 3}'),
    ("f4", FAR, "PW-5", "保洁员由无劳动能力的人担任", '{"labour_ability": "none"}'),
)
RULES = {FLAGGED: ["INC-1", "INC-4"], OTHER: ["HHD-1"], CLEAR: [], FAR: ["PW-5"]}


def lay_run(out: Path, findings: tuple[tuple[str, str, str, str, str], ...] = FINDINGS) -> Path:
    """Write a registry and a run of it, as far as sheets ask for them; gives the output folder."""
    data, run = out / "registry", out / RUN_ID
    data.mkdir(parents=True)
    run.mkdir()
    (data / "households.csv").write_text(HOUSEHOLDS, encoding="utf-8")
    with duckdb.connect() as con:
        con.execute(
            "CREATE TABLE finding (finding_id VARCHAR, household_id VARCHAR, rule_id VARCHAR, message VARCHAR, "
            "evidence VARCHAR, message_en VARCHAR)"
        )
        con.executemany("INSERT INTO finding VALUES (?, ?, ?, ?, ?, 'In English.')", [list(one) for one in findings])
        con.execute(f"COPY finding TO '{run / 'findings.parquet'}' (FORMAT parquet)")
    asked = {"data": str(data), "source_map": None, "rules": None, "source_map_sha256": "", "rules_sha256": ""}
    rules = [{"rule_id": rule, "status": "evaluated"} for rule in EVALUATED]
    rules.append({"rule_id": "HOU-1", "status": "not_evaluated"})
    record = {"run_id": RUN_ID, "as_of": "2024-12-31", "year": 2024, "asked": asked, "inputs": [], "rules": rules}
    (run / "run.json").write_text(json.dumps(record), encoding="utf-8")
    return out


class Sheet:
    """A sheet of a workbook, its cells found by what a person sees in its rows."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self.columns = {str(cell.value): cell.column for cell in sheet[1] if cell.value}

    def rows(self) -> list[dict[str, str]]:
        """All rows below the labels as texts."""
        return [
            {name: str(self.sheet.cell(row, column).value or "") for name, column in self.columns.items()}
            for row in range(3, self.sheet.max_row + 1)
        ]

    def row(self, unit: str, item: str = "") -> int:
        """The number of the row of a household, or of one of its items."""
        found = [
            number
            for number, row in enumerate(self.rows(), start=3)
            if row["unit"] == unit and row.get("item", "") == item
        ]
        return found[0]

    def fill(self, row: int, cells: Mapping[str, object]) -> None:
        """Write into cells of a row."""
        for name, value in cells.items():
            self.sheet.cell(row, self.columns[name]).value = value


class Book:
    """A field workbook in the hands of a person."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book: Workbook = openpyxl.load_workbook(path)
        english = "Visits" in self.book.sheetnames
        self.visits = Sheet(self.book["Visits" if english else "走访登记"])
        self.items = Sheet(self.book["Items" if english else "核查项目"])

    def visit(self, unit: str, **cells: object) -> None:
        """Fill in the visit of a household."""
        self.visits.fill(self.visits.row(unit), cells)

    def item(self, unit: str, item: str, **cells: object) -> None:
        """Fill in an item of a household."""
        self.items.fill(self.items.row(unit, item), cells)

    def done(self, unit: str, verdict: str = "属实", **cells: object) -> None:
        """Fill in a household to the end: the visit, and the same verdict for each of its items."""
        told = {"visited_on": "2025-03-01", "inspector": "王核查", "mode": "入户", "result": "已核实"}
        self.visit(unit, **{**told, **cells})
        for row in self.items.rows():
            if row["unit"] == unit:
                self.item(unit, row["item"], verdict=verdict)

    def save(self, path: Path | None = None) -> Path:
        """Save it, under another name if one is given."""
        self.book.save(path or self.path)
        return path or self.path


def record(samples: Path, *files: Path, correct: bool = False, apply: bool = True, sample_id: str = "") -> Report:
    """Record files as a clerk does on 2025-03-31."""
    return record_files(samples, files, Act("李录入", NOW, apply, correct, sample_id))
