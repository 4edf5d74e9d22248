"""Trying rules finds conditions that always or never hold, parts that change nothing, and unused parameters."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest
from tests.rulebook.writing import CASES, case, write_rulebook

from audit import load_rulebook
from audit.engine.check import check_rulebook
from audit.engine.pools import Pool, make_pools
from audit.engine.trial import parts_of, rows_sql, trial_sql
from audit.language import Language
from audit.subjects import SUBJECTS, Fact, Kind, load_subject

SHIPPED = load_rulebook()
POST_CASES = [
    case("flagged", started_on=date(2024, 12, 1)),
    case("clear", started_on=date(2024, 12, 2)),
    case("undecided"),
]


def told(folder: Path, lang: Language = "en") -> list[str]:
    return [mistake.message(lang) for mistake in check_rulebook(load_rulebook(folder))]


def test_all_rules_that_come_with_the_audit_pass() -> None:
    assert [mistake.message("en") for mistake in check_rulebook(SHIPPED)] == []


def test_a_right_rule_passes(tmp_path: Path) -> None:
    assert told(write_rulebook(tmp_path / "rules")) == []


CONSTANT = [
    ("population", "pc < $line and pc >= $line", "was never true; the rule would apply to nobody"),
    ("population", "lifted and not lifted", "was never true; the rule would apply to nobody"),
    ("population", "lifted or not lifted", "was never false. If the rule is about all subjects, write 'true'"),
    ("population", "pc is null or pc is not null", "was never false"),
    ("population", "phone_known is not null", "was never false"),  # it is never unknown
    ("population", "population > 0", "was never false"),  # it is over 0 wherever it is known
    ("among", "present_persons is null", "was never true; there would be no subject at all"),
    ("among", "present_persons = present_persons", "was never false; it limits nothing"),
    ("flag", "not lifted", "was never true where the population is"),
    ("flag", "lifted and pc < pc", "was never true where the population is"),
    ("flag", "lifted", "was never false where the population is true; it implies nothing new"),
    ("flag", "lifted or pc < $line", "was never false where the population is true"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "text", "says"), CONSTANT)
def test_a_condition_that_always_or_never_holds(tmp_path: Path, key: str, text: str, says: str) -> None:
    folder = write_rulebook(tmp_path / "rules", {key: text, "cases": [*CASES, case("not_counted", lifted=False)]})
    (message,) = [one for one in told(folder) if "no rule uses" not in one]
    written = (folder / "T-1.yaml").read_text(encoding="utf-8").splitlines()
    line = next(number for number, shown in enumerate(written, start=1) if shown.startswith(f"{key}:"))
    assert message.startswith(f"rules/T-1.yaml, line {line}, {key}: on 20000 sets of facts ")
    assert says in message


def test_the_message_names_the_expression_and_what_to_look_at(tmp_path: Path) -> None:
    folder = write_rulebook(tmp_path / "rules", {"flag": "pc < $line and pc >= $line"})
    assert told(folder, "zh") == [
        "rules/T-1.yaml，第 9 行，flag：试了 20000 组事实，凡是 population 成立的，"
        "“pc < $line and pc >= $line” 从不成立，永远不会有问题。"
        "请看它与 population 是否矛盾；若本来如此，请写 never: [flagged]。"
    ]


@pytest.mark.parametrize(("flag", "never"), [("lifted", "clear"), ("not lifted", "flagged"), ("true", "clear")])
def test_a_rule_may_say_that_an_outcome_never_happens(tmp_path: Path, flag: str, never: str) -> None:
    cases = [one for one in CASES if one["outcome"] != never]
    folder = write_rulebook(tmp_path / "rules", {"flag": flag, "never": [never], "cases": cases}, parameters=())
    assert told(folder) == []


def test_a_flag_that_repeats_a_part_of_the_population(tmp_path: Path) -> None:
    """The plan's own question, with the line asked twice: the second time it tells nothing new."""
    folder = write_rulebook(
        tmp_path / "rules", {"population": "lifted and pc < $line", "flag": "pc < $line and not monitored"}
    )
    (message,) = told(folder)
    assert message.startswith(
        'rules/T-1.yaml, line 9, flag: on 20000 sets of facts the outcome was the same without the part "pc < $line".'
    )


