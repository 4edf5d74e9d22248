"""Seven extracts of one registry, night after night, and what somebody changed in each, by hand."""

from __future__ import annotations

import csv
import os
import signal
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Unpack

from audit import AuditResult, run_audit
from audit.generate import generate_registry
from audit.rulebook import load_rulebook
from tests.conftest import BARE
from tests.options import NightOptions

FIRST = date(2024, 12, 25)
HOUSEHOLDS = 240
ALIASES = "类型,原编号,新编号,起,说明\nhousehold,H00000000061,H00000000961,2024-12-29,分户重编\n"
Rows = list[dict[str, str]]


class Extract:
    """The rows of a registry as they come, by table; the first column of a table is its key."""

    def __init__(self, folder: Path) -> None:
        self.tables: dict[str, Rows] = {}
        for path in sorted(folder.glob("*.csv")):
            with path.open(encoding="utf-8-sig", newline="") as file:
                self.tables[path.stem] = list(csv.DictReader(file))
        self.aliases = ""

    def set(self, table: str, row: str, **cells: str) -> None:
        """Change cells of the rows with this key; of incomes only this year's, of hotlines only November."""
        chosen = [one for one in self.tables[table] if next(iter(one.values())) == row]
        chosen = [one for one in chosen if one.get("年度", "2024") == "2024"]
        chosen = [one for one in chosen if one.get("统计周期", "2024-11") == "2024-11"]
        (only,) = chosen
        assert set(cells) <= set(only)
        only.update(cells)

    def remove(self, households: Collection[str]) -> None:
        """Leave out households and every row that is theirs; rows of their persons stay."""
        for name, rows in self.tables.items():
            self.tables[name] = [one for one in rows if one.get("户编号") not in households]

    def renumber(self, old: str, new: str) -> None:
        """Give a household another number wherever it stands."""
        for one in (one for rows in self.tables.values() for one in rows if one.get("户编号") == old):
            one["户编号"] = new

    def write(self, folder: Path, *, without: str = "") -> Path:
        """Write it as CSV files, one table left out."""
        folder.mkdir(parents=True)
        for name, rows in self.tables.items():
            if name != without:
                with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                    writer = csv.DictWriter(file, list(rows[0]))
                    writer.writeheader()
                    writer.writerows(rows)
        if self.aliases:
            (folder / "aliases.csv").write_text(self.aliases, encoding="utf-8")
        return folder


def write_week(out: Path) -> list[Path]:
    """Write the seven extracts; gives their folders in order."""
    generate_registry(HOUSEHOLDS, 11, out / "generated", as_of=FIRST, format="csv")
    extract = Extract(out / "generated")
    folders = [extract.write(out / "night-1")]

    _second(extract)
    folders.append(extract.write(out / "night-2"))

    _third(extract)
    folders.append(extract.write(out / "night-3"))

    folders.append(_half(out / "night-3").write(out / "night-4"))

    _fifth(extract)
    folders.append(extract.write(out / "night-5"))

    _sixth(extract)
    folders.append(extract.write(out / "night-6", without="posts"))

    _seventh(extract)
    folders.append(extract.write(out / "night-7"))
    return folders


def _second(extract: Extract) -> None:
    # Falls from 7,572.67 yuan a head to 3,906, below the line of 4,000; the year before it had 7,212.
    extract.set("incomes", "H00000000187", 生产经营性支出="12136.00", 纯收入="11718.00", 人均纯收入="3906.00")
    extract.set("persons", "P000000001432", 性别="男")
    extract.set("posts", "G0000000002721", 年度出勤天数="0")
    extract.set("renovations", "R00000000139", 加固墙面="front")
    # Still below the line with 100 yuan less; 3,466 a head the year before, so no decline.
    extract.set("incomes", "H00000000224", 生产经营性支出="1063.00", 纯收入="19155.00", 人均纯收入="3831.00")
    # 12,300 a head became 12,366.67: still flat, but no longer the same to the yuan, which its village counts.
    extract.set("incomes", "H00000000005", 生产经营性支出="1645.00", 纯收入="37100.00", 人均纯收入="12366.67")
    extract.set("households", "H00000000127", 户联系电话="13525170127")
    extract.set("persons", "P000000000825", 劳动技能="无劳动力")
    extract.set("incomes", "H00000000118", 生产经营性收入="", 纯收入="", 人均纯收入="")
    extract.set("persons", "P000000001604", 劳动技能="")


def _third(extract: Extract) -> None:
    extract.set("persons", "P000000001432", 性别="女")
    extract.set("persons", "P000000001604", 劳动技能="普通劳动力")
    extract.set("households", "H00000000131", 注销日期="2024-12-20")
    extract.remove({"H00000000228"})
    extract.set("households", "H00000000133", 行政区划代码="12")
    # Five were registered where four live; now six.
    extract.set("households", "H00000000065", 家庭人口数="6")


def _half(last: Path) -> Extract:
    """Every second household is missing; what is mended and broken besides must leave no trace."""
    extract = Extract(last)
    homes = [one["户编号"] for one in extract.tables["households"]]
    extract.set("posts", "G0000000015711", 年度出勤天数="200")
    extract.set("households", "H00000000127", 户联系电话="12345")
    extract.set("persons", "P000000001431", 性别="女")
    extract.remove({home for home in homes if int(home[1:]) % 2 == 0})
    return extract


def _fifth(extract: Extract) -> None:
    extract.set("households", "H00000000127", 户联系电话="12345")
    extract.set("persons", "P000000001432", 性别="男")
    extract.set("households", "H00000000131", 注销日期="")
    extract.set("households", "H00000000133", 行政区划代码="139901101202")
    extract.set("posts", "G0000000015711", 年度出勤天数="200")
    extract.renumber("H00000000061", "H00000000961")
    extract.aliases = ALIASES


def _sixth(extract: Extract) -> None:
    extract.set("defects", "D00000000229", 整改日期="2024-12-29")
    # These two can't be seen tonight: the table of posts does not come.
    extract.set("posts", "G0000000002721", 年度出勤天数="225")
    extract.set("posts", "G0000000012811", 年度出勤天数="0")


def _seventh(extract: Extract) -> None:
    extract.set("posts", "G0000000015711", 年度出勤天数="0")
    extract.set("incomes", "H00000000187", 生产经营性支出="1136.00", 纯收入="22718.00", 人均纯收入="7572.67")
    extract.set("incomes", "H00000000118", 生产经营性收入="13659.00", 纯收入="18244.00", 人均纯收入="6081.33")
    extract.set("hotlines", "139901000000", 接通数="119")


def night(number: int) -> date:
    """The day of a night, counted from one."""
    return FIRST + timedelta(days=number - 1)


def audit(data: Path, day: date, out: Path, **options: Unpack[NightOptions]) -> AuditResult:
    """Audit one extract as every night: the whole catalogue, the gate that comes with it, the year 2024."""
    options.setdefault("settings", BARE)
    return run_audit(data, as_of=day, year=2024, out=out, **options)


def killed_night(data: Path, day: date, out: Path, step: str) -> None:
    """An audit that kills its own process at a step, as a power cut would: for a process of its own."""

    def progress(reached: str, what: str) -> None:
        if step in {reached, what}:
            os.kill(os.getpid(), signal.SIGKILL)

    audit(data, day, out, rules=load_rulebook(), progress=progress, now=lambda: datetime.now(UTC))
