"""Says in words what a condition asks: made from the parsed expression and the titles, so that it can't be out of date.

``lifted and pc < $low_income_line`` becomes 脱贫户，且人均纯收入低于低收入线, or in English
``lifted household, and net income per head below the low-income line``.
"""

from __future__ import annotations

from collections.abc import Mapping

from audit.language import Language, section, text
from audit.rulebook.expression import BUILT_IN, Node, Sort
from audit.rulebook.policy import Case, Rule, Rulebook
from audit.subjects import Fact, Kind

_COMPARED: Mapping[str, str] = {
    "<": "below", "<=": "at_most", ">": "above", ">=": "at_least", "=": "equal", "<>": "differ",
}  # fmt: skip
_OPPOSITE: Mapping[str, str] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "<>", "<>": "="}
_MIRRORED: Mapping[str, str] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}
_ARITHMETIC: Mapping[str, str] = {"+": "plus", "-": "minus", "*": "times", "/": "divided"}
#: Lengths of time that functions of a date add.
_ADDED: Mapping[str, str] = {"add_months": "months", "add_years": "years"}
#: Kinds that are compared as numbers of things, not as amounts.
_COUNTS = frozenset({Kind.INT, Kind.RANGE, Kind.DATE})


def in_words(node: Node, rulebook: Rulebook, lang: Language) -> str:
    """A condition in words of the field.

    Args:
        node: the condition, as parsed.
        rulebook: whose parameters it names.
        lang: in which language.
    """
    return _Speaker(rulebook, lang).condition(node)


def value_in_words(node: Node, rulebook: Rulebook, lang: Language) -> str:
    """A number, a date or a text of a condition in words of the field."""
    return _Speaker(rulebook, lang).value(node)


