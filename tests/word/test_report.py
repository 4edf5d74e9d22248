"""The Word report: its figures, its people masked, the same bytes for the same run, whatever the registry holds."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import docx
import pytest
from docx.document import Document

from audit import AuditResult, run_audit
from audit.errors import RunError
from audit.word import write_report
from audit.word.tags import paragraphs
from tests.conftest import BARE, Write
from tests.policy import shipped
from tests.report.hostile import ATTACKS

Audit = Callable[..., AuditResult]

#: Below the line and not monitored in 2024; H2 is mended the year after, H3 falls below the line.
HOMES = [
    {
        "household_id": name, "area_code": "139901101001", "county_name": "甲县", "township_name": "乙镇",
        "village_name": "丙村", "head_name": head, "member_count": 2, "household_type": "脱贫户", "lifted_year": 2018,
        "monitor_category": "", "risk_cleared": "",
    }
    for name, head in (("H1", "欧阳修远"), ("H2", "司马光明"), ("H3", "诸葛长安"))
]  # fmt: skip


def incomes(*amounts: int) -> list[dict[str, object]]:
    return [
        {"household_id": f"H{place}", "year": 2024, "population": 2, "net_income": amount}
        for place, amount in enumerate(amounts, start=1)
    ]


def lines(path: Path) -> list[str]:
    return [line for line in paragraphs(docx.Document(str(path))) if line]


def table_rows(document: Document) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]


@pytest.fixture(scope="module")
def report(sample_run: AuditResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(sample_run.folder, tmp_path_factory.mktemp("word") / "report.docx")


def test_says_the_figures_of_the_sample(report: Path) -> None:
    told = lines(report)
    assert told[0] == "示范县监测帮扶数据审计整改报告"
    assert told[2:7] == [
        "一、基本情况",
        "以2024年12月31日为审计日、2024年为审计年度，按规则逐户逐人比对。共有规则85条，本次核算44条，未核算的列在附件。",
        "共读入数据1,380行，采用1,373行，因编号缺失、重复等原因隔离7行。登记户149户，人员498人。",
        "发现问题62个，涉及42户，占登记户149户的28.19 %。其中严重问题17个，中等问题39个，轻微问题6个。",
        "以上均为数据比对得出的线索，是否属实以入户核实为准。无法判断的不计为没有问题。",
    ]
    assert "核算规则8条，其中8条发现问题，共20个，涉及16户，占登记户149户的10.74 %。" in told
    assert "本次之前没有可比较的审计结果，全部问题按新增统计。" in told
    assert "INC-4 收入低于监测线，未纳入监测（3个）：入户核实收入，符合条件的按程序纳入监测。" in told


def test_every_rate_stands_beside_its_denominator(report: Path) -> None:
    rows = table_rows(docx.Document(str(report)))
    assert ["INC-4", "收入低于监测线，未纳入监测", "严重", "3 / 5", "60.00 %", "0", "3"] in rows
    assert ["PW-2", "上岗年龄不符合“男 50、女 40”", "严重", "2 / 13", "15.38 %", "1", "2"] in rows
    assert ["清河镇", "50", "27", "54.00 %", "12", "31", "3"] in rows
    assert ["防返贫监测信息.xlsx [监测信息]", "503", "498", "5"] in [row[1:] for row in rows]


def test_sections_come_in_the_order_of_the_plan(report: Path) -> None:
    headings = [
        one.text for one in docx.Document(str(report)).paragraphs if one.style and one.style.name == "Heading 2"
    ]
    assert headings[:5] == [
        "（一）产业帮扶（三(二)1、三(四)1）",
        "（二）收入与监测（三(三)）",
        "（三）就业与公益性岗位（三(四)2）",
        "（四）登记信息",
        "（五）数据质量",
    ]


def test_no_tag_is_left_and_pages_are_numbered(report: Path) -> None:
    assert not [line for line in lines(report) if "{" in line or "}" in line]
    footer = docx.Document(str(report)).sections[0].footer
    assert "PAGE" in footer._element.xml
    assert footer.paragraphs[0].text == "—  —"


def test_fonts_are_those_of_official_documents_with_others_to_take_instead(report: Path) -> None:
    with zipfile.ZipFile(report) as archive:
        styles, fonts = (archive.read(f"word/{name}.xml").decode() for name in ("styles", "fontTable"))
    for font, instead in (("仿宋_GB2312", "仿宋"), ("楷体_GB2312", "楷体"), ("方正小标宋简体", "宋体")):
        assert f'w:eastAsia="{font}"' in styles
        assert f'<w:font w:name="{font}"><w:altName w:val="{instead}"/>' in fonts
    assert 'w:eastAsia="黑体"' in styles


def test_the_same_run_gives_the_same_bytes(report: Path, sample_run: AuditResult, tmp_path: Path) -> None:
    again = write_report(sample_run.folder, tmp_path / "again.docx")
    assert again.read_bytes() == report.read_bytes()


def test_one_area_in_english(sample_run: AuditResult, tmp_path: Path) -> None:
    told = lines(write_report(sample_run.folder, tmp_path / "area.docx", area="139903102", lang="en"))
    assert told[0] == "示范县 石桥镇: report on putting right what the audit of the monitoring registry found"
    assert any(line.startswith("There are 16 findings about 15 households, 30.61 % of the 49") for line in told)
    assert not [line for line in told if "清河" in line or "柳林" in line or "139903101" in line]


def test_people_are_masked_and_changes_are_told(write_registry: Write, tmp_path: Path) -> None:
    out = tmp_path / "reports"
    first = write_registry("first", households=HOMES, incomes=incomes(7000, 7000, 9000))
    run_audit(first, rules=shipped(), as_of=date(2024, 12, 30), out=out, settings=BARE)
    second = write_registry("second", households=HOMES, incomes=incomes(7000, 9000, 7000))
    run = run_audit(second, rules=shipped(), as_of=date(2024, 12, 31), out=out, settings=BARE)
    path = write_report(run.folder, tmp_path / "report.docx")
    told = lines(path)
    for name in ("欧阳修远", "司马光明", "诸葛长安"):
        assert name not in "".join(told)
    assert any(line.startswith("1. 丙村欧***户（户编号H1）") for line in told)
    (compared,) = [line for line in told if line.startswith("与上次审计")]
    assert "新增2个，复发0个" in compared
    assert "已消除2个" in compared
    # INC-3 and INC-4: H3 is new, H1 as before, H2 mended.
    rows = table_rows(docx.Document(str(path)))
    assert ["INC-4", "收入低于监测线，未纳入监测", "1", "0", "0", "1", "1", "0", "0"] in rows


def test_hostile_texts_are_only_texts(tmp_path: Path, audited: Audit) -> None:
    """Each attack is a township, a village and a head of household."""
    data = tmp_path / "in"
    data.mkdir()
    with (data / "households.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ("household_id", "area_code", "county_name", "township_name", "village_name", "head_name", "phone")
        )
        for place, attack in enumerate(one.replace("\0", "") for one in ATTACKS):
            writer.writerow((f"{attack}{place}", f"1399011{place:02}001", "甲县", attack, attack, attack, "12"))
    path = write_report(audited(data).folder, tmp_path / "report.docx")
    rows = table_rows(docx.Document(str(path)))
    shown = {row[0] for row in rows if len(row) == 7}
    assert {"{{ 7 * 7 }}{% raw %}", "<script>document.title='hit'</script>", "=cmd|' /C calc'!A1"} <= shown
    assert "\ufffdevil\ufffd" in shown
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(archive.read(name))
            assert b'TargetMode="External"' not in archive.read(name)


def test_what_no_file_may_hold_is_shown_as_a_mark(write_registry: Write, audited: Audit, tmp_path: Path) -> None:
    homes = [{**HOMES[0], "village_name": "丙\x07\x0c\ufffe\x1b村{_{x}_}"}]
    run = audited(write_registry(households=homes, incomes=incomes(7000)))
    told = lines(write_report(run.folder, tmp_path / "report.docx"))
    assert any("丙\ufffd\ufffd\ufffd\ufffd村" in line for line in told)


def test_a_file_that_is_there_is_kept(sample_run: AuditResult, tmp_path: Path) -> None:
    path = tmp_path / "report.docx"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(RunError, match="已经存在"):
        write_report(sample_run.folder, path)
    assert path.read_text(encoding="utf-8") == "mine"
    write_report(sample_run.folder, path, force=True)
    assert path.read_bytes().startswith(b"PK")
    with pytest.raises(RunError, match="写不了"):
        write_report(sample_run.folder, tmp_path / "nowhere" / "report.docx")
