"""Takes README's pictures of the report, ``make screenshots``: overview, township, household card and visit sheet.

The machine should have a Chinese font, such as Debian's fonts-noto-cjk; pictures depend on it, and no test compares them.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from playwright.sync_api import Browser, Page

from audit import run_audit
from tests.browser import opened_browser

ROOT = Path(__file__).parents[1]
SHOWN = ROOT / "data" / "screenshots"


@dataclass(frozen=True)
class Picture:
    """One picture.

    Attributes:
        name: its file.
        page: what is shown, in the run's folder.
        width, height: of the window; a phone is narrow.
        at: what is scrolled to.
    """

    name: str
    page: str
    width: int = 1366
    height: int = 768
    at: str = "body"


PICTURES = (
    Picture("overview.png", "index.html", height=1100),
    Picture("township.png", "areas/139903101000/index.html"),
    Picture("household.png", "areas/139903101000/139903101001.html", height=1000, at="article"),
    Picture("phone.png", "areas/139903101000/139903101001.html", 390, 844, at="article"),
)


def main() -> int:
    """Audit the sample and take the pictures."""
    SHOWN.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as out, opened_browser() as browser:
        run = run_audit(ROOT / "data" / "sample", as_of=date(2024, 12, 31), out=Path(out))
        for picture in PICTURES:
            take(browser, run.folder, picture, SHOWN)
            sys.stdout.write(f"{(SHOWN / picture.name).relative_to(ROOT)}\n")
    return 0


def take(browser: Browser, folder: Path, picture: Picture, shown: Path) -> None:
    """Take one picture."""
    page: Page = browser.new_page(viewport={"width": picture.width, "height": picture.height})
    page.goto((folder / picture.page).as_uri())
    shown_first = page.locator(picture.at).first
    shown_first.evaluate(
        "(one) => { for (const more of one.querySelectorAll('details')) more.open = one !== document.body; }"
    )
    shown_first.evaluate("(one) => one.scrollIntoView()")
    page.screenshot(path=shown / picture.name)
    page.close()


if __name__ == "__main__":
    sys.exit(main())
