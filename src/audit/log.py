"""The log of an audit: what happened when, for programs and administrators, without anything personal.

A line holds an event and fields of ``FIELDS``: numbers, ids of runs and rules, names of files and sheets, and keys of
messages. A message itself never stands in the log, for it may quote the cell that it is about.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, TextIO

from audit.errors import AuditError, MistakesError, RunError

Event = Literal["started", "step", "published", "held", "unchanged", "broken_rule", "failed", "interrupted", "notified"]
Level = Literal["debug", "info", "warning", "error"]
_LEVELS: tuple[str, ...] = ("debug", "info", "warning", "error")

#: What a line may hold, in this order, after time, level and event.
FIELDS = (
    "run_id", "as_of", "year", "version", "step", "seconds", "counts", "rule_id", "channel", "state", "error", "kind",
    "file", "sheet", "table", "row", "line", "folder", "place", "mistakes",
)  # fmt: skip

#: What of an error's values may be told: where, never what stands there. Names are texts, rows and lines numbers.
_NAMES = ("file", "sheet", "table", "folder")
_NUMBERS = ("row", "line")
#: So many mistakes of one message are logged; the field ``mistakes`` counts all.
MISTAKES_LOGGED = 20


@dataclass
class RunLog:
    """Writes the lines of one audit.

    Attributes:
        out: where lines go; None for nowhere.
        clock: tells the time of each line, with its zone.
        level: the least important lines that are written.
        as_json: whether a line is a JSON object.
        warn: called once if lines can't be written any more; the audit goes on.
    """

    out: TextIO | None
    clock: Callable[[], datetime]
    level: str = "info"
    as_json: bool = False
    warn: Callable[[OSError], None] = field(default=lambda _error: None)

    def __call__(self, event: Event, level: Level = "info", /, **fields: object) -> None:
        """Write a line.

        Raises:
            ValueError: a field is none of ``FIELDS``; that is a mistake of the program.
        """
        if strange := set(fields) - set(FIELDS):
            raise ValueError(f"no field of the log: {', '.join(sorted(strange))}")
        if self.out is None or _LEVELS.index(level) < _LEVELS.index(self.level):
            return
        head: dict[str, object] = {"time": self.clock().isoformat(timespec="milliseconds"), "level": level}
        known = {name: fields[name] for name in FIELDS if fields.get(name) is not None}
        line = {**head, "event": event, **known}
        try:
            self.out.write(f"{_json_line(line) if self.as_json else _text_line(line)}\n")
            self.out.flush()
        except OSError as error:
            self.out = None
            self.warn(error)

    def failed(self, error: AuditError, step: str | None = None) -> None:
        """Log what stopped the audit: step, the message's key and the places it names, never its values."""
        mistakes = error.mistakes if isinstance(error, MistakesError) else []
        self("failed", "error", step=step, error=error.key, mistakes=len(mistakes) or None, **places(error))
        for mistake in mistakes[:MISTAKES_LOGGED]:
            self("failed", "error", error=mistake.key, **places(mistake))


def places(error: AuditError) -> dict[str, object]:
    """The places that a message names: files, sheets, tables, rows, lines."""
    found: dict[str, object] = {name: str(error.values[name]) for name in _NAMES if error.values.get(name)}
    found.update({name: error.values[name] for name in _NUMBERS if isinstance(error.values.get(name), int)})
    return found


@contextmanager
def run_log(
    where: Path | str | None,
    clock: Callable[[], datetime],
    *,
    level: str = "info",
    as_json: bool = False,
    warn: Callable[[OSError], None] = lambda _error: None,
) -> Iterator[RunLog]:
    """Open the log of one audit; lines are added to what the file already holds.

    Args:
        where: the file, ``-`` for standard error, None for no log.
        clock: tells the time of each line, with its zone.
        level: the least important lines that are written.
        as_json: whether a line is a JSON object.
        warn: called once if lines can't be written any more; the audit goes on.

    Raises:
        RunError: the file can't be opened.
    """
    if where is None or where == "-":
        yield RunLog(sys.stderr if where else None, clock, level, as_json, warn)
        return
    path = Path(where)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        out = path.open("a", encoding="utf-8")
    except OSError as error:
        raise RunError("notification.no_log", file=path, problem=error.strerror or "") from error
    log = RunLog(out, clock, level, as_json, warn)
    try:
        yield log
    finally:
        try:
            out.close()
        except OSError as error:
            if log.out is not None:
                warn(error)


def _json_line(line: Mapping[str, object]) -> str:
    return _visible(json.dumps(line, ensure_ascii=False))


def _text_line(line: Mapping[str, object]) -> str:
    """The line as words; names are quoted where they could be taken for something else."""
    head = f"{line['time']} {str(line['level']).upper():7} {line['event']}"
    return " ".join([head, *(f"{name}={_word(line[name])}" for name in FIELDS if name in line)])


def _word(value: object) -> str:
    if isinstance(value, Mapping):
        return ",".join(f"{name}:{number}" for name, number in value.items())
    word = str(value)
    return word if word.isprintable() and not set(word) & set(' "=') else _visible(json.dumps(word, ensure_ascii=False))


def _visible(line: str) -> str:
    """The line with every sign escaped that can't be seen: line ends of any kind, bytes that are no text."""
    return "".join(sign if sign.isprintable() else json.dumps(sign)[1:-1] for sign in line)
