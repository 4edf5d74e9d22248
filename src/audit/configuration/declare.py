"""The table of settings: what can be set, how it is written, and what holds if nobody sets it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

Kind = Literal[
    "path", "log", "folder", "text", "word", "number", "seconds", "yes_no", "day", "areas", "address", "webhook",
    "command",
]  # fmt: skip
Section = Literal["input", "policy", "output", "gate", "machine", "notify", "log"]
Value = None | bool | int | float | str | date | Path | tuple[str, ...]

#: The part of the settings by which they are listed, in the order of listing.
SECTIONS: tuple[Section, ...] = ("input", "policy", "output", "gate", "machine", "notify", "log")

#: What stands for "nothing" where a number is asked for.
NONE = "none"

SEVERITIES = ("high", "medium", "low")


@dataclass(frozen=True)
class Setting:
    """One thing that can be set.

    Attributes:
        name: its name in the program; the flag and the environment variable are made from it.
        kind: what is written there, and how it is read.
        section: the part of the list in which it stands; its sentence is ``configuration.<name>`` of the language.
        example: a value as it is written in ``audit.toml``.
        default: what holds if nobody sets it.
        within: its key in ``audit.toml`` where that is not the name: ``notify.when`` stands in the table ``[notify]``.
        choices: the words that are allowed.
        least: the smallest number allowed.
        most: the greatest number allowed.
        or_none: whether the word ``none`` is allowed instead of a number.
    """

    name: str
    kind: Kind
    section: Section
    example: str
    default: Value = None
    within: str = ""
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    or_none: bool = False

    @property
    def flag(self) -> str:
        """How it is written on the command line; the registry has no flag but a place of its own."""
        return "DATA" if self.name == "data" else f"--{self.name.replace('_', '-')}"

    @property
    def opposite(self) -> str:
        """The flag that takes a yes back: ``--no-force`` for ``--force``, ``--with-gate`` for ``--no-gate``."""
        words = self.name.replace("_", "-")
        return f"--with-{words.removeprefix('no-')}" if words.startswith("no-") else f"--no-{words}"

    @property
    def environment(self) -> str:
        """The name of its environment variable."""
        return f"AUDIT_{self.name.upper()}"

    @property
    def key(self) -> str:
        """Its key in ``audit.toml``, with the table before a point."""
        return self.within or self.name

    @property
    def table(self) -> str:
        """The table of ``audit.toml`` in which it stands; empty for the top."""
        return self.key.rpartition(".")[0]


SETTINGS: tuple[Setting, ...] = (
    Setting("data", "path", "input", '"registry"'),
    Setting("source", "address", "input", '"postgresql://audit@db.example:5432/registry"'),
    Setting("source_map", "path", "input", '"source-map.yaml"'),
    Setting("aliases", "path", "input", '"aliases.csv"'),
    Setting("areas", "areas", "input", '["139901", "139902"]', default=()),
    Setting("as_of", "day", "policy", "2024-12-31"),
    Setting("year", "number", "policy", "2024", least=1900, most=2999),
    Setting("rules", "path", "policy", '"my-rules"'),
    Setting("count_advisory", "yes_no", "policy", "true", default=False),
    Setting("out", "path", "output", '"reports"', default=Path("reports")),
    Setting("samples", "path", "output", '"samples"'),
    Setting("lang", "word", "output", '"en"', default="zh", choices=("zh", "en")),
    Setting("show_personal", "yes_no", "output", "true", default=False),
    Setting("pages", "word", "output", '"county"', default="auto", choices=("auto", "township", "county", "none")),
    Setting("fail_on", "word", "output", '"high"', choices=SEVERITIES),
    Setting("keep", "number", "output", "30", least=1, or_none=True),
    Setting("force", "yes_no", "output", "true", default=False),
    Setting("previous", "text", "output", '"none"'),
    Setting("gate", "path", "gate", '"gate.yaml"'),
    Setting("no_gate", "yes_no", "gate", "true", default=False),
    Setting("memory", "text", "machine", '"4GB"', default="half"),
    Setting("threads", "number", "machine", "2", least=1),
    Setting("scratch", "folder", "machine", '"."'),
    Setting("reuse", "path", "machine", '"read-sheets"'),
    Setting("notify_command", "command", "notify", '"tell-office --to audit@example.org"', within="notify.command"),
    Setting("notify_webhook", "webhook", "notify", '"https://chat.example.org/hooks/audit"', within="notify.webhook"),
    Setting("notify_timeout", "seconds", "notify", "10", default=30, within="notify.timeout"),
    Setting(
        "notify_when", "word", "notify", '"held"', default="always", within="notify.when",
        choices=("always", "findings", "held", "failed"),
    ),
    Setting("log", "log", "log", '"audit.log"', within="log.file"),
    Setting("log_format", "word", "log", '"json"', default="text", within="log.format", choices=("text", "json")),
    Setting("log_level", "word", "log", '"info"', default="info", within="log.level",
            choices=("debug", "info", "warning", "error")),
)  # fmt: skip
