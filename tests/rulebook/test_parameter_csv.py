"""Values by area and year in parameters.csv: what counts, and every mistake told with file, line and column."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ROOT, Write

from audit import AuditResult, load_rulebook
from audit.errors import RulebookError
from audit.model.areas import leading_digits

Audit = Callable[..., AuditResult]
HEADER = "parameter,area,year,from,until,value,source\n"
CHINESE = "参数,地区,年度,起,止,数值,来源\n"
#: Three households with 4500 yuan a head each, in two counties.
HOMES = [
    {"household_id": name, "area_code": area, "household_type": "lifted", "lifted_year": "2018", "member_count": "1"}
    for name, area in (("H1", "139901101001"), ("H2", "139902101001"), ("H3", "139902102001"))
]
INCOMES = [
    {"household_id": f"H{number}", "year": "2024", "population": "1", "net_income": "4500"} for number in (1, 2, 3)
]


@pytest.fixture
def with_csv(tmp_path: Path) -> Callable[..., Path]:
    def write(text: str, encoding: str = "utf-8") -> Path:
        folder = tmp_path / "rules"
        shutil.copytree(ROOT / "rules", folder, dirs_exist_ok=True)
        (folder / "parameters.csv").write_bytes(text.encode(encoding))
        return folder

    return write


def change(folder: Path, old: str, new: str, file: str = "parameters.yaml") -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def evidence(run: AuditResult) -> dict[str, dict[str, Any]]:
    found = run.relation("findings").filter("rule_id = 'INC-3'").project("subject_id, evidence").fetchall()
    return {subject: json.loads(text) for subject, text in found}


def test_what_is_shipped_is_the_header_alone() -> None:
    assert (ROOT / "rules" / "parameters.csv").read_bytes() == HEADER.encode()


def test_a_value_for_one_county_and_year(write_registry: Write, audited: Audit, with_csv: Callable[..., Path]) -> None:
    rules = with_csv(f"{HEADER}low_income_line,139902,2024,,,5000,某省〔2024〕1 号\n")
    found = evidence(audited(write_registry(households=HOMES, incomes=INCOMES), rules=rules))
    assert sorted(found) == ["H2", "H3"]
    assert found["H2"]["low_income_line"] == 5000
    assert found["H2"]["parameters"] == {
        "low_income_line": {
            "valid_from": "2024-01-01",
            "area": "139902",
            "source": "某省〔2024〕1 号",
            "state": "in_force",
        }
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("header", [HEADER, CHINESE, "来源,数值,地区,年度,参数\n"])
def test_encodings_and_labels(with_csv: Callable[..., Path], encoding: str, header: str) -> None:
    row = "low_income_line,139902,2024,,,5000.50,某县文件\n" if header.count(",") == 6 else "某县文件,5000.50,139902,2024,low_income_line\n"  # fmt: skip
    rulebook = load_rulebook(with_csv(header + row, encoding))
    value = rulebook.parameters["low_income_line"].values[-1]
    assert (value.value, value.area, value.source) == (Decimal("5000.50"), "139902", "某县文件")
    assert (value.valid_from, value.valid_to) == (date(2024, 1, 1), date(2024, 12, 31))
    assert (value.file, value.line) == ("rules/parameters.csv", 2)


def test_dates_blank_lines_and_quotation_marks(with_csv: Callable[..., Path]) -> None:
    text = (
        f"{HEADER}\n,,,,,,\n"
        'low_income_line,13,,2023-01-01,2023/6/30,3500,"第一行\n第二行, 续"\n'
        " low_income_line , 13 ,,2023/7/1,, 3600 ,文件\n"
    )
    first, second = load_rulebook(with_csv(text)).parameters["low_income_line"].values[1:]
    assert (first.valid_from, first.valid_to, first.source) == (
        date(2023, 1, 1),
        date(2023, 6, 30),
        "第一行\n第二行, 续",
    )
    assert (second.valid_from, second.valid_to, second.value, second.line) == (date(2023, 7, 1), None, 3600, 6)


def test_a_year_that_is_over_is_carried_forward_and_not_the_higher_value(
    write_registry: Write, audited: Audit, with_csv: Callable[..., Path]
) -> None:
    rules = with_csv(f"{HEADER}low_income_line,139902,2023,,,5000,文件\n")
    found = evidence(audited(write_registry(households=HOMES, incomes=INCOMES), rules=rules))
    assert sorted(found) == ["H2", "H3"]
    assert found["H3"]["parameters"]["low_income_line"]["state"] == "carried_forward_unconfirmed"


def test_an_audit_year_before_the_first_value_of_the_county(with_csv: Callable[..., Path]) -> None:
    line = load_rulebook(with_csv(f"{HEADER}low_income_line,139902,2024,,,5000,文件\n")).parameters["low_income_line"]
    before, after = line.at("139902101001", date(2023, 12, 31)), line.at("139902101001", date(2024, 1, 1))
    assert before is not None
    assert after is not None
    assert (before.dated.value, after.dated.value) == (4000, 5000)


@pytest.mark.parametrize(
    ("code", "digits"),
    [
        ("", ""),
        ("13", "13"),
        ("130000", "13"),
        ("130000000000", "13"),
        ("139901", "139901"),
        ("139901000", "139901"),
        ("139901000000", "139901"),
        ("139901101000", "139901101"),
        ("139901101", "139901101"),
        ("139901101001", "139901101001"),
        ("1399", None),
        ("000000000000", None),
        ("13990110100", None),
        ("1.39901E+11", None),
        ("１３９９０１", None),
        ("139901 ", None),
    ],
)
def test_leading_digits(code: str, digits: str | None) -> None:
    assert leading_digits(code) == digits


def test_a_padded_code_is_the_area_of_its_level(with_csv: Callable[..., Path]) -> None:
    rulebook = load_rulebook(with_csv(f"{HEADER}low_income_line,139902000000,2024,,,5000,文件\n"))
    assert rulebook.parameters["low_income_line"].values[-1].area == "139902"


def test_a_padded_code_in_yaml_too(with_csv: Callable[..., Path]) -> None:
    rules = with_csv(HEADER)
    change(rules, "{value: 4000, from", "{value: 4000, area: '139902101000', from")
    assert load_rulebook(rules).parameters["low_income_line"].values[0].area == "139902101"


MISTAKES = [
    ("low_incme_line,139902,2024,,,5000,文件", "第 2 行，parameter 列：“low_incme_line” 不是 parameters.yaml 里的参数。最接近的是：low_income_line"),
    ("low_income_line,1399,2024,,,5000,文件", "第 2 行，area 列：地区 “1399” 应为 2、6、9 或 12 位数字"),
    ("low_income_line,1.39902E+11,2024,,,5000,文件", "地区 “1.39902E+11”"),
    ("low_income_line,139902,24,,,5000,文件", "第 2 行，year 列：年度 “24” 应为四位数字"),
    ("low_income_line,139902,,2024-02-30,,5000,文件", "第 2 行，from 列：“2024-02-30” 不是日期"),
    ("low_income_line,139902,,2024年,,5000,文件", "第 2 行，from 列：“2024年” 不是日期"),
    ("low_income_line,139902,,2024-01-01,31.12.2024,5000,文件", "第 2 行，until 列：“31.12.2024” 不是日期"),
    ("low_income_line,139902,,2024-06-01,2024-05-31,5000,文件", "第 2 行，until 列：“2024-05-31” 早于起始日期 2024-06-01"),
    ("low_income_line,139902,,,,5000,文件", "第 2 行，from 列：“” 没有写明何时起用"),
    ("low_income_line,139902,2024,2024-01-01,,5000,文件", "第 2 行，from 列：“2024-01-01” 与年度重复"),
    ("low_income_line,139902,2024,,2024-06-30,5000,文件", "第 2 行，until 列：“2024-06-30” 与年度重复"),
    ('low_income_line,139902,2024,,,"5,000",文件', "第 2 行，value 列：“5,000” 应为金额"),
    ("low_income_line,139902,2024,,,,文件", "第 2 行，value 列：“” 应为金额"),
    ("low_income_line,139902,2024,,,5000元,文件", "“5000元” 应为金额"),
    ("low_income_line,139902,2024,,,NaN,文件", "“NaN” 应为金额"),
    ("low_income_line,139902,2024,,,5E+3,文件", "“5E+3” 应为金额"),
    ("low_income_line,139902,2024,,,2024-01-01,文件", "“2024-01-01” 应为金额"),
    ("old_age,139902,2024,,,80.5,文件", "“80.5” 应为整数"),
    ("policy_income_share,139902,2024,,,60%,文件", "“60%” 应为0 到 1 之间的比例"),
    ("policy_income_share,139902,2024,,,1.01,文件", "“1.01” 应为0 到 1 之间的比例"),
    ("low_income_line,139902,2024,,,5000,", "第 2 行，source 列：“” 没有写明来源"),
    ("low_income_line,139902,2024,,,5000", "第 2 行，source 列：“” 没有写明来源"),
    ("low_income_line,139902,2024,,,5000,文件,又一个", "第 2 行，第 8 列：“又一个” 上方没有表头"),
    ('low_income_line,139902,2024,,,5000,"文件', "第 2 行：引号没有配对"),
    ("low_income_line,,,2020-01-01,,5000,文件", "第 2 行，起（年度）列：参数 low_income_line 在 全国 的值 5000 自 2020-01-01 起，与 rules/parameters.yaml 第 "),
    ("low_income_line,139902,2024,,,5000,文件\nlow_income_line,139902000000,2024,,,6000,文件", "第 3 行，起（年度）列：参数 low_income_line 在 139902 的值 6000 自 2024-01-01 起，与 rules/parameters.csv 第 2 行的值同日起用"),
    ("low_income_line,139902,,2024-07-01,,6000,文件\nlow_income_line,139902,2024,,,5000,文件", "第 3 行，起（年度）列：参数 low_income_line 在 139902 的值 5000 自 2024-01-01 起，与 rules/parameters.csv 第 2 行的值（自 2024-07-01 起）时间重叠"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "told"), MISTAKES)
def test_mistake(with_csv: Callable[..., Path], rows: str, told: str) -> None:
    with pytest.raises(RulebookError) as caught:
        load_rulebook(with_csv(f"{HEADER}{rows}\n"))
    message = caught.value.message("zh")
    assert told in message
    assert message.splitlines()[0] == "规则有 1 处错误，未运行任何规则："
    assert "rules/parameters.csv" in message
    assert "rules/parameters.csv" in caught.value.message("en")


def test_values_that_follow_each_other_are_no_mistake(with_csv: Callable[..., Path]) -> None:
    rows = (
        "low_income_line,139902,2023,,,4800,文件\n"
        "low_income_line,139902,2024,,,5000,文件\n"
        "low_income_line,139902101,,2024-07-01,,5100,文件\n"
        "low_income_line,139902,,2025-01-01,,5200,文件\n"
    )
    assert len(load_rulebook(with_csv(HEADER + rows)).parameters["low_income_line"].values) == 5


def test_overlapping_values_in_yaml(with_csv: Callable[..., Path]) -> None:
    rules = with_csv(HEADER)
    old = "    - {value: 4000, from: 2020-01-01, source"
    change(rules, old, "    - {value: 3900, from: 2019-01-01, until: 2020-06-30, source: 甲}\n" + old)
    with pytest.raises(RulebookError) as caught:
        load_rulebook(rules)
    lines = (rules / "parameters.yaml").read_text(encoding="utf-8").splitlines()
    line = lines.index("    - {value: 3900, from: 2019-01-01, until: 2020-06-30, source: 甲}") + 1
    message = caught.value.message("en")
    assert f"rules/parameters.yaml, line {line + 1}, column from (or year): the value 4000" in message
    assert f"overlaps the one in rules/parameters.yaml, line {line}, from 2019-01-01" in message


HEADERS = [
    ("parameter,area,year,value,source,note\n", "第 1 行：没有“note”这一列"),
    ("parameter,area,yaer,value,source\n", "第 1 行：没有“yaer”这一列。最接近的是：year"),
    ("parameter,area,year,value\n", "第 1 行：缺少“source”列。首行应为：parameter,area,year,from,until,value,source（或：参数,地区,年度,起,止,数值,来源）"),
    ("parameter,area,value,source\n", "第 1 行：缺少“year”列"),
    ("parameter,area,year,地区,value,source\n", "第 1 行：“地区”这一列写了两次"),
    ("parameter;area;year;value;source\n", "没有“parameter;area;year;value;source”这一列"),
    ("", "rules/parameters.csv：文件是空的。首行应为：parameter,area,year,from,until,value,source"),
    ("\ufeff\n", "文件是空的"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), HEADERS)
def test_a_header_that_is_not_understood(with_csv: Callable[..., Path], text: str, told: str) -> None:
    with pytest.raises(RulebookError) as caught:
        load_rulebook(with_csv(text))
    assert told in caught.value.message("zh")


def test_bytes_that_are_no_text(with_csv: Callable[..., Path]) -> None:
    for content in (HEADER.encode() + b"\xff\xff\n", HEADER.encode() + b"a\0b\n", HEADER.encode("utf-16")):
        folder = with_csv(HEADER)
        (folder / "parameters.csv").write_bytes(content)
        with pytest.raises(RulebookError) as caught:
            load_rulebook(folder)
        assert "既不是 UTF-8 也不是 GB18030 编码" in caught.value.message("zh")


def test_every_mistake_is_told_at_once_with_those_of_the_rules(with_csv: Callable[..., Path]) -> None:
    rows = "low_incme_line,1399,,,,x,\nold_age,139902,2024,,,old,文件\nlow_income_line,139902,2024,,,5000,文件\n"
    folder = with_csv(HEADER + rows)
    change(folder, "severity: high", "severity: severe", "income/INC-4.yaml")
    with pytest.raises(RulebookError) as caught:
        load_rulebook(folder)
    lines = caught.value.message("zh").splitlines()
    assert [line.strip().partition("：")[0] for line in lines[1:]] == [
        "rules/parameters.csv，第 2 行，parameter 列",
        "rules/parameters.csv，第 2 行，area 列",
        "rules/parameters.csv，第 2 行，from 列",
        "rules/parameters.csv，第 2 行，source 列",
        "rules/parameters.csv，第 3 行，value 列",
        "rules/income/INC-4.yaml，第 7 行",
    ]


def test_a_parameter_with_a_mistake_is_not_told_again(with_csv: Callable[..., Path]) -> None:
    folder = with_csv(f"{HEADER}low_income_line,139902,2024,,,5000,文件\n")
    change(folder, "type: money", "type: monny")
    with pytest.raises(RulebookError) as caught:
        load_rulebook(folder)
    assert [mistake.key for mistake in caught.value.mistakes] == ["rulebook.unknown_type"]


@pytest.mark.parametrize("name", ["as_of", "audit_year", "parameters"])
def test_names_with_a_meaning_of_their_own(with_csv: Callable[..., Path], name: str) -> None:
    folder = with_csv(HEADER)
    change(folder, "serial_types:\n", f"{name}:\n")
    with pytest.raises(RulebookError) as caught:
        load_rulebook(folder)
    assert f"参数名 “{name}” 已有固定含义" in caught.value.message("zh")


def test_the_values_are_part_of_the_digest(with_csv: Callable[..., Path]) -> None:
    digests = [load_rulebook(with_csv(text)).digest for text in (HEADER, CHINESE)]
    without = with_csv(HEADER)
    (without / "parameters.csv").unlink()
    digests.append(load_rulebook(without).digest)
    assert len(set(digests)) == 3
    assert load_rulebook(with_csv(HEADER)).digest == digests[0]
