"""The codes of a visit: what became of a household and of an item, and why a household was not settled."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from audit.sampling.draw import reasons as draw


class Role(StrEnum):
    """As whom an inspector visits."""

    FIRST = "first"
    SECOND = "second"
    ADJUDICATOR = "adjudicator"


class Result(StrEnum):
    """What became of a household: the three ends of sampling.md, D20."""

    RESOLVED = "resolved"
    OUT_OF_SCOPE = "out_of_scope"
    UNRESOLVED = "unresolved"


class Target(StrEnum):
    """What an item asks about: a finding of the audit, or a question of the full checklist."""

    FINDING = "finding"
    CHECKLIST = "checklist"


class Verdict(StrEnum):
    """What the inspector says of an item.

    Of a finding: whether it is true. Of a checklist question: whether the household has the problem.
    """

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    PARTLY = "partly"
    FIXED_SINCE = "fixed_since"
    CANNOT_TELL = "cannot_tell"
    NOT_APPLICABLE = "not_applicable"


class Stability(StrEnum):
    """Whether two visits may see different facts: a changed fact must not be blamed on an inspector.

    ``fixed`` facts do not change by themselves, ``judged`` ones are weighed by the inspector, ``changing`` ones may
    change from one visit to the next.
    """

    FIXED = "fixed"
    JUDGED = "judged"
    CHANGING = "changing"


class Mode(StrEnum):
    """How the inspector found out."""

    HOME = "home"
    PHONE = "phone"
    DOCUMENTS = "documents"


#: Reasons, each with the only result it may be given for. ISA 530 tells them apart: where the procedure does not
#: apply to the household another is drawn (paragraph 10); where it can't be carried out the household stays in the
#: sample, and counts against the claim (paragraph 11). The draw knows them by the same codes.
REASONS: Mapping[str, Result] = {code: Result(reason.result) for code, reason in draw.REASONS.items()}
#: The reason of a household whose visit was begun, but is not recorded to its end.
INCOMPLETE = "incomplete"
