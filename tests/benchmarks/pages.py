"""``python -m tests.benchmarks.pages``: how long the pages of a county take, how large they are, how soon one opens.

The limits: the whole site of 100,000 households in 60 seconds and 200 MB, a page at most 1.5 MB, and the page of a
township of 20,000 households with 6,000 flagged usable in chromium within a second.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from audit.generate import generate_registry
from tests.benchmarks.measure import AS_OF, print_table, run_audit
from tests.browser import opened_browser

#: One household in so many gets a phone that is none, so that 6,000 of 20,000 are flagged.
_WRONG_PHONE = 13
#: Seconds are of the browser's own clock: from the request to the first row of the finder, and to the end of loading.
_FIRST_ROW = "document.querySelectorAll('#found tr').length > 0"


@dataclass(frozen=True)
class Site:
    """The pages of one run: seconds of the step, megabytes in all, and the largest page."""

    seconds: float
    files: int
    megabytes: float
    largest: Path
    largest_megabytes: float


def main() -> None:
    """Generate, audit, measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--households", type=int, default=100_000)
    parser.add_argument("--township", type=int, default=20_000)
    parser.add_argument("--scratch", type=Path)
    options = parser.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="audit-pages-", dir=options.scratch))
    try:
        generate_registry(options.households, 1, scratch / "county", as_of=AS_OF)
        county = _site(scratch / "county", scratch)
        generate_registry(options.township, 1, scratch / "township", as_of=AS_OF)
        put_into_one_township(scratch / "township")
        township = _site(scratch / "township", scratch)
        rows = [
            (
                name,
                f"{one.seconds:.1f}",
                f"{one.files:,}",
                f"{one.megabytes:.1f}",
                f"{one.largest_megabytes:.2f}",
                str(one.largest.relative_to(scratch / "out" / "latest")),
            )
            for name, one in ((f"{options.households:,}", county), (f"{options.township:,}", township))
        ]
        print_table(("households", "pages s", "files", "MB", "largest MB", "largest"), rows)
        _open(scratch / "out" / "latest")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def put_into_one_township(registry: Path) -> None:
    """Make one township of a generated registry of up to 97,500 households, and give more of them a finding."""
    file = registry / "households.parquet"
    village = "(CAST(substr(area_code, 7, 3) AS INTEGER) - 101) * 15 + CAST(substr(area_code, 10, 3) AS INTEGER)"
    number = "CAST(substr(household_id, 2) AS BIGINT)"
    duckdb.execute(
        f"CREATE OR REPLACE TEMP TABLE moved AS SELECT * REPLACE ('139901101' || lpad(CAST({village} AS VARCHAR), 3, '0') "
        f"AS area_code, '大柳镇' AS township_name, CASE WHEN {number} % {_WRONG_PHONE} = 0 THEN '12' ELSE phone END AS phone) "
        f"FROM read_parquet('{file}')"
    )
    duckdb.execute(f"COPY (FROM moved ORDER BY household_id) TO '{file}' (FORMAT parquet)")


def _site(registry: Path, scratch: Path) -> Site:
    _, steps = run_audit(registry, scratch / "out", scratch / "audit.log", "--pages", "township")
    folder = (scratch / "out" / "latest").absolute()
    files = [path for path in folder.rglob("*") if path.suffix in {".html", ".xlsx"}]
    sizes = {path: path.stat().st_size for path in files}
    largest = max((path for path in files if path.suffix == ".html"), key=lambda path: sizes[path])
    return Site(steps["pages"], len(files), sum(sizes.values()) / 1e6, largest, sizes[largest] / 1e6)


def _open(run: Path) -> None:
    """Open the page of the township and find a household in it."""
    page = max(run.glob("areas/*/index.html"), key=lambda path: path.stat().st_size)
    flagged = duckdb.execute(
        f"SELECT count(DISTINCT household_id) FROM '{run / 'findings.parquet'}' WHERE rule_id NOT LIKE 'FAB-%'"
    ).fetchall()[0][0]
    with opened_browser() as browser:
        seconds = []
        for _ in range(5):
            tab = browser.new_page(viewport={"width": 1366, "height": 768})
            start = time.perf_counter()
            tab.goto(page.as_uri())
            tab.wait_for_function(_FIRST_ROW)
            wall = time.perf_counter() - start
            inside = tab.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd") / 1000
            start = time.perf_counter()
            tab.fill("#by-id", "H0000001")
            tab.wait_for_function("document.querySelector('#counted').textContent.length > 0")
            seconds.append((wall, inside, time.perf_counter() - start))
            tab.close()
    print(f"\ntownship page: {flagged:,} flagged households, {page.stat().st_size / 1e6:.2f} MB")
    for name, values in zip(
        ("opened, first row seen", "loaded (browser's clock)", "search"), zip(*seconds, strict=True), strict=True
    ):
        print(f"{name}: median {sorted(values)[2]:.2f} s, worst {max(values):.2f} s")


if __name__ == "__main__":
    main()
