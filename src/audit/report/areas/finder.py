"""The index in a township's page by which its script finds households: small enough for thousands of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from audit.history.presence import PRESENCES
from audit.language import Language
from audit.report.areas.card import Card
from audit.rulebook import Rule

#: Longer numbers and names are cut in the index; their cards have all of them.
_LONGEST = 40
#: So many findings of an entry stand in the index; its card has all of them.
_FINDINGS = 40

#: One entry: number, head, village's place in the list, page, findings, and its anchor where that is not its number.
_Row = list[object]


class Index:
    """Grows page by page; ``written`` gives it as it stands in the page.

    The JSON has ``rules`` (id, title, severity), ``villages`` (code, title) and ``rows``; a finding is the place of its
    rule times eight, plus the place of its presence, plus four if it is set apart.
    """

    def __init__(self, rules: Mapping[str, Rule], lang: Language) -> None:
        self._rules = rules
        self._lang = lang
        self._used: dict[str, int] = {}
        self._villages: list[tuple[str, str]] = []
        self._rows: list[_Row] = []

    def add(self, code: str, title: str, cards: Sequence[Card]) -> None:
        """Add the entries of a village page."""
        if not self._villages or self._villages[-1][0] != code:
            self._villages.append((code, title))
        place = len(self._villages) - 1
        for card in cards:
            shown = f"{card.kind} {card.id}".strip()
            row: _Row = [_cut(shown), _cut(card.head), place, card.page, self._findings(card)]
            if card.anchor != f"household-{row[0]}":
                row.append(card.anchor)
            self._rows.append(row)

    def written(self) -> str:
        """The index as JSON that can stand inside a script element; empty without an entry."""
        if not self._rows:
            return ""
        rules = [(one, self._title(one), self._rules[one].severity) for one in self._used]
        # The order of the households over all villages: the most severe findings first, then the most findings.
        self._rows.sort(key=lambda row: _weight(row[4], rules), reverse=True)
        whole = {"rules": rules, "villages": self._villages, "rows": self._rows}
        written = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
        return written.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")

    def _findings(self, card: Card) -> list[int]:
        return [
            self._used.setdefault(line.rule_id, len(self._used)) * 8
            + PRESENCES.index(line.presence)
            + (4 if line.severity == "advisory" else 0)
            for line in (*card.findings, *card.hints)[:_FINDINGS]
        ]

    def _title(self, rule_id: str) -> str:
        rule = self._rules[rule_id]
        return rule.title if self._lang == "zh" else rule.title_en


def _weight(findings: object, rules: Sequence[tuple[str, str, str]]) -> tuple[int, int]:
    counted = [one for one in findings if not one & 4] if isinstance(findings, list) else []
    return sum(1 for one in counted if rules[one // 8][2] == "high"), len(counted)


def _cut(value: str) -> str:
    return value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"
