"""Reads ``audit.toml``, the file in which a site keeps its settings."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from audit.configuration.declare import SETTINGS, Value
from audit.configuration.read_value import read_toml
from audit.errors import AuditError, InputError
from audit.model.nearest import nearest

NAME = "audit.toml"
_TABLES = tuple(dict.fromkeys(setting.table for setting in SETTINGS if setting.table))
_BY_KEY = {setting.key: setting for setting in SETTINGS}


@dataclass(frozen=True)
class SiteFile:
    """What an ``audit.toml`` says.

    Attributes:
        path: where it is.
        values: the settings in it that are right, by name.
        mistakes: what is wrong in it, in the order of the lines.
    """

    path: Path
    values: Mapping[str, Value]
    mistakes: tuple[AuditError, ...]


def find_site_file(config: Path | None, here: Path) -> Path | None:
    """The file of settings: the one that was named, else ``audit.toml`` of this folder if there is one."""
    if config is not None:
        return config
    return here / NAME if (here / NAME).is_file() else None


def read_site_file(path: Path) -> SiteFile:
    """Read a file of settings; all mistakes are kept to be told together.

    Raises:
        InputError: the file is not there or is no UTF-8 text.
    """
    try:
        written = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("document.unreadable", file=path) from error
    try:
        content = tomllib.loads(written)
    except tomllib.TOMLDecodeError as error:
        return SiteFile(path, {}, (_syntax(path, written, str(error)),))
    values: dict[str, Value] = {}
    mistakes: list[tuple[int, AuditError]] = []
    for key, value in _entries(content):
        setting = _BY_KEY.get(key)
        try:
            if setting is None:
                raise _unknown(key)
            values[setting.name] = read_toml(setting, value, path.parent)
        except AuditError as error:
            line = line_of(written, key)
            mistakes.append((line, AuditError("configuration.in_file", file=path, line=line, key=key, problem=error)))
    mistakes.sort(key=lambda one: one[0])
    return SiteFile(path, values, tuple(error for _, error in mistakes))


def _entries(content: Mapping[str, object]) -> list[tuple[str, object]]:
    """The entries with their whole keys: ``notify.when`` for ``when`` in the table ``[notify]``."""
    found: list[tuple[str, object]] = []
    for key, value in content.items():
        if key in _TABLES and isinstance(value, dict):
            found += [(f"{key}.{name}", inner) for name, inner in value.items()]
        else:
            found.append((key, value))
    return found


def _unknown(key: str) -> AuditError:
    """A key that is none; one that another table has, or that is a flag's name, is told by its own name."""
    flags = {setting.name: setting.key for setting in SETTINGS}
    if key in _TABLES:
        return AuditError("configuration.is_a_table", table=key)
    word = key.replace("-", "_")
    close = flags.get(word) or flags.get(word.rpartition(".")[2]) or nearest(key, _BY_KEY)
    return AuditError("configuration.unknown", nearest=close)


def line_of(written: str, key: str) -> int:
    """The line on which a key of a TOML text begins: after the last beginning of the text that does without it."""
    lines = written.splitlines(keepends=True)
    before = 0
    for count in range(1, len(lines) + 1):
        try:
            content = tomllib.loads("".join(lines[:count]))
        except tomllib.TOMLDecodeError:
            continue
        if key in dict(_entries(content)):
            break
        before = count
    return before + 1


def _syntax(path: Path, written: str, problem: str) -> AuditError:
    place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", problem)
    line = int(place[1]) if place and place[1] else max(1, len(written.splitlines()))
    told = problem[: place.start()] if place else problem
    return AuditError("configuration.syntax", file=path, line=line, problem=told)


def site_language(config: Path | None, here: Path) -> Value:
    """The language that a site has set, to greet people in it; mistakes in its file are told by who uses it."""
    path = find_site_file(config, here)
    try:
        return read_site_file(path).values.get("lang") if path else None
    except AuditError:
        return None
