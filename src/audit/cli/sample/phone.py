"""``audit sample phone``: a desk or phone check of a sample, after which some of each group are visited."""

from __future__ import annotations

from pathlib import Path

import click

from audit.cli.sample.options import now, samples_of, samples_options
from audit.cli.tables import print_table
from audit.errors import RunError
from audit.language import Language, text
from audit.report.masking import harmless
from audit.sampling.second_phase import PART, FirstPhase, build_second_phase, write_list


def make_phone(lang: Language) -> click.Command:
    """Make the command in one language."""
    file = click.Path(path_type=Path, dir_okay=False)

    @click.command("phone", help=text("sample_command.phone_help", lang))
    @click.argument("sample")
    @click.argument("groups", required=False, type=file, metavar="[GROUPS.csv]")
    @click.option("--list", "listed", type=file, help=text("sample_command.phone_list", lang))
    @samples_options(lang)
    def command(sample: str, groups: Path | None, listed: Path | None, out: Path, folder: Path | None) -> None:
        samples = samples_of(out, folder)
        if (groups is None) == (listed is None):
            raise RunError("sampling.phone_one_of_two")
        if listed:
            count = write_list(samples, sample, listed)
            click.echo(text("sample_command.phone_listed", lang, file=listed, n=count))
        if groups:
            frame = build_second_phase(samples, sample, groups, now=now())
            first = FirstPhase.of(frame)
            told = {"frame": frame.frame_id, "n": frame.n_units, "part": PART}
            click.echo(text("sample_command.phone_frame", lang, **told))
            heads = [(text("sample_command.phone_group", lang), False), (text("sample_command.households", lang), True)]
            counts = first.groups.items() if first else ()
            print_table("", heads, [(harmless(group), f"{count:,}") for group, count in counts])
            click.echo(text("sample_command.phone_next", lang, **told))

    return command
