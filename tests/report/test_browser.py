"""The site in a real browser: people's ways through it, and that nothing runs, nothing is fetched, nothing overflows."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from audit import AuditResult
from tests.browser import TELL_OBSTACLES, watched

#: One page of each kind, by its place in the run's folder.
KINDS = ("index.html", "rules/index.html", "rules/INC-4.html", "rules/LAB-2.html", "rules/PRO-1.html",
         "quarantine.html", "gate.html")  # fmt: skip
#: In the dark a page differs in its colours alone.
COLOURS: dict[str, object] = {"runOnly": ["color-contrast"]}


def test_the_analyst_follows_a_number_to_its_row(chromium: Browser, sample_run: AuditResult) -> None:
    with watched(chromium) as show:
        page = show(sample_run.folder / "index.html")
        expect(page.locator("h1")).to_have_text("户信息审计报告")
        page.get_by_role("link", name="查看全部规则").click()
        line = page.get_by_role("row", name="INC-4")
        expect(line).to_contain_text("3 / 5")
        line.get_by_role("link", name="INC-4").click()
        expect(page.locator("h1")).to_have_text("INC-4 收入低于监测线，未纳入监测")
        finding = page.get_by_role("row", name="139903101001006")
        expect(finding).to_contain_text("人均纯收入 3500 元，低于 4000 元，未纳入监测")
        expect(finding).to_contain_text("防返贫监测信息.xlsx [监测信息] 第 16 行")
        finding.get_by_role("link", name="139903101001006").click()
        card = page.locator("#household-139903101001006")
        expect(card).to_be_in_viewport()
        expect(card).to_contain_text("第 16 行")
        page.get_by_role("navigation", name="主要页面").get_by_role("link", name="总览").click()
        expect(page.locator("h1")).to_have_text("户信息审计报告")


def test_the_inspector_reads_how_a_rule_was_computed(chromium: Browser, sample_run: AuditResult) -> None:
    with watched(chromium) as show:
        page = show(sample_run.folder / "rules" / "INC-4.html")
        sql = page.get_by_text("FROM household_facts")
        expect(sql).not_to_be_visible()
        page.get_by_text("查看 SQL").click()
        expect(sql).to_be_visible()
        chart = page.get_by_role("img", name="人均纯收入的分布")
        expect(chart).to_be_visible()
        rates = sample_run.relation("rates").filter("rule_id = 'INC-4' AND area_level = 'township'")
        for code, flagged, population in rates.project("area_code, flagged, population").fetchall():
            expect(page.get_by_role("row", name=code)).to_contain_text(f"{flagged} / {population}")


def test_the_sender_gets_the_list(chromium: Browser, sample_run: AuditResult) -> None:
    with watched(chromium) as show:
        page = show(sample_run.folder / "quarantine.html")
        expect(page.get_by_role("row", name="必填项空白").first).to_contain_text("必须填写")
        link = page.get_by_role("link", name="下载退回清单")
        assert link.get_attribute("href") == "quarantine.xlsx"


def test_a_long_list_is_turned_over_by_keyboard(chromium: Browser, sample_run: AuditResult) -> None:
    with watched(chromium) as show:
        page = show(sample_run.folder / "rules" / "IND-8.html")
        page.keyboard.press("Tab")
        expect(page.locator(":focus")).to_have_text("跳到正文")
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()
        # Nine findings need no turning over.
        expect(page.get_by_role("navigation", name="翻页")).to_have_count(0)


@pytest.mark.parametrize(("scheme", "rules"), [("light", {}), ("dark", COLOURS)], ids=["light", "dark"])
def test_no_page_has_an_obstacle(
    chromium: Browser, sample_run: AuditResult, scheme: str, rules: dict[str, object]
) -> None:
    with watched(chromium, scheme=scheme) as show:
        for kind in KINDS:
            page = show(sample_run.folder / kind)
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            # The rows of a table are made alike: the first six stand for all.
            page.evaluate("document.querySelectorAll('tbody > tr:nth-child(n+7)').forEach((one) => one.remove())")
            found = Axe().run(page, options={**TELL_OBSTACLES, **rules})
            assert found.violations_count == 0, f"{kind}: {found.generate_report()}"


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_nothing_runs_and_nothing_overflows(
    chromium: Browser, hostile_run: AuditResult, width: int, height: int
) -> None:
    with watched(chromium, width, height) as show:
        # Rules without a single row differ in nothing but their texts: a few of them stand for all.
        pages = [one for one in sorted(hostile_run.folder.rglob("*.html")) if one.parent.name != "rules"]
        pages += [hostile_run.folder / "rules" / f"{name}.html" for name in ("index", "HHD-3", "ID-1", "PW-1", "INC-4")]
        for path in pages:
            page = show(path)
            assert "hit" not in page.title().split(), path.name
            assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, (
                path.name
            )
            foreign = "img, iframe, object, embed, form, base, link, meta[http-equiv=refresh]"
            assert page.locator(foreign).count() == 0, path.name


def test_a_page_on_paper_shows_what_is_folded_up(chromium: Browser, sample_run: AuditResult) -> None:
    with watched(chromium) as show:
        page = show(sample_run.folder / "rules" / "INC-4.html")
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        expect(page.get_by_text("FROM household_facts")).to_be_visible()
        expect(page.get_by_role("navigation", name="主要页面")).to_have_count(0)
