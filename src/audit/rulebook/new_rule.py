"""Makes the first draft of a rule: a file with every key explained that passes the checks as it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from audit.errors import AuditError
from audit.language import LANGUAGES, Language, text
from audit.model.nearest import nearest
from audit.rulebook.policy import Rulebook
from audit.rulebook.words import fact_title
from audit.subjects import SUBJECTS, Fact, Kind, Subject, load_subject

#: Letters of rules that a county makes for itself.
OWN_LETTERS = "LOC"
_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
_ID = re.compile(r"([A-Z]+)(-[0-9]+)?")
_NOT_NUMBERS = frozenset({Kind.BOOL, Kind.TEXT, Kind.CODE, Kind.DATE})
_WHOLE = frozenset({Kind.INT, Kind.RANGE})


@dataclass(frozen=True)
class Draft:
    """A new rule, not yet written.

    Attributes:
        id: the rule's id.
        path: its file within the folder of rules, such as ``income/LOC-1.yaml``.
        subject: what it is about.
        written: the text of the file.
    """

    id: str
    path: str
    subject: str
    written: str


def draft_rule(rulebook: Rulebook, name: str, *, subject: str, rule_id: str = OWN_LETTERS, lang: Language) -> Draft:
    """Draft a rule to start from; it asks a simple question about the subject and has the cases that a rule needs.

    Args:
        rulebook: the rules among which it will stand.
        name: such as ``income.too_high``; the first word is its folder.
        subject: what it is about.
        rule_id: letters, for the next free number, or a whole id.
        lang: the language of its remarks.

    Raises:
        AuditError: the name or id is taken or not well formed, or there is no such subject.
    """
    if not _NAME.fullmatch(name):
        raise AuditError("writing.name", name=name)
    for rule in rulebook.rules:
        if rule.name == name:
            raise AuditError("writing.taken", value=name, file=rule.file)
    if subject not in SUBJECTS:
        raise AuditError("writing.unknown_subject", name=subject, nearest=nearest(subject, SUBJECTS))
    found = load_subject(subject)
    fact = starting_fact(found)
    free = _free_id(rulebook, rule_id.upper())
    group = name.partition(".")[0] if "." in name else "local"
    return Draft(free, f"{group}/{free}.yaml", subject, _written(free, name, found, fact, lang))


def starting_fact(subject: Subject) -> Fact:
    """The fact that a new rule asks about: best an amount that may be unknown, else a number, yes or no, or a day."""
    facts = subject.facts.values()
    numbers = [fact for fact in facts if fact.kind not in _NOT_NUMBERS and not fact.positive]
    found = [*numbers, *(fact for fact in facts if fact.kind in {Kind.BOOL, Kind.DATE})]
    if not found:
        raise AuditError("writing.no_fact", subject=subject.name)
    last = {Kind.BOOL: 1, Kind.DATE: 2}
    return min(found, key=lambda fact: (last.get(fact.kind, 0), fact.always_known, fact.kind in _WHOLE))


def _free_id(rulebook: Rulebook, wanted: str) -> str:
    form = _ID.fullmatch(wanted)
    if not form:
        raise AuditError("writing.id", value=wanted)
    letters = form[1]
    numbers = [int(rule.id.partition("-")[2]) for rule in rulebook.rules if rule.id.partition("-")[0] == letters]
    free = f"{letters}-{max(numbers, default=0) + 1}"
    taken = rulebook.rule(wanted) if form[2] else None
    if taken:
        raise AuditError("writing.taken_id", value=wanted, file=taken.file, free=free)
    return wanted if form[2] else free


def _written(rule_id: str, name: str, subject: Subject, fact: Fact, lang: Language) -> str:
    form = {Kind.BOOL: "yes_no", Kind.DATE: "day"}.get(fact.kind, "number")
    both = {one: {"title": fact_title(fact, one)} for one in LANGUAGES}
    titles = {one: text(f"writing.new_title_{form}", one, **both[one]) for one in LANGUAGES}
    messages = {one: text("writing.new_message", one, fact=fact.name, **both[one]) for one in LANGUAGES}
    return text(
        "writing.new_rule",
        lang,
        id=rule_id,
        name=_scalar(name),
        title=_scalar(titles["zh"]),
        title_en=_scalar(titles["en"]),
        subjects=", ".join(SUBJECTS),
        subject=subject.name,
        fact=fact.name,
        flag={"yes_no": fact.name, "day": f"{fact.name} < $as_of"}.get(form, f"{fact.name} > 0"),
        never="never: [undecided]" if fact.always_known else "# never: [undecided]",
        message=_scalar(messages["zh"]),
        message_en=_scalar(messages["en"]),
        cases="\n".join(_case(fact, *case) for case in _cases(fact)),
    )


def _cases(fact: Fact) -> list[tuple[str, str, str]]:
    """The cases that the question needs: what each is about, what it gives, and the outcome."""
    unknown = [] if fact.always_known else [("unknown", "", "undecided")]
    if fact.kind is Kind.BOOL:
        return [("yes", "true", "flagged"), ("no", "false", "clear"), *unknown]
    if fact.kind is Kind.DATE:
        return [
            ("before", "2024-12-30", "flagged"),
            ("on_the_day", "2024-12-31", "clear"),
            ("after", "2025-01-01", "clear"),
            *unknown,
        ]
    below = [] if fact.kind in _WHOLE else [("below", "-1", "clear")]
    return [("above", "1", "flagged"), ("boundary", "0", "clear"), *below, *unknown]


def _case(fact: Fact, about: str, value: str, outcome: str) -> str:
    chinese, english = (text(f"writing.new_case_{about}", lang, title=fact_title(fact, lang)) for lang in LANGUAGES)
    given = f"{{{fact.name}: {value}}}" if value else "{}"
    return "\n".join(
        (f"  - about: {_scalar(chinese)}", f"    about_en: {_scalar(english)}", f"    given: {given}",
         f"    outcome: {outcome}")
    )  # fmt: skip


def _scalar(value: str) -> str:
    """A text as YAML, in quotes where it needs them."""
    return yaml.safe_dump(value, allow_unicode=True, width=10_000).removesuffix("\n").removesuffix("\n...")
