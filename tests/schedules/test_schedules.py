"""Schedules call the one command with the site's own paths, however these are spelled, and tell exit codes apart."""

from __future__ import annotations

import ast
import configparser
import subprocess
import sys
from datetime import time
from pathlib import Path

import pytest

from audit.cli.main import run
from audit.errors import RunError
from audit.language import LANGUAGES, Language
from audit.schedules import KINDS, Kind, Site, write_schedule

AT = time(2, 30)
PLAIN = Site(("/opt/audit/bin/audit",), Path("/srv/audit/audit.toml"), AT, "audit")
#: A folder with everything that some scheduler takes for something else.
ODD = Path('/srv/it\'s 100% "A" $HOME {{ x }} 县')
ODD_SITE = Site(("/opt/my 50% $audit/audit",), ODD / "audit.toml", AT, "audit")


def texts(kind: Kind, site: Site = PLAIN, lang: Language = "en") -> list[str]:
    return [file.text for file in write_schedule(kind, site, lang)]


class CasedParser(configparser.RawConfigParser):
    """Keys as they are written: systemd tells capitals from small letters."""

    def optionxform(self, optionstr: str) -> str:
        return optionstr


def unit(text: str) -> configparser.RawConfigParser:
    parser = CasedParser(strict=False)
    parser.read_string(text)
    return parser


def constants(text: str) -> dict[str, object]:
    tree = ast.parse(text)
    return {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id.isupper()
    }


def cron_line(text: str) -> str:
    (line,) = [line for line in text.splitlines() if line[0].isdigit()]
    return line


def test_a_systemd_service_and_its_timer() -> None:
    service, timer = (unit(text) for text in texts("systemd"))
    own = service["Service"]
    assert (own["Type"], own["User"]) == ("oneshot", "audit")
    assert own["ExecStart"] == '"/opt/audit/bin/audit" "run" "--config" "/srv/audit/audit.toml"'
    assert own["WorkingDirectory"] == "/srv/audit"
    assert own["ReadWritePaths"] == '"/srv/audit"'
    # The audit ran and found something: 1. Held by the gate, 3, and could not run, 2, are failures.
    assert own["SuccessExitStatus"] == "1"
    assert (timer["Timer"]["OnCalendar"], timer["Timer"]["Persistent"]) == ("*-*-* 02:30:00", "true")
    assert timer["Install"]["WantedBy"] == "timers.target"


def test_a_timer_in_a_time_zone() -> None:
    site = Site(("/opt/audit",), Path("/srv/audit.toml"), AT, zone="Asia/Shanghai")
    assert unit(texts("systemd", site)[1])["Timer"]["OnCalendar"] == "*-*-* 02:30:00 Asia/Shanghai"


def test_odd_paths_in_a_unit() -> None:
    own = unit(texts("systemd", ODD_SITE)[0])["Service"]
    assert own["WorkingDirectory"] == '/srv/it\'s 100%% "A" $HOME {{ x }} 县'
    assert own["ReadWritePaths"] == r'''"/srv/it's 100%% \"A\" $HOME {{ x }} 县"'''
    assert own["ExecStart"] == (
        r'''"/opt/my 50%% $audit/audit" "run" "--config" "/srv/it's 100%% \"A\" $$HOME {{ x }} 县/audit.toml"'''
    )


def test_other_folders_that_are_written() -> None:
    site = Site(("/opt/audit",), Path("/srv/audit.toml"), AT, writes=(Path("/var/re ports"), Path("/scratch")))
    text = texts("systemd", site)[0]
    assert 'ReadWritePaths="/var/re ports"\nReadWritePaths="/scratch"\n' in text
    assert "\n#User=audit\n" in text


def test_a_cron_line() -> None:
    assert cron_line(texts("cron")[0]) == (
        "30 2 * * * audit cd /srv/audit || exit 2; /opt/audit/bin/audit run --config /srv/audit/audit.toml "
        ">> /srv/audit/audit-cron.log 2>&1 || [ $? -eq 1 ] || "
        "echo 'The household audit failed or was held, see the log:' /srv/audit/audit-cron.log"
    )
    (file,) = write_schedule("cron", PLAIN, "zh")
    assert file.place == "/etc/cron.d/household-audit"
    (own,) = write_schedule("cron", Site(PLAIN.program, PLAIN.config, time(23, 5)), "zh")
    assert own.place == ""
    assert cron_line(own.text).startswith("5 23 * * * cd /srv/audit || exit 2; /opt/audit/bin/audit run ")


def cron_runs(line: str) -> str:
    """What cron hands to the shell: a percent sign with a backslash is one, one without would end the line."""
    assert "%" not in line.replace("\\%", "")
    return line.replace("\\%", "%")


