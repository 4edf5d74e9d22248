"""YAML files as data with line numbers: strict, never evaluated, decimals exact.

Duplicate keys, anchors and unknown tags are refused. Numbers with a point become ``Decimal``, dates ``date``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import yaml

from audit.errors import AuditError, InputError

Key = str | int
#: So many documents are kept as read: two catalogues of rules, of which mostly all but a few files are the same.
_KEPT = 256
Plain = None | bool | int | Decimal | str | date | list["Plain"] | dict[str, "Plain"]


@dataclass(frozen=True)
class Document:
    """One YAML file as read.

    Attributes:
        file: its name as shown to people.
        value: mappings, lists, texts, numbers, dates.
        lines: the line of each entry by its path of keys.
    """

    file: str
    value: Plain
    lines: dict[tuple[Key, ...], int]

    def line(self, *path: Key) -> int:
        """The line of an entry, or of the nearest entry around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class DocumentError(AuditError):
    """A YAML file has a mistake at a line."""


def read_document(path: Path, shown: str) -> Document:
    """Read a YAML file; what it says is not to be changed, since it is given again while the file stays the same.

    Raises:
        InputError: the file is not there or is no UTF-8 text.
        DocumentError: the text is no YAML, or uses more of YAML than plain data.
    """
    try:
        return _parsed_once(path.read_text(encoding="utf-8-sig"), shown)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("document.unreadable", file=shown) from error


def parse_document(text: str, shown: str) -> Document:
    """Read YAML text; ``shown`` is the file name used in messages."""
    lines: dict[tuple[Key, ...], int] = {}
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else 1
        raise DocumentError("document.syntax", file=shown, line=line, problem=error.problem or "") from error
    except yaml.YAMLError as error:
        raise DocumentError("document.syntax", file=shown, line=1, problem="") from error
    value = None if root is None else _plain(root, (), lines, shown, set())
    return Document(shown, value, lines)


@lru_cache(maxsize=_KEPT)
def _parsed_once(text: str, shown: str) -> Document:
    return parse_document(text, shown)


def _plain(
    node: yaml.Node, path: tuple[Key, ...], lines: dict[tuple[Key, ...], int], shown: str, seen: set[int]
) -> Plain:
    # A node that comes again was named by an anchor: a few of them can stand for a file of any size.
    if id(node) in seen:
        raise DocumentError("document.anchor", file=shown, line=lines.get(path[:-1], 1))
    seen.add(id(node))
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Plain] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in mapping:
                line = key_node.start_mark.line + 1
                raise DocumentError("document.duplicate_key", file=shown, line=line, key=key)
            lines[(*path, key)] = key_node.start_mark.line + 1
            mapping[key] = _plain(value_node, (*path, key), lines, shown, seen)
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, place), lines, shown, seen) for place, item in enumerate(node.value)]
    return _scalar(node, shown)


def _scalar(node: yaml.Node, shown: str) -> Plain:
    text, kind = str(node.value), node.tag.rpartition(":")[2]
    try:
        match kind:
            case "null":
                return None
            case "bool":
                return text.lower() in {"true", "yes", "on"}
            case "int":
                return int(text)
            case "float":
                return Decimal(text)
            case "timestamp":
                return date.fromisoformat(text)
            case "str":
                return text
    except (ValueError, ArithmeticError):
        pass
    raise DocumentError("document.value", file=shown, line=node.start_mark.line + 1, value=text)
