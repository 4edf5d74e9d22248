"""Ordinary nights pass, implausible ones are held or warned of, and what can't be told is told as such."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from audit.gate import Status, read_verdict
from tests.gate.nights import Tables, failed, night, outcome, through_the_gate, without

EAST = "139901101"


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three ordinary nights, newest first."""
    runs = [tmp_path_factory.mktemp("usual") / f"night-{number}" for number in (3, 2, 1)]
    for run in runs:
        through_the_gate(run, night())
    return runs


def test_the_first_night_passes_and_says_what_it_could_not_compare(tmp_path: Path) -> None:
    verdict = through_the_gate(tmp_path / "run", night())
    assert failed(verdict) == ([], [])
    assert not verdict.stop
    assert verdict.compared == ()
    assert outcome(verdict, "no_household") == (0, 1, 0)
    assert outcome(verdict, "household_rows") == (0, 0, 1)
    (rows,) = [one for one in verdict.held if one.id == "household_rows"]
    assert rows.status is Status.NOT_APPLICABLE
    assert rows.results[0].sentence == "户信息：行数没有比较，因为没有以往运行可比。"
    assert rows.results[0].sentence_en == "Households: rows not held, because there is no earlier run to compare with."
    (overlap,) = [one for one in verdict.held if one.id == "other_households"]
    assert [one.reason for one in overlap.results] == ["no_earlier"]


def test_the_same_night_again_passes(tmp_path: Path, usual: list[Path]) -> None:
    verdict = through_the_gate(tmp_path / "run", night(), usual)
    assert failed(verdict) == ([], [])
    assert verdict.compared == ("night-3", "night-2", "night-1")
    assert outcome(verdict, "township_vanished") == (0, 3, 0)
    (rows,) = [one for one in verdict.held if one.id == "household_rows"]
    assert rows.results[0].sentence == "户信息：行数 180，应在 144 与 225 之间（前 3 次运行的中位数 180）。"
    (overlap,) = [one for one in verdict.held if one.id == "other_households"]
    assert overlap.results[0].sentence_en == (
        "Households: share of the last run's households that are still there 100.00 %, expected at least 90.00 % "
        "(compared with the last 1 runs, the latest being night-3)."
    )


def test_an_ordinary_night_passes(tmp_path: Path, usual: list[Path]) -> None:
    """Ten households moved away, two came, an income was corrected, a new table is delivered."""
    tables = without(night(), [f"{EAST}{number:03d}" for number in range(10)])
    for number in (900, 901):
        tables["households"].append(
            {**night()["households"][0], "household_id": f"{EAST}{number}", "household_type": "一般农户"}
        )
    tables["incomes"][0]["net_income"] = 35000
    tables["helpers"] = [{"helper_id": "1", "phone_status": "ok"}]
    verdict = through_the_gate(tmp_path / "run", tables, usual, as_of=date(2025, 1, 1))
    # General households were in the code list, but nobody was one.
    assert failed(verdict) == ([], ["new_codes"])
    assert [note.message("zh") for note in verdict.notes] == [
        "数据闸口提醒：出现了以往没有的代码。户信息 · 户类型：从未出现过的代码数 1（一般农户），应不高于 0"
        "（与前 3 次运行比较，最近一次为 night-3）。"
    ]
    assert outcome(verdict, "table_lost")[0] == 0


def half(tables: Tables) -> Tables:
    return without(tables, [row["household_id"] for row in tables["households"][::2]])


def township_gone(tables: Tables) -> Tables:
    return without(
        tables, [row["household_id"] for row in tables["households"] if str(row["household_id"])[:9] == EAST]
    )


def table_gone(tables: Tables) -> Tables:
    return {name: rows for name, rows in tables.items() if name != "visits"}


def renumbered(tables: Tables) -> Tables:
    return {name: [{**row, "household_id": f"N{row['household_id']}"} for row in rows] for name, rows in tables.items()}


def in_ten_thousands(tables: Tables) -> Tables:
    incomes = [{**row, "net_income": int(str(row["net_income"])) / 10_000} for row in tables["incomes"]]
    return {**tables, "incomes": incomes}


def blank_column(tables: Tables) -> Tables:
    return {**tables, "persons": [{**row, "id_number": ""} for row in tables["persons"]]}


def column_gone(tables: Tables) -> Tables:
    incomes = [{key: one for key, one in row.items() if key != "net_income"} for row in tables["incomes"]]
    return {**tables, "incomes": incomes}


def blank_for_a_fifth(tables: Tables) -> Tables:
    households = [{**row, "member_count": "" if n % 5 == 0 else 2} for n, row in enumerate(tables["households"])]
    return {**tables, "households": households}


def stale(tables: Tables) -> Tables:
    return {**tables, "visits": [{**row, "visited_on": "2024-06-01"} for row in tables["visits"]]}


