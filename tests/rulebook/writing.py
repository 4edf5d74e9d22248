"""Rules written for a test: a small complete rule in which one key after another is changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.plain_yaml import plain_yaml

PARAMETERS: dict[str, dict[str, object]] = {
    "line": {"title": "线", "title_en": "Line", "type": "money", "values": [{"value": 4000, "from": "2020-01-01", "source": "测试"}]},
    "days": {"title": "天数", "title_en": "Days", "type": "int", "values": [{"value": 30, "from": "2020-01-01", "source": "测试"}]},
    "reply_days": {"title": "答复天数", "title_en": "Days", "type": "int", "values": [{"value": 60, "from": "2020-01-01", "source": "测试"}]},
    "discipline_months": {"title": "影响期", "title_en": "Months", "type": "int", "values": [{"value": 12, "from": "2020-01-01", "source": "测试"}]},
    "share": {"title": "比例", "title_en": "Share", "type": "share", "values": [{"value": 0.5, "from": "2020-01-01", "source": "测试"}]},
}  # fmt: skip
RULE: dict[str, object] = {
    "id": "T-1",
    "name": "test.one",
    "title": "题",
    "title_en": "Title",
    "section": "测试",
    "subject": "household",
    "severity": "low",
    "population": "lifted",
    "flag": "pc < $line",
    "evidence": ["pc"],
    "message": "{pc}",
    "message_en": "{pc}",
    "remedy": "核实",
    "remedy_en": "Verify",
}


def case(outcome: str, **given: object) -> dict[str, object]:
    """One case; ``p__x`` gives the parameter ``$x``."""
    facts = {name.replace("p__", "$"): value for name, value in given.items()}
    return {"about": outcome, "about_en": outcome, "given": facts, "outcome": outcome}


CASES = [
    case("flagged", lifted=True, pc=3999),
    case("clear", lifted=True, pc=4000),
    case("undecided", lifted=True),
    case("not_applicable", lifted=False),
]


def write_rulebook(
    folder: Path,
    *rules: Mapping[str, object],
    parameters: tuple[str, ...] = ("line",),
) -> Path:
    """Write a folder of rules: the small rule once for each mapping, with the keys of the mapping changed."""
    folder.mkdir(exist_ok=True)
    declared = {name: PARAMETERS[name] for name in parameters}
    text = plain_yaml(declared).replace("'2020-01-01'", "2020-01-01")
    (folder / "parameters.yaml").write_text(text, encoding="utf-8")
    for number, changed in enumerate(rules or [{}], start=1):
        rule = {**RULE, "id": f"T-{number}", "name": f"test.number_{number}", "cases": CASES, **changed}
        text = plain_yaml(rule)
        (folder / f"T-{number}.yaml").write_text(text, encoding="utf-8")
    return folder
