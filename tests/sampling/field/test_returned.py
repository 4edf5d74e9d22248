"""Sheets as they really come back: sorted, filtered, renamed, saved as CSV, torn apart, or of somebody else."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import openpyxl
import pytest

from audit.errors import RunError
from audit.sampling.field.answer_book import told_all, write_answer_books
from audit.sampling.field.codes import Result
from audit.sampling.field.outcomes import read_outcomes
from audit.sampling.field.record import Act, record_files
from audit.sampling.field.row_key import KINDS, read_key, row_key
from audit.sampling.field.sheets import Wish, write_sheets
from tests.sampling.field.conftest import Field
from tests.sampling.field.drawn import SAMPLE_ID, lay_down
from tests.sampling.field.made_up import CLEAR, FLAGGED, NOW, OTHER, RULES, RUN_ID, Book, record
from tests.sampling.field.test_record import fates, first, refusals


def filled(field: Field) -> Book:
    """All three households of the east, done."""
    book = field.east()
    for unit in (FLAGGED, OTHER, CLEAR):
        book.done(unit)
    return book


def all_resolved(field: Field) -> bool:
    return [one.result for one in read_outcomes(field.samples, SAMPLE_ID)] == [Result.RESOLVED] * 3


def reorder(book: Book) -> None:
    for sheet in (book.visits.sheet, book.items.sheet):
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
        random.Random(7).shuffle(rows)
        for number, row in enumerate(rows, start=3):
            for column, value in enumerate(row, start=1):
                sheet.cell(number, column).value = value


def insert_blank_rows(book: Book) -> None:
    book.items.sheet.insert_rows(4, 3)
    book.visits.sheet.insert_rows(3)
    book.visits.sheet.cell(400, 1).value = " \u3000"


def filter_rows(book: Book) -> None:
    for row in range(3, 8):
        book.items.sheet.row_dimensions[row].hidden = True
    book.items.sheet.column_dimensions["A"].hidden = True


def rename_sheets(book: Book) -> None:
    book.visits.sheet.title, book.items.sheet.title = "Sheet1", "三月核查"


def lose_the_hidden_row(book: Book) -> None:
    for sheet in (book.visits.sheet, book.items.sheet):
        sheet.delete_rows(1)


def lose_hidden_columns(book: Book) -> None:
    for sheet in (book.visits, book.items):
        sheet.sheet.delete_cols(sheet.columns["base"], 2)


def move_columns(book: Book) -> None:
    for sheet in (book.visits.sheet, book.items.sheet):
        sheet.insert_cols(1, 2)
        sheet.cell(2, 1).value = "我的序号"
        sheet.cell(3, 1).value = "一"


def write_title_rows(book: Book) -> None:
    for sheet in (book.visits.sheet, book.items.sheet):
        sheet.insert_rows(1, 2)
        sheet.cell(1, 1).value = "清河东村三月入户核查"


def lower_keys(book: Book) -> None:
    for sheet in (book.visits, book.items):
        for row in range(3, sheet.sheet.max_row + 1):
            cell = sheet.sheet.cell(row, sheet.columns["key"])
            cell.value = str(cell.value).lower().replace("-", " ")


def merge_what_nobody_reads(book: Book) -> None:
    book.items.sheet.merge_cells(start_row=3, end_row=4, start_column=5, end_column=5)


def open_as_csv_in_excel(book: Book) -> None:
    for sheet in (book.visits, book.items):
        for row in range(3, sheet.sheet.max_row + 1):
            sheet.sheet.cell(row, sheet.columns["unit"]).value = "1.39903E+14"


HARMLESS = (
    open_as_csv_in_excel,
    reorder, insert_blank_rows, filter_rows, rename_sheets, lose_the_hidden_row, lose_hidden_columns, move_columns,
    write_title_rows, lower_keys, merge_what_nobody_reads,
)  # fmt: skip


@pytest.mark.parametrize("edit", HARMLESS, ids=lambda edit: edit.__name__)
def test_what_people_do_to_sheets_changes_nothing(field: Field, edit: object) -> None:
    book = filled(field)
    assert callable(edit)
    edit(book)
    report = record(field.samples, book.save())
    assert told_all(report, "zh") == ()
    assert all_resolved(field)


def test_lost_rows_mean_nothing_and_those_sent_twice_count_once(field: Field) -> None:
    book = filled(field)
    book.items.sheet.delete_rows(book.items.row(OTHER, "HHD-1"))
    number = book.items.row(FLAGGED, "INC-1")
    book.items.sheet.append([cell.value for cell in book.items.sheet[number]])
    report = record(field.samples, book.save())
    assert refusals(report) == {("result", "field.unanswered")}  # of the household whose item was lost
    assert [note.key for answer in report.answers for note in answer.notes] == ["field.same_row"]
    assert fates(report) == [0, 1, 8, 1]


def test_rows_of_peoples_own_are_refused_and_given_back(field: Field) -> None:
    book = filled(field)
    row = book.items.sheet.max_row + 1
    book.items.fill(row, {"unit": "139903101001099", "verdict": "属实", "found": "新发现的一户"})
    report = record(field.samples, book.save())
    assert refusals(report) == {("key", "field.no_key")}
    (path,) = write_answer_books(report, field.out / "answers", "zh")
    assert Book(path).items.rows()[-1]["found"] == "新发现的一户"
    assert all_resolved(field)


def test_half_a_sort_is_noticed(field: Field) -> None:
    book = filled(field)
    sheet, key = book.items.sheet, book.items.columns["key"]
    one, two = book.items.row(FLAGGED, "INC-1"), book.items.row(OTHER, "HHD-1")
    sheet.cell(one, key).value, sheet.cell(two, key).value = sheet.cell(two, key).value, sheet.cell(one, key).value
    one, two = book.items.row(CLEAR, "HHD-1"), book.items.row(CLEAR, "PW-5")
    sheet.cell(one, key).value, sheet.cell(two, key).value = sheet.cell(two, key).value, sheet.cell(one, key).value
    report = record(field.samples, book.save())
    assert refusals(report) >= {("unit", "field.other_unit"), ("item", "field.other_item")}
    assert fates(report) == [0, 0, 3, 7]


def test_a_sheet_without_its_keys_is_refused_whole_and_given_back_whole(field: Field) -> None:
    book = filled(field)
    for sheet in (book.visits, book.items):
        sheet.sheet.delete_cols(sheet.columns["key"])
    report = record(field.samples, book.save())
    assert [problem.key for problem in report.problems] == ["field.no_key_column"] * 2
    assert fates(report) == [0, 0, 0, 10]
    assert read_outcomes(field.samples, SAMPLE_ID) == ()
    (path,) = write_answer_books(report, field.out / "answers", "zh")
    assert [row["verdict"] for row in Book(path).items.rows()] == ["属实"] * 7


def test_a_column_that_is_there_twice_is_not_taken(field: Field) -> None:
    book = filled(field)
    sheet = book.items.sheet
    column = sheet.max_column + 1
    sheet.cell(1, column).value = "verdict"
    sheet.cell(3, column).value = "不属实"
    report = record(field.samples, book.save())
    assert {problem.key for problem in report.problems} == {"field.two_columns"}
    assert ("verdict", "field.column_twice") in refusals(report)
    assert read_outcomes(field.samples, SAMPLE_ID) == ()


def test_merged_cells_errors_and_formulas_are_refused_by_row(field: Field) -> None:
    book = filled(field)
    sheet, column = book.items.sheet, book.items.columns["found"]
    sheet.merge_cells(start_row=3, end_row=4, start_column=column, end_column=column)
    sheet.cell(5, column).value = "=1/0"
    sheet.cell(6, column).value = "#REF!"
    sheet.cell(6, column).data_type = "e"
    report = record(field.samples, book.save())
    assert refusals(report) >= {
        ("found", "workbook.merged"),
        ("found", "workbook.formula"),
        ("found", "workbook.error_cell"),
    }
    assert fates(report) == [0, 0, 3, 7]


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-8-sig", ","), ("gb18030", ","), ("utf-8", "\t")])
def test_sheets_saved_as_csv(field: Field, encoding: str, delimiter: str) -> None:
    book = filled(field)
    paths = []
    for name, sheet in (("visits", book.visits.sheet), ("items", book.items.sheet)):
        paths.append(field.out / f"{name}.csv")
        with paths[-1].open("w", encoding=encoding, newline="") as file:
            csv.writer(file, delimiter=delimiter).writerows([cell.value for cell in row] for row in sheet.iter_rows())
    report = record(field.samples, *paths)
    assert told_all(report, "zh") == ()
    assert all_resolved(field)
    assert fates(record(field.samples, *paths)) == [0, 10, 0, 0]


def test_a_sheet_of_another_sample(field: Field) -> None:
    lay_down(field.samples, RUN_ID, RULES, sample_id="S-2024-9")
    written = write_sheets(field.samples, "S-2024-9", field.out, field.out / "others", Wish())
    book = Book(written.files[0])
    book.done(OTHER)
    path = book.save()
    report = record(field.samples, path, sample_id=SAMPLE_ID)
    assert refusals(report) == {("key", "field.other_sample")}
    assert read_outcomes(field.samples, "S-2024-9") == ()
    assert fates(record(field.samples, path)) == [8, 0, 2, 0]
    assert read_outcomes(field.samples, SAMPLE_ID) == ()


def test_a_sheet_from_elsewhere(field: Field, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere" / "samples"
    lay_down(elsewhere, RUN_ID, RULES, sample_id="S-2024-9")
    book = Book(write_sheets(elsewhere, "S-2024-9", field.out, field.out / "others", Wish()).files[0])
    book.done(OTHER)
    report = record(field.samples, book.save())
    assert refusals(report) == {("key", "field.unknown_key")}
    assert "表里写的样本：S-2024-9" in told_all(report, "zh")[0]


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("empty.xlsx", b"", "intake.empty_file"),
        ("picture.xlsx", b"\x89PNG\r\n\x1a\n" * 20, "intake.no_workbook"),
        ("nothing.csv", b" \n", "intake.empty_file"),
        ("other.csv", "户编号,户主\n1,张三\n".encode(), "field.no_sheets"),
        ("binary.csv", b"a,b\n\x00,1\n", "intake.nul"),
    ],
)
def test_files_that_are_no_sheets_stop_nobody_else(field: Field, name: str, content: bytes, key: str) -> None:
    path = field.out / name
    path.write_bytes(content)
    report = record(field.samples, path, filled(field).save(), field.out / "missing.xlsx")
    assert [problem.key for problem in report.problems] == [key, "field.no_file"]
    assert all_resolved(field)


def test_a_truncated_workbook_changes_nothing(field: Field) -> None:
    path = filled(field).save()
    path.write_bytes(path.read_bytes()[:-400])
    report = record(field.samples, path)
    assert report.problems
    assert report.answers == ()
    assert read_outcomes(field.samples, SAMPLE_ID) == ()


def test_no_samples_here(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="没有样本"):
        record_files(tmp_path, [], Act("x", NOW))
    assert list(tmp_path.iterdir()) == []


def test_hostile_answers_stay_texts(field: Field) -> None:
    evil = '=HYPERLINK("http://x")\u202e<script>'
    book = field.east()
    book.items.sheet.cell(book.items.row(OTHER, "HHD-1"), book.items.columns["note"]).value = evil
    book.items.sheet.cell(book.items.row(OTHER, "HHD-1"), book.items.columns["note"]).data_type = "s"
    book.done(OTHER)
    report = record(field.samples, book.save())
    assert first(field, OTHER).items[0].note == '=HYPERLINK("http://x")\ufffd<script>'
    (path,) = write_answer_books(report, field.out / "answers", "zh")
    for sheet in openpyxl.load_workbook(path):
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    field.again()
    pages = "".join(page.read_text(encoding="utf-8") for page in (field.out / "again").glob("*.html"))
    assert "<script" not in pages


def test_an_answer_never_overwrites_a_file(field: Field) -> None:
    report = record(field.samples, filled(field).save())
    names = [write_answer_books(report, None, "zh")[0].name for _ in range(3)]
    stem = field.path.stem
    assert names == [f"{stem}.answer.xlsx", f"{stem}.answer-2.xlsx", f"{stem}.answer-3.xlsx"]
    report = record(field.samples, field.path.with_name(names[0]))
    assert write_answer_books(report, None, "zh")[0].name == f"{stem}.answer-4.xlsx"


def test_every_mistyped_key_is_noticed() -> None:
    key = row_key("F", SAMPLE_ID, OTHER, "first", "f3")
    assert read_key(key) == key
    assert read_key(f" {key.lower().replace('-', '')} ") == key
    body = key.replace("-", "")
    signs = "123456789ABCDEFGHJKMNPQRSTVWXYZ"
    wrong = [body[:place] + sign + body[place + 1 :] for place in range(1, 12) for sign in signs if sign != body[place]]
    wrong += [
        body[:place] + body[place + 1] + body[place] + body[place + 2 :]
        for place in range(1, 11)
        if body[place] != body[place + 1]
    ]
    wrong += [kind + body[1:] for kind in KINDS if kind != "F"]
    assert {read_key(one) for one in wrong} == {None}
    assert {read_key(one) for one in ("", "F", key[:-1], f"{key}1", "合计")} == {None}