def code_nobody_knows(tables: Tables) -> Tables:
    persons = [{**row, "sex": "不详" if n % 10 == 0 else "女"} for n, row in enumerate(tables["persons"])]
    return {**tables, "persons": persons}


def unreadable_areas(tables: Tables) -> Tables:
    households = [
        {**row, "area_code": "x" if n % 2 else row["area_code"]} for n, row in enumerate(tables["households"])
    ]
    return {**tables, "households": households}


IMPLAUSIBLE: list[tuple[Callable[[Tables], Tables], list[str], list[str]]] = [
    (
        half,
        ["household_rows", "core_rows", "other_households"],
        ["township_rows", "table_rows", "money_sums"],
    ),
    (
        township_gone,
        ["household_rows", "core_rows", "township_vanished", "other_households"],
        ["township_rows", "table_rows", "money_sums"],
    ),
    (table_gone, ["table_emptied", "table_lost"], ["table_rows"]),
    (renumbered, ["other_households"], []),
    (in_ten_thousands, ["money_unit"], ["money_sums"]),
    (blank_column, ["key_columns_blank"], ["columns_blank"]),
    (column_gone, ["key_columns_blank"], ["columns_blank"]),
    (blank_for_a_fifth, [], ["columns_blank"]),
    (stale, [], ["visits_stale", "dates_went_back"]),
    (code_nobody_knows, [], ["unknown_codes", "code_shares"]),
    (
        unreadable_areas,
        ["household_rows", "core_rows", "other_households", "mostly_quarantined"],
        ["township_rows", "table_rows", "quarantined"],
    ),
]


@pytest.mark.parametrize(("change", "stops", "warnings"), IMPLAUSIBLE, ids=lambda one: getattr(one, "__name__", ""))
def test_an_implausible_night(
    tmp_path: Path,
    usual: list[Path],
    change: Callable[[Tables], Tables],
    stops: list[str],
    warnings: list[str],
) -> None:
    verdict = through_the_gate(tmp_path / "run", change(night()), usual)
    held, warned = failed(verdict)
    assert held == stops
    assert verdict.stop is bool(stops)
    assert sorted(warned) == sorted(warnings)


def sentences(tmp_path: Path, usual: list[Path], change: Callable[[Tables], Tables], name: str) -> list[str]:
    verdict = through_the_gate(tmp_path / "run", change(night()), usual)
    (held,) = [one for one in verdict.held if one.id == name]
    return [one.sentence for one in held.failures]


def test_a_township_that_is_gone_is_named_as_it_was_called(tmp_path: Path, usual: list[Path]) -> None:
    assert sentences(tmp_path, usual, township_gone, "township_vanished") == [
        "户信息 · 示范县 东乡 139901101000：行数 0，应不低于 6（前 3 次运行的中位数 60）。"
    ]


def test_a_table_that_is_gone(tmp_path: Path, usual: list[Path]) -> None:
    assert sentences(tmp_path, usual, table_gone, "table_lost") == [
        "走访记录：是否存在 没有，应有（与前 3 次运行比较，最近一次为 night-3）。"
    ]


def test_amounts_in_another_unit(tmp_path: Path, usual: list[Path]) -> None:
    """Incomes of 20,000 to 20,059 yuan have a mean of 20,029.50; in ten thousands it is 2.00 (2.00295)."""
    assert sentences(tmp_path, usual, in_ten_thousands, "money_unit") == [
        "收入信息 · 纯收入：平均（元） 2.00，应在 4,005.90 与 100,147.50 之间（前 3 次运行的中位数 20,029.50）。"
    ]


def test_visits_of_june_are_stale_at_the_end_of_the_year(tmp_path: Path, usual: list[Path]) -> None:
    assert sentences(tmp_path, usual, stale, "visits_stale") == [
        "走访记录 · 走访日期：最近日期距审计日 213 天，应不高于 92 天。"
    ]


def test_a_value_that_is_unknown_tonight_does_not_pass(tmp_path: Path, usual: list[Path]) -> None:
    def blank(tables: Tables) -> Tables:
        return {**tables, "visits": [{**row, "visited_on": ""} for row in tables["visits"]]}

    verdict = through_the_gate(tmp_path / "run", blank(night()), usual)
    (held,) = [one for one in verdict.held if one.id == "visits_stale"]
    (result,) = held.results
    assert (result.status, result.reason, result.observed) == (Status.FAILED, "unknown", "")
    assert result.sentence == "走访记录 · 走访日期：最近日期距审计日未知（没有可用的值），应不高于 92 天。"
    assert "dates_went_back" in failed(verdict)[1]


