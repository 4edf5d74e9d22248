"""A small folder of rules written by hand, with the comments and spellings that authors use, and a way to edit a workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from audit.language import Language
from audit.rulebook_workbook import Report, export_workbook, import_workbook

INC_4 = """\
# Agreed with the bureau on 2024-03-05.
id: INC-4  # of the old catalogue
name: income.below_line_unmonitored
title: 收入低于监测线，未纳入监测
title_en: Income below the line, household not monitored
section: 三(三)
subject: household
severity: high

# Who is asked about at all:
population: lifted and lifted_year < $audit_year and pc < $low_income_line
flag: not monitored
evidence: [pc, lifted_year, net, population]
message: '人均纯收入 {pc} 元，低于 {low_income_line} 元，未纳入监测'
message_en: "Net income per head is {pc} yuan, below {low_income_line}."
remedy: 入户核实收入，符合条件的按程序纳入监测
remedy_en: Verify the income at the home and monitor the household if it qualifies.
cases:
  - {about: 低于线且未监测, about_en: below the line and not monitored, given: {lifted: true, lifted_year: 2020, pc: 3999.90, monitored: false}, outcome: flagged}
  - {about: 低于线但已监测, about_en: below the line and monitored, given: {lifted: true, lifted_year: 2020, pc: 3000, monitored: true}, outcome: clear}
  # The line itself is not below the line.
  - {about: 正好在线上不算低于, about_en: exactly at the line, given: {lifted: true, lifted_year: 2020, pc: 4000, monitored: false}, outcome: not_applicable}
  - {about: 当年脱贫的不算, about_en: lifted in the audit year itself, given: {lifted: true, lifted_year: 2024, pc: 3000, monitored: false}, outcome: not_applicable}
  - {about: 收入未知, about_en: income unknown, given: {lifted: true, lifted_year: 2020, monitored: false}, outcome: undecided}
# The end.
"""
LAB_1 = """\
id: LAB-1
name: labour.child_able
title: 不满劳动年龄却登记为有劳动力
title_en: Child entered as able to work
section: 登记校验
subject: person
among: present
severity: medium
population: age < $working_age
flag: labour_ability = 'ordinary'
never: [undecided]
evidence: [age, labour_ability]
message: '{age} 岁，登记为{labour_ability}'
message_en: 'Aged {age}, entered as: {labour_ability}.'
remedy: 核实劳动能力，更正登记
remedy_en: Verify and correct the entry.
cases:
  - about: 15 岁登记为普通劳动力
    about_en: '15, and ordinary'
    given: {present: true, age: 15, labour_ability: ordinary}
    outcome: flagged
  - about: 15 岁登记为无劳动力
    about_en: 15 and none
    given: {present: true, age: 15, labour_ability: none}
    outcome: clear
  - about: 正好 16 岁
    about_en: exactly 16
    given: {present: true, age: 16, labour_ability: ordinary}
    outcome: not_applicable
  - about: 已自然减少
    about_en: no longer present
    given: {present: false, age: 15, labour_ability: ordinary}
    outcome: not_counted
"""
PARAMETERS = """\
# Every number that policy sets.
low_income_line:
  title: 低收入线
  title_en: Low-income line
  unit: 元/人·年
  unit_en: yuan per head and year
  type: money
  carry_forward: true
  values:
    - {value: 4000, from: 2020-01-01, source: 方案三(三)}
    # By letter, for one county:
    - {value: 4200.50, from: 2025-01-01, until: 2025-12-31, area: '139902', source: 县文件〔2025〕3 号}
working_age:
  title: 劳动年龄下限
  title_en: Age at which working life begins
  unit: 岁
  unit_en: years
  type: int
  carry_forward: false
  values:
    - {value: 16, from: 2020-01-01, source: 登记系统常用校验}
"""
FILES = {"income/INC-4.yaml": INC_4, "labour/LAB-1.yaml": LAB_1, "parameters.yaml": PARAMETERS}

Files = dict[str, bytes]
Edit = Callable[[dict[str, "Table"]], object]


def files_in(folder: Path) -> Files:
    """Every file of a folder, byte for byte."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


class Table:
    """A sheet as a person edits it: cells by the machine name of the column and what stands in the first columns."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self.columns = {cell.value: cell.column for cell in sheet[1]}

    def row(self, *key: str) -> int:
        """The row that begins with a key."""
        (found,) = [
            row
            for row in range(3, self.sheet.max_row + 1)
            if tuple(self.sheet.cell(row, place + 1).value for place in range(len(key))) == key
        ]
        return found

    def set(self, key: Sequence[str], **cells: object) -> None:
        """Write into the row of a key."""
        for name, value in cells.items():
            self.sheet.cell(self.row(*key), self.columns[name.rstrip("_")]).value = value

    def get(self, key: Sequence[str], name: str) -> object:
        """Read from the row of a key."""
        return self.sheet.cell(self.row(*key), self.columns[name]).value

    def add(self, **cells: object) -> int:
        """Write a row at the end; gives its number."""
        row: int = self.sheet.max_row + 1
        for name, value in cells.items():
            self.sheet.cell(row, self.columns[name.rstrip("_")]).value = value
        return row


class Desk:
    """A folder of rules and the workbook that was exported from it."""

    def __init__(self, place: Path) -> None:
        self.rules = place / "rules"
        self.path = place / "rules.xlsx"

    def edit(self, change: Edit) -> None:
        """Open the workbook with another program, edit it, and save it."""
        book = openpyxl.load_workbook(self.path)
        change({name: Table(sheet) for name, sheet in zip(("rules", "cases", "parameters"), book, strict=False)})
        book.save(self.path)

    def read(self, *, apply: bool = False) -> Report:
        """Import the workbook."""
        return import_workbook(self.path, self.rules, apply=apply)

    def files(self) -> Files:
        """The rule files as they are now."""
        return files_in(self.rules)

    def told(self, report: Report, lang: Language = "zh") -> list[str]:
        """What is told about refused rows."""
        from audit.rulebook_workbook.answer import told_refusals

        lines = [line for answer in report.answers for line in told_refusals(answer, lang)]
        return [*lines, *(problem.message(lang) for problem in report.problems)]


def write_rules(folder: Path, files: Mapping[str, str]) -> None:
    """Write rule files."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """The small folder of rules, exported in Chinese."""
    found = Desk(tmp_path)
    write_rules(found.rules, FILES)
    export_workbook(found.rules, found.path, "zh")
    return found


def counts(report: Report) -> tuple[int, int, int, int]:
    """Rows unchanged, changed, new and refused."""
    unchanged, changed, new, refused = report.counts.values()
    return unchanged, changed, new, refused
