"""Judges every row that came back: what it is about, what it says, and whether that can be recorded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from audit.contract.cells import SCIENTIFIC, fold
from audit.errors import AuditError
from audit.report.masking import harmless
from audit.sampling.field.answers import Answer, Fate, Problem
from audit.sampling.field.codes import Result
from audit.sampling.field.columns import BASE, KEY, PLANS, SAMPLE, UNIT, VISITS, Column, Plan
from audit.sampling.field.guards import item_problems, visit_problems
from audit.sampling.field.merge import Merged, merge, united
from audit.sampling.field.returned import Row
from audit.sampling.field.row_key import read_key
from audit.sampling.field.schema import Checked, check_cells
from audit.sampling.field.state import Answers, IssuedItem, IssuedUnit, Recorded, State, digest_of

Place = tuple[Path, str, int]


@dataclass(frozen=True)
class Known:
    """What is known before the rows are judged.

    Attributes:
        units: every issued household that a row may be about, in all its roles.
        state: what is recorded for them.
        sample_id: the only sample whose rows are wanted; empty for any.
        correct: whether recorded answers may be changed.
        today: the day on which the rows are read.
    """

    units: tuple[IssuedUnit, ...]
    state: State
    sample_id: str
    correct: bool
    today: date


@dataclass(frozen=True)
class _About:
    """What a row is about: a household, and of it an item or the visit itself."""

    unit: IssuedUnit
    item: IssuedItem | None


def judge(rows: Sequence[Row], known: Known) -> tuple[Answer, ...]:
    """Judge every row; the answers stand in the order of the rows."""
    about = {key: one for unit in known.units for key, one in _rows_of(unit)}
    answers: dict[Place, Answer] = {}
    groups: dict[str, list[tuple[Row, Checked]]] = defaultdict(list)
    for row, checked in _checked(rows, known.today):
        answer = _placed(row, checked, about, known)
        answers[row.place] = answer
        if answer.fate is not Fate.REFUSED and (checked.said or checked.cleared):
            groups[answer.key].append((row, checked))
    for key, group in groups.items():
        for row, answer in _merged(key, group, about[key], known):
            answers[row.place] = answer
    guarded = _guarded(answers.values(), about, known)
    return tuple(guarded[row.place] for row in rows)


def _rows_of(unit: IssuedUnit) -> Iterator[tuple[str, _About]]:
    yield unit.row_key, _About(unit, None)
    for item in unit.items:
        yield item.row_key, _About(unit, item)


def _checked(rows: Sequence[Row], today: date) -> Iterator[tuple[Row, Checked]]:
    """Each row with what pandera says of its cells, sheet by sheet."""
    for plan in PLANS:
        mine = [row for row in rows if row.plan is plan]
        cells = [{name: "" if name in row.faults else cell for name, cell in row.cells.items()} for row in mine]
        for row, checked in zip(mine, check_cells(plan, cells, today), strict=True):
            yield row, _without_name(row, checked)


def _without_name(row: Row, checked: Checked) -> Checked:
    """A name alone says nothing: it stood in the sheet before it went out."""
    if row.plan is VISITS and checked.said.keys() == {"inspector"} and not checked.refused:
        return replace(checked, said={})
    return checked


def _placed(row: Row, checked: Checked, about: Mapping[str, _About], known: Known) -> Answer:
    """Find what a row is about, and refuse it if its cells can't be read or don't belong together."""
    key = read_key(row.cells.get(KEY, "")) or ""
    one = about.get(key)
    unit = harmless(one.unit.unit_id) if one else ""
    problems = [Problem(name, fault) for name, fault in row.faults.items() if name == KEY or name in row.plan.answers]
    problems += [Problem(name, error) for name, error in checked.refused.items()]
    says = bool(checked.said or checked.cleared or problems)
    if says and (strange := _strange(row, key, one, known)):
        problems.insert(0, strange)
    if problems:
        return Answer(row, Fate.REFUSED, key, unit, tuple(problems), base=row.cells.get(BASE, ""))
    return Answer(row, Fate.BLANK, key, unit, base=row.cells.get(BASE, ""))


def _strange(row: Row, key: str, one: _About | None, known: Known) -> Problem | None:
    """Why a row can't be about what its key says."""
    if KEY in row.faults:
        return None
    written = row.cells.get(KEY, "")
    if not written:
        return Problem(KEY, AuditError("field.no_key"))
    if not key:
        return Problem(KEY, AuditError("field.mistyped_key"))
    if one is None:
        return Problem(KEY, AuditError("field.unknown_key", sample=row.cells.get(SAMPLE, "") or "–"))
    if not one.unit.sample_id.startswith(known.sample_id):
        told = {"sample": one.unit.sample_id, "wanted": known.sample_id}
        return Problem(KEY, AuditError("field.other_sample", **told))
    if (one.item is None) != (row.plan is VISITS):
        return Problem(KEY, AuditError("field.other_sheet"))
    shown = row.cells.get(UNIT, "")
    # A CSV file that was opened in Excel shows 1.39903E+14: digits are lost, but the key tells the household.
    if shown and not SCIENTIFIC.fullmatch(shown) and _plain(shown) != _plain(harmless(one.unit.unit_id)):
        return Problem(UNIT, AuditError("field.other_unit", unit=harmless(one.unit.unit_id)))
    rule = row.cells.get("item", "")
    if one.item and rule and _plain(rule) != _plain(one.item.rule_id):
        return Problem("item", AuditError("field.other_item", item=one.item.rule_id))
    return None


