"""Finds the first number for which a question is answered yes, asking the slow exact question as rarely as possible."""

from __future__ import annotations

from collections.abc import Callable

Question = Callable[[int], bool]


def first_yes(question: Question, low: int, high: int, guess: int | None = None) -> int | None:
    """Find the smallest number from ``low`` to ``high`` with the answer yes; from there on all answers are yes.

    Args:
        question: no up to some number, yes from the next on.
        low: the smallest number that may be given.
        high: the largest.
        guess: where the answer is likely to change; asked first, then its neighbours at growing distances.

    Returns:
        The number, or None if even ``high`` is answered no.
    """
    if low > high:
        return None
    no, yes = low - 1, high + 1  # the last number known as no, the first known as yes
    if guess is not None:
        no, yes = _bracket(question, low, high, min(max(guess, low), high))
    while yes - no > 1:
        middle = (no + yes) // 2
        if question(middle):
            yes = middle
        else:
            no = middle
    return None if yes > high else yes


def _bracket(question: Question, low: int, high: int, guess: int) -> tuple[int, int]:
    """Go away from the guess in doubling steps until the answer changes."""
    step, at = 1, guess
    if question(guess):
        while at > low:
            before = max(low, at - step)
            if not question(before):
                return before, at
            at, step = before, step * 2
        return low - 1, at
    while at < high:
        after = min(high, at + step)
        if question(after):
            return at, after
        at, step = after, step * 2
    return high, high + 1
