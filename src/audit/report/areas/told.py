"""Says in words what a finding rests on: the facts of the registry beside the standards they are held against."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from audit.language import Language, section, text
from audit.report.masking import harmless
from audit.rulebook import Parameter, Rule
from audit.rulebook.expression import BUILT_IN
from audit.subjects import Fact, Kind

#: Longer values are cut: a page is read by people.
_LONGEST = 160
#: Amounts, which are written with a comma behind the thousands; years and numbers of things are not.
_AMOUNTS = (Kind.MONEY, Kind.QUOTIENT)


@dataclass(frozen=True, slots=True)
class Shown:
    """A value under its title; ``note`` is the number of the note that says where it comes from, 0 for none."""

    title: str
    value: str
    note: int = 0


@dataclass
class Notes:
    """The notes of one page about where its standards come from: each is told once, whatever the number of findings.

    Attributes:
        told: the notes in the order of their first use; the number of a note is its place, from 1.
    """

    told: dict[str, int] = field(default_factory=dict)

    def number(self, note: str) -> int:
        """The number of a note, a new one if it has not been told."""
        return self.told.setdefault(note, len(self.told) + 1)


@dataclass(frozen=True)
class Teller:
    """Tells the evidence of findings.

    Attributes:
        rules: the rules by id.
        parameters: the parameters by name.
        lang: the language.
    """

    rules: Mapping[str, Rule]
    parameters: Mapping[str, Parameter]
    lang: Language

    def evidence(self, rule: Rule, evidence: str, notes: Notes) -> tuple[tuple[Shown, ...], tuple[Shown, ...]]:
        """The facts, and the standards beside them, of one finding.

        Args:
            rule: the rule that found it.
            evidence: its evidence as it is written, a JSON object.
            notes: the notes of the page.
        """
        values: dict[str, object] = json.loads(evidence, parse_float=str)
        origins = values.pop("parameters", None)
        known = origins if isinstance(origins, dict) else {}
        facts, standards = [], []
        for name, value in values.items():
            fact = rule.subject.facts.get(name)
            if fact:
                facts.append(Shown(fact.title if self.lang == "zh" else fact.title_en, self._fact(fact, value)))
            else:
                note = notes.number(self._origin(name, known[name])) if name in known else 0
                standards.append(Shown(self._parameter_title(name), self._standard(name, value), note))
        return tuple(facts), tuple(standards)

    def _fact(self, fact: Fact, value: object) -> str:
        if value is None:
            return text("engine.unknown", self.lang)
        if isinstance(value, bool):
            return text("engine.yes" if value else "engine.no", self.lang)
        if isinstance(value, list):
            return self._with_unit("–".join(str(one) for one in value), fact.unit)
        written = str(value)
        if written in fact.codes:
            return fact.codes[written][0 if self.lang == "zh" else 1]
        if fact.kind in _AMOUNTS:
            return self._with_unit(amount(written), fact.unit)
        return self._with_unit(shown(written), fact.unit)

    def _standard(self, name: str, value: object) -> str:
        if value is None:
            return text("engine.unknown", self.lang)
        parameter = self.parameters.get(name)
        if parameter is None:
            return shown(str(value))
        unit = parameter.unit if self.lang == "zh" else parameter.unit_en
        if parameter.kind == "share":
            return text("areas.share", self.lang, value=_per_cent(str(value)), unit=shown(unit))
        written = amount(str(value)) if parameter.kind == "money" else shown(str(value))
        return f"{written} {shown(unit)}".strip()

    def _parameter_title(self, name: str) -> str:
        if name in BUILT_IN:
            return text(f"report.{name}", self.lang)
        parameter = self.parameters.get(name)
        return shown(parameter.title if self.lang == "zh" else parameter.title_en) if parameter else name

    def _origin(self, name: str, origin: Mapping[str, str]) -> str:
        return text(
            f"policy.origin_{origin['state']}",
            self.lang,
            title=self._parameter_title(name),
            day=origin["valid_from"],
            area=origin["area"] or text("policy.everywhere", self.lang),
            source=harmless(origin["source"]),
        )

    def _with_unit(self, value: str, unit: str) -> str:
        named = unit if self.lang == "zh" else section("words", "en").get(f"unit_{unit}", "")
        return f"{value} {named}".strip()


def shown(value: object) -> str:
    """A text of a registry as it is shown: nothing hidden in it, and cut where nobody reads on."""
    written = "" if value is None else str(value)
    return harmless(written if len(written) <= _LONGEST else written[: _LONGEST - 1] + "…")


def amount(value: Decimal | int | str | None) -> str:
    """An amount with commas behind the thousands and without zeros behind its last digit; empty for an unknown one."""
    if value is None:
        return ""
    try:
        exact = Decimal(value)
    except InvalidOperation:
        return shown(value)
    if exact == exact.to_integral_value():
        return f"{int(exact):,}"
    return f"{exact:,f}".rstrip("0").rstrip(".")


def _per_cent(value: str) -> str:
    return f"{amount(Decimal(value) * 100)} %"
