"""Expressions over headers in a source map: sums, differences, products and quotients, never run as text."""

from __future__ import annotations

from collections.abc import Callable

import sqlglot
from sqlglot import exp

from audit.errors import AuditError

_OPERATORS: dict[type[exp.Expr], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/"}


def parse_expression(text: str) -> exp.Expr:
    """Parse an expression over headers, which stand in double quotes.

    Raises:
        AuditError: it is not understood, or is more than arithmetic.
    """
    try:
        tree = sqlglot.parse_one(text, dialect="duckdb")
    except sqlglot.errors.SqlglotError as error:
        raise AuditError("rulebook.syntax", text=text) from error
    expression_sql(tree, lambda _: "0")
    return tree


def header_names(tree: exp.Expr) -> tuple[str, ...]:
    """The headers that an expression names, each once, in reading order."""
    return tuple(dict.fromkeys(column.name for column in tree.find_all(exp.Column, bfs=False)))


def expression_sql(tree: exp.Expr, number: Callable[[str], str]) -> str:
    """SQL for an expression; ``number`` gives the SQL of a header's number.

    Raises:
        AuditError: it is more than arithmetic.
    """
    if isinstance(tree, exp.Paren):
        return f"({expression_sql(tree.this, number)})"
    if isinstance(tree, exp.Neg):
        return f"(-{expression_sql(tree.this, number)})"
    if isinstance(tree, exp.Abs):
        return f"abs({expression_sql(tree.this, number)})"
    if isinstance(tree, exp.Column) and not tree.table:
        return number(tree.name)
    if isinstance(tree, exp.Literal) and not tree.is_string:
        return f"CAST({tree.name} AS DECIMAL(18,6))"
    operator = _OPERATORS.get(type(tree))
    if operator is None:
        raise AuditError("rulebook.not_allowed", text=tree.sql(dialect="duckdb"))
    left, right = expression_sql(tree.this, number), expression_sql(tree.expression, number)
    if operator == "/":
        return f"TRY_CAST({left} / nullif({right}, 0) AS DECIMAL(18,6))"
    return f"TRY_CAST({left} {operator} {right} AS DECIMAL(18,6))"
