"""The page of a rehearsal: masked, harmless whatever the registry holds, without any request to a network."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from audit.database import Settings
from audit.language import Language
from audit.rehearsal import Rehearsal, rehearse
from tests.conftest import AS_OF, Write
from tests.rehearsal.registry import HOUSEHOLDS, INCOMES, LIFTED, write_policy
from tests.report.hostile import hostile_registry
from tests.report.reading import dangers

Page = Callable[..., str]


def page_of(rehearsal: Rehearsal) -> str:
    return (rehearsal.folder / "index.html").read_text(encoding="utf-8")


@pytest.fixture
def page(write_registry: Write, tmp_path: Path) -> Page:
    def build(*, lang: Language = "zh", show_personal: bool = False) -> str:
        data = write_registry(households=HOUSEHOLDS, incomes=INCOMES)
        old = write_policy(tmp_path / "old")
        return page_of(
            rehearse(
                data,
                as_of=AS_OF,
                old=old,
                values=["low_income_line=4500"],
                seed="2025-01",
                out=tmp_path / "reports",
                settings=Settings(lang=lang, show_personal=show_personal),
            )
        )

    return build


def part(page: str, heading: str) -> str:
    return page[page.index(f'id="{heading}"') :].partition("<h2")[0]


def test_what_differs_and_what_changes(page: Page) -> None:
    shown = page()
    parameters = part(shown, "parameters")
    assert "4000（各地，有效；方案三(三)所用的 4000 元线（各地各年监测线不同，请按本省文件填写））" in parameters
    assert "4500（各地，有效；试算：命令行给出的值）" in parameters
    assert "没有。" in part(shown, "texts")
    rule = next(row for row in part(shown, "rules").split("<tr>") if "INC-4" in row)
    assert re.findall(r'<td class="n">([^<]*)</td>', rule) == ["1 / 1", "3 / 4", "2", "0", "1", "0"]
    north, south, total = part(shown, "townships").split("<tbody>")[1].split("<tr>")[1:]
    assert re.findall(r'<td class="n">([^<]*)</td>', north) == [
        "2", "1", "2", "1", "0", "1", "0", "2", "4", "2", "0", "2", "0"
    ]  # fmt: skip
    assert "139901102000" in south
    assert re.findall(r'<td class="n">([^<]*)</td>', total)[:4] == ["7", "1", "4", "3"]


def test_households_gained_and_lost_with_their_sentence(page: Page) -> None:
    shown = page()
    gained = part(shown, "gained")
    assert gained.count("<article>") == 3
    assert "列出 3 户，共 3 户；全部在 changes.parquet 中。" in gained
    card = next(card for card in gained.split("<article>") if "H3" in card)
    assert "人均纯收入 4499.99 元，低于 4500 元，未纳入监测" in card
    assert "列出 0 户，共 0 户" in part(shown, "lost")
    visits = part(shown, "visits")
    assert "在有新增或消失问题的 3 户中抽取 3 户；种子：2025-01" in visits
    assert visits.count("INC-3, INC-4") == 2


def test_names_are_masked_unless_asked_for(page: Page) -> None:
    hidden = page()
    assert "李**" in hidden
    assert "李小红" not in hidden
    assert "李小红" in page(show_personal=True)


def test_english_is_english(page: Page) -> None:
    shown = page(lang="en")
    words = re.sub(r"方案[^;]*|试算[^)]*|[李张钱王]\*+", "", re.sub("<[^>]+>", "", shown.partition("</style>")[2]))
    assert not re.search("[\u4e00-\u9fff]", words)
    assert "Net income per head is 4499.99 yuan, below 4500; the household is not monitored." in shown


def test_only_the_first_households_are_shown(write_registry: Write, tmp_path: Path) -> None:
    homes = [{"household_id": f"H{number:03}", "area_code": "139901101001", **LIFTED} for number in range(40)]
    incomes = [
        {"household_id": f"H{number:03}", "year": "2024", "population": "1", "net_income": "4200"}
        for number in range(40)
    ]
    data = write_registry(households=homes, incomes=incomes)
    old = write_policy(tmp_path / "old")
    shown = page_of(rehearse(data, as_of=AS_OF, old=old, values=["low_income_line=4500"], out=tmp_path / "reports"))
    gained = part(shown, "gained")
    assert gained.count("<article>") == 30
    assert "列出 30 户，共 40 户" in gained
    assert "H029" in gained
    assert "H030" not in gained


def test_hostile_values_stay_text(tmp_path: Path) -> None:
    data = hostile_registry(tmp_path / "in")
    # Every phone is an attack, so that HHD-3 flags every household: its rule goes, and all of them lose a finding.
    old = write_policy(tmp_path / "old", ("roster/HHD-3.yaml", "roster/HHD-1.yaml", "identity/ID-1.yaml"))
    new = write_policy(tmp_path / "new", ("identity/ID-1.yaml",))
    attack = '"><script>document.title=1</script>\u202e'
    shown = page_of(
        rehearse(
            data,
            as_of=AS_OF,
            old=old,
            new=new,
            seed=attack,
            out=tmp_path / "reports",
            settings=Settings(show_personal=True),
        )
    )
    assert part(shown, "lost").count("<article>") == 30  # as many as a page lists
    assert dangers(shown) == []
    assert "49" not in re.findall(r"<bdi>(\d+)</bdi>", shown)


def test_a_rule_that_attacks_the_page(write_registry: Write, tmp_path: Path) -> None:
    data = write_registry(households=HOUSEHOLDS, incomes=INCOMES)
    attack = "<script>document.title=1</script>"
    edits = {"income/INC-4.yaml": ("title: 收入低于监测线，未纳入监测", f"title: {attack}")}
    old = write_policy(tmp_path / "old")
    new = write_policy(tmp_path / "new", edits=edits)
    shown = page_of(
        rehearse(data, as_of=AS_OF, old=old, new=new, values=["low_income_line=4500"], out=tmp_path / "out")
    )
    assert attack not in shown
    assert "&lt;script&gt;document.title=1&lt;/script&gt;" in shown
