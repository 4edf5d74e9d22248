"""Says in a sentence what was measured, what was expected, and why something was not held."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from audit.contract import TABLES, Field, Type
from audit.gate.expectation import Expectation, Form
from audit.gate.measures import Observation
from audit.gate.profile import Key
from audit.language import Language, text
from audit.model.shares import percent

#: Digits after the point of a quotient that is written down; it was compared before, in full.
PLACES = 10


def sentence(expectation: Expectation, seen: Observation, fault: str, area_name: str, lang: Language) -> str:
    """What came of holding one value.

    Args:
        expectation: what was expected.
        seen: what was found.
        fault: why the value is not as expected; empty if it is, or if it was not held.
        area_name: the name of the township, if there is one.
        lang: the language.
    """
    form = expectation.metric.form
    words = {
        "place": place(seen.about, area_name, lang),
        "metric": text(f"gate.metric_{expectation.metric.value}", lang),
        "expected": expected(form, seen.lowest, seen.highest, lang),
        "base": _base(expectation, seen, lang),
    }
    if seen.not_held:
        why = text(f"gate.{seen.not_held}", lang, least=expectation.at_least)
        return text("gate.sentence_not_held", lang, place=words["place"], metric=words["metric"], why=why)
    if fault == "unknown" or seen.observed is None:
        return text("gate.sentence_unknown", lang, **words)
    field = TABLES[seen.about.table].by_name.get(seen.about.column or "")
    named = ", ".join(_code(field, code, lang) for code in seen.codes) if field else ""
    codes = text("gate.codes", lang, codes=named) if named else ""
    return text("gate.sentence_held", lang, observed=written(form, seen.observed, lang) + codes, **words)


def _base(expectation: Expectation, seen: Observation, lang: Language) -> str:
    if expectation.metric.compares or (expectation.metric.form == "presence" and seen.compared):
        return text("gate.base_runs", lang, runs=len(seen.compared), last=seen.compared[0]) if seen.compared else ""
    if seen.reference is not None and expectation.bounds.relative:
        reference = written(expectation.metric.form, seen.reference, lang)
        return text("gate.base_median", lang, runs=len(seen.compared), reference=reference)
    return text("gate.base_none", lang) if expectation.bounds.relative else ""


def place(about: Key, area_name: str, lang: Language) -> str:
    """Which table, column, code and township a value is about."""
    table = TABLES[about.table]
    parts = [table.title if lang == "zh" else table.title_en]
    if about.column:
        field = table.by_name[about.column]
        parts.append(field.title if lang == "zh" else field.title_en)
        if about.code:
            parts.append(_code(field, about.code, lang))
    if about.area_code:
        parts.append(f"{area_name} {about.area_code}".strip())
    return " · ".join(parts)


def _code(field: Field, code: str, lang: Language) -> str:
    if field.type is Type.BOOL:
        return text("words.yes" if code == "true" else "words.no", lang)
    return field.codes[code][0] if lang == "zh" else code


def expected(form: Form, lowest: Fraction | None, highest: Fraction | None, lang: Language) -> str:
    """The bounds in words; empty if there are none."""
    if form == "presence":
        return text("gate.there", lang)
    low = None if lowest is None else written(form, lowest, lang)
    high = None if highest is None else written(form, highest, lang)
    if low and high:
        return text("gate.between", lang, lowest=low, highest=high)
    if low:
        return text("gate.low_bound", lang, lowest=low)
    return text("gate.high_bound", lang, highest=high) if high else ""


def written(form: Form, value: Fraction, lang: Language) -> str:
    """A value as people read it: 12,345, 3.20 %, 62 days."""
    if form == "presence":
        return text("gate.there" if value > 0 else "gate.not_there", lang)
    if form == "share":
        return percent(value.numerator, value.denominator)
    places = 2 if form == "money" or value.denominator != 1 else 0
    number = f"{_rounded(value, places):,f}"
    return text("gate.days", lang, days=number) if form == "days" else number


def plain(value: Fraction | None) -> str:
    """A value as programs read it: a decimal number; empty if it is unknown."""
    if value is None:
        return ""
    number = f"{_rounded(value, PLACES):f}"
    return number.rstrip("0").rstrip(".")


def _rounded(value: Fraction, places: int) -> Decimal:
    with localcontext(prec=80):
        quotient = Decimal(value.numerator) / Decimal(value.denominator)
        return quotient.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
