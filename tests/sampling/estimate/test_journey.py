"""From the audit of data/sample over frames, draws and visits to estimates, record, page and the report's reader."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pytest

from audit import AuditResult, Settings, run_audit
from audit.cli.main import run
from audit.measured import read_measured
from audit.model.extent import Extent
from audit.sampling.chance import Rate, two_sided_counts
from audit.sampling.field.codes import Role
from audit.sampling.plan import plan_hand_picked
from audit.sampling.plan.aims import question_of
from tests.conftest import AS_OF, SAMPLE
from tests.sampling.estimate.fieldwork import drawn, recorded

# README: 149 registered households, 42 of them flagged, with 17 + 39 + 6 findings; HHD-1 has 3 of these. The finding of
# PW-10 is about a post whose holder belongs to no household, so that nobody can be visited for it.
FLAGGED, UNFLAGGED, FINDINGS, REFUTED = 42, 107, 61, 3
VISITED = 60


@dataclass(frozen=True)
class Done:
    """An output folder with two samples that were visited and estimated."""

    out: Path
    flagged: str
    unflagged: str
    missed: str
    folder: Path

    @property
    def record(self) -> Any:
        return json.loads((self.folder / "estimates.json").read_text("utf-8"))

    def estimate(self, measure: str, kind: str = "all", domain: str = "") -> Any:
        (found,) = [
            one
            for one in self.record["estimates"]
            if (one["measure"], one["kind"], one["domain"]) == (measure, kind, domain)
        ]
        return found


@pytest.fixture(scope="module")
def done(sample_run: AuditResult, tmp_path_factory: pytest.TempPathFactory) -> Done:
    out = tmp_path_factory.mktemp("estimate") / "reports"
    shutil.copytree(sample_run.folder.parent, out, symlinks=True)
    samples = out / "samples"
    flagged = drawn(samples, out, "flagged", FLAGGED)
    question = question_of(UNFLAGGED, Rate("0.95"), Rate("0.1"))
    unflagged = drawn(samples, out, "unflagged", VISITED, plan_hand_picked(question, VISITED, 0))
    recorded(
        samples,
        out,
        flagged,
        lambda _, rule: "refuted" if rule == "HHD-1" else "confirmed",
        inspector="<b>甲\u202e</b>",
    )
    with duckdb.connect() as con:
        listed = f"'{samples / 'draws' / unflagged / 'units.parquet'}'"
        (missed,) = con.execute(f"SELECT min(unit_id) FROM {listed} WHERE role = 'main'").fetchall()[0]
    recorded(
        samples, out, unflagged, lambda unit, rule: "confirmed" if (unit, rule) == (missed, "INC-4") else "refuted"
    )
    second = frozenset(
        one
        for (one,) in duckdb.execute(
            f"SELECT unit_id FROM {listed} WHERE role = 'main' ORDER BY ALL LIMIT 5"
        ).fetchall()
    )
    recorded(samples, out, unflagged, lambda *_: "refuted", role=Role.SECOND, inspector="乙", only=second)
    code = run(["sample", "estimate", flagged, unflagged, "--out", str(out), "--claim", "recall>=0.5", "--lang", "en"])
    assert code == 0
    (folder,) = (samples / "estimates").iterdir()
    return Done(out, flagged, unflagged, missed, folder)


def test_a_census_of_flagged_households_is_exact(done: Done) -> None:
    whole = done.estimate("precision")
    assert whole["point"] == pytest.approx((FINDINGS - REFUTED) / FINDINGS)
    assert whole["lower"] == whole["upper"] == whole["point"]
    assert (whole["things"], whole["found"], whole["method"]) == (FINDINGS, FINDINGS - REFUTED, "census")
    assert done.estimate("confirmed_findings")["point"] == pytest.approx(FINDINGS - REFUTED)
    # Three households are fewer than five: the rule stands with the other small ones of its severity.
    assert done.estimate("precision", "rule", "HHD-1")["small"]
    assert any("HHD-1" in str(one["domain"]) for one in done.record["estimates"] if one["kind"] == "rules")


def test_the_miss_rate_has_exact_limits(done: Done) -> None:
    lower, upper = two_sided_counts(UNFLAGGED, VISITED, 1, Fraction(1, 20))
    missed = done.estimate("miss_rate")
    assert missed["method"] == "D5"
    assert (missed["things"], missed["found"]) == (VISITED, 1)
    assert (missed["lower"], missed["upper"]) == pytest.approx((lower / UNFLAGGED, upper / UNFLAGGED))


def test_the_claims_are_decided(done: Done) -> None:
    unflagged = next(one for one in done.record["samples"] if one["sample_id"] == done.unflagged)
    # 60 of 107 with one deviation against 11: P(X <= 1; 107, 11, 60) is far below 5 %.
    decision = unflagged["decision"]
    assert decision["verdict"] == "supported"
    assert (decision["numbers"]["K"], decision["numbers"]["k"]) == (11, 1)
    (claim,) = done.record["claims"]
    assert (claim["measure"], claim["verdict"]) == ("recall", "supported")


def test_what_was_missed_goes_back_to_the_rules(done: Done) -> None:
    unflagged = next(one for one in done.record["samples"] if one["sample_id"] == done.unflagged)
    (miss,) = unflagged["misses"]
    assert (miss["item_code"], miss["households"]) == ("INC-4", [done.missed])
    assert miss["expanded"] == pytest.approx(UNFLAGGED / VISITED)
    whole = next(one for one in unflagged["agreement"] if one["item"] == "")
    # The second inspector saw nothing where the first one saw the miss.
    assert ["confirmed", "refuted", 1] in whole["table"]


def test_the_same_outcomes_give_the_same_estimate_and_nothing_is_overwritten(done: Done) -> None:
    before = (done.folder / "estimates.json").read_bytes()
    arguments = ["sample", "estimate", done.flagged, done.unflagged, "--out", str(done.out)]
    assert run([*arguments, "--claim", "recall>=0.5"]) == 0
    assert [one.name for one in (done.out / "samples" / "estimates").iterdir()] == [done.folder.name]
    assert (done.folder / "estimates.json").read_bytes() == before


def test_the_table_says_what_the_record_says(done: Done) -> None:
    sql = "SELECT point, lower, method, formula, sample_ids FROM '{}' WHERE measure = 'recall'"
    ((point, lower, method, formula, samples),) = duckdb.execute(
        sql.format(done.folder / "estimates.parquet")
    ).fetchall()
    recall = done.estimate("recall")
    assert (point, lower, method) == (recall["point"], recall["lower"], "D19")
    assert formula.startswith("R = TP/(TP+FN)")
    assert samples == f"{done.flagged} {done.unflagged}"


def test_the_page_stands_alone(done: Done) -> None:
    for lang, title in (("zh", "核实结果与审计质量估计"), ("en", "how good the audit is")):
        arguments = ["sample", "estimate", done.flagged, done.unflagged, "--out", str(done.out), "--lang", lang]
        assert run([*arguments, "--claim", "recall>=0.5"]) == 0
        page = (done.folder / "estimates.html").read_text(encoding="utf-8")
        assert title in page
        assert "Content-Security-Policy" in page
        assert "http" not in page.replace("http-equiv", "")
        assert done.missed in page
        assert "<svg" in page
        # Whatever an inspector is called, it is text, and turns no text around.
        assert "&lt;b&gt;甲\ufffd&lt;/b&gt;" in page
        assert "\u202e" not in page


def test_the_report_reads_the_newest_precision(done: Done) -> None:
    found = read_measured(done.out / "samples")
    with duckdb.connect() as con:
        (frequent,) = con.execute(
            f"SELECT rule_id FROM '{done.out / 'latest' / 'findings.parquet'}' GROUP BY 1 "
            "HAVING count(DISTINCT household_id) >= 5 ORDER BY 1 LIMIT 1"
        ).fetchall()[0]
    assert found[frequent].point == 1.0
    assert found[frequent].estimate_id == done.folder.name
    assert "HHD-1" not in found
    assert read_measured(done.out / "nowhere") == {}


def test_the_report_shows_it_beside_the_rule_and_no_parquet_changes(done: Done, sample_run: AuditResult) -> None:
    measured = read_measured(done.out / "samples")
    again = run_audit(SAMPLE, as_of=AS_OF, out=done.out, settings=Settings("en"))
    listed = (again.folder / "rules" / "index.html").read_text(encoding="utf-8")
    assert listed.count("Precision measured in the field") == len(measured) > 0
    for rule in measured:
        page = (again.folder / "rules" / f"{rule}.html").read_text(encoding="utf-8")
        assert "Precision measured in the field" in page
    for name in ("findings.parquet", "rates.parquet"):
        assert (again.folder / name).read_bytes() == (sample_run.folder / name).read_bytes()


def test_the_report_looks_where_the_site_keeps_its_samples(done: Done, tmp_path: Path) -> None:
    kept = Settings("en", pages=Extent.COUNTY, samples=done.out / "samples")
    elsewhere = run_audit(SAMPLE, as_of=AS_OF, out=tmp_path, settings=kept)
    listed = (elsewhere.folder / "rules" / "index.html").read_text(encoding="utf-8")
    assert listed.count("Precision measured in the field") == len(read_measured(done.out / "samples"))


def test_mistakes_are_told(done: Done, capsys: pytest.CaptureFixture[str]) -> None:
    shared = ["--out", str(done.out), "--lang", "en"]
    for arguments, told in (
        (["nothing"], "nothing"),
        ([done.flagged, "--claim", "recall=1"], "is not understood"),
        ([done.flagged, done.flagged], "can't be put together"),
        ([done.flagged, "--confidence", "2"], "2"),
    ):
        assert run(["sample", "estimate", *arguments, *shared]) == 2
        assert told in capsys.readouterr().err
