"""The office's own template: what it may change, and how its mistakes are told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document

from audit import AuditResult
from audit.errors import AuditError
from audit.word import write_report, write_template
from audit.word.tags import paragraphs

Change = Callable[[Document], None]


@pytest.fixture
def template(tmp_path: Path) -> Callable[[Change], Path]:
    """The default template after a change."""

    def edited(change: Change) -> Path:
        path = write_template(tmp_path / "模板.docx")
        document = docx.Document(str(path))
        change(document)
        document.save(str(path))
        return path

    return edited


def replace(old: str, new: str) -> Change:
    def change(document: Document) -> None:
        paragraph = next(one for one in document.paragraphs if old in one.text)
        paragraph.text = paragraph.text.replace(old, new)

    return change


def add(text: str) -> Change:
    def change(document: Document) -> None:
        document.add_paragraph(text)

    return change


def test_the_default_template_is_the_same_each_time(tmp_path: Path) -> None:
    first, second = write_template(tmp_path / "1.docx"), write_template(tmp_path / "2.docx")
    assert first.read_bytes() == second.read_bytes()
    with pytest.raises(AuditError, match="已经存在"):
        write_template(first)


def test_an_office_changes_texts_and_order(
    template: Callable[[Change], Path], sample_run: AuditResult, tmp_path: Path
) -> None:
    def change(document: Document) -> None:
        replace("（单位名称）", "示范县乡村振兴局")(document)
        replace("{{ title }}", "关于{{ area }}的通报（{{ day }}）")(document)
        document.sections[0].header.paragraphs[0].text = "内部资料 {{ run_id }}"

    path = write_report(sample_run.folder, tmp_path / "report.docx", template=template(change))
    document = docx.Document(str(path))
    assert document.paragraphs[0].text == "关于示范县的通报（2024年12月31日）"
    assert "示范县乡村振兴局" in list(paragraphs(document))
    assert document.sections[0].header.paragraphs[0].text == f"内部资料 {sample_run.run.run_id}"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (replace("{{ title }}", "{{ titel }}"), "标签 {{ titel }} 里的 titel 不是报告的字段。最接近：title"),
        (replace("{{ case.who }}", "{{ case.whom }}"), "里的 whom 不是报告的字段。最接近：who"),
        (replace("section in sections", "section in section"), "里的 section 不是报告的字段"),
        (replace("{{ title }}", "{{ title }"), "“{{ title }”没有闭合的括号"),
        (replace("{{ title }}", "标题 {{ title | }}"), "模板.docx “标题 {{ title | }}”：标签 {{ title | }} 写坏了"),
        (replace("{%p endfor %}", "循环完"), "循环或判断不成对：for 11 个、endfor 10 个，if 6 个、endif 6 个"),
        (add("{{ title.__class__ }}"), "标签 {{ title.__class__ }} 不能这样用"),
        (add("{{ title | nosuch }}"), "标签 {{ title | nosuch }}"),
        (add("{% include '/etc/passwd' %}"), "模板.docx"),
        (add("{{ situation[5] }}"), "模板.docx"),
    ],
)
def test_a_mistake_is_told_with_its_tag(
    template: Callable[[Change], Path], sample_run: AuditResult, tmp_path: Path, change: Change, told: str
) -> None:
    with pytest.raises(AuditError) as caught:
        write_report(sample_run.folder, tmp_path / "report.docx", template=template(change))
    message = caught.value.message("zh")
    assert message.startswith("模板有 1 处错误：\n  模板.docx")
    assert told in message
    assert not (tmp_path / "report.docx").exists()
    caught.value.message("en")


def test_what_is_no_document(sample_run: AuditResult, tmp_path: Path) -> None:
    path = tmp_path / "模板.docx"
    with pytest.raises(AuditError, match="没有模板文件"):
        write_report(sample_run.folder, tmp_path / "report.docx", template=path)
    path.write_text("no", encoding="utf-8")
    with pytest.raises(AuditError, match="不是 Word 文档"):
        write_report(sample_run.folder, tmp_path / "report.docx", template=path)
