"""What all tests share: registries written by hand, and one audit of the sample and of the replication registry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Unpack

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser
from xdist.remote import Producer
from xdist.scheduler.loadscope import LoadScopeScheduling

from audit import AuditResult, Settings, run_audit
from audit.gate import OPEN_GATE
from audit.model.extent import Extent
from tests.browser import opened_browser
from tests.options import AuditOptions
from tests.policy import shipped

settings.register_profile(
    "audit", derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
settings.load_profile("audit")

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "data" / "sample"
REPLICATION = ROOT / "data" / "replication"
AS_OF = date(2024, 12, 31)
#: For audits whose pages nobody looks at. The other cores have tests of their own; that the number of threads changes
#: no byte is tried by ``tests/test_database.py``.
BARE = Settings(pages=Extent.NONE, threads=1)

#: What takes longest goes first, so that no worker has much left when the other has done.
LONGEST = (
    "tests/faults/test_killed.py",
    "tests/test_architecture.py",
    "tests/test_week.py",
    "tests/sampling/test_crash.py",
    "tests/test_missing_tables.py",
    "tests/history/test_unchanged.py",
)
#: Audits of data/replication, of a hostile registry, and of two townships; with pages, which takes long.
SHARING = ("tests/replication/", "tests/report/", "tests/slices/")
Rows = Sequence[Mapping[str, object]]
Write = Callable[..., Path]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bring the modules that take long to the front; the tests of a module go to one worker together."""
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.relative_to(ROOT).as_posix(), len(LONGEST)))


class ByAudit(LoadScopeScheduling):
    """Gives the tests of a module to one worker, and of folders whose modules look at the same audits all tests."""

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        return next((folder for folder in SHARING if module.startswith(folder)), module)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByAudit:
    """Share the tests out so that few audits are made twice."""
    return ByAudit(config, log)


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> AuditResult:
    """One audit of data/sample, in Chinese, masked."""
    return run_audit(SAMPLE, as_of=AS_OF, out=tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session")
def replication_run(tmp_path_factory: pytest.TempPathFactory) -> AuditResult:
    """One audit of data/replication: the plan is about 2024 and ends in January 2025."""
    return run_audit(REPLICATION, as_of=date(2025, 1, 31), year=2024, out=tmp_path_factory.mktemp("replication"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless chromium that requests nothing by itself."""
    with opened_browser() as browser:
        yield browser


@pytest.fixture
def write_registry(tmp_path: Path) -> Write:
    """Write a folder of CSV files: each keyword is a table, its value a list of rows."""

    def write(folder: str = "registry", **tables: Rows) -> Path:
        out = tmp_path / folder
        out.mkdir(exist_ok=True)
        for name, rows in tables.items():
            columns = list(dict.fromkeys(column for row in rows for column in row))
            lines = [",".join(columns)]
            lines += [",".join(str(row.get(column, "")) for column in columns) for row in rows]
            (out / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return out

    return write


@pytest.fixture
def audited(tmp_path: Path) -> Callable[..., AuditResult]:
    """Audit a registry into a folder of the test's own, without pages and with an open gate unless asked for."""

    def audit(
        data: Path | str, *, as_of: date = AS_OF, out: Path | None = None, **options: Unpack[AuditOptions]
    ) -> AuditResult:
        options.setdefault("settings", BARE)
        options.setdefault("gate", OPEN_GATE)
        options.setdefault("rules", shipped())
        return run_audit(data, as_of=as_of, out=out or tmp_path / "reports", **options)

    return audit


@pytest.fixture
def reported(tmp_path: Path) -> Callable[..., AuditResult]:
    """Audit a registry into a folder of the test's own, with its pages."""

    def audit(
        data: Path | str, *, as_of: date = AS_OF, out: Path | None = None, **options: Unpack[AuditOptions]
    ) -> AuditResult:
        options.setdefault("rules", shipped())
        return run_audit(data, as_of=as_of, out=out or tmp_path / "reports", **options)

    return audit
