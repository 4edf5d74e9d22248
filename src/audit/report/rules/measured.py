"""Finds in a rule's conditions the number that is held against a line of policy: what its page draws."""

from __future__ import annotations

from dataclasses import dataclass

from audit.rulebook import Rule
from audit.rulebook.expression import BUILT_IN, Node, Sort
from audit.subjects import Kind

_LITERALS_AND_PARAMETERS = frozenset({"param", "literal", "+", "-", "*", "/", "neg"})


@dataclass(frozen=True)
class Measured:
    """A number of a rule's subjects and the line it is held against.

    Attributes:
        number: the number, of facts alone.
        line: the line, of parameters alone; None for a measure, which is held against nothing.
        inside: whether only the rule's population is looked at: the line stands in its flag condition.
    """

    number: Node
    line: Node | None
    inside: bool


def measured(rule: Rule) -> Measured | None:
    """The first number that the rule compares with a parameter, else its measure; None if it has neither."""
    for condition, inside in ((rule.flag, True), (rule.population, False)):
        for comparison in condition.comparisons():
            for number, line in (comparison.parts, comparison.parts[::-1]):
                if _of_facts(number) and _of_policy(line):
                    return Measured(number, line, inside)
    if rule.measure and rule.measure.kind is not Kind.RANGE:
        return Measured(Node("fact", Sort.NUMBER, (), rule.measure.name, rule.measure), None, inside=True)
    return None


def _of_facts(node: Node) -> bool:
    """Whether it is a number made of facts alone; a count with unknown rows is one only by itself."""
    spread = any(fact.kind is Kind.RANGE for fact in node.facts())
    return node.sort is Sort.NUMBER and bool(node.facts()) and not node.parameters() and (not spread or not node.parts)


def _of_policy(node: Node) -> bool:
    """Whether it is a number of policy: not the day or the year of the audit, against which nothing is distributed."""
    named = node.parameters()
    return (
        node.sort is Sort.NUMBER
        and bool(named)
        and not set(named) & set(BUILT_IN)
        and not node.facts()
        and _plain(node)
    )


def _plain(node: Node) -> bool:
    return node.op in _LITERALS_AND_PARAMETERS and all(_plain(part) for part in node.parts)
