"""Debian's chromium for the browser tests, driven by Playwright: pages from a folder, nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

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
