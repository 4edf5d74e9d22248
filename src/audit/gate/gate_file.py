"""Reads ``gate.yaml``: every key checked, every name looked up, all mistakes told in one message."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import cast

from audit.errors import AuditError, RulebookError
from audit.gate.expectation import Bounds, Expectation, Gate, Metric, Severity
from audit.model.document import Document, Key, Plain, read_document
from audit.model.nearest import nearest
from audit.rulebook import default_rules
from audit.rulebook.load import GATE

SEVERITIES = ("stop", "warn")
AREAS = ("all", "township")
EVERY = "all"
_TOP = ("runs", "expectations")
_RELATIVE = ("min_ratio", "max_ratio", "max_fall", "max_rise")
_BOUNDS = ("min", "max", *_RELATIVE)
_REQUIRED = ("id", "title", "severity", "metric", "of", "remedy")
_OPTIONAL = ("title_en", "area", *_BOUNDS, "at_least", "about", "about_en", "remedy_en")


def find_gate(rules: Path | None = None) -> Path:
    """Where the expectations are: in a folder of one's own rules if it has any, else those that come with the audit."""
    own = rules / GATE if rules else None
    return own if own and own.is_file() else default_rules() / GATE


def load_gate(file: Path | None = None) -> Gate:
    """Read and check a file of expectations, by default the one that comes with the audit.

    Raises:
        RulebookError: every mistake found, with file, line, key and the nearest name.
    """
    path = find_gate() if file is None else file
    mistakes: list[AuditError] = []
    gate = None
    try:
        document = read_document(path, f"{path.absolute().parent.name}/{path.name}")
        gate = _Reader(document, mistakes).gate(hashlib.sha256(path.read_bytes()).hexdigest())
    except AuditError as error:
        mistakes.append(error)
    if gate is None or mistakes:
        raise RulebookError("gate.mistakes", mistakes)
    return gate


