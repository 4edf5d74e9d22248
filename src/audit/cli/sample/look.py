"""``audit sample list``, ``verify``, ``explain``: what was drawn, whether it still comes out so, and why."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from audit.cli.options import json_option
from audit.cli.sample.options import samples_of, samples_options
from audit.cli.tables import console, print_table
from audit.language import Language, text
from audit.report.masking import harmless
from audit.sampling.draw.explain import Explained, explain_unit
from audit.sampling.draw.sample import Sample, all_samples, discarded, read_sample, to_visit
from audit.sampling.draw.verify import Compared, verify
from audit.sampling.frame import frame_records
from audit.sampling.rows import DrawLog
from audit.sampling.store import Store, open_store

DIFFERS = 1
#: What is said of something computed again.
_VERDICTS = {True: "same", False: "differs", None: "not_replayed"}


def make_list(lang: Language) -> click.Command:
    """Make the command that lists frames and samples, or the households of one sample."""

    @click.command("list", help=text("sample_command.list_help", lang))
    @click.argument("sample", required=False)
    @samples_options(lang)
    @json_option(lang)
    def command(sample: str | None, out: Path, folder: Path | None, as_json: bool) -> None:
        samples = samples_of(out, folder)
        if sample:
            _one(read_sample(samples, sample), out, folder, as_json, lang)
            return
        frames, drawn = frame_records(samples), all_samples(samples)
        with open_store(samples) as store:
            states = [_state(one, store, lang) for one in drawn]
            counts = [len(to_visit(one, store)) for one in drawn]
        if as_json:
            content = {
                "frames": [asdict(one) for one in frames],
                "samples": [
                    {**asdict(one.receipt), "to_visit": count} for one, count in zip(drawn, counts, strict=True)
                ],
            }
            click.echo(json.dumps(content, ensure_ascii=False, indent=1, default=str))
            return
        heads = [(text(f"sample_command.{name}", lang), False) for name in ("frame_name", "run_name", "who_is_in")]
        rows = [(one.frame_id, one.run_id, one.population, f"{one.n_units:,}") for one in frames]
        print_table("", [*heads, (text("sample_command.households", lang), True)], rows)
        names = ("sample", "frame_name", "method_name", "drawn_at", "drawn_by", "state")
        heads = [(text(f"sample_command.{name}", lang), False) for name in names]
        lines = [
            (one.sample_id, one.receipt.frame_id, one.design.method, one.receipt.drawn_at,
             harmless(one.receipt.drawn_by), state, f"{count:,}")
            for one, count, state in zip(drawn, counts, states, strict=True)
        ]  # fmt: skip
        print_table("", [*heads, (text("sample_command.to_visit", lang), True)], lines)

    return command


def _state(sample: Sample, store: Store, lang: Language) -> str:
    gone = discarded(sample, store)
    acts = store.rows(DrawLog, sample_id=sample.sample_id)
    if gone:
        return text("sample_command.state_discarded", lang, reason=harmless(gone.discarded_reason or ""))
    return text("sample_command.state_acts", lang, acts=len(acts))


def _one(sample: Sample, out: Path, folder: Path | None, as_json: bool, lang: Language) -> None:
    with open_store(samples_of(out, folder)) as store:
        visited = to_visit(sample, store)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in visited], ensure_ascii=False, indent=1))
        return
    names = ("household", "village", "stratum", "rank", "role", "stage", "instead", "reason_name")
    heads = [(text(f"sample_command.{name}", lang), name == "rank") for name in names]
    rows = [
        (
            harmless(one.unit.unit_id),
            one.unit.village,
            one.unit.stratum,
            str(one.unit.rank),
            text(f"sample_command.role_{one.unit.role}", lang),
            str(one.unit.stage),
            harmless(one.replaced_by or ""),
            text(f"sample_command.reason_{one.reason}", lang) if one.reason else "",
        )
        for one in visited
    ]
    print_table("", heads, rows)


def make_verify(lang: Language) -> click.Command:
    """Make the command that replays a draw."""

    @click.command("verify", help=text("sample_command.verify_help", lang))
    @click.argument("sample")
    @samples_options(lang)
    @json_option(lang)
    def command(sample: str, out: Path, folder: Path | None, as_json: bool) -> int:
        compared = verify(samples_of(out, folder), sample, out)
        right = all(one.same is not False for one in compared)
        if as_json:
            lines = [_record(one, lang) for one in compared]
            click.echo(json.dumps(lines, ensure_ascii=False, indent=1))
            return 0 if right else DIFFERS
        for one in compared:
            told = text(f"sample_command.{_VERDICTS[one.same]}", lang)
            console().print(f"{told}  {text(f'sample_command.compared_{one.what}', lang)}")
            if one.same is False:
                console().print(f"    {one.expected or '–'} → {one.found or '–'}")
            if one.because:
                console().print(f"    {one.because.message(lang)}")
        left = any(one.same is None for one in compared)
        final = "not_same" if not right else "all_same_but" if left else "all_same"
        console().print(text(f"sample_command.{final}", lang))
        return 0 if right else DIFFERS

    return command


def _record(one: Compared, lang: Language) -> dict[str, object]:
    because = one.because.message(lang) if one.because else None
    return {"what": one.what, "expected": one.expected, "found": one.found, "same": one.same, "because": because}


def make_explain(lang: Language) -> click.Command:
    """Make the command that says why a household is in a sample or not."""

    @click.command("explain", help=text("sample_command.explain_help", lang))
    @click.argument("sample")
    @click.argument("unit", metavar="HOUSEHOLD")
    @samples_options(lang)
    @json_option(lang)
    def command(sample: str, unit: str, out: Path, folder: Path | None, as_json: bool) -> None:
        found = explain_unit(samples_of(out, folder), sample, unit)
        if as_json:
            click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=1))
            return
        console().print(_sentence(found, lang))
        if found.ticket:
            console().print(text("sample_command.ticket_is", lang, ticket=found.ticket))
        if found.cutoff:
            console().print(text("sample_command.cutoff_is", lang, ticket=found.cutoff))

    return command


def _sentence(found: Explained, lang: Language) -> str:
    values = {
        "unit": harmless(found.unit_id),
        "stratum": found.stratum,
        "size": f"{found.size or 0:,}",
        "visited": f"{found.visited or 0:,}",
        "rank": "–" if found.rank is None else f"{found.rank:,}",
    }
    told = text(f"sample_command.is_{found.standing}", lang, **values)
    if found.visit and found.visit.reason:
        reason = text(f"sample_command.reason_{found.visit.reason}", lang)
        told += text("sample_command.was_replaced", lang, reason=reason, into=harmless(found.visit.replaced_by or "–"))
    return told
