"""Both languages say everything, with the same values; every text that the code asks for is there."""

from __future__ import annotations

import re
import string

import yaml

from audit.language import LANGUAGES, section
from tests.conftest import ROOT

FOLDER = ROOT / "src" / "audit" / "language"
SECTIONS = sorted(path.stem for path in (FOLDER / "zh").glob("*.yaml"))


def fields(template: str) -> set[str]:
    return {re.split(r"[.!:\[]", field)[0] for _, field, _, _ in string.Formatter().parse(template) if field}


def test_the_same_sections() -> None:
    for lang in LANGUAGES:
        assert sorted(path.stem for path in (FOLDER / lang).glob("*.yaml")) == SECTIONS


def test_the_same_texts_with_the_same_values() -> None:
    for name in SECTIONS:
        chinese, english = section(name, "zh"), section(name, "en")
        assert set(chinese) == set(english), name
        for key in chinese:
            assert fields(chinese[key]) == fields(english[key]), f"{name}.{key}"


def test_no_text_twice_in_one_section() -> None:
    for path in sorted(FOLDER.rglob("*.yaml")):
        keys = re.findall(r'^"?(\w+)"?:', path.read_text(encoding="utf-8"), re.MULTILINE)
        assert len(keys) == len(set(keys)), path
        assert set(keys) == set(yaml.safe_load(path.read_text(encoding="utf-8")))


def test_english_is_english() -> None:
    for name in SECTIONS:
        for key, template in section(name, "en").items():
            assert not re.search("[\u4e00-\u9fff]", template), f"{name}.{key}"


def test_every_text_asked_for_is_there() -> None:
    known = {f"{name}.{key}" for name in SECTIONS for key in section(name, "zh")}
    asked = set()
    for path in (ROOT / "src").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        asked |= set(re.findall(rf'"((?:{"|".join(SECTIONS)})\.[a-z_]+)"', source))
    assert len(asked) > 100
    # Files are named like the sections that tell about them.
    assert {one for one in asked if not one.endswith((".parquet", ".json", ".yaml", ".html", ".xlsx"))} <= known
