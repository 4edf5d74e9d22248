"""A night that may not write a file beyond a size, as on a disk that is full: for a process of its own."""

from __future__ import annotations

import resource
import sys
from datetime import date

from audit import run_audit
from audit.errors import RunError


def narrow_night(size: int, data: str, day: date, out: str) -> None:
    """Audit, and leave with 0 if the audit fails and names the folder that has no room."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    try:
        run_audit(data, as_of=day, year=2024, out=out)
    except RunError as error:
        sys.exit(0 if out in error.message("zh") else 3)
    sys.exit(1)
