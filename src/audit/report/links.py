"""Where each page of a run lies in its folder, and how one page links to another."""

from __future__ import annotations

import hashlib
import posixpath
import re

INDEX = "index.html"
RULES = "rules/index.html"
QUARANTINE = "quarantine.html"
QUARANTINE_BOOK = "quarantine.xlsx"
GATE = "gate.html"

#: The township of findings that belong to none.
UNKNOWN = "unknown"
#: A number that can stand in a link as it is.
_PLAIN = re.compile("[A-Za-z0-9_-]{1,40}")


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


def village_page(area_code: str | None, number: int = 1) -> str:
    """A page of a village, beside that of its township; ``unknown`` where only the township is known.

    Args:
        area_code: an area.
        number: which page; a village with many findings has several, and the first is 1.
    """
    return f"areas/{township_code(area_code)}/{_village(area_code)}{_numbered(number)}.html"


def sheets_page(area_code: str | None, number: int = 1) -> str:
    """The page with the visit sheets of the households that stand on the village page of the same number."""
    return f"areas/{township_code(area_code)}/sheets-{_village(area_code)}{_numbered(number)}.html"


def entry_anchor(kind: str, entry_id: str) -> str:
    """The place of a household, or of another subject of a finding, on its village page and its page of visit sheets.

    Args:
        kind: ``household``, or the type of the subject.
        entry_id: its number; one that could not stand in a link is replaced by a digest.
    """
    plain = entry_id if _PLAIN.fullmatch(entry_id) else hashlib.sha256(entry_id.encode()).hexdigest()[:16]
    return f"{kind}-{plain}"


def _village(area_code: str | None) -> str:
    return UNKNOWN if not area_code or area_code.endswith("000") else area_code


def _numbered(number: int) -> str:
    return "" if number == 1 else f"-{number}"


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
