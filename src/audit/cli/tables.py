"""Prints tables and shows progress: on a terminal with bars, elsewhere plainly."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, ProgressColumn, SpinnerColumn, Task, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text

from audit.language import Language, text
from audit.remaining import Remaining

#: Columns of text where the width of the terminal is not known.
WIDTH = 120


def console(*, err: bool = False) -> Console:
    """Where to print; no colours and a fixed width where it is no terminal. Brackets and colons mean nothing."""
    stream = sys.stderr if err else sys.stdout
    width = None if stream.isatty() else WIDTH
    return Console(file=stream, width=width, highlight=False, soft_wrap=False, markup=False, emoji=False)


def print_table(title: str, columns: Sequence[tuple[str, bool]], rows: Sequence[Sequence[str]]) -> None:
    """Print a table; of each column its header and whether it holds numbers."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for header, numbers in columns:
        table.add_column(header, justify="right" if numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    console().print(table)


class _TimeLeft(ProgressColumn):
    """The time left, asked anew whenever the bar is drawn."""

    def __init__(self, remaining: Remaining, lang: Language) -> None:
        super().__init__()
        self._remaining = remaining
        self._lang = lang

    def render(self, task: Task) -> Text:
        """Give the words."""
        return Text(self._remaining.left(self._lang))


@contextmanager
def progress_bar(steps: Sequence[str], lang: Language) -> Iterator[Remaining]:
    """A bar over the steps of an audit; nothing where standard error is no terminal.

    Gives what is to be called with each step. If its ``expect`` is told what there is to do, it tells the time left.
    """
    remaining = Remaining(time.monotonic, steps)
    if not sys.stderr.isatty():
        yield remaining
        return

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Bar(*columns, _TimeLeft(remaining, lang), console=console(err=True), transient=True) as bar:
        task = bar.add_task("", total=len(steps))

        def show(step: str, what: str) -> None:
            words = text(f"cli.step_{step}", lang)
            bar.update(task, completed=steps.index(step), description=f"{words} {what}".strip())

        remaining.on_step = show
        yield remaining
