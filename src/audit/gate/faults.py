"""Which values are not as expected: asks Great Expectations, which is imported here and not before."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from fractions import Fraction
from importlib import import_module

#: The lowest value expected, the value observed, the highest value expected; None for no bound, and for no value.
Row = tuple[Fraction | None, Fraction | None, Fraction | None]


class Fault(StrEnum):
    """In which way a value is not as expected."""

    UNKNOWN = "unknown"
    BELOW = "below"
    ABOVE = "above"


class HeldError(Exception):
    """There is no answer about every row: a defect of the audit itself."""


def faults(rows: Sequence[Row]) -> dict[int, Fault]:
    """The rows that are not as expected, by their place; a row that isn't named was held and is as expected."""
    if not rows:
        return {}
    with _silence():
        expect: Callable[[Sequence[Row]], dict[int, Fault]] = import_module("audit.gate.expect").expect
        return expect(rows)


@contextmanager
def _silence() -> Iterator[None]:
    """Keep what a library says to its own developers from whoever runs an audit."""
    logger, nowhere = logging.getLogger("great_expectations"), logging.NullHandler()
    propagates = logger.propagate
    # Some of its loggers set a level of their own, so that a level set here would not hold for them.
    logger.propagate = False
    logger.addHandler(nowhere)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.removeHandler(nowhere)
        logger.propagate = propagates
