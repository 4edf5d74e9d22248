"""Where each page of a run lies in its folder, and how one page links to another."""

from __future__ import annotations

import posixpath

INDEX = "index.html"
RULES = "rules/index.html"
QUARANTINE = "quarantine.html"
QUARANTINE_BOOK = "quarantine.xlsx"
GATE = "gate.html"

#: The township of findings that belong to none.
UNKNOWN = "unknown"


def rule_page(rule_id: str) -> str:
    """The page of a rule; a rule's id consists of capital letters, a hyphen and a number."""
    return f"rules/{rule_id}.html"


def township_code(area_code: str | None) -> str:
    """The 12 digits of the township in which an area lies; ``unknown`` for a county, a province or no area."""
    if not area_code or area_code[6:9] == "000":
        return UNKNOWN
    return f"{area_code[:9]}000"


def township_page(area_code: str | None) -> str:
    """The page of the township in which an area lies."""
    return f"areas/{township_code(area_code)}/index.html"


def village_page(area_code: str | None) -> str:
    """The page of a village, beside that of its township; ``unknown`` where only the township is known."""
    village = UNKNOWN if not area_code or area_code.endswith("000") else area_code
    return f"areas/{township_code(area_code)}/{village}.html"


def relative(page: str, target: str) -> str:
    """The link from one page of a run to another, as it works from a folder or a USB stick.

    Args:
        page: the page on which the link stands, such as ``rules/INC-4.html``.
        target: where it leads, from the run's folder; a part of a page may follow behind ``#``.
    """
    path, mark, part = target.partition("#")
    if path in {"", page}:
        return f"{mark}{part}" if part else posixpath.basename(page)
    return f"{posixpath.relpath(path, posixpath.dirname(page) or '.')}{mark}{part}"
