"""A second inspector knows nothing of the first; an adjudicator knows both, and has the last word."""

from __future__ import annotations

from audit.sampling.field.codes import Result, Role, Verdict
from audit.sampling.field.outcomes import read_outcomes, settled
from audit.sampling.field.sheets import Wish
from tests.sampling.field.conftest import Field
from tests.sampling.field.drawn import SAMPLE_ID
from tests.sampling.field.made_up import CHECKLIST, CLEAR, FLAGGED, OTHER, Book, record
from tests.sampling.field.test_record import outcomes, refusals
from tests.sampling.field.test_sheets import everything


def visited(field: Field) -> None:
    """The first visits of the east."""
    book = field.east()
    for unit in (FLAGGED, OTHER, CLEAR):
        book.done(unit)
    book.item(FLAGGED, "INC-4", note="一号秘密")
    record(field.samples, book.save())


def test_second_sheets_are_blind_and_only_for_those_drawn(field: Field) -> None:
    visited(field)
    (path,) = field.again(Wish(role=Role.SECOND))
    book = Book(path)
    assert [row["unit"] for row in book.visits.rows()] == [FLAGGED, CLEAR]
    assert [row["item"] for row in book.items.rows()] == ["INC-1", "INC-4", *CHECKLIST]
    assert "registry" not in book.items.columns
    whole = everything(path) + path.with_suffix(".html").read_text(encoding="utf-8")
    for secret in ("一号秘密", "王核查", "13869", "3999.99"):
        assert secret not in whole
    assert {row["verdict"] for row in book.items.rows()} == {""}


def test_the_second_inspector_is_somebody_else(field: Field) -> None:
    visited(field)
    (path,) = field.again(Wish(role=Role.SECOND))
    book = Book(path)
    book.done(FLAGGED, inspector="王 核查")
    book.done(CLEAR, inspector="孙三")
    assert refusals(record(field.samples, book.save())) == {("inspector", "field.same_inspector")}
    assert outcomes(field)[CLEAR, Role.SECOND].inspector == "孙三"
    assert outcomes(field)[CLEAR, Role.SECOND].blind
    assert not outcomes(field)[CLEAR, Role.FIRST].blind


def test_two_names_in_one_batch_are_told_apart_too(field: Field) -> None:
    one = field.east()
    one.done(FLAGGED)
    one.save()
    two = Book(field.again(Wish(role=Role.SECOND))[0])
    two.done(FLAGGED)
    report = record(field.samples, one.path, two.save())
    assert refusals(report) == {("inspector", "field.same_inspector")}


def test_an_adjudicator_sees_both_and_overrules(field: Field) -> None:
    visited(field)
    book = Book(field.again(Wish(role=Role.SECOND))[0])
    book.done(FLAGGED, inspector="孙三")
    book.item(FLAGGED, "INC-4", verdict="不属实", found="实际 5000 元")
    record(field.samples, book.save())
    (path,) = field.again(Wish(role=Role.ADJUDICATOR), "adjudication")
    book = Book(path)
    (row,) = book.items.rows()
    assert (row["unit"], row["item"]) == (FLAGGED, "INC-4")
    assert row["first_said"] == "属实/有问题：一号秘密"
    assert row["second_said"] == "不属实/没有问题：实际 5000 元"
    book.done(FLAGGED, "部分属实", inspector="周裁定")
    book.item(FLAGGED, "INC-4", found="4800 元")
    record(field.samples, book.save())
    final = settled(read_outcomes(field.samples, SAMPLE_ID))
    assert {item.rule_id: item.verdict for item in final[FLAGGED].items} == {
        "INC-1": Verdict.CONFIRMED,
        "INC-4": Verdict.PARTLY,
    }
    assert final[FLAGGED].result is Result.RESOLVED
    assert {item.verdict for item in final[CLEAR].items} == {Verdict.CONFIRMED}
    assert sorted(final) == [FLAGGED, OTHER, CLEAR]
