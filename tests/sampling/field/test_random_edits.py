"""Whatever people write into a sheet: nothing breaks, nothing is lost, and what is refused is named."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from audit.sampling.field.answer_book import told_refusals, write_answer_books
from audit.sampling.field.answers import Fate
from audit.sampling.field.codes import Result
from audit.sampling.field.outcomes import read_outcomes
from tests.sampling.field.conftest import Field
from tests.sampling.field.drawn import SAMPLE_ID
from tests.sampling.field.made_up import Book, Sheet, record
from tests.sampling.field.test_record import rows_in

CELLS: Sequence[object] = (
    "属实", "不属实", "部分属实", "查不清", "已核实", "没能核实", "不在核查范围", "入户", "2025-03-01", "2025年3月2日",
    "没核实：多次上门无人", "多次上门无人", "整户迁出", "王核查", "【清空】", "无", "-", "=1+1", 45700, 3.5, True, "\u202e乱", " ", None,
)  # fmt: skip
Edit = tuple[int, int, int, object]


def edit(book: Book, edits: Sequence[Edit]) -> None:
    """Write cells, or delete or repeat rows where the last number says so."""
    for which, row, column, value in edits:
        sheet = (book.visits, book.items)[which % 2]
        last = sheet.sheet.max_row
        number = 3 + row % max(last - 2, 1)
        if column == 20:
            sheet.sheet.delete_rows(number)
        elif column == 21:
            sheet.sheet.append([cell.value for cell in sheet.sheet[number]])
        else:
            _write(sheet, number, column, value)


def _write(sheet: Sheet, number: int, column: int, value: object) -> None:
    cell = sheet.sheet.cell(number, 1 + column % len(sheet.columns))
    cell.value = value
    if isinstance(value, str) and value.startswith("="):
        cell.data_type = "s"


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 9), st.integers(0, 21), st.sampled_from(CELLS)), max_size=25)
)
def test_any_edits(made: Path, edits: list[Edit]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        field = Field(shutil.copytree(made, Path(folder) / "reports"))
        book = field.east()
        edit(book, edits)
        path = book.save()
        trial = record(field.samples, path, apply=False)
        report = record(field.samples, path)
        assert [one.fate for one in trial.answers] == [one.fate for one in report.answers]
        assert sum(report.counts.values()) == len(report.answers)
        for answer in report.answers:
            assert bool(answer.problems) == (answer.fate is Fate.REFUSED)
            assert all(f"第 {answer.row.number} 行" in line for line in told_refusals(answer, "zh"))
        for outcome in read_outcomes(field.samples, SAMPLE_ID):
            assert outcome.result is not Result.RESOLVED or outcome.unanswered == 0
        given_back = [Book(one) for one in write_answer_books(report, field.out / "answers", "zh")]
        assert sum(len(one.visits.rows()) + len(one.items.rows()) for one in given_back) >= len(report.answers)
        before = rows_in(field)
        again = record(field.samples, path)
        assert rows_in(field) == before
        assert not again.applied
        assert again.counts[Fate.RECORDED] == 0
