"""A registry of seven households and policies of two rules, small enough to be worked out by hand."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from tests.conftest import ROOT

NORTH, SOUTH = "139901101001", "139901102001"
LIFTED = {"phone": "", "household_type": "lifted", "lifted_year": "2018", "monitor_category": "", "risk_cleared": ""}
#: Income per head: H1 3000, H2 4000, H3 4499.99, H4 4500, H5 4200 and monitored, H6 3000 but not lifted, H7 unknown.
HOUSEHOLDS: list[Mapping[str, object]] = [
    {"household_id": "H1", "area_code": NORTH, "head_name": "王小明", **LIFTED},
    {"household_id": "H2", "area_code": NORTH, "head_name": "李小红", **LIFTED},
    {"household_id": "H3", "area_code": SOUTH, "head_name": "张三", **LIFTED},
    {"household_id": "H4", "area_code": SOUTH, "head_name": "赵四", **LIFTED},
    {"household_id": "H5", "area_code": SOUTH, "head_name": "钱五", **LIFTED, "monitor_category": "unstable"},
    {"household_id": "H6", "area_code": SOUTH, "head_name": "孙六", **LIFTED, "household_type": "general"},
    {"household_id": "H7", "area_code": SOUTH, "head_name": "周七", **LIFTED},
]
INCOMES: list[Mapping[str, object]] = [
    {"household_id": name, "year": "2024", "population": "2", "net_income": net}
    for name, net in (
        ("H1", "6000"), ("H2", "8000"), ("H3", "8999.98"), ("H4", "9000"), ("H5", "8400"), ("H6", "6000"), ("H7", "")
    )
]  # fmt: skip
RULES = ("income/INC-3.yaml", "income/INC-4.yaml")


def write_policy(
    folder: Path, rules: tuple[str, ...] = RULES, edits: Mapping[str, tuple[str, str]] | None = None
) -> Path:
    """Write a policy of some rules that come with the audit; of each edited file the text and what replaces it."""
    for name in ("parameters.yaml", *rules):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "rules" / name, folder / name)
    for name, (old, new) in (edits or {}).items():
        written = (folder / name).read_text(encoding="utf-8")
        assert written.count(old) == 1, (name, old)
        (folder / name).write_text(written.replace(old, new), encoding="utf-8")
    return folder
