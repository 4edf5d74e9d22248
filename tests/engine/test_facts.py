"""Facts, worked out by hand from contract.md, section 3, on the smallest registries that show them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tests.conftest import Write

from audit import AuditResult

Audit = Callable[..., AuditResult]
Row = dict[str, str]
HOME = {"household_id": "H1", "area_code": "139901101001", "household_type": "lifted", "lifted_year": "2018"}


def outcome(run: AuditResult, rule_id: str) -> tuple[int, int, int, int]:
    """Flagged, clear, undecided, not applicable."""
    (line,) = [line for line in run.summary.rules if line.status.rule.id == rule_id]
    assert line.status.status == "evaluated", line.status.reason
    return line.counts.flagged, line.counts.clear, line.counts.undecided, line.counts.not_applicable


def outcomes(run: AuditResult, rule_id: str) -> dict[str, tuple[int, ...]]:
    """The same for each village."""
    rows = run.relation("rates").filter(f"rule_id = '{rule_id}' AND area_level = 'village'")
    counted = rows.project("area_code, flagged, clear, undecided, not_applicable").fetchall()
    return {area: tuple(counts) for area, *counts in counted}


FLAGGED, CLEAR, UNDECIDED, NOT_APPLICABLE, NONE = (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1), (0, 0, 0, 0)

#: Each case is in a village of its own, so that one audit has them all: income, or declared size, and what is found.
INCOMES: dict[str, tuple[Row, tuple[int, ...]]] = {
    "below the line by half a cent a head": ({"net_income": "7999.99", "population": "2"}, FLAGGED),
    "at the line": ({"net_income": "8000", "population": "2"}, CLEAR),
    "declared size instead": ({"net_income": "8000", "population": "0", "member_count": "3"}, FLAGGED),
    "no population at all": ({"net_income": "8000", "population": ""}, UNDECIDED),
    "reported per head": ({"net_income": "", "net_income_per_capita": "3000"}, FLAGGED),
    "computed from its parts": ({"wage_income": "9000", "production_income": "0", "property_income": "0", "transfer_income": "0", "production_expense": "2000", "population": "2"}, FLAGGED),
    "a part unknown": ({"wage_income": "9000", "production_income": "0", "property_income": "", "transfer_income": "0", "production_expense": "2000", "population": "2"}, UNDECIDED),
}  # fmt: skip
INCOME = dict.fromkeys(("net_income", "population", "net_income_per_capita", "wage_income", "production_income",
                        "property_income", "transfer_income", "production_expense"), "")  # fmt: skip


def village(place: int) -> str:
    return f"139901101{place:03}"


def placed(cases: Iterable[str], found: dict[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    """What is found in the village of each case."""
    return {case: found.get(village(place), NONE) for place, case in enumerate(cases, 1)}


def test_income_per_head(write_registry: Write, audited: Audit) -> None:
    homes, incomes = [], []
    for place, (given, _) in enumerate(INCOMES.values(), 1):
        size = given.get("member_count", "")
        homes.append({**HOME, "household_id": f"H{place}", "area_code": village(place), "member_count": size})
        amounts = {key: value for key, value in given.items() if key != "member_count"}
        incomes.append({"household_id": f"H{place}", "year": "2024", **INCOME, **amounts})
    run = audited(write_registry(households=homes, incomes=incomes))
    assert placed(INCOMES, outcomes(run, "INC-3")) == {case: wanted for case, (_, wanted) in INCOMES.items()}


MONITORED: dict[str, tuple[Row, tuple[int, ...]]] = {
    "monitored": ({"monitor_category": "unstable", "risk_cleared": ""}, CLEAR),
    "the risk remains": ({"monitor_category": "unstable", "risk_cleared": "否"}, CLEAR),
    "the risk is cleared": ({"monitor_category": "unstable", "risk_cleared": "是"}, FLAGGED),
    "not monitored": ({"monitor_category": "", "risk_cleared": ""}, FLAGGED),
    "lifted this year": ({"lifted_year": "2024"}, NOT_APPLICABLE),
    "lifted who knows when": ({"lifted_year": ""}, UNDECIDED),
    "never poor": ({"household_type": "general"}, NOT_APPLICABLE),
    "deregistered on the day itself": ({"deregistered_on": "2024-12-31"}, NONE),
    "deregistered tomorrow": ({"deregistered_on": "2025-01-01"}, FLAGGED),
}


def test_below_the_line_and_not_monitored(write_registry: Write, audited: Audit) -> None:
    homes, incomes = [], []
    blank = {"monitor_category": "", "risk_cleared": "", "deregistered_on": ""}
    for place, (home, _) in enumerate(MONITORED.values(), 1):
        homes.append({**HOME, "household_id": f"H{place}", "area_code": village(place), **blank, **home})
        incomes.append({"household_id": f"H{place}", "year": "2024", "population": "1", "net_income": "3999.99"})
    run = audited(write_registry(households=homes, incomes=incomes))
    assert placed(MONITORED, outcomes(run, "INC-4")) == {case: wanted for case, (_, wanted) in MONITORED.items()}
    assert outcome(run, "INC-4") == (3, 2, 1, 2)


#: Identity number, birth date and age of a man, and what is found.
AGES = {
    "fifty on the day itself": ("", "1974-12-31", "", CLEAR),
    "fifty tomorrow": ("", "1975-01-01", "", FLAGGED),
    "age as reported": ("", "", "49", FLAGGED),
    "born after the day of the audit": ("", "2025-06-01", "60", UNDECIDED),
    "nothing known": ("", "", "", UNDECIDED),
    "the number goes before the birth date": ("139901197412310019", "1980-01-01", "", CLEAR),
    "but only if it is valid": ("139901197412310010", "1980-01-01", "", FLAGGED),
}


def test_age_of_a_man_in_a_post(write_registry: Write, audited: Audit) -> None:
    persons, posts = [], []
    for place, (number, birth_date, age, _) in enumerate(AGES.values(), 1):
        known = {"sex": "男", "id_number": number, "birth_date": birth_date, "age": age}
        persons.append({"person_id": f"P{place}", "household_id": "H1", **known})
        term = {"post_type": "cleaner", "started_on": "2024-01-01", "ended_on": ""}
        posts.append({"post_id": f"G{place}", "person_id": f"P{place}", "area_code": village(place), **term})
    run = audited(write_registry(households=[HOME], persons=persons, posts=posts))
    assert placed(AGES, outcomes(run, "PW-2")) == {case: wanted for case, (*_, wanted) in AGES.items()}


#: First and last day of a post, and whether it is active.
TERMS = {
    "who knows": ("", "", True),
    "begins on the day itself": ("2024-12-31", "", True),
    "begins tomorrow": ("2025-01-01", "", False),
    "ends on the day itself": ("", "2024-12-31", True),
    "ended yesterday": ("", "2024-12-30", False),
    "ends before it begins": ("2024-06-01", "2024-05-31", False),
}


def test_active_posts(write_registry: Write, audited: Audit) -> None:
    persons, posts = [], []
    for place, (started, ended, _) in enumerate(TERMS.values(), 1):
        persons.append({"person_id": f"P{place}", "household_id": "H1", "sex": "男", "age": "30"})
        post = {"post_id": f"G{place}", "person_id": f"P{place}", "area_code": village(place)}
        posts.append({**post, "started_on": started, "ended_on": ended})
    run = audited(write_registry(households=[HOME], persons=persons, posts=posts))
    wanted = {case: FLAGGED if active else NOT_APPLICABLE for case, (*_, active) in TERMS.items()}
    assert placed(TERMS, outcomes(run, "PW-9")) == wanted


#: Valid are both examples of the standard GB 11643-1999 that are not too old, and a lower-case x.
NUMBERS = {
    "11010519491231002X": None,
    "11010519491231002x": None,
    "440524188001010014": "age",
    "": "blank",
    "1101051949123100": "length",
    "11010519491231002Y": "characters",
    "110105194902310021": "date",
    "110105202501010011": "future",
    "110105194912310021": "check",
    "11010519491231002X43": None,
    "11010519491231002X43B1": None,
    "１１０１０５１９４９１２３１００２Ｘ": None,
}


def test_identity_numbers(write_registry: Write, audited: Audit) -> None:
    people = {f"P{place}": number for place, number in enumerate(NUMBERS, 1)}
    persons = [{"person_id": person, "household_id": "H1", "id_number": number} for person, number in people.items()]
    run = audited(write_registry(households=[HOME], persons=persons))
    found = run.relation("findings").filter("rule_id = 'ID-1'").project("subject_id, evidence ->> 'number_fault'")
    faults = dict(found.fetchall())
    assert {number: faults.get(person) for person, number in people.items()} == NUMBERS
    assert len(faults) == 7


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
