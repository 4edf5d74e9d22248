"""Facts, worked out by hand from contract.md, section 3, on the smallest registries that show them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.conftest import Write

from audit import AuditResult

Audit = Callable[..., AuditResult]
HOME = {"household_id": "H1", "area_code": "139901101001", "household_type": "lifted", "lifted_year": "2018"}


def outcome(run: AuditResult, rule_id: str) -> tuple[int, int, int, int]:
    """Flagged, clear, undecided, not applicable."""
    (line,) = [line for line in run.summary.rules if line.status.rule.id == rule_id]
    assert line.status.status == "evaluated", line.status.reason
    return line.counts.flagged, line.counts.clear, line.counts.undecided, line.counts.not_applicable


FLAGGED, CLEAR, UNDECIDED, NOT_APPLICABLE, NONE = (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1), (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        pytest.param({"net_income": "7999.99", "population": "2"}, FLAGGED, id="below the line by half a cent a head"),
        pytest.param({"net_income": "8000", "population": "2"}, CLEAR, id="at the line"),
        pytest.param({"net_income": "8000", "population": "0", "member_count": "3"}, FLAGGED, id="declared size instead"),
        pytest.param({"net_income": "8000", "population": ""}, UNDECIDED, id="no population at all"),
        pytest.param({"net_income": "", "net_income_per_capita": "3000"}, FLAGGED, id="reported per head"),
        pytest.param({"wage_income": "9000", "production_income": "0", "property_income": "0", "transfer_income": "0", "production_expense": "2000", "population": "2"}, FLAGGED, id="computed from its parts"),
        pytest.param({"wage_income": "9000", "production_income": "0", "property_income": "", "transfer_income": "0", "production_expense": "2000", "population": "2"}, UNDECIDED, id="a part unknown"),
    ],
)  # fmt: skip
def test_income_per_head(write_registry: Write, audited: Audit, given: dict[str, str], wanted: tuple[int, ...]) -> None:
    amounts = {key: value for key, value in given.items() if key != "member_count"}
    blank = dict.fromkeys(("net_income", "population", "net_income_per_capita", "wage_income", "production_income",
                           "property_income", "transfer_income", "production_expense"), "")  # fmt: skip
    home = {**HOME, "member_count": given.get("member_count", "")}
    data = write_registry(households=[home], incomes=[{"household_id": "H1", "year": "2024", **blank, **amounts}])
    assert outcome(audited(data), "INC-3") == wanted


@pytest.mark.parametrize(
    ("home", "wanted"),
    [
        ({"monitor_category": "unstable", "risk_cleared": ""}, CLEAR),
        ({"monitor_category": "unstable", "risk_cleared": "否"}, CLEAR),
        ({"monitor_category": "unstable", "risk_cleared": "是"}, FLAGGED),
        ({"monitor_category": "", "risk_cleared": ""}, FLAGGED),
        ({"lifted_year": "2024"}, NOT_APPLICABLE),
        ({"lifted_year": ""}, UNDECIDED),
        ({"household_type": "general"}, NOT_APPLICABLE),
        ({"deregistered_on": "2024-12-31"}, NONE),
        ({"deregistered_on": "2025-01-01"}, FLAGGED),
    ],
)
def test_below_the_line_and_not_monitored(
    write_registry: Write, audited: Audit, home: dict[str, str], wanted: tuple[int, ...]
) -> None:
    row = {**HOME, "monitor_category": "", "risk_cleared": "", "deregistered_on": "", **home}
    income = {"household_id": "H1", "year": "2024", "population": "1", "net_income": "3999.99"}
    assert outcome(audited(write_registry(households=[row], incomes=[income])), "INC-4") == wanted


@pytest.mark.parametrize(
    ("number", "birth_date", "age", "wanted"),
    [
        pytest.param("", "1974-12-31", "", CLEAR, id="fifty on the day itself"),
        pytest.param("", "1975-01-01", "", FLAGGED, id="fifty tomorrow"),
        pytest.param("", "", "49", FLAGGED, id="age as reported"),
        pytest.param("", "2025-06-01", "60", UNDECIDED, id="born after the day of the audit"),
        pytest.param("", "", "", UNDECIDED, id="nothing known"),
        pytest.param("139901197412310019", "1980-01-01", "", CLEAR, id="the number goes before the birth date"),
        pytest.param("139901197412310010", "1980-01-01", "", FLAGGED, id="but only if it is valid"),
    ],
)
def test_age_of_a_man_in_a_post(
    write_registry: Write, audited: Audit, number: str, birth_date: str, age: str, wanted: tuple[int, ...]
) -> None:
    person = {
        "person_id": "P1",
        "household_id": "H1",
        "sex": "男",
        "id_number": number,
        "birth_date": birth_date,
        "age": age,
    }
    post = {"post_id": "G1", "person_id": "P1", "post_type": "cleaner", "started_on": "2024-01-01", "ended_on": ""}
    assert outcome(audited(write_registry(households=[HOME], persons=[person], posts=[post])), "PW-2") == wanted


@pytest.mark.parametrize(
    ("started", "ended", "active"),
    [
        ("", "", True),
        ("2024-12-31", "", True),
        ("2025-01-01", "", False),
        ("", "2024-12-31", True),
        ("", "2024-12-30", False),
        ("2024-06-01", "2024-05-31", False),
    ],
)
def test_active_posts(write_registry: Write, audited: Audit, started: str, ended: str, active: bool) -> None:
    person = {"person_id": "P1", "household_id": "H1", "sex": "男", "age": "30"}
    post = {"post_id": "G1", "person_id": "P1", "started_on": started, "ended_on": ended}
    run = audited(write_registry(households=[HOME], persons=[person], posts=[post]))
    assert outcome(run, "PW-9") == (FLAGGED if active else NOT_APPLICABLE)


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        # Valid: both examples of the standard GB 11643-1999 that are not too old, and a lower-case x.
        ("11010519491231002X", None),
        ("11010519491231002x", None),
        ("440524188001010014", "age"),
        ("", "blank"),
        ("1101051949123100", "length"),
        ("11010519491231002Y", "characters"),
        ("110105194902310021", "date"),
        ("110105202501010011", "future"),
        ("110105194912310021", "check"),
        ("11010519491231002X43", None),
        ("11010519491231002X43B1", None),
        ("１１０１０５１９４９１２３１００２Ｘ", None),
    ],
)
def test_identity_numbers(write_registry: Write, audited: Audit, number: str, fault: str | None) -> None:
    person = {"person_id": "P1", "household_id": "H1", "id_number": number}
    run = audited(write_registry(households=[HOME], persons=[person]))
    found = run.relation("findings").filter("rule_id = 'ID-1'").project("evidence ->> 'number_fault'").fetchall()
    assert found == ([] if fault is None else [(fault,)])


def test_a_shared_number_needs_two_present_people(write_registry: Write, audited: Audit) -> None:
    number = "11010519491231002X"
    rows = [
        {"person_id": "P1", "household_id": "H1", "id_number": number, "left_on": ""},
        {"person_id": "P2", "household_id": "H1", "id_number": f"{number}43", "left_on": ""},
        {"person_id": "P3", "household_id": "H1", "id_number": number, "left_on": "2024-01-01"},
    ]
    run = audited(write_registry(households=[HOME], persons=rows))
    found = run.relation("findings").filter("rule_id = 'ID-4'").project("subject_id").fetchall()
    assert found == [("P1",), ("P2",)]
    alone = audited(write_registry(households=[HOME], persons=[rows[0], rows[2]]))
    assert outcome(alone, "ID-4") == CLEAR


def test_unable_is_known_only_if_every_holder_is(write_registry: Write, audited: Audit) -> None:
    def run(*abilities: str) -> tuple[int, ...]:
        persons = [
            {"person_id": f"P{i}", "household_id": "H1", "labour_ability": one} for i, one in enumerate(abilities)
        ]
        posts = [
            {"post_id": f"G{i}", "person_id": f"P{i}", "post_type": "cleaner", "started_on": "", "ended_on": ""}
            for i in range(len(abilities))
        ]
        return outcome(audited(write_registry(households=[HOME], persons=persons, posts=posts)), "PW-5")

    assert run("ordinary", "ordinary") == CLEAR
    assert run("ordinary", "") == UNDECIDED
    assert run("none", "") == FLAGGED


def test_a_missing_column_means_not_evaluated(write_registry: Write, audited: Audit) -> None:
    run = audited(write_registry(households=[{"household_id": "H1", "area_code": "139901101001"}]))
    lines = {line.status.rule.id: line.status for line in run.summary.rules}
    reasons = {rule_id: status.reason for rule_id, status in lines.items() if status.reason}
    assert {one.status for one in lines.values()} == {"not_evaluated"}
    assert "incomes" in reasons["INC-1"].message("zh")
    assert "phone" in reasons["HHD-3"].message("en")
    assert run.relation("findings").fetchall() == []


def test_an_empty_table_is_not_an_absent_one(write_registry: Write, audited: Audit) -> None:
    data = write_registry(households=[HOME])
    header = "post_id,person_id,post_type,area_code,started_on,ended_on,annual_pay,attendance_days\n"
    (data / "posts.csv").write_text(header, encoding="utf-8")
    (data / "persons.csv").write_text("person_id,household_id,labour_ability,age\n", encoding="utf-8")
    run = audited(data)
    statuses = {line.status.rule.id: line.status.status for line in run.summary.rules}
    assert (statuses["PW-7"], statuses["PW-3"]) == ("evaluated", "evaluated")
