"""What is made from rules, contract and sample: ``make documents`` writes it, a test holds it against them."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from audit import load_rulebook
from audit.configuration.describe import settings_markdown
from audit.contract.dictionary import dictionary_markdown
from audit.language import Language
from audit.rulebook.catalogue import catalogue
from tests.command import audit, python

ROOT = Path(__file__).parents[1]
EXAMPLE = re.compile(r"(<!-- example: (?P<command>.+?) -->\n```text\n)(?P<output>.*?)(```)", re.DOTALL)


#: A piece of Python and what it prints.
PYTHON = re.compile(r"(```python\n(?P<code>.*?)```\n\nprints\n\n```text\n)(?P<output>.*?)(```)", re.DOTALL)

#: The table of settings, in the language of the document.
SETTINGS = re.compile(r"(<!-- settings -->\n).*?(<!-- /settings -->)", re.DOTALL)


def with_settings(text: str, lang: Language) -> str:
    """A document with the table of settings between its marks."""
    return SETTINGS.sub(lambda found: f"{found[1]}\n{settings_markdown(lang)}\n{found[2]}", text)


def run_python(code: str) -> str:
    """What a piece of Python in README prints."""
    with tempfile.TemporaryDirectory() as folder:
        code = code.replace('out="reports"', f"out={folder!r}")
        done = python(code)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout + done.stderr


def run_example(command: str) -> str:
    """What a command of README prints, with the output folder as it is there."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = command.split()[1:]
        out = ["--out", folder] if arguments[0] == "run" else []
        done = audit(*arguments, *out)
    if done.returncode or done.stderr:
        raise RuntimeError(done.stderr or f"{command}: exit code {done.returncode}")
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.replace(folder, "reports").splitlines())


def with_examples(text: str) -> str:
    """A document with the real output of its example commands."""
    text = PYTHON.sub(lambda found: found[1] + run_python(found["code"]) + found[4], text)
    return EXAMPLE.sub(lambda found: found[1] + run_example(found["command"]) + found[4], text)


def _readme(name: str, lang: Language) -> str:
    return with_settings(with_examples((ROOT / name).read_text(encoding="utf-8")), lang)


#: Every generated document, and what writes its text.
DOCUMENTS: Mapping[str, Callable[[], str]] = {
    "rules/README.md": lambda: catalogue(load_rulebook(ROOT / "rules"), "en"),
    "rules/README.zh-CN.md": lambda: catalogue(load_rulebook(ROOT / "rules"), "zh"),
    "data/dictionary.md": lambda: dictionary_markdown("en"),
    "data/dictionary.zh-CN.md": lambda: dictionary_markdown("zh"),
    "README.md": lambda: _readme("README.md", "en"),
    "README.zh-CN.md": lambda: _readme("README.zh-CN.md", "zh"),
}


if __name__ == "__main__":
    for name, make in DOCUMENTS.items():
        (ROOT / name).write_text(make(), encoding="utf-8")
