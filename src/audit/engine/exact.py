"""Turns a checked expression into SQL whose comparisons are exact.

A quotient is never divided out: it is kept as a numerator over a list of denominators that are known to be
positive, and both sides of a comparison are multiplied out, in decimals. ``net / population < line`` becomes
``net < line * population``. Unknown stays unknown: every comparison with a NULL gives NULL.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from audit.contract.normalise import quote
from audit.rulebook.expression import DATE_FUNCTIONS, Node, Sort
from audit.subjects import Kind

_RANGE: Mapping[str, tuple[str, str]] = {
    # op: (true when, false when), of the least {lo}, the most {hi} and the number {x}
    "=": ("{lo} = {x} AND {hi} = {x}", "{x} < {lo} OR {x} > {hi}"),
    "<>": ("{x} < {lo} OR {x} > {hi}", "{lo} = {x} AND {hi} = {x}"),
    "<": ("{hi} < {x}", "{lo} >= {x}"),
    "<=": ("{hi} <= {x}", "{lo} > {x}"),
    ">": ("{lo} > {x}", "{hi} <= {x}"),
    ">=": ("{lo} >= {x}", "{hi} < {x}"),
}
#: Amounts are stored in 18 digits; so would be a product of two of them, which is too few. One of the two is widened.
_WIDE: Mapping[Kind, str] = {Kind.MONEY: "DECIMAL(28,6)", Kind.NUMBER: "DECIMAL(28,10)"}
_MIRROR: Mapping[str, str] = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True)
class Fraction:
    """A number in SQL: a numerator over positive denominators."""

    over: str
    under: tuple[str, ...] = ()


def condition_sql(node: Node, parameters: Mapping[str, str]) -> str:
    """SQL for a condition; ``parameters`` gives the SQL of each parameter's value."""
    return _Compiler(parameters).condition(node)


def sides_sql(node: Node, parameters: Mapping[str, str]) -> str:
    """SQL that is true where the two sides of a comparison are exactly equal: the boundary."""
    return _Compiler(parameters).condition(Node("=", Sort.BOOL, node.parts))


def shown_number_sql(node: Node, parameters: Mapping[str, str]) -> str:
    """SQL for a number as a chart shows it: divided out, in binary; no comparison of a rule is made with it.

    A count of which some rows are unknown has a value only where its least and its most are the same.
    """
    if node.fact and node.fact.kind is Kind.RANGE:
        return f"CASE WHEN {node.value}__lo = {node.value}__hi THEN CAST({node.value}__lo AS DOUBLE) END"
    number = _Compiler(parameters).number(node)
    return " / ".join([f"CAST({number.over} AS DOUBLE)", *(f"nullif({under}, 0)" for under in number.under)])


class _Compiler:
    def __init__(self, parameters: Mapping[str, str]) -> None:
        self.parameters = parameters

    def condition(self, node: Node) -> str:
        match node.op:
            case "and" | "or":
                return f"({f' {node.op.upper()} '.join(self.condition(part) for part in node.parts)})"
            case "not":
                return f"(NOT {self.condition(node.parts[0])})"
            case "null":
                return f"({self._presence(node.parts[0])} IS NULL)"
            case "in":
                listed = ", ".join(self._plain(part) for part in node.parts[1:])
                return f"({self._plain(node.parts[0])} IN ({listed}))"
            case "fact" | "literal":
                return self._plain(node)
        return self._comparison(node)

    def _plain(self, node: Node) -> str:
        if node.op == "literal":
            return quote(node.value) if node.sort is Sort.TEXT else node.value
        if node.op == "param":
            return self.parameters[node.value]
        if node.op == "fact":
            return node.value
        left, right = (self.number(part).over for part in node.parts)
        if node.op in DATE_FUNCTIONS:
            move = {"add_months": "to_months", "add_years": "to_years"}[node.op]
            return f"CAST({left} + {move}(CAST({right} AS INTEGER)) AS DATE)"
        return f"({left} {node.op} {right})"

    def _presence(self, node: Node) -> str:
        kind = node.fact.kind if node.fact else None
        if kind is Kind.QUOTIENT:
            return f"{node.value}__n"
        if kind is Kind.RANGE:
            return f"{node.value}__lo"
        if node.sort is Sort.BOOL:
            return self.condition(node)
        return self.number(node).over if node.sort is Sort.NUMBER else self._plain(node)

    def _comparison(self, node: Node) -> str:
        left, right = node.parts
        if left.sort is Sort.BOOL:
            return f"({self.condition(left)} {node.op} {self.condition(right)})"
        if left.sort is not Sort.NUMBER:
            return f"({self._plain(left)} {node.op} {self._plain(right)})"
        if right.fact and right.fact.kind is Kind.RANGE:
            left, right, op = right, left, _MIRROR[node.op]
        else:
            op = node.op
        if left.fact and left.fact.kind is Kind.RANGE:
            words = {"lo": f"{left.value}__lo", "hi": f"{left.value}__hi", "x": self.number(right).over}
            true, false = (when.format(**words) for when in _RANGE[op])
            return f"(CASE WHEN {true} THEN true WHEN {false} THEN false END)"
        one, other = self.number(left), self.number(right)
        one_under, other_under = Counter(one.under), Counter(other.under)
        return f"({_times(one.over, other_under - one_under)} {node.op} {_times(other.over, one_under - other_under)})"

    def number(self, node: Node, *, wide: bool = False) -> Fraction:
        """A number; ``wide`` if its amounts are multiplied with others."""
        match node.op:
            case "fact" if node.fact and node.fact.kind is Kind.QUOTIENT:
                return Fraction(f"{node.value}__n", (f"{node.value}__d",))
            case "fact" if wide and node.fact and node.fact.kind in _WIDE:
                return Fraction(f"CAST({node.value} AS {_WIDE[node.fact.kind]})")
            case "neg":
                inner = self.number(node.parts[0], wide=wide)
                return Fraction(f"(-{inner.over})", inner.under)
            case "abs":
                inner = self.number(node.parts[0], wide=wide)
                return Fraction(f"abs({inner.over})", inner.under)
            case "+" | "-" | "*" | "/":
                if node.parts[0].sort is Sort.DATE:
                    return Fraction(f"({self._plain(node.parts[0])} {node.op} {self._plain(node.parts[1])})")
                left = self.number(node.parts[0], wide=wide or (node.op == "*" and bool(node.parts[1].facts())))
                right = self.number(node.parts[1], wide=wide or node.op == "/")
                return self._arithmetic(node, left, right)
        return Fraction(self._plain(node))

    def _arithmetic(self, node: Node, left: Fraction, right: Fraction) -> Fraction:
        if node.op == "*":
            return Fraction(f"({left.over} * {right.over})", left.under + right.under)
        if node.op == "/":
            return self._divided(node.parts[1], left, right)
        left_under, right_under = Counter(left.under), Counter(right.under)
        under = left_under | right_under
        over = f"({_times(left.over, under - left_under)} {node.op} {_times(right.over, under - right_under)})"
        return Fraction(over, tuple(sorted(under.elements())))

    def _divided(self, divisor: Node, left: Fraction, right: Fraction) -> Fraction:
        over = _times(left.over, Counter(right.under))
        if divisor.fact and divisor.fact.positive:
            return Fraction(over, (*left.under, right.over))
        turned = f"(CASE WHEN {right.over} < 0 THEN -({over}) WHEN {right.over} > 0 THEN {over} END)"
        return Fraction(turned, (*left.under, f"abs({right.over})"))


def _times(over: str, factors: Counter[str]) -> str:
    return " * ".join([over, *sorted(factors.elements())])
