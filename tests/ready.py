"""Makes ready what an audit makes ready once in its process, for processes that are forked afterwards."""

from __future__ import annotations

from fractions import Fraction

from audit.gate.faults import faults
from audit.report.layout import environment
from audit.rulebook import load_rulebook


def make_ready() -> None:
    """Compile the templates of the report, read the rules and let the gate hold a value.

    Nothing of it starts a thread or opens a database: neither outlives a fork.
    """
    templates = environment()
    for name in templates.list_templates(extensions=["j2"]):
        templates.get_template(name)
    load_rulebook()
    faults([(Fraction(0), Fraction(1), Fraction(2))])
