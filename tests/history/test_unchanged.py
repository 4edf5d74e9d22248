"""Nothing but the facts makes news: not the order, the split or the format of the files, nor a new number."""

from __future__ import annotations

import csv
import random
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Unpack

import duckdb
import pytest
from tests.conftest import BARE, ROOT
from tests.options import NightOptions
from tests.policy import shipped

from audit import AuditResult, run_audit
from audit.errors import RulebookError
from audit.gate import OPEN_GATE
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
    return run_audit(
        registry, as_of=FIRST, rules=shipped(), out=tmp_path_factory.mktemp("first"), gate=OPEN_GATE, settings=BARE
    )


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
    options = {"rules": shipped(), "gate": OPEN_GATE, "settings": BARE, **options}
    return run_audit(data, as_of=FIRST, out=out, force=True, **options)


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
    known = run_audit(registry, as_of=FIRST, out=first.folder.parent, gate=OPEN_GATE, settings=BARE)
    assert (known.run.run_id, known.computed) == (first.run.run_id, None)
    assert [path.name for path in first.folder.parent.glob("2*")] == [first.run.run_id]


@pytest.mark.parametrize(("seed", "parts", "kind"), [(2, 3, "csv"), (3, 4, "parquet")])
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


def renumbered(registry: Path, out: Path, village: str = "") -> list[str]:
    """Write the registry with other household numbers, and another code of a village; gives the old numbers."""
    numbers: set[str] = set()
    for name, rows in tables(registry).items():
        for row in rows:
            for column, value in row.items():
                if column in {"household_id", "户编号"}:
                    numbers.add(value)
                    row[column] = f"N{value}"
                elif value == village:
                    row[column] = other_village(village)
        write_csv(out / f"{name}.csv", rows)
    return sorted(numbers)


def other_village(village: str) -> str:
    return village[:9] + "977"


def test_renumbered_households_a_village_and_a_rule_with_alias_files(
    first: AuditResult, registry: Path, tmp_path: Path
) -> None:
    """Households get other numbers, one village another code and one rule another id: all findings follow."""
    about = first.relation("findings").filter("subject_type = 'village'")
    village = about.aggregate("min(subject_id)").fetchall()[0][0]
    numbers = renumbered(registry, tmp_path / "data", village)
    lines = ["类型,原编号,新编号,起", *(f"household,{old},N{old}," for old in numbers)]
    lines.append(f"area,{village},{other_village(village)},")
    (tmp_path / "data" / "aliases.csv").write_text("\n".join(lines) + "\n", encoding="gb18030")
    run = second(first, tmp_path / "data", tmp_path, rules=rules_with_another_id(tmp_path / "rules"))
    all_unchanged(first, run)
    history = run.relation("history").project("subject_type, subject_id, rule_id").fetchall()
    assert {subject[0] for kind, subject, _ in history if kind == "household"} == {"N"}
    villages, ids = {row[1] for row in history if row[0] == "village"}, {row[2] for row in history}
    assert (other_village(village) in villages, village in villages) == (True, False)
    assert ("INC-44" in ids, "INC-4" in ids) == (True, False)


def rules_with_another_id(rules: Path) -> Path:
    """The rules, of which INC-4 is now called INC-44, and the file that says so."""
    shutil.copytree(ROOT / "rules", rules)
    path = rules / "income" / "INC-4.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("id: INC-4", "id: INC-44", 1), encoding="utf-8")
    path.rename(path.with_name("INC-44.yaml"))
    (rules / "aliases.csv").write_text("kind,old,new\nrule,INC-4,INC-44\n", encoding="utf-8")
    return rules


def test_renumbered_households_without_one_are_news(first: AuditResult, registry: Path, tmp_path: Path) -> None:
    renumbered(registry, tmp_path / "data")
    run = second(first, tmp_path / "data", tmp_path)
    about = first.relation("findings").filter("subject_type = 'household'").aggregate("count(*)").fetchall()[0][0]
    assert about > 50
    assert run.run.presence["new"] == about
    assert (run.run.absent["unit_gone"], run.run.absent["fixed"]) == (about, 0)


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
        return run_audit(
            data, as_of=day, year=2024, rules=shipped(), out=tmp_path / "reports", gate=OPEN_GATE, settings=BARE
        )

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
    from audit.engine.statements import bind_sql

    bind = bind_sql
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
