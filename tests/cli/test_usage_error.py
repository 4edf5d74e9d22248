"""A command line that can't be used is told in the reader's language, with where help is."""

from __future__ import annotations

import pytest

from audit.cli.main import run

WRONG = [
    ("run --foo", "没有选项 --foo。最接近的是：'--force', '--log', '--out'"),
    ("run a b c", "多写了：b c"),
    ("runn", "没有命令 runn。最接近的是：'run'"),
    ("rules sho", "没有命令 sho。最接近的是：'show'"),
    ("run --year x data", "--year 的值不对：应为1900 到 2999 的整数，而不是 x"),
    ("try", "缺少 DATA。"),
    ("try data --year x", "--year 的值不对：x 不是整数。"),
    ("try data --rule", "选项 --rule 后面要写一个值。"),
    ("run --force=3", "选项 --force 后面不写值。"),
    ("generate --households -5", "--households 的值不对：-5 不在允许的范围内（x>=1）。"),
    ("data dictionary --format word", "--format 的值不对：word 不在可选的值里：'md', 'html'"),
]


@pytest.mark.parametrize(("line", "told"), WRONG)
def test_in_chinese(line: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(line.split()) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[-1] == f"写法有误：{told}"


def test_how_it_is_written_and_where_help_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["try", "--lang", "zh"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "用法： audit try [选项] DATA",
        "详细说明：audit try --help",
        "",
        "写法有误：缺少 DATA。",
    ]
    assert run(["explain", "--lang", "en"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "Usage: audit explain [OPTIONS] HOUSEHOLD_ID [DATA]",
        "Try 'audit explain --help' for help.",
        "",
        "Error: HOUSEHOLD_ID is missing.",
    ]


def test_a_group_alone_gives_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules"]) == 2
    assert "\n命令:\n" in capsys.readouterr().err
