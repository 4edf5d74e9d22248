"""What tests of the pages share: an audit of a registry that attacks them, and one of the nights before the sample's."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit import AuditResult, run_audit
from audit.database import Settings
from tests.conftest import AS_OF, SAMPLE
from tests.policy import shipped
from tests.report.hostile import hostile_registry


@pytest.fixture(scope="session")
def hostile_run(tmp_path_factory: pytest.TempPathFactory) -> AuditResult:
    """Every text of the registry is an attack, and all of it is shown unmasked."""
    folder: Path = tmp_path_factory.mktemp("hostile")
    return run_audit(
        hostile_registry(folder / "in"),
        rules=shipped(),
        as_of=AS_OF,
        out=folder / "out",
        settings=Settings(show_personal=True),
    )


@pytest.fixture(scope="session")
def second_sample_run(tmp_path_factory: pytest.TempPathFactory) -> AuditResult:
    """The sample audited once more, elsewhere."""
    return run_audit(SAMPLE, rules=shipped(), as_of=AS_OF, out=tmp_path_factory.mktemp("again"))
