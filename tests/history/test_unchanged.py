"""Nothing but the facts makes news: not the order, the split or the format of the files, nor a new number."""

from __future__ import annotations

import csv
import random
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Unpack

import duckdb
import pytest
from tests.conftest import BARE, ROOT
from tests.options import NightOptions

from audit import AuditResult, run_audit
from audit.errors import RulebookError
from audit.generate import generate_registry

FIRST = date(2024, 12, 30)
Tables = dict[str, list[dict[str, str]]]


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two hundred generated households with planted findings of many rules, as CSV."""
    out = tmp_path_factory.mktemp("registry")
    generate_registry(200, 11, out / "csv", as_of=FIRST, format="csv")
    return out / "csv"


@pytest.fixture(scope="module")
def first(registry: Path, tmp_path_factory: pytest.TempPathFactory) -> AuditResult:
    return run_audit(registry, as_of=FIRST, out=tmp_path_factory.mktemp("first"), settings=BARE)


def tables(registry: Path) -> Tables:
    read = {}
    for path in sorted(registry.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            read[path.stem] = list(csv.DictReader(file))
    return read


def write_csv(path: Path, rows: list[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def second(first: AuditResult, data: Path, tmp_path: Path, **options: Unpack[NightOptions]) -> AuditResult:
    """The same day again after the first run, in a folder of its own."""
    out = tmp_path / "reports"
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(first.folder.parent, out, symlinks=True)
    return run_audit(data, as_of=FIRST, out=out, force=True, settings=BARE, **options)


def all_unchanged(first: AuditResult, run: AuditResult) -> None:
    found = sum(first.run.presence.values())
    assert found > 200
    assert run.run.presence == {"new": 0, "unchanged": found, "updated": 0, "recurred": 0}
    assert run.run.absent == {"fixed": 0, "not_evaluated": 0, "unit_gone": 0}


def test_a_run_repeated_gives_all_unchanged(first: AuditResult, registry: Path, tmp_path: Path) -> None:
    again = second(first, registry, tmp_path)
    all_unchanged(first, again)
    assert again.run.previous == first.run.run_id


def test_the_same_input_is_recognised(first: AuditResult, registry: Path) -> None:
    known = run_audit(registry, as_of=FIRST, out=first.folder.parent, settings=BARE)
    assert (known.run.run_id, known.computed) == (first.run.run_id, None)
    assert [path.name for path in first.folder.parent.glob("2*")] == [first.run.run_id]


@pytest.mark.parametrize(("seed", "parts", "kind"), [(1, 1, "csv"), (2, 3, "csv"), (3, 4, "parquet")])
def test_order_split_and_format_change_nothing(
    first: AuditResult,
    registry: Path,
    tmp_path: Path,
    seed: int,
    parts: int,
    kind: str,
) -> None:
    shuffler = random.Random(seed)
    for name, rows in tables(registry).items():
        shuffler.shuffle(rows)
        for part in range(parts):
            own = rows[part::parts]
            if not own:
                continue
            path = tmp_path / "data" / name / f"part-{part}.csv"
            write_csv(path, own)
            if kind == "parquet":
                duckdb.read_csv(str(path), all_varchar=True).write_parquet(str(path.with_suffix(".parquet")))
                path.unlink()
    all_unchanged(first, second(first, tmp_path / "data", tmp_path))


def renumbered(registry: Path, out: Path, change: Callable[[str], str]) -> list[tuple[str, str]]:
    """Write the registry with other household numbers; gives the old and new numbers."""
    pairs: dict[str, str] = {}
    for name, rows in tables(registry).items():
        for row in rows:
            for column in {"household_id", "户编号"} & set(row):
                old = row[column]
                row[column] = pairs.setdefault(old, change(old))
        write_csv(out / f"{name}.csv", rows)
    return sorted(pairs.items())


def test_renumbered_households_with_an_alias_file(first: AuditResult, registry: Path, tmp_path: Path) -> None:
    pairs = renumbered(registry, tmp_path / "data", lambda old: f"N{old}")
    lines = ["类型,原编号,新编号,起", *(f"household,{old},{new}," for old, new in pairs)]
    (tmp_path / "data" / "aliases.csv").write_text("\n".join(lines) + "\n", encoding="gb18030")
    run = second(first, tmp_path / "data", tmp_path)
    all_unchanged(first, run)
    history = run.relation("history").filter("subject_type = 'household'")
    assert {subject[0] for (subject,) in history.project("subject_id").fetchall()} == {"N"}


def test_renumbered_households_without_one_are_news(first: AuditResult, registry: Path, tmp_path: Path) -> None:
    renumbered(registry, tmp_path / "data", lambda old: f"N{old}")
    run = second(first, tmp_path / "data", tmp_path)
    about = first.relation("findings").filter("subject_type = 'household'").aggregate("count(*)").fetchall()[0][0]
    assert about > 50
    assert run.run.presence["new"] == about
    assert (run.run.absent["unit_gone"], run.run.absent["fixed"]) == (about, 0)


def test_a_renumbered_village(first: AuditResult, registry: Path, tmp_path: Path) -> None:
    """The village gets another code, its households keep theirs: findings about the village follow."""
    about = first.relation("findings").filter("subject_type = 'village'")
    old = about.aggregate("min(subject_id)").fetchall()[0][0]
    new = old[:9] + "977"
    for name, own in tables(registry).items():
        for row in own:
            for column in row:
                if row[column] == old:
                    row[column] = new
        write_csv(tmp_path / "data" / f"{name}.csv", own)
    (tmp_path / "data" / "aliases.csv").write_text(f"kind,old,new\narea,{old},{new}\n", encoding="utf-8")
    all_unchanged(first, second(first, tmp_path / "data", tmp_path))


def test_a_renamed_rule(first: AuditResult, registry: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(ROOT / "rules", rules)
    path = rules / "income" / "INC-4.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("id: INC-4", "id: INC-44", 1), encoding="utf-8")
    path.rename(path.with_name("INC-44.yaml"))
    (rules / "aliases.csv").write_text("kind,old,new\nrule,INC-4,INC-44\n", encoding="utf-8")
    all_unchanged(first, second(first, registry, tmp_path, rules=rules))


def test_two_households_become_one(tmp_path: Path) -> None:
    def night(place: int, numbers: list[str], net: int) -> AuditResult:
        data = tmp_path / f"night-{place}"
        homes = [{"household_id": n, "area_code": "139901101001", "household_type": "lifted", "lifted_year": "2018",
                  "monitor_category": "", "risk_cleared": "", "phone": "13800000001"} for n in numbers]  # fmt: skip
        write_csv(data / "households.csv", homes)
        write_csv(
            data / "incomes.csv",
            [{"household_id": n, "year": "2024", "population": "1", "net_income": str(net)} for n in numbers],
        )
        (data / "aliases.csv").write_text(
            "kind,old,new,since\nhousehold,H1,H9,2025-01-01\nhousehold,H2,H9,2025-01-01\n", encoding="utf-8"
        )
        day = FIRST + timedelta(days=place)
        return run_audit(data, as_of=day, year=2024, out=tmp_path / "reports", settings=BARE)

    night(0, ["H1", "H2"], 3000)
    assert night(1, ["H1", "H2"], 3000).run.presence == {"new": 0, "unchanged": 4, "updated": 0, "recurred": 0}
    merged = night(2, ["H9"], 3000)
    assert merged.run.presence == {"new": 0, "unchanged": 2, "updated": 0, "recurred": 0}
    assert sum(merged.run.absent.values()) == 0
    fixed = night(3, ["H9"], 9000)
    assert fixed.run.absent == {"fixed": 2, "not_evaluated": 0, "unit_gone": 0}


def test_a_rule_broken_tonight_closes_nothing(
    first: AuditResult, registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fact of all household rules fails at run time: all their findings stay open, the others are unchanged."""
    from audit.engine import run as engine

    bind = engine.bind_sql
    monkeypatch.setattr(
        engine, "bind_sql", lambda rules: "SELECT nonsense" if any(r.rule.id == "INC-4" for r in rules) else bind(rules)
    )
    own = first.relation("findings").filter("rule_id = 'INC-4'").aggregate("count(*)").fetchall()[0][0]
    assert own == 2
    run = second(first, registry, tmp_path)
    assert run.run.broken == ("INC-4",)
    found = sum(first.run.presence.values())
    assert run.run.presence == {"new": 0, "unchanged": found - own, "updated": 0, "recurred": 0}
    assert run.run.absent == {"fixed": 0, "not_evaluated": own, "unit_gone": 0}


