"""No household, village or person of another area is anywhere in a slice, and every finding is in one."""

from __future__ import annotations

import json
import zipfile

import pytest

from audit import AuditResult
from audit.slices import Slice
from tests.slices.contents import member, parquet_rows, texts
from tests.slices.two_townships import NORTH, SOUTH

#: What is of each township alone. MOVED is of the south now; OF-NORTH is a post of the north whose holder is of the south.
OF = {
    NORTH: ("北", "NH1", "NH2", "NP1", "NP2", "N0000", "N-12", "139901101", "N-EMPTY"),
    SOUTH: ("南", "SH1", "SH2", "SP1", "SP2", "SP3", "SNOWHERE", "S0000", "S-12", "139901102", "S-EMPTY", "MOVED"),
}


@pytest.mark.parametrize(("mine", "other"), [(NORTH, SOUTH), (SOUTH, NORTH)])
def test_nothing_of_the_other_township_is_anywhere(slices: dict[str, Slice], mine: str, other: str) -> None:
    found = [(name, word) for name, text in texts(slices[mine].path) for word in OF[other] if word in text]
    assert found == []
    whole = "".join(text for _, text in texts(slices[mine].path))
    assert [word for word in OF[mine][:3] if word in whole] == list(OF[mine][:3])


def test_a_post_elsewhere_stands_with_the_household_and_counts_where_it_is(slices: dict[str, Slice]) -> None:
    north = {(row[1], row[4]): row for row in findings(slices[NORTH])}
    of_north, of_south = north["PW-7", "OF-NORTH"], north["PW-7", "OF-SOUTH"]
    assert of_north[5:8] == (None, None, NORTH[:9] + "001")  # its holder is of the south: not named
    assert of_south[5:8] == ("NH1", "NP1", None)  # a household of the north: told, without where the post is
    counts = slices[NORTH].counts
    assert counts.household_elsewhere == len([row for row in north.values() if row[4] == "OF-NORTH"])
    assert counts.area_elsewhere == len([row for row in north.values() if row[4] == "OF-SOUTH"])


def test_every_finding_with_an_area_counts_in_one_township(run: AuditResult, slices: dict[str, Slice]) -> None:
    placed = {str(row[0]) for row in run.relation("findings").filter("area_code IS NOT NULL").fetchall()}
    counted = [str(row[0]) for one in slices.values() for row in findings(one) if row[7] is not None]
    assert sorted(counted) == sorted(placed)
    without = run.relation("findings").filter("area_code IS NULL").fetchall()
    assert [(row[1], row[4]) for row in without] == [("HLP-2", "HELPER")]
    assert sum(one.counts.findings for one in slices.values()) == len(placed)


def test_rates_and_rows_set_aside_are_those_of_the_township(run: AuditResult, slices: dict[str, Slice]) -> None:
    rates = parquet_rows(member(slices[NORTH].path, "rates.parquet"))
    assert {row[2] for row in rates} == {NORTH, "139901101001"}
    (flagged,) = [row[4] for row in rates if row[0] == "INC-4" and row[2] == NORTH]
    assert flagged == 2  # NH1 and NH2
    aside = parquet_rows(member(slices[SOUTH].path, "quarantine.parquet"))
    assert sorted((str(row[0]), str(row[4]), str(row[6])) for row in aside) == [
        ("households", "household_id", "missing"),
        ("posts", "person_id", "missing"),
    ]
    (cell,) = parquet_rows(member(slices[NORTH].path, "cell_faults.parquet"))
    assert cell[5] == "北千"
    # Of a person whose household is nowhere, no township can be proven; the county's own files have the row.
    assert "SNOWHERE" in str(run.relation("quarantine").fetchall())


def test_who_is_gone_is_named_only_where_nobody_else_has_them(slices: dict[str, Slice]) -> None:
    gone = {row[2] for row in parquet_rows(member(slices[NORTH].path, "absent.parquet"))}
    assert "NH9" in gone
    assert "MOVED" not in gone


def test_the_manifest_names_every_file(slices: dict[str, Slice], run: AuditResult) -> None:
    import hashlib

    path = slices[NORTH].path
    manifest = json.loads(member(path, "manifest.json"))
    assert (manifest["run_id"], manifest["as_of"]) == (run.run.run_id, "2024-12-31")
    assert (manifest["area_code"], manifest["area_level"], manifest["area"]) == (NORTH, "township", "示范县 北岭镇")
    assert manifest["personal_data"] == "masked"
    with zipfile.ZipFile(path) as packed:
        top = f"{run.run.run_id}-{NORTH}/"
        listed = {one["file"]: one["sha256"] for one in manifest["files"]}
        held = {name.removeprefix(top): hashlib.sha256(packed.read(name)).hexdigest() for name in packed.namelist()}
    assert held.pop("manifest.json")
    assert listed == held
    assert {"index.html", "findings.xlsx", "findings.parquet", f"areas/{NORTH}/index.html"} <= set(held)


def findings(one: Slice) -> list[tuple[object, ...]]:
    return parquet_rows(member(one.path, "findings.parquet"))


def test_rules_name_nobody_in_their_evidence(run: AuditResult) -> None:
    """What the findings rest on are facts of their own subject: none of these names another household or person."""
    from audit import load_rulebook

    texts_named = {
        fact.name
        for rule in load_rulebook().rules
        for fact in rule.evidence
        if fact.kind.name == "TEXT" and not fact.codes
    }
    assert texts_named == {"defect_kind", "health", "period", "project_name", "student_status"}
