"""From an audit of the sample county over a real draw to what inspectors found."""

from __future__ import annotations

from pathlib import Path

from audit import AuditResult
from audit.sampling.chance import Rate
from audit.sampling.draw.acts import replace_unit
from audit.sampling.draw.draw import Wish as DrawWish
from audit.sampling.draw.draw import draw
from audit.sampling.field.codes import Result, Target
from audit.sampling.field.outcomes import read_outcomes
from audit.sampling.field.sheets import Wish, write_sheets
from audit.sampling.frame.build import Definition, build_frame
from audit.sampling.layout import Samples
from tests.sampling.field.made_up import NOW, Book, record


def test_unflagged_households_are_asked_everything_and_one_is_replaced(sample_run: AuditResult, tmp_path: Path) -> None:
    samples, runs = Samples(tmp_path / "samples"), sample_run.folder.parent
    frame = build_frame(samples, runs, Definition("unflagged"), now=NOW, run=sample_run.run.run_id)
    sample = draw(samples, frame, DrawWish(n=3, seed="a seed", reserve=Rate("1")), actor="x", now=NOW)
    first = write_sheets(samples.root, sample.sample_id, runs, tmp_path / "first", Wish())
    # 44 rules were evaluated: four are about made-up data, five are indicators, and PW-1 is about villages.
    assert (first.units, first.items) == (3, 3 * 34)
    assert first.notes == ()
    books = [Book(path) for path in first.files if path.suffix == ".xlsx"]
    units = [(book, row["unit"]) for book in books for row in book.visits.rows()]
    for book, unit in units[1:]:
        book.done(unit, "没有问题")
    book, gone = units[0]
    book.visit(gone, visited_on="2025-03-01", inspector="王核查", result="不在核查范围", reason="全家迁出")
    report = record(samples.root, *(book.save() for book in books))
    assert not report.refused
    replaced = replace_unit(
        samples,
        sample.sample_id,
        gone,
        reason_code="moved_away",
        evidence_id="a.jpg",
        approved_by="县办",
        actor="x",
        now=NOW,
    )
    again = write_sheets(samples.root, sample.sample_id, runs, tmp_path / "again", Wish())
    assert again.units == 4
    rows = [row for path in again.files if path.suffix == ".xlsx" for row in Book(path).visits.rows()]
    assert {row["unit"] for row in rows if not row["result"]} == {replaced.in_unit}
    outcomes = read_outcomes(samples.root, sample.sample_id)
    assert sorted(one.result for one in outcomes) == [Result.OUT_OF_SCOPE, Result.RESOLVED, Result.RESOLVED]
    assert {item.target for one in outcomes for item in one.items} == {Target.CHECKLIST}
