"""Where samples are, for the commands of ``audit sample``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from audit.language import Language, text

Function = TypeVar("Function", bound=Callable[..., object])


def samples_option(lang: Language) -> Callable[[Function], Function]:
    """The folder of samples."""
    return click.option("--samples", type=click.Path(path_type=Path, file_okay=False), help=text("field.samples", lang))


def runs_option(lang: Language) -> Callable[[Function], Function]:
    """The output folder of the audits."""
    return click.option(
        "--runs",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path("reports"),
        show_default=True,
        help=text("field.runs", lang),
    )


def samples_in(samples: Path | None, runs: Path) -> Path:
    """The folder of samples: the one that is named, else that of the audits."""
    return samples or runs / "samples"
