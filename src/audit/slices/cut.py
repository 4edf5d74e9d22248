"""Cuts slices out of a published run: one area's, or each of a level."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

import duckdb

from audit.errors import RunError
from audit.findings.summary import RunSummary
from audit.gate import Verdict, read_verdict
from audit.language import Language
from audit.model.areas import Level
from audit.published import Area, PublishedRun, areas_at, find_area, name_places, opened, read_areas, read_published
from audit.report.areas import build_areas
from audit.report.ground import Ground, Night
from audit.report.layout import Frame, environment
from audit.report.links import INDEX, QUARANTINE, RULES
from audit.report.places import place_names
from audit.report.quarantine import build_quarantine
from audit.report.rules import build_rules
from audit.slices.archive import pack, write_manifest
from audit.slices.book import BOOK, BookOf, write_book
from audit.slices.counts import Counts, counts_of
from audit.slices.data import mask_faults, prepare_pages, write_data
from audit.slices.index import build_index
from audit.slices.summary import summary_of_area

#: The pages that are linked from every page of a slice.
_NAVIGATION = ((INDEX, "overview"), (RULES, "rules"), (f"{INDEX}#townships", "townships"), (QUARANTINE, "quarantine"))


@dataclass(frozen=True)
class Slice:
    """A slice in its archive.

    Attributes:
        path: the archive.
        area: whose it is.
        counts: what it holds.
    """

    path: Path
    area: Area
    counts: Counts


def cut_area(
    folder: Path,
    asked: str,
    path: Path,
    *,
    lang: Language = "zh",
    show_personal: bool = False,
    force: bool = False,
) -> Slice:
    """Make one area's own copy of a run.

    Args:
        folder: the run's folder.
        asked: the code or the name of the area.
        path: the archive to write.
        lang: language of pages and workbook.
        show_personal: whether personal data are shown in full; only from a run that shows them too.
        force: whether an archive that is there already is overwritten.

    Raises:
        RunError: the run is no whole published run or has no such area, or the archive can't be written.
    """
    run = _whole_run(folder, show_personal=show_personal)
    areas = read_areas(run)
    return _cut(run, areas, find_area(areas, asked), path, lang, show_personal=show_personal, force=force)


def cut_each(
    folder: Path,
    level: Level,
    out: Path,
    *,
    lang: Language = "zh",
    show_personal: bool = False,
    force: bool = False,
    on_slice: Callable[[int, int], None] = lambda _done, _all: None,
) -> Iterator[Slice]:
    """Make a copy for each area of a level, named after its code; what it raises is what ``cut_area`` raises.

    Args:
        folder: the run's folder.
        level: county, township or village.
        out: the folder in which the archives appear.
        lang: language of pages and workbooks.
        show_personal: whether personal data are shown in full.
        force: whether archives that are there already are overwritten.
        on_slice: told how many are done, and how many there are.
    """
    run = _whole_run(folder, show_personal=show_personal)
    areas = read_areas(run)
    chosen = areas_at(areas, level)
    if not chosen:
        raise RunError("slices.no_level", run=run.run_id, level=level)
    paths = [out / f"{run.run_id}-{area.code}.zip" for area in chosen]
    if not force and (there := [path for path in paths if path.exists()]):
        raise RunError("slices.exists", path=there[0])
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError("slices.unwritable", path=out, problem=error.strerror or "") from error
    for done, (area, path) in enumerate(zip(chosen, paths, strict=True), start=1):
        yield _cut(run, areas, area, path, lang, show_personal=show_personal, force=force)
        on_slice(done, len(chosen))


def _whole_run(folder: Path, *, show_personal: bool) -> PublishedRun:
    run = read_published(folder)
    if show_personal and not run.shows_personal:
        raise RunError("slices.masked_run", run=run.run_id)
    return run


def _cut(
    run: PublishedRun,
    areas: tuple[Area, ...],
    area: Area,
    path: Path,
    lang: Language,
    *,
    show_personal: bool,
    force: bool,
) -> Slice:
    if path.exists() and not force:
        raise RunError("slices.exists", path=path)
    with tempfile.TemporaryDirectory(prefix="audit-slice-") as aside, opened(run, area) as con:
        inside = Path(aside)
        if not show_personal:
            mask_faults(con)
        counts, summary = counts_of(con), summary_of_area(run, con, area)
        write_data(con, inside)
        write_book(BookOf(con, summary, run.rulebook, area.title, lang, show_personal), inside / BOOK)
        _write_pages(run, con, summary, inside, (areas, area, counts), lang, show_personal=show_personal)
        write_manifest(inside, _about(run, area, counts, lang, show_personal=show_personal))
        return Slice(pack(inside, path, f"{run.run_id}-{area.code}", force=force), area, counts)


def _about(run: PublishedRun, area: Area, counts: Counts, lang: Language, *, show_personal: bool) -> dict[str, object]:
    return {
        "run_id": run.run_id,
        "as_of": run.as_of.isoformat(),
        "year": run.year,
        "area_code": area.code,
        "area_level": area.level,
        "area": area.title,
        "households": area.households,
        "counts": asdict(counts),
        "lang": lang,
        "personal_data": "shown" if show_personal else "masked",
        "rules_sha256": run.rulebook.digest,
        "broken_rules": list(run.run.broken),
        "audit": metadata.version("household-audit"),
    }


def _write_pages(
    run: PublishedRun,
    con: duckdb.DuckDBPyConnection,
    summary: RunSummary,
    folder: Path,
    about: tuple[tuple[Area, ...], Area, Counts],
    lang: Language,
    *,
    show_personal: bool,
) -> None:
    """Write the pages of a slice: the same as those of a run, from what is of the area alone."""
    areas, area, counts = about
    listed = [state.rule.id for state in run.rules if state.status == "evaluated" and not state.rule.indicator]
    only_for_pages = prepare_pages(con, folder, listed)
    name_places(con)
    ground = Ground(
        con,
        folder,
        environment("audit.slices"),
        Frame(run.run_id, run.as_of, lang, navigation=_NAVIGATION),
        summary,
        run.rulebook,
        Night(None, _verdict(run), {}, {}),
        show_personal=show_personal,
        areas=True,
        names=place_names(con),
    )
    build_areas(ground)
    build_rules(ground, {})
    build_quarantine(ground)
    townships = tuple(
        one
        for one in areas_at(areas, "township")
        if area.digits.startswith(one.digits) or one.digits.startswith(area.digits)
    )
    build_index(ground, area, townships, counts)
    for path in only_for_pages:
        path.unlink()


def _verdict(run: PublishedRun) -> Verdict:
    """What the gate said of the run: no page of a slice shows it, and every builder of pages is given it."""
    return read_verdict(run.folder)
