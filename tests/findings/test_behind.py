"""What a run keeps behind its findings: masked as on the pages, and of an area only where nothing speaks against it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable

import duckdb
import pytest
from tests.conftest import Write

from audit import AuditResult, load_rulebook
from audit.contract import Personal
from audit.findings.behind import TABLES_BEHIND, mask_sql
from audit.report.areas.queries import TABLES_READ

Audit = Callable[..., AuditResult]
NORTH, SOUTH = "139901101001", "139901102001"


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ("王小明", Personal.NAME, "王**"),
        ("王", Personal.NAME, "*"),
        ("13990119800101001X", Personal.ID_NUMBER, "139901***********X"),
        ("1399011", Personal.ID_NUMBER, "*******"),
        ("13812345678", Personal.PHONE, "138******78"),
        ("6222021234567890", Personal.ACCOUNT, "************7890"),
        (None, Personal.NAME, None),
    ],
)
def test_masks(value: str | None, kind: Personal, shown: str | None) -> None:
    assert duckdb.execute(f"SELECT {mask_sql('value', kind)} FROM (SELECT ? AS value) AS t", [value]).fetchall() == [
        (shown,)
    ]


def test_rows_are_of_an_area_only_where_nothing_speaks_against_it(write_registry: Write, audited: Audit) -> None:
    homes = [
        {
            "household_id": "H1",
            "area_code": NORTH,
            "head_name": "欧阳修远",
            "phone": "1381234567",
            "member_count": "二",
        },
        {"household_id": "H2", "area_code": SOUTH, "head_name": "司马光明", "phone": "1", "member_count": 1},
        {"household_id": "H1", "area_code": SOUTH, "head_name": "诸葛长安", "phone": "1", "member_count": 1},
        {"household_id": "H1", "area_code": NORTH, "head_name": "上官婉儿", "phone": "1", "member_count": 1},
        {"household_id": "", "area_code": NORTH, "head_name": "皇甫长安", "phone": "1", "member_count": 1},
    ]
    posts = [
        {"post_id": "", "person_id": "P2", "post_type": "保洁员", "area_code": NORTH},
        {"post_id": "", "person_id": "P2", "post_type": "保洁员", "area_code": SOUTH},
        {"post_id": "", "person_id": "P2", "post_type": "保洁员", "area_code": ""},
    ]
    people = [{"person_id": "P2", "household_id": "H2", "name": "司马光明", "id_number": "1"}]
    run = audited(write_registry(households=homes, persons=people, posts=posts))
    aside = run.relation("quarantine").project('"table", source_row, area_code').fetchall()
    assert sorted(aside, key=str) == [
        ("households", 4, None),  # H1 is of the north, this row says of the south
        ("households", 5, NORTH),
        ("households", 6, NORTH),
        ("posts", 2, None),  # a post in the north, its holder of the south
        ("posts", 3, SOUTH),
        ("posts", 4, SOUTH),  # no code of its own: that of its holder's household
    ]
    assert run.relation("cell_faults").project("source_row, area_code").fetchall() == [(2, NORTH)]
    kept = str([run.relation(f"behind/{table}").fetchall() for table in TABLES_BEHIND])
    assert "'欧***'" in kept
    for secret in ("欧阳修远", "司马光明", "1381234567"):
        assert secret not in kept


def test_the_rules_are_kept_as_they_were(write_registry: Write, audited: Audit) -> None:
    run = audited(write_registry(households=[{"household_id": "H1", "area_code": NORTH}]))
    with zipfile.ZipFile(run.folder / "rules.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == dict(load_rulebook().files)


def test_pages_can_be_made_again_from_what_is_kept() -> None:
    assert set(TABLES_READ) <= set(TABLES_BEHIND)
