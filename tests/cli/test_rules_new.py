"""A new rule passes the checks as it stands, nothing is overwritten, and one's own folder is one command away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.rulebook.writing import CASES, write_rulebook

from audit import load_rulebook
from audit.cli.main import run
from audit.engine.cases import run_cases
from audit.engine.check import check_rulebook
from audit.errors import AuditError
from audit.language import LANGUAGES, Language
from audit.rulebook import Rule, own_folder
from audit.rulebook.new_rule import Draft, draft_rule, starting_fact
from audit.subjects import SUBJECTS, Kind, load_subject


@pytest.fixture
def own(tmp_path: Path) -> Path:
    own_folder.copy_rules(tmp_path / "own")
    return tmp_path / "own"


def audit(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = run([str(argument) for argument in arguments])
    written = capsys.readouterr()
    return code, written.out, written.err


def checked(folder: Path) -> list[str]:
    """What is wrong with the drafts among the rules of a folder; they name no parameter."""
    loaded = load_rulebook(folder)
    drafts = replace(loaded, rules=tuple(rule for rule in loaded.rules if rule.id.startswith("LOC-")), parameters={})
    assert drafts.rules
    return [mistake.message("en") for mistake in run_cases(drafts) + check_rulebook(drafts)]


def added(folder: Path) -> Rule:
    rule = load_rulebook(folder).rule("LOC-1")
    assert rule is not None
    return rule


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_draft_passes_check_for_every_subject(
    own: Path, capsys: pytest.CaptureFixture[str], subject: str, lang: Language
) -> None:
    code, out, _ = audit(
        capsys, "rules", "new", "county.question", "--subject", subject, "--rules", own, "--lang", lang
    )
    path = own / "county" / "LOC-1.yaml"
    assert code == 0
    assert str(path) in out
    for next_step in (f"audit facts list {subject}", f"audit rules check --rules {own}"):
        assert next_step in out
    assert checked(own) == []
    outcomes = [case.outcome.value for case in added(own).cases]
    # Of these subjects every number is known, so that nothing can be undecided.
    undecided = set() if subject in {"helper", "village", "township"} else {"undecided"}
    assert {"flagged", "clear", *undecided} == set(outcomes)


def test_every_key_is_explained(own: Path) -> None:
    """Each key that a rule may have stands in the draft, written or behind a #, with a remark above it."""
    from audit.rulebook.rule_file import OPTIONAL, REQUIRED

    remarks: dict[Language, str] = {"zh": "[\u4e00-\u9fff]", "en": "[a-z]{3}"}
    for lang, remark in remarks.items():
        written = draft_rule(load_rulebook(own), "county.one", subject="household", lang=lang).written
        lines = written.splitlines()
        for key in (*REQUIRED, *OPTIONAL):
            place = next(number for number, line in enumerate(lines) if re.match(rf"(# )?{key}:", line))
            if not key.endswith("_en"):
                assert lines[place - 1].startswith("# "), key
                assert re.search(remark, lines[place - 1]), key


def test_remarks_are_in_the_language_asked_for(own: Path) -> None:
    rulebook = load_rulebook(own)
    chinese = draft_rule(rulebook, "county.one", subject="post", lang="zh").written
    english = draft_rule(rulebook, "county.one", subject="post", lang="en").written
    assert "# 用例：给定什么事实" in chinese
    assert "# Cases: what is given" in english
    assert not [line for line in english.splitlines() if line.startswith("#") and re.search("[\u4e00-\u9fff]", line)]


def test_an_amount_is_asked_about_first() -> None:
    assert starting_fact(load_subject("household")).name == "net"
    assert starting_fact(load_subject("person")).name == "age"
    assert starting_fact(load_subject("post")).name == "annual_pay"


def test_a_subject_without_numbers_is_asked_yes_or_no(own: Path) -> None:
    from audit.rulebook import new_rule

    person = load_subject("person")
    plain = replace(person, facts={"number_filler": person.facts["number_filler"], "sex": person.facts["sex"]})
    assert starting_fact(plain).kind is Kind.BOOL
    written = new_rule._written("LOC-1", "county.one", plain, starting_fact(plain), "zh")
    own_folder.write_rule(Draft("LOC-1", "county/LOC-1.yaml", "person", written), own)
    assert checked(own) == []
    assert [case.outcome.value for case in added(own).cases] == ["flagged", "clear", "undecided"]
    assert added(own).texts["flag"] == "number_filler"


def test_a_fact_that_is_never_unknown_is_never_undecided(own: Path) -> None:
    from audit.rulebook import new_rule

    person = load_subject("person")
    plain = replace(person, facts={"active_posts": person.facts["active_posts"]})
    written = new_rule._written("LOC-1", "county.one", plain, starting_fact(plain), "en")
    own_folder.write_rule(Draft("LOC-1", "county/LOC-1.yaml", "person", written), own)
    assert checked(own) == []
    assert [case.outcome.value for case in added(own).cases] == ["flagged", "clear"]


def test_a_subject_of_days_is_asked_when() -> None:
    assert starting_fact(load_subject("training_need")).name == "stated_on"


