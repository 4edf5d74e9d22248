"""``verify`` builds a frame again from its run: the same, another one, or nobody can tell because the run is gone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from audit.cli.main import run
from audit.rehearsal import rehearse
from audit.sampling.draw.draw import Wish, draw
from audit.sampling.draw.sample import Sample
from audit.sampling.draw.verify import verify
from audit.sampling.frame import Population, build_frame
from audit.sampling.frame.build import Definition
from audit.sampling.layout import Samples
from tests.conftest import AS_OF, SAMPLE
from tests.sampling.conftest import NO_RESERVE, NOW
from tests.sampling.runs import Made, home, lay

NEW, OLD = "2024-12-31-new", "2024-12-31-old"
FAR = "139903102002"
HOMES = [*(home(number) for number in range(1, 9)), home(1, FAR), home(2, FAR)]
FOUND = [(f"f{number}", home(number), "INC-1" if number % 2 else "INC-4") for number in range(1, 7)]
FOUND += [("f7", home(1, FAR), "INC-4"), ("f8", home(1), "HHD-1")]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    rules = dict.fromkeys(("INC-1", "INC-4", "HHD-1"), "evaluated")
    lay(tmp_path / "reports", Made(NEW, HOMES, FOUND, rules=rules))
    lay(tmp_path / "reports", Made(OLD, HOMES, [*FOUND[2:], ("f9", home(8), "INC-1")], rules=rules))
    return tmp_path / "reports"


def drawn(samples: Samples, out: Path, definition: Definition, run_id: str = NEW, against: str | None = None) -> Sample:
    frame = build_frame(samples, out, definition, now=NOW, run=run_id, against=against)
    return draw(samples, frame, Wish(n=2, seed="s", reserve=NO_RESERVE), actor="tester", now=NOW)


def rebuilt(samples: Samples, sample: Sample, out: Path) -> bool | None:
    first, *others = verify(samples, sample.sample_id, out)
    assert first.what == "rebuilt"
    assert all(one.same for one in others)
    assert (first.because is None) == (first.same is True or first.found not in {None, "-"})
    return first.same


DEFINITIONS = {
    "flagged": Definition("flagged"),
    "unflagged": Definition("unflagged"),
    "rules and areas": Definition("flagged", rules=("INC-4",), areas=("139903101",), size="severity"),
    "what was handed in": Definition(
        "flagged", distances={home(1)[:12]: "近", FAR: "远"}, verified=frozenset({home(1), home(7)})
    ),
    "disagreement": Definition("disagreement"),
    "disagreement about a rule": Definition("disagreement", rules=("INC-1",)),
}


@pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=DEFINITIONS)
def test_a_frame_comes_out_again(samples: Samples, out: Path, definition: Definition) -> None:
    sample = drawn(samples, out, definition, against=OLD if definition.population == "disagreement" else None)
    assert rebuilt(samples, sample, out) is True


def test_a_frame_of_a_rehearsal_comes_out_again(samples: Samples, tmp_path: Path) -> None:
    one = rehearse(SAMPLE, as_of=AS_OF, values=["low_income_line=4500"], out=tmp_path / "reports")
    sample = drawn(samples, tmp_path / "reports", Definition("disagreement"), one.folder.name)
    assert rebuilt(samples, sample, tmp_path / "reports") is True


@pytest.mark.parametrize("population", ["flagged", "disagreement"])
def test_a_run_that_was_changed_shows(samples: Samples, out: Path, population: str) -> None:
    kind: Population = "flagged" if population == "flagged" else "disagreement"
    sample = drawn(samples, out, Definition(kind), against=OLD if kind == "disagreement" else None)
    path = out / NEW / "findings.parquet"
    duckdb.execute(f"COPY (FROM '{path}' WHERE finding_id <> 'f1') TO '{path}.less' (FORMAT parquet)")
    Path(f"{path}.less").replace(path)
    assert rebuilt(samples, sample, out) is False


def test_a_damaged_run_shows(samples: Samples, out: Path) -> None:
    sample = drawn(samples, out, Definition("flagged"))
    (out / NEW / "findings.parquet").write_bytes(b"PAR1 and nothing else")
    assert rebuilt(samples, sample, out) is False


@pytest.mark.parametrize(("population", "gone"), [("flagged", NEW), ("disagreement", NEW), ("disagreement", OLD)])
def test_a_run_that_is_gone_says_nothing(
    samples: Samples, out: Path, population: str, gone: str, capsys: pytest.CaptureFixture[str]
) -> None:
    kind: Population = "flagged" if population == "flagged" else "disagreement"
    sample = drawn(samples, out, Definition(kind), against=OLD if kind == "disagreement" else None)
    shutil.rmtree(out / gone)
    assert rebuilt(samples, sample, out) is None
    place = ["--out", str(out), "--samples", str(samples.root)]
    assert run(["sample", "verify", sample.sample_id, *place, "--lang", "en"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "NOT REPLAYED frame built again from its run" in told
    assert f"The run {gone} is not in" in told
    assert "All that could be replayed is the same" in told
    assert run(["sample", "verify", sample.sample_id, *place]) == 0
    assert "抽样框没能重新生成" in capsys.readouterr().out
    assert run(["sample", "verify", sample.sample_id, *place, "--json"]) == 0
    first, *others = json.loads(capsys.readouterr().out)
    assert (first["what"], first["same"], first["found"]) == ("rebuilt", None, None)
    assert all(one["same"] for one in others)
