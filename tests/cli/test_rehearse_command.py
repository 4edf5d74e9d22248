"""``audit rehearse`` as an analyst uses it: what it prints, its exit codes, and mistakes told with their remedy."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests import command
from tests.command import Done
from tests.conftest import SAMPLE
from tests.rehearsal.registry import write_policy

from audit.cli.main import run
from audit.engine.statements import Prepared, bind_sql


def audit(*arguments: str) -> Done:
    return command.audit("rehearse", *arguments)


def test_it_prints_the_rules_that_change_and_the_workload(tmp_path: Path) -> None:
    policy = write_policy(tmp_path / "rules")
    done = audit(
        str(SAMPLE), "--as-of", "2024-12-31", "--old-rules", str(policy), "--param", "low_income_line=4500",
        "--seed", "2025-01", "--visits", "4", "--out", str(tmp_path / "out"),
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.split() for line in done.stdout.splitlines()]
    assert "参数 low_income_line：4000 -> 4500" in done.stdout
    assert ["INC-4", "收入低于监测线，未纳入监测", "3", "/", "5", "9", "/", "11", "6", "0", "3", "0"] in lines
    assert ["示范县", "清河镇", "139903101000", "50", "5", "11", "6", "0", "5", "0"] in lines
    assert ["全部", "149", "5", "11", "6", "0", "5", "0"] in lines
    assert "在有新增或消失问题的 6 户中抽取 4 户；种子：2025-01" in done.stdout
    (folder,) = (tmp_path / "out").iterdir()
    assert f"{folder.name}/index.html" in done.stdout.replace("\n", "")


def test_new_rules_from_a_folder_as_json(tmp_path: Path) -> None:
    old = write_policy(tmp_path / "old")
    edits = {"income/INC-4.yaml": ("flag: not monitored", "flag: not monitored and pc < 0")}
    new = write_policy(tmp_path / "new", edits=edits)
    done = audit(
        str(SAMPLE), "--as-of", "2024-12-31", "--old-rules", str(old), "--rules", str(new), "--json",
        "--out", str(tmp_path / "out"), "--lang", "en",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    rule = next(one for one in record["rules"] if one["rule_id"] == "INC-4")
    assert rule["findings"] == {"old": 3, "new": 0, "gained": 0, "lost": 3, "changed": 0, "not_evaluated": 0}
    assert record["texts"] == [
        {"rule_id": "INC-4", "part": "flag", "old": "not monitored", "new": "not monitored and pc < 0"}
    ]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "没有新政策。请用 --rules 指定新规则文件夹"),
        (("--param", "low_incom_line=4500"), "没有这个参数。最接近的是：low_income_line"),
        (("--param", "low_income_line=viel"), "--param low_income_line=viel：这个值不是 money。"),
        (("--rules", "nowhere"), "没有 parameters.yaml"),
        (("--param", "low_income_line=4500", "--visits", "3"), "--visits 需要同时给出抽取种子"),
        (("--param", "low_income_line=4500", "--seed", "s", "--visits", "0"), "--visits"),
    ],
)
def test_mistakes_of_the_user(tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    done = audit(str(SAMPLE), "--as-of", "2024-12-31", "--out", str(tmp_path), *arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_broken_rule_is_published_and_gives_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(rules: Sequence[Prepared]) -> str:
        return "SELECT nowhere" if "INC-4" in {one.rule.id for one in rules} else bind_sql(rules)

    monkeypatch.setattr("audit.engine.run.bind_sql", broken)
    asked = ["--as-of", "2024-12-31", "--param", "low_income_line=4500", "--out", str(tmp_path)]
    assert run(["rehearse", str(SAMPLE), *asked]) == 2
    assert "两套政策出错" in capsys.readouterr().out.replace("\n", "")
    assert len(list(tmp_path.glob("rehearsal-*"))) == 1
