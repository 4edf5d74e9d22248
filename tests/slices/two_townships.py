"""Two nights of a county with two townships that have to do with each other: what is of one is known to the letter.

Everything of the northern township has a name with 北, everything of the southern one a name with 南: no text of a slice
may hold the other's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from audit import AuditResult, run_audit
from tests.policy import shipped

Rows = Sequence[Mapping[str, object]]
NORTH, SOUTH = "139901101000", "139901102000"
#: Of each township: its village code, the letters that begin its numbers, and the character that begins its names.
PLACES = {"北": ("139901101001", "N"), "南": ("139901102001", "S")}


def _home(side: str, number: int, **more: object) -> dict[str, object]:
    village, letter = PLACES[side]
    return {
        "household_id": f"{letter}H{number}", "area_code": village, "county_name": "示范县", "township_name": f"{side}岭镇",
        "village_name": f"{side}沟村", "head_name": f"{side}修远", "phone": f"{letter}-12", "member_count": 2,
        "household_type": "脱贫户", "lifted_year": 2018, "monitor_category": "", "risk_cleared": "", **more,
    }  # fmt: skip


def _person(side: str, number: int) -> dict[str, object]:
    letter = PLACES[side][1]
    return {
        "person_id": f"{letter}P{number}", "household_id": f"{letter}H{number}", "name": f"{side}光明",
        "id_number": f"{letter}0000", "sex": "男", "birth_date": "1990-01-01", "relation": "户主",
        "labour_ability": "丧失劳动力", "health": "健康",
    }  # fmt: skip


def _tables(*, second: bool) -> dict[str, Rows]:
    homes = [_home(side, number) for side in PLACES for number in (1, 2)]
    # Moved from the north to the south, where its phone was put right; NG9 is gone on the second night.
    homes.append(
        _home("南", 7, household_id="MOVED", phone="13800000001") if second else _home("北", 7, household_id="MOVED")
    )
    homes.append(_home("南" if second else "北", 8, household_id="" if second else "NH8"))
    if not second:
        homes.append(_home("北", 9))
    people = [_person(side, number) for side in PLACES for number in (1, 2)]
    people.append({**_person("南", 3), "household_id": "SNOWHERE"})
    return {
        "households": homes,
        "persons": people,
        "incomes": [
            *({"household_id": home["household_id"], "year": 2024, "population": 2, "net_income": 7000} for home in homes),
            {"household_id": "NH1", "year": 2023, "population": 2, "net_income": "北千"},
            {"household_id": "SH1", "year": 2023, "population": 2, "net_income": "南千"},
        ],
        # One holder of each township has a post in the other; one post of each has no holder.
        "posts": [
            {"post_id": "OF-NORTH", "person_id": "SP1", "post_type": "保洁员", "area_code": PLACES["北"][0], "started_on": "2020-01-01", "annual_pay": 3600, "attendance_days": 0},
            {"post_id": "OF-SOUTH", "person_id": "NP1", "post_type": "保洁员", "area_code": PLACES["南"][0], "started_on": "2020-01-01", "annual_pay": 3600, "attendance_days": 0},
            {"post_id": "N-EMPTY", "person_id": "", "post_type": "保洁员", "area_code": PLACES["北"][0]},
            {"post_id": "S-EMPTY", "person_id": "", "post_type": "保洁员", "area_code": PLACES["南"][0]},
        ],
        "helpers": [{"helper_id": "HELPER", "name": "帮扶人", "phone": "1", "phone_status": "空号"}],
        "pairings": [
            {"pairing_id": f"{home['household_id']}-PAIR", "household_id": home["household_id"], "helper_id": "HELPER", "started_on": "2023-01-01", "ended_on": ""}
            for home in homes
        ],
    }  # fmt: skip


def audited_twice(write: Callable[..., Path], out: Path) -> AuditResult:
    """Audit both nights; gives the second one."""
    run_audit(write("first", **_tables(second=False)), rules=shipped(), as_of=date(2024, 12, 30), out=out)
    return run_audit(write("second", **_tables(second=True)), rules=shipped(), as_of=date(2024, 12, 31), out=out)
