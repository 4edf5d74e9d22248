"""What becomes of a finding from one night to the next; every expectation is written by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Unpack

import pytest
from tests.conftest import BARE, Write
from tests.options import NightOptions
from tests.policy import few

from audit import AuditResult, run_audit
from audit.gate import OPEN_GATE
from audit.history.diff import compared

FIRST = date(2024, 12, 28)
VILLAGE = "139901101001"
Night = Callable[..., AuditResult]


def household(number: str, *, area: str = VILLAGE, phone: str = "13800000001", **more: object) -> dict[str, object]:
    return {
        "household_id": number,
        "area_code": area,
        "household_type": "lifted",
        "lifted_year": 2018,
        "monitor_category": "",
        "risk_cleared": "",
        "phone": phone,
        **more,
    }


def income(number: str, net: object, year: int = 2024) -> dict[str, object]:
    return {"household_id": number, "year": year, "population": 1, "net_income": net}


@pytest.fixture
def night(write_registry: Write, tmp_path: Path) -> Night:
    """Audit one night after the other into one folder: the first call is the first night."""
    count = iter(range(100))

    def audit(
        households: list[dict[str, object]],
        incomes: list[dict[str, object]],
        *,
        as_of: date | None = None,
        year: int = 2024,
        **options: Unpack[NightOptions],
    ) -> AuditResult:
        place = next(count)
        data = write_registry(f"night-{place}", households=households, incomes=incomes)
        day = as_of or FIRST + timedelta(days=place)
        options = {"rules": few("INC-4"), "gate": OPEN_GATE, "settings": BARE, **options}
        return run_audit(data, as_of=day, year=year, out=tmp_path / "reports", **options)

    return audit


def bare(data: Path, place: int, tmp_path: Path, rule: str) -> AuditResult:
    """Audit by one rule, without a gate and without pages."""
    return run_audit(
        data,
        as_of=FIRST + timedelta(days=place),
        year=2024,
        rules=few(rule),
        out=tmp_path / "reports",
        gate=OPEN_GATE,
        settings=BARE,
    )


def presence(run: AuditResult, rule: str = "INC-4") -> dict[str, tuple[str, str]]:
    rows = run.relation("findings").filter(f"rule_id = '{rule}'").project("subject_id, presence, first_seen").fetchall()
    return {subject: (how, since.isoformat()) for subject, how, since in rows}


def absent(run: AuditResult, rule: str = "INC-4") -> dict[str, str]:
    return dict(run.relation("absent").filter(f"rule_id = '{rule}'").project("subject_id, reason").fetchall())


def test_new_unchanged_updated_and_fixed(night: Night) -> None:
    homes = [household("H1"), household("H2"), household("H3")]
    first = night(homes, [income("H1", 3000), income("H2", 3000), income("H3", 9000)])
    assert presence(first) == {"H1": ("new", "2024-12-28"), "H2": ("new", "2024-12-28")}
    assert absent(first) == {}
    second = night(homes, [income("H1", 3000), income("H2", 3100), income("H3", 2000)])
    assert presence(second) == {
        "H1": ("unchanged", "2024-12-28"),
        "H2": ("updated", "2024-12-28"),
        "H3": ("new", "2024-12-29"),
    }
    third = night(homes, [income("H1", 9000), income("H2", 3100), income("H3", 2000)])
    assert presence(third) == {"H2": ("unchanged", "2024-12-28"), "H3": ("unchanged", "2024-12-29")}
    assert absent(third) == {"H1": "fixed"}


def test_what_comes_back_recurs_with_its_first_day(night: Night) -> None:
    homes = [household("H1")]
    night(homes, [income("H1", 3000)])
    assert absent(night(homes, [income("H1", 9000)])) == {"H1": "fixed"}
    quiet = night(homes, [income("H1", 9000)])
    assert absent(quiet) == {}
    back = night(homes, [income("H1", 3000)])
    assert presence(back) == {"H1": ("recurred", "2024-12-28")}
    again = back.relation("history").filter("rule_id = 'INC-4'").project("subject_id, state, recurrences").fetchall()
    assert again == [("H1", "open", 1)]
    after = night(homes, [income("H1", 3000)])
    assert presence(after) == {"H1": ("unchanged", "2024-12-28")}


def test_an_unknown_income_is_no_proof(night: Night) -> None:
    homes = [household("H1"), household("H2")]
    night(homes, [income("H1", 3000), income("H2", 3000)])
    second = night(homes, [income("H1", ""), income("H2", "")])
    assert absent(second) == {"H1": "not_evaluated", "H2": "not_evaluated"}
    third = night(homes, [income("H1", 3000), income("H2", 9000)])
    assert presence(third) == {"H1": ("unchanged", "2024-12-28")}
    assert absent(third) == {"H2": "fixed"}, "it was open all the time, and is proven now"


def test_a_table_that_is_missing_closes_nothing(night: Night, write_registry: Write, tmp_path: Path) -> None:
    homes = [household("H1")]
    night(homes, [income("H1", 3000)])
    data = write_registry("without", households=homes)
    second = bare(data, 1, tmp_path, "INC-4")
    assert presence(second) == {}
    assert absent(second) == {"H1": "not_evaluated"}


def test_a_household_that_left_the_registry_is_gone_not_fixed(night: Night) -> None:
    homes = [household("H1"), household("H2"), household("H3")]
    incomes = [income(number, 3000) for number in ("H1", "H2", "H3")]
    night(homes, incomes)
    second = night([household("H1", deregistered_on="2024-12-01"), household("H3")], incomes)
    assert absent(second) == {"H1": "unit_gone", "H2": "unit_gone"}
    assert presence(second) == {"H3": ("unchanged", "2024-12-28")}


def test_a_household_in_quarantine_is_neither_gone_nor_fixed(night: Night) -> None:
    homes = [household("H1"), household("H2")]
    incomes = [income("H1", 3000), income("H2", 3000)]
    night(homes, incomes)
    second = night([household("H1", area="12"), household("H2")], incomes)
    assert absent(second) == {"H1": "not_evaluated"}


def test_a_quarantined_row_of_the_household_is_no_proof(write_registry: Write, tmp_path: Path) -> None:
    """R1 lacks a wall and is flagged; tonight it is mended, but another row of its household can't be read."""
    flagged: dict[str, object] = {
        "renovation_id": "R1",
        "household_id": "H1",
        "method": "加固",
        "walls_reinforced": "正面;侧面",
    }
    mended = {**flagged, "walls_reinforced": "正面;侧面;背面"}
    nameless = {**mended, "renovation_id": ""}

    def audit(place: int, renovations: list[dict[str, object]]) -> AuditResult:
        data = write_registry(f"walls-{place}", households=[household("H1")], renovations=renovations)
        return bare(data, place, tmp_path, "HOU-1")

    assert presence(audit(0, [flagged]), "HOU-1") == {"R1": ("new", "2024-12-28")}
    assert absent(audit(1, [mended, nameless]), "HOU-1") == {"R1": "not_evaluated"}
    assert absent(audit(2, [mended]), "HOU-1") == {"R1": "fixed"}


