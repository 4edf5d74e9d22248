"""An edit changes its own line; what others wrote around it keeps its spelling, whatever of YAML they used."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.errors import RunError
from audit.model.document import Plain, parse_document
from audit.rulebook_workbook import write_back
from audit.rulebook_workbook.answers import Edit, How
from audit.rulebook_workbook.given import read_given, write_given
from audit.rulebook_workbook.yaml_text import edit_text
from tests.rulebook_workbook.conftest import INC_4, Desk

TITLE = "title: 收入低于监测线，未纳入监测\n"
SEVERITY = Edit("", ("severity",), How.SET, "low")
SPELLINGS = {
    "a folded text": "title: >-\n  a b\n  c d\n",
    "a literal text": "title: |\n  a\n   b\n",
    "a text on two lines": "title: a\n  b\n",
    "escapes": 'title: "a\\\n  b\\u0041\\_ \\U0001F600"\n',
    "an explicit type": "title: !!str 2024\n",
    "nothing": "title: ~\n",
    "a word that means true": "title: yes\n",
    "leading zeros": "title: 010\n",
    "an exponent": "title: 1.50e3\n",
    "a date of its own": "title: 2024-01-05   # a comment\n",
    "a tab in quotes": "title: 'a\tb'\n",
    "comments inside a list": "title: a\nremarks: [\n  one,  # first\n  two]\n",
    "indents of its own": "title: a\nremarks:\n    deep:\n        -   one\n        -   two\n",
}


def edited(text: str, *edits: Edit) -> str:
    return write_back._edited(text.encode(), edits, "f.yaml").decode()


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
@pytest.mark.parametrize(("start", "end"), [("", ""), ("---\n", "...\n"), ("%YAML 1.1\n---\n", "")])
def test_what_is_not_edited_keeps_its_spelling(spelling: str, start: str, end: str) -> None:
    text = start + INC_4.replace(TITLE, spelling) + end
    assert edited(text, SEVERITY) == text.replace("severity: high", "severity: low")


def test_a_file_without_a_last_line_end() -> None:
    text = INC_4.removesuffix("# The end.\n").removesuffix("\n")
    assert edited(text, SEVERITY) == text.replace("severity: high", "severity: low")


def test_several_edits_of_one_file() -> None:
    case: Plain = {"about": "甲", "about_en": "a", "given": {"pc": Decimal("1.50")}, "outcome": "clear"}
    told = edited(
        INC_4,
        SEVERITY,
        Edit("", ("evidence",), How.SET, ["pc"]),
        Edit("", ("cases", 0, "outcome"), How.SET, "clear"),
        Edit("", ("cases",), How.APPEND, case),
    )
    wanted = INC_4.replace("severity: high", "severity: low").replace("[pc, lifted_year, net, population]", "[pc]")
    wanted = wanted.replace("outcome: flagged", "outcome: clear")
    added = "  - {about: 甲, about_en: a, given: {pc: 1.50}, outcome: clear}\n# The end.\n"
    assert told == wanted.replace("# The end.\n", added)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff\ufeff"), min_size=1))
def test_any_text_is_read_as_it_was_written(title: str) -> None:
    said = parse_document(edit_text("title: 'a'\n", [Edit("", ("title",), How.SET, title)]), "").value
    assert said == {"title": title}
    in_a_case = edit_text("cases:\n  - {about: a}\n", [Edit("", ("cases", 0, "about"), How.SET, title)])
    assert parse_document(in_a_case, "").value == {"cases": [{"about": title}]}


VALUES = (
    st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.none()
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff\ufeff"))
)


@given(st.dictionaries(st.from_regex(r"\$?[a-z][a-z_0-9]{1,8}", fullmatch=True), VALUES | st.lists(VALUES, max_size=2)))
def test_any_facts_are_read_as_they_were_written(facts: dict[str, Plain]) -> None:
    assert read_given(write_given(facts)) == facts


@pytest.mark.parametrize(
    ("line", "facts"),
    [
        ("", {}),
        ("{pc: 3}", {"pc": 3}),
        ("pc：3，lifted:true", {"pc": 3, "lifted": True}),
        ("pc: {n: 10000, d: 3}, $audit_year: 2024", {"pc": {"n": 10000, "d": 3}, "$audit_year": 2024}),
        ("health: '好，很好', n: [1, 2]", {"health": "好，很好", "n": [1, 2]}),
        ("sex: null", {"sex": None}),
        ("born: 1980-01-31", {"born": __import__("datetime").date(1980, 1, 31)}),
    ],
)
def test_how_people_write_facts(line: str, facts: dict[str, object]) -> None:
    assert read_given(line) == facts


def test_files_are_written_all_or_none(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    before = desk.files()
    real = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        if "LAB-1" in path.name:
            raise OSError(28, "No space left on device")
        return real(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(RunError, match="No space left on device"):
        write_back.write_files(desk.rules, {"income/INC-4.yaml": b"x", "labour/LAB-1.yaml": b"y"})
    assert desk.files() == before


def test_rights_of_a_file_stay(desk: Desk) -> None:
    path = desk.rules / "income" / "INC-4.yaml"
    path.chmod(0o640)
    write_back.write_files(desk.rules, {"income/INC-4.yaml": b"x"})
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"x", 0o640)
