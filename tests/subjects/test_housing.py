"""Facts of homes, worked out by hand from contract.md section 3 and the rule catalogue; as of 2024-12-31."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.conftest import Write
from tests.subjects.conftest import Facts

HOME = {"household_id": "H1", "area_code": "139901101001", "vacant_since": ""}


def defect(reported_on: str, resolved_on: str = "", number: str = "D1") -> dict[str, str]:
    return {"defect_id": number, "household_id": "H1", "reported_on": reported_on, "resolved_on": resolved_on}


def appraisal(appraised_on: str, grade: str = "A", number: str = "A1") -> dict[str, str]:
    return {"appraisal_id": number, "household_id": "H1", "appraised_on": appraised_on, "grade": grade}


@pytest.mark.parametrize(
    ("reported_on", "resolved_on", "wanted"),
    [
        ("2024-12-31", "", True),
        ("2025-01-01", "", False),
        ("2024-05-01", "2024-12-31", False),
        ("2024-05-01", "2025-01-01", True),
        ("", "", None),
        ("", "2024-12-31", False),
        ("", "2025-01-01", None),
    ],
)
def test_open_defect(
    write_registry: Write, facts: Facts, reported_on: str, resolved_on: str, wanted: bool | None
) -> None:
    data = write_registry(households=[HOME], defects=[defect(reported_on, resolved_on)])
    assert facts(data, "defect", "open, household_id, area_code") == [(wanted, "H1", "139901101001")]
    assert facts(data, "household", "open_defect") == [(wanted,)]


@pytest.mark.parametrize(
    ("appraised", "wanted"),
    [
        ([], False),
        (["2024-04-30"], False),
        (["2024-05-01"], True),
        (["2024-12-31"], True),
        (["2025-01-01"], False),
        ([""], None),
        (["", "2024-06-01"], True),
    ],
)
def test_appraised_again(write_registry: Write, facts: Facts, appraised: list[str], wanted: bool | None) -> None:
    rows = [appraisal(day, number=f"A{place}") for place, day in enumerate(appraised)]
    rows.append({**appraisal("2024-06-01", number="A9"), "household_id": "H2"})
    data = write_registry(households=[HOME], defects=[defect("2024-05-01")], appraisals=rows)
    assert facts(data, "defect", "reappraised") == [(wanted,)]


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([], (False, None, None)),
        ([appraisal("2025-01-01", "D")], (False, None, None)),
        ([appraisal("", "D")], (False, None, None)),
        ([appraisal("2024-12-31", "D")], (True, date(2024, 12, 31), "D")),
        ([appraisal("2020-01-01", "A", "A1"), appraisal("2023-01-01", "C", "A0")], (True, date(2023, 1, 1), "C")),
        # Of two on one day the greatest number in text order: A9 comes after A10.
        ([appraisal("2023-01-01", "B", "A10"), appraisal("2023-01-01", "C", "A9")], (True, date(2023, 1, 1), "C")),
        # The last appraisal's grade may be unknown; an earlier one does not stand in for it.
        ([appraisal("2022-01-01", "D", "A1"), appraisal("2023-01-01", "", "A2")], (True, date(2023, 1, 1), None)),
    ],
)
def test_last_appraisal(
    write_registry: Write, facts: Facts, rows: list[dict[str, str]], wanted: tuple[object, ...]
) -> None:
    rows = [*rows, {**appraisal("2024-06-01", "B", "A99"), "household_id": "H2"}]
    data = write_registry(households=[HOME], appraisals=rows)
    assert facts(data, "household", "appraised, last_appraised_on, last_grade") == [wanted]


@pytest.mark.parametrize(("vacant_since", "wanted"), [("", False), ("2024-12-31", True), ("2025-01-01", False)])
def test_vacant(write_registry: Write, facts: Facts, vacant_since: str, wanted: bool) -> None:
    data = write_registry(households=[{**HOME, "vacant_since": vacant_since}])
    assert facts(data, "household", "vacant") == [(wanted,)]


@pytest.mark.parametrize(
    ("walls", "wanted"),
    [
        ("正面、侧面、背面", (True, True, True)),
        ("front", (True, False, False)),
        ("后面，侧面", (False, True, True)),
        ("", (None, None, None)),
    ],
)
def test_walls(write_registry: Write, facts: Facts, walls: str, wanted: tuple[object, ...]) -> None:
    row = {"renovation_id": "R1", "household_id": "H1", "method": "加固", "walls_reinforced": walls}
    data = write_registry(households=[HOME], renovations=[row])
    assert facts(data, "renovation", "front_reinforced, side_reinforced, back_reinforced") == [wanted]


@pytest.mark.parametrize(
    ("renovated_on", "defects", "appraisals", "wanted"),
    [
        pytest.param("2021-05-01", [], [], (False, False), id="nothing since"),
        pytest.param("2021-05-01", [defect("2021-05-01")], [], (False, False), id="reported on the same day"),
        pytest.param("2021-05-01", [defect("2021-05-02")], [], (True, False), id="open and later"),
        pytest.param("2021-05-01", [defect("2021-05-02", "2022-01-01")], [], (False, False), id="later but resolved"),
        pytest.param("2021-05-01", [defect("")], [], (None, False), id="undated and not resolved"),
        pytest.param(
            "2021-05-01", [defect(""), defect("2022-01-01", "", "D2")], [], (True, False), id="one is certain"
        ),
        pytest.param("2021-05-01", [], [appraisal("2021-05-02", "D")], (False, True), id="appraised later"),
        pytest.param("2021-05-01", [], [appraisal("2021-05-01", "D")], (False, False), id="appraised on that day"),
        pytest.param("", [defect("2021-05-02")], [appraisal("2021-05-02", "D")], (None, None), id="undated renovation"),
        pytest.param("", [], [], (False, False), id="undated, but nothing that could be later"),
    ],
)
def test_after_a_renovation(
    write_registry: Write,
    facts: Facts,
    renovated_on: str,
    defects: list[dict[str, str]],
    appraisals: list[dict[str, str]],
    wanted: tuple[object, ...],
) -> None:
    other = {"household_id": "H2"}
    data = write_registry(
        households=[HOME],
        renovations=[{"renovation_id": "R1", "household_id": "H1", "renovated_on": renovated_on}],
        defects=[*defects, {**defect("2024-01-01", number="D9"), **other}],
        appraisals=[*appraisals, {**appraisal("2024-01-01", number="A9"), **other}],
    )
    assert facts(data, "renovation", "defect_since, appraised_since") == [wanted]


@pytest.mark.parametrize(
    ("subsidies", "wanted"),
    [([], (False, None)), (["6000"], (True, Decimal(6000))), (["6000", "2500.50"], (True, Decimal("8500.50"))),
     (["6000", ""], (True, None))],
)  # fmt: skip
def test_subsidies_behind_a_wall(
    write_registry: Write, facts: Facts, subsidies: list[str], wanted: tuple[object, ...]
) -> None:
    rows = [
        {"renovation_id": f"R{place}", "household_id": "H1", "subsidy": amount}
        for place, amount in enumerate(subsidies)
    ]
    rows.append({"renovation_id": "R9", "household_id": "H2", "subsidy": "100"})
    walls = [{"wall_id": "W1", "household_id": "H1", "cost": "1"}]
    data = write_registry(households=[HOME], renovations=rows, yard_walls=walls)
    assert facts(data, "yard_wall", "renovated, renovation_subsidies") == [wanted]


@pytest.mark.parametrize(
    ("household_id", "vacant_since", "wanted"),
    [("H1", "", False), ("H1", "2020-01-01", True), ("H404", "2020-01-01", None)],
)
def test_vacancy_of_a_wall_s_household(
    write_registry: Write, facts: Facts, household_id: str, vacant_since: str, wanted: bool | None
) -> None:
    data = write_registry(
        households=[{**HOME, "vacant_since": vacant_since}],
        yard_walls=[{"wall_id": "W1", "household_id": household_id, "built_on": "2021-01-01"}],
    )
    assert facts(data, "yard_wall", "vacancy_stated") == [(wanted,)]
