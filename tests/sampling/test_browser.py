"""The page of estimates and the printed field sheets in a real browser: no obstacle, no network, legible on paper."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from audit import AuditResult
from audit.sampling.field.sheets import Wish, write_sheets
from tests.browser import watched
from tests.sampling.estimate.conftest import Done, done
from tests.sampling.field.drawn import SAMPLE_ID, lay_down

__all__ = ["done"]
#: Of data/sample: a household with findings of two rules, and one without any.
FLAGGED, CLEAR = "139903101001006", "139903101001011"


@pytest.fixture(scope="module")
def sheet(sample_run: AuditResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The printed sheet of a village with a household of each kind."""
    folder = tmp_path_factory.mktemp("sheets")
    lay_down(folder / "samples", sample_run.run.run_id, {FLAGGED: ["INC-3", "INC-4"], CLEAR: []})
    write_sheets(folder / "samples", SAMPLE_ID, sample_run.folder.parent, folder / "out", Wish())
    (path,) = (folder / "out").glob("*.html")
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_an_obstacle(chromium: Browser, done: Done, sheet: Path, scheme: str) -> None:
    with watched(chromium, scheme=scheme) as show:
        for path in (done.folder / "estimates.html", sheet):
            page = show(path)
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            found = Axe().run(page)
            assert found.violations_count == 0, f"{path.name}: {found.generate_report()}"


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_nothing_overflows(chromium: Browser, done: Done, sheet: Path, width: int, height: int) -> None:
    with watched(chromium, width, height) as show:
        for path in (done.folder / "estimates.html", sheet):
            page = show(path)
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert over <= 0, path.name


def test_each_household_has_paper_of_its_own(chromium: Browser, sheet: Path) -> None:
    with watched(chromium) as show:
        page = show(sheet)
        page.emulate_media(media="print")
        homes = page.locator("section")
        expect(homes).to_have_count(2)
        starts = homes.evaluate_all("(all) => all.map((one) => getComputedStyle(one).breakBefore)")
        assert starts == ["page", "page"]
        # What is read or ticked on paper has 7.5 points at least: 10 pixels.
        small = "(all) => all.filter((one) => parseFloat(getComputedStyle(one).fontSize) < 9.9).length"
        assert page.locator("body *").evaluate_all(small) == 0
        # The registry stands beside the question of a household without findings.
        row = page.get_by_role("row", name=re.compile("^INC-1 C-"))
        expect(row).to_contain_text("上年人均纯收入 3,500 元")
        expect(row).to_contain_text("□ 有问题")


def test_estimates_on_paper_show_what_is_folded_up(chromium: Browser, done: Done) -> None:
    with watched(chromium) as show:
        page = show(done.folder / "estimates.html")
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        expect(page.get_by_text("all", exact=True).first).to_be_visible()
