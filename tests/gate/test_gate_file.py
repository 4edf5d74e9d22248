"""``gate.yaml`` is read strictly: every mistake with its file, line and key, all in one message."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from audit import load_rulebook
from audit.errors import RulebookError
from audit.gate import find_gate, load_gate
from audit.gate.expectation import Bounds, Metric
from audit.rulebook import default_rules
from tests.conftest import ROOT

GATE = """\
runs: 3
expectations:
  - id: rows_of_core
    title: 行数
    title_en: Rows
    severity: stop
    metric: rows
    of: [households, persons]
    area: township
    min_ratio: 0.8
    max: 1000
    at_least: 50
    remedy: 核对
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rules" / "gate.yaml"
    path.parent.mkdir()
    path.write_text(GATE, encoding="utf-8")
    return path


def test_an_expectation_as_it_is_read(file: Path) -> None:
    gate = load_gate(file)
    assert gate.runs == 3
    (one,) = gate.expectations
    assert (one.id, one.severity, one.metric, one.of) == (
        "rows_of_core",
        "stop",
        Metric.ROWS,
        ("households", "persons"),
    )
    assert (one.townships, one.at_least) == (True, 50)
    assert one.bounds == Bounds(min_ratio=Decimal("0.8"), max=Decimal(1000))
    assert (one.title_en, one.remedy_en, one.about) == ("Rows", "核对", "")
    assert gate.townships == (("rows", "households"), ("rows", "persons"))


MISTAKES = [
    ("runs: 3", "runs: 0", '第 1 行：“runs” 应是不小于 1 的整数，却是 “0”'),
    ("runs: 3", "runs: true", '第 1 行：“runs” 应是不小于 1 的整数'),
    ("runs: 3\n", "", "缺少必填的键 “runs”"),
    ("runs: 3", "runs: 3\nrun: 4", "第 2 行：没有 “run” 这个键。最接近的是：runs"),
    ("runs: 3", "runs: 3\nruns: 4", "第 2 行：“runs” 写了两次"),
    ("runs: 3", "runs: &x 3\nmore: *x", "YAML"),
    ("id: rows_of_core", "id: Rows-1", "第 3 行：编号 “Rows-1” 应由小写字母"),
    ("severity: stop", "severity: high", "第 6 行：“severity” 应为以下之一：stop, warn，却是 “high”"),
    ("severity: stop\n", "\n", "第 3 行：缺少必填的键 “severity”"),
    ("severity: stop", "sevrity: stop", "第 6 行：没有 “sevrity” 这个键。最接近的是：severity"),
    ("metric: rows", "metric: row", "第 7 行：“metric” 应为以下之一：present, rows_read, rows"),
    ("of: [households, persons]", "of: [household]", "第 8 行：“household” 不能统计 rows。最接近的是：households"),
    ("of: [households, persons]", "of: [persons, persons]", "第 8 行：“persons” 写了两次"),
    ("of: [households, persons]", "of: households", "第 8 行：“of” 应是列表"),
    ("of: [households, persons]", "of: []", "第 8 行：“of” 应是列表"),
    ("metric: rows\n    of: [households, persons]", "metric: sum\n    of: [incomes.year]", "第 8 行：“incomes.year” 不能统计 sum"),
    ("metric: rows\n    of: [households, persons]", "metric: blanks\n    of: [households.household_id]", "“households.household_id” 不能统计 blanks"),
    ("metric: rows", "metric: present", "第 9 行：present 不按乡镇统计。可按乡镇统计的是：rows, key_overlap"),
    ("area: township", "area: county", "第 9 行：“area” 应为以下之一：all, township，却是 “county”"),
    ("min_ratio: 0.8", "min_ratio: often", "第 10 行：“min_ratio” 应是数字，却是 “often”"),
    ("min_ratio: 0.8", "min_ratio: true", "第 10 行：“min_ratio” 应是数字"),
    ("min_ratio: 0.8", "min_ratio: -0.8", "第 10 行：“min_ratio” 不能是负数"),
    ("min_ratio: 0.8\n    max: 1000", "", "第 3 行：没有写界限。至少写以下之一：min, max, min_ratio"),
    ("min_ratio: 0.8", "min: 1001", "第 10 行：min 大于 max"),
    ("min_ratio: 0.8", "min_ratio: 1.2\n    max_ratio: 1.1", "第 10 行：min_ratio 大于 max_ratio"),
    ("at_least: 50", "at_least: 0.5", "第 12 行：“at_least” 应是不小于 0 的整数"),
    ("remedy: 核对\n", "\n", "第 3 行：缺少必填的键 “remedy”"),
    ("metric: rows\n    of: [households, persons]\n    area: township\n    min_ratio: 0.8\n    max: 1000", "metric: quarantined\n    of: all\n    max: 5", "第 9 行：“max” 是比例，应在 0 与 1 之间"),
    ("metric: rows\n    of: [households, persons]", "metric: key_overlap\n    of: [households]", "key_overlap 本身就是与以往运行的比较，只能写 min 和 max，不能写 min_ratio"),
    ("metric: rows\n    of: [households, persons]\n    area: township", "metric: newest\n    of: [visits.visited_on]", "newest 不取决于行数，不能写 at_least"),
    ("expectations:", "expectations: none\nothers:", "第 2 行：“expectations” 应是列表"),
    (GATE, "[]", "第 1 行：这里应是“键: 值”的形式"),
    (GATE, "runs: 1\nexpectations: [1]", "第 2 行：这里应是“键: 值”的形式"),
    (GATE, "runs: 1\n  x: [", "不是正确的 YAML"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "told"), MISTAKES)