def test_a_changed_threshold_makes_no_new_finding(night: Night, tmp_path: Path) -> None:
    import shutil

    from tests.conftest import ROOT

    homes, incomes = [household("H1")], [income("H1", 3000)]
    night(homes, incomes)
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    path = tmp_path / "rules" / "parameters.yaml"
    written = path.read_text(encoding="utf-8")
    start = written.index("low_income_line:")
    path.write_text(written[:start] + written[start:].replace("4000", "4100", 1), encoding="utf-8")
    second = night(homes, incomes, rules=tmp_path / "rules")
    assert presence(second) == {"H1": ("updated", "2024-12-28")}


def test_that_a_day_went_by_is_no_update(write_registry: Write, tmp_path: Path) -> None:
    """The rule counts from the day of the audit, which its evidence tells; the defect itself is what it was."""

    def audit(place: int, kind: str) -> AuditResult:
        defect = {"defect_id": "D1", "household_id": "H1", "reported_on": "2024-03-01", "resolved_on": "", "kind": kind}
        earlier = {"appraisal_id": "A1", "household_id": "H1", "appraised_on": "2020-01-01", "grade": "C"}
        tables = {"households": [household("H1")], "defects": [defect], "appraisals": [earlier]}
        data = write_registry(f"defect-{place}", **tables)
        return bare(data, place, tmp_path, "HOU-2")

    first, second = audit(0, "墙体裂缝"), audit(1, "墙体裂缝")
    assert presence(second, "HOU-2") == {"D1": ("unchanged", "2024-12-28")}
    with compared(first.run, second.run) as con:
        assert con.execute("SELECT change FROM changes WHERE rule_id = 'HOU-2'").fetchall() == [("unchanged",)]
    assert presence(audit(2, "屋面渗漏"), "HOU-2") == {"D1": ("updated", "2024-12-28")}


