"""An act that ends at a step of its own choosing, as if the machine had been switched off there."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from audit.sampling.draw.acts import extend
from audit.sampling.draw.draw import Wish, draw
from audit.sampling.frame import read_frame
from audit.sampling.layout import Samples
from tests.sampling.conftest import NOW

if TYPE_CHECKING:
    from _typeshed import TraceFunction

KILLED, FINISHED = 9, 0
#: The files whose lines are the steps: what is written, in which order, and how it is logged.
_STEPS = ("draw/draw.py", "draw/acts.py", "draw/in_place.py", "sampling/store.py", "runs/publish.py")
#: Before this is called nothing is written.
_BEGINS = {"written_aside", "_act"}


def wish() -> Wish:
    """What is asked for: 10 of a frame."""
    return Wish(n=10, seed="s")


def draw_until(root: str, frame_id: str, step: int) -> None:
    """Draw a sample, and end at a step."""
    samples = Samples(Path(root))
    frame = read_frame(samples, frame_id)
    sys.settrace(_ends_at(step))
    draw(samples, frame, wish(), actor="tester", now=NOW)
    os._exit(FINISHED)


def extend_until(root: str, sample_id: str, step: int) -> None:
    """Extend a sample by so many households that more have to be listed, and end at a step."""
    sys.settrace(_ends_at(step))
    extend(Samples(Path(root)), sample_id, 5, actor="tester", now=NOW)
    os._exit(FINISHED)


def _ends_at(step: int) -> TraceFunction:
    """Count the lines from where something is written, and end the process before one of them."""
    left, begun = step, False

    def line(frame: FrameType, event: str, _of: object) -> TraceFunction:
        nonlocal left
        if event == "line":
            left -= 1
            if left == 0:
                os._exit(KILLED)
        return line

    def call(frame: FrameType, _event: str, _of: object) -> TraceFunction | None:
        nonlocal begun
        begun = begun or frame.f_code.co_name in _BEGINS
        return line if begun and frame.f_code.co_filename.endswith(_STEPS) else None

    return call
