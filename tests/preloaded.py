"""Imported by the server process of ``tests/command.py`` before it forks, and by nobody else."""

from __future__ import annotations

from tests.ready import make_ready

make_ready()