def test_a_project_that_is_still_not_finished_is_no_news(write_registry: Write, tmp_path: Path) -> None:
    """FND-5 tells the day of the audit where the day of finishing is blank."""
    project = {"project_id": "J1", "area_code": VILLAGE, "name": "水渠", "year": 2024, "contract_finish_on": "2024-06-30",
               "extended_to": "", "finished_on": ""}  # fmt: skip

    def audit(place: int, finished_on: str) -> AuditResult:
        projects = [{**project, "finished_on": finished_on}]
        data = write_registry(f"projects-{place}", households=[household("H1")], projects=projects)
        return bare(data, place, tmp_path, "FND-5")

    assert presence(audit(0, ""), "FND-5") == {"J1": ("new", "2024-12-28")}
    assert presence(audit(1, ""), "FND-5") == {"J1": ("unchanged", "2024-12-28")}
    assert presence(audit(2, "2024-12-01"), "FND-5") == {"J1": ("updated", "2024-12-28")}


def test_an_earlier_day_is_a_look_back(night: Night, tmp_path: Path) -> None:
    homes, incomes = [household("H1")], [income("H1", 3000)]
    first = night(homes, incomes)
    latest = night(homes, [income("H1", 3100)])
    back = night(homes, [income("H1", 3000)], as_of=FIRST)
    assert (back.run.state, back.run.previous) == ("look_back", first.run.run_id)
    assert presence(back) == {"H1": ("unchanged", "2024-12-28")}
    assert (tmp_path / "reports" / "latest").resolve() == latest.folder.resolve()
    following = night(homes, [income("H1", 3100)])
    assert following.run.previous == latest.run.run_id
    earlier = night(homes, incomes, as_of=FIRST - timedelta(days=9))
    assert (earlier.run.state, earlier.run.previous) == ("look_back", None)


def test_begin_anew(night: Night, tmp_path: Path) -> None:
    homes, incomes = [household("H1")], [income("H1", 3000)]
    night(homes, incomes)
    anew = night(homes, incomes, previous="none")
    assert presence(anew) == {"H1": ("new", "2024-12-29")}
    assert (tmp_path / "reports" / "latest").resolve() == anew.folder.resolve()


def test_the_trend_has_a_row_for_each_run_and_rule(night: Night) -> None:
    homes = [household("H1"), household("H2")]
    night(homes, [income("H1", 3000), income("H2", 3000)])
    second = night(homes, [income("H1", 9000), income("H2", 3000)])
    rows = second.relation("trend").filter("rule_id = 'INC-4'").project(
        "as_of, population, flagged, clear, new, unchanged, updated, recurred, fixed, not_evaluated, unit_gone"
    ).fetchall()  # fmt: skip
    assert rows == [
        (date(2024, 12, 28), 2, 2, 0, 2, 0, 0, 0, 0, 0, 0),
        (date(2024, 12, 29), 1, 1, 0, 0, 1, 0, 0, 1, 0, 0),
    ]
