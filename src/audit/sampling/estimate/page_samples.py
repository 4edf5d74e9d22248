"""What the page says of one sample: its strata and weights, its inspectors, what to revise and what was missed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from audit.language import Language, text
from audit.report.masking import harmless
from audit.sampling.estimate.agreement import Coefficient
from audit.sampling.estimate.compare import ItemAgreement
from audit.sampling.estimate.conclusion import SampleConclusion, StratumLine
from audit.sampling.estimate.figures import DASH, share
from audit.sampling.estimate.inspectors import InspectorLine
from audit.sampling.estimate.places import stratum_name

#: So many households are named with a rule to revise or a kind of miss; the record has all of them.
NAMED = 40


@dataclass(frozen=True, slots=True)
class Households:
    """A rule or question with the households that speak against it."""

    code: str
    title: str
    figures: str
    households: str


@dataclass(frozen=True, slots=True)
class SamplePart:
    """One sample on the page; every row is a tuple of cells in the order of the table's columns."""

    sample_id: str
    population: str
    not_covered: str
    first_phase: str
    strata: tuple[tuple[str, ...], ...]
    agreement: tuple[tuple[str, ...], ...]
    disagreements: tuple[tuple[str, str, str], ...]
    inspectors: tuple[tuple[str, ...], ...]
    revisions: tuple[Households, ...]
    misses: tuple[Households, ...]


def sample_part(one: SampleConclusion, titles: Mapping[str, str], lang: Language) -> SamplePart:
    """What the page says of one sample."""

    def title(code: str) -> str:
        return harmless(titles.get(code, ""))

    taken = one.taken
    whole = next((line for line in one.agreement if not line.item), None)
    return SamplePart(
        harmless(taken.sample_id),
        text(f"estimate.population_{taken.population_name}", lang),
        harmless(", ".join(stratum_name(name, taken.places) for name in taken.uncovered)),
        _first_phase(one, lang),
        tuple(_stratum(line, taken.places) for line in one.strata),
        tuple(_agreement(line, titles, lang) for line in one.agreement),
        tuple(
            (text(f"estimate.said_{first}", lang), text(f"estimate.said_{second}", lang), f"{count:,}")
            for (first, second), count in (whole.agreement.table.items() if whole else ())
        ),
        tuple(_inspector(line, lang) for line in one.inspectors),
        tuple(
            Households(
                line.rule_id,
                title(line.rule_id),
                text("estimate.revision", lang, point=share(line.point), upper=share(line.upper)),
                _named(line.households, lang),
            )
            for line in one.revisions
        ),
        tuple(
            Households(
                line.item_code,
                title(line.item_code),
                text("estimate.miss", lang, count=len(line.households), expanded=f"{line.expanded:,.0f}"),
                _named(line.households, lang),
            )
            for line in one.misses
        ),
    )


def _first_phase(one: SampleConclusion, lang: Language) -> str:
    whole = one.taken.population.whole
    if whole is None:
        return ""
    told = {"sample": harmless(one.taken.first_phase), "population": f"{int(whole.sizes.sum()):,}"}
    return text("estimate.first_phase", lang, **told)


def _named(households: tuple[str, ...], lang: Language) -> str:
    shown = harmless(", ".join(households[:NAMED]))
    left = len(households) - NAMED
    return text("estimate.and_more", lang, shown=shown, left=left) if left > 0 else shown


def _stratum(line: StratumLine, places: Mapping[str, str]) -> tuple[str, ...]:
    return (
        harmless(stratum_name(line.name, places)),
        f"{line.size:,}",
        f"{line.released:,}",
        f"{line.resolved:,}",
        f"{line.out_of_scope:,}",
        f"{line.unresolved:,}",
        DASH if line.weight is None else f"{line.weight:.3f}",
    )


def _agreement(line: ItemAgreement, titles: Mapping[str, str], lang: Language) -> tuple[str, ...]:
    name = f"{line.item} {titles.get(line.item, '')}".strip() if line.item else text("estimate.all_items", lang)
    if line.changing:
        name = text("estimate.changing", lang, item=name)
    found = line.agreement
    return (
        harmless(name),
        f"{found.rated:,} / {found.households:,}",
        *(_coefficient(one) for one in (found.raw, found.kappa, found.alpha, found.ac1)),
    )


def _coefficient(one: Coefficient) -> str:
    if one.point is None:
        return DASH
    limits = f" ({one.limits.lower:.2f} – {one.limits.upper:.2f})" if one.limits else ""
    return f"{one.point:.2f}{limits}"


def _inspector(line: InspectorLine, lang: Language) -> tuple[str, ...]:
    marks = []
    if line.often_replaced:
        marks.append(text("estimate.often_replaced", lang))
    if line.busy_days:
        marks.append(text("estimate.busy", lang, days=", ".join(day.isoformat() for day in line.busy_days)))
    if line.photos_repeated:
        marks.append(text("estimate.photos_repeated", lang, count=line.photos_repeated))
    return (
        harmless(line.inspector),
        f"{line.visits:,}",
        f"{line.replaced:,} ({share(line.replaced / line.visits)})",
        f"{line.busiest:,}",
        f"{line.compared:,}",
        f"{line.severe:,}",
        f"{line.lenient:,}",
        " ".join(marks) or DASH,
    )
