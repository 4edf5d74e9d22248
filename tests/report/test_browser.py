"""The pages in a real browser: nothing runs, nothing is fetched, nothing overflows."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from audit import AuditResult
from audit.pipeline import Settings
from tests.report.hostile import hostile_registry

Audit = Callable[..., AuditResult]


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and driver):
        if os.environ.get("CI") == "true":
            pytest.fail("chromium is missing: python tests/install_browser.py")
        pytest.skip("chromium is missing: python tests/install_browser.py")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--window-size=1366,768",
    ):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    with webdriver.Chrome(options=options, service=Service(driver)) as opened:
        yield opened


def show(browser: webdriver.Chrome, page: Path) -> None:
    browser.get_log("performance")
    browser.get_log("browser")
    browser.get(page.as_uri())


def requests(browser: webdriver.Chrome) -> list[str]:
    import json

    sent = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    urls = [one["params"]["request"]["url"] for one in sent if one["method"] == "Network.requestWillBeSent"]
    return [url for url in urls if not url.startswith("file:")]


def test_from_the_overview_to_a_household(browser: webdriver.Chrome, sample_run: AuditResult) -> None:
    show(browser, sample_run.folder / "index.html")
    assert browser.find_element(By.TAG_NAME, "h1").text == "户信息审计报告"
    browser.find_element(By.PARTIAL_LINK_TEXT, "清河镇").click()
    assert "清河镇" in browser.find_element(By.TAG_NAME, "h1").text
    cards = browser.find_elements(By.TAG_NAME, "article")
    (card,) = [one for one in cards if "139903101001006" in one.text]
    assert "人均纯收入 3500 元，低于 4000 元，未纳入监测" in card.text
    assert "来源：防返贫监测信息.xlsx" in card.text
    assert requests(browser) == []
    assert browser.get_log("browser") == []


@pytest.mark.parametrize("width", [1366, 360])
def test_nothing_runs_and_nothing_overflows(
    browser: webdriver.Chrome, tmp_path: Path, audited: Audit, width: int
) -> None:
    run = audited(hostile_registry(tmp_path / "in"), settings=Settings(show_personal=True))
    browser.set_window_size(width, 768)
    for page in sorted(run.folder.glob("*.html")):
        show(browser, page)
        assert browser.title != "hit"
        assert browser.execute_script("return document.scripts.length") == 0
        overflow = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert browser.execute_script(overflow) <= 0, page.name
        assert requests(browser) == []
        refused = [entry["message"] for entry in browser.get_log("browser")]
        assert refused == [], page.name
    browser.set_window_size(1366, 768)


def test_the_keyboard_reaches_the_content(browser: webdriver.Chrome, sample_run: AuditResult) -> None:
    show(browser, sample_run.folder / "index.html")
    browser.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    focused = browser.switch_to.active_element
    assert focused.text == "跳到正文"
    focused.send_keys(Keys.ENTER)
    assert browser.current_url.endswith("#main")
