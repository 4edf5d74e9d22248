"""What a frame's folder says about it: ``frame.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal, get_args

from audit.errors import RunError
from audit.model.nearest import nearest
from audit.runs.record import write_record
from audit.sampling.layout import Samples

#: Flagged: registered households with a counted finding. Unflagged: registered ones without. Disagreement: those about
#: whom two runs or two policies disagree.
Population = Literal["flagged", "unflagged", "disagreement"]
POPULATIONS: tuple[Population, ...] = get_args(Population)
FILE = "frame.json"
#: In the definition of a frame: the sample whose households it has, if it is the second of two phases.
FIRST_PHASE = "first_phase"
UNITS = "frame.parquet"
#: The columns by which a frame can be divided; that of a second phase also by what was said on the phone.
PARTS = ("township", "village", "severity", "rule", "distance_class", "recently_verified")
SECOND_PHASE_PARTS = (*PARTS, "phone_group")


@dataclass(frozen=True)
class Frame:
    """A frozen frame.

    Attributes:
        frame_id: first digits of the digest of everything else here but the time.
        run_id: the run it was built from.
        as_of: its day.
        population: who is in it.
        definition: how it was narrowed down and divided: rules, areas, distance classes, the run compared with.
        n_units: how many households.
        content_sha256: digest of all its rows.
        built_at: when, in UTC.
    """

    frame_id: str
    run_id: str
    as_of: date
    population: Population
    definition: Mapping[str, object]
    n_units: int
    content_sha256: str
    built_at: str
    folder: Path = field(default=Path(), compare=False)

    @property
    def units(self) -> Path:
        """Its households."""
        return self.folder / UNITS


def write_frame(frame: Frame) -> None:
    """Write ``frame.json`` into the frame's folder."""
    write_record(frame.folder / FILE, {name: value for name, value in asdict(frame).items() if name != "folder"})


def read_frame(samples: Samples, frame_id: str) -> Frame:
    """Read what a frame says about itself; the first digits of its id are enough if no other begins alike.

    Raises:
        RunError: there is no such frame, or several, or it is damaged.
    """
    path = samples.frame(only_one(samples.frames, frame_id, "sampling.no_frame")) / FILE
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
        population = next(one for one in POPULATIONS if one == written["population"])
        return Frame(
            str(written["frame_id"]),
            str(written["run_id"]),
            date.fromisoformat(written["as_of"]),
            population,
            dict(written["definition"]),
            int(written["n_units"]),
            str(written["content_sha256"]),
            str(written["built_at"]),
            path.parent,
        )
    except (OSError, ValueError, KeyError, TypeError, StopIteration) as error:
        raise RunError("sampling.file_damaged", file=path) from error


def frame_records(samples: Samples) -> tuple[Frame, ...]:
    """All frames of a folder, by their day and id."""
    found = [read_frame(samples, name) for name in names_in(samples.frames)]
    return tuple(sorted(found, key=lambda one: (one.as_of, one.frame_id)))


def names_in(folder: Path) -> list[str]:
    """The names of the frames or draws of a folder; half-written ones begin with a dot."""
    if not folder.is_dir():
        return []
    return sorted(path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def only_one(folder: Path, begins: str, key: str) -> str:
    """The one name that begins so.

    Raises:
        RunError: there is none, or several; ``key`` names the text that says so.
    """
    names = names_in(folder)
    found = [name for name in names if name.startswith(begins)] if begins else []
    if begins in found:
        return begins
    if len(found) != 1:
        raise RunError(key, id=begins, folder=folder, nearest=", ".join(found) or nearest(begins, names) or "–")
    return found[0]
