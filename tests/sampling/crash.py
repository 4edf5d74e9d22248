"""An act that keeps what is on the disk at each of its steps, as if the machine had been switched off there."""

from __future__ import annotations

import shutil
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

#: The files whose lines are the steps: what is written, in which order, and how it is logged.
_STEPS = ("draw/draw.py", "draw/acts.py", "draw/in_place.py", "sampling/store.py", "runs/publish.py")
#: Before this is called nothing is written.
_BEGINS = {"written_aside", "_act"}


def wish() -> Wish:
    """What is asked for: 10 of a frame."""
    return Wish(n=10, seed="s")


def draw_kept(root: str, frame_id: str, kept: str) -> None:
    """Draw a sample, and keep the folder of samples of each step."""
    samples = Samples(Path(root))
    frame = read_frame(samples, frame_id)
    keep = _Keep(samples.root, Path(kept))
    sys.settrace(_before_each_line(keep))
    draw(samples, frame, wish(), actor="tester", now=NOW)
    sys.settrace(None)
    keep.step()


def extend_kept(root: str, sample_id: str, kept: str) -> None:
    """Extend a sample by so many households that more have to be listed, and keep the folder of each step."""
    samples = Samples(Path(root))
    keep = _Keep(samples.root, Path(kept))
    sys.settrace(_before_each_line(keep))
    extend(samples, sample_id, 5, actor="tester", now=NOW)
    sys.settrace(None)
    keep.step()


class _Keep:
    """Copies a folder whenever anything in it is not as it was a step before; a copy is called after its step.

    What a program has not handed to the system yet is in no copy, as it would be on no disk after its end.
    """

    def __init__(self, folder: Path, kept: Path) -> None:
        self.folder, self.kept, self.steps = folder, kept, 0
        self.before: dict[str, bytes | None] | None = None

    def step(self) -> None:
        self.steps += 1
        now = {str(path): path.read_bytes() if path.is_file() else None for path in self.folder.rglob("*")}
        if now != self.before:
            shutil.copytree(self.folder, self.kept / f"{self.steps:05}", symlinks=True)
            self.before = now


def _before_each_line(keep: _Keep) -> TraceFunction:
    """Take the step before each line from where something is written."""
    begun = False

    def line(_frame: FrameType, event: str, _of: object) -> TraceFunction:
        if event == "line":
            keep.step()
        return line

    def call(frame: FrameType, _event: str, _of: object) -> TraceFunction | None:
        nonlocal begun
        begun = begun or frame.f_code.co_name in _BEGINS
        return line if begun and frame.f_code.co_filename.endswith(_STEPS) else None

    return call
