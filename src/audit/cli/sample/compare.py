"""``audit sample compare``: who stayed, moved, left or entered from one frame to the next, and why."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import duckdb

from audit.cli.options import json_option
from audit.cli.sample.options import samples_of, samples_options
from audit.cli.tables import console, print_table
from audit.language import Language, text
from audit.report.masking import harmless
from audit.sampling.draw.sample import Visited, visited_from
from audit.sampling.frame import Frame, read_frame
from audit.sampling.frame.compare import Change, Counted, compared, counted, moved, of_units, write_changes

#: Households of a sample that the terminal lists; ``--to`` writes all of them.
_LINES = 50


@dataclass(frozen=True, slots=True)
class OfSample:
    """What became of the households to be visited of one sample.

    Attributes:
        sample_id: the sample.
        visits: how many households are to be visited.
        changes: those of them that are not in the later frame, or differ in a column.
    """

    sample_id: str
    visits: int
    changes: tuple[Change, ...]


def make_compare(lang: Language) -> click.Command:
    """Make the command in one language."""
    file = click.Path(path_type=Path, dir_okay=False)

    @click.command("compare", help=text("sample_command.compare_help", lang))
    @click.argument("earlier", metavar="FRAME")
    @click.argument("later", metavar="FRAME")
    @click.option("--to", type=file, help=text("sample_command.compare_to", lang))
    @samples_options(lang)
    @json_option(lang)
    def command(earlier: str, later: str, to: Path | None, out: Path, folder: Path | None, as_json: bool) -> None:
        samples = samples_of(out, folder)
        frames = read_frame(samples, earlier), read_frame(samples, later)
        drawn = visited_from(samples, frames[0].frame_id)
        with compared(*frames, out) as con:
            counts, parts = counted(con), moved(con)
            of_samples = [_of_sample(con, name, units) for name, units in drawn.items()]
            if to:
                write_changes(con, to, _samples_of_units(drawn))
        if as_json:
            content = {
                "frames": [one.frame_id for one in frames],
                "changes": [asdict(one) for one in counts],
                "moved": parts,
                "samples": [asdict(one) for one in of_samples],
            }
            click.echo(json.dumps(content, ensure_ascii=False, indent=1))
            return
        _print(frames, counts, parts, lang)
        for one in of_samples:
            _print_sample(one, lang)
        if to:
            console().print(text("cli.written", lang, path=to))

    return command


def _of_sample(con: duckdb.DuckDBPyConnection, name: str, units: Sequence[Visited]) -> OfSample:
    changes = of_units(con, [one.unit.unit_id for one in units])
    return OfSample(name, len(units), tuple(one for one in changes if one.change != "stayed"))


def _samples_of_units(drawn: Mapping[str, Sequence[Visited]]) -> Mapping[str, Sequence[str]]:
    """In which samples each household is to be visited."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, units in sorted(drawn.items()):
        for one in units:
            found[one.unit.unit_id].append(name)
    return found


def _why(change: str, reason: str, lang: Language) -> str:
    return text(f"sample_command.{change}_{reason}", lang) if reason else ""


def _print(frames: tuple[Frame, Frame], counts: Sequence[Counted], parts: Mapping[str, int], lang: Language) -> None:
    told = {
        f"{name}_{number}": getattr(one, name)
        for number, one in enumerate(frames, 1)
        for name in ("frame_id", "run_id")
    }
    sizes = {f"n_{number}": f"{one.n_units:,}" for number, one in enumerate(frames, 1)}
    console().print(text("sample_command.frames_compared", lang, **told, **sizes))
    households = (text("sample_command.households", lang), True)
    heads = [
        (text("sample_command.change", lang), False),
        (text("sample_command.reason_name", lang), False),
        households,
    ]
    rows = [
        (text(f"sample_command.change_{one.change}", lang), _why(one.change, one.reason, lang), f"{one.units:,}")
        for one in counts
    ]
    print_table("", heads, rows)
    if parts:
        shown = [(text(f"sample_command.part_{part}", lang), f"{units:,}") for part, units in parts.items()]
        print_table("", [(text("sample_command.moved_in", lang), False), households], shown)


def _print_sample(one: OfSample, lang: Language) -> None:
    left = sum(change.change == "left" for change in one.changes)
    told = {"sample": one.sample_id, "visits": f"{one.visits:,}", "left": f"{left:,}"}
    console().print(text("sample_command.sample_compared", lang, **told, moved=f"{len(one.changes) - left:,}"))
    heads = [(text(f"sample_command.{name}", lang), False) for name in ("household", "change", "reason_name")]
    rows = [
        (
            harmless(change.unit_id),
            text(f"sample_command.change_{change.change}", lang),
            _why(change.change, change.reason, lang)
            or ", ".join(text(f"sample_command.part_{part}", lang) for part in change.moved),
        )
        for change in one.changes
    ]
    if rows:
        print_table("", heads, rows[:_LINES])
    if len(rows) > _LINES:
        console().print(text("sample_command.more_lines", lang, count=f"{len(rows) - _LINES:,}"))
