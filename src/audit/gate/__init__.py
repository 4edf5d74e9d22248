"""The gate: tonight's extract is measured and held against what is expected of it before any rule counts.

``profile`` measures, ``gate_file`` reads what is expected, ``measures`` lays both side by side, ``expect`` holds them,
``holding`` does it all; what comes of it is a ``Verdict``.
"""

from __future__ import annotations

from audit.gate.expectation import OPEN_GATE, Gate
from audit.gate.gate_file import find_gate, load_gate
from audit.gate.holding import hold
from audit.gate.places import find_lost_places
from audit.gate.record import read_verdict
from audit.gate.verdict import Held, Release, Result, Status, Verdict, warning

__all__ = [
    "OPEN_GATE",
    "Gate",
    "Held",
    "Release",
    "Result",
    "Status",
    "Verdict",
    "find_gate",
    "find_lost_places",
    "hold",
    "load_gate",
    "read_verdict",
    "warning",
]
