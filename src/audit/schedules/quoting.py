"""How a word is written so that each scheduler hands it on unchanged."""

from __future__ import annotations

import shlex

from audit.errors import RunError


def unit_path(path: object) -> str:
    """A path that is a whole setting of a systemd unit: only the percent sign means something else there."""
    return str(path).replace("%", "%%")


def unit_word(word: object) -> str:
    """A word of a systemd command or list: in quotes, with what systemd would replace written twice."""
    plain = str(word).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{unit_path(plain)}"'


def unit_command(words: tuple[str, ...]) -> str:
    """A command line of a systemd unit: in its arguments a dollar sign would name a variable.

    Raises:
        RunError: the program's path has quotes or a backslash, which systemd refuses.
    """
    program, *arguments = words
    if set(program) & set("\"'\\"):
        raise RunError("schedules.program", path=program)
    return " ".join([unit_word(program), *(unit_word(word).replace("$", "$$") for word in arguments)])


def cron_words(*words: object) -> str:
    """Words of a cron line: quoted for the shell; cron makes a line break of a percent sign without a backslash.

    Raises:
        RunError: a word has a backslash, which every cron reads in its own way.
    """
    for word in words:
        if "\\" in str(word):
            raise RunError("schedules.backslash", path=word)
    return shlex.join(str(word) for word in words).replace("%", "\\%")
