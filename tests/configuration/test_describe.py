"""The settings in words: what is shown is true, and never a password."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from audit.configuration import SETTINGS, settings_in_force
from audit.configuration.describe import describe_settings, example_file, settings_markdown
from audit.configuration.shown import masked_address, masked_webhook
from audit.configuration.site_file import read_site_file
from audit.language import LANGUAGES, Language


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_example_sets_nothing_until_its_remarks_are_taken_away(tmp_path: Path, lang: Language) -> None:
    path = tmp_path / "audit.toml"
    path.write_text(example_file(lang), encoding="utf-8")
    assert (read_site_file(path).values, read_site_file(path).mistakes) == ({}, ())
    path.write_text(re.sub(r"^#(?! )", "", example_file(lang), flags=re.MULTILINE), encoding="utf-8")
    site = read_site_file(path)
    assert site.mistakes == ()
    assert set(site.values) == {setting.name for setting in SETTINGS}


def test_no_example_is_the_default(tmp_path: Path) -> None:
    path = tmp_path / "audit.toml"
    path.write_text(re.sub(r"^#(?! )", "", example_file("en"), flags=re.MULTILINE), encoding="utf-8")
    values = read_site_file(path).values
    # The log level has no better example than the level that everybody uses.
    assert [one.name for one in SETTINGS if values[one.name] == one.default] == ["log_level"]


def test_every_setting_stands_in_the_table_with_both_flags_of_a_yes() -> None:
    lines = settings_markdown("en").splitlines()
    assert lines[0] == "| Key | Flag | Environment | Default | Meaning |"
    assert len(lines) == 2 + 31
    assert "| `keep` | `--keep` | `AUDIT_KEEP` |  | How many published runs to keep; none keeps all |" in lines
    assert "| `no_gate` | `--no-gate`, `--with-gate` | `AUDIT_NO_GATE` | `false` | Run without the gate |" in lines
    assert any(
        line.startswith("| `notify.timeout` | `--notify-timeout` | `AUDIT_NOTIFY_TIMEOUT` | `30` |") for line in lines
    )


def test_what_is_in_force_for_a_program(tmp_path: Path) -> None:
    (tmp_path / "audit.toml").write_text(
        'source = "postgresql://audit:hunter2@db:5432/r?sslpassword=hunter2"\n[notify]\ncommand = "tell hunter2"\n'
        'webhook = "https://u:hunter2@chat/hunter2?key=hunter2"\n',
        encoding="utf-8",
    )
    found = describe_settings(settings_in_force({}, {"AUDIT_KEEP": "5"}, None, tmp_path), "en")
    assert "hunter2" not in json.dumps(found)
    by_name = {str(one["name"]): one for one in found}
    assert by_name["source"]["value"] == "postgresql://audit:***@db:5432/r?***"
    assert by_name["notify_webhook"]["value"] == "https://chat/***"
    assert by_name["notify_command"]["value"] == "tell ***"
    assert by_name["keep"] == {
        "name": "keep", "key": "keep", "flag": "--keep", "environment": "AUDIT_KEEP", "section": "output", "value": "5",
        "from": "environment", "file": None, "default": None, "choices": [],
        "meaning": "How many published runs to keep; none keeps all",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("postgresql://db/registry", "postgresql://db/registry"),
        ("postgresql://u:a%40b@db:1/r", "postgresql://u:***@db:1/r"),
        ("postgresql://u:@db/r", "postgresql://u:***@db/r"),
        ("host=db password=hunter2", "***"),
        ("postgresql://u:p@[::1/r", "***"),
        ("postgresql://u:p@db:x/r", "***"),
    ],
)
def test_masked_address(address: str, told: str) -> None:
    assert masked_address(address) == told


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("https://chat.example", "https://chat.example"),
        ("https://chat.example:8443/hooks/T0/B0/x", "https://chat.example:8443/***"),
        ("https://chat.example?key=x", "https://chat.example/***"),
        ("nonsense", "***"),
    ],
)
def test_masked_webhook(address: str, told: str) -> None:
    assert masked_webhook(address) == told