@pytest.mark.parametrize(
    ("flag", "idle"),
    [
        ("pc < $line and pc <= $line", "pc <= $line"),
        ("pc < $line or (pc < $line and not monitored)", "pc < $line and not monitored"),
        ("pc < $line and monitored is not null", "not monitored is null"),
        ("pc < $line and not (pc > $line and monitored)", "not (pc > $line and monitored)"),
        ("monitor_category = 'marginal' and monitor_category <> 'sudden'", "monitor_category <> 'sudden'"),
        ("monitor_category = 'marginal' and monitor_category in ('marginal', 'sudden')", "monitor_category in ('marginal', 'sudden')"),
    ],
)  # fmt: skip
def test_an_idle_part(tmp_path: Path, flag: str, idle: str) -> None:
    folder = write_rulebook(tmp_path / "rules", {"flag": flag})
    assert f'the part "{idle}"' in told(folder)[0]


@pytest.mark.parametrize(
    "flag",
    [
        "pc < $line and pc is not null",  # an unknown income is clear instead of undecided
        "abs(net - computed_net) <= 1 and net <> computed_net",  # near to each other, but not the same
        "pc_prev > 0 and abs(pc - pc_prev) <= $share * pc_prev",
        "heads <> 1 and present_persons > 0",
        "net_income_per_capita = net_income / population and share_dividend > 0",
    ],
)
def test_a_part_that_seldom_matters_is_found_all_the_same(tmp_path: Path, flag: str) -> None:
    folder = write_rulebook(tmp_path / "rules", {"flag": flag}, parameters=("line", "share"))
    assert [one for one in told(folder) if "no rule uses" not in one] == []


@pytest.mark.parametrize(
    "flag",
    [
        "started_on <= $as_of - $days",
        "started_on = $as_of - $days or ended_on > $as_of",
        "ended_on - started_on > $days and ended_on < $as_of",
        "ended_on - started_on = $days",
    ],
)
def test_days_meet_the_day_of_the_audit_and_the_parameters(tmp_path: Path, flag: str) -> None:
    rule = {"subject": "post", "population": "true", "flag": flag, "evidence": [], "message": "-", "message_en": "-"}
    assert told(write_rulebook(tmp_path / "rules", {**rule, "cases": POST_CASES}, parameters=("days",))) == []


def test_a_value_that_has_not_begun_counts(tmp_path: Path) -> None:
    """What policy says of a later year is tried too, whatever the day on the clock."""
    path = write_rulebook(tmp_path / "rules") / "parameters.yaml"
    written = path.read_text(encoding="utf-8")
    assert "from: 2020-01-01" in written
    path.write_text(written.replace("from: 2020-01-01", "from: 2031-01-01"), encoding="utf-8")
    assert told(path.parent) == []


def test_a_parameter_with_a_value_for_every_county(tmp_path: Path) -> None:
    path = write_rulebook(tmp_path / "rules") / "parameters.yaml"
    values = "".join(
        f"  - {{value: {3000 + number}, from: 2020-01-01, area: '{130000 + number}', source: 测试}}\n"
        for number in range(2500)
    )
    path.write_text(path.read_text(encoding="utf-8") + values, encoding="utf-8")
    rulebook = load_rulebook(path.parent)
    (line,) = [pool for pool in make_pools(rulebook.rules[0], rulebook.parameters) if pool.name == "parameter__line"]
    assert (line.values[0], len(line.values) <= 20) == (("3000",), True)
    assert check_rulebook(rulebook) == []


def test_an_unused_parameter(tmp_path: Path) -> None:
    folder = write_rulebook(tmp_path / "rules", parameters=("line", "days"))
    assert told(folder) == [
        'rules/parameters.yaml, line 9: no rule uses the parameter "days". '
        "Leave it out, or see whether a rule calls it by another name."
    ]


def test_a_rule_that_cannot_be_run(tmp_path: Path) -> None:
    rule = {"subject": "post", "population": "true", "flag": "started_on + $share > ended_on", "evidence": [],
            "message": "-", "message_en": "-", "cases": POST_CASES}  # fmt: skip
    (message,) = told(write_rulebook(tmp_path / "rules", rule, parameters=("share",)))
    assert message.startswith("rules/T-1.yaml, line 9: the rule can't be run (")


