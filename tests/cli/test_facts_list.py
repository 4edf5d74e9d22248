"""``audit facts list`` documents what rules may name: meaning, unit, where it comes from, when it is unknown."""

from __future__ import annotations

import json

import pytest

from audit.cli.main import run
from audit.subjects import SUBJECTS, load_subject
from audit.subjects.describe import describe_facts, needs_in_words
from audit.subjects.needs import parse_needs


def audit(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(["facts", "list", *arguments])
    written = capsys.readouterr()
    return code, written.out, written.err


def test_the_subjects(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = audit(capsys)
    assert code == 0
    rows = [line.split() for line in out.splitlines()]
    assert ["household", "登记农户", "households", str(len(load_subject("household").facts))] in rows
    assert ["post", "公益性岗位", "posts", str(len(load_subject("post").facts))] in rows
    assert len(rows) == 1 + len(SUBJECTS)


def test_the_subjects_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    listed = json.loads(audit(capsys, "--json")[1])
    assert [one["name"] for one in listed] == list(SUBJECTS)
    assert set(listed[0]) == {"name", "title", "title_en", "table", "facts"}


def test_a_fact_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = audit(capsys, "household")
    assert out.startswith("household  登记农户（表 households）\n")
    assert (
        """
net  纯收入
  类型：金额（元）
  来自：收入信息·纯收入，或（工资性收入、生产经营性收入、财产性收入、转移性收入、生产经营性支出）
  列名：incomes.net_income or (incomes.wage_income and incomes.production_income and incomes.property_income and incomes.transfer_income and incomes.production_expense)
  未知：纯收入空白且构成项不全
"""
        in out
    )
    assert (
        """
monitor_category  监测对象类别
  类型：代码
  来自：户信息·监测对象类别
  列名：households.monitor_category
  未知：未纳入监测
  代码：unstable 脱贫不稳定户；marginal 边缘易致贫户；sudden 突发严重困难户
"""
        in out
    )


def test_a_fact_in_english(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = audit(capsys, "person", "--lang", "en")
    assert (
        """
age  age
  Kind: whole number (years)
  From: Persons/Identity number, or Birth date, or Age as reported
  Columns: persons.id_number or persons.birth_date or persons.age
  Unknown: no valid number, birth date or age; or born after the day of the audit
"""
        in out
    )
    assert "  Codes: ordinary; skilled; weak; lost; none\n" in out


def test_a_fact_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    (found,) = [one for one in json.loads(audit(capsys, "post", "--json")[1]) if one["name"] == "annual_pay"]
    assert found == {
        "name": "annual_pay",
        "kind": "money",
        "title": "年度岗位补贴",
        "title_en": "pay in the audit year",
        "unit": "元",
        "needs": "posts.annual_pay",
        "columns": [{"column": "posts.annual_pay", "title": "年度岗位补贴", "title_en": "Pay in the audit year"}],
        "parameters": [],
        "unknown": "空白",
        "unknown_en": "blank",
        "codes": [],
    }


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_fact_of_every_subject_is_documented(capsys: pytest.CaptureFixture[str], subject: str) -> None:
    facts = load_subject(subject).facts
    for lang in ("zh", "en"):
        code, out, _ = audit(capsys, subject, "--lang", lang)
        assert code == 0
        assert out.count("\n\n") == len(facts)
    for described in describe_facts(load_subject(subject)):
        assert described["needs"]
        assert described["columns"]
        assert described["unknown"]
        assert described["unknown_en"]


@pytest.mark.parametrize(
    ("needs", "words"),
    [
        ("households.phone", "户信息·户联系电话"),
        ("persons.sex and posts.post_type", "家庭成员信息·性别、公益性岗位·公益性岗位类型"),
        ("posts.started_on and posts.ended_on and persons.labour_ability",
         "公益性岗位·聘用时间、解聘时间、家庭成员信息·劳动技能"),
        ("(incomes.population or households.member_count) and incomes.net_income",
         "（收入信息·年度家庭人口数，或户信息·家庭人口数）、收入信息·纯收入"),
    ],
)  # fmt: skip
def test_where_a_fact_comes_from(needs: str, words: str) -> None:
    assert needs_in_words(parse_needs(needs), "zh") == words


@pytest.mark.parametrize(("asked", "nearest"), [("pots", "post"), ("houshold", "household"), ("Person", "person")])
def test_an_unknown_subject(capsys: pytest.CaptureFixture[str], asked: str, nearest: str) -> None:
    code, out, err = audit(capsys, asked)
    assert (code, out) == (2, "")
    assert err.strip() == f"没有 “{asked}” 这种对象。最接近的是：{nearest}"