@pytest.mark.parametrize(("code", "told"), [(0, False), (1, False), (2, True), (3, True)])
def test_the_cron_line_runs_with_what_cron_gives(tmp_path: Path, code: int, told: bool) -> None:
    folder = tmp_path / 'it\'s 100% "A" $HOME'
    folder.mkdir()
    program = tmp_path / "my 50% audit"
    program.write_text(f'#!/bin/sh\nprintf "[%s]" "$@"\npwd\nexit {code}\n', encoding="utf-8")
    program.chmod(0o755)
    (text,) = texts("cron", Site((str(program),), folder / "audit.toml", AT))
    line = cron_runs(cron_line(text).partition("* * * ")[2])
    done = subprocess.run(
        ["/bin/sh", "-c", line],
        env={"HOME": "/", "LOGNAME": "audit", "SHELL": "/bin/sh", "PATH": "/usr/bin:/bin"},
        cwd="/",
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    log = folder / "audit-cron.log"
    assert log.read_text(encoding="utf-8") == f"[run][--config][{folder}/audit.toml]{folder}\n"
    assert done.stderr == ""
    assert done.stdout == (f"The household audit failed or was held, see the log: {log}\n" if told else "")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", ["airflow", "dagster"])
def test_python_schedules_only_call_the_command(kind: Kind, lang: Language) -> None:
    (text,) = texts(kind, ODD_SITE, lang)
    named = constants(text)
    assert named["COMMAND"] == ["/opt/my 50% $audit/audit", "run", "--config", f"{ODD}/audit.toml"]
    assert named["FOLDER"] == str(ODD)
    tree = ast.parse(text)
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    known = {
        "airflow": {"pendulum", "airflow.sdk", "airflow.sdk.exceptions", "airflow.providers.standard.hooks.subprocess"},
        "dagster": {"subprocess", "dagster"},
    }
    assert modules - {"__future__"} == known[kind]


@pytest.mark.parametrize("kind", ["airflow", "dagster"])
def test_python_schedules_name_time_and_zone(kind: Kind) -> None:
    (text,) = texts(kind)
    assert '"30 2 * * *"' in text
    assert "'Asia/Shanghai'" in text
    (moscow,) = texts(kind, Site(PLAIN.program, PLAIN.config, AT, zone="Europe/Moscow"))
    assert "'Europe/Moscow'" in moscow


@pytest.mark.parametrize("kind", ["airflow", "dagster"])
@pytest.mark.parametrize(("code", "ends"), [(0, "ran"), (1, "ran"), (2, "FAILED"), (3, "HELD"), (-9, "FAILED")])
def test_python_schedules_tell_exit_codes_apart(tmp_path: Path, kind: Kind, code: int, ends: str) -> None:
    """The function is run with stand-ins for what the scheduler would give."""
    (text,) = texts(kind)
    stand_ins = tmp_path / "stand_ins.py"
    stand_ins.write_text(
        "import subprocess, sys, types\n"
        "class Failed(Exception):\n"
        "    def __init__(self, words, **_more): super().__init__(words)\n"
        "def plain(*given, **_more): return given[0] if given and callable(given[0]) else (lambda function: function)\n"
        f"done = types.SimpleNamespace(returncode={code}, exit_code={code})\n"
        "subprocess.run = lambda command, cwd, check: done\n"
        "hook = lambda: types.SimpleNamespace(run_command=lambda command, cwd: done)\n"
        "class Anything:\n"
        "    RUNNING = None\n"
        "    def __init__(self, *_given, **_more): pass\n"
        "for name, content in {\n"
        "    'pendulum': {'datetime': Anything}, 'airflow': {}, 'airflow.sdk': {'dag': plain, 'task': plain},\n"
        "    'airflow.sdk.exceptions': {'AirflowFailException': Failed}, 'airflow.providers': {},\n"
        "    'airflow.providers.standard': {}, 'airflow.providers.standard.hooks': {},\n"
        "    'airflow.providers.standard.hooks.subprocess': {'SubprocessHook': hook},\n"
        "    'dagster': {'op': plain, 'job': plain, 'Failure': Failed, 'Definitions': Anything,\n"
        "                'ScheduleDefinition': Anything, 'DefaultScheduleStatus': Anything},\n"
        "}.items():\n"
        "    sys.modules[name] = types.ModuleType(name)\n"
        "    vars(sys.modules[name]).update(content)\n"
        "names = {}\n"
        "try:\n"
        f"    exec(compile({text!r}, 'schedule', 'exec'), names)\n"
        "    names['household_audit']()\n"
        "    print('ran')\n"
        "except Failed as failed:\n"
        "    print(next(name for name in ('HELD', 'FAILED') if names[name] == str(failed)))\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, str(stand_ins)], capture_output=True, check=False, encoding="utf-8")
    assert done.stdout == f"{ends}\n", done.stderr


@pytest.mark.parametrize(
    ("kind", "site", "told"),
    [
        ("cron", Site(("/opt/a\\b",), Path("/srv/audit.toml"), AT), "The path /opt/a\\b holds a backslash"),
        (
            "systemd",
            Site(('/opt/"a"/audit',), Path("/srv/audit.toml"), AT),
            'systemd can\'t run the path /opt/"a"/audit',
        ),
        ("systemd", Site(("/opt/audit",), Path("/srv/a\nExecStart=x/audit.toml"), AT), "holds a line break"),
        (
            "airflow",
            Site(("/opt/audit",), Path("/srv/a\nb/audit.toml"), AT),
            "'/srv/a\\nb/audit.toml' holds a line break",
        ),
        ("cron", Site(("/opt/audit",), Path("/srv/audit.toml"), AT, user="root rm"), '"root rm" is no user name'),
        ("dagster", Site(("/opt/audit",), Path("/srv/audit.toml"), AT, zone="Mars"), 'There is no time zone "Mars"'),
        ("dagster", Site(("/opt/audit",), Path("/srv/audit.toml"), AT, zone="../etc"), 'no time zone "../etc"'),
    ],
)
def test_what_no_schedule_can_be_written_with(kind: Kind, site: Site, told: str) -> None:
    with pytest.raises(RunError) as caught:
        write_schedule(kind, site, "en")
    assert told in caught.value.message("en")


@pytest.mark.parametrize("kind", KINDS)
def test_both_languages_write_the_same_schedule(kind: Kind) -> None:
    def without_words(lang: Language) -> list[list[str]]:
        kept = [text.splitlines() for text in texts(kind, PLAIN, lang)]
        worded = ("#", "Description=", "HELD", "FAILED", "    description=", "@job(")
        return [[line.partition(" || echo ")[0] for line in lines if not line.startswith(worded)] for lines in kept]

    assert without_words("zh") == without_words("en")
    assert texts(kind, PLAIN, "zh") != texts(kind, PLAIN, "en")


def test_the_command_prints_and_writes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["schedule", "systemd", "--user", "audit", "--lang", "en"]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("# /etc/systemd/system/household-audit.service\n")
    assert "\n\n# /etc/systemd/system/household-audit.timer\n" in printed.out
    assert f'"run" "--config" "{tmp_path}/audit.toml"\n' in printed.out
    assert printed.err == f"Note: {tmp_path}/audit.toml is not there yet. Write it before the first run.\n"
    (tmp_path / "audit.toml").write_text("", encoding="utf-8")
    (tmp_path / "units").mkdir()
    assert run(["schedule", "systemd", "--at", "23:05", "--out", "units", "--lang", "en"]) == 0
    assert sorted(path.name for path in (tmp_path / "units").iterdir()) == [
        "household-audit.service",
        "household-audit.timer",
    ]
    assert "OnCalendar=*-*-* 23:05:00\n" in (tmp_path / "units" / "household-audit.timer").read_text(encoding="utf-8")
    assert capsys.readouterr().err == ""


def test_folders_that_the_settings_name_may_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "spill").mkdir()
    (tmp_path / "site" / "audit.toml").write_text(
        'data = "/data/in"\nout = "../my reports"\nscratch = "../spill"\nreuse = "read"\n[log]\nfile = "/var/log/audit/a.log"\n',
        encoding="utf-8",
    )
    assert run(["schedule", "systemd", "--config", str(tmp_path / "site" / "audit.toml")]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("ReadWritePaths=")]
    assert lines == [
        f'ReadWritePaths="{tmp_path}/site"',
        f'ReadWritePaths="{tmp_path}/my reports"',
        f'ReadWritePaths="{tmp_path}/spill"',
        'ReadWritePaths="/var/log/audit"',
    ]
    (tmp_path / "site" / "audit.toml").write_text("ot = 1\n", encoding="utf-8")
    assert run(["schedule", "systemd", "--config", str(tmp_path / "site" / "audit.toml"), "--lang", "en"]) == 2
    assert "line 1" in capsys.readouterr().err


@pytest.mark.parametrize("at", ["24:00", "2", "02:60", "2:3x", ""])
def test_a_time_that_is_none(at: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schedule", "cron", "--at", at, "--lang", "en"]) == 2
    assert "A time is written HH:MM, such as 02:30" in capsys.readouterr().err