class _Speaker:
    def __init__(self, rulebook: Rulebook, lang: Language) -> None:
        self.rulebook = rulebook
        self.lang = lang

    def say(self, key: str, **values: object) -> str:
        return text(f"words.{key}", self.lang, **values)

    def condition(self, node: Node, *, holds: bool = True) -> str:
        """A condition, or that it does not hold."""
        match node.op:
            case "not":
                return self.condition(node.parts[0], holds=not holds)
            case "and" | "or" if holds:
                return self.say(node.op).join(self._side(part, node.op) for part in _chained(node))
            case "and" | "or":
                return self.say("not", inner=self.condition(node))
            case "null":
                return self._presence(node.parts[0], blank=holds)
            case "in":
                return self._listed(node, holds=holds)
            case "fact":
                return self.title(node) if holds else self._denied(self.title(node))
            case "literal":
                return self.say("all" if (node.value == "true") is holds else "none")
        return self._comparison(node, node.op if holds else _OPPOSITE[node.op])

    def _side(self, part: Node, op: str) -> str:
        said = self.condition(part)
        return self.say("group", inner=said) if part.op in {"and", "or"} and part.op != op else said

    def _denied(self, title: str) -> str:
        """That a yes-or-no fact is not so, as people say it: 已纳入监测 becomes 未纳入监测."""
        if title.endswith(tuple(self.say("denied_nouns").split())):
            return self.say("denied_noun_vowel" if title[0] in "aeiou" else "denied_noun", title=title)
        for key in ("done", "had"):
            start = self.say(f"denied_{key}_start")
            if title.startswith(start):
                return self.say(f"denied_{key}", rest=title.removeprefix(start))
        short = len(title) <= 2 if self.lang == "zh" else " " not in title
        return self.say("denied_word" if short else "denied", title=title)

    def _presence(self, node: Node, *, blank: bool) -> str:
        """A column as it was entered is blank or filled in; what is worked out is known or unknown."""
        fact = node.fact
        entered = fact is not None and bool(fact.needs.column) and fact.unknown.endswith("空白")
        word = ("blank" if blank else "filled") if entered else ("unknown" if blank else "known")
        return self.say(word, what=self.value(node))

    def _listed(self, node: Node, *, holds: bool) -> str:
        left, *listed = node.parts
        words = [self._matched(left, item) for item in listed]
        last = words.pop()
        joined = self.say("or_last", listed=self.say("listed").join(words), last=last) if words else last
        return self.say("text_equal" if holds else "text_differ", left=self.value(left), right=joined)

    def _comparison(self, node: Node, op: str) -> str:
        left, right = node.parts
        if not left.parts and not left.fact and (right.fact or right.parts):
            left, right, op = right, left, _MIRRORED[op]
        if left.sort is Sort.BOOL:
            return self._same(left, right, op)
        if left.op == "abs" and left.parts[0].op == "-" and left.parts[0].sort is Sort.NUMBER:
            one, other = left.parts[0].parts
            values = {"one": self._operand(one), "other": self._operand(other), "right": self.value(right)}
            return self.say(f"gap_{_COMPARED[op]}", **values)
        plain = {"left": self.value(left), "right": self.value(right)}
        if left.fact and right.fact and op in {"=", "<>"}:
            return self.say(f"same_{_COMPARED[op]}", **plain)
        if left.sort is Sort.TEXT:
            return self.say(f"text_{_COMPARED[op]}", left=plain["left"], right=self._matched(left, right))
        return self.say(f"{self._measured(node)}_{_COMPARED[op]}", **plain)

    def _same(self, left: Node, right: Node, op: str) -> str:
        for one, other in ((left, right), (right, left)):
            if other.op == "literal":
                return self.condition(one, holds=(other.value == "true") is (op == "="))
        key = f"same_{_COMPARED[op]}"
        return self.say(key, left=self.condition(left), right=self.condition(right))

    def _measured(self, node: Node) -> str:
        """What kind of thing is compared: a day, a year, an amount or a number of things."""
        if node.parts[0].sort is Sort.DATE:
            return "date"
        if "audit_year" in node.parameters():
            return "year"
        kinds = [self.rulebook.parameters[name].kind for name in node.parameters() if name not in BUILT_IN]
        counted = all(fact.kind in _COUNTS for fact in node.facts()) and all(kind == "int" for kind in kinds)
        return "count" if counted else "amount"

    def value(self, node: Node) -> str:
        """A number, a date or a text in words."""
        match node.op:
            case "fact":
                return self.title(node)
            case "param":
                return self.parameter(node.value)
            case "literal":
                return node.value if node.sort is Sort.NUMBER else self.say("quoted", word=node.value)
            case "neg" | "abs":
                return self.say(node.op, inner=self._operand(node.parts[0]))
        if node.sort is Sort.BOOL:
            return self.say("group", inner=self.condition(node))
        if node.sort is Sort.DATE:
            return self._moved(node)
        left, right = node.parts
        if left.sort is Sort.DATE:
            return self.say("days_between", start=self.value(right), end=self.value(left))
        return self.say(_ARITHMETIC[node.op], left=self._operand(left), right=self._operand(right))

    def _operand(self, node: Node) -> str:
        said = self.value(node)
        return self.say("group", inner=said) if node.op in {*_ARITHMETIC, "abs"} else said

    def _moved(self, node: Node) -> str:
        """A day some days, months or years before or after another."""
        day, length = node.parts
        back = node.op == "-"
        if length.op == "neg":
            back, length = not back, length.parts[0]
        values = {"day": self.value(day), "length": self.value(length)}
        return self.say(f"{_ADDED.get(node.op, 'days')}_{'before' if back else 'after'}", **values)

    def _matched(self, left: Node, right: Node) -> str:
        """What a text or code is compared with: of a code, its label."""
        if right.op == "literal" and left.fact and right.value in left.fact.codes:
            return self.say("quoted", word=self.label(left.fact, right.value))
        return self.value(right)

    def label(self, fact: Fact, code: str) -> str:
        """A code as people say it."""
        return fact.codes[code][0 if self.lang == "zh" else 1]

    def title(self, node: Node) -> str:
        """What a fact is called."""
        return fact_title(node.fact, self.lang) if node.fact else node.value

    def parameter(self, name: str) -> str:
        """What a parameter is called, within a sentence."""
        if name in BUILT_IN:
            return self.say(name)
        parameter = self.rulebook.parameters[name]
        title = parameter.title if self.lang == "zh" else parameter.title_en
        within = title[:1].lower() + title[1:] if title[1:2].islower() else title
        return self.say("parameter", title=within)


def fact_title(fact: Fact, lang: Language) -> str:
    """What a fact is called."""
    return fact.title if lang == "zh" else fact.title_en


def _chained(node: Node) -> tuple[Node, ...]:
    """The sides of ``a and b and c``, in reading order."""
    return tuple(found for part in node.parts for found in (_chained(part) if part.op == node.op else (part,)))


def unit_word(unit: str, lang: Language) -> str:
    """A unit as facts declare it, in Chinese, in the reader's language."""
    return section("words", lang).get(f"unit_{unit}", unit)


def given_in_words(rule: Rule, case: Case, rulebook: Rulebook, lang: Language) -> str:
    """The facts and parameters that a case gives, in words."""
    speaker = _Speaker(rulebook, lang)
    pairs = []
    for name, value in case.given.items():
        fact = rule.subject.facts.get(name)
        title = fact_title(fact, lang) if fact else speaker.parameter(name.removeprefix("$"))
        pairs.append(speaker.say("given", title=title, value=_value_in_words(speaker, fact, value)))
    return speaker.say("given_next").join(pairs) or speaker.say("given_nothing")


def _value_in_words(speaker: _Speaker, fact: Fact | None, value: object) -> str:
    match value:
        case None:
            return speaker.say("not_known")
        case bool():
            return speaker.say("yes" if value else "no")
        case {"n": over, "d": under}:
            said = f"{over}/{under}"
        case [low, high]:
            said = speaker.say("from_to", low=low, high=high)
        case str() if fact and value in fact.codes:
            said = speaker.label(fact, value)
        case _:
            said = str(value)
    unit = unit_word(fact.unit, speaker.lang) if fact else ""
    return f"{said} {unit}".rstrip()
