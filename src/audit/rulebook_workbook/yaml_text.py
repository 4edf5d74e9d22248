"""YAML text that remembers how it is written: comments, order, quotes, and each number as it is spelled."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import CommentMark
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString, SingleQuotedScalarString
from ruamel.yaml.tokens import CommentToken

from audit.errors import AuditError
from audit.model.document import Plain, parse_document
from audit.rulebook_workbook.answers import Edit, How
from audit.rulebook_workbook.columns import CASES, PARAMETERS, RULES

_TAG = "tag:yaml.org,2002:"
#: Longer than any line: lines are not broken.
_WIDTH = 1 << 24
_KEY_WITH_LIST = re.compile(r"^( *)[^\s#-].*:[ ]*\n(?: *(?:#.*)?\n)*( *)-( +)", re.MULTILINE)
_KEY_WITH_KEYS = re.compile(r"^( *)[^\s#-].*:[ ]*\n( +)[^\s#-]", re.MULTILINE)
#: Where a key goes that a mapping does not have yet: before the keys that stand behind it here.
_ORDERS: Sequence[Sequence[str]] = (
    (*RULES.by_name, CASES.inside),
    tuple(CASES.by_name),
    (*(column.name for column in PARAMETERS.columns if column.shared), PARAMETERS.inside),
    PARAMETERS.own,
)


@dataclass(frozen=True)
class _Exact:
    """A number, date or truth value as it is spelled in the file: 0.10 stays 0.10."""

    spelled: str
    tag: str


class _Constructor(RoundTripConstructor):
    def exact(self, node: ScalarNode) -> _Exact:
        return _Exact(str(node.value), str(node.tag))


class _Representer(RoundTripRepresenter):
    def exact(self, value: _Exact) -> ScalarNode:
        node: ScalarNode = self.represent_scalar(value.tag, value.spelled)
        return node


for _kind in ("int", "float", "bool", "timestamp"):
    _Constructor.add_constructor(f"{_TAG}{_kind}", _Constructor.exact)
_Representer.add_representer(_Exact, _Representer.exact)


def edit_text(text: str, edits: Sequence[Edit]) -> str:
    """Apply edits to the text of a YAML file; an empty text becomes what the first edit sets."""
    yaml = _yaml(text)
    root: Any = yaml.load(text) if text else None
    for edit in edits:
        if edit.path:
            around = root
            for key in edit.path[:-1]:
                around = around[key]
            _apply(around, edit)
        else:
            root = _node(edit.value, flow=False)
    written = io.StringIO()
    yaml.dump(root, written)
    return written.getvalue()


def _yaml(text: str) -> YAML:
    """Read and write with the indents that the text itself has."""
    yaml = YAML()
    yaml.Constructor, yaml.Representer = _Constructor, _Representer
    yaml.preserve_quotes = True
    yaml.width = _WIDTH
    keys, lists = _KEY_WITH_KEYS.search(text), _KEY_WITH_LIST.search(text)
    offset = len(lists[2]) - len(lists[1]) if lists else 2
    dash = 1 + len(lists[3]) if lists else 2
    yaml.indent(mapping=len(keys[2]) - len(keys[1]) if keys else 2, sequence=offset + dash, offset=offset)
    return yaml


def _apply(around: CommentedMap, edit: Edit) -> None:
    key = str(edit.path[-1])
    match edit.how:
        case How.APPEND:
            listed = around.setdefault(key, CommentedSeq())
            # As its neighbours are written; on one line if there are none.
            flow = not listed or listed[-1].fa.flow_style() is True
            listed.append(_node(edit.value, flow=flow))
        case How.REMOVE:
            names = list(around)
            _move_comment(around, key, names[max(names.index(key) - 1, 0)])
            del around[key]
        case How.SET if key not in around:
            # Only a new parameter, at the top of its file, is written below its name.
            _insert(around, key, _node(edit.value, flow=len(edit.path) > 1))
        case How.SET:
            around[key] = _node(edit.value, flow=True, old=around[key])


def _insert(around: CommentedMap, key: str, node: object) -> None:
    names = list(around)
    order = max(_ORDERS, key=lambda order: len(set(order) & {*names, key}) if key in order else -1)
    behind = set(order[order.index(key) + 1 :]) if key in order else set()
    place = next((place for place, name in enumerate(names) if name in behind), len(names))
    around.insert(place, key, node)
    if 0 < place < len(names):
        _move_comment(around, names[place - 1], key)


def _move_comment(around: CommentedMap, source: str, target: str) -> None:
    """Comments between two keys hang on the first: they move with the place, so that they stay above the second."""
    token = around.ca.items.get(source, [None] * 4)[2]
    if token is None or source == target:
        return
    beside, _, between = token.value.partition("\n")
    token.value = f"{beside}\n"
    if not between:
        return
    if not beside:
        del around.ca.items[source]
    hung = around.ca.items.setdefault(target, [None, None, None, None])
    if hung[2] is None:
        hung[2] = CommentToken("\n", CommentMark(0), None)
    hung[2].value += between


def _node(value: Plain, *, flow: bool, old: object = None) -> object:
    match value:
        case dict():
            mapping = CommentedMap()
            for name, part in value.items():
                mapping[name] = _node(part, flow=flow or not _lists_mappings(part))
            _style(mapping, flow=flow if old is None else _is_flow(old))
            return mapping
        case list():
            sequence = CommentedSeq([_node(part, flow=True) for part in value])
            _style(sequence, flow=(flow or not _lists_mappings(value)) if old is None else _is_flow(old))
            return sequence
        case str():
            return _text(value, old)
        case None:
            return None
        case bool():
            return _Exact(str(value).lower(), f"{_TAG}bool")
        case int():
            return _Exact(str(value), f"{_TAG}int")
        case Decimal():
            plain = format(value, "f")
            return _Exact(plain, f"{_TAG}{'float' if '.' in plain else 'int'}")
        case date():
            return _Exact(value.isoformat(), f"{_TAG}timestamp")


def _lists_mappings(value: Plain) -> bool:
    """Cases and dated values stand below each other, other lists on one line."""
    return isinstance(value, list) and any(isinstance(part, dict) for part in value)


def _is_flow(old: object) -> bool:
    return not isinstance(old, CommentedMap | CommentedSeq) or old.fa.flow_style() is not False


def _style(node: CommentedMap | CommentedSeq, *, flow: bool) -> None:
    if flow:
        node.fa.set_flow_style()
    else:
        node.fa.set_block_style()


def _text(value: str, old: object) -> object:
    if "\n" in value:
        return LiteralScalarString(value) if isinstance(old, LiteralScalarString) else value
    if isinstance(old, SingleQuotedScalarString | DoubleQuotedScalarString):
        return type(old)(value)
    try:
        read = parse_document(value, "").value
    except AuditError:
        return value
    # Words such as yes, and numbers in quotes, would be read as something else without the quotes.
    return value if isinstance(read, str | dict | list) else SingleQuotedScalarString(value)
