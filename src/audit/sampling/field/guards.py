"""What a row may not say, whatever its cells: an unanswered checklist is no resolved household."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from audit.contract.cells import fold
from audit.errors import AuditError
from audit.sampling.field.answers import Problem
from audit.sampling.field.codes import REASONS, Result, Verdict
from audit.sampling.field.state import Answers

#: Verdicts that nobody can judge later without a word on what was seen.
_TO_BE_EXPLAINED = frozenset({Verdict.PARTLY, Verdict.FIXED_SINCE, Verdict.CANNOT_TELL})


def item_problems(answers: Answers) -> Iterator[Problem]:
    """What is wrong with the answers of an item as they would stand."""
    verdict = answers.get("verdict", "")
    if not verdict:
        yield Problem("verdict", AuditError("field.no_verdict"))
    elif verdict in _TO_BE_EXPLAINED and not (answers.get("found") or answers.get("note")):
        yield Problem("found", AuditError("field.explain"))


def visit_problems(
    answers: Answers, *, as_of: date, verdicts: Sequence[tuple[str, str]], others: Iterable[str]
) -> Iterator[Problem]:
    """What is wrong with the answers of a household as they would stand.

    Args:
        answers: of the household's row.
        as_of: the day of the data that are verified.
        verdicts: of each item of the household its rule and its verdict; blank where there is none.
        others: the inspectors who visited this household in other roles.
    """
    result, reason = answers.get("result", ""), answers.get("reason", "")
    if not result:
        yield Problem("result", AuditError("field.no_result"))
        return
    for column in ("visited_on", "inspector"):
        if not answers.get(column):
            yield Problem(column, AuditError(f"field.no_{column}"))
    day = answers.get("visited_on", "")
    if day and date.fromisoformat(day) < as_of:
        yield Problem("visited_on", AuditError("field.before_data", as_of=as_of))
    if _plain(answers.get("inspector", "")) in {_plain(other) for other in others if other}:
        yield Problem("inspector", AuditError("field.same_inspector"))
    if result == Result.RESOLVED:
        yield from _resolved_problems(answers, verdicts)
    elif REASONS.get(reason) != result:
        yield Problem("reason", AuditError("field.wrong_reason" if reason else "field.no_reason"))
    if result == Result.OUT_OF_SCOPE and any(verdict for _, verdict in verdicts):
        yield Problem("result", AuditError("field.verdicts_out_of_scope"))


def _resolved_problems(answers: Answers, verdicts: Sequence[tuple[str, str]]) -> Iterator[Problem]:
    if answers.get("reason"):
        yield Problem("reason", AuditError("field.reason_resolved"))
    if not answers.get("mode"):
        yield Problem("mode", AuditError("field.no_mode"))
    missing = [rule_id for rule_id, verdict in verdicts if not verdict]
    if missing:
        told = {"count": len(missing), "of": len(verdicts), "items": ", ".join(missing)}
        yield Problem("result", AuditError("field.unanswered", **told))


def _plain(name: str) -> str:
    return "".join(fold(name).split()).lower()