def _plain(cell: str) -> str:
    return "".join(fold(cell).split()).upper()


def _merged(key: str, group: Sequence[tuple[Row, Checked]], one: _About, known: Known) -> Iterator[tuple[Row, Answer]]:
    """Merge all rows with one key: what they say together is held against the records."""
    unit = harmless(one.unit.unit_id)
    said, apart = united(tuple(checked.said for _, checked in group))
    cleared = frozenset(column for _, checked in group for column in checked.cleared)
    apart |= cleared & said.keys()
    if apart:
        lines = ", ".join(_told_place(row) for row, _ in group)
        for row, _ in group:
            problems = tuple(Problem(column, AuditError("field.twice", rows=lines)) for column in sorted(apart))
            yield row, Answer(row, Fate.REFUSED, key, unit, problems, base=row.cells.get(BASE, ""))
        return
    first, plan = group[0][0], group[0][0].plan
    recorded = known.state.answers(key)
    now = digest_of(plan, recorded)
    # Rows with one key may come from sheets of different times: what only some of them have seen was not seen.
    bases = {row.cells.get(BASE, "") for row, _ in group}
    told = bases.pop() if len(bases) == 1 else ""
    if told != now and not cleared and (key, digest_of(plan, said)) in known.state.earlier:
        merged, notes = Merged(recorded), (() if said == recorded else (AuditError("field.overtaken"),))
    else:
        merged, notes = merge(said, cleared, known.state.earlier.get((key, told), {}), recorded), ()
    problems = tuple(_refusals(plan, known.state.current.get(key), merged, correct=known.correct))
    fate = Fate.REFUSED if problems else Fate.RECORDED if merged.changed else Fate.UNCHANGED
    added = tuple(said) if merged.later else merged.added
    answer = Answer(first, fate, key, unit, problems, notes, added, merged.corrected, merged.answers, now)
    yield first, answer
    for row, _ in group[1:]:
        same = (AuditError("field.same_row", place=_told_place(first)),)
        repeated = fate if fate is Fate.REFUSED else Fate.UNCHANGED
        yield row, Answer(row, repeated, key, unit, problems, same, answers=merged.answers, base=now)


def _refusals(plan: Plan, held: Recorded | None, merged: Merged, *, correct: bool) -> Iterator[Problem]:
    for change in merged.conflicts if held else ():
        recorded = _shown(plan.by_name[change.column], change.recorded)
        told = {"actor": harmless(held.actor), "at": held.at, "source": harmless(held.source)} if held else {}
        yield Problem(change.column, AuditError("field.conflict", recorded=recorded, **told))
    for change in () if correct else merged.corrected:
        recorded = _shown(plan.by_name[change.column], change.recorded)
        yield Problem(change.column, AuditError("field.needs_correct", recorded=recorded))


def _shown(column: Column, value: str) -> AuditError | str:
    return AuditError(f"field_sheet.{column.options}_{value}") if column.options else harmless(value)


def _told_place(row: Row) -> str:
    sheet = f" [{row.sheet}]" if row.sheet else ""
    return f"{row.path.name}{sheet} {row.number}"


def _guarded(answers: Iterable[Answer], about: Mapping[str, _About], known: Known) -> dict[Place, Answer]:
    """Refuse what the household as a whole does not allow: items first, as its visit is judged by them."""
    roles: dict[tuple[str, str], list[IssuedUnit]] = defaultdict(list)
    for unit in known.units:
        roles[unit.sample_id, unit.unit_id].append(unit)
    kept = {answer.row.place: answer for answer in answers}
    fresh = {answer.key: answer for answer in kept.values() if answer.fate is Fate.RECORDED}
    for key, answer in list(fresh.items()):
        one = about[key]
        if one.item is None or answer.answers is None:
            continue
        problems = list(item_problems(answer.answers))
        if known.state.answers(one.unit.row_key).get("result") == Result.OUT_OF_SCOPE:
            problems.append(Problem("verdict", AuditError("field.is_out_of_scope")))
        if problems:
            kept[answer.row.place] = _refuse(answer, problems)
            del fresh[key]
    for key, answer in fresh.items():
        one = about[key]
        if one.item is None and answer.answers is not None:
            verdicts = [(item.rule_id, _verdict(item, fresh, known)) for item in one.unit.items]
            others = _others(one.unit, known, fresh, roles[one.unit.sample_id, one.unit.unit_id])
            as_of = date.fromisoformat(one.unit.as_of)
            problems = list(visit_problems(answer.answers, as_of=as_of, verdicts=verdicts, others=others))
            if problems:
                kept[answer.row.place] = _refuse(answer, problems)
    return kept


def _refuse(answer: Answer, problems: Sequence[Problem]) -> Answer:
    return replace(answer, fate=Fate.REFUSED, problems=(*answer.problems, *problems), added=(), corrected=())


def _verdict(item: IssuedItem, fresh: Mapping[str, Answer], known: Known) -> str:
    answer = fresh.get(item.row_key)
    standing: Answers = answer.answers if answer and answer.answers is not None else known.state.answers(item.row_key)
    return standing.get("verdict", "")


def _others(unit: IssuedUnit, known: Known, fresh: Mapping[str, Answer], roles: Sequence[IssuedUnit]) -> Iterator[str]:
    """Who visited the household in other roles, as recorded and as said in the same files."""
    for other in roles:
        if other.role != unit.role:
            answer = fresh.get(other.row_key)
            said = answer.answers if answer and answer.answers is not None else known.state.answers(other.row_key)
            yield said.get("inspector", "")
