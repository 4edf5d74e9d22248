"""What each expectation looks at: tonight's value of each table, column, code and township, and its bounds.

All values are fractions: nothing is rounded before it is compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from audit.gate.expectation import Bounds, Expectation, Metric
from audit.gate.profile import Key, Measured, Profile

#: Under which name the profile keeps what a metric is made of, where it isn't the metric's own.
_KEPT_AS = {Metric.MEAN: "sum", Metric.CODE_SHARE: "code", Metric.NEW_CODES: "code"}


@dataclass(frozen=True)
class Compared:
    """Tonight's profile and those it is compared with.

    Attributes:
        tonight: tonight's numbers.
        earlier: those of the last runs, by the run's name, newest first.
    """

    tonight: Profile
    earlier: Mapping[str, Profile]


@dataclass(frozen=True, slots=True)
class Observation:
    """One value that an expectation looks at.

    Attributes:
        about: what it is measured of.
        observed: the value tonight; None if it is unknown.
        reference: the median of the last runs; None if there is none.
        lowest: the value should be at least this; None for no such bound.
        highest: the value should be at most this; None for no such bound.
        compared: the runs that the bounds or the value depend on.
        codes: the codes that were never seen before.
        not_held: why it isn't held at all, as the end of a key of the language catalogue; empty if it is.
    """

    about: Key
    observed: Fraction | None
    reference: Fraction | None
    lowest: Fraction | None
    highest: Fraction | None
    compared: tuple[str, ...]
    codes: tuple[str, ...] = ()
    not_held: str = ""


def observations(expectation: Expectation, compared: Compared) -> Iterator[Observation]:
    """Everything that an expectation looks at, in the order in which it names tables and columns."""
    if expectation.metric is Metric.NEW_CODES:
        for column in expectation.of:
            yield _new_codes(expectation, *_parts(column), compared)
        return
    metric = expectation.metric
    wanted = {_parts(name) for name in expectation.of}
    kept = _KEPT_AS.get(metric, metric.value)
    # What compares with earlier runs by itself says tonight all that is to be said.
    profiles = (compared.tonight, *(() if metric.compares else compared.earlier.values()))
    about = {
        key
        for profile in profiles
        for key in profile.get(kept, ())
        if (key.table, key.column) in wanted and (key.area_code is not None) == expectation.townships
    }
    missing = wanted - {(key.table, key.column) for key in about}
    about |= {Key(kept, table, column) for table, column in missing}
    place = {_parts(name): number for number, name in enumerate(expectation.of)}
    for key in sorted(about, key=lambda key: (place[key.table, key.column], key.code or "", key.area_code or "")):
        yield _observation(expectation, key, compared)


def _parts(name: str) -> tuple[str, str | None]:
    table, _, column = name.partition(".")
    return table, column or None


def _observation(expectation: Expectation, key: Key, compared: Compared) -> Observation:
    metric = expectation.metric
    found = compared.tonight.get(key.metric, {}).get(key)
    observed = _value(metric, found)
    before = {
        run: (value, _rests_on(metric, measured))
        for run, profile in compared.earlier.items()
        for measured in [profile.get(key.metric, {}).get(key)]
        if (value := _value(metric, measured)) is not None and not metric.compares
    }
    reference = median([value for value, _ in before.values()]) if before else None
    lowest, highest = _between(expectation.bounds, reference)
    if metric.form == "share":
        lowest = None if lowest is None else max(lowest, Fraction(0))
        highest = None if highest is None else min(highest, Fraction(1))
    runs = tuple(compared.earlier)[:1] if metric.compares else tuple(before)
    usual = median([rests_on for _, rests_on in before.values()]) if before else Fraction(0)
    not_held = ""
    if found is None and not metric.counted:
        not_held = "no_earlier" if metric.compares and not compared.earlier else "absent"
    elif lowest is None and highest is None:
        not_held = "no_base" if compared.earlier else "no_earlier"
    elif max(_rests_on(metric, found), usual) < expectation.at_least:
        not_held = "too_few"
    elif observed is None and reference is None and metric.form == "share":
        not_held = "empty"
    return Observation(key, observed, reference, lowest, highest, runs, not_held=not_held)


def _value(metric: Metric, found: Measured | None) -> Fraction | None:
    if found is None or found.number is None:
        return Fraction(0) if metric.counted else None
    if metric.form == "share" or metric is Metric.MEAN:
        return Fraction(found.number) / found.whole if found.whole else None
    return Fraction(found.number)


def _rests_on(metric: Metric, found: Measured | None) -> Fraction:
    """The number of rows or cells that a value rests on: for rows, they themselves."""
    if found is None:
        return Fraction(0)
    counted = found.number if metric.counted else found.whole
    return Fraction(counted or 0)


def _between(bounds: Bounds, reference: Fraction | None) -> tuple[Fraction | None, Fraction | None]:
    """The bounds that can be told tonight; of two on one side, the narrower."""
    lows = [Fraction(bounds.min)] if bounds.min is not None else []
    highs = [Fraction(bounds.max)] if bounds.max is not None else []
    if reference is not None:
        # A part of nothing, or of a debt, is no bound.
        if bounds.min_ratio is not None and reference > 0:
            lows.append(Fraction(bounds.min_ratio) * reference)
        if bounds.max_ratio is not None and reference > 0:
            highs.append(Fraction(bounds.max_ratio) * reference)
        if bounds.max_fall is not None:
            lows.append(reference - Fraction(bounds.max_fall))
        if bounds.max_rise is not None:
            highs.append(reference + Fraction(bounds.max_rise))
    return max(lows, default=None), min(highs, default=None)


def _new_codes(expectation: Expectation, table: str, column: str | None, compared: Compared) -> Observation:
    """How many codes of a column none of the last runs had."""
    used = _codes(compared.tonight, table, column)
    before = {
        run: codes for run, profile in compared.earlier.items() if (codes := _codes(profile, table, column)) is not None
    }
    seen = {code for codes in before.values() for code in codes}
    new = tuple(sorted((used or set()) - seen)) if before else ()
    not_held = ""
    if used is None:
        not_held = "absent"
    elif not before:
        not_held = "no_base" if compared.earlier else "no_earlier"
    lowest, highest = _between(expectation.bounds, None)
    observed = None if not_held else Fraction(len(new))
    about = Key(expectation.metric.value, table, column)
    return Observation(about, observed, None, lowest, highest, tuple(before), new, not_held)


def _codes(profile: Profile, table: str, column: str | None) -> set[str] | None:
    """The codes that a column uses in a run; None if the run doesn't have the column."""
    found = {
        str(key.code): measured
        for key, measured in profile.get("code", {}).items()
        if (key.table, key.column) == (table, column)
    }
    return {code for code, measured in found.items() if measured.number} if found else None
