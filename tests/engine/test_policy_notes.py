"""A run says aloud where a value is past its end, and where there is none."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import BARE, ROOT, Write

from audit import AuditResult, Settings
from audit.language import Language

Audit = Callable[..., AuditResult]
NATIONAL = "{value: 4000, from: 2020-01-01, source"
HOMES = [
    {"household_id": name, "area_code": area, "household_type": "lifted", "lifted_year": "2018", "member_count": "1",
     "deregistered_on": "", "monitor_category": "", "risk_cleared": ""}
    for name, area in (("H1", "139901101001"), ("H2", "139902101001"), ("H3", "139902102001"))
]  # fmt: skip
INCOMES = [
    {"household_id": f"H{number}", "year": "2024", "population": "1", "net_income": "3000"} for number in (1, 2, 3)
]


@pytest.fixture
def run(tmp_path: Path, write_registry: Write, audited: Audit) -> Callable[..., AuditResult]:
    def audit(
        *rows: str, national: str = NATIONAL, carry_forward: bool = True, settings: Settings = BARE
    ) -> AuditResult:
        folder = tmp_path / "rules"
        shutil.copytree(ROOT / "rules", folder)
        path = folder / "parameters.yaml"
        text = path.read_text(encoding="utf-8").replace(NATIONAL, national, 1)
        if not carry_forward:
            text = text.replace("  carry_forward: true", "  carry_forward: false", 1)
        path.write_text(text, encoding="utf-8")
        lines = ["parameter,area,year,from,until,value,source", *rows]
        (folder / "parameters.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return audited(write_registry(households=HOMES, incomes=INCOMES), rules=folder, settings=settings)

    return audit


def flagged(result: AuditResult) -> list[str]:
    found = result.relation("findings").filter("rule_id = 'INC-3'").project("subject_id").fetchall()
    return [row[0] for row in found]


def notes(result: AuditResult, lang: Language = "zh") -> list[str]:
    return [note.message(lang) for note in result.summary.notes]


def test_values_in_force_need_no_note(run: Callable[..., AuditResult]) -> None:
    assert notes(run("low_income_line,139902,2024,,,5000,文件")) == []


def test_used_unconfirmed(run: Callable[..., AuditResult]) -> None:
    ended = ("low_income_line,139902,2023,,,5000,文件", "low_income_line,139903,2023,,,5000,文件")
    result = run(*ended, settings=Settings())
    assert notes(result) == [
        "参数 low_income_line：139902 的值已于 2023-12-31 到期，仍沿用旧值，未经确认。涉及规则：INC-3, INC-4。"
    ]
    assert flagged(result) == ["H1", "H2", "H3"]
    record = json.loads((result.folder / "run.json").read_text(encoding="utf-8"))
    assert record["notes"] == notes(result)
    assert notes(result)[0] in (result.folder / "index.html").read_text(encoding="utf-8")


def test_the_national_value_used_unconfirmed(run: Callable[..., AuditResult]) -> None:
    result = run(national="{value: 4000, from: 2020-01-01, until: 2022-12-31, source")
    assert notes(result, "en") == [
        "Parameter low_income_line, the rest of the country: the value ended on 2022-12-31 and is carried forward "
        "unconfirmed. Rules: INC-3, INC-4."
    ]


def test_not_evaluated_where_the_value_has_ended(run: Callable[..., AuditResult]) -> None:
    result = run(
        "low_income_line,139902,2023,,,5000,文件",
        "low_income_line,139902102,2024,,,5000,文件",
        carry_forward=False,
    )
    assert notes(result) == [
        "参数 low_income_line：139902 的值已于 2023-12-31 到期，不得沿用，那里未执行规则 INC-3, INC-4。"
    ]
    # The county's value has ended; that of a township below it has not, and the national one does not step in.
    assert flagged(result) == ["H1", "H3"]
    rates = result.relation("rates").filter("rule_id = 'INC-3' AND area_level = 'all'")
    assert rates.project("population, flagged").fetchall() == [(2, 2)]


def test_not_evaluated_at_all(run: Callable[..., AuditResult]) -> None:
    ended = "{value: 4000, from: 2020-01-01, until: 2023-12-31, source"
    result = run("low_income_line,139902,2022,,,5000,文件", national=ended, carry_forward=False)
    assert notes(result) == [
        "参数 low_income_line：139902 的值已于 2022-12-31 到期，不得沿用，那里未执行规则 INC-3, INC-4, INC-6, INC-8。",
        "参数 low_income_line：全国（没有本地值的地区） 的值已于 2023-12-31 到期，不得沿用，那里未执行规则 INC-3, INC-4, INC-6, INC-8。",
    ]
    assert flagged(result) == []


def test_areas_without_any_value(run: Callable[..., AuditResult]) -> None:
    result = run(national="{value: 4000, from: 2020-01-01, area: '139902', source")
    assert notes(result) == ["参数 low_income_line：139901 在 2024-12-31 没有值，那里未执行规则 INC-3, INC-4。"]
    assert flagged(result) == ["H2", "H3"]


def test_a_subject_whose_area_is_unknown(tmp_path: Path, write_registry: Write, audited: Audit) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(ROOT / "rules", folder)
    path = folder / "parameters.yaml"
    text = path.read_text(encoding="utf-8")
    assert "{value: 80, from" in text
    path.write_text(text.replace("{value: 80, from", "{value: 80, area: '139901', from"), encoding="utf-8")
    data = write_registry(
        households=HOMES,
        persons=[{"person_id": "P1", "household_id": "H1", "sex": "男", "age": "81"}],
        posts=[
            {"post_id": "G1", "person_id": "P1", "area_code": "", "started_on": "2024-01-01", "ended_on": ""},
            {"post_id": "G2", "person_id": "P9", "area_code": "", "started_on": "2024-01-01", "ended_on": ""},
        ],
    )
    told = [note.message("zh") for note in audited(data, rules=folder).summary.notes]
    assert "参数 old_age：地区不明的对象 在 2024-12-31 没有值，那里未执行规则 PW-3。" in told
