"""``audit sample estimate``: from what inspectors found to how good the audit is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC
from importlib import metadata
from pathlib import Path

import click

from audit.cli.options import clock, json_option, rules_option
from audit.cli.sample.options import samples_of, samples_options
from audit.cli.tables import console, print_table
from audit.errors import RunError
from audit.language import Language, text
from audit.measured import RECORD_FILE
from audit.rulebook import load_rulebook
from audit.sampling.chance import Rate, alpha_of
from audit.sampling.estimate.conclusion import Claim, Conclusion, Taken, conclude
from audit.sampling.estimate.estimate import DomainKind, Measure
from audit.sampling.estimate.figures import limits_written, point_written
from audit.sampling.estimate.page import decision_parts, write_estimates_page
from audit.sampling.estimate.read import read_taken
from audit.sampling.estimate.record import estimate_id_of, record_of, write_record

_CLAIM = re.compile(r"\s*([a-z_]+)\s*(>=|<=)\s*(\S+)\s*")
#: Shares about which a claim may be put by hand.
CLAIMED = (Measure.PRECISION, Measure.HOUSEHOLD_PRECISION, Measure.MISS_RATE, Measure.RECALL)


def make_estimate(lang: Language) -> click.Command:
    """Make the command in one language."""

    @click.command("estimate", help=text("estimate.help", lang))
    @click.argument("sample_ids", metavar="SAMPLE [SAMPLE]", nargs=-1, required=True)
    @click.option("--confidence", default="0.95", show_default=True, help=text("estimate.confidence_option", lang))
    @click.option("--claim", "claims", multiple=True, help=text("estimate.claim_option", lang))
    @click.option("--revise-below", default="0.5", show_default=True, help=text("estimate.revise_option", lang))
    @rules_option(lang)
    @samples_options(lang)
    @json_option(lang)
    def command(
        sample_ids: tuple[str, ...],
        confidence: str,
        claims: tuple[str, ...],
        revise_below: str,
        rules: Path | None,
        out: Path,
        folder: Path | None,
        as_json: bool,
    ) -> int:
        asked = [_claim(one) for one in claims]
        sure = Rate.read(confidence)
        alpha_of(sure)
        samples = samples_of(out, folder)
        takens = [read_taken(samples, one, out) for one in sample_ids]
        _fit(takens)
        conclusion = conclude(takens, sure, Rate.read(revise_below), asked)
        record = record_of(conclusion, metadata.version("household-audit"))
        written = write_record(record, samples.root, clock().astimezone(UTC).isoformat(timespec="seconds"))
        page = write_estimates_page(
            written,
            conclusion,
            estimate_id=estimate_id_of(record),
            as_of=takens[0].as_of,
            titles=_titles(rules, lang),
            lang=lang,
        )
        if as_json:
            click.echo((written / RECORD_FILE).read_text(encoding="utf-8"), nl=False)
        else:
            _print(conclusion, page, lang)
        return 0

    return command


def _claim(written: str) -> Claim:
    """Read ``recall>=0.8``."""
    found = _CLAIM.fullmatch(written)
    measure = next((one for one in CLAIMED if found and one == found[1]), None)
    if found is None or measure is None:
        raise RunError("estimate.claim_unreadable", value=written, measures=", ".join(CLAIMED))
    return Claim(measure, found[2] == ">=", Rate.read(found[3]))


def _fit(takens: list[Taken]) -> None:
    """See that two samples can be put together: one of flagged, one of unflagged households of the same run."""
    if len(takens) == 1:
        return
    kinds = sorted(one.population_name for one in takens)
    if kinds != ["flagged", "unflagged"] or len({(one.run_id, one.narrowed) for one in takens}) > 1:
        raise RunError("estimate.samples_do_not_fit", samples=", ".join(one.sample_id for one in takens))


def _titles(rules: Path | None, lang: Language) -> Mapping[str, str]:
    return {one.id: one.title if lang == "zh" else one.title_en for one in load_rulebook(rules).rules}


def _print(conclusion: Conclusion, page: Path, lang: Language) -> None:
    """Print what holds for the whole, the decisions, and where the page is."""
    heads = [(text("estimate.measure", lang), False)]
    heads += [
        (text(f"estimate.{name}", lang), True) for name in ("point", "limits", "whatever", "judged", "unresolved")
    ]
    rows = [
        (
            text(f"estimate.{one.measure}", lang),
            point_written(one),
            limits_written(one),
            limits_written(one, whatever=True),
            f"{one.seen.found:,} / {one.seen.things:,}" if one.seen else "–",
            f"{one.unresolved:,}",
        )
        for one in conclusion.estimates
        if one.kind is DomainKind.ALL
    ]
    print_table(text("estimate.title", lang), heads, rows)
    out = console()
    for part in decision_parts(conclusion, lang):
        out.print(f"{part.claim} {part.verdict}")
    for one in conclusion.samples:
        for revision in one.revisions:
            out.print(text("estimate.revise_line", lang, rule=revision.rule_id, count=len(revision.households)))
    out.print(text("estimate.page_at", lang, path=page))
