"""A rule's conditions with their values filled in: ``pc[3999.99] < $low_income_line[4000]``, and what decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from audit.explain.explanation import Part
from audit.language import Language
from audit.rulebook.expression import Node, Sort

#: How closely an operator binds; what is not listed here is written with brackets around its operands.
_BINDS: Mapping[str, int] = {
    **dict.fromkeys(("or",), 1),
    **dict.fromkeys(("and",), 2),
    **dict.fromkeys(("not",), 3),
    **dict.fromkeys(("=", "<>", "<", "<=", ">", ">=", "null", "in"), 4),
    **dict.fromkeys(("+", "-"), 5),
    **dict.fromkeys(("*", "/"), 6),
    **dict.fromkeys(("neg",), 7),
}
_JOINING = frozenset({"and", "or"})


@dataclass(frozen=True)
class Values:
    """What stands in the brackets: the values of facts and parameters by name, as people read them."""

    facts: Mapping[str, str]
    parameters: Mapping[str, str]
    lang: Language


def pieces(node: Node) -> tuple[Node, ...]:
    """The conditions that ``and``, ``or`` or ``not`` join into one, each whole; nothing for one comparison."""
    if node.op in _JOINING:
        return tuple(piece for part in node.parts for piece in (pieces(part) if part.op == node.op else (part,)))
    return node.parts if node.op == "not" and node.parts[0].op in _JOINING else ()


def conditions(node: Node) -> Iterator[Node]:
    """A condition and all the conditions that it is joined from."""
    yield node
    for piece in pieces(node):
        yield from conditions(piece)


def part(node: Node, truths: Mapping[Node, bool | None], values: Values, *, decides: bool) -> Part:
    """A condition with its values and the truth of each of its parts.

    Args:
        node: the condition.
        truths: the truth of each of ``conditions(node)``.
        values: the values of its facts and parameters.
        decides: whether the outcome hangs on this condition.
    """
    truth = truths[node]
    parts = tuple(
        part(piece, truths, values, decides=decides and _carries(node.op, truth, truths[piece]))
        for piece in pieces(node)
    )
    return Part(filled(node, values), truth, decides, tuple(fact.name for fact in node.facts()), parts)


def _carries(op: str, whole: bool | None, piece: bool | None) -> bool:
    """Whether a piece makes a joined condition what it is: one false part makes an ``and`` false, all make it true."""
    needs_all = {"and": True, "or": False}
    return op not in needs_all or whole is needs_all[op] or piece is whole


def filled(node: Node, values: Values, codes: Mapping[str, tuple[str, str]] | None = None) -> str:
    """An expression as it is written in a rule, with each value in brackets behind its name."""
    match node.op:
        case "fact":
            return f"{node.value}[{values.facts[node.value]}]"
        case "param":
            return f"${node.value}[{values.parameters[node.value]}]"
        case "literal":
            return _literal(node, codes or {}, values.lang)
        case "not" if node.parts[0].op == "null":
            return f"{_operand(node.parts[0], node.parts[0].parts[0], values)} is not null"
        case "null":
            return f"{_operand(node, node.parts[0], values)} is null"
        case "not":
            return f"not {_operand(node, node.parts[0], values)}"
        case "neg":
            return f"-{_operand(node, node.parts[0], values)}"
    known = next((one.fact.codes for one in node.parts if one.fact and one.fact.codes), None)
    if node.op == "in":
        listed = ", ".join(filled(item, values, known) for item in node.parts[1:])
        return f"{filled(node.parts[0], values)} in ({listed})"
    if node.op not in _BINDS:
        return f"{node.op}({', '.join(filled(one, values) for one in node.parts)})"
    left, right = node.parts
    return f"{_operand(node, left, values, known)} {node.op} {_operand(node, right, values, known, last=True)}"


def _operand(
    node: Node,
    operand: Node,
    values: Values,
    codes: Mapping[str, tuple[str, str]] | None = None,
    *,
    last: bool = False,
) -> str:
    written = filled(operand, values, codes)
    own, inner = _BINDS[node.op], _BINDS.get(operand.op, max(_BINDS.values()) + 1)
    # a - (b - c) is not a - b - c, and a comparison is not compared without brackets.
    equal_needs = own == _BINDS["="] or (last and node.op in {"-", "/"})
    return f"({written})" if inner < own or (inner == own and equal_needs) else written


def _literal(node: Node, codes: Mapping[str, tuple[str, str]], lang: Language) -> str:
    if node.sort is not Sort.TEXT:
        return node.value
    label = codes.get(node.value, (node.value, node.value))[0 if lang == "zh" else 1]
    return f"'{node.value}'" if label == node.value else f"'{node.value}'[{label}]"
