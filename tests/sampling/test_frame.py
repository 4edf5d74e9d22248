"""A frame holds whom it says, from a run that may be sampled, and is the same each time."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from audit import AuditResult
from audit.errors import RunError, SamplingError
from audit.rehearsal import rehearse
from audit.sampling.frame import Frame, build_frame, frame_records, read_frame
from audit.sampling.frame.build import Definition
from audit.sampling.frame.counts import frame_counts
from audit.sampling.frame.villages import read_distances, read_verified
from audit.sampling.layout import FRAME_COLUMNS, Samples
from tests.conftest import AS_OF, SAMPLE
from tests.sampling.conftest import NOW


@pytest.fixture(scope="module")
def out(sample_run: AuditResult) -> Path:
    return sample_run.folder.parent


def build(
    samples: Samples, out: Path, definition: Definition, run: str | None = None, against: str | None = None
) -> Frame:
    return build_frame(samples, out, definition, now=NOW, run=run, against=against)


def units(frame: Frame, columns: str = "unit_id") -> list[tuple[object, ...]]:
    return duckdb.execute(f"SELECT {columns} FROM '{frame.units}'").fetchall()


def changed(out: Path, tmp_path: Path, change: Callable[[dict[str, object]], None]) -> Path:
    """A copy of the run whose record says something else."""
    folder = tmp_path / "runs" / "2024-12-31-copy"
    shutil.copytree((out / "latest").resolve(), folder)
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    change(record)
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


def test_flagged_and_unflagged_are_all_registered_households(samples: Samples, out: Path) -> None:
    flagged, unflagged = (build(samples, out, Definition(one)) for one in ("flagged", "unflagged"))
    # README: 42 flagged of 149 registered households.
    assert (flagged.n_units, unflagged.n_units) == (42, 107)
    assert not set(units(flagged)) & set(units(unflagged))
    assert units(flagged) == sorted(units(flagged))
    assert set(units(unflagged, "severity, rule, n_findings, len(rules), CAST(size_measure AS INT)")) == {
        ("", "", 0, 0, 0)
    }
    described = duckdb.execute(f"DESCRIBE FROM '{flagged.units}'").fetchall()
    assert {row[0]: row[1].replace(",", ", ") for row in described} == FRAME_COLUMNS


def test_counts_of_a_frame(samples: Samples, out: Path) -> None:
    frame = build(samples, out, Definition("flagged"))
    counts = frame_counts(frame)
    assert sum(one.units for one in counts) == 42
    # README: high 17, medium 39, low 6; the 1 finding without a household is not among them.
    assert sum(one.findings for one in counts) == 61


def test_the_same_frame_is_left_as_it_is(samples: Samples, out: Path) -> None:
    one, other = (build(samples, out, Definition("flagged")) for _ in range(2))
    assert one == other
    assert frame_records(samples) == (one,)
    assert read_frame(samples, one.frame_id[:5]) == one
    narrowed = build(samples, out, Definition("flagged", rules=("INC-4",)))
    assert narrowed.frame_id != one.frame_id
    # README: INC-4 flags 3 households, all in the first township.
    assert (narrowed.n_units, {row[0] for row in units(narrowed, "township")}) == (3, {"139903101000"})
    assert {tuple(row) for row in units(narrowed, "n_findings, rule, severity")} == {(1, "INC-4", "high")}


def test_area_and_weight(samples: Samples, out: Path) -> None:
    frame = build(samples, out, Definition("flagged", areas=("139903101000",), size="severity"))
    assert {row[0] for row in units(frame, "township")} == {"139903101000"}
    weights = "list_position(['low', 'medium', 'high'], severity)"
    assert units(frame, f"count(*) FILTER (n_findings = 1 AND size_measure <> power(2, {weights} - 1))") == [(0,)]


def test_the_rarest_rule_names_the_household(samples: Samples, out: Path) -> None:
    frame = build(samples, out, Definition("flagged"))
    counts = dict(duckdb.execute(f"SELECT unnest(rules), count(*) FROM '{frame.units}' GROUP BY 1").fetchall())
    for rule, rules in units(frame, "rule, rules"):
        assert isinstance(rules, list)
        assert rule == min(rules, key=lambda one: (counts[one], one))


def test_distances_and_recently_verified(samples: Samples, out: Path, tmp_path: Path) -> None:
    villages = sorted({str(row[0]) for row in units(build(samples, out, Definition("flagged")), "village")})
    file = tmp_path / "distances.csv"
    file.write_text("村代码,距离类别\n" + "".join(f"{one},远\n" for one in villages), encoding="utf-8-sig")
    verified = tmp_path / "verified.csv"
    verified.write_text("household_id\n139903101001001\nnobody\n", encoding="gb18030")
    definition = Definition(
        "flagged", areas=("139903101", "139903102"), distances=read_distances(file), verified=read_verified(verified)
    )
    try:
        frame = build(samples, out, definition)
    except RunError as error:  # some villages have only unflagged households
        assert error.key == "sampling.village_without_class"
        more = [one for one in str(error.values["villages"]).split(", ") if one]
        file.write_text("village,distance_class\n" + "".join(f"{one},远\n" for one in [*villages, *more]), "utf-8")
        frame = build(samples, out, Definition("flagged", distances=read_distances(file), verified=definition.verified))
    assert {row[0] for row in units(frame, "distance_class")} == {"远"}
    assert units(frame, "unit_id, recently_verified")[:2] == [("139903101001001", True), ("139903101001002", False)]


def test_mistakes_in_distances_are_told_together(tmp_path: Path) -> None:
    file = tmp_path / "distances.csv"
    file.write_text("village,distance_class\n1399,near\n139903101001,\n139903101002,a\n139903101002,b\n", "utf-8")
    with pytest.raises(SamplingError) as caught:
        read_distances(file)
    assert [(one.key, one.values["line"]) for one in caught.value.mistakes] == [
        ("sampling.village_wrong", 2),
        ("sampling.class_missing", 3),
        ("sampling.village_twice", 5),
    ]


def test_disagreement_of_two_runs(samples: Samples, out: Path, sample_run: AuditResult, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(sample_run.folder, other)
    record = json.loads((other / "run.json").read_text(encoding="utf-8"))
    (other / "run.json").write_text(json.dumps({**record, "run_id": "trial", "state": "trial"}), encoding="utf-8")
    kept = f"FROM '{sample_run.folder / 'findings.parquet'}' WHERE rule_id NOT IN ('INC-4', 'IND-6')"
    duckdb.execute(f"COPY ({kept}) TO '{other / 'findings.parquet'}'")
    frame = build(samples, out, Definition("disagreement"), against=str(other))
    # README: INC-4 flags 3, IND-6 flags 3.
    assert {row[0] for row in units(frame, "unnest(rules)")} == {"INC-4", "IND-6"}
    assert units(frame, "CAST(sum(n_findings) AS INT)") == [(6,)]
    assert frame.definition["against"] == "trial"
    with pytest.raises(RunError) as caught:
        build(samples, out, Definition("flagged"), run=str(other))
    assert caught.value.key == "sampling.run_of_a_trial"


def test_disagreement_of_two_policies(samples: Samples, tmp_path: Path) -> None:
    one = rehearse(SAMPLE, as_of=AS_OF, values=["low_income_line=4500"], out=tmp_path / "out")
    frame = build(samples, tmp_path / "out", Definition("disagreement"), run=one.folder.name)
    differ = one.relation().filter("change IN ('gained', 'lost')").project("household_id").distinct().fetchall()
    assert set(units(frame)) == set(differ)
    assert frame.n_units > 0
    with pytest.raises(RunError) as caught:
        build(samples, tmp_path / "out", Definition("unflagged"), run=one.folder.name)
    assert caught.value.key == "sampling.run_of_a_trial"


def rules_of(record: dict[str, object]) -> list[dict[str, object]]:
    rules = record["rules"]
    assert isinstance(rules, list)
    return rules


def hold(record: dict[str, object]) -> None:
    record["state"] = "held"


def break_a_rule(record: dict[str, object]) -> None:
    next(one for one in rules_of(record) if one["rule_id"] == "INC-4")["status"] = "broken"


@pytest.mark.parametrize(("change", "key"), [(hold, "sampling.run_held"), (break_a_rule, "sampling.rules_broken")])
def test_runs_that_mislead(
    samples: Samples, out: Path, tmp_path: Path, change: Callable[[dict[str, object]], None], key: str
) -> None:
    folder = changed(out, tmp_path, change)
    for population in ("flagged", "unflagged"):
        with pytest.raises(RunError) as caught:
            build(samples, out, Definition("flagged" if population == "flagged" else "unflagged"), run=str(folder))
        assert caught.value.key == key
    if change is break_a_rule:  # the other rules of the run are as good as ever
        assert build(samples, out, Definition("flagged", rules=("INC-3",)), run=str(folder)).n_units == 5


@pytest.mark.parametrize(
    ("definition", "run", "against", "key"),
    [
        (Definition("flagged", rules=("INC-44",)), None, None, "sampling.no_such_rule"),
        (Definition("flagged", rules=("FAB-1",)), None, None, "sampling.no_such_rule"),  # advisory: not counted
        (Definition("flagged", areas=("1399x",)), None, None, "sampling.area_wrong"),
        (Definition("flagged", areas=("22",)), None, None, "sampling.nobody_left"),
        (Definition("flagged"), "nothing", None, "sampling.no_run"),
        (Definition("flagged"), None, "latest", "sampling.against_for_disagreement"),
        (Definition("disagreement"), None, None, "sampling.no_other_run"),
        (Definition("disagreement"), None, "latest", "sampling.not_to_be_compared"),
    ],
)
def test_refused(
    samples: Samples, out: Path, definition: Definition, run: str | None, against: str | None, key: str
) -> None:
    with pytest.raises(RunError) as caught:
        build(samples, out, definition, run, against)
    assert caught.value.key == key
    assert frame_records(samples) == ()


def test_a_run_of_an_older_version(samples: Samples, out: Path, tmp_path: Path) -> None:
    folder = changed(out, tmp_path, lambda _record: None)
    (folder / "households.parquet").unlink()
    with pytest.raises(RunError) as caught:
        build(samples, out, Definition("flagged"), run=str(folder))
    assert caught.value.key == "sampling.run_too_old"


def test_no_runs_at_all(samples: Samples, tmp_path: Path) -> None:
    with pytest.raises(RunError) as caught:
        build(samples, tmp_path, Definition("flagged"))
    assert caught.value.key == "sampling.no_run"


def test_a_damaged_frame(samples: Samples, out: Path) -> None:
    frame = build(samples, out, Definition("flagged"))
    (frame.folder / "frame.json").write_text("{}", encoding="utf-8")
    with pytest.raises(RunError) as caught:
        read_frame(samples, frame.frame_id)
    assert caught.value.key == "sampling.file_damaged"
