"""``audit release``: publishes a run that the gate held, once a person has looked."""

from __future__ import annotations

import getpass
from pathlib import Path

import click

from audit.cli.options import clock
from audit.cli.tables import console
from audit.gate import Release, read_verdict
from audit.language import Language, text
from audit.report.gate_page import write_gate_page
from audit.runs.release import release as let_pass


def make(lang: Language) -> click.Command:
    """Make the command in one language."""

    @click.command("release", help=text("history.release_help", lang))
    @click.argument("run")
    @click.option("--because", required=True, metavar="TEXT", help=text("history.because", lang))
    @click.option("--by", metavar="NAME", help=text("history.by", lang))
    @click.option("--out", type=click.Path(path_type=Path), default=Path("reports"), help=text("history.out", lang))
    def release(run: str, because: str, by: str | None, out: Path) -> int:
        released = let_pass(out, run, because=because, by=by or getpass.getuser(), now=clock)
        if released.release:  # the page of the gate says from now on who let the run pass
            passed = Release(f"{released.release.because} ({released.release.by})", released.release.at)
            write_gate_page(released.folder, read_verdict(released.folder), lang, run_id=run, release=passed)
        console().print(text("history.released", lang, run=released.run_id))
        return 0

    return release
