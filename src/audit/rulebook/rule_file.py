"""Reads one rule's file: every key checked, every expression parsed, every mistake told with its line."""

from __future__ import annotations

import string
from collections.abc import Mapping

from audit.errors import AuditError
from audit.model.document import Document, Key, Plain
from audit.model.nearest import nearest
from audit.rulebook.expression import BUILT_IN, TRUE, ExpressionError, Node, Sort, parse_condition
from audit.rulebook.policy import Case, Outcome, Rule
from audit.subjects import SUBJECTS, Fact, Kind, Subject, load_subject

REQUIRED = (
    "id", "name", "title", "section", "subject", "population", "flag", "evidence", "message", "remedy", "cases",
)  # fmt: skip
#: Texts in English: whoever writes a rule for one county need not give them, and the Chinese ones are shown instead.
ENGLISH = ("title_en", "message_en", "remedy_en", "inspect_en")
OPTIONAL = ("among", "severity", "indicator", "measure", "never", "inspect", "advisory", *ENGLISH)
SEVERITIES = ("high", "medium", "low")
_CASE_KEYS = ("about", "given", "outcome")


def read_rule(document: Document, parameters: Mapping[str, Sort], mistakes: list[AuditError]) -> Rule | None:
    """Read a rule; what is wrong with it is added to ``mistakes`` and gives None."""
    reader = _Reader(document, parameters, mistakes)
    before = len(mistakes)
    rule = reader.rule()
    return rule if len(mistakes) == before else None


