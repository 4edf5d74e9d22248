"""Why a household is not verified, in codes: some ask for a reserve, some must not (ISA 530).

A household that the question is not about gets a reserve. One that could not be verified stays in the sample: putting
an easier one in its place would make the audit look better than it is, so that a reserve needs an approval.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Result = Literal["out_of_scope", "unresolved"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One code.

    Attributes:
        code: the code.
        result: out of scope: the question is not about this household; unresolved: nobody knows.
        reserve: whether a reserve is released for it.
        evidence: whether it must be shown by something: a note, a photo, a letter.
    """

    code: str
    result: Result
    reserve: bool
    evidence: bool


REASONS: Mapping[str, Reason] = {
    one.code: one
    for one in (
        Reason("moved_away", "out_of_scope", reserve=True, evidence=True),
        Reason("deceased", "out_of_scope", reserve=True, evidence=True),
        Reason("merged", "out_of_scope", reserve=True, evidence=True),
        Reason("not_registered", "out_of_scope", reserve=True, evidence=True),
        Reason("duplicate", "out_of_scope", reserve=True, evidence=False),
        Reason("absent", "unresolved", reserve=False, evidence=True),
        Reason("refused", "unresolved", reserve=False, evidence=True),
        Reason("unreachable", "unresolved", reserve=False, evidence=True),
        Reason("documents_missing", "unresolved", reserve=False, evidence=True),
    )
}