class _Reader:
    def __init__(self, document: Document, mistakes: list[AuditError]) -> None:
        self.document = document
        self.mistakes = mistakes

    def wrong(self, key: str, /, *path: Key, **values: object) -> None:
        self.mistakes.append(AuditError(key, file=self.document.file, line=self.document.line(*path), **values))

    def gate(self, digest: str) -> Gate | None:
        top = self.document.value
        if not isinstance(top, dict):
            self.wrong("rulebook.not_a_mapping")
            return None
        self._check_keys(top, _TOP, _TOP)
        runs = top.get("runs")
        if "runs" in top and not (_is_whole(runs) and cast("int", runs) > 0):
            self.wrong("gate.whole", "runs", key="runs", value=runs, least=1)
        listed = top.get("expectations")
        if not isinstance(listed, list):
            if "expectations" in top:
                self.wrong("gate.not_a_list", "expectations", key="expectations")
            return None
        found = [self._expectation(entry, "expectations", place) for place, entry in enumerate(listed)]
        expectations = tuple(one for one in found if one)
        return None if self.mistakes else Gate(cast("int", runs), expectations, digest)

    def _check_keys(self, entry: dict[str, Plain], known: Iterable[str], required: Iterable[str], *path: Key) -> None:
        names = tuple(known)
        for key in entry:
            if key not in names:
                self.wrong("rulebook.unknown_key", *path, key, key=key, nearest=nearest(key, names))
        for key in required:
            if entry.get(key) in (None, ""):
                self.wrong("rulebook.key_missing", *path, key=key)

    def _expectation(self, entry: Plain, *path: Key) -> Expectation | None:
        before = len(self.mistakes)
        if not isinstance(entry, dict):
            self.wrong("rulebook.not_a_mapping", *path)
            return None
        self._check_keys(entry, (*_REQUIRED, *_OPTIONAL), _REQUIRED, *path)
        texts = {key: str(entry.get(key) or "").strip() for key in ("id", "title", "about", "remedy")}
        self._check_id(texts["id"], *path)
        self._check_word(entry, "severity", SEVERITIES, *path)
        self._check_word(entry, "metric", tuple(Metric), *path)
        self._check_word(entry, "area", AREAS, *path)
        metric = Metric(str(entry["metric"])) if entry.get("metric") in tuple(Metric) else None
        if metric is None:
            return None
        if entry.get("area") == "township" and not metric.in_townships:
            able = ", ".join(one for one in Metric if one.in_townships)
            self.wrong("gate.no_townships", *path, "area", metric=metric, able=able)
        of = self._names(entry.get("of"), metric, *path)
        bounds = self._bounds(entry, metric, *path)
        at_least = entry.get("at_least", 0)
        if not (_is_whole(at_least) and cast("int", at_least) >= 0):
            self.wrong("gate.whole", *path, "at_least", key="at_least", value=at_least, least=0)
        if "at_least" in entry and not metric.rests_on_many:
            self.wrong("gate.at_least", *path, "at_least", metric=metric)
        if len(self.mistakes) > before:
            return None
        return Expectation(
            id=texts["id"],
            title=texts["title"],
            title_en=str(entry.get("title_en") or texts["title"]).strip(),
            severity=cast("Severity", entry["severity"]),
            metric=metric,
            of=of,
            townships=entry.get("area") == "township",
            bounds=bounds,
            at_least=cast("int", at_least),
            about=texts["about"],
            about_en=str(entry.get("about_en") or texts["about"]).strip(),
            remedy=texts["remedy"],
            remedy_en=str(entry.get("remedy_en") or texts["remedy"]).strip(),
        )

    def _check_id(self, name: str, *path: Key) -> None:
        if name and not re.fullmatch("[a-z][a-z0-9_]*", name):
            self.wrong("gate.id", *path, "id", value=name)
        listed = cast("dict[str, list[Plain]]", self.document.value)["expectations"]
        for place, other in enumerate(listed[: cast("int", path[-1])]):
            if name and isinstance(other, dict) and other.get("id") == name:
                first = self.document.line("expectations", place, "id")
                self.wrong("gate.id_twice", *path, "id", value=name, first=first)
                return

    def _check_word(self, entry: dict[str, Plain], key: str, known: tuple[str, ...], *path: Key) -> None:
        if entry.get(key) not in (None, "", *known):
            self.wrong("gate.word", *path, key, key=key, value=entry[key], known=", ".join(known))

    def _names(self, listed: Plain, metric: Metric, *path: Key) -> tuple[str, ...]:
        able = metric.names()
        if listed == EVERY:
            return able
        if not isinstance(listed, list) or not listed:
            if listed not in (None, ""):
                self.wrong("gate.not_a_list", *path, "of", key="of")
            return ()
        for place, one in enumerate(listed):
            if str(one) not in able:
                close = nearest(str(one), able)
                self.wrong("gate.name", *path, "of", place, name=one, metric=metric, nearest=close)
            elif one in listed[:place]:
                self.wrong("gate.name_twice", *path, "of", place, name=one)
        return tuple(str(one) for one in listed)

    def _bounds(self, entry: dict[str, Plain], metric: Metric, *path: Key) -> Bounds:
        given = {key: entry[key] for key in _BOUNDS if key in entry}
        numbers: dict[str, Decimal] = {}
        for key, value in given.items():
            if isinstance(value, bool) or not isinstance(value, int | Decimal):
                self.wrong("gate.number", *path, key, key=key, value=value)
            elif key in _RELATIVE and metric.compares:
                self.wrong("gate.compares", *path, key, key=key, metric=metric)
            elif key in _RELATIVE and value < 0:
                self.wrong("gate.negative", *path, key, key=key, value=value)
            elif metric.form == "share" and key not in {"min_ratio", "max_ratio"} and not 0 <= value <= 1:
                self.wrong("gate.share", *path, key, key=key, value=value)
            else:
                numbers[key] = Decimal(value)
        if not given:
            self.wrong("gate.no_bound", *path, known=", ".join(_BOUNDS))
        for low, high in (("min", "max"), ("min_ratio", "max_ratio")):
            if low in numbers and high in numbers and numbers[low] > numbers[high]:
                self.wrong("gate.crossed", *path, low, low=low, high=high)
        return Bounds(**numbers)


def _is_whole(value: Plain) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
