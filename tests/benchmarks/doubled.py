"""A folder with every rule twice: the copies have their own ids and parameters, so that nothing can be shared."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from audit.subjects import Kind, load_subject
from tests.plain_yaml import plain_yaml

RULES = Path(__file__).parents[2] / "rules"


def write_doubled(folder: Path) -> None:
    """Write all rules and their copies, each with a condition of its own.

    A copy's amounts and shares are a thousandth higher, so that its SQL differs; whole numbers stay, since one visit
    more would be another rule with many times the findings.
    """
    folder.mkdir(parents=True)
    parameters = yaml.safe_load((RULES / "parameters.yaml").read_text(encoding="utf-8"))
    copies = {f"{name}_copy": _raised(one) for name, one in parameters.items()}
    (folder / "parameters.yaml").write_text(plain_yaml({**parameters, **copies}), encoding="utf-8")
    for path in sorted(RULES.glob("*/*.yaml")):
        text = path.read_text(encoding="utf-8")
        (folder / path.name).write_text(text, encoding="utf-8")
        rule = yaml.safe_load(text)
        own = {name for name in parameters if f"${name}" in text or f"{{{name}}}" in text}
        renamed = {key: _renamed(value, own) for key, value in rule.items()}
        renamed.update(id=f"X{rule['id']}", name=f"{rule['name']}_copy")
        renamed["flag"] = f"({renamed['flag']}) and {_guard(str(rule['subject']))}"
        (folder / f"{path.stem}-copy.yaml").write_text(plain_yaml(renamed), encoding="utf-8")


def _guard(subject: str) -> str:
    """A condition that no other rule has and that changes nothing: the copy is a rule of its own to the engine."""
    facts = load_subject(subject).facts.values()
    fact = min(facts, key=lambda fact: (fact.kind is not Kind.BOOL, fact.kind is Kind.RANGE, fact.name))
    return f"({fact.name} is null or {fact.name} is not null)"


def _renamed(value: object, names: set[str]) -> object:
    if isinstance(value, str):
        for name in names:
            value = re.sub(rf"(\$|\{{){name}\b", rf"\g<1>{name}_copy", value)
        return value
    if isinstance(value, list):
        return [_renamed(item, names) for item in value]
    return value


def _raised(parameter: dict[str, object]) -> dict[str, object]:
    values = [dict(one) for one in parameter["values"]]  # type: ignore[attr-defined]
    for one in values:
        if parameter["type"] in {"money", "share"}:
            one["value"] = round(float(one["value"]) * 1.001, 6)
    return {**parameter, "values": values}
