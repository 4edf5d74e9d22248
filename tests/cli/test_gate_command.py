"""``audit gate check`` and ``audit gate show``."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.gate.nights import night, through_the_gate, without

from audit.cli.main import run


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An ordinary night, and one in which every second household is missing."""
    folder = tmp_path_factory.mktemp("nights")
    through_the_gate(folder / "first", night())
    gone = [row["household_id"] for row in night()["households"][::2]]
    through_the_gate(folder / "second", without(night(), gone), [folder / "first"])
    return folder


def audit(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = run([str(argument) for argument in arguments])
    written = capsys.readouterr()
    return code, written.out, written.err


def test_the_gate_that_comes_with_the_audit_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = audit(capsys, "gate", "check", "--lang", "en")
    assert code == 0
    assert out == (
        f"{ROOT / 'rules' / 'gate.yaml'} is right: 10 expectations hold a run, 11 warn, compared with the last 5 runs.\n"
    )


def test_mistakes_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(ROOT / "rules" / "gate.yaml", tmp_path / "gate.yaml")
    text = (tmp_path / "gate.yaml").read_text(encoding="utf-8")
    (tmp_path / "gate.yaml").write_text(text.replace("severity: stop", "severity: halt", 1), encoding="utf-8")
    code, out, err = audit(capsys, "gate", "check", "--rules", tmp_path)
    assert (code, out) == (2, "")
    assert "“severity” 应为以下之一：stop, warn，却是 “halt”" in err


def test_a_held_run_is_shown_with_what_held_it_first(nights: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = audit(capsys, "gate", "show", nights / "second")
    assert code == 0
    lines = out.splitlines()
    assert lines[:4] == [
        "本次运行已扣下，没有发布。",
        "比较：first",
        "出现　扣下　户数比以往少得多或多得多（household_rows）　不合预期 1，合乎预期 0，不适用 0",
        "    户信息：行数 90，应在 144 与 225 之间（前 1 次运行的中位数 180）。",
    ]
    assert any(line.startswith("没有比较　提醒　") for line in lines)


def test_a_first_run_in_english(nights: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = audit(capsys, "gate", "show", nights / "first", "--lang", "en")
    assert code == 0
    assert out.splitlines()[:3] == [
        "This run has passed.",
        "Compared with: no earlier run",
        "not seen, stop: No household at all (no_household); not as expected 0, as expected 1, not applicable 0",
    ]


def test_for_a_program(nights: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = audit(capsys, "gate", "show", nights / "second", "--json")
    assert code == 0
    assert json.loads(out) == json.loads((nights / "second" / "gate.json").read_text(encoding="utf-8"))


def test_a_folder_without_a_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = audit(capsys, "gate", "show", tmp_path / "nowhere")
    assert code == 2
    assert "没有闸口结果（gate.json）" in err
    (tmp_path / "gate.json").write_text('{"as_of": 1}', encoding="utf-8")
    code, _, err = audit(capsys, "gate", "show", tmp_path)
    assert code == 2
    assert "看不懂闸口结果" in err
