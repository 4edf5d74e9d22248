"""``python -m audit``: the same as the command ``audit``."""

from __future__ import annotations

from audit.cli.main import main

main()
