"""Who wins: a flag before the environment, that before audit.toml, that before the default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from audit.configuration import SETTINGS, InForce, RunSettings, Value, run_settings, settings_in_force
from audit.errors import ConfigurationError, RunError


def found(
    folder: Path, *, given: Mapping[str, Value] | None = None, environment: Mapping[str, str] | None = None
) -> dict[str, InForce]:
    return {one.setting.name: one for one in settings_in_force(given or {}, environment or {}, None, folder)}


def test_the_stronger_hand_wins(tmp_path: Path) -> None:
    assert (found(tmp_path)["keep"].value, found(tmp_path)["keep"].origin) == (None, "default")
    (tmp_path / "audit.toml").write_text("keep = 7\n", encoding="utf-8")
    from_file = found(tmp_path)["keep"]
    assert (from_file.value, from_file.origin, from_file.file) == (7, "file", tmp_path / "audit.toml")
    from_environment = found(tmp_path, environment={"AUDIT_KEEP": "8"})["keep"]
    assert (from_environment.value, from_environment.origin, from_environment.file) == (8, "environment", None)
    flag = found(tmp_path, given={"keep": 9}, environment={"AUDIT_KEEP": "8"})["keep"]
    assert (flag.value, flag.origin) == (9, "flag")


def test_a_flag_can_take_a_number_back_to_none(tmp_path: Path) -> None:
    (tmp_path / "audit.toml").write_text("keep = 7\n", encoding="utf-8")
    assert (found(tmp_path, given={"keep": None})["keep"].value, found(tmp_path)["keep"].value) == (None, 7)


def test_an_empty_environment_variable_says_nothing(tmp_path: Path) -> None:
    assert found(tmp_path, environment={"AUDIT_LANG": ""})["lang"].origin == "default"


def test_a_folder_on_the_command_line_counts_before_the_database_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "audit.toml").write_text('source = "postgresql://db/x"\n', encoding="utf-8")
    values = found(tmp_path, given={"data": Path("here")})
    assert (values["data"].value, values["source"].value) == (Path("here"), None)
    values = found(tmp_path, environment={"AUDIT_DATA": "here"})
    assert (values["data"].value, values["source"].value) == (Path("here"), None)


def test_two_registries_of_one_hand_are_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "audit.toml").write_text('source = "postgresql://db/x"\ndata = "y"\n', encoding="utf-8")
    with pytest.raises(ConfigurationError, match="同时设置了 data 和 source"):
        found(tmp_path)


def test_mistakes_of_file_and_environment_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "audit.toml").write_text('keep = 0\nouts = "x"\n', encoding="utf-8")
    with pytest.raises(ConfigurationError) as raised:
        found(tmp_path, environment={"AUDIT_THREADS": "many", "AUDIT_FORCE": "perhaps"})
    assert raised.value.message("en").splitlines() == [
        "The settings have 4 mistakes:",
        f"  {tmp_path}/audit.toml, line 1, keep: should be a whole number from 1, or none, not 0",
        f"  {tmp_path}/audit.toml, line 2, outs: there is no such setting. Nearest: out",
        "  environment variable AUDIT_FORCE: should be true or false, not perhaps",
        "  environment variable AUDIT_THREADS: should be a whole number from 1, not many",
    ]


def test_one_value_holds_every_setting() -> None:
    assert [one.name for one in fields(RunSettings)][1:] == [setting.name for setting in SETTINGS]


def test_the_defaults_are_what_the_audit_did_before_there_were_settings(tmp_path: Path) -> None:
    settings = run_settings(settings_in_force({"data": Path("registry")}, {}, None, tmp_path), tmp_path)
    assert settings == RunSettings(
        folder=tmp_path, data=Path("registry"), source=None, source_map=None, aliases=None, areas=(), as_of=None,
        year=None, rules=None, count_advisory=False, out=Path("reports"), samples=None, lang="zh", show_personal=False, pages="auto",
        fail_on=None, keep=None, force=False, previous=None, gate=None, no_gate=False, memory="half", threads=None,
        scratch=None, reuse=None, notify_command=None, notify_webhook=None, notify_timeout=30, notify_when="always",
        log=None, log_format="text", log_level="info",
    )  # fmt: skip


def test_every_setting_can_come_from_the_environment(tmp_path: Path) -> None:
    written = {
        "DATA": "in", "SOURCE_MAP": "map.yaml", "ALIASES": "a.csv", "AREAS": "139901, 139902101000", "AS_OF": "2024-12-31",
        "YEAR": "2023", "RULES": "r", "COUNT_ADVISORY": "yes", "OUT": "o", "SAMPLES": "s", "LANG": "en", "SHOW_PERSONAL": "1",
        "PAGES": "none", "FAIL_ON": "low", "KEEP": "none", "FORCE": "true", "PREVIOUS": "none", "GATE": "g.yaml",
        "NO_GATE": "0", "MEMORY": "1GB", "THREADS": "2", "SCRATCH": str(tmp_path), "REUSE": "kept",
        "NOTIFY_COMMAND": "tell it", "NOTIFY_WEBHOOK": "https://h/x", "NOTIFY_TIMEOUT": "2.5", "NOTIFY_WHEN": "held",
        "LOG": "l.txt", "LOG_FORMAT": "json", "LOG_LEVEL": "error",
    }  # fmt: skip
    environment = {f"AUDIT_{name}": value for name, value in written.items()}
    assert run_settings(settings_in_force({}, environment, None, tmp_path), tmp_path) == RunSettings(
        folder=tmp_path, data=Path("in"), source=None, source_map=Path("map.yaml"), aliases=Path("a.csv"),
        areas=("139901", "139902101"), as_of=date(2024, 12, 31), year=2023, rules=Path("r"), count_advisory=True,
        out=Path("o"), samples=Path("s"), lang="en", show_personal=True, pages="none", fail_on="low", keep=None, force=True,
        previous="none", gate=Path("g.yaml"), no_gate=False, memory="1GB", threads=2, scratch=tmp_path,
        reuse=Path("kept"), notify_command="tell it", notify_webhook="https://h/x", notify_timeout=2.5,
        notify_when="held", log=Path("l.txt"), log_format="json", log_level="error",
    )  # fmt: skip


def test_without_a_registry_there_is_nothing_to_audit(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="没有说明要审计什么"):
        run_settings(settings_in_force({}, {}, None, tmp_path), tmp_path)


def test_a_log_that_is_only_formatted_goes_to_standard_error(tmp_path: Path) -> None:
    settings = settings_in_force({"data": Path("x"), "log_format": "json"}, {}, None, tmp_path)
    assert run_settings(settings, tmp_path).log == "-"


def test_a_command_of_the_file_is_run_where_the_file_is(tmp_path: Path) -> None:
    (tmp_path / "audit.toml").write_text('data = "x"\n[notify]\ncommand = "./tell"\n', encoding="utf-8")
    assert run_settings(settings_in_force({}, {}, tmp_path / "audit.toml", Path()), Path()).folder == tmp_path
    settings = settings_in_force({"notify_command": "./tell"}, {}, tmp_path / "audit.toml", Path())
    assert run_settings(settings, Path()).folder == Path()
