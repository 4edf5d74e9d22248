"""The command line with a site's settings: audit.toml instead of flags, and what audit settings says about it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.conftest import SAMPLE

from audit import AuditResult
from audit.cli.main import run
from audit.configuration import SETTINGS


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an audit.toml for the sample county."""
    monkeypatch.chdir(tmp_path)
    for setting in SETTINGS:
        monkeypatch.delenv(setting.environment, raising=False)
    (tmp_path / "audit.toml").write_text(
        f'data = "{SAMPLE}"\nas_of = 2024-12-31\nout = "nightly"\nlang = "en"\nareas = ["139901"]\n'
        '[log]\nfile = "audit.log"\nformat = "json"\n',
        encoding="utf-8",
    )
    return tmp_path


def test_a_run_needs_no_flag(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["run"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "as of 2024-12-31, year 2024" in told
    assert "149 of 149 households lie outside this site's areas (139901): 139903 149." in told
    assert (site / "nightly" / "latest" / "index.html").is_file()
    events = [json.loads(line)["event"] for line in (site / "audit.log").read_text(encoding="utf-8").splitlines()]
    assert events == ["started", *["step"] * 11, "published"]


def test_paths_start_at_the_file_and_flags_at_the_current_folder(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (site / "elsewhere").mkdir()
    monkeypatch.chdir(site / "elsewhere")
    assert run(["settings", "--config", "../audit.toml", "--gate", "gate.yaml", "--json"]) == 0
    values = {one["name"]: one["value"] for one in json.loads(capsys.readouterr().out)}
    assert (values["out"], values["gate"]) == ("../nightly", "gate.yaml")


def test_settings_say_who_set_what(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AUDIT_KEEP", "5")
    assert run(["settings", "--threads", "2", "--pages", "none"]) == 0
    rows = {line.split()[0]: line.split()[1:] for line in capsys.readouterr().out.splitlines()}
    assert rows["keep"] == ["--keep", "5", "environment", "variable", "AUDIT_KEEP"]
    assert rows["out"] == ["--out", "nightly", "audit.toml"]
    assert rows["threads"] == ["--threads", "2", "flag", "--threads"]
    assert rows["pages"] == ["--pages", "none", "flag", "--pages"]
    assert rows["memory"] == ["--memory", "half", "default"]
    assert rows["lang"] == ["--lang", "en", "audit.toml"]
    assert set(rows) == {"Key", *(setting.key for setting in SETTINGS)}


def test_the_language_comes_from_the_flag_the_environment_or_the_site(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def origin(*arguments: str) -> list[str]:
        assert run(["settings", "--json", *arguments]) == 0
        (lang,) = [one for one in json.loads(capsys.readouterr().out) if one["name"] == "lang"]
        return [lang["value"], lang["from"]]

    assert origin() == ["en", "file"]
    monkeypatch.setenv("AUDIT_LANG", "zh")
    assert origin() == ["zh", "environment"]
    assert origin("--lang", "en") == ["en", "flag"]
    assert origin("--lang=zh") == ["zh", "flag"]


def test_the_example_can_be_saved_as_it_is(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["settings", "example"]) == 0
    (site / "audit.toml").write_text(capsys.readouterr().out, encoding="utf-8")
    assert run(["settings", "--json"]) == 0
    assert {one["from"] for one in json.loads(capsys.readouterr().out)} == {"default"}


def test_mistakes_are_told_in_the_site_s_language_and_nothing_runs(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (site / "audit.toml").open("a", encoding="utf-8") as file:
        file.write("level = 'loud'\nfiles = 1\n")
    assert run(["run"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "The settings have 2 mistakes:",
        "  audit.toml, line 9, log.level: should be one of debug, info, warning, error, not loud",
        "  audit.toml, line 10, log.files: there is no such setting. Nearest: log.file",
    ]
    assert not (site / "nightly").exists()


def test_no_registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["run"]) == 2
    assert "没有说明要审计什么" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--keep", "0"), "不小于 1 的整数"),
        (("--notify-webhook", "ftp://h/hunter2"), "http:// 或 https://"),
        (("--scratch", "nowhere"), "已有的文件夹"),
        (("--areas", "139901,x"), "行政区划代码"),
    ],
)
def test_a_flag_that_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...],
    told: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert run(["run", str(SAMPLE), *arguments]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert "hunter2" not in error


def test_help_lists_every_flag_under_its_section(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["run", "--help", "--lang", "en"]) == 0
    told = capsys.readouterr().out
    assert told.index("The registry:") < told.index("--source-map") < told.index("Notifications:")
    for setting in SETTINGS:
        # The registry is an argument, and the language is taken before any command.
        assert setting.name == "lang" or setting.flag in told


def test_samples_are_where_the_site_keeps_them(
    site: Path, sample_run: AuditResult, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written = (site / "audit.toml").read_text(encoding="utf-8")
    written = written.replace('"nightly"', f'"{sample_run.folder.parent}"')
    (site / "audit.toml").write_text(f'samples = "kept/samples"\n{written}', encoding="utf-8")
    (site / "elsewhere").mkdir()
    monkeypatch.chdir(site / "elsewhere")
    # The path in the file starts at the file, wherever the command is called.
    assert run(["sample", "frame", "--config", "../audit.toml", "--json"]) == 0
    frame = json.loads(capsys.readouterr().out)["frame_id"]
    assert (site / "kept" / "samples" / "frames" / frame).is_dir()
    monkeypatch.chdir(site)
    monkeypatch.setenv("AUDIT_SAMPLES", "of-the-environment")
    assert run(["sample", "frame"]) == 0
    assert (site / "of-the-environment" / "frames" / frame).is_dir()
    assert run(["sample", "frame", "--samples", "of-the-flag"]) == 0
    assert (site / "of-the-flag" / "frames" / frame).is_dir()
    assert run(["sample", "list", "--config", "nowhere.toml"]) == 2
    capsys.readouterr()
    assert run(["settings", "--json"]) == 0
    values = {one["name"]: (one["value"], one["from"]) for one in json.loads(capsys.readouterr().out)}
    assert values["samples"] == ("of-the-environment", "environment")
