"""What happened to samples, one frozen row an act: the tables of ``samples.sqlite``.

Times are UTC, written 2025-01-31T08:00:00+00:00. Rows are added and never changed or removed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

#: What was done with a sample.
Act = Literal["draw", "extend", "second_stage", "replace", "second_visits", "discard"]
#: Why a unit that was listed in reserve is visited after all.
Purpose = Literal["replacement", "extension", "second_stage"]


@dataclass(frozen=True, slots=True)
class DrawLog:
    """An act on a sample: every draw is here, the discarded ones too.

    Attributes:
        draw_id: number of the act, as text, counted from 1 within the sample: ``<sample_id>/1``.
        sample_id: the sample.
        act: what was done.
        frame_sha256: digest of the frame's content.
        design_sha256: digest of the design.
        list_sha256: digest of the units listed by this act; null if it lists none.
        tool_version: version of this program.
        actor: who did it.
        at: when.
        discarded_reason: why the sample is discarded; null for other acts.
    """

    table: ClassVar[str] = "draw_log"
    draw_id: str
    sample_id: str
    act: Act
    frame_sha256: str
    design_sha256: str
    list_sha256: str | None
    tool_version: str
    actor: str
    at: str
    discarded_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """A unit beyond the main units of the first stage that is to be visited.

    Attributes:
        draw_id: the act that released it.
        sample_id: the sample.
        unit_id: the household.
        stratum: its stratum; within it units are released strictly in the order of ranks.
        rank: its place in the order of tickets of its stratum, from 1.
        purpose: why it is released.
        stage: stage of the sample to which it now belongs, 1 or 2.
        at: when.
    """

    table: ClassVar[str] = "release"
    draw_id: str
    sample_id: str
    unit_id: str
    stratum: str
    rank: int
    purpose: Purpose
    stage: int
    at: str


@dataclass(frozen=True, slots=True)
class Replacement:
    """A household that was not verified, and the reserve that is visited in its place.

    Attributes:
        sample_id: the sample.
        out_unit: the household that is not verified; it stays in the sample.
        in_unit: the reserve released for it; null if the reason asks for no reserve.
        reason_code: one of ``audit.sampling.draw.reasons.REASONS``.
        evidence_id: what shows it: number of a photo, a note, a letter.
        approved_by: who approved it.
        at: when.
    """

    table: ClassVar[str] = "replacement"
    sample_id: str
    out_unit: str
    in_unit: str | None
    reason_code: str
    evidence_id: str
    approved_by: str
    at: str


@dataclass(frozen=True, slots=True)
class SecondVisit:
    """A household that a second inspector verifies without knowing what the first one found.

    Attributes:
        draw_id: the act that chose it.
        sample_id: the sample.
        unit_id: the household.
        ticket: its ticket for second visits; the smallest are chosen.
        at: when.
    """

    table: ClassVar[str] = "second_visit"
    draw_id: str
    sample_id: str
    unit_id: str
    ticket: str
    at: str
