"""The report of a run for the county as a Word file, in the shape of a rectification report, from a template."""

from __future__ import annotations

from audit.word.template import write_template
from audit.word.write import write_report

__all__ = ["write_report", "write_template"]