def test_all_mistakes_of_an_alias_file_at_once(registry: Path, tmp_path: Path) -> None:
    path = tmp_path / "aliases.csv"
    path.write_text(
        "kind,old,new,since\nhousehold,H1,\nhouse,H2,H3\nhousehold,H4,H4\nhousehold,H5,H6,2024-13-01\n"
        "person,P1,P2\nperson,P1,P3\nrule,A,B\nrule,B,A\n",
        encoding="utf-8",
    )
    with pytest.raises(RulebookError) as caught:
        run_audit(registry, as_of=FIRST, out=tmp_path / "reports", aliases=path)
    told = caught.value.message("en").splitlines()
    assert told[1:] == [
        '  aliases.csv, line 2: the column "new" is blank. Each line needs the former and the new name',
        '  aliases.csv, line 3: "house" in the column "kind" is nothing that can be renumbered. Nearest: household. '
        + told[2].partition("Nearest: household. ")[2],
        '  aliases.csv, line 4: "H4" in the column "new" is the former name itself',
        told[4],
        '  aliases.csv, line 7: aliases.csv:6 already says that "P1" became something else. '
        "One name can become one other only",
        '  aliases.csv, line 8: "A" is renamed in a circle',
        '  aliases.csv, line 9: "B" is renamed in a circle',
    ]
    assert "2024-13-01" in told[4]
    assert "line 5" in told[4]
