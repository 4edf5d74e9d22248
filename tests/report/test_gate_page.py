"""The page of the gate: in Chinese by default, says what to do, and shows hostile text as text."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.gate import Release, Verdict, read_verdict
from audit.report.gate_page import gate_page, write_gate_page
from tests.gate.nights import night, through_the_gate, without
from tests.report.hostile import ATTACKS
from tests.report.reading import dangers

RUN = "2024-12-31-0123456789ab"


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Verdict:
    """A night from which the township in the east is missing, after a night from which nothing was."""
    folder = tmp_path_factory.mktemp("gate")
    through_the_gate(folder / "before", night())
    east = [row["household_id"] for row in night()["households"] if str(row["household_id"]).startswith("139901101")]
    return through_the_gate(folder / "tonight", without(night(), east), [folder / "before"])


def test_a_held_run_in_chinese(tmp_path: Path, held: Verdict) -> None:
    path = write_gate_page(tmp_path, held, run_id=RUN)
    assert path == tmp_path / "gate.html"
    page = path.read_text(encoding="utf-8")
    assert '<html lang="zh-CN">' in page
    assert "本次运行已扣下，没有发布。" in page
    assert "户信息 · 示范县 东乡 139901101000：行数 0，应不低于 6（前 1 次运行的中位数 60）。" in page
    assert "核对导出时是否漏选了这个乡镇" in page
    assert f"audit release {RUN} --because" in page
    assert "放行：" not in page


def test_a_held_run_in_english(tmp_path: Path, held: Verdict) -> None:
    page = write_gate_page(tmp_path, held, "en", run_id=RUN).read_text(encoding="utf-8")
    assert "This run is held; it is not published." in page
    assert "rows 0, expected at least 6 (median of the last 1 runs: 60)." in page
    assert f"audit release {RUN} --because" in page


def test_a_released_run_says_who_let_it_pass_and_why(tmp_path: Path, held: Verdict) -> None:
    release = Release("东乡已并入西乡 <b>", "2025-01-01 09:00")
    page = write_gate_page(tmp_path, held, run_id=RUN, release=release).read_text(encoding="utf-8")
    assert "本次运行曾被扣下，经人查看后已放行。" in page
    assert "东乡已并入西乡 &lt;b&gt;" in page
    assert "2025-01-01 09:00" in page
    assert "audit release" not in page


def test_a_first_night_is_not_called_a_success_where_nothing_was_compared(tmp_path: Path) -> None:
    verdict = through_the_gate(tmp_path / "run", night())
    page = gate_page(verdict, "zh", RUN)
    assert page.state == "本次运行已通过。"
    assert [(tile.title, tile.count) for tile in page.tiles] == [("扣下", 0), ("提醒", 0), ("通过", 5), ("不适用", 16)]
    (rows,) = [row for row in page.rows if row.id == "household_rows"]
    assert rows.status == "没有比较"
    assert rows.counts == "不合预期 0，合乎预期 0，不适用 1"
    (value,) = rows.values
    assert (value.observed, value.expected, value.reference, value.runs) == ("180", "–", "–", 0)
    html = write_gate_page(tmp_path, verdict, run_id=RUN).read_text(encoding="utf-8")
    assert "没有以往运行可比" in html


def test_each_value_with_its_bounds_and_runs(held: Verdict) -> None:
    page = gate_page(held, "zh", RUN)
    (row,) = [row for row in page.rows if row.id == "township_vanished"]
    shown = [(one.place, one.status, one.observed, one.expected, one.reference, one.runs) for one in row.values]
    assert shown == [
        ("户信息 · 示范县 东乡 139901101000", "不合预期", "0", "不低于 6", "60", 1),
        ("户信息 · 示范县 西乡 139901102000", "通过", "60", "不低于 6", "60", 1),
        ("户信息 · 示范县 南乡 139901103000", "通过", "60", "不低于 6", "60", 1),
    ]


def test_the_page_of_a_run_can_be_made_again_from_its_record(tmp_path: Path, held: Verdict) -> None:
    from audit.gate.record import write_verdict

    write_verdict(held, tmp_path)
    first = write_gate_page(tmp_path, held, run_id=RUN).read_bytes()
    assert write_gate_page(tmp_path, read_verdict(tmp_path), run_id=RUN).read_bytes() == first


def test_hostile_names_are_text(tmp_path: Path) -> None:
    """The township's name is all attacks at once; it vanishes the night after, so that the page names it."""
    tables = night()
    attack = " ".join(one.replace("\0", "") for one in ATTACKS)
    for row in tables["households"]:
        row["township_name"] = attack
    through_the_gate(tmp_path / "before", tables)
    east = [row["household_id"] for row in tables["households"] if str(row["household_id"]).startswith("139901101")]
    verdict = through_the_gate(tmp_path / "tonight", without(tables, east), [tmp_path / "before"])
    page = write_gate_page(tmp_path, verdict, run_id=RUN, release=Release(attack, attack)).read_text(encoding="utf-8")
    assert dangers(page) == []
    assert "139901101000" in page


def test_nothing_is_fetched(tmp_path: Path, held: Verdict) -> None:
    page = write_gate_page(tmp_path, held, run_id=RUN).read_text(encoding="utf-8")
    assert "http:" not in page
    assert "https:" not in page
    assert dangers(page) == []
