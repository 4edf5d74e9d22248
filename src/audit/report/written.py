"""Texts from a registry as they may stand in a cell of a workbook or in a paragraph of Word."""

from __future__ import annotations

import re

from audit.report.masking import harmless

#: What XML 1.0 can't hold: a file with one of these is refused as damaged.
_NOT_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
_SPACES = re.compile("[\t\n\u2028\u2029]+")


def one_line(value: str | None) -> str:
    """A text without line ends, direction marks and characters that no office program can read."""
    return _SPACES.sub(" ", _NOT_XML.sub("\ufffd", harmless(value)))
