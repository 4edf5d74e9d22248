"""From the audit of data/sample over frames, draws and visits to estimates, record, page and the report's reader."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from audit import AuditResult, Settings, run_audit
from audit.cli.main import run
from audit.measured import read_measured
from audit.model.extent import Extent
from audit.sampling.chance import two_sided_counts
from audit.sampling.estimate.estimate import DomainKind
from audit.sampling.estimate.places import domain_name, stratum_name
from tests.conftest import AS_OF, SAMPLE
from tests.policy import shipped
from tests.report.reading import part, rows
from tests.sampling.estimate.conftest import FINDINGS, REFUTED, UNFLAGGED, VISITED, Done


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


def test_townships_have_names(done: Done) -> None:
    sql = "SELECT domain, domain_name FROM '{}' WHERE measure = 'miss_rate' AND kind = 'township' ORDER BY domain"
    assert duckdb.execute(sql.format(done.folder / "estimates.parquet")).fetchall() == [
        ("139903101000", "清河镇"), ("139903102000", "石桥镇"), ("139903201000", "柳林乡"),
    ]  # fmt: skip
    (lines,) = [rows(part((done.folder / "estimates.html").read_text(encoding="utf-8"), "missed"))]
    assert [line[0] for line in lines] == ["清河镇 139903101000", "石桥镇 139903102000", "柳林乡 139903201000"]


def test_a_township_without_a_name_is_told_by_its_code() -> None:
    places = {"139903101000": "清河镇"}
    assert domain_name(DomainKind.TOWNSHIPS, "139903101000 + 139903102000", places) == "清河镇 + 139903102000"
    assert domain_name(DomainKind.RULE, "139903101000", places) == "139903101000"
    assert stratum_name("139903101000 | high", places) == "139903101000 清河镇 | high"


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
    again = run_audit(SAMPLE, rules=shipped(), as_of=AS_OF, out=done.out, settings=Settings("en"))
    listed = (again.folder / "rules" / "index.html").read_text(encoding="utf-8")
    assert listed.count("Precision measured in the field") == len(measured) > 0
    for rule in measured:
        page = (again.folder / "rules" / f"{rule}.html").read_text(encoding="utf-8")
        assert "Precision measured in the field" in page
    lines = rows(part((again.folder / "index.html").read_text(encoding="utf-8"), "verified"))
    assert [line[0].split()[0] for line in lines] == sorted(measured)
    assert {tuple(line[1:]) for line in lines if line[0].startswith("INC-3")} == {
        ("100.0 %", "100.0–100.0 % (95.0 %)", "5", measured["INC-3"].at[:10], sample_run.run.run_id)
    }
    assert 'id="verified"' not in (sample_run.folder / "index.html").read_text(encoding="utf-8")
    for name in ("findings.parquet", "rates.parquet"):
        assert (again.folder / name).read_bytes() == (sample_run.folder / name).read_bytes()


def test_the_report_looks_where_the_site_keeps_its_samples(done: Done, tmp_path: Path) -> None:
    kept = Settings("en", pages=Extent.COUNTY, samples=done.out / "samples")
    elsewhere = run_audit(SAMPLE, rules=shipped(), as_of=AS_OF, out=tmp_path, settings=kept)
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