def test_the_same_rows_every_time() -> None:
    rule = SHIPPED.rule("INC-6")
    assert rule is not None
    sql = trial_sql(rule, make_pools(rule, SHIPPED.parameters), parts_of(rule))
    first, second = (duckdb.connect().execute(sql).fetchall() for _ in range(2))
    assert first == second


def pool(name: str, rule_id: str) -> Pool:
    rule = SHIPPED.rule(rule_id)
    assert rule is not None
    (found,) = [pool for pool in make_pools(rule, SHIPPED.parameters) if pool.name == name]
    return found


def test_an_amount_is_tried_at_the_line_and_a_cent_off() -> None:
    over_under = set(pool("pc", "INC-3").values)
    assert {("4000", "1"), ("3999.99", "1"), ("4000.01", "1"), ("12000", "3"), ("11999.99", "3")} <= over_under
    assert {("NULL", "NULL"), ("0", "1"), ("-1", "1")} <= over_under


def test_an_age_is_tried_at_its_limit_and_a_year_off() -> None:
    assert {("79",), ("80",), ("81",), ("NULL",)} <= set(pool("age", "PW-3").values)


def test_all_codes_and_all_texts_that_a_rule_names_are_tried() -> None:
    assert {cells[0] for cells in pool("labour_ability", "LAB-1").values} == {
        "NULL", "'ordinary'", "'skilled'", "'weak'", "'lost'", "'none'",
    }  # fmt: skip
    assert {"'健康'", "'长期慢性病'", "'*'", "NULL"} <= {cells[0] for cells in pool("health", "LAB-2").values}


def test_what_is_never_unknown_is_never_null() -> None:
    assert {cells[0] for cells in pool("active", "PW-3").values} == {"true", "false"}
    assert all("NULL" not in cells for cells in pool("present_persons", "HHD-1").values)


def test_what_is_always_over_nothing_is_never_zero() -> None:
    values = {cells[0] for cells in pool("population", "INC-10").values}
    assert {"0", "-1"} & values == set()
    assert {"1", "2", "NULL"} <= values


def test_a_range_has_its_least_before_its_most() -> None:
    known = [cells for cells in pool("heads", "HHD-2").values if "NULL" not in cells]
    assert {("0", "1"), ("1", "1"), ("2", "3")} <= set(known)
    assert all(int(low) <= int(high) for low, high in known)


def test_rows_start_from_the_cases() -> None:
    """A household exactly as in a case of INC-4 is among the rows, with everything that the case gives."""
    rule = SHIPPED.rule("INC-4")
    assert rule is not None
    rows = rows_sql(make_pools(rule, SHIPPED.parameters), len(rule.cases))
    same = "lifted AND lifted_year = 2020 AND pc__n = 3999.99 AND pc__d = 1 AND NOT monitored"
    found = duckdb.connect().execute(f"SELECT count(*) FROM ({rows}) WHERE {same}").fetchall()[0][0]
    assert found > 500


def question(fact: Fact) -> str:
    """A question about a fact, of whatever kind, that is sometimes true and sometimes false."""
    if not fact.always_known:
        return f"{fact.name} is null"
    if fact.kind is Kind.CODE:
        return f"{fact.name} = '{next(iter(fact.codes))}'"
    return fact.name if fact.kind is Kind.BOOL else f"{fact.name} > 0"


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_fact_of_every_subject_can_be_tried(tmp_path: Path, subject: str) -> None:
    texts = {"subject": subject, "population": "true", "evidence": [], "message": "-", "message_en": "-"}
    cases = {"cases": [case("flagged"), case("clear")], "never": ["undecided"]}
    facts = load_subject(subject).facts.values()
    named = tuple(sorted({name for fact in facts for name in fact.parameters}))
    rules = [{**texts, **cases, "flag": question(fact)} for fact in facts if fact.kind not in {Kind.TEXT, Kind.DATE}]
    # A subject of dates and texts alone has nothing that can be asked without a parameter.
    assert rules or subject == "training_need"
    if rules:
        assert told(write_rulebook(tmp_path / "rules", *rules, parameters=named)) == []
