"""Debian's chromium for the browser tests, driven by Playwright: pages from a folder, nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

#: A browser that asks for nothing on its own: any request that is left comes from a page.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
#: Axe tells in full what is wrong, and not also what is right.
TELL_OBSTACLES: dict[str, object] = {"resultTypes": ["violations"]}

Opened = Callable[[Path], Page]


@contextmanager
def opened_browser() -> Iterator[Browser]:
    """Give a headless chromium; where it is missing, the tests fail and say what to do."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("chromium is missing: python tests/install_browser.py")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        browser.close()


@contextmanager
def watched(chromium: Browser, width: int = 1366, height: int = 768, scheme: str = "light") -> Iterator[Opened]:
    """A window on a run; afterwards nothing may have been asked of a network, and the console must be empty."""
    dark = scheme == "dark"
    context = chromium.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
    )
    page = context.new_page()
    told: list[str] = []
    page.on("request", lambda asked: None if asked.url.startswith("file:") else told.append(asked.url))
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))

    def show(path: Path) -> Page:
        page.goto(path.as_uri())
        return page

    yield show
    context.close()
    assert told == []
