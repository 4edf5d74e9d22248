"""Says beside a rule how often inspectors found it right."""

from __future__ import annotations

from audit.language import Language, text
from audit.measured import MeasuredPrecision
from audit.model.shares import estimated_share, share_limits


def measured_words(measured: MeasuredPrecision | None, lang: Language) -> str:
    """The measured precision of a rule in one sentence, with its limits; empty if nobody has measured it.

    Args:
        measured: as ``audit.measured.read_measured`` gives it for the rule.
        lang: the language.
    """
    if measured is None:
        return ""
    return text(
        "estimate.measured",
        lang,
        point=estimated_share(measured.point),
        limits=share_limits(measured.lower, measured.upper),
        units=f"{measured.units:,}",
        day=measured.at[:10],
    )
