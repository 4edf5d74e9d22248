"""audit parameters: which values there are, and which one counts where and why."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.conftest import ROOT

from audit.cli.main import run

HEADER = "parameter,area,year,from,until,value,source\n"
ROWS = (
    "low_income_line,139902,2023,,,4800,县〔2023〕1 号\n"
    "low_income_line,139902,2024,,,5000,[/县] :smile: 2 号\n"
    "low_income_line,139902101,,2025-07-01,,5100.50,镇文件\n"
)


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    (tmp_path / "rules" / "parameters.csv").write_text(HEADER + ROWS, encoding="utf-8")
    return tmp_path / "rules"


def told(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert run(["parameters", *arguments]) == code
    captured = capsys.readouterr()
    return captured.err if code else captured.out


@pytest.mark.parametrize("command", [(), ("list",), ("show",)])
@pytest.mark.parametrize(("lang", "example"), [("zh", "示例："), ("en", "Example:")])
def test_every_help_has_an_example(
    capsys: pytest.CaptureFixture[str], command: tuple[str, ...], lang: str, example: str
) -> None:
    words = " ".join(told(capsys, *command, "--help", "--lang", lang).split())
    assert f"{example} audit parameters" in words


def test_the_command_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    assert "查看政策参数及其各地各年的值" in capsys.readouterr().out


def test_list_on_a_day(capsys: pytest.CaptureFixture[str], rules: Path) -> None:
    out = told(capsys, "list", "--as-of", "2024-12-31", "--rules", str(rules))
    lines = [line for line in out.splitlines() if line.startswith("low_income_line")]
    assert [" ".join(line.split()[:6]) for line in lines] == [
        "low_income_line 低收入线 4000 元/人·年 全国 有效",
        "low_income_line 低收入线 5000 元/人·年 139902 有效",
    ]
    assert "[/县] :smile: 2 号" in out


def test_list_as_json(capsys: pytest.CaptureFixture[str], rules: Path) -> None:
    listed = json.loads(told(capsys, "list", "--as-of", "2025-01-01", "--rules", str(rules), "--json"))
    assert len(listed) == 45
    assert listed[1] == {
        "name": "low_income_line", "title": "低收入线", "title_en": "Low-income line", "unit": "元/人·年",
        "unit_en": "yuan per head and year", "type": "money", "carry_forward": True, "value": "5000",
        "area": "139902", "valid_from": "2024-01-01", "valid_to": "2024-12-31",
        "state": "carried_forward_unconfirmed", "source": "[/县] :smile: 2 号",
        "file": "rules/parameters.csv", "line": 3,
    }  # fmt: skip


def test_list_before_anything_has_begun(capsys: pytest.CaptureFixture[str], rules: Path) -> None:
    listed = json.loads(told(capsys, "list", "--as-of", "2019-12-31", "--rules", str(rules), "--json"))
    assert {(one["value"], one["state"]) for one in listed} == {(None, "no_value")}
    assert "还没有值" in told(capsys, "list", "--as-of", "2019-12-31", "--rules", str(rules))


def test_show_all_values(capsys: pytest.CaptureFixture[str], rules: Path) -> None:
    out = told(capsys, "show", "low_income_line", "--as-of", "2025-01-01", "--rules", str(rules))
    assert "低收入线（low_income_line）　单位：元/人·年　类型：金额" in out
    assert "过期后：沿用旧值，并标为未经确认。" in out
    for value, words in (
        ("4000", "2020-01-01 全国 有效"),
        ("4800", "2023-01-01 2023-12-31 139902 已被后来的值取代"),
        ("5000", "2024-01-01 2024-12-31 139902 已过期，沿用，未确"),
        ("5100.50", "2025-07-01 139902101 尚未起用 镇文件"),
    ):
        (line,) = [line for line in out.splitlines() if line.strip().startswith(value)]
        assert " ".join(line.split()[1:]).startswith(words)
    assert "审计用的是审计年度 12 月 31 日的值。" in out


REASONS = [
    ("139902101001", "2024-12-31", "139902101001 在 2024-12-31 用 5000：139902 是有值的最低一级，该值自 2024-01-01 起有效。来源：[/县] :smile: 2 号"),
    ("139902101000", "2025-12-31", "139902101 在 2025-12-31 用 5100.50：139902101 是有值的最低一级"),
    ("139902", "2025-12-31", "139902 在 2025-12-31 用 5000，未经确认：139902 是有值的最低一级，该值自 2024-01-01 起，已于 2024-12-31 到期，按规定沿用"),
    ("139901", "2024-12-31", "139901 在 2024-12-31 用 4000：全国 是有值的最低一级"),
    ("139902", "2022-12-31", "139902 在 2022-12-31 用 4000：全国 是有值的最低一级"),
    ("139902", "2019-12-31", "139902 在 2019-12-31 没有 low_income_line 的值"),
]  # fmt: skip


@pytest.mark.parametrize(("area", "day", "reason"), REASONS)
def test_which_value_counts_and_why(
    capsys: pytest.CaptureFixture[str], rules: Path, area: str, day: str, reason: str
) -> None:
    asked = ("show", "low_income_line", "--as-of", day, "--area", area, "--rules", str(rules))
    assert reason in told(capsys, *asked)


def test_a_value_that_must_not_be_carried_forward(capsys: pytest.CaptureFixture[str], rules: Path) -> None:
    path = rules / "parameters.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("  carry_forward: true", "  carry_forward: false", 1), encoding="utf-8")
    asked = ("show", "low_income_line", "--as-of", "2025-06-30", "--area", "139902101001", "--rules", str(rules))
    out = told(capsys, *asked)
    assert "过期后：用到它的规则在该地区不执行。" in out
    assert "139902101001 在 2025-06-30 没有可用的值：139902 是有值的最低一级，其值 5000" in out
    record = json.loads(told(capsys, *asked, "--json"))
    assert (record["in_area"]["counts"]["state"], record["in_area"]["area"]) == ("ended", "139902101001")


def test_show_as_json(capsys: pytest.CaptureFixture[str], rules: Path) -> None:
    asked = ("show", "low_income_line", "--as-of", "2025-01-01", "--rules", str(rules), "--json")
    record = json.loads(told(capsys, *asked))
    assert (record["name"], record["as_of"], "in_area" in record) == ("low_income_line", "2025-01-01", False)
    assert [(one["value"], one["area"], one["state"]) for one in record["values"]] == [
        ("4000", "", "in_force"),
        ("4800", "139902", "replaced"),
        ("5000", "139902", "carried_forward_unconfirmed"),
        ("5100.50", "139902101", "not_yet"),
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("show", "low_income_lime"), "没有参数 low_income_lime。最接近的是：low_income_line"),
        (("show", "old_age", "--area", "1399"), "地区 “1399” 应为 2、6、9 或 12 位数字的行政区划代码"),
        (("show", "old_age", "--area", ""), "地区 “” 应为 2、6、9 或 12 位数字的行政区划代码"),
        (("show", "old_age", "--as-of", "gestern"), "gestern"),
        (("list", "--rules", "nowhere"), "没有 parameters.yaml"),
    ],
)
def test_mistakes_of_the_user(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str) -> None:
    assert message in told(capsys, *arguments, code=2)
