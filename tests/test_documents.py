"""Generated documents are up to date, and README's examples print what README says."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT
from tests.documents import DOCUMENTS, EXAMPLE, with_settings


@pytest.mark.parametrize("name", DOCUMENTS)
def test_up_to_date(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == DOCUMENTS[name](), "run: make documents"


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
