"""The memory setting: what people may write, what the machine allows, what the database gets of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.errors import RunError
from audit.memory import _limits, engine_bytes, machine_bytes, memory_bytes

EIGHT = 8_000_000_000


@pytest.mark.parametrize(
    ("setting", "wanted"),
    [
        ("half", 4_000_000_000),
        ("Half", 4_000_000_000),
        ("50%", 4_000_000_000),
        ("12.5 %", 1_000_000_000),
        ("3GB", 3_000_000_000),
        ("3 gb", 3_000_000_000),
        ("1.5G", 1_500_000_000),
        ("800MB", 800_000_000),
        ("1GiB", 1_073_741_824),
    ],
)
def test_a_setting_in_bytes_on_a_machine_of_eight_gigabytes(setting: str, wanted: int) -> None:
    assert memory_bytes(setting, EIGHT) == wanted


@pytest.mark.parametrize("setting", ["", "much", "3", "GB", "-3GB", "3 apples", "%"])
def test_what_is_not_understood_says_how_to_write_it(setting: str) -> None:
    with pytest.raises(RunError) as error:
        memory_bytes(setting, EIGHT)
    assert "50%" in error.value.message("en")
    assert repr(setting) in error.value.message("en")


@pytest.mark.parametrize("setting", ["100MB", "300MB", "1%"])
def test_too_little_to_work_with_is_refused_at_once(setting: str) -> None:
    with pytest.raises(RunError) as error:
        memory_bytes(setting, EIGHT)
    assert "368 MB" in error.value.message("en")


def test_the_database_leaves_room_for_the_rest_of_the_process() -> None:
    assert engine_bytes(4_000_000_000) == 3_187_500_000


def test_a_confined_process_counts_its_own_limit(tmp_path: Path) -> None:
    (tmp_path / "office" / "night").mkdir(parents=True)
    (tmp_path / "memory.max").write_text("9000\n")
    (tmp_path / "office" / "memory.max").write_text("5000\n")
    (tmp_path / "office" / "night" / "memory.max").write_text("max\n")
    own = tmp_path / "cgroup"
    own.write_text("0::/office/night\n")
    assert sorted(_limits(tmp_path, own)) == [5000, 9000]


def test_control_groups_of_the_first_version_count_too(tmp_path: Path) -> None:
    (tmp_path / "memory" / "box").mkdir(parents=True)
    (tmp_path / "memory" / "box" / "memory.limit_in_bytes").write_text("7000\n")
    own = tmp_path / "cgroup"
    own.write_text("5:cpu,cpuacct:/box\n4:memory:/box\n")
    assert _limits(tmp_path, own) == [7000]


def test_without_control_groups_the_whole_machine_counts(tmp_path: Path) -> None:
    assert _limits(tmp_path, tmp_path / "nothing") == []
    assert machine_bytes() > 100_000_000
