"""The ways of a clerk and an inspector through the area pages, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from audit import AuditResult
from audit.database import Settings
from tests.browser import TELL_OBSTACLES
from tests.report.areas.registry import audited
from tests.report.hostile import hostile_registry

TOWN = "areas/139901101000/index.html"
HOME = "areas/139901101000/139901101001.html"
SHEETS = "areas/139901101000/sheets-139901101001.html"


class Watched:
    """A tab that notes what the pages ask a network for, and what they write on the console."""

    def __init__(self, browser: Browser, width: int = 1366, height: int = 768, script: bool = True) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=script)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.told: list[str] = []
        self.page.on("request", lambda one: None if one.url.startswith("file:") else self.told.append(one.url))
        self.page.on("console", lambda one: self.told.append(one.text))
        self.page.on("pageerror", lambda one: self.told.append(str(one)))
        self.page.on("dialog", lambda one: self.told.append(one.message))

    def open(self, run: AuditResult, name: str) -> Page:
        self.page.goto((Path(run.folder) / name).absolute().as_uri())
        return self.page


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Watched]:
    watched = Watched(chromium)
    yield watched
    watched.context.close()
    assert watched.told == []


def shown(page: Page) -> list[str]:
    return page.locator("#found th a").all_inner_texts()


def test_a_clerk_finds_a_household_and_prints_its_sheet(tab: Watched, first_night: AuditResult) -> None:
    page = tab.open(first_night, TOWN)
    assert shown(page) == ["H1", "H2"]
    page.fill("#by-id", "h1")
    assert shown(page) == ["H1"]
    assert page.inner_text("#counted") == "找到 1 户，其他对象 0 个；显示第 1 到 1 个"
    page.press("#by-id", "Enter")
    page.wait_for_url("**/139901101001.html#household-H1")
    assert page.locator("article:target h3 bdi").first.inner_text() == "H1"
    page.click("article:target a.act")
    page.wait_for_url("**/sheets-139901101001.html#household-H1")
    assert page.inner_text("#sheet-tools [role=status]") == "只显示一户，打印时只打印这一张。"
    assert page.locator(".sheet:visible").count() == 1


def test_filters_live_in_the_link(tab: Watched, first_night: AuditResult) -> None:
    page = tab.open(first_night, TOWN)
    page.select_option("#by-rule", "INC-4")
    assert shown(page) == ["H1"]
    page.select_option("#by-severity", "low")
    assert shown(page) == []
    assert page.inner_text("#counted") == "没有符合条件的户。请减少条件，或核对户编号。"
    page.select_option("#by-rule", "")
    assert shown(page) == ["H2"]
    page.select_option("#by-village", "139901101002")
    link = page.url
    assert link.endswith("#severity=low&village=139901101002")
    tab.page.goto("about:blank")
    page.goto(link)
    assert shown(page) == ["H2"]
    assert page.input_value("#by-village") == "139901101002"
    page.select_option("#by-presence", "recurred")
    assert shown(page) == []
    page.click("#clear")
    assert shown(page) == ["H1", "H2"]
    assert "#" not in page.url


def test_all_by_keyboard(tab: Watched, first_night: AuditResult) -> None:
    page = tab.open(first_night, TOWN)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    for _ in range(30):
        if page.evaluate("document.activeElement.id") == "by-id":
            break
        page.keyboard.press("Tab")
    page.keyboard.type("H2")
    assert shown(page) == ["H2"]
    page.keyboard.press("Enter")
    page.wait_for_url("**/139901101002.html#household-H2")
    page.locator("article:target summary").focus()
    page.keyboard.press("Enter")
    assert page.locator("article:target details").get_attribute("open") is not None


def test_an_inspector_is_led_to_file_and_row(tab: Watched, first_night: AuditResult) -> None:
    page = tab.open(first_night, HOME)
    finding = page.locator(".found", has_text="上岗年龄不符合")
    assert "来源：posts.csv 第 2 行" in finding.inner_text()
    assert (
        (first_night.folder.parent.parent / "in" / "posts.csv")
        .read_text(encoding="utf-8")
        .splitlines()[1]
        .startswith("G1,P2,cleaner")
    )
    finding.locator("a", has_text="[2]").click()
    assert "方案三(四)2：男 50、女 40" in page.inner_text("li:target")
    page.locator(".found a.id", has_text="INC-4").click()
    page.wait_for_url("**/rules/INC-4.html")


def test_one_sheet_on_each_page_of_paper(tab: Watched, sample_run: AuditResult, tmp_path: Path) -> None:
    page = tab.open(sample_run, "areas/139903101000/sheets-139903101001.html")
    sheets = page.locator(".sheet").count()
    assert sheets == 18
    assert pages_of(page) == sheets
    page.goto(page.url + "#household-139903101001006")
    assert pages_of(page) == 1


def pages_of(page: Page) -> int:
    """The pages of paper that a print has."""
    return page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n")


def test_without_scripts_the_way_goes_by_the_villages(chromium: Browser, first_night: AuditResult) -> None:
    tab = Watched(chromium, script=False)
    page = tab.open(first_night, TOWN)
    assert "请从下面的村进入" in page.inner_text("noscript")
    page.click("text=一村 >> nth=0")
    page.wait_for_url("**/139901101001.html")
    page.click("text=打印核查单")
    page.wait_for_url("**/sheets-139901101001.html#household-H1")
    assert page.locator(".sheet:visible").count() == 1
    tab.context.close()
    assert tab.told == []


@pytest.mark.parametrize("name", [TOWN, HOME, SHEETS, "areas/unknown/unknown.html"])
@pytest.mark.parametrize("width", [1366, 390])
def test_nothing_hinders_anybody(chromium: Browser, first_night: AuditResult, name: str, width: int) -> None:
    tab = Watched(chromium, width, 844)
    page = tab.open(first_night, name)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = Axe().run(page, options=TELL_OBSTACLES).response["violations"]
    assert [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    tab.context.close()
    assert tab.told == []


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> AuditResult:
    folder = tmp_path_factory.mktemp("hostile")
    return audited(hostile_registry(folder / "in"), folder / "reports", settings=Settings(show_personal=True))


@pytest.mark.parametrize("width", [1366, 390])
def test_hostile_registries_break_no_page(chromium: Browser, hostile: AuditResult, width: int) -> None:
    tab = Watched(chromium, width, 844)
    pages = sorted(hostile.folder.rglob("areas/**/*.html"))
    assert len(pages) >= 3
    for path in pages:
        name = path.relative_to(hostile.folder).as_posix()
        page = tab.open(hostile, name)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert page.title() != "hit", name
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, name
        assert page.locator("main img, main svg, main iframe, main a[href^=javascript]").count() == 0, name
        assert page.locator("h1").inner_text().strip(), name
    page = tab.open(hostile, "areas/139901101000/index.html")
    page.fill("#by-id", "<script>")
    assert page.locator("#found th a").count() >= 3
    page.locator("#found th a").first.click()
    page.locator("article:target").wait_for()
    tab.context.close()
    assert tab.told == []