def test_mistake(file: Path, old: str, new: str, told: str) -> None:
    assert old in GATE
    file.write_text(GATE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        load_gate(file)
    assert told in caught.value.message("zh")
    assert all(line.startswith("  rules/gate.yaml") for line in caught.value.message("zh").splitlines()[1:])


def test_all_mistakes_in_one_message(file: Path) -> None:
    twice = GATE + GATE.partition("expectations:\n")[2].replace("severity: stop", "severity: nay").replace("0.8", "x")
    file.write_text(twice, encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        load_gate(file)
    assert caught.value.message("en").splitlines() == [
        "What the gate expects has 3 mistakes:",
        '  rules/gate.yaml, line 14: the id "rows_of_core" is used in line 3 already.',
        '  rules/gate.yaml, line 17: "severity" should be one of stop, warn, but is "nay".',
        '  rules/gate.yaml, line 21: "min_ratio" should be a number, but is "x".',
    ]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RulebookError) as caught:
        load_gate(tmp_path / "gate.yaml")
    assert "gate.yaml: can't be read" in caught.value.message("en")


def test_own_rules_may_do_without(tmp_path: Path, file: Path) -> None:
    assert find_gate(file.parent) == file
    (tmp_path / "own").mkdir()
    assert find_gate(tmp_path / "own") == find_gate() == default_rules() / "gate.yaml"


def test_what_comes_with_the_audit() -> None:
    gate = load_gate()
    assert find_gate() == ROOT / "rules" / "gate.yaml"
    # A day without a stop for a plain first night: only these are held without an earlier run.
    alone = {
        one.id
        for one in gate.expectations
        if one.severity == "stop" and (one.bounds.min, one.bounds.max) != (None, None)
    }
    assert alone == {"no_household", "mostly_quarantined", "other_households"}
    for one in gate.expectations:
        assert one.title_en.isascii()
        assert one.remedy_en.isascii()
        assert one.remedy_en != one.remedy


def test_the_gate_is_no_rule(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    with_gate = load_rulebook(tmp_path / "rules")
    (tmp_path / "rules" / "gate.yaml").unlink()
    assert load_rulebook(tmp_path / "rules").digest == with_gate.digest
