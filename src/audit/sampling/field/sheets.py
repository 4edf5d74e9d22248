"""Writes the sheets of a sample: one workbook and one page to print per village and inspector."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from audit.accepted import accepted_registry
from audit.database import Settings
from audit.errors import AuditError, RunError
from audit.explain.published import PublishedRun, changes, read_run
from audit.language import text
from audit.report.masking import harmless
from audit.rulebook import Rulebook, load_rulebook
from audit.sampling.field.book import Book, draw_book
from audit.sampling.field.codes import Role
from audit.sampling.field.disputes import Dispute, disputed_items
from audit.sampling.field.homes import Home, read_homes
from audit.sampling.field.inspectors import Assignment, assign, read_inspectors
from audit.sampling.field.issue import issue, rules_asked
from audit.sampling.field.lines import Shown, item_lines, visit_lines
from audit.sampling.field.page import write_page
from audit.sampling.field.records import opened_records
from audit.sampling.field.registered import Values, read_values
from audit.sampling.field.sample import Sample, Unit, read_sample
from audit.sampling.field.state import IssuedUnit, read_issued, read_state

_UNSAFE = re.compile(r"[^\w-]+")
_LONGEST_NAME = 40


@dataclass(frozen=True)
class Wish:
    """How sheets are to be written.

    Attributes:
        role: for a first visit, a second one, or an adjudication.
        values: whether the registry's values are shown; never to a second inspector.
        inspectors: a file that says who goes where; by default one sheet per village.
        registry: the registry for the names of heads and villages; by default that of the run, if it is still there.
        rules: the rules; by default those of the run.
        settings: language, masking, memory.
    """

    role: Role = Role.FIRST
    values: bool = True
    inspectors: Path | None = None
    registry: Path | str | None = None
    rules: Path | None = None
    settings: Settings = field(default_factory=Settings)


@dataclass(frozen=True)
class Written:
    """The sheets that were written.

    Attributes:
        files: workbooks and pages.
        units: how many households they hold.
        items: how many items.
        notes: what the inspectors will miss, and why.
    """

    files: tuple[Path, ...]
    units: int
    items: int
    notes: tuple[AuditError, ...]


def write_sheets(samples: Path, sample_id: str, runs: Path, out: Path, wish: Wish) -> Written:
    """Write the sheets of a sample into a folder; what is recorded so far stands in them.

    Args:
        samples: the folder of samples.
        sample_id: the sample.
        runs: the output folder in which the run of the sample's frame is.
        out: where the sheets go.
        wish: how they are to be written.

    Raises:
        RunError: there is no such sample, its run is gone, nothing is to be visited, or ``out`` can't be written.
        InspectorError: the list of inspectors has mistakes.
    """
    sample = read_sample(samples, sample_id)
    run = _run(runs, sample)
    rulebook = load_rulebook(wish.rules or (run.rules if run else None))
    lang = wish.settings.lang
    with opened_records(samples) as con:
        disputes = disputed_items(con, sample.sample_id) if wish.role is Role.ADJUDICATOR else {}
        units = _to_visit(sample, wish.role, disputes)
        folder = runs / sample.run_id if run else None
        questions = rules_asked(con, sample, folder, rulebook, wish.role, units) if folder else {}
        homes, values_kept, notes = _registry(run, units, questions, rulebook, wish)
        villages = {unit.village: homes[unit.unit_id].village if unit.unit_id in homes else "" for unit in units}
        listed = read_inspectors(wish.inspectors, villages) if wish.inspectors else ()
        issue(con, sample, folder, rulebook, wish.role, units, values_kept)
        issued = {one.unit_id: one for one in _issued(con, sample.sample_id, wish.role)}
        keys = [key for one in issued.values() for key in (one.row_key, *(item.row_key for item in one.items))]
        state = read_state(con, keys)
    values = wish.values and wish.role is not Role.SECOND
    shown = Shown(
        lang, values, "", homes, {rule.id: rule for rule in rulebook.rules}, rulebook.parameters, state, disputes
    )
    files: list[Path] = []
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError("field.unwritable", path=out, problem=error.strerror or "") from error
    for one in assign(units, listed):
        asked = [issued[unit.unit_id] for unit in one.units]
        stem = _stem(sample, wish.role, one, files)
        files += _write_assignment(out / stem, sample, wish.role, one, asked, replace(shown, inspector=one.inspector))
    items = sum(len(issued[unit.unit_id].items) for unit in units)
    return Written(tuple(files), len(units), items, notes)


def _run(runs: Path, sample: Sample) -> PublishedRun | None:
    """The run of the frame; None for a rehearsal, which only says about which rules two policies disagree."""
    folder = runs / sample.run_id
    return None if sample.population == "disagreement" and not (folder / "run.json").is_file() else read_run(folder)


def _issued(con: sqlite3.Connection, sample_id: str, role: Role) -> tuple[IssuedUnit, ...]:
    return read_issued(con, "unit.sample_id = ? AND unit.role = ?", (sample_id, role.value))


def _to_visit(sample: Sample, role: Role, disputes: Mapping[str, Mapping[str, Dispute]]) -> tuple[Unit, ...]:
    chosen = {Role.SECOND: sample.second, Role.ADJUDICATOR: frozenset(disputes)}
    units = tuple(unit for unit in sample.units if role not in chosen or unit.unit_id in chosen[role])
    if not units:
        raise RunError(f"field.nobody_{role.value}", sample=sample.sample_id)
    return units


def _registry(
    run: PublishedRun | None,
    units: Sequence[Unit],
    asked: Mapping[str, Sequence[str]],
    rulebook: Rulebook,
    wish: Wish,
) -> tuple[Mapping[str, Home], Values, tuple[AuditError, ...]]:
    """The names of the households, and what the registry says about the questions that they are asked.

    Without them the sheets are still good, only harder to use. A registry that is no longer that of the run names the
    households, but says nothing: its values are those of another day.
    """
    data = wish.registry or (run.data if run else None)
    if data is None or isinstance(data, Path) and not data.exists():
        return {}, {}, (AuditError("field.nameless", data=data or "–"),)
    source_map = run.source_map if run and not wish.registry else None
    notes: list[AuditError] = []
    with accepted_registry(data, source_map, wish.settings) as accepted:
        homes = read_homes(accepted, (unit.unit_id for unit in units), show_personal=wish.settings.show_personal)
        values: Values = {}
        changed = changes(run, accepted.registry, rulebook) if run and asked else ()
        of_data = [one for one in changed if one.key != "explain.rules_changed"]
        if run and of_data:
            notes.append(AuditError("field.registry_changed", run=run.run_id, problem=of_data[0]))
        elif run and asked:
            named = {rule_id for rules in asked.values() for rule_id in rules}
            rules = [rule for rule in rulebook.rules if rule.id in named]
            values = read_values(accepted, run, rulebook, rules, asked)
    missing = sum(unit.unit_id not in homes for unit in units)
    if missing:
        notes.append(AuditError("field.some_nameless", count=missing))
    return homes, values, tuple(notes)


def _stem(sample: Sample, role: Role, one: Assignment, taken: Sequence[Path]) -> str:
    """The name of a sheet's files; two inspectors whose names differ only in odd signs get two of them."""
    stem = "-".join(filter(None, (safe(sample.sample_id), role.value, safe(one.village), safe(one.inspector))))
    names = {path.stem for path in taken}
    numbered = (f"{stem}-{number}" if number > 1 else stem for number in range(1, len(names) + 2))
    return next(name for name in numbered if name not in names)


