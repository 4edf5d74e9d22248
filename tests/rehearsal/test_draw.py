"""The households to visit: the smallest tickets, the same whoever else comes and goes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from audit.rehearsal import Rehearsal, rehearse
from tests.conftest import AS_OF, Write
from tests.rehearsal.registry import LIFTED, NORTH, SOUTH, write_policy


def registry(write: Write, folder: str, incomes: Mapping[str, str]) -> Path:
    homes = [{"household_id": name, "area_code": NORTH, "head_name": "王小明", **LIFTED} for name in incomes]
    rows = [
        {"household_id": name, "year": "2024", "population": "1", "net_income": net} for name, net in incomes.items()
    ]
    return write(folder, households=homes, incomes=rows)


def draw(data: Path, tmp_path: Path, seed: str = "2025-01", visits: int = 3) -> Rehearsal:
    old = tmp_path / "old"
    if not old.exists():
        write_policy(old)
    values = ["low_income_line=4500"]
    return rehearse(
        data, as_of=AS_OF, old=old, values=values, seed=seed, visits=visits, out=tmp_path / "out" / data.name
    )


def drawn(rehearsal: Rehearsal) -> list[str]:
    return [row[0] for row in rehearsal.relation("visits").project("household_id").fetchall()]


#: Between the lines; the ids are as people write them.
BETWEEN = dict.fromkeys(("户甲", "户乙", "户丙", "户丁", "H5", "H6", "H7", "H8"), "4200")


def ticket(seed: str, household: str) -> str:
    return hashlib.sha256("\x1f".join(("prn1", seed, "household", household)).encode()).hexdigest()


def test_tickets_are_those_of_the_sampling_design(write_registry: Write, tmp_path: Path) -> None:
    # printf 'prn1\x1f2025-01\x1fhousehold\x1fH5' | sha256sum
    assert ticket("2025-01", "H5") == "2e65f73040d52c8edfc20b845e255177b7a83b7133bd35411614d570f4a91637"
    rehearsal = draw(registry(write_registry, "in", BETWEEN), tmp_path)
    visits = rehearsal.relation("visits")
    assert visits.columns == ["rank", "ticket", "household_id", "area_code", "gained_rules", "lost_rules"]
    by_ticket = sorted((ticket("2025-01", name), name) for name in BETWEEN)[:3]
    assert visits.fetchall() == [
        (rank, number, name, NORTH, "INC-3, INC-4", None) for rank, (number, name) in enumerate(by_ticket, start=1)
    ]
    assert rehearsal.summary.disagreed == 8


def test_only_households_on_which_the_policies_disagree(write_registry: Write, tmp_path: Path) -> None:
    data = registry(write_registry, "in", {"H1": "3000", "H2": "4200", "H3": "9000"})
    # H1 is flagged by both, with another line in its message; H3 by neither.
    assert drawn(draw(data, tmp_path)) == ["H2"]


def test_a_household_more_keeps_the_draw(write_registry: Write, tmp_path: Path) -> None:
    before = drawn(draw(registry(write_registry, "in", BETWEEN), tmp_path, visits=4))
    for newcomer in ("H9", "户戊"):
        more = registry(write_registry, f"in-{newcomer}", {newcomer: "4200", **BETWEEN})
        after = drawn(draw(more, tmp_path, visits=4))
        stayed = [name for name in after if name != newcomer]
        assert stayed == before[: len(stayed)]
        assert len(stayed) >= 3


def test_a_household_less_pulls_in_the_next(write_registry: Write, tmp_path: Path) -> None:
    five = drawn(draw(registry(write_registry, "in", BETWEEN), tmp_path, visits=5))
    rest = {name: net for name, net in BETWEEN.items() if name != five[1]}
    four = drawn(draw(registry(write_registry, "less", rest), tmp_path, visits=4))
    assert four == [five[0], *five[2:]]


def test_another_seed_draws_others_and_quotes_do_no_harm(write_registry: Write, tmp_path: Path) -> None:
    data = registry(write_registry, "in", BETWEEN)
    orders = {tuple(drawn(draw(data, tmp_path, seed, visits=8))) for seed in ("a", "b", "'; DROP TABLE changes; --")}
    assert len(orders) == 3
    assert all(sorted(order) == sorted(BETWEEN) for order in orders)


def test_a_household_is_visited_at_home_though_its_post_is_elsewhere(write_registry: Write, tmp_path: Path) -> None:
    homes = [{"household_id": "H1", "area_code": NORTH, "head_name": "王小明"}]
    persons = [{"person_id": "P1", "household_id": "H1", "sex": "男", "birth_date": "1977-01-01"}]
    posts = [{"post_id": "G1", "person_id": "P1", "area_code": SOUTH, "started_on": "2024-01-01", "ended_on": ""}]
    data = write_registry(households=homes, persons=persons, posts=posts)
    old = write_policy(tmp_path / "old", ("posts/PW-2.yaml",))
    rehearsal = rehearse(data, as_of=AS_OF, old=old, values=["male_min_age=45"], seed="s", out=tmp_path / "out")
    assert rehearsal.relation("visits").project("household_id, area_code, gained_rules, lost_rules").fetchall() == [
        ("H1", NORTH, None, "PW-2")
    ]


def test_no_seed_no_draw(write_registry: Write, tmp_path: Path) -> None:
    data = registry(write_registry, "in", BETWEEN)
    rehearsal = rehearse(
        data, as_of=AS_OF, old=write_policy(tmp_path / "old"), values=["low_income_line=4500"], out=tmp_path / "out"
    )
    assert not (rehearsal.folder / "visits.parquet").exists()
    assert 'id="visits"' not in (rehearsal.folder / "index.html").read_text(encoding="utf-8")
