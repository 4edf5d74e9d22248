"""The context of the page of estimates: frozen values, harmless already, that the template only lays out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from audit.language import Language, section, text
from audit.report.charts import Chart
from audit.report.interval_chart import Interval, interval_chart
from audit.report.layout import Frame, Head, environment, write_page
from audit.report.masking import harmless
from audit.sampling.estimate.conclusion import Conclusion
from audit.sampling.estimate.decision import Decision
from audit.sampling.estimate.estimate import TOGETHER, DomainKind, Estimate, Measure
from audit.sampling.estimate.figures import DASH, limits_written, point_written, share
from audit.sampling.estimate.page_samples import SamplePart, sample_part
from audit.sampling.estimate.places import domain_name
from audit.sampling.estimate.share import Method

PAGE = "estimates.html"
#: Numbers at the head of the page, in their order.
_HEADLINES = (
    Measure.PRECISION,
    Measure.HOUSEHOLD_PRECISION,
    Measure.MISS_RATE,
    Measure.MISSED_HOUSEHOLDS,
    Measure.RECALL,
)


@dataclass(frozen=True, slots=True)
class Tile:
    """One number with its limits."""

    title: str
    count: str
    share: str


@dataclass(frozen=True, slots=True)
class Line:
    """One estimate in a table."""

    domain: str
    title: str
    point: str
    limits: str
    whatever: str
    judged: str
    visited: str
    unresolved: str
    expected: str
    method: str
    effect: str
    note: str


@dataclass(frozen=True, slots=True)
class Table:
    """Estimates of one kind."""

    name: str
    heading: str
    domain: str
    lines: tuple[Line, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class DecisionPart:
    """A claim with its answer."""

    claim: str
    verdict: str
    style: str
    numbers: str


@dataclass(frozen=True, slots=True)
class MethodLine:
    """A formula that was used."""

    code: str
    words: str
    formula: str


def write_estimates_page(
    folder: Path,
    conclusion: Conclusion,
    *,
    estimate_id: str,
    as_of: date,
    titles: Mapping[str, str],
    lang: Language = "zh",
) -> Path:
    """Write ``estimates.html``: it opens from its folder, without a network.

    Args:
        folder: the folder of the estimate.
        conclusion: what the samples say.
        estimate_id: the name of the estimate.
        as_of: the day of the audit.
        titles: of the rules, by id, in the page's language.
        lang: language of the page.
    """
    t = section("estimate", lang)
    run_id = conclusion.samples[0].taken.run_id
    templates = environment("audit.sampling.estimate")
    head = Head(PAGE, t["title"], subtitle=_subtitle(conclusion, estimate_id, lang))
    tables = tuple(_tables(conclusion, titles, lang))
    parts: tuple[SamplePart, ...] = tuple(sample_part(one, titles, lang) for one in conclusion.samples)
    return write_page(
        folder,
        templates,
        "estimates.html.j2",
        Frame(run_id, as_of, lang),
        head,
        t=t,
        confidence=conclusion.confidence.percent(),
        tiles=tuple(_tiles(conclusion, lang)),
        decisions=tuple(decision_parts(conclusion, lang)),
        chart=_chart(conclusion.estimates, titles, lang),
        tables=tables,
        samples=parts,
        methods=tuple(_methods(conclusion.estimates, lang)),
        revise_below=conclusion.revise_below.percent(),
    )


def _subtitle(conclusion: Conclusion, estimate_id: str, lang: Language) -> str:
    samples = " + ".join(one.taken.sample_id for one in conclusion.samples)
    return harmless(text("estimate.subtitle", lang, estimate=estimate_id, samples=samples))


def _tiles(conclusion: Conclusion, lang: Language) -> Iterable[Tile]:
    for measure in _HEADLINES:
        for one in conclusion.estimates:
            if one.measure is measure and one.kind is DomainKind.ALL:
                limits = text("estimate.between", lang, limits=limits_written(one, whatever=True))
                yield Tile(text(f"estimate.{measure}", lang), point_written(one), limits)


def decision_parts(conclusion: Conclusion, lang: Language) -> Iterable[DecisionPart]:
    """The claims with their answers: those that samples were drawn for, then those put by hand."""
    for one in conclusion.samples:
        asked = one.taken.asked
        if one.decision and asked:
            name = f"estimate.claim_{asked.aim}_{'flagged' if one.taken.population.rules else 'unflagged'}"
            value = (asked.tolerable or asked.margin or conclusion.confidence).percent()
            claim = text(name, lang, value=value, confidence=asked.confidence.percent())
            yield _decision(claim, one.decision, lang)
    for put, decision in conclusion.claims:
        claim = text(
            "estimate.claim_at_least" if put.at_least else "estimate.claim_at_most",
            lang,
            measure=text(f"estimate.{put.measure}", lang),
            value=put.value.percent(),
            confidence=conclusion.confidence.percent(),
        )
        yield _decision(claim, decision, lang)


def _decision(claim: str, decision: Decision, lang: Language) -> DecisionPart:
    style = {"supported": "", "not_supported": "stop", "inconclusive": "warn"}[decision.verdict]
    words = text(f"estimate.verdict_{decision.verdict}", lang)
    if decision.verdict == "inconclusive":
        words = f"{words} {_what_next(decision, lang)}"
    numbers = ", ".join(f"{name} = {value:.6g}" for name, value in decision.numbers)
    return DecisionPart(claim, words, style, numbers)


def _what_next(decision: Decision, lang: Language) -> str:
    """What may settle a claim that is open: the unresolved first, then further visits, as far as any would help."""
    numbers = dict(decision.numbers)
    if not numbers or numbers.get("k", 0) > numbers.get("k_best", 0):
        return text("estimate.settle_first", lang)
    if decision.further is None:
        return text("estimate.no_further", lang)
    return text("estimate.further", lang, n=f"{decision.further:,}")


def _chart(estimates: Sequence[Estimate], titles: Mapping[str, str], lang: Language) -> Chart | None:
    """Precision per rule with limits, the least sure rules last; small rules are drawn together."""
    drawn = []
    for one in estimates:
        if one.measure is not Measure.PRECISION or one.kind not in {DomainKind.RULE, DomainKind.RULES}:
            continue
        seen, lowest, highest = one.seen, one.lower_worst, one.upper_best
        if seen is None or lowest is None or highest is None or (one.small and one.kind is DomainKind.RULE):
            continue
        label = f"{one.domain} {titles.get(one.domain, '')}".strip()
        if one.kind is DomainKind.RULES:
            label = text("estimate.together", lang, count=one.domain.count(TOGETHER) + 1)
        behind = f"{share(seen.point)}  {seen.found}/{seen.things}"
        drawn.append(Interval(_short(label), seen.point, seen.limits.lower, seen.limits.upper, lowest, highest, behind))
    if not drawn:
        return None
    drawn.sort(key=lambda one: (-one.lower, one.label))
    told = text("estimate.chart_told", lang, count=len(drawn), best=drawn[0].label, worst=drawn[-1].label)
    return interval_chart(drawn, text("estimate.precision_axis", lang), told)


def _short(label: str) -> str:
    """A label that fits beside the chart: a Chinese character takes the room of two letters."""
    room, kept = 42, ""
    for character in label:
        room -= 1 if character.isascii() else 2
        if room < 0:
            return f"{kept}…"
        kept += character
    return kept


def _tables(conclusion: Conclusion, titles: Mapping[str, str], lang: Language) -> Iterable[Table]:
    expected = {
        (one.kind, one.domain): one for one in conclusion.estimates if one.measure is Measure.CONFIRMED_FINDINGS
    }
    whole = [
        one
        for one in conclusion.estimates
        if one.kind is DomainKind.ALL and one.measure is not Measure.CONFIRMED_FINDINGS
    ]
    yield Table(
        "whole",
        text("estimate.whole", lang),
        text("estimate.measure", lang),
        tuple(_line(one, text(f"estimate.{one.measure}", lang), "", expected, lang) for one in whole),
    )
    groups = (
        ("severities", Measure.PRECISION, (DomainKind.SEVERITY,)),
        ("rules", Measure.PRECISION, (DomainKind.RULE, DomainKind.RULES)),
        ("townships", Measure.PRECISION, (DomainKind.TOWNSHIP, DomainKind.TOWNSHIPS)),
        ("households", Measure.HOUSEHOLD_PRECISION, (DomainKind.TOWNSHIP, DomainKind.TOWNSHIPS)),
        ("missed", Measure.MISS_RATE, (DomainKind.TOWNSHIP, DomainKind.TOWNSHIPS)),
    )
    for name, measure, kinds in groups:
        found = [one for one in conclusion.estimates if one.measure is measure and one.kind in kinds]
        merged = {part for one in found if one.kind is kinds[-1] for part in one.domain.split(TOGETHER)}
        shown = [one for one in found if not (one.small and one.kind is kinds[0] and one.domain in merged)]
        if len(kinds) == 1:
            shown = found
        lines = tuple(_line(one, *_named(one, titles, conclusion.places, lang), expected, lang) for one in shown)
        if lines:
            unseen = [
                _named(one, titles, conclusion.places, lang)[0]
                for one in found
                if one.seen is None and one.kind is kinds[0]
            ]
            note = text("estimate.not_seen", lang, names=", ".join(unseen)) if unseen else ""
            yield Table(name, text(f"estimate.{name}", lang), text(f"estimate.{name}_domain", lang), lines, note)


def _named(one: Estimate, titles: Mapping[str, str], places: Mapping[str, str], lang: Language) -> tuple[str, str]:
    if one.kind is DomainKind.SEVERITY:
        return text(f"report.{one.domain}", lang), ""
    name = domain_name(one.kind, one.domain, places)
    title = titles.get(one.domain, one.domain if name != one.domain else "")
    return harmless(name), harmless(title)


def _line(
    one: Estimate,
    domain: str,
    title: str,
    expected: Mapping[tuple[DomainKind, str], Estimate],
    lang: Language,
) -> Line:
    seen = one.seen
    total = expected.get((one.kind, one.domain)) if one.measure is Measure.PRECISION else None
    notes = []
    if one.kind in {DomainKind.RULES, DomainKind.TOWNSHIPS}:
        notes.append(text("estimate.small_together", lang))
    elif one.small:
        notes.append(text("estimate.small", lang))
    if seen is not None and seen.merged:
        count = sum(map(len, seen.merged))
        notes.append(text("estimate.merged", lang, count=count, cells=len(seen.merged)))
    return Line(
        domain,
        title,
        point_written(one),
        limits_written(one),
        limits_written(one, whatever=True),
        f"{seen.found:,} / {seen.things:,}" if seen else DASH,
        f"{seen.units:,} / {one.units_population:,}" if seen else f"0 / {one.units_population:,}",
        f"{one.unresolved:,}",
        f"{point_written(total)} ({limits_written(total)})" if total else "",
        seen.method.value if seen else DASH,
        f"{seen.effect:.2f}" if seen and seen.effect is not None else DASH,
        " ".join(notes),
    )


def _methods(estimates: Sequence[Estimate], lang: Language) -> Iterable[MethodLine]:
    used = {reading.method for one in estimates for reading in one.readings.values()}
    for method in Method:
        if method in used:
            name = method.name.lower()
            yield MethodLine(
                method.value, text(f"estimate.method_{name}", lang), text(f"estimate.formula_{name}", lang)
            )
