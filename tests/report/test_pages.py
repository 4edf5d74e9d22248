"""All pages of a site: masked, harmless whatever the registry holds, without any request to a network."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import python_calamine

from audit import AuditResult, run_audit
from audit.contract import Personal
from audit.database import Settings
from audit.model.extent import Extent
from audit.report.masking import mask
from tests.conftest import AS_OF, SAMPLE, Write
from tests.policy import shipped
from tests.report.hostile import ATTACKS
from tests.report.reading import Reading, dangers, page, pages, shown

Audit = Callable[..., AuditResult]


@pytest.mark.parametrize(
    ("value", "kind", "masked"),
    [
        ("王小明", Personal.NAME, "王**"),
        ("王", Personal.NAME, "*"),
        ("13990119800101001X", Personal.ID_NUMBER, "139901***********X"),
        ("13812345678", Personal.PHONE, "138******78"),
        ("6222021234567890", Personal.ACCOUNT, "************7890"),
        ("12", Personal.PHONE, "**"),
    ],
)
def test_masks(value: str, kind: Personal, masked: str) -> None:
    assert mask(value, kind) == masked


def test_personal_values_are_masked_unless_asked_for(write_registry: Write, reported: Audit) -> None:
    home = {"household_id": "H1", "area_code": "139901101001", "head_name": "欧阳修远", "phone": "1381234567"}
    person = {"person_id": "P1", "household_id": "H1", "name": "欧阳修远", "id_number": "139901198001010011"}
    data = write_registry(households=[home], persons=[person])
    hidden = "".join(text for _, text in pages(reported(data)))
    assert "欧***" in hidden
    for secret in ("欧阳修远", "1381234567", "139901198001010011"):
        assert secret not in hidden
    unmasked = "".join(text for _, text in pages(reported(data, settings=Settings(show_personal=True))))
    assert "欧阳修远" in unmasked


def numbers_of_the_sample() -> set[str]:
    """Every identity number and mobile number in the files of the sample, as they stand there."""
    found: set[str] = set()
    for path in SAMPLE.iterdir():
        if path.suffix in {".xlsx", ".xls"}:
            book = python_calamine.CalamineWorkbook.from_path(str(path))
            cells = [
                cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row
            ]
            told = "\n".join(str(cell) for cell in cells)
        else:
            told = path.read_bytes().decode("gb18030" if path.suffix == ".txt" else "utf-8", errors="replace")
        found |= set(re.findall(r"(?<!\d)\d{6}(?:19|20)\d{2}[01]\d[0-3]\d\d{3}[\dXx](?!\d)", told))
        found |= set(re.findall(r"(?<!\d)1[3-9]\d{9}(?!\d)", told))
    return found


def test_no_number_of_a_person_is_anywhere_in_the_site(sample_run: AuditResult) -> None:
    numbers = numbers_of_the_sample()
    assert len(numbers) > 400
    told = [(path.name, path.read_text(encoding="utf-8")) for path in sample_run.folder.rglob("*.html")]
    told.append(("run.json", page(sample_run, "run.json")))
    book = python_calamine.CalamineWorkbook.from_path(str(sample_run.folder / "quarantine.xlsx"))
    told += [(name, str(book.get_sheet_by_name(name).to_python())) for name in book.sheet_names]
    assert len(told) > 90
    for name, text in told:
        standing = set(re.findall(r"(?<![\dA-Fa-f])\d{11,18}[Xx]?(?![\dA-Fa-f])", text))
        # 99-digit runs aside, an eleven-digit area code that lost a digit is no telephone.
        assert not standing & numbers - {"13990310200"}, name


def test_no_personal_value_in_the_record_or_the_findings(sample_run: AuditResult) -> None:
    record = re.sub(r'"\w*sha256": "\w+"', "", page(sample_run, "run.json"))
    assert not re.search(r"\d{17}[\dXx]|\b1[3-9]\d{9}\b", record)
    for message, evidence in sample_run.relation("findings").project("message, evidence").fetchall():
        assert not re.search(r"\d{17}[\dXx]|\b1[3-9]\d{9}\b", message + evidence)


def test_hostile_values_stay_text(hostile_run: AuditResult) -> None:
    assert hostile_run.relation("findings").count("*").fetchall()[0][0] >= len(ATTACKS)
    assert hostile_run.relation("quarantine").count("*").fetchall()[0][0] >= len(ATTACKS)
    found = pages(hostile_run)
    assert {"index.html", "quarantine.html", "rules/HHD-3.html", "areas/139901101000/index.html"} <= {
        name for name, _ in found
    }
    for name, text in found:
        assert dangers(text) == [], name


def test_hostile_values_stay_text_in_the_workbook(hostile_run: AuditResult) -> None:
    import openpyxl

    book = openpyxl.load_workbook(hostile_run.folder / "quarantine.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert len(cells) > 10 * len(ATTACKS)
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [cell for cell in cells if cell.hyperlink]
    told = "\n".join(str(cell.value) for cell in cells)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f]", told)
    assert "=HYPERLINK" in told


def test_every_page_allows_itself_and_nothing_else(sample_run: AuditResult) -> None:
    for name, text in pages(sample_run):
        assert dangers(text) == [], name
        assert re.fullmatch(
            r"default-src 'none'; style-src( 'sha256-[\w+/=]+')+; script-src( 'sha256-[\w+/=]+')+; "
            r"base-uri 'none'; form-action 'none'",
            Reading(text).policy,
        ), name
        assert not re.search(r"https?:", re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)), name


def test_every_link_leads_somewhere(sample_run: AuditResult) -> None:
    known = {name: set(re.findall(r' id="([^"]+)"', text)) for name, text in pages(sample_run)}
    linked = {"index.html"}
    for name, text in pages(sample_run):
        for target in re.findall(r'<a [^>]*href="([^"]+)"', text):
            path, _, anchor = target.partition("#")
            place = (sample_run.folder / name).parent.joinpath(path).resolve() if path else sample_run.folder / name
            assert place.is_file(), (name, target)
            to = place.relative_to(sample_run.folder.resolve()).as_posix() if path else name
            linked.add(to)
            if anchor and to in known:
                assert anchor in known[to], (name, target)
    assert set(known) <= linked
    assert "quarantine.xlsx" in linked


def test_no_page_is_too_big(sample_run: AuditResult) -> None:
    assert max(len(text.encode()) for _, text in pages(sample_run)) < 1_500_000


def test_english_pages_are_english(tmp_path: Path) -> None:
    run = run_audit(
        SAMPLE, rules=shipped(), as_of=AS_OF, out=tmp_path, settings=Settings(lang="en", pages=Extent.COUNTY)
    )
    text = page(run, "index.html")
    assert '<html lang="en">' in text
    assert "Income below the line, household not monitored" in text
    assert "收入低于监测线" not in text
    rule = shown(page(run, "rules/INC-4.html"))
    assert "Distribution of net income per head" in rule
    assert "Household" in shown(page(run, "quarantine.html"))
    # The county's own pages are there, those of its townships are not, and the overview says so.
    assert not (run.folder / "areas").exists()
    assert "No pages of townships and villages were made" in text
    assert "areas/" not in text


def test_without_pages_only_the_gate_speaks(write_registry: Write, reported: Audit) -> None:
    data = write_registry(households=[{"household_id": "H1", "area_code": "139901101001", "phone": "12"}])
    run = reported(data, settings=Settings(pages=Extent.NONE))
    assert [name for name, _ in pages(run)] == ["gate.html"]
    assert "<nav" not in page(run, "gate.html").partition("<script")[0]


def test_pages_stop_at_the_county_where_too_many_are_flagged() -> None:
    assert Extent.AUTO.settled(40_000, 40_000) is Extent.TOWNSHIP
    assert Extent.AUTO.settled(40_001, 40_000) is Extent.COUNTY
    assert Extent.TOWNSHIP.settled(40_001, 40_000) is Extent.TOWNSHIP
    assert Extent.NONE.settled(0, 40_000) is Extent.NONE
