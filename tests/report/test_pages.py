"""The pages: masked, harmless whatever the registry holds, without any request to a network."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from audit import AuditResult
from audit.contract import Personal
from audit.pipeline import Settings
from audit.report.masking import mask
from tests.conftest import Write
from tests.report.hostile import ATTACKS, hostile_registry

Audit = Callable[..., AuditResult]


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def pages(run: AuditResult) -> list[tuple[str, str]]:
    return [(path.name, path.read_text(encoding="utf-8")) for path in sorted(run.folder.glob("*.html"))]


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ("王小明", Personal.NAME, "王**"),
        ("王", Personal.NAME, "*"),
        ("13990119800101001X", Personal.ID_NUMBER, "139901***********X"),
        ("13812345678", Personal.PHONE, "138******78"),
        ("6222021234567890", Personal.ACCOUNT, "************7890"),
        ("12", Personal.PHONE, "**"),
    ],
)
def test_masks(value: str, kind: Personal, shown: str) -> None:
    assert mask(value, kind) == shown


def test_personal_values_are_masked_unless_asked_for(write_registry: Write, audited: Audit) -> None:
    home = {"household_id": "H1", "area_code": "139901101001", "head_name": "欧阳修远", "phone": "1381234567"}
    person = {"person_id": "P1", "household_id": "H1", "name": "欧阳修远", "id_number": "139901198001010011"}
    data = write_registry(households=[home], persons=[person])
    hidden = "".join(text for _, text in pages(audited(data)))
    assert "欧***" in hidden
    for secret in ("欧阳修远", "1381234567", "139901198001010011"):
        assert secret not in hidden
    shown = "".join(text for _, text in pages(audited(data, settings=Settings(show_personal=True))))
    assert "欧阳修远" in shown


def test_no_personal_value_in_the_record_or_the_findings(sample_run: AuditResult) -> None:
    record = (sample_run.folder / "run.json").read_text(encoding="utf-8")
    assert not re.search(r"\d{17}[\dXx]|1[3-9]\d{9}", re.sub(r'"sha256": "\w+"', "", record))
    for message, evidence in sample_run.relation("findings").project("message, evidence").fetchall():
        assert not re.search(r"\d{17}[\dXx]|\b1[3-9]\d{9}\b", message + evidence)


def test_hostile_values_stay_text(tmp_path: Path, audited: Audit) -> None:
    run = audited(hostile_registry(tmp_path / "in"), settings=Settings(show_personal=True))
    assert run.relation("findings").count("*").fetchall()[0][0] >= len(ATTACKS)
    for name, text in pages(run):
        parsed = Tags()
        parsed.feed(text)
        kinds = {tag for tag, _ in parsed.tags}
        assert not kinds & {"script", "img", "svg", "iframe", "object", "embed", "form", "base", "audio", "video"}, name
        for tag, attributes in parsed.tags:
            assert not [key for key in attributes if key.startswith("on")], (name, tag)
            assert "javascript:" not in str(attributes.get("href", "")).lower()
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", text)


def test_no_page_asks_a_network(sample_run: AuditResult) -> None:
    for name, text in pages(sample_run):
        parsed = Tags()
        parsed.feed(text)
        policies = [attributes.get("content") for tag, attributes in parsed.tags if attributes.get("http-equiv")]
        assert policies == ["default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"], name
        for tag, attributes in parsed.tags:
            assert "src" not in attributes, tag
            assert re.fullmatch(r"#[\w-]+|[\w.-]+\.html(#[\w-]+)?", attributes.get("href") or "#x"), attributes
        assert not re.search(r"url\(|@import|https?://", text)


def test_every_page_can_be_reached(sample_run: AuditResult) -> None:
    index = (sample_run.folder / "index.html").read_text(encoding="utf-8")
    linked = set(re.findall(r'href="(township-[\w]+\.html)"', index))
    assert linked == {name for name, _ in pages(sample_run)} - {"index.html", "gate.html"}
    assert 'href="gate.html"' in index
    # Nothing was planted in 柳林乡 (139903201): it stands in the overview, without a page.
    assert linked == {"township-139903101.html", "township-139903102.html"}
    assert "柳林乡" in index


def test_english_pages_are_english(audited: Audit) -> None:
    from tests.conftest import SAMPLE

    run = audited(SAMPLE, settings=Settings(lang="en"))
    text = (run.folder / "index.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in text
    assert "Income below the line, household not monitored" in text
    assert "收入低于监测线" not in text


def test_a_page_says_when_it_does_not_show_all(
    write_registry: Write, audited: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    from audit.report import queries, site

    monkeypatch.setattr(queries, "AT_LEAST", 2)
    monkeypatch.setitem(site.build_pages.__kwdefaults__, "household_limit", 3)
    homes = [{"household_id": f"H{number}", "area_code": "139901101001", "phone": "12"} for number in range(5)]
    run = audited(write_registry(households=homes))
    text = (run.folder / "township-139901101.html").read_text(encoding="utf-8")
    assert text.count("<article>") == 3
    assert "本页列出 3 户，共 5 户" in text