def test_no_household_at_all_is_held_on_the_first_night(tmp_path: Path) -> None:
    tables = night()
    tables["households"] = [{**row, "area_code": ""} for row in tables["households"]]
    verdict = through_the_gate(tmp_path / "run", tables)
    assert failed(verdict)[0] == ["no_household", "mostly_quarantined"]


def test_few_rows_say_little(tmp_path: Path) -> None:
    """Of ten households, eight are gone: too few to judge, so nothing is held."""
    few = {name: rows[:10] for name, rows in night().items()}
    through_the_gate(tmp_path / "first", few)
    verdict = through_the_gate(tmp_path / "run", {name: rows[:2] for name, rows in few.items()}, [tmp_path / "first"])
    assert not verdict.stop
    (rows,) = [one for one in verdict.held if one.id == "household_rows"]
    assert rows.results[0].reason == "too_few"


GATE = """\
runs: 3
expectations:
  - {id: rows, title: 行数, severity: stop, metric: rows, of: [households], min_ratio: 0.9, max_ratio: 1.1, remedy: 核对}
  - {id: mean, title: 平均, severity: warn, metric: mean, of: [incomes.net_income], max_fall: 0.01, remedy: 核对}
"""


@pytest.mark.parametrize(
    ("earlier", "tonight", "stop"),
    [
        # The median of 100, 100 and 20 is 100; exactly 90 is not below 90, and 89 is.
        ((100, 100, 20), 90, False),
        ((100, 100, 20), 89, True),
        ((100, 20, 100), 110, False),
        ((100, 20, 100), 111, True),
        # Of two runs the median is the mean of both: 100 of 90 and 110.
        ((90, 110), 90, False),
        ((90, 110), 89, True),
        # Only the last three of these four count: the median of 20, 20 and 100 is 20.
        ((20, 20, 100, 100), 22, False),
        ((20, 20, 100, 100), 100, True),
    ],
)
def test_the_median_of_the_last_runs(tmp_path: Path, earlier: tuple[int, ...], tonight: int, stop: bool) -> None:
    (tmp_path / "gate.yaml").write_text(GATE, encoding="utf-8")
    gate = tmp_path / "gate.yaml"
    home = {"area_code": "139901101001"}

    def tables(households: int) -> Tables:
        return {"households": [{"household_id": number, **home} for number in range(households)]}

    runs = [tmp_path / f"run-{place}" for place in range(len(earlier))]
    for run, households in zip(runs, earlier, strict=True):
        through_the_gate(run, tables(households), gate=gate)
    assert through_the_gate(tmp_path / "tonight", tables(tonight), runs, gate).stop is stop


def test_a_mean_is_held_to_the_cent(tmp_path: Path, usual: list[Path]) -> None:
    """The mean of 180 incomes falls by 1.80 / 180 = 0.01 exactly, which is allowed, and by a cent of one more."""
    (tmp_path / "gate.yaml").write_text(GATE, encoding="utf-8")
    for less, warned in (("19998.20", []), ("19998.19", ["mean"])):
        tables = night()
        assert tables["incomes"][0]["net_income"] == 20000
        tables["incomes"][0]["net_income"] = less
        verdict = through_the_gate(tmp_path / less, tables, usual, tmp_path / "gate.yaml")
        assert failed(verdict) == ([], warned)


def test_a_damaged_profile_is_told_and_the_others_count(tmp_path: Path, usual: list[Path]) -> None:
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "profile.parquet").write_bytes(b"nothing")
    (tmp_path / "before-there-was-a-gate").mkdir()
    earlier = [tmp_path / "damaged", tmp_path / "before-there-was-a-gate", *usual]
    verdict = through_the_gate(tmp_path / "run", night(), earlier)
    assert verdict.damaged == ("damaged",)
    assert verdict.compared == ("night-3", "night-2", "night-1")
    assert failed(verdict) == ([], [])


def test_the_record_is_the_same_each_time_and_reads_as_it_was(tmp_path: Path, usual: list[Path]) -> None:
    verdict = through_the_gate(tmp_path / "one", half(night()), usual)
    through_the_gate(tmp_path / "two", half(night()), usual)
    for name in ("gate.json", "profile.parquet", "keys.parquet"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert read_verdict(tmp_path / "one") == verdict
    record = json.loads((tmp_path / "one" / "gate.json").read_text(encoding="utf-8"))
    assert record["stop"] is True
    assert record["failed"] == ["household_rows", "core_rows", "other_households"]
    (rows,) = [one for one in record["expectations"] if one["id"] == "household_rows"]
    assert (rows["status"], rows["failed"], rows["passed"], rows["not_applicable"]) == ("failed", 1, 0, 0)
    assert rows["results"][0]["observed"] == "90"
    assert rows["results"][0]["lowest"] == "144"
    assert rows["results"][0]["compared"] == ["night-3", "night-2", "night-1"]
