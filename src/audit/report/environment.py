"""How templates are found and filled in: everything escaped, and each template made ready once."""

from __future__ import annotations

from functools import cache

import jinja2


@cache
def templates(*packages: str) -> jinja2.Environment:
    """The templates of some packages, of which the first that has one gives it; all text in them is escaped.

    Args:
        packages: the packages, by default that of the report.
    """
    return jinja2.Environment(
        loader=jinja2.ChoiceLoader([jinja2.PackageLoader(package) for package in packages or ("audit.report",)]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