def _write_assignment(
    stem: Path, sample: Sample, role: Role, one: Assignment, asked: Sequence[IssuedUnit], shown: Shown
) -> tuple[Path, Path]:
    lang = shown.lang
    visits, items = visit_lines(asked, shown), item_lines(asked, shown)
    names = {"first_said", "second_said"} if role is not Role.ADJUDICATOR else set()
    left_out = frozenset({*names, *(() if shown.values else ("registry",))})
    footer = text("field_sheet.print_footer", lang, sample=sample.sample_id)
    cover = _cover(sample, role, one, len(items), shown)
    book = Book(cover, {"visits": visits, "items": items}, left_out, footer)
    workbook, page = stem.with_name(f"{stem.name}.xlsx"), stem.with_name(f"{stem.name}.html")
    draw_book(workbook, book, lang)
    write_page(page, book, lang, inspector=harmless(one.inspector))
    return workbook, page


def _cover(sample: Sample, role: Role, one: Assignment, items: int, shown: Shown) -> list[str]:
    lang = shown.lang
    village = next((shown.homes[unit.unit_id].village for unit in one.units if unit.unit_id in shown.homes), "")
    place = " ".join(filter(None, (village, one.village))) or text("field_sheet.no_village", lang)
    named = harmless(one.inspector) or text("field_sheet.unassigned", lang)
    told = {"sample": sample.sample_id, "as_of": sample.as_of, "role": text(f"field_sheet.role_{role.value}", lang)}
    lines = [
        text("field_sheet.cover_head", lang, place=place),
        text("field_sheet.cover_sample", lang, **told),
        text("field_sheet.cover_inspector", lang, inspector=named),
        text("field_sheet.cover_count", lang, units=len(one.units), items=items),
        text(f"field_sheet.cover_{'shown' if shown.values else 'hidden'}", lang),
    ]
    if role is Role.ADJUDICATOR:
        lines.append(text("field_sheet.cover_adjudicated", lang))
    if not shown.homes:
        lines.append(text("field_sheet.cover_nameless", lang))
    return [*lines, "", *text("field_sheet.guide", lang).splitlines()]


def safe(name: str) -> str:
    """A name as a part of a file's name."""
    return _UNSAFE.sub("_", name)[:_LONGEST_NAME]
