"""Where samples stand on the disk, and what their Parquet files hold.

::

    SAMPLES/frames/<frame_id>/frame.parquet    who could be drawn, sorted by unit_id, never changed
                              frame.json       from which run, which population, its digest
            draws/<sample_id>/units.parquet    main units and reserves in ticket order, never changed
                              design.json      how it was planned and drawn
                              receipt.json     digests with which anybody can replay it
                              further-1.parquet, further-1.json   units listed later, by an extension
            samples.sqlite                     what happened since: append-only, see ``store``
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from audit.measured import SAMPLES

#: Folder of samples inside the output folder, unless another is named.
FOLDER = SAMPLES

#: Columns of ``frame.parquet`` with their types. ``rules`` are those with a finding of the household, ``rule`` is the
#: one of them that fewest households have, ``severity`` the highest; empty where there is none. ``phone_group`` is what
#: a desk or phone check said of the household; empty but in the frame of a second phase.
FRAME_COLUMNS = {
    "unit_id": "VARCHAR",
    "township": "VARCHAR",
    "village": "VARCHAR",
    "severity": "VARCHAR",
    "rule": "VARCHAR",
    "distance_class": "VARCHAR",
    "recently_verified": "BOOLEAN",
    "n_findings": "INTEGER",
    "rules": "VARCHAR[]",
    "size_measure": "DECIMAL(18, 4)",
    "phone_group": "VARCHAR",
}
#: Columns of ``units.parquet`` with their types; pi_num / pi_den is the chance of the main units of the stratum.
UNIT_COLUMNS = {
    "unit_id": "VARCHAR",
    "stratum": "VARCHAR",
    "rank": "BIGINT",
    "ticket": "VARCHAR",
    "pi_num": "BIGINT",
    "pi_den": "BIGINT",
    "role": "VARCHAR",
    "stage": "INTEGER",
    "township": "VARCHAR",
    "village": "VARCHAR",
    "n_findings": "INTEGER",
}


@dataclass(frozen=True, slots=True)
class Samples:
    """A folder of samples.

    Attributes:
        root: where it is, by default ``reports/samples``.
    """

    root: Path

    @property
    def database(self) -> Path:
        """What happened since the draws."""
        return self.root / "samples.sqlite"

    @property
    def frames(self) -> Path:
        """The frozen frames."""
        return self.root / "frames"

    @property
    def draws(self) -> Path:
        """The draws."""
        return self.root / "draws"

    def frame(self, frame_id: str) -> Path:
        """The folder of one frame."""
        return self.frames / frame_id

    def draw(self, sample_id: str) -> Path:
        """The folder of one draw."""
        return self.draws / sample_id
