"""The pairs of rules that fire together, as the overview shows them."""

from __future__ import annotations

from dataclasses import dataclass

from audit.findings.summary import RunSummary
from audit.language import Language
from audit.model.shares import percent
from audit.report.links import rule_page
from audit.report.masking import harmless
from audit.report.titles import rule_title


@dataclass(frozen=True, slots=True)
class TogetherRow:
    """Two rules that flag the same households, each with its own number of households as denominator."""

    rule_id: str
    title: str
    page: str
    other_rule_id: str
    other_title: str
    other_page: str
    households: str
    of_rule: str
    of_other: str


def together_rows(summary: RunSummary, lang: Language) -> tuple[TogetherRow, ...]:
    """The pairs with the most households in common."""
    rules = [line.status.rule for line in summary.rules]
    titles = {rule.id: harmless(rule_title(rule, lang)) for rule in rules}
    return tuple(
        TogetherRow(
            rule_id=pair.rule_id,
            title=titles[pair.rule_id],
            page=rule_page(pair.rule_id),
            other_rule_id=pair.other_rule_id,
            other_title=titles[pair.other_rule_id],
            other_page=rule_page(pair.other_rule_id),
            households=f"{pair.households:,}",
            of_rule=_share(pair.households, pair.households_rule),
            of_other=_share(pair.households, pair.households_other),
        )
        for pair in summary.together
    )


def _share(part: int, whole: int) -> str:
    return f"{part:,} / {whole:,} ({percent(part, whole)})"
