"""A folder with as many rules as wanted: copies have their own ids and parameters, so that nothing can be shared."""

from __future__ import annotations

import re
from itertools import zip_longest
from pathlib import Path

import yaml

from audit.subjects import Kind, load_subject
from tests.plain_yaml import plain_yaml

RULES = Path(__file__).parents[2] / "rules"


def write_doubled(folder: Path) -> None:
    """Write all rules and one copy of each."""
    write_rules(folder, 2 * len(_paths()))


def write_rules(folder: Path, number: int) -> None:
    """Write so many rules: first all there are, then copies, each with a condition of its own.

    A copy's amounts and shares are a thousandth higher, so that its SQL differs; whole numbers stay, since one visit
    more would be another rule with many times the findings.
    """
    folder.mkdir(parents=True)
    paths = _paths()
    parameters = yaml.safe_load((RULES / "parameters.yaml").read_text(encoding="utf-8"))
    written = dict(parameters)
    for turn in range(-(-number // len(paths))):
        for path in paths[: number - turn * len(paths)]:
            text = path.read_text(encoding="utf-8")
            if turn == 0:
                (folder / path.name).write_text(text, encoding="utf-8")
                continue
            own = {name for name in parameters if f"${name}" in text or f"{{{name}}}" in text}
            written.update({f"{name}_copy{turn}": _raised(parameters[name], turn) for name in own})
            copy = _copied(yaml.safe_load(text), own, turn)
            (folder / f"{path.stem}-copy{turn}.yaml").write_text(plain_yaml(copy), encoding="utf-8")
    (folder / "parameters.yaml").write_text(plain_yaml(written), encoding="utf-8")


def _paths() -> list[Path]:
    """The rule files, one of each folder in turn, so that the first few are a cross-section."""
    folders: dict[Path, list[Path]] = {}
    for path in sorted(RULES.glob("*/*.yaml")):
        folders.setdefault(path.parent, []).append(path)
    return [path for ranked in zip_longest(*folders.values()) for path in ranked if path]


def _copied(rule: dict[str, object], own: set[str], turn: int) -> dict[str, object]:
    copy = {key: _renamed(value, own, turn) for key, value in rule.items()}
    copy.update(id=f"{'X' * turn}{rule['id']}", name=f"{rule['name']}_copy{turn}")
    copy["flag"] = f"({copy['flag']})" + f" and {_guard(str(rule['subject']))}" * turn
    return copy


def _guard(subject: str) -> str:
    """A condition that no other rule has and that changes nothing: the copy is a rule of its own to the engine."""
    facts = load_subject(subject).facts.values()
    fact = min(facts, key=lambda fact: (fact.kind is not Kind.BOOL, fact.kind is Kind.RANGE, fact.name))
    return f"({fact.name} is null or {fact.name} is not null)"


def _renamed(value: object, names: set[str], turn: int) -> object:
    if isinstance(value, str):
        for name in names:
            value = re.sub(rf"(\$|\{{){name}\b", rf"\g<1>{name}_copy{turn}", value)
        return value
    if isinstance(value, list):
        return [_renamed(item, names, turn) for item in value]
    return value


def _raised(parameter: dict[str, object], turn: int) -> dict[str, object]:
    listed = parameter["values"]
    assert isinstance(listed, list)
    values = [dict(one) for one in listed]
    for one in values:
        if parameter["type"] in {"money", "share"}:
            one["value"] = round(float(one["value"]) * (1 + 0.001 * turn), 6)
    return {**parameter, "values": values}
