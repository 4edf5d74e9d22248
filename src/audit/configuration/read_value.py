"""Reads what someone has written for a setting: a text of the command line, or a value of ``audit.toml``."""

from __future__ import annotations

import shlex
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit

from audit.configuration.declare import NONE, Setting, Value
from audit.configuration.shown import shown
from audit.errors import AuditError
from audit.model.areas import leading_digits

YES = ("1", "true", "yes", "on")
NO = ("0", "false", "no", "off")


class _WrongError(Exception):
    """What is written can't be read as its kind."""


def read_text(setting: Setting, written: str) -> Value:
    """Read a setting from the command line or the environment.

    Raises:
        AuditError: it should be something else; the value told is masked where it may be a secret.
    """
    try:
        if setting.kind == "yes_no":
            return _yes_no(written)
        if setting.kind == "number":
            return _number(setting, NONE if written == NONE else int(written))
        if setting.kind == "seconds":
            return _seconds(float(written))
        if setting.kind == "day":
            return date.fromisoformat(written)
        if setting.kind == "areas":
            return _areas([part.strip() for part in written.split(",") if part.strip()])
        return _words(setting, written, None)
    except (_WrongError, ValueError) as error:
        raise _should_be(setting, written) from error


def read_toml(setting: Setting, value: object, folder: Path) -> Value:
    """Read a setting from a value of ``audit.toml``; paths start at the file's folder.

    Raises:
        AuditError: it should be something else; the value told is masked where it may be a secret.
    """
    try:
        match setting.kind, value:
            case "yes_no", bool():
                return value
            case (("number" | "seconds" | "areas"), bool()):
                raise _WrongError
            case "number", int() | "none":
                return _number(setting, value)
            case "seconds", int() | float():
                return _seconds(value)
            case "day", date() if not isinstance(value, datetime):
                return value
            case "day", str():
                return date.fromisoformat(value)
            case "areas", list():
                return _areas(value)
            case (("yes_no" | "number" | "seconds" | "day" | "areas"), _):
                raise _WrongError
            case _, str():
                return _words(setting, value, folder)
        raise _WrongError
    except (_WrongError, ValueError) as error:
        raise _should_be(setting, value) from error


def _yes_no(written: str) -> bool:
    word = written.lower()
    if word not in (*YES, *NO):
        raise _WrongError
    return word in YES


def _number(setting: Setting, value: int | str) -> int | None:
    if isinstance(value, str):
        if not setting.or_none:
            raise _WrongError
        return None
    if (setting.least is not None and value < setting.least) or (setting.most is not None and value > setting.most):
        raise _WrongError
    return value


def _seconds(value: float) -> float:
    # A day is long enough for any notification; more would overflow a timer. nan fails both comparisons.
    if not 0 < value <= 86_400:
        raise _WrongError
    return value


def _areas(listed: list[object]) -> tuple[str, ...]:
    found = []
    for one in listed:
        if isinstance(one, bool) or not isinstance(one, int | str) or not str(one):
            raise _WrongError
        digits = leading_digits(str(one))
        if digits is None:
            raise _WrongError
        found.append(digits)
    return tuple(dict.fromkeys(found))


def _words(setting: Setting, written: str, folder: Path | None) -> str | Path:
    if not written.strip() or "\0" in written:
        raise _WrongError
    match setting.kind:
        case "word":
            if written not in setting.choices:
                raise _WrongError
        case "webhook":
            address = urlsplit(written)
            if address.scheme not in {"http", "https"} or not address.hostname or address.port == 0:
                raise _WrongError
        case "command":
            shlex.split(written)
        case "path" | "folder":
            return _path(setting, written, folder)
        case "log" if written != "-":
            return _path(setting, written, folder)
    return written


def _path(setting: Setting, written: str, folder: Path | None) -> Path:
    # A shell has already put the home folder in for "~"; a file has not.
    try:
        path = Path(written) if folder is None else folder / Path(written).expanduser()
    except RuntimeError as error:
        raise _WrongError from error
    if setting.kind == "folder" and not path.is_dir():
        raise _WrongError
    return path


def _should_be(setting: Setting, written: object) -> AuditError:
    name = f"expected_{setting.kind}"
    if setting.kind == "number":
        name += f"{'_to' if setting.most is not None else ''}{'_or_none' if setting.or_none else ''}"
    told = {"choices": ", ".join(setting.choices), "least": setting.least, "most": setting.most}
    expected = AuditError(f"configuration.{name}", **told)
    return AuditError("configuration.should_be", value=shown(setting, written), expected=expected)
