"""The cards of the registry written by hand: what a clerk and an inspector read on them."""

from __future__ import annotations

import html
import json
import re

from audit import AuditResult
from tests.report.areas.conftest import page
from tests.report.areas.registry import SECRETS

HOME = "areas/139901101000/139901101001.html"


def plain(source: str) -> str:
    """A page as it is read: tags gone, every stretch of white space one blank."""
    body = re.sub(r"<(style|script)\b.*?</\1>", " ", source.partition("<main")[2], flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())


def test_a_household_has_all_its_findings_on_one_card(first_night: AuditResult) -> None:
    source = page(first_night, HOME)
    assert source.count("<article") == 1
    card = source.partition("<article")[2].partition("</article>")[0]
    # The post lies in the other village; one visit settles all five all the same.
    assert re.findall(r'<a class="id" href="../../rules/([\w-]+)\.html"', card) == [
        "INC-4",
        "PW-2",
        "HLP-3",
        "INC-3",
        "PW-9",
    ]
    read = plain(f"<main>{card}")
    assert "人均纯收入 3500 元，低于 4000 元，未纳入监测" in read
    assert "登记的数据 人均纯收入 3,500 元 脱贫年度 2018 纯收入 7,000 元 收入人口数 2 人" in read
    assert "对照的标准 审计年度 2024 低收入线 4,000 元/人·年 [1]" in read
    assert "公益性岗位 G1 赵**" in read
    assert "来源：posts.csv 第 2 行 · 本次新增" in read
    assert "户信息 households.csv 第 2 行" in read


def test_two_years_of_income_side_by_side(first_night: AuditResult) -> None:
    read = plain(page(first_night, HOME))
    assert "incomes.csv 第 2 行、incomes.csv 第 3 行" in read
    assert "项目 2023 年 2024 年 增减" in read
    for line in (
        "工资性收入 3,000 5,000 +2,000",
        "公益性岗位收入 0 1,000 +1,000",
        "生产经营性收入 1,000 2,000.5 +1,000.5",
        "财产性收入 0 600 +600",
        "资产收益扶贫分红收入 0 500 +500",
        "转移性收入 0 0 0",
        "生产经营性支出 500 600.5 +100.5",
        "纯收入 3,500 7,000 +3,500",
        "年度家庭人口数 2 2 0",
    ):
        assert line in read, line


def test_members_and_posts_are_there_and_masked(first_night: AuditResult) -> None:
    read = plain(page(first_night, HOME))
    assert "王** 户主 男 50 139903***********7 健康 普通劳动力" in read
    assert "赵** 配偶 女 31 139903***********4 健康 普通劳动力" in read
    assert "赵** 保洁员 2024-03-01 3,600 200" in read
    assert "户联系电话 138******78" in read


def test_no_secret_stands_in_any_file_of_the_site(first_night: AuditResult, second_night: AuditResult) -> None:
    for run in (first_night, second_night):
        files = [path for path in run.folder.rglob("*") if path.suffix in {".html", ".json"}]
        assert len(files) > 80
        for path in files:
            content = path.read_text(encoding="utf-8")
            assert not [secret for secret in SECRETS if secret in content], path.name
            assert not re.search(r"(?<!\d)1399\d{13}[\dX](?!\d)", content), path.name


def test_history_says_what_is_new_what_changed_and_what_is_gone(second_night: AuditResult) -> None:
    read = plain(page(second_night, HOME))
    assert "人均纯收入 3600 元，低于 4000 元，未纳入监测" in read
    assert "来源：households.csv 第 2 行 · 2024-12-31 首次发现，数据有变化" in read
    assert "来源：posts.csv 第 2 行 · 2024-12-31 首次发现，至今未变" in read
    other = plain(page(second_night, "areas/139901101000/139901101002.html"))
    assert "以往发现、这次没有的问题 规则编号 规则 对象 首次发现 最近一次 现状" in other
    assert "HHD-3 联系电话无效 2024-12-31 2024-12-31 已消除" in other


def test_what_is_no_household_has_its_card(first_night: AuditResult) -> None:
    read = plain(page(first_night, "areas/unknown/unknown.html"))
    assert "不属于任何户的问题（村、项目、资金等）" in read
    assert "B1" in read
    assert "帮扶责任人电话打不通" in read
    assert not (first_night.folder / "areas/unknown/sheets-unknown.html").exists()


def test_a_township_in_order_says_so(first_night: AuditResult) -> None:
    read = plain(page(first_night, "areas/139901102000/index.html"))
    assert "这个乡镇没有发现问题。" in read
    assert "登记户 1 有问题的户 0" in read


def test_the_index_of_a_township_finds_its_households(first_night: AuditResult) -> None:
    source = page(first_night, "areas/139901101000/index.html")
    index = json.loads(source.partition('id="finder-data">')[2].partition("</script>")[0])
    assert index["villages"] == [["139901101001", "一村"], ["139901101002", "二村"]]
    rules = [rule[0] for rule in index["rules"]]
    # Number, head, village, page, findings: the place of the rule times eight, and nought for "new".
    assert [(row[0], row[1], row[2], row[3]) for row in index["rows"]] == [("H1", "王**", 0, 1), ("H2", "李**", 1, 1)]
    assert [rules[one // 8] for one in index["rows"][0][4]] == ["INC-4", "PW-2", "HLP-3", "INC-3", "PW-9"]
    assert {one % 8 for row in index["rows"] for one in row[4]} == {0}


def test_numbers_of_a_township_are_those_of_its_villages(first_night: AuditResult) -> None:
    read = plain(page(first_night, "areas/139901101000/index.html"))
    assert "登记户 2 有问题的户 2 100.00 % 问题 7 严重问题 2 新增和复发 7" in read
    assert "一村 139901101001 1 1 100.00 % 5 2 5 打印 一村" in read
    assert "二村 139901101002 1 1 100.00 % 2 0 2 打印 二村" in read