def test_a_subject_to_ask_nothing_about() -> None:
    person = load_subject("person")
    with pytest.raises(AuditError) as caught:
        starting_fact(replace(person, facts={"sex": person.facts["sex"]}))
    assert "对象 person 没有数字、日期或是非类的事实" in caught.value.message("zh")


@pytest.mark.parametrize(
    ("wanted", "given"),
    [("LOC", "LOC-1"), ("INC", "INC-11"), ("inc", "INC-11"), ("HHD", "HHD-4"), ("NEW-7", "NEW-7"), ("PW-11", "PW-11")],
)
def test_the_next_free_id(own: Path, wanted: str, given: str) -> None:
    draft = draft_rule(load_rulebook(own), "income.too_high", subject="household", rule_id=wanted, lang="zh")
    assert (draft.id, draft.path) == (given, f"income/{given}.yaml")
    assert f"\nid: {given}\n" in draft.written


def test_numbers_count_up(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("first", "second"):
        assert audit(capsys, "rules", "new", name, "--rules", own)[0] == 0
    assert sorted(path.name for path in (own / "local").iterdir()) == ["LOC-1.yaml", "LOC-2.yaml"]
    assert checked(own) == []


@pytest.mark.parametrize("name", ["null", "true", "yes.no"])
def test_a_name_that_means_something_in_yaml(own: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert audit(capsys, "rules", "new", name, "--rules", own)[0] == 0
    assert added(own).name == name


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("income.stagnant",), "名称 “income.stagnant” 已在 own/income/INC-1.yaml 中使用"),
        (("Income",), "规则名称 “Income” 应为小写字母"),
        (("../x",), "规则名称 “../x” 应为小写字母"),
        (("a.b", "--id", "INC-4"), "编号 “INC-4” 已在 own/income/INC-4.yaml 中使用。下一个空着的编号是 INC-11"),
        (("a.b", "--id", "4"), "编号 “4” 应为大写字母"),
        (("a.b", "--subject", "pots"), "没有 “pots” 这种对象。最接近的是：post"),
    ],
)
def test_mistakes(own: Path, capsys: pytest.CaptureFixture[str], arguments: Sequence[str], told: str) -> None:
    before = sorted(own.rglob("*"))
    code, _, err = audit(capsys, "rules", "new", *arguments, "--rules", own)
    assert code == 2
    assert told in err
    assert sorted(own.rglob("*")) == before


def test_nothing_is_overwritten(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (own / "county").mkdir()
    mine = own / "county" / "LOC-2.yaml"
    mine.write_text("{}", encoding="utf-8")
    with pytest.raises(AuditError) as caught:
        own_folder.write_rule(Draft("LOC-2", "county/LOC-2.yaml", "post", "id: LOC-2"), own)
    assert f"文件 {mine} 已存在，没有写入" in caught.value.message("zh")
    assert mine.read_text(encoding="utf-8") == "{}"


def test_the_rules_of_an_installed_program_are_left_alone(
    own: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_folder, "packaged_rules", lambda: own)
    code, _, err = audit(capsys, "rules", "new", "county.one", "--rules", own)
    assert code == 2
    assert "audit rules copy" in err
    assert not (own / "county").exists()


def test_a_folder_that_cannot_be_written(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (own / "county").write_text("a file where the folder should be", encoding="utf-8")
    code, _, err = audit(capsys, "rules", "new", "county.one", "--rules", own)
    assert code == 2
    assert f"无法写入 {own}" in err
    assert "audit rules copy" in err


def test_copied_rules_are_the_same_rules(own: Path) -> None:
    assert load_rulebook(own).digest == load_rulebook(ROOT / "rules").digest
    assert list(own.rglob("README*")) == []


def test_copy_says_what_to_do_next(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "my rules"
    code, out, _ = audit(capsys, "rules", "copy", folder, "--lang", "en")
    assert code == 0
    assert f'audit rules check --rules "{folder}"' in out


def test_copy_overwrites_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for name, told in (("full", "里已有文件，没有复制"), ("file", "无法写入")):
        code, _, err = audit(capsys, "rules", "copy", tmp_path / name)
        assert code == 2
        assert told in err
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]


def test_check_tells_everything_in_one_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A case that fails, a condition that never holds and an unused parameter: one message, by file and line."""
    folder = write_rulebook(
        tmp_path / "rules",
        {"flag": "pc < $line and pc > $line"},
        {"cases": [{**CASES[0], "outcome": "clear"}, *CASES]},
        parameters=("line", "days"),
    )
    code, out, err = audit(capsys, "rules", "check", "--rules", folder, "--lang", "en")
    assert (code, out) == (2, "")
    lines = err.splitlines()
    assert lines[0] == "4 things are wrong with the rules:"
    assert re.findall(r"^  rules/([\w.-]+), line \d+", "\n".join(lines[1:]), re.MULTILINE) == [
        "T-1.yaml", "T-1.yaml", "T-2.yaml", "parameters.yaml",
    ]  # fmt: skip
    assert "was never true where the population is" in lines[1]
    assert 'no rule uses the parameter "days"' in lines[4]


def test_check_of_right_rules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = audit(capsys, "rules", "check", "--rules", write_rulebook(tmp_path / "rules"), "--lang", "en")
    assert (code, out, err) == (0, "The rules are right: 1 rules, 1 parameters.\n", "")
