"""Old and new policy over one registry: gained, lost, changed and not evaluated findings, worked out by hand."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypedDict, Unpack

import pytest

from audit import run_audit
from audit.errors import RunError
from audit.rehearsal import Rehearsal, rehearse
from tests.command import apart
from tests.conftest import AS_OF, BARE, Write
from tests.rehearsal.registry import HOUSEHOLDS, INCOMES, RULES, write_policy

Rehearse = Callable[..., Rehearsal]
#: The only value of the low-income line, and one that ends before the audit year and is not carried forward.
LINE = (
    "    - {value: 4000, from: 2020-01-01, source: 方案三(三)所用的 4000 元线（各地各年监测线不同，请按本省文件填写）}"
)
ENDED_LINE = "    - {value: 4000, from: 2020-01-01, until: 2022-12-31, source: 旧文件}"
CARRIED = f"  carry_forward: true\n  values:\n{LINE}"


class Options(TypedDict, total=False):
    """What a rehearsal is asked besides."""

    new: Path
    values: Sequence[str]
    seed: str
    visits: int
    year: int


@pytest.fixture
def data(write_registry: Write) -> Path:
    return write_registry(households=HOUSEHOLDS, incomes=INCOMES)


@pytest.fixture
def tried(data: Path, tmp_path: Path) -> Rehearse:
    """Rehearse on the registry, from the two rules unless told otherwise."""

    def run(*, old: Path | None = None, out: Path | None = None, **options: Unpack[Options]) -> Rehearsal:
        if old is None and not (tmp_path / "old").exists():
            write_policy(tmp_path / "old")
        return rehearse(data, old=old or tmp_path / "old", as_of=AS_OF, out=out or tmp_path / "reports", **options)

    return run


def changes(rehearsal: Rehearsal, columns: str = "change, rule_id, subject_id") -> list[tuple[object, ...]]:
    return rehearsal.relation("changes").project(columns).fetchall()


def test_a_higher_line_gains_the_households_between_the_lines(tried: Rehearse) -> None:
    rehearsal = tried(values=["low_income_line=4500"])
    # INC-3 asks the lifted, INC-4 those of them below the line: the boundaries 4000 and 4500 are not below.
    assert changes(rehearsal) == [
        ("changed", "INC-3", "H1"),
        ("gained", "INC-3", "H2"),
        ("gained", "INC-3", "H3"),
        ("gained", "INC-3", "H5"),
        ("changed", "INC-4", "H1"),
        ("gained", "INC-4", "H2"),
        ("gained", "INC-4", "H3"),
    ]
    told = rehearsal.relation("changes").filter("rule_id = 'INC-4' AND subject_id IN ('H1', 'H3')")
    columns = (
        "severity, severity_old, household_id, area_code, message_old, message_new, message_en_old, message_en_new"
    )
    assert told.project(columns).fetchall() == [
        (
            "high", "high", "H1", "139901101001",
            "人均纯收入 3000 元，低于 4000 元，未纳入监测",
            "人均纯收入 3000 元，低于 4500 元，未纳入监测",
            "Net income per head is 3000 yuan, below 4000; the household is not monitored.",
            "Net income per head is 3000 yuan, below 4500; the household is not monitored.",
        ),
        (
            "high", None, "H3", "139901102001",
            None,
            "人均纯收入 4499.99 元，低于 4500 元，未纳入监测",
            None,
            "Net income per head is 4499.99 yuan, below 4500; the household is not monitored.",
        ),
    ]  # fmt: skip
    ((old, new, file, row),) = (
        rehearsal.relation("changes")
        .filter("rule_id = 'INC-4' AND subject_id = 'H1'")
        .project("evidence_old, evidence_new, source_file, source_row")
        .fetchall()
    )
    assert (json.loads(old)["low_income_line"], json.loads(new)["low_income_line"]) == (4000, 4500)
    assert (file, row) == ("households.csv", 2)


def test_the_workload_per_rule_and_township_with_its_denominators(tried: Rehearse) -> None:
    workload = tried(values=["low_income_line=4500"]).relation("workload")
    assert workload.columns == [
        "rule_id", "area_level", "area_code", "population_old", "population_new",
        "findings_old", "findings_new", "findings_gained", "findings_lost", "findings_changed",
        "findings_not_evaluated", "households_old", "households_new", "households_gained", "households_lost",
        "households_changed", "households_not_evaluated",
    ]  # fmt: skip
    numbers = "rule_id, area_code, population_old, population_new, findings_old, findings_new, findings_gained, findings_lost, findings_changed"
    # INC-3: six are lifted, one of them of unknown income (undecided, yet of the population).
    # INC-4: below the line are one, then four (H1, H2, H3, H5); H5 is monitored.
    assert workload.project(numbers).fetchall() == [
        ("INC-3", None, 6, 6, 1, 4, 3, 0, 1),
        ("INC-3", "139901101000", 2, 2, 1, 2, 1, 0, 1),
        ("INC-3", "139901102000", 4, 4, 0, 2, 2, 0, 0),
        ("INC-4", None, 1, 4, 1, 3, 2, 0, 1),
        ("INC-4", "139901101000", 1, 2, 1, 2, 1, 0, 1),
        ("INC-4", "139901102000", 0, 2, 0, 1, 1, 0, 0),
        (None, None, 7, 7, 2, 7, 5, 0, 2),
        (None, "139901101000", 2, 2, 2, 4, 2, 0, 2),
        (None, "139901102000", 5, 5, 0, 3, 3, 0, 0),
    ]
    # Households are counted once however many of their findings change.
    homes = "area_code, households_old, households_new, households_gained, households_lost, households_changed"
    assert workload.filter("rule_id IS NULL").project(homes).fetchall() == [
        (None, 1, 4, 3, 0, 1),
        ("139901101000", 1, 2, 1, 0, 1),
        ("139901102000", 0, 2, 2, 0, 0),
    ]


def test_the_same_policy_changes_nothing(tried: Rehearse) -> None:
    rehearsal = tried()
    assert changes(rehearsal) == []
    assert [line.rule.id for line in rehearsal.summary.rules if line.differs] == []
    assert (rehearsal.summary.parameters, rehearsal.summary.texts) == ((), ())
    assert rehearsal.relation("workload").filter("rule_id IS NULL AND area_level = 'all'").project(
        "findings_old, findings_new, findings_changed, findings_not_evaluated"
    ).fetchall() == [(2, 2, 0, 0)]


def test_a_value_that_is_in_force_anyway_changes_nothing(tried: Rehearse) -> None:
    rehearsal = tried(values=["low_income_line=4000"])
    assert changes(rehearsal) == []
    assert rehearsal.summary.parameters == ()


def test_a_lower_line_loses(tried: Rehearse) -> None:
    rehearsal = tried(values=["low_income_line=3000"])
    assert changes(rehearsal, "change, rule_id, subject_id, severity, message_new") == [
        ("lost", "INC-3", "H1", "medium", None),
        ("lost", "INC-4", "H1", "high", None),
    ]


def test_a_removed_rule_loses_its_findings_and_is_told_apart(tried: Rehearse, tmp_path: Path) -> None:
    rehearsal = tried(new=write_policy(tmp_path / "new", RULES[:1]))
    assert changes(rehearsal) == [("lost", "INC-4", "H1")]
    line = next(line for line in rehearsal.summary.rules if line.rule.id == "INC-4")
    assert (line.old.status, line.old.flagged, line.old.population) == ("evaluated", 1, 1)
    assert (line.new.status, line.new.flagged, line.new.population) == ("absent", None, None)
    assert "只在旧政策中。" in (rehearsal.folder / "index.html").read_text(encoding="utf-8")
    rows = rehearsal.relation("workload").filter("rule_id = 'INC-4' AND area_level = 'all'")
    assert rows.project("population_old, population_new, findings_old, findings_new, findings_lost").fetchall() == [
        (1, None, 1, None, 1)
    ]


def test_an_added_rule_gains(tried: Rehearse, tmp_path: Path) -> None:
    rehearsal = tried(old=write_policy(tmp_path / "old", RULES[:1]), new=write_policy(tmp_path / "new"))
    assert changes(rehearsal) == [("gained", "INC-4", "H1")]
    assert "只在新政策中。" in (rehearsal.folder / "index.html").read_text(encoding="utf-8")


def test_a_message_that_reads_otherwise_is_a_change(tried: Rehearse, tmp_path: Path) -> None:
    edits = {"income/INC-4.yaml": ("未纳入监测\nmessage_en", "尚未纳入监测\nmessage_en")}
    rehearsal = tried(new=write_policy(tmp_path / "new", edits=edits))
    assert changes(rehearsal, "change, rule_id, subject_id, message_old, message_new") == [
        (
            "changed",
            "INC-4",
            "H1",
            "人均纯收入 3000 元，低于 4000 元，未纳入监测",
            "人均纯收入 3000 元，低于 4000 元，尚未纳入监测",
        )
    ]
    assert [(one.rule_id, one.part) for one in rehearsal.summary.texts] == [("INC-4", "message")]


def test_a_severity_that_is_another_is_a_change(tried: Rehearse, tmp_path: Path) -> None:
    edits = {"income/INC-4.yaml": ("severity: high", "severity: low")}
    rehearsal = tried(new=write_policy(tmp_path / "new", edits=edits))
    assert changes(rehearsal, "change, rule_id, severity_old, severity") == [("changed", "INC-4", "high", "low")]


def test_an_expression_that_reads_otherwise_stands_side_by_side(tried: Rehearse, tmp_path: Path) -> None:
    edits = {"income/INC-3.yaml": ("flag: pc < $low_income_line", "flag: pc <= $low_income_line")}
    rehearsal = tried(new=write_policy(tmp_path / "new", edits=edits))
    assert changes(rehearsal) == [("gained", "INC-3", "H2")]
    (text,) = rehearsal.summary.texts
    assert (text.rule_id, text.part, text.old, text.new) == (
        "INC-3",
        "flag",
        "pc < $low_income_line",
        "pc <= $low_income_line",
    )
    page = (rehearsal.folder / "index.html").read_text(encoding="utf-8")
    assert "<bdi>pc &lt; $low_income_line</bdi></td><td><bdi>pc &lt;= $low_income_line</bdi>" in page


def test_a_rule_that_was_not_evaluated_loses_nothing(tried: Rehearse, tmp_path: Path) -> None:
    edits = {"parameters.yaml": (CARRIED, f"  carry_forward: false\n  values:\n{ENDED_LINE}")}
    other = ("roster/HHD-3.yaml",)
    rehearsal = tried(
        old=write_policy(tmp_path / "old", RULES + other), new=write_policy(tmp_path / "new", RULES + other, edits)
    )
    assert changes(rehearsal) == [("not_evaluated", "INC-3", "H1"), ("not_evaluated", "INC-4", "H1")]
    line = next(line for line in rehearsal.summary.rules if line.rule.id == "INC-4")
    assert (line.new.status, line.differs) == ("not_evaluated", True)
    told = "新政策未执行：参数 low_income_line 在 2024-12-31 没有有效值"
    assert told in (rehearsal.folder / "index.html").read_text(encoding="utf-8")
    rows = rehearsal.relation("workload").filter("rule_id = 'INC-4' AND area_level = 'all'")
    columns = "population_old, population_new, findings_old, findings_new, findings_lost, findings_not_evaluated"
    assert rows.project(columns).fetchall() == [(1, None, 1, None, 0, 1)]
    record = json.loads((rehearsal.folder / "rehearsal.json").read_text(encoding="utf-8"))
    side = next(one["new"] for one in record["rules"] if one["rule_id"] == "INC-4")
    assert (side["status"], side["reason_en"]) == (
        "not_evaluated",
        "the parameter low_income_line has no value on 2024-12-31",
    )


def test_an_area_without_a_value_loses_nothing(tried: Rehearse, tmp_path: Path) -> None:
    south = "    - {value: 4500, from: 2020-01-01, until: 2022-12-31, area: '139901102', source: 乡镇文件}"
    edits = {"parameters.yaml": (CARRIED, f"  carry_forward: false\n  values:\n{LINE}\n{south}")}
    rehearsal = tried(new=write_policy(tmp_path / "new", edits=edits))
    assert changes(rehearsal) == []
    # The other way round: what the old policy could not ask in the south is not gained.
    rehearsal = tried(old=tmp_path / "new", new=tmp_path / "old", values=["low_income_line=4500"])
    assert changes(rehearsal) == [
        ("changed", "INC-3", "H1"),
        ("gained", "INC-3", "H2"),
        ("not_evaluated", "INC-3", "H3"),
        ("not_evaluated", "INC-3", "H5"),
        ("changed", "INC-4", "H1"),
        ("gained", "INC-4", "H2"),
        ("not_evaluated", "INC-4", "H3"),
    ]
    south_rows = rehearsal.relation("workload").filter("rule_id = 'INC-3' AND area_code = '139901102000'")
    columns = "population_old, population_new, findings_old, findings_new, findings_gained, findings_not_evaluated"
    assert south_rows.project(columns).fetchall() == [(None, 4, None, 2, 0, 2)]


def test_a_broken_rule_loses_nothing(tried: Rehearse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from audit.engine import run as engine
    from audit.engine.statements import bind_sql as own

    # The new policy's INC-4 is broken: its severity is what tells it from the old one's.
    edits = {"income/INC-4.yaml": ("severity: high", "severity: low")}
    monkeypatch.setattr(
        engine,
        "bind_sql",
        lambda rules: "SELECT nowhere" if any(one.rule.severity == "low" for one in rules) else own(rules),
    )
    rehearsal = tried(new=write_policy(tmp_path / "new", edits=edits))
    assert changes(rehearsal) == [("not_evaluated", "INC-4", "H1")]
    assert rehearsal.summary.broken
    assert "新政策出错：" in (rehearsal.folder / "index.html").read_text(encoding="utf-8")


def test_a_policy_of_which_nothing_can_be_evaluated(tried: Rehearse, tmp_path: Path) -> None:
    with pytest.raises(RunError) as caught:
        tried(new=write_policy(tmp_path / "new", ("posts/PW-7.yaml",)))
    assert caught.value.message("en") == (
        "None of the 1 rules of the new policy can be evaluated with this registry; there is nothing to compare. "
        "tables missing: posts"
    )
    assert list((tmp_path / "reports").iterdir()) == []


def test_findings_of_people_and_of_no_household(write_registry: Write, tmp_path: Path) -> None:
    persons = [{"person_id": "P1", "household_id": "H1", "name": "王小明", "sex": "男", "birth_date": "1977-01-01"}]
    started = {"started_on": "2024-01-01", "ended_on": "", "post_type": "保洁员"}
    posts = [
        {"post_id": "G1", "person_id": "P1", "area_code": "139901102001", **started},
        {"post_id": "G2", "person_id": "P1", "area_code": "139901101001", **started},
        {"post_id": "G3", "person_id": "nobody", "area_code": "139901101001", **started},
    ]
    data = write_registry(households=HOUSEHOLDS[:1], persons=persons, posts=posts)
    # PW-2: a man of 47 in a post is too young at 50, not at 45; PW-10: G3's holder is not there, so of no household.
    old = write_policy(tmp_path / "old", ("posts/PW-2.yaml", "posts/PW-10.yaml"))
    new = write_policy(tmp_path / "new", ("posts/PW-2.yaml",))
    rehearsal = rehearse(data, as_of=AS_OF, old=old, new=new, values=["male_min_age=45"], out=tmp_path / "reports")
    assert changes(rehearsal, "change, rule_id, subject_type, subject_id, household_id, area_code") == [
        ("lost", "PW-10", "post", "G3", None, "139901101001"),
        ("lost", "PW-2", "post", "G1", "H1", "139901102001"),
        ("lost", "PW-2", "post", "G2", "H1", "139901101001"),
    ]
    # H1 is one household in each of the two townships in which its posts are, and one in all.
    columns = "area_code, findings_lost, households_lost, population_old"
    assert rehearsal.relation("workload").filter("rule_id IS NULL").project(columns).fetchall() == [
        (None, 3, 1, 1),
        ("139901101000", 2, 1, 1),
        ("139901102000", 1, 1, 0),
    ]
    page = (rehearsal.folder / "index.html").read_text(encoding="utf-8")
    lost = page[page.index('id="lost"') :]
    assert "王**" in lost
    assert "不属于任何户的问题" in lost
    assert "G3" in lost


def test_runs_and_latest_stay_as_they_are(tried: Rehearse, data: Path, tmp_path: Path) -> None:
    run = run_audit(data, as_of=AS_OF, rules=write_policy(tmp_path / "own"), out=tmp_path / "reports", settings=BARE)
    rehearsal = tried(values=["low_income_line=4500"])
    assert (tmp_path / "reports" / "latest").resolve() == run.folder.resolve()
    assert sorted(path.name for path in (tmp_path / "reports").iterdir()) == [
        ".lock",
        run.folder.name,
        "latest",
        rehearsal.folder.name,
    ]
    assert rehearsal.folder.name.startswith("rehearsal-2024-12-31-")
    assert sorted(path.name for path in rehearsal.folder.iterdir()) == [
        "changes.parquet",
        "households.parquet",
        "index.html",
        "rehearsal.json",
        "workload.parquet",
    ]


def test_what_both_policies_find_is_what_their_audits_find(tried: Rehearse, data: Path, tmp_path: Path) -> None:
    rehearsal = tried(values=["low_income_line=4500"])
    line = next(line for line in rehearsal.summary.rules if line.rule.id == "INC-3")
    run = run_audit(data, as_of=AS_OF, rules=tmp_path / "old", out=tmp_path / "runs", settings=BARE)
    counts = next(one.counts for one in run.summary.rules if one.status.rule.id == "INC-3")
    assert (line.old.flagged, line.old.population) == (counts.flagged, counts.population) == (1, 6)


def test_the_same_rehearsal_gives_the_same_bytes_and_another_one_another_name(tried: Rehearse, tmp_path: Path) -> None:
    one, other = (tried(values=["low_income_line=4500"], seed="s", out=tmp_path / name) for name in ("first", "second"))
    names = [path.name for path in sorted(one.folder.iterdir())]
    assert len(names) == 6
    for name in names:
        assert (one.folder / name).read_bytes() == (other.folder / name).read_bytes(), name
    assert one.folder.name == other.folder.name
    different = [
        tried(values=["low_income_line=4501"], seed="s"),
        tried(values=["low_income_line=4500"], seed="t"),
        tried(values=["low_income_line=4500"], seed="s", visits=2),
        tried(values=["low_income_line=4500"]),
        tried(values=["low_income_line=4500"], seed="s", year=2023),
    ]
    assert len({one.folder.name, *(rehearsal.folder.name for rehearsal in different)}) == 6


def test_the_record_names_both_policies(tried: Rehearse) -> None:
    rehearsal = tried(values=["low_income_line=4500"])
    record = json.loads((rehearsal.folder / "rehearsal.json").read_text(encoding="utf-8"))
    assert record["rehearsal_id"] == rehearsal.folder.name
    assert record["old"]["rulebook"] != record["new"]["rulebook"]
    assert record["new"]["values"] == ["low_income_line=4500"]
    assert {one["file"] for one in record["inputs"]} == {"households.csv", "incomes.csv"}
    assert all(len(one["sha256"]) == 64 for one in record["inputs"])
    (parameter,) = record["parameters"]
    assert (
        parameter["name"],
        [one["value"] for one in parameter["old"]],
        [one["value"] for one in parameter["new"]],
    ) == (
        "low_income_line",
        ["4000"],
        ["4500"],
    )
    assert "试算" in parameter["new"][0]["source"]
    rule = next(one for one in record["rules"] if one["rule_id"] == "INC-4")
    assert rule["findings"] == {"old": 1, "new": 3, "gained": 2, "lost": 0, "changed": 1, "not_evaluated": 0}


def killed(step: str, data: Path, rules: Path, out: Path) -> None:
    """A rehearsal that kills its own process at a step: for a process of its own."""

    def die(*_given: object, **_more: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(sys.modules["audit.rehearsal.rehearse"], step, die)
    rehearse(data, as_of=AS_OF, old=rules, values=["low_income_line=4500"], out=out)


@pytest.mark.parametrize("step", ["build_page", "publish"])
def test_a_killed_rehearsal_publishes_nothing(data: Path, tmp_path: Path, step: str) -> None:
    rules, out = write_policy(tmp_path / "old"), tmp_path / "reports"
    assert apart(killed, step, data, rules, out) == -signal.SIGKILL
    assert [path.name.partition("-")[0] for path in out.iterdir()] == [".unfinished"]
    after = rehearse(data, as_of=AS_OF, old=rules, values=["low_income_line=4500"], out=out)
    assert [path.name for path in out.iterdir()] == [after.folder.name]
