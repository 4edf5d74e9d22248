"""Values are held exactly, an unknown value never passes, and Great Expectations keeps quiet and to itself."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from audit.gate import expect
from audit.gate.faults import Fault, HeldError, Row, faults
from tests.conftest import ROOT

THIRD = Fraction(1, 3)
ROWS: list[tuple[Row, Fault | None]] = [
    ((Fraction("0.8"), Fraction("0.8"), None), None),
    ((Fraction("0.8"), Fraction("0.79999999999999999999999"), None), Fault.BELOW),
    ((None, Fraction("0.8"), Fraction("0.8")), None),
    ((None, Fraction("0.80000000000000000000001"), Fraction("0.8")), Fault.ABOVE),
    ((THIRD, THIRD, THIRD), None),
    ((THIRD + Fraction(1, 10**30), THIRD, None), Fault.BELOW),
    ((Fraction(-2), Fraction(-3), None), Fault.BELOW),
    ((Fraction(10**30), Fraction(10**30 - 1), None), Fault.BELOW),
    ((Fraction(1), None, Fraction(2)), Fault.UNKNOWN),
    ((None, None, None), Fault.UNKNOWN),
    ((None, Fraction(5), None), None),
]


def test_held() -> None:
    assert faults([row for row, _ in ROWS]) == {place: fault for place, (_, fault) in enumerate(ROWS) if fault}


@pytest.mark.parametrize(("row", "fault"), ROWS, ids=str)
def test_held_alone(row: Row, fault: Fault | None) -> None:
    assert faults([row]) == ({0: fault} if fault else {})


def test_nothing_to_hold() -> None:
    assert faults([]) == {}


def test_an_answer_that_leaves_rows_out_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    for told in ({}, {"element_count": 2}, {"element_count": 1, "unexpected_count": 1}):
        result = type("Result", (), {"result": told, "success": True, "exception_info": {}})()
        with pytest.raises(HeldError):
            expect._unexpected(result, 1)


PROGRAM = """
import socket, sys
import audit, audit.gate
assert not [name for name in sys.modules if name.startswith("great_expectations")], "imported too early"

def refuse(*given, **named):
    raise AssertionError("the gate asks for the network")

socket.socket.connect = socket.socket.connect_ex = socket.socket.sendto = socket.getaddrinfo = refuse
from fractions import Fraction
from audit.gate.faults import faults
print(faults([(Fraction(1), Fraction(0), None)]))
assert "great_expectations" in sys.modules
"""


def test_no_network_nothing_written_and_not_a_word(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM],
        cwd=str(tmp_path), capture_output=True, check=False, encoding="utf-8",
        env={"PYTHONPATH": str(ROOT / "src"), "HOME": str(tmp_path), "PATH": "", "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout == "{0: <Fault.BELOW: 'below'>}\n"
    assert list(tmp_path.rglob("*")) == []


def test_its_own_log_stays_its_own(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        faults([(Fraction(1), Fraction(0), None)])
    assert [record for record in caplog.records if record.name.startswith("great_expectations")] == []
