"""Generated documents are up to date, and README's examples print what README says."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT
from tests.documents import EXAMPLE, documents, with_settings

DOCUMENTS = documents()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_up_to_date(path: object) -> None:
    assert path.read_text(encoding="utf-8") == DOCUMENTS[path], "run: make documents"  # type: ignore[index,attr-defined]


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_there_is_an_example_of_a_run(name: str) -> None:
    commands = [found["command"] for found in EXAMPLE.finditer((ROOT / name).read_text(encoding="utf-8"))]
    assert any(command.startswith("audit run data/sample") for command in commands)


@pytest.mark.parametrize(
    "name", ["README.md", "README.zh-CN.md", "data/sample/README.md", "data/replication/README.md"]
)
def test_every_file_that_is_named_is_there(name: str) -> None:
    path = ROOT / name
    for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_the_table_of_settings_is_made_anew_between_its_marks() -> None:
    old = "before\n<!-- settings -->\nold\n<!-- /settings -->\nafter\n"
    new = with_settings(old, "en")
    assert new.startswith("before\n<!-- settings -->\n\n| Key | Flag | Environment | Default | Meaning |\n")
    assert new.endswith("|\n\n<!-- /settings -->\nafter\n")
    assert "\nold\n" not in new
    assert with_settings(new, "en") == new