class _Reader:
    def __init__(self, document: Document, parameters: Mapping[str, Sort], mistakes: list[AuditError]) -> None:
        self.document = document
        self.parameters = parameters
        self.mistakes = mistakes
        self.entry: dict[str, Plain] = {}

    def wrong(self, key: str, /, *path: Key, **values: object) -> None:
        self.mistakes.append(AuditError(key, file=self.document.file, line=self.document.line(*path), **values))

    def rule(self) -> Rule | None:
        if not isinstance(self.document.value, dict):
            self.wrong("rulebook.not_a_mapping")
            return None
        self.entry = self.document.value
        for key in self.entry:
            if key not in REQUIRED + OPTIONAL:
                self.wrong("rulebook.unknown_key", key, key=key, nearest=nearest(key, REQUIRED + OPTIONAL))
        absent = [key for key in REQUIRED if self.entry.get(key) in (None, "", [])]
        absent = [key for key in absent if not (key == "evidence" and self.entry.get("evidence") == [])]
        for key in absent:
            self.wrong("rulebook.key_missing", key=key)
        subject = self._subject()
        if subject is None or absent:
            return None
        return self._build(subject)

    def _build(self, subject: Subject) -> Rule | None:
        letters, _, number = self._text("id").partition("-")
        if not (letters.isalpha() and letters.isupper() and number.isdigit()):
            self.wrong("rulebook.rule_id", "id", value=self._text("id"))
        indicator = self.entry.get("indicator") is True
        severity = self._text("severity")
        if not indicator and severity not in SEVERITIES:
            self.wrong("rulebook.severity", "severity", value=severity, nearest=", ".join(SEVERITIES))
        among = self._condition("among", subject) if "among" in self.entry else TRUE
        population, flag = self._condition("population", subject), self._condition("flag", subject)
        evidence = self._facts("evidence", subject)
        measure = self._measure(subject)
        never = self._outcomes()
        if among is None or population is None or flag is None:
            return None
        named = (*among.parameters(), *population.parameters(), *flag.parameters())
        for key in ("message", "message_en"):
            self._check_message(key, evidence, named)
        advisory = self.entry.get("advisory", False)
        if not isinstance(advisory, bool):
            self.wrong("policy.true_or_false", "advisory", key="advisory", value=advisory)
        cases = self._cases(subject)
        self._check_coverage(cases, never, population, has_among="among" in self.entry)
        return Rule(
            id=self._text("id"),
            name=self._text("name"),
            title=self._text("title"),
            title_en=self._english("title"),
            section=self._text("section"),
            subject=subject,
            among=among,
            severity="" if indicator else severity,
            indicator=indicator,
            # An indicator has no findings that could count apart.
            advisory=advisory is True and not indicator,
            measure=measure,
            population=population,
            flag=flag,
            texts={key: self._text(key) for key in ("among", "population", "flag") if key in self.entry},
            never=never,
            evidence=evidence,
            message=self._text("message"),
            message_en=self._english("message"),
            remedy=self._text("remedy"),
            remedy_en=self._english("remedy"),
            inspect=self._text("inspect"),
            inspect_en=self._english("inspect"),
            cases=cases,
            file=self.document.file,
            lines={key: self.document.line(key) for key in self.entry},
        )

    def _text(self, key: str) -> str:
        value = self.entry.get(key)
        if value is True:
            return "true"
        return "" if value is None else str(value).strip()

    def _english(self, key: str) -> str:
        return self._text(f"{key}_en") or self._text(key)

    def _subject(self) -> Subject | None:
        name = self._text("subject")
        if name in SUBJECTS:
            return load_subject(name)
        if name:
            self.wrong("rulebook.unknown_subject", "subject", name=name, nearest=nearest(name, SUBJECTS))
        return None

    def _condition(self, key: str, subject: Subject) -> Node | None:
        try:
            return parse_condition(self._text(key), subject, self.parameters)
        except ExpressionError as error:
            self.wrong("rulebook.in_expression", key, key=key, problem=error)
            return None

    def _facts(self, key: str, subject: Subject) -> tuple[Fact, ...]:
        listed = self.entry.get(key)
        if not isinstance(listed, list):
            self.wrong("rulebook.not_a_list", key, key=key)
            return ()
        found = []
        for place, name in enumerate(listed):
            fact = subject.facts.get(str(name))
            if fact is None:
                close = nearest(str(name), subject.facts)
                self.wrong("rulebook.no_such_fact", key, place, name=name, subject=subject.name, nearest=close)
            else:
                found.append(fact)
        return tuple(found)

    def _measure(self, subject: Subject) -> Fact | None:
        name = self._text("measure")
        if not name:
            return None
        fact = subject.facts.get(name)
        if fact is None or fact.kind not in {Kind.MONEY, Kind.QUOTIENT, Kind.INT}:
            amounts = {one.name: one for one in subject.facts.values() if one.kind in {Kind.MONEY, Kind.QUOTIENT}}
            self.wrong("rulebook.measure", "measure", name=name, nearest=nearest(name, amounts))
        return fact

    def _outcomes(self) -> tuple[Outcome, ...]:
        listed = self.entry.get("never") or []
        names = [str(name) for name in listed] if isinstance(listed, list) else [str(listed)]
        known = [outcome.value for outcome in Outcome]
        for name in names:
            if name not in known:
                self.wrong("rulebook.unknown_outcome", "never", name=name, nearest=nearest(name, tuple(known)))
        return tuple(Outcome(name) for name in names if name in known)

    def _check_message(self, key: str, evidence: tuple[Fact, ...], parameters: tuple[str, ...]) -> None:
        allowed = {fact.name for fact in evidence} | set(parameters)
        try:
            fields = [field for _, field, _, _ in string.Formatter().parse(self._text(key)) if field is not None]
        except ValueError:
            self.wrong("rulebook.message_braces", key, key=key)
            return
        for field in fields:
            if field not in allowed:
                self.wrong("rulebook.message_field", key, key=key, name=field, nearest=nearest(field, tuple(allowed)))

    def _cases(self, subject: Subject) -> tuple[Case, ...]:
        listed = self.entry.get("cases")
        if not isinstance(listed, list):
            self.wrong("rulebook.not_a_list", "cases", key="cases")
            return ()
        return tuple(case for place, item in enumerate(listed) if (case := self._case(item, place, subject)))

    def _case(self, item: Plain, place: int, subject: Subject) -> Case | None:
        keys = set(item) - {"about_en"} if isinstance(item, dict) else set()
        if not isinstance(item, dict) or keys != set(_CASE_KEYS) or not isinstance(item["given"], dict):
            self.wrong("rulebook.case_keys", "cases", place)
            return None
        outcome = str(item["outcome"])
        if outcome not in {known.value for known in Outcome}:
            close = nearest(outcome, tuple(known.value for known in Outcome))
            self.wrong("rulebook.unknown_outcome", "cases", place, "outcome", name=outcome, nearest=close)
            return None
        for name in item["given"]:
            known_names: Mapping[str, object] = subject.facts
            if name.startswith("$"):
                known_names = {f"${key}": key for key in (*self.parameters, *BUILT_IN)}
            if name not in known_names:
                close = nearest(name, known_names)
                where = ("cases", place, "given", name)
                self.wrong("rulebook.no_such_fact", *where, name=name, subject=subject.name, nearest=close)
        line = self.document.line("cases", place)
        about = str(item["about"])
        return Case(about, str(item.get("about_en") or about), item["given"], Outcome(outcome), line)

    def _check_coverage(
        self, cases: tuple[Case, ...], never: tuple[Outcome, ...], population: Node, *, has_among: bool
    ) -> None:
        wanted = set(Outcome) - set(never)
        if not has_among:
            wanted.discard(Outcome.NOT_COUNTED)
        if population == TRUE:
            wanted.discard(Outcome.NOT_APPLICABLE)
        shown = {case.outcome for case in cases}
        for outcome in Outcome:
            if outcome in wanted - shown:
                self.wrong("rulebook.case_missing", "cases", outcome=outcome.value)
            if outcome in shown and outcome in never:
                self.wrong("rulebook.case_never", "never", outcome=outcome.value)
