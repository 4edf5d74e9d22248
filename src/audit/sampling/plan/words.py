"""A plan in words: what the sample will show, what it won't, and how its size comes about."""

from __future__ import annotations

from decimal import ROUND_UP, Decimal

from audit.language import Language, text
from audit.sampling.chance import Rate
from audit.sampling.plan.plan import Plan

#: Percentages are shown to so many places.
_STEP = Decimal("0.0001")


def plan_paragraph(plan: Plan, lang: Language) -> str:
    """One paragraph for people who don't know statistics: what is done, what it shows, what it doesn't."""
    values: dict[str, object] = {
        "population": f"{plan.population:,}",
        "n": f"{plan.n:,}",
        "k": plan.k,
        "confidence": plan.confidence.percent(),
    }
    if plan.aim == "margin":
        margin = plan.margin.percent() if plan.margin else ""
        told = text("plan.margin", lang, **values, margin=margin, share=_rate(plan.expected))
        return f"{told}{text('plan.limits_of_any', lang)}"
    values |= {
        "count": f"{plan.tolerable_count:,}",
        "tolerable": _rate(plan.tolerable),
        "tail": _risk(plan.tail),
        "achieved": _confidence(plan.tail),
    }
    if plan.aim == "two_stage":
        told = text(
            "plan.two_stage", lang, **values, n_second=f"{plan.n2:,}", both=plan.k2, first=plan.k + 1,
            most=f"{plan.visits:,}", average=plan.average, expected=_rate(plan.expected or Rate("0")),
        )  # fmt: skip
    elif plan.hand_picked:
        told = text("plan.hand_picked" if plan.reached else "plan.hand_picked_short", lang, **values)
    else:
        told = text(f"plan.{plan.aim}", lang, **values)
    return f"{told}{text('plan.limits_of_claim', lang, **values)}{text('plan.limits_of_any', lang)}"


def plan_lines(plan: Plan, lang: Language) -> tuple[tuple[str, str], ...]:
    """The numbers of a plan, each with its name, for whoever checks them."""
    lines: list[tuple[str, object]] = [
        ("visits", f"{plan.n:,}" + (f" + {plan.n2:,}" if plan.n2 else "")),
        ("borne", None if plan.aim == "margin" else f"{plan.k}" + (f" / {plan.k2}" if plan.n2 else "")),
        ("tolerable", plan.tolerable and f"{plan.tolerable.text} × {plan.population:,} → {plan.tolerable_count:,}"),
        ("law", None if plan.aim == "margin" else text(f"plan.{plan.distribution}", lang)),
        ("tail_at_n", plan.tail),
        ("tail_before", plan.tail_before),
        ("achieved", None if plan.tail is None else _confidence(plan.tail)),
        ("average", plan.average),
        ("formula", plan.formula),
    ]
    return tuple((text(f"plan.{name}_is", lang), str(value)) for name, value in lines if value is not None)


def _rate(rate: Rate | None) -> str:
    return rate.percent() if rate else "–"


def _risk(tail: Decimal | None) -> str:
    """A risk in percent, rounded up and never to 0."""
    if tail is None:
        return "–"
    return f"{_plain((tail * 100).quantize(_STEP, ROUND_UP))}%"


def _confidence(tail: Decimal | None) -> str:
    """The confidence that leaves a risk, in percent, rounded down and never to 100."""
    if tail is None:
        return "–"
    return f"{_plain(100 - (tail * 100).quantize(_STEP, ROUND_UP))}%"


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
