"""``python -m audit.generate.replication FOLDER`` writes the replication registry."""

from __future__ import annotations

import sys
from pathlib import Path

from audit.generate.replication import build_replication

build_replication(Path(sys.argv[1]))
