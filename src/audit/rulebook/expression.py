"""The conditions of rules: parsed with sqlglot, checked against the facts and parameters, never run as text.

What is allowed: ``and or not``, comparisons, ``is null``, ``in ('a', 'b')``, ``+ - * /``, ``abs(x)``,
``add_months(date, n)`` and ``add_years(date, n)``, facts, ``$parameters``, codes in quotes, ``true`` and ``false``,
and the numbers 0, 1 and 2. Any other number is policy and must be a parameter. Everything else is refused with the
nearest name that exists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import sqlglot
from sqlglot import exp

from audit.errors import AuditError
from audit.model.nearest import nearest
from audit.subjects import Fact, Kind, Subject


class Sort(StrEnum):
    """What an expression gives."""

    BOOL = "bool"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"


#: How closely operators bind, so that an expression is shown with the brackets it needs and no others.
_BINDING: Mapping[str, int] = {
    "or": 1, "and": 2, "not": 3, "=": 4, "<>": 4, "<": 4, "<=": 4, ">": 4, ">=": 4, "null": 4, "in": 4,
    "+": 5, "-": 5, "*": 6, "/": 6, "neg": 7,
}  # fmt: skip
_CHAINED = frozenset({"or", "and", "+", "-", "*", "/"})
_CLOSEST = 8


@dataclass(frozen=True)
class Node:
    """A part of an expression: an operator with its operands, or a fact, a parameter or a literal.

    Attributes:
        op: ``and or not = <> < <= > >= null in + - * / neg abs add_months add_years fact param
            literal``.
        sort: what it gives.
        parts: its operands.
        value: the name of a fact or parameter, or the literal.
        fact: the fact it names.
    """

    op: str
    sort: Sort
    parts: tuple[Node, ...] = ()
    value: str = ""
    fact: Fact | None = None

    def facts(self) -> tuple[Fact, ...]:
        """All facts named, each once, in reading order."""
        found = [self.fact] if self.fact else []
        found += [fact for part in self.parts for fact in part.facts()]
        return tuple(dict.fromkeys(found))

    def parameters(self) -> tuple[str, ...]:
        """All parameters named, each once, in reading order."""
        found = [self.value] if self.op == "param" else []
        found += [name for part in self.parts for name in part.parameters()]
        return tuple(dict.fromkeys(found))

    def shown(self) -> str:
        """The expression as text, as a rule could hold it."""
        if self.op == "literal" and self.sort is Sort.TEXT:
            return f"'{self.value}'"
        if not self.parts:
            return f"${self.value}" if self.op == "param" else self.value
        if self.op not in _BINDING:
            return f"{self.op}({', '.join(part.shown() for part in self.parts)})"
        first, *others = (self._bracketed(part, place) for place, part in enumerate(self.parts))
        match self.op:
            case "null":
                return f"{first} is null"
            case "in":
                return f"{first} in ({', '.join(others)})"
            case "not":
                return f"not {first}"
            case "neg":
                return f"-{first}"
        return f"{first} {self.op} {others[0]}"

    def _bracketed(self, part: Node, place: int) -> str:
        own, inner = _BINDING[self.op], _BINDING.get(part.op, _CLOSEST)
        alone = inner > own or (inner == own and place == 0 and self.op in _CHAINED)
        return part.shown() if alone else f"({part.shown()})"

    def comparisons(self) -> tuple[Node, ...]:
        """All ``< <= > >=`` in it: where a boundary lies."""
        own = (self,) if self.op in {"<", "<=", ">", ">="} else ()
        return own + tuple(node for part in self.parts for node in part.comparisons())


#: Functions that move a date along the calendar: a day that does not exist becomes the last of its month.
DATE_FUNCTIONS = ("add_months", "add_years")

#: The conditions that always and never hold.
TRUE, FALSE = (Node("literal", Sort.BOOL, value=value) for value in ("true", "false"))


class ExpressionError(AuditError):
    """A condition is not understood; ``values`` name the word and what would do."""


#: What every rule may name without declaring it.
BUILT_IN: Mapping[str, Sort] = {"audit_year": Sort.NUMBER, "as_of": Sort.DATE}

_SORTS: Mapping[Kind, Sort] = {
    Kind.BOOL: Sort.BOOL,
    Kind.INT: Sort.NUMBER,
    Kind.MONEY: Sort.NUMBER,
    Kind.NUMBER: Sort.NUMBER,
    Kind.QUOTIENT: Sort.NUMBER,
    Kind.RANGE: Sort.NUMBER,
    Kind.TEXT: Sort.TEXT,
    Kind.CODE: Sort.TEXT,
    Kind.DATE: Sort.DATE,
}
_COMPARISONS: Mapping[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_ARITHMETIC: Mapping[type[exp.Expr], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/"}
_COUNTING_NUMBERS = frozenset({"0", "1", "2"})


def parse_condition(text: str, subject: Subject, parameters: Mapping[str, Sort]) -> Node:
    """Parse a condition over a subject's facts.

    Raises:
        ExpressionError: it is no condition, or names what does not exist or is not allowed.
    """
    node = _Parser(subject, {**BUILT_IN, **parameters}).parse(_tree(text))
    if node.sort is not Sort.BOOL:
        raise ExpressionError("rulebook.no_condition", text=text)
    return node


@lru_cache(maxsize=1024)
def _tree(text: str) -> exp.Expr:
    """The syntax of a condition; rulebooks that are compared or tried out have most conditions in common."""
    try:
        tree = sqlglot.parse_one(text, dialect="duckdb")
    except sqlglot.errors.SqlglotError as error:
        raise ExpressionError("rulebook.syntax", text=text) from error
    for part in tree.walk():
        if part.comments:  # what stands behind -- would look like a condition and be none
            raise ExpressionError("rulebook.not_allowed", text=f"--{part.comments[0]}")
    return tree


class _Parser:
    def __init__(self, subject: Subject, parameters: Mapping[str, Sort]) -> None:
        self.subject = subject
        self.parameters = parameters

    def parse(self, tree: exp.Expr) -> Node:
        kind = type(tree)
        match tree:
            case exp.Paren():
                return self.parse(tree.this)
            case exp.And() | exp.Or():
                parts = tuple(self._wanted(Sort.BOOL, side) for side in (tree.this, tree.expression))
                return Node("and" if kind is exp.And else "or", Sort.BOOL, parts)
            case exp.Not():
                return Node("not", Sort.BOOL, (self._wanted(Sort.BOOL, tree.this),))
            case exp.Is() if isinstance(tree.expression, exp.Null):
                return Node("null", Sort.BOOL, (self.parse(tree.this),))
            case exp.In() if tree.expressions:
                return self._in(tree)
            case exp.Neg():
                return Node("neg", Sort.NUMBER, (self._wanted(Sort.NUMBER, tree.this),))
            case exp.Abs():
                return Node("abs", Sort.NUMBER, (self._wanted(Sort.NUMBER, tree.this),))
            case exp.AddMonths():
                return self._moved("add_months", tree, (tree.this, tree.expression))
            case exp.Anonymous() if str(tree.this).lower() == "add_years" and len(tree.expressions) == 2:
                return self._moved("add_years", tree, tree.expressions)
            case exp.Column() if not tree.table:
                return self._fact(tree.name)
            case exp.Placeholder() | exp.Parameter():
                return self._parameter(tree.name)
            case exp.Boolean():
                return Node("literal", Sort.BOOL, value="true" if tree.this else "false")
            case exp.Literal():
                return self._literal(tree)
        if kind in _COMPARISONS:
            return self._comparison(tree, _COMPARISONS[kind])
        if kind in _ARITHMETIC:
            return self._arithmetic(tree, _ARITHMETIC[kind])
        raise ExpressionError("rulebook.not_allowed", text=tree.sql(dialect="duckdb"))

    def _wanted(self, sort: Sort, tree: exp.Expr) -> Node:
        node = self.parse(tree)
        if node.sort is not sort:
            raise ExpressionError(
                "rulebook.wrong_sort", text=tree.sql(dialect="duckdb"), found=node.sort.value, wanted=sort.value
            )
        return node

    def _moved(self, op: str, tree: exp.Expr, parts: Sequence[exp.Expr]) -> Node:
        number = self._wanted(Sort.NUMBER, parts[1])
        if any(fact.kind is not Kind.INT for fact in number.facts()):
            raise ExpressionError("rulebook.not_allowed", text=tree.sql(dialect="duckdb"))
        return Node(op, Sort.DATE, (self._wanted(Sort.DATE, parts[0]), number))

    def _fact(self, name: str) -> Node:
        fact = self.subject.facts.get(name)
        if fact is None:
            known = nearest(name, self.subject.facts)
            raise ExpressionError("rulebook.unknown_fact", name=name, subject=self.subject.name, nearest=known)
        return Node("fact", _SORTS[fact.kind], value=name, fact=fact)

    def _parameter(self, name: str) -> Node:
        if name not in self.parameters:
            raise ExpressionError("rulebook.unknown_parameter", name=name, nearest=nearest(name, self.parameters))
        return Node("param", self.parameters[name], value=name)

    def _literal(self, tree: exp.Literal) -> Node:
        if tree.is_string:
            return Node("literal", Sort.TEXT, value=tree.name)
        if tree.name not in _COUNTING_NUMBERS:
            raise ExpressionError("rulebook.literal_threshold", value=tree.name)
        return Node("literal", Sort.NUMBER, value=tree.name)

    def _in(self, tree: exp.In) -> Node:
        left = self._wanted(Sort.TEXT, tree.this)
        listed = tuple(self._wanted(Sort.TEXT, item) for item in tree.expressions)
        for item in listed:
            _check_code(left, item)
        return Node("in", Sort.BOOL, (left, *listed))

    def _comparison(self, tree: exp.Expr, op: str) -> Node:
        left, right = self.parse(tree.this), self.parse(tree.expression)
        if left.sort is not right.sort or (left.sort in {Sort.BOOL, Sort.TEXT} and op not in {"=", "<>"}):
            raise ExpressionError(
                "rulebook.not_comparable",
                text=tree.sql(dialect="duckdb"),
                left=left.sort.value,
                right=right.sort.value,
            )
        for one, other in ((left, right), (right, left)):
            _check_code(one, other)
            if _is_range(one) and (other.op not in {"literal", "param"} and not _plain_number(other)):
                raise ExpressionError("rulebook.range_compared", text=tree.sql(dialect="duckdb"))
        return Node(op, Sort.BOOL, (left, right))

    def _arithmetic(self, tree: exp.Expr, op: str) -> Node:
        left, right = self.parse(tree.this), self.parse(tree.expression)
        shown = tree.sql(dialect="duckdb")
        if _is_range(left) or _is_range(right):
            raise ExpressionError("rulebook.range_compared", text=shown)
        dated = (left.sort, right.sort)
        if op in {"+", "-"} and dated == (Sort.DATE, Sort.NUMBER):
            return Node(op, Sort.DATE, (left, right))
        if op == "-" and dated == (Sort.DATE, Sort.DATE):
            return Node(op, Sort.NUMBER, (left, right))
        for node in (left, right):
            if node.sort is not Sort.NUMBER:
                raise ExpressionError("rulebook.wrong_sort", text=shown, found=node.sort.value, wanted="number")
        return Node(op, Sort.NUMBER, (left, right))


def _is_range(node: Node) -> bool:
    return node.fact is not None and node.fact.kind is Kind.RANGE


def _plain_number(node: Node) -> bool:
    return node.sort is Sort.NUMBER and not any(fact.kind in {Kind.RANGE, Kind.QUOTIENT} for fact in node.facts())


def _check_code(one: Node, other: Node) -> None:
    """A text compared with a code fact must be one of its codes."""
    codes = one.fact.codes if one.fact else {}
    if codes and other.op == "literal" and other.value not in codes:
        raise ExpressionError("rulebook.unknown_code", name=other.value, nearest=nearest(other.value, codes))
